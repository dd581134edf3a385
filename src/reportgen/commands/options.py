"""What several commands make of their arguments."""

from argparse import Namespace
from dataclasses import replace
from datetime import date

from reportgen import workspace
from reportgen.pipeline import Supplies
from reportgen.problems import Exit, Failure


class Usage(Failure):
    """The command's words contradict each other."""

    exit_code = Exit.USAGE


def supplies(options: Namespace, *, templates: bool = True) -> Supplies:
    """The forms, the Word templates unless told otherwise, and today's date."""
    gathered = workspace.supplies(options.templates, templates=templates)
    return replace(gathered, today=date.today())
