"""Reports as other programs write them: the same pieces as a web page, a Word document and Markdown."""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from html import escape

from found import table_of
from reportgen.model.document import FoundTable
from reportgen.model.form import Form
from reportgen.recognising.labels import grid_rows

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
Piece = tuple[str, str] | FoundTable
"""What a document is made of: (``title``, ``chapter`` or ``text``, words), or a table."""


def pieces_of(
    form: Form, title: str, chapters: Sequence[tuple[str, Sequence[str]]], figures: Mapping[str, str]
) -> list[Piece]:
    """A whole report: title, then each heading with its sentences, the tables in chapters two to four.

    A heading without words stands for what comes before chapter one.
    """
    pieces: list[Piece] = [("title", title)]
    tables = {table.chapter: table_of(table, figures) for table in form.tables}
    for number, (heading, sentences) in enumerate(chapters):
        if heading:
            pieces.append(("chapter", heading))
        if number in tables:
            pieces.append(tables[number])
        pieces += [("text", sentence) for sentence in sentences]
    return pieces


def as_html(pieces: Iterable[Piece]) -> bytes:
    """A web page as an office's editor leaves it: GBK, spans, indents of blanks, bold headings."""
    body = "\n".join(_html(piece) for piece in pieces)
    page = (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta charset="gb2312">'
        "<title>年报</title><style>p{text-indent:2em}</style></head><body>"
        '<ul class="nav"><li><a href="/">首页</a></li><li><a href="/gk">政务公开</a></li></ul>'
        f'<div id="zoom">{body}</div><div class="foot"><a href="/print">打印本页</a></div>'
        "<script>var a = '一、总体情况';</script></body></html>"
    )
    return page.encode("gb18030")


def _html(piece: Piece) -> str:
    if isinstance(piece, FoundTable):
        rows = "".join(
            "<tr>"
            + "".join(
                f'<td rowspan="{cell.rows}" colspan="{cell.columns}"><p class=MsoNormal align=center>'
                f"<span lang=EN-US style='font-size:12.0pt'>{escape(cell.text) or '&nbsp;'}<o:p></o:p></span>"
                "</p></td>"
                for cell in row
            )
            + "</tr>\n"
            for row in piece.rows
        )
        return f"<table class=MsoNormalTable border=1 cellspacing=0><tbody>{rows}</tbody></table>"
    kind, words = piece
    if kind == "title":
        return f"<p align=center><b><span style='mso-bidi-font-size:22pt'>{escape(words)}</span></b></p>"
    if kind == "chapter":
        return f"<p><span>&nbsp;&nbsp;&nbsp;&nbsp;</span><b>{escape(words)}</b><o:p>&nbsp;</o:p></p>"
    return f"<p>&nbsp;&nbsp;&nbsp;&nbsp;<span lang=EN-US>{escape(words)}</span></p>"


def as_docx(pieces: Iterable[Piece]) -> bytes:
    """A Word document without any styles."""
    body = "".join(_docx(piece) for piece in pieces)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "word/document.xml", f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'
        )
    return held.getvalue()


def _docx(piece: Piece) -> str:
    if not isinstance(piece, FoundTable):
        return _paragraph(piece[1])
    rows = []
    seen: set[int] = set()
    for row in grid_rows(piece):
        cells, before = [], None
        for cell in row:
            if cell is not None and cell is not before:
                merge = '<w:vMerge w:val="restart"/>' if cell.rows > 1 else ""
                merge = "<w:vMerge/>" if id(cell) in seen else merge
                text = "" if id(cell) in seen else cell.text
                cells.append(
                    f'<w:tc><w:tcPr><w:gridSpan w:val="{cell.columns}"/>{merge}</w:tcPr>'
                    f"{_paragraph(text)}</w:tc>"
                )
                seen.add(id(cell))
            before = cell
        rows.append(f"<w:tr>{''.join(cells)}</w:tr>")
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def _paragraph(words: str) -> str:
    return f"<w:p><w:r><w:t>{escape(words)}</w:t></w:r></w:p>"


def as_markdown(pieces: Iterable[Piece]) -> bytes:
    """Markdown with pipe tables; a merged cell's words stand once."""
    marks = {"title": "# ", "chapter": "## ", "text": ""}
    parts = [
        _pipes(piece) if isinstance(piece, FoundTable) else f"{marks[piece[0]]}{piece[1]}" for piece in pieces
    ]
    return ("\n\n".join(parts) + "\n").encode()


def _pipes(table: FoundTable) -> str:
    lines = []
    seen: set[int] = set()
    for number, row in enumerate(grid_rows(table)):
        texts = []
        for cell in row:
            texts.append("" if cell is None or id(cell) in seen else cell.text)
            seen.add(id(cell))
        lines.append(f"| {' | '.join(texts)} |")
        if not number:
            lines.append(f"|{'|'.join(' :---: ' for _ in texts)}|")
    return "\n".join(lines)
