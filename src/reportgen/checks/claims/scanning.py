"""Finding the phrases of the table in a sentence, fast.

At each character only those phrases are tried that can begin with it.
"""

import re
from collections.abc import Iterator
from functools import cache

from reportgen.checks.claims.phrases import OF, PHRASES

_SPECIAL = re.compile(r"\(\?(?P<look><?[!=])|\((?:\?:)?|\[(?P<set>[^\]]*)\]|\\(?P<escaped>.)|(?P<plain>.)")
_REPEAT = re.compile(r"(?P<none>[?*])|\+|\{\d+,?\d*\}")


def starts(pattern: str) -> frozenset[str]:
    """The characters that a match of a pattern may begin with.

    Knows literals, ``[…]``, groups, ``|``, looking around, and repeats: what the table of phrases uses.
    """
    found, _, _ = _alternatives(pattern, 0)
    return frozenset(found)


def _alternatives(pattern: str, at: int) -> tuple[set[str], bool, int]:
    """First characters of a group, whether it may be empty, and the index of its end."""
    found: set[str] = set()
    empty = False
    while True:
        first, nothing, at = _sequence(pattern, at)
        found |= first
        empty |= nothing
        if at >= len(pattern) or pattern[at] == ")":
            return found, empty, at
        at += 1


def _sequence(pattern: str, at: int) -> tuple[set[str], bool, int]:
    found: set[str] = set()
    empty = True
    while at < len(pattern) and pattern[at] not in "|)":
        first, nothing, at = _atom(pattern, at)
        repeat = _REPEAT.match(pattern, at)
        if repeat:
            at = repeat.end()
            nothing |= bool(repeat["none"])
        if empty:
            found |= first
            empty = nothing
    return found, empty, at


def _atom(pattern: str, at: int) -> tuple[set[str], bool, int]:
    special = _SPECIAL.match(pattern, at)
    if special is None or special["escaped"]:
        raise ValueError(pattern[at:])
    if special["plain"]:
        return set(special["plain"]), False, special.end()
    if special["set"]:
        return set(special["set"]), False, special.end()
    first, nothing, end = _alternatives(pattern, special.end())
    return (set(), True, end + 1) if special["look"] else (first, nothing, end + 1)


_FIRST = {phrase.key: starts(phrase.pattern) for phrase in PHRASES}
"""The characters that each phrase may begin with."""
_WITH_OBJECT = frozenset(phrase.key for phrase in PHRASES if phrase.has_object)
_OF = re.compile(OF)
_START = re.compile(f"[{''.join(sorted(frozenset().union(*_FIRST.values())))}#]")


@cache
def _beginning_with(char: str) -> re.Pattern[str]:
    """The phrases that may begin with a character, in the order of the table.

    Made when a sentence first has the character: a short report needs few of them, and a clerk waits.
    """
    fitting = (each for each in PHRASES if char in _FIRST[each.key])
    return re.compile("|".join(f"(?P<{each.key}>{each.pattern})" for each in fitting))


def scan(words: str) -> Iterator[tuple[str, int, int]]:
    """Phrases (by key) and counts (as ``#``) in order, with their spans; what stands first is taken first."""
    at = _START.search(words)
    while at:
        start, end = at.span()
        found = _beginning_with(at[0]).match(words, start) if at[0] != "#" else at
        if found:
            key, end = found.lastgroup or "#", found.end()
            behind = _OF.match(words, end) if key in _WITH_OBJECT else None
            end = behind.end() if behind else end
            yield key, start, end
        at = _START.search(words, end)
