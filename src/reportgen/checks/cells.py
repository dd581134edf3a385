"""What may stand in a data cell."""

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from reportgen.advice import in_clerks_file
from reportgen.checks.contract import NOTICE, YEARS, Context, Fault, remarked, rule
from reportgen.chinese.numerals import NONE_SIGNS, NONE_WORDS
from reportgen.model.form import CellKey, Column
from reportgen.model.keys import MORE_ITEMS
from reportgen.model.report import Figure, Report
from reportgen.problems import Ground, Level

_NOTHING = NONE_SIGNS | NONE_WORDS

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_BASIS = "国务院办公厅年报格式"

_MOST = {"乡镇政府": Decimal(10_000), "街道办事处": Decimal(10_000)}
_MOST_ELSEWHERE = Decimal(1_000_000)
_HIGH_LEVELS = frozenset({"国务院部门", "省级政府", "省级部门"})


def _odd(report: Report) -> Iterator[tuple[CellKey, Figure, Column]]:
    """The cells in which somebody wrote something other than plain digits."""
    for key, figure in report.odd:
        yield key, figure, report.form.index[key][2]


def _has_words(figure: Figure) -> bool:
    """True if the cell holds a number and something that belongs to no number."""
    found = _NUMBER.match(figure.text)
    return bool(found) and found.end() < len(figure.text) if found else False


def _has_unit(figure: Figure) -> bool:
    """True if somebody typed a unit behind the number, which is printed without it: ``12件``."""
    typed = figure.raw.strip()
    return figure.number is not None and not _has_words(figure) and bool(typed) and not typed[-1].isdigit()


@rule(
    "C01",
    Level.ERROR,
    Ground.BLANKS,
    title="格子没有填",
    what="表里的每一格都要有数。",
    why="空着的格子看不出是没有发生，还是忘了填。",
    basis=_BASIS,
    fix="没有发生的填 0；忘了填的补上。",
)
def blank_cell(report: Report, _context: Context) -> Iterator[Fault]:
    """A cell that somebody left empty."""
    for key, figure in report.typed:
        if not figure.text:
            yield Fault(f"“{report.form.label(key)}”空着，没有填数。", (key,), expected="一个数，没有就写 0")


@rule(
    "C02",
    Level.ERROR,
    Ground.BLANKS,
    title="用符号或文字代替 0",
    what="没有数的格子填 0，不用“/”“-”“—”“无”或字母 O 代替。",
    why="符号不能参加合计，读者也要猜它的意思。",
    basis=_BASIS,
    fix="改成 0。",
)
def sign_for_zero(report: Report, _context: Context) -> Iterator[Fault]:
    """A word or a sign where a 0 belongs."""
    for key, figure, _ in _odd(report):
        if figure.text in _NOTHING:
            yield Fault(f"“{report.form.label(key)}”用“{figure.text}”代替了 0。", (key,), "0", figure.text)


@rule(
    "C03",
    Level.ERROR,
    Ground.FORM,
    title="不是大于或等于 0 的数",
    what="件数、项数、金额都是大于或等于 0 的数；只有“本年增/减”可以是负数。",
    why="件数不会是负数；不是数的内容不能参加合计。",
    basis=_BASIS,
    fix="改成台账上的数，用阿拉伯数字写。",
)
def no_count(report: Report, _context: Context) -> Iterator[Fault]:
    """A negative number, or no number at all."""
    for key, figure, column in _odd(report):
        name = report.form.label(key)
        if figure.value < 0 and column.kind != "change":
            yield Fault(f"“{name}”是负数。", (key,), "0 或更大的数", figure.text)
        elif _is_no_number(figure):
            yield Fault(f"“{name}”写的不是数。", (key,), "一个数", figure.text)


def _is_no_number(figure: Figure) -> bool:
    """True for what is none by its words; digits that are too many are told by the reading."""
    other = figure.text in _NOTHING or _has_words(figure) or figure.text.isdigit()
    return figure.number is None and not other


@rule(
    "C04",
    Level.WARNING,
    Ground.FORM,
    title="数字后面带了单位或文字",
    what="格子里只写数，单位和说明不写在数里。",
    why="表头已经印了单位；带文字的格子不能参加合计，也不便比较。",
    basis=_BASIS,
    fix="去掉单位；需要说明的写成备注" + remarked("其中修订16件"),
)
def words_in_cell(report: Report, _context: Context) -> Iterator[Fault]:
    """A number with words behind it; an error where no number could be taken from it (3万).

    Columns for which the form prints no unit must say it themselves: there words are right.
    """
    for key, figure, column in _odd(report):
        unit = _has_unit(figure)
        found = _NUMBER.match(figure.text) if unit or _has_words(figure) else None
        if figure.number is not None and not column.unit:
            continue
        if found:
            yield Fault(
                f"“{report.form.label(key)}”的数字带了单位或文字。",
                (key,),
                found[0],
                figure.raw.strip() if unit else figure.text,
                level=Level.ERROR if figure.number is None else None,
            )


@rule(
    "C05",
    Level.WARNING,
    Ground.PLAUSIBILITY,
    title="收费金额可能把元当成了万元",
    what="以万元为单位的金额，乡镇、街道超过 10000 万元，省以下其他单位超过 1000000 万元的，要核对单位。",
    why="这一格的单位是万元，按元填写会大一万倍。",
    basis="国办公开办函〔2021〕30号：本年收费金额（单位：万元）",
    fix="按万元填写；确实有这么多的，不用改。",
)
def yuan_for_wan(report: Report, _context: Context) -> Iterator[Fault]:
    """An amount so large for the organ's level that it was probably entered in 元."""
    level = report.organ.level
    if level in _HIGH_LEVELS:
        return
    for key, figure in report.typed:
        column = report.form.index[key][2]
        if column.unit == "万元" and figure.value > _MOST.get(level, _MOST_ELSEWHERE):
            yield Fault(
                f"“{report.form.label(key)}”为 {figure.text} 万元，对{level}来说太大，可能是按元填写的。",
                (key,),
                f"如果是元，应写 {_in_myriads(figure.value)}（万元）",
                f"{figure.text} 万元",
            )


def _in_myriads(yuan: Decimal) -> str:
    """An amount in 万元 as clerks write it: rounded to hundredths, without idle zeros."""
    return f"{(yuan / 10_000).quantize(Decimal('0.01'), ROUND_HALF_UP).normalize():f}"


@rule(
    "C06",
    Level.NOTE,
    Ground.FORM,
    title="数字用了全角、分隔符或空格",
    what="数字用半角阿拉伯数字，中间不加逗号和空格。",
    why="印出来的数字要一致，网上的表格要能复制到别处计算。",
    basis="GB/T 15835—2011《出版物上数字用法》",
    fix="不用改，已经按半角数字处理；核对一下是不是这个数。",
)
def number_set_right(report: Report, _context: Context) -> Iterator[Fault]:
    """A number that was typed with full-width digits, separators or blanks."""
    for key, figure, _ in _odd(report):
        if figure.number is not None and figure.raw and figure.raw.strip() != figure.text:
            if _has_words(figure) or _has_unit(figure):
                continue
            message = f"“{report.form.label(key)}”写作“{figure.raw.strip()}”，按 {figure.text} 处理。"
            yield Fault(message, (key,), figure.text, figure.raw.strip())


@rule(
    "C07",
    Level.ERROR,
    Ground.FORM,
    title="件数带小数",
    what="件数和项数是整数；只有金额可以带小数。",
    why="申请、案件、文件都按件计算，没有半件。",
    basis=_BASIS,
    fix="改成整数；如果填的是金额，看看是不是填错了格。",
)
def part_of_a_piece(report: Report, _context: Context) -> Iterator[Fault]:
    """A decimal where pieces are counted."""
    for key, figure, column in _odd(report):
        if column.kind != "amount" and figure.number is not None and "." in figure.text:
            yield Fault(f"“{report.form.label(key)}”是件数，不能带小数。", (key,), "整数", figure.text)


# ── tables of another year's form ─────────────────────────────────────────────────────────────────────


@rule(
    "X01",
    Level.ERROR,
    Ground.FORM,
    title="表格是另一个年度的格式",
    what=f"{YEARS}用{NOTICE}的格式。",
    why="两种格式的行和列不同，用错了格式，数就填不到应有的地方。",
    basis=NOTICE,
    fix="换成本年度的格式重新填表；读出的数只是两种格式都有的那些。",
)
def other_form(report: Report, _context: Context) -> Iterator[Fault]:
    """Tables whose labels are those of another year's form."""
    own = report.layout.basis
    if own is not None and own.text != report.form.basis:
        message = f"{report.year}年度的年报用了{own.text}的表格，应当用{report.form.basis}的格式。"
        yield Fault(message, ("year",), report.form.basis, own.text, places=(own.place,))


# ── row labels that a document prints otherwise than the form ─────────────────────────────────────────

_SIGNS = re.compile(r"[\s、，。．.,:：;；()（）“”\"'‘’《》〈〉·\-—/]+")


@rule(
    "X20",
    Level.ERROR,
    Ground.FORM,
    title="表格的行名与规定的格式不同",
    what="表格每一行的名称与国务院办公厅的格式逐字相同；年报文件的“原文”里只有标点不同的，作为说明列出，"
    "读进来的文件里只有标点、空白不同的，当作相同。表头的列名不同的，读文件时就指出（R15）。",
    why="格式是全国统一的，改了行名，各机关的数就不能汇总和比较。",
    basis=NOTICE,
    fix="改成规定的行名，再核对这一行的数是不是按规定的含义统计的。",
    in_file=in_clerks_file(
        "在 YAML 里删去“原文”的这个行名，就按规定的印。",
        f"在工作表“{MORE_ITEMS}”里删去“原文 | 行名”的这一行，就按规定的印。",
        "在页面下方的“原文”里删去这个行名（在“原文”一项的下面），就按规定的印。",
    ),
)
def changed_label(report: Report, _context: Context) -> Iterator[Fault]:
    """A row whose label has other words (an error), or only other signs (a note)."""
    for key, own in report.labels.items():
        for row, first in _labelled_rows(report, key):
            right = row[-1] if row else ""
            same = _SIGNS.sub("", own.text) == _SIGNS.sub("", right)
            yield Fault(
                f"行名“{own.text}”与规定的格式{'只有标点不同' if same else '不同'}。",
                (first,),
                right,
                own.text,
                places=(own.place,),
                level=Level.NOTE if same else None,
            )


def _labelled_rows(report: Report, key: str) -> Iterator[tuple[tuple[str, ...], CellKey]]:
    """The printed path and first cell of the row with this key."""
    for table in report.form.tables:
        for block in table.blocks:
            for row in block.rows:
                if row.key == key:
                    yield row.path, CellKey(key, block.columns[0].key)
