"""Do codes, classes, subclasses, areas and names say what the scheme declares? Nothing here knows a code system.

Held are the units, and the features of the layers for which the scheme declares how codes are built.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import shapely

from yudi.core.names import near
from yudi.core.words import Words
from yudi.territory.edition import Edition, Layer
from yudi.territory.edition_checks.findings import EditionFinding
from yudi.territory.edition_checks.totals import explained_by_codes
from yudi.territory.land import CodeForm

__all__ = ["check_codes"]

_LISTED = 12  # known keys that a cure names


@dataclass(frozen=True)
class _Rows:
    """A layer's columns as texts, one a feature, and what its codes say of each: area and class, empty where they do not fit."""

    layer: Layer
    form: CodeForm
    codes: Sequence[str]
    classes: Sequence[str]
    stated: Sequence[tuple[str, str] | None]

    def column(self, name: str) -> list[str]:
        """Return a column as texts, empty where the layer has none."""
        return [str(value or "") for value in self.layer.column(name) or [""] * len(self.codes)]

    def finding(
        self, row: int, kind: str, said: Words, cure: Words, *, field: str, severity: str = "error"
    ) -> EditionFinding:
        """Return a finding about a feature, at a point in it."""
        thing = _thing(self.layer)
        text = Words(f"{thing.zh} {self.codes[row]}：{said.zh}", f"{thing.en} {self.codes[row]}: {said.en}")
        place = shapely.point_on_surface(self.layer.geometry[row])
        numbers: dict[str, float | str] = {"layer": self.layer.name, "column": field}
        return EditionFinding(kind, severity, text, cure, (self.codes[row],), place, numbers=numbers)


def check_codes(edition: Edition, as_of: date) -> Iterator[EditionFinding]:  # noqa: ARG001 - as all checks
    """Find codes that are not built as declared or contradict what stands beside them, and what is missing or unknown.

    Kinds: ``code_off_pattern``, ``class_against_code``, ``area_against_code``, ``area_unknown``, ``class_unknown``,
    ``subclass_unknown``, ``subclass_missing``, ``name_missing``, ``names_absent``.
    """
    for name, layer in sorted(edition.layers.items(), key=lambda item: item[0] != "units"):
        form = edition.land.ground(name).form
        if name != "units" and not form.pattern and not form.areas:
            continue
        rows = _rows(layer, form)
        causes = explained_by_codes(edition) if name == "units" else Counter()
        yield from _patterns(rows)
        yield from (_with_causes(finding, rows, causes) for finding in (*_classes(rows, edition), *_areas(rows)))
        if name == "units":
            yield from _subclasses(rows, edition)
            yield from _names(rows)


def _with_causes(finding: EditionFinding, rows: _Rows, causes: Mapping[int, int]) -> EditionFinding:
    """Say how many printed numbers differ for the same reason, so that nobody looks for each of them."""
    count = sum(number for row, number in causes.items() if rows.codes[row] in finding.units)
    if not count:
        return finding
    text = Words(
        f"{finding.text.zh}；公布数中有 {count} 个因此与图不符，按编码改正后即相符",
        f"{finding.text.en}; {count} published numbers differ from the map because of it, and agree once it is as the code says",
    )
    return replace(finding, text=text, numbers={**finding.numbers, "explains": float(count)})


def _rows(layer: Layer, form: CodeForm) -> _Rows:
    codes = [str(code or "") for code in layer.column("code") or [""] * len(layer.geometry)]
    classes = [str(value or "") for value in layer.column("class") or [""] * len(codes)]
    if not form.pattern:
        return _Rows(layer, form, codes, classes, [("", "")] * len(codes))
    pattern = re.compile(form.pattern)
    stated: list[tuple[str, str] | None] = []
    for code in codes:
        match = pattern.fullmatch(code)
        groups = match.groupdict() if match else {}
        stated.append((groups.get("area") or "", groups.get("class") or "") if match else None)
    return _Rows(layer, form, codes, classes, stated)


def _patterns(rows: _Rows) -> Iterator[EditionFinding]:
    for row, stated in enumerate(rows.stated):
        if stated is None:
            said = Words(f"编码不符合 {rows.form.pattern}", f"the code is not built as {rows.form.pattern}")
            cure = Words("更正编码，或更正 scheme.codes.pattern", "mend the code, or mend scheme.codes.pattern")
            yield rows.finding(row, "code_off_pattern", said, cure, field="code")


def _classes(rows: _Rows, edition: Edition) -> Iterator[EditionFinding]:
    named = {key: edition.classes[key] if key in edition.classes else Words(key, key) for key in set(rows.classes)}
    known = set(edition.classes)
    is_declared = rows.layer.name == "units" and bool(known)
    for row, (kind, stated) in enumerate(zip(rows.classes, rows.stated, strict=True)):
        digit = stated[1] if stated else ""
        meant = rows.form.classes.get(digit, "")
        if digit and rows.form.classes and not meant:
            said = Words(f"编码中的类别位 {digit} 没有含义", f"the class digit {digit} of the code means nothing")
            cure = Words(
                "更正编码，或在 codes.classes 中说明其含义", "mend the code, or say under codes.classes what it means"
            )
            yield rows.finding(row, "class_against_code", said, cure, field="code")
        elif meant and kind and kind != meant:
            code_says = edition.classes.get(meant, Words(meant, meant))
            said = Words(
                f"图上为{named[kind].zh}，编码类别位 {digit} 却表示{code_says.zh}",
                f"the map says {named[kind].en}, but the code's digit {digit} means {code_says.en}",
            )
            cure = Words("更正编码或类别，二者须一致", "mend the code or the class, so that both agree")
            yield rows.finding(row, "class_against_code", said, cure, field="class")
        elif is_declared and kind not in known:
            said = Words(
                f"类别“{kind}”未声明" if kind else "没有类别", f"unknown class {kind!r}" if kind else "no class"
            )
            yield rows.finding(row, "class_unknown", said, _one_of(kind, known), field="class")


def _areas(rows: _Rows) -> Iterator[EditionFinding]:
    column = rows.column("area")
    for row, (area, stated) in enumerate(zip(column, rows.stated, strict=True)):
        in_code = stated[0] if stated else ""
        known = rows.form.areas
        strange = next((name for name in (in_code, area) if known and name and name not in known), "")
        if strange:
            said = Words(f"方案没有声明行政区划代码 {strange}", f"the scheme declares no area {strange}")
            yield rows.finding(row, "area_unknown", said, _one_of(strange, set(known)), field="area")
        elif area and in_code and not area.startswith(in_code) and not in_code.startswith(area):
            said = Words(
                f"图上行政区划为 {area}，编码却为 {in_code}", f"the map says area {area}, but the code {in_code}"
            )
            cure = Words("更正编码或行政区划代码", "mend the code or the area")
            yield rows.finding(row, "area_against_code", said, cure, field="area")


def _subclasses(rows: _Rows, edition: Edition) -> Iterator[EditionFinding]:
    column = rows.column("subclass")
    for row, (kind, subclass) in enumerate(zip(rows.classes, column, strict=True)):
        allowed = edition.land.subclasses.get(kind)
        if allowed is None or subclass in allowed:
            continue
        if not subclass:
            said = Words("没有细类", "no subclass")
            cure = Words(f"填写细类：{'、'.join(allowed[:_LISTED])}", f"give one of: {', '.join(allowed[:_LISTED])}")
            yield rows.finding(row, "subclass_missing", said, cure, field="subclass", severity="warning")
            continue
        label = edition.classes.get(kind, Words(kind, kind))
        said = Words(f"细类“{subclass}”不在{label.zh}的细类之列", f"{subclass!r} is no subclass of {label.en}")
        yield rows.finding(row, "subclass_unknown", said, _one_of(subclass, set(allowed)), field="subclass")


def _names(rows: _Rows) -> Iterator[EditionFinding]:
    names = rows.column("name")
    missing = np.flatnonzero(
        [not name.strip() or name == code for name, code in zip(names, rows.codes, strict=True)]
    ).tolist()
    if missing and len(missing) == len(names):
        said = Words("单元都没有名称，只有编码", "no unit has a name, only its code")
        cure = Words("在 layers.columns 中指定名称列", "set columns.name of the units' layer")
        yield EditionFinding("names_absent", "warning", said, cure, numbers={"layer": rows.layer.name})
        return
    for row in missing:
        cure = Words("在图上补填名称", "give the name in the map")
        yield rows.finding(row, "name_missing", Words("没有名称", "no name"), cure, field="name", severity="warning")


def _one_of(got: str, known: set[str]) -> Words:
    """Say which name may be meant, or which there are."""
    close = near(got, known) if got else []
    if close:
        return Words(f"是否应为“{close[0]}”？", f"did you mean {close[0]}?")
    shown, more = sorted(known)[:_LISTED], max(len(known) - _LISTED, 0)
    rest = Words(f" 等 {len(known)} 个" if more else "", f" and {more} more" if more else "")
    return Words(
        f"更正，或在方案中声明；已有：{'、'.join(shown)}{rest.zh}",
        f"mend it, or declare it in the scheme; there are {', '.join(shown)}{rest.en}",
    )


def _thing(layer: Layer) -> Words:
    return Words("单元", "unit") if layer.name == "units" else layer.title()
