"""Opening a made PDF again: is all of it there, drawn with the fonts we know, and PDF/A."""

from collections.abc import Iterable, Iterator, Sequence

from reportgen.makers import Order, Proof
from reportgen.makers.pdf_libreoffice.coverage import undrawable
from reportgen.makers.pdf_libreoffice.docx_words import Paragraph, Row, properties_of, words_of
from reportgen.makers.pdf_libreoffice.faces import FACES
from reportgen.makers.pdf_libreoffice.fonts import names_in, printed_as_spare, stand_ins
from reportgen.makers.pdf_libreoffice.pdf_contents import Contents, contents
from reportgen.makers.pdf_libreoffice.same_words import Gap, gaps, squeezed
from reportgen.makers.pdf_libreoffice.visual_order import visual_words
from reportgen.problems import Finding, Level, Place

_BODY = "仿宋_GB2312"

_WINDOWS = {
    "方正小标宋简体": ("FZXBSJW--GB1-0", "FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05"),
    "仿宋_GB2312": ("FangSong_GB2312", "FangSong", "STFangsong"),
    "黑体": ("SimHei", "STHeiti"),
    "楷体_GB2312": ("KaiTi_GB2312", "KaiTi", "STKaiti"),
    "宋体": ("SimSun", "NSimSun", "STSong", "TimesNewRomanPSMT"),
}
"""The names that the installed official fonts have in a PDF, where LibreOffice asks the system for fonts."""


def examine(order: Order) -> tuple[Finding, ...]:
    """One error for each piece of the report with characters that no font can draw."""
    return tuple(_undrawable_findings(order))


def _undrawable_findings(order: Order) -> Iterator[Finding]:
    for piece in order.words.pieces:
        lost: set[str] = set()
        for family in _families_of(piece.about):
            lost |= undrawable(piece.text, family)
        if lost:
            yield _undrawable(lost, (piece.place,) if piece.place else (), (piece.about,))


def _undrawable(lost: set[str], places: tuple[Place, ...] = (), about: tuple[str, ...] = ()) -> Finding:
    names = "、".join(f"“{char}”(U+{ord(char):04X})" for char in sorted(lost))
    fix = "请换成常用的写法；确需使用的，请安装有这个字的字体，并用环境变量 REPORTGEN_FONTS 指明。"
    return Finding("P01", Level.ERROR, f"这些字没有字体能印：{names}。", places, fix=fix, about=about)


def _undrawable_beside(parts: Sequence[Paragraph | Row], order: Order) -> Iterator[Finding]:
    """The Word file's undrawable characters that ``examine`` had no piece for: the template's, an editor's.

    LibreOffice may leave such a character in the PDF's text though nothing is drawn for it.
    """
    printed = "".join(part.text if isinstance(part, Paragraph) else "".join(part.cells) for part in parts)
    seen = set().union(*(piece.text for piece in order.words.pieces))
    if lost := undrawable("".join(set(printed) - seen), _BODY):
        yield _undrawable(lost)


def _families_of(about: str) -> tuple[str, ...]:
    return ("方正小标宋简体", _BODY) if about in ("organ", "title") else (_BODY,)


def prove(order: Order, pdf: bytes) -> Proof:
    """What the PDF holds, and everything in it that is not as it must be."""
    parts, margins = words_of(order.made["docx"])
    edges = (margins.top - 2, margins.bottom - 2)
    found = contents(pdf, *edges, printed_as_spare())
    lacking = tuple(gaps(parts, found.words))
    if lacking:
        seen = {gap.text for gap in gaps(parts, visual_words(pdf, *edges))}
        lacking = tuple(gap for gap in lacking if gap.text in seen)
    official = _official_names()
    findings = [
        *_undrawable_beside(parts, order),
        *(_missing(gap, order) for gap in lacking),
        *_font_findings(found, official),
        *_file_findings(found, order),
    ]
    borrowed = "".join(
        sorted({char for chars in found.drawn.values() for char in chars if not char.isspace()})
    )
    facts = {
        "pages": found.pages,
        "fonts": tuple(sorted(found.fonts)),
        "stand_ins": {official[name]: name for name in sorted(found.fonts) if _stands_in(name, official)},
        "borrowed": borrowed,
        "pdfa": found.pdfa,
        "producer": found.metadata.get("Producer", ""),
    }
    return Proof(facts, tuple(findings))


def _official_names() -> dict[str, str]:
    """The name of every font that may be in the PDF → the official family that it draws."""
    names = {name: family for family, all_names in _WINDOWS.items() for name in all_names}
    names |= {face.file.partition(".")[0]: face.official for face in FACES}
    for each in stand_ins():
        if each.is_official:
            names |= {name.replace(" ", ""): each.official for name in names_in(each.file)}
    return names


def _stands_in(name: str, official: dict[str, str]) -> bool:
    return name in official and name in {face.file.partition(".")[0] for face in FACES}


def _font_findings(found: Contents, official: dict[str, str]) -> Iterator[Finding]:
    for name in sorted(name for name, embedded in found.fonts.items() if not embedded):
        yield Finding("P03", Level.ERROR, f"字体 {name} 没有嵌入 PDF，换一台电脑可能显示不对。")
    known = {*official, *(name for name in found.fonts if name.startswith(printed_as_spare()))}
    for name in sorted(set(found.fonts) - known):
        yield Finding(
            "P04",
            Level.ERROR,
            f"PDF 用了规定以外的字体 {name}：多半是要用的字体没有装，被悄悄换掉了。",
            expected="、".join(face.official for face in FACES),
            found=name,
            fix="请运行 reportgen doctor 看缺哪种字体；改过的 Word 文件，请把字体改回规定的几种。",
        )


def _file_findings(found: Contents, order: Order) -> Iterator[Finding]:
    pdfa = "3B" if order.attached else "2B"
    if found.pdfa != pdfa:
        sentence = f"生成的不是 PDF/A-{pdfa.lower()} 文件，不宜长期保存。"
        yield Finding("P05", Level.ERROR, sentence, expected=pdfa, found=found.pdfa)
    wanted = (("标题", "Title", order.words.title), ("作者", "Author", order.words.author))
    given = properties_of(order.made["docx"])
    for label, key, words in wanted:
        if found.metadata.get(key, "") != words:
            # What somebody's Word file says of itself is printed as it is; the clerk shall know.
            as_given = given.get(key, "") == found.metadata.get(key, "")
            yield Finding(
                "P06",
                Level.WARNING if as_given else Level.ERROR,
                f"PDF 属性里的{label}不对。",
                expected=words or "（空）",
                found=found.metadata.get(key, "") or "（空）",
                fix="请在 Word 文件的“属性”里改正，再转一次。",
            )


def _missing(gap: Gap, order: Order) -> Finding:
    about = tuple(_about(gap, order))
    names = ", ".join(each for each, _ in about)
    return Finding(
        "P02",
        Level.ERROR,
        f"{gap.where}里的“{_short(gap.lost)}”没有印进 PDF（原文：{_short(gap.text)}）。",
        places=tuple(place for _, place in about if place),
        expected=_short(gap.text),
        found=f"缺“{_short(gap.lost)}”",
        fix="请换一种写法；仍然如此，请把这份 Word 文件交给维护人员。",
        about=tuple(names.split(", ")) if names else (),
    )


def _about(gap: Gap, order: Order) -> Iterable[tuple[str, Place | None]]:
    """The pieces of the report whose words the gap is in."""
    for piece in order.words.pieces:
        words = squeezed(piece.text)
        if words and len(gap.text) > 1 and (words in gap.text or gap.text in words):
            yield piece.about, piece.place


def _short(words: str) -> str:
    return words if len(words) <= 40 else words[:39] + "…"
