"""Organs by their names: whose report a title names, what level it is, whether two names are one organ."""

import re
import unicodedata
from collections import Counter
from functools import lru_cache
from typing import NamedTuple

from reportgen.chinese.numerals import DIGITS, ZEROS, arabic
from reportgen.chinese.patterns import compiled

# ── what the title of a report tells: whose it is, and of which year ──────────────────────────────────

_YEAR = re.compile(rf"(20\d\d|二[{ZEROS}][{DIGITS}]{{2}})年")
_ORGAN_END = re.compile(r"(?:[局厅委部院署处所社会中心站队司校馆团]|政府|办公室|[银分支]行)$")
"""办事处, 委员会 and 办公厅 are among them by their last sign. No other 行: 自行 and 进行 end no name."""


def years_in(title: str) -> tuple[str, ...]:
    """The years that a title names, in Arabic digits."""
    return tuple(arabic(found[1]) for found in _YEAR.finditer(title))


def organ_in(title: str) -> str:
    """The organ that a title names, before its year or between year and 信息公开; empty for none."""
    year = _YEAR.search(title)
    before = title[: year.start()] if year else re.split("政府信息公开|信息公开", title)[0]
    if before or not year:
        return before.removeprefix("关于").removesuffix("关于").strip("（(")
    after = re.match(r"度?(.*?)(?:政府)?信息公开", title[year.end() :])
    return after[1] if after else ""


def ends_as_organ(name: str) -> bool:
    """True if a name ends as the names of organs do."""
    return bool(_ORGAN_END.search(name))


# ── the facts that a name alone does not tell: which 市 is a prefecture, which a county ────────────────

# As of 2025: every prefecture-level unit (293 cities, 7 regions, 30 autonomous prefectures, 3 leagues), and
# every city of county level. A 市 of neither list is somebody's example. Source: 民政部's 行政区划代码.


def _names(listed: str) -> tuple[str, ...]:
    return tuple(listed.split())


_MUNICIPALITIES = _names("北京 天津 上海 重庆")
_PROVINCES = _names(
    """
    河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 云南 陕西
    甘肃 青海 台湾
    """
)
_AUTONOMOUS = _names(
    """
    内蒙古自治区 广西壮族自治区 西藏自治区 宁夏回族自治区 新疆维吾尔自治区
    """
)

_PREFECTURE_CITIES = _names(
    """
    石家庄 唐山 秦皇岛 邯郸 邢台 保定 张家口 承德 沧州 廊坊 衡水 太原 大同 阳泉 长治 晋城 朔州 晋中 运城
    忻州 临汾 吕梁 呼和浩特 包头 乌海 赤峰 通辽 鄂尔多斯 呼伦贝尔 巴彦淖尔 乌兰察布 沈阳 大连 鞍山 抚顺
    本溪 丹东 锦州 营口 阜新 辽阳 盘锦 铁岭 朝阳 葫芦岛 长春 吉林 四平 辽源 通化 白山 松原 白城 哈尔滨
    齐齐哈尔 鸡西 鹤岗 双鸭山 大庆 伊春 佳木斯 七台河 牡丹江 黑河 绥化 南京 无锡 徐州 常州 苏州 南通
    连云港 淮安 盐城 扬州 镇江 泰州 宿迁 杭州 宁波 温州 嘉兴 湖州 绍兴 金华 衢州 舟山 台州 丽水 合肥 芜湖
    蚌埠 淮南 马鞍山 淮北 铜陵 安庆 黄山 滁州 阜阳 宿州 六安 亳州 池州 宣城 福州 厦门 莆田 三明 泉州 漳州
    南平 龙岩 宁德 南昌 景德镇 萍乡 九江 新余 鹰潭 赣州 吉安 宜春 抚州 上饶 济南 青岛 淄博 枣庄 东营 烟台
    潍坊 济宁 泰安 威海 日照 临沂 德州 聊城 滨州 菏泽 郑州 开封 洛阳 平顶山 安阳 鹤壁 新乡 焦作 濮阳 许昌
    漯河 三门峡 南阳 商丘 信阳 周口 驻马店 武汉 黄石 十堰 宜昌 襄阳 鄂州 荆门 孝感 荆州 黄冈 咸宁 随州
    长沙 株洲 湘潭 衡阳 邵阳 岳阳 常德 张家界 益阳 郴州 永州 怀化 娄底 广州 韶关 深圳 珠海 汕头 佛山 江门
    湛江 茂名 肇庆 惠州 梅州 汕尾 河源 阳江 清远 东莞 中山 潮州 揭阳 云浮 南宁 柳州 桂林 梧州 北海 防城港
    钦州 贵港 玉林 百色 贺州 河池 来宾 崇左 海口 三亚 三沙 儋州 成都 自贡 攀枝花 泸州 德阳 绵阳 广元 遂宁
    内江 乐山 南充 眉山 宜宾 广安 达州 雅安 巴中 资阳 贵阳 六盘水 遵义 安顺 毕节 铜仁 昆明 曲靖 玉溪 保山
    昭通 丽江 普洱 临沧 拉萨 日喀则 昌都 林芝 山南 那曲 西安 铜川 宝鸡 咸阳 渭南 延安 汉中 榆林 安康 商洛
    兰州 嘉峪关 金昌 白银 天水 武威 张掖 平凉 酒泉 庆阳 定西 陇南 西宁 海东 银川 石嘴山 吴忠 固原 中卫
    乌鲁木齐 克拉玛依 吐鲁番 哈密
    """
)
_REGIONS = _names("大兴安岭 阿里 阿克苏 喀什 和田 塔城 阿勒泰")
"""地区."""
_LEAGUES = _names("兴安 锡林郭勒 阿拉善")
"""盟."""
_PREFECTURES = tuple(
    [
        "延边",
        "恩施",
        "湘西",
        "阿坝",
        "甘孜",
        "凉山",
        "黔西南",
        "黔东南",
        "黔南",
        "楚雄",
        "红河",
        "文山",
        "西双版纳",
        "大理",
        "德宏",
        "怒江",
        "迪庆",
        "临夏",
        "甘南",
        "海北",
        "黄南",
        "海南",
        "果洛",
        "玉树",
        "海西",
        "昌吉",
        "博尔塔拉",
        "巴音郭楞",
        "克孜勒苏",
        "伊犁",
    ]
)
"""自治州, without the names of their peoples."""

_COUNTY_CITIES = _names(
    """
    辛集 晋州 新乐 遵化 迁安 滦州 武安 南宫 沙河 涿州 安国 高碑店 定州 平泉 泊头 任丘 黄骅 河间 霸州 三河
    深州 古交 高平 怀仁 介休 永济 河津 原平 侯马 霍州 孝义 汾阳 霍林郭勒 满洲里 牙克石 扎兰屯 额尔古纳
    根河 丰镇 乌兰浩特 阿尔山 二连浩特 锡林浩特 新民 瓦房店 庄河 海城 东港 凤城 凌海 北镇 盖州 大石桥
    灯塔 调兵山 开原 北票 凌源 兴城 榆树 德惠 公主岭 蛟河 桦甸 舒兰 磐石 双辽 梅河口 集安 临江 扶余 洮南
    大安 延吉 图们 敦化 珲春 龙井 和龙 尚志 五常 讷河 虎林 密山 铁力 同江 富锦 抚远 绥芬河 海林 宁安 穆棱
    东宁 北安 五大连池 嫩江 安达 肇东 海伦 漠河 江阴 宜兴 新沂 邳州 溧阳 常熟 张家港 昆山 太仓 启东 如皋
    海安 东台 仪征 高邮 丹阳 扬中 句容 兴化 靖江 泰兴 建德 余姚 慈溪 瑞安 乐清 龙港 海宁 平湖 桐乡 诸暨
    嵊州 兰溪 义乌 东阳 永康 江山 玉环 温岭 临海 龙泉 巢湖 无为 桐城 潜山 天长 明光 界首 宁国 广德 福清
    永安 石狮 晋江 南安 邵武 武夷山 建瓯 漳平 福安 福鼎 乐平 瑞昌 共青城 庐山 贵溪 瑞金 龙南 井冈山 丰城
    樟树 高安 德兴 胶州 平度 莱西 滕州 龙口 莱阳 莱州 招远 栖霞 海阳 青州 诸城 寿光 安丘 高密 昌邑 曲阜
    邹城 新泰 肥城 荣成 乳山 乐陵 禹城 临清 邹平 巩义 荥阳 新密 新郑 登封 舞钢 汝州 林州 卫辉 辉县 长垣
    沁阳 孟州 禹州 长葛 义马 灵宝 邓州 永城 项城 大冶 丹江口 宜都 当阳 枝江 老河口 枣阳 宜城 钟祥 京山
    应城 安陆 汉川 石首 洪湖 松滋 监利 麻城 武穴 赤壁 广水 恩施 利川 浏阳 宁乡 醴陵 湘乡 韶山 耒阳 常宁
    武冈 邵东 汨罗 临湘 津市 沅江 资兴 洪江 冷水江 涟源 吉首 祁阳 乐昌 南雄 台山 开平 鹤山 恩平 廉江 雷州
    吴川 高州 化州 信宜 四会 兴宁 陆丰 阳春 英德 连州 普宁 罗定 横州 荔浦 岑溪 东兴 桂平 北流 靖西 平果
    合山 凭祥 都江堰 彭州 邛崃 崇州 简阳 广汉 什邡 绵竹 江油 射洪 隆昌 峨眉山 阆中 华蓥 万源 马尔康 康定
    西昌 会理 清镇 盘州 赤水 仁怀 兴义 兴仁 凯里 都匀 福泉 黔西 安宁 宣威 澄江 腾冲 水富 楚雄 禄丰 个旧
    开远 蒙自 弥勒 文山 景洪 大理 瑞丽 芒 泸水 香格里拉 米林 错那 兴平 彬州 华阴 韩城 子长 神木 旬阳 玉门
    敦煌 华亭 临夏 合作 同仁 玉树 茫崖 德令哈 格尔木 灵武 青铜峡 昌吉 阜康 博乐 阿拉山口 库尔勒 阿克苏
    库车 阿图什 喀什 和田 伊宁 奎屯 霍尔果斯 塔城 乌苏 沙湾 阿勒泰
    """
)
_DIRECT_CITIES = _names(
    """
    济源 仙桃 潜江 天门 五指山 琼海 文昌 万宁 东方 石河子 阿拉尔 图木舒克 五家渠 北屯 铁门关 双河
    可克达拉 昆玉 胡杨河 新星 白杨
    """
)
"""Cities of county level directly below a province, which report as a 市级 or a 县级 one."""

_ODD_DISTRICTS = _names("沙市区 西市区 新市区 南市区 北市区 红旗区 赣县区")
"""Districts in whose name another kind of place seems to end."""
_NEW_DISTRICTS = _names("浦东新区 滨海新区 沈北新区")
"""新区 with a people's government; all others are development zones."""


# ── the places in a name, from the left, each with its level ──────────────────────────────────────────


class _Place(NamedTuple):
    """A place: its level (省级, 市级, 县级, or 区 for a development zone), its end, and if that is sure."""

    level: str
    end: int
    sure: bool = True


def _any(names: tuple[str, ...]) -> str:
    return "|".join(sorted(names, key=len, reverse=True))


_PROVINCE = (
    rf"(?:{_any(_PROVINCES)})省|(?:{_any(_MUNICIPALITIES)})市|{_any(_AUTONOMOUS)}"
    r"|新疆生产建设兵团|[^省市县区旗]{1,4}省|[^省市县区旗]{1,8}自治区"
)
_PREFECTURE = (
    rf"(?:{_any(_PREFECTURE_CITIES)})市|(?:{_any(_REGIONS)})地区|(?:{_any(_LEAGUES)})盟"
    rf"|(?:{_any(_PREFECTURES)})(?:[\u4e00-\u9fff]{{1,9}}?自治)?州|[^省市县区旗]{{1,9}}?自治州"
    r"|(?!贵州)[^省市县区旗]{1,3}[州盟](?=$|(?:人民)?政府|行政公署|行署|[^市区县镇乡]{2,9}[局委办]$)"
)
_DIRECT = rf"(?:{_any(_DIRECT_CITIES)})市"
_COUNTY = rf"(?:{_any(_COUNTY_CITIES)})市|{_any((*_ODD_DISTRICTS, *_NEW_DISTRICTS))}"
_OTHER = (
    r"(?P<stem>[\u4e00-\u9fff]{1,14}?)"
    r"(?P<kind>自治县|自治旗|县(?!级|域|区)|旗|区(?!域|划|块链|县)|市(?![场]))"
)
_NO_PLACE = (
    r"(?:社|小|校|牧|灾|防|片|辖|库|地)区$|(?:^|革命|贫困)[山老]区$|^(?:城|县|超)市$"
    r"|(?:^[各本全我]|[和及与、])[县市区旗]$"
)
"""What only seems to be a place: 城市, 社区, 地区."""
_NAMED_ZONE = (
    "开发|高新|经开|园|工业|保税|综保|合作|示范|试验|实验|度假|名胜|风景|景|自贸|管理|集聚|物流|经济|产业|新|空港"
    "|农高|旅游|功能|化工|港"
)
_ZONE = re.compile(rf"(?:{_NAMED_ZONE})$")
_BRANCH = r"(?:总?局|总署|队|银行|公司)(?=[\u4e00-\u9fff]{1,9}[省市县区旗州盟])"
"""Behind a parent organ stands the place of its branch: 公安局某区分局, 国家税务总局某市税务局."""


def _places_of(name: str) -> list[_Place]:
    """The places that a name begins with, one within the other, and that of a branch behind its parent."""
    found: list[_Place] = []
    at = 0
    while place := _place_at(name, at, found):
        found.append(place)
        at = place.end
    branch = compiled(_BRANCH).search(name, at)
    if branch and (below := _place_at(name, branch.end(), found)):
        return [*found, below]
    return found


def _place_at(name: str, at: int, above: list[_Place]) -> _Place | None:
    """The place that begins here; None where none does."""
    levels = [each.level for each in above]
    if not above and (province := compiled(_PROVINCE).match(name)):
        return _Place("省级", province.end())
    if not {"市级", "县级"} & set(levels):
        if prefecture := compiled(_PREFECTURE).match(name, at):
            return _Place("市级", prefecture.end())
        if direct := compiled(_DIRECT).match(name, at):
            return _Place("县级", direct.end(), sure=False)
    if county := compiled(_COUNTY).match(name, at):
        return _Place("县级", county.end())
    other = compiled(_OTHER).match(name, at)
    if other is None or compiled(_NO_PLACE).search(other[0]) or _ORGAN_END.search(other["stem"][:-1]):
        return None
    if other["kind"] == "市" and not {"市级", "县级"} & set(levels) and not name.startswith(_MUNICIPALITIES):
        return _Place("市级", other.end(), sure=False)
    zone = other["kind"] == "区" and _ZONE.search(other["stem"])
    return _Place("区" if zone else "县级", other.end())


# ── the level of an organ ─────────────────────────────────────────────────────────────────────────────

_OFFICE = r"(?:办公[室厅]|党政综合办公室|党政办公室|党政综合办|党政办|综合办公室|党建办公室|机关|本级)"
_GOVERNMENT = rf"(?:人民政府|政府|行政公署|行署)(?P<office>{_OFFICE})?"
_TOWN = rf"(?:(?<![城])[镇乡]|苏木)(?:(?:人民)?政府.*|{_OFFICE}|便民服务中心)?"
_STREET = r"街道(?:办(?:事处)?)?(?:党工委|党政|综合)?(?:办公室|办)?|(?<!驻..)(?<!驻...)办事处(?:办公室)?"
_PARK = re.compile(r"(?:园|科技城|新城)(?:管理委员会|管委会)?$")
_ZONE_OFFICE = re.compile(r"(?:管理委员会|管委会)(?:办公室)?")
_PARENT = (
    r"(?:国家税务总局|国家统计局|国家金融监督管理总局|国家外汇管理局|国家矿山安全监察局"
    r"|中国人民银行|中国气象局)(?=.)"
)
_NATIONAL = (
    r"国务院|国家|中华人民共和国|中国|(?:[^省市县区旗]{2,8}(?:总署|总局)|审计署)$"
    r"|(?:外交|教育|科学技术|工业和信息化|公安|民政|司法|财政|人力资源和?社会保障|自然资源|生态环境|住房和城乡建设|交通运输|水利"
    r"|农业农村|商务|文化和旅游|应急管理|退役军人事务|国家安全)部$"
)
_ALONE = re.compile(r"[镇乡](?:人民)?政府|(?:街道)?办事处")
_BEHIND_LEVEL = r"(?P<level>[省市州县区旗])(?!域|划|场|容)(?=[\u4e00-\u9fff]{2,})"
_LEVELS = {
    "省": ("省级",),
    "市": ("市级", "县级"),
    "州": ("市级",),
    "县": ("县级",),
    "区": ("县级",),
    "旗": ("县级",),
}


class Standing(NamedTuple):
    """What an organ's name tells of its level, in the words of the forms.

    ``level`` is the likeliest, empty where the name tells none. ``possible`` are all that it may be; empty
    where nothing can be said against any.
    """

    level: str = ""
    possible: frozenset[str] = frozenset()


def bare(name: str) -> str:
    """A name without blanks, a second name in brackets, and differences of width."""
    squeezed = "".join(unicodedata.normalize("NFKC", name).split())
    return re.sub(r"\([^()]*\)$", "", squeezed)


@lru_cache(maxsize=1024)
def standing_of(name: str) -> Standing:
    """The level that a name tells. An organ named by its place alone is its people's government."""
    name = bare(name)
    if _ends(compiled(_STREET), name) and "街道社区" not in name:
        return _as(("街道办事处",))
    if _ends(compiled(_TOWN), name) and not any(name == each for each in _PREFECTURE_CITIES):
        return _as(("乡镇政府",))
    parent = compiled(_PARENT).match(name)
    if parent and _places_of(name[parent.end() :]):
        name = name[parent.end() :]
    elif compiled(_NATIONAL).match(name):
        return _as(("国务院部门",))
    if _PARK.search(name):
        return Standing("县级部门")
    found = _places_of(name)
    if found:
        return _within(name[max(each.end for each in found) :], found)
    return _without_place(name)


def _ends(pattern: re.Pattern[str], name: str) -> bool:
    """True if a name ends in a stretch of this kind, with a place before it."""
    return any(found.end() == len(name) and found.start() for found in pattern.finditer(name))


def _as(levels: tuple[str, ...]) -> Standing:
    return Standing(levels[0], frozenset(levels))


def _within(rest: str, found: list[_Place]) -> Standing:
    """The level of an organ by its places and by what stands behind the last of them."""
    last = found[-1]
    if last.level == "区":
        government = rest and compiled(_GOVERNMENT).fullmatch(rest)
        return Standing("县级政府" if government else "县级部门")
    if _ZONE_OFFICE.fullmatch(rest):
        return Standing(f"{last.level}部门")
    return _of_levels((last.level,) if last.sure else (last.level, *({"市级", "县级"} - {last.level})), rest)


def _of_levels(levels: tuple[str, ...], rest: str) -> Standing:
    """A government, its office or a department of one of the levels, by what stands behind the place."""
    government = compiled(_GOVERNMENT).fullmatch(rest)
    if government and government["office"] not in (None, "机关", "本级"):
        return _as(tuple(f"{each}{kind}" for kind in ("部门", "政府") for each in levels))
    kind = "政府" if government or not rest else "部门"
    return _as(tuple(f"{each}{kind}" for each in levels))


def _without_place(name: str) -> Standing:
    """The level by the name of a place without its kind (宿迁), or by its kind without a name (县教育局)."""
    if name in _PREFECTURE_CITIES:
        return _as(("市级政府",))
    if _ALONE.fullmatch(name):
        return _as(("街道办事处" if name.endswith("处") else "乡镇政府",))
    kind = compiled(_BEHIND_LEVEL).match(name)
    if kind:
        return _of_levels(_LEVELS[kind["level"]], name[1:])
    municipality = name.startswith(_MUNICIPALITIES) and ends_as_organ(name)
    return Standing("省级部门") if municipality else Standing()


_WE = r"[我本](镇|乡|苏木|街道|办事处|县|区|旗|省)(?=[^域内外级长委办]|$)"
_WE_ARE = {
    **dict.fromkeys(("镇", "乡", "苏木"), "乡镇政府"),
    **dict.fromkeys(("街道", "办事处"), "街道办事处"),
    **dict.fromkeys(("县", "区", "旗"), "县级政府"),
    "省": "省级政府",
}
_TOWNS_BELOW = re.compile(r"各(?:镇|乡|街道)|镇街|镇办|乡镇（街道）|镇（街道|街镇")
_COUNTIES_BELOW = re.compile(r"各(?:县|区|市、)|县（市|市（县|县区|县市区|区县|市辖区")


def level_of(name: str, signed: str = "", text: str = "") -> str:
    """The level of an organ, in the form's words; empty where nothing tells.

    Args:
        name: its name in the title.
        signed: its name at the end, asked where the title's tells nothing.
        text: its report, which speaks of 我镇, and of the towns or the counties below a 市 of either level.
    """
    standing = next((each for each in map(standing_of, (name, signed)) if each.level), Standing())
    if standing.level and {"市级政府", "县级政府"} <= standing.possible and standing.level.endswith("政府"):
        towns = _TOWNS_BELOW.search(text) and not _COUNTIES_BELOW.search(text)
        return "县级政府" if towns else standing.level
    if standing.level:
        return standing.level
    we = Counter(compiled(_WE).findall(text)).most_common(1)
    return _WE_ARE[we[0][0]] if we else ""


# ── one organ under two names ─────────────────────────────────────────────────────────────────────────

_SHORT_ENDS = (
    ("管委会", "管理委员会"),
    ("街道办", "街道办事处"),
    ("人民政府机关", "人民政府"),
    ("人民政府本级", "人民政府"),
)
_PLACE_END = re.compile(r"[省市县区旗州盟]$")


def full_name(name: str) -> str:
    """A name as the organ has it in full: 宿迁市 is 宿迁市人民政府, 甲街道 is 甲街道办事处."""
    name = bare(name)
    for short, full in _SHORT_ENDS:
        if name.endswith(short):
            return name.removesuffix(short) + full
    if name.endswith("街道"):
        return f"{name}办事处"
    if name.endswith("政府"):
        return re.sub("(?:人民)?政府$", "人民政府", name)
    found = [] if name.endswith("兵团") else _places_of(name)
    if (found and found[-1].end == len(name)) or compiled(_TOWN).search(name[-2:]):
        return f"{name}管理委员会" if found and found[-1].level == "区" else f"{name}人民政府"
    return name


def same_organ(one: str, other: str) -> bool:
    """True if two names are those of one organ: in full or by the place alone, with those above or not."""
    short, long = sorted((full_name(one), full_name(other)), key=len)
    above = long.removesuffix(short)
    return above != long and (not above or bool(_PLACE_END.search(above)))
