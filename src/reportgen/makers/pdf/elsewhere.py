"""A PDF that another program printed of the same Word file: whether it can be taken, and what it may claim.

A person printed it with WPS or Word and chose it. It is proved like our own, word for word in both
directions; but what only its maker can give (PDF/A, tags, the names of fonts) is told and not demanded, and
what it does not claim itself, we do not claim for it.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String

from reportgen.makers import Fonts, Maker, Order
from reportgen.makers.pdf.reading import Contents
from reportgen.problems import FileTrouble, Finding, Level
from reportgen.signing.bounds import ensure_bounded
from reportgen.signing.field import FIELD

_AGAIN = "请用 WPS 或 Word 打开这份 Word 文件，什么都不改，重新输出为 PDF，再试。"
_QUIET = frozenset({"/Link", "/Widget"})
"""Annotations that print no words of their own."""

_RUNNING = frozenset({"/JavaScript", "/Launch"})
_FEWEST = 20
"""Characters on all pages; with fewer it is a scan."""

_MANY = 8
"""So many stretches of words that differ are of another file."""

_STYLES = re.compile(r"[,-](?:Bold|Italic|BoldItalic|Regular|BoldMT)$")


def maker_of(pdf: bytes) -> Maker:
    """What gives a PDF that is there already, under the name of the program that printed it.

    Raises:
        FileTrouble: it cannot be taken, whatever it was printed from.
    """
    try:
        with pikepdf.open(io.BytesIO(pdf), attempt_recovery=False) as document:
            _ensure_takeable(document)
            info = document.docinfo
            name = str(info.get("/Producer", "")) or str(info.get("/Creator", "")) or "别的程序"
    except pikepdf.PasswordError as error:
        raise FileTrouble("没有采用这份 PDF：它有密码。请不设密码重新输出为 PDF。") from error
    except (pikepdf.PdfError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise FileTrouble("没有采用这份 PDF：它不完整，或者已经损坏。请重新输出为 PDF。") from error
    ensure_bounded(pdf)
    _ensure_words(pdf)
    return Maker(name, "docx", "pdf", make=lambda _: pdf, fonts=Fonts, clean_only=True, elsewhere=True)


def _ensure_takeable(document: Pdf) -> None:
    """See that a PDF has nothing that must not be changed, that runs, or that prints what nobody reads.

    Raises:
        FileTrouble: it has.
    """
    if document.is_encrypted:
        raise FileTrouble("没有采用这份 PDF：它有密码，或者限制了编辑。请不设密码重新输出为 PDF。")
    form = document.Root.get("/AcroForm", Dictionary())
    fields = [each for each in form.get("/Fields", Array()) if each.get("/FT") == Name.Sig]
    if any("/V" in each for each in fields):
        raise FileTrouble("没有采用这份 PDF：它已经签过名，再改就无效了。请用没有签过名的那一份。")
    if any(str(each.get("/T", "")) == FIELD for each in fields):
        raise FileTrouble(
            "没有采用这份 PDF：它是 reportgen 生成或采用过的，不用再采用。请用 WPS、Word 输出的原样。"
        )
    if _runs(document):
        raise FileTrouble("没有采用这份 PDF：打开它会运行程序。" + _AGAIN)
    for number, page in enumerate(document.pages, start=1):
        kinds = {str(each.get("/Subtype")) for each in page.obj.get("/Annots", Array())}
        if kinds - _QUIET:
            raise FileTrouble(f"没有采用这份 PDF：第 {number} 页有批注或图章。请去掉它们，重新输出为 PDF。")


def _runs(document: Pdf) -> bool:
    root = document.Root
    opening = root.get("/OpenAction")
    acts = isinstance(opening, Dictionary) and str(opening.get("/S")) in _RUNNING
    return acts or "/AA" in root or "/JavaScript" in root.get("/Names", Dictionary())


def _ensure_words(pdf: bytes) -> None:
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        count = sum(page.get_textpage().count_chars() for page in document)
    finally:
        document.close()
    if count < _FEWEST:
        raise FileTrouble(
            "没有采用这份 PDF：它是扫描的，里面没有文字，没法和 Word 文件核对。"
            "请从 Word 文件直接输出为 PDF，不要打印后扫描。"
        )


# ── what it says of itself ───────────────────────────────────────────────────────────────────────────


def prepare(document: Pdf, order: Order) -> None:
    """Name title and author as the report has them; the date of a change of ours is not a maker's."""
    info = document.docinfo
    info["/Title"], info["/Author"] = String(order.words.title), String(order.words.author)
    if "/ModDate" in info:
        del info["/ModDate"]


def made_on(document: Pdf) -> datetime | None:
    """When it says that it was made; None where it does not, or in no way that can be read."""
    said = str(document.docinfo.get("/CreationDate", ""))
    found = re.match(r"D:(\d{14})(?:([+-]\d\d)'?(\d\d)|Z)?", said)
    if not found:
        return None
    zone = f"{found[2]}{found[3]}" if found[2] else "+0000" if said.endswith("Z") else "+0800"
    try:
        return datetime.strptime(f"{found[1]}{zone}", "%Y%m%d%H%M%S%z")
    except ValueError:
        return None


# ── how it is judged ─────────────────────────────────────────────────────────────────────────────────


def judged(findings: Sequence[Finding], found: Contents, order: Order, known: Sequence[str]) -> list[Finding]:
    """What was found in such a PDF, with what is asked of it and the way out that helps here.

    Args:
        findings: as for a PDF of our own making.
        found: what it holds.
        order: of the report.
        known: names of the official fonts in a PDF.
    """
    apart = [each for each in findings if each.code in ("P02", "P11")]
    others = [each for each in findings if each.code not in ("P02", "P04", "P11")]
    told = [each for finding in others for each in _eased(finding, found)]
    told += _fonts([each for each in findings if each.code == "P04"], known)
    if len(apart) >= _MANY:
        told.insert(0, _of_another(apart))
    else:
        told = [*(replace(each, fix=_AGAIN) for each in apart), *told]
    return [*told, *_pictures(found, order)]


def _fonts(findings: Sequence[Finding], known: Sequence[str]) -> Iterator[Finding]:
    """One finding for all fonts that are none of the prescribed ones; their styles are names of their own."""
    names = "、".join(each.found for each in findings if _STYLES.sub("", each.found) not in known)
    if names:
        yield replace(
            findings[0],
            level=Level.WARNING,
            message=f"PDF 用了规定以外的字体：{names}。",
            found=names,
            fix="请看 Word 文件里有没有别的字体，这台电脑上有没有装规定的字体；有意用的，不用改。",
        )


def _eased(finding: Finding, found: Contents) -> Iterator[Finding]:
    """A finding as it counts for a file of another program; none where nothing is demanded."""
    if finding.code == "P03":
        fix = "请在输出 PDF 的选项里选嵌入字体，重新输出。"
        yield replace(finding, fix=fix)
    elif finding.code == "P05":
        if not found.pdfa:
            fix = "要长期保存的，请在输出 PDF 的选项里选 PDF/A（Word 里是“符合 PDF/A”），重新输出。"
            message = "这份 PDF 不是 PDF/A，清单里照实写明。"
            yield replace(
                finding, level=Level.WARNING, message=message, expected="PDF/A", found="普通 PDF", fix=fix
            )
    elif finding.code == "P07":
        fix = "要方便读屏软件的，请由 reportgen 生成 PDF。"
        yield replace(finding, level=Level.NOTE, fix=fix)
    elif finding.code == "P08":
        fix = "要让读的人跳到各部分的，请在输出 PDF 的选项里选书签（大纲），重新输出。"
        yield replace(finding, level=Level.NOTE, fix=fix)
    else:
        yield finding


def _of_another(apart: Sequence[Finding]) -> Finding:
    first = apart[0]
    return Finding(
        "P12",
        Level.ERROR,
        f"这份 PDF 不是由这份 Word 文件印的：有 {len(apart)} 处以上对不上，如：{first.message}",
        first.places,
        expected="与 Word 文件一字不差",
        found=f"{len(apart)} 处以上不同",
        fix=_AGAIN,
    )


def _pictures(found: Contents, order: Order) -> Iterator[Finding]:
    """Words in a picture are read by nobody."""
    with zipfile.ZipFile(io.BytesIO(order.made["docx"])) as package:
        drawn = any("/media/" in name for name in package.namelist())
    if found.pictures and not drawn:
        message = f"PDF 里有 {found.pictures} 个图片，Word 文件里没有：图片里的字没有核对。"
        yield Finding(
            "P13",
            Level.ERROR,
            message,
            expected="没有图片",
            found=f"{found.pictures} 个图片",
            fix="请看 PDF 里是不是有水印或截图；去掉后重新输出为 PDF。",
        )


def conformance(found: Contents) -> tuple[int, str]:
    """Part and letter of the PDF/A that it claims itself; ``(0, "")`` where it claims none."""
    said: Any = re.fullmatch(r"([1-4])([ABUEF])", found.pdfa)
    return (int(said[1]), said[2]) if said else (0, "")
