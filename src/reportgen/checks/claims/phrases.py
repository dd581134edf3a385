"""The phrases that speak of cells: what is written, and which cells it means.

One row a phrase. A pattern reads a sentence of :mod:`reportgen.checks.claims.text`; the first row that
fits at a place wins, so longer phrases stand before the shorter ones that they contain. Here stand the
concepts; what only a form knows, its reasons and its applicants, follows from its rows and columns.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from reportgen.model.form import Column, Form, Row


class Phrase(NamedTuple):
    """A phrase.

    Attributes:
        key: its name, one word.
        code: the rule that compares it.
        family: ``request``, ``result``, ``applicant``, ``dispute`` or ``outcome``.
        pattern: how it is written.
        rows: the rows whose figures it adds up, ``deny_*`` for all that begin so; several choices where
            offices count in more than one way.
        columns: the columns that it adds up.
        has_object: if whose and what, :data:`OF`, belongs to it where it stands behind: 受理公民的申请.
    """

    key: str
    code: str
    family: str
    pattern: str
    rows: tuple[tuple[str, ...], ...] = ()
    columns: tuple[str, ...] = ("total",)
    has_object: bool = False


_WHOSE = (
    "(?:(?:各类|公众|群众|社会公众|公民个人|公民[、，]?法人(?:和|或|及|以及|或者|与)?其他组织|申请人|当事人)?"
    "(?:提出|提交|递交|提起|[对向]我?(?:[局镇办委厅县市省区]|街道|机关|单位)(?:政府|机关)?|关于|有关|涉及|的)*)"
)
STRONG = (
    "(?:(?:政府|政务)?信息(?:依申请)?公开(?:类)?(?:的)?申请|依申请(?:政府)?(?:信息)?公开(?:政府信息|信息)?(?:的)?(?:申请)?"
    "|政府信息依申请公开(?:申请)?|申请(?:信息)?公开(?:政府)?(?:信息)?|公开(?:政府)?信息(?:的)?申请)"
)
"""What an application for information is called where nothing else can be meant."""

_TAIL = "(?:件|表|案件|事项|数量|总量|总数|数|量)*"
OBJECT = f"(?:{STRONG}|申请){_TAIL}"
_ASKED = (
    "(?:(?:政府|政务)?信息(?:依申请)?公开(?:类)?(?:的)?申请|依申请(?:信息)?公开(?:政府信息|信息)?(?:的)?申请"
    f"|公开(?:政府)?信息(?:的)?申请){_TAIL}|依申请(?:信息)?公开(?:件|案件|事项)"
)
"""Applications counted without a verb. 依申请公开信息5条 is none: so may be called what was given out."""

OF = f"(?:了|的|到)*{_WHOSE}(?:{OBJECT})?"
"""Whose and what, or nothing. Apart from the phrases, because many end so and each would compile it anew."""
LATE = "(?:结转|转入|转来|遗留|延转|顺延|转接|延续|留存)"
_LAST = "上(?:一)?(?:个)?年(?:度)?"
CARRIED = f"(?:{_LAST}(?:的)?{LATE}|Ｙ(?:度)?(?:的)?{LATE}(?!至|到|Ｙ|下|次年|明年)|{LATE}(?:自|的)?{_LAST})"
"""What came over from the year before; a year named here must be that one."""
_NEXT = "(?:下(?:一)?(?:个)?年(?:度)?|次年|明年|Ｙ)"
_GOES = (
    f"(?:结转|顺延|延续|延至|延期|留待|流转|转)(?:至|到|入|由|于)?{_NEXT}(?:度)?"
    "(?:继续)?(?:办理|答复|处理|办结)?"
)

_NEW = ("new",)
_BOTH = ("new", "carry_in")

_BEFORE_ROWS = (
    Phrase(
        "carried",
        "N02",
        "request",
        f"{CARRIED}(?:的)?(?:至|到|来|下来)?(?:本年度?|今年)?(?:继续)?(?:办理|答复|处理)?",
        (("carry_in",),),
        has_object=True,
    ),
    Phrase("goes_on", "N04", "request", _GOES, (("carry_out",),), has_object=True),
    Phrase(
        "new",
        "N01",
        "request",
        "(?:本年度?|今年|当年|全年|年内)?新(?:收到?|受理|接收|增)",
        (_NEW,),
        has_object=True,
    ),
    Phrase(
        "handled",
        "N03",
        "request",
        f"(?:(?:受理|收到|接收)(?:并|、|和|及)(?:办结|答复|办理|回复|处理)|办理|处理|回复)(?:了|的)*{_WHOSE}{OBJECT}",
        (("total",), _NEW, _BOTH),
    ),
    Phrase(
        "done",
        "N03",
        "request",
        "(?:办结(?:并|、)?答复|答复办结|办理答复|办理并答复|作出答复|办理完毕|办结|办复|答复)",
        (("total",),),
        has_object=True,
    ),
    Phrase(
        "received",
        "N01",
        "request",
        f"(?:收到(?:和|并|、)受理|受理|收到|收办|接收|接到|收悉|收件)|{STRONG}(?:共|共计|累计|合计|总计)?(?:收到|受理|收办|接收)(?:数量|数)?",
        (_NEW, _BOTH),
        has_object=True,
    ),
    Phrase(
        "openings",
        "N05",
        "result",
        "(?:予以|同意)?(?:全部)?公开(?:及|和|与|或|或者|以及)(?:予以)?部分公开|予以全部(?:或|和|及)部分公开",
        (("open", "partial"),),
    ),
    Phrase("partial", "N05", "result", "(?:予以|同意)?部分公开", (("partial",),)),
    Phrase("deny", "N06", "result", "不予公开|不同意公开|不公开", (("deny_*",),)),
    Phrase(
        "open",
        "N05",
        "result",
        "(?:予以|同意|准予|决定|给予)(?:全部)?公开|(?:全部|完全|全文)公开",
        (("open",),),
    ),
    Phrase("unable", "N06", "result", "无法提供", (("unable_*",),)),
    Phrase("refuse", "N06", "result", "不予处理", (("refuse_*",),)),
    Phrase("other", "N06", "result", "其他处理", (("other_*",),)),
)
"""Phrases of concepts that every form has; rows of its own are told by longer phrases behind them."""

_BEHIND_ROWS = (
    Phrase(
        "cases",
        "N09",
        "dispute",
        "(?:行政)?复议(?:案件)?(?:、|和|与|及|或|以及|或者)(?:行政)?(?:诉讼|应诉)(?:案件)?",
        (("review", "direct_suit", "suit_after_review"),),
    ),
    Phrase(
        "suit_after_review",
        "N09",
        "dispute",
        "(?:经)?(?:行政)?复议后(?:又)?(?:起诉|(?:提起)?(?:行政)?诉讼)(?:案件)?",
        (("suit_after_review",),),
    ),
    Phrase(
        "direct_suit",
        "N09",
        "dispute",
        "未经(?:行政)?复议(?:而|即)?(?:直接起诉|直接提起(?:行政)?诉讼|(?:提起)?(?:行政)?诉讼)(?:案件)?|直接起诉(?:案件)?",
        (("direct_suit",),),
    ),
    Phrase("review", "N09", "dispute", "(?:行政)?复议(?:案件|申请|案)*", (("review",),)),
    Phrase(
        "suits",
        "N09",
        "dispute",
        "(?:行政)?(?:诉讼|应诉)(?:案件|案)*",
        (("direct_suit", "suit_after_review"),),
    ),
    Phrase(
        "upheld",
        "N10",
        "outcome",
        "(?:结果|予以|被|判决|决定|裁定)?维持(?:原行政行为|原行为)?(?:结果)?",
        (),
        ("upheld",),
    ),
    Phrase(
        "corrected",
        "N10",
        "outcome",
        "(?:结果|予以|被|判决|决定)?(?:纠正|纠错)|被撤销|败诉",
        (),
        ("corrected",),
    ),
    Phrase("otherwise", "N10", "outcome", "其他结果", (), ("otherwise",)),
    Phrase(
        "pending",
        "N10",
        "outcome",
        "(?:尚未|尚在|正在)(?:审结|审理|办结)(?:中|之中)?|未审结",
        (),
        ("pending",),
    ),
    Phrase("asked", "N01", "request", _ASKED, (_NEW, _BOTH)),
    Phrase("object", "N01", "request", f"{STRONG}{_TAIL}|申请(?!人|公开){_TAIL}"),
)


CONCEPTS = {phrase.key: phrase for phrase in (*_BEFORE_ROWS, *_BEHIND_ROWS)}
"""The phrases that are the same for every form."""

_ORGANISATIONS = "法人(?:和|或|及|以及|或者|与|、)(?:者)?其他组织"
_NUMBERING = re.compile(r"(?:[（(][一二三四五六七八九十\d]+[)）]|[一二三四五六七八九十\d]+[.、．])")
_UNSAID = re.compile(r"[（(].*?[)）]|[\s\u3000\xa0“”‘’\"'「」]")
"""What sentences leave out, and what a sentence that is to be read has lost."""
_TELL_NOTHING = ("other", "total")


@lru_cache(maxsize=8)
def phrases_of(form: Form) -> Mapping[str, Phrase]:
    """The phrases that speak of a form's cells, by key, in the order in which they are tried."""
    blocks = [block for table in form.tables if table.key == "requests" for block in table.blocks]
    rows = [row for block in blocks for row in block.rows if row.said != "" and not _is_concept(row)]
    columns = [column for block in blocks for column in block.columns]
    own = (*map(_of_row, rows), *_applicants(columns))
    return {phrase.key: phrase for phrase in (*_BEFORE_ROWS, *own, *_BEHIND_ROWS)}


def _is_concept(row: Row) -> bool:
    """True for a row of which a phrase of all forms speaks: 予以公开, 其他处理 where it is one row."""
    meant = {each for phrase in CONCEPTS.values() for rows in phrase.rows for each in rows}
    return row.key in meant or f"{row.key}_*" in meant


def _of_row(row: Row) -> Phrase:
    pattern = row.said or _as_said(row.path[-1])
    return Phrase(_free(row.key), "N06", "result", pattern, ((row.key,),))


def _free(key: str) -> str:
    """The name of a phrase for a row or column of this key, which no concept has."""
    return f"{key}_itself" if key in CONCEPTS else key


def _as_said(label: str) -> str:
    return re.escape(_UNSAID.sub("", _NUMBERING.sub("", label, count=1)))


def _applicants(columns: Sequence[Column]) -> Iterator[Phrase]:
    """Who asked: each column by its label, and those under a common head of their own together."""
    depth = min((len(column.path) for column in columns), default=0)
    inner = tuple(column.key for column in columns if len(column.path) > depth)
    if inner:
        yield _applicant("organisations", _ORGANISATIONS, inner)
    for column in columns:
        if column.key not in _TELL_NOTHING:
            yield _applicant(_free(column.key), _as_said(column.path[-1]), (column.key,))


def _applicant(key: str, pattern: str, columns: tuple[str, ...]) -> Phrase:
    return Phrase(key, "N07", "applicant", pattern, (_NEW, _BOTH), columns, has_object=True)
