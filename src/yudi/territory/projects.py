"""What a person proposes: a site and facts, checked once against the vocabulary."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from shapely.geometry.base import BaseGeometry

from yudi.core.code_search import search_codes
from yudi.core.codes import CodeSystem
from yudi.core.dates import parse_date
from yudi.core.errors import InputError, Where
from yudi.core.findings import Finding
from yudi.core.names import near
from yudi.core.quantities import convert, parse_quantity
from yudi.territory.facts import Fact, Value, Vocabulary

__all__ = ["Project", "carried_names", "read_facts", "restated"]

_TRUE = {"true", "yes", "y", "1", "是", "有"}
_FALSE = {"false", "no", "n", "0", "否", "无"}
_NOTHING = {"/", "-", "－", "–", "—", "——", "n/a", "unknown", "未知"}  # cells that people fill where they know nothing
_APART = re.compile("[;；]"), re.compile("[，,]"), re.compile("、")
_WORDS_MAX = 40  # letters of a text that may be a word for a code
_VALUE_KEYS = {"value", "unit", "accuracy", "source", "by", "date"}


@dataclass(frozen=True)
class Project:
    """A proposal: where (lon/lat, x = longitude) and what.

    Parameters
    ----------
    id : str
        Name that the answer carries back.
    site : shapely geometry
        Point, line or polygon, also of several parts, in degrees.
    facts : mapping of str to Value
        What is known; keys that the vocabulary does not have are in `carried`.
    given : mapping
        The project as it was written, to be echoed.
    """

    id: str
    site: BaseGeometry
    facts: Mapping[str, Value] = field(default_factory=dict)
    carried: Mapping[str, Any] = field(default_factory=dict)
    given: Mapping[str, Any] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


def read_facts(
    raw: Mapping[str, Any], vocabulary: Vocabulary, where: Where | None = None, *, is_stated: bool = True
) -> tuple[dict[str, Value], dict[str, Any]]:
    """Return the known facts of a project and what was carried along without being understood.

    A null or empty value is no statement, nor is a cell such as ``/`` or ``unknown``. A fact may be named by its
    key or by its label. Members of a family may be nested (``emissions: {COD: 3}``) or flat (``emissions.COD: 3``).

    Parameters
    ----------
    is_stated : bool
        A project states them; of what a table gives neither who judged nor who measured is asked.

    Raises
    ------
    InputError
        For a value of the wrong type, an unknown code or choice, a person's answer without a name and a date,
        a measurement without a source, a fact stated twice, or a key that is a near miss of a known fact.
    """
    place = where or Where()
    facts: dict[str, Value] = {}
    carried: dict[str, Any] = {}
    for key, item, written in _flat(raw, vocabulary):
        fact = vocabulary.fact(key)
        here = Where(place.file, place.row, written)
        if fact is None:
            _refuse_near_miss(key, vocabulary, here)
            carried[key] = item
        elif not _states_nothing(item, fact):
            if key in facts:
                raise InputError(f"{key!r} is stated twice", where=here, hint="keep its key or its label, not both")
            if fact.provider == "status":
                raise InputError(
                    "the edition's status tables provide this, a project cannot state it",
                    where=here,
                    hint="leave it out; who keeps the status table can correct it there",
                )
            facts[key] = _value(item, fact, vocabulary, here, is_stated=is_stated)
    return facts, carried


def carried_names(raw: Mapping[str, Any], vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the names of what `read_facts` carries along without understanding it.

    Examples
    --------
    >>> carried_names({"area": 3, "owner": "Li"}, Vocabulary({"area": Fact("area", "number")}))
    ('owner',)
    """
    return tuple(dict.fromkeys(key for key, _, _ in _flat(raw, vocabulary) if vocabulary.fact(key) is None))


def restated(raw: Mapping[str, Any], changed: Mapping[str, Any], vocabulary: Vocabulary) -> dict[str, Any]:
    """Return facts as a project wrote them, some stated otherwise: each where it stood, be that under its label or nested.

    Parameters
    ----------
    changed : mapping of key to plain value, or to None
        None leaves the fact out.

    Examples
    --------
    >>> raw = {"emissions": {"COD": "60 kg/d"}, "owner": "Li"}
    >>> restated(raw, {"emissions.COD": 12}, Vocabulary({"emissions.*": Fact("emissions.*", "number")}))
    {'emissions': {'COD': 12}, 'owner': 'Li'}
    """
    found: dict[str, Any] = {}
    todo = dict(changed)
    for name, item in raw.items():
        written = [(key, place) for key, _, place in _flat({name: item}, vocabulary) if key in changed]
        kept = item
        for key, place in written:
            if place == str(name).strip():
                kept = todo.pop(key, None)
            else:  # a member of a family, nested under its head
                member = next(inner for inner in kept if place.endswith(f".{str(inner).strip()}"))
                kept = {**kept, member: todo.pop(key, None)}
        if written and isinstance(kept, Mapping):
            kept = {inner: value for inner, value in kept.items() if value is not None}
        if not written or (kept is not None and kept != {}):
            found[name] = kept
    return found | {key: item for key, item in todo.items() if item is not None}


def _flat(raw: Mapping[str, Any], vocabulary: Vocabulary) -> Iterator[tuple[str, Any, str]]:
    """Yield each fact by its key, with its value and the name under which it was written."""
    labels = vocabulary.by_label
    for key, item in raw.items():
        written = str(key).strip()
        head, dot, member = written.partition(".")
        name = written if vocabulary.fact(written) is not None else labels.get(head, head) + dot + member
        is_family = vocabulary.fact(name) is None and vocabulary.fact(f"{name}.x") is not None
        if is_family and isinstance(item, Mapping):
            for inner_key, inner in item.items():
                yield f"{name}.{str(inner_key).strip()}", inner, f"{written}.{str(inner_key).strip()}"
        else:
            yield name, item, written


def _refuse_near_miss(key: str, vocabulary: Vocabulary, where: Where) -> None:
    head = key.partition(".")[0]
    close = near(head, vocabulary.names()) if head not in vocabulary.names() else []
    if close:
        raise InputError(
            f"no fact is called {key!r}",
            where=where,
            hint=f"did you mean {', '.join(close)}? A column that is not a fact needs a name that is not so near to one",
        )


def _states_nothing(item: Any, fact: Fact) -> bool:
    """Tell whether a value is empty or one of the marks that stand for not knowing, unless it is a choice."""
    inner = item.get("value") if isinstance(item, Mapping) and set(item) <= _VALUE_KEYS else item
    if isinstance(inner, list | tuple):
        return all(_states_nothing(part, fact) for part in inner)
    if isinstance(inner, str) and (text := inner.strip().casefold()) in _NOTHING:
        return text not in _choices(fact)
    return _is_blank(item)


def _is_blank(item: Any) -> bool:
    if isinstance(item, Mapping):
        return set(item) <= _VALUE_KEYS and _is_blank(item.get("value"))
    return (
        item is None
        or (isinstance(item, str) and not item.strip())
        or (isinstance(item, list | tuple) and not item)
        or (isinstance(item, float) and math.isnan(item))
    )


def _value(item: Any, fact: Fact, vocabulary: Vocabulary, where: Where, *, is_stated: bool) -> Value:
    parts = dict(item) if isinstance(item, Mapping) else {"value": item}
    if unknown := sorted(set(parts) - _VALUE_KEYS):
        raise InputError(
            f"expected a value or a mapping with {', '.join(sorted(_VALUE_KEYS))}, got the key {unknown[0]!r}",
            where=where,
            hint="write {value: …, unit: …, source: …}",
        )
    by, source = str(parts.get("by") or "").strip(), str(parts.get("source") or "").strip()
    on = _date(parts["date"], where) if parts.get("date") else None
    if is_stated and fact.provider == "person" and (not by or on is None):
        raise InputError(
            "a person's judgement needs who gave it and when",
            where=where,
            hint='write {"value": true or false, "by": "name and office", "date": "YYYY-MM-DD"}',
        )
    if is_stated and fact.provider == "place" and not source:
        raise InputError(
            "a measurement that replaces the map's needs its source",
            where=where,
            hint='write {"value": …, "accuracy": …, "source": "who measured, when"}',
        )
    value, accuracy = _typed(parts, fact, vocabulary, where)
    if fact.provider == "place" and fact.type == "number" and (parts.get("accuracy") is None or value < 0):
        raise InputError(
            f"expected a measured length of at least 0 with its accuracy, got {parts}",
            where=where,
            hint='write {"value": 1012, "accuracy": 1, "source": "who measured, when"}',
        )
    return Value(value, accuracy, "stated", source, by, on)


def _typed(parts: Mapping[str, Any], fact: Fact, vocabulary: Vocabulary, where: Where) -> tuple[Any, float]:
    item = parts["value"]
    if isinstance(item, list | tuple) and len(item) > 1 and any(_is_blank(part) for part in item):
        raise InputError(f"a list holds an empty value: {item!r}", where=where, hint="fill it in, or leave it out")
    if fact.type == "number":
        return _number(parts, fact, where)
    if fact.type == "truth":
        return _truth(item, where), 0.0
    if fact.type == "date":
        return _date(item, where), 0.0
    if fact.type == "text":
        return tuple(_listed(item, lambda _: False)), 0.0
    if fact.type == "code":
        system = vocabulary.systems[str(fact.system)]
        stated = _listed(item, system.means)
        return tuple(dict.fromkeys(_code(code, system, where) for code in stated)), 0.0
    choices = _choices(fact)
    stated = _listed(item, lambda text: text.casefold() in choices)
    for text in stated:
        if text.casefold() not in choices:
            known = ", ".join(_named(choice, fact) for choice in fact.choices)
            raise InputError(f"expected one of {known}, got {text!r}", where=where, hint="use one of these words")
    return tuple(dict.fromkeys(choices[text.casefold()] for text in stated)), 0.0


def _choices(fact: Fact) -> dict[str, str]:
    """Return the choices by key and label, small letters."""
    choices = {choice.casefold(): choice for choice in fact.choices}
    for key, label in fact.choice_labels.items():
        choices.update({text.casefold(): key for text in (label.zh, label.en) if text})
    return choices


def _named(choice: str, fact: Fact) -> str:
    label = fact.choice_labels.get(choice)
    return f"{choice} {label.zh}" if label and label.zh and label.zh != choice else choice


def _listed(item: Any, is_known: Callable[[str], bool]) -> list[str]:
    """Return the codes or choices of a list or a text; a text that is known as a whole is not taken apart."""
    if isinstance(item, list | tuple):
        texts = [str(part).strip() for part in item if not _is_blank(part)]
        return [text for text in texts if is_known(text) or text.casefold() not in _NOTHING]
    if isinstance(item, float) and item.is_integer():
        item = int(item)
    parts = [str(item).strip()]
    for mark in _APART:
        parts = [
            piece.strip()
            for part in parts
            for piece in ([part] if is_known(part) else mark.split(part))
            if piece.strip()
        ]
    return parts


def _code(text: str, system: CodeSystem, where: Where) -> str:
    try:
        named = system.named(text)
        if len(named) > 1:
            listed = ", ".join(named)
            raise InputError(f"several codes are called {text!r}: {listed}", hint="write the code that is meant")
        return named[0] if named else system.canonical(text)
    except InputError as error:
        raise InputError(error.message, where=where, hint=_meant(text, system) or error.hint) from error


def _meant(text: str, system: CodeSystem) -> str:
    """Return the question for the one code that a search by words finds best; empty where it finds several or none."""
    hits = search_codes(system, text) if len(text) <= _WORDS_MAX else ()
    hits = tuple(hit for hit in hits if hit.why == hits[0].why and hit.why in ("word", "name"))
    codes = [hit.code for hit in hits]
    widest = [hit.code for hit in hits if not any(above in codes for above in hit.path[:-1])]
    if len(widest) != 1:
        return ""
    names = system.names[widest[0]]
    return f"did you mean {' '.join(filter(None, (widest[0], names.get('zh') or names.get('en'))))}?"


def _truth(item: Any, where: Where) -> bool:
    text = str(item).strip().casefold()
    if item is True or text in _TRUE:
        return True
    if item is False or text in _FALSE:
        return False
    raise InputError(f"expected true or false, got {item!r}", where=where, hint="write true or false (是 or 否)")


def _date(item: Any, where: Where) -> date:
    try:
        return parse_date(item)
    except InputError as error:
        raise InputError(error.message, where=where, hint=error.hint) from error


def _number(parts: Mapping[str, Any], fact: Fact, where: Where) -> tuple[float, float]:
    item, unit = parts["value"], parts.get("unit")
    if isinstance(item, bool):
        raise InputError(f"expected a number, got {item!r}", where=where, hint=_number_hint(fact))
    try:
        number, written = (float(item), None) if isinstance(item, int | float) else parse_quantity(str(item))
        unit = unit or written
        accuracy = _accuracy(parts.get("accuracy"))
        if unit and not fact.unit:
            raise InputError(
                f"the vocabulary gives {fact.key} no unit, so nothing can compare it; got the unit {unit!r}",
                hint="state it under a fact that has a unit, or leave it out",
            )
        if unit and fact.unit:
            number, accuracy = convert(number, str(unit), fact.unit), convert(accuracy, str(unit), fact.unit)
    except InputError as error:
        raise InputError(error.message, where=where, hint=error.hint or _number_hint(fact)) from error
    except (TypeError, ValueError, OverflowError) as error:
        raise InputError(f"expected a number, got {item!r}", where=where, hint=_number_hint(fact)) from error
    if not math.isfinite(number):
        raise InputError(f"expected a finite number, got {item!r}", where=where, hint=_number_hint(fact))
    if number < 0 and fact.unit and fact.provider == "project":
        raise InputError(f"expected an amount of at least 0, got {item!r}", where=where, hint=_number_hint(fact))
    return float(number), float(accuracy)


def _accuracy(item: Any) -> float:
    if item is None or item == "":
        return 0.0
    if isinstance(item, bool) or not isinstance(item, int | float) or not 0 <= item < math.inf:
        raise InputError(
            f"expected an accuracy as a number of at least 0, got {item!r}", hint="write it without a unit"
        )
    return float(item)


def _number_hint(fact: Fact) -> str:
    return (
        f"write a number in {fact.unit}, or with its unit as in '12.5 {fact.unit}'" if fact.unit else "write a number"
    )
