"""What an open edition can do beyond answering: give its layers, compare sites, show itself; and tables in notebooks."""

from __future__ import annotations

import copy
from datetime import date
from typing import TYPE_CHECKING, Any, Self

import pyarrow as pa

from yudi.api.answers import Comparison
from yudi.api.frames import layer_frame
from yudi.api.languages import language
from yudi.api.projects import raw_of, raws_of
from yudi.api.sites import compare_sites
from yudi.core.errors import InputError, NotFoundError
from yudi.formats.cards.editions import edition_card
from yudi.formats.cards.tables import table_card
from yudi.territory.edition import Edition

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

__all__ = ["EditionViews", "day_of", "load_ipython_extension", "table_html"]

_ROWS = 20  # of a table that are read to show it


class EditionViews:
    """How an open edition shows itself; mixed into `yudi.api.OpenEdition`."""

    data: Edition
    lang: str = ""

    @property
    def name(self) -> str:
        """What it is called, in its language."""
        return self.data.name.get(language(self.lang))

    @property
    def layers(self) -> list[str]:
        """The names of its layers; ``units`` is always one."""
        return ["units", *sorted(name for name in self.data.layers if name != "units")]

    def layer(self, name: str) -> GeoDataFrame:
        """Return a layer as a GeoDataFrame in lon/lat, one row a feature; units have ``code``, ``name``, ``class``.

        Raises
        ------
        NotFoundError
            Where the edition has no such layer.
        UnavailableError
            Where GeoPandas is not installed.
        """
        if name not in self.data.layers:
            raise NotFoundError(f"no layer is called {name!r}", hint=f"there are {', '.join(self.layers)}")
        return layer_frame(self.data, name)

    def compare(self, project: Any, sites: Any = None, *, as_of: date | str | None = None) -> Comparison:
        """Return one project at several sites side by side, its own place first; or several projects.

        Parameters
        ----------
        project
            Whatever `yudi.project` takes; without sites several of these, or a GeoDataFrame of projects.
        sites
            Places: a GeoDataFrame, whose other columns are facts of the sites; a file; or a list of whatever
            `yudi.project` takes.

        Raises
        ------
        InputError
            Where a site cannot be read, or fewer than two are left.
        """
        today = date.today()
        projects = raws_of(project) if sites is None else [raw_of(project)]
        places = [] if sites is None else raws_of(sites)
        if sites is not None and not places:
            raise InputError("expected sites to compare, got none", hint="give two or more")
        vocabulary = self.data.rules.vocabulary
        found = compare_sites(projects, places, (self.data,), vocabulary, as_of=day_of(as_of), today=today)
        if found.wrong:
            raise found.wrong[0]
        return Comparison(found.comparison, found.title, lang=self.lang)

    def in_language(self, lang: str) -> Self:
        """Return the same edition; it and its answers show themselves in a language, ``zh`` or ``en``."""
        found = copy.copy(self)
        found.lang = language(lang)
        return found

    def __repr__(self) -> str:
        return f"<edition {self.data.id[:12]} {self.name}>"

    def _repr_html_(self) -> str:
        return edition_card(self.data, language(self.lang))


def day_of(as_of: date | str | None) -> date:
    """Return the day that is asked about: as given, as YYYY-MM-DD, or today.

    Raises
    ------
    InputError
        For a text that is no day.
    """
    if not isinstance(as_of, str):
        return as_of or date.today()
    try:
        return date.fromisoformat(as_of)
    except ValueError as error:
        raise InputError(f"expected a day, got {as_of!r}", hint="write YYYY-MM-DD") from error


def table_html(table: pa.Table, lang: str = "") -> str:
    """Return the first rows of an Arrow table as HTML, verdicts in their colours."""
    first = table.slice(0, _ROWS)
    columns = {name: first.column(index).to_pylist() for index, name in enumerate(first.column_names)}
    return table_card(columns, table.num_rows, language(lang))


def load_ipython_extension(ipython: Any) -> None:
    """Let Arrow tables show themselves in this notebook: ``%load_ext yudi``."""
    ipython.display_formatter.formatters["text/html"].for_type(pa.Table, table_html)
