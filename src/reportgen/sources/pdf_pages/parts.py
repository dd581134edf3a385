"""The paragraphs and tables of a PDF with text, page by page, and what was not sure in finding them."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from reportgen.model.nodes import Document, FoundParagraph, FoundTable, Run
from reportgen.problems import Finding, Place
from reportgen.recognising.faults import fault

if TYPE_CHECKING:
    from reportgen.sources.pdf_pages.grids import Grid
    from reportgen.sources.pdf_pages.lines import Line
    from reportgen.sources.pdf_pages.sheets import Sheet, Sign

_SAVE = "请用 WPS 打开，另存（转换）为 .docx，核对后再读那一份。"
_SCANNED = "请向印这份 PDF 的人要 Word 文件；没有的，用 WPS 的“图片转文字”或照着纸面填写。"
_MOST_DOUBTS = 20


def document_of(content: bytes, name: str) -> tuple[Document | None, tuple[Finding, ...]]:
    """Paragraphs and tables of a PDF with text, and what was not sure; None, and why, where it has none."""
    from reportgen.sources.pdf_pages.sheets import Broken, Locked, TooBig, sheets_of

    place = (Place(name),)
    try:
        sheets = sheets_of(content)
    except Locked:
        fix = "请用 WPS 打开，去掉密码，另存（转换）为 .docx，再读那一份。"
        return None, (fault("R21", "这份 PDF 有密码，读不了。", place, fix=fix),)
    except Broken:
        fix = "请重新下载或取回备份，再试。"
        return None, (fault("R23", "这份 PDF 不完整，没有读：读一半的年报比没有更糟。", place, fix=fix),)
    except TooBig:
        return None, (fault("R22", "这份 PDF 过大，不像一份年报，没有读。", place, fix=_SAVE),)
    if scanned := _scanned(sheets, name):
        return None, (scanned,)
    pages = _Pages(sheets, name)
    return tuple(pages.parts()), pages.doubts()


def _scanned(sheets: list["Sheet"], name: str) -> Finding | None:
    """What is said of a PDF with pages that are pictures; None where every page has text or is empty."""
    from reportgen.sources.pdf_pages.sheets import Sheet

    def is_picture(sheet: Sheet) -> bool:
        return bool(sheet.pictures) and len(sheet.signs) - sheet.hidden < 10

    found = [number for number, sheet in enumerate(sheets, start=1) if is_picture(sheet)]
    if not any(sheet.signs for sheet in sheets) or len(found) == len(sheets):
        return fault("R39", "这份 PDF 是扫描的，或者里面没有文字，读不了。", (Place(name),), fix=_SCANNED)
    if found:
        pages = "、".join(map(str, found))
        message = f"这份 PDF 的第 {pages} 页是图片，没有文字，没有读：读一半的年报比没有更糟。"
        return fault("R39", message, (Place(name),), fix=_SCANNED)
    return None


class _Pages:
    """The parts of a document, page by page, and what was not sure in reading them."""

    def __init__(self, sheets: list["Sheet"], name: str) -> None:
        from reportgen.sources.pdf_pages.grids import grids_of
        from reportgen.sources.pdf_pages.lines import margins_of, text_lines

        self.name = name
        self.sheets = sheets
        self.grids = [grids_of(sheet) for sheet in sheets]
        lines = [text_lines(_outside(sheet, grids)) for sheet, grids in zip(sheets, self.grids, strict=True)]
        self.heads = self._running(lines)
        self.lines = [self._body(page, sheet.height) for page, sheet in zip(lines, sheets, strict=True)]
        self.usual = margins_of(self.lines)

    def _file(self, page: int) -> str:
        return f"{self.name}（第{page}页）"

    def _running(self, lines: list[list["Line"]]) -> list[str]:
        """What stands at the edge of most pages in the same words."""
        from reportgen.sources.pdf_pages.lines import is_at_edge, is_number

        told = Counter(
            words
            for page, sheet in zip(lines, self.sheets, strict=True)
            for words in {
                line.words
                for line in page
                if is_at_edge(line, sheet.height) and not is_number(line, sheet.height)
            }
        )
        return [words for words, times in told.items() if times > 1 and 2 * times >= len(lines)]

    def _body(self, page: list["Line"], height: float) -> list["Line"]:
        from reportgen.sources.pdf_pages.lines import is_at_edge, is_number

        return [
            line
            for line in page
            if not is_number(line, height) and not (line.words in self.heads and is_at_edge(line, height))
        ]

    def parts(self) -> Iterator[FoundParagraph | FoundTable]:
        """Paragraphs and tables in the order of reading."""
        from reportgen.sources.pdf_pages.lines import begins_paragraph, joined

        began = 0
        open_: list[Line] = []
        counts = Counter[int]()

        def closed() -> Iterator[FoundParagraph]:
            if open_:
                counts[began] += 1
                words = "".join(joined(open_))
                yield FoundParagraph((Run(words),), Place(self._file(began), counts[began]))
                open_.clear()

        for number, (lines, grids) in enumerate(zip(self.lines, self.grids, strict=True), start=1):
            left, first = list(lines), True
            for at, grid in enumerate([*grids, None], start=1):
                while left and (grid is None or left[0].base > grid.top):
                    line = left.pop(0)
                    before = open_[-1] if open_ else None
                    if begins_paragraph(line, before, self.usual, same_page=not first):
                        yield from closed()
                        began = number
                    open_.append(line)
                    first = False
                if grid is not None:
                    yield from closed()
                    yield grid.table(self._file(number), at)
        yield from closed()

    def doubts(self) -> tuple[Finding, ...]:
        """What was not read for sure."""
        return tuple(fault("R40", f"{what}。", (place,), fix=fix) for place, what, fix in self._doubts())

    def _doubts(self) -> Iterator[tuple[Place, str, str]]:
        look = "请对照原来的 PDF 看这一处。"
        cells = [
            (place._replace(file=self._file(number), table=at), what)
            for number, grids in enumerate(self.grids, start=1)
            for at, grid in enumerate(grids, start=1)
            for place, what in grid.doubts
        ]
        for place, what in cells[:_MOST_DOUBTS]:
            yield place, what, look
        if len(cells) > _MOST_DOUBTS:
            yield Place(self.name), f"还有 {len(cells) - _MOST_DOUBTS} 格没有把握", _SAVE
        for number, sheet in enumerate(self.sheets, start=1):
            place = Place(self._file(number))
            if sheet.unknown:
                yield place, f"有 {sheet.unknown} 个字 PDF 里没有编码，读成了“□”", look
            if sheet.turned.strip():
                yield place, f"斜着印的“{sheet.turned.strip()[:20]}”没有读入", look
            if sheet.hidden:
                yield place, "有扫描后由程序认出的文字，认错的数看不出来", "请把这一页的每个数都对一遍。"
        if self.heads:
            yield Place(self.name), f"页眉、页脚里的“{self.heads[0][:30]}”没有读入", look


def _outside(sheet: "Sheet", grids: list["Grid"]) -> list["Sign"]:
    """The characters of a page that stand in no table."""
    inside = {id(sign) for grid in grids for sign in grid.signs}
    return [sign for sign in sheet.signs if id(sign) not in inside]
