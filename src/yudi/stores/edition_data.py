"""An edition as plain data and back: what the manifest and the rule file hold."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, overload

import numpy as np
import pyarrow as pa
import shapely

from yudi.core.codes import CodeSystem
from yudi.core.dates import Period, parse_date
from yudi.core.errors import Where
from yudi.core.findings import Finding
from yudi.core.words import Words, words
from yudi.territory.clauses import Clause, Document, clause, clause_data
from yudi.territory.edition import Bindings, Edition, Layer, Rules, StatusTable, Tolerance
from yudi.territory.facts import Fact, Value, Vocabulary
from yudi.territory.land import Land, land_data, land_from
from yudi.territory.terms import inference, inference_data, term, term_data

__all__ = ["KeptClauses", "clause_table", "edition_from", "layer_data", "manifest_data", "rules_data"]


def manifest_data(edition: Edition) -> dict[str, Any]:
    """Return what the manifest says of the edition itself."""
    return {
        "name": _words(edition.name),
        "level": edition.level,
        "valid": _period(edition.period),
        "illustrative": edition.is_illustrative,
        "tolerance": {"depth_m": edition.tolerance.depth_m, "share": edition.tolerance.share},
        "classes": {key: _words(label) for key, label in edition.classes.items()},
        "dimensions": {key: _words(label) for key, label in edition.dimensions.items()},
        "dimension_order": list(edition.dimensions),  # the keys of a manifest are sorted
        "packs": list(edition.packs),
        "document": edition.document,
        "repeals": edition.repeals,
        "counts": {"units": len(edition.units.geometry), "clauses": edition.clause_count},
        "findings": [finding.as_data() for finding in edition.findings],
    } | ({"land": land_data(edition.land)} if edition.land != Land() else {})


def layer_data(layer: Layer) -> dict[str, Any]:
    """Return what the manifest says of a layer."""
    return {
        "role": layer.role,
        "label": _words(layer.label),
        "shape": layer.shape,
        "accuracy_m": layer.accuracy_m,
        "element": layer.element,
        "width_field": layer.width_field,
        "flow": layer.has_flow,
        "extent": list(layer.extent.bounds) if layer.extent is not None else None,
        "features": len(layer.geometry),
    }


def rules_data(rules: Rules) -> dict[str, Any]:
    """Return the rule side as plain data."""
    return {
        "facts": [_fact_data(fact) for fact in rules.vocabulary.facts.values()],
        "systems": {key: _system_data(system) for key, system in rules.vocabulary.systems.items()},
        "documents": [_document_data(document) for document in rules.documents.values()],
        "terms": [term_data(item) for item in rules.terms],
        "inferences": [_plain(inference_data(item)) for item in rules.inferences],
        "status": [_status_data(table) for table in rules.status],
    }


def edition_from(
    manifest: Mapping[str, Any],
    rules: Mapping[str, Any],
    tables: Mapping[str, Callable[[], tuple[np.ndarray[Any, Any], pa.Table]]],
    *,
    clauses: pa.Table,
    bindings: pa.Table,
) -> Edition:
    """Return the edition that manifest, rules, layers and bindings describe; features are read when they are asked for."""
    layers = {name: _layer(name, data, tables[name]) for name, data in manifest["layers"].items()}
    return Edition(
        manifest["id"],
        words(manifest["name"]),
        _rules(rules, KeptClauses(clauses.column("clause"))),
        layers,
        Bindings(_ints(bindings, "unit"), _ints(bindings, "clause"), bindings.column("id").to_pylist()),
        manifest["level"],
        _from_period(manifest["valid"]),
        manifest["illustrative"],
        Tolerance(manifest["tolerance"]["depth_m"], manifest["tolerance"]["share"]),
        {key: words(label) for key, label in manifest["classes"].items()},
        {key: words(manifest["dimensions"][key]) for key in manifest.get("dimension_order", manifest["dimensions"])},
        tuple(manifest["packs"]),
        tuple(
            Finding(row["kind"], row["message"], Where(**row["where"]), tuple(row.get("keys", ())), row.get("zh", ""))
            for row in manifest["findings"]
        ),
        manifest["document"],
        manifest["repeals"],
        land=land_from(manifest["land"]) if "land" in manifest else Land(),
    )


def _ints(table: pa.Table, name: str) -> np.ndarray[Any, Any]:
    # Not to_numpy of a chunked column, which loads pandas where that is installed.
    return np.from_dlpack(table.column(name).combine_chunks())


class KeptClauses(Sequence[Clause]):
    """Clauses as they lie in a file, each read when it is first asked for: an edition opens as fast as it is small.

    Parameters
    ----------
    texts : pyarrow.ChunkedArray of text
        One JSON object a clause.
    """

    def __init__(self, texts: pa.ChunkedArray) -> None:
        self._texts = texts
        self._read: dict[int, Clause] = {}

    def __len__(self) -> int:
        return len(self._texts)

    @overload
    def __getitem__(self, index: int) -> Clause: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Clause]: ...
    def __getitem__(self, index: int | slice) -> Clause | Sequence[Clause]:
        if isinstance(index, slice):
            return [self[row] for row in range(*index.indices(len(self)))]
        if not -len(self) <= index < len(self):
            raise IndexError(index)
        if index not in self._read:
            self._read[index] = clause(json.loads(self._texts[index].as_py()))
        return self._read[index]


def clause_table(clauses: Sequence[Clause]) -> pa.Table:
    """Return clauses as a table: id, effect, dimension, words, and the whole clause as JSON."""
    rows = [clause_data(item) for item in clauses]
    columns = {
        "id": [row["id"] for row in rows],
        "effect": [row["effect"] for row in rows],
        "dimension": [row.get("dimension", "") for row in rows],
        "text": [row.get("text", {}).get("zh", "") for row in rows],
        "clause": [json.dumps(row, ensure_ascii=False, sort_keys=True) for row in rows],
    }
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


def _rules(data: Mapping[str, Any], clauses: Sequence[Clause]) -> Rules:
    systems = {key: CodeSystem(key, **system) for key, system in data["systems"].items()}
    vocabulary = Vocabulary({row["key"]: _fact(row) for row in data["facts"]}, systems)
    documents = {
        row["id"]: Document(row["id"], words(row["title"]), row["number"], _from_period(row["period"]), row["issuer"])
        for row in data["documents"]
    }
    return Rules(
        vocabulary,
        clauses,
        tuple(term(row) for row in data["terms"]),
        tuple(inference(row) for row in data["inferences"]),
        documents,
        tuple(_status(row) for row in data["status"]),
    )


class KeptLayer(Layer):
    """A layer whose features lie in a file and are read when they are first asked for."""

    def __getattr__(self, name: str) -> Any:
        # Only what is not there yet comes here.
        read = self.__dict__.get("read")
        if read is None or name not in ("geometry", "columns"):
            raise AttributeError(name)
        geometry, columns = read()
        assert len(geometry) == columns.num_rows, "a geometry for every row"
        self.__dict__.setdefault("columns", columns)
        return self.__dict__.setdefault("geometry", geometry) if name == "geometry" else self.__dict__["columns"]


def _layer(name: str, data: Mapping[str, Any], read: Callable[[], tuple[np.ndarray[Any, Any], pa.Table]]) -> Layer:
    layer = object.__new__(KeptLayer)
    layer.__dict__.update(
        name=name,
        role=data["role"],
        label=words(data["label"]),
        shape=data["shape"],
        accuracy_m=data["accuracy_m"],
        element=data["element"],
        width_field=data["width_field"],
        has_flow=data["flow"],
        extent=shapely.box(*data["extent"]) if data["extent"] else None,
        read=read,
    )
    return layer


def _words(text: Words) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _period(period: Period) -> list[str | None]:
    return [day.isoformat() if day else None for day in (period.start, period.end)]


def _from_period(days: list[str | None]) -> Period:
    start, end = (parse_date(day) if day else None for day in days)
    return Period(start, end)


def _fact_data(fact: Fact) -> dict[str, Any]:
    return {
        "key": fact.key,
        "type": fact.type,
        "provider": fact.provider,
        "changeable": fact.changeable,
        "unit": fact.unit,
        "system": fact.system,
        "choices": {choice: _words(fact.choice_labels.get(choice, Words())) for choice in fact.choices},
        "order": list(fact.choices),
        "label": _words(fact.label),
        "help": _words(fact.help),
    } | ({"counts_as": {key: list(others) for key, others in fact.counts_as.items()}} if fact.counts_as else {})


def _fact(row: Mapping[str, Any]) -> Fact:
    return Fact(
        row["key"],
        row["type"],
        row["provider"],
        row["changeable"],
        row["unit"],
        row["system"],
        tuple(row["order"]),
        {key: words(label) for key, label in row["choices"].items()},
        words(row["label"]),
        words(row["help"]),
        {key: tuple(others) for key, others in row.get("counts_as", {}).items()},
    )


def _system_data(system: CodeSystem) -> dict[str, Any]:
    return {
        "names": {code: dict(names) for code, names in system.names.items()},
        "parents": dict(system.parents),
        "aliases": dict(system.aliases),
        "words": {word: list(codes) for word, codes in system.words.items()},
    }


def _document_data(document: Document) -> dict[str, Any]:
    return {
        "id": document.id,
        "title": _words(document.title),
        "number": document.number,
        "period": _period(document.period),
        "issuer": document.issuer,
    }


def _status_data(table: StatusTable) -> dict[str, Any]:
    return {
        "fact": table.fact,
        "by": table.by,
        "rows": {
            key: [[_period(period), _optional(value)] for period, value in rows] for key, rows in table.rows.items()
        },
        "otherwise": _optional(table.otherwise),
    }


def _status(row: Mapping[str, Any]) -> StatusTable:
    return StatusTable(
        row["fact"],
        row["by"],
        {
            key: tuple((_from_period(days), _value(value) if value is not None else None) for days, value in rows)
            for key, rows in row["rows"].items()
        },
        _value(row["otherwise"]) if row["otherwise"] is not None else None,
    )


def _optional(value: Value | None) -> dict[str, Any] | None:
    return None if value is None else _value_data(value)


def _value_data(value: Value) -> dict[str, Any]:
    kind = "date" if isinstance(value.value, date) else "tuple" if isinstance(value.value, tuple) else "plain"
    return {"kind": kind, "value": _plain(value.value), "accuracy": value.accuracy, "source": value.source}


def _value(row: Mapping[str, Any]) -> Value:
    value = row["value"]
    value = parse_date(value) if row["kind"] == "date" else tuple(value) if row["kind"] == "tuple" else value
    return Value(value, row["accuracy"], "table", row["source"])


def _plain(value: Any) -> Any:
    """Return data that JSON can hold: days as text, tuples as lists."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value
