"""Many rows at once are answered as each alone: on random small editions of all effects, with rows of all kinds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from support.batch import unlike
from support.editions import DAY, edition, layer, line, point, signed, square, status
from support.trees import trees

LEAVES: list[dict[str, Any]] = [
    {"fact": "industry", "in": ["C26"]},
    {"fact": "industry", "in": ["C25", "I"]},
    {"fact": "industry", "in": ["C2614", "C27"]},
    {"fact": "area", "gt": 100.0},
    {"fact": "area", "between": [20.0, 70.0]},
    {"fact": "area", "lt": 0.007, "unit": "ha"},
    {"fact": "since", "from": "2020-03-01"},
    {"fact": "activity", "in": ["new"]},
    {"fact": "activity", "in": ["expand", "relocate"]},
    {"fact": "lot", "is": True},
    {"fact": "fuel", "in": ["coal"]},
    {"fact": "load", "gt": 4.0},
    {"fact": "emissions.COD", "ge": 2.0},
    {"fact": "discharges", "is": True},
    {"fact": "lined", "is": True},
    {"fact": "asked", "is": True},
    {"fact": "over", "is": True},
    {"fact": "room", "gt": 5.0},
    {"fact": "zone:{id}", "is": True},
    {"term": "chemical"},
    {"term": "heavy"},
    {"term": "near"},
    {"term": "nowhere"},
    {"inside": {"layer": "zone"}},
    {"inside": {"layer": "nowhere"}},
    {"overlaps": {"layer": "zone", "share": 0.3}},
    {"within": {"layer": "bank", "distance_m": 300}},
    {"quota": {"amount": "load", "headroom": ["room"]}},
]
TERMS = (
    {"key": "chemical", "in": ["C26"], "may": ["C25"]},
    {"key": "heavy", "in": [{"all": [{"fact": "load", "gt": 4.0}, {"fact": "industry", "in": ["C"]}]}]},
    {"key": "near", "in": [{"all": [{"inside": {"layer": "zone"}}, {"term": "chemical"}]}], "may": ["C27"]},
    {"key": "nowhere", "in": ["C"], "repealed": "2020-01-01"},
)
INFERENCES: list[dict[str, Any]] = [
    {
        "key": "i1",
        "kind": "rule",
        "document": "law",
        "when": {"fact": "industry", "in": ["C26"]},
        "then": {"lot": True},
    },
    {"key": "i2", "kind": "rule", "document": "act", "when": {"fact": "lot", "is": True}, "then": {"activity": "new"}},
    {
        "key": "i3",
        "kind": "rule",
        "document": "act",
        "when": {"fact": "fuel", "in": ["gas"]},
        "then": {"industry": "C27"},
    },
    {"key": "i4", "when": {"fact": "activity", "in": ["new"]}, "then": {"lined": True, "load": 5}},
    {"key": "i5", "when": {"fact": "industry", "in": ["C"]}, "then": {"discharges": True, "fuel": "coal"}},
    {"key": "i6", "when": {"fact": "load", "ge": 5.0}, "then": {"discharges": False, "emissions": {"COD": 3}}},
    {"key": "i7", "when": {"fact": "industry", "in": ["C25"]}, "then": {"term:chemical": True}},
    {"key": "i8", "when": {"inside": {"layer": "zone"}}, "then": {"asked": False}},
    {"key": "i9", "when": {"fact": "over", "is": True}, "then": {"area": 60}},
    {"key": "i10", "when": {}, "then": {"inside:nowhere": False}},
]
SAYS: dict[str, list[Any]] = {
    "industry": ["C", "C26", "C2614", "2614", "C25", "I6513", "C26;C27", ["C25", "I65"], "X99", ""],
    "activity": ["new", "expand", "new;relocate", "build"],
    "lot": [True, False, "no", "/"],
    "area": [20.0, 70.0, 200, "0.01 ha", {"value": 99, "accuracy": 2}, -3.0, "twelve"],
    "since": ["2020-02-28", "2020-03-01", "2021-01-01"],
    "fuel": ["coal", "gas"],
    "load": [2.0, 4.0, 5.0, 8.0, "5 t/a", {"value": 4.0, "accuracy": 0.5}],
    "emissions": [{"COD": 1}, {"COD": 2.0}],
    "discharges": [True, False],
    "lined": [True, False],
    "asked": [{"value": True}, {"value": False}],
    "term:chemical": [{"value": True}, {"value": False}],
    "inside:zone": [{"value": True}, {"value": False}],
    "distance:bank": [{"value": 290, "accuracy": 20}, {"value": 100, "accuracy": 1}, {"value": 900, "accuracy": 5}],
    "concerns:c1": [{"value": True}, {"value": False}],
    "meets:c2": [{"value": True}],
    "owner": ["Li", None],
}
UNITS = layer("units", [square(-900, -900, 0, 900), square(0, -900, 900, 900), square(-900, -900, 900, 900)])
LAYERS = [layer("zone", [square(-500, -500, 0, 500)]), layer("bank", [line((-900, 700), (900, 700))], accuracy_m=20.0)]
SITES = [
    point(-300, 0),
    point(300, 0),
    point(0, 480),
    square(-100, -100, 100, 100),
    square(200, 200, 300, 300),
    square(800, 0, 1_000, 100),
    line((-400, 420), (700, 420)),
    point(5_000, 0),
]

tree = trees(LEAVES, 4)
rows = st.lists(
    st.fixed_dictionaries({}, optional={key: st.sampled_from(values) for key, values in SAYS.items()}).map(
        lambda row: {key: signed({key: value})[key] if value is not None else None for key, value in row.items()}
    ),
    min_size=1,
    max_size=10,
)
tables = st.tuples(
    st.sampled_from([None, True, {"U1": True, "U2": False}, {"U1": True, "U2": True, "U3": True}]),
    st.sampled_from([None, 0.0, 4.0, {"U1": 4.0, "U2": 9.0, "U3": 4.0}, {"U1": 6.0}]),
).map(
    lambda pair: tuple(
        status(key, value, by="unit" if isinstance(value, dict) else "all")
        for key, value in zip(("over", "room"), pair, strict=True)
        if value is not None
    )
)


@st.composite
def clause_data(draw: st.DrawFn, index: int) -> dict[str, Any]:
    """Draw a clause of any effect: formalised, in words or silent; for the whole place or in units; dated at times."""
    kinds = ("forbid", "forbid", "require", "require", "quota", "offset", "consult", "silent", "note", "defer")
    effect = draw(st.sampled_from(kinds))
    data: dict[str, Any] = {"id": f"c{index}", "effect": effect, "basis": draw(st.sampled_from(["read", "press"]))}
    if draw(st.booleans()) or effect in ("silent", "defer"):
        data["units"] = {"codes": draw(st.lists(st.sampled_from(["U1", "U2", "U3"]), min_size=1, unique=True))}
    if draw(st.integers(0, 9)) == 0:
        data["repealed"] = draw(st.sampled_from([DAY, DAY + timedelta(1)])).isoformat()
    if effect == "silent":
        return data | {"subject": {"fact": "list:{unit}", "is": True}, "silent_for": "list:{unit}"}
    for part, share in (("scope", 3), ("subject", 2), ("except", 4)):
        if draw(st.integers(1, share)) == 1:
            data[part] = draw(tree)
    if draw(st.integers(0, 3)) == 0:
        data |= {"basis": "words", "subject": {"fact": "concerns:{id}", "is": True}}
        data |= draw(st.sampled_from([{}, {"terms": ["chemical"]}, {"terms": ["near", "heavy"]}, {"at_large": True}]))
    if effect == "require":
        data["test"] = draw(st.one_of(tree, st.just({"fact": "meets:{id}", "is": True})))
    return data | ({"test": LEAVES[-1]} if effect == "quota" else {})


@st.composite
def editions(draw: st.DrawFn) -> Any:
    """Draw an edition."""
    listed = [draw(clause_data(index)) for index in range(draw(st.integers(1, 6)))]
    inferences = draw(st.lists(st.sampled_from(INFERENCES), unique_by=lambda row: row["key"]))
    return edition(listed, units=UNITS, layers=LAYERS, terms=TERMS, inferences=inferences, status=draw(tables))


@given(editions(), rows, st.data())
def test_rows_at_once_are_rows_alone(made, listed, data):
    """Verdicts, lists, needs, what is assumed and what is refused are the same, whatever the rows state."""
    sites = [data.draw(st.sampled_from(SITES)) for _ in listed]

    assert unlike(sites, listed, [made], DAY) == []


@given(editions(), editions(), rows, st.data())
def test_rows_at_once_are_rows_alone_in_two_editions(one, other, listed, data):
    """Also where two editions speak, under the same ids and under different ones."""
    sites = [data.draw(st.sampled_from(SITES)) for _ in listed]

    assert unlike(sites, listed, [one, other], DAY) == []
