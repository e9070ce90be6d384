"""Where the clauses of lists stand, and where a scheme says nothing: silence is a clause too, unless it is freedom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from yudi.core.dates import Period
from yudi.core.errors import InputError, Where
from yudi.core.findings import Finding
from yudi.core.names import near
from yudi.core.words import Words
from yudi.territory.clauses import Clause, UnitScope
from yudi.territory.edition import Layer
from yudi.territory.formalised import Formalised
from yudi.territory.lists import Bound, Listed, ListRow, ListSource, list_clauses, silent_clause
from yudi.territory.masks import Mask
from yudi.territory.prose import Wording
from yudi.territory.zone_scopes import ZoneScopes

__all__ = ["SchemeList", "names_of_no_unit", "standing", "unsaid"]


@dataclass(frozen=True)
class SchemeList:
    """One list: its rows, what they share, by what they are keyed, and what its silence means.

    Parameters
    ----------
    key : str
        ``code``, ``area``, ``class`` or ``all``: what a row's key names.
    dimensions : tuple of str
        Dimensions that the list has a place for; ``""`` speaks for all.
    silence : mapping of class to str
        ``open`` or ``none`` for units of that class without a row; ``""`` is the default.
    free : frozenset of str
        Dimensions in which its silence is freedom.
    """

    name: str
    rows: tuple[ListRow, ...]
    source: ListSource = ListSource()
    key: str = "code"
    dimensions: tuple[str, ...] = ("",)
    silence: Mapping[str, str] = field(default_factory=lambda: {"": "open"})
    free: frozenset[str] = frozenset()
    file: str = ""

    def is_open(self, kind: str) -> bool:
        """Tell whether what the list does not say of a unit of the class is unknown."""
        return self.silence.get(kind, self.silence.get("", "open")) != "none"


def standing(
    item: SchemeList,
    units: Layer,
    *,
    wording: Wording,
    formalised: Formalised,
    is_only: bool,
    mask: Mask | None = None,
    scopes: ZoneScopes | None = None,
) -> Listed:
    """Return a list's clauses and the units in which each stands, with a silent clause for units without a row.

    Parameters
    ----------
    is_only : bool
        The scheme has no other list, so that ids need not name it.
    """
    codes = [str(code) for code in units.column("code") or ()]
    known = codes if item.key == "code" else [str(key or "") for key in units.column(item.key) or ()]
    item = replace(item, rows=_spelled(item.rows, known))
    listed = list_clauses(item.rows, wording, formalised, item.source, mask=mask, scopes=scopes)
    head = f"{item.name or 'list'}/"
    everywhere = [Bound("", one.clause, head + one.id) for one in listed.bound if item.key == "all" or not one.key]
    if item.key == "all":
        return replace(listed, bound=tuple(everywhere))
    keys = codes if item.key == "code" else units.column(item.key)
    if keys is None:
        raise InputError(
            f"the list has a row for each {item.key}, but the units have no {item.key}",
            where=Where(item.file),
            hint=f"set columns.{item.key} of the units' layer, or scheme.codes",
        )
    by_key: dict[str, list[str]] = {}
    for code, key in zip(codes, keys, strict=True):
        by_key.setdefault(str(key or ""), []).append(code)
    rows = {row.key: row for row in reversed(item.rows)}
    findings = [
        Finding(
            "list_names_no_unit",
            f"no {item.key} {key!r} is on the map; its items speak nowhere",
            rows[key].where,
            (key,),
            zh=f"图上没有“{key}”，其条文不适用于任何地方",
        )
        for key in sorted(set(rows) - set(by_key) - {""})
    ]
    name = f"/{item.name}" if item.name and not is_only else ""
    bound = [
        Bound(code, one.clause, f"{one.key}{name}{one.id.removeprefix(one.key)}")
        for one in listed.bound
        if one.key
        for code in by_key.get(one.key, ())
    ]
    silent = [
        code
        for (code, kind), key in zip(_classed(units), keys, strict=True)
        if str(key or "") not in rows and item.is_open(kind)
    ]
    bound += [Bound(code, len(listed.clauses), f"{code}{name}/silent") for code in silent]
    bound += everywhere
    if silent:
        message = f"without a row in the list, so what it asks there is unknown: {_shown(silent)}"
        zh = f"清单中没有下列单元的行，其要求未知：{_shown(silent)}"
        findings.append(Finding("unit_without_row", message, Where(item.file), zh=zh))
    return _kept(replace(listed, clauses=(*listed.clauses, silent_clause(item.source))), bound, findings)


def _spelled(rows: Sequence[ListRow], known: Sequence[str]) -> tuple[ListRow, ...]:
    """Return rows with keys in the map's own spelling where they differ in case alone, and from one key only."""
    official = set(known)
    by_fold: dict[str, set[str]] = {}
    for key in official:
        by_fold.setdefault(key.casefold(), set()).add(key)
    taken = {row.key for row in rows} & official

    def spelled(key: str) -> str:
        alike = by_fold.get(key.casefold(), set()) if key and key not in official else set()
        return next(iter(alike)) if len(alike) == 1 and not alike & taken else key

    return tuple(replace(row, key=found) if (found := spelled(row.key)) != row.key else row for row in rows)


def names_of_no_unit(scope: UnitScope, units: Layer) -> dict[str, tuple[list[str], list[str]]]:
    """Return the names of a scope that no unit has, by kind, each with the names that are perhaps meant."""
    found = {}
    for kind, names in scope.named().items():
        known = {str(name) for name in units.column(_COLUMN[kind]) or ()}
        missing = [name for name in names if name not in known]
        if kind == "areas":
            missing = [name for name in missing if not any(area.startswith(name) for area in known)]
        if missing:
            found[kind] = (missing, list(dict.fromkeys(word for name in missing for word in near(name, known))))
    return found


_COLUMN = {"codes": "code", "classes": "class", "subclasses": "subclass", "areas": "area"}


def unsaid(
    units: Layer,
    lists: Sequence[SchemeList],
    dimensions: Mapping[str, Words],
    *,
    says_otherwise: bool,
    silence: str,
    period: Period,
) -> Listed:
    """Return silent clauses for what no list has a place for, and for days on which none is in force.

    A dimension for which no list of units has a column is unknown in every unit. A scheme with neither lists, nor
    templates, nor clauses of its own says nothing at all.

    Parameters
    ----------
    says_otherwise : bool
        The scheme has templates or clauses of its own.
    silence : str
        The scheme's default, ``open`` or ``none``.
    period : Period
        The edition's days; what is said on others does not matter.
    """
    own = [item for item in lists if item.key == "code"] or [item for item in lists if item.key != "all"]
    if not lists and not says_otherwise and silence != "none":
        everywhere = tuple(Bound(code, 0, f"{code}/silent") for code, _ in _classed(units))
        message = "the scheme has no list, no template and no clause of its own: what it asks is unknown everywhere"
        return Listed(
            (silent_clause(ListSource()),),
            everywhere,
            (Finding("scheme_says_nothing", message, zh="方案没有清单、条款模板或自有条款，各处的要求都未知"),),
        )
    if not own:
        return Listed()
    clauses: list[Clause] = []
    bound: list[Bound] = []
    findings: list[Finding] = []
    for dimension, label in (dimensions or {"": Words()}).items():
        codes = [code for code, kind in _classed(units) if any(item.is_open(kind) for item in own)]
        if not codes or all(dimension in item.free for item in own):
            continue
        said = [item.source.period for item in own if dimension in item.dimensions or "" in item.dimensions]
        for number, gap in enumerate(_gaps(said, period)):
            suffix = f".{number + 1}" if number else ""
            name = "/".join(part for part in (dimension, f"silent{suffix}") if part)
            bound += [Bound(code, len(clauses), f"{code}/{name}") for code in codes]
            text = (
                _NO_DAY
                if said
                else Words(f"清单没有“{label.get('zh')}”一栏", f"the list has no column for {label.get('en')}")
            )
            clauses.append(replace(silent_clause(own[0].source, dimension), id=name, text=text, period=gap))
            findings.append(_unsaid_finding(dimension, label, gap, is_dated=bool(said), file=own[0].file))
    return Listed(tuple(clauses), tuple(bound), tuple(findings))


_NO_DAY = Words("此日没有有效的清单", "no list is in force on this day")


def _unsaid_finding(dimension: str, label: Words, gap: Period, *, is_dated: bool, file: str) -> Finding:
    if not is_dated:
        message = f"no column for {dimension} ({label.get('zh')}), so what is asked there is unknown"
        zh = f"清单没有“{label.get('zh')}”一栏，该维度的要求未知"
        return Finding("dimension_without_column", message, Where(file), zh=zh)
    days = f"{gap.start or '…'} to {gap.end or '…'}"
    of = f"“{label.get('zh')}”" if label else "各单元"
    zh = f"{days.replace(' to ', ' 至 ')} 没有对{of}有效的清单"
    message = f"no list is in force for {dimension or 'the units'} from {days}"
    return Finding("days_without_list", message, Where(file), zh=zh)


def _gaps(said: Sequence[Period], within: Period) -> list[Period]:
    """Return the stretches of a period that none of the periods covers."""
    gaps = []
    start = within.start or date.min
    last = within.end or date.max
    for period in sorted(said, key=lambda one: one.start or date.min):
        begins = period.start or date.min
        if begins > start:
            gaps.append((start, min(begins, last)))
        start = max(start, period.end or date.max)
    if start < last:
        gaps.append((start, last))
    days = [(None if a == date.min else a, None if b == date.max else b) for a, b in gaps if a < b]
    return [Period(*pair) for pair in days]


def _classed(units: Layer) -> list[tuple[str, str]]:
    codes = units.column("code") or ()
    classes = units.column("class") or [""] * len(codes)
    return [(str(code), str(kind or "")) for code, kind in zip(codes, classes, strict=True)]


def _shown(codes: Sequence[str]) -> str:
    return ", ".join(codes[:5]) + (f" and {len(codes) - 5} more" if len(codes) > 5 else "")


def _kept(listed: Listed, bound: Sequence[Bound], findings: Sequence[Finding]) -> Listed:
    """Return the list with the clauses that stand in a unit; one that stands in none must not speak everywhere."""
    order = {old: new for new, old in enumerate(sorted({one.clause for one in bound}))}
    clauses = tuple(listed.clauses[old] for old in order)
    moved = tuple(Bound(one.key, order[one.clause], one.id) for one in bound)
    return replace(listed, clauses=clauses, bound=moved, findings=(*listed.findings, *findings))
