"""A project in Python: a place and facts, as a person states them; an edition's vocabulary reads them when it is asked."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

import shapely
from shapely.geometry.base import BaseGeometry

from yudi.api.languages import language
from yudi.core.errors import InputError, Where
from yudi.formats.cards.tables import project_card
from yudi.formats.project_files import RawProject, project_from, read_projects
from yudi.territory.facts import Vocabulary

__all__ = ["Place", "Project", "project", "raw_of", "raws_of"]

Place: TypeAlias = Any
"""A place: a shapely geometry in lon/lat, (lon, lat), a GeoJSON geometry, a GeoSeries or GeoDataFrame of one row."""


class Project:
    """What a person proposes; made by `project`, and never changed: each method returns another.

    Parameters
    ----------
    raw : RawProject
        The project as it was written.
    """

    def __init__(self, raw: RawProject, *, lang: str = "") -> None:
        self.raw = raw
        self.lang = lang

    @property
    def id(self) -> str:
        """Its name, which answers carry back."""
        return self.raw.id

    @property
    def facts(self) -> dict[str, Any]:
        """What it states, as it was written."""
        return dict(self.raw.facts)

    @property
    def site(self) -> BaseGeometry | None:
        """Its place in lon/lat, as Yudi reads it; None where it has none.

        Raises
        ------
        InputError
            Where the place cannot be read.
        """
        if self.raw.geometry is None:
            return None
        return project_from(replace(self.raw, facts={}, given={}), Vocabulary()).site

    def at(self, place: Place, *, id: str = "") -> Project:  # noqa: A002 - the word of the project file
        """Return the project at another place."""
        return Project(replace(self.raw, id=id or self.id, geometry=_geometry(place), site=None), lang=self.lang)

    def stating(self, facts: Mapping[str, Any] | None = None, /, **more: Any) -> Project:
        """Return the project with further facts; one that it states already is replaced, and None takes one away."""
        changed = {**self.raw.facts, **(facts or {}), **more}
        return Project(
            replace(self.raw, facts={key: value for key, value in changed.items() if value is not None}), lang=self.lang
        )

    def answering(self, key: str, value: bool, *, by: str, on: date | str) -> Project:
        """Return the project with a person's answer to a question, which carries who gave it and when."""
        return self.stating({key: {"value": value, "by": by, "date": str(on)}})

    def as_data(self) -> dict[str, Any]:
        """Return it as a project file holds it."""
        return {"id": self.id, "geometry": self.raw.geometry, "facts": self.facts}

    def in_language(self, lang: str) -> Project:
        """Return the project as it shows itself in a language, ``zh`` or ``en``."""
        return Project(self.raw, lang=language(lang))

    def __repr__(self) -> str:
        kind = self.raw.geometry.get("type", "?") if isinstance(self.raw.geometry, Mapping) else "no place"
        return f"<project {self.id}: {kind}, {len(self.raw.facts)} facts>"

    def _repr_html_(self) -> str:
        try:
            place: BaseGeometry | str | None = self.site
        except InputError as error:
            place = str(error)
        return project_card(self.id, place, self.raw.facts, language(self.lang))


def project(
    what: Any = None,
    facts: Mapping[str, Any] | None = None,
    *,
    id: str = "",  # noqa: A002 - the word of the project file
    **more: Any,
) -> Project:
    """Return a project from a file, from data, or from a place and facts.

    Parameters
    ----------
    what : Project, path, mapping or place
        A file with one project; a project or a GeoJSON feature as data; or a place, in lon/lat: a shapely geometry,
        (lon, lat), a GeoJSON geometry, or a GeoSeries or GeoDataFrame of one row in any system that it names.
        Nothing makes a project that has no place yet.
    facts, **more
        What is stated beside, by key or label; it stands instead of what the file or the data state.

    Raises
    ------
    InputError
        For anything else, and for a file with several projects.

    Examples
    --------
    >>> works = project((107.36, 29.78), {"industry": "C2614"}, id="works", activity="new")
    >>> works, works.at((107.5, 29.7)).stating(activity=None).facts
    (<project works: Point, 2 facts>, {'industry': 'C2614'})
    """
    raw = raw_of(what) if what is not None else RawProject("project", None, {}, {}, Where())
    made = Project(replace(raw, id=id or raw.id))
    return made.stating(facts, **more) if facts or more else made


def raw_of(what: Any) -> RawProject:
    """Return one project as it was written, from whatever `project` takes."""
    if isinstance(what, Project):
        return what.raw
    if isinstance(what, str | Path):
        found = read_projects(Path(what))
        if len(found) != 1:
            hint = "use screen_table for many"
            raise InputError(f"expected one project, got {len(found)}", where=Where(str(what)), hint=hint)
        return found[0]
    if isinstance(what, Mapping) and "coordinates" not in what and "geometries" not in what:
        facts = what.get("properties") if what.get("type") == "Feature" else what.get("facts")
        own = {key: value for key, value in (facts or {}).items() if what.get("type") != "Feature" or key != "id"}
        name = what.get("id") or (facts or {}).get("id") if what.get("type") == "Feature" else what.get("id")
        return RawProject(str(name or "project"), what.get("geometry"), own, what, Where())
    return RawProject("project", _geometry(what), {}, {}, Where())


def raws_of(what: Any) -> list[RawProject]:
    """Return several projects as they were written: of files, a GeoDataFrame, or a list of whatever `project` takes.

    Those without a name of their own are called by their number; rows of a frame by its index.
    """
    if hasattr(what, "to_wkb"):
        from yudi.api.frames import raws_of_frame

        return raws_of_frame(what)
    if isinstance(what, str | Path):
        return read_projects(Path(what))
    if isinstance(what, Mapping) and what.get("type") == "FeatureCollection":
        what = what.get("features") or ()
    if isinstance(what, Project | Mapping | BaseGeometry) or not isinstance(what, Iterable):
        what = [what]
    found: list[RawProject] = []
    for number, item in enumerate(what, 1):
        raws = read_projects(Path(item)) if isinstance(item, str | Path) else [raw_of(item)]
        found += [replace(raw, id=str(number)) if raw.id == "project" else raw for raw in raws]
    return found


def _geometry(place: Place) -> Any:
    """Return a place as GeoJSON in lon/lat."""
    if hasattr(place, "to_wkb") and hasattr(place, "crs"):  # a GeoSeries or GeoDataFrame
        here = place if place.crs is None else place.to_crs("EPSG:4326")
        if len(here) != 1:
            raise InputError(f"expected a place, got {len(here)} rows", hint="choose one row, such as frame.iloc[[0]]")
        place = here.geometry.iloc[0]
    if isinstance(place, BaseGeometry):
        return json.loads(shapely.to_geojson(place))
    if isinstance(place, Mapping):
        return dict(place)
    if isinstance(place, tuple | list) and len(place) == 2 and all(isinstance(part, int | float) for part in place):
        return {"type": "Point", "coordinates": [float(part) for part in place]}
    raise InputError(
        f"expected a place, got {type(place).__name__}",
        hint="give a shapely geometry in lon/lat, (lon, lat), a GeoJSON geometry or a GeoDataFrame of one row",
    )
