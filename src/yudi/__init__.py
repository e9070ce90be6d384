"""Yudi (余地): room to grow, within the limits of the land."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from yudi.api import (
        Comparison,
        OpenEdition,
        Project,
        Verdict,
        ask,
        build_edition,
        load_ipython_extension,
        open_edition,
        project,
        screen_file,
    )

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
]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Load the interface when it is first asked for, so that `import yudi` costs nothing."""
    if name in __all__:
        from yudi import api

        return getattr(api, name)
    raise AttributeError(f"module 'yudi' has no attribute {name!r}")
