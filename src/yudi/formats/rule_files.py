"""Rules as offices keep them: facts, code systems, documents, clauses, terms and inference tables from YAML and Excel."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from yudi.core.codes import CodeSystem, code_system
from yudi.core.dates import Period, parse_date
from yudi.core.errors import InputError, NotFoundError, Where, YudiError
from yudi.core.quantities import is_same_dimension
from yudi.core.words import Words, words
from yudi.formats.clause_sheets import read_clause_sheet
from yudi.formats.plain_files import read_csv_rows, read_yaml
from yudi.formats.scheme_file import CodePattern, PackFile, RuleEntries, SystemEntry, read_toml
from yudi.territory.clauses import Clause, Document, clause
from yudi.territory.facts import Fact
from yudi.territory.terms import Inference, Term, inference, term

__all__ = [
    "RuleSet",
    "entries_of",
    "merged",
    "named_paths",
    "pack_files",
    "pack_folder",
    "read_pack",
    "read_packs",
    "read_rules",
    "shipped_packs",
]

Made = TypeVar("Made")


@dataclass(frozen=True)
class RuleSet:
    """The rules of one pack or scheme, typed, before they are joined with others.

    ``places`` says of clauses, terms, inferences, facts and documents by kind and key in which file and row each stands.
    """

    facts: Mapping[str, Fact] = field(default_factory=dict)
    systems: Mapping[str, CodeSystem] = field(default_factory=dict)
    documents: Mapping[str, Document] = field(default_factory=dict)
    clauses: tuple[Clause, ...] = ()
    terms: tuple[Term, ...] = ()
    inferences: tuple[Inference, ...] = ()
    wording: Mapping[str, tuple[Mapping[str, str], ...]] = field(default_factory=dict)
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    dimensions: Mapping[str, Words] = field(default_factory=dict)
    dimension_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    classes: Mapping[str, Words] = field(default_factory=dict)
    all_units: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    subclasses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    codes: Mapping[str, CodePattern] = field(default_factory=dict)
    places: Mapping[tuple[str, str], Where] = field(default_factory=dict)
    class_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    recognition: Mapping[str, tuple[Mapping[str, str], ...]] = field(default_factory=dict)

    def class_key(self, text: str | None) -> str | None:
        """Return the class that a text names by its label or another name of it; any other text as it is."""
        if text and text not in self.classes:
            for key, label in self.classes.items():
                if text in (label.zh, label.en, *self.class_names.get(key, ())):
                    return key
        return text


def pack_folder(name: str, beside: Path) -> Path:
    """Return the folder of a pack: one beside the scheme if there is one, else one that Yudi ships.

    Raises
    ------
    NotFoundError
        Naming the packs that are shipped.
    """
    for folder in (beside / name, *(root / name for root in _shipped())):
        if (folder / "pack.toml").is_file():
            return folder
    there = {*shipped_packs(), *(path.parent.name for path in beside.glob("*/pack.toml"))}
    raise NotFoundError(
        f"no pack is called {name!r}",
        where=Where("scheme.toml", None, "scheme.packs"),
        hint=f"there are: {', '.join(sorted(there)) or 'none'}",
    )


def read_pack(folder: Path) -> RuleSet:
    """Return the rules of a pack's folder, joined with those of the packs that it includes."""
    return merged(read_packs([folder.name], folder.parent))


def read_packs(names: Sequence[str], beside: Path) -> list[RuleSet]:
    """Return the rules of the packs and of those that they include, each once and behind what it includes.

    Of what a pack includes without clauses none counts, unless another pack or the scheme asks for them.

    Raises
    ------
    InputError, NotFoundError
        Naming file, row and field; also where packs include one another in a circle.
    """
    sets = []
    for folder, (pack, is_whole) in _pack_files(names, beside).items():
        rules = read_rules(pack.rules, folder, "pack.toml")
        sets.append(rules if is_whole else replace(rules, clauses=()))
    return sets


def pack_files(names: Sequence[str], beside: Path) -> dict[Path, PackFile]:
    """Return by folder the heads of the packs and of those that they include, each once and behind what it includes.

    Raises
    ------
    InputError, NotFoundError
        Where packs include one another in a circle, or one that is not there.
    """
    return {folder: pack for folder, (pack, _) in _pack_files(names, beside).items()}


def _pack_files(names: Sequence[str], beside: Path) -> dict[Path, tuple[PackFile, bool]]:
    """Return the heads, each with whether its clauses count."""
    found: dict[Path, tuple[PackFile, bool]] = {}
    for name in names:
        _add_pack(pack_folder(name, beside), found, (), is_whole=True)
    return found


def _add_pack(
    folder: Path, found: dict[Path, tuple[PackFile, bool]], above: tuple[Path, ...], *, is_whole: bool
) -> None:
    here = folder.resolve()
    if here in above:
        circle = " → ".join(path.name for path in (*above[above.index(here) :], here))
        where = Where(f"{here.name}/pack.toml", None, "pack.includes")
        raise InputError(f"packs include one another: {circle}", where=where, hint="break the circle")
    if here in found and (found[here][1] or not is_whole):
        return
    pack = read_toml(folder / "pack.toml", PackFile)
    for name in pack.pack.includes:
        takes_all = is_whole and not pack.pack.without_clauses
        _add_pack(pack_folder(name, folder.parent), found, (*above, here), is_whole=takes_all)
    found[here] = (pack, is_whole)


def shipped_packs() -> tuple[str, ...]:
    """Return the names of the packs that come with Yudi."""
    return tuple(sorted({path.parent.name for root in _shipped() for path in root.glob("*/pack.toml")}))


def _shipped() -> tuple[Path, Path]:
    here = Path(__file__).resolve()
    return here.parents[1] / "packs", here.parents[3] / "packs"  # in a wheel; in a checkout


def read_rules(entries: RuleEntries, folder: Path, file: str) -> RuleSet:
    """Return the rules that entries of a TOML file state or name, relative to its folder.

    Raises
    ------
    InputError, NotFoundError
        Naming file, row and field.
    """
    here = Where(file)
    facts = [(_fact(data, where), where) for data, where in _all(entries.facts, entries.fact_files, folder, here)]
    systems = [(_system(item, folder), here) for item in entries.systems]
    documents = [
        (_document(data, where), where) for data, where in _all(entries.documents, entries.document_files, folder, here)
    ]
    terms = [(term(data, where), where) for data, where in _all(entries.terms, entries.term_files, folder, here)]
    _refuse_overlaps(terms)
    clauses = [(clause(data, at), at) for data, at in _all(entries.clauses, entries.clause_files, folder, here)]
    inferred = [
        (inference(data, at), at) for data, at in _all(entries.inferences, entries.inference_files, folder, here)
    ]
    places = {("clause", item.id): where for item, where in clauses} | {
        ("document", doc.id): at for doc, at in documents
    }
    keyed = (("fact", facts), ("term", terms), ("inference", inferred))
    places |= {(kind, item.key): where for kind, items in keyed for item, where in items}
    return RuleSet(
        _unique(facts, "fact", key=lambda fact: fact.key),
        _unique(systems, "code system", key=lambda system: system.key),
        _unique(documents, "document", key=lambda document: document.id),
        tuple(item for item, _ in clauses),
        tuple(item for item, _ in terms),
        tuple(item for item, _ in inferred),
        _tables(folder, entries.wording, "wording"),
        {role: tuple(names) for role, names in entries.columns.items()},
        {key: words(label) for key, label in entries.dimensions.items()},
        {key: tuple(names) for key, names in entries.dimension_names.items()},
        {key: words(label) for key, label in entries.classes.items()},
        tuple(entries.all_units),
        tuple(entries.inside),
        {key: tuple(values) for key, values in entries.subclasses.items()},
        entries.codes,
        places,
        {key: tuple(names) for key, names in entries.class_names.items()},
        _tables(folder, entries.recognition, "recognition"),
    )


def merged(sets: Sequence[RuleSet]) -> RuleSet:
    """Return the sets as one; a later one's facts, documents and names replace an earlier one's of the same key."""

    def joined(name: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for one in sets:
            found |= getattr(one, name)
        return found

    def added(name: str) -> dict[str, tuple[Any, ...]]:
        found: dict[str, tuple[Any, ...]] = {}
        for one in sets:
            for key, values in getattr(one, name).items():
                found[key] = (*found.get(key, ()), *values)
        return found

    return RuleSet(
        joined("facts"),
        joined("systems"),
        joined("documents"),
        tuple(item for one in sets for item in one.clauses),
        tuple(item for one in sets for item in one.terms),
        tuple(item for one in sets for item in one.inferences),
        added("wording"),
        added("columns"),
        joined("dimensions"),
        added("dimension_names"),
        joined("classes"),
        tuple(name for one in sets for name in one.all_units),
        tuple(name for one in sets for name in one.inside),
        joined("subclasses"),
        joined("codes"),
        {place: where for one in sets for place, where in one.places.items()},
        added("class_names"),
        added("recognition"),
    )


def _all(
    rows: Sequence[Mapping[str, Any]], files: Sequence[str], folder: Path, here: Where
) -> Iterator[tuple[Mapping[str, Any], Where]]:
    for row in rows:
        yield row, here
    for name in files:
        for path in named_paths(folder, name):
            yield from entries_of(path)


def entries_of(path: Path) -> list[tuple[dict[str, Any], Where]]:
    """Return the entries of a rule file: YAML, or Excel in the form that `yudi clauses convert` writes."""
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        return read_clause_sheet(path)
    if path.suffix.lower() not in (".yaml", ".yml"):
        raise InputError(
            f"expected a rule file, got one that ends in {path.suffix!r}",
            where=Where(path.name),
            hint="give it as .yaml or .xlsx",
        )
    return read_yaml(path)


def named_paths(folder: Path, name: str) -> list[Path]:
    """Return the files of a folder that a name means; ``*`` stands for several, one without it must be there."""
    if "*" in name:
        return sorted(folder.glob(name))
    return [_path(folder, name)]


def _path(folder: Path, name: str) -> Path:
    path = folder / name
    if not path.exists():
        raise NotFoundError(
            f"no file {name!r}", where=Where(str(name)), hint=f"paths count from {folder.resolve().name}/"
        )
    return path


def _tables(folder: Path, name: str | None, field: str) -> dict[str, tuple[Mapping[str, str], ...]]:
    if not name:
        return {}
    tables: dict[str, tuple[Mapping[str, str], ...]] = {
        path.stem: tuple(read_csv_rows(path)) for path in sorted((folder / name).glob("*.csv"))
    }
    if not tables:
        where = Where("scheme.toml", None, f"rules.{field}")
        raise NotFoundError(
            f"no tables of words in {name!r}", where=where, hint=f"paths count from {folder.resolve().name}/"
        )
    return tables


def _system(entry: SystemEntry, folder: Path) -> CodeSystem:
    path = _path(folder, entry.path)
    words = read_csv_rows(_path(folder, entry.words)) if entry.words else ()
    try:
        return code_system(entry.key, read_csv_rows(path), words)
    except InputError as error:
        where = Where(error.where.file or path.name, error.where.row, error.where.field)
        raise InputError(error.message, where=where, hint=error.hint) from error


def _refuse_overlaps(terms: Sequence[tuple[Term, Where]]) -> None:
    """Refuse two tables of one term for the same day; of two that follow one another each has its days."""
    before: dict[str, list[Term]] = {}
    for item, where in terms:
        if any(item.period.overlaps(other.period) for other in before.setdefault(item.key, [])):
            raise InputError(
                f"the term {item.key!r} is declared twice for the same days",
                where=Where(where.file, where.row, item.key),
                hint="keep one of the two, or give each its days with in_force and repealed",
            )
        before[item.key].append(item)


def _unique(items: Iterable[tuple[Made, Where]], kind: str, *, key: Callable[[Made], str]) -> dict[str, Made]:
    found: dict[str, Made] = {}
    for item, where in items:
        if key(item) in found:
            here = Where(where.file, where.row, key(item))
            raise InputError(f"the {kind} {key(item)!r} is declared twice", where=here, hint="keep one of the two")
        found[key(item)] = item
    return found


def _fact(data: Mapping[str, Any], where: Where) -> Fact:
    known = ("key", "type", "provider", "changeable", "unit", "system", "choices", "label", "help", "counts_as")
    here = Where(where.file, where.row, str(data.get("key") or "key"))
    for name in data:
        if name not in known:
            raise InputError(f"a fact has no key {name!r}", where=here, hint=f"keys: {', '.join(known)}")
    if not data.get("key") or not data.get("type"):
        raise InputError("a fact needs key and type", where=here, hint="for example key: capacity, type: number")
    choices = data.get("choices") or []
    labels = {str(key): words(label) for key, label in choices.items()} if isinstance(choices, Mapping) else {}
    try:
        if data.get("unit"):
            is_same_dimension(str(data["unit"]), str(data["unit"]))
        return Fact(
            str(data["key"]),
            str(data["type"]),
            str(data.get("provider") or "project"),
            "no" if data.get("changeable") in (None, False) else str(data["changeable"]),
            str(data["unit"]) if data.get("unit") else None,
            str(data["system"]) if data.get("system") else None,
            tuple(str(choice) for choice in choices),
            labels,
            words(data.get("label")),
            words(data.get("help")),
            _counts_as(data.get("counts_as"), here),
        )
    except YudiError as error:
        raise InputError(error.message, where=here, hint=error.hint) from error


def _counts_as(data: Any, here: Where) -> dict[str, tuple[str, ...]]:
    if data is None:
        return {}
    if not isinstance(data, Mapping):
        raise InputError(
            "counts_as must be a mapping of a choice to what it counts as", where=here, hint="such as {relocate: [new]}"
        )
    listed = {str(key): others if isinstance(others, list) else [others] for key, others in data.items()}
    return {key: tuple(str(other) for other in others) for key, others in listed.items()}


def _document(data: Mapping[str, Any], where: Where) -> Document:
    name = str(data.get("id") or "").strip()
    here = Where(where.file, where.row, name or "id")
    if not name:
        raise InputError("a document needs an id", where=here, hint="for example yangtze-protection-law")
    known = ("id", "title", "number", "issuer", "in_force", "repealed")
    for key in data:
        if key not in known:
            raise InputError(f"a document has no key {key!r}", where=here, hint=f"keys: {', '.join(known)}")
    try:
        days = [parse_date(data[key]) if data.get(key) else None for key in ("in_force", "repealed")]
        period = Period(days[0], days[1])
    except InputError as error:
        raise InputError(error.message, where=here, hint=error.hint) from error
    return Document(
        name, words(data.get("title") or name), str(data.get("number") or ""), period, str(data.get("issuer") or "")
    )
