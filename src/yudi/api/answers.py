"""What verdicts and comparisons can do beyond being data: tables of clauses, units and sites, and a card of their own."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import pyarrow as pa

from yudi.api.languages import language
from yudi.formats.cards.comparisons import comparison_card
from yudi.formats.cards.verdicts import verdict_card
from yudi.territory.answer_marks import VERDICT_MARKS
from yudi.territory.answer_words import VERDICT_WORDS
from yudi.territory.comparison import Comparison as Compared
from yudi.territory.comparison_data import OUTCOMES, comparison_data
from yudi.territory.screening import Screening

__all__ = ["Comparison", "VerdictViews"]

_GROUPS = ("applied", "open", "satisfied", "notes", "not_applicable")
_LISTS = pa.list_(pa.string())


class VerdictViews:
    """How a verdict shows itself; mixed into `yudi.api.Verdict`."""

    screening: Screening
    lang: str = ""

    @property
    def clauses(self) -> pa.Table:
        """All clauses that were considered, one a row, in the order of the answer; lists are lists.

        Columns: ``group`` (applied, open, satisfied, notes, not_applicable), ``id``, ``outcome`` (what it does or may
        do), ``effect``, ``dimension``, ``level``, ``text_zh``, ``text_en``, ``document``, ``article``, ``units``,
        ``needs``, ``edition``.
        """
        data = self._data()["clauses"]
        rows = [(group, item) for group in _GROUPS for item in data[group]]
        columns: dict[str, Any] = {
            "group": [group for group, _ in rows],
            "id": [item["id"] for _, item in rows],
            "outcome": [item.get("outcome") or _may(item) for _, item in rows],
        }
        columns |= {key: [item[key] for _, item in rows] for key in ("effect", "dimension", "level")}
        columns |= {f"text_{lang}": [item["text"][lang] for _, item in rows] for lang in ("zh", "en")}
        columns |= {key: [item["citation"][key] for _, item in rows] for key in ("document", "article")}
        columns |= {key: [item.get(key) or [] for _, item in rows] for key in ("units", "needs")}
        columns["edition"] = [item["edition"] for _, item in rows]
        return _table(columns, lists=("units", "needs"))

    @property
    def units(self) -> pa.Table:
        """The units that the site meets: ``code``, ``name``, ``class``, ``share``, ``verdict``, ``touches``."""
        data = self._data()
        units = data["units"]
        columns: dict[str, Any] = {key: [unit.get(key, "") for unit in units] for key in ("code", "name", "class")}
        columns["share"] = pa.array([unit["share"] for unit in units], pa.float64())
        columns["verdict"] = [data["by_unit"].get(unit["code"]) for unit in units]
        columns["touches"] = pa.array([bool(unit.get("touches")) for unit in units], pa.bool_())
        return _table(columns)

    def in_language(self, lang: str) -> Self:
        """Return the same answer as it shows itself in a language, ``zh`` or ``en``."""
        found = copy.copy(self)
        found.lang = language(lang)
        return found

    def __repr__(self) -> str:
        data, lang = self._data(), language(self.lang)
        return "\n".join([_named(data["verdict"], self.screening.project.id, lang), *_reasons(data, lang)])

    def _repr_html_(self) -> str:
        return verdict_card(self.screening, self._data(), language(self.lang))

    def _data(self) -> Mapping[str, Any]:
        assert isinstance(self, Mapping), "mixed into a dict"
        return self


class Comparison(dict[str, Any]):
    """Several sites side by side, as `yudi compare --json --all` prints them; the comparison itself as `comparison`.

    Parameters
    ----------
    comparison : yudi.territory.comparison.Comparison
        What was compared.
    title : str
        The project that is held against all sites; empty where each is a project of its own.
    """

    def __init__(self, comparison: Compared, title: str = "", *, lang: str = "") -> None:
        super().__init__(comparison_data(comparison, show_all=True))
        self.comparison = comparison
        self.title = title
        self.lang = lang

    @property
    def best(self) -> list[str]:
        """The names of the best site, and of those that are its equals."""
        return [column.name for column in self.comparison.ranking[0][1]]

    @property
    def sites(self) -> pa.Table:
        """The sites from the best on: ``name``, ``rank``, ``verdict``, ``presumed``, numbers of clauses, ``units``."""
        columns = [column for _, group in self.comparison.ranking for column in group]
        found = {site["name"]: site for site in self["sites"]}
        rows = [found[column.name] for column in columns]
        plain = {key: [row[key] for row in rows] for key in ("name", "verdict")}
        counts = {key: [row[key] for row in rows] for key in ("rank", "prohibits", "may_prohibit", "conditions")}
        lists = {"questions": [row["questions"] for row in rows]}
        lists["units"] = [[unit["code"] for unit in row["units"]] for row in rows]
        presumed = {"presumed": [row["presumed"]["verdict"] for row in rows]}
        numbers = {key: pa.array(values, pa.int64()) for key, values in counts.items()}
        return _table({**plain, **presumed, **numbers, **lists}, lists=tuple(lists))

    @property
    def clauses(self) -> pa.Table:
        """The clauses, those that differ first: ``differs``, ``text_zh``, ``text_en``, then what each site's comes to.

        A site's column is called by its name and is empty where the clause does not stand in the site's units.
        """
        rows = self.comparison.rows
        columns: dict[str, Any] = {
            "differs": pa.array([row.differs for row in rows], pa.bool_()),
            "text_zh": [row.clause.text.get("zh") for row in rows],
            "text_en": [row.clause.text.get("en") for row in rows],
        }
        for index, column in enumerate(self.comparison.columns):
            marks = [row.marks[index] for row in rows]
            columns[column.name] = [None if mark is None else OUTCOMES[mark.known] for mark in marks]
        return _table(columns)

    def write(self, path: str | Path, *, lang: str = "") -> None:
        """Write it as an Excel book, CSV or JSON, by the file's ending."""
        from yudi.formats.comparison_files import write_comparison

        write_comparison(self.comparison, Path(path), lang=language(lang or self.lang), show_all=True)

    def in_language(self, lang: str) -> Comparison:
        """Return the same comparison as it shows itself in a language, ``zh`` or ``en``."""
        found = copy.copy(self)
        found.lang = language(lang)
        return found

    def __repr__(self) -> str:
        lang = language(self.lang)
        lines = [
            f"{rank}. {_named(column.screening.verdict, column.name, lang)}"
            for rank, columns in self.comparison.ranking
            for column in columns
        ]
        return "\n".join([self.title, *lines] if self.title else lines)

    def _repr_html_(self) -> str:
        return comparison_card(self.comparison, self.title, language(self.lang))


def _may(item: Mapping[str, Any]) -> str | None:
    return f"may_{item['may']}" if "may" in item else None


def _named(verdict: str, name: str, lang: str) -> str:
    return f"{VERDICT_MARKS[verdict]} {VERDICT_WORDS[verdict].get(lang)}  {name}"


def _reasons(data: Mapping[str, Any], lang: str) -> list[str]:
    """Return what prohibits, else what may, else the conditions: at most three lines."""
    applied, unsettled = data["clauses"]["applied"], data["clauses"]["open"]
    groups: Sequence[Sequence[Mapping[str, Any]]] = (
        [item for item in applied if item["outcome"] == "prohibits"],
        [item for item in unsettled if item["may"] == "prohibit"],
        [item for item in applied if item["outcome"] == "conditions"],
    )
    first = next((group for group in groups if group), ())
    return [f"  - {item['text'][lang] or item['id']}" for item in first[:3]]


def _table(columns: Mapping[str, Any], *, lists: Sequence[str] = ()) -> pa.Table:
    return pa.table(
        {
            key: values if isinstance(values, pa.Array) else pa.array(values, _LISTS if key in lists else pa.string())
            for key, values in columns.items()
        }
    )
