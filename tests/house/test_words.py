"""What is kept in the repository speaks of the product, not of the place where it was written."""

from __future__ import annotations

import re
import subprocess

import pytest

pytestmark = pytest.mark.needs("git")

SIZE_MAX_BYTES = 1_000_000
# Written in pieces, so that this file does not hold what it looks for.
FORBIDDEN = {
    "a package registry's host": "|".join(
        [r"pypi" r"\.org", r"python" r"hosted\.org", r"registry\.npm" r"js", r"crates" r"\.io", r"repo\.maven" r"\."]
    ),
    "a path of one machine": r"(?<![\w.:/-])/(?:wo" r"rk|ro" r"ot|ho" r"me/\w+|opt/wh" r"eels)/|(?<![\w.])/tm" r"p/v\b",
    "a word of the workplace": "|".join(
        [r"\bcla" r"ude\b", r"anth" r"ropic", r"\bsub" r"agents?\b", r"co-auth" r"ored-by", r"iss" r"ues show"]
    ),
    "a note to oneself instead of an issue": r"\bTO" r"DO\b|\bFIX" r"ME\b",
}


def test_no_tracked_file_names_the_place_where_it_was_written(root):
    """No registry's host, machine's path, workplace's word or note to oneself stands in a tracked file."""
    found = [
        f"{path}:{number}: {what}"
        for path, text in _tracked(root)
        for number, line in enumerate(text.splitlines(), start=1)
        for what, pattern in FORBIDDEN.items()
        if re.search(pattern, line, re.IGNORECASE if what.startswith("a word") else 0)
    ]

    assert found == []


def _tracked(root):
    """Yield path and text of every tracked text file that is there and small enough to have been written by hand."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=True)
    for name in listed.stdout.decode("utf-8").split("\0"):
        path = root / name
        if name and path.is_file() and path.stat().st_size <= SIZE_MAX_BYTES:
            content = path.read_bytes()
            if b"\0" not in content:
                yield name, content.decode("utf-8", "replace")
