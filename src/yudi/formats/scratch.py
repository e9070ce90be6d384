"""Where files lie for a while: a temporary folder that is gone afterwards, even where the process is killed."""

from __future__ import annotations

import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["scratch_folder"]

# Said in a process of its own, which sees the end of its input however this process ends.
_CLEANER = "import shutil, sys; sys.stdin.read(); shutil.rmtree(sys.argv[1], ignore_errors=True)"


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Give an empty folder for as long as the context lasts.

    Examples
    --------
    >>> with scratch_folder() as folder:
    ...     _ = (folder / "a").write_text("b")
    >>> folder.exists()
    False
    """
    folder = Path(tempfile.gettempdir()) / f"yudi-{secrets.token_hex(8)}"
    cleaner = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", _CLEANER, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        folder.mkdir(mode=0o700)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        assert cleaner.stdin is not None, "asked for as a pipe"
        cleaner.stdin.close()
        cleaner.wait()
