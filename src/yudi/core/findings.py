"""What an import noticed without having to refuse: plain data that reports, checks and manifests share."""

from __future__ import annotations

from dataclasses import dataclass

from yudi.core.errors import Where
from yudi.core.words import Words

__all__ = ["Finding"]


@dataclass(frozen=True)
class Finding:
    """One thing noticed in the input that was repaired or left as it is.

    Parameters
    ----------
    kind : str
        Stable key such as ``"ring_crosses_itself"`` or ``"encoding_lies"``.
    message : str
        One English sentence that says what was found and what was done.
    zh : str
        The same in Chinese; empty where nobody wrote it, then the English stands.
    where : Where
        File, row (from 1) and field.
    keys : tuple of str
        What it is about by name, such as codes of units, for checks that look it up.
    """

    kind: str
    message: str
    where: Where = Where()
    keys: tuple[str, ...] = ()
    zh: str = ""

    @property
    def said(self) -> Words:
        """The sentence in both languages."""
        return Words(self.zh or self.message, self.message)

    def as_data(self) -> dict[str, object]:
        """Return the finding as plain data for JSON and manifests."""
        place = {"file": self.where.file, "row": self.where.row, "field": self.where.field}
        data: dict[str, object] = {"kind": self.kind, "message": self.message, "where": place}
        data |= {"keys": list(self.keys)} if self.keys else {}
        return data | {"zh": self.zh} if self.zh else data
