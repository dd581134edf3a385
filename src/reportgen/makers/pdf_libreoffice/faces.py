"""Which free face stands in for which official family, and which fonts draw what those lack."""

from dataclasses import dataclass


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
