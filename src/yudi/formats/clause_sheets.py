"""Clauses, terms and inference tables in Excel, one a row, and turned into YAML and back without loss of meaning."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from yudi.core.dates import Period, parse_date
from yudi.core.errors import InputError, Where, YudiError
from yudi.core.names import near
from yudi.formats.cells import Cell, Sheet
from yudi.formats.headers import Table, header_key, read_table
from yudi.formats.lost_cells import refuse_lost_cells
from yudi.formats.plain_files import read_yaml
from yudi.formats.rule_columns import DESCRIPTIVE, KINDS, Kind, cell_list, cell_number, cell_value
from yudi.formats.sheets import read_sheets
from yudi.formats.table_files import write_table
from yudi.territory.assignments import assignments
from yudi.territory.clauses import Clause, clause
from yudi.territory.expressions import written
from yudi.territory.formalised import CONDITIONS
from yudi.territory.predicates import All, Any_, FactIn, Node
from yudi.territory.terms import Inference, Term, inference, term

__all__ = ["convert_rules", "read_adopted", "read_clause_sheet"]

Entry = tuple[dict[str, Any], Where]
_EXCEL, _YAML = (".xlsx", ".xlsm"), (".yaml", ".yml")
_REMARKS = ("note", "备注", "note 备注", "说明", "remark", "remarks", "序号")
_ADOPTED = ("", "adopted", "采用", "adopted 采用")
_PROPOSED = ("proposal", "建议", "proposal 建议")
_MARKS = {"clauses": ("effect",), "terms": ("in", "may"), "inferences": ("when", "then")}
_WITHOUT_ID = "text"  # an entry that formalises a text of a list has no id of its own
_DAYS = ("after", "from", "before", "until")


def read_clause_sheet(path: Path) -> list[Entry]:
    """Return the entries of a sheet of rules as `read_yaml` gives them, each with its spreadsheet row.

    The kind follows from the headers: ``effect`` for clauses, ``in`` or ``may`` for terms, ``when`` and ``then`` for
    inferences. Other sheets of the file may hold anything that has none of these headers; columns of remarks
    (备注, note) are left out.

    Raises
    ------
    InputError
        Naming file, row and column: for a header that is not known, a cell that cannot be read, a file with no
        sheet of rules or with several.
    """
    return _read(path)[1]


def read_adopted(path: Path) -> tuple[list[Entry], int]:
    """Return the entries of a sheet in which an office formalises, and how many of its rows are still proposals.

    A row whose ``status`` is *adopted* is an entry, and so is one with a blank status that an office wrote itself, which
    has nothing in ``read``; it needs an effect, a subject unless it is a note, and a factor if it is an offset.

    Raises
    ------
    InputError
        As `read_clause_sheet`, and for a status that is not known.
    """
    _, entries, left = _read(path)
    return entries, left


def convert_rules(source: Path, target: Path) -> tuple[int, str]:
    """Turn rules from YAML into Excel or back; return how many there are, and their kind (a key of ``KINDS``).

    What was written is read again and compared before it takes its place: a failure leaves the target as it was.
    Comments of YAML and remarks of a sheet are not carried over.

    Raises
    ------
    InputError, NotFoundError, LimitError
        Naming file, row and field of the source, or the target that cannot be written.
    """
    _check_forms(source, target)
    kind, entries = _entries(source)
    made = [_made(kind, data, where) for data, where in entries]
    part = target.with_name(f".{target.stem}.part{target.suffix}")
    try:
        if target.suffix.lower() in _YAML:
            part.write_text(_as_yaml(entries), encoding="utf-8", newline="\n")
        else:
            _write_sheet(part, kind, [_cells(kind, item, *entry) for item, entry in zip(made, entries, strict=True)])
        _check_kept(part, made, [where for _, where in entries])
        part.replace(target)
    except OSError as error:
        message = f"expected a place to write to, got {error.strerror}"
        raise InputError(message, where=Where(str(target)), hint="check the folder, and close the file") from error
    finally:
        part.unlink(missing_ok=True)
    return len(entries), kind.name


def _check_forms(source: Path, target: Path) -> None:
    for path, allowed in ((source, _EXCEL + _YAML), (target, (*_YAML, ".xlsx"))):
        if path.suffix.lower() not in allowed:
            message = f"expected a file name ending in {', '.join(allowed)}, got {path.name!r}"
            raise InputError(message, where=Where(path.name), hint="change the ending")
    if (source.suffix.lower() in _YAML) is (target.suffix.lower() in _YAML):
        message = f"expected YAML and Excel, got {source.suffix} and {target.suffix}"
        raise InputError(message, where=Where(target.name), hint="give the target the other ending")
    if target.is_dir() or not target.parent.is_dir():
        message = "expected a file name in a folder that is there, got otherwise"
        raise InputError(message, where=Where(str(target)), hint="make the folder, or choose another name")


def _entries(source: Path) -> tuple[Kind, list[Entry]]:
    if source.suffix.lower() in _EXCEL:
        kind, entries, _ = _read(source)
    else:
        entries = read_yaml(source)
        kind = _kind_of_entries(entries)
    if not entries:
        raise InputError("expected at least one entry, got none", where=Where(source.name), hint="fill it first")
    return kind, entries


def _kind_of_entries(entries: Sequence[Entry]) -> Kind:
    first: tuple[str, Where] | None = None
    for data, where in entries:
        kinds = [name for name, marks in _MARKS.items() if any(mark in data for mark in marks)]
        if len(kinds) != 1:
            wanted = "effect (a clause), in or may (a term), or when and then (an inference)"
            raise InputError(
                f"expected an entry with {wanted}, got the keys {', '.join(map(str, data))}",
                where=where,
                hint="facts, documents and wording have no form in Excel" if not kinds else "part the entry in two",
            )
        first = first or (kinds[0], where)
        if kinds[0] != first[0]:
            message = f"expected {first[0]} as in row {first[1].row}, got {kinds[0]}"
            raise InputError(message, where=where, hint="keep clauses, terms and inferences in files of their own")
    return KINDS[first[0] if first else "clauses"]


def _made(kind: Kind, data: Mapping[str, Any], where: Where) -> Clause | Term | Inference:
    if kind.name == "terms":
        return term(data, where)
    if kind.name == "inferences":
        return inference(data, where)
    stated = {name: value for name, value in data.items() if name not in CONDITIONS}
    return clause({"id": _WITHOUT_ID, **stated} if data.get("text") else stated, where)


def _check_kept(part: Path, made: Sequence[Any], places: Sequence[Where]) -> None:
    """Read what was written and hold it against what was meant; letters that a file cannot hold are found here."""
    try:
        kind, entries = _entries(part)
        kept = [_made(kind, data, where) for data, where in entries]
    except YudiError as error:
        where = Where(places[0].file, field=error.where.field)
        message = f"expected what the other form can hold, got otherwise: {error.message}"
        raise InputError(message, where=where, hint=error.hint) from error
    if len(kept) != len(made):
        message = f"expected {len(made)} entries in what was written, got {len(kept)}"
        raise InputError(message, where=Where(places[0].file), hint="look for an entry that repeats the header")
    for before, after, where in zip(made, kept, places, strict=True):
        if before != after:
            field = next(name for name, value in vars(before).items() if value != getattr(after, name))
            message = f"expected what the other form can hold, got {getattr(before, field)!r}"
            hint = "take out blanks around texts, control characters and empty values"
            raise InputError(message, where=Where(where.file, where.row, field), hint=hint)


def _read(path: Path) -> tuple[Kind, list[Entry], int]:
    sheet, kind = _rule_sheet(path)
    refuse_lost_cells(path)
    roles = {column.role: column.spellings for column in kind.columns} | dict.fromkeys(_REMARKS, ())
    roles |= {column.role: column.spellings for column in DESCRIPTIVE if column.role not in roles}
    table = read_table(sheet, roles, required=kind.required)
    _refuse_unknown(table, kind)
    found: list[Entry] = []
    left = 0
    for row, cells in table.rows:
        flat = {}
        for column in kind.columns:
            try:
                value = cell_value(cells.get(column.role), column)
            except InputError as error:
                field = " ".join(table.columns[column.role].split())
                raise InputError(error.message, where=Where(table.file, row, field), hint=error.hint) from error
            if value is not None:
                flat[column.role] = value
        where = Where(table.file, row)
        is_office_row = kind.name == "clauses" and flat and ("status" in table.columns or "read" in flat)
        if is_office_row and not _is_adopted(flat, table, where):
            left += 1
        elif flat:
            _refuse_two_texts(kind, flat, where)
            found.append((_nested(kind, flat), where))
    return kind, found, left


def _is_adopted(flat: dict[str, Any], table: Table, where: Where) -> bool:
    """Tell whether a row of a sheet with a status counts, and put what it says of its adoption where a clause keeps it."""
    status = " ".join(str(flat.pop("status", "")).split())
    # A row that came with what was read is a proposal until somebody says otherwise, also if its status was lost.
    if status in _PROPOSED or (not status and "read" in flat):
        return False
    if status not in _ADOPTED:
        message = f"expected proposal 建议, adopted 采用 or blank, got {status!r}"
        raise InputError(message, where=_in_column(table, where, "status"), hint="choose one of the list in the cell")
    for role, hint in (("effect", "say what it does, or set its status to proposal"), ("subject", _WHOM)):
        if role not in flat and (role == "effect" or flat.get("effect") != "note"):
            message = f"expected the {role} of a row that is adopted, got a blank cell"
            raise InputError(message, where=_in_column(table, where, role), hint=hint)
    if flat.get("effect") == "offset" and "factor" not in flat:
        message = "expected the factor of what is adopted as offset, got a blank cell"
        raise InputError(message, where=_in_column(table, where, "factor"), hint="1 is equal replacement, 2 double")
    if flat.get("effect") in ("require", "quota") and "test" not in flat:
        message = f"expected the test of what is adopted as {flat['effect']}, got a blank cell"
        raise InputError(
            message, where=_in_column(table, where, "test"), hint="say what must hold; meets:{id} is true asks a person"
        )
    said = {name: flat.pop(name, None) for name in ("adopted_by", "adopted_on")}
    if any(said.values()):
        flat["because"] = [*flat.get("because", ()), *(f"{name}:{value}" for name, value in said.items() if value)]
    if "head" in table.columns:
        flat.setdefault("head", "")
    return True


_WHOM = "say whom it means; all() means every project"


def _in_column(table: Table, where: Where, role: str) -> Where:
    return Where(where.file, where.row, " ".join(table.columns.get(role, role).split()))


def _refuse_two_texts(kind: Kind, flat: Mapping[str, Any], where: Where) -> None:
    """Refuse a clause without id in two languages: it replaces a text of a list, which stands there in one."""
    if kind.name == "clauses" and "id" not in flat and len({flat.get("text_zh"), flat.get("text_en")} - {None}) > 1:
        message = "expected an id, or the text of a list that the clause replaces, got texts in two languages"
        raise InputError(message, where=where, hint="fill in the id, or leave one of the two texts blank")


def _rule_sheet(path: Path) -> tuple[Sheet, Kind]:
    sheets = read_sheets(path)
    found = [(sheet, kind) for sheet in sheets for kind in KINDS.values() if _is_of(sheet, kind)]
    if len(found) == 1:
        return found[0]
    wanted = "; ".join(f"{name}: {', '.join(kind.marks)}" for name, kind in KINDS.items())
    if not found:
        message = f"expected a header row with the columns of one kind of rules ({wanted}), got none"
        raise InputError(message, where=Where(path.name), hint="see the guide on clauses, or convert a YAML file first")
    got = " and ".join(f"{kind.name} in {sheet.name!r}" for sheet, kind in found)
    message = f"expected one sheet with one kind of rules, got {got}"
    raise InputError(message, where=Where(path.name), hint="keep each in a file of its own")


def _is_of(sheet: Sheet, kind: Kind) -> bool:
    """Return whether a row near the top has a column that only this kind has, and another of its columns."""
    names = {column.role: {header_key(text) for text in (column.role, *column.spellings)} for column in kind.columns}
    for row in sheet.cells[:10]:
        keys = {header_key(cell) for cell in row if isinstance(cell, str)}
        roles = {role for role, spellings in names.items() if keys & spellings}
        if len(roles) > 1 and roles & set(kind.marks):
            return True
    return False


def _refuse_unknown(table: Table, kind: Kind) -> None:
    for header in table.unknown:
        used = [row for row, cells in table.rows if cells.get(f"*{header}") is not None]
        if used:
            names = {header_key(text): column.header for column in kind.columns for text in column.spellings}
            close = near(header_key(header), names)
            hint = f"did you mean {names[close[0]]}?" if close else "head a column of remarks with 备注 or note"
            message = f"expected a known column, got {' '.join(header.split())!r} with values from row {used[0]} on"
            raise InputError(message, where=Where(table.file, table.header_row), hint=hint)


def _nested(kind: Kind, flat: Mapping[str, Any]) -> dict[str, Any]:
    """Return an entry as YAML nests it, in the order of the columns."""
    entry: dict[str, Any] = {}
    for role, value in flat.items():
        head, _, tail = role.partition("_")
        if role in ("text_zh", "text_en", "body_zh", "body_en", "label_zh", "label_en"):
            entry.setdefault(head, {})[tail] = value
        elif kind.name == "clauses" and role in ("document", "article"):
            entry.setdefault("citation", {})[role] = value
        elif role == "units" or role.startswith("unit_"):
            entry.setdefault("units", {})[tail or "codes"] = value
        elif role in ("in", "in_if", "may", "may_if"):
            entry[head] = entry.get(head, []) + value
        else:
            entry[role] = value
    if kind.name == "terms" and not {"in", "may"} & set(entry):
        entry["in"] = []
    for key in ("text", "body", "label"):
        if key in entry:
            entry[key] = _same_words(entry[key], is_key=key == "text" and "id" not in entry)
    return entry


def _same_words(text: Mapping[str, str], *, is_key: bool) -> str | Mapping[str, str]:
    """Return a text as one string where both languages are alike, or where it is the text that an entry replaces."""
    both = set(text.values())
    return both.pop() if len(both) == 1 and (len(text) == 2 or is_key) else text


def _cells(kind: Kind, item: Any, data: Mapping[str, Any], where: Where) -> dict[str, Cell]:
    """Return the cells of a row by role, those absent that are blank."""
    try:
        flat = _FLAT[kind.name](item)
    except InputError as error:
        raise InputError(error.message, where=where, hint=error.hint) from error
    if kind.name == "clauses" and "id" not in data:
        flat |= {"id": None, "text_en": None if item.text.zh == item.text.en else item.text.en}
    flat |= {
        name: tuple(value) if isinstance(value, list) else value for name in CONDITIONS if (value := data.get(name))
    }
    cells = {role: cell_list(value) if isinstance(value, tuple) else value for role, value in flat.items()}
    return {role: value for role, value in cells.items() if value not in ("", None) and value is not False}


def _clause_cells(item: Clause) -> dict[str, Any]:
    flat: dict[str, Any] = {name: getattr(item, name) for name in ("id", "effect", "dimension", "level", "silent_for")}
    flat["factor"] = None if item.factor is None else cell_number(item.factor)
    flat |= {f"{name}_{side}": getattr(getattr(item, name), side) for name in ("text", "body") for side in ("zh", "en")}
    flat |= {"document": item.citation.document, "article": item.citation.article, **_days(item.period)}
    flat |= {"units": item.units.codes, "unit_classes": item.units.classes}
    flat |= {"unit_subclasses": item.units.subclasses, "unit_areas": item.units.areas}
    flat |= {role: _unless_all(getattr(item, role)) for role in ("scope", "subject", "test")}
    flat |= {"except": "" if item.exceptions is None else written(item.exceptions)}
    flat |= {"basis": "" if item.basis == "read" else item.basis, "at_large": item.is_at_large}
    return flat | {"terms": item.terms, "because": item.because}


def _term_cells(item: Term) -> dict[str, Any]:
    fact = next(
        (part.fact for node in (item.certain, item.possible) for part in _parts(node)[:1] if _is_codes(part)), ""
    )
    sure, sure_if = _codes(item.certain, fact)
    may, may_if = _codes(item.possible, fact)
    flat = {"key": item.key, "label_zh": item.label.zh, "label_en": item.label.en, "fact": fact, "names": item.names}
    flat |= {"in": sure, "in_if": sure_if, "may": may, "may_if": may_if}
    return flat | {"adopted_by": item.adopted_by, "ground": item.ground, **_days(item.period)}


def _inference_cells(item: Inference) -> dict[str, Any]:
    names = {"key": item.key, "when": written(item.when), "kind": item.kind, "document": item.document}
    return names | {"then": assignments(item.then), "ground": item.ground, **_days(item.period)}


def _days(period: Period) -> dict[str, Any]:
    return {"in_force": period.start, "repealed": period.end}


def _unless_all(node: Node) -> str:
    return "" if node == All() else written(node)


def _parts(node: Node) -> tuple[Any, ...]:
    return node.parts if isinstance(node, Any_) else (node,)


def _is_codes(node: Node) -> bool:
    return isinstance(node, FactIn) and bool(node.values)


def _codes(node: Node, fact: str) -> tuple[tuple[str, ...], str]:
    """Return the codes that a part of a term lists, and its other alternatives as an expression."""
    parts = _parts(node)
    codes = parts[0].values if parts and _is_codes(parts[0]) and parts[0].fact == fact else ()
    rest = parts[1:] if codes else parts
    is_one = len(rest) == 1 and not isinstance(rest[0], Any_)
    return codes, "" if not rest else written(rest[0] if is_one else Any_(rest))


_FLAT: Mapping[str, Callable[[Any], dict[str, Any]]] = {
    "clauses": _clause_cells,
    "terms": _term_cells,
    "inferences": _inference_cells,
}


def _write_sheet(path: Path, kind: Kind, rows: Sequence[Mapping[str, Cell]]) -> None:
    columns = [
        column for column in kind.columns if not column.is_rare or any(row.get(column.role) is not None for row in rows)
    ]
    cells = [[row.get(column.role) for column in columns] for row in rows]
    headers, widths = [column.header for column in columns], [column.width for column in columns]
    write_table(path, headers, cells, sheet=kind.sheet, widths=widths)


def _as_yaml(entries: Iterable[Entry]) -> str:
    """Return entries as YAML in the order of the columns, with a blank line between them."""
    blocks = [
        yaml.dump([_tidied(data)], Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)
        for data, _ in entries
    ]
    return "\n".join(blocks)


def _tidied(value: Any, key: str = "") -> Any:
    """Return plain data with whole numbers and days as YAML writes them best."""
    if isinstance(value, Mapping):
        days = _DAYS if "fact" in value and key != "then" else ()
        tidied = {str(name): _tidied(inner, str(name)) for name, inner in value.items()}
        return {name: parse_date(inner) if name in days else inner for name, inner in tidied.items()}
    if isinstance(value, list | tuple):
        return [_tidied(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else value


class _Dumper(yaml.SafeDumper):
    """Block style with indented lists, texts of several lines as such, and nothing named to be repeated."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002 - of PyYAML
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - of PyYAML
        return True


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _represent_text)
