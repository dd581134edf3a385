"""Opens a finished PDF again: is it complete, drawn with known fonts, fit for archives and screen readers."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from reportgen.makers import Attachment, Fonts, Maker, Order, Proof
from reportgen.makers.pdf.finishing import LANGUAGE
from reportgen.makers.pdf.page_words import page_words, visual_words
from reportgen.makers.pdf.reading import Contents, contents
from reportgen.makers.pdf.same_words import Gap, differences, squeezed, words_in
from reportgen.model.nodes import Shown
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

KNOWN = tuple(name for names in _OFFICIAL.values() for name in names)
"""All of them."""

_EDGE = 2.0
"""Points by which a line of the body may reach into the margin."""

_MANY, _MOST = 3, 20
"""More gaps of one table have one cause; more findings of a kind nobody reads."""

_QUOTED = 12
_CAUSES = frozenset({"K12", "K15", "K16", "R30", "R31", "R33"})
"""Findings about words that are not seen, not read or not judged."""

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
    shown = order.shown()
    edges = (shown.margins[0] - _EDGE, shown.margins[1] - _EDGE)
    borrowing = any(name.startswith(fonts.borrowed) for name in found.fonts) if fonts.borrowed else False
    printed, borrowed = page_words(pdf, *edges, fonts.borrowed if borrowing else ())
    gaps = differences(shown, printed)
    if gaps:
        gaps = _in_both(gaps, differences(shown, visual_words(pdf, *edges)))
    findings = [
        *words_apart(order, shown, gaps),
        *_font_findings(found, fonts),
        *_archival(found, order, shown),
        *_accessible(found, order),
        *_attached(found, order.attached),
        *_field(found, seal),
    ]
    facts = {
        "pages": found.pages,
        "fonts": tuple(sorted(found.fonts)),
        "stand_ins": {fonts.official[name]: name for name in sorted(found.fonts) if name in fonts.stand_ins},
        "borrowed": borrowed,
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


def _in_both(by_file: Sequence[Gap], by_eye: Sequence[Gap]) -> tuple[Gap, ...]:
    """What is apart in the order of the file and as the eye reads the page; of what nobody read the less."""
    seen = {gap.text for gap in by_eye if gap.lost}
    lacking = tuple(gap for gap in by_file if gap.lost and gap.text in seen)
    extra = ([gap for gap in gaps if gap.extra and not gap.lost] for gaps in (by_file, by_eye))
    return (*lacking, *min(extra, key=lambda gaps: sum(len(gap.extra) for gap in gaps)))


def _archival(found: Contents, order: Order, shown: Shown) -> Iterator[Finding]:
    pdfa = "3B" if order.attached else "2B"
    if found.pdfa != pdfa:
        sentence = f"生成的不是 PDF/A-{pdfa.lower()} 文件，不宜长期保存。"
        yield Finding("P05", Level.ERROR, sentence, expected=pdfa, found=found.pdfa)
    wanted = (
        ("标题", order.words.title, found.title, shown.title),
        ("作者", order.words.author, found.author, shown.author),
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


# ── words that are only in one of the two ────────────────────────────────────────────────────────────


def words_apart(order: Order, shown: Shown, gaps: Sequence[Gap]) -> Iterator[Finding]:
    """What is wrong with the words; what the report's own findings tell is not told again."""
    if not gaps:
        return
    told = _Told(order.findings)
    kept = [gap for gap in gaps if not told.of(gap)]
    read_words = "\n".join(squeezed(words) for words in words_in(shown.body))
    lacking = [gap for gap in kept if gap.lost]
    by_table = Counter(gap.place.table for gap in lacking if gap.place.table)
    heads = {gap.place.table: gap for gap in reversed(lacking)}
    for gap in lacking[:_MOST]:
        many = by_table[gap.place.table]
        if many <= _MANY:
            yield _missing(gap, order, read_words.count(gap.lost) if len(gap.lost) > _MANY else 1)
        elif heads[gap.place.table] is gap:
            yield _table_lost(gap, many)
    # Where most of what was read is not there, what is there is something else, and that is told.
    read = len(read_words.replace("\n", ""))
    if 2 * sum(len(gap.lost) for gap in lacking) <= read or not read:
        yield from (_unread(gap) for gap in [each for each in kept if not each.lost][:_MOST])


class _Told:
    """What the findings before tell: words that are not seen or not read, tables beside the paper."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        causes = [finding for finding in findings if finding.code in _CAUSES]
        self._words = [squeezed(f"{each.found}{each.message}") for each in causes]
        self._places = {place for each in causes for place in each.places if place.line or place.table}
        self._tables = {place.table for each in causes for place in each.places if each.code == "K16"} - {0}

    def of(self, gap: Gap) -> bool:
        """True if a gap's cause is told."""
        words = gap.lost or gap.extra
        if gap.place in self._places or gap.place.table in self._tables:
            return True
        return any(words[:_QUOTED] in each for each in self._words)


def _missing(gap: Gap, order: Order, times: int) -> Finding:
    """The finding about words that are not printed, or not as often as they stand in the Word file."""
    about = tuple(_about(gap, order))
    names = ", ".join(each for each, _ in about)
    places = tuple(place for _, place in about if place) or _placed(gap)
    instead = f"，印的是“{_short(gap.extra)}”" if gap.extra else ""
    often = f"在 Word 文件里有 {times} 处，没有全印进 PDF，少的是这一处" if times > 1 else "没有印进 PDF"
    return Finding(
        "P02",
        Level.ERROR,
        f"{_where(gap)}里的“{_short(gap.lost)}”{often}（原文：{_short(gap.text)}）{instead}。",
        places=places,
        expected=_short(gap.text),
        found=f"缺“{_short(gap.lost)}”{instead}",
        fix="请换一种写法；仍然如此，请把这份 Word 文件交给维护人员。",
        about=tuple(names.split(", ")) if names else (),
    )


def _table_lost(gap: Gap, many: int) -> Finding:
    """One finding for a table that lacks much: it has one cause."""
    return Finding(
        "P02",
        Level.ERROR,
        f"第{gap.place.table}个表有 {many} 处没有印进 PDF，从“{_short(gap.lost)}”起。",
        places=_placed(gap),
        expected="整张表都在纸上",
        found=f"缺 {many} 处",
        fix="请在 Word 文件里看这张表是不是有一部分在纸外，把位置、列宽和行高改回页面以内。",
    )


def _unread(gap: Gap) -> Finding:
    behind = f"，在{words}之后" if gap.place.file and (words := gap.place.words) else ""
    return Finding(
        "P11",
        Level.ERROR,
        f"PDF 第 {gap.page} 页印着没有核对过的文字：“{_short(gap.extra)}”{behind}。",
        places=_placed(gap),
        expected="印出来的文字都读到、核对过",
        found=_short(gap.extra),
        fix="请在 Word 文件里找到这些文字，改成普通文字或表格，或者删去；模板里的，请改模板。",
    )


def _where(gap: Gap) -> str:
    return f"第{gap.place.table}个表第{gap.place.row}行" if gap.place.table else "正文"


def _placed(gap: Gap) -> tuple[Place, ...]:
    return (gap.place,) if gap.place.file else ()


def _about(gap: Gap, order: Order) -> Iterable[tuple[str, Place | None]]:
    """The pieces of the report whose words the gap is in; none where that might be many."""
    found = [piece for piece in order.words.pieces if _is_in(squeezed(piece.text), gap)]
    yield from ((piece.about, piece.place) for piece in (found if len(found) <= _MANY else ()))


def _is_in(words: str, gap: Gap) -> bool:
    if gap.place.table:
        return words == gap.lost
    return (
        len(gap.text) > 1
        and bool(words)
        and (gap.text in words or (len(words) > _MANY and words in gap.text))
    )


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
    "P11": "PDF 里印着没有读到的文字",
    "P12": "PDF 不是由这份 Word 文件印的",
    "P13": "PDF 里有 Word 文件里没有的图片",
}
"""Code → title, for the page that lists all faults."""
