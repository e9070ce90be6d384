"""A batch as arrays gives what its rows give one by one: verdicts, sites, what goes along, and what is refused."""

from __future__ import annotations

from datetime import date

import pyarrow as pa
import pytest
import shapely
from support.streams import DAY, FORBIDS, NEEDS, built, geoparquet, mixed_rows, sheet

from yudi.engines.batches import Question, screen_rows
from yudi.engines.sources import open_source
from yudi.formats.sites.plots import Asked
from yudi.stores.archive import open_edition

QUOTA = {
    "id": "more",
    "effect": "require",
    "subject": {"fact": "discharges", "is": True},
    "test": {"fact": "load", "le": 5, "unit": "t/a"},
}


@pytest.fixture(scope="module")
def question(tmp_path_factory):
    """Return a question to two editions."""
    folders = [tmp_path_factory.mktemp("editions") / name for name in ("one", "two")]
    built(folders[0])
    built(folders[1], FORBIDS | {"id": "other", "subject": {"fact": "discharges", "is": True}}, NEEDS, QUOTA)
    editions = tuple(open_edition(folder) for folder in folders)
    return Question(editions, editions[0].rules.vocabulary, DAY, date(2026, 11, 24), tuple(folders))


def compared(question: Question, path, facts=None):
    """Return a file's rows as arrays and one by one, as plain data."""
    source = open_source(path, Asked(), facts or {})
    (span,) = source.spans(10_000)
    batch = source.read(span)
    assert question.desk.takes(batch)
    together = question.desk.screen(batch)
    alone = screen_rows(question, [batch.raw(index) for index in range(batch.count)])
    return [
        (
            found.verdicts.to_pylist(),
            list(found.sites),
            {name: list(values) for name, values in found.carried.items()},
            [(item.id, str(item.error), item.error.where, item.error.hint) for item in found.refused],
        )
        for found in (together, alone)
    ]


@pytest.mark.parametrize("facts", [{}, {"load": 3, "note": "beside"}], ids=["plain", "facts beside"])
def test_a_table_with_faults_is_answered_as_row_by_row(facts, question, tmp_path):
    """Points, lines and areas; missing and cut shapes, codes that are none, columns that go along."""
    together, alone = compared(question, geoparquet(mixed_rows(400), tmp_path / "t.parquet"), facts)

    assert together == alone
    assert len(alone[0]) > 250
    assert len(alone[3]) > 60


def test_shapes_that_need_mending_or_refusing_are_read_as_single_ones(question, tmp_path):
    """A ring that touches itself, one that crosses itself, heights, a shape off the globe, an empty one."""
    odd = [
        "POLYGON ((107 29.96, 107.01 29.97, 107 29.97, 107.01 29.96, 107 29.96))",
        "POLYGON ((107 29.96, 107.02 29.96, 107.02 29.98, 107.01 29.96, 107 29.98, 107 29.96))",
        "POINT Z (107.01 29.97 310)",
        "POINT (207.01 29.97)",
        "POLYGON EMPTY",
        "MULTIPOINT (107.01 29.97, 107.02 29.98)",
        "GEOMETRYCOLLECTION (POINT (107.01 29.97))",
    ]
    table = mixed_rows(80, faults=False)
    blobs = [shapely.to_wkb(shapely.from_wkt(text)) for text in odd]
    blobs += table.column("geometry").to_pylist()[len(odd) :]
    table = table.set_column(table.column_names.index("geometry"), "geometry", pa.array(blobs, pa.binary()))
    together, alone = compared(question, geoparquet(table, tmp_path / "t.parquet"))

    assert together == alone
    assert {name for name, *_ in alone[3]} >= {"r0", "r3", "r4"}


def test_a_text_table_with_blank_rows_is_answered_as_row_by_row(question, tmp_path):
    """Numbers as text, blank lines, rows without a name, coordinates that are none."""
    rows = [["id", "lon", "lat", "industry", "load", "remark"]]
    rows += [
        [f"s{n}" if n % 3 else "", 106.95 + n / 1000, 29.97, "C25" if n % 2 else "C2614", n / 10, "好"]
        for n in range(90)
    ]
    rows[5:5] = [[""] * 6]
    rows[20][1] = "x"
    rows[30][4] = "many"
    together, alone = compared(question, sheet(rows, tmp_path / "t.csv"))

    assert together == alone
    assert len(alone[0]) == 88


LATER = {"asked": {"value": True, "by": "Li", "date": "2999-01-01"}}


@pytest.mark.parametrize(
    "facts", [{"industry": "C25"}, {"industri": "C25"}, LATER], ids=["stated twice", "misspelt", "dated later"]
)
def test_facts_beside_the_file_that_are_wrong_in_every_row_are_left_to_rows(facts, question, tmp_path):
    """Each row then says what is wrong with it."""
    source = open_source(geoparquet(mixed_rows(100, faults=False), tmp_path / "t.parquet"), Asked(), facts)
    (span,) = source.spans(10_000)

    assert not question.desk.takes(source.read(span))
