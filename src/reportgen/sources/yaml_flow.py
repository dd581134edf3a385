"""Brackets as clerks type them: ``{自然人：25，商业企业:1}``, mended to what YAML reads."""

import re
from collections.abc import Callable

QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'")
"""A quoted text on one line."""

_WORD = re.compile(r"([^\s，,：:{}\[\]｛｝［］\"']{1,60})(\s*：\s*|:(?=[^\s/]))")
_COMMA = re.compile(r"，\s*(?=[^\s，,：:{}]{1,60}\s*[:：]|$)")
_SIGNS = str.maketrans("｛｝［］", "{}[]")

OPENING = ("{", "[", "｛", "［")


def mended_flow(value: str, known: Callable[[str], bool]) -> str:
    """The value with half-width brackets, and with commas and colons as YAML needs them around known words.

    What stands in quotes is left alone, and so is every sign that belongs to no known word.
    """
    pieces, at = [], 0
    for quoted in QUOTED.finditer(value):
        pieces += [_mended(value[at : quoted.start()], known), quoted[0]]
        at = quoted.end()
    return "".join([*pieces, _mended(value[at:], known)])


def depth(value: str) -> int:
    """How many brackets the value opens that it does not end; negative where it ends earlier ones."""
    bare = QUOTED.sub("", value)
    return sum(bare.count(sign) for sign in "{[") - sum(bare.count(sign) for sign in "}]")


def _mended(value: str, known: Callable[[str], bool]) -> str:
    value = _COMMA.sub(", ", value.translate(_SIGNS))
    return _WORD.sub(lambda found: f"{found[1]}: " if known(found[1]) else found[0], value)
