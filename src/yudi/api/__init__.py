"""Yudi in Python: open an edition, ask about a project or a table of projects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa

from yudi.api.answers import Comparison, VerdictViews
from yudi.api.frames import frame_with
from yudi.api.languages import language
from yudi.api.projects import Project, project, raw_of
from yudi.api.showing import EditionViews, day_of, load_ipython_extension
from yudi.api.streams import screen_file
from yudi.api.tables import batch_of
from yudi.api.vocabularies import vocabulary_of
from yudi.engines.batches import Question, screen_batch
from yudi.formats.project_files import project_from
from yudi.stores.archive import open_edition as _open
from yudi.territory.edition import Edition
from yudi.territory.items import Items
from yudi.territory.screening import Screening, screen
from yudi.territory.verdict import verdict_data
from yudi.territory.ways_out.search import WaysOut
from yudi.territory.ways_out.search import ways_out as search_ways_out

__all__ = [
    "Comparison",
    "OpenEdition",
    "Project",
    "Verdict",
    "ask",
    "build_edition",
    "load_ipython_extension",
    "open_edition",
    "project",
    "screen_file",
    "vocabulary_of",
]


class Verdict(VerdictViews, dict[str, Any]):
    """The answer as `yudi screen --json` prints it, with the screening behind it as `screening`."""

    def __init__(
        self, screening: Screening, *, show_all: bool = False, ways: WaysOut | None = None, lang: str = ""
    ) -> None:
        super().__init__(verdict_data(screening, show_all=show_all, ways=ways))
        self.screening = screening
        self._are_ways_asked = ways is not None
        self.lang = lang

    @property
    def verdict(self) -> str:
        """The verdict as known."""
        return str(self["verdict"])

    @property
    def questions(self) -> list[str]:
        """The fewest facts whose answers would make the verdict decisive."""
        return list(self["questions"])

    def as_json(self) -> bytes:
        """Return the answer as JSON on one line, in UTF-8: what `yudi screen --json` prints, ten times as fast as `json`."""
        return msgspec.json.encode(self, enc_hook=_written)

    def report(self, path: str | Path, *, lang: str = "", number: str = "") -> Path:
        """Write the answer as a report, in the format that the file's ending names; return its path.

        Parameters
        ----------
        path : str or Path
            Ends in .pdf, .docx, .xlsx or .geojson.
        lang : str
            ``zh``, ``en``, or ``both`` (Chinese with English beneath); by default as the verdict shows itself.
        number : str
            The report's number; made from its content where none is given.

        Raises
        ------
        InputError
            For another ending or language, or a place that cannot be written to.
        UnavailableError
            For PDF and Word where the extra ``report`` is not installed.
        """
        from yudi.formats.reports.content import report_content
        from yudi.formats.reports.files import write_report

        asked = lang or language(self.lang)
        content = report_content(self.screening, self, lang=asked, number=number, ways_searched=self._are_ways_asked)
        write_report(content, Path(path))
        return Path(path)


class OpenEdition(EditionViews):
    """An edition to ask; several are asked together with `ask`.

    Parameters
    ----------
    data : Edition
        The edition itself: layers, rules, bindings.
    folder : Path or None
        Where it was opened.
    """

    def __init__(self, data: Edition, folder: Path | None = None) -> None:
        self.data = data
        self.folder = folder
        self._asked: Question | None = None

    def items(self, search: str = "") -> list[dict[str, Any]]:
        """Return the printed items of its lists, as `yudi clauses list --words --json` prints them."""
        return list(Items(self.data).records(search))

    def screen(
        self, project: Project | Mapping[str, Any] | str | Path, *, as_of: date | str | None = None, ways_out: int = 0
    ) -> Verdict:
        """Return the verdict on one project: whatever `project` takes; asked as of today unless a day is given.

        Parameters
        ----------
        ways_out : int
            How many ways out to look for a target; none by default.
        """
        return ask(project, (self,), as_of=as_of, ways_out=ways_out)

    def report(
        self,
        project: Project | Mapping[str, Any] | str | Path,
        path: str | Path,
        *,
        lang: str = "",
        as_of: date | str | None = None,
        ways_out: int = 0,
    ) -> Verdict:
        """Screen a project and write the report, see `Verdict.report`; return the verdict."""
        answer = self.screen(project, as_of=as_of, ways_out=ways_out)
        answer.report(path, lang=lang)
        return answer

    def screen_table(self, table: Any, *, as_of: date | str | None = None) -> Any:
        """Return the verdicts on a table with lon and lat, wkt, or geometry (WKB); other columns are facts.

        Parameters
        ----------
        table : pyarrow.Table or GeoDataFrame
            One project a row; a GeoDataFrame in any reference system that it names.

        Returns
        -------
        pyarrow.Table or GeoDataFrame
            For an Arrow table the published columns; for a GeoDataFrame the same frame, with its index, system and
            shapes, and these columns behind its own. Lists stay lists.

        Raises
        ------
        InputError
            For the first row that cannot be read; the command line goes on past such rows.
        """
        found = screen_batch(self._question(day_of(as_of), date.today()), batch_of(table))
        if found.refused:
            raise found.refused[0].error
        return found.verdicts if isinstance(table, pa.Table) else frame_with(table, found.verdicts)

    def _question(self, day: date, today: date) -> Question:
        """Return what batches are asked; the last day's is kept ready."""
        if self._asked is None or (self._asked.as_of, self._asked.today) != (day, today):
            self._asked = Question((self.data,), self.data.rules.vocabulary, day, today, (self.folder,))
        return self._asked


def open_edition(folder: str | Path) -> OpenEdition:
    """Return the edition in a folder, ready to be asked."""
    return OpenEdition(_open(folder), Path(folder))


def build_edition(scheme: str | Path, out: str | Path, *, replace: bool = False) -> OpenEdition:
    """Build an edition from a scheme's maps and lists into a folder, as `yudi edition build` does, and return it open.

    Parameters
    ----------
    replace : bool
        Replace another edition that is there.
    """
    from yudi.formats.schemes import read_scheme
    from yudi.stores.archive import write_edition
    from yudi.territory.draft import compiled

    write_edition(compiled(read_scheme(Path(scheme))), Path(out), replace_other=replace)
    return open_edition(out)


def ask(
    project: Project | Mapping[str, Any] | str | Path,
    editions: Sequence[OpenEdition],
    *,
    as_of: date | str | None = None,
    show_all: bool = False,
    ways_out: int = 0,
) -> Verdict:
    """Return the verdict on a project of several editions at once; the strictest stands.

    Parameters
    ----------
    ways_out : int
        How many ways out to look for a target; none by default.
    """
    raw = raw_of(project)
    data = tuple(edition.data for edition in editions)
    asked = project_from(raw, vocabulary_of(data), today=date.today())
    answer = screen(asked, data, as_of=day_of(as_of))
    ways = search_ways_out(answer, limit=ways_out) if ways_out > 0 else None
    return Verdict(answer, show_all=show_all, ways=ways, lang=editions[0].lang if editions else "")


def _written(value: Any) -> float | str:
    """Return what is no plain value as JSON has it: a number of numpy's as a number."""
    return float(value) if isinstance(value, float) else str(value)
