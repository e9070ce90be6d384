"""Sites that are thinner than the tolerance still lie somewhere."""

import pytest
from shapely.geometry import LineString, box

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
