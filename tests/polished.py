"""Word files of ours as an office gives them back: edited with python-docx, saved again by LibreOffice."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import docx
from docx.document import Document
from docx.text.paragraph import Paragraph

from made import gathered, text_of
from reportgen.cli import main
from reportgen.model.layout import grid_of

TABLES = """
主动公开:
  行政许可: 1250
申请:
  本年新收: {自然人: 25, 商业企业: 1}
  予以公开: {自然人: 25, 商业企业: 1}
复议诉讼: 全部为零
"""
OVERVIEW = """
总体情况:
  主动公开: 全年主动公开信息321条，比上年有所增加。本机关重视政策解读工作。
  依申请公开: 全年收到申请26件，全部按时答复。
  政府信息管理: 公开以前逐件审核，每季度清理一次。
  平台建设: 网站专栏有专人维护。
  监督保障: 组织了业务培训，工作考核和社会评议按时完成，没有发生责任追究的情况。
"""


def text(tables: str = TABLES, more: str = OVERVIEW, year: int = 2023) -> str:
    """A clerk's file with figures in its tables and sentences about them."""
    return text_of(year, tables, more)


def built(folder: Path, *words: str, content: str = "") -> Path:
    """The Word file of a clerk's text, in ``folder/out``; the exit code is not looked at."""
    source = folder / "2023.yaml"
    source.write_text(content or text(), "utf-8")
    main(["build", str(source), "--out", str(folder / "out"), *(words or ("--to", "docx"))])
    return next((folder / "out").rglob("*.docx"))


def run(*words: str | Path) -> int:
    """The exit code of a command."""
    return main([str(word) for word in words])


def edited(path: Path, edit: Callable[[Document], object]) -> Path:
    """The same file after somebody's edit in place."""
    document = docx.Document(str(path))
    edit(document)
    document.save(str(path))
    return path


def saying(document: Document, words: str) -> Paragraph:
    """The first paragraph that has these words."""
    return next(paragraph for paragraph in document.paragraphs if words in paragraph.text)


def rewording(old: str, new: str) -> Callable[[Document], object]:
    """An edit that puts words in the place of others, in the first run that has them."""

    def edit(document: Document) -> None:
        runs = (run for run in saying(document, old).runs if old in run.text)
        found = next(runs)
        found.text = found.text.replace(old, new)

    return edit


def refiguring(table: int, key: str, figure: str) -> Callable[[Document], object]:
    """An edit that puts another figure into a cell of the 2021 form."""
    form = next(form for form in gathered().forms if form.id == "2021")
    cell = next(each for each in grid_of(form.tables[table]).cells if str(each.key) == key)

    def edit(document: Document) -> None:
        document.tables[table].cell(cell.row - 1, cell.column - 1).paragraphs[0].runs[0].text = figure

    return edit


def saved_again(path: Path) -> Path:
    """The file after LibreOffice has opened and saved it, as an office's editor does."""
    soffice = os.environ.get("REPORTGEN_SOFFICE") or shutil.which("soffice")
    assert soffice, "this test is about the real LibreOffice"
    folder = path.parent / "saved again"
    profile = (path.parent / "profile").as_uri()
    command = [soffice, "--headless", f"-env:UserInstallation={profile}", "--convert-to", "docx"]
    subprocess.run([*command, "--outdir", str(folder), str(path)], check=True, capture_output=True)
    (folder / path.name).replace(path)
    folder.rmdir()
    shutil.rmtree(path.parent / "profile", ignore_errors=True)
    return path
