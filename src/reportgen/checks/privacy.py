"""Whom to ask, and whose numbers must not be published."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from reportgen.checks.contract import Context, Fault, paragraphs, place_at, rule
from reportgen.model.report import Report
from reportgen.problems import Ground, Level

_WIDTH = str.maketrans(
    {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {ord("—"): "-", ord("–"): "-"}
)
_NUMBERS = re.compile(r"[+(\d][\d\s()+-]*\d(?:\s*转\s*\d{1,5})?")
_PHONE = re.compile(
    r"\+?0{0,2}86[ -]?\(?0?\d{2,3}\)?[ -]?[1-9]\d{6,7}|"
    r"(?:\(?0\d{2,3}\)?[ -]?)?[1-9]\d{6,7}(?:\s*(?:转|-)\s*\d{1,5})?"
    r"|(?:\(?0\d{2,3}\)?[ -]?)?(?:1\d{2}|1[12]\d{3}|9[56]\d{3,4})"
    r"|[48]00[ -]?\d{3,4}[ -]?\d{3,4}"
)
_MOBILE = r"(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}"
_MAIL = re.compile(r"[A-Za-z0-9][\w.+-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", re.A)
_REACHED = re.compile(r"电话|邮箱|地址|联系|邮编|热线")

_URL = re.compile(r"(?:https?://|www\.)[!-~]+")
_DAY = r"(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_PERSON = re.compile(rf"(?<![0-9A-Za-z])[1-8]\d{{5}}{_DAY}\d{{3}}[0-9Xx](?![0-9A-Za-z])")
_CALL = re.compile(r"(?<![0-9A-Za-z.-])1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?![0-9A-Za-z-]|\s*[号件元条万亿%])")
_CARD = re.compile(r"(?<![0-9A-Za-z])62\d{2}(?:[ ]?\d{4}){3}(?:[ ]?\d{1,3})?(?![0-9A-Za-z])")
_OFFICIAL = re.compile(r"电话|热线|联系|咨询|手机|传真")
_MANY_DIGITS = re.compile(r"\d{3}[ \-－—–]?\d{4}")
"""Every number of a person has so many digits together."""
_FEWEST_DIGITS = 5
"""A shorter number is the number of a room or an hour, not one to call."""
_NEAR = 15
"""Within so many characters before a number its name tells whose it is."""


class _Private(NamedTuple):
    """A number that should not be published."""

    start: int
    number: str
    name: str
    level: Level


@rule(
    "X17",
    Level.WARNING,
    Ground.PROSE,
    title="联系方式写错，或公开了个人信息",
    what="电话、邮箱、邮编写法正确；正文没有身份证号、银行卡号和个人的手机号（错误）。"
    "办公用的手机号是提醒；没有任何联系方式是说明。",
    why="联系方式写错，公众就联系不上；公开个人信息侵犯隐私。",
    basis="《条例》第十五条；《个人信息保护法》",
    fix="改正联系方式；删去个人信息，办公电话用固定电话。",
)
def contacts_and_privacy(report: Report, _context: Context) -> Iterator[Fault]:
    """Contacts that are not well-formed or missing, and numbers of persons in the prose."""
    yield from _contact(report)
    for about, paragraph in paragraphs(report):
        if not _MANY_DIGITS.search(paragraph.text):
            continue
        for each in _private(paragraph.text):
            place = place_at(paragraph, each.start, len(each.number))
            message = f"正文里有{each.name}。"
            yield Fault(message, (about,), "不公开", _masked(each.number), places=(place,), level=each.level)


def _contact(report: Report) -> Iterator[Fault]:
    contact = report.contact
    yield from _phone(contact.phone)
    if contact.mail and not _MAIL.fullmatch(contact.mail.translate(_WIDTH).strip()):
        yield Fault("邮箱的写法不对。", ("mail",), "如 xxgk@example.gov.cn", contact.mail)
    if contact.postcode and not re.fullmatch(r"\d{6}", contact.postcode.translate(_WIDTH).strip()):
        yield Fault("邮编不是六位数字。", ("postcode",), "六位数字", contact.postcode)
    preface = "".join(each.text for each in report.prose.get("preface", ()))
    told = contact.phone or contact.mail or contact.address or _REACHED.search(preface)
    if report.form.due and not told:  # what is published
        message = "没有写电话、邮箱、地址，读者有疑问时无处可问。"
        fix = "请补上电话或邮箱。"
        yield Fault(message, ("phone",), "至少有一种联系方式", fix=fix, level=Level.NOTE)


def _phone(phone: str) -> Iterator[Fault]:
    words = phone.translate(_WIDTH).strip()
    if not words:
        return
    numbers = [number for found in _NUMBERS.finditer(words) for number in _parts(found[0].strip())]
    if any(re.fullmatch(_MOBILE, number) for number in numbers):
        yield Fault("联系电话是手机号。", ("phone",), "办公的固定电话", _masked(words))
        return
    if not numbers or not all(_PHONE.fullmatch(number) for number in numbers):
        yield Fault("电话的写法不对。", ("phone",), "区号-号码，如 0535-7580196", phone)


def _parts(words: str) -> list[str]:
    """The numbers in a run of digits and signs; two may stand side by side, and hours are none."""
    parts = words.split()
    if not _PHONE.fullmatch(words) and all(_PHONE.fullmatch(part) for part in parts):
        return parts
    is_hours = sum(sign.isdigit() for sign in words) < _FEWEST_DIGITS and not _PHONE.fullmatch(words)
    return [] if is_hours else [words]


def _private(text: str) -> Iterator[_Private]:
    """Numbers of persons in a text; what stands in a web address is none."""
    plain = text.translate(_WIDTH)
    plain = _URL.sub(lambda found: " " * len(found[0]), plain)
    for found in _PERSON.finditer(plain):
        if _is_person(found[0]) or "身份证" in plain[max(0, found.start() - _NEAR) : found.start()]:
            yield _Private(found.start(), found[0], "身份证号", Level.ERROR)
    for found in _CARD.finditer(plain):
        if _is_card(found[0]):
            yield _Private(found.start(), found[0], "银行卡号", Level.ERROR)
    for found in _CALL.finditer(plain):
        before = plain[max(0, found.start() - _NEAR) : found.start()]
        level = Level.WARNING if _OFFICIAL.search(before) else Level.ERROR
        yield _Private(found.start(), found[0], "手机号", level)


def _is_person(number: str) -> bool:
    """True if the last sign checks the first seventeen. Source: GB 11643-1999."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    rest = sum(int(digit) * weight for digit, weight in zip(number[:17], weights, strict=True)) % 11
    return "10X98765432"[rest] == number[17].upper()


def _is_card(number: str) -> bool:
    """True if the digits fulfil Luhn's sum. Source: GB/T 17552-2008 (ISO/IEC 7812-1)."""
    digits = [int(digit) for digit in number if digit.isdigit()][::-1]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _masked(number: str) -> str:
    """The number so that the clerk knows it and nobody else does."""
    return f"{number[:3]}****{number[-2:]}"
