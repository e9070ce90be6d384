"""What a check of rules says of an edition: once for all clauses concerned, and of repetition only where it stands twice."""

from __future__ import annotations

from dataclasses import replace

from support.fit_city import CODES, draft, fit_list, fit_rules, formal

from yudi.territory.clauses import Citation
from yudi.territory.draft import Draft, compiled
from yudi.territory.lists import ListRow, ListSource
from yudi.territory.prose_effects import OTHER_TRADES
from yudi.territory.rule_books import book_of
from yudi.territory.rule_checks import RuleFinding, check_book

SAND = {"effect": "forbid", "subject": {"fact": "tailings", "is": True}}


def found(city: Draft) -> list[RuleFinding]:
    """Return what is found in the rules of a city."""
    return list(check_book(book_of(compiled(city))))


def sandy(*texts: tuple[str, str]) -> Draft:
    """Return the city with a list of such sentences, all formalised to ask the same."""
    rows = [ListRow(code, "space", f"{text}。") for code, text in texts]
    entries = [{"text": text, **SAND} for text in dict.fromkeys(text for _, text in texts)]
    return replace(draft(), lists=(fit_list(rows),), formalised=formal(entries))


def test_a_term_that_no_table_defines_is_told_once_for_all_clauses_in_words() -> None:
    """Nothing is presumed of them; the key for trades that no table knows is meant to be undefined."""
    rows = [ListRow(code, "space", f"{at}.禁止新建造纸项目{at}号。") for at, code in enumerate(CODES, 1)]
    told = found(replace(draft(), lists=(fit_list(rows),), formalised=formal([])))
    named = [one for one in told if one.kind == "term_undefined"]

    assert len(named) == 1
    assert named[0].severity == "warning"
    assert named[0].text.en.startswith("4 clauses in words name the term paper, which is not defined")
    assert not any(OTHER_TRADES in one.text.en for one in told)


def test_a_document_that_nobody_declares_is_told_once() -> None:
    """A list without a document cites its own file in every clause."""
    city = replace(draft(), lists=(fit_list(source=ListSource(citation=Citation("list.xlsx"))),))
    told = [one for one in found(city) if one.kind == "document_undeclared"]

    assert len(told) == 1
    assert told[0].text.en.startswith("4 clauses cite the document list.xlsx")  # once a text


def test_of_many_clauses_the_first_are_named_and_all_are_counted() -> None:
    """Each language says in its own way that there are more than the eight that stand there."""
    rows = [ListRow(CODES[0], "space", "\n".join(f"{at}.禁止新建造纸项目{at}号。" for at in range(1, 11)))]
    told = found(replace(draft(), lists=(fit_list(rows),), formalised=formal([])))
    text = next(one.text for one in told if one.kind == "term_undefined")

    assert text.zh.endswith(" 等")
    assert text.zh.count("、") == 7
    assert text.en.endswith(" and 2 more")


def test_sentences_that_ask_the_same_in_different_units_do_not_repeat_one_another() -> None:
    """Of one unit they do."""
    apart = found(sandy((CODES[0], "禁止采砂"), (CODES[1], "不得采砂")))
    together = found(sandy((CODES[0], "禁止采砂"), (CODES[0], "不得采砂")))

    assert [one.kind for one in apart] == []
    assert [one.kind for one in together] == ["near_duplicate"]


def test_two_laws_that_ask_the_same_are_still_told() -> None:
    """They stand in the whole place, where both speak."""
    twin = {"id": "a", "citation": "river-act", "in_force": "2022-01-01", **SAND}
    told = found(replace(draft(), rules=fit_rules([twin, {**twin, "id": "b"}])))

    assert [one.kind for one in told] == ["near_duplicate"]
