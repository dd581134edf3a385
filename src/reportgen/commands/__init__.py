"""What each command does: workspace in, pipeline, workspace out, and the words on the screen."""

from argparse import Namespace
from collections.abc import Callable, Mapping

from reportgen.commands.asking import doctor, rules
from reportgen.commands.judging import build, check
from reportgen.commands.starting import new, read

COMMANDS: Mapping[str, Callable[[Namespace], int]] = {
    "new": new,
    "read": read,
    "check": check,
    "build": build,
    "rules": rules,
    "doctor": doctor,
}
