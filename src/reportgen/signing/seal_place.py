"""The place for the seal, from where the words of the finished pages stand.

GB/T 9704—2012 wants the seal upright over 署名 and 成文日期, both a little below its middle, and its top
within one line of the text above. People read millimetres from the upper left corner of the page.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from reportgen.problems import Finding, Level

MM = 72 / 25.4
"""Points in a millimetre."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in points from the lower left corner."""

    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class TextLine:
    """What stands on one baseline: the page counted from 1, the words without blanks, and their ink."""

    page: int
    text: str
    baseline: float
    box: Box


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page: its size, and the thin strokes that tables are drawn with."""

    width: float
    height: float
    strokes: tuple[Box, ...] = ()


# ── the place for the seal, from where the words of the finished pages stand ──────────────────────────

FAULTS: dict[str, str] = {
    "S01": "找不到盖章的地方",
    "S02": "署名和成文日期不在同一页",
    "S03": "署名和成文日期单独成页",
    "S04": "印章会压住表格",
    "S05": "印章会压住正文",
    "S06": "印章会超出纸边",
    "S07": "印章离正文太远",
    "S08": "署名和成文日期没有居中对齐",
}
"""Code → title, for the page that lists all faults."""

_BASIS = "《党政机关公文格式》（GB/T 9704—2012）7.3.5"
_LINE = 10.23 * MM
"""One line of the text: 225 mm hold 22."""
_FOOT = 35 * MM
"""The text ends above this; below is the page's number."""
_OFFSETS = tuple(tenths / 10 * MM for tenths in sorted(range(10, 81), key=lambda each: abs(each - 30)))
"""How far the seal's middle may stand above the middle of the two lines; what is nearest to 3 mm first."""
_ASIDE = 5 * MM
"""How far the middles of 署名 and 成文日期 may stand apart for a seal to be upright on both."""
_GRAVE = {"S02", "S04", "S06"}

_DATE = re.compile(
    r"[0-9〇○零一二三四五六七八九]{4}年[0-9一二三四五六七八九十]{1,2}月[0-9一二三四五六七八九十]{1,3}日"
)
_PAGE_NUMBER = re.compile(r"[\W_]*\d{1,3}[\W_]*")
_SENTENCE_END = re.compile(r".*[。；：！？.;:!?]")
_TOWN = re.compile(r".*(?:[镇乡]|苏木)(?:人民政府)?|.*街道(?:办事处)?")


@dataclass(frozen=True, slots=True)
class Signing:
    """What is signed, as far as it is known: the organ and the date as printed; empty where it is not."""

    organ: str = ""
    date: str = ""
    level: str = ""

    @property
    def diameter(self) -> int:
        """The seal's diameter in mm, after 国发〔1999〕25号; by the name where the level is unknown."""
        if self.level in {"国务院部门", "省级政府"}:
            return 50
        town = self.level in {"乡镇政府", "街道办事处"} or (not self.level and _TOWN.fullmatch(self.organ))
        return 42 if town else 45


@dataclass(frozen=True, slots=True)
class SealPlace:
    """Where the seal goes: the page counted from 1, its middle in points, its diameter in mm."""

    page: int
    x: float
    y: float
    diameter: int
    sheet: Sheet
    organ: str = ""
    date: str = ""

    @property
    def radius(self) -> float:
        """Half the diameter, in points."""
        return self.diameter * MM / 2

    @property
    def box(self) -> Box:
        """The square around the circle, to a hundredth of a point."""
        x, y, r = self.x, self.y, self.radius
        return Box(round(x - r, 2), round(y - r, 2), round(x + r, 2), round(y + r, 2))

    def as_facts(self) -> dict[str, float]:
        """The page and the square, in mm from the upper left corner of the page."""
        return {
            "page": self.page,
            "left_mm": round(self.box.left / MM, 1),
            "top_mm": round((self.sheet.height - self.box.top) / MM, 1),
            "width_mm": self.diameter,
            "height_mm": self.diameter,
        }

    def touches(self, box: Box) -> bool:
        """True if the circle covers any of a rectangle."""
        across = max(box.left - self.x, 0.0, self.x - box.right)
        along = max(box.bottom - self.y, 0.0, self.y - box.top)
        return across**2 + along**2 < self.radius**2


def seal_place(
    lines: Sequence[TextLine], sheets: Sequence[Sheet], signing: Signing, diameter: int = 0
) -> tuple[SealPlace | None, tuple[Finding, ...]]:
    """The place for the seal, and what is not good about it.

    Args:
        lines: every line of the document, in reading order.
        sheets: every page.
        signing: organ and date, where they are known.
        diameter: of the seal in mm; 0 for the one that the organ's level has.

    Returns:
        No place where the two lines are not found together; a finding says why.
    """
    lines = [line for line in lines if not _is_page_number(line)]
    at = _date_at(lines, signing.date)
    if at is None:
        return None, (
            _finding("S01", "没有找到单独成行的成文日期。", "请在文末写上署名和成文日期，各占一行。"),
        )
    date = lines[at]
    organ = _organ_above(lines[:at], date, signing.organ)
    if not organ:
        return None, (_without_organ(lines[:at], date),)
    if not signing.organ:
        signing = replace(signing, organ="".join(line.text for line in organ))
    return _placed(lines, (*organ, date), sheets[date.page - 1], replace(signing, date=date.text), diameter)


def _is_page_number(line: TextLine) -> bool:
    return line.baseline < _FOOT and bool(_PAGE_NUMBER.fullmatch(line.text))


def _date_at(lines: Sequence[TextLine], date: str) -> int | None:
    """The last line that is nothing but the date."""
    fits = [at for at, line in enumerate(lines) if _DATE.fullmatch(line.text)]
    known = [at for at in fits if lines[at].text == date]
    return max(known or fits, default=None)


def _organ_above(lines: Sequence[TextLine], date: TextLine, organ: str) -> tuple[TextLine, ...]:
    """The lines of 署名 right above the date, the upper one first; none where there is a gap."""
    found: list[TextLine] = []
    below, wanted = date, "".join(organ.split())
    for line in reversed(lines):
        if line.page != date.page or line.baseline - below.baseline > 1.7 * _LINE:
            break
        if _SENTENCE_END.fullmatch(line.text) or (wanted and not wanted.endswith(_joined([line, *found]))):
            break
        found.insert(0, line)
        below = line
    return tuple(found[-4:])


def _joined(lines: Iterable[TextLine]) -> str:
    return "".join(line.text for line in lines)


def _without_organ(lines: Sequence[TextLine], date: TextLine) -> Finding:
    if not any(line.page == date.page for line in lines):
        return _finding(
            "S02",
            f"成文日期在第 {date.page} 页开头，署名在前一页，盖不了章。",
            "请把署名和成文日期移到同一页：给署名一段加上“与下段同页”。",
            page=date.page,
        )
    return _finding(
        "S01",
        f"第 {date.page} 页成文日期的上一行不是署名。",
        "请把署名写在成文日期的上一行。",
        page=date.page,
    )


def _placed(
    lines: Sequence[TextLine], signed: tuple[TextLine, ...], sheet: Sheet, signing: Signing, diameter: int
) -> tuple[SealPlace, tuple[Finding, ...]]:
    page = signed[-1].page
    others = [line for line in lines if line.page == page and line not in signed]
    taken = [*(line.box for line in others), *sheet.strokes]
    text = min((box.bottom for box in taken if box.bottom >= signed[0].box.top), default=None)
    middle = (signed[0].box.top + signed[-1].box.bottom) / 2
    middles = [(line.box.left + line.box.right) / 2 for line in signed]
    across = (max(middles) + min(middles)) / 2
    place = SealPlace(
        page, across, middle, diameter or signing.diameter, sheet, organ=signing.organ, date=signing.date
    )
    best = _best((replace(place, y=middle + offset) for offset in _OFFSETS), text, taken)
    apart = max(middles) - min(middles)
    return best, (*_judged(best, text, others), *_aside(apart, page))


def _best(places: Iterable[SealPlace], text: float | None, taken: Sequence[Box]) -> SealPlace:
    """The first good place, nearly always the first of all; else the one that is least bad."""
    tried: list[tuple[float, SealPlace]] = []
    for place in places:
        unfit = _unfit(place, text, taken)
        if not unfit:
            return place
        tried.append((unfit, place))
    return min(tried, key=lambda each: each[0])[1]


def _unfit(place: SealPlace, text: float | None, taken: Sequence[Box]) -> float:
    """How far a place is from touching nothing and being within one line of what is above; 0 is good."""
    if text is None:
        return 0.0
    gap = text - (place.y + place.radius)
    covered = any(place.touches(box) for box in taken)
    return max(gap - _LINE, 0.0) + (max(-gap, 0.0) + 1 if covered else 0.0)


def _judged(place: SealPlace, text: float | None, others: Sequence[TextLine]) -> Iterator[Finding]:
    facts, page = place.as_facts(), place.page
    where = (
        f"第 {page} 页，距左边 {facts['left_mm']} mm、距上边 {facts['top_mm']} mm，直径 {place.diameter} mm"
    )
    if not others:
        yield _finding(
            "S03",
            f"第 {page} 页只有署名和成文日期，没有正文。",
            "请增减文字，或微调行距，让最后几行正文与署名同在一页；不能写“此页无正文”。",
            page=page,
        )
    if any(place.touches(stroke) for stroke in place.sheet.strokes):
        yield _finding("S04", f"印章（{where}）会压住表格。", "请在表格与署名之间加两个空行。", page=page)
    elif covered := next((line for line in others if place.touches(line.box)), None):
        message = f"印章（{where}）会压住正文“{covered.text[:12]}”。"
        yield _finding("S05", message, "请在正文与署名之间空两行。", page=page)
    elif text is not None and text - (place.y + place.radius) > _LINE:
        away = (text - (place.y + place.radius)) / MM
        message = f"印章顶端离上面的正文 {away:.1f} mm，超过一行。"
        yield _finding("S07", message, "请减少正文与署名之间的空行，空两行即可。", page=page)
    box = place.box
    if min(box.left, box.bottom, place.sheet.width - box.right, place.sheet.height - box.top) < 0:
        yield _finding(
            "S06", f"印章（{where}）会超出纸边。", "请把署名和成文日期往里移，日期右空四字。", page=page
        )


def _aside(apart: float, page: int) -> Iterator[Finding]:
    if apart > _ASIDE:
        message = f"署名和成文日期的中线相差 {apart / MM:.1f} mm，印章不能同时居中压在两者上。"
        fix = "请以成文日期为准，把署名居中排在它上面；署名长的，在词语之间换行。"
        yield _finding("S08", message, fix, page=page)


def _finding(code: str, message: str, fix: str, page: int = 0) -> Finding:
    level = Level.ERROR if code in _GRAVE else Level.WARNING
    found = f"第 {page} 页" if page else ""
    return Finding(code, level, message, found=found, fix=fix, basis=_BASIS, about=("date",))
