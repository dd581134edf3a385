"""What offices write in a ledger: heads of columns, kinds of applicants, results of applications, days."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache

from reportgen.model.form import Form, Row, Table
from reportgen.model.keys import plain

NEW, CARRIED_IN, CARRIED_OUT, DONE, TOTAL = "new", "carry_in", "carry_out", "total", "total"
"""Rows of table three beside the results: received, from last year, to next year, all results; and the column
of totals. Source: 国办公开办函〔2019〕60号, 国办公开办函〔2021〕30号."""
TABLE_ROWS = (NEW, CARRIED_IN, DONE, CARRIED_OUT)

KIND, RECEIVED, RESULT, ANSWERED = "申请人类型", "收到日期", "办理结果", "答复日期"
HEADS: Mapping[str, tuple[str, ...]] = {
    KIND: (
        *("申请人类型", "申请人类别", "申请人性质", "申请人身份", "申请人种类", "申请人情况"),
        *("申请主体类型", "申请主体类别", "申请主体", "主体类型", "申请人属性", "申请者类型"),
    ),
    RECEIVED: (
        *("收到日期", "收到时间", "收到申请日期", "收到申请时间", "收件日期", "收件时间", "收到申请的日期"),
        *("接收日期", "接收时间", "受理日期", "受理时间", "登记日期", "登记时间", "来件日期", "来件时间"),
        *("申请日期", "申请时间", "提交日期", "提交时间"),
    ),
    RESULT: (
        *("办理结果", "答复结果", "处理结果", "答复类型", "答复类别", "答复种类", "答复情况", "办理情况"),
        *("处理情况", "答复方式", "办理类型", "结果"),
    ),
    ANSWERED: (
        *("答复日期", "答复时间", "办结日期", "办结时间", "回复日期", "回复时间", "答复书日期", "办理日期"),
        *("办理时间", "完成日期", "完成时间", "出具答复日期"),
    ),
}
"""The columns that are needed, by the first of their heads; the others may stand in its place."""

_KINDS: Mapping[str, str] = {
    "person": "自然人 公民 个人 公民个人 自然人个人",
    "business": "商业企业 企业 公司 企业法人 商业公司",
    "research": "科研机构 科研单位 科研院所 科研",
    "nonprofit": "社会公益组织 公益组织 社会组织 公益机构 社会团体",
    "legal": "法律服务机构 律师事务所 律所 法律机构 法律服务组织",
    "other": "其他 其它 其他组织 其他法人 其他法人或组织",
}
_RESULTS: Mapping[str, str] = {
    "open": (
        "公开 同意公开 全部公开 全部予以公开 已公开 已主动公开 告知获取方式 已主动公开告知获取方式 予以提供"
    ),
    "partial": "部分公开 区分处理 部分予以公开 区分处理后公开",
    "deny_1": "国家秘密 涉密 涉及国家秘密",
    "deny_2": "法律法规禁止公开 法律行政法规禁止公开 法律、行政法规禁止公开",
    "deny_3": "三安全一稳定 危及三安全一稳定",
    "deny_4": "第三方合法权益 第三方权益 商业秘密 个人隐私 涉及第三方 损害第三方合法权益",
    "deny_5": "内部事务信息 内部事务 内部管理信息 三类内部事务信息",
    "deny_6": "过程性信息 四类过程性信息",
    "deny_7": "行政执法案卷 执法案卷 行政执法案卷信息",
    "deny_8": "行政查询事项 行政查询",
    "unable_1": (
        "不掌握 本机关不掌握 本机关不掌握信息 信息不存在 政府信息不存在 不存在 不属于本机关 不属于本机关公开 "
        "不属于本机关负责公开 不属于本行政机关负责公开 不属于本机关职责 非本机关公开"
    ),
    "unable_2": "没有现成信息 无现成信息 需要另行制作 需另行制作 需加工分析 需要加工分析",
    "unable_3": "补正后仍不明确 补正不明确 内容不明确 申请内容不明确 补正后内容不明确",
    "refuse_1": "信访举报投诉 信访 举报 投诉 信访投诉 信访类 信访举报投诉类",
    "refuse_2": "重复申请 重复",
    "refuse_3": "公开出版物 要求提供公开出版物",
    "refuse_4": "大量反复申请 反复申请 无正当理由大量反复申请",
    "refuse_5": "重新出具 确认或重新出具 要求确认或重新出具已获取信息",
    "other_1": "逾期不补正 逾期未补正 不补正 未补正 视为放弃申请 视为放弃",
    "other_2": "逾期未缴费 逾期不缴费 未缴费",
    "other_3": "其他 其它 其他处理 撤回 申请人撤回 主动撤回 撤回申请 撤销申请 申请人撤回申请 申请人主动撤回",
}
"""Row of table three → what ledgers call it beside its printed label. A form that has one row for all other
results (2019) takes those of ``other_1`` to ``other_3`` there."""
_OTHERS = ("other_1", "other_2", "other_3")
_PENDING = (
    "结转 结转下年度 结转下年度继续办理 结转下年 未办结 办理中 正在办理 在办 待答复 未答复 未到期 尚未办结 "
    "尚未答复 处理中 待办 未办理 转下年 未结"
)

_JOINTS = re.compile(r"[-—–:：·/\\|>，,;；()\[\].．]+")
_DAY = re.compile(
    r"(\d{4})(?:[-./\\]|年)(\d{1,2})(?:[-./\\]|月)(\d{1,2})[日号]?(?:[ T]?\d{1,2}[:时].*)?"
    r"|(\d{4})(\d\d)(\d\d)"
)
_SERIAL = re.compile(r"[345]\d{4}(?:\.\d+)?")
"""A day as Excel counts it, where the cell is not shown as one: 36526 is the first of 2000."""


def table_of(form: Form) -> Table | None:
    """The table of applications; None where the form has none."""
    return next(
        (table for table in form.tables if set(TABLE_ROWS) <= {row.key for _, row, _ in table.cells()}), None
    )


@lru_cache(maxsize=8)
def heads() -> Mapping[str, tuple[str, int]]:
    """Folded heads → the column that they name, and how good a name it is: 0 is the best."""
    return {plain(word): (column, rank) for column, words in HEADS.items() for rank, word in enumerate(words)}


@lru_cache(maxsize=8)
def kinds(form: Form) -> Mapping[str, str]:
    """Folded words for applicants → the key of their column."""
    table = table_of(form)
    found: dict[str, str] = {}
    for column in table.blocks[0].columns if table else ():
        if column.key != TOTAL:
            words = (column.name, column.path[-1], *_KINDS.get(column.key, "").split())
            groups = ("", *column.path[:-1], "法人或其他组织", "法人", "组织")
            found |= {_joined(group, word): column.key for group in groups for word in words}
    return found


@lru_cache(maxsize=8)
def results(form: Form) -> Mapping[str, str]:
    """Folded words for results → the key of their row. Groups stand before their rows, or not at all."""
    table = table_of(form)
    rows = {row.key: row for _, row, _ in table.cells()} if table else {}
    found: dict[str, str] = {}
    for key, words in _RESULTS.items():
        own = key if key in rows else "other" if key in _OTHERS and "other" in rows else ""
        if own:
            found |= {word: own for each in words.split() for word in _named(rows[own], each)}
    for key, row in rows.items():
        if key not in TABLE_ROWS:
            found |= {word: key for label in (row.names[-1], row.path[-1]) for word in _named(row, label)}
    return found


def groups(form: Form) -> Mapping[str, tuple[str, ...]]:
    """Folded words of groups of results, which say too little, → the rows that may be meant."""
    table = table_of(form)
    found: dict[str, tuple[str, ...]] = {}
    for _, row, column in table.cells() if table else ():
        if len(row.names) > 1 and column.key == TOTAL:
            word = plain(row.names[0])
            found[word] = (*found.get(word, ()), row.names[-1])
    return found


def _named(row: Row, word: str) -> Iterator[str]:
    yield from (_joined(group, word) for group in ("", *row.names[:-1], *row.path[:-1]))


def _joined(*words: str) -> str:
    return "".join(map(folded, words))


@lru_cache(maxsize=4096)
def folded(word: str) -> str:
    """A word without blanks, numbering and what joins a group and its row: ``不予公开—国家秘密``."""
    parts = (plain(part) for part in _JOINTS.split(plain(word)) if part)
    return "".join(parts)


def is_pending(word: str) -> bool:
    """True for nothing, and for a word that says that an application is not answered yet."""
    return not word.strip(" -—/无") or folded(word) in _pending()


@lru_cache(maxsize=1)
def _pending() -> frozenset[str]:
    return frozenset(map(folded, _PENDING.split()))


@lru_cache(maxsize=4096)
def day_of(text: str) -> tuple[date | None, str]:
    """A day as it may be written in a ledger; None, and why, where it is none."""
    bare = text.strip().translate(str.maketrans("０１２３４５６７８９．－／", "0123456789.-/"))
    bare = re.sub(r"\s*([-./年月日])\s*", r"\1", bare)
    found = _DAY.fullmatch(bare)
    if found:
        parts = [int(part) for part in found.groups() if part]
        try:
            return date(*parts), ""
        except ValueError:
            return None, "没有这一天"
    if _SERIAL.fullmatch(bare):
        return None, "是 Excel 的日期序号，请把这一列设成日期格式"
    return None, "不是日期，请写成 2025-3-4 这样"
