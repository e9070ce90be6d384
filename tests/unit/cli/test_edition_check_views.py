"""What the terminal shows of a check: a few findings of each kind, and where the others are."""

from __future__ import annotations

from datetime import date

import pytest
import shapely
from support.editions import edition

from yudi.cli.edition_check_views import show_check
from yudi.core.errors import Where
from yudi.core.words import Words
from yudi.territory.edition_checks.decisiveness import decisiveness
from yudi.territory.edition_checks.findings import EditionFinding

DAY = date(2026, 1, 1)
CURE = Words("改正", "mend it")


def finding(kind="gap", severity="error", number=1, cure=CURE, **more):
    """Return a finding that is told by its number."""
    return EditionFinding(kind, severity, Words(f"第{number}处", f"place {number}"), cure, **more)


def shown(capsys, found, *, lang="en", most=5):
    """Return the lines that are printed."""
    land = edition()
    show_check(found, land, decisiveness(land, as_of=DAY), as_json=False, lang=lang, most=most)
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize(("most", "lines"), [(5, 5), (500, 500), (0, 0)])
def test_one_kind_never_fills_the_screen(capsys, most, lines):
    """Of 2,000 findings of a kind at most so many are printed, and how many are left."""
    out = shown(capsys, [finding(number=number) for number in range(2000)], most=most)

    assert sum("place" in line for line in out) == lines
    assert [line for line in out if "more:" in line] == (
        [f"  and {2000 - most} more: --all, --json or --out"] if most else []
    )
    assert "2000" in next(line for line in out if "[gap]" in line)


def test_errors_come_before_warnings_and_kinds_in_their_order(capsys):
    """Gravest first; within a severity gaps before overlaps before codes, and what has no name of its own last."""
    found = [
        finding("strange"),
        finding("code_off_pattern"),
        finding("part_sliver", "warning"),
        finding("overlap"),
        finding("gap"),
    ]
    heads = [line.split("[")[1].rstrip("]") for line in shown(capsys, found) if "[" in line]

    assert heads == ["gap", "overlap", "code_off_pattern", "strange", "part_sliver"]


def test_a_cure_that_all_share_is_said_once(capsys):
    """One cure stands below its findings; different ones stand with each."""
    alike = shown(capsys, [finding(number=1), finding(number=2)])
    unlike = shown(capsys, [finding(number=1), finding(number=2, cure=Words("另改", "mend that"))])

    assert sum("hint:" in line for line in alike) == 1
    assert sum("hint:" in line for line in unlike) == 2


def test_a_place_is_a_row_of_a_file_or_a_point(capsys):
    """What is known of the place stands before the sentence."""
    out = shown(capsys, [finding(where=Where("a.csv", 3, "名称")), finding(place=shapely.box(107, 30, 107.2, 30.2))])

    assert out[4].startswith("  a.csv, row 3, 名称: place 1")
    assert out[5].startswith("  107.10000,30.10000  place 1")


def test_chinese_is_chinese_throughout(capsys):
    """In Chinese no English word is left but keys and options."""
    out = shown(capsys, [finding(number=number) for number in range(7)], lang="zh")

    assert out[2:4] == ["", "错误：空缺（7）  [gap]"]
    assert out[-3:] == ["  另有 2 条：--all、--json 或 --out", "", "错误 7 · 警告 0 · 提示 0"]
