"""What each command does: workspace in, pipeline, workspace out, and the words on the screen."""

from argparse import Namespace
from collections.abc import Callable, Mapping
from importlib import import_module

COMMANDS: Mapping[str, str] = {
    "new": "starting",
    "read": "starting",
    "check": "judging",
    "build": "judging",
    "seal-place": "placing",
    "sign": "signing",
    "verify": "signing",
    "archive": "archiving",
    "rules": "asking",
    "doctor": "doctor",
}
"""The module whose function of the same name does the command. Only that one is imported: a clerk waits."""


def command(name: str) -> Callable[[Namespace], int]:
    """The function that does a command."""
    module = import_module(f"{__name__}.{COMMANDS[name]}")
    function: Callable[[Namespace], int] = getattr(module, name.replace("-", "_"))
    return function
