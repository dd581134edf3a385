"""Signing: where the seal goes in a finished PDF, the empty signature field there, signing and verifying.

An adapter that stands below the makers, so that the maker of the PDF can end with the field. What needs
pyHanko (``credentials``, ``filling``, ``permission``, ``verifying``) is imported by the commands only, since
that takes over a second; the field of every PDF is made without it.
"""

import logging
from dataclasses import dataclass
from importlib.util import find_spec

from reportgen import itself

MARK = "（已签名）"
"""What is added to a PDF's name when it is signed."""

for _name in ("pyhanko", "pyhanko_certvalidator"):
    # What they would log to the screen is said in Chinese by us, once.
    logging.getLogger(_name).addHandler(logging.NullHandler())


@dataclass(frozen=True, slots=True)
class Part:
    """Something that signing can do where a package is installed for it.

    Attributes:
        what: what can be done.
        module: what has to be there to be imported.
        package: the package that has it.
        name: what people call that.
    """

    what: str
    module: str
    package: str
    name: str

    @property
    def installed(self) -> str:
        """The version of the package; empty where it is not there."""
        from importlib.metadata import version

        return version(self.package) if find_spec(self.module) else ""


SIGNING = Part("签名和验签", "pyhanko", "pyhanko", "pyHanko")
TOKENS = Part("用 U 盾签名", "pkcs11", "python-pkcs11", "python-pkcs11")
DRAWINGS = Part("用 SVG 的印章图片", "resvg_py", "resvg-py", "resvg-py")
PARTS = (SIGNING, TOKENS, DRAWINGS)


def missing(part: Part = SIGNING) -> str:
    """A Chinese sentence saying what to install before a part of signing can be done; empty when it can."""
    if find_spec(part.module):
        return ""
    return f"没有安装 {part.name}，不能{part.what}。{itself.getting(part.package)}"
