"""Files with projects as batches of rows: what a span of a file is, and how it is read, in any process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from yudi.core.errors import InputError, NotFoundError, Where, YudiError
from yudi.engines.batches import Batch
from yudi.formats.cells import Sheet, rectangle
from yudi.formats.geoparquet import geo_head
from yudi.formats.layers import plain_columns, unreadable
from yudi.formats.long_texts import LongText, Records, long_text
from yudi.formats.project_files import PARQUET, RawProject, read_projects, with_facts
from yudi.formats.project_tables import ParquetRows, SheetForm, in_lonlat, no_rows, row_names, sheet_form
from yudi.formats.sheets import EXCEL, read_sheets
from yudi.formats.sites.plots import Asked
from yudi.formats.sites.point_tables import is_point_table
from yudi.formats.wkb import geometry_from_wkb

__all__ = ["Source", "Span", "open_source"]

_TEXTS = (".csv", ".tsv")
_PIECE = 16_384  # rows read at once
_HEAD = 200  # records in which a table of boundary points shows itself


@dataclass(frozen=True)
class Span:
    """Rows of a source that make one batch.

    Parameters
    ----------
    first, count : int
        Rows before it, and in it.
    place : int
        Where a text file goes on; 0 elsewhere.
    share : float
        Share of the file that ends with it.
    """

    first: int
    count: int
    place: int = 0
    share: float = 1.0


class Source(Protocol):
    """A file with projects."""

    file: str
    total: int | None
    """Number of rows, None where only reading tells."""

    def statements(self) -> Sequence[Mapping[str, Any]]:
        """Return what rows state, to learn their columns: one mapping where all rows have the same."""

    def spans(self, size: int) -> Iterator[Span]:
        """Yield the batches of the file, each of so many rows but the last."""

    def read(self, span: Span) -> Batch:
        """Return the rows of a span."""


def open_source(path: Path, asked: Asked, facts: Mapping[str, Any]) -> Source:
    """Return a file as a source of batches, its head read and judged; a table of any length is not read here.

    Raises
    ------
    NotFoundError, InputError, LimitError
        As :func:`yudi.formats.project_files.read_projects`.
    """
    ending = path.suffix.lower()
    if not path.is_file() and ending in (*PARQUET, *_TEXTS, *EXCEL):
        raise NotFoundError("no such project file", where=Where(str(path)), hint="check the path")
    if ending in PARQUET:
        return _ParquetSource(path, facts)
    if ending in _TEXTS:
        text = long_text(path)
        return _Listed(path, asked, facts) if _has_points(text) else _TextSource(text, asked, facts)
    if ending in EXCEL:
        sheets = read_sheets(path)
        return _Listed(path, asked, facts) if is_point_table(sheets) else _SheetSource(sheets[0], asked, facts)
    return _Listed(path, asked, facts)


def _has_points(text: LongText) -> bool:
    """Tell whether a text file holds boundary points, one a row, and not one project a row."""
    with Records(text, text.start, 1) as reader:
        rows = [cells for _, cells in zip(range(_HEAD), reader, strict=False)]
    cells = rectangle(rows)
    if not cells:
        message = "expected text, got only blanks"
        raise InputError(message, where=Where(file=text.path.name), hint="save the list again")
    return is_point_table((Sheet(text.path.name, text.path.stem, cells),))


def _spans(total: int, size: int) -> Iterator[Span]:
    for first in range(0, total, size):
        count = min(size, total - first)
        yield Span(first, count, share=(first + count) / total)


class _Listed:
    """Projects that are read whole: documents, sites, boundary points."""

    def __init__(self, path: Path, asked: Asked, facts: Mapping[str, Any]) -> None:
        self.file = path.name
        self._raws = read_projects(path, asked=asked, facts=facts)
        self.total: int | None = len(self._raws)

    def statements(self) -> Sequence[Mapping[str, Any]]:
        return [raw.facts for raw in self._raws]

    def spans(self, size: int) -> Iterator[Span]:
        return _spans(len(self._raws), size)

    def read(self, span: Span) -> Batch:
        return Batch(self.file, span.count, lambda index: self._raws[span.first + index])


class _Table:
    """What sources of rows with one header share."""

    def __init__(self, file: str, facts: Mapping[str, Any]) -> None:
        self.file, self._facts = file, facts

    def _with_facts(self, raw: RawProject | None) -> RawProject | None:
        return with_facts(raw, self._facts) if raw is not None and self._facts else raw


class _SheetSource(_Table):
    """A sheet of an Excel file, one project a row; such a file is held whole, for it has at most a million rows."""

    def __init__(self, sheet: Sheet, asked: Asked, facts: Mapping[str, Any]) -> None:
        super().__init__(sheet.file, facts)
        self._form = sheet_form(sheet.cells[0], sheet.file, asked)
        if len(sheet.cells) < 2:
            raise no_rows(sheet.file)
        self._rows = sheet.cells[1:]
        self.total: int | None = len(self._rows)

    def statements(self) -> Sequence[Mapping[str, Any]]:
        return [dict.fromkeys((*self._form.names, *self._facts))]

    def spans(self, size: int) -> Iterator[Span]:
        return _spans(len(self._rows), size)

    def read(self, span: Span) -> Batch:
        def raw(index: int) -> RawProject | None:
            row = span.first + index
            return self._with_facts(self._form.project(self._rows[row], row + 2))

        return Batch(self.file, span.count, raw, facts=self._facts)


class _TextSource(_Table):
    """A text file of any length with one project a row; only the rows of a batch are in memory."""

    def __init__(self, text: LongText, asked: Asked, facts: Mapping[str, Any]) -> None:
        super().__init__(text.path.name, facts)
        self._text = text
        self.total: int | None = None
        with Records(text, text.start, 1) as reader:
            rows = iter(reader)
            header = next(rows, [])
            self._begin = reader.place()
            self._form: SheetForm = sheet_form(rectangle([header])[0] if any(header) else (), self.file, asked)
            if all(all(cell is None for cell in cells) for cells in rows):
                raise no_rows(self.file)

    def statements(self) -> Sequence[Mapping[str, Any]]:
        return [dict.fromkeys((*self._form.names, *self._facts))]

    def spans(self, size: int) -> Iterator[Span]:
        length = max(self._text.path.stat().st_size, 1)
        first = count = 0
        place = self._begin
        with Records(self._text, place, 2) as reader:
            for _ in reader:
                count += 1
                if count == size:
                    following = reader.place()
                    yield Span(first, count, place, min(reader.bytes_read() / length, 1.0))
                    first, count, place = first + count, 0, following
        if count:
            yield Span(first, count, place)

    def read(self, span: Span) -> Batch:
        form, width = self._form, len(self._form.header)
        with Records(self._text, span.place, span.first + 2) as reader:
            rows = [cells for _, cells in zip(range(span.count), reader, strict=False)]
        for cells in rows:
            cells += [None] * (width - len(cells))
        columns = pa.table(
            {name: pa.array([cells[index] for cells in rows], pa.string()) for name, index in form.columns.items()}
        )
        return Batch(
            self.file,
            len(rows),
            lambda index: self._with_facts(form.project(rows[index], span.first + index + 2)),
            columns if form.columns else None,
            facts=self._facts,
            ids=row_names(
                pa.array([cells[at] for cells in rows], pa.string()) if (at := form.id_at) is not None else None,
                np.arange(span.first + 1, span.first + len(rows) + 1),
            ),
        )


class _ParquetSource(_Table):
    """A GeoParquet file of any length; only the rows of a batch, and pages on the way to them, are in memory."""

    def __init__(self, path: Path, facts: Mapping[str, Any]) -> None:
        super().__init__(path.name, facts)
        self._path = path
        try:
            with pq.ParquetFile(path) as source:
                self._schema = source.schema_arrow
                groups = [source.metadata.row_group(index).num_rows for index in range(source.num_row_groups)]
        except (pa.ArrowException, OSError, UnicodeError) as error:
            raise unreadable(self.file, "a Parquet file") from error
        self._head = geo_head(self._schema, self.file)
        self._ends = np.cumsum([0, *groups])
        self.total: int | None = int(self._ends[-1])
        self._columns = [name for name in self._schema.names if name not in (self._head.primary, *self._head.others)]
        empty = pa.schema([self._schema.field(name) for name in self._columns]).empty_table()
        self._plain = plain_columns(empty, self.file).column_names
        in_lonlat(np.empty(0, object), self._head.crs or self._head.default_crs, self.file)
        self._pages: _Pages | None = None

    def statements(self) -> Sequence[Mapping[str, Any]]:
        return [dict.fromkeys((*(name for name in self._plain if name != "id"), *self._facts))]

    def spans(self, size: int) -> Iterator[Span]:
        assert self.total is not None, "known of every such file"
        return _spans(self.total, size)

    def read(self, span: Span) -> Batch:
        try:
            table = self._rows(span)
            blobs = table.column(self._head.primary).cast(pa.binary()).to_numpy(zero_copy_only=False)
            shapes, _, failed = geometry_from_wkb(blobs)
        except (pa.ArrowException, OSError, UnicodeError, NotImplementedError) as error:
            what = "a GeoParquet file with WKB of points, straight lines and polygons"
            raise unreadable(self.file, what) from error
        shapes = in_lonlat(shapes, self._head.crs or self._head.default_crs, self.file)
        columns = plain_columns(table.select(self._columns), self.file)
        numbers = np.arange(span.first + 1, span.first + span.count + 1)
        wrong: dict[int, YudiError] = {
            int(index): InputError(
                "expected geometry, but it is cut or senseless",
                where=Where(self.file, int(numbers[index]), "geometry"),
                hint="save the file again, or remove this row",
            )
            for index in np.flatnonzero(failed)
        }
        rows = ParquetRows(self.file, numbers, shapes, columns, wrong=wrong)
        return Batch(
            self.file,
            span.count,
            lambda index: self._with_facts(rows.project(index)),
            columns.drop_columns(["id"]) if "id" in columns.column_names else columns,
            shapes,
            self._facts,
            row_names(columns.column("id") if "id" in columns.column_names else None, numbers),
        )

    def _rows(self, span: Span) -> pa.Table:
        """Return the rows of a span, read on from the last one where it lies behind that."""
        first, last = span.first, span.first + span.count
        if self._pages is None or self._pages.at > first or self._starts(first) > self._pages.at:
            self._pages = _Pages(self._path, self._ends, self._starts(first), [*self._columns, self._head.primary])
        pieces = self._pages.between(first, last)
        names = [*self._columns, self._head.primary]
        schema = pa.schema([self._schema.field(name) for name in names]).remove_metadata()
        return pa.Table.from_batches([piece.select(names) for piece in pieces], schema)

    def _starts(self, row: int) -> int:
        """Return where the row group begins that holds a row."""
        return int(self._ends[np.searchsorted(self._ends, row, side="right") - 1])


class _Pages:
    """The rows of a Parquet file from a row group on, piece by piece; what was read is not kept."""

    def __init__(self, path: Path, ends: np.ndarray[Any, Any], begin: int, names: Sequence[str]) -> None:
        groups = [index for index in range(len(ends) - 1) if ends[index] >= begin and ends[index] < ends[index + 1]]
        self._file = pq.ParquetFile(path, buffer_size=2**20, pre_buffer=False)
        self._pieces = self._file.iter_batches(_PIECE, row_groups=groups, columns=list(names), use_threads=False)
        self._held: pa.RecordBatch | None = None
        self.at = begin
        """First row that can still be read."""

    def between(self, first: int, last: int) -> list[pa.RecordBatch]:
        """Return the rows from one to before another, both from the file's beginning; those before are skipped."""
        found: list[pa.RecordBatch] = []
        while self.at < last:
            piece = self._held if self._held is not None else next(self._pieces, None)
            if piece is None:
                break
            begin, end = max(first - self.at, 0), min(last - self.at, piece.num_rows)
            if begin < end:
                found.append(piece.slice(begin, end - begin))
            self._held = piece.slice(end) if end < piece.num_rows else None
            self.at += end
        return found
