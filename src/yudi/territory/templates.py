"""One clause per unit from columns of a map or a wide list: what a scheme states once for all its units.

A template names a column, says whom it means, and gives either what each value does or which number a fact must
reach. Words where a number was expected, and values that the template does not name, become clauses in words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from yudi.core.dates import Period
from yudi.core.errors import InputError, Where
from yudi.core.findings import Finding
from yudi.core.names import near
from yudi.core.quantities import convert, parse_quantity
from yudi.core.words import Words, words
from yudi.territory.clauses import Citation, Clause, clause, in_words
from yudi.territory.facts import Vocabulary
from yudi.territory.lists import Bound, Listed
from yudi.territory.predicates import All, FactIs, FactRange, parse

__all__ = ["ENDS", "Template", "template_clauses"]

ENDS = ("at_least", "more_than", "at_most", "less_than")
_VALUE_KEYS = ("effect", "text", "factor", "body")


@dataclass(frozen=True)
class Template:
    """A pattern of clauses over the columns of a layer.

    Texts may hold ``{name}`` for the values of `each`, ``{code}``, ``{unit}`` (the unit's name) and ``{value}``.

    Parameters
    ----------
    id : str
        Pattern of the clauses' ids behind the unit's code, such as ``{use}/allowance``.
    column : str
        Column that is read.
    each : sequence of mappings
        The template is made once for every mapping.
    unless : mapping of column to values
        Rows that the template leaves out.
    values : mapping of value to clause data
        What a value does: ``{effect: …, text: …}``, with factor or body, or nothing at all as ``{}``; the key ``""``
        is an empty cell.
    number : mapping
        ``{fact, at_least|more_than|at_most|less_than: true, unit}``: the fact must reach the number.
    """

    id: str
    column: str
    each: tuple[Mapping[str, str], ...] = ({},)
    unless: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    subject: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    number: Mapping[str, Any] = field(default_factory=dict)
    effect: str = "require"
    dimension: str = ""
    level: str = "unit"
    text: Words = Words()
    citation: Citation = Citation()
    period: Period = Period(None, None)

    def columns(self) -> set[str]:
        """Return the columns that the template reads."""
        own = {_filled(self.column, names) for names in self.each}
        return own | set(self.unless) | set(self.when)


def template_clauses(
    template: Template,
    codes: Sequence[str],
    columns: Mapping[str, Sequence[Any]],
    *,
    vocabulary: Vocabulary,
    where: Where,
) -> Listed:
    """Return the clauses that the template makes of a layer's rows, once per different value, and where they stand.

    Parameters
    ----------
    codes : sequence of str
        Unit code of each row.
    columns : mapping of name to values
        Attributes of the rows.

    Raises
    ------
    InputError
        If a column that the template reads is not there, or a value says what the template has no use for.
    """
    _refuse_unused_keys(template, where)
    for name in (*template.unless, *template.when):
        _column(name, columns, where)
    made: list[Clause] = []
    known: dict[Any, int | None] = {}
    bound: list[Bound] = []
    findings: list[Finding] = []
    for names in template.each:
        column = _column(_filled(template.column, names), columns, where)
        for row, code in enumerate(codes):
            if _is_left_out(template, columns, row):
                continue
            value = _cell(column[row])
            shape = (tuple(sorted(names.items())), value)
            if shape not in known:
                item, finding = _clause(
                    template, names, value, vocabulary=vocabulary, where=replace(where, row=row + 1)
                )
                known[shape] = None if item is None else len(made)
                made += [item] if item is not None else []
                findings += [finding] if finding is not None else []
            position = known[shape]
            if position is not None:
                bound.append(Bound(code, position, f"{code}/{_filled(template.id, names)}"))
    return Listed(tuple(made), tuple(bound), tuple(findings))


def _refuse_unused_keys(template: Template, where: Where) -> None:
    """Refuse what a value says beside its effect, text, factor and body: the template alone says the rest."""
    for value, data in template.values.items():
        for key in data:
            if key not in _VALUE_KEYS:
                close = near(str(key), _VALUE_KEYS)
                say = f"a value has {', '.join(_VALUE_KEYS)}; say the rest in the template or in a clause of its own"
                raise InputError(
                    f"value {value!r} of the template has a key {key!r} that nothing reads",
                    where=where,
                    hint=f"did you mean {close[0]}?" if close else say,
                )


def _column(name: str, columns: Mapping[str, Sequence[Any]], where: Where) -> Sequence[Any]:
    if name not in columns:
        close = near(name, columns)
        listed = f"columns: {', '.join(list(columns)[:12])}{', …' if len(columns) > 12 else ''}"
        raise InputError(
            f"the template needs the column {name!r}",
            where=where,
            hint=f"did you mean {close[0]}?" if close else listed,
        )
    return columns[name]


def _is_left_out(template: Template, columns: Mapping[str, Sequence[Any]], row: int) -> bool:
    def value(name: str) -> str:
        return _shown(_cell(columns[name][row])).strip()

    if any(value(name) in values for name, values in template.unless.items()):
        return True
    return any(value(name) not in values for name, values in template.when.items())


def _shown(value: Any) -> str:
    """Return a cell as the scheme writes it: a whole number without its point."""
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def _cell(value: Any) -> Any:
    if value is None or (isinstance(value, float) and value != value):
        return ""
    return value.strip() if isinstance(value, str) else value


def _filled(pattern: Any, names: Mapping[str, str]) -> Any:
    """Put the names into every text of plain data."""
    if isinstance(pattern, str):
        for name, value in names.items():
            pattern = pattern.replace("{" + name + "}", str(value))
        return pattern
    if isinstance(pattern, Mapping):
        return {key: _filled(value, names) for key, value in pattern.items()}
    return [_filled(value, names) for value in pattern] if isinstance(pattern, list | tuple) else pattern


def _clause(
    template: Template, names: Mapping[str, str], value: Any, *, vocabulary: Vocabulary, where: Where
) -> tuple[Clause | None, Finding | None]:
    shown = _shown(value)
    filled = {**names, "value": shown}
    base = Clause(
        f"{_filled(template.id, names)}={shown}",
        "note",
        template.dimension,
        template.level,
        subject=parse(_filled(template.subject, names)),
        text=words(_filled(template.text.as_data(), filled)) if template.text else Words(),
        citation=template.citation,
        period=template.period,
        basis="template",
    )
    return (
        _of_number(template, base, value, vocabulary=vocabulary, where=where)
        if template.number
        else _of_value(template, base, filled, where)
    )


def _of_value(
    template: Template, base: Clause, names: Mapping[str, str], where: Where
) -> tuple[Clause | None, Finding | None]:
    value = names["value"]
    if value not in template.values:
        return _in_words(base, "forbid", value, where)
    data = template.values[value]
    if not data:
        return None, None
    own = clause({"id": base.id, **_filled(dict(data), names)}, where)
    made = replace(base, effect=own.effect, factor=own.factor, body=own.body, text=own.text or base.text)
    if own.effect != "silent":
        return made, None
    question = "list:{id}"
    return replace(made, subject=All((base.subject, FactIs(question))), silent_for=question), None


def _of_number(
    template: Template, base: Clause, value: Any, *, vocabulary: Vocabulary, where: Where
) -> tuple[Clause | None, Finding | None]:
    if value == "":
        return None, None
    unit = str(template.number.get("unit") or "")
    fact = str(template.number["fact"])
    try:
        number, written = (float(value), "") if not isinstance(value, str) else parse_quantity(value)
        number = convert(number, written, unit) if written and unit else number
    except InputError:
        known = vocabulary.fact(fact)
        return _in_words(
            base, template.effect, str(value), where, test_is_changeable=known is not None and known.is_changeable
        )
    end = next(end for end in ENDS if template.number.get(end))
    is_low, is_open = end in ("at_least", "more_than"), end in ("more_than", "less_than")
    test = FactRange(
        fact,
        number if is_low else None,
        None if is_low else number,
        is_open and is_low,
        is_open and not is_low,
        unit or None,
    )
    return replace(base, effect=template.effect, test=test), None


def _in_words(
    base: Clause, effect: str, value: str, where: Where, *, test_is_changeable: bool = True
) -> tuple[Clause, Finding]:
    """Return the cell's words as a clause that a person must judge, and say so."""
    said = Words(f"{base.text.zh}{value}", f"{base.text.en} {value}".strip())
    ready = replace(
        base, effect=effect, text=said, test=FactIs("meets:{id}") if effect in ("require", "quota") else All()
    )
    message = f"expected a value that the template knows, got {value!r}; kept as a clause in words"
    made = in_words(ready, terms=(), is_at_large=False, test_is_changeable=test_is_changeable)
    zh = f"“{value}”不是条款模板认识的取值，作为文字条款保留"
    return made, Finding("value_in_words", message, where, zh=zh)
