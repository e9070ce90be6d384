import math
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from yudi.core.errors import InputError
from yudi.territory.expressions import read, written
from yudi.territory.predicates import (
    All,
    Any_,
    Condition,
    FactIn,
    FactIs,
    FactRange,
    Not,
    PlaceTest,
    Quota,
    TermTest,
    parse,
    plain,
)

SMALL = settings(derandomize=True, max_examples=400, deadline=None)
ODD = [
    "in",
    "Not",
    "2F",
    "1e5",
    "-3",
    "2020-01-01",
    "100 m",
    'a "b"',
    "“化工”",
    "甲、乙",
    "C26；C27",
    "a|b",
    "[x]",
    "！=",
    "x\ny",
]
NAMES = st.one_of(
    st.sampled_from(["emissions.NH3-N", "concerns:{id}", "化工项目", "activity", *ODD]),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6),
)
VALUES = st.lists(NAMES.filter(str.strip), min_size=1, max_size=3).map(tuple)
NUMBERS = st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.integers(-(10**18), 10**18).map(float))
AMOUNTS = NUMBERS.map(abs)
DAYS = st.dates(date(1000, 1, 1))
UNITS = st.one_of(st.none(), st.sampled_from(["t/a", "%", "万吨/年", "or"]), NAMES)


@st.composite
def ranges(draw):
    """Draw a range of numbers or of days with one end or two."""
    ends = sorted(draw(st.lists(draw(st.sampled_from([NUMBERS, DAYS])), min_size=1, max_size=2)))
    low = ends[0] if len(ends) == 2 or draw(st.booleans()) else None
    high = ends[-1] if low is None or len(ends) == 2 else None
    low_open, high_open = low is not None and draw(st.booleans()), high is not None and draw(st.booleans())
    return FactRange(draw(NAMES), low, high, low_open, high_open, draw(UNITS))


@st.composite
def conditions(draw):
    """Draw conditions on different fields, sorted as reading sorts them."""
    found = []
    for field in sorted(draw(st.sets(NAMES, max_size=3))):
        low, high = draw(st.one_of(st.none(), NUMBERS)), draw(st.one_of(st.none(), NUMBERS))
        is_range = draw(st.booleans()) and (low is not None or high is not None)
        found.append(Condition(field, (), low, high) if is_range else Condition(field, draw(VALUES)))
    return tuple(found)


PIECES = [
    "and",
    "or",
    "not",
    "(",
    ")",
    "[",
    "]",
    "<",
    ">=",
    "=",
    ",",
    "|",
    ";",
    "x",
    "C26",
    "5",
    "t/a",
    "in",
    "is",
    "true",
]
PIECES += [
    "all",
    "any",
    "between",
    "2020-01-01",
    "from",
    "inside",
    "overlaps",
    "share",
    "within",
    "of",
    "quota",
    "term",
]
MAYBE = st.one_of(st.none(), AMOUNTS)
PLACES = st.one_of(
    st.builds(PlaceTest, st.just("inside"), NAMES, conditions()),
    st.builds(PlaceTest, st.just("overlaps"), NAMES, conditions(), area_m2=MAYBE, share=MAYBE),
    st.builds(PlaceTest, st.just("within"), NAMES, conditions(), distance_m=AMOUNTS),
    st.builds(
        PlaceTest,
        st.just("along"),
        NAMES,
        conditions(),
        upstream_m=AMOUNTS,
        downstream_m=AMOUNTS,
        side_m=AMOUNTS,
        rivers=st.one_of(st.none(), NAMES),
        catchments=st.one_of(st.none(), NAMES),
    ),
)
LEAVES = st.one_of(
    st.builds(FactIn, NAMES, VALUES),
    st.builds(FactIs, NAMES, st.booleans()),
    ranges(),
    st.builds(TermTest, NAMES),
    st.builds(Quota, NAMES, st.lists(NAMES, min_size=1, max_size=3).map(tuple)),
    PLACES,
)


def branches(parts):
    """Return branches over parts, also of one part and of none."""
    tuples = st.lists(parts, max_size=3).map(tuple)
    return st.one_of(st.builds(All, tuples), st.builds(Any_, tuples), st.builds(Not, parts))


NODES = st.recursive(LEAVES, branches, max_leaves=8)


@SMALL
@given(NODES)
def test_reading_what_was_written_gives_the_same_tree(node):
    """Every tree that a rule file can state has an expression, and the expression means that tree."""
    assert read(written(node)) == node


@SMALL
@given(NODES)
def test_expressions_and_plain_data_state_the_same_trees(node):
    """What an expression says passes through the notation of YAML unchanged."""
    assert parse(plain(read(written(node)))) == node


@SMALL
@given(NODES, st.data())
def test_blanks_and_wide_marks_do_not_matter(node, data):
    """Marks between words may be wide and surrounded by blanks, where they stand outside quotes."""
    text = written(node)
    wide = str.maketrans("()[],|", "（）［］，｜")
    pieces = text.split('"')
    pieces[::2] = [
        piece.translate(wide).replace(" ", data.draw(st.sampled_from([" ", "  ", "\n", "\u3000"])))
        for piece in pieces[::2]
    ]

    assert read('"'.join(pieces)) == node


@SMALL
@given(st.lists(st.sampled_from(PIECES)))
def test_any_words_give_a_tree_or_an_input_error(words):
    """Whatever stands in a cell, it is read, or refused with a place and a next step."""
    assert is_read_or_refused(" ".join(words))


@SMALL
@given(st.text(max_size=40))
def test_any_text_gives_a_tree_or_an_input_error(text):
    """No text breaks the reader in another way than by an error for people."""
    assert is_read_or_refused(text)


@SMALL
@given(st.floats())
def test_only_finite_numbers_are_written(number):
    """A range that no cell can state is refused instead of written wrongly."""
    try:
        text = written(FactRange("capacity", number))
    except InputError:
        assert not math.isfinite(number)
    else:
        assert read(text) == FactRange("capacity", number)


def is_read_or_refused(text: str) -> bool:
    """Return whether a text means one tree, or is refused with its place and a next step."""
    try:
        node = read(text)
    except InputError as error:
        return "letter" in error.message and bool(error.hint)
    return read(written(node)) == node
