"""What a bureau writes to say which file plays which role: the form of `scheme.toml` and of a pack's `pack.toml`.

Only the form stands here; `yudi.formats.schemes` reads what the files name.
"""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from yudi.core.errors import InputError, NotFoundError, Where
from yudi.core.names import near

__all__ = [
    "CodeEntry",
    "CodePattern",
    "LayerEntry",
    "ListEntry",
    "PackFile",
    "PublishedEntry",
    "RuleEntries",
    "SchemeFile",
    "StatusEntry",
    "SystemEntry",
    "TemplateEntry",
    "read_toml",
]

Label = str | dict[str, str]
Rows = list[dict[str, Any]]
Read = TypeVar("Read", bound="msgspec.Struct")


class _Strict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mapping that knows all its keys."""


class SystemEntry(_Strict, frozen=True):
    """A code system: a CSV with code, parent, name_zh, name_en, aliases; and one of everyday words, for searches."""

    key: str
    path: str
    words: str = ""


class CodePattern(_Strict, frozen=True):
    """How codes of one kind are built, for schemes to name: a pattern, and what the class digit means."""

    pattern: str
    classes: dict[str, str] = {}


class RuleEntries(_Strict, frozen=True):
    """The rule side, the same in a scheme and in a pack; paths are relative, ``*`` stands for several files."""

    systems: list[SystemEntry] = []
    facts: Rows = []
    fact_files: list[str] = []
    documents: Rows = []
    document_files: list[str] = []
    clauses: Rows = []
    clause_files: list[str] = []
    case_files: list[str] = []
    terms: Rows = []
    term_files: list[str] = []
    inferences: Rows = []
    inference_files: list[str] = []
    wording: str | None = None
    recognition: str | None = None
    columns: dict[str, list[str]] = {}
    dimensions: dict[str, Label] = {}
    dimension_names: dict[str, list[str]] = {}
    all_units: list[str] = []
    inside: list[str] = []
    classes: dict[str, Label] = {}
    class_names: dict[str, list[str]] = {}
    subclasses: dict[str, list[str]] = {}
    codes: dict[str, CodePattern] = {}


class CodeEntry(_Strict, frozen=True):
    """How codes are built: a pattern with groups area, class, serial, what the class digit means, which areas there are."""

    form: str = ""
    pattern: str = ""
    classes: dict[str, str] = {}
    areas: str | list[str] | dict[str, Label] = {}


class LayerEntry(_Strict, frozen=True):
    """A layer of a map file and what its columns are."""

    name: str
    path: str
    role: str = "reference"
    layer: str | None = None
    crs: str | None = None
    shift: list[float] | None = None
    encoding: str | None = None
    shape: str = "surface"
    accuracy_m: float | None = None
    label: Label = ""
    element: str = ""
    columns: dict[str, str] = {}
    constants: dict[str, str] = {}
    fields: dict[str, str] = {}
    width: str = ""
    flow: bool = False
    extent: list[float] | None = None
    tiles: bool | None = None
    over: dict[str, str | list[str]] = {}
    codes: CodeEntry | None = None
    area_unit: str = "km2"


class Silence(_Strict, frozen=True):
    """Where silence means freedom (``none``) and where it is unknown (``open``)."""

    default: str = "open"
    classes: dict[str, str] = {}
    dimensions: dict[str, str] = {}


class ListEntry(_Strict, frozen=True):
    """A list in Excel or CSV: one wide sheet, one row an item, or one sheet a level."""

    path: str
    name: str = ""
    sheet: str | None = None
    sheets: dict[str, str] = {}
    encoding: str | None = None
    columns: dict[str, str | list[str]] = {}
    dimension: str = ""
    key: str = "code"
    level: str = "unit"
    document: str = ""
    silence: str | Silence | None = None
    in_force: date | None = None
    repealed: date | None = None


class StatusEntry(_Strict, frozen=True):
    """A dated table of one fact by unit, by area, or for all."""

    path: str
    fact: str
    by: str = "unit"
    sheet: str | None = None
    encoding: str | None = None
    columns: dict[str, str] = {}
    otherwise: Any = None
    unit: str | None = None


class PublishedEntry(_Strict, frozen=True):
    """A printed table of numbers of units, their areas, or their shares of the area, to hold the map against."""

    path: str
    by: str = "area"
    sheet: str | None = None
    encoding: str | None = None
    key: str = "key"
    counts: dict[str, str] = {}
    areas: dict[str, str] = {}
    shares: dict[str, str] = {}
    unit: str = "km2"
    decimals: dict[str, int] = {}
    totals: list[str] = []
    relative: float = 0.005
    document: str = ""


class TemplateEntry(_Strict, frozen=True):
    """One clause per unit from a column of the units."""

    id: str
    column: str
    each: list[dict[str, str]] = []
    unless: dict[str, str | list[str]] = {}
    when: dict[str, str | list[str]] = {}
    subject: dict[str, Any] = {}
    values: dict[str, dict[str, Any]] = {}
    number: dict[str, Any] = {}
    effect: str = "require"
    dimension: str = ""
    level: str = "unit"
    text: Label = ""
    document: str = ""
    article: str = ""


class ToleranceEntry(_Strict, frozen=True):
    """Below which overlap a unit is only touched, and below which width a gap is none, or a sliver."""

    depth_m: float = 1.0
    share: float = 0.001
    noise_m: float = 0.1
    sliver_m: float | None = None


class SchemeHead(_Strict, frozen=True):
    """Who, when, where, and what holds for all layers and lists."""

    name: Label
    valid_from: date
    accuracy_m: float
    valid_to: date | None = None
    level: str = ""
    document: str = ""
    repeals: str = ""
    illustrative: bool = False
    silence: str = "open"
    packs: list[str] = []
    crs: str | None = None
    extent: list[float] | None = None
    region: str = ""
    tolerance: ToleranceEntry = ToleranceEntry()
    codes: CodeEntry = CodeEntry()


class SchemeFile(_Strict, frozen=True):
    """A whole `scheme.toml`."""

    scheme: SchemeHead
    layers: list[LayerEntry]
    rules: RuleEntries = RuleEntries()
    lists: list[ListEntry] = []
    formalised: list[str] = []
    status: list[StatusEntry] = []
    templates: list[TemplateEntry] = []
    published: list[PublishedEntry] = []


class PackHead(_Strict, frozen=True):
    """Name of a pack, and the packs that it leans on."""

    name: str
    title: Label = ""
    version: str = ""
    includes: list[str] = []
    without_clauses: bool = False


class PackFile(_Strict, frozen=True):
    """A whole `pack.toml`."""

    pack: PackHead
    rules: RuleEntries = RuleEntries()


def read_toml(path: Path, form: type[Read]) -> Read:
    """Return the TOML file in its form.

    Raises
    ------
    NotFoundError
        If there is no such file.
    InputError
        Where it is no TOML (row), has a key that the form does not know, or a value of another type.
    """
    if not path.is_file():
        raise NotFoundError("expected a TOML file, got none", where=Where(str(path)), hint="check the path")
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InputError("expected UTF-8 text", where=Where(path.name), hint="save the file as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        row = int(line.group(1)) if line else None
        raise InputError(
            f"not TOML: {error}", where=Where(path.name, row), hint="see the guide on scheme.toml"
        ) from error
    try:
        return msgspec.convert(data, form)
    except msgspec.ValidationError as error:
        if "missing required" in str(error):
            _refuse_unfilled(data, form, path.name)
        raise _explained(error, path.name) from error


def _refuse_unfilled(data: dict[str, Any], form: type[msgspec.Struct], file: str) -> None:
    """Name all that the head lacks at once, so that a person fills it in one go."""
    head = data.get("scheme")
    if form is not SchemeFile or not isinstance(head, dict):
        return
    lacking = [key for key in _EXAMPLES if key not in head]
    if lacking:
        message = f"expected the key{'s' if len(lacking) > 1 else ''} {', '.join(map(repr, lacking))}, got none"
        hint = f"add under [scheme], with your own values: {' · '.join(_EXAMPLES[key] for key in lacking)}"
        raise InputError(message, where=Where(file, None, "scheme"), hint=hint)


def _explained(error: msgspec.ValidationError, file: str) -> InputError:
    message, _, place = str(error).partition(" - at `$")
    field = place.rstrip("`").lstrip(".") or None
    for pattern, words in _WORDS:
        message = re.sub(pattern, words, message)
    hint = "see the guide on scheme.toml"
    unknown = re.search(r"unknown key '(.+)'", message)
    if unknown:
        known = {name for form in _FORMS for name in form.__struct_fields__}
        field = ".".join(part for part in (field, unknown.group(1)) if part)
        close = near(unknown.group(1), known)
        hint = f"did you mean {close[0]}?" if close else "leave it out or correct its name"
    return InputError(message[:1].lower() + message[1:], where=Where(file, None, field), hint=hint)


_EXAMPLES = {"name": 'name = "…"', "valid_from": "valid_from = 2024-01-01", "accuracy_m": "accuracy_m = 50"}
_WORDS = (
    (r"^Object missing required field `(.+)`", r"expected the key '\1', got none"),
    (r"^Object contains unknown field `(.+)`", r"unknown key '\1'"),
    (r"^Invalid RFC3339 encoded date", "expected a day as 2024-03-19, without quotes"),
    ("`float`", "a number"),
    ("`int`", "a whole number"),
    ("`str`", "text in quotes"),
    ("`array`", "a list"),
    ("`object`", "a table"),
    ("`bool`", "true or false"),
    ("`date`", "a day"),
)
_FORMS = (
    SchemeFile,
    SchemeHead,
    RuleEntries,
    LayerEntry,
    ListEntry,
    StatusEntry,
    TemplateEntry,
    PublishedEntry,
    CodeEntry,
    CodePattern,
    PackFile,
    PackHead,
)
