"""How much of an edition's lists is formalised, and which texts to formalise first.

A prohibition counts once in every unit in which it stands, and once where it speaks for the whole place. It is
formalised unless it stands in words: then a person must say of each project whether it is concerned.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from yudi.core.words import Words
from yudi.territory.edition import WHOLE_PLACE, Edition
from yudi.territory.edition_checks.amounts import percent
from yudi.territory.edition_checks.findings import EditionFinding
from yudi.territory.edition_checks.survey import Survey, counted, few, shortened, survey_of
from yudi.territory.prose import text_key
from yudi.territory.wording import strictest

__all__ = ["DECISIVE", "Decisiveness", "decisiveness", "left_in_words"]

DECISIVE = ("forbid", "require", "quota", "offset", "consult")
"""Effects that decide something, strictest first."""


@dataclass(frozen=True)
class Decisiveness:
    """How far an edition's lists decide on a day.

    Parameters
    ----------
    lists, dimensions, classes, units : pyarrow Table
        ``key``, ``name_zh``, ``name_en``, ``prohibitions`` and how many of them are ``formalised``, their ``share``
        (null where there are none), and ``others`` and ``others_formalised`` of what does not forbid. In a unit
        what a list says of the whole place counts too.
    first : pyarrow Table
        The texts that stand in words, in the order in which to formalise them: those that forbid before all others,
        then by the number of ``units``. ``text`` has 〇 for names of places where texts differ in them alone;
        ``effect``, ``head``, ``lists``, ``dimensions``, ``places`` (bindings), ``area_share``, and ``share_after``:
        the share of prohibitions that is formalised when this text and all above it are. ``example`` is the id of
        one of its clauses.
    """

    as_of: date
    prohibitions: int
    formalised: int
    lists: pa.Table
    dimensions: pa.Table
    classes: pa.Table
    units: pa.Table
    first: pa.Table

    @property
    def share(self) -> float | None:
        """Share of prohibitions that are formalised, None where there are none."""
        return self.formalised / self.prohibitions if self.prohibitions else None

    def as_data(self) -> dict[str, Any]:
        """Return the report as plain data."""
        total = {"prohibitions": self.prohibitions, "formalised": self.formalised, "share": self.share}
        tables = {
            name: getattr(self, name).to_pylist() for name in ("lists", "dimensions", "classes", "units", "first")
        }
        return {"as_of": self.as_of.isoformat(), **total, **tables}


def decisiveness(edition: Edition, *, as_of: date) -> Decisiveness:
    """Return how far the lists, templates and other clauses of an edition's units decide on a day.

    What only packs say of every place is left out: their clauses are formalised wherever they are used.
    """
    return _Counts(survey_of(edition, as_of)).report()


def left_in_words(survey: Survey) -> Iterator[EditionFinding]:
    """Say of each list how many of its prohibitions, or else of its other clauses, stand in words."""
    counts = _Counts(survey)
    for number in np.unique(counts.list[counts.is_in_words]).tolist():
        yield _left(survey, counts, number)


def _left(survey: Survey, counts: _Counts, number: int) -> EditionFinding:
    ours = counts.list == number
    bans = ours & counts.is_ban
    mine = bans if (bans & counts.is_in_words).any() else ours
    left = mine & counts.is_in_words
    units = counts.units_of(left)
    texts = [group for group in counts.texts if any(left[row] for row in group.rows)]
    total, formal = int(mine.sum()), int((mine & ~counts.is_in_words).sum())
    is_ban = mine is bans
    whose = survey.list_named(number) if number >= 0 else Words("单元条款", "the units' clauses")
    what = Words("禁止性条款", "prohibitions") if is_ban else Words("其他条款", "other clauses")
    share, rest = percent(formal / total), total - formal
    where = Words(
        f"{len(texts)} 种条文，{len(units)} 个单元", f"{counted(len(texts), 'text')} in {counted(len(units), 'unit')}"
    )
    text = Words(
        f"{whose.zh}：{what.zh} {total} 处中已结构化 {formal} 处（{share}），其余 {rest} 处（{where.zh}）须逐项目由人判断",
        f"{whose.en}: {formal} of {total} {what.en} are formalised ({share}); the other {rest} ({where.en}) need a person for each project",
    )
    shown = [f"“{shortened(group.text)}”" for group in texts]
    cure = Words(
        f"由上而下结构化，先从{few(shown[:3]).zh}开始：yudi clauses list --words --edition DIR --out FILE.xlsx",
        f"formalise from the top, first {few(shown[:3]).en}: yudi clauses list --words --edition DIR --out FILE.xlsx",
    )
    numbers = {
        "prohibitions" if is_ban else "clauses": total,
        "formalised": formal,
        "texts": len(texts),
        "units": len(units),
    }
    severity = "warning" if is_ban else "info"
    kind = "ban_in_words" if is_ban else "clause_in_words"
    return survey.finding(kind, severity, (text, cure), units=units, where=survey.file(number), numbers=numbers)


@dataclass(frozen=True)
class _Text:
    """A text in words, names of places hidden: the bindings in which it stands, and its units."""

    text: str
    head: str
    effect: str
    rows: tuple[int, ...]
    units: np.ndarray[Any, Any]


class _Counts:
    """The bindings that count, as parallel arrays, and the texts in words among them."""

    def __init__(self, survey: Survey) -> None:
        self.survey = survey
        bindings, clauses = survey.edition.bindings, survey.clauses
        own = survey.is_of_units | (survey.list_of >= 0)
        own |= np.array([item.is_in_words for item in clauses], bool)
        own &= survey.in_force & np.array([item.effect in DECISIVE for item in clauses], bool)
        self.row = np.flatnonzero(own[bindings.clause] & (bindings.unit >= WHOLE_PLACE))
        self.unit, self.clause = bindings.unit[self.row], bindings.clause[self.row]
        self.list = survey.list_of[self.clause]
        self.is_ban = np.array([item.effect == "forbid" for item in clauses], bool)[self.clause]
        self.is_in_words = np.array([item.is_in_words for item in clauses], bool)[self.clause]

    def units_of(self, chosen: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Return the units of the chosen bindings."""
        units = np.unique(self.unit[chosen])
        return np.arange(len(self.survey.edition.units.geometry)) if WHOLE_PLACE in units else units

    @cached_property
    def texts(self) -> list[_Text]:
        """The texts in words, in the order in which to formalise them."""
        groups: dict[Any, list[int]] = {}
        keys: dict[int, Any] = {}
        for at in np.flatnonzero(self.is_in_words).tolist():
            clause = int(self.clause[at])
            if clause not in keys:
                keys[clause] = self._key(clause)
            groups.setdefault(keys[clause], []).append(at)
        made = [self._text(rows) for rows in groups.values()]
        return sorted(made, key=self._rank)

    def _key(self, clause: int) -> Any:
        part = self.survey.parts.get(clause)
        if part is None:
            item = self.survey.clauses[clause]
            return text_key(item.text.get("zh")), "", (item.effect,)
        return text_key(part.masked or part.text), text_key(part.masked_head), tuple(sorted(part.effects))

    def _text(self, rows: list[int]) -> _Text:
        clauses = sorted({int(self.clause[at]) for at in rows})
        parts = [self.survey.parts[clause] for clause in clauses if clause in self.survey.parts]
        units = self.units_of(np.array(rows))
        effect = strictest(tuple({self.survey.clauses[clause].effect for clause in clauses}))
        if not parts:
            return _Text(self.survey.clauses[clauses[0]].text.get("zh"), "", effect, tuple(rows), units)
        text, head = min(part.text for part in parts), min(part.head for part in parts)
        if len({text_key(part.text) for part in parts}) > 1:
            text = min(part.masked for part in parts)
        if len({text_key(part.head) for part in parts}) > 1:
            head = min(part.masked_head for part in parts)
        return _Text(text, head, effect, tuple(rows), units)

    def _rank(self, group: _Text) -> Any:
        bans = any(self.is_ban[row] for row in group.rows)
        area = float(self.survey.areas_m2[group.units].sum())
        return (not bans, DECISIVE.index(group.effect), -len(group.units), -area, group.text, group.head)

    def report(self) -> Decisiveness:
        """Return the counts as tables."""
        bans, formal = int(self.is_ban.sum()), int((self.is_ban & ~self.is_in_words).sum())
        return Decisiveness(
            self.survey.as_of,
            bans,
            formal,
            self._lists(),
            self._dimensions(),
            self._classes(),
            self._units(),
            self._first(),
        )

    def _lists(self) -> pa.Table:
        names = [Words(one["name"] or one["file"], one["name"] or one["file"]) for one in self.survey.lists]
        keys = [one["name"] or one["file"] for one in self.survey.lists]
        return self._table(np.where(self.list < 0, len(keys), self.list), [*keys, ""], [*names, _OTHERS])

    def _dimensions(self) -> pa.Table:
        labels = {**self.survey.edition.dimensions, "": _ALL}
        order = {key: at for at, key in enumerate(labels)}
        places = [order.setdefault(item.dimension, len(order)) for item in self.survey.clauses]
        group = np.array(places, np.int64)[self.clause]
        return self._table(group, list(order), [labels.get(key, Words(key, key)) for key in order])

    def _classes(self) -> pa.Table:
        units = self.survey.edition.units
        labels = {**self.survey.edition.classes, "": _WHOLE}
        order = {key: at for at, key in enumerate(labels)}
        column = units.column("class") or [""] * len(units.geometry)
        of_unit = np.array([order.setdefault(str(name or ""), len(order)) for name in column] + [order[""]], np.int64)
        return self._table(of_unit[self.unit], list(order), [labels.get(key, Words(key, key)) for key in order])

    def _units(self) -> pa.Table:
        units = self.survey.edition.units
        codes = [self.survey.edition.unit_code(at) for at in range(len(units.geometry))]
        names = [Words(str(name or "")) for name in units.column("name") or codes]
        whole = self._tally(np.zeros(len(self.row), np.int64), 1, self.unit == WHOLE_PLACE)
        own = self._tally(self.unit, len(codes), self.unit >= 0)
        return _counted(codes, names, own + whole, keeps_empty=True)

    def _table(self, group: np.ndarray[Any, Any], keys: Sequence[str], names: Sequence[Words]) -> pa.Table:
        return _counted(keys, names, self._tally(group, len(keys), np.ones(len(group), bool)))

    def _tally(self, group: np.ndarray[Any, Any], size: int, chosen: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Return of each group the prohibitions, those formalised, and the same of the others: four rows."""
        kinds = [self.is_ban, self.is_ban & ~self.is_in_words, ~self.is_ban, ~self.is_ban & ~self.is_in_words]
        return np.array([np.bincount(group[kind & chosen], minlength=size) for kind in kinds])

    def _first(self) -> pa.Table:
        bans = int(self.is_ban.sum())
        done = int((self.is_ban & ~self.is_in_words).sum())
        rows = []
        for at, group in enumerate(self.texts):
            settled = int(self.is_ban[list(group.rows)].sum())
            done += settled
            clauses = [self.survey.clauses[clause] for clause in sorted({int(self.clause[row]) for row in group.rows})]
            lists = sorted({self.list[row].item() for row in group.rows} - {-1})
            named = [self.survey.lists[number]["name"] or self.survey.lists[number]["file"] for number in lists]
            rows.append(
                {
                    "rank": at + 1,
                    "effect": group.effect,
                    "text": group.text,
                    "head": group.head,
                    "lists": ", ".join(named),
                    "dimensions": ", ".join(dict.fromkeys(item.dimension for item in clauses if item.dimension)),
                    "units": len(group.units),
                    "places": len(group.rows),
                    "area_share": round(self.survey.area_share(group.units), 6),
                    "prohibitions": settled,
                    "share_after": round(done / bans, 6) if bans else None,
                    "example": self.survey.edition.bindings.ids[int(self.row[group.rows[0]])],
                }
            )
        return pa.Table.from_pylist(rows, schema=_FIRST)


def _counted(
    keys: Sequence[str], names: Sequence[Words], tally: np.ndarray[Any, Any], *, keeps_empty: bool = False
) -> pa.Table:
    """Return counts as a table, without the groups that have nothing unless they are wanted."""
    kept = [at for at in range(len(keys)) if keeps_empty or tally[0, at] or tally[2, at]]
    bans, formal, others, others_formal = (tally[kind, kept].tolist() for kind in range(4))
    columns = {
        "key": pa.array([keys[at] for at in kept], pa.string()),
        "name_zh": pa.array([names[at].get("zh") for at in kept], pa.string()),
        "name_en": pa.array([names[at].get("en") for at in kept], pa.string()),
        "prohibitions": pa.array(bans, pa.int64()),
        "formalised": pa.array(formal, pa.int64()),
        "share": pa.array([round(a / b, 6) if b else None for a, b in zip(formal, bans, strict=True)], pa.float64()),
        "others": pa.array(others, pa.int64()),
        "others_formalised": pa.array(others_formal, pa.int64()),
    }
    return pa.table(columns)


_OTHERS = Words("模板与其他条款", "templates and other clauses")
_ALL = Words("不限维度", "all dimensions")
_WHOLE = Words("全域或无类别", "the whole place, or no class")
_NUMBERS = {"rank": pa.int64(), "units": pa.int64(), "places": pa.int64(), "prohibitions": pa.int64()}
_NUMBERS |= {"area_share": pa.float64(), "share_after": pa.float64()}
_FIRST = pa.schema(
    [
        (name, _NUMBERS.get(name, pa.string()))
        for name in (
            "rank",
            "effect",
            "text",
            "head",
            "lists",
            "dimensions",
            "units",
            "places",
            "area_share",
            "prohibitions",
            "share_after",
            "example",
        )
    ]
)
