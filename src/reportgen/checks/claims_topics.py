"""What a sentence speaks about at a place: whose figures, of which year, and of what."""

import re

from reportgen.checks.claims_phrases import STRONG
from reportgen.checks.claims_text import Sentence
from reportgen.report import Report

_TOPICS = re.compile(
    rf"(?P<requests>信访举报投诉类|行政查询事项|行政执法案卷|{STRONG}|依申请|本年新收)"
    r"|(?P<disputes>复议|诉讼|应诉|败诉|胜诉)"
    r"|(?P<others>提案|建议|议案|热线|１２３４５|留言|信箱|来信|来电|来访|信访|咨询|投诉|举报|诉求|工单|民声|民意|意见|许可|处罚|强制"
    r"|审批|执法|办件|登记|低保|救助|资助|补贴|证明|事项|项目|名额|岗位|商标|专利|仲裁|调解|检查|监测|备案|合法性审查)"
    r"|(?P<disclosure>主动公开|解读|发布|公众号|微信|微博|抖音|推送|新媒体|专栏|公示)"
    r"|(?P<soft>申请|予以公开|部分公开|不予公开|无法提供|不予处理)"
)
_WHEN = re.compile(
    r"(?P<than>(?:较之?|比|与|同|和|跟|相较于?|对比|相比)(?:于)?(?:Ｙ|上年|去年|上一年|前一?年|往年|历年)(?:度|同期)*(?:相比|的)?)"
    r"|(?P<carry>上(?:一)?(?:个)?年(?:度)?(?:的)?(?:结转|转入|转来|遗留|延转|顺延|转接|延续|留存))"
    r"|(?P<named>Ｙ)|(?P<now>本年|今年|全年|年内|当年|报告期)"
    r"|(?P<last>上年|去年|上一年|前年)|(?P<date>Ｄ)"
    r"|(?P<part>上半年|下半年|季度|Ｄ份|以来|累计至今|历年|往年|近年|五年|三年|十四五|十三五|同期|预计|计划|力争|下一步|每[年月])"
)
_WHOLE_YEAR = {(1, 1), (12, 31)}
_MONTH = re.compile(r"(\d{1,2})\s*月(?:\s*(\d{1,2})\s*日)?")

_TIME = "Ｙ|上年度?|去年|上一年度?|Ｄ[至到—－-]+Ｄ|截[至止]Ｄ(?:底)?|本年度?|今年|全年度?|年内|当年|一年来|年度|度"
_HOW = (
    "共计|累计|总计|合计|总共|一共|共|已经|已|均|全部|依法|依规|按期|按时|及时|按规定|规范|并|也|则|还|另有|另外|另|此外|同时|其中"
    "|对|将|把|在|中|含|包括|包含|加上|连同|以及|和|及|与|有|作出|做出|作|给予|的|为|是|对于|Ｅ|[《》、]"
    "|经审查|经审核|经"
)
_ABOUT = (
    "(?:依申请公开|政府信息公开申请|政府信息公开|信息公开|申请|公开)(?:工作|办理|受理|情况|方面|答复|结果|类)*"
    "|(?:办理|答复|处理|办结)?(?:结果|情况|方式)|按?(?:申请人|办理结果)(?:类型|分|看|来看)*|方面|来看|里|上"
    "|(?:按照|依据|根据|依照)(?:条例)?(?:的)?(?:规定|要求)?|因.{1,14}等(?:原因|情形)?|由于.{1,14}等(?:原因|情形)?"
)
_OURS = (
    "(?:我|本)(?:机关|单位|部门|系统|局|委|办|厅|署|镇|乡|街道|区|县|市|省|处|中心|府|旗|州)"
    "(?:政府|人民政府|办事处|办公室|委员会|机关|本级)*"
)
_IDLE = re.compile(f"(?>{_TIME}|{_HOW}|{_ABOUT}|{_OURS})*+")
_LOCAL = {"乡镇": "镇乡", "街道": "街办", "县级": "县区市旗", "市级": "市州盟", "省级": "省市区"}
_EVERYWHERE = "(?:各级)?(?:行政机关|政府机关|政府部门|政府系统|政府及部门|各?部门|各?单位|机关|系统)*"
_SHORTEST_NAME = 2


def topic(sentence: Sentence, end: int) -> str:
    """What the words before an index speak of: ``requests``, ``disputes``, ``others``, ``disclosure`` or nothing."""
    state = ""
    for found in _TOPICS.finditer(sentence.words, 0, end):
        state = _next(state, found.lastgroup or "")
    if state in ("", "soft"):
        before = _before(sentence)
        return ("requests" if state else "") if not before else _next(before, state or before)
    return state


def _next(state: str, found: str) -> str:
    """The topic after a further word; an unspecific one changes only what is no topic of its own."""
    if found == "soft":
        return "requests" if state in ("", "disclosure", "requests") else state
    return found


def _before(sentence: Sentence) -> str:
    """What the paragraph so far, the heading or the place in the report speaks of."""
    state = ""
    heading, _, key = sentence.section.partition("\n")
    for text in (heading, sentence.before):
        for found in _TOPICS.finditer(text):
            state = _next(state, found.lastgroup or "")
    return state or ("requests" if key == "requests" else "")


def when(sentence: Sentence, start: int, end: int, year: int) -> int | None:
    """0 for the report's year, -1 for the year before, None where it is another time or a comparison.

    ``start`` is where the clause begins, ``end`` where the number stands.
    """
    state: int | None = 0
    for found in _WHEN.finditer(sentence.words, 0, end):
        kind = found.lastgroup
        if kind == "than":
            if found.start() >= start:
                return None
        elif kind == "named":
            state = _relative(sentence, found.start(), year, state)
        elif kind == "date":
            state = state if _ends_a_year(sentence, found.start(), year) else None
        elif kind != "carry":
            state = {"now": 0, "last": -1, "part": None}[kind or ""]
    return state


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


def ours(prefix: str, report: Report) -> bool:
    """True if the words before a phrase name nobody and nothing else than this organ's requests as a whole."""
    rest = prefix
    for name in (report.organ.name, report.organ.short):
        rest = rest.replace(name, "", 1)
    rest = _IDLE.sub("", rest, count=1)
    if not rest:
        return True
    everywhere = re.match(f"全[{_local(report)}]{_EVERYWHERE}", rest)
    if everywhere:
        rest = rest[everywhere.end() :]
    elif report.organ.scope == "本机关" or not report.organ.is_government:
        rest = _without_short_name(rest, report.organ.name)
    else:
        region = report.organ.name.removesuffix("人民政府")
        rest = re.sub(f"^{re.escape(region)}{_EVERYWHERE}", "", rest)
    idle = _IDLE.match(rest)
    return bool(idle) and idle.end() == len(rest) if idle else False


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
    areas = _AREA.findall(name)
    # 县政府 is not what a town of that county calls itself.
    strange = name.endswith("政府") and areas and areas[-1] not in words[:end]
    return words if end < _SHORTEST_NAME or strange else words[end:]
