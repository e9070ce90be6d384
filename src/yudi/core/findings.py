"""What an import noticed without having to refuse: plain data that reports, checks and manifests share."""

from __future__ import annotations

from dataclasses import dataclass

from yudi.core.errors import Where

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
    where : Where
        File, row (from 1) and field.
    keys : tuple of str
        What it is about by name, such as codes of units, for checks that look it up.
    """

    kind: str
    message: str
    where: Where = Where()
    keys: tuple[str, ...] = ()

    def as_data(self) -> dict[str, object]:
        """Return the finding as plain data for JSON and manifests."""
        place = {"file": self.where.file, "row": self.where.row, "field": self.where.field}
        data: dict[str, object] = {"kind": self.kind, "message": self.message, "where": place}
        return data | {"keys": list(self.keys)} if self.keys else data
