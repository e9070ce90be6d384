"""What a scheme declares of its land, read: how codes are built, which layers tile, which numbers were published."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
from msgspec.structs import replace

from yudi.core.errors import InputError, NotFoundError, Where
from yudi.core.names import near
from yudi.core.words import Words, words
from yudi.formats.plain_files import read_csv_rows
from yudi.formats.scheme_file import CodeEntry, CodePattern, LayerEntry, PublishedEntry, SchemeFile
from yudi.formats.sheets import Cell, read_sheets, read_table
from yudi.territory.edition import Layer
from yudi.territory.land import CodeForm, Ground, Land, Published, cell_table

__all__ = ["number_column", "read_land", "with_named_codes"]

_NOTHING = ("", "-", "–", "—", "/", "无")
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?|[+-]?\.(\d+)")
_CELL = ("row", "key", "area", "class", "measure", "column", "value", "half")
_DECIMALS_MAX = 9  # more come from a computer, not from a printer


def read_land(scheme: SchemeFile, folder: Path, layers: Mapping[str, Layer], subclasses: Mapping[str, Any]) -> Land:
    """Return what a scheme declares of its land.

    Parameters
    ----------
    layers : mapping of name to Layer
        As read, by the names that they have in the edition.
    subclasses : mapping of class to keys
        Those of the packs and of the scheme.

    Raises
    ------
    InputError, NotFoundError
        For a region that is no layer, a table without its columns, and a number that cannot be read.
    """
    head = scheme.scheme
    if head.region and head.region not in layers:
        close = near(head.region, layers)
        raise InputError(
            f"expected the name of a layer, got {head.region!r}",
            where=Where("scheme.toml", None, "scheme.region"),
            hint=f"did you mean {close[0]}?" if close else f"layers: {', '.join(layers)}",
        )
    form = _form(head.codes, folder, "scheme.codes")
    grounds: dict[str, Ground] = {}
    for entry in scheme.layers:
        name = "units" if entry.role == "units" else entry.name
        if name not in grounds and (name == "units" or _says(entry)):
            grounds[name] = _ground(entry, layers[name], folder, form if name == "units" else CodeForm())
    return Land(
        head.region,
        {key: tuple(values) for key, values in subclasses.items()},
        {name: ground for name, ground in grounds.items() if ground != Ground(tiles=name == "units")},
        tuple(_published(entry, folder) for entry in scheme.published),
        head.tolerance.noise_m,
        head.tolerance.sliver_m,
    )


def with_named_codes(scheme: SchemeFile, forms: Mapping[str, CodePattern]) -> SchemeFile:
    """Return the scheme with the forms of codes that it names filled in; what it says itself counts before them.

    Raises
    ------
    InputError
        For a form that neither the scheme nor a pack of it has.
    """
    head = replace(scheme.scheme, codes=_filled(scheme.scheme.codes, forms, "scheme.codes"))
    layers = [
        entry
        if entry.codes is None
        else replace(entry, codes=_filled(entry.codes, forms, f"layers.{entry.name}.codes"))
        for entry in scheme.layers
    ]
    return replace(scheme, scheme=head, layers=layers)


def _filled(entry: CodeEntry, forms: Mapping[str, CodePattern], field: str) -> CodeEntry:
    if not entry.form:
        return entry
    if entry.form not in forms:
        close = near(entry.form, forms)
        raise InputError(
            f"no form of codes is called {entry.form!r}",
            where=Where("scheme.toml", None, f"{field}.form"),
            hint=f"did you mean {close[0]}?" if close else f"there are: {', '.join(forms) or 'none'}",
        )
    form = forms[entry.form]
    return replace(entry, pattern=entry.pattern or form.pattern, classes=entry.classes or form.classes)


def _says(entry: LayerEntry) -> bool:
    return entry.tiles is not None or bool(entry.over) or entry.codes is not None


def _ground(entry: LayerEntry, layer: Layer, folder: Path, form: CodeForm) -> Ground:
    if entry.codes is not None:
        form = _form(entry.codes, folder, f"layers.{entry.name}.codes")
    over = {key: (values,) if isinstance(values, str) else tuple(values) for key, values in entry.over.items()}
    for field in over:
        if layer.column(field) is None:
            raise InputError(
                f"the layer has no column {field!r}",
                where=Where("scheme.toml", None, f"layers.{entry.name}.over"),
                hint=f"columns: {', '.join(layer.columns.column_names)}; others are added under fields",
            )
    tiles = entry.tiles if entry.tiles is not None else entry.role == "units"
    areas = [value for value in layer.column("published_area") or () if value is not None]
    if not areas:
        return Ground(tiles, over, form)
    return Ground(tiles, over, form, entry.area_unit, _half(max(map(_decimals_of, areas))))


def _form(entry: CodeEntry, folder: Path, field: str) -> CodeForm:
    areas = entry.areas
    if isinstance(areas, str):
        return CodeForm(entry.pattern, entry.classes, _areas(folder, areas, field))
    labels = areas if isinstance(areas, Mapping) else dict.fromkeys(areas, "")
    return CodeForm(entry.pattern, entry.classes, {code: words(label) for code, label in labels.items()})


def _areas(folder: Path, name: str, field: str) -> dict[str, Words]:
    rows = read_csv_rows(_there(folder, name, f"{field}.areas"))
    if not rows or "code" not in rows[0]:
        got = ", ".join(rows[0]) if rows else "no row"
        raise InputError(f"expected the column 'code', got {got}", where=Where(name), hint="code, name_zh, name_en")
    return {row["code"]: Words(row.get("name_zh") or "", row.get("name_en") or "") for row in rows if row["code"]}


def _there(folder: Path, name: str, field: str) -> Path:
    path = folder / name
    if not path.exists():
        where = Where("scheme.toml", None, field)
        raise NotFoundError(f"no file {name!r}", where=where, hint="paths count from the scheme's folder")
    return path


def _published(entry: PublishedEntry, folder: Path) -> Published:
    measures = {"count": entry.counts, "area": entry.areas, "share": entry.shares}
    roles = {f"{measure} {kind}": [head] for measure, heads in measures.items() for kind, head in heads.items()}
    if not roles:
        raise InputError(
            "expected columns of counts, areas or shares, got none",
            where=Where("scheme.toml", None, f"published.{entry.path}"),
            hint='for example counts = { priority = "优先保护单元数", total = "单元数" }',
        )
    path = _there(folder, entry.path, "published.path")
    sheet = read_sheets(path, sheet=entry.sheet, encoding=entry.encoding)[0]
    table = read_table(sheet, {"key": [entry.key], **roles}, required=("key", *roles))
    columns: dict[str, list[Any]] = {name: [] for name in _CELL}
    for role in roles:
        measure, _, kind = role.partition(" ")
        read = [
            (row, cells, _read(cells.get(role), Where(entry.path, row, roles[role][0]))) for row, cells in table.rows
        ]
        decimals = entry.decimals.get(measure, max((shown for _, _, (_, shown) in read), default=0))
        half = 0.0 if measure == "count" else _half(decimals)
        for row, cells, (value, _) in read:
            key = unicodedata.normalize("NFKC", str(cells.get("key") or "")).strip()
            if value is None or not key:
                continue
            is_sum = entry.by == "all" or key in entry.totals
            named = {"area": "", "class": "" if kind == "total" else kind}
            if not is_sum:
                named[entry.by] = key
            cell = {"row": row, "key": key, **named, "measure": measure, "column": roles[role][0]}
            cell |= {"value": value, "half": half}
            for name, item in cell.items():
                columns[name].append(item)
    return Published(
        entry.path, cell_table(columns), entry.by, tuple(entry.totals), entry.unit, entry.relative, entry.document
    )


def _read(cell: Cell, where: Where) -> tuple[float | None, int]:
    """Return a printed number and how many digits stand behind its point; None of an empty cell."""
    if isinstance(cell, bool) or (cell is not None and not isinstance(cell, str | int | float)):
        raise InputError(f"expected a number, got {cell!r}", where=where, hint="print it as 42.3")
    if isinstance(cell, int | float):
        return float(cell), _decimals_of(float(cell))
    text = unicodedata.normalize("NFKC", cell or "").replace(" ", "").removesuffix("%")
    if text in _NOTHING:
        return None, 0
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise InputError(f"expected a number, got {cell!r}", where=where, hint="print it as 42.3, or leave it empty")
    return float(text.replace(",", "")), len(match[1] or match[2] or "")


def _decimals_of(value: float) -> int:
    """Return how many digits behind the point a number needs; a sheet forgets zeros at the end.

    Examples
    --------
    >>> _decimals_of(156.1), _decimals_of(3.0), _decimals_of(0.1 + 0.2)
    (1, 0, 9)
    """
    text = f"{value:.{_DECIMALS_MAX}f}".rstrip("0")
    return len(text.partition(".")[2]) if float(text) == value else _DECIMALS_MAX


def _half(decimals: int) -> float:
    """Return half of the last printed digit."""
    return 0.5 * 10.0**-decimals


def number_column(column: pa.Array, where: Where) -> pa.Array:
    """Return a column of official areas as numbers; text is read as people write numbers, what is empty stays so.

    Raises
    ------
    InputError
        For the first cell that is no number.
    """
    values: Sequence[Any] = column.to_pylist()
    read = [_read(value, Where(where.file, row, where.field))[0] for row, value in enumerate(values, 1)]
    return pa.array(read, pa.float64())
