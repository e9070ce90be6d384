"""Each kind of finding about land has a planted case that finds exactly it; a clean scheme has none."""

from __future__ import annotations

from dataclasses import replace

import pytest
from support.checked_land import SHAPES, box, checked, patch, table

from yudi.core.errors import Where
from yudi.core.findings import Finding
from yudi.territory.edition_checks.kinds import KINDS
from yudi.territory.land import Ground

LAND_KINDS = set(list(KINDS)[: list(KINDS).index("published_key_unknown") + 1])


def published(**tables):
    """Spoil the printed table: numbers of its rows by measure."""
    return lambda parts: setattr(parts, "land", replace(parts.land, published=(table(**tables),)))


def silent(parts):
    """Leave out what was published, where a plant changes numbers of units as well."""
    parts.land = replace(parts.land, published=())


def value(column, row, text):
    """Spoil a cell of the units' table."""
    return lambda parts: parts.units[column].__setitem__(row, text)


def both(*spoils):
    """Spoil several things in turn."""
    return lambda parts: [spoil(parts) for spoil in spoils]


def thin_unit(parts):
    """Make a strip of 5 m along the border a unit of its own, cut out of its neighbour."""
    strip = patch(1, 0.2, 5, 3000)
    parts.cut(1, strip)
    parts.add_unit(strip, code="ZH99010110009", name="甲县带")


def moved_part(parts):
    """Give a splinter inside one unit to another."""
    splinter = patch(1.5, 0.5, 4, 300)
    parts.cut(1, splinter)
    parts.join(0, splinter)


PLANTED = {
    "a hole in a unit": (lambda parts: parts.cut(0, patch(0.5, 0.5, 30, 100)), "gap"),
    "a piece that neither neighbour has": (lambda parts: parts.cut(0, patch(0.99, 0.4, 60, 100)), "gap"),
    "a crack between units": (lambda parts: parts.cut(1, patch(1, 0.2, 2, 500)), "gap_sliver"),
    "a crack that runs out to the region's edge": (lambda parts: parts.cut(1, patch(1, 0.0, 2, 5000)), "region_edge"),
    "a bay at the region's edge": (lambda parts: parts.cut(0, patch(0, 0.4, 40, 200)), "gap"),
    "a piece that two neighbours have": (lambda parts: parts.join(0, patch(1, 0.4, 30, 100)), "overlap"),
    "a strip that two neighbours have": (lambda parts: parts.join(0, patch(1, 0.4, 2, 300)), "overlap_sliver"),
    "a unit past the region": (lambda parts: parts.join(1, patch(2, 0.4, 30, 100)), "beyond_region"),
    "a border past the region by less than the map is good to": (
        lambda parts: parts.join(1, patch(2, 0.4, 3, 100)),
        "region_edge",
    ),
    "a unit inside another": (
        both(silent, lambda parts: parts.add_unit(box(0.2, 0.2, 0.4, 0.4), code="ZH99010110009", name="甲")),
        "overlap",
    ),
    "a unit drawn twice": (
        both(silent, lambda parts: parts.add_unit(SHAPES[0], code="ZH99010110009", name="甲")),
        "overlap",
    ),
    "a unit as thin as a sliver": (both(silent, thin_unit), "unit_sliver"),
    "a splinter": (moved_part, "part_sliver"),
    "a gap of zones": (lambda parts: parts.zones.__setitem__(0, box(0, 0, 1.9, 1)), "gap"),
    "an overlap of zones": (lambda parts: parts.zones.__setitem__(0, box(0, 0, 2, 1.1)), "overlap"),
    "a code too long": (value("code", 1, "ZH990101200021"), "code_off_pattern"),
    "a zone's code": (lambda parts: parts.zone_codes.__setitem__(0, "YS9901011"), "code_off_pattern"),
    "another class's digit": (value("code", 1, "ZH99010110002"), "class_against_code"),
    "another class than the code says, of which ten printed numbers are off": (
        value("class", 1, "priority"),
        *["class_against_code", "subclass_unknown"],
    ),
    "no other class, with a subclass of both": (
        lambda parts: (
            parts.units["class"].__setitem__(1, "priority"),
            setattr(parts, "land", replace(parts.land, subclasses={})),
        ),
        "class_against_code",
    ),
    "another area than the code says": (value("area", 1, "990102"), "area_against_code"),
    "a digit that means nothing": (value("code", 1, "ZH99010130002"), "class_against_code"),
    "another area's digits": (value("code", 1, "ZH99010220009"), "area_against_code"),
    "an area that there is not": (value("code", 1, "ZH99019920002"), "area_unknown"),
    "a class that there is not": (
        both(silent, value("class", 1, "park"), value("code", 1, "ZH990101X"), lambda p: without_form(p)),
        "class_unknown",
    ),
    "a subclass of another class": (value("subclass", 1, "redline"), "subclass_unknown"),
    "no subclass": (value("subclass", 1, None), "subclass_missing"),
    "no name": (value("name", 1, ""), "name_missing"),
    "no names": (lambda parts: parts.units.__setitem__("name", list(parts.units["code"])), "names_absent"),
    "a printed number": (published(counts={"甲县": (1, 2, 3), "合计": (2, 3, 5)}), *4 * ["count_off"]),
    "a printed area": (published(areas={"甲县": (26.0, 27.46, 53.46)}), *2 * ["area_off"]),
    "a printed share": (published(shares={"甲县": (51.0, 49.0)}), *2 * ["share_off"]),
    "a printed total": (
        published(counts={"甲县": (1, 1, 2), "合计": (2, 2, 4)}, areas={"甲县": (26.74, 26.74, 53.5)}),
        "total_not_sum",
    ),
    "shares that are no hundred": (published(shares={"甲县": (50.1, 50.1)}), "total_not_sum"),
    "a name that is no area": (published(counts={"丙县": (1, 1, 2), "合计": (3, 3, 6)}), "published_key_unknown"),
    "a unit's official area": (
        lambda parts: parts.units.__setitem__("published_area", [26.74, 26.0, 26.73, 26.73]),
        "unit_area_off",
    ),
    "a ring that the build mended": (
        lambda parts: setattr(parts, "findings", (Finding("ring_crosses_itself", "repaired", Where("a.shp", 3)),)),
        "ring_crosses_itself",
    ),
}


def without_form(parts):
    """Let codes say nothing."""
    parts.land = replace(parts.land, layers={"units": Ground(tiles=True)})


def test_a_clean_scheme_has_no_finding():
    """Units that tile their region, with right codes and numbers, are found fit."""
    assert checked() == ()


def test_every_kind_has_a_planted_case():
    """No kind of finding about land is left untried, but those that repeat what the build mended, of which one is."""
    planted = {kind for _, *kinds in PLANTED.values() for kind in kinds}

    assert LAND_KINDS - planted == set()


@pytest.mark.parametrize("name", PLANTED)
def test_what_is_planted_is_found_and_nothing_else(name):
    """A spoilt thing is found, as often as it is wrong, under its kind, with a sentence and a cure in both languages."""
    spoil, *kinds = PLANTED[name]

    found = checked(spoil)

    assert [finding.kind for finding in found] == kinds
    assert all(text.zh and text.en for finding in found for text in (finding.text, finding.cure))
    assert set(kinds) <= set(KINDS)


def test_a_class_that_the_map_lacks_is_a_number_and_not_a_name():
    """A table may speak of a class of the scheme that has no unit: then its number is off."""
    found = checked(
        lambda parts: (
            parts.units.__setitem__("class", ["key"] * 4),
            parts.units.__setitem__("subclass", ["park"] * 4),
            parts.units.__setitem__("code", [f"ZH9901{row // 2 + 1:02d}2000{row}" for row in range(4)]),
        )
    )

    assert {finding.kind for finding in found} == {"count_off", "area_off", "share_off"}


def test_a_wrong_class_says_how_many_printed_numbers_it_explains():
    """甲县 and the whole: counts of two classes each, areas and shares of 甲县 of two classes each: 4 + 2 + 2."""
    found = checked(value("class", 1, "priority"))[0]

    assert found.kind == "class_against_code"
    assert found.numbers["explains"] == 8
    assert "8 published numbers" in found.text.en


def test_a_printed_number_that_the_code_does_not_explain_stays_a_finding():
    """Of two things wrong one is the unit's: the other is found beside it, and a right number gone wrong is none of it."""
    table_off = published(counts={"乙县": (2, 1, 3), "合计": (3, 2, 5)})
    found = [one.kind for one in checked(both(value("class", 1, "priority"), table_off))]

    assert found[:2] == ["class_against_code", "subclass_unknown"]
    assert set(found[2:]) == {"count_off"}
