"""`yudi clauses convert` on the files of the worked example, by the command line alone."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
import yaml

from yudi.formats.rule_columns import KINDS
from yudi.territory.expressions import read
from yudi.territory.predicates import parse

EXAMPLE = Path(__file__).resolve().parents[1] / "data/example"
SOURCE = Path(__file__).resolve().parents[2] / "src"
GUIDE = Path(__file__).resolve().parents[2] / "docs/guides/clauses.md"
FORM = re.compile(r"^\| [^|`]+ \| `([^`]+)` \| `([^`]+)` \|$", re.MULTILINE)
TREES = ("scope", "subject", "except", "test", "in_if", "may_if", "when", "then")


def yudi(*words: object, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the command line in a folder."""
    code = "from yudi.cli.app import main; main()"
    environment = {**os.environ, "PYTHONPATH": str(SOURCE), "PYTHONUTF8": "1"}
    command = [sys.executable, "-c", code, *map(str, words)]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("name", "kind", "count"),
    [("pack/clauses.yaml", "clauses", 1), ("pack/terms.yaml", "terms", 2), ("formalised.yaml", "clauses", 2)],
)
def test_rules_go_to_excel_and_back(tmp_path, name, kind, count):
    """The command says what it made, and the second YAML is read as the first by `clauses convert` itself."""
    there = yudi("clauses", "convert", EXAMPLE / name, "rules.xlsx", folder=tmp_path)
    back = yudi("clauses", "convert", "rules.xlsx", "rules.yaml", "--json", folder=tmp_path)
    again = yudi("clauses", "convert", "rules.yaml", "again.xlsx", folder=tmp_path)

    assert (there.returncode, there.stdout, there.stderr) == (0, f"{count} {kind} in rules.xlsx\n", "")
    assert json.loads(back.stdout) == {"kind": kind, "count": count, "file": "rules.yaml"}
    assert again.returncode == 0
    assert (tmp_path / "again.xlsx").read_bytes() == (tmp_path / "rules.xlsx").read_bytes()
    assert len(yaml.safe_load((tmp_path / "rules.yaml").read_text(encoding="utf-8"))) == count


def test_an_edited_cell_becomes_an_edited_clause(tmp_path):
    """A person changes one cell, and the YAML changes there alone."""
    yudi("clauses", "convert", EXAMPLE / "pack/clauses.yaml", "rules.xlsx", folder=tmp_path)
    yudi("clauses", "convert", "rules.xlsx", "before.yaml", folder=tmp_path)
    book = openpyxl.load_workbook(tmp_path / "rules.xlsx")
    column = next(cell.column for cell in book.active[1] if str(cell.value).startswith("scope"))
    book.active.cell(2, column).value = "Within 3 km of shorelines [river = yangtze | jialing]"
    book.save(tmp_path / "rules.xlsx")
    done = yudi("clauses", "convert", "rules.xlsx", "after.yaml", folder=tmp_path)
    before, after = (yaml.safe_load((tmp_path / f"{name}.yaml").read_text("utf-8"))[0] for name in ("before", "after"))

    assert done.returncode == 0
    assert after.pop("scope") == {
        "within": {"layer": "shorelines", "distance_m": 3000, "where": {"river": ["yangtze", "jialing"]}}
    }
    assert before.pop("scope")["within"]["distance_m"] == 1000
    assert before == after


@pytest.mark.parametrize("target", ["rules.yaml", "new.yaml"])
def test_a_failure_leaves_the_target_as_it_was(tmp_path, target):
    """A cell that cannot be read is named; the target keeps its bytes, and no other file appears."""
    book = openpyxl.Workbook()
    for row in (["id", "effect", "subject 对象"], ["a", "note", "term x"], ["b", "forbid", "activity im (new)"]):
        book.active.append(row)
    book.save(tmp_path / "rules.xlsx")
    (tmp_path / "rules.yaml").write_bytes(b"# kept\n")
    done = yudi("clauses", "convert", "rules.xlsx", target, folder=tmp_path)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "error: rules.xlsx, row 3, subject 对象: expected in (…), is true, is false, =, >, >=, <, <=, between … and …,"
        " from, after, until or before behind the fact 'activity', got 'im' at letter 10: activity ▸im (new)\n"
        "hint: did you mean in?\n"
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["rules.xlsx", "rules.yaml"]
    assert (tmp_path / "rules.yaml").read_bytes() == b"# kept\n"


def test_a_folder_that_refuses_files_is_named(tmp_path):
    """A target that cannot be replaced is an error for people, and leaves nothing beside it."""
    (tmp_path / "rules.xlsx").mkdir()
    done = yudi("clauses", "convert", EXAMPLE / "pack/terms.yaml", "rules.xlsx", folder=tmp_path)

    assert done.returncode == 2
    assert "rules.xlsx" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["rules.xlsx"]


def test_a_missing_source_and_a_cut_one_have_their_statuses(tmp_path):
    """Not found is 3; a damaged file is a wrong input, 2."""
    missing = yudi("clauses", "convert", "none.yaml", "a.xlsx", "--json", folder=tmp_path)
    yudi("clauses", "convert", EXAMPLE / "pack/terms.yaml", "whole.xlsx", folder=tmp_path)
    (tmp_path / "cut.xlsx").write_bytes((tmp_path / "whole.xlsx").read_bytes()[:2000])
    cut = yudi("clauses", "convert", "cut.xlsx", "a.yaml", folder=tmp_path)

    assert missing.returncode == 3
    assert json.loads(missing.stderr)["error"]["where"]["file"] == "none.yaml"
    assert cut.returncode == 2
    assert "cut or damaged" in cut.stderr


def test_an_edition_builds_from_excel_as_from_yaml(tmp_path):
    """A scheme whose clauses, terms and formalised texts are sheets gives the same edition id."""
    root = EXAMPLE.parents[2]
    ids = []
    for form in ("yaml", "xlsx"):
        folder = tmp_path / form / "tests/data/example"
        folder.mkdir(parents=True)
        (tmp_path / form / "packs").symlink_to(root / "packs")
        for path in EXAMPLE.rglob("*"):
            target = folder / path.relative_to(EXAMPLE)
            if path.is_dir():
                target.mkdir()
            elif form == "xlsx" and path.name in ("clauses.yaml", "terms.yaml", "formalised.yaml"):
                yudi("clauses", "convert", path, target.with_suffix(".xlsx"), folder=tmp_path)
            elif form == "xlsx" and path.suffix == ".toml":
                text = path.read_text(encoding="utf-8")
                for name in ("clauses", "terms", "formalised"):
                    text = text.replace(f'"{name}.yaml"', f'"{name}.xlsx"')
                target.write_text(text, encoding="utf-8")
            else:
                target.write_bytes(path.read_bytes())
        done = yudi("edition", "build", "scheme.toml", "--out", "edition", "--json", folder=folder)
        assert done.returncode == 0, done.stderr
        ids.append(json.loads(done.stdout)["id"])

    assert ids[0] == ids[1]


def test_both_columns_of_the_guide_mean_the_same():
    """Every row of the guide's table of forms gives one tree in YAML and in a cell."""
    rows = FORM.findall(GUIDE.read_text(encoding="utf-8"))
    unlike = [(data, cell) for data, cell in rows if parse(yaml.safe_load(data)) != read(cell.replace("\\|", "|"))]

    assert len(rows) >= 30
    assert unlike == []


def test_the_examples_of_the_guide_run(tmp_path):
    """The guide's YAML goes through the guide's two commands, and its rows in Excel say what it says."""
    text = GUIDE.read_text(encoding="utf-8")
    cells = set(re.findall(r"`([^`\n]+)`", text))
    for block in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL):
        (tmp_path / "clauses.yaml").write_text(block, encoding="utf-8")
        for line in re.findall(r"^yudi (.*)$", text, re.MULTILINE):
            done = yudi(*line.split(), folder=tmp_path)
            assert done.returncode == 0, done.stderr
        rows = list(openpyxl.load_workbook(tmp_path / "clauses.xlsx").active.iter_rows(values_only=True))
        trees = [column for column, name in enumerate(rows[0]) if name.split()[0] in TREES]
        shown = {row[column] for row in rows[1:] for column in trees} - {None}

        assert shown - cells <= {"emissions.COD > 0 or emissions.NH3-N > 0"}  # shown in YAML alone


def test_the_guide_names_every_column():
    """Every column that a sheet can have stands in the guide with its header."""
    text = GUIDE.read_text(encoding="utf-8")
    missing = [column.header for kind in KINDS.values() for column in kind.columns if column.header not in text]

    assert missing == []
