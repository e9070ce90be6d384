"""Office files are zip archives; written again with the report's day, the same report gives the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date

__all__ = ["with_fixed_times"]

_MOMENT = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</)")


def with_fixed_times(data: bytes, day: date) -> bytes:
    """Return a zip archive in which all members bear a day instead of the moment of writing."""
    moment = (max(day.year, 1980), day.month, day.day, 0, 0, 0)
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            entry = zipfile.ZipInfo(member.filename, moment)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = member.external_attr
            held = old.read(member)
            if member.filename == "docProps/core.xml":
                held = _MOMENT.sub(rf"\g<1>{day.isoformat()}T00:00:00Z\g<2>".encode(), held)
            new.writestr(entry, held)
    return made.getvalue()
