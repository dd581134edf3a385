"""What several commands make of their arguments."""

from argparse import Namespace
from dataclasses import replace
from datetime import date
from pathlib import Path

from reportgen.pipeline import Supplies
from reportgen.problems import Exit, Failure, FileTrouble
from reportgen.store import workspace


class Usage(Failure):
    """The command's words contradict each other."""

    exit_code = Exit.USAGE


def supplies(options: Namespace, *, templates: bool = True) -> Supplies:
    """The forms, the Word templates unless told otherwise, and today's date."""
    gathered = workspace.supplies(options.templates, templates=templates)
    return replace(gathered, today=date.today())


def read_pdf(path: Path) -> bytes:
    """A PDF's bytes.

    Raises:
        FileTrouble: it cannot be read or is no PDF.
    """
    content = workspace.read_bytes(path)
    if b"%PDF-" not in content[:1024]:  # where readers look for it
        raise FileTrouble(f"{path} 不是 PDF 文件。")
    return content
