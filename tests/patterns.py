"""Every pattern of the program, wherever it is held and whenever it is compiled."""

import re
from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import reportgen
from made import gathered
from reportgen.checks.open_government.claims.tokens import lexicon_of
from reportgen.chinese.patterns import compiled


def patterns() -> Iterator[tuple[str, re.Pattern[Any]]]:
    """The patterns of all modules, in tuples and mappings too, and of the lexicon, by names.

    Where a module has patterns compiled when they are asked, each of its own texts counts as one.
    """
    [form, *_] = [each for each in gathered().forms if each.lexicon]
    lexicon = lexicon_of(form).patterns
    for name in lexicon.texts:
        yield name, lexicon[name, "件", "府", "«tail»", "«everywhere»"]
    for info in walk_packages(reportgen.__path__, "reportgen."):
        if info.name.endswith("__main__"):
            continue
        held = vars(import_module(info.name))
        later = compiled in held.values()
        for name, value in held.items():
            yield from ((f"{info.name}.{name}", each) for each in _held(value, 3))
            if later and isinstance(value, str) and not name.startswith("__"):
                yield f"{info.name}.{name}", re.compile(value)


def _held(value: object, deep: int) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif deep and isinstance(value, (tuple, list, frozenset, set)):
        for each in value:
            yield from _held(each, deep - 1)
    elif deep and isinstance(value, dict):
        yield from _held([*value, *value.values()], deep - 1)
