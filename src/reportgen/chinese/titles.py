"""What the title of a report tells: whose it is, and of which year."""

import re

from reportgen.chinese.numerals import DIGITS, ZEROS, arabic

_YEAR = re.compile(rf"(20\d\d|二[{ZEROS}][{DIGITS}]{{2}})年")
_ORGAN_END = re.compile(r"(?:[局厅委部院署处所社会中心站队司校馆团]|政府|办公室|[银分支]行)$")
"""办事处, 委员会 and 办公厅 are among them by their last sign. No other 行: 自行 and 进行 end no name."""


def years_in(title: str) -> tuple[str, ...]:
    """The years that a title names, in Arabic digits."""
    return tuple(arabic(found[1]) for found in _YEAR.finditer(title))


def organ_in(title: str) -> str:
    """The organ that a title names, before its year or between year and 信息公开; empty for none."""
    year = _YEAR.search(title)
    before = title[: year.start()] if year else re.split("政府信息公开|信息公开", title)[0]
    if before or not year:
        return before.removeprefix("关于").removesuffix("关于").strip("（(")
    after = re.match(r"度?(.*?)(?:政府)?信息公开", title[year.end() :])
    return after[1] if after else ""


def ends_as_organ(name: str) -> bool:
    """True if a name ends as the names of organs do."""
    return bool(_ORGAN_END.search(name))
