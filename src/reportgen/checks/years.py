"""Other years left standing: results that the text tells of last year, or of a year to come."""

import re
from collections.abc import Iterator

from reportgen.checks.contract import Context, Fault, place_at, rule
from reportgen.chinese.numerals import DIGITS, ZEROS, arabic
from reportgen.chinese.patterns import compiled
from reportgen.model.form import Form
from reportgen.model.prose import Paragraph
from reportgen.model.report import Report
from reportgen.problems import Ground, Level, short

_NARROW = str.maketrans("０１２３４５６７８９", "0123456789")
_WIDE = re.compile("[０-９]")
_SENTENCE = re.compile(r"[^。！？\n]+")
_RESULT = re.compile(
    r"\d[\d,.]*\s*[余多]?[件条次项份篇个期场人宗起元万%％]|收到|受理|办结|答复|(?:没有|未)(?:发生|收取|产生)|取得|仍存在|还存在"
)
_COMPARED = (
    r"比|较|同期|增[长加]|减少|下降|上升|上年|上一年|去年|结转|转结|结存|遗留|转入|针对|整改|改进|以来|起|至|自|截至|印发|修订|施行|"
    r"实施|制定的|分别|[和、]20|年初|跨年|底前|第三方|(?:收到|受理|发生|收取)过|(?<!未)曾|评估|排名|表彰|通报|获|《"
)
_YEAR = re.compile(r"([2２][0０]\d\d)年")
_OTHER_YEAR = re.compile(r"20\d\d年")
_BEGINS = (
    r"\s*(?:[（(][一二三四五六七八九十]+[)）]\s*)?(?:(?!20\d\d)[^，。；：:]{2,20}[：:]\s*)?"
    r"(?P<until>截至|截止到?)?"
    r"(?:(?![与同和比较按将在据从自对针跟把向由])[\u4e00-\u9fff]{1,14}"
    r"(?:[省市县区旗镇乡局委办厅院]|街道|中心|机关|单位|政府|办事处|我们))??"
    r"(?:在|回顾|本年度?[（(]|自(?=20\d\d年1月1日起?[至到—－-]))?"
    r"(?P<year>20\d\d)年(?:度|1月1日起?[至到—－-]+(?:20\d\d年)?12月31日|12月31日|(?<=截至20\d\d年)[年]?[底末])?"
    r"[)）]?(?P<mark>[，,]?)"
)
_OF_A_YEAR = (
    r"[^，。；]{0,12}?(?:决算|预算|年报|报告|要点|计划|方案|项目|目标|考核|季度)|之?前"
    r"|[^，。；]{0,12}?(?:收到|受理|新收|提交|提出|制发|制定|出台|启动|开展|公开|发布|受到)的|[^，。；]{0,20}年度报告"
)
"""What may rightly be named by the year before: 2022年度部门决算, 2022年收到的申请."""
_COUNT = re.compile(r"\d[\d,]*(?=\s*[件宗份起])")
_MATTER = re.compile(
    "(?P<came>(?:收到|受理|新收|接收)(?!的))|(?P<done>办结|答复|办复)|(?P<review>复议)|(?P<suit>诉讼|被诉)"
)
"""What is counted of the year, told of last year and of this one."""
_ELSEWHERE = re.compile("来信|信箱|许可|诉求|热线|提案|建议|信访|工单")
"""Other things that come in and are answered: 信箱收到群众来信708件 tells nothing of applications."""
_CHINESE_YEAR = re.compile(rf"二[{ZEROS}][{DIGITS}]{{2}}(?=年)")
_CLAUSE = re.compile(r"(?<=[，；])")
_ASIDE = re.compile(r"（(?:含|包括|其中)?上一?年度?结转[^（）]*）")
"""收到申请28件（含上年结转2件） compares nothing."""
_PROBLEMS = r"[^，。；]{0,30}存在的?(?:主要|突出|一些|以下|几个)*(?:问题|不足)(?:主要|还)*(?:有|是|为)?[：:]"
_DONE = re.compile(
    r"\d[\d,.]*\s*[余多]?[件条次项份篇个期场人宗起万]|收到|受理|办结|(?:没有|未)(?:发生|收取|产生)"
)
_PLANNED = re.compile(
    r"将|计划|打算|下一步|下步|拟|力争|预计|目标|争取|确保|规划|继续|进一步|持续|(?<![主重])要|应|重点|努力|力求|不少于|以上|左右|安排|工作要点"
)


@rule(
    "X07",
    Level.WARNING,
    Ground.PROSE,
    title="留有别的年度的年份",
    what="说本年结果的句子里没有上年或者以后的年份（如 2023 年度的年报写“2022年，共收到申请…件”"
    "“截至2022年12月31日，公开信息…条”“某某镇2022年共制定…件”“2024年，公开信息…条”）；"
    "与上年比较的、同一部分里另写了本年数的、写下一年打算的不算。",
    why="年份没有改，往往连数也是别的年度的。",
    basis="《条例》第五十条：年度报告只报告一个年度",
    fix="改成本年度，并核对这句话里的数；确是说上年情况的，写明“上年”或与本年比较。",
    by_year=True,
)
def stale_year(report: Report, _context: Context) -> Iterator[Fault]:
    """Results told of another year. Sentences that compare, look back or plan are right."""
    if all(int(year) == report.year for year in _YEAR.findall(_with_arabic_years(report.words))):
        return
    for key in _spoken(report.form):
        prose = [
            (f"{key}.{number}", paragraph, _with_arabic_years(paragraph.text))
            for number, paragraph in enumerate(report.prose.get(key, ()), 1)
        ]
        answered = key == "problems" and any(_answers(text, report.year) for _, _, text in prose)
        anew = _told_anew([text for _, _, text in prose], report.year)
        for about, paragraph, text in prose:
            if _OTHER_YEAR.search(text):
                yield from _stale(about, paragraph, report.year, answered=answered, anew=anew)


def _with_arabic_years(text: str) -> str:
    """The text with its digits in half width and its Chinese years in Arabic digits, one for one."""
    narrow = text.translate(_NARROW) if _WIDE.search(text) else text
    return _CHINESE_YEAR.sub(lambda found: arabic(found[0]), narrow) if "二" in narrow else narrow


def _spoken(form: Form) -> Iterator[str]:
    """The keys of the prose within chapters: notes under tables may speak of other years."""
    for passage in form.passages:
        if passage.chapter:
            yield from (each.key for each in (passage, *passage.within))


def _answers(text: str, year: int) -> bool:
    """True if chapter five says what was done in the year; what was planned for it is last year's text."""
    planned = rf"{year}年[，,]?[^。，；]{{0,12}}(?:将|下一步|下步|计划|拟)"
    return str(year) in text and not re.search(planned, text)


def _told_anew(texts: list[str], year: int) -> dict[str, set[str]]:
    """The matters of which these texts tell counts of the report's year, with these counts."""
    found: dict[str, set[str]] = {}
    for text in texts:
        for sentence in _SENTENCE.findall(text):
            if all(int(other) == year for other in _YEAR.findall(sentence)) and not _ELSEWHERE.search(
                sentence
            ):
                counts = set(_COUNT.findall(sentence))
                for matter in _matters(sentence) if counts else ():
                    found.setdefault(matter, set()).update(counts)
    return found


def _matters(text: str) -> set[str]:
    return {str(each.lastgroup) for each in _MATTER.finditer(text)}


def _is_told_beside(rest: str, anew: dict[str, set[str]]) -> bool:
    """True if all that is told of last year is told of this year too, in other figures: both are meant."""
    matters = _matters(rest)
    counts = set(_COUNT.findall(rest))
    return bool(matters) and all(each in anew and not counts <= anew[each] for each in matters)


def _stale(
    about: str, paragraph: Paragraph, year: int, *, answered: bool, anew: dict[str, set[str]]
) -> Iterator[Fault]:
    for sentence in _SENTENCE.finditer(_with_arabic_years(paragraph.text)):
        told = _year_told(sentence[0])
        if told is None or str(year) in sentence[0] or _goes_on(paragraph, sentence.end(), year):
            continue
        start, other, rest = told
        meant = answered or _is_told_beside(rest, anew)
        before = other == year - 1 and not meant and (_is_result(rest) or _tells_problems(about, rest))
        if before or (other > year and _is_told_early(rest)):
            place = place_at(paragraph, sentence.start() + start, 5)
            which = "可能是上年的文字没有改" if before else "不是本年报的年度"
            message = f"这句话说的是 {other} 年，{which}。"
            yield Fault(message, (about,), f"{year}年", short(sentence[0]), places=(place,))


def _year_told(sentence: str) -> tuple[int, int, str] | None:
    """Where the year begins that a sentence, or a clause of it, speaks of; that year; what is said of it.

    A clause counts where no other year and no comparison stands before it.
    """
    starts = [0, *(each.start() for each in _CLAUSE.finditer(sentence))]
    for start in starts:
        before = sentence[:start]
        if start and (_OTHER_YEAR.search(before) or compiled(_COMPARED).search(before)):
            return None
        if found := compiled(_BEGINS).match(sentence, start):
            rest = _ASIDE.sub("", sentence[found.end() :])
            simple = not start and found["year"] == sentence.lstrip()[:4]
            if (not found["mark"] and compiled(_OF_A_YEAR).match(rest)) or (
                not simple and rest[:1].isdigit()
            ):
                return None
            return found.start("year"), int(found["year"]), rest
    return None


def _goes_on(paragraph: Paragraph, end: int, year: int) -> bool:
    """True if the next sentence tells what came of the report's year: the two are compared."""
    following = _SENTENCE.search(_with_arabic_years(paragraph.text), end)
    begins = compiled(_BEGINS).match(following[0]) if following else None
    if not following or not begins or int(begins["year"]) != year:
        return False
    rest = following[0][begins.end() :]
    return bool(_DONE.search(rest)) and not _PLANNED.search(rest)


def _is_result(rest: str) -> bool:
    return bool(_RESULT.search(rest)) and not compiled(_COMPARED).search(rest)


def _tells_problems(about: str, rest: str) -> bool:
    """True for 我局工作存在的主要问题：…, where only what stands before the colon may look back."""
    found = compiled(_PROBLEMS).match(rest) if about.startswith("problems.") else None
    return bool(found) and not compiled(_COMPARED).search(found[0] if found else "")


def _is_told_early(rest: str) -> bool:
    """True for what only the year told could have given; its first weeks, with their month, are right."""
    told = _DONE.search(rest) and rest[:1] not in "0123456789初底末前"
    return bool(told) and not _PLANNED.search(rest) and not compiled(_COMPARED).search(rest)
