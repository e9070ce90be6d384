"""A small invented city whose scheme leaves nothing open, so that a check of its edition finds nothing.

Four units in two districts, a list that is formalised to the last sentence, one law, a river with its lines, a park,
and the tables that clauses ask. Tests plant one fault at a time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from support.editions import INDUSTRY, layer, line, square
from yudi.core.dates import Period
from yudi.core.errors import Where
from yudi.core.words import Words
from yudi.formats.rule_files import read_pack
from yudi.territory.clauses import Citation, Document, clause
from yudi.territory.draft import Draft
from yudi.territory.edition import Layer, Rules, StatusTable
from yudi.territory.facts import Fact, Value, Vocabulary
from yudi.territory.formalised import formalisations
from yudi.territory.lists import ListRow, ListSource
from yudi.territory.prose import Wording, wording
from yudi.territory.standing import SchemeList
from yudi.territory.terms import term

__all__ = ["CODES", "DAY", "FORMAL", "LAW", "TOWNS", "draft", "fit_list", "fit_rules", "formal", "table"]

DAY = date(2026, 11, 24)
CODES = ("ZH99010110001", "ZH99010120002", "ZH99010220003", "ZH99010230004")
AREAS = ("990101", "990101", "990102", "990102")
TOWNS = ("东山镇", "西岭镇", "南坪镇", "北桥镇")
CLASSES = {
    "priority": Words("优先保护单元", "priority protection unit"),
    "key": Words("重点管控单元", "key control unit"),
    "general": Words("一般管控单元", "general control unit"),
}
DIMENSIONS = {"space": Words("空间布局约束", "spatial layout"), "emission": Words("污染物排放管控", "emission control")}
_BAN, _POND, _QUOTA, _TAILINGS = (
    "禁止新建、扩建化工项目",
    "化工企业应设置事故应急池",
    "新增化学需氧量不得突破总量指标",
    "干流岸线一公里内禁止新建尾矿库",
)
WORKS = {"term": "chemical-project"}
FORMAL: tuple[Mapping[str, Any], ...] = (
    {"text": _BAN, "effect": "forbid", "subject": {"all": [WORKS, {"fact": "activity", "in": ["new", "expand"]}]}},
    {"text": _POND, "effect": "require", "subject": WORKS, "test": {"fact": "pond", "is": True}},
    {"text": _QUOTA, "effect": "quota", "test": {"quota": {"amount": "emissions.COD", "headroom": ["room"]}}},
    {
        "text": _TAILINGS,
        "effect": "forbid",
        "scope": {"within": {"layer": "rivers", "where": {"grade": "main"}, "distance_m": 1000}},
        "subject": {"fact": "tailings", "is": True},
    },
)
"""What the office has made of each sentence of the list."""
LAW: Mapping[str, Any] = {
    "id": "river-9",
    "effect": "forbid",
    "scope": {
        "along": {
            "layer": "intakes",
            "rivers": "river_lines",
            "catchments": "basins",
            "upstream_m": 1000,
            "downstream_m": 100,
            "side_m": 50,
        }
    },
    "subject": {"all": [{"fact": "industry", "in": ["C26"]}, {"fact": "over", "is": True}]},
    "text": "取水口上游禁止化工项目",
    "citation": {"document": "river-act", "article": "9"},
    "in_force": "2021-03-01",
}
_FACTS = (
    Fact("industry", "code", system="industry"),
    Fact("activity", "choice", choices=("new", "expand", "rebuild", "relocate")),
    Fact("tailings", "truth"),
    Fact("pond", "truth", changeable="measure"),
    Fact("emissions.*", "number", changeable="design", unit="t/a"),
    Fact("over", "truth", provider="status"),
    Fact("room", "number", provider="status", unit="t/a"),
)
_SIDE = 5_000.0
_ALL = (-4 * _SIDE, -4 * _SIDE, 8 * _SIDE, 4 * _SIDE)


@cache
def words_of_cn() -> Wording:
    """Return the tables of words of the shipped pack."""
    return wording(read_pack(Path(__file__).resolve().parents[2] / "packs" / "cn").wording)


def draft() -> Draft:
    """Return the city's scheme, read and typed."""
    return Draft(
        Words("臆造的城", "invented city"),
        Period(date(2024, 1, 1), None),
        fit_rules(),
        {item.name: item for item in _layers()},
        classes=CLASSES,
        dimensions=DIMENSIONS,
        lists=(fit_list(),),
        wording=words_of_cn(),
        formalised=formal(FORMAL),
        document="list-2024",
    )


def fit_rules(clauses: Sequence[Mapping[str, Any]] = (LAW,), **more: Any) -> Rules:
    """Return the city's rules; other parts than clauses by name."""
    parts: dict[str, Any] = {
        "vocabulary": Vocabulary({fact.key: fact for fact in _FACTS}, {"industry": INDUSTRY}),
        "terms": (term({"key": "chemical-project", "in": ["C26"], "label": "化工项目"}),),
        "documents": {
            "river-act": Document("river-act", Words("臆造的河流法", "Invented River Act"), period=_since(2021, 3, 1)),
            "list-2024": Document("list-2024", Words("臆造的清单", "Invented List"), period=_since(2024, 1, 1)),
        },
        "status": (
            table("over", {"990101": False, "990102": True}, by="area"),
            table("room", dict.fromkeys(CODES, 10.0)),
        ),
    }
    return Rules(clauses=tuple(clause(item) for item in clauses), **{**parts, **more})


def fit_list(rows: Sequence[ListRow] | None = None, **more: Any) -> SchemeList:
    """Return the city's list; every unit has a row, and one asks nothing in a dimension."""
    cells = [(code, "space", f"1.{_BAN}。2.{_TAILINGS}。") for code in CODES]
    cells += [
        (code, "emission", f"{_POND}。" if code != CODES[0] else f"1.{_POND}。2.{_QUOTA}。") for code in CODES[:3]
    ]
    made = [
        ListRow(key, dimension, text, Where("list.xlsx", row, "清单"))
        for row, (key, dimension, text) in enumerate(cells, 2)
    ]
    parts: dict[str, Any] = {
        "source": ListSource(citation=Citation("list-2024")),
        "dimensions": ("space", "emission"),
        "file": "list.xlsx",
    }
    return SchemeList(**{"name": "", "rows": tuple(made if rows is None else rows), **parts, **more})


def formal(entries: Sequence[Mapping[str, Any]]) -> Any:
    """Return formalised entries, each in a row of a file."""
    return formalisations((entry, Where("formalised.yaml", row)) for row, entry in enumerate(entries, 1))


def table(
    fact: str,
    values: Mapping[str, Any],
    *,
    by: str = "unit",
    days: tuple[date | None, date | None] = (date(2026, 1, 1), date(2027, 1, 1)),
    otherwise: Value | None = None,
) -> StatusTable:
    """Return a status table of one year."""
    rows = {key: ((Period(*days), Value(value, origin="table")),) for key, value in values.items()}
    return StatusTable(fact, by, rows, otherwise)


def _since(*day: int) -> Period:
    return Period(date(*day), None)


def _layers() -> list[Layer]:
    around = square(*_ALL)
    squares = [square(at * _SIDE, 0, (at + 1) * _SIDE, _SIDE) for at in range(4)]
    columns = {"code": CODES, "name": [f"单元—{town}" for town in TOWNS], "area": AREAS}
    columns |= {"class": ["priority", "key", "key", "general"]}
    flow = line((-3 * _SIDE, 2_000), (7 * _SIDE, 2_000))
    more: dict[str, Any] = {"role": "reference", "accuracy_m": 10.0, "extent": around}
    return [
        layer("units", squares, columns),
        layer("rivers", [square(-3 * _SIDE, 1_900, 7 * _SIDE, 2_100)], {"grade": ["main"]}, **more),
        layer("river_lines", [flow], has_flow=True, shape="centreline", **more),
        layer("intakes", [], {"code": []}, **more),
        layer("basins", [around], **more),
    ]
