"""What a clause asks as a line that a person writes in a cell, and back: the notation of predicates in spreadsheets.

Every tree has one writing, and reading it gives the same tree: brackets are kept as branches of their own. ``and``
binds tighter than ``or``; ``all(…)`` and ``any(…)`` write branches of one part or none. Distances and areas are in m
and m2 where no unit stands.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date

from yudi.core.errors import InputError
from yudi.core.names import distance
from yudi.core.quantities import convert
from yudi.territory.expression_tokens import Token, day_of, number_of, spelled, tokens, wrong
from yudi.territory.predicates import (
    All,
    Any_,
    Condition,
    FactIn,
    FactIs,
    FactRange,
    Node,
    Not,
    PlaceTest,
    Quota,
    TermTest,
)

__all__ = ["read", "written"]

_DEPTH_MAX = 60
_LOW, _HIGH = {">": True, ">=": False}, {"<": True, "<=": False}
_FROM, _UNTIL = {"after": True, "from": False}, {"before": True, "until": False}
_FACT_FORMS = "in (…), is true, is false, =, >, >=, <, <=, between … and …, from, after, until or before"


def written(node: Node) -> str:
    """Return the tree as an expression that `read` reads back to the same tree.

    InputError for what no rule file can state either: a number that is not finite, a range without ends.

    Examples
    --------
    >>> near_river = PlaceTest("within", "shorelines", (Condition("river", ("yangtze",)),), distance_m=1000.0)
    >>> written(All((near_river, Not(FactIn("activity", ("rebuild",))))))
    'within 1000 m of shorelines [river = yangtze] and not activity in (rebuild)'
    """
    if isinstance(node, All | Any_):
        word = "and" if isinstance(node, All) else "or"
        if len(node.parts) < 2:
            inside = "".join(written(part) for part in node.parts)
            return f"{'all' if word == 'and' else 'any'}({inside})"
        return f" {word} ".join(_part(part) for part in node.parts)
    if isinstance(node, Not):
        return f"not {_part(node.part)}"
    if isinstance(node, FactIn):
        return f"{spelled(node.fact)} in ({', '.join(spelled(value, is_value=True) for value in node.values)})"
    if isinstance(node, FactIs):
        return f"{spelled(node.fact)} is {'true' if node.value else 'false'}"
    if isinstance(node, TermTest):
        return f"term {spelled(node.term)}"
    if isinstance(node, Quota):
        return f"quota {spelled(node.amount)} <= {', '.join(map(spelled, node.headroom))}"
    if isinstance(node, FactRange):
        return _written_range(node)
    return _written_place(node)


def read(text: str) -> Node:
    """Return the tree that an expression states; of an empty one the tree that asks nothing.

    Raises
    ------
    InputError
        With what was expected, what was got, at which letter, and the next step.

    Examples
    --------
    >>> read('term chemical-project and activity in (new, expand)').parts[1]
    FactIn(fact='activity', values=('new', 'expand'))
    >>> read("wastewater_to im (surface_water)")
    Traceback (most recent call last):
    yudi.core.errors.InputError: expected in (…), is true, is false, =, >, >=, <, <=, between … and …, from, after, \
until or before behind the fact 'wastewater_to', got 'im' at letter 15: wastewater_to ▸im (surface_water); did you \
mean in?
    """
    reader = _Reader(text)
    if reader.peek().kind == "end":
        return All()
    node = reader.either()
    if reader.peek().kind != "end":
        raise reader.wrong("and, or, or the end", reader.meant("and", "or"))
    return node


def _part(node: Node) -> str:
    """Write a part of a branch; a branch within it stands in brackets."""
    is_open = isinstance(node, All | Any_) and len(node.parts) > 1
    return f"({written(node)})" if is_open else written(node)


def _number(value: float) -> str:
    if not math.isfinite(value):
        raise InputError(f"expected a finite number, got {value}", hint="leave that end of the range out")
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _end(value: float | date) -> str:
    return value.isoformat() if isinstance(value, date) else _number(value)


def _written_range(node: FactRange) -> str:
    fact, low, high = spelled(node.fact), node.low, node.high
    unit = f" {spelled(node.unit)}" if node.unit else ""
    if low is None and high is None:
        raise InputError(f"fact {node.fact!r}: expected a lower or an upper end, got none", hint="add one")
    if isinstance(low if low is not None else high, date):
        ends = ((low, "after" if node.low_open else "from"), (high, "before" if node.high_open else "until"))
        return " ".join([fact, *(f"{word} {_end(end)}" for end, word in ends if end is not None)]) + unit
    if low is not None and high is not None:
        if node.low_open or node.high_open:
            signs = ["<" if is_open else "<=" for is_open in (node.low_open, node.high_open)]
            return f"{_end(low)} {signs[0]} {fact} {signs[1]} {_end(high)}{unit}"
        return f"{fact} = {_end(low)}{unit}" if low == high else f"{fact} between {_end(low)} and {_end(high)}{unit}"
    if low is not None:
        return f"{fact} {'>' if node.low_open else '>='} {_end(low)}{unit}"
    assert high is not None
    return f"{fact} {'<' if node.high_open else '<='} {_end(high)}{unit}"


def _written_place(node: PlaceTest) -> str:
    layer = spelled(node.layer)
    if node.where:
        layer += f" [{', '.join(map(_written_condition, node.where))}]"
    if node.kind == "within":
        return f"within {_number(node.distance_m or 0.0)} m of {layer}"
    if node.kind == "along":
        reach = ((node.upstream_m, "upstream"), (node.downstream_m, "downstream"), (node.side_m, "side"))
        parts = [f"along {layer}", *(f"{word} {_number(metres or 0.0)} m" for metres, word in reach)]
        parts += [f"{word} {spelled(name)}" for name, word in ((node.rivers, "on"), (node.catchments, "in")) if name]
        return " ".join(parts)
    least = [f"area >= {_number(node.area_m2)} m2"] if node.area_m2 is not None else []
    least += [f"share >= {_number(node.share)}"] if node.share is not None else []
    return f"{node.kind} {layer}{' ' if least else ''}{' or '.join(least)}"


def _written_condition(condition: Condition) -> str:
    field, low, high = spelled(condition.field), condition.low, condition.high
    if low is not None and high is not None:
        return f"{field} between {_number(low)} and {_number(high)}"
    if low is not None or high is not None:
        return f"{field} >= {_number(low)}" if low is not None else f"{field} <= {_number(high or 0.0)}"
    values = "|".join(spelled(value, is_value=True) for value in condition.values)
    return f"{field} = {values}" if values else f"{field} in ()"


class _Reader:
    """Reads an expression from left to right; every method takes what it names and leaves what follows."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokens(text)
        self.position = 0
        self.depth = 0
        self.unit_at = -1  # where the last unit was read

    def peek(self, ahead: int = 0) -> Token:
        return self.tokens[min(self.position + ahead, len(self.tokens) - 1)]

    def take(self) -> Token:
        token = self.peek()
        self.position += 1
        return token

    def takes(self, *wanted: str) -> str:
        """Take the next piece if it is one of these marks or words, and say which."""
        token = self.peek()
        name = token.text if token.kind == "mark" else token.keyword
        if not name or name not in wanted:
            return ""
        self.position += 1
        return name

    def must(self, *wanted: str) -> str:
        found = self.takes(*wanted)
        if not found:
            raise self.wrong(" or ".join(wanted), self.meant(*wanted))
        return found

    def wrong(self, expected: str, hint: str = "") -> InputError:
        return wrong(self.text, self.peek(), expected, hint)

    def meant(self, *words: str) -> str:
        """Say which of the words a slip of the pen probably meant, here or where a unit was read before."""
        here, before = self.peek(), self.tokens[self.position - 1]
        for token in [here] if here.kind == "word" else []:
            if close := [word for word in words if distance(token.text.casefold(), word) == 1]:
                return f"did you mean {close[0]}?"
        if self.unit_at == self.position - 1 and (
            close := [word for word in words if distance(before.text, word) == 1]
        ):
            return f"{before.text!r} was read as a unit; did you mean {close[0]}?"
        return ""

    def either(self) -> Node:
        return self.joined("or", lambda: self.joined("and", self.single, All), Any_)

    def joined(self, word: str, part: Callable[[], Node], branch: Callable[[tuple[Node, ...]], Node]) -> Node:
        parts = [part()]
        while self.takes(word):
            parts.append(part())
        return parts[0] if len(parts) == 1 else branch(tuple(parts))

    def single(self) -> Node:
        self.depth += 1
        if self.depth > _DEPTH_MAX:
            raise self.wrong(f"at most {_DEPTH_MAX} brackets within one another", "split the clause")
        try:
            return self.form()
        finally:
            self.depth -= 1

    def form(self) -> Node:
        if self.takes("not"):
            return Not(self.single())
        if self.takes("("):
            node = self.either()
            self.must(")")
            return node
        if kind := self.takes("all", "any"):
            return self.branch(All if kind == "all" else Any_)
        if self.takes("term"):
            return TermTest(self.name("the name of a term"))
        if self.takes("quota"):
            amount = self.name("the fact that holds the amount")
            self.must("<=")
            return Quota(amount, tuple(self.names("the fact that holds the headroom")))
        if kind := self.takes("inside", "overlaps", "within", "along"):
            return self.place(kind)
        if number_of(self.peek()) is not None:
            return self.framed()
        return self.fact()

    def branch(self, kind: Callable[[tuple[Node, ...]], Node]) -> Node:
        self.must("(")
        parts: list[Node] = []
        while not self.takes(")"):
            if parts:
                self.must(";")
            parts.append(self.either())
            if self.peek().text not in (")", ";"):
                raise self.wrong("; or )")
        return kind(tuple(parts))

    def name(self, what: str) -> str:
        token = self.peek()
        if token.kind == "quoted" or (token.kind == "word" and not token.keyword):
            return self.take().text
        hint = f'put the name in quotes: "{token.text}"' if token.keyword else ""
        raise self.wrong(what, hint)

    def names(self, what: str) -> list[str]:
        found = [self.name(what)]
        while self.takes(","):
            found.append(self.name(what))
        return found

    def value(self) -> str:
        token = self.peek()
        if token.kind not in ("quoted", "word"):
            raise self.wrong("a value", 'put a value with marks or blanks in quotes: "…"')
        return self.take().text

    def values(self) -> tuple[str, ...]:
        """Read ``(a, b)``."""
        self.must("(")
        found: list[str] = []
        while not self.takes(")"):
            if found and not self.takes(","):
                raise self.wrong(", or )", 'put a value with blanks in quotes: "…"')
            found.append(self.value())
        return tuple(found)

    def number(self) -> tuple[float, str]:
        """Read a number and the unit behind it, which may be missing."""
        number = number_of(self.peek())
        if number is None:
            raise self.wrong("a number", "write the number alone, 10000 and not 1 万 or 10,000")
        self.take()
        return (number[0], number[1] or self.unit())

    def unit(self) -> str:
        token = self.peek()
        if token.kind == "quoted" or (token.kind == "word" and not token.keyword and number_of(token) is None):
            self.unit_at = self.position
            return self.take().text
        return ""

    def metres(self, to: str = "m") -> float:
        """Read a length or area; in m or m2 where no unit stands."""
        at = self.peek()
        value, unit = self.number()
        if value < 0:
            raise wrong(self.text, at, f"a number of {to} that is not negative")
        try:
            return value if unit in ("", to) else convert(value, unit, to)
        except InputError as error:
            raise wrong(self.text, at, f"a number in {to}", error.hint) from error

    def fact(self) -> Node:
        fact = self.name("a fact, term, inside, overlaps, within, along, quota, not or (")
        if self.takes("in"):
            return FactIn(fact, self.values())
        if self.takes("is"):
            return FactIs(fact, self.must("true", "false") == "true")
        if self.takes("between"):
            return self.between(fact)
        if sign := self.takes(*_LOW, *_HIGH):
            value, unit = self.number()
            is_low = sign in _LOW
            return FactRange(
                fact,
                value if is_low else None,
                None if is_low else value,
                _LOW.get(sign, False),
                _HIGH.get(sign, False),
                unit or None,
            )
        if self.takes("="):
            return self.equal(fact)
        if self.peek().keyword in {*_FROM, *_UNTIL}:
            return self.days(fact)
        forms = f"{_FACT_FORMS} behind the fact {fact!r}"
        if self.peek().text == "!=":
            raise self.wrong(forms, "write not (fact in (value))")
        raise self.wrong(forms, self.meant("in", "is", "between", *_FROM, *_UNTIL))

    def equal(self, fact: str) -> Node:
        """Read what follows ``=``: a number alone, or with its unit behind a blank; else a text such as 1F."""
        number = number_of(self.peek())
        if number is None or number[1]:
            return FactIn(fact, (self.value(),))
        value, unit = self.number()
        return FactRange(fact, value, value, unit=unit or None)

    def between(self, fact: str) -> Node:
        at = self.peek()
        if day_of(at) is not None:
            first: float | date = self.day()
            self.must("and")
            last: float | date = self.day()
            unit = self.unit()
        else:
            first, _ = self.number()
            self.must("and")
            last, unit = self.number()
        return self.ordered(FactRange(fact, first, last, unit=unit or None), at)

    def framed(self) -> Node:
        """Read ``2 < fact <= 5 t/a``."""
        at = self.peek()
        low, _ = self.number()
        first = self.must("<", "<=")
        fact = self.name("a fact")
        second = self.must("<", "<=")
        high, unit = self.number()
        return self.ordered(FactRange(fact, low, high, first == "<", second == "<", unit or None), at)

    def days(self, fact: str) -> Node:
        at = self.peek()
        low: date | None = None
        high: date | None = None
        low_open = high_open = False
        if word := self.takes(*_FROM):
            low, low_open = self.day(), _FROM[word]
        if word := self.takes(*_UNTIL):
            high, high_open = self.day(), _UNTIL[word]
        return self.ordered(FactRange(fact, low, high, low_open, high_open, self.unit() or None), at)

    def ordered(self, node: FactRange, at: Token) -> Node:
        low, high = node.low, node.high
        if low is not None and high is not None and low > high:  # type: ignore[operator]
            raise wrong(self.text, at, "a range that holds something", f"exchange {low} and {high}")
        return node

    def day(self) -> date:
        day = day_of(self.peek())
        if day is None:
            raise self.wrong("a day", "write year, month and day as in 2024-03-19")
        self.take()
        return day

    def place(self, kind: str) -> Node:
        distance = None
        if kind == "within":
            distance = self.metres()
            self.must("of")
        layer = self.name("the name of a layer")
        where = self.conditions() if self.takes("[") else ()
        if kind == "along":
            return self.along(layer, where)
        area, share = self.least() if kind == "overlaps" else (None, None)
        return PlaceTest(kind, layer, where, distance, area, share)

    def least(self) -> tuple[float | None, float | None]:
        """Read ``area >= 500 m2 or share >= 0.1``, either or none of them."""
        found: dict[str, float] = {}
        while word := self.takes("area", "share"):
            if word in found:
                raise self.wrong(f"{word} once", "keep one of the two")
            self.must(">=")
            found[word] = self.metres("m2") if word == "area" else self.share()
            if self.peek().keyword != "or" or self.peek(1).keyword not in ("area", "share"):
                break
            self.take()
        return found.get("area"), found.get("share")

    def share(self) -> float:
        at = self.peek()
        value, unit = self.number()
        if unit not in ("", "%") or value < 0:
            raise wrong(self.text, at, "a share such as 0.1 or 10%")
        return value / 100 if unit else value

    def along(self, layer: str, where: tuple[Condition, ...]) -> Node:
        reach = []
        for word in ("upstream", "downstream", "side"):
            self.must(word)
            reach.append(self.metres())
        rivers = self.name("the name of a layer of rivers") if self.takes("on") else None
        catchments = self.name("the name of a layer of catchments") if self.takes("in") else None
        up, down, side = reach
        return PlaceTest(
            "along",
            layer,
            where,
            upstream_m=up,
            downstream_m=down,
            side_m=side,
            rivers=rivers,
            catchments=catchments,
        )

    def conditions(self) -> tuple[Condition, ...]:
        found: dict[str, Condition] = {}
        while not self.takes("]"):
            if found and not self.takes(","):
                raise self.wrong(", or ]", "part the conditions by commas, the values of one by |")
            at = self.peek()
            condition = self.condition()
            if condition.field in found:
                raise wrong(self.text, at, "every field once", f"join them: {condition.field} = a|b")
            found[condition.field] = condition
        return tuple(sorted(found.values(), key=lambda condition: condition.field))

    def condition(self) -> Condition:
        field = self.name("the name of a field")
        if self.takes("="):
            values = [self.value()]
            while self.takes("|"):
                values.append(self.value())
            return Condition(field, tuple(values))
        if self.takes("in"):
            return Condition(field, self.values())
        if self.takes("between"):
            low = self.bare_number()
            self.must("and")
            return Condition(field, (), low, self.bare_number())
        if sign := self.takes(">=", "<="):
            number = self.bare_number()
            return Condition(field, (), number, None) if sign == ">=" else Condition(field, (), None, number)
        raise self.wrong(f"=, >=, <=, between or in behind the field {field!r}")

    def bare_number(self) -> float:
        at = self.peek()
        value, unit = self.number()
        if unit:
            raise wrong(self.text, at, "a number without a unit", "give it as the layer's field does")
        return value
