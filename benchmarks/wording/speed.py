"""How long a province's list takes to read: 10,000 units with about ten items each, made up from a seed.

Three lists. One is as offices write them: of ten items in a city's hundred units six stand word for word in many of
them, three differ in a place's name alone, and one is the unit's own. The two others are the hard ends, in which no two
cells are alike: items that all differ, and sixty pairs of sentences about changing places, each time with another tag.
Run `python benchmarks/wording/speed.py`; results go to `results/speed.json`.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import random
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from functools import partial
from importlib.metadata import version
from pathlib import Path

from yudi.formats.collector import collector_paused
from yudi.territory.formalised import Formalised
from yudi.territory.lists import ListRow, ListSource, list_clauses
from yudi.territory.prose import Wording, read_cell, wording

HERE = Path(__file__).resolve().parent
TABLES = HERE.parents[1] / "packs" / "cn" / "wording"
DIMENSIONS = {"空间布局约束": 2, "污染物排放管控": 2, "环境风险防控": 2, "资源开发效率要求": 2}
LINE_CHARACTERS = 72
CITY_UNITS = 100
CITY_SHARED, CITY_ABOUT_PLACES = 12, 8
"""How many items a city has in each dimension: those that it repeats word for word, and those about changing places."""
OF_TEN_SHARED, OF_TEN_ABOUT_PLACES = 6, 3
SEED = 20240

ELEMENTS = ["水", "大气", "土壤", "产业", "能源", "岸线", "生态", "风险", "土地资源", "其他"]
TAGS = ["禁止类", "限制类", "综合类", "鼓励引导类"]
FIRST = "青赤黄白玄清石柳桐枫松竹兰梅荷云雾雪霜露晴朗望临碧翠银铜铁玉珠琼瑶珊砚墨书琴棋画舟帆桥渡津湾渚汀"
SECOND = "泉溪川岗坡岭崖谷坪坝塘浦港洲岛屿峰峦林原野堡寨营铺店集墟街亭台楼阁塔寺庙祠庵观井池潭渊沟渠堰闸"
KINDS = ["镇", "乡", "街道", "工业园", "产业集聚区", "水库", "河", "湿地公园", "饮用水水源保护区", "自然保护区"]
TRADES = """
化工 制革 印染 电镀 造纸 制浆 炼油 焦化 水泥 平板玻璃 石灰 砖瓦 铸造 冶炼 农药 染料 涂料 油墨 胶粘剂 酿造 屠宰 养殖 采石
采砂 矿山 燃煤 火电 光伏 仓储 物流 家具 食品 纺织 机械 汽车维修 餐饮 医药 电子 塑料 橡胶 陶瓷 钢铁 有色金属 洗涤 废旧电池
""".split()
POLLUTANTS = "化学需氧量 氨氮 总磷 二氧化硫 氮氧化物 挥发性有机物 颗粒物 铅 汞 镉 六价铬 VOCs 油烟 恶臭".split()
WORKS = (
    "污水处理厂 雨污分流管网 在线监测设备 尾水湿地 排污口 事故应急池 危险废物贮存间 防渗层 除尘器 清洁能源锅炉".split()
)
ACTS = ["新建", "扩建", "新建、扩建", "新建、改建、扩建", "新增", "引进", "布局"]

SENTENCES = """
禁止{act}{trade}、{trade2}等项目
{place}范围内严禁{act}{trade}项目，{trade2}除外
不得在{place}新设{work}以外的排污口
除{work}外，{place}内不再{act}{trade}生产线
严格限制{place}上游{act}排放{pollutant}的工业项目
原则上不再审批{trade}项目，确需建设的应经论证并实行{pollutant}等量替代
{place}{act}项目{pollutant}排放实行减二增一替代
区域内{pollutant}排放总量只减不增，{year}年前削减{number}%以上
{trade}企业应当配套{work}，未能投产运行的不得投入使用
向{place}排放废水的{trade}、{trade2}企业应达到地方标准中较严的限值
加快推进{place}{work}建设，{year}年底前处理率达到{number}%
鼓励{trade}企业向{place}集聚，逐步退出分散的{trade2}作坊
加强{place}周边环境风险防控，完善应急预案并定期演练
{place}管理机构应组织{trade}企业开展清洁生产审核
现有{trade}、{trade2}项目应于{year}年底前搬迁或关停
仅允许在{place}建设{work}以及必要的民生设施，其他开发活动一律禁止
{place}岸线两侧{number}米范围内禁止{trade}和{trade2}活动
禁止{trade}企业使用高污染燃料，已建成的限期改用天然气、电等清洁能源
推广节水技术，{trade}行业单位产品水耗达到国内先进水平
单位工业增加值能耗较{year}年下降{number}%，{place}达到上级下达的指标
{act}{trade}项目须符合园区规划环评及其审查意见要求
存放{trade}原料的场所应建设{work}，防止{pollutant}泄漏进入{place}
未通过认定的园区不得{act}{trade}项目（{work}、{trade2}类民生项目除外）
落实{place}巡护责任，开展{pollutant}本底调查
下列活动须经主管部门同意后方可开展：{place}内的{trade}、{trade2}以及科学试验
大气环境敏感区内应严格控制{act}产生{pollutant}的{trade}项目，引导已有项目转型升级
不符合{place}功能定位的{trade}、{trade2}、仓储等项目不予准入
新增建设用地优先保障{work}，严控{trade}用地规模在{number}公顷以内
入驻企业{pollutant}排放量不得突破核定总量，超过的按{number}%扣减次年指标
对{place}{number}户{trade}作坊进行综合整治，配套{work}
""".split()


STOPS = ["，", "，", "，", "。"]

Items = Callable[[int, int], str]
"""Makes the next item, tag and text, of a unit and a dimension, both given by their place."""


def place(random_: random.Random) -> str:
    """A made-up name of a town, a park or a water."""
    return "".join(random_.choices(FIRST, k=2)) + random_.choice(SECOND) + random_.choice(KINDS)


def sentence(template: str, random_: random.Random, place_name: str) -> str:
    """One sentence with its gaps filled."""
    trade, trade2 = random_.sample(TRADES, 2)
    return template.format(
        place=place_name,
        trade=trade,
        trade2=trade2,
        act=random_.choice(ACTS),
        work=random_.choice(WORKS),
        pollutant=random_.choice(POLLUTANTS),
        year=random_.randint(2024, 2035),
        number=random_.randint(2, 400),
    )


def pair(random_: random.Random, place_name: Callable[[], str]) -> str:
    """Two parts as one sentence or, of four times once, as two."""
    parts = [sentence(template, random_, place_name()) for template in random_.sample(SENTENCES, 2)]
    return f"{parts[0]}{random_.choice(STOPS)}{parts[1]}。"


def tagged(random_: random.Random, text: str) -> str:
    """The text behind a tag."""
    return f"【{random_.choice(ELEMENTS)}/{random_.choice(TAGS)}】{text}"


def all_different(random_: random.Random) -> Items:
    """Items of two parts of which no two are the same."""
    seen: set[str] = set()

    def item(_: int, __: int) -> str:
        while True:
            made = pair(random_, lambda: place(random_))
            if made not in seen and not seen.add(made):
                return tagged(random_, made)

    return item


def repeating(random_: random.Random) -> Items:
    """Items of sixty fixed pairs of parts that differ in the place's name, one of 2,000, and in the tag."""
    places = [place(random_) for _ in range(2000)]
    fixed = [pair(random_, lambda: "{place}") for _ in range(60)]
    return lambda _, __: tagged(random_, random_.choice(fixed).replace("{place}", random_.choice(places)))


def as_written(random_: random.Random) -> Items:
    """Items of cities of a hundred units: most word for word in many units, some about the unit's place, few its own."""
    cities: dict[tuple[int, int], tuple[list[str], list[str]]] = {}
    places: dict[int, str] = {}

    def item(unit: int, dimension: int) -> str:
        city = unit // CITY_UNITS, dimension
        if unit not in places:
            places[unit] = place(random_)
        if city not in cities:
            shared = [tagged(random_, pair(random_, lambda: place(random_))) for _ in range(CITY_SHARED)]
            about = [tagged(random_, pair(random_, lambda: "{place}")) for _ in range(CITY_ABOUT_PLACES)]
            cities[city] = shared, about
        shared, about = cities[city]
        which = random_.randrange(10)
        if which < OF_TEN_SHARED:
            return random_.choice(shared)
        if which < OF_TEN_SHARED + OF_TEN_ABOUT_PLACES:
            return random_.choice(about).replace("{place}", places[unit])
        return tagged(random_, pair(random_, lambda: place(random_)))

    return item


LISTS = {"as_written": as_written, "all_different": all_different, "repeating": repeating}


def rows(unit_count: int, item: Items) -> list[ListRow]:
    """The cells of a list: numbered items with tags, lines broken where the page ends."""
    found = []
    for unit in range(unit_count):
        for index, (dimension, count) in enumerate(DIMENSIONS.items(), start=1):
            lines = []
            for number in range(1, count + 1):
                text = f"{index}-{number}.{item(unit, index)}"
                lines += [text[at : at + LINE_CHARACTERS] for at in range(0, len(text), LINE_CHARACTERS)]
            found.append(ListRow(f"U{unit:05d}", dimension, "\n".join(lines)))
    return found


def words() -> Wording:
    """The shipped tables, ready to search with."""
    tables: dict[str, Sequence[Mapping[str, str]]] = {}
    for path in TABLES.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            tables[path.stem] = list(csv.DictReader(file))
    return wording(tables)


def timed(work: Callable[[], int], is_paused: bool) -> tuple[int, float, float]:
    """What the work returns, and the seconds by the clock and of the processor that it took."""
    wall, cpu = time.perf_counter(), time.process_time()
    with collector_paused() if is_paused else nullcontext():
        count = work()
    return count, time.perf_counter() - wall, time.process_time() - cpu


def measure(name: str, cells: list[ListRow], runs: int, *, is_paused: bool) -> dict[str, object]:
    """Medians over some runs, each with tables that have read nothing yet, the collector as `edition build` has it."""
    steps: dict[str, Callable[[Wording], int]] = {
        "read_cell": lambda tables: sum(len(read_cell(row.text, tables)) for row in cells),
        "list_clauses": lambda tables: len(list_clauses(cells, tables, Formalised(), ListSource()).clauses),
    }
    items = steps["read_cell"](words())
    result: dict[str, object] = {"cells": len(cells), "characters": sum(len(row.text) for row in cells), "items": items}
    for step, work in steps.items():
        taken = [timed(partial(work, words()), is_paused) for _ in range(runs)]
        made = taken[0][0]
        assert all(each[0] == made for each in taken), "the same list gave another number"
        wall, cpu = (statistics.median(each[at] for each in taken) for at in (1, 2))
        result[step] = {
            "made": made,
            "wall_s": round(wall, 2),
            "cpu_s": round(cpu, 2),
            "cpu_s_all_runs": [round(each[2], 2) for each in taken],
            "items_per_cpu_s": round(items / cpu),
            "cpu_s_per_100000_items": round(cpu / items * 100_000, 2),
        }
        print(
            f"{name:13} {step:12} {items:7} items  wall {wall:6.2f} s  cpu {cpu:6.2f} s  {items / cpu:7.0f} items/s"
            f"  {cpu / items * 100_000:6.2f} s per 100,000"
        )
    return result


def machine() -> dict[str, object]:
    """What it ran on."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        models = [line.partition(":")[2].strip() for line in info.read_text().splitlines() if "model name" in line]
        model = models[0] if models else model
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
        "system": platform.platform(),
        "python": platform.python_version(),
        "yudi": version("yudi"),
    }


def main() -> None:
    """Make the lists, read them, print and write what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--lists", nargs="+", choices=LISTS, default=list(LISTS))
    parser.add_argument("--collect", action="store_true", help="let the garbage collector run")
    parser.add_argument("--out", type=Path, default=HERE / "results" / "speed.json")
    given = parser.parse_args()
    results: dict[str, object] = {
        "seed": given.seed,
        "units": given.units,
        "runs": given.runs,
        "collector_paused": not given.collect,
    }
    results.update(machine())
    for key, value in results.items():
        print(f"{key}: {value}")
    for name in given.lists:
        cells = rows(given.units, LISTS[name](random.Random(given.seed)))
        results[name] = measure(name, cells, given.runs, is_paused=not given.collect)
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
