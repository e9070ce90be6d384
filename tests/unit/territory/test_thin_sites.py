"""Sites that are thinner than the tolerance, and small parts of large sites, still lie somewhere."""

import pytest
from shapely.geometry import LineString, MultiLineString, MultiPolygon, box

from yudi.core.measure import is_shallow, plane_at

METRE = 1 / 110_000  # degrees, about


@pytest.mark.parametrize(
    "site", [box(107.0, 29.0, 107.01, 29.0 + 0.8 * METRE), LineString([(107.0, 29.0), (107.0, 29.0 + 0.8 * METRE)])]
)
def test_a_thin_site_is_not_a_touch_of_what_holds_half_of_it(site):
    """A strip 0.8 m wide, or a line 0.8 m long, is judged by its share alone."""
    half = site.intersection(box(106.9, 28.9, 107.005, 29.0 + 0.4 * METRE))

    assert not is_shallow(half, site, plane_at(107.0))


def test_a_strip_of_a_wide_site_is_a_touch():
    """The overlap of a kilometre square with a zone 0.8 m into it is a touch."""
    site = box(107.0, 29.0, 107.01, 29.01)

    assert is_shallow(box(107.0, 29.0, 107.01, 29.0 + 0.8 * METRE), site, plane_at(107.0))


SMALL, LARGE = box(107.02, 29.02, 107.0205, 29.0205), box(107.0, 29.0, 107.02, 29.02)  # 0.0005² of 0.02² is 0.06 %


@pytest.mark.parametrize(
    "site",
    [
        MultiPolygon([LARGE, SMALL]),
        MultiLineString([[(107.0, 29.0), (108.0, 29.0)], [(107.02, 29.02), (107.0205, 29.02)]]),
    ],
)
def test_a_separate_part_is_not_small_because_another_is_large(site):
    """A part with 0.06 % of the site that lies wholly in a zone is no touch; a strip of either part is one."""
    zone = box(107.0199, 29.0199, 107.03, 29.03)
    strip = box(107.0205 - 0.4 * METRE, 29.0199, 107.03, 29.03)

    assert not is_shallow(site.intersection(zone).intersection(SMALL.buffer(1e-6)), site, plane_at(107.0))
    assert is_shallow(site.intersection(strip), site, plane_at(107.0))
