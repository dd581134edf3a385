"""One command a file, by its name: a click command, what it takes and what it does.

The folder is listed, nothing is registered. A command's file imports at its top what its arguments need,
and the rest when it works: help lists every command, and ``build`` starts LibreOffice first.
"""

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reportgen.commands.usage import Command

SHARED = frozenset({"judging", "options", "outcomes", "progress", "roots", "telling", "usage"})
"""The modules of this folder that are no commands: what several of them share."""


def names() -> list[str]:
    """The names of all commands, as they are typed, in order."""
    found = (module.name for module in iter_modules(__path__))
    return [name.replace("_", "-") for name in sorted(found) if name not in SHARED]


def command(name: str) -> "Command":
    """The command of a name that ``names`` gives; only its module is imported, since a clerk waits."""
    module = name.replace("-", "_")
    found: Command = getattr(import_module(f"{__name__}.{module}"), module)
    return found
