"""What this machine has for making PDFs, told for ``doctor``."""

from collections.abc import Iterator

from reportgen.makers.pdf_libreoffice.fonts import (
    FACES,
    FALLBACK_FAMILY,
    fallback,
    fonts_missing,
    own_folder,
    stand_ins,
    uses_fontconfig,
)
from reportgen.makers.pdf_libreoffice.office import find_soffice, office_missing, version


def examine_machine() -> tuple[tuple[str, bool, str], ...]:
    """What was looked at, whether it is good, and a sentence about it. Starts LibreOffice for its version."""
    return (_office(), *_fonts())


def _office() -> tuple[str, bool, str]:
    soffice = find_soffice()
    if soffice is None:
        return "LibreOffice", False, office_missing()
    said = version(soffice)
    if not said:
        return "LibreOffice", False, f"{soffice} 不能运行。请重新安装 LibreOffice。"
    return "LibreOffice", True, f"{said}（{soffice}）"


def _fonts() -> Iterator[tuple[str, bool, str]]:
    drawn = {each.official: each for each in stand_ins()}
    for face in FACES:
        each = drawn.get(face.official)
        if each is None and not uses_fontconfig():
            yield (
                face.official,
                True,
                "由本机系统提供；没有装的，请向办公室索取安装。生成后会核对 PDF 里的字体。",
            )
        elif each is None:
            yield face.official, False, fonts_missing()
        elif each.is_official:
            yield face.official, True, f"用本单位的字体 {each.file}（在 {own_folder()}）"
        else:
            stand_in = face.file.partition(".")[0]
            yield face.official, True, f"没有装，用同一风格的 {stand_in} 代替（{each.file}）"
    back = fallback()
    sentence = f"用 {FALLBACK_FAMILY}（{back.file}）" if back else fonts_missing()
    yield "生僻字", back is not None or not uses_fontconfig(), sentence or "由本机系统提供"
