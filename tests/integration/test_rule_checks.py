"""`yudi clauses check` finds each kind of fault where it is planted, and nothing else; what is shipped has no error."""

from __future__ import annotations

import shutil
from dataclasses import replace
from textwrap import dedent

import pytest

from yudi.formats.rule_books import read_book
from yudi.territory.rule_checks import check_book

# A clause, term, … that is added to the pack of tests/data/checked, in the file of its kind.
CLAUSE = """
- id: extra
  effect: forbid
  text: {{zh: 禁止事项甲, en: some ban}}
  citation: {{document: river-law, article: "1"}}
  in_force: 2020-01-01
  {0}
"""
SAME = """
- id: extra
  effect: {effect}
  text: {{zh: "{text}", en: a twin}}
  citation: {{document: {document}, article: "99"}}
  in_force: {day}
  scope: {{within: {{layer: shores, distance_m: {distance}}}}}
  subject: {{all: [{{term: works}}, {{fact: activity, in: [new]}}]}}
"""
TWIN = {"effect": "forbid", "text": "别的话", "document": "river-law", "day": "2020-01-01", "distance": 1000}
WORDS = {**TWIN, "text": "岸线一公里内，禁止新建化工厂。", "distance": 900}


def added(**fields) -> str:
    """Return a clause with these predicates."""
    return CLAUSE.format("\n  ".join(f"{key}: {value}" for key, value in fields.items()))


# By name: file, what is added, and the finding that it makes: severity, kind, the entry in which it stands.
PLANTED = {
    "fact of a clause": ("clauses", added(subject="{fact: colour, is: true}"), ("error", "fact_unknown", "extra")),
    "fact of a test": (
        "clauses",
        added(test="{quota: {amount: load, headroom: [rooom]}}").replace("forbid", "quota"),
        ("error", "fact_unknown", "extra"),
    ),
    "fact of a term": (
        "terms",
        "- {key: red, names: [红], in: [{fact: colour, is: true}]}",
        ("error", "fact_unknown", "term red"),
    ),
    "fact of a condition": (
        "inferences",
        "- {key: row, when: {fact: colour, is: true}, then: {load: 1}}",
        ("error", "fact_unknown", "inference row"),
    ),
    "fact that is inferred": (
        "inferences",
        "- {key: row, when: {fact: lined, is: true}, then: {colour: red}}",
        ("error", "fact_unknown", "inference row"),
    ),
    "value that is inferred": (
        "inferences",
        "- {key: row, when: {fact: lined, is: true}, then: {activity: paint}}",
        ("error", "value_unknown", "inference row"),
    ),
    "term": ("clauses", added(subject="{term: workss}"), ("error", "term_undefined", "extra")),
    "term in words": ("clauses", added(terms="[workss]"), ("error", "term_undefined", "extra")),
    "code": ("clauses", added(subject="{fact: industry, in: [A1, C9]}"), ("error", "value_unknown", "extra")),
    "choice": ("clauses", added(subject="{fact: activity, in: [new, paint]}"), ("error", "value_unknown", "extra")),
    "form": ("clauses", added(subject="{fact: lined, gt: 3}"), ("error", "value_unknown", "extra")),
    "unit": ("clauses", added(subject="{fact: load, gt: 3, unit: m}"), ("error", "value_unknown", "extra")),
    "true and false": (
        "clauses",
        added(subject="{all: [{fact: lined, is: true}, {not: {fact: lined, is: true}}]}"),
        ("error", "never_applies", "extra"),
    ),
    "nothing of nothing": ("clauses", added(scope="{any: []}"), ("error", "never_applies", "extra")),
    "numbers apart": (
        "clauses",
        added(subject="{all: [{fact: load, gt: 5}, {any: [{fact: load, lt: 2}, {fact: load, le: 5000, unit: kg/a}]}]}"),
        ("error", "never_applies", "extra"),
    ),
    "every choice barred": (
        "clauses",
        added(subject="{not: {fact: activity, in: [new, expand, rebuild]}}"),
        ("error", "never_applies", "extra"),
    ),
    "exception that leaves nothing": (
        "clauses",
        "\n- {id: extra, effect: forbid, text: 禁, in_force: 2020-01-01, subject: {fact: industry, in: [A1]}, "
        "except: {fact: industry, in: [A]}}",
        ("error", "never_applies", "extra"),
    ),
    "near and not near": (
        "clauses",
        added(scope="{all: [{inside: shores}, {not: {within: {layer: shores, distance_m: 5}}}]}"),
        ("error", "never_applies", "extra"),
    ),
    "test that cannot fail": (
        "clauses",
        "\n- {id: extra, effect: require, text: 须, in_force: 2020-01-01, "
        "test: {any: [{fact: load, ge: 1}, {fact: load, lt: 2}]}}",
        ("error", "never_fails", "extra"),
    ),
    "days that end before they begin": (
        "clauses",
        added(repealed="2019-01-01"),
        ("error", "unreadable", "extra"),
    ),
    "document that is not declared": (
        "clauses",
        added().replace("river-law", "river-lwa"),
        ("warning", "document_undeclared", "extra"),
    ),
    "document of a rule": (
        "inferences",
        "- {key: row, when: {fact: lined, is: true}, then: {load: 1}, kind: rule, document: no-law}",
        ("warning", "document_undeclared", "inference row"),
    ),
    "document repealed before": (
        "clauses",
        added().replace("river-law", "old-law"),
        ("error", "document_out_of_force", "extra"),
    ),
    "document repealed since": (
        "clauses",
        added().replace("river-law", "old-law").replace("2020-01-01", "2012-01-01"),
        ("error", "document_out_of_force", "extra"),
    ),
    "document not yet in force": (
        "clauses",
        added().replace("2020-01-01", "2019-01-01"),
        ("error", "document_out_of_force", "extra"),
    ),
    "the same asked twice": ("clauses", SAME.format(**TWIN), ("warning", "near_duplicate", "extra")),
    "the same said twice": ("clauses", SAME.format(**WORDS), ("warning", "near_duplicate", "extra")),
    "term without a table on its days": (
        "terms",
        "- {key: red, in: [{term: works}], names: [红], in_force: 1990-01-01, repealed: 1999-01-01}",
        ("warning", "term_out_of_days", "term red"),
    ),
    "term without use": ("terms", "- {key: red, in: [B]}", ("info", "term_unused", "term red")),
    "id that stands twice": ("clauses", added().replace("extra", "lining"), ("error", "id_doubled", "lining")),
    "clause that nobody read": ("clauses", added(basis="press"), ("info", "unverified", None)),
    "table that a scheme must bring": (
        "clauses",
        added(subject="{fact: room, gt: 3}"),
        ("info", "tables_asked", None),
    ),
    "case that comes out otherwise": (
        "cases",
        "- {clause: shore, source: x, cases: [{stops: a works far away, is: [works], facts: {activity: new}}]}",
        ("error", "case_fails", "shore"),
    ),
    "case of no clause": (
        "cases",
        "- {clause: shoer, source: x, cases: [{stops: x}]}",
        ("error", "case_unreadable", "shoer"),
    ),
    "case with a layer that is not asked": (
        "cases",
        "- {clause: lining, source: x, cases: [{stops: x, place: {shores: inside}}]}",
        ("error", "case_unreadable", "lining"),
    ),
    "case with a value that is not there": (
        "cases",
        "- {clause: shore, source: x, cases: [{spares: x, because: subject, facts: {activity: paint}}]}",
        ("error", "case_unreadable", "shore"),
    ),
    "case with two outcomes": (
        "cases",
        "- {clause: shore, source: x, cases: [{stops: x, notes: y}]}",
        ("error", "unreadable", "shore"),
    ),
    "clause without cases": ("clauses", added(), ("warning", "no_cases", "extra")),
}
SILENT = {
    "a twin of another effect": ("clauses", SAME.format(**TWIN | {"effect": "consult"})),
    "a twin at another distance": ("clauses", SAME.format(**WORDS | {"text": "岸线三公里内禁止新建化工厂"})),
    "a twin in the older law": (
        "clauses",
        SAME.format(**TWIN | {"document": "old-law", "day": "2012-01-01"}).replace(
            "in_force: 2012-01-01", "in_force: 2012-01-01\n  repealed: 2020-01-01"
        ),
    ),
    "two activities of one project": (
        "clauses",
        added(subject="{all: [{fact: activity, in: [new]}, {fact: activity, in: [expand]}]}"),
    ),
    "numbers that meet": ("clauses", added(subject="{all: [{fact: load, ge: 5}, {fact: load, le: 5}]}")),
}


@pytest.fixture
def pack(root, tmp_path):
    """Return a folder with the well-formed pack."""
    return shutil.copytree(root / "tests" / "data" / "checked", tmp_path / "checked")


def plant(pack, file, text):
    """Add entries to a file of the pack."""
    path = pack / f"{file}.yaml"
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{dedent(text)}\n", encoding="utf-8")


def found(yudi, pack, *, unsaid=()):
    """Return what the command finds, as severity, kind and place, and its exit status."""
    ran = yudi("clauses", "check", str(pack), "--json")
    rows = [(row["severity"], row["kind"], row["where"]["field"]) for row in ran.data["findings"]]
    return [row for row in rows if row not in unsaid], ran.status


def test_a_well_formed_pack_has_no_fault(yudi, pack):
    """Only the layer that it asks of a scheme is told, and the status is 0."""
    assert found(yudi, pack) == ([("info", "layers_asked", None)], 0)


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_fault_is_found_and_no_other(name, yudi, pack):
    """One finding of its kind at its place; the status is 6 for an error, else 0."""
    file, text, expected = PLANTED[name]
    plant(pack, file, text)
    unsaid = [("info", "layers_asked", None)]
    if expected[1] != "no_cases":
        unsaid.append(("warning", "no_cases", "extra"))  # an added clause has none
    rows, status = found(yudi, pack, unsaid=unsaid)

    assert rows == [expected]
    assert status == (6 if expected[0] == "error" else 0)


@pytest.mark.parametrize("name", SILENT)
def test_what_only_looks_like_a_fault_is_not_reported(name, yudi, pack):
    """Twins of another effect, number or time, and claims that can be true together, are no findings."""
    plant(pack, *SILENT[name])
    rows, _ = found(yudi, pack, unsaid=[("warning", "no_cases", "extra"), ("info", "layers_asked", None)])

    assert rows == []


def test_twins_that_say_so_are_not_reported(yudi, pack):
    """A clause that a case names with also: is meant to stand beside the other."""
    plant(pack, "clauses", SAME.format(**TWIN))
    text = (pack / "cases.yaml").read_text(encoding="utf-8")
    (pack / "cases.yaml").write_text(text.replace("- clause: shore\n", "- clause: shore\n  also: extra\n"), "utf-8")

    assert found(yudi, pack) == ([("info", "layers_asked", None)], 0)


def test_a_clause_with_some_cases_says_which_lack(yudi, pack):
    """Without a case that it leaves open, the clause is named once."""
    text = (pack / "cases.yaml").read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if "no map of shores" not in line]
    (pack / "cases.yaml").write_text("\n".join(kept), encoding="utf-8")

    assert found(yudi, pack)[0] == [("warning", "cases_lack", "shore"), ("info", "layers_asked", None)]


def test_a_finding_says_file_row_clause_and_cure_in_both_languages(yudi, pack):
    """The JSON has the place and both languages, the terminal the one that is asked for."""
    plant(pack, "clauses", added(subject="{term: workss}"))
    line = (pack / "clauses.yaml").read_text(encoding="utf-8").splitlines().index("- id: extra") + 1
    row = yudi("clauses", "check", str(pack), "--json").data["findings"][0]
    said = {lang: yudi("clauses", "check", str(pack), "--lang", lang).out for lang in ("zh", "en")}

    assert row["where"]["file"] == "clauses.yaml"
    assert row["where"]["row"] == line
    assert "works" in row["cure"]["en"]
    for lang, word in (("zh", "错误"), ("en", "error")):
        assert word in said[lang]
        assert row["text"][lang] in said[lang]


def test_an_edition_says_which_maps_and_tables_lack(pack):
    """Where a scheme brings no shores and no table of headroom, clauses that ask them are unknown; cases are not run."""
    plant(pack, "clauses", added(subject="{fact: room, gt: 3}"))
    book = replace(read_book(str(pack)), layers={})
    findings = [(one.severity, one.kind) for one in check_book(book)]

    assert findings == [("warning", "layer_missing"), ("warning", "table_missing")]


def test_a_file_that_is_no_yaml_is_a_finding_with_its_row(yudi, pack):
    """The check does not stop with another status than for other faults."""
    plant(pack, "terms", "- {key: red, in: [")
    ran = yudi("clauses", "check", str(pack), "--json")
    (row,) = ran.data["findings"]

    assert (ran.status, row["kind"], row["where"]["file"]) == (6, "unreadable", "terms.yaml")
    assert row["where"]["row"]


@pytest.mark.parametrize("pack", ["cn", "cn-base", "chongqing"])
def test_a_shipped_pack_has_no_error_and_no_warning(pack):
    """What is shipped is well-formed; its infos are for a person to read."""
    findings = check_book(read_book(pack))

    assert [(one.kind, str(one.where), one.text.en) for one in findings if one.severity != "info"] == []
