"""What follows from stated facts: what a document says so (known), and what is usual (only presumed)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from yudi.core.errors import InputError, Where
from yudi.core.logic import F, T
from yudi.territory.clauses import Clause, filled
from yudi.territory.evaluation import Situation, Told, evaluate, leaf_result
from yudi.territory.facts import Value
from yudi.territory.predicates import TermTest
from yudi.territory.projects import read_facts
from yudi.territory.terms import Inference

__all__ = ["RowReader", "concern_usually", "infer"]


class RowReader:
    """How a row of an inference table is read; who infers again and again may read with a memory."""

    def holds(self, row: Inference, here: Situation) -> bool:
        """Tell whether what the row asks is true."""
        return evaluate(row.when, here, frees=True).state.value == T

    def holding(self, rows: Sequence[Inference], here: Situation) -> list[Inference]:
        """Return the rows of which what they ask is true, in order."""
        return [row for row in rows if self.holds(row, here)]

    def gives(self, row: Inference, here: Situation, kind: str) -> Mapping[str, Value]:
        """Return the facts that the row gives."""
        return _values(row, here, kind)


_PLAIN = RowReader()


def infer(
    inferences: Sequence[Inference], situation: Situation, day: date, *, kind: str, reader: RowReader = _PLAIN
) -> dict[str, Value]:
    """Return the facts of the situation with those that inference tables add.

    Parameters
    ----------
    kind : str
        ``rule``: what a document says so, marked as inferred; ``usual``: what is only presumed, with all that the
        rules make of it.

    Raises
    ------
    InputError
        Where a project states the opposite of a rule; the message names the document.
    """
    facts = dict(situation.facts)
    counting = [row for row in inferences if row.period.contains(day)]
    # What a document says goes before what is usual.
    groups = [[row for row in counting if row.kind == each] for each in ("rule", "usual") if each in ("rule", kind)]
    while True:  # every round adds a fact that was not there, so the rounds end
        here = replace(situation, facts=facts)
        tried = (_added(rows, here, kind=kind, reader=reader) for rows in groups)
        added = next((found for found in tried if found), {})
        if not added:
            return facts
        facts |= added


def _added(rows: Sequence[Inference], here: Situation, *, kind: str, reader: RowReader) -> dict[str, Value]:
    added: dict[str, Value] = {}
    torn: set[str] = set()  # rows that say different things of a fact leave it unknown
    for row in reader.holding(rows, here):
        for key, value in reader.gives(row, here, kind).items():
            if kind == "rule":
                _refuse_opposite(key, value, here.facts.get(key), row=row, situation=here)
            is_new = key not in here.facts and here.value(key) is None
            if is_new and added.setdefault(key, value).value != value.value:
                torn.add(key)
    return {key: value for key, value in added.items() if key not in torn}


def concern_usually(
    clauses: Iterable[tuple[str, Clause, str]], situation: Situation, *, told: Told | None = None
) -> dict[str, Value]:
    """Return the usual answers to whether clauses in words concern the project, and to whether silence restricts it.

    Yes where a term that the sentence names is in, or it speaks of projects at large; no where it names terms
    and all are out; no answer where one is open or nothing is named. Silence is presumed to add nothing.

    Parameters
    ----------
    told : Told, optional
        What terms come to, where that is known already.
    """
    told = told or (lambda leaf, frees: leaf_result(leaf, situation, frees=frees))
    answers: dict[str, Value] = {}
    for name, item, unit in clauses:
        if item.silent_for:
            answers[filled(item.silent_for, name, unit)] = Value(False, origin="usual", source="silence adds nothing")
        if not item.is_in_words:
            continue
        values = [told(TermTest(key), False).state.value for key in item.terms]
        if T in values or item.is_at_large:
            source = "names a term that is in" if T in values else "speaks of projects at large"
            answers[f"concerns:{name}"] = Value(True, origin="usual", source=source)
        elif values and all(value == F for value in values):
            answers[f"concerns:{name}"] = Value(False, origin="usual", source="all terms that it names are out")
    return {key: value for key, value in answers.items() if key not in situation.facts}


def _values(row: Inference, situation: Situation, kind: str) -> Mapping[str, Value]:
    values, carried = read_facts(row.then, situation.vocabulary, Where(field=f"inference {row.key}"), is_stated=False)
    if carried:
        raise InputError(
            f"inference {row.key!r} gives a fact that no vocabulary knows: {', '.join(carried)}",
            hint="declare the fact",
        )
    origin = "inferred" if kind == "rule" else "usual"
    return {key: replace(value, origin=origin, source=row.document or row.key) for key, value in values.items()}


def _refuse_opposite(key: str, value: Value, stated: Value | None, *, row: Inference, situation: Situation) -> None:
    if stated is None or stated.origin != "stated" or stated.value == value.value:
        return
    fact = situation.vocabulary.fact(key)
    if fact is not None and fact.type == "code":
        system = situation.vocabulary.systems[str(fact.system)]
        if all(any(system.covers(wide, narrow) != F for wide in value.value) for narrow in stated.value):
            return
    raise InputError(
        f"stated {stated.as_data()['value']!r}, but {row.document} makes it {value.as_data()['value']!r}",
        where=Where(field=key),
        hint=f"leave the fact out, or correct the facts that rule {row.key!r} rests on",
    )
