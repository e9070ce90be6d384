"""The words by which packs recognise files, layers and columns; the code itself knows none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from yudi.core.words import Words
from yudi.formats.headers import header_key
from yudi.formats.rule_files import RuleSet, merged, pack_files, read_packs
from yudi.territory.facts import Fact
from yudi.territory.predicates import Condition, PlaceTest, leaves

__all__ = ["CodeForm", "Dialect", "LayerWord", "read_dialect"]


@dataclass(frozen=True)
class LayerWord:
    """A kind of layer that a pack knows: its name and role in a scheme, and the words that name it."""

    name: str
    role: str
    element: str
    shape: str
    label: Words
    words: tuple[str, ...]


@dataclass(frozen=True)
class CodeForm:
    """A form of codes: what they are codes of, the pattern, and what its class part means."""

    kind: str
    pattern: str
    classes: Mapping[str, str]
    pack: str

    def fits(self, values: Iterable[str]) -> float:
        """Return the share of the values that have the form, 0 where there are none."""
        form = re.compile(self.pattern)
        found = [form.fullmatch(value) is not None for value in values]
        return sum(found) / len(found) if found else 0.0


@dataclass(frozen=True)
class Dialect:
    """All that the packs asked know, joined; and what a folder's own packs are called.

    Parameters
    ----------
    names : tuple of str
        The packs, each behind those that it includes.
    rules : RuleSet
        Their rules as one.
    layers, codes : tuple
        Kinds of layers and forms of codes, in the packs' order.
    words : mapping
        Words by use: ``column:from``, ``file:old`` ….
    bare : mapping
        By pack, the one that has its words without its clauses.
    given : tuple of str
        The packs that were asked for, without those that they include.
    """

    names: tuple[str, ...] = ()
    rules: RuleSet = field(default_factory=RuleSet)
    layers: tuple[LayerWord, ...] = ()
    codes: tuple[CodeForm, ...] = ()
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    bare: Mapping[str, str] = field(default_factory=dict)
    given: tuple[str, ...] = ()

    def proposed_for(self, pack: str) -> str:
        """Return the pack to propose where one speaks: where only its words were asked for, the one without clauses."""
        bare = self.bare.get(pack, pack)
        return bare if pack not in self.given and bare in self.given else pack

    def named(self, use: str, text: str) -> str:
        """Return the longest of the words for a use that a text holds, "" for none."""
        key = header_key(text)
        found = [word for word in self.words.get(use, ()) if word_in(word, key)]
        return max(found, key=len, default="")

    def is_header(self, role: str, text: str) -> bool:
        """Tell whether a header is one of the words for a role of a column."""
        return header_key(text) in self._headers.get(role, frozenset())

    @cached_property
    def _headers(self) -> Mapping[str, frozenset[str]]:
        listed = {role: [*words] for role, words in self.rules.columns.items()}
        for use, words in self.words.items():
            if use.startswith("column:"):
                listed.setdefault(use.removeprefix("column:"), []).extend(words)
        return {role: frozenset(map(header_key, words)) for role, words in listed.items()}

    def is_dimension(self, text: str) -> bool:
        """Tell whether a header is that of a dimension of lists."""
        return header_key(text) in self._dimension_headers

    @cached_property
    def _dimension_headers(self) -> frozenset[str]:
        labels = [name for label in self.rules.dimensions.values() for name in (label.zh, label.en) if name]
        others = [name for names in self.rules.dimension_names.values() for name in names]
        return frozenset(map(header_key, (*labels, *others)))

    def layer_of(self, text: str) -> tuple[LayerWord, str] | None:
        """Return the kind of layer whose word, the longest of all, a text holds; and that word."""
        key = header_key(text)
        found = [(len(word), -at, item, word) for at, item in enumerate(self.layers) for word in item.words]
        found = [one for one in found if word_in(one[3], key)]
        return max(found, key=lambda one: one[:2])[2:] if found else None

    def forms(self, kind: str) -> list[CodeForm]:
        """Return the forms of codes of a kind."""
        return [form for form in self.codes if form.kind == kind]

    @cached_property
    def asked(self) -> Mapping[str, Mapping[str, frozenset[str]]]:
        """What the packs' clauses ask of each layer: values by field, the fields of a layer that they only name none."""
        found: dict[str, dict[str, set[str]]] = {}
        for item in self.rules.clauses:
            for tree in item.trees:
                for leaf in leaves(tree):
                    if isinstance(leaf, PlaceTest):
                        _note_asked(found.setdefault(leaf.layer, {}), leaf.where)
        return {layer: {name: frozenset(values) for name, values in fields.items()} for layer, fields in found.items()}

    @property
    def status_facts(self) -> list[Fact]:
        """The facts that authorities know, which status tables state."""
        return [fact for fact in self.rules.facts.values() if fact.provider == "status"]


def _note_asked(fields: dict[str, set[str]], where: Sequence[Condition]) -> None:
    for test in where:
        fields.setdefault(test.field, set()).update(str(value) for value in test.values)


def word_in(word: str, key: str) -> bool:
    """Tell whether a compared text holds a word; one of plain letters only as a whole word of it."""
    word = header_key(word)
    if not word.isascii():
        return word in key
    return re.search(rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])", key.replace("-", "_")) is not None


def read_dialect(names: Sequence[str], beside: Path) -> Dialect:
    """Return what packs know of names and codes; without packs one that knows nothing.

    Raises
    ------
    InputError, NotFoundError
        As `read_packs`.
    """
    if not names:
        return Dialect()
    heads = {path.name: pack.pack for path, pack in pack_files(names, beside).items()}
    sets = dict(zip(heads, read_packs(names, beside), strict=True))
    bare = {inner: name for name, head in heads.items() if head.without_clauses for inner in head.includes}
    whole = merged(list(sets.values()))
    tables = whole.recognition
    words: dict[str, list[str]] = {}
    for row in tables.get("columns", ()):
        words.setdefault(f"column:{row['role']}", []).extend(_several(row["words"]))
    for row in tables.get("files", ()):
        words.setdefault(f"file:{row['kind']}", []).extend(_several(row["words"]))
    codes = [
        CodeForm(row["kind"], row["pattern"], _pairs(row.get("classes", "")), pack)
        for pack, rules in sets.items()
        for row in rules.recognition.get("codes", ())
    ]
    layers = tuple(_layer_word(row) for row in tables.get("layers", ()))
    uses = {use: tuple(found) for use, found in words.items()}
    return Dialect(tuple(sets), whole, layers, tuple(codes), uses, bare, tuple(names))


def _layer_word(row: Mapping[str, str]) -> LayerWord:
    label = Words(row.get("label_zh", ""), row.get("label_en", ""))
    found = _several(row["words"])
    return LayerWord(row["name"], row["role"], row.get("element", ""), row.get("shape", ""), label, found)


def _several(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split("|") if part.strip())


def _pairs(cell: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in _several(cell))
