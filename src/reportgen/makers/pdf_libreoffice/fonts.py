"""Fonts: which free face stands in for which official family, and how LibreOffice is told so.

Without our fontconfig file LibreOffice prints Noto Sans CJK *JP* for every family it lacks, in silence.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from xml.sax.saxutils import escape

from reportgen.makers.pdf_libreoffice.folders import font_folder
from reportgen.paths import seems_file, seems_folder


@dataclass(frozen=True, slots=True)
class Face:
    """An official family and the free face of the same style.

    ``others`` are families of that style which offices also name in their documents.
    """

    official: str
    free: str
    file: str
    weight: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StandIn:
    """What is drawn for an official family: ``family`` from ``file``; equal families mean the font itself."""

    official: str
    family: str
    file: Path

    @property
    def is_official(self) -> bool:
        """True if the office's own font is used."""
        return self.official == self.family


FACES = (
    Face(
        "方正小标宋简体",
        "FandolSong",
        "FandolSong-Bold.otf",
        "bold",
        ("方正小标宋_GBK", "FZXiaoBiaoSong-B05S", "华文中宋", "STZhongsong"),
    ),
    Face(
        "仿宋_GB2312",
        "FandolFang",
        "FandolFang-Regular.otf",
        "regular",
        ("仿宋", "FangSong", "FangSong_GB2312", "方正仿宋_GBK", "方正仿宋简体", "华文仿宋", "STFangsong"),
    ),
    Face(
        "黑体",
        "FandolHei",
        "FandolHei-Regular.otf",
        "regular",
        (
            "SimHei",
            "方正黑体_GBK",
            "方正黑体简体",
            "华文黑体",
            "STHeiti",
            "微软雅黑",
            "Microsoft YaHei",
            "等线",
        ),
    ),
    Face(
        "楷体_GB2312",
        "FandolKai",
        "FandolKai-Regular.otf",
        "regular",
        ("楷体", "KaiTi", "KaiTi_GB2312", "方正楷体_GBK", "方正楷体简体", "华文楷体", "STKaiti"),
    ),
    Face(
        "宋体",
        "FandolSong",
        "FandolSong-Regular.otf",
        "regular",
        ("SimSun", "新宋体", "NSimSun", "方正书宋_GBK", "华文宋体", "STSong", "Times New Roman"),
    ),
)

FALLBACK_FAMILY = "Noto Serif CJK SC"
"""Draws the characters that the faces lack: ㎡, ℃, 喆, 䶮 …"""

FALLBACK_FILES = ("NotoSerifCJK-Regular.ttc", "NotoSerifCJKsc-Regular.otf")

_SYSTEM = (
    "/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol",
    "/usr/share/texmf/fonts/opentype/public/fandol",
    "/usr/share/fonts/fandol",
    "/usr/share/fonts/opentype/fandol",
    "/usr/share/fonts/opentype/noto",
    "/usr/share/fonts/noto-cjk",
    "/usr/share/fonts/google-noto-serif-cjk-fonts",
)


def own_folder() -> Path | None:
    """The office's folder of licensed fonts (``REPORTGEN_FONTS``); None where none is named."""
    named = os.environ.get("REPORTGEN_FONTS", "")
    return Path(named) if named and seems_folder(Path(named)) else None


def uses_fontconfig() -> bool:
    """True where LibreOffice asks fontconfig; elsewhere only installed fonts count."""
    return sys.platform not in ("win32", "darwin")


def _places() -> Iterator[Path]:
    root = font_folder()
    yield root
    with suppress(OSError):  # what may not be seen is not there
        yield from sorted(each for each in root.iterdir() if each.is_dir())
    yield from map(Path, _SYSTEM)


def _file(*names: str) -> Path | None:
    candidates = (folder / name for folder in _places() for name in names)
    return next((file for file in candidates if seems_file(file)), None)


def stand_ins() -> tuple[StandIn, ...]:
    """What is drawn for each official family; a family with nothing to draw it is absent."""
    return _stand_ins(own_folder(), font_folder())


@lru_cache(maxsize=4)
def _stand_ins(own: Path | None, _user: Path) -> tuple[StandIn, ...]:
    licensed = _families_in(own) if own else {}
    found = []
    for face in FACES:
        if mine := licensed.get(face.official):
            found.append(StandIn(face.official, face.official, mine))
        elif file := _file(face.file):
            found.append(StandIn(face.official, face.free, file))
    return tuple(found)


def fallback() -> StandIn | None:
    """The face for rare characters; None where it is not installed."""
    file = _file(*FALLBACK_FILES)
    return StandIn("", FALLBACK_FAMILY, file) if file else None


def _families_in(folder: Path) -> dict[str, Path]:
    from fontTools.ttLib import TTLibError

    found: dict[str, Path] = {}
    for file in sorted(folder.rglob("*")):
        if file.suffix.lower() in (".ttf", ".otf", ".ttc"):
            try:
                names = names_in(file)
            except (TTLibError, OSError):
                continue
            for name in names:
                found.setdefault(name, file)
    return found


@lru_cache(maxsize=64)
def names_in(file: Path) -> frozenset[str]:
    """Every family, full and PostScript name of a font file, in every language."""
    from fontTools.ttLib import TTCollection, TTFont

    is_collection = file.suffix.lower() == ".ttc"
    with TTCollection(file, lazy=True) if is_collection else TTFont(file, lazy=True) as opened:
        fonts = opened.fonts if is_collection else [opened]
        records = [each for font in fonts for each in font["name"].names if each.nameID in (1, 4, 6, 16)]
        return frozenset(str(record.toUnicode(errors="replace")) for record in records)


def fonts_missing() -> str:
    """A Chinese sentence naming the fonts to install; empty when all are there or the system decides."""
    if not uses_fontconfig():
        return ""
    have = {each.official for each in stand_ins()}
    lacking = [face.official for face in FACES if face.official not in have]
    if not lacking and fallback():
        return ""
    names = "、".join([*lacking, *([] if fallback() else ["生僻字（Noto Serif CJK）"])])
    return (
        f"缺少字体：{names}。请运行 make setup 取得免费的替代字体（Fandol 放在 {font_folder()}，"
        "Noto Serif CJK 用 apt install fonts-noto-cjk 安装），"
        "或用环境变量 REPORTGEN_FONTS 指明本单位字体所在的文件夹。"
    )


def fontconfig(cache: Path) -> str:
    """The text of our fontconfig file; ``cache`` is a folder that fontconfig may write to.

    It includes no other file, so that a report looks the same on every machine. Fandol's bold faces say
    that they are of regular weight; that is mended while fontconfig scans them.
    """
    known = stand_ins()
    back = fallback()
    folders = {each.file.parent for each in (*known, *((back,) if back else ()))}
    folders |= {folder for folder in (own_folder(),) if folder}
    lines = [
        '<?xml version="1.0"?>',
        '<!DOCTYPE fontconfig SYSTEM "fonts.dtd">',
        "<fontconfig>",
        *(f"<dir>{escape(str(folder))}</dir>" for folder in sorted(folders)),
        f"<cachedir>{escape(str(cache))}</cachedir>",
        "<selectfont><rejectfont><glob>*/NotoSans*</glob></rejectfont></selectfont>",
        '<match target="scan"><test name="file" compare="contains"><string>Fandol</string></test>'
        '<test name="file" compare="contains"><string>-Bold.otf</string></test>'
        '<edit name="weight" mode="assign"><const>bold</const></edit></match>',
        *_maps(known),
        '<match target="pattern"><edit name="family" mode="append" binding="weak">'
        f"<string>{FALLBACK_FAMILY}</string></edit></match>",
        "</fontconfig>",
    ]
    return "\n".join(lines) + "\n"


def _maps(known: tuple[StandIn, ...]) -> Iterator[str]:
    drawn = {each.official: each for each in known}
    own = own_folder()
    licensed = set(_families_in(own)) if own else set()
    for face in FACES:
        if stand_in := drawn.get(face.official):
            for asked in (face.official, *face.others):
                if asked not in licensed:
                    yield _map(asked, stand_in, face.weight)


def _map(asked: str, stand_in: StandIn, weight: str) -> str:
    return (
        f'<match target="pattern"><test name="family"><string>{escape(asked)}</string></test>'
        '<edit name="family" mode="assign" binding="strong">'
        f"<string>{escape(stand_in.family)}</string><string>{FALLBACK_FAMILY}</string></edit>"
        f'<edit name="weight" mode="assign" binding="strong"><const>{weight}</const></edit></match>'
    )
