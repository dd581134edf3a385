"""What hypothesis draws: clerks' files whose sums all balance, and texts that nobody would file."""

from random import Random
from typing import Any

from hypothesis import strategies as st

from reportgen.model.form import Form, Table

LEVELS_WITH_REGULATIONS = ("省级政府", "市级政府", "国务院部门")

Rows = dict[tuple[str, ...], dict[str, int]]


@st.composite
def consistent_reports(draw: st.DrawFn, form: Form) -> str:
    """A clerk's YAML of this form: every sum balances, zeros and totals are left out at random."""
    level = draw(st.sampled_from(["乡镇政府", "县级部门", "市级政府", "街道办事处"]))
    dress = Random(draw(st.integers(0, 999)))  # how it is written down: quicker than drawing each choice
    year = draw(st.integers(form.since, form.since + 1))
    lines = [
        f"机关: {draw(st.sampled_from(['莱阳市穴坊镇人民政府', '某市交通运输局', '某某街道办事处']))}",
        f"级别: {level}",
        f"年度: {year}",
        f"成文日期: {year + 1}-01-{draw(st.integers(1, 31)):02}",
        "电话: 0535-7580196",
    ]
    for table in form.tables:
        rows = _ROWS[table.key](draw, table, level)
        lines += _told(dress, table, rows)
    return "\n".join([*lines, *_narrative(draw, form), ""])


def _disclosure(draw: st.DrawFn, table: Table, level: str) -> Rows:
    rows: Rows = {}
    for block in table.blocks:
        for row in block.rows:
            numbers = sorted(draw(st.lists(_COUNTS, min_size=3, max_size=3)))
            if row.key == "regulations" and level not in LEVELS_WITH_REGULATIONS:
                numbers = [0, 0, 0]
            if row.key == "procurement" and not numbers[0]:
                numbers = [0, 0, 0]
            rows[row.names] = dict(zip([column.name for column in block.columns], numbers, strict=False))
            if "本年废止件数" in rows[row.names]:
                rows[row.names]["本年废止件数"] = 0
    return rows


def _requests(draw: st.DrawFn, table: Table, _level: str) -> Rows:
    """Results first; what came in is then whatever balances them."""
    [block] = table.blocks
    by_key = {row.key: row.names for row in block.rows}
    results = next(each.right for each in block.identities if "open" in each.right)
    rows: Rows = {row.names: {} for row in block.rows}
    for column in (column.name for column in block.columns if column.key != "total"):
        busy = draw(st.dictionaries(st.sampled_from(results), _SMALL, max_size=4))
        for key in results:
            rows[by_key[key]][column] = busy.get(key, 0)
        done, left = sum(busy.values()), draw(_SMALL)
        old = draw(st.integers(0, done + left))
        ends = {"total": done, "carry_out": left, "carry_in": old, "new": done + left - old}
        for key, number in ends.items():
            rows[by_key[key]][column] = number
    return _with_totals(rows)


def _disputes(draw: st.DrawFn, table: Table, _level: str) -> Rows:
    rows: Rows = {}
    for block in table.blocks:
        names = [column.name for column in block.columns if column.key != "total"]
        rows[block.rows[0].names] = {name: draw(_SMALL) for name in names}
    return _with_totals(rows)


def _with_totals(rows: Rows) -> Rows:
    return {names: {**numbers, "总计": sum(numbers.values())} for names, numbers in rows.items()}


_COUNTS = st.one_of(st.just(0), st.integers(0, 3000))
_SMALL = st.one_of(st.just(0), st.integers(0, 40))
_ROWS = {"disclosure": _disclosure, "requests": _requests, "disputes": _disputes}


def _told(dress: Random, table: Table, rows: Rows) -> list[str]:
    """The table as a clerk may write it: zeros and totals left out or not, in braces or line by line."""
    tree: dict[str, Any] = {}
    for names, numbers in rows.items():
        told = {name: number for name, number in numbers.items() if _keeps(dress, name, names, number)}
        if told:
            group = tree
            for name in names[:-1]:
                group = group.setdefault(name, {})
            group[names[-1]] = told
    if not tree:
        return [f"{table.name}: 全部为零"]
    return [f"{table.name}:", *_lines(dress, tree, "  ")]


def _keeps(dress: Random, name: str, names: tuple[str, ...], number: int) -> bool:
    if name == "总计" or names == ("办理结果总计",):
        return dress.random() < 0.5
    return number != 0 or dress.random() < 0.1


def _lines(dress: Random, tree: dict[str, Any], indent: str) -> list[str]:
    lines: list[str] = []
    for name, value in tree.items():
        if isinstance(value, dict) and any(isinstance(part, dict) for part in value.values()):
            lines += [f"{indent}{name}:", *_lines(dress, value, indent + "  ")]
        elif dress.random() < 0.5:
            cells = [f"{indent}  {column}: {_cell(dress, number)}" for column, number in value.items()]
            lines += [f"{indent}{name}:", *cells]
        else:
            cells = [f"{column}: {_cell(dress, number)}" for column, number in value.items()]
            lines.append(f"{indent}{name}: {{{', '.join(cells)}}}")
    return lines


def _cell(dress: Random, number: int) -> str:
    if number and dress.random() < 0.05:
        return f"{{值: {number}, 注: 其中修订1件}}"
    return str(number)


def _narrative(draw: st.DrawFn, form: Form) -> list[str]:
    aspects = [
        "总体情况: |",
        "  本年度收到政府信息公开申请{{ 申请.本年新收.总计 }}件，上年结转{{ 申请.上年结转.总计 }}件。",
        "",
        "  ### （一）主动公开",
        "  **政策解读方面。**办理行政复议{{ 复议诉讼.行政复议.总计 }}件，",
        f"  {draw(_PROSE)}。",
        "",
        f"存在问题: {draw(_PROSE)}存在不足，下一步加强整改。",
        "其他事项: |",
        "  无其他需要报告的事项。",
    ]
    return [*aspects, "信息处理费: {件数: 0, 金额: 0}"] if form.asks_fee else aspects


_PROSE = st.text(alphabet="公开工作认真做好政务信息平台建设管理", min_size=4, max_size=40)

_SIGNS = "{{ }} ** ### - 1. \\ <http://a.cn> ： : | > { } [ ] ， , ' \" &a *a !!x --- @ % ` # . + ~"
_CLERKS_WORDS = (
    "申请 本年新收 自然人 年度 机关 总体情况 存在问题 2022 全部为零 依据 网站 信息处理费 原文 行名 章标题"
)
_BLANKS = [": ", "\n", "\n\n", "\n  ", "\u3000", "\t", "  ", "|\n", "\n- ", "# "]

marks = st.sampled_from([*_SIGNS.split(), *_CLERKS_WORDS.split(), *_BLANKS])
"""Pieces of clerks' files, which break things sooner than letters drawn from all of Unicode."""

scraps = st.lists(st.one_of(marks, st.text(max_size=5)), max_size=40).map("".join)
"""Texts that look like clerks' files and are none."""
