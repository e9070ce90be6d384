"""What can go wrong, sorted by what the caller can do about it; every message says where and what next."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = [
    "InputError",
    "LimitError",
    "NotFoundError",
    "StateError",
    "UnavailableError",
    "Where",
    "YudiError",
]


@dataclass(frozen=True)
class Where:
    """The place in the user's input that a message speaks of; rows count from 1 as a spreadsheet shows them."""

    file: str | None = None
    row: int | None = None
    field: str | None = None

    def __str__(self) -> str:
        parts = [self.file, None if self.row is None else f"row {self.row}", self.field]
        return ", ".join(part for part in parts if part)


class YudiError(Exception):
    """Base of all errors that Yudi raises on purpose.

    Parameters
    ----------
    message : str
        What was expected and what was got, without the place.
    where : Where
        File, row and field that the message speaks of.
    hint : str
        The next step for the user.
    """

    kind = "error"

    def __init__(self, message: str, *, where: Where | None = None, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where or Where()
        self.hint = hint

    def __str__(self) -> str:
        place = str(self.where)
        text = f"{place}: {self.message}" if place else self.message
        return f"{text}; {self.hint}" if self.hint else text

    def as_data(self) -> dict[str, object]:
        """Return the one error shape that all surfaces show: kind, message, where, hint."""
        place = {"file": self.where.file, "row": self.where.row, "field": self.where.field}
        return {"kind": self.kind, "message": self.message, "where": place, "hint": self.hint}


class InputError(YudiError, ValueError):
    """The input or the call is wrong; the user can mend it."""

    kind = "input"


class NotFoundError(YudiError, LookupError):
    """What was asked for by name is not there."""

    kind = "not_found"


class LimitError(YudiError):
    """A named limit (size, count, time) was reached."""

    kind = "limit"


class UnavailableError(YudiError):
    """Something that the call needs (an extra, a backend) is not available."""

    kind = "unavailable"


class StateError(YudiError):
    """The thing exists but is not in a state that allows the call."""

    kind = "state"
