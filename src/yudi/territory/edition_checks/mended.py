"""What the build mended in the maps: it changed nothing that anybody drew on purpose, but somebody should look."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from yudi.core.words import Words
from yudi.territory.edition import Edition
from yudi.territory.edition_checks.findings import EditionFinding

__all__ = ["check_mended"]

_KINDS: Mapping[str, tuple[str, Words]] = {
    "ring_crosses_itself": ("warning", Words("环自相交，已按奇偶规则修复")),
    "shells_overlap": ("warning", Words("同一要素的外环相互重叠，重叠部分已略去（奇偶规则）")),
    "hole_crosses_shell": ("warning", Words("内环超出外环或与另一内环相交，已按奇偶规则修复")),
    "shell_inside_shell": ("warning", Words("外环位于同一要素的另一外环之内，已视为内环（奇偶规则）")),
    "parts_dropped": ("warning", Words("混合几何只保留了最高维部分")),
    "ring_touches_itself": ("info", Words("环与自身相接，已改写，面积不变")),
    "shells_share_edge": ("info", Words("外环共边，已合并，面积不变")),
    "ring_unclosed": ("info", Words("环未闭合，已闭合")),
    "crs_assumed": ("info", Words("文件未说明坐标参考系，已按方案采用")),
    "datum_shift": ("info", Words("已按所给参数转换基准")),
    "encoding_lies": ("info", Words("文件声明的编码与内容不符，已按内容读取")),
    "encoding_guessed": ("info", Words("文件编码系推断")),
}

_MAP_CURE = Words("在原图中改正，使制图者与系统所见一致", "mend it in the map, so that its makers see what is used")
_ENCODING_CURE = Words(
    "核对中文是否读对，再另存为 UTF-8；表格也可写明 encoding",
    "check that names and texts are read right, then save it as UTF-8, or state its encoding in the scheme",
)


def check_mended(edition: Edition, as_of: date) -> Iterator[EditionFinding]:  # noqa: ARG001 - as all checks
    """Repeat what the build noticed of maps, by the kind that the build gave it; what lists and rules left is not its own."""
    for finding in edition.findings:
        if finding.kind in _KINDS:
            severity, said = _KINDS[finding.kind]
            cure = _ENCODING_CURE if finding.kind.startswith("encoding_") else _MAP_CURE
            text = Words(said.zh, finding.message)
            yield EditionFinding(finding.kind, severity, text, cure, where=finding.where)
