"""What a cell of prose asks, on sentences of our own in the shapes that real lists have."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from yudi.territory.prose import Item, Wording, masked, read_cell, strictest, text_key, wording

TABLES = Path(__file__).parents[3] / "packs" / "cn" / "wording"


@pytest.fixture(scope="module")
def words() -> Wording:
    files = {path.stem: path.read_text(encoding="utf-8").splitlines() for path in TABLES.glob("*.csv")}
    return wording({name: list(csv.DictReader(lines)) for name, lines in files.items()})


def test_the_cells_of_the_worked_example_read_as_it_says(words: Wording) -> None:
    """EXAMPLE.md: five items, their effects, and the terms that they name."""
    space = read_cell("1.禁止引入不符合园区定位的项目。2.长江干流岸线一公里内禁止新建、扩建化工项目。", words)
    emission = read_cell("1.涉及挥发性有机物的工序应密闭收集处理。2.新增化学需氧量、氨氮实行等量替代。", words)
    risk = read_cell("化工企业应设置事故应急池。", words)
    items = [*space, *emission, *risk]

    assert [(item.number, item.effects, item.terms, item.at_large) for item in items] == [
        ("1", ("forbid",), (), False),
        ("2", ("forbid",), ("chemical-project",), False),
        ("1", ("require",), ("voc",), False),
        ("2", ("offset",), (), False),
        ("1", ("require",), ("chemical-project",), False),
    ]
    assert items[1].text == "长江干流岸线一公里内禁止新建、扩建化工项目"
    assert read_cell("无", words) == ()


# Each cell is our own; each expectation follows the precedences of SEMANTICS.md section 3.
EFFECTS = [
    # bans
    ("禁止新建制革项目。", "1 forbid"),
    ("严禁在河道管理范围内堆放弃渣", "1 forbid"),
    ("不得新建、扩建燃煤锅炉。", "1 forbid"),
    ("对未通过评审的项目不予审批。", "1 forbid"),
    ("不再审批涉重金属的扩建项目", "1 forbid"),
    ("湖滨带内仅允许科研监测活动。", "1 forbid"),
    ("经论证符合要求后方可开工建设。", "1 forbid"),
    ("岸线后退区内，新建仓库一律拒批。", "1 forbid"),
    ("坡度大于二十五度的地块上种植农作物", "1 forbid"),
    ("城区上风向的水泥熟料生产线", "1 forbid"),
    ("新上焦炉项目", "1 forbid"),
    # bans and duties in principle, strict limits
    ("原则上禁止新增养殖规模。", "1 consult"),
    ("原则上不再新建加油站", "1 consult"),
    ("严格限制新建涂料生产项目。", "1 consult"),
    ("从严控制新上高耗能项目", "1 consult"),
    ("新入驻企业原则上应进入标准厂房。", "1 consult"),
    ("日处理能力补足后方可新建住宅小区", "1 forbid"),
    ("地方可新建休闲步道", "1 note"),
    # rates of an area are no condition of a project; of a plant, a project or nobody they are
    ("城镇生活垃圾无害化处理率应达到98%以上", "1 note"),
    ("到2030年，县城污水集中处理率不低于九成，乡镇不低于60%", "1 note"),
    ("建成区绿地率不得低于35%", "1 note"),
    ("园区总体固体废物综合利用率不得低于90%", "1 note"),
    ("全市煤炭消费占比不得超过四成", "1 note"),
    ("自然岸线保有率不得低于三分之一", "1 note"),
    ("园区企业废水处理率不得低于95%", "1 require"),
    ("建设项目绿地率不得低于35%", "1 require"),
    ("城市污水处理厂出水达标率不得低于95%", "1 require"),
    ("工业用水重复利用率不得低于75%", "1 require"),
    ("城镇污水集中处理率不得低于95%，企业应安装在线监测设备", "1 require"),
    ("县城污水集中处理率达到95%以上方可新建住宅", "1 forbid"),
    ("建成区绿化覆盖率不得低于35%的不予审批", "1 forbid"),
    ("禁止全市煤炭消费占比不得超过四成的新建用煤", "1 forbid"),
    # limits
    ("排气筒高度不得低于20米。", "1 require"),
    ("单位产品水耗不得高于先进值", "1 require"),
    ("用地面积不得突破规划边界。", "1 require"),
    ("新建铸造项目能效达到国内领先水平。", "1 require"),
    ("锅炉废气严格执行特别排放限值标准。", "1 require"),
    ("污水处理厂尾水执行一级A标准。", "1 require"),
    # duties by whom they are laid on
    ("喷漆车间须密闭并安装治理设施。", "1 require"),
    ("建设单位应当编制突发事件预案。", "1 require"),
    ("开发区应建立风险防控体系。", "1 note"),
    ("县级人民政府应当组织巡查。", "1 note"),
    ("园区内企业应设置初期雨水池。", "1 require"),
    ("管委会须督促落实。", "1 note"),
    ("应对烘干废气进行收集。", "1 require"),
    # caps and offsets
    ("重点重金属排放量只减不增。", "1 quota"),
    ("全县用水量控制在3.2亿立方米以内。", "1 quota"),
    ("煤炭消费负增长", "1 quota"),
    ("新增氮氧化物的项目须实行倍量替代。", "1 offset"),
    ("新增磷排放执行“减三增二”", "1 offset"),
    ("新增化学需氧量实行1.5倍削减替代。", "1 offset"),
    # aims, directions, permissions alone
    ("推进老旧管网改造，鼓励中水回用。", "1 note"),
    ("重点发展生物育种产业。", "1 note"),
    ("加强扬尘治理。完善监测网络。", "1 note;2 note"),
    ("允许保留现有民居。", "1 note"),
    # verbs inside nouns
    ("限制开发区内加强供应保障与应急响应。", "1 note"),
    ("优先保护区的生态修复持续推进。", "1 note"),
    ("加强禁燃区管理，完善除尘设施", "1 note"),
    ("提升化学需氧量监测能力，地方能源结构持续优化。", "1 note"),
    # several effects in one item
    ("2-3.推进节水改造。禁止新建洗车场；新增取水实行等量置换。", "2-3a note;2-3b forbid;2-3c offset"),
    ("1.加强监管。应安装在线监测设备。2.鼓励迁建。", "1a note;1b require;2 note"),
    ("新建酒厂应建设污水站，污水站未建成的，酒厂不得投产。", "1 require,forbid"),
    ("严格控制水泥产能，严禁新建独立粉磨站", "1 consult,forbid"),
    # numbering
    ("1、禁止采砂。\n2、禁止电鱼。", "1 forbid;2 forbid"),
    ("1-1.禁止采砂。\n1-2.鼓励生态养殖。", "1-1 forbid;1-2 note"),
    ("1-1【水/禁止类】禁止采砂。1-2【水/综合类】加强巡护。", "1-1 forbid;1-2 note"),
    ("（一）禁止采砂。（二）加强巡护。", "1 forbid;2 note"),
    ("一、禁止采砂。二、加强巡护。", "1 forbid;2 note"),
    ("第一条 禁止采砂。第二条 加强巡护。", "1 forbid;2 note"),
    ("①禁止采砂；②加强巡护。", "1 forbid;2 note"),
    ("(1)禁止采砂；(2)加强巡护；", "1 forbid;2 note"),
    ("1）禁止采砂；2）加强巡护", "1 forbid;2 note"),
    ("十一、禁止采砂。十二、加强巡护。", "11 forbid;12 note"),
    ("· 禁止采砂\n· 加强巡护", "1 forbid;2 note"),
    ("总则：保护优先。\n1.禁止采砂。", "0 note;1 forbid"),
    ("1.禁止采砂。\n1.禁止电鱼。", "1 forbid;1_2 forbid"),
    ("禁止采砂。加强巡护。", "1 forbid;2 note"),
    ("禁止采砂；新增取水实行等量置换。加强巡护。", "1 forbid;2 offset;3 note"),
    ("一、水\n1.禁止采砂。\n2.加强巡护。\n二、气\n1.禁止露天焚烧。", "1 note;1.1 forbid;1.2 note;2 note;2.1 forbid"),
    ("【水/禁止类】禁止采砂。\n【水/引导类】加强巡护。", "1 forbid;2 note"),
    # what only looks like a number
    ("排放浓度不得超过1.5毫克；2.5米以下不得设孔", "1 require;2 forbid"),
    ("执行GB3095-2012标准。2030年前完成改造。", "1 require;2 note"),
    ("禁止在本县范围内新建年产\n3.5万吨以下纸浆生产线", "1 forbid"),
    ("禁止新建一、二类工业项目。", "1 forbid"),
    ("一、二级保护区内禁止游泳。", "1 forbid"),
    # heads
    ("禁止下列行为：采石；放牧；其他破坏行为。", "1 forbid;2 forbid;3 forbid"),
    ("禁止下列行为：采石；放牧。鼓励造林。", "1 forbid;2 forbid;3 note"),
    ("1.禁止下列行为：\n（1）采石；\n（2）放牧。\n2.鼓励造林。", "1.1 forbid;1.2 forbid;2 note"),
    ("严格限制以下项目：\n1.酿造；\n2.制糖，严禁使用燃煤。", "1 consult;2 forbid"),
    ("新建项目应符合下列要求：废水回用；推进节能。", "1 require;2 require"),
    ("鼓励下列产业：软件；新材料。", "1 note;2 note"),
    ("一、禁止类\n1.皮革鞣制\n2.土法炼焦\n二、限制类\n1.砖瓦", "1.1 forbid;1.2 forbid;2.1 consult"),
    ("1.【禁止类】皮革鞣制项目。2.【鼓励类】皮革设计产业。", "1 forbid;2 note"),
    ("1.【产业/禁止类】完善退出机制。", "1 forbid"),
    ("1.禁止新建制革项目：\n2.无", "1 forbid"),
    ("禁止新建制革项目。：1.", "0 forbid"),
    ("下列活动禁止开展：\n1.以下加工应停止：\n（1）炼焦；\n（2）制砖。", "1.1 forbid;1.2 forbid"),
    # words that no table knows, and marks alone
    ("甲乙丙", "1 forbid"),
    ("No new factories", "1 forbid"),
    ("加强甲乙丙", "1 note"),
    ("该区域主要为耕地。", "1 note"),
    ("●", "1 forbid"),
    ("……", "1 forbid"),
    ("？", "1 forbid"),
    # nothing is asked
    ("/", ""),
    ("无。", ""),
    ("——", ""),
    (" \n ", ""),
    ("1.无\n2.禁止采砂。", "2 forbid"),
]


@pytest.mark.parametrize(("cell", "expected"), EFFECTS, ids=[cell[:24] for cell, _ in EFFECTS])
def test_a_cell_gives_items_with_their_effects(words: Wording, cell: str, expected: str) -> None:
    """Number and effects of each item, in order."""
    found = ";".join(f"{item.number} {','.join(item.effects)}" for item in read_cell(cell, words))

    assert found == expected


def test_lines_that_typesetting_broke_are_joined_and_items_are_not(words: Wording) -> None:
    """A full line runs on into the next; a number at a line's start begins an item."""
    cell = "1.禁止在饮用水水源地一级保护区内新建与供水无关的\n建设项目。\n2.禁止网箱养殖。"

    assert [item.text for item in read_cell(cell, words)] == [
        "禁止在饮用水水源地一级保护区内新建与供水无关的建设项目",
        "禁止网箱养殖",
    ]


AS_WRITTEN = [
    ("1。制革企业；\n2。小型酒精企业。", "1 forbid;2 forbid"),
    ("下列为本区产业负面清单企业。\n1.正在接受调查的企业；\n2.未达到行业规程要求的砖瓦企业", "1 forbid;2 forbid"),
    ("下列行业中的部分企业：\n1.规模以下企业；\n2.酿造企业", "1 forbid;2 forbid"),
    ("1.从严审查下列两类项目。甲类包括：酿造、制糖；乙类包括：砖瓦。", "1a consult;1b consult;1c consult"),
    ("核心区禁止人为活动。法律另有规定的，从其规定。", "1 forbid"),
    ("新增氨氮由区内倍量替换。", "1 offset"),
    ("加强环境监管，化工项目一律劝退。", "1 forbid"),
    ("推进绿色升级，化工园区内，完善管网。", "1 note"),
    ("以化工行业为重点，推进治理。", "1 note"),
    ("实施用能总量和强度“双控”。", "1 quota"),
    ("用水效率指标达到县下达要求。", "1 require"),
    ("森林公园按照《某某条例》等法规实施管理。", "1 note"),
    ("单元内各细类管控区按其细类管控要求执行。", "1 require"),
    ("3.印染项目。4.制砖项目 5.洗煤项目", "3 forbid;4 forbid;5 forbid"),
    ("条目如下： 1.湖滨烧烤 2.三级保护区内的染坊", "1 forbid;2 forbid"),
    ("一级保护区内的印染企业", "1 forbid"),
    ("文物点周边与保护古建筑无关的建设项目", "1 forbid"),
    ("林场外不符合渔港规划的码头", "1 forbid"),
    ("未实施清洁生产审核的印染企业", "1 forbid"),
    ("推进未实施清洁生产审核的印染企业整改", "1 note"),
    ("不满足消防间距规定的企业.", "1 forbid"),
    ("高糖、高脂糕点", "1 forbid"),
    ("县级负面清单以外另列8条，条目如下： 餐饮类\n1.高糖、高脂糕点", "1 forbid"),
    ("要加大旧渔船更新力度。各镇要将渔港改造纳入年度计划。", "1 note;2 note"),
    ("推进绿色升级，发展技术先进的产业", "1 note"),
    ("禁止类：拆船、制香。", "1 forbid"),
    ("鼓励引入以下产业：1.冷链；2.电商。不得引入以下产业：1.拆船；2.制香。", "1 note;2 note;1_2 forbid;2_2 forbid"),
    ("鼓励：\n1.冷链\n禁止：\n1.拆船", "1 note;1_2 forbid"),
    ("红线内民宿退出", "1 forbid"),
    ("未依法办手续的屠宰点责令关闭", "1 forbid"),
    ("加强岸线管控，新工厂一个不批", "1 forbid"),
    ("推进绿色升级，不断提升水平", "1 note"),
    ("养殖面积不扩大", "1 forbid"),
    ("空间布局约束：化工项目。", "1 forbid"),
    ("空间布局约束：\n1.化工项目\n2.同上", "1 forbid;2 forbid"),
    ("（一）空间布局约束\n1.酿造、印染项目。\n2.新建燃煤锅炉。", "1.1 forbid;1.2 forbid"),
    ("在湖内捕鱼", "1 forbid"),
    ("加强生态修复，光伏项目绕开林地", "1 forbid"),
    ("（2.1）支持观光\n（2.2）拆船不批", "2-1 note;2-2 forbid"),
    ("除禁止采石外，还禁止造纸", "1 forbid"),
]


@pytest.mark.parametrize(("cell", "expected"), AS_WRITTEN, ids=[cell[:16] for cell, _ in AS_WRITTEN])
def test_lists_are_read_as_they_are_written(words: Wording, cell: str, expected: str) -> None:
    """Titles, definitions, stops behind numbers, caps by two figures, and trades that no known verb governs."""
    found = ";".join(f"{item.number} {','.join(item.effects)}" for item in read_cell(cell, words))

    assert found == expected


EXCEPTED = [
    ("仅允许对生态功能不造成破坏的有限人为活动", ("对生态功能不造成破坏的有限人为活动",)),
    ("确因国家重大战略需要的，可以建设，其他一律禁止", ("确因国家重大战略需要的，可以建设",)),
    ("1.禁止新建制革项目，技术改造\n除外。\n2.加强巡护并完善监测网络建设和应急体系建设。", ("技术改造除外",)),
    ("只能种植水稻不能养鱼", ("种植水稻",)),
]


@pytest.mark.parametrize(("cell", "exceptions"), EXCEPTED, ids=[cell[:12] for cell, _ in EXCEPTED])
def test_an_exception_is_whole_and_ends_before_a_ban(words: Wording, cell: str, exceptions: tuple[str, ...]) -> None:
    """It keeps its own "not", takes its condition along, and is joined over a broken line."""
    assert read_cell(cell, words)[0].exceptions == exceptions


OPEN_LISTS = [
    ("只允许建设环保设施，印染不得进入", True),
    ("造纸不批，其他项目也不批", True),
    ("禁止化工，不得设摊", True),
    ("禁止化工生产和野炊", True),
    ("禁止新建、扩建化工项目", False),
    ("化工项目一律不得新建、扩建", False),
    ("禁止在核心区和缓冲区内新建化工、印染项目", False),
]


@pytest.mark.parametrize(("cell", "is_open"), OPEN_LISTS, ids=[cell for cell, _ in OPEN_LISTS])
def test_a_ban_on_more_than_its_terms_leaves_the_usual_answer_open(words: Wording, cell: str, is_open: bool) -> None:
    """What bans others beside the named trade, or all but one, is not presumed to spare them."""
    assert ("other-trades" in read_cell(cell, words)[0].terms) is is_open


DUTIES = [
    ("园区企业应建设事故池", "require"),
    ("园区内项目应设置防渗", "require"),
    ("开发区焙烧站应密闭", "require"),
    ("园区陶粒窑应当密闭", "require"),
    ("经主管部门批准的焙烧站应密闭", "require"),
    ("焙烧站布局应远离居民", "require"),
    ("焙烧区应设围堰", "require"),
    ("焙烧站应密闭", "require"),
    ("工业园应设风险防控体系", "note"),
    ("开发区、集聚区等均应统一供热", "note"),
    ("镇人民政府、街道办事处应当每年巡查", "note"),
    ("生态环境局须定期监测", "note"),
]


@pytest.mark.parametrize(("cell", "expected"), DUTIES, ids=[cell for cell, _ in DUTIES])
def test_a_duty_is_a_note_only_right_behind_an_authority_or_a_park(words: Wording, cell: str, expected: str) -> None:
    """焙烧站 and 陶粒窑 stand in no table: who is not known to be an authority is a project."""
    assert read_cell(cell, words)[0].effects == (expected,)


POINTERS = [
    "同上",
    "同上。",
    "要求同前",
    "同上一单元",
    "同XY33020110001",
    "同一般管控单元管控要求",
    "与相邻单元准入要求一致",
    "详见附件3",
    "（见附表2）",
    "名单附后",
    "参照重点管控单元管控",
    "参照执行",
    "执行全市总体准入要求",
    "执行一般管控单元相关要求",
    "按省级清单执行",
    "新建化工项目按优先保护单元管控要求执行",
    "另行规定",
    "由主管部门另行公布",
    "暂缺",
    "待定",
    "待补充",
    "尚未划定",
    "暂无资料",
    "略",
    "不详",
]


@pytest.mark.parametrize("cell", POINTERS)
def test_what_only_points_elsewhere_or_is_not_said_yet_is_no_note(words: Wording, cell: str) -> None:
    """It bans, or asks to act by another list and is marked as pointing there; no term settles it."""
    item = read_cell(cell, words)[0]

    assert item.effects in (("forbid",), ("require",))
    assert item.refers == item.effects or (item.effects, item.terms, item.at_large) == (("forbid",), (), False)
    assert item.because[0][0] == "effects"


NO_POINTERS = [
    ("禁止采砂；同上", "1 forbid;2 forbid"),
    ("鼓励造林；同上", "1 note;2 note"),
    ("1.加强巡护。2.同上", "1 note;2 forbid"),
    ("加强管控，详见附件3", "1 forbid"),
    ("重点发展附件3所列产业，推进同时施工", "1 note"),
    ("会同上级部门加强巡护", "1 note"),
    ("广泛听取意见，形成共识", "1 note"),
    ("有待定期排查隐患", "1 note"),
    ("废气执行特别排放限值标准", "1 require"),
    ("新增氨氮实行等量替代，详见附件3", "1 offset,forbid"),
]


@pytest.mark.parametrize(("cell", "expected"), NO_POINTERS, ids=[cell for cell, _ in NO_POINTERS])
def test_words_that_only_look_like_a_pointer_are_none(words: Wording, cell: str, expected: str) -> None:
    """The same characters inside other words; "as above" repeats only what its own item said."""
    found = ";".join(f"{item.number} {','.join(item.effects)}" for item in read_cell(cell, words))

    assert found == expected


EXITS = [
    ("化工项目退出。", "forbid"),
    ("化工项目一律退出", "forbid"),
    ("制革企业限期退出", "forbid"),
    ("淘汰退出落后造纸企业", "forbid"),
    ("推动产业升级，化工企业依法关停。", "forbid"),
    ("整治提升、淘汰退出一批铸造企业", "forbid"),
    ("现有化工企业应逐步退出", "require"),
    ("原则上化工企业退出", "consult"),
    ("推动化工企业退出", "note"),
    ("鼓励落后产能退出。", "note"),
    ("加快淘汰落后产能", "note"),
    ("县级人民政府应当责令制革企业退出", "forbid"),
    ("管委会须督促化工企业退出", "note"),
    ("逐步淘汰老旧车辆", "note"),
    ("有序退出", "forbid"),
    ("完善退出机制", "note"),
]


@pytest.mark.parametrize(("cell", "expected"), EXITS, ids=[cell for cell, _ in EXITS])
def test_an_exit_is_a_ban_unless_it_is_what_an_aim_or_an_authority_is_after(
    words: Wording, cell: str, expected: str
) -> None:
    """Projects that must leave may not come."""
    assert read_cell(cell, words)[0].effects == (expected,)


EXCEPTIONS = [
    ("除防洪工程外，禁止新建码头。", ("除防洪工程外",), ("wharf",)),
    ("禁止新建锅炉（集中供热除外）。", ("集中供热除外",), ()),
    ("禁止新建电镀项目，为化工企业配套的除外。", ("为化工企业配套的除外",), ("electroplating",)),
    ("禁止采砂。确需疏浚的，可开展应急清淤。", ("可开展应急清淤",), ("mining",)),
    ("仅允许造纸企业技术改造。", ("造纸企业技术改造",), ()),
    ("除尘设施应密闭，废气不得外排。", (), ()),
]


@pytest.mark.parametrize(("cell", "exceptions", "terms"), EXCEPTIONS, ids=[cell for cell, _, _ in EXCEPTIONS])
def test_exceptions_are_cut_out_before_terms_are_looked_for(
    words: Wording, cell: str, exceptions: tuple[str, ...], terms: tuple[str, ...]
) -> None:
    """A trade that only an exception names is not the subject."""
    item = read_cell(cell, words)[0]

    assert all(any(part in found for found in item.exceptions) for part in exceptions)
    assert len(item.exceptions) == len(exceptions)
    assert item.terms == terms


OTHER_TRADES = [
    ("禁止新建化工、焙烧等项目", ("chemical-project", "other-trades")),
    ("化工、制鞋等项目不得入驻", ("chemical-project", "other-trades")),
    ("禁止新建化工、煅烧项目", ("chemical-project", "other-trades")),
    ("禁止新建化工和焙烧项目", ("chemical-project", "other-trades")),
    ("禁止新建化工、光伏项目", ("chemical-project", "other-trades")),
    ("禁止新建化工、制鞋", ("chemical-project", "other-trades")),
    ("禁止下列项目：化工、焙烧", ("chemical-project", "other-trades")),
    ("禁止新建化工、印染等项目", ("chemical-project", "dyeing")),
    ("新建、改建、扩建化工项目应入园", ("chemical-project",)),
    ("长江干流岸线一公里内禁止新建、扩建化工项目。", ("chemical-project",)),
    ("不符合规划、污染严重的化工项目不得入驻", ("chemical-project",)),
    ("化工企业废水、废气应收集", ("chemical-project",)),
    ("严格限制水泥、钢铁、平板玻璃等高耗能高排放项目", ("cement", "steel", "glass", "two-high")),
    ("禁止新建焙烧、制鞋等项目", ()),
]


@pytest.mark.parametrize(("cell", "terms"), OTHER_TRADES, ids=[cell for cell, _ in OTHER_TRADES])
def test_a_list_with_trades_that_no_table_knows_names_one_term_more(
    words: Wording, cell: str, terms: tuple[str, ...]
) -> None:
    """That term is declared nowhere, so that no project is usually outside the list; with no term there is no need."""
    assert read_cell(cell, words)[-1].terms == terms


AT_LARGE = [
    ("禁止建设项目占用湿地。", True),
    ("新建项目不得占用湿地。", True),
    ("新建、改建、扩建项目应配套节水设施。", True),
    ("所有项目须入园。", True),
    ("禁止引入不符合规划的项目。", False),
    ("禁止新建排放粉尘的建设项目。", False),
    ("重点行业新建、扩建项目须论证。", False),
    ("禁止新建储油项目。", False),
]


@pytest.mark.parametrize(("cell", "expected"), AT_LARGE, ids=[cell for cell, _ in AT_LARGE])
def test_only_projects_that_nothing_narrows_are_projects_at_large(words: Wording, cell: str, expected: bool) -> None:
    """A qualified subset has no usual answer."""
    assert read_cell(cell, words)[0].at_large is expected


ZONES = [
    ("水源二级保护区内禁止排污。", "水源二级保护区内"),
    ("禁止在南湖湿地公园范围内采砂。", "南湖湿地公园范围内"),
    ("化工集中区外不得新建化工项目。", "化工集中区外"),
    ("干流两岸500米范围内禁止堆放尾矿。", "干流两岸500米范围内"),
    ("区域内禁止采砂。", None),
    ("禁止采砂。", None),
]


@pytest.mark.parametrize(("cell", "expected"), ZONES, ids=[cell for cell, _ in ZONES])
def test_a_named_part_of_the_unit_is_its_zone(words: Wording, cell: str, expected: str | None) -> None:
    """The unit itself is no part of itself; verbs before a name do not belong to it."""
    assert read_cell(cell, words)[0].zone == expected


def test_a_head_hands_down_effect_place_and_exceptions_two_levels_deep(words: Wording) -> None:
    """Sub-items carry their head; the third level down stands for itself."""
    cell = "1.林场内除抚育外禁止下列活动：\n（1）采石；\n（2）以下加工：\n①炼焦；\n②制砖。"
    items = read_cell(cell, words)

    assert [item.number for item in items] == ["1.1", "1.2.1", "1.2.2"]
    assert {item.effects for item in items} == {("forbid",)}
    assert items[0].head == "林场内除抚育外禁止下列活动"
    assert items[0].exceptions == ("除抚育外",)


def test_what_only_the_following_are_allowed_means_is_a_ban_with_exceptions(words: Wording) -> None:
    """A permission is an exception to its head; a ban inside one is kept too."""
    items = read_cell("仅允许开展下列活动：（1）科研；（2）防汛，不得扩大规模。", words)

    assert items[0].effects == ("forbid",)
    assert items[0].exceptions == ("科研", "防汛，不得扩大规模")
    assert [item.effects for item in items[1:]] == [("forbid",)]


def test_a_definition_goes_on_with_the_sentence_before(words: Wording) -> None:
    """What 包括 lists has the effect of the sentence that uses the word."""
    items = read_cell("严格限制重点类项目。重点类项目包括：制糖、酿造；屠宰。", words)

    assert {item.effects for item in items} == {("consult",)}


def test_each_result_names_the_rows_that_made_it(words: Wording) -> None:
    """Table and row, as a spreadsheet counts, lead back to the words found."""
    item = read_cell("1.禁止新建制革项目。", words)[0]
    lines = (TABLES / "effects.csv").read_text(encoding="utf-8").splitlines()
    rows = dict(item.because)

    assert lines[rows["effects"] - 1].startswith("禁止,forbid")
    assert {"effects", "terms", "numbering"} <= set(rows)


def test_texts_that_differ_in_dress_have_one_key(words: Wording) -> None:
    """Numbering, tags, outer punctuation, blanks and width do not count; words and numbers do."""
    dressed = ["3、禁止 新建造纸项目；", "（二）【产业/禁止类】禁止新建造纸项目。", "禁止新建造纸项目"]

    assert len({text_key(text) for text in dressed}) == 1
    assert text_key("1.5万吨以下") != text_key("5万吨以下")
    assert text_key("一、二类项目") != text_key("二类项目")
    assert text_key("排放量≤75%") != text_key("排放量≤75")


def test_a_name_is_masked_but_for_the_words_that_decide_something(words: Wording) -> None:
    """镇 says whom a duty is laid on and stays; a ban that a name runs into stays."""
    assert masked("东坡镇和西坡镇应加强巡护", ["东坡镇", "西坡镇"], wording=words) == "〇镇和〇镇应加强巡护"
    assert masked("小禁止新建", ["小禁"], wording=words) == "〇禁止新建"
    assert masked("东坡镇", ["东坡", "东坡镇"]) == "〇"


def test_the_strictest_of_effects_is_the_one_to_go_by() -> None:
    """Of none it is a note."""
    assert strictest(("consult", "forbid", "note")) == "forbid"
    assert strictest(()) == "note"


def test_an_item_is_plain_data(words: Wording) -> None:
    """Equal cells give equal items."""
    assert isinstance(read_cell("禁止采砂", words)[0], Item)
    assert read_cell("禁止采砂", words) == read_cell("禁止采砂", words)
