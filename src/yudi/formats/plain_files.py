"""YAML and CSV as offices keep them: read whole and strictly, with the row in every message."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from yudi.core.errors import InputError, LimitError, NotFoundError, Where

__all__ = ["StrictLoader", "read_csv_rows", "read_yaml"]

_YAML_BYTES = 20 * 2**20
_MERGE = "tag:yaml.org,2002:merge"  # the key <<, which takes over the entries of another mapping
_YAML_ENTRIES = 2_000_000


def read_yaml(path: Path) -> list[tuple[dict[str, Any], Where]]:
    """Return the entries of a YAML list, each with the row where it begins.

    Raises
    ------
    InputError
        Where the file is no YAML, or no list of mappings.
    """
    if not path.is_file():
        raise NotFoundError(
            "expected a YAML file, got none", where=Where(path.name), hint=f"check the path {path.name}"
        )
    if path.stat().st_size > _YAML_BYTES:
        raise LimitError(f"larger than {_YAML_BYTES} bytes", where=Where(path.name), hint="split the file")
    try:
        node = yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=StrictLoader)
        data = StrictLoader("").construct_document(node) if node is not None else []
    except UnicodeDecodeError as error:
        raise InputError("expected UTF-8 text", where=Where(path.name), hint="save the file as UTF-8") from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error)
        row = mark.line + 1 if mark is not None else None
        raise InputError(
            f"not YAML: {problem}", where=Where(path.name, row), hint="check indents and colons there"
        ) from error
    if not isinstance(data, list) or not isinstance(node, yaml.SequenceNode):
        if data:
            raise InputError(
                "expected a list of entries", where=Where(path.name, 1), hint="begin every entry with '- '"
            )
        return []
    found = []
    for item, at in zip(data, node.value, strict=True):
        row = at.start_mark.line + 1
        if not isinstance(item, Mapping):
            raise InputError(f"expected a mapping, got {item!r}", where=Where(path.name, row), hint="write key: value")
        found.append((dict(item), Where(path.name, row)))
    return found


class StrictLoader(yaml.SafeLoader):
    """Safe YAML that refuses doubled keys, which YAML itself forbids and its readers let pass."""

    def get_single_node(self) -> yaml.Node | None:
        """Return the document; one that aliases swell to more than two million entries, or without end, is refused."""
        node = super().get_single_node()
        _size(node, {})
        return node

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Return the mapping; a key that stands twice is an error with its row."""
        own = [key for key, _ in node.value if key.tag != _MERGE]  # what is merged in may be said anew
        keys = [self.construct_object(key, deep=deep) for key in own]
        for index, key in enumerate(keys):
            if key in keys[:index]:
                raise yaml.constructor.ConstructorError(None, None, f"the key {key!r} stands twice", node.start_mark)
        return dict(super().construct_mapping(node, deep))


def _size(node: yaml.Node | None, known: dict[int, int]) -> int:
    """Count the entries below a node, those of an alias again wherever it stands."""
    if not isinstance(node, yaml.CollectionNode):
        return 1
    if id(node) not in known:
        known[id(node)] = _YAML_ENTRIES  # until it is counted; who meets it before then is inside of it
        inner = [part for item in node.value for part in (item if isinstance(item, tuple) else (item,))]
        known[id(node)] = 1 + sum(_size(part, known) for part in inner)
    if known[id(node)] >= _YAML_ENTRIES:
        raise yaml.constructor.ConstructorError(None, None, "aliases make it endless or too large", node.start_mark)
    return known[id(node)]


def read_csv_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a UTF-8 CSV with a header, all as text."""
    if not path.is_file():
        raise NotFoundError("expected a CSV file, got none", where=Where(path.name), hint="check the path")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError("expected UTF-8 text", where=Where(path.name), hint="save the file as UTF-8") from error
    return [{str(key): value or "" for key, value in row.items()} for row in csv.DictReader(io.StringIO(text))]
