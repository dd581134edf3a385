"""Numbers in Chinese text: Arabic, full-width and Chinese numerals, and what only looks like a count."""

import re
from decimal import Decimal
from typing import NamedTuple

NARROW = str.maketrans(
    {
        chr(code): chr(code - 0xFEE0)
        for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF5B), 0xFF05, 0xFF0E)
    }
)
"""Full-width digits, letters, per cent sign and full stop to half width, one for one."""


class Number(NamedTuple):
    """A numeral in a text.

    Attributes:
        kind: ``count``; ``percent``; ``year``; ``date`` (a day or month); ``mark`` (一是, （二）, 1.); or
            ``other`` (an article, a document number, a telephone, an address: never a count).
        start: index of its first character, words such as 约 included.
        end: index behind its last character, without the unit (a per cent sign belongs to it).
        value: the number; a percentage as it is said (70.3); the year of a year or date; else 0.
        unit: the word behind a count: 件, 条, 万元; empty where there is none.
        vague: True for 约5件, 20余件, 数十件, 近百件.
        step: the place it is written to: 1 for 26, 0.01 for 3.50, 1000 for 1.2万.
    """

    kind: str
    start: int
    end: int
    value: Decimal
    unit: str = ""
    vague: bool = False
    step: Decimal = Decimal(1)


ZEROS = "〇○零Ｏ"
ONES = "一二三四五六七八九"
DIGITS = ZEROS + ONES
"""The signs of which Chinese years are made."""
NUMERALS = f"零〇○{ONES}两十百千万亿"
"""The signs of which Chinese numerals are made."""

NONE_SIGNS = frozenset((*"OoＯ〇○零无/／\\＼-－–—―─‐~～…×*", "--", "——", "---", "……", "//"))
"""What people put into a cell in place of a 0."""
NONE_WORDS = frozenset(
    (
        *("空", "没有", "暂无", "不涉及", "未涉及", "不适用", "未发生", "没有发生", "无发生", "未产生"),
        *("无此项", "无此类", "无数据", "无数", "为零", "N/A", "n/a", "NA"),
    )
)
"""What people write there. Apart from the signs, because a row of words may be a head or a remark."""

_ARABIC = str.maketrans(DIGITS, "0" * len(ZEROS) + "123456789")
_ORDINALS: tuple[str, ...] = (
    *("", *ONES),
    *(f"{tens}十{ones}" for tens in ("", *ONES[1:]) for ones in ("", *ONES)),
)
_ORDERED = {words: number for number, words in enumerate(_ORDINALS)}

_DIGITS = {sign: int(sign.translate(_ARABIC)) for sign in DIGITS} | {"两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10_000, "亿": 100_000_000}

_UNITS = (
    "个工作日|个百分点|百分点|件次|人次|条次|户次|场次|批次|件|条|项|次|份|宗|起|篇|期|场|部|册|万元|亿元|元|户|人|家|页|例|封|款"
    "|个月|个|天|日|小时|分钟|年|月|周|种|处|名|位|张|套|批|栏|轮|遍|类|平方米|公里"
)
_NUM = r"\d{1,3}(?:[,，]\d{3})+(?![\d])(?:\.\d+)?|\d+(?:\.\d+)?"
_YEAR = rf"(?:19|20)\d\d|二[〇○零{ONES}]{{3}}"
_ORDINAL = rf"[{ONES}十\d]{{1,3}}"

_SCAN = re.compile(
    rf"""(?:
      (?P<other>(?:https?://|www\.)[A-Za-z0-9\-._~:/?\#\[\]@!$&'()*+,;=%]+
        | [A-Za-z0-9.+_-]{{1,64}}+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+
        | [〔\[【(（](?:{_YEAR})[〕\]】)）]\s*第?\s*\d+\s*号?
        | 第(?!三方)[\d{NUMERALS}]+[条款项号届次批个章节]?(?:第?[（(]{_ORDINAL}[）)]项?)?
        | 第[（(]{_ORDINAL}[）)]项?
        | (?<![\d.])\d+号(?!楼)
        | (?:\+?86-?)?(?<!\d)0\d{{2,3}}[-—－]\d{{7,8}}(?:[-—－]\d+)?
        | (?<!\d)1[3-9]\d{{9}}(?!\d)
        | (?<!\d)\d{{3,4}}-\d{{3,4}}-\d{{3,4}}(?!\d)
        | (?<!\d)123\d\d(?=[“”"》]?(?:政务|热线|平台|市民|便民|网|投诉|政府|服务|电话))
        | (?<![\dA-Za-z])\d{{1,2}}[:：]\d{{2}}(?!\d)
        | (?<!\d)\d+(?:\.\d+)?\s*[-—–－~～至到×x/]+\s*\d+(?:\.\d+)?(?!\d|\s*年|\s*月)
        | [A-Za-z]{{1,40}}+[-/]?\d+(?:\.\d+)*
        | \d+(?:\.\d+)?[A-Za-z]+
      )
    | (?P<date>(?:(?P<dy>{_YEAR})\s*年\s*)?(?:\d{{1,2}}|十[一二]?|[一二三四五六七八九])
        \s*月(?:份|\s*\d{{1,2}}\s*[日号]|底|初|末)?)
    | (?P<year>(?<!\d)(?P<yv>{_YEAR})(?:\s*年(?:度)?|(?=[-—–－~～至到、](?:19|20)\d\d)))
    | (?P<mark>[（(]{_ORDINAL}[）)]
        | (?:(?<=[。；;：:，,、！\s])|\A){_ORDINAL}(?:是|方面|要)
        | (?:(?<=[。；;：:！\s])|\A){_ORDINAL}[、.．](?!\d)
      )
    | (?: 百分之\s*(?P<cp>(?:{_NUM})|[{NUMERALS}]+(?:点[{NUMERALS}]+)?)
        | (?P<few>数[十百千万亿]+|若干|几[十百千万]*)(?=\s*(?:余)?(?P<fu>{_UNITS}))
        | (?P<num>{_NUM})(?P<big>\s*[万亿](?!元))?(?P<post>\s*[余多来])?(?P<percent>\s*%)?
          (?:(?=\s*(?P<nu>{_UNITS})))?
        | (?<![\d{NUMERALS}])(?!(?<=[上下前每同任统唯单另某进逐])一(?![{NUMERALS}]))
          (?P<cn>[{NUMERALS}]+(?:点[{NUMERALS}]+)?)(?P<cpost>[余多来])?(?=(?P<cu>{_UNITS}))(?!类(?:内部|过程))
      ))
    """,
    re.VERBOSE,
)
_WIDE = re.compile("[０-９Ａ-Ｚａ-ｚ％．]")
_ABOUT = re.compile(r"(?:大约|将近|接近|超过|不到|不足|不少于|至少|约|近|超|逾)\s?\Z")
_OVER = re.compile("[上成](?=[百千万])")
_PLAIN = re.compile("[0-9]+(?=(?P<unit>[项份宗起篇期部]|件(?!次)|条(?!次)))")
"""Most counts: digits and a unit that no longer one begins with. Nothing else in the pattern fits them."""
_FIRST = re.compile(rf"[\dA-Za-z〔\[【(（第数若几{NUMERALS}]")
"""What a numeral may begin with: looking for these first is faster than trying at each character."""


def arabic(words: str) -> str:
    """The Chinese digits in Arabic ones, one for one: ``二〇二三`` is ``2023``; all else as it is."""
    return words.translate(_ARABIC)


def ordinal(words: str) -> int:
    """The number that 一 to 九十九 tell; 0 for words that tell none."""
    return _ORDERED.get(words.removeprefix("一") if words.startswith("一十") else words, 0)


def ordinal_words(number: int) -> str:
    """A number from 1 to 99 as headings and lists count: 12 is 十二."""
    return _ORDINALS[number]


def scan(text: str) -> tuple[Number, ...]:
    """Every numeral of a text, in order, the ones that are no counts with their kind."""
    narrow = text.translate(NARROW) if _WIDE.search(text) else text
    found = []
    at = _FIRST.search(narrow)
    while at:
        start = at.start()
        plain = _PLAIN.match(narrow, start)
        numeral = plain or _SCAN.match(narrow, start)
        if plain:
            found.append(_count(plain))
        elif numeral:
            found.append(_read(numeral))
        at = _FIRST.search(narrow, numeral.end() if numeral else at.end())
    return tuple(found)


def numbers(text: str) -> tuple[Number, ...]:
    """The counts and percentages of a text, in order."""
    return tuple(each for each in scan(text) if each.kind in ("count", "percent"))


_NONE = Decimal(0)
_ONE = Decimal(1)


def _count(found: re.Match[str]) -> Number:
    """A plain count."""
    start, vague = _start(found)
    return Number("count", start, found.end(), Decimal(found[0]), found["unit"], vague)


def _start(found: re.Match[str]) -> tuple[int, bool]:
    """Where a quantity begins with the words that make it vague, and if there are any."""
    start = found.start()
    before = _ABOUT.search(found.string[max(0, start - 4) : start])
    start -= len(before[0]) if before else 0
    over = _OVER.match(found.string, max(0, start - 1))
    return (start - 1, True) if over else (start, bool(before))


def _read(found: re.Match[str]) -> Number:
    kind = found.lastgroup or ""
    if kind in ("other", "mark"):
        return Number(kind, *found.span(), _NONE)
    if kind in ("date", "year"):
        year = found["yv"] or found["dy"]
        return Number(kind, *found.span(), Decimal(_year(year)) if year else _NONE)
    return _quantity(found)


def _year(digits: str) -> int:
    return int(digits) if digits.isdigit() else _chinese(digits)


def _quantity(found: re.Match[str]) -> Number:
    """The count or percentage that was found."""
    (start, vague), end = _start(found), found.end()
    few, num, big, post, cn, cpost = found.group("few", "num", "big", "post", "cn", "cpost")
    vague |= bool(few or post or cpost)
    if found["cp"] or found["percent"]:
        written = found["cp"] or found["num"]
        return Number("percent", start, end, value_of(written), "%", vague, _step(written))
    if few:
        return Number("count", start, end, Decimal(0), found["fu"], True)
    if cn:
        return Number("count", start, end, value_of(cn), found["cu"], vague)
    factor = _MYRIADS[big.strip()] if big else 1
    return Number("count", start, end, value_of(num) * factor, found["nu"] or "", vague, _step(num) * factor)


def _step(written: str) -> Decimal:
    """The last place that a numeral is written to."""
    for point in ".点":
        if point in written:
            return Decimal(1).scaleb(-len(written.partition(point)[2]))
    return _ONE


def value_of(written: str) -> Decimal:
    """The value of an Arabic or Chinese numeral: ``3,511``, ``三千五百一十一``, ``二〇二三``."""
    if written[0].isdigit():
        return Decimal(written.replace(",", "").replace("，", ""))
    whole, _, part = written.partition("点")
    value = Decimal(_chinese(whole))
    return value + Decimal("0." + "".join(str(_DIGITS.get(each, 0)) for each in part)) if part else value


def _chinese(written: str) -> int:
    if len(written) > 1 and all(each in _DIGITS for each in written):
        return int("".join(str(_DIGITS[each]) for each in written))
    total = section = digit = place = 0
    for each in written:
        if each in _DIGITS:
            digit, place = _DIGITS[each], 1 if _DIGITS[each] == 0 else place
        elif each in _TENS:
            section, digit, place = section + (digit or 1) * _TENS[each], 0, _TENS[each]
        else:
            total, section, digit, place = (
                (total + section + digit or 1) * _MYRIADS[each],
                0,
                0,
                _MYRIADS[each],
            )
    # 三百五 is 350, but 三百零五 is 305.
    return total + section + digit * (place // 10 if place >= 100 else 1)
