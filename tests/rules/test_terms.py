"""The legal words and usual answers of the Chinese vocabulary: complete, honest about who says so, and free of contradiction."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from functools import cache
from itertools import combinations
from pathlib import Path

import pytest
import yaml
from support.trades import DAY, answer_of, classes, codes_of, named_codes, nowhere, stating

from yudi.core.logic import T
from yudi.formats.rule_files import RuleSet, merged, read_packs
from yudi.territory.evaluation import evaluate
from yudi.territory.predicates import FactIn, leaves
from yudi.territory.presumption import infer

PACKS = Path(__file__).parents[2] / "packs"
RECORDED = yaml.safe_load((Path(__file__).parent / "terms_by_division.yaml").read_text(encoding="utf-8"))
# They ask a fact of every trade alike, so no division tells anything about them.
OF_ANY_TRADE = {"coal-boiler", "coal-using", "erosion-project", "groundwater-use", "high-pollution-fuel", "outfall"}
# Asked of every manufacture, or of every trade, alike; what they decide where they are stated is held below.
RECORDED_WITH = {"process_plating": False, "waste_on_site": False}
# Their may-rows have no usual answer: a person decides each time.
LEFT_TO_PERSONS = {
    "chemical-producer": "nuclear fuel is managed by other rules",
    "chemical-project": "nuclear fuel is managed by other rules",
    "central-sewage-works": "an exception; what treats water is not yet a public works",
    "channel-works": "waterway services may be anything",
    "chemical-services": "an exception for suppliers of chemical parks",
    "crop-farming": "an exception on basic farmland",
    "ecosystem-harming": "the law has no list",
    "flood-works": "an exception on wetland",
    "heavy-pollution": "only asked of capacity that moves in",
    "livelihood-works": "an exception for outfalls",
    "major-hazard-store": "depends on the amount stored",
    "pops": "depends on the product",
    "production-facility": "only asked in reserves",
    "refuse-site": "other treatment may be of anything",
    "scenic-protection": "an exception in scenic areas",
    "solid-waste": "other treatment may be of anything",
    "toxic-slag": "depends on the process",
    "water-supply-works": "an exception in source zones",
    "water-transport": "port works may be of anything",
    "wharf": "waterway services may be anything",
}


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return _rules()


@cache
def _rules() -> RuleSet:
    return merged(read_packs(["cn-base"], PACKS))


def test_every_term_says_who_adopted_it_on_what_ground_and_since_when(rules):
    """Labels in both languages, a ground with its day, and that no authority stands behind it."""
    bare = [
        term.key
        for term in rules.terms
        if not (term.label.zh and term.label.en and term.ground.startswith("2026-") and term.period.start)
        or "未经任何主管部门采纳" not in term.adopted_by
    ]

    assert bare == []


def test_every_usual_answer_has_a_ground(rules):
    """And every rule its document beside it, declared and in force."""
    bare = [row.key for row in rules.inferences if not row.ground]
    loose = [row.key for row in rules.inferences if row.kind == "rule" and row.document not in rules.documents]

    assert (bare, loose) == ([], [])


def test_every_code_is_one_of_the_standard(rules):
    """In its canonical spelling, and once in a list."""
    system = rules.systems["gbt4754"]
    trees = [(term.key, tree) for term in rules.terms for tree in (term.certain, term.possible)]
    trees += [(row.key, row.when) for row in rules.inferences]
    wrong = [(key, code) for key, tree in trees for code in named_codes(tree) if system.canonical(code) != code]
    doubled = [
        (key, code)
        for key, tree in trees
        for leaf in leaves(tree)
        for code, count in Counter(getattr(leaf, "values", ())).items()
        if count > 1
    ]

    assert (wrong, doubled) == ([], [])


def test_no_code_is_both_certain_and_doubtful(rules):
    """What a list of codes makes certain, the list of doubtful codes does not name or hold."""
    system = rules.systems["gbt4754"]
    both = [
        (term.key, code)
        for term in rules.terms
        for code in named_codes(term.possible)
        for sure in _plain_codes(term.certain)
        if system.covers(sure, code) == T and not _has_facts(term.possible)
    ]

    assert both == []


def test_every_word_of_the_lists_has_its_term(rules):
    """A term that the table of words names is defined."""
    named = {row["term"] for row in rules.wording["terms"] if row["term"]}

    assert named - {term.key for term in rules.terms} == set()


@pytest.mark.parametrize("division", [*RECORDED])
def test_every_division_is_decided_on_purpose(rules, division):
    """Each of its classes counts as what was read and recorded of its division, and as nothing else."""
    expected = RECORDED[division]
    system = rules.systems["gbt4754"]
    found = defaultdict(set)
    for code in system.descendants(division) & set(classes(system)):
        situation = stating(_nowhere(), {"industry": code, **RECORDED_WITH})
        for term in rules.terms:
            if term.key not in OF_ANY_TRADE:
                found[answer_of(term.key, situation)].add(term.key)

    assert {answer: sorted(found[answer]) for answer in ("in", "may", "if") if found[answer]} == expected


def test_all_divisions_are_recorded(rules):
    """The standard has 97."""
    divisions = {code for code in rules.systems["gbt4754"].names if len(code) == 3}

    assert set(RECORDED) == divisions
    assert len(divisions) == 97


@pytest.mark.parametrize(
    ("code", "facts", "term", "expected"),
    [
        ("C2614", {}, "chemical-project", "in"),  # organic chemicals
        ("C2710", {}, "chemical-project", "may"),  # active ingredients: offices differ
        ("C2682", {"process_chemical": False}, "chemical-project", "out"),  # cosmetics, mixed only
        ("H6110", {}, "chemical-project", "out"),
        ("C2231", {}, "paper", "out"),  # cartons from bought paper
        ("C3360", {"process_plating": True}, "electroplating", "in"),
        ("C3360", {"process_plating": False}, "electroplating", "out"),  # a heat-treatment shop
        ("C3360", {}, "electroplating", "if"),
        ("C1812", {}, "dyeing", None),  # no such class
        ("C1819", {"process_dyeing": True}, "dyeing", "in"),  # a garment maker that dyes
        ("D4411", {"fuel": "natural_gas"}, "two-high", "out"),  # a gas turbine
        ("D4411", {"fuel": "coal"}, "two-high", "in"),
        ("D4415", {}, "two-high", "out"),
        ("D4413", {}, "hydropower", "in"),  # pumped storage too
        ("A0392", {}, "livestock", "out"),  # bees
        ("F5265", {}, "underground-oil-tanks", "in"),
        ("F5267", {}, "underground-oil-tanks", "out"),  # a charging station
        ("N7820", {"landfill": True}, "landfill", "in"),
        ("D4415", {"earthworks": True}, "erosion-project", "in"),
        ("D4416", {"earthworks": False}, "erosion-project", "out"),  # panels on a roof
        ("B0810", {}, "erosion-project", "if"),
        ("C2929", {"process_plating": True}, "electroplating", "in"),  # plated plastic
        ("C3130", {"process_plating": True}, "heavy-metal", "in"),  # hot-dip galvanised sheet
        ("C3252", {"process_plating": True}, "water-heavy-pollution", "in"),  # anodised aluminium
        ("C1511", {"hazardous_chemicals_produced": True}, "hazchem-production", "in"),  # fuel ethanol
        ("C1511", {"process_chemical": True}, "chemical-project", "may"),
        ("C3212", {"hazardous_chemicals_produced": True}, "hazchem-production", "in"),  # sulphuric acid of a smelter
        ("C4210", {"process_chemical": True}, "chemical-project", "may"),  # leaching of metal scrap
        ("C4220", {"process_chemical": True}, "chemical-project", "may"),  # pyrolysis of tyres
        ("C4220", {"process_chemical": False}, "chemical-project", "out"),
        ("N7724", {"process_chemical": True}, "chemical-project", "may"),
        ("B1011", {"waste_on_site": True}, "solid-waste", "in"),
        ("B1011", {"waste_on_site": True}, "refuse-site", "out"),  # spoil of its own is no rubbish
        ("I6513", {"waste_on_site": False}, "solid-waste", "out"),
        ("G5941", {}, "water-heavy-pollution", "may"),
        ("F5265", {}, "water-heavy-pollution", "may"),
        ("D4417", {}, "water-heavy-pollution", "may"),
        ("B1011", {}, "water-heavy-pollution", "may"),
        ("I6513", {"earthworks": False}, "erosion-project", "out"),
        ("C26", {}, "chemical-project", "if"),  # a finer code is needed
    ],
)
def test_what_a_trade_counts_as(rules, code, facts, term, expected):
    """Single cells of the tables, from the names of the classes."""
    if expected is None:
        assert code not in rules.systems["gbt4754"].names
    else:
        assert answer_of(term, stating(_nowhere(), {"industry": code, **facts})) == expected


@pytest.mark.parametrize(
    "term",
    [
        "electroplating",
        "fifteen-small",
        "groundwater-polluting",
        "heavy-metal",
        "heavy-pollution",
        "soil-polluting",
        "toxic-slag",
        "water-heavy-pollution",
    ],
)
def test_a_stated_plating_shop_counts_in_every_manufacture(rules, term):
    """Whatever else the works makes: the process is stated, so the code has nothing to say against it."""
    system = rules.systems["gbt4754"]
    spared = [
        code
        for code in sorted(system.descendants("C") & set(classes(system)))
        if answer_of(term, stating(_nowhere(), {"industry": code, "process_plating": True})) != "in"
    ]

    assert spared == []


def test_a_stated_hazardous_product_counts_in_every_manufacture(rules):
    """Sulphuric acid of a smelter or alcohol of a distillery is what the law means."""
    system = rules.systems["gbt4754"]
    stated = {"hazardous_chemicals_produced": True}
    spared = [
        code
        for code in sorted(system.descendants("C") & set(classes(system)))
        if answer_of("hazchem-production", stating(_nowhere(), {"industry": code, **stated})) != "in"
    ]

    assert spared == []


@pytest.mark.parametrize("term", ["chemical-project", "chemical-producer"])
def test_no_stated_reaction_is_presumed_unchemical(rules, term):
    """Where a works states chemical reactions, no usual answer says that it is no chemical works."""
    system = rules.systems["gbt4754"]
    codes = [
        code for wide in ("C25", "C26", "C27", "C28", "C29", "C32", "C42", "N77") for code in system.descendants(wide)
    ]
    passed = [
        code
        for code in sorted(set(codes) & set(classes(system)))
        if answer_of(term, _presumed(code, "new", process_chemical=True)) == "out"
    ]

    assert passed in ([], ["C2524", "C2542"])


@pytest.mark.parametrize(
    ("code", "facts", "term", "expected"),
    [
        ("C2750", {"process_chemical": True}, "chemical-project", "in"),
        ("C2750", {}, "chemical-project", "out"),
        ("C2822", {"process_chemical": True}, "chemical-project", "in"),
        ("C2812", {"process_chemical": True}, "chemical-project", "in"),
        ("C2822", {"process_chemical": True}, "polluting-park-industry", "in"),
        ("C2822", {}, "polluting-park-industry", "out"),
        ("C2529", {}, "chemical-project", "in"),
        ("C2529", {"process_chemical": False}, "chemical-project", "out"),
        ("C4210", {}, "chemical-project", "out"),
        ("C4210", {"process_chemical": True}, "chemical-project", "may"),
        ("C2929", {}, "electroplating", "out"),
        ("C3360", {}, "electroplating", "in"),
        ("D4416", {"earthworks": False}, "erosion-project", "out"),
        ("D4416", {}, "erosion-project", "in"),
        ("B1011", {}, "solid-waste", "in"),
        ("C3011", {}, "solid-waste", "out"),
        ("C3011", {"waste_on_site": True}, "solid-waste", "in"),
        ("G5941", {}, "water-heavy-pollution", "out"),
    ],
)
def test_what_is_presumed_of_a_trade(code, facts, term, expected):
    """What is stated goes before what is usual; where nothing is stated, the usual answer of the trade holds."""
    assert answer_of(term, _presumed(code, "new", **facts)) == expected


def test_usual_rows_never_contradict_each_other(rules):
    """For no class and no activity do two rows that hold say different things of one fact."""
    system = rules.systems["gbt4754"]
    rows = [row for row in rules.inferences if row.kind == "usual"]
    spoken = {row.key: codes_of(row.when, system) for row in rows}
    torn = []
    for one, other in combinations(rows, 2):
        facts = [key for key in one.then if key in other.then and one.then[key] != other.then[key]]
        for code in sorted(spoken[one.key] & spoken[other.key]) if facts else ():
            for activity in ("new", "rebuild"):
                here = _presumed(code, activity)
                if all(evaluate(row.when, here, frees=True).state.value == T for row in (one, other)):
                    torn.append((one.key, other.key, facts, code, activity))

    assert torn == []


def test_every_doubtful_code_has_a_usual_answer_or_is_left_to_a_person(rules):
    """So that `presumed` says something, and where it does not, that is on purpose."""
    system = rules.systems["gbt4754"]
    answered = defaultdict(set)
    for row in rules.inferences:
        for key in row.then:
            if key.startswith("term:"):
                answered[key.removeprefix("term:")] |= codes_of(row.when, system)
    doubtful = {term.key: codes_of(term.possible, system) - _surely(term.certain, system) for term in rules.terms}
    open_terms = {
        key
        for key, codes in doubtful.items()
        if key not in OF_ANY_TRADE
        and any(answer_of(key, _presumed(code, "new")) == "may" for code in codes - answered[key])
    }

    assert open_terms == set(LEFT_TO_PERSONS)


def test_a_usual_answer_to_a_term_is_about_its_doubtful_codes(rules):
    """A row that answers what the table itself decides would change nothing."""
    system = rules.systems["gbt4754"]
    terms = {term.key: term for term in rules.terms}
    idle = [
        (row.key, key)
        for row in rules.inferences
        for key in row.then
        if key.startswith("term:") and key.removeprefix("term:") not in OF_ANY_TRADE
        if not codes_of(terms[key.removeprefix("term:")].possible, system) & codes_of(row.when, system)
    ]

    assert idle == []


@cache
def _nowhere():
    return nowhere(_rules())


@cache
def _presumed(code, activity, **stated):
    here = stating(_nowhere(), {"industry": code, "activity": activity, **stated})
    facts = infer(_rules().inferences, here, DAY, kind="usual")
    return replace(here, facts=facts)


def _plain_codes(node):
    return [
        code
        for part in getattr(node, "parts", (node,))
        if isinstance(part, FactIn) and part.fact == "industry"
        for code in part.values
    ]


def _surely(node, system):
    return frozenset(code for wide in _plain_codes(node) for code in system.descendants(wide))


def _has_facts(node):
    return any(getattr(leaf, "fact", "industry") != "industry" for leaf in leaves(node))
