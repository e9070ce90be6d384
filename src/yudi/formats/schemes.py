"""A scheme's files become a draft: maps with their roles, lists with their rows, rules of packs and offices."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import shapely

from yudi.core.dates import Period, parse_date
from yudi.core.errors import InputError, NotFoundError, Where
from yudi.core.findings import Finding
from yudi.core.names import near
from yudi.core.words import Words, words
from yudi.formats.clause_sheets import read_adopted
from yudi.formats.land_files import number_column, read_land, with_named_codes
from yudi.formats.list_files import read_list
from yudi.formats.rule_files import RuleSet, entries_of, merged, read_packs, read_rules
from yudi.formats.scheme_checks import check_scheme
from yudi.formats.scheme_file import LayerEntry, SchemeFile, StatusEntry, TemplateEntry, read_toml
from yudi.formats.sheets import Cell, read_sheets, read_table
from yudi.formats.vectors import VectorTable, read_vectors
from yudi.territory.clauses import Citation, Document
from yudi.territory.draft import Draft, refuse_unknown, unit_classes
from yudi.territory.edition import Layer, Rules, StatusTable, Tolerance
from yudi.territory.facts import Value, Vocabulary
from yudi.territory.formalised import formalisations
from yudi.territory.predicates import parse
from yudi.territory.projects import read_facts
from yudi.territory.prose import wording
from yudi.territory.standing import SchemeList
from yudi.territory.templates import ENDS, Template

__all__ = ["read_scheme"]

Tell = Callable[[str, int, int], None]
_UNIT_ROLES = ("code", "name", "class", "subclass", "area")


def read_scheme(path: Path, *, tell: Tell | None = None) -> Draft:
    """Return the draft that a `scheme.toml` and the files that it names make.

    Parameters
    ----------
    tell : callable
        Is told each file as it is read, how many are done, and of how many.

    Raises
    ------
    InputError, NotFoundError, LimitError
        Naming file, row and field, with what was expected and the next step.
    """
    scheme = read_toml(path, SchemeFile)
    check_scheme(scheme, path.name)
    folder, head = path.parent, scheme.scheme
    steps = len(scheme.layers) + len(scheme.lists) + 1
    done = iter(range(steps))

    def step(name: str) -> None:
        if tell is not None:
            tell(name, next(done), steps)

    step("rules")
    own = read_rules(scheme.rules, folder, path.name)
    rules = merged([*read_packs(head.packs, folder), own])
    scheme = with_named_codes(scheme, rules.codes)
    _refuse_head(scheme, rules, path.name)
    vocabulary = _vocabulary(rules, path.name)
    layers, unit_columns, findings = _layers(scheme, folder, rules, step)
    lists: list[tuple[SchemeList, list[Finding]]] = []
    for entry in scheme.lists:
        step(entry.path)
        lists.append(read_list(entry, folder, rules, scheme))
    status = [_status(entry, folder, vocabulary) for entry in scheme.status]
    _refuse_two_tables(status)
    formal, remarks = _formal(scheme.formalised, folder)
    formalised = formalisations(formal)
    stated = Rules(
        vocabulary, rules.clauses, rules.terms, rules.inferences, _documents(rules, scheme, path.name), tuple(status)
    )
    for one in formalised.entries:
        refuse_unknown(one.clause.trees, stated, replace(one.where, field=one.clause.id))
    return Draft(
        words(head.name),
        Period(head.valid_from, head.valid_to),
        stated,
        layers,
        unit_columns,
        head.level,
        head.illustrative,
        Tolerance(head.tolerance.depth_m, head.tolerance.share),
        read_land(scheme, folder, layers, rules.subclasses),
        rules.classes,
        rules.dimensions,
        tuple(head.packs),
        lists=_whole_lists([item for item, _ in lists]),
        says_itself=bool(own.clauses),
        silence=head.silence,
        wording=wording(rules.wording) if scheme.lists else None,
        formalised=formalised,
        templates=tuple(_template(entry, path.name) for entry in scheme.templates),
        findings=(*findings, *(finding for _, found in lists for finding in found)),
        file=path.name,
        document=head.document,
        repeals=head.repeals,
        inside=rules.inside,
        remarks=tuple(remarks),
    )


def _whole_lists(parts: Sequence[SchemeList]) -> tuple[SchemeList, ...]:
    """Return the lists, with files of one name and meaning as one: a unit is without a row if it stands in none."""
    found: dict[tuple[Any, ...], SchemeList] = {}
    for place, item in enumerate(parts):
        source = item.source
        same = (item.name, item.key, source.level, source.citation.document, source.period) if item.name else (place,)
        other = found.get((*same, tuple(sorted(item.silence.items())), item.free))
        if other is not None:
            item = replace(
                other,
                rows=(*other.rows, *item.rows),
                dimensions=tuple(dict.fromkeys((*other.dimensions, *item.dimensions))),
            )
        found[(*same, tuple(sorted(item.silence.items())), item.free)] = item
    return tuple(found.values())


def _formal(names: Sequence[str], folder: Path) -> tuple[list[tuple[dict[str, Any], Where]], list[Finding]]:
    """Return what the files formalise, and how much of each is still a proposal."""
    entries: list[tuple[dict[str, Any], Where]] = []
    remarks = []
    for name in names:
        path = _there(folder, name, "formalised")
        if path.suffix.lower() not in (".xlsx", ".xlsm"):
            entries += entries_of(path)
            continue
        adopted, left = read_adopted(path)
        entries += adopted
        if left:
            message = f"{left} rows are still proposals and change nothing; {len(adopted)} are adopted"
            remarks.append(
                Finding(
                    "proposals_left",
                    message,
                    Where(path.name),
                    zh=f"有 {left} 行仍是建议，不起作用；已采用 {len(adopted)} 行",
                )
            )
    return entries, remarks


def _refuse_head(scheme: SchemeFile, rules: RuleSet, file: str) -> None:
    if scheme.scheme.silence not in ("open", "none"):
        where = Where(file, None, "scheme.silence")
        raise InputError(f"unknown silence {scheme.scheme.silence!r}", where=where, hint="open or none")
    if scheme.lists and not rules.wording:
        raise InputError(
            "a list needs tables of words, but neither scheme nor packs name any",
            where=Where(file, None, "rules.wording"),
            hint='include the pack "cn", or name a folder of tables',
        )


def _there(folder: Path, name: str, field: str) -> Path:
    path = folder / name
    if not path.exists():
        where = Where("scheme.toml", None, field)
        raise NotFoundError(f"no file {name!r}", where=where, hint="paths count from the scheme's folder")
    return path


def _vocabulary(rules: RuleSet, file: str) -> Vocabulary:
    try:
        vocabulary = Vocabulary(rules.facts, rules.systems)
    except InputError as error:
        raise InputError(error.message, where=Where(file, None, "rules.facts"), hint=error.hint) from error
    for row in rules.inferences:
        where = Where(file, None, f"inference {row.key}")
        try:
            _, unknown = read_facts(row.then, vocabulary, where, is_stated=False)
        except InputError as error:
            raise InputError(error.message, where=where, hint=error.hint) from error
        if unknown:
            message = f"gives the fact {next(iter(unknown))!r}, which nothing declares"
            raise InputError(message, where=where, hint="declare the fact in the scheme or a pack")
    return vocabulary


def _documents(rules: RuleSet, scheme: SchemeFile, file: str) -> Mapping[str, Document]:
    named = [("scheme", scheme.scheme.document)]
    named += [(f"lists.{item.path}", item.document) for item in scheme.lists]
    named += [(f"templates.{item.id}", item.document) for item in scheme.templates]
    for field, name in named:
        if name and name not in rules.documents:
            close = near(name, rules.documents)
            raise InputError(
                f"the document {name!r} is not declared",
                where=Where(file, None, f"{field}.document"),
                hint=f"did you mean {close[0]}?" if close else "add it under [[rules.documents]]",
            )
    for item in rules.clauses:
        for kind, name, known in (
            ("document", item.citation.document, rules.documents),
            ("dimension", item.dimension, rules.dimensions),
        ):
            if name and name not in known and (close := near(name, known)):
                raise InputError(
                    f"names the {kind} {name!r}, which is not declared",
                    where=Where(file, None, f"clause {item.id}"),
                    hint=f"did you mean {close[0]}?",
                )
    return rules.documents


def _layers(
    scheme: SchemeFile, folder: Path, rules: RuleSet, step: Callable[[str], None]
) -> tuple[dict[str, Layer], dict[str, Sequence[Any]], list[Finding]]:
    findings: list[Finding] = []
    read: dict[str, list[tuple[LayerEntry, VectorTable]]] = {}
    for entry in scheme.layers:
        step(entry.path)
        table = read_vectors(
            _there(folder, entry.path, f"layers.{entry.name}.path"),
            layer=entry.layer,
            crs=entry.crs or scheme.scheme.crs,
            encoding=entry.encoding,
            shift=entry.shift,
            bounds=tuple(scheme.scheme.extent) if scheme.scheme.extent else None,  # type: ignore[arg-type]
            may_be_empty=entry.extent is not None and entry.role == "reference",
        )
        findings += table.findings
        name = "units" if entry.role == "units" else entry.name
        read.setdefault(name, []).append((entry, table))
    used = {column for item in scheme.templates for column in _template(item, "scheme.toml").columns()}
    layers: dict[str, Layer] = {}
    columns: dict[str, Sequence[Any]] = {}
    for name, parts in read.items():
        if name == "units":
            columns = _all_columns([table for _, table in parts])
        layers[name] = _layer(name, parts, scheme, rules)
        for entry, table in parts:
            findings += _unused(entry, table, rules, used if name == "units" else set())
    return layers, columns, findings


def _layer(name: str, parts: Sequence[tuple[LayerEntry, VectorTable]], scheme: SchemeFile, rules: RuleSet) -> Layer:
    tables = [_columns(entry, table, scheme, rules) for entry, table in parts]
    joined = pa.concat_tables(tables, promote_options="permissive")
    geometry = [shape for _, table in parts for shape in table.geometry]
    first = parts[0][0]
    if name == "units":
        _refuse_doubled_codes(joined, parts)
        for entry, table in parts:
            _refuse_thin(entry, table)
    accuracy = first.accuracy_m if first.accuracy_m is not None else scheme.scheme.accuracy_m
    return Layer(
        name,
        first.role,
        _array(geometry),
        joined,
        words(first.label),
        first.shape,
        accuracy,
        first.element,
        "width_m" if first.width else "",
        first.flow,
        shapely.box(*first.extent) if first.extent else None,
    )


def _refuse_thin(entry: LayerEntry, table: VectorTable) -> None:
    """Refuse units that are no areas: no site would ever lie in them."""
    thin = np.flatnonzero(shapely.get_dimensions(table.geometry) < 2)
    if thin.size:
        row, kind = int(table.rows[thin[0]]), table.geometry[thin[0]].geom_type
        raise InputError(
            f"expected the polygons of units, got {len(thin)} of another kind, the first a {kind}",
            where=Where(entry.path, row, "geometry"),
            hint='draw them as areas, or give the layer the role "zones" or "reference"',
        )


def _array(shapes: Sequence[Any]) -> Any:
    found = np.empty(len(shapes), dtype=object)
    found[:] = shapes
    return found


def _columns(entry: LayerEntry, table: VectorTable, scheme: SchemeFile, rules: RuleSet) -> pa.Table:
    """Return the layer's columns under their roles: code and name, class and area of units, declared fields, width."""
    found: dict[str, pa.Array] = {}
    where = Where(entry.path)
    for role in (*_UNIT_ROLES, "width"):
        source = entry.columns.get(role) or (entry.width if role == "width" else "") or _recognised(role, table, rules)
        if source:
            column = _source(source, table, where, role)
            found["width_m" if role == "width" else role] = column if role == "width" else _text(column, role)
    if printed := entry.columns.get("published_area"):
        areas = _source(printed, table, where, "published_area")
        found["published_area"] = number_column(areas, replace(where, field=printed))
    found |= {role: pa.array([value] * len(table.rows), pa.string()) for role, value in entry.constants.items()}
    found |= {name: _source(source, table, where, name) for name, source in entry.fields.items()}
    if "code" not in found:
        if entry.role == "units":
            raise InputError(
                "expected a column with the unit codes",
                where=where,
                hint=f"set columns.code; the file has {', '.join(table.columns.column_names[:12])}",
            )
        found["code"] = pa.array([""] * len(table.rows), pa.string())
    if "name" not in found:
        found["name"] = found["code"]
    if entry.role == "units":
        if "class" in found:
            found["class"] = pa.array([rules.class_key(value) for value in found["class"].to_pylist()], pa.string())
        found |= _from_codes(found, scheme, where)
    return pa.table(found)


def _from_codes(found: Mapping[str, pa.Array], scheme: SchemeFile, where: Where) -> dict[str, pa.Array]:
    codes = found["code"].to_pylist()
    for row, code in enumerate(codes, 1):
        if not code:
            raise InputError(
                "expected a unit code, got an empty cell",
                where=Where(where.file, row, "code"),
                hint="every unit needs its code",
            )
    stated = unit_classes(codes, scheme.scheme.codes.pattern, scheme.scheme.codes.classes)
    derived = {"area": [area for area, _ in stated], "class": [kind for _, kind in stated]}
    return {
        role: pa.array(values, pa.string()) for role, values in derived.items() if role not in found and any(values)
    }


def _recognised(role: str, table: VectorTable, rules: RuleSet) -> str:
    names = rules.columns.get(f"map_{role}", ())
    there = {name.strip().casefold(): name for name in table.columns.column_names}
    return next((there[name.casefold()] for name in names if name.casefold() in there), "")


def _source(source: str, table: VectorTable, where: Where, role: str) -> pa.Array:
    if source not in table.columns.column_names:
        if not len(table.rows):  # a GeoJSON without features has no columns either
            return pa.array([], pa.string())
        raise InputError(
            f"no column {source!r} for {role}",
            where=where,
            hint=f"the file has {', '.join(table.columns.column_names[:12])}{', …' if table.columns.num_columns > 12 else ''}",
        )
    return table.columns.column(source).combine_chunks()


def _text(column: pa.Array, role: str) -> pa.Array:
    """Return a column as text; full-width letters of codes as the plain ones that they stand for."""
    values = []
    for value in column.to_pylist():
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        text = None if value is None else str(value).strip()
        values.append(unicodedata.normalize("NFKC", text) if text and role in ("code", "area") else text)
    return pa.array(values, pa.string())


def _refuse_doubled_codes(joined: pa.Table, parts: Sequence[tuple[LayerEntry, VectorTable]]) -> None:
    rows: dict[str, list[str]] = {}
    places = [(entry.path, int(row)) for entry, table in parts for row in table.rows]
    for code, (file, row) in zip(joined.column("code").to_pylist(), places, strict=True):
        rows.setdefault(code, []).append(f"{file} row {row}")
    doubled = {code: where for code, where in rows.items() if len(where) > 1}
    if doubled:
        shown = "; ".join(f"{code} ({', '.join(where)})" for code, where in list(doubled.items())[:20])
        more = f" and {len(doubled) - 20} more" if len(doubled) > 20 else ""
        raise InputError(
            f"doubled unit codes: {shown}{more}",
            where=Where(parts[0][0].path, None, "code"),
            hint="a unit of several parts is one feature; give each unit a code of its own",
        )


def _all_columns(tables: Sequence[VectorTable]) -> dict[str, Sequence[Any]]:
    joined = pa.concat_tables([table.columns for table in tables], promote_options="permissive")
    return {name: joined.column(name).to_pylist() for name in joined.column_names}


def _unused(entry: LayerEntry, table: VectorTable, rules: RuleSet, used: set[str]) -> list[Finding]:
    taken = {*entry.columns.values(), *entry.fields.values(), entry.width, *used}
    taken |= {_recognised(role, table, rules) for role in _UNIT_ROLES}
    rest = [name for name in table.columns.column_names if name not in taken]
    if not rest:
        return []
    zh = f"有 {len(rest)} 列未用：{'、'.join(rest)}"
    return [Finding("columns_unused", f"{len(rest)} columns have no role: {', '.join(rest)}", Where(entry.path), zh=zh)]


def _status(entry: StatusEntry, folder: Path, vocabulary: Vocabulary) -> StatusTable:
    fact = vocabulary.fact(entry.fact)
    if fact is None or fact.provider != "status":
        raise InputError(
            f"{entry.fact!r} is no fact with provider status",
            where=Where("scheme.toml", None, "status.fact"),
            hint="declare it in the vocabulary with provider: status",
        )
    if entry.by not in ("unit", "area", "all"):
        raise InputError(
            f"unknown by {entry.by!r}", where=Where("scheme.toml", None, "status.by"), hint="unit, area or all"
        )
    roles = {role: [entry.columns.get(role, role)] for role in ("key", "value", "from", "until")}
    sheet = read_sheets(_there(folder, entry.path, "status.path"), sheet=entry.sheet, encoding=entry.encoding)[0]
    table = read_table(sheet, roles, required=("value",) if entry.by == "all" else ("key", "value"))
    stated = Vocabulary({fact.key: replace(fact, provider="project")}, vocabulary.systems)

    def value(item: Any, where: Where) -> Value | None:
        source = f"{entry.path}"
        found, _ = read_facts({entry.fact: {"value": item, "unit": entry.unit} if entry.unit else item}, stated, where)
        return Value(found[entry.fact].value, found[entry.fact].accuracy, "table", source) if found else None

    rows: dict[str, list[tuple[Period, Value | None]]] = {}
    for number, cells in table.rows:
        where = Where(entry.path, number, entry.fact)
        period = _status_period(cells, Where(entry.path, number))
        key = "" if entry.by == "all" else _key(cells.get("key"))
        if any(period.start == other.start for other, _ in rows.get(key, ())):
            message = f"a second value for {key or 'the same days'}, on days that another row speaks of"
            raise InputError(message, where=where, hint="give each row days of its own under from and until")
        # An empty value says "not known", which neither an earlier row nor `otherwise` fills.
        rows.setdefault(key, []).append((period, value(cells.get("value"), where)))
    otherwise = (
        value(entry.otherwise, Where("scheme.toml", None, "status.otherwise")) if entry.otherwise is not None else None
    )
    return StatusTable(entry.fact, entry.by, {key: tuple(values) for key, values in rows.items()}, otherwise)


def _status_period(cells: Mapping[str, Cell], where: Where) -> Period:
    start, end = (_day(cells.get(role), replace(where, field=role)) for role in ("from", "until"))
    try:
        return Period(start, end)
    except InputError as error:
        raise InputError(error.message, where=replace(where, field="until"), hint=error.hint) from error


def _refuse_two_tables(tables: Sequence[StatusTable]) -> None:
    for index, table in enumerate(tables):
        if any(other.fact == table.fact for other in tables[:index]):
            raise InputError(
                f"{table.fact!r} has two status tables",
                where=Where("scheme.toml", None, "status.fact"),
                hint="put the rows into one table: two could contradict each other",
            )


def _day(cell: Cell, where: Where) -> date | None:
    if cell in (None, ""):
        return None
    if isinstance(cell, bool):
        raise InputError(f"expected a day, got {cell!r}", where=where, hint="write YYYY-MM-DD")
    try:
        return parse_date(cell)
    except InputError as error:
        raise InputError(error.message, where=where, hint=error.hint) from error


def _key(value: Any) -> str:
    key = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value or "")
    return unicodedata.normalize("NFKC", key).strip()


def _template(entry: TemplateEntry, file: str) -> Template:
    where = Where(file, None, f"templates.{entry.id}")
    if bool(entry.values) == bool(entry.number):
        raise InputError(
            "a template has either values or number",
            where=where,
            hint="say what each value does, or which number counts",
        )
    ends = [end for end in ENDS if entry.number.get(end)]
    if entry.number and ("fact" not in entry.number or len(ends) != 1 or set(entry.number) - {"fact", "unit", *ENDS}):
        got = ", ".join(map(str, entry.number))
        raise InputError(
            f"number needs fact and exactly one of {', '.join(ENDS)}, and may have unit; got {got}",
            where=where,
            hint='for example number = { fact = "lot_acres", at_least = true, unit = "acres" }',
        )
    try:
        parse(entry.subject)
    except InputError as error:
        raise InputError(
            error.message, where=Where(file, None, f"templates.{entry.id}.subject"), hint=error.hint
        ) from error
    return Template(
        entry.id,
        entry.column,
        tuple(entry.each) or ({},),
        {key: _tuple(values) for key, values in entry.unless.items()},
        {key: _tuple(values) for key, values in entry.when.items()},
        entry.subject,
        entry.values,
        entry.number,
        entry.effect,
        entry.dimension,
        entry.level,
        words(entry.text) if entry.text else Words(),
        Citation(entry.document, entry.article),
    )


def _tuple(values: str | list[str]) -> tuple[str, ...]:
    return (values,) if isinstance(values, str) else tuple(values)
