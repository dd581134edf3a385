"""The sheet that is signed when a package is handed over: each file with its digests in print.

Who receives the package can hold the paper against what ``reportgen verify`` says years later.
"""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape

from reportgen.archiving.digests import Digests
from reportgen.archiving.sheet_styles import CONTENT_TYPES, CORE, FONT_TABLE, LINKS, SETTINGS, STYLES, part
from reportgen.problems import ToolMissing

TITLE = "归档移交清单"
_COLUMNS = (("序号", 600), ("文件和校验值", 7600), ("大小（字节）", 1400))
"""Heads and widths in twentieths of a point: a usual file name stands on one line, so does a digest."""
_WIDTH = sum(width for _, width in _COLUMNS)
_STAMP = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of the package, and what it is."""

    name: str
    kind: str
    digests: Digests


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the sheet says."""

    organ: str
    year: int
    title: str
    basis: str
    software: str
    entries: tuple[Entry, ...]
    note: str = ""


def as_docx(sheet: Sheet) -> bytes:
    """The sheet as a Word file, always with the same stamps."""
    parts = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": LINKS["package"],
        "docProps/core.xml": CORE.format(
            title=escape(f"{sheet.title}{TITLE}"), author=escape(sheet.organ), year=sheet.year + 1
        ).encode(),
        "word/document.xml": part("document", f"<w:body>{''.join(_body(sheet))}</w:body>"),
        "word/_rels/document.xml.rels": LINKS["document"],
        "word/styles.xml": STYLES,
        "word/settings.xml": SETTINGS,
        "word/fontTable.xml": FONT_TABLE,
    }
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, _STAMP)
            entry.create_system = 0
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return held.getvalue()


def as_pdf(docx: bytes, year: int, software: str) -> bytes:
    """The same as PDF/A, dated as the next New Year's Day, drawn by the first converter that is there.

    Raises:
        ToolMissing: none is there, or its fonts are not.
    """
    from reportgen.makers import maker_for
    from reportgen.makers.pdf import beijing
    from reportgen.makers.pdf.finishing import Finish, finished
    from reportgen.makers.pdf.metadata import About

    maker = maker_for("pdf")
    if maker is None or maker.convert is None:
        raise ToolMissing("没有能打印移交清单的转换程序。")
    if sentence := maker.missing():
        raise ToolMissing(sentence)
    return finished(maker.convert(docx), Finish(About(software, beijing(year + 1, 1, 1))))


def _body(sheet: Sheet) -> Iterator[str]:
    yield _paragraph("Title", TITLE)
    for label, words in (
        ("移交机关", sheet.organ),
        ("年　　度", f"{sheet.year}年度"),
        ("题　　名", sheet.title),
        ("表　　样", sheet.basis),
        ("制作软件", sheet.software),
    ):
        yield _paragraph("Line", f"{label}：{words}")
    yield _table(sheet.entries)
    yield _paragraph(
        "Note",
        f"以上共 {len(sheet.entries)} 份材料，SHA-256 和 SM3 校验值为十六进制。"
        "接收时请运行 reportgen verify 核对归档包，再与本清单所印的校验值对照；"
        "有一个字符不同，文件就被改动过。",
    )
    if sheet.note:
        yield _paragraph("Note", f"注意：{sheet.note}")
    yield _signatures()
    yield (
        '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" w:bottom="964" '
        'w:left="1134" w:header="567" w:footer="567" w:gutter="0"/></w:sectPr>'
    )


def _table(entries: tuple[Entry, ...]) -> str:
    head = _row(*(_cell(width, _paragraph("Head", name)) for name, width in _COLUMNS), head=True)
    rows = "".join(_entry(number, entry) for number, entry in enumerate(entries, start=1))
    return _framed([width for _, width in _COLUMNS], head + rows, "single")


def _entry(number: int, entry: Entry) -> str:
    file = (
        _paragraph("CellLeft", f"{entry.name}（{entry.kind}）"),
        _paragraph("Digest", f"SHA-256 {entry.digests.sha256}"),
        _paragraph("Digest", f"SM3 {entry.digests.sm3}"),
    )
    contents = (_paragraph("Cell", str(number)), "".join(file), _paragraph("Cell", str(entry.digests.size)))
    return _row(*(_cell(width, content) for (_, width), content in zip(_COLUMNS, contents, strict=True)))


def _signatures() -> str:
    blanks = ("单位（盖章）：", "人：", "日期：　　　　年　　月　　日")
    half = _WIDTH // 2
    rows = (
        _row(
            *(
                _cell(half, _paragraph("Blank", f"{side}{words}" if words[0] != "日" else words))
                for side in ("移交", "接收")
            )
        )
        for words in blanks
    )
    return _framed([half, half], "".join(rows), "none")


def _framed(widths: list[int], rows: str, line: str) -> str:
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    borders = "".join(f'<w:{side} w:val="{line}" w:sz="4" w:space="0" w:color="000000"/>' for side in sides)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>'
        '<w:left w:w="57" w:type="dxa"/><w:right w:w="57" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
    )


def _row(*cells: str, head: bool = False) -> str:
    mark = "<w:tblHeader/>" if head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{mark}</w:trPr>{''.join(cells)}</w:tr>"


def _cell(width: int, paragraphs: str) -> str:
    look = f'<w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
    return f"<w:tc>{look}{paragraphs}</w:tc>"


def _paragraph(style: str, words: str) -> str:
    run = f'<w:r><w:t xml:space="preserve">{escape(words)}</w:t></w:r>'
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{run}</w:p>'
