"""A scheme as read from its files, before it is an edition: plain parts that adapters fill and `compiled` joins."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np

from yudi.core.dates import Period
from yudi.core.errors import InputError, Where
from yudi.core.findings import Finding
from yudi.core.names import near
from yudi.core.quantities import convert
from yudi.core.words import Words
from yudi.territory.clauses import Clause
from yudi.territory.edition import NOWHERE, WHOLE_PLACE, Bindings, Edition, Layer, Rules, Tolerance
from yudi.territory.facts import Vocabulary
from yudi.territory.formalised import Formal, Formalised
from yudi.territory.items import item_table
from yudi.territory.land import Land
from yudi.territory.lists import Bound, Listed
from yudi.territory.masks import Mask, place_names
from yudi.territory.predicates import FactIn, FactIs, FactRange, Node, Quota, TermTest, leaves
from yudi.territory.prose import Wording
from yudi.territory.standing import SchemeList, names_of_no_unit, standing, unsaid
from yudi.territory.templates import Template, template_clauses
from yudi.territory.zone_scopes import ZoneScopes

__all__ = ["Draft", "SchemeList", "compiled", "refuse_unknown", "unit_classes"]


@dataclass(frozen=True)
class Draft:
    """All that a scheme says, read and typed.

    Parameters
    ----------
    unit_columns : mapping of name to values
        All attributes of the units' maps, for templates.
    land : Land
        What it declares of its land: how codes are built, what tiles, what was published.
    says_itself : bool
        The scheme has clauses of its own, beside those of its packs.
    silence : str
        What the scheme's silence means, ``open`` or ``none``.
    remarks : tuple of Finding
        What the build says and the edition does not keep, since it changes nothing in it.
    inside : tuple of str
        Words behind a place's name that mean within it.
    """

    name: Words
    period: Period
    rules: Rules
    layers: Mapping[str, Layer]
    unit_columns: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    level: str = ""
    is_illustrative: bool = False
    tolerance: Tolerance = Tolerance()
    land: Land = field(default_factory=Land)
    classes: Mapping[str, Words] = field(default_factory=dict)
    dimensions: Mapping[str, Words] = field(default_factory=dict)
    packs: tuple[str, ...] = ()
    lists: tuple[SchemeList, ...] = ()
    says_itself: bool = True
    silence: str = "open"
    wording: Wording | None = None
    formalised: Formalised = field(default_factory=Formalised)
    templates: tuple[Template, ...] = ()
    findings: tuple[Finding, ...] = ()
    file: str = "scheme.toml"
    document: str = ""
    repeals: str = ""
    remarks: tuple[Finding, ...] = ()
    inside: tuple[str, ...] = ()


def compiled(draft: Draft) -> Edition:
    """Return the edition that the draft makes, without an id: its content is not yet named.

    Raises
    ------
    InputError
        For doubled unit codes, clauses that ask facts or layers by names that nothing declares, and doubled ids.
    """
    units = draft.layers.get("units")
    if units is None or not len(units.geometry):
        raise InputError(
            "a scheme needs a layer with role units and at least one feature",
            where=Where(draft.file, None, "layers"),
            hint='add [[layers]] with name = "units", role = "units"',
        )
    codes = [str(code) for code in units.column("code") or ()]
    parts = [Listed(tuple(draft.rules.clauses), tuple(_scoped(draft, codes)))]
    listed = _listed(draft, units)
    parts += listed
    says = draft.says_itself or bool(draft.templates)
    parts.append(
        unsaid(units, draft.lists, draft.dimensions, says_otherwise=says, silence=draft.silence, period=draft.period)
    )
    parts += [
        template_clauses(
            item,
            codes,
            draft.unit_columns,
            vocabulary=draft.rules.vocabulary,
            where=Where(draft.file, None, f"templates.{item.id}"),
        )
        for item in draft.templates
    ]
    clauses, bindings = _joined(parts, codes)
    _refuse_doubled([item.id for item in draft.rules.clauses], draft.file)
    _refuse_ambiguous(bindings, draft.file)
    _check_names(clauses, draft.rules, draft.file)
    used = {place for part in listed for place in part.used}
    findings = [*draft.findings, *(finding for part in parts for finding in part.findings), *_idle_status(draft)]
    findings += [*_idle_scopes(draft), *_idle_formalised(draft, used)]
    return Edition(
        "",
        draft.name,
        replace(draft.rules, clauses=clauses),
        draft.layers,
        bindings,
        draft.level,
        draft.period,
        draft.is_illustrative,
        draft.tolerance,
        draft.classes,
        draft.dimensions,
        draft.packs,
        tuple(findings),
        draft.document,
        draft.repeals,
        partial(item_table, [_list_data(item, draft) for item in draft.lists], listed),
        draft.land,
    )


def _wanted(entry: Formal) -> str:
    """Say what an entry looks for besides its text."""
    head = f" under {entry.head!r}" if entry.head else ""
    read = f" and is read as {', '.join(sorted(entry.read))}" if entry.read else ""
    return f"has this text{head}{read}"


def _listed(draft: Draft, units: Layer) -> list[Listed]:
    """Return what each list of the scheme gives."""
    if not draft.lists:
        return []
    assert draft.wording is not None, "a scheme with lists has wording tables"
    mask = Mask(place_names(draft.layers, draft.classes), draft.wording)
    is_only = len(draft.lists) == 1
    shared: dict[str, Any] = {"wording": draft.wording, "formalised": draft.formalised, "mask": mask}
    shared["scopes"] = ZoneScopes(draft.layers, draft.inside)
    return [standing(item, units, is_only=is_only, **shared) for item in draft.lists]


def _list_data(item: SchemeList, draft: Draft) -> dict[str, str]:
    part = f"/{item.name}" if item.name and len(draft.lists) > 1 else ""
    days = {"in_force": item.source.period.start, "repealed": item.source.period.end}
    stated = {name: day.isoformat() if day else "" for name, day in days.items()}
    named = {"name": item.name, "file": item.file, "key": item.key, "part": part}
    return {**named, "document": item.source.citation.document, **stated}


def _idle_formalised(draft: Draft, used: Set[object]) -> list[Finding]:
    """Report what is formalised and stands in no list."""
    findings = []
    for entry in sorted(draft.formalised.entries, key=lambda entry: entry.key):
        if entry.place not in used:
            message = f"no item of a list {_wanted(entry)}: {entry.key!r}"
            zh = f"清单中没有与此结构化条款对应的条文：“{entry.key}”"
            findings.append(Finding("formalised_unused", message, Where(draft.file), (entry.key,), zh=zh))
    return findings


def _idle_status(draft: Draft) -> list[Finding]:
    """Report rows of status tables whose key no unit has: what they say is read nowhere."""
    findings = []
    for table in draft.rules.status:
        if table.by == "all":
            continue
        column = draft.layers["units"].column("code" if table.by == "unit" else "area") or ()
        known = {str(name) for name in column if name}
        for key in sorted(set(table.rows) - known):
            close = near(key, known) if table.otherwise is not None else []
            perhaps = f"; did you mean {', '.join(close[:3])}? There `otherwise` holds now" if close else ""
            message = f"no {table.by} {key!r} is on the map; what the table says of {table.fact} there is read nowhere{perhaps}"
            close_zh = f"；是否应为 {'、'.join(close[:3])}？现按 otherwise 取值" if close else ""
            zh = f"图上没有“{key}”；表中为它填写的 {table.fact} 不起作用{close_zh}"
            findings.append(
                Finding("status_names_no_unit", message, Where(draft.file, None, f"status.{table.fact}"), zh=zh)
            )
    return findings


def _idle_scopes(draft: Draft) -> list[Finding]:
    """Report the units that clauses are bound to and that do not exist: there they speak nowhere."""
    findings = []
    for item in draft.rules.clauses:
        for kind, (missing, close) in names_of_no_unit(item.units, draft.layers["units"]).items():
            perhaps = f"; did you mean {', '.join(close)}?" if close else ""
            message = f"bound to {kind} {', '.join(missing)}, which no unit has: it speaks nowhere{perhaps}"
            close_zh = f"；是否应为 {'、'.join(close)}？" if close else ""
            zh = f"条款限于 {'、'.join(missing)}，但没有这样的单元，因此不适用于任何地方{close_zh}"
            findings.append(
                Finding("clause_names_no_unit", message, Where(draft.file, None, f"clause {item.id}"), zh=zh)
            )
    return findings


def _scoped(draft: Draft, codes: Sequence[str]) -> list[Bound]:
    """Bind clauses to the units that their scope names; those that name none speak for the whole place."""
    columns = {key: draft.layers["units"].column(key) or [""] * len(codes) for key in ("class", "subclass", "area")}
    found = []
    for index, item in enumerate(draft.rules.clauses):
        scope = item.units
        if not scope:
            found.append(Bound("", index, item.id))
            continue
        for row, code in enumerate(codes):
            named = (
                code in scope.codes
                or columns["class"][row] in scope.classes
                or columns["subclass"][row] in scope.subclasses
                or any(str(columns["area"][row] or "").startswith(area) for area in scope.areas)
            )
            if named:
                found.append(Bound(code, index, item.id))
    return found


def _joined(parts: Sequence[Listed], codes: Sequence[str]) -> tuple[tuple[Clause, ...], Bindings]:
    """Join the parts' clauses, and say of each where it stands: in units, in the whole place, or nowhere."""
    index = {code: row for row, code in enumerate(codes)} | {"": WHOLE_PLACE}
    clauses: list[Clause] = []
    rows: list[tuple[int, int, str]] = []
    for part in parts:
        rows += [(index[one.key], len(clauses) + one.clause, one.id) for one in part.bound if one.key in index]
        clauses += part.clauses
    stand = {row for _, row, _ in rows}
    rows += [(NOWHERE, row, item.id) for row, item in enumerate(clauses) if row not in stand]
    rows.sort(key=lambda row: (row[0], row[2], row[1]))
    unit = np.array([row[0] for row in rows], dtype=np.int32)
    clause = np.array([row[1] for row in rows], dtype=np.int32)
    return tuple(clauses), Bindings(unit, clause, [row[2] for row in rows])


def _refuse_ambiguous(bindings: Bindings, file: str) -> None:
    """Refuse two clauses under one id: an answer to the one would be taken for the other."""
    first: dict[str, int] = {}
    for name, clause in zip(bindings.ids, bindings.clause.tolist(), strict=True):
        if first.setdefault(name, clause) != clause:
            raise InputError(
                f"two clauses would both be called {name!r}",
                where=Where(file, None, "lists"),
                hint="give each of the lists a name of its own",
            )


def _refuse_doubled(names: Sequence[str], file: str) -> None:
    seen: set[str] = set()
    doubled = sorted({name for name in names if name in seen or seen.add(name)})  # type: ignore[func-returns-value]
    if doubled:
        raise InputError(
            f"these clause ids stand more than once: {', '.join(doubled[:20])}",
            where=Where(file, None, "clauses"),
            hint="give every clause an id of its own",
        )


def _check_names(clauses: Sequence[Clause], rules: Rules, file: str) -> None:
    asked = [(f"clause {item.id}", item.trees) for item in clauses]
    asked += [(f"term {item.key}", (item.certain, item.possible)) for item in rules.terms]
    asked += [(f"inference {row.key}", (row.when,)) for row in rules.inferences]
    for name, trees in asked:
        refuse_unknown(trees, rules, Where(file, None, name))


def refuse_unknown(trees: Sequence[Node], rules: Rules, where: Where) -> None:
    """Refuse what asks a fact, term or code that is declared nowhere, or a fact for what it is not.

    A layer that is missing is only unknown.

    Raises
    ------
    InputError
        With the nearest name that is declared.
    """
    terms = {item.key for item in rules.terms}
    for leaf in (leaf for tree in trees for leaf in leaves(tree)):
        if isinstance(leaf, TermTest) and leaf.term not in terms:
            raise _unknown("term", leaf.term, terms, where)
        facts = (leaf.amount, *leaf.headroom) if isinstance(leaf, Quota) else ()
        facts += (leaf.fact,) if isinstance(leaf, FactIn | FactIs | FactRange) else ()
        for key in facts:
            if rules.vocabulary.fact(key) is None:
                raise _unknown("fact", key, rules.vocabulary.facts, where)
        if isinstance(leaf, FactIn | FactIs | FactRange):
            _check_values(leaf, rules.vocabulary, where)


def _check_values(leaf: FactIn | FactIs | FactRange, vocabulary: Vocabulary, where: Where) -> None:
    fact = vocabulary.fact(leaf.fact)
    assert fact is not None, "checked before"
    fitting = {FactIn: ("code", "choice", "text"), FactIs: ("truth",), FactRange: ("number", "date")}[type(leaf)]
    try:
        if fact.type not in fitting:
            form = {FactIn: "in", FactIs: "is", FactRange: "a range"}[type(leaf)]
            raise InputError(
                f"asks {form} of the fact {leaf.fact!r}, which is a {fact.type}",
                hint="in is for codes and choices, is for truths, gt, ge, lt, le and between for numbers and days",
            )
        if isinstance(leaf, FactRange) and leaf.unit:
            convert(1.0, leaf.unit, fact.unit or "")
        if isinstance(leaf, FactIn) and fact.type == "code":
            for value in leaf.values:
                vocabulary.systems[str(fact.system)].canonical(value)
        elif isinstance(leaf, FactIn) and fact.type == "choice" and (wrong := set(leaf.values) - set(fact.choices)):
            raise InputError(f"unknown choice {min(wrong)!r}", hint=f"choices: {', '.join(fact.choices)}")
    except InputError as error:
        raise InputError(
            error.message, where=replace(where, field=f"{where.field}.{leaf.fact}"), hint=error.hint
        ) from error


def _unknown(kind: str, key: str, known: Collection[str], where: Where) -> InputError:
    close = near(key, known)
    hint = f"did you mean {close[0]}?" if close else f"declare the {kind} in the scheme or a pack"
    return InputError(f"asks the {kind} {key!r}, which nothing declares", where=where, hint=hint)


def unit_classes(codes: Sequence[str], pattern: str, digits: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return (area, class) that each unit's code states; both empty where the code does not fit the pattern.

    Examples
    --------
    >>> unit_classes(["ZH50010220003", "X"], r"ZH(?P<area>\\d{6})(?P<class>[123])\\d{4}", {"2": "key"})
    [('500102', 'key'), ('', '')]
    """
    form = re.compile(pattern) if pattern else None
    found = []
    for code in codes:
        match = form.fullmatch(code) if form else None
        groups = match.groupdict() if match else {}
        digit = groups.get("class") or ""
        found.append((groups.get("area") or "", digits.get(digit, digit)))
    return found
