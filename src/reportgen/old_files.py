"""Old files made ready to be read: by what they are, whatever they are called. Bytes in, bytes out."""

import re
from dataclasses import replace

from reportgen.examining import CONVERT_OFD, OLD, Material, Outcome, Supplies, examine
from reportgen.makers.pdf_libreoffice.old_files import FILTERS, as_docx
from reportgen.problems import Finding, Place
from reportgen.recognising.faults import fault
from reportgen.safe.guessing import Guess, guess

_SAVE = "请用 WPS 打开，另存为 .docx，再读那一份。"
_READ = {Guess.DOCX: "docx", Guess.HTML: "html", Guess.PDF: "pdf"}
_REFUSED = {
    Guess.LOCKED: ("R21", "这份文件有密码，读不了。", "请用 WPS 打开，去掉密码，另存为 .docx，再读那一份。"),
    Guess.BROKEN: (
        "R23",
        "这份文件不完整，没有读：读一半的年报比没有更糟。",
        "请重新下载或取回备份；能用 WPS 打开的，另存为 .docx，再读那一份。",
    ),
    Guess.TOO_BIG: ("R22", "这份文件的内容过大，不像一份年报，没有读。", _SAVE),
    Guess.SHEET: (
        "R37",
        "这份文件里是电子表格，不是文字文档。",
        "请用 WPS 打开，把内容复制到文字文档里，另存为 .docx，再读那一份。",
    ),
    Guess.SLIDES: (
        "R37",
        "这份文件里是幻灯片，不是文字文档。",
        "请用 WPS 打开，把内容复制到文字文档里，另存为 .docx，再读那一份。",
    ),
    Guess.WORKS: ("R37", "这份 .wps 是微软 Works 的文件，不是 WPS 的，读不了。", _SAVE),
    Guess.OFD: ("R37", "这是 OFD 版式文件，读不了。", CONVERT_OFD),
    Guess.OTHER: ("R37", "看不出这份文件是什么，读不了。", _SAVE),
}


_FETCHING = re.compile(rb"include(?:picture|text)", re.IGNORECASE)
"""Fields of an RTF that put another file in: LibreOffice shows a picture of this computer whatever is set."""


def read_once(material: Material, supplies: Supplies) -> Outcome:
    """An existing report of any kind that can be read, judged as the clerk's file that is made of it.

    Returns:
        An outcome without a report, and with the reason as a finding, where nothing can be read.

    Raises:
        ToolMissing: LibreOffice is needed and not installed.
        ToolFailed: it could not open the file.
    """
    readied, notes = ready(material)
    if any(each.is_error for each in notes):
        return Outcome(readied, findings=notes)
    return examine(readied, replace(supplies, notes=notes, once=True))


def ready(material: Material) -> tuple[Material, tuple[Finding, ...]]:
    """A report as something that a source reads, and what is to be said about that.

    Returns:
        The material itself where it is of a kind that is read anyway; else what it was turned into, under its
        name, with a note; or the material itself with the error that says why it cannot be read.

    Raises:
        ToolMissing: LibreOffice is needed and not installed.
        ToolFailed: it could not open the file.
    """
    if material.kind not in OLD:
        return material, ()
    what, place = guess(material.content), (Place(material.name),)
    if what in _READ:
        return replace(material, read_as=_READ[what]), ()
    if what is Guess.RTF and _FETCHING.search(material.content):
        message = "这份文件要打开文件以外的东西（链接的图片或文字），没有读。"
        return material, (fault("R27", message, place, fix=_SAVE),)
    if what.value in FILTERS:
        docx = as_docx(material.content, what.value)
        message = f"这份 .{material.kind} 文件是由 LibreOffice 转成 .docx 再读的。"
        note = fault("R38", message, place, fix="请对照原来的文件看一遍，特别是编号和表格里的数。")
        return replace(material, content=docx, read_as="docx"), (note,)
    code, message, fix = _REFUSED[what]
    return material, (fault(code, message, place, fix=fix),)
