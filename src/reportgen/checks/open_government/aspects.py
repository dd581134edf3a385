"""Whether the chapters say what the law asks: the aspects of the first, and the last two."""

import re
from collections.abc import Iterable, Iterator

from reportgen.advice import in_clerks_file
from reportgen.checks.contract import Context, Fault, named_part, numbered_part, rule
from reportgen.model.form import Passage
from reportgen.model.keys import by_headings
from reportgen.model.prose import Paragraph
from reportgen.model.report import Report
from reportgen.problems import Ground, Level

_PROBLEM = re.compile(
    r"问题|不足|差距|薄弱|欠缺|缺乏|缺少|缺失|滞后|有待|尚待|短板|弱项|困难|单一|粗放|参差|脱节|把握不准"
    r"|不(?:够|强|高|深|全|准|严|细|实|广|熟|精|清|畅|到位|平衡|均衡|及时|规范|完善|健全|统一|匹配|适应|理想"
    r"|明显|充分|主动|丰富|专业)"
    r"|(?<!今后)[还仍尚](?:要|需|须|应|可|没|未)"
    r"|(?:较|偏|过于|还|仍)(?:为|显|是)?(?:慢|少|低|弱|窄|浅|晚|迟|粗)"
    r"|(?:答复|回复|更新|办理|反应|发布|公开)得?慢|(?:内容|信息|数量|渠道|形式|人手|栏目)少"
)
"""What is said of a lack, in the words of published chapters; one of them is enough."""
_MENDING = re.compile(
    r"改进|整改|下一步|下步|今后|将|加强|加大|完善|提升|提高|优化|强化|措施|规范|健全|深化|推进"
)
_ASKED = (
    (_PROBLEM, "存在的问题", "补上本年工作还存在的问题。"),
    (_MENDING, "改进的情况", "补上上年问题的改进情况和下一步的措施。"),
)
_FILL_OTHERS = "写上要报告的事项；没有的，写“没有其他需要报告的事项。”"
_NONE = re.compile(r"(?:无|没有)[\s。．.]*")


@rule(
    "X11",
    Level.ERROR,
    Ground.PROSE,
    title="第五、第六部分内容不全",
    what="第五部分要写存在的问题和改进的情况，第六部分不能空着。"
    "空着是错误；没有写到问题或改进，或者第六部分只写一个“无”字，是提醒。",
    why="主要问题及改进情况、其他需要报告的事项，都是年报的法定内容。",
    basis="《条例》第五十条第（四）（五）项",
    fix="第五部分补上存在的问题、上年问题的改进和下一步的措施；第六部分没有事项的，写“没有其他需要报告的事项。”",
)
def thin_chapter(report: Report, _context: Context) -> Iterator[Fault]:
    """Nothing of problems or of what is done about them, and nothing where other matters belong."""
    if "problems" in report.form.prose:
        yield from _thin_problems(report)
    others = _text(report, "others")
    if "others" in report.places and not others:
        message = f"{named_part(report.form, 'others')}没有内容。"
        yield Fault(
            message,
            ("others",),
            "没有事项的，也要写明没有",
            fix=numbered_part(report.form, "others") + _FILL_OTHERS,
            ground=Ground.BLANKS,
        )
    elif _NONE.fullmatch(others) and others and report.fees is None:
        message = f"{numbered_part(report.form, 'others')}只写了一个“无”字。"
        yield Fault(
            message,
            ("others",),
            "一句完整的话",
            others,
            numbered_part(report.form, "others") + _FILL_OTHERS,
            level=Level.WARNING,
        )


def _thin_problems(report: Report) -> Iterator[Fault]:
    text, named = _text(report, "problems"), named_part(report.form, "problems")
    part = numbered_part(report.form, "problems")
    if not text:
        fix = f"{part}补上存在的问题、上年问题的改进和下一步的措施。"
        title = report.form.chapters[report.form.prose["problems"].chapter - 1].title
        yield Fault(f"{named}没有内容。", ("problems",), title, fix=fix, ground=Ground.BLANKS)
    for pattern, name, fix in _ASKED:
        if text and not pattern.search(text):
            message = f"{part}没有写到{name}。"
            yield Fault(message, ("problems",), name, fix=part + fix, level=Level.WARNING)


def _text(report: Report, key: str) -> str:
    return "".join(paragraph.text for paragraph in report.prose.get(key, ())).strip()


# ── what chapter one must tell: the five aspects, and what a government reports of its oversight ──────

_GOVERNMENT = {
    "工作考核": r"考核|绩效|考评|测评",
    "社会评议": r"评议|社会评价|满意度|民意调查|群众评价",
    "责任追究": r"追究|追责|问责",
}
_BASIS = "国办公开办函〔2021〕30号"


def _unsaid(report: Report, text: str) -> str:
    """A text without the organ's names, whose words are no sign of anything."""
    for name in sorted({report.organ.name, report.organ.short} - {""}, key=len, reverse=True):
        text = text.replace(name, "")
    return text


def _without_stock(report: Report, prose: Iterable[Paragraph]) -> str:
    """Prose without headings and without the template's sentences that report nothing."""
    text = "\n".join(each.text for each in prose if each.kind != "heading")
    for aspect in report.form.aspects:
        text = re.sub(aspect.stock, "", text) if aspect.stock else text
    return _unsaid(report, text).strip()


@rule(
    "X09",
    Level.WARNING,
    Ground.PROSE,
    title="总体情况没有写全五个方面",
    what="第一部分整篇自己写的，要写到主动公开、依申请公开、政府信息管理、平台建设、监督保障五个方面。",
    why="第一部分按《条例》规定的职责写，不能遗漏。",
    basis=_BASIS,
    fix="补上没有写到的方面。",
    in_file=in_clerks_file("也可以按五个方面分写，没有写的由程序用模板的文字。"),
)
def aspects_left_out(report: Report, _context: Context) -> Iterator[Fault]:
    """A whole chapter one that is silent about one of the aspects."""
    text = _unsaid(report, report.words_of("overview"))
    if not text:
        return
    aspects = report.form.aspects
    lost = [each.name for each in aspects if not re.search(each.said, text)]
    if lost:
        message = f"{numbered_part(report.form, 'overview')}没有写到{'、'.join(lost)}。"
        expected = "、".join(each.name for each in aspects)
        yield Fault(message, ("overview",), expected, f"没有{'、'.join(lost)}")


@rule(
    "X10",
    Level.WARNING,
    Ground.PROSE,
    title="政府没有写工作考核、社会评议和责任追究",
    what="各级人民政府的年报要写政府信息公开工作考核、社会评议和责任追究结果的情况。",
    why="这三项是《条例》对各级人民政府的要求，没有发生的也要写明。",
    basis="《条例》第五十条第（四）项；国办公开办函〔2021〕30号",
    fix="在监督保障里补一句，例如“本年度没有发生责任追究的情况”。",
)
def oversight_left_out(report: Report, _context: Context) -> Iterator[Fault]:
    """A government's report without one of the three; that they follow the rules says of none what it was."""
    if not report.organ.is_government:
        return
    keys = (passage.key for passage in report.form.printed_prose if passage.chapter)
    text = _without_stock(report, (each for key in keys for each in report.prose.get(key, ())))
    lost = [name for name, signs in _GOVERNMENT.items() if not re.search(signs, text)]
    if lost:
        about = "oversight" if "oversight" in report.prose else "overview"
        message = f"{report.organ.level}的年报没有写到{'、'.join(lost)}。"
        yield Fault(message, (about,), "、".join(_GOVERNMENT), f"没有{'、'.join(lost)}")


@rule(
    "X24",
    Level.WARNING,
    Ground.PROSE,
    title="总体情况有的方面印的是模板的文字",
    what="主动公开、依申请公开、政府信息管理、平台建设、监督保障五个方面，每一个都写了本机关本年的情况。",
    why="模板的文字对每个机关都说得通，等于没有报告这个方面的情况。",
    basis="《条例》第五十条；国办公开办函〔2021〕30号",
    fix="逐个方面写明本机关本年做了什么；没有开展的，写明没有。",
)
def template_speaks(report: Report, _context: Context) -> Iterator[Fault]:
    """Aspects of chapter one of which the organ has reported nothing: the template speaks for it."""
    stock = [each for passage in report.form.passages for each in _in_stock(report, passage)]
    if stock:
        names = "、".join(each.name for each in stock)
        message = f"{named_part(report.form, 'overview')}没有写{names}，印的是模板的文字。"
        yield Fault(message, ("overview",), "本机关本年的情况", f"{len(stock)}个方面是模板的文字")


def _in_stock(report: Report, passage: Passage) -> Iterator[Passage]:
    """The aspects of a chapter that are not written, or only in the template's words."""
    whole = report.prose.get(passage.key, ())
    parts = by_headings(passage, whole) if whole and passage.within else {}
    for aspect in passage.within:
        if aspect.heading and not whole:
            left = not _without_stock(report, report.prose.get(aspect.key, ()))
        elif aspect.stock and aspect.key in parts:
            left = not _without_stock(report, parts[aspect.key])
        else:
            stock = aspect.stock and re.search(aspect.stock, "\n".join(each.text for each in whole))
            left = bool(stock) and not re.search(aspect.said, _without_stock(report, whole))
        if left:
            yield aspect
