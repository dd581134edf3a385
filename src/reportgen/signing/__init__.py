"""Signing: where the seal goes in a finished PDF, the empty signature field there, signing and verifying.

An adapter that stands below the makers, so that the maker of the PDF can end with the field. What needs
pyHanko (``credentials``, ``filling``, ``permission``, ``verifying``) is imported by the commands only, since
that takes over a second; the field of every PDF is made without it.
"""

import logging
from importlib.util import find_spec

MARK = "（已签名）"
"""What is added to a PDF's name when it is signed."""

for _name in ("pyhanko", "pyhanko_certvalidator"):
    # What they would tell the screen is told in Chinese, once.
    logging.getLogger(_name).addHandler(logging.NullHandler())


def missing() -> str:
    """What to install before a PDF can be signed or verified; empty when all is there."""
    if find_spec("pyhanko"):
        return ""
    return "没有安装签名用的 pyHanko。请在本项目的文件夹里运行：pip install '.[sign]'"
