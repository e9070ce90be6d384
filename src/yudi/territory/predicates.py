"""What a clause asks, as a small tree of plain data: it can be listed, compared, written and evaluated.

Leaves ask one thing each: a fact (one of, true, within a range), a term, or the place (inside, overlaps,
within a distance, along a river). Branches are all, any and not.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from typing import Any, TypeAlias

from yudi.core.dates import parse_date
from yudi.core.errors import InputError
from yudi.core.names import near

__all__ = [
    "All",
    "Any_",
    "Condition",
    "FactIn",
    "FactIs",
    "FactRange",
    "Leaf",
    "Node",
    "Not",
    "PlaceTest",
    "Quota",
    "TermTest",
    "leaves",
    "parse",
    "plain",
]


@dataclass(frozen=True)
class All:
    """True where every part is; of nothing it is true."""

    parts: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Any_:  # noqa: N801 - "Any" is typing's
    """True where at least one part is."""

    parts: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Not:
    """True where the part is false."""

    part: Node


@dataclass(frozen=True)
class FactIn:
    """A code or choice is one of the values; a code covers what lies below it in its system."""

    fact: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class FactIs:
    """A truth fact has the value."""

    fact: str
    value: bool = True


@dataclass(frozen=True)
class FactRange:
    """A number (in `unit`) or a date lies between two ends; an absent end is open to infinity."""

    fact: str
    low: float | date | None = None
    high: float | date | None = None
    low_open: bool = False
    high_open: bool = False
    unit: str | None = None


@dataclass(frozen=True)
class TermTest:
    """The project counts as what a three-answer table defines."""

    term: str


@dataclass(frozen=True)
class Condition:
    """What a feature's attribute must be to be meant: one of values, or a number between two ends."""

    field: str
    values: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class PlaceTest:
    """The site is inside, overlaps, lies within a distance of, or along a river from features of a layer.

    Distances in m, areas in m2, shares as fractions of the site. ``along`` builds an area from every feature:
    so far up and down the river, so far to each side, clipped to the feature's catchment.
    """

    kind: str
    layer: str
    where: tuple[Condition, ...] = ()
    distance_m: float | None = None
    area_m2: float | None = None
    share: float | None = None
    upstream_m: float | None = None
    downstream_m: float | None = None
    side_m: float | None = None
    rivers: str | None = None
    catchments: str | None = None

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:  # of all fields, once: readings are kept by their tests
        return hash(tuple(getattr(self, each.name) for each in fields(self)))


@dataclass(frozen=True)
class Quota:
    """An amount of the project is at most the headroom at every level, and none of these is used up."""

    amount: str
    headroom: tuple[str, ...]


Leaf: TypeAlias = FactIn | FactIs | FactRange | TermTest | PlaceTest | Quota
Node: TypeAlias = All | Any_ | Not | Leaf

_COMPARE = {"gt": ("low", True), "ge": ("low", False), "lt": ("high", True), "le": ("high", False)}
_DATES = {"after": ("low", True), "from": ("low", False), "before": ("high", True), "until": ("high", False)}
_ENDS = {key: end for forms in (_COMPARE, _DATES) for key, (end, _) in forms.items()}
_PLACE_KEYS = {
    "inside": {"layer", "where"},
    "overlaps": {"layer", "where", "area_m2", "share"},
    "within": {"layer", "where", "distance_m"},
    "along": {"layer", "where", "upstream_m", "downstream_m", "side_m", "rivers", "catchments"},
}


def leaves(node: Node) -> Iterator[Leaf]:
    """Yield the leaves of the tree from left to right."""
    if isinstance(node, All | Any_):
        for part in node.parts:
            yield from leaves(part)
    elif isinstance(node, Not):
        yield from leaves(node.part)
    else:
        yield node


def parse(data: Any) -> Node:
    """Return the tree that plain data (from YAML, JSON or a sheet) describes; None asks nothing.

    Raises
    ------
    InputError
        With what was expected where the data is not a predicate.

    Examples
    --------
    >>> parse({"all": [{"term": "chemical"}, {"fact": "activity", "in": ["new"]}]}).parts[0]
    TermTest(term='chemical')
    """
    if data is None or data == {}:
        return All()
    if not isinstance(data, Mapping):
        raise _wrong(f"expected a mapping such as {{fact: …}} or {{all: […]}}, got {data!r}")
    for key, read in _READERS.items():
        if key in data:
            return read(data)
    close = [name for key in data for name in near(str(key), _READERS)]
    raise _wrong(
        f"expected one of {', '.join(_READERS)}, got {', '.join(map(str, data))}",
        f"did you mean {', '.join(close)}?" if close else "",
    )


def plain(node: Node) -> dict[str, Any]:
    """Return the tree as plain data that `parse` reads back to the same tree."""
    if isinstance(node, All):
        return {"all": [plain(part) for part in node.parts]} if node.parts else {}
    if isinstance(node, Any_):
        return {"any": [plain(part) for part in node.parts]}
    if isinstance(node, Not):
        return {"not": plain(node.part)}
    if isinstance(node, FactIn):
        return {"fact": node.fact, "in": list(node.values)}
    if isinstance(node, FactIs):
        return {"fact": node.fact, "is": node.value}
    if isinstance(node, TermTest):
        return {"term": node.term}
    if isinstance(node, Quota):
        return {"quota": {"amount": node.amount, "headroom": list(node.headroom)}}
    if isinstance(node, FactRange):
        return _plain_range(node)
    return _plain_place(node)


def _wrong(message: str, hint: str = "") -> InputError:
    return InputError(message, hint=hint or "see the guide on clauses for the forms of a predicate")


def _only(data: Mapping[str, Any], *allowed: str) -> None:
    for key in data:
        if key not in allowed:
            close = near(str(key), allowed)
            hint = f"did you mean {close[0]}?" if close else f"allowed here: {', '.join(allowed)}"
            raise _wrong(f"a predicate with {allowed[0]!r} has no key {key!r}", hint)


def _parts(data: Mapping[str, Any], key: str) -> tuple[Node, ...]:
    _only(data, key)
    if not isinstance(data[key], Sequence) or isinstance(data[key], str):
        raise _wrong(f"{key}: expected a list of predicates, got {data[key]!r}")
    return tuple(parse(part) for part in data[key])


def _not(data: Mapping[str, Any]) -> Node:
    _only(data, "not")
    return Not(parse(data["not"]))


def _term(data: Mapping[str, Any]) -> Node:
    _only(data, "term")
    return TermTest(str(data["term"]))


def _quota(data: Mapping[str, Any]) -> Node:
    _only(data, "quota")
    inner = data["quota"]
    if not isinstance(inner, Mapping) or not inner.get("amount") or not inner.get("headroom"):
        raise _wrong(f"quota: expected {{amount: fact, headroom: [fact, …]}}, got {inner!r}")
    _only(inner, "amount", "headroom")
    return Quota(str(inner["amount"]), tuple(_texts(inner["headroom"])))


def _texts(value: Any) -> list[str]:
    items = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    if not items or any(item is None or not str(item).strip() for item in items):
        raise _wrong(f"expected values, got {value!r}", "list at least one; leave the key out to ask nothing")
    return [str(item) for item in items]


def _fact(data: Mapping[str, Any]) -> Node:
    _only(data, "fact", "in", "is", "eq", "between", "unit", *_COMPARE, *_DATES)
    fact = str(data["fact"])
    asked = [key for key in data if key not in ("fact", "unit")]
    if not asked:
        raise _wrong(f"fact {fact!r}: says nothing to compare with", "add in, is, eq, gt, ge, lt, le or between")
    ends = [_ENDS[key] for key in asked if key in _ENDS]
    if len(asked) - len(ends) + bool(ends) > 1 or len(ends) > len(set(ends)):
        raise _wrong(f"fact {fact!r}: {', '.join(asked)} cannot stand in one", "write each under all: […]")
    if "in" in data:
        return FactIn(fact, tuple(_texts(data["in"])))
    if "is" in data:
        if not isinstance(data["is"], bool):
            raise _wrong(f"fact {fact!r}: is takes true or false, got {data['is']!r}")
        return FactIs(fact, data["is"])
    return _range(fact, data)


def _range(fact: str, data: Mapping[str, Any]) -> Node:
    ends: dict[str, Any] = {}
    if "eq" in data:
        if isinstance(data["eq"], str):
            return FactIn(fact, (data["eq"],))
        ends = {"low": _number(data["eq"], fact), "high": _number(data["eq"], fact)}
    elif "between" in data:
        pair = data["between"]
        if not isinstance(pair, Sequence) or isinstance(pair, str) or len(pair) != 2:
            raise _wrong(f"fact {fact!r}: between takes two values, got {pair!r}")
        ends = {"low": _end(pair[0], fact), "high": _end(pair[1], fact)}
    for forms, read in ((_COMPARE, _number), (_DATES, _date)):
        for key, (end, is_open) in forms.items():
            if key in data:
                ends[end], ends[f"{end}_open"] = read(data[key], fact), is_open
    low, high = ends.get("low"), ends.get("high")
    if low is not None and high is not None and (type(low) is not type(high) or low > high):
        raise _wrong(f"fact {fact!r}: the range from {low} to {high} holds nothing")
    return FactRange(fact, unit=str(data["unit"]) if data.get("unit") else None, **ends)


def _number(value: Any, fact: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _wrong(
            f"fact {fact!r}: expected a number, got {value!r}", "write the number alone and its unit under unit"
        )
    return float(value)


def _date(value: Any, fact: str) -> date:
    try:
        return parse_date(value)
    except InputError as error:
        raise _wrong(f"fact {fact!r}: {error.message}", error.hint) from error


def _end(value: Any, fact: str) -> float | date:
    return (
        _number(value, fact) if isinstance(value, int | float) and not isinstance(value, bool) else _date(value, fact)
    )


def _place(kind: str) -> Callable[[Mapping[str, Any]], Node]:
    def read(data: Mapping[str, Any]) -> Node:
        _only(data, kind)
        inner = data[kind] if isinstance(data[kind], Mapping) else {"layer": data[kind]}
        _only(inner, *sorted(_PLACE_KEYS[kind]))
        if not inner.get("layer"):
            raise _wrong(f"{kind}: needs a layer")
        numbers = {
            key: _number(inner[key], f"{kind}.{key}")
            for key in inner
            if key.endswith("_m") or key in ("area_m2", "share")
        }
        if any(number < 0 for number in numbers.values()):
            raise _wrong(f"{kind}: distances, areas and shares are not negative")
        if kind == "within" and "distance_m" not in numbers:
            raise _wrong("within: needs distance_m")
        if kind == "along" and not {"upstream_m", "downstream_m", "side_m"} <= set(numbers):
            raise _wrong("along: needs upstream_m, downstream_m and side_m")
        names = {key: str(inner[key]) for key in ("rivers", "catchments") if inner.get(key)}
        return PlaceTest(kind, str(inner["layer"]), _where(inner.get("where")), **numbers, **names)  # type: ignore[arg-type]

    return read


def _where(data: Any) -> tuple[Condition, ...]:
    if not data:
        return ()
    if not isinstance(data, Mapping):
        raise _wrong(f"where: expected {{field: value}}, got {data!r}")
    found = []
    for field, asked in data.items():
        if isinstance(asked, Mapping):
            _only(asked, "ge", "le")
            if not asked:
                raise _wrong(f"where.{field}: says nothing to compare with", "add ge, le or a value")
            ends = {key: _number(asked[key], f"where.{field}") for key in asked}
            found.append(Condition(str(field), (), ends.get("ge"), ends.get("le")))
        else:
            found.append(Condition(str(field), tuple(_texts(asked))))
    return tuple(sorted(found, key=lambda condition: condition.field))


def _plain_range(node: FactRange) -> dict[str, Any]:
    data: dict[str, Any] = {"fact": node.fact}
    is_date = isinstance(node.low if node.low is not None else node.high, date)
    for key, (end, is_open) in (_DATES if is_date else _COMPARE).items():
        value = getattr(node, end)
        if value is not None and getattr(node, f"{end}_open") is is_open:
            data[key] = value.isoformat() if isinstance(value, date) else value
    if node.unit:
        data["unit"] = node.unit
    return data


def _plain_place(node: PlaceTest) -> dict[str, Any]:
    inner: dict[str, Any] = {"layer": node.layer}
    if node.where:
        inner["where"] = {
            condition.field: list(condition.values)
            if condition.values
            else {key: value for key, value in (("ge", condition.low), ("le", condition.high)) if value is not None}
            for condition in node.where
        }
    inner |= {
        key: value
        for key in sorted(_PLACE_KEYS[node.kind] - {"layer", "where"})
        if (value := getattr(node, key)) is not None
    }
    return {node.kind: inner}


_READERS: dict[str, Callable[[Mapping[str, Any]], Node]] = {
    "all": lambda data: All(_parts(data, "all")),
    "any": lambda data: Any_(_parts(data, "any")),
    "not": _not,
    "fact": _fact,
    "term": _term,
    "quota": _quota,
    **{kind: _place(kind) for kind in _PLACE_KEYS},
}
