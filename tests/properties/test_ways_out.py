"""Ways out on random small editions, held against brute force: every set of changes, every part that could be left out."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product
from typing import Any

import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from support.editions import DAY, FACTS, INDUSTRY, edition, layer, project, square, status
from support.trees import trees

from yudi.core.errors import InputError
from yudi.core.measure import area_m2, plane_at
from yudi.territory.cells import Cell
from yudi.territory.facts import Fact, Value, Vocabulary
from yudi.territory.screening import Screening, screen
from yudi.territory.ways_out.candidates import TARGETS, reaches
from yudi.territory.ways_out.changes import with_facts
from yudi.territory.ways_out.facts import FactSearch
from yudi.territory.ways_out.search import targets_of, ways_out
from yudi.territory.ways_out.trials import most_of, trials_of
from yudi.territory.ways_out.trims import trims

FUELS = ("coal", "oil", "gas", "wood")
FUEL = Fact("fuel", "choice", changeable="design", choices=FUELS)
KNOWN = Vocabulary({fact.key: fact for fact in (*FACTS, FUEL)}, {"industry": INDUSTRY})
# What can be changed, with every value that the tests below tell apart, and then some.
TRIED: dict[str, list[Any]] = {
    "fuel": [(fuel,) for fuel in FUELS],
    "discharges": [True, False],
    "load": [0.0, 2.0, 4.0, 6.0, 9.0, 12.0],
    "lined": [True, False],
    "monitors": [True, False],
}
SAYS: dict[str, list[Any]] = {
    "industry": ["C26", "I6513"],
    "lot": [True, False],
    "asked": [True, False],
    "fuel": ["coal", "gas", ["coal", "oil"]],
    "load": [2.0, 5.0, 12.0],
    "discharges": [True, False],
    "lined": [True, False],
    "monitors": [False],
}
LEAVES: list[dict[str, Any]] = [
    {"fact": "industry", "in": ["C26"]},
    {"fact": "lot", "is": True},
    {"fact": "asked", "is": True},
    {"fact": "over", "is": True},
    {"fact": "fuel", "in": ["coal"]},
    {"fact": "fuel", "in": ["coal", "oil"]},
    {"fact": "fuel", "in": ["gas"]},
    {"fact": "load", "gt": 4.0},
    {"fact": "load", "ge": 9.0},
    {"fact": "load", "lt": 9.0},
    {"fact": "discharges", "is": True},
    {"fact": "discharges", "is": False},
    {"fact": "lined", "is": True},
    {"fact": "monitors", "is": True},
    {"term": "heavy"},
    {"inside": {"layer": "zone"}},
]
TERMS = ({"key": "heavy", "in": [{"all": [{"fact": "load", "gt": 4.0}, {"fact": "fuel", "in": ["coal"]}]}]},)
ROWS = (
    {
        "key": "r1",
        "when": {"fact": "fuel", "in": ["coal"]},
        "then": {"discharges": True},
        "kind": "rule",
        "document": "d",
    },
    {"key": "u1", "when": {"fact": "discharges", "is": True}, "then": {"load": 5.0}},
    {"key": "u2", "when": {"fact": "fuel", "in": ["gas"]}, "then": {"discharges": False, "lined": True}},
    {"key": "u3", "when": {"fact": "industry", "in": ["C26"]}, "then": {"fuel": "coal"}},
)
UNITS = layer("units", [square(-900, -900, 0, 900), square(0, -900, 900, 900)])
ZONE = layer("zone", [square(-500, -500, 0, 500)])
SITE = square(-100, -100, 100, 100)

tree = trees(LEAVES, 3)
stated = st.fixed_dictionaries({}, optional={key: st.sampled_from(values) for key, values in SAYS.items()})
tables = st.fixed_dictionaries({}, optional={"over": st.booleans(), "room": st.sampled_from([0.0, 4.0, 9.0])}).map(
    lambda rows: tuple(status(key, value) for key, value in rows.items())
)


@st.composite
def clause_data(draw: st.DrawFn, index: int) -> dict[str, Any]:
    """Draw a clause: formalised or in words, for the whole place or for one unit."""
    effect = draw(st.sampled_from(("forbid", "forbid", "forbid", "require", "require", "quota", "offset", "consult")))
    data: dict[str, Any] = {"id": f"c{index}", "effect": effect, "subject": draw(tree)}
    if draw(st.integers(0, 2)) == 0:
        data["units"] = {"codes": [draw(st.sampled_from(["U1", "U2"]))]}
    if draw(st.integers(0, 3)) == 0:
        data["except"] = draw(tree)
    if draw(st.integers(0, 5)) == 0:
        data |= {"basis": "words", "subject": {"fact": "concerns:{id}", "is": True}, "terms": ["heavy"]}
    if effect == "require":
        data["test"] = draw(tree)
    return data | ({"test": {"quota": {"amount": "load", "headroom": ["room"]}}} if effect == "quota" else {})


@st.composite
def screenings(draw: st.DrawFn) -> Screening:
    """Draw a project held against a few clauses, with terms, inferences and status tables."""
    listed = [draw(clause_data(index)) for index in range(draw(st.integers(1, 4)))]
    rows = [row for row in ROWS if draw(st.booleans())]
    facts = draw(stated)
    if facts.get("discharges") is False and "coal" in str(facts.get("fuel")):
        del facts["discharges"]  # a rule says the opposite, so that it is refused
    held = edition(
        listed, units=UNITS, layers=[ZONE], terms=TERMS, status=draw(tables), inferences=rows, vocabulary=KNOWN
    )
    return screen(project(SITE, facts, KNOWN), [held], as_of=DAY)


def passes(screening: Screening, changed: dict[str, Any], target: str) -> bool:
    """Tell whether a project with other facts reaches the target, and no clause that prohibited is only left open."""
    values = {key: Value(value) for key, value in changed.items()}
    other = with_facts(screening.project, values, screening.editions)
    try:
        after = screen(other, screening.editions, as_of=DAY, places=screening.places)
    except InputError:  # a rule says the opposite
        return False
    pairs = zip(screening.presumed, after.presumed, strict=True)
    is_open = any(one.cell == Cell.PROHIBITS and two.cell == Cell.MAY_PROHIBIT for one, two in pairs)
    return reaches(after.presumed_verdict, target) and not is_open


def every_set(screening: Screening, size: int) -> Iterator[dict[str, Any]]:
    """Yield every way to state so many changeable facts otherwise."""
    facts = screening.project.facts
    for keys in combinations(TRIED, size):
        values = [[value for value in TRIED[key] if key not in facts or facts[key].value != value] for key in keys]
        values = [_with_parts(key, listed, facts) for key, listed in zip(keys, values, strict=True)]
        yield from (dict(zip(keys, chosen, strict=True)) for chosen in product(*values))


def _with_parts(key: str, values: list[Any], facts: Any) -> list[Any]:
    """Add the parts of several stated fuels, which single ones are already."""
    return values if key != "fuel" or len(getattr(facts.get(key), "value", ())) < 3 else [*values, facts[key].value[:2]]


def cost(screening: Screening, changed: dict[str, Any]) -> tuple[int, int, int]:
    designs = sum(key not in ("lined", "monitors") for key in changed)
    return len(changed), designs, sum(key in screening.project.facts for key in changed)


def cheapest(screening: Screening, target: str) -> tuple[int, int, int] | None:
    """Return the least that one, two or three changes cost which reach the target, by trying all."""
    for size in (1, 2, 3):
        reaching = [
            cost(screening, changed) for changed in every_set(screening, size) if passes(screening, changed, target)
        ]
        if reaching:
            return min(reaching)
    return None


@settings(max_examples=20)
@given(screenings())
def test_the_fewest_changes_are_found(screening):
    """Of one, two or three changes the search finds the cheapest wherever trying them all does, and none where none is."""
    for target in targets_of(screening):
        found = FactSearch(trials_of(screening), target).best(3)
        best = cheapest(screening, target)

        assert (best is None) == all(len(one.changed) > 3 for one in found)
        assert best is None or found[0].cost[:3] == best


@settings(max_examples=40)
@given(screenings())
def test_a_way_changes_only_what_can_be_changed_and_reaches_its_target(screening):
    """Every way is screened again from what it says of itself; facts that are not of design or a measure stay."""
    for way in ways_out(screening, limit=2).ways:
        other = way.candidate.project
        again = screen(other, screening.editions, as_of=DAY)
        changed = {
            key
            for key in {*screening.project.facts, *other.facts}
            if screening.project.facts.get(key) != other.facts.get(key)
        }

        assert reaches(again.presumed_verdict, way.target)
        assert (again.verdict, again.presumed_verdict) == (way.after.verdict, way.after.presumed_verdict)
        assert changed <= set(TRIED)
        assert way.kind == "trim" or other.site is screening.project.site
        assert set(targets_of(again)) < set(targets_of(screening))


@settings(max_examples=100)
@given(screenings(), st.dictionaries(st.sampled_from(sorted(TRIED)), st.integers(0, 8), min_size=1, max_size=3))
def test_a_trial_says_what_a_screening_says(screening, picked):
    """Which clauses stand in the way under other facts is what a screening with these facts finds."""
    values = {key: Value(TRIED[key][index % len(TRIED[key])]) for key, index in picked.items()}
    trials = trials_of(screening)
    outcome = trials.outcome(values)
    try:
        other = with_facts(screening.project, values, screening.editions)
        again = screen(other, screening.editions, as_of=DAY)
    except InputError:
        assert outcome.broken
        return
    for target in TARGETS:
        told = [(trials.items[row].id, trials.items[row].unit) for row in trials.blocking(target, outcome)]
        pairs = zip(screening.presumed, again.presumed, strict=True)

        assert not outcome.broken
        assert told == [(after.id, after.unit) for before, after in pairs if after.cell > most_of(before, target)]


boxes = st.builds(
    lambda west, south, width, depth: (west * 50, south * 50, (west + width) * 50, (south + depth) * 50),
    st.integers(-4, 3),
    st.integers(-4, 3),
    st.integers(1, 5),
    st.integers(1, 5),
)
scopes = st.sampled_from(
    [
        {"inside": {"layer": "red"}},
        {"inside": {"layer": "blue"}},
        {"not": {"inside": {"layer": "green"}}},
        {"all": [{"inside": {"layer": "red"}}, {"inside": {"layer": "blue"}}]},
        {"within": {"layer": "blue", "distance_m": 20}},
        {},
    ]
)


@st.composite
def places(draw: st.DrawFn) -> Screening:
    """Draw a site of 200 m over two units and zones of three layers, some of which forbid it."""
    listed = []
    for index in range(draw(st.integers(1, 3))):
        data = {"id": f"c{index}", "effect": "forbid", "scope": draw(scopes)}
        if data["scope"] == {} or draw(st.integers(0, 2)) == 0:
            data["units"] = {"codes": [draw(st.sampled_from(["U1", "U2"]))]}
        listed.append(data)
    layers = [
        layer(name, [square(*box) for box in draw(st.lists(boxes, min_size=1, max_size=2))])
        for name in ("red", "blue", "green")
    ]
    held = edition(listed, units=UNITS, layers=layers)
    return screen(project(SITE), [held], as_of=DAY)


def what_remains(screening: Screening) -> float | None:
    """Return the most of the site that passes without one or two areas: units, and what lies in or outside of layers."""
    held = screening.editions[0]
    plane = plane_at(SITE.centroid.x)

    def grown(shape, metres):
        return plane.to_lonlat(plane.to_plane(shape).buffer(metres))

    areas = list(held.units.geometry)
    for name in ("red", "blue", "green"):
        union = shapely.union_all(held.layers[name].geometry)
        pieces = [union, SITE.difference(union)] + ([grown(union, 21)] if name == "blue" else [])
        areas += [
            piece for whole in pieces for piece in (whole, *(whole.intersection(unit) for unit in held.units.geometry))
        ]
    both = shapely.union_all(held.layers["red"].geometry).intersection(shapely.union_all(held.layers["blue"].geometry))
    areas.append(both)
    best = None
    for size in (1, 2):
        for chosen in combinations(areas, size):
            rest = SITE.difference(shapely.union_all(list(chosen)))
            area = float(area_m2(rest, plane))
            if area < 4_000 or (best is not None and area <= best):
                continue
            if reaches(screen(project(rest), screening.editions, as_of=DAY).presumed_verdict, "not_prohibited"):
                best = area
    return best


@settings(max_examples=10)
@given(places())
def test_no_smaller_part_could_be_left_out(screening):
    """What is left out is no more than trying any two units and zones finds, and what remains passes."""
    if screening.presumed_verdict != "prohibited":
        return
    found = trims(screening, "not_prohibited", limit=3, reach_m=0)
    passing = [
        one
        for one in found
        if reaches(screen(one.project, screening.editions, as_of=DAY).presumed_verdict, "not_prohibited")
    ]
    best = what_remains(screening)

    remains = max((float(area_m2(one.project.site, plane_at(SITE.centroid.x))) for one in passing), default=0.0)
    assert best is None or remains >= best - 400  # a piece below a hundredth of the site goes with what is left out
