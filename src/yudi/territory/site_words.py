"""What reading a site noticed, in Chinese by kind: the messages of importers are English."""

from __future__ import annotations

from yudi.core.findings import Finding
from yudi.core.words import Words

__all__ = ["CHECK", "REPAIRED", "said_of_site"]

# Kinds of findings that a person should look at; all others were harmless repairs.
CHECK = {
    "area_differs": "文件注明的面积与计算面积相差超过 1%",
    "datum_assumed": "文件未注明坐标系，按 CGCS2000（2018 年 7 月 1 日起统一使用）；若为西安 80 或北京 54，位置可差百米以上",
    "far_from_meridian": "离所在投影带中央经线过远，请核对带号",
    "maybe_packed": "数值也可能是“度.分秒”的写法，若是请注明 --angles D.MMSS，否则位置会差数十公里",
    "numbers_skipped": "界址点编号不连续，请核对是否漏点",
    "numbers_repeated": "界址点编号重复，请核对是否多点或编错",
    "numbers_unordered": "界址点未按编号顺序排列，请核对连线顺序",
    "line_open": "线未闭合（首尾点不同），按线读取；若是边界，请先闭合",
    "columns_unused": "表中还有另一组坐标列，未读取",
    "doubled_lines": "重复绘制的线只读一次",
    "unit_contradicted": "文件注明的单位与数值不符，按数值判定",
    "parameters_unused": "文件中的转换参数未采用：未说明在哪两个坐标系之间、按何种方法",
    "lines_skipped": "有的行不是坐标，已略去",
    "sheets_skipped": "有的工作表没有坐标，已略去",
    "entities_skipped": "有的图元不是边界，已略去",
    "parts_skipped": "有的内容不能作为选址，已略去",
    "links_skipped": "链接的内容未读取",
}
REPAIRED = {
    "ring_unclosed": "界址圈未闭合，已闭合",
    "doubled_vertices": "重复的点已去掉一个",
    "z_dropped": "高程已略去",
    "encoding_guessed": "文字不是 UTF-8，按 GB 18030 读取",
    "ring_touches_itself": "与自身相接的圈已改写，面积不变",
    "shells_share_edge": "有公共边的地块已合并，面积不变",
    "arcs_drawn": "弧线已按短弦展开",
    "datum_shift": "已按参数或公式转换到 CGCS2000",
    "crs_declared": "已按指定的坐标系读取",
}


def said_of_site(finding: Finding) -> Words:
    """Return a finding in both languages; of a kind without Chinese words what the message says.

    Examples
    --------
    >>> said_of_site(Finding("z_dropped", "heights were dropped")).zh
    '高程已略去'
    """
    return Words(
        finding.zh or CHECK.get(finding.kind) or REPAIRED.get(finding.kind) or finding.message, finding.message
    )
