"""What a changed figure is, and why nobody could have seen the change."""

from decimal import Decimal

from generating.changes import Change
from generating.due_words import accepted_for
from generating.made import Made
from reportgen.model.form import CellKey

_DOCUMENTS = ("regulations", "normative")
_HALF_STEP = Decimal("0.05")

SUBJECTS = {
    "documents": "表二：规章、规范性文件",
    "acts": "表二：许可、处罚、强制、收费、采购",
    "requests": "表三：各类申请人",
    "requests total": "表三：总计（写出的）",
    "disputes": "表四：各种结果",
    "disputes total": "表四：总计（写出的）",
    "said received": "正文：收件数、结转数",
    "said applicants": "正文：申请人的件数",
    "said results": "正文：办理结果的件数",
    "said disputes": "正文：复议、诉讼的件数",
    "said acts": "正文：文件、许可、处罚、收费的数",
    "share": "正文：占比",
    "change": "正文：与上年相比的增减",
    "last": "正文：上年的数",
    "list": "正文：总数和分项",
    "fees": "信息处理费",
    "period": "前言：统计期限、文号",
    "loose": "正文：与三张表无关的数",
}
"""What was changed → how the page names it."""

REASONS = {
    "notices": "收费通知的件数，规则只问有没有发出，不和表三核对（发出的可以比逾期未缴的多）",
    "loose": "数不在三张表里（会议、培训、热线、满意率、年份、日期），年报里没有别的数可以和它核对",
    "open list": "列举后面有“等”，分项之和可以少于总数，改后没有超过总数",
    "basis": "改成的数是另一种口径的正确数（本年新收，或者加上年结转；制发、公开或现行有效）",
    "no last": "说的是上年的数，或与上年的比较，而上年的年报没有给出",
    "rounding": "百分比只差在四舍五入以内（0.05 个百分点），或者正好是占另一个总数的比例",
    "fees alone": "信息处理费只在一处写，改后仍合规（金额是 10 元的倍数，件数、金额同为 0 或同不为 0）",
    "acts alone": "表二的决定数量、项目数量、金额没有合计，正文也没有说到",
    "documents alone": "表二的文件件数没有合计，正文没有说到，上年的年报没有给出，改后仍说得通",
    "disputes alone": "表四的总计没有写（由程序相加），正文没有说到，改后仍处处相符",
}
"""Why a change is not caught: no rule of the catalogue can know → how the page tells it."""


def subject_of(report: Made, change: Change) -> str:
    """What was changed, a key of SUBJECTS."""
    spot = change.spot
    row, _, column = spot.name.partition(".")
    if spot.is_cell:
        table = report.facts.form.index[CellKey(row, column)][0].key
        if table == "disclosure":
            return "documents" if row in _DOCUMENTS else "acts"
        return f"{table} total" if column == "total" else table
    if spot.kind in ("table", "published"):
        return f"said {_said(row, column)}"
    return _OTHERWISE.get(spot.kind, spot.kind)


_OTHERWISE = {"difference": "change", "notice": "period", "organ": "list", "notices": "fees"}


def _said(row: str, column: str) -> str:
    if row in ("new", "both", "carry_in", "carry_out"):
        return "applicants" if column else "received"
    if row in ("review", "direct_suit", "suit_after_review", "suits", "cases"):
        return "disputes"
    return "acts" if column else "results"


def reason_for(report: Made, change: Change) -> str:
    """Why no rule can catch the change, a key of REASONS; empty where one should have."""
    spot = change.spot
    if spot.is_cell:
        return _of_cell(report, change)
    if spot.kind in ("loose", "notices"):
        return spot.kind
    if spot.name.startswith("open "):
        return "open list"
    if spot.kind in ("last", "difference", "change") and not report.last:
        return "no last"
    if spot.kind in ("share", "change"):
        return "rounding" if _rounds(report, change) else ""
    if spot.kind == "fees":
        return "fees alone" if _fees_stand(report, change) else ""
    told = spot.kind in ("table", "published")
    return "basis" if told and change.new in accepted_for(spot, report.facts.values) else ""


def _rounds(report: Made, change: Change) -> bool:
    """True if the percentage still comes from figures of the report."""
    values, last = report.facts.values, report.facts.last
    hundred = Decimal(100)
    if change.spot.kind == "change":
        now, before = values[change.spot.name], last[change.spot.name]
        true = {abs(now - before) * hundred / before}
    else:
        part = values[change.spot.name.partition("/")[0]]
        near = (spot for spot in report.spots if spot.line == change.spot.line and spot.kind == "table")
        wholes = {values[name] for name in ("new", "both", "total", *(spot.name for spot in near))}
        true = {part * hundred / whole for whole in wholes if whole}
    step = Decimal(1).scaleb(int(change.new.as_tuple().exponent)) / 2
    return any(abs(each - change.new) <= max(_HALF_STEP, step) for each in true)


def _fees_stand(report: Made, change: Change) -> bool:
    """True if pieces and money are told only once, and could be so."""
    told = [spot for spot in report.spots if spot.kind == "fees" and spot.name == change.spot.name]
    said = dict(zip(("pieces", "money"), map(Decimal, report.facts.fees), strict=True))
    said[change.spot.name] = change.new
    sound = said["money"] % 10 == 0 and bool(said["pieces"]) == bool(said["money"])
    return len(told) == 1 and sound


def _of_cell(report: Made, change: Change) -> str:
    row, _, column = change.spot.name.partition(".")
    subject = subject_of(report, change)
    told = [spot for spot in report.spots if spot.kind in ("table", "published")]
    said = [spot for spot in told if _speaks(spot.name, row, column)]
    after = {**report.facts.values, change.spot.name: change.new}
    if any(report.facts.values[spot.name] not in accepted_for(spot, after) for spot in said):
        return ""
    if said and subject == "documents":
        return "basis"
    if said:
        return ""
    typed = {spot.name for spot in report.spots if spot.is_cell}
    if subject == "disputes" and f"{row}.total" not in typed:
        return "disputes alone"
    follows = bool(report.last) and row in _DOCUMENTS and report.facts.year > report.facts.form.since
    follows &= column in ("made", "repealed", "in_force")
    return {"acts": "acts alone", "documents": "" if follows else "documents alone"}.get(subject, "")


def _speaks(name: str, row: str, column: str) -> bool:
    """True if a sentence's count of this name counts this cell."""
    said, _, part = name.partition(".")
    cases = {
        "suits": ("direct_suit", "suit_after_review"),
        "cases": ("review", "direct_suit", "suit_after_review"),
    }
    return row in cases.get(said, (said,)) and part in ("", column)
