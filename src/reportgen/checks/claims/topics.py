"""What a sentence speaks about at a place: whose figures, of which year, and of what."""

import re
from functools import lru_cache

from reportgen.checks.claims.phrases import CARRIED, LATE, STRONG
from reportgen.checks.claims.text import MARKED, Sentence
from reportgen.chinese.numerals import NARROW
from reportgen.model.report import Report

_TOPICS = re.compile(
    rf"(?P<requests>(?:信访举报投诉类|行政查询事项|行政执法案卷|{STRONG}|依申请)(?:事项|办件)?)"
    r"|(?P<disputes>复议|诉讼|应诉|败诉|胜诉)"
    r"|(?P<others>提案|建议|议案|热线|１２３４５|留言|信箱|来信|来电|来访|信访|咨询|投诉|举报|诉求|工单|民声|民意|意见|许可|处罚|强制"
    r"|审批|执法|办件|(?:产|姻|籍|商|企业|注册|事)登记|低保|救助|资助|补贴|证明|事项|项目|名额|岗位|商标|专利|仲裁|调解|检查|监测|备案|合法性审查)"
    r"|(?P<disclosure>主动公开|解读|发布|公众号|微信|微博|抖音|推送|新媒体|专栏|公示)"
    r"|(?P<soft>申请|本年新收|予以公开|部分公开|不予公开|无法提供|不予处理)"
)
_WHEN = re.compile(
    r"(?P<than>(?:较之?|比|与|同|和|跟|相较于?|对比|相比)(?:于)?(?:Ｙ|上年|去年|上一年|前一?年|往年|历年)"
    rf"(?!度?的?{LATE})(?:度|同期)*(?:相比|的)?)"
    rf"|(?P<carry>{CARRIED})"
    r"|(?P<span>Ｙ[至到—－-]+Ｙ)|(?P<named>Ｙ)|(?P<now>本年|今年|全年|年内|当年|报告期)"
    r"|(?P<last>上年|去年|上一年|前年)|(?P<date>Ｄ)"
    r"|(?P<part>上半年|下半年|季度|Ｄ份|以来|累计至今|历年|往年|近年|五年|三年|十四五|十三五|同期|预计|计划|力争|下一步|每[年月])"
)
ORGAN = re.compile(
    "(?:政府|部门|局|委|办|厅|处|县|区|市|镇|乡|街道|开发区|园区|新区|院|中心|公司|办公室|单位|机关|学校|所|站|队|旗|州)(?:本级)?\\Z"
)
"""How the name of an organ ends."""

_WHOLE_YEAR = {(1, 1), (12, 31)}
_MONTH = re.compile(r"(\d{1,2})\s*月(?:\s*(\d{1,2})\s*日)?")

_TIME = (
    "Ｙ|上年度?|去年|上一年度?|Ｄ[至到—－-]+Ｄ|截[至止]Ｄ(?:底)?"
    "|本年度?|今年|全年度?|年内|当年|一年来|报告期内?|目前|年度|度"
)
_HOW = (
    "应办理|实际|共计|累计|总计|合计|总共|一共|共|已经|已|均|全部|依法|依规|按期|按时|及时|按规定|规范|并|也|则|还|另有|另外|另|加|此外|同时|其中"
    "|对|将|把|在|中|含|包括|包含|加上|连同|以及|和|及|与|有|作出|做出|作|给予|的|为|是|对于|Ｅ|[《》、]"
    "|经审查|经审核|经|在?(?:法定|规定|法律规定|条例规定|答复)(?:的)?(?:期限|时限)(?:内|之内)|予以"
    "|[^，；#]{1,16}等(?:多种|各种|各类)?(?:渠道|方式|途径|形式)"
)
_ABOUT = (
    "(?:依申请公开|政府信息公开申请|政府信息公开|信息公开|申请|公开)(?:工作|办理|受理|情况|方面|答复|结果|类)*"
    "|办理\\Z|(?:办理|答复|处理|办结)?(?:结果|情况|方式)|按?(?:申请人|办理结果)(?:类型|分|看|来看)*|方面|来看|里|上"
    "|(?:按照|依据|根据|依照)(?:条例)?(?:的)?(?:规定|要求)?|因.{1,14}等(?:原因|情形)?|由于.{1,14}等(?:原因|情形)?"
)
_OURS = (
    "(?:我|本)(?:机关|单位|部门|系统|局|委|办|厅|署|镇|乡|街道|区|县|市|省|处|中心|府|旗|州)"
    "(?:政府|人民政府|办事处|办公室|委员会|机关|本级)*"
)
_ITSELF = re.compile("^(?:人民政府|政府|机关|本级|办事处)")
_OUR = re.compile(_OURS)
_IDLE = re.compile(f"(?>{_TIME}|{_HOW}|{_ABOUT}|{_OURS})*+")
_LOCAL = {"乡镇": "镇乡", "街道": "街办", "县级": "县区市旗", "市级": "市州盟", "省级": "省市区"}
_EVERYWHERE = "(?:各级)?(?:行政机关|政府机关|政府部门|政府系统|政府及部门|各?部门|各?单位|机关|系统)*"
_SHORTEST_NAME = 2


def topic(sentence: Sentence, end: int) -> str:
    """What the words before an index speak of: ``requests``, ``disputes`` …; empty where nothing is named."""
    state = ""
    for found in _TOPICS.finditer(sentence.words, 0, end):
        state = _next(state, found.lastgroup or "")
    if state in ("", "soft"):
        before = _before(sentence)
        return ("requests" if state else "") if not before else _next(before, state or before)
    return state


def ahead(sentence: Sentence, end: int) -> str:
    """What a sentence that names nothing before an index speaks of behind it."""
    found = _TOPICS.search(sentence.words)
    return (found.lastgroup or "") if found and found.start() >= end else ""


def _next(state: str, found: str) -> str:
    """The topic after a further word; an unspecific one changes only what is no topic of its own."""
    if found == "soft":
        return "requests" if state in ("", "disclosure", "requests") else state
    return found


@lru_cache(maxsize=32)  # asked once for each number of a sentence
def _before(sentence: Sentence) -> str:
    """What the paragraph so far, the heading or the place in the report speaks of."""
    state = ""
    above = "" if MARKED.match(sentence.paragraph.text) else sentence.section.above
    for text in (sentence.section.heading, above, sentence.before):
        for found in _TOPICS.finditer(text):
            state = _next(state, found.lastgroup or "")
    return state or ("requests" if sentence.section.key == "requests" else "")


def when(sentence: Sentence, start: int, end: int, year: int) -> int | None:
    """0 for the report's year, -1 for the year before, None where it is another time or a comparison.

    ``start`` is where the clause begins, ``end`` where the number stands.
    """
    state = _opening(sentence, year)
    for found in _WHEN.finditer(_without_asides(sentence.words[:end])):
        kind = found.lastgroup
        if kind == "than":
            if found.start() >= start:
                return None
        elif kind == "named":
            state = _relative(sentence, found.start(), year, state)
        elif kind == "date":
            state = state if _ends_a_year(sentence, found.start(), year) else None
        elif kind != "carry":
            state = {"now": 0, "last": -1, "part": None, "span": None}[kind or ""]
    return state


_ASIDE = re.compile("（[^（）]*）|\\([^()]*\\)")


def _without_asides(words: str) -> str:
    """The words with blanks for what stands in closed brackets: 收到20件（上年15件），办结21件."""
    return _ASIDE.sub(lambda found: "　" * len(found[0]), words) if "）" in words or ")" in words else words


_OPENS = re.compile(
    r"[^，。]{0,4}?(?:(?P<year>20\d\d)年|(?P<last>(?:上年|去年|上一年)(?!度?的?(?:结转|转|遗留|延|顺延|留存))))"
)
_STOPS = re.compile("[。！？!?]")


@lru_cache(maxsize=32)
def _opening(sentence: Sentence, year: int) -> int | None:
    """The year that the sentence before opened with: what follows goes on speaking of it."""
    before = [part for part in _STOPS.split(sentence.before) if part.strip()]
    opened = _OPENS.match(before[-1].translate(NARROW)) if before else None
    if not opened or (opened["last"] and re.search(f"本年|今年|{year}年", before[-1])):
        return 0
    return -1 if opened["last"] else {year: 0, year - 1: -1}.get(int(opened["year"]))


def _relative(sentence: Sentence, index: int, year: int, state: int | None) -> int | None:
    number = sentence.numbers.get(index)
    if number is None:
        return state
    if re.search(r"(?:结转|顺延|延续|转)(?:至|到|入)?\Z", sentence.words[:index]):
        return state
    return {year: 0, year - 1: -1}.get(int(number.value))


def _ends_a_year(sentence: Sentence, index: int, year: int) -> bool:
    """True for the first and last day of the report's year."""
    number = sentence.numbers.get(index)
    if number is None:
        return True
    typed = sentence.paragraph.text[number.start : number.end]
    found = _MONTH.search(typed)
    if not found or (number.value and number.value != year):
        return False
    month, day = int(found[1]), found[2]
    return (month, int(day)) in _WHOLE_YEAR if day else month in (1, 12)


_CARRIED_FROM = re.compile(f"Ｙ(?=度?的?{LATE}(?!至|到|Ｙ|下|次年|明年))")


def carried_in_time(sentence: Sentence, start: int, end: int, year: int) -> bool:
    """True unless the words between two indices name another year to carry from than the one before."""
    named = (found.start() for found in _CARRIED_FROM.finditer(sentence.words, start, end))
    return all(at in sentence.numbers and sentence.numbers[at].value == year - 1 for at in named)


def ours(prefix: str, report: Report) -> bool:
    """True if the words before a phrase name nobody and nothing else than this organ as a whole."""
    return bool(whose(prefix, report))


def whose(prefix: str, report: Report) -> str:
    """Whom the words before a phrase name: ``own`` this organ, ``idle`` nobody; empty for all else."""
    rest = prefix
    for name in filter(None, (report.organ.name, report.organ.short)):
        before, found, after = rest.partition(name)
        # 某市政府收到 in a report of the whole 某市 is one organ of many.
        rest = before + (_ITSELF.sub("", after) if found and not report.adds_up else after)
    named = rest != prefix or bool(_OUR.search(rest))
    rest = _IDLE.sub("", rest, count=1)
    if rest:
        short = _without_area(rest, report)
        named |= short != rest
        idle = _IDLE.match(short)
        rest = short[idle.end() :] if idle else short
    return "" if rest else "own" if named else "idle"


def _without_area(words: str, report: Report) -> str:
    """The words without 全镇, the region's name or the organ's abbreviation in front."""
    everywhere = re.match(f"全[{_local(report)}]{_EVERYWHERE}", words)
    if everywhere:
        return words[everywhere.end() :]
    if not report.adds_up or not report.organ.is_government:
        return _without_short_name(words, report.organ.name)
    region = report.organ.name.removesuffix("人民政府")
    return re.sub(f"^{re.escape(region)}{_EVERYWHERE}", "", words)


def _local(report: Report) -> str:
    """The word for the organ's whole area: 镇, 县 … for a government, never for a department."""
    organ = report.organ
    if not organ.is_government and not organ.level.startswith("街道"):
        return "＊"
    return next((area for level, area in _LOCAL.items() if organ.level.startswith(level)), "＊")


_AREA = re.compile("[省市州盟县区旗镇乡]|街道")


def _without_short_name(words: str, name: str) -> str:
    """The words without an abbreviation of the organ's name in front: 县发改局 for 某县发展和改革局."""
    at, end = 0, 0
    for index, each in enumerate(words):
        at = name.find(each, at) + 1
        if not at:
            break
        if each == name[-1] or words[: index + 1].endswith("政府"):
            end = index + 1
    end += 2 * words.startswith("本级", end) if end else 0
    areas = _AREA.findall(name)
    # 县政府 is not what a town of that county calls itself.
    strange = name.endswith("政府") and areas and areas[-1] not in words[:end]
    return words if end < _SHORTEST_NAME or strange else words[end:]
