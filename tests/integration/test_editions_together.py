"""Several editions asked at once, as of a province and of a city: all their lists speak, and the strictest stands."""

from __future__ import annotations

import json
from datetime import date
from itertools import permutations

import pytest

from yudi.api import ask, open_edition
from yudi.core.errors import InputError
from yudi.formats.schemes import read_scheme
from yudi.stores.archive import end_edition, write_edition
from yudi.territory.draft import compiled

DAY = date(2026, 11, 24)
WEST, EAST, BOTH = (107.0, 29.7, 107.1, 29.8), (107.1, 29.7, 107.2, 29.8), (107.0, 29.7, 107.2, 29.8)
FACTS = """
- {key: heat, type: truth, label: {zh: 供热, en: heat}}
- {key: load, type: number, unit: t/a, changeable: design, label: {zh: 负荷, en: load}}
"""
HEAD = """
[scheme]
name = {{ zh = "{name}", en = "{name}" }}
level = "{level}"
accuracy_m = 10
silence = "none"
{days}
[rules]
fact_files = ["facts.yaml"]
clause_files = ["clauses.yaml"]
[[layers]]
name = "units"
role = "units"
path = "units.geojson"
columns = {{ code = "CODE" }}
"""


@pytest.fixture
def make(tmp_path):
    """Return a function that builds and opens a small edition: its units as boxes, its clauses as YAML."""

    def edition(name, units, clauses="", *, days="valid_from = 2024-01-01", facts=FACTS, level="city"):
        folder = tmp_path / name
        folder.mkdir()
        features = [
            {"type": "Feature", "properties": {"CODE": code}, "geometry": {"type": "Polygon", "coordinates": [box(at)]}}
            for code, at in units.items()
        ]
        (folder / "units.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}))
        (folder / "clauses.yaml").write_text(clauses, encoding="utf-8")
        (folder / "facts.yaml").write_text(facts, encoding="utf-8")
        (folder / "scheme.toml").write_text(HEAD.format(name=name, level=level, days=days), encoding="utf-8")
        write_edition(compiled(read_scheme(folder / "scheme.toml")), folder / "edition")
        return open_edition(folder / "edition")

    return edition


def box(at):
    west, south, east, north = at
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def site(west, south, east, north, **facts):
    return {"geometry": {"type": "Polygon", "coordinates": [box((west, south, east, north))]}, "facts": facts}


MIDDLE = (107.09, 29.74, 107.11, 29.76)  # half in the west, half in the east
CORNER = (107.02, 29.74, 107.04, 29.76)
BAN = "- {id: no-heat, effect: forbid, subject: {fact: heat, is: true}, text: {zh: 禁止供热, en: No heat}}\n"
HEARING = (
    "- {id: hearing, effect: consult, body: {zh: 某局, en: the bureau}, text: {zh: 征求意见, en: Ask the bureau}}\n"
)
OFFSET = (
    "- {id: offset, effect: offset, factor: 2.0, subject: {fact: load, gt: 0}, text: {zh: 倍量替代, en: Twofold}}\n"
)


def speaking(answer):
    """Return (name of the edition, clause id, group) of every entry."""
    names = {item["id"]: item["name"]["en"] for item in answer["editions"]}
    groups = {name: found for name, found in answer["clauses"].items() if isinstance(found, list)}
    return sorted((names[item["edition"]], item["id"], group) for group, found in groups.items() for item in found)


def test_all_lists_speak_and_the_strictest_stands(make):
    """The city only asks for a hearing, the province forbids: prohibited, and each clause names its edition."""
    city, province = make("city", {"W": WEST}, HEARING), make("province", {"P": BOTH}, BAN)
    answer = ask(site(*CORNER, heat=True), (city, province), as_of=DAY)

    assert ask(site(*CORNER, heat=True), (city,), as_of=DAY).verdict == "conditional"
    assert answer.verdict == "prohibited"
    assert speaking(answer) == [("city", "hearing", "applied"), ("province", "no-heat", "applied")]
    assert [item["in_force"] for item in answer["editions"]] == [True, True]


def test_the_order_of_editions_does_not_matter(make):
    """Verdict, possible, units and entries are the same in whatever order the editions are asked."""
    editions = [make("a", {"W": WEST}, BAN), make("b", {"P": BOTH}, HEARING), make("c", {"E": EAST}, OFFSET)]
    answers = [ask(site(*MIDDLE), order, as_of=DAY) for order in permutations(editions)]

    assert {answer.verdict for answer in answers} == {"undetermined"}
    assert len({json.dumps([a["possible"], a["by_unit"], speaking(a)], sort_keys=True) for a in answers}) == 1


def test_one_clause_in_two_editions_is_two_entries(make):
    """What the province says, and the city says again, stands twice, once an edition."""
    city, province = make("city", {"W": WEST}, BAN), make("province", {"P": BOTH}, BAN)
    answer = ask(site(*CORNER, heat=True), (city, province), as_of=DAY)

    assert speaking(answer) == [("city", "no-heat", "applied"), ("province", "no-heat", "applied")]


def test_entries_and_elsewhere_are_all_clauses_of_all_editions(make):
    """What is not listed is counted, also the clauses of an edition that is not in force."""
    bound = "- {id: far, effect: forbid, units: {codes: [E]}, text: {zh: 远, en: far}}\n"
    city = make("city", {"W": WEST, "E": EAST}, BAN + bound)
    old = make("old", {"P": BOTH}, HEARING + OFFSET, days="valid_from = 2020-01-01\nvalid_to = 2024-01-01")
    answer = ask(site(*CORNER), (city, old), as_of=DAY, show_all=True)

    assert len(speaking(answer)) == 1 + 3  # the list of those elsewhere is a group too
    assert answer["clauses"]["elsewhere"] == 3
    assert {item["id"] for item in answer["clauses"]["elsewhere_list"]} == {"far", "hearing", "offset"}


def test_what_any_edition_covers_is_covered(make):
    """Two editions that cover a half each cover the site together; alone each leaves half of it open."""
    west, east = make("west", {"W": WEST}, OFFSET), make("east", {"E": EAST})
    together = ask(site(*MIDDLE, load=0), (west, east), as_of=DAY)
    alone = ask(site(*MIDDLE, load=0), (west,), as_of=DAY)

    assert (together.verdict, together["uncovered_share"]) == ("admissible", 0)
    assert together["by_unit"] == {"W": "admissible", "E": "admissible"}
    assert (alone.verdict, alone["uncovered_share"]) == ("undetermined", pytest.approx(0.5, abs=1e-4))


def test_a_unit_of_both_editions_has_the_strictest_verdict(make):
    """Province and city number the same units: the verdict of a unit is the strictest that either gives it."""
    forbids = BAN.replace("subject", "units: {codes: [W]}, subject")
    city, province = make("city", {"W": WEST, "E": EAST}, forbids), make("province", {"W": WEST, "E": EAST}, HEARING)

    for order in permutations((city, province)):
        answer = ask(site(*MIDDLE, heat=True), order, as_of=DAY)
        assert answer["by_unit"] == {"W": "prohibited", "E": "conditional"}


def test_an_edition_that_is_not_in_force_is_said_and_does_not_count(make):
    """Its clauses are silent and its cover is none; a note names it, and the edition says so."""
    city = make("city", {"W": WEST})
    old = make("old", {"P": BOTH}, BAN, days="valid_from = 2020-01-01\nvalid_to = 2024-01-01")
    answer = ask(site(*CORNER, heat=True), (city, old), as_of=DAY)
    beyond = ask(site(*MIDDLE, heat=True), (city, old), as_of=DAY)

    assert (answer.verdict, speaking(answer)) == ("admissible", [])
    assert [item["in_force"] for item in answer["editions"]] == [True, False]
    assert [note for note in answer["notes"] if note["kind"] == "edition_not_in_force"] == [
        {
            "kind": "edition_not_in_force",
            "text": {"zh": "old 在 2026-11-24 不在有效期内", "en": "old is not in force on 2026-11-24"},
        }
    ]
    assert (beyond.verdict, beyond["uncovered_share"]) == ("undetermined", pytest.approx(0.5, abs=1e-4))


@pytest.mark.parametrize(
    ("day", "verdict"),
    [
        (date(2023, 12, 31), "undetermined"),
        (date(2024, 1, 1), "prohibited"),
        (date(2026, 5, 31), "prohibited"),
        (date(2026, 6, 1), "undetermined"),
    ],
)
def test_an_edition_counts_from_its_first_day_until_its_end(make, day, verdict):
    """On a day with none in force the answer is undetermined, known and presumed, asks nothing, and says so."""
    edition = make("city", {"W": WEST}, BAN, days="valid_from = 2024-01-01\nvalid_to = 2026-06-01")
    answer = ask(site(*CORNER, heat=True), (edition,), as_of=day)
    notes = [note["text"]["en"] for note in answer["notes"] if note["kind"] == "no_edition_in_force"]

    assert (answer.verdict, answer["presumed"]["verdict"], answer.questions) == (verdict, verdict, [])
    assert notes == ([] if verdict == "prohibited" else [f"no edition asked is in force on {day}"])
    assert answer["possible"] == (
        ["prohibited"] if verdict == "prohibited" else ["prohibited", "conditional", "admissible"]
    )


def test_a_successor_takes_over_from_the_day_that_ends_the_other(make, tmp_path):
    """An end recorded beside an edition closes it, and the id of what was published stays."""
    old = make("old", {"W": WEST}, BAN)
    new = make("new", {"W": WEST}, HEARING, days="valid_from = 2026-09-01")
    end_edition(tmp_path / "old/edition", date(2026, 9, 1), reason="superseded by the edition of 2026")
    ended = open_edition(tmp_path / "old/edition")
    answers = {
        day: ask(site(*CORNER, heat=True), (ended, new), as_of=day) for day in (date(2026, 8, 31), date(2026, 9, 1))
    }

    assert ended.data.id == old.data.id
    assert [answer.verdict for answer in answers.values()] == ["prohibited", "conditional"]
    assert [speaking(answer)[0][0] for answer in answers.values()] == ["old", "new"]


def test_a_fact_of_either_edition_may_be_stated(make):
    """A fact that only one edition knows decides there and is no near miss for the other."""
    height = "- {key: height, type: number, unit: m, changeable: design, label: {zh: 高度, en: height}}\n"
    low = "- {id: low, effect: require, test: {fact: height, le: 24}, text: {zh: 限高, en: Low}}\n"
    city, province = make("city", {"W": WEST}, low, facts=FACTS + height), make("province", {"P": BOTH}, BAN)

    assert ask(site(*CORNER, heat=False, height=20), (province, city), as_of=DAY).verdict == "admissible"
    assert ask(site(*CORNER, heat=False, height=30), (province, city), as_of=DAY).verdict == "conditional"


@pytest.mark.parametrize(
    "other",
    ["- {key: load, type: number, unit: kg/a, changeable: design}\n", "- {key: load, type: truth}\n"],
    ids=["another unit", "another type"],
)
def test_editions_that_mean_different_things_by_one_fact_are_not_asked_together(make, other):
    """A number in t/a must never be read as one in kg/a: such editions are refused together, naming the fact."""
    city, province = make("city", {"W": WEST}), make("province", {"P": BOTH}, facts=other)
    with pytest.raises(InputError) as caught:
        ask(site(*CORNER, load=5), (city, province), as_of=DAY)

    assert caught.value.where.field == "load"
    assert "city" in caught.value.message
    assert "province" in caught.value.message


WORDS = "- {{id: space-1, effect: forbid, basis: words, subject: {{fact: 'concerns:{{id}}', is: true}}, text: {{zh: {text}}}}}"


def test_an_answer_to_one_editions_words_is_not_taken_for_anothers(make):
    """Where two editions have different clauses of one id, each is asked with its edition, and answered alone."""
    city = make("city", {"W": WEST}, WORDS.format(text="禁止引入不符合园区定位的项目"))
    province = make("province", {"P": BOTH}, WORDS.format(text="禁止高风险项目"))
    keys = [f"concerns:space-1@{edition.data.id[:8]}" for edition in (city, province)]
    no = {"value": False, "by": "王五, 某局", "date": "2026-11-20"}

    def asked(*answered):
        return ask(site(*CORNER, **dict.fromkeys(answered, no)), (city, province), as_of=DAY)

    assert sorted(item["needs"][0] for item in asked()["clauses"]["open"]) == sorted(keys)
    assert (asked("concerns:space-1").verdict, asked(keys[0]).verdict, asked(*keys).verdict) == (
        "undetermined",
        "undetermined",
        "admissible",
    )
    assert [note["kind"] for note in asked("concerns:space-1")["notes"]] == ["answer_names_no_edition"]


def test_one_sentence_in_two_editions_is_asked_once(make):
    """A pack's clause that both editions include keeps its plain name, and one answer serves both."""
    editions = [make(name, {"W": WEST}, WORDS.format(text="禁止高风险项目")) for name in ("city", "province")]
    no = {"value": False, "by": "王五, 某局", "date": "2026-11-20"}

    assert ask(site(*CORNER), editions, as_of=DAY).questions == ["concerns:space-1"]
    assert ask(site(*CORNER, **{"concerns:space-1": no}), editions, as_of=DAY).verdict == "admissible"


def test_the_command_line_takes_several_editions(make, tmp_path, yudi):
    """`-e` given twice asks both."""
    make("city", {"W": WEST}, HEARING)
    make("province", {"P": BOTH}, BAN)
    proposal = tmp_path / "p.json"
    proposal.write_text(json.dumps(site(*CORNER, heat=True)))
    ran = yudi(
        "screen",
        proposal,
        "-e",
        tmp_path / "city/edition",
        "-e",
        tmp_path / "province/edition",
        "--as-of",
        DAY,
        "--json",
    )

    assert (ran.status, ran.data["verdict"], len(ran.data["editions"])) == (0, "prohibited", 2)
