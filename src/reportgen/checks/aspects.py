"""What chapter one must tell: the five aspects, and what a government reports of its oversight."""

import re
from collections.abc import Iterator

from reportgen.checks.contract import Context, Fault, rule
from reportgen.checks.pointing import numbered_part
from reportgen.model.report import Report
from reportgen.problems import Level

_GOVERNMENT = {
    "工作考核": r"考核|绩效|考评|测评",
    "社会评议": r"评议|社会评价|满意度|民意调查|群众评价",
    "责任追究": r"追究|追责|问责",
}
_BASIS = "国办公开办函〔2021〕30号"


def _chapter(report: Report) -> str:
    """Chapter one in the clerk's own words."""
    keys = (passage.key for passage in report.form.printed_prose if passage.chapter == 1)
    return "\n".join(each.text for key in keys for each in report.prose.get(key, ()))


@rule(
    "X09",
    Level.WARNING,
    title="总体情况没有写全五个方面",
    what="第一部分整篇自己写的，要写到主动公开、依申请公开、政府信息管理、平台建设、监督保障五个方面。",
    why="第一部分按《条例》规定的职责写，不能遗漏。",
    basis=_BASIS,
    fix="补上没有写到的方面。",
    in_yaml="也可以按五个方面分写，没有写的由程序用范本的文字。",
)
def aspects_left_out(report: Report, _context: Context) -> Iterator[Fault]:
    """A whole chapter one that is silent about one of the aspects."""
    text = "\n".join(each.text for each in report.prose.get("overview", ()))
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
    title="政府没有写工作考核、社会评议和责任追究",
    what="各级人民政府的年报要写政府信息公开工作考核、社会评议和责任追究结果的情况。",
    why="这三项是《条例》对各级人民政府的要求，没有发生的也要写明。",
    basis="《条例》第五十条第（四）项；国办公开办函〔2021〕30号",
    fix="在监督保障里补一句，例如“本年度没有发生责任追究的情况”。",
)
def oversight_left_out(report: Report, _context: Context) -> Iterator[Fault]:
    """A government's report without one of the three. The template's own paragraph has them all."""
    own = "overview" in report.prose or "oversight" in report.prose
    if not report.organ.is_government or not own:
        return
    text = _chapter(report) + "".join(
        each.text for key in ("problems", "others") for each in report.prose.get(key, ())
    )
    lost = [name for name, signs in _GOVERNMENT.items() if not re.search(signs, text)]
    if lost:
        about = "overview" if "overview" in report.prose else "oversight"
        message = f"{report.organ.level}的年报没有写到{'、'.join(lost)}。"
        yield Fault(message, (about,), "、".join(_GOVERNMENT), f"没有{'、'.join(lost)}")
