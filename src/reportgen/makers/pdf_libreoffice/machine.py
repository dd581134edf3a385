"""What this machine has for making PDFs, in sentences for ``doctor``; and getting what is missing."""

from collections.abc import Iterator

from reportgen.makers.pdf_libreoffice.copies import Say, make_copies, to_copy
from reportgen.makers.pdf_libreoffice.fetching import fetch
from reportgen.makers.pdf_libreoffice.fonts import (
    FACES,
    LXGW,
    NOTO,
    spares,
    stand_ins,
    uses_fontconfig,
    way_to_fix,
)
from reportgen.makers.pdf_libreoffice.office import find_soffice, missing, version


def examine_machine() -> tuple[tuple[str, bool, str], ...]:
    """Each thing needed, whether it is in order, and a sentence about it. Starts LibreOffice for its version.

    What to do about a missing thing is not part of it: ``missing`` says that, once.
    """
    return (_office(), *_faces(), *_rest())


def prepare(say: Say) -> None:
    """Make the TrueType copies of the fonts, the first time that a PDF can be made; costs nothing later."""
    if not missing():
        make_copies(say)


def get_missing(say: Say) -> None:
    """Get the fonts that are missing, because a person asked for it; nothing else is installed."""
    fetch(say)


def _office() -> tuple[str, bool, str]:
    soffice = find_soffice()
    if soffice is None:
        return "LibreOffice", False, "没有找到"
    said = version(soffice)
    if not said:
        return "LibreOffice", False, f"{soffice} 不能运行，请重新安装"
    return "LibreOffice", True, f"{said}（{soffice}）"


def _faces() -> Iterator[tuple[str, bool, str]]:
    drawn = {each.official: each for each in stand_ins()}
    for face in FACES:
        each = drawn.get(face.official)
        stand_in = face.file.partition(".")[0]
        if each is None and not uses_fontconfig():
            yield (
                face.official,
                True,
                "由本机系统提供；没有装的，请向办公室索取安装。生成后会核对 PDF 里的字体。",
            )
        elif each is None:
            yield face.official, False, f"没有装，也没有可以代替它的 {stand_in}"
        elif each.is_official:
            yield face.official, True, f"用本单位的字体 {each.file}"
        else:
            yield face.official, True, f"没有装，用同一风格的 {stand_in} 代替（{each.file}）"


def _rest() -> Iterator[tuple[str, bool, str]]:
    """The fonts for what the faces lack, and whether the faces have their copies."""
    found = dict(spares())
    if not uses_fontconfig():
        yield "生僻字", True, "由本机系统提供"
        return
    kai = f"；楷体先用 {LXGW.family}（{found[LXGW]}）" if LXGW in found else ""
    yield "生僻字", NOTO in found, f"用 {NOTO.family}（{found[NOTO]}）{kai}" if NOTO in found else "没有字体"
    if lacking := to_copy():
        names = "、".join(file.stem for file in lacking)
        yield (
            "TrueType 副本",
            True,
            f"还没有 {names} 的，就用原字体，同一份年报的 PDF 字节可能不尽相同。{way_to_fix()}，做好副本",
        )
