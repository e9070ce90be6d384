"""Files of any length screened into a file or a folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from yudi.api.vocabularies import vocabulary_of
from yudi.core.errors import InputError, Where
from yudi.engines.runs import BATCH_ROWS, Engine, Order
from yudi.stores.archive import open_edition

__all__ = ["engine_of", "order_of"]


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
