"""Where many sites lie, found from compiled areas, held against reading one site after another: every array is equal."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from support.grounds import ground
from support.many_sites import assert_same, hard_sites

from yudi.formats.schemes import read_scheme
from yudi.territory.batch.compiled import compiled_map
from yudi.territory.batch.ground import Ground
from yudi.territory.batch.places import places_one_by_one
from yudi.territory.draft import compiled

seeds = st.integers(0, 100_000)


@settings(max_examples=12)
@given(seeds, st.booleans())
def test_invented_schemes_give_what_one_after_another_gives(seed, twin):
    """Units with gaps and overlaps; areas, rivers of unknown width, points; accuracies, extents, shares and amounts."""
    edition, project = ground(seed)
    sites = [project.site, *hard_sites(edition, seed, 27)]
    found = Ground(edition, compiled_map(edition, twin=twin)).places(sites)

    assert_same(found, places_one_by_one(edition, sites))


@pytest.fixture(scope="module")
def vermont(root):
    """Open the edition of a real state."""
    edition = compiled(read_scheme(root / "examples/vermont/scheme.toml"))
    return Ground(edition, compiled_map(edition))


@settings(max_examples=3)
@given(seeds)
def test_a_real_state_gives_what_one_after_another_gives(vermont, seed):
    """Sites on vertices, along edges and across the units and layers of Vermont."""
    sites = hard_sites(vermont.edition, seed, 27)

    assert_same(vermont.places(sites), places_one_by_one(vermont.edition, sites))


def test_many_points_at_once_are_the_points_themselves(vermont):
    """A hundred thousand random places and vertices are found at once; some are held to the reference."""
    draw = np.random.default_rng(7)
    corners = shapely.get_coordinates(vermont.edition.units.geometry)
    west, south, east, north = shapely.total_bounds(vermont.edition.units.geometry)
    x, y = draw.uniform(west, east, 100_000), draw.uniform(south, north, 100_000)
    x[:2_000], y[:2_000] = corners[draw.integers(0, len(corners), 2_000)].T
    chosen = draw.choice(100_000, 60, replace=False)
    chosen[:20] = draw.choice(2_000, 20, replace=False)
    sites = shapely.points(x[chosen], y[chosen])
    table = vermont.places(shapely.points(x, y))

    assert_same(vermont.places(sites), places_one_by_one(vermont.edition, list(sites)))
    assert (table.codes[chosen] == vermont.places(sites).codes).all()
