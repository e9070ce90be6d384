"""Laws of the reader of prose lists: nothing is lost, nothing raises, tables reach only what they match."""

from __future__ import annotations

import csv
import re
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yudi.territory.prose import Wording, masked, read_cell, strictest, text_key, wording
from yudi.territory.prose_split import blocks, joined, segments
from yudi.territory.wording import folded

TABLES = Path(__file__).parents[2] / "packs" / "cn" / "wording"
FILES = {path.stem: path.read_text(encoding="utf-8").splitlines() for path in TABLES.glob("*.csv")}
ROWS: Mapping[str, list[dict[str, str]]] = {name: list(csv.DictReader(lines)) for name, lines in FILES.items()}
WORDS = wording(ROWS)

# Pieces from which lists are made: numbers, tags, verbs, nouns, marks, broken lines and dirt.
LIST_PIECES = """
1. 2、 1-1.
3-2【 （一） (2) ① 第三条 一、 · 【水/禁止类】 【综合类】 禁止 严禁 不得 不予 原则上 严格限制 应 须 推进 加强
鼓励 等量替代 减二增一 总量 只减不增 不得低于 除 外 除外 仅允许 下列 以下 包括 可开展 方可 新建 扩建 化工 制革 项目 企业
建设项目 园区 园区内 镇 保护区内 3.5万吨 GB3095-2012 2030年 ， 。 ； ： （ ） “ ” 、 / 无 Ａ VOCs 应急 禁止类 供应
〇 采砂
"""
PIECES = st.sampled_from([*LIST_PIECES.split(), "\n", "\r\n", "\u3000", " "])
TEXTS = st.lists(PIECES, max_size=24).map("".join)
DIRT = st.text(st.characters(), max_size=60)
NAMES = st.lists(st.sampled_from(["东坡镇", "应城", "禁山", "大禁", "止水", "不得坡", "园区", "东坡"]), max_size=4)
fast = settings(max_examples=150, deadline=None, derandomize=True)


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


@fast
@given(st.one_of(TEXTS, DIRT))
def test_joining_and_splitting_lose_no_character(text: str) -> None:
    """Joined, a text is itself but for blanks; its segments tile it; all its text segments stand in blocks."""
    cell = joined(text, WORDS)
    spans = segments(cell, WORDS)

    assert _bare(cell) == _bare(text)
    assert "".join(cell[span.start : span.end] for span in spans) == cell
    assert [span for span in spans if span.start >= span.end] == []
    pieces = [piece for block in blocks(cell, spans) for piece in block.pieces]
    assert [(piece.start, piece.end) for piece in pieces] == [(s.start, s.end) for s in spans if s.kind == "text"]


@fast
@given(st.one_of(TEXTS, DIRT))
def test_every_text_segment_stands_in_an_item_a_head_or_an_exception(text: str) -> None:
    """Nothing but numbers, tags, stops and words for "nothing" is left out of what a cell gives."""
    cell = joined(text, WORDS)
    items = read_cell(text, WORDS)
    said = _bare("\n".join(part for item in items for part in (item.text, item.head or "", *item.exceptions)))

    for span in segments(cell, WORDS):
        words = cell[span.start : span.end].strip("。；;，,、.:：!！?？ \n\t\u3000")
        if span.kind == "text" and words and words not in WORDS.empty:
            assert _bare(words) in said or not items


@fast
@given(st.one_of(TEXTS, DIRT))
def test_any_text_gives_items_with_effects_and_numbers_of_their_own(text: str) -> None:
    """No text raises; numbers are unique; every item has an effect."""
    items = read_cell(text, WORDS)

    assert len({item.number for item in items}) == len(items)
    assert all(item.effects and item.number for item in items)


@fast
@given(TEXTS, st.sampled_from(["禁止新建制革项目", "严禁采砂", "不得采砂", "对其不予审批"]), TEXTS)
def test_a_ban_between_full_stops_is_never_a_note(before: str, ban: str, after: str) -> None:
    """Whatever stands around it, the sentence gives an item, or governs one, that is more than a note."""
    before = re.sub("[“”（）【】]", "", before)
    items = read_cell(f"{before}\n{ban}。\n{after}", WORDS)
    saying = [strictest(item.effects) for item in items if ban in item.text]
    governed = [strictest(item.effects) for item in items if ban in (item.head or "")]
    is_exception = any(ban in part for item in items for part in item.exceptions)

    assert "note" not in saying
    assert saying or is_exception or set(governed) - {"note"}


@fast
@given(TEXTS)
def test_a_new_row_for_one_pattern_changes_only_texts_that_hold_it(text: str) -> None:
    """A cell without the new word reads as before."""
    row = {"pattern": "丙丁戊", "effect": "forbid", "precedence": "90", "kind": "verb", "note": ""}
    more = _with_rows({"effects": [*ROWS["effects"], row]})

    assert read_cell(text, more) == read_cell(text, WORDS)
    assert read_cell("丙丁戊加强巡护", more)[0].effects == ("forbid",)
    assert read_cell("丙丁戊加强巡护", WORDS)[0].effects == ("note",)


def test_a_later_row_of_a_known_word_takes_its_place() -> None:
    """An office's tables come behind those of its packs, so that it can mend any word."""
    row = {"pattern": "加强", "effect": "forbid", "precedence": "95", "kind": "verb", "note": ""}
    more = _with_rows({"effects": [*ROWS["effects"], row, row]})

    assert read_cell("加强巡护", WORDS)[0].effects == ("note",)
    assert read_cell("加强巡护", more)[0].effects == ("forbid",)


# Words of no table: nothing is known of them.
STRANGE = st.text(st.sampled_from("甲乙丙丁戊己庚辛壬癸在xyz"), min_size=1, max_size=12)
POINTERS = st.sampled_from(["同上", "详见附件2", "待定", "暂缺", "另行规定", "参照优先保护单元管控", "略"])


@fast
@given(st.one_of(TEXTS, DIRT))
def test_a_cell_that_does_not_say_nothing_gives_an_item(text: str) -> None:
    """Only blanks, stops and the words of the table of empty cells ask nothing."""
    plain = folded(text)
    is_silent = not re.sub(r"[\s。；，、.：！]", "", plain) or any(word in plain for word in WORDS.empty)

    assert is_silent or read_cell(text, WORDS)


@fast
@given(STRANGE)
def test_words_that_no_table_knows_are_never_a_note(text: str) -> None:
    """They may say anything, so a person decides; with a word of an aim among them they are a note."""
    assert {item.effects for item in read_cell(text, WORDS)} == {("forbid",)}
    assert {item.effects for item in read_cell(f"加强{text}", WORDS)} == {("note",)}


@fast
@given(STRANGE, POINTERS, st.sampled_from(["", "。", "；", "\n"]))
def test_what_points_elsewhere_is_no_note_wherever_it_stands(text: str, pointer: str, stop: str) -> None:
    """As a cell, and behind other items, it gives an item of its own that no term settles."""
    alone = read_cell(f"{pointer}{stop}", WORDS)
    behind = read_cell(f"1.加强{text}。\n2.{pointer}{stop}", WORDS)

    assert [item.effects for item in behind] == [("note",), alone[0].effects]
    assert alone[0].effects in (("forbid",), ("require",))
    assert alone[0].refers == alone[0].effects or (alone[0].effects, alone[0].terms) == (("forbid",), ())


_MORE: dict[int, Wording] = {}


def _with_rows(changed: Mapping[str, list[dict[str, str]]]) -> Wording:
    key = len(changed["effects"])
    if key not in _MORE:
        _MORE[key] = wording({**ROWS, **changed})
    return _MORE[key]


@fast
@given(TEXTS, TEXTS, NAMES)
def test_masking_never_merges_texts_that_differ_in_effect(one: str, other: str, names: list[str]) -> None:
    """Masked with the tables, a text keeps its effects, so equal masks mean equal effects."""
    for text in (one, other, "东坡镇".join([one, other])):
        cell = joined(text, WORDS).replace("\n", "。")
        hidden = masked(cell, names, wording=WORDS)

        assert [item.effects for item in read_cell(hidden, WORDS)] == [item.effects for item in read_cell(cell, WORDS)]


@fast
@given(st.one_of(TEXTS, DIRT))
def test_the_key_of_a_key_is_itself(text: str) -> None:
    """text_key is idempotent."""
    assert text_key(text_key(text)) == text_key(text)


@pytest.mark.parametrize(
    "unit",
    [
        "禁",
        "1.",
        "（",
        "除",
        "化工、",
        "禁止化工、焙烧等项目",
        "同上；",
        "应对",
        "园区内",
        "禁止\n",
        "【水】",
        "按照",
        "禁止下列行为：",
        "1.禁止采砂，除清淤外；",
        "-",
        "“",
    ],
)
def test_a_cell_of_a_hundred_thousand_characters_reads_in_time_linear_in_it(unit: str) -> None:
    """Twice the text takes less than four times as long (a quadratic reader takes four), with room for noise."""
    half, whole = (unit * (size // len(unit)) for size in (50_000, 100_000))
    first = _seconds(half)
    second = _seconds(whole)

    assert second < max(4 * first, 1.0)


def _seconds(text: str) -> float:
    """Return the shortest of three readings, for a busy machine lengthens some."""
    return min(_once(text) for _ in range(3))


def _once(text: str) -> float:
    begin = time.process_time()
    read_cell(text, WORDS)
    return time.process_time() - begin


AREAS = st.sampled_from(["城市", "全市", "区县", "建成区", "园区总体", "本区域"])
RATES = st.sampled_from(["污水集中处理率", "绿化覆盖率", "煤炭消费占比", "生活垃圾收集率"])
LIMITS = st.sampled_from(["不得低于95%", "应达到百分之九十五", "不得超过40%", "达到95%以上"])
BANS = st.sampled_from(["禁止新建{}", "不得新建{}", "方可新建{}", "严禁扩建{}", "不予审批{}"])
JOINTS = st.sampled_from(["", "，", "；", "的", "的区域", "、", "以前"])


@fast
@given(AREAS, RATES, LIMITS, st.tuples(JOINTS, BANS), st.sampled_from(["化工项目", "住宅", "码头"]))
def test_a_rate_of_an_area_is_a_note_and_hides_no_ban(area, rate, limit, joined_ban, what) -> None:
    """Alone it is asked of no project; beside a ban on projects, before or behind it, the ban stands."""
    said = f"{area}{rate}{limit}"
    joint, ban = joined_ban
    banned = ban.format(what)

    assert {effect for item in read_cell(said, WORDS) for effect in item.effects} == {"note"}
    for text in (f"{said}{joint}{banned}", f"{banned}{joint or '，'}{said}"):
        assert "forbid" in {effect for item in read_cell(text, WORDS) for effect in item.effects}
