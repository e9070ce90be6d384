"""Files of any length screened into a file or a folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from yudi.api.showing import day_of
from yudi.api.vocabularies import vocabulary_of
from yudi.core.errors import InputError, Where
from yudi.engines.runs import BATCH_ROWS, Engine, Order, Outcome, Progress, run
from yudi.formats.sites.plots import Asked
from yudi.stores.archive import open_edition

__all__ = ["engine_of", "order_of", "screen_file"]


def order_of(
    files: Sequence[Path],
    folders: Sequence[Path],
    out: str,
    *,
    asked: Callable[..., Any],
    facts: Mapping[str, Any],
    day: date | None,
    batch_rows: int = 0,
    workers: int = 0,
    is_restart: bool = False,
    lang: str = "en",
    resolution: int | None = None,
) -> Order:
    """Return what a run is asked, its editions open.

    Parameters
    ----------
    out : str
        A file by its ending; else, or with a slash behind it, a folder.
    asked : callable
        Takes ``editions`` and returns what is said of files with sites.
    day : date or None
        Day of the question; today where none is given.
    resolution : int or None
        Of the hexagons (H3) at which the one project is asked, instead of where it is itself.

    Raises
    ------
    YudiError
        If an edition cannot be read, or two do not go together.
    """
    if not out:
        raise InputError("expected a file or a folder", where=Where(field="--out"), hint="for example verdicts.parquet")
    editions = tuple(open_edition(folder) for folder in folders)
    path, today = Path(out), date.today()
    return Order(
        tuple(files),
        tuple(folders),
        editions,
        vocabulary_of(editions),
        out=path,
        as_of=day or today,
        today=today,
        is_folder=out.endswith(("/", "\\")) or not path.suffix,
        is_day_given=day is not None,
        asked=asked(editions=editions),
        facts=facts,
        batch_rows=batch_rows or BATCH_ROWS,
        workers=workers,
        is_restart=is_restart,
        lang=lang,
        resolution=resolution,
    )


def engine_of(name: str) -> Engine | None:
    """Return the engine of that name, None for this machine's own processes.

    Raises
    ------
    InputError
        For another name.
    UnavailableError
        Where Spark is asked for and missing.
    """
    if name == "local":
        return None
    from yudi.engines.spark import spark_engine

    return spark_engine(name)


def screen_file(
    files: str | Path | Sequence[str | Path],
    editions: Any,
    out: str | Path,
    *,
    as_of: date | str | None = None,
    facts: Mapping[str, Any] | None = None,
    crs: str = "",
    batch_rows: int = BATCH_ROWS,
    workers: int = 0,
    engine: str = "local",
    restart: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> Outcome:
    """Screen files of any length into a file or folder, as `yudi screen FILE… --out OUT` does; return what came of it.

    Parameters
    ----------
    files : path or sequence of paths
        GeoParquet, CSV, Excel, or whatever else `yudi screen` reads.
    editions : folder, open edition, or sequence of these
        All are asked together, and the strictest stands; an open one must have come from a folder.
    out : path
        ``.parquet``, ``.csv``, ``.xlsx`` or ``.geojson``; another name is a folder of GeoParquet parts.
    as_of : date or str
        Day of the question; today unless given, and of a run that was stopped the day on which it began.
    facts : mapping
        Of every project beside its own.
    crs : str
        Reference system of tables that name none.
    batch_rows : int
        Rows that are in memory at once in each process.
    workers : int
        Processes; 0 for all cores where there is much to do.
    engine : str
        ``local``, or Spark as ``local[*]`` or ``spark://HOST:PORT``.
    restart : bool
        Begin anew where another run was stopped or has ended.
    progress : callable
        Is told how far the run is, after each batch.

    Raises
    ------
    StateError
        Where a run on other files, editions or options was begun or has ended there.
    YudiError
        If an edition, the only file, or the only project cannot be read.
    UnavailableError
        Where Spark is asked for and missing.

    Examples
    --------
    >>> screen_file("sites.parquet", "edition", "verdicts/")  # doctest: +SKIP
    """
    paths = [files] if isinstance(files, str | Path) else list(files)
    asked = [editions] if isinstance(editions, str | Path) or hasattr(editions, "data") else list(editions)
    order = order_of(
        [Path(path) for path in paths],
        [_folder(item) for item in asked],
        str(out),
        asked=lambda editions: Asked(crs=crs),  # noqa: ARG005 - what is said here hangs on no edition
        facts=dict(facts or {}),
        day=None if as_of is None else day_of(as_of),
        batch_rows=batch_rows,
        workers=workers,
        is_restart=restart,
    )
    return run(order, tell=progress, engine=engine_of(engine))


def _folder(edition: Any) -> Path:
    """Return the folder of an edition: other processes open it for themselves."""
    folder = getattr(edition, "folder", None) if hasattr(edition, "data") else edition
    if folder is None:
        raise InputError("expected an edition from a folder", hint="open it with yudi.open_edition(FOLDER)")
    return Path(folder)
