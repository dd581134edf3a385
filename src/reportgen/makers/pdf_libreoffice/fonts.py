"""Where the fonts are found on this machine: the office's own, those that stand in for them, and the spare.

Without them LibreOffice prints Noto Sans CJK *JP* for every family it lacks, in silence. They are looked for
in the folder that ``REPORTGEN_FONTS`` names, this user's folder, the folders of every user, and where
systems put these fonts; once a process, until ``forget`` is called.
"""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import platformdirs

from reportgen import itself
from reportgen.makers.pdf_libreoffice.outlines import copy_name
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
class Spare:
    """A free font for the characters that the faces lack.

    Attributes:
        family: its family.
        files: names of its file, any of which will do.
        printed: how its names in a PDF begin.
        beside: a file of the same family with another weight.
        only: the official family that it fills in for; empty for all of them.
    """

    family: str
    files: tuple[str, ...]
    printed: str
    beside: str = ""
    only: str = ""


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
            *("SimHei", "方正黑体_GBK", "方正黑体简体", "华文黑体", "STHeiti"),
            *("微软雅黑", "Microsoft YaHei", "等线"),
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

LXGW = Spare("LXGW WenKai", ("LXGWWenKai-Regular.ttf",), "LXGWWenKai", only="楷体_GB2312")
NOTO = Spare(
    "Noto Serif CJK SC",
    ("NotoSerifCJK-Regular.ttc", "NotoSerifCJKsc-Regular.otf"),
    "NotoSerif",
    beside="NotoSerifCJK-Bold.ttc",
)
SPARES = (LXGW, NOTO)
"""Draw the characters that the faces lack (㎡, ℃, 喆, 䶮 …), the first that has one."""


# ── folders of fonts and caches on each system: for this user, and for all users ──────────────────────

_NAME = "reportgen"
_FONTS = "fonts"


def font_folders() -> tuple[Path, ...]:
    """The folders of fonts for this program; they may be absent.

    This user's come first, then those of every user, then what came with the program. For this user
    ``~/.local/share/reportgen/fonts`` (or under ``XDG_DATA_HOME``), for every user
    ``/usr/local/share/reportgen/fonts`` and ``/usr/share/reportgen/fonts`` (or under ``XDG_DATA_DIRS``); on
    Windows under ``%LOCALAPPDATA%`` and ``%PROGRAMDATA%``.
    """
    user = user_fonts()
    return (*((user,) if user else ()), *_system_fonts(), Path(sys.prefix) / "share" / _NAME / _FONTS)


def user_fonts() -> Path | None:
    """This user's folder of fonts, which may not exist yet; None where the user has no home."""
    home = _of_user(platformdirs.user_data_path)
    return home / _FONTS if home else None


def system_fonts() -> Path:
    """The folder of fonts for all users, which may not exist yet: the usual one, if the system names it."""
    named = _system_fonts()
    usual = Path("/usr/local/share") / _NAME / _FONTS
    return usual if usual in named else named[0]


def font_place() -> Path | None:
    """Where fonts can be put: for every user where we may, else for this one; None where we may do neither.

    Nothing is made by asking.
    """
    places = (system_fonts(), user_fonts())
    return next((place for place in places if place and _may_write(place)), None)


def cache_folder() -> Path | None:
    """A writable folder for caches; None where there is none."""
    folder = _of_user(platformdirs.user_cache_path)
    if folder is None:
        return None
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder if os.access(folder, os.W_OK) else None


def _system_fonts() -> tuple[Path, ...]:
    every = platformdirs.site_data_dir(_NAME, appauthor=False, multipath=True)
    return tuple(Path(each) / _FONTS for each in every.split(os.pathsep))


def _of_user(folder: Callable[..., Path]) -> Path | None:
    """A folder of this user; None for one whom the system does not know and who has no ``HOME``."""
    with suppress(RuntimeError):
        found = folder(_NAME, appauthor=False)
        return found if found.is_absolute() else None
    return None


def _may_write(folder: Path) -> bool:
    """True if a folder can be written to, or made."""
    for place in (folder, *folder.parents):
        with suppress(OSError):
            if place.exists():
                return place.is_dir() and os.access(place, os.W_OK | os.X_OK)
    return False


# ── which font there is for which family ──────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class StandIn:
    """What is drawn for an official family: ``family`` from ``file``; equal families mean the font itself.

    ``source`` is the font as its makers gave it: ``file`` itself, or what ``file`` is a TrueType copy of.
    """

    official: str
    family: str
    file: Path
    source: Path

    @property
    def is_official(self) -> bool:
        """True if the office's own font is used."""
        return self.official == self.family


COPIES = "truetype"
"""The folder of TrueType copies, in a folder of fonts."""

_SYSTEM = tuple(
    Path("/usr/share") / each
    for each in (
        "texlive/texmf-dist/fonts/opentype/public/fandol",
        "texmf/fonts/opentype/public/fandol",
        *("fonts/fandol", "fonts/opentype/fandol"),
        *("fonts/opentype/noto", "fonts/noto-cjk", "fonts/google-noto-serif-cjk-fonts"),
        *("fonts/truetype/lxgw-wenkai", "fonts/lxgw-wenkai", "fonts/lxgw-wenkai-fonts"),
    )
)

_FREE = ("Fandol", "LXGWWenKai", "NotoSerif", "NotoSans")
"""How the files of free fonts begin, none of which is an office's own."""

_SUFFIXES = (".ttf", ".otf", ".ttc")
_ENVIRONMENT = ("REPORTGEN_FONTS", "XDG_DATA_HOME", "XDG_DATA_DIRS", "HOME", "LOCALAPPDATA", "PROGRAMDATA")


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found: the stand-ins, the spare fonts, and the file of every licensed family."""

    stand_ins: tuple[StandIn, ...]
    spares: tuple[tuple[Spare, Path], ...]
    licensed: Mapping[str, Path]


def stand_ins() -> tuple[StandIn, ...]:
    """What is drawn for each official family; a family with nothing to draw it is absent."""
    return _found().stand_ins


def spares(official: str = "") -> tuple[tuple[Spare, Path], ...]:
    """The spare fonts on this machine for what a family's face lacks, in their order, each with its file.

    Args:
        official: an official family; without one, all spare fonts.
    """
    return tuple(each for each in _found().spares if official in ("", each[0].only) or not each[0].only)


def licensed() -> Mapping[str, Path]:
    """Families of the office's own fonts, with their files: from every folder but the system's."""
    return _found().licensed


def printed_as_spare() -> tuple[str, ...]:
    """How the names of the spare fonts on this machine begin in a PDF."""
    return tuple(spare.printed for spare, _ in spares())


def font_file(name: str) -> Path | None:
    """The file of a free font by its name, as its makers gave it; None where it is not there."""
    return _file(_trees(), name)


def forget() -> None:
    """Look again when next asked: fonts were added."""
    _look.cache_clear()


def own_folder() -> Path | None:
    """The office's folder of fonts (``REPORTGEN_FONTS``); None where none is named."""
    named = os.environ.get("REPORTGEN_FONTS", "")
    return Path(named).absolute() if named and seems_folder(Path(named)) else None


def named_in_vain() -> str:
    """A Chinese sentence where ``REPORTGEN_FONTS`` names no folder; empty otherwise."""
    named = os.environ.get("REPORTGEN_FONTS", "")
    if not named or own_folder():
        return ""
    return f"环境变量 REPORTGEN_FONTS 指的文件夹不存在：{named}。请改正，或去掉这个变量。"


def uses_fontconfig() -> bool:
    """True where LibreOffice asks fontconfig; elsewhere only installed fonts count."""
    return sys.platform not in ("win32", "darwin")


def _found() -> _Found:
    return _look(tuple(os.environ.get(name, "") for name in _ENVIRONMENT))


@lru_cache(maxsize=4)
def _look(_environment: tuple[str, ...]) -> _Found:
    trees = _trees()
    own = _families([file for tree in trees for name, file in tree.items() if not name.startswith(_FREE)])
    found = []
    for face in FACES:
        if mine := own.get(face.official):
            found.append(StandIn(face.official, face.official, mine, mine))
        elif source := _file(trees, face.file):
            found.append(StandIn(face.official, face.free, _copy(trees, source) or source, source))
    rest = tuple((spare, file) for spare in SPARES if (file := _file(trees, *spare.files)))
    return _Found(tuple(found), rest, own)


def _trees() -> list[Mapping[str, Path]]:
    """The readable font files under each of our folders, by name."""
    own = own_folder()
    return [_tree(folder) for folder in (*((own,) if own else ()), *font_folders())]


def _tree(folder: Path) -> dict[str, Path]:
    found: dict[str, Path] = {}
    with suppress(OSError):  # what may not be seen is not there
        for file in sorted(folder.rglob("*")):
            if file.suffix.lower() in _SUFFIXES and seems_file(file) and os.access(file, os.R_OK):
                found.setdefault(file.name, file)
    return found


def _file(trees: Iterable[Mapping[str, Path]], *names: str) -> Path | None:
    ours = (tree[name] for tree in trees for name in names if name in tree)
    systems = (folder / name for folder in _SYSTEM for name in names if seems_file(folder / name))
    return next(ours, None) or next(systems, None)


def _copy(trees: Iterable[Mapping[str, Path]], source: Path) -> Path | None:
    """The TrueType copy of a font; None where none was made."""
    try:
        name = copy_name(source)
    except OSError:
        return None
    return next((tree[name] for tree in trees if name in tree), None)


def _families(files: list[Path]) -> dict[str, Path]:
    if not files:
        return {}
    from fontTools.ttLib import TTLibError

    found: dict[str, Path] = {}
    for file in files:
        with suppress(TTLibError, OSError):
            for name in names_in(file):
                found.setdefault(name, file)
    return found


@lru_cache(maxsize=64)
def names_in(file: Path) -> frozenset[str]:
    """Every family, full and PostScript name of a font file, in every language."""
    from fontTools.ttLib import TTCollection, TTFont

    is_collection = file.suffix.lower() == ".ttc"
    # Opened here, since fontTools would leave a file open that is no font.
    with (
        file.open("rb") as content,
        TTCollection(content, lazy=True) if is_collection else TTFont(content, lazy=True) as opened,
    ):
        fonts = opened.fonts if is_collection else [opened]
        records = [each for font in fonts for each in font["name"].names if each.nameID in (1, 4, 6, 16)]
        return frozenset(str(record.toUnicode(errors="replace")) for record in records)


def fonts_missing() -> str:
    """A Chinese sentence naming the fonts to install; empty when all are there or the system decides.

    The fonts for characters that only one family lacks are not asked for: the others have them, too.
    """
    if not uses_fontconfig():
        return ""
    if sentence := named_in_vain():
        return sentence
    lacking = [*_faces_missing(), *([] if NOTO in dict(spares()) else ["生僻字"])]
    if not lacking:
        return ""
    return (
        f"缺少字体：{'、'.join(lacking)}。"
        f"{way_to_fix()}，取得免费的替代字体（放在 {font_place() or system_fonts()}）；"
        "或用环境变量 REPORTGEN_FONTS 指明字体所在的文件夹。"
    )


def way_to_fix() -> str:
    """A clause in Chinese: who can get the free fonts, and by which command."""
    if font_place():
        return f"请运行 {itself.command()} doctor --fix"
    return f"请管理员运行 {itself.command(anywhere=True)} doctor --fix"


def _faces_missing() -> Iterator[str]:
    have = {each.official for each in stand_ins()}
    return (face.official for face in FACES if face.official not in have)
