"""Finding the phrases of the table in a sentence, fast.

At each character only those phrases are tried that can begin with it.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from reportgen.checks.claims.phrases import OF, phrases_of
from reportgen.model.form import Form

_SPECIAL = re.compile(r"\(\?(?P<look><?[!=])|\((?:\?:)?|\[(?P<set>[^\]]*)\]|\\(?P<escaped>.)|(?P<plain>.)")
_CLASSES = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
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
    literal = special and (special["plain"] or (special["escaped"] or "").strip(_CLASSES))
    if special is None or (special["escaped"] and not literal):
        raise ValueError(pattern[at:])
    if literal:
        return set(literal), False, special.end()
    if special["set"]:
        return set(special["set"]), False, special.end()
    first, nothing, end = _alternatives(pattern, special.end())
    return (set(), True, end + 1) if special["look"] else (first, nothing, end + 1)


_OF = re.compile(OF)


class _Scanner(dict[str, re.Pattern[str]]):
    """The phrases of one form that may begin with a character, in the order of the table, by character.

    Made when a sentence first has the character: a short report needs few of them, and a clerk waits.
    """

    def __init__(self, form: Form) -> None:
        super().__init__({"#": re.compile("#")})
        self._phrases = phrases_of(form)
        self._first = {key: starts(phrase.pattern) for key, phrase in self._phrases.items()}
        self.start = re.compile(f"[{''.join(sorted(frozenset().union(*self._first.values())))}#]")
        self.with_object = frozenset(key for key, phrase in self._phrases.items() if phrase.has_object)

    def __missing__(self, char: str) -> re.Pattern[str]:
        fitting = (phrase for key, phrase in self._phrases.items() if char in self._first[key])
        self[char] = re.compile("|".join(f"(?P<{each.key}>{each.pattern})" for each in fitting))
        return self[char]


_scanner = lru_cache(maxsize=8)(_Scanner)


def scan(words: str, form: Form) -> Iterator[tuple[str, int, int]]:
    """Phrases (by key) and counts (as ``#``) in order, with their spans; what stands first is taken first."""
    scanner = _scanner(form)
    start_of, with_object = scanner.start.search, scanner.with_object
    at = start_of(words)
    while at:
        start, end = at.span()
        found = scanner[at[0]].match(words, start)
        if found:
            key, end = found.lastgroup or "#", found.end()
            behind = _OF.match(words, end) if key in with_object else None
            end = behind.end() if behind else end
            yield key, start, end
        at = start_of(words, end)
