"""A project changed in one respect and written so that it can be screened as it stands."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from yudi.core.site_geometry import read_site
from yudi.territory.edition import Edition
from yudi.territory.facts import Value, Vocabulary
from yudi.territory.projects import Project, restated

__all__ = ["plain_value", "with_facts", "with_part"]

_DEGREES = 1e-7  # about 1 cm; what is cut or moved is written no finer
_ZONE = "zone:"  # a person's answer whether the site lies in a part that a text names
_KEPT = ("value", "unit", "accuracy", "source", "by", "date")


def with_facts(project: Project, changed: Mapping[str, Value | None], editions: tuple[Edition, ...]) -> Project:
    """Return the project with some facts stated otherwise, in its facts and in what is echoed.

    Parameters
    ----------
    changed : mapping of key to Value or None
        None leaves the fact out.
    editions : tuple of Edition
        Their vocabularies say under which names facts may have been written.
    """
    facts = {key: value for key, value in project.facts.items() if key not in changed}
    facts |= {key: value for key, value in changed.items() if value is not None}
    plain = {key: _stated(key, value, editions) if value is not None else None for key, value in changed.items()}
    given = _whole(project, editions)
    name = _facts_name(given)
    given[name] = restated(given.get(name) or {}, plain, _vocabulary(editions))
    return replace(project, facts=facts, given=given)


def with_part(project: Project, site: BaseGeometry, editions: tuple[Edition, ...]) -> Project:
    """Return the project on a part of its site (lon/lat), without measurements that need not hold of the part.

    The site is that which its written form reads back to.
    """
    written = json.loads(shapely.to_geojson(shapely.set_precision(site, _DEGREES)))
    moved = with_facts(project, dict.fromkeys(_gone(project, editions)), editions)
    read, notes = read_site(written)
    return replace(moved, site=read, given={**moved.given, "geometry": written}, findings=(*project.findings, *notes))


def _gone(project: Project, editions: tuple[Edition, ...]) -> tuple[str, ...]:
    """Return what is stated of the whole site and may not hold of a part: all but that it does not lie somewhere."""
    vocabulary = _vocabulary(editions)
    found = ((key, value, vocabulary.fact(key)) for key, value in project.facts.items() if value.value is not False)
    return tuple(
        key for key, _, fact in found if key.startswith(_ZONE) or (fact is not None and fact.provider == "place")
    )


def plain_value(value: Value | None) -> Any:
    """Return what a fact is as plain data; None for what is not stated."""
    return None if value is None else value.as_data()["value"]


def _stated(key: str, value: Value, editions: tuple[Edition, ...]) -> Any:
    """Return a value as a project would state it; a number of a family or with a source carries its unit."""
    data = {name: item for name, item in value.as_data().items() if name in _KEPT}
    number = data["value"]
    if isinstance(number, float) and number.is_integer():
        data["value"] = int(number)
    fact = _vocabulary(editions).fact(key)
    if fact is not None and fact.unit and len(data) > 1:
        data["unit"] = fact.unit
    return data if len(data) > 1 else data["value"]


def _whole(project: Project, editions: tuple[Edition, ...]) -> dict[str, Any]:
    """Return what was given, made whole where a table or a program gave only a part of it."""
    given = dict(project.given)
    if given.get("geometry") is None:
        given["geometry"] = json.loads(shapely.to_geojson(project.site))
    if _facts_name(given) not in given:
        given[_facts_name(given)] = {key: _stated(key, value, editions) for key, value in project.facts.items()}
    given.setdefault("id", project.id)
    return given


def _facts_name(given: Mapping[str, Any]) -> str:
    return "properties" if given.get("type") == "Feature" else "facts"


def _vocabulary(editions: tuple[Edition, ...]) -> Vocabulary:
    if len(editions) == 1:
        return editions[0].rules.vocabulary
    facts = {key: fact for edition in reversed(editions) for key, fact in edition.rules.vocabulary.facts.items()}
    systems = {key: one for edition in reversed(editions) for key, one in edition.rules.vocabulary.systems.items()}
    return Vocabulary(facts, systems)
