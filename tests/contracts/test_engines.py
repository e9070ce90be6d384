"""What every engine keeps: the same table as one project after the other, and the same refusals."""

from __future__ import annotations

import csv
import json
from datetime import date

import pyarrow.parquet as pq
import pytest
import shapely
from support.streams import DAY, FORBIDS, NEEDS, built, geoparquet, mixed_rows, sheet

import yudi
from yudi.core.errors import InputError
from yudi.territory.tables import COLUMNS


def rejects(path):
    """Return the rows of a reject file as mappings."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_a_folder_of_parts_holds_what_each_row_alone_would_get(stream, tmp_path):
    """Verdicts, columns that go along, shapes and order; rows with a fault are in the reject file, by row and field."""
    table, folder = mixed_rows(230), built(tmp_path / "edition")
    outcome = stream([geoparquet(table, tmp_path / "t.parquet")], [folder], tmp_path / "out", batch_rows=50)
    found, edition = pq.read_table(tmp_path / "out"), yudi.open_edition(folder)
    refused = rejects(tmp_path / "out" / "_rejects.csv")
    wrong = {int(row["row"]) - 1: row for row in refused}
    rows = [row for index, row in enumerate(table.to_pylist()) if index not in wrong]

    assert sorted(wrong) == sorted({*range(3, 230, 17), *range(5, 230, 19), *range(7, 230, 13)})
    assert {row["field"] for row in refused} == {"geometry", "industry"}
    assert all(row["id"] == f"r{index}" and row["file"] == "t.parquet" for index, row in wrong.items())
    assert (outcome.done, outcome.refused) == (len(rows), len(wrong))
    assert found["owner"].to_pylist() == [row["owner"] for row in rows]
    assert found["verdict_given"].to_pylist() == [str(row["verdict"]) for row in rows]
    assert found["geometry"].to_pylist() == [shapely.from_wkb(row["geometry"]).wkb for row in rows]
    for row, given in list(zip(found.select(list(COLUMNS)).to_pylist(), rows, strict=True))[::7]:
        alone = edition.screen(
            {
                "id": given["id"],
                "geometry": json.loads(shapely.to_geojson(shapely.from_wkb(given["geometry"]))),
                "facts": {key: given[key] for key in ("industry", "discharges")},
            },
            as_of=DAY,
        )
        assert (row["id"], row["verdict"], row["possible"]) == (given["id"], alone["verdict"], alone["possible"])
        assert row["units"] == [unit["code"] for unit in alone["units"] if unit["share"]]


def test_all_kinds_of_tables_give_the_same(stream, tmp_path):
    """The same points as GeoParquet, CSV in two encodings; several files in one run keep their order."""
    folder = built(tmp_path / "edition")
    table = mixed_rows(60, faults=False)
    points = table.take([index for index in range(60) if index % 5 < 3]).drop_columns(["verdict"])
    rows = [["id", "wkt", "industry", "discharges", "owner"]] + [
        [row["id"], shapely.from_wkb(row["geometry"]).wkt, row["industry"], row["discharges"], row["owner"]]
        for row in points.to_pylist()
    ]
    files = [
        geoparquet(points, tmp_path / "t.parquet"),
        sheet(rows, tmp_path / "u.csv"),
        sheet(rows, tmp_path / "g.csv", "gb18030"),
    ]
    outcome = stream(files, [folder], tmp_path / "out", batch_rows=7)
    found = pq.read_table(tmp_path / "out").select([*COLUMNS, "owner"])
    third = len(points)

    assert (outcome.done, outcome.refused, outcome.rejects) == (3 * third, 0, None)
    assert found.slice(0, third).equals(found.slice(third, third))
    assert found.slice(0, third).equals(found.slice(2 * third, third))


def test_several_editions_and_a_day_are_asked_together(stream, tmp_path):
    """The strictest stands; before an edition counts it says nothing; the file says which were asked, and when."""
    folders = [built(tmp_path / "a", NEEDS), built(tmp_path / "b", FORBIDS, start=date(2026, 1, 1))]
    path = geoparquet(mixed_rows(40, faults=False), tmp_path / "t.parquet")
    for day in (DAY, date(2025, 1, 1)):
        stream([path], folders, tmp_path / f"{day}", batch_rows=25, day=day)
    late, early = (pq.read_table(tmp_path / f"{day}") for day in (DAY, date(2025, 1, 1)))
    asked = json.loads(pq.read_schema(tmp_path / f"{DAY}" / "part-000000.parquet").metadata[b"yudi"])

    assert "forbids" in {name for names in late["applied"].to_pylist() for name in names}
    assert "forbids" not in {name for names in early["applied"].to_pylist() for name in names}
    assert asked["as_of"] == "2026-03-19"
    assert asked["editions"] == [yudi.open_edition(folder).data.id for folder in folders]


def test_nothing_one_row_and_files_that_cannot_be_read(stream, tmp_path):
    """No rows give a table without rows; one bad row alone is the error; a bad file stops no other."""
    folder, table = built(tmp_path / "edition"), mixed_rows(8)
    none = geoparquet(table.slice(0, 0), tmp_path / "none.parquet")
    one, bad = (geoparquet(table.slice(row, 1), tmp_path / f"{row}.parquet") for row in (0, 7))
    (tmp_path / "broken.csv").write_text("id,lon\n1,2\n", encoding="utf-8")
    empty = stream([none], [folder], tmp_path / "empty")
    single = stream([one], [folder], tmp_path / "single")
    both = stream([tmp_path / "broken.csv", one], [folder], tmp_path / "both")
    with pytest.raises(InputError, match="expected a code"):
        stream([bad], [folder], tmp_path / "bad")

    assert (empty.done, pq.read_table(tmp_path / "empty").num_rows) == (0, 0)
    assert {*COLUMNS, "owner", "geometry"} <= set(pq.read_table(tmp_path / "empty").column_names)
    assert (single.done, pq.read_table(tmp_path / "single")["id"].to_pylist()) == (1, ["r0"])
    assert (both.done, both.refused, both.kinds) == (1, 1, {"input"})
    assert rejects(tmp_path / "both" / "_rejects.csv")[0]["file"] == "broken.csv"
    assert not (tmp_path / "bad").exists()
