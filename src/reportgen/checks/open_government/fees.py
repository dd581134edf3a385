"""What is said of 信息处理费, held against its field and against itself."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from reportgen.advice import in_clerks_file
from reportgen.checks.contract import Context, Fault, numbered_part, place_at, rule
from reportgen.checks.open_government.claims.asserted import is_said
from reportgen.checks.open_government.claims.reading import understood
from reportgen.checks.open_government.claims.tokens import COUNT, Sentence
from reportgen.model.report import Report
from reportgen.problems import Ground, Level, Place

_BASIS = "国办函〔2020〕109号《政府信息公开信息处理费管理办法》"
_FEE = re.compile(
    "信息处理费|(?:依申请公开|信息公开|申请人)(?:共|实际|依法)*(?:收取(?:了|任何)?(?:费用|#)|收费)"
)
"""What the fee is called: 向申请人收取费用 and 信息公开收费 are this one, too."""
_TAKES = re.compile("收取|计收|实收|收缴|收到|收费|[产发]生")
_ASIDE = re.compile(
    "#[件宗份个][^，；]*[均都]?未|[^，；]{0,40}(?:通知|应收|应当收取|减免|免收|退还|标准|每件|每页|超过|各#)[^，；]*"
)
"""What is said of notices, of other sums than those taken, and of applications that cost nothing."""
_DENIES = re.compile(
    "(?:未|没有|无|不)(?:发生|产生|收取|有)?(?:过|任何|政府|信息公开|公开|的|收取|情况)*(?:向申请人收取)?信息处理费"
)
_NAMED = "(?:政府|信息公开|公开|的)*信息处理费"
_ASSERTS = re.compile(
    f"(?:收取|产生|发生)[了过]{_NAMED}(?=[，；]|\\Z)|有(?:收取{_NAMED}|{_NAMED}(?:的?收取))的?(?:情况|情形)"
    f"|向[^，；未没不无]{{1,12}}收取{_NAMED}(?=[，；]|\\Z)"
)
_AND_YET = re.compile("信息处理费，(?:收费|收取)?的?(?:总金额|金额|总额|共计?|合计)")
"""A denial that an amount follows: 未产生信息处理费，收费总金额为100元."""
_BRACKETS = re.compile("（[^（）]*）|其中[^；]*")
_OTHER_YEAR = re.compile("上年|去年|下一步|今后|累计")
_IN_YUAN = {"元": Decimal(1), "万元": Decimal(10_000)}
_TEN = Decimal(10)


class _Taken(NamedTuple):
    """What a sentence says was taken: the index of each number, None where it does not say."""

    sentence: Sentence
    pieces: int | None
    amount: int | None


def _taken(report: Report) -> Iterator[_Taken]:
    for sentence in understood(report)[1]:
        words = sentence.words
        if not _FEE.search(words) or _OTHER_YEAR.search(words) or not _TAKES.search(words):
            continue
        if not _of_this_year(sentence, report) or (_DENIES.search(words) and not _AND_YET.search(words)):
            continue
        aside = (*_BRACKETS.finditer(words), *_ASIDE.finditer(words))
        inside = {index for found in aside for index in range(*found.span())}
        counts = [index for index in sentence.numbers if words[index] == COUNT and index not in inside]
        pieces = [index for index in counts if sentence.numbers[index].unit in ("件", "宗", "份", "个")]
        money = [index for index in counts if sentence.numbers[index].unit in _IN_YUAN]
        if len(pieces) <= 1 and len(money) <= 1 and (pieces or money):
            yield _Taken(sentence, next(iter(pieces), None), next(iter(money), None))


def _of_this_year(sentence: Sentence, report: Report) -> bool:
    years = [number.value for number in sentence.numbers.values() if number.kind == "year"]
    return all(year == report.year for year in years)


def _value(taken: _Taken, index: int | None) -> Decimal | None:
    if index is None:
        return None
    number = taken.sentence.numbers[index]
    return number.value * _IN_YUAN.get(number.unit, Decimal(1))


@rule(
    "N14",
    Level.WARNING,
    Ground.PROSE,
    title="信息处理费的件数或金额不对",
    what="收取信息处理费的件数和金额同为 0 或同不为 0；金额是 10 元的倍数；"
    "正文写的与“信息处理费”一项相同；分项相加等于总金额。",
    why="按规定的标准，每一笔信息处理费都是 10 元的倍数；收了费，就有件数也有金额。",
    basis=_BASIS,
    fix="对照收费台账改正。",
)
def fees(report: Report, _context: Context) -> Iterator[Fault]:
    """Fees that cannot be, or that the sentences tell otherwise than the field."""
    told = list(_taken(report))
    if report.fees and "fees" in report.places:
        yield from _impossible(*report.fees, ("fees",), ())
    for taken in told:
        places = tuple(
            taken.sentence.place(index) for index in (taken.pieces, taken.amount) if index is not None
        )
        pieces, amount = _value(taken, taken.pieces), _value(taken, taken.amount)
        yield from _impossible(pieces, amount, (taken.sentence.about,), places)
        yield from _parts(taken, amount)
        yield from _otherwise(taken, (pieces, amount), places, report)
    yield from _denied(report)
    yield from _asserted(report)


def _impossible(
    pieces: Decimal | int | None, amount: Decimal | None, about: tuple[str, ...], places: tuple[Place, ...]
) -> Iterator[Fault]:
    """An amount that is no multiple of ten, or pieces without money and the other way round."""
    if amount is not None and amount % _TEN:
        found = f"{amount} 元"
        yield Fault(
            f"信息处理费 {found}，不是 10 元的倍数。", about, "10 元的倍数", found, places=places[-1:]
        )
    if pieces is not None and amount is not None and bool(pieces) != bool(amount):
        found = f"{pieces} 件，{amount} 元"
        message = f"信息处理费的件数和金额一个是 0，一个不是：{found}。"
        yield Fault(message, about, "件数和金额同为 0，或者同不为 0", found, places=places)


def _parts(taken: _Taken, amount: Decimal | None) -> Iterator[Fault]:
    """Amounts in brackets or behind 其中 that do not add up to the whole."""
    sentence = taken.sentence
    if amount is None or taken.amount is None:
        return
    parts = [
        index
        for found in _BRACKETS.finditer(sentence.words)
        for index in range(*found.span())
        if index in sentence.numbers
        and sentence.numbers[index].unit in _IN_YUAN
        and index > (taken.amount or 0)
    ]
    values = [sentence.numbers[index].value * _IN_YUAN[sentence.numbers[index].unit] for index in parts]
    if len(parts) > 1 and sum(values) != amount:
        terms = " + ".join(map(str, values))
        message = "信息处理费的分项之和与总金额不符。"
        places = tuple(sentence.place(index) for index in (taken.amount, *parts))
        yield Fault(message, (sentence.about,), f"{amount}", f"{terms} = {sum(values)}", places=places)


def _otherwise(
    taken: _Taken, said: tuple[Decimal | None, Decimal | None], places: tuple[Place, ...], report: Report
) -> Iterator[Fault]:
    """Numbers that are not those of the field."""
    if not report.fees or "fees" not in report.places:
        return
    for value, given, unit in zip(said, report.fees, ("件", "元"), strict=True):
        if value is not None and value != given:
            found, expected = f"{value} {unit}", f"{given} {unit}"
            message = f"正文写收取信息处理费 {found}，“信息处理费”一项写的是 {expected}。"
            yield Fault(
                message,
                (taken.sentence.about, "fees"),
                expected,
                found,
                places=(*places, report.places["fees"]),
            )


def _denied(report: Report) -> Iterator[Fault]:
    """Fees that the field has and a sentence denies."""
    if not report.fees or not any(report.fees):
        return
    for sentence in understood(report)[1]:
        found = _DENIES.search(sentence.words)
        if found and not _OTHER_YEAR.search(sentence.words) and _of_this_year(sentence, report):
            quote = sentence.quote(*found.span())
            pieces, amount = report.fees
            place = place_at(sentence.paragraph, sentence.origin[found.start()], len(quote))
            message = f"正文写“{quote}”，“信息处理费”一项不是 0。"
            yield Fault(
                message, (sentence.about, "fees"), f"{pieces} 件，{amount} 元", quote, places=(place,)
            )


def _asserted(report: Report) -> Iterator[Fault]:
    """Fees that a sentence says were taken, where the field has none."""
    if not report.fees or any(report.fees):
        return
    for sentence in understood(report)[1]:
        found = _ASSERTS.search(sentence.words)
        if found and not _OTHER_YEAR.search(sentence.words) and _of_this_year(sentence, report):
            clause = re.split("[，；]", sentence.words[: found.start()])[-1]
            quote = sentence.quote(*found.span())
            place = place_at(sentence.paragraph, sentence.origin[found.start()], len(quote))
            if is_said(clause, sentence.lexicon):
                message = f"正文写“{quote}”，“信息处理费”一项是 0。"
                yield Fault(message, (sentence.about, "fees"), "0 件，0 元", quote, places=(place,))


@rule(
    "N15",
    Level.WARNING,
    Ground.PROSE,
    title="第六部分没有报告信息处理费",
    what="2021 年度起，第六部分写明收取信息处理费的件数和金额；没有收取的，也写明没有收取。",
    why="收取信息处理费的情况须在年报中报告，没有也要说。",
    basis=_BASIS,
    fix="写明收取信息处理费的件数和金额，没有收取的写明没有收取。",
    in_file=in_clerks_file(
        "可以写“信息处理费: {件数: 0, 金额: 0}”，由程序加上这句话。",
        "可以在工作表“基本情况”里填上信息处理费的件数和金额，由程序加上这句话。",
        "可以在“信息处理费”下面填上件数和金额，由程序加上这句话。",
    ),
)
def fee_sentence(report: Report, _context: Context) -> Iterator[Fault]:
    """Chapter six that says nothing of fees where the form asks for it."""
    fee = report.form.fee
    if fee is None or not fee.asked or report.fees is not None:
        return
    text = "".join(paragraph.text for paragraph in report.prose.get(fee.passage, ()))
    if fee.name not in text and "收费" not in text:
        message = f"{numbered_part(report.form, fee.passage)}没有写收取{fee.name}的情况。"
        yield Fault(message, (fee.passage,), f"收取{fee.name}的件数和金额，没有的写明没有")
