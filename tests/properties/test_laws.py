"""The laws of SEMANTICS.md on random small editions: what no order, no addition and no answer may do.

"Relaxes" is meant so: admissible < conditional < undetermined < prohibited, for the verdict as known and for the
presumed one; and the mildest verdict that is still possible never gets milder.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations, product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from support.editions import DAY, edition, layer, project, square, status
from support.trees import trees

from yudi.core.logic import U
from yudi.territory.cells import Cell
from yudi.territory.questions import questions
from yudi.territory.screening import Screening, screen
from yudi.territory.verdict import entries, verdict_data

ORDER = ("admissible", "conditional", "undetermined", "prohibited")
DECISIVE = ("admissible", "conditional", "prohibited")
# Facts of every provider and every kind of changeable, each with all that a project may say of it.
SAYS: dict[str, list[Any]] = {
    "industry": ["C", "C26", "C2614", "C25", "I6513"],
    "activity": ["new", "expand"],
    "lot": [True, False],
    "area": [20.0, 70.0, 200.0],
    "fuel": ["coal", "gas"],
    "load": [2.0, 5.0, 8.0],
    "discharges": [True, False],
    "lined": [True, False],
    "asked": [True, False],
}
WORDS = {f"concerns:c{index}": [True, False] for index in range(6)} | {
    f"meets:c{index}": [True, False] for index in range(6)
}
LEAVES: list[dict[str, Any]] = [
    {"fact": "industry", "in": ["C26"]},
    {"fact": "industry", "in": ["C25", "I"]},
    {"fact": "area", "gt": 100.0},
    {"fact": "area", "lt": 50.0},
    {"fact": "activity", "in": ["new"]},
    {"fact": "lot", "is": True},
    {"fact": "lot", "is": False},
    {"fact": "fuel", "in": ["coal"]},
    {"fact": "load", "gt": 4.0},
    {"fact": "discharges", "is": True},
    {"fact": "lined", "is": True},
    {"fact": "asked", "is": True},
    {"fact": "over", "is": True},
    {"term": "chemical"},
    {"term": "heavy"},
    {"inside": {"layer": "zone"}},
    {"inside": {"layer": "nowhere"}},
]
TERMS = (
    {"key": "chemical", "in": ["C26"], "may": ["C25"]},
    {"key": "heavy", "in": [{"all": [{"fact": "load", "gt": 4.0}, {"fact": "industry", "in": ["C"]}]}]},
)
QUOTA = {"quota": {"amount": "load", "headroom": ["room"]}}
# Two units side by side, a third under both, and a zone over the western half of the site.
UNITS = layer("units", [square(-900, -900, 0, 900), square(0, -900, 900, 900), square(-900, -900, 900, 900)])
ZONE = layer("zone", [square(-500, -500, 0, 500)])
SITE = square(-100, -100, 100, 100)

tree = trees(LEAVES, 3)
stated = st.fixed_dictionaries({}, optional={key: st.sampled_from(values) for key, values in (SAYS | WORDS).items()})
tables = st.fixed_dictionaries({}, optional={"over": st.booleans(), "room": st.sampled_from([0.0, 4.0, 9.0])}).map(
    lambda rows: tuple(status(key, value) for key, value in rows.items())
)
DAYS = [DAY - timedelta(1), DAY, DAY + timedelta(1)]


@st.composite
def clause_data(draw: st.DrawFn, index: int = 0) -> dict[str, Any]:
    """Draw a clause of any effect: formalised, in words or silent; for the whole place or in units."""
    effect = draw(
        st.sampled_from(
            ("forbid", "forbid", "require", "require", "quota", "offset", "consult", "silent", "note", "defer")
        )
    )
    data: dict[str, Any] = {"id": f"c{index}", "effect": effect}
    if draw(st.booleans()) or effect in ("silent", "defer"):
        data["units"] = {
            "codes": draw(st.lists(st.sampled_from(["U1", "U2", "U3"]), min_size=1, max_size=2, unique=True))
        }
    if effect == "silent":
        return data | {"subject": {"fact": "list:{unit}", "is": True}, "silent_for": "list:{unit}"}
    for part, share in (("scope", 3), ("subject", 2), ("except", 4)):
        if draw(st.integers(1, share)) == 1:
            data[part] = draw(tree)
    if draw(st.integers(0, 3)) == 0:
        data |= {"basis": "words", "subject": {"fact": "concerns:{id}", "is": True}}
        data |= draw(st.sampled_from([{}, {"terms": ["chemical"]}, {"at_large": True}]))
    if effect == "require":
        data["test"] = draw(st.one_of(tree, st.just({"fact": "meets:{id}", "is": True})))
    return data | ({"test": QUOTA} if effect == "quota" else {})


@st.composite
def clauses(draw: st.DrawFn, least: int = 1, most: int = 6) -> list[dict[str, Any]]:
    """Draw so many clauses with ids c0, c1, …"""
    return [draw(clause_data(index)) for index in range(draw(st.integers(least, most)))]


def scheme(listed, rows=(), **more):
    return edition(listed, units=UNITS, layers=[ZONE], terms=TERMS, status=rows, **more)


def asked(listed, facts=None, rows=(), site=SITE, day=DAY, **more) -> Screening:
    return screen(project(site, facts or {}), [scheme(listed, rows, **more)], as_of=day)


def cells(screening: Screening) -> dict[str, Cell]:
    return {item.id: item.cell for item, _ in entries(screening)}


@given(clauses(), stated, tables, st.randoms(use_true_random=False))
def test_the_order_of_clauses_does_not_matter(listed, facts, rows, random):
    """A shuffled list gives the same answer, whole."""
    shuffled = random.sample(listed, len(listed))
    one, other = (verdict_data(asked(items, facts, rows)) for items in (listed, shuffled))
    one.pop("questions"), other.pop("questions")  # of equally short sets of questions the first is given

    assert one == other


@given(clauses(), clause_data(9), stated, tables)
def test_adding_a_clause_never_relaxes(listed, further, facts, rows):
    """Neither the verdict, nor the presumed one, nor the mildest that is possible gets milder."""
    before, after = asked(listed, facts, rows), asked([*listed, further], facts, rows)

    assert ORDER.index(after.verdict) >= ORDER.index(before.verdict)
    assert ORDER.index(after.presumed_verdict) >= ORDER.index(before.presumed_verdict)
    assert ORDER.index(after.possible[-1]) >= ORDER.index(before.possible[-1])


@given(clauses(), stated, tables, st.data())
def test_adding_a_fact_never_leaves_possible(listed, facts, rows, data):
    """The answer with one fact more was possible before, possibilities only shrink, and what was known stays."""
    before = asked(listed, facts, rows)
    left = sorted({key for key in SAYS | WORDS if key not in facts} | {f"term:{item['key']}" for item in TERMS})
    key = data.draw(st.sampled_from(left))
    after = asked(listed, facts | {key: data.draw(st.sampled_from((SAYS | WORDS).get(key, [True, False])))}, rows)

    assert set(after.possible) <= set(before.possible)
    assert after.verdict == "undetermined" or after.verdict in before.possible
    for one, other in zip(before.known, after.known, strict=True):
        if one.clause.effect == "defer":
            continue  # what it does hangs on whether another unit answers, too
        values = {name: part.state for name, part in one.parts.items()}
        if one.cell == Cell.NOT_APPLICABLE or all(state.value != U and not state.is_open for state in values.values()):
            assert (one.id, one.unit, one.cell) == (other.id, other.unit, other.cell)


@given(clauses(), stated, tables)
def test_every_verdict_is_among_the_possible_and_presumed_too(listed, facts, rows):
    """A decisive verdict is possible; so is the one that the usual answers give."""
    found = asked(listed, facts, rows)

    assert found.verdict == "undetermined" or found.verdict in found.possible
    assert found.presumed_verdict == "undetermined" or found.presumed_verdict in found.possible
    assert list(found.possible) == sorted(found.possible, key=ORDER.index, reverse=True)


@given(clauses(), stated, tables)
def test_unknown_is_never_a_pass(listed, facts, rows):
    """While a clause may prohibit nothing is admissible or conditional; while one may condition nothing is admissible."""
    found = asked(listed, facts, rows)
    strictest = max((item.cell for item in found.known), default=Cell.NOT_APPLICABLE)

    assert found.verdict in {
        Cell.PROHIBITS: ("prohibited",),
        Cell.MAY_PROHIBIT: ("undetermined",),
        Cell.CONDITIONS: ("conditional",),
        Cell.MAY_CONDITION: ("conditional",),
    }.get(strictest, ("admissible",))


@given(clauses(), stated, tables)
def test_the_overall_verdict_is_that_of_the_strictest_unit(listed, facts, rows):
    """Of a covered site the units' verdicts have the overall one as their strictest."""
    data = verdict_data(asked(listed, facts, rows))

    assert set(data["by_unit"]) == {"U1", "U2", "U3"}
    assert data["verdict"] == max(data["by_unit"].values(), key=ORDER.index)


@given(clauses(), stated, tables, st.sampled_from([SITE, square(200, -10, 220, 10), square(5_000, 0, 5_010, 10)]))
def test_every_clause_is_an_entry_or_elsewhere(listed, facts, rows, site):
    """Entries and those counted elsewhere are together every clause of the editions asked, each once."""
    first = scheme(listed, rows)
    second = scheme([item | {"id": f"x{item['id']}"} for item in listed[:2]])
    data = verdict_data(screen(project(site, facts), [first, second], as_of=DAY), show_all=True)
    groups = ("applied", "satisfied", "open", "notes", "not_applicable")
    there = [(item["edition"], item["id"]) for group in groups for item in data["clauses"][group]]
    elsewhere = [(item["edition"], item["id"]) for item in data["clauses"]["elsewhere_list"]]

    assert sorted(name for _, name in there + elsewhere) == sorted(
        [item["id"] for item in listed] + [f"x{item['id']}" for item in listed[:2]]
    )
    assert data["clauses"]["elsewhere"] == len(elsewhere)


@given(clauses(), stated, tables)
def test_presumed_is_the_verdict_with_the_usual_answers_stated(listed, facts, rows):
    """Stating what was assumed makes the presumed verdict the verdict, and nothing is assumed any more."""
    tables = [
        {"key": "u", "when": {"fact": "industry", "in": ["C"]}, "then": {"lined": True, "load": 2.0}},
        {"key": "r", "kind": "rule", "document": "D", "when": {"fact": "lined", "is": True}, "then": {"fuel": "gas"}},
        {"key": "v", "when": {"fact": "fuel", "in": ["gas"]}, "then": {"discharges": False}},
    ]
    facts = {key: value for key, value in facts.items() if key != "fuel"}
    first = asked(listed, facts, rows, inferences=tables)
    more = {key: value.value for key, value in first.assumed.items()}
    second = asked(listed, facts | more, rows, inferences=tables)

    assert second.verdict == first.presumed_verdict
    assert second.assumed == {}


@given(clauses(most=4), stated, tables)
@settings(max_examples=100)
def test_questions_are_enough_and_none_is_too_many(listed, facts, rows):
    """Some answers to the questions decide; no smaller set of the facts that are asked does."""
    found = asked(listed, facts, rows)
    keys = questions(found)
    needs = list(dict.fromkeys(key for item in found.known if item.cell == Cell.MAY_PROHIBIT for key in item.needs))
    if found.verdict != "undetermined":
        assert keys == ()
        return
    if any(not _can_say(key) for key in needs):
        return  # a layer or a status that no project can state
    if any(item["effect"] == "defer" for item in listed):
        return  # whether another unit answers is not among the facts that are tried
    target = None if found.presumed_verdict == "undetermined" else found.presumed_verdict
    fixed = {key: found.assumed[key].value for key in keys} if target else None
    decisive = {
        size: [some for some in combinations(needs, size) if _decides(listed, facts, rows, some, target, found)]
        for size in range(min(len(keys) or 3, 3) + 1)
    }
    if keys:
        assert _decides(listed, facts, rows, keys, target, found), fixed
    for size in range(len(keys) if keys else 3):
        assert not decisive.get(size), (keys, decisive)


def _can_say(key: str) -> bool:
    return key in SAYS | WORDS or key.partition(":")[0] in ("term", "list")


def _decides(listed, facts, rows, keys, target, found) -> bool:
    """Whether some answers (or, towards a presumed verdict, the usual ones) to just these facts decide."""
    options = [
        ([found.assumed[key].value] if key in found.assumed else [])
        if target
        else (SAYS | WORDS).get(key, [True, False])
        for key in keys
    ]
    for values in product(*options):
        verdict = asked(listed, facts | dict(zip(keys, values, strict=True)), rows).verdict
        if verdict == target if target else verdict != "undetermined":
            return True
    return False


@given(clauses(), stated, tables, st.data())
def test_a_clause_counts_from_its_day_to_the_day_before_its_repeal(listed, facts, rows, data):
    """In force on the first day, no longer on the last; out of force it is not applicable and says so."""
    dated = [
        item
        | {"in_force": data.draw(st.sampled_from(DAYS)).isoformat()}
        | {"repealed": data.draw(st.sampled_from([date(2027, 1, 1), DAY + timedelta(2)])).isoformat()}
        for item in listed
    ]
    for day in (DAYS[0] - timedelta(1), *DAYS, DAY + timedelta(2), date(2027, 1, 1)):
        found = asked(dated, facts, rows, day=day)
        counts = [item for item in dated if item["in_force"] <= day.isoformat() < item["repealed"]]

        assert {item.id for item in found.known if not item.in_force} == {
            item["id"] for item in dated if item not in counts
        }
        assert found.verdict == asked(counts, facts, rows, day=day).verdict


@given(clauses(), stated, tables, st.permutations(range(6)))
def test_nothing_hangs_on_a_name(listed, facts, rows, order):
    """Other ids for the clauses, and other codes for the units, give the same answer under the other names."""
    names = {f"c{index}": f"law/{place}-Ⅳ" for index, place in enumerate(order)}
    codes = {"U1": "zz", "U2": "ZH50010220003", "U3": "一"}
    renamed = [
        item
        | {"id": names[item["id"]]}
        | ({"units": {"codes": [codes[code] for code in item["units"]["codes"]]}} if "units" in item else {})
        for item in listed
    ]
    other_facts = {
        (f"{key.split(':')[0]}:{names[key.split(':')[1]]}" if key in WORDS else key): value
        for key, value in facts.items()
    }
    units = layer("units", list(UNITS.geometry), {"code": list(codes.values())})
    other = screen(
        project(SITE, other_facts),
        [edition(renamed, units=units, layers=[ZONE], terms=TERMS, status=rows)],
        as_of=DAY,
    )
    one = asked(listed, facts, rows)

    assert cells(other) == {names[key]: cell for key, cell in cells(one).items()}
    assert (other.verdict, other.presumed_verdict, other.possible) == (one.verdict, one.presumed_verdict, one.possible)
    assert len(questions(other)) == len(questions(one))


@given(clauses(), stated, tables)
def test_editions_asked_together_are_as_strict_as_the_strictest(listed, facts, rows):
    """Asking two editions at once, each with half of the clauses, is asking one that has them all."""
    halves = [scheme(listed[::2], rows), scheme(listed[1::2], rows)]
    together = screen(project(SITE, facts), halves, as_of=DAY)
    whole = asked(listed, facts, rows)
    defers = any(item["effect"] == "defer" for item in listed)

    assert defers or (together.verdict, together.possible) == (whole.verdict, whole.possible)


@given(clauses(), stated, tables)
def test_outside_an_edition_nothing_passes(listed, facts, rows):
    """Partly or wholly uncovered, or on a day without an edition, the answer is prohibited or undetermined."""
    partly = asked(listed, facts, rows, site=square(800, 0, 1_000, 100))
    never = replace(scheme(listed, rows), period=type(scheme([]).period)(None, date(2020, 1, 1)))
    late = screen(project(SITE, facts), [never], as_of=DAY)

    assert partly.verdict in ("prohibited", "undetermined")
    assert 0.49 < partly.uncovered_share < 0.51
    assert (late.verdict, late.known, questions(late)) == ("undetermined", (), ())
