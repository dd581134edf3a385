"""Opens a finished PDF again: is it complete, drawn with known fonts, fit for archives and screen readers."""

from collections.abc import Iterable, Iterator, Mapping

from reportgen.makers import Attachment, Fonts, Maker, Order, Proof
from reportgen.makers.pdf.docx_words import properties_of, words_of
from reportgen.makers.pdf.finishing import LANGUAGE
from reportgen.makers.pdf.reading import Contents, contents
from reportgen.makers.pdf.same_words import Gap, gaps, page_words, squeezed, visual_words
from reportgen.problems import Finding, Level, Place
from reportgen.signing.field import FIELD
from reportgen.signing.seal_place import SealPlace

_OFFICIAL = {
    "方正小标宋简体": ("FZXBSJW--GB1-0", "FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05"),
    "仿宋_GB2312": ("FangSong_GB2312", "FangSong", "STFangsong"),
    "黑体": ("SimHei", "STHeiti"),
    "楷体_GB2312": ("KaiTi_GB2312", "KaiTi", "STKaiti"),
    "宋体": ("SimSun", "NSimSun", "STSong", "TimesNewRomanPSMT"),
}
"""The names that the installed official fonts have in a PDF, where a converter asks the system for fonts."""

_EDGE = 2.0
"""Points by which a line of the body may reach into the margin."""

_NEAR = 0.02
"""Points by which a rounded rectangle may differ."""


def prove(order: Order, pdf: bytes, maker: Maker, seal: SealPlace | None) -> Proof:
    """What the PDF holds, and everything in it that is not as it must be.

    Args:
        order: what it was made from.
        pdf: the finished file.
        maker: who drew it: its fonts are known.
        seal: where its empty signature field must be; None where it must have none.

    Returns:
        The facts ``pages``, ``fonts``, ``stand_ins`` (official family → what stands in), ``borrowed`` (the
        characters that came from other fonts), ``pdfa`` (``2B``), ``pdfua`` (``1``) and ``producer``.

    Raises:
        ToolFailed: the file cannot be opened.
    """
    found = contents(pdf)
    fonts = maker.fonts()
    parts, margins = words_of(order.made["docx"])
    edges = (margins.top - _EDGE, margins.bottom - _EDGE)
    borrowing = any(name.startswith(fonts.borrowed) for name in found.fonts) if fonts.borrowed else False
    printed = page_words(pdf, *edges, fonts.borrowed if borrowing else ())
    lacking = tuple(gaps(parts, printed.pages))
    if lacking:
        seen = {gap.text for gap in gaps(parts, visual_words(pdf, *edges))}
        lacking = tuple(gap for gap in lacking if gap.text in seen)
    findings = [
        *(_missing(gap, order) for gap in lacking),
        *_font_findings(found, fonts),
        *_archival(found, order),
        *_accessible(found, order),
        *_attached(found, order.attached),
        *_field(found, seal),
    ]
    facts = {
        "pages": found.pages,
        "fonts": tuple(sorted(found.fonts)),
        "stand_ins": {fonts.official[name]: name for name in sorted(found.fonts) if name in fonts.stand_ins},
        "borrowed": printed.borrowed,
        "pdfa": found.pdfa,
        "pdfua": found.pdfua,
        "producer": found.producer,
    }
    return Proof(facts, tuple(findings))


def _font_findings(found: Contents, fonts: Fonts) -> Iterator[Finding]:
    for name in sorted(name for name, embedded in found.fonts.items() if not embedded):
        yield Finding("P03", Level.ERROR, f"字体 {name} 没有嵌入 PDF，换一台电脑可能显示不对。")
    known = set(fonts.official).union(*_OFFICIAL.values())
    for name in sorted(set(found.fonts) - known):
        if fonts.borrowed and name.startswith(fonts.borrowed):
            continue
        yield Finding(
            "P04",
            Level.ERROR,
            f"PDF 用了规定以外的字体 {name}：多半是要用的字体没有装，被悄悄换掉了。",
            expected="、".join(_OFFICIAL),
            found=name,
            fix="请运行 reportgen doctor 看缺哪种字体；改过的 Word 文件，请把字体改回规定的几种。",
        )


def _archival(found: Contents, order: Order) -> Iterator[Finding]:
    pdfa = "3B" if order.attached else "2B"
    if found.pdfa != pdfa:
        sentence = f"生成的不是 PDF/A-{pdfa.lower()} 文件，不宜长期保存。"
        yield Finding("P05", Level.ERROR, sentence, expected=pdfa, found=found.pdfa)
    given = properties_of(order.made["docx"])
    wanted = (
        ("标题", order.words.title, found.title, given.get("Title", "")),
        ("作者", order.words.author, found.author, given.get("Author", "")),
    )
    for label, words, said, of_word in wanted:
        if said != words:
            # What somebody's Word file says of itself is printed as it is; the clerk shall know.
            yield Finding(
                "P06",
                Level.WARNING if of_word == said else Level.ERROR,
                f"PDF 属性里的{label}不对。",
                expected=words or "（空）",
                found=said or "（空）",
                fix="请在 Word 文件的“属性”里改正，再转一次。",
            )


def _accessible(found: Contents, order: Order) -> Iterator[Finding]:
    """What a screen reader would miss. Drafts need not be accessible and do not claim to be."""
    if order.draft:
        return
    lacks = [
        *([] if found.tagged else ["没有标签"]),
        *([] if found.pdfua == "1" else ["没有注明 PDF/UA-1"]),
        *([] if found.language == LANGUAGE else ["没有注明语言是中文"]),
    ]
    if lacks:
        yield Finding(
            "P07",
            Level.ERROR,
            f"PDF 不适合读屏软件：{'，'.join(lacks)}。",
            expected=f"PDF/UA-1，语言 {LANGUAGE}",
            found="，".join(lacks),
            fix="请让转换程序导出“带标签的 PDF”；仍然如此，请换一种转换程序（--with）。",
        )
    chapters = tuple(own.text for own in order.report.chapters) or order.report.form.headings
    if [squeezed(title) for title in found.outline] != [squeezed(title) for title in chapters]:
        yield Finding(
            "P08",
            Level.WARNING,
            "PDF 的书签不是各部分的标题，读的人跳不到要看的部分。",
            expected="、".join(chapters),
            found="、".join(found.outline) or "没有书签",
            fix="请在 Word 文件里把各部分的标题设为“标题 1”样式，别的段落不用这个样式，再转一次。",
        )


def _attached(found: Contents, attached: Attachment | None) -> Iterator[Finding]:
    due: Mapping[str, bytes] = {attached.name: attached.content} if attached else {}
    if found.attached != due:
        yield Finding(
            "P09",
            Level.ERROR,
            "附在 PDF 里的文件不对。",
            expected="、".join(due) or "没有附件",
            found="、".join(found.attached) or "没有附件",
            fix="请去掉 --attach-source 再试；仍然如此，请把情况告诉维护人员。",
        )


def _field(found: Contents, seal: SealPlace | None) -> Iterator[Finding]:
    """Whether the empty field stands where the seal goes, and no other signature field anywhere."""
    names = {FIELD} if seal else set()
    right = set(found.fields) == names
    if right and seal:
        field, box = found.fields[FIELD], seal.box
        corners = (box.left, box.bottom, box.right, box.top)
        apart = max(abs(one - other) for one, other in zip(field.corners, corners, strict=True))
        right = field.page == seal.page and apart <= _NEAR and not field.signed
    if not right:
        yield Finding(
            "P10",
            Level.ERROR,
            "PDF 里的签名域不对：应当只有一个，空着，在盖章的地方。",
            expected=f"第 {seal.page} 页一个空签名域" if seal else "没有签名域",
            found="、".join(f"第 {each.page} 页“{name}”" for name, each in found.fields.items()) or "没有",
            fix="请把 Word 文件里的签名行、签名域去掉，再转一次。",
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


# ── what can be wrong with a PDF, by code ─────────────────────────────────────────────────────────────

FAULTS: dict[str, str] = {
    "P01": "有字体画不出的字",
    "P02": "PDF 里缺少 Word 文件中的文字或数字",
    "P03": "PDF 里有没有嵌入的字体",
    "P04": "PDF 用了不该用的字体",
    "P05": "不是 PDF/A 文件",
    "P06": "PDF 的标题或作者不对",
    "P07": "PDF 不适合读屏软件（不是 PDF/UA）",
    "P08": "PDF 的书签不是各部分的标题",
    "P09": "附在 PDF 里的文件不对",
    "P10": "PDF 里的签名域不对",
}
"""Code → title, for the page that lists all faults."""
