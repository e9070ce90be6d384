from hypothesis import given, settings
from hypothesis import strategies as st

from yudi.core.codes import code_system
from yudi.core.errors import InputError
from yudi.core.logic import F, T, U

CODES = st.lists(st.text(alphabet="AB1", min_size=1, max_size=5), min_size=1, max_size=25, unique=True)
SMALL = settings(derandomize=True, max_examples=150, deadline=None)


@SMALL
@given(CODES)
def test_covering_by_prefix_agrees_with_comparing_the_texts(codes):
    """Where parents come from prefixes, a covers b exactly where b starts with a (a twin without any tree)."""
    system = code_system("some", [{"code": code} for code in codes])

    for wide in codes:
        for narrow in codes:
            expected = T if narrow.startswith(wide) else U if wide.startswith(narrow) else F
            assert system.covers(wide, narrow) is expected


@SMALL
@given(CODES, CODES)
def test_covering_lists_is_the_best_of_all_pairs(codes, others):
    """Adding a code to a list never weakens the answer."""
    system = code_system("some", [{"code": code} for code in {*codes, *others}])
    whole = system.covers_any(codes, others)

    assert all(system.covers_any([code], others) <= whole for code in codes)


@SMALL
@given(st.lists(st.fixed_dictionaries({"code": st.text(max_size=3), "parent": st.text(max_size=2)}), max_size=6))
def test_any_rows_give_a_sound_system_or_an_input_error(rows):
    """Whatever the rows say, a system that is made has no circles and knows all its parents."""
    try:
        system = code_system("some", rows)
    except InputError:
        return

    assert all(set(system.ancestors(code)) <= set(system.names) - {code} for code in system.names)
