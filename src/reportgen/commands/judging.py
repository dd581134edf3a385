"""What ``check`` and ``build`` share: the work on one report after another, whatever is wrong with one."""

import gc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from reportgen.commands.options import READ, listed, supplies
from reportgen.commands.usage import Options
from reportgen.examining import report_of
from reportgen.paths import quoted, seems_folder, shown
from reportgen.pipeline import Material, Outcome, Supplies
from reportgen.problems import FileTrouble
from reportgen.store import workspace
from reportgen.store.disk import refused
from reportgen.store.workspace import Named, with_companions, with_sayings, word_list

Work = Callable[[Material, Supplies], Outcome]
"""What is done with a report."""


class Judging:
    """What all reports of a run share, and the work on one of them.

    Attributes:
        files: those that were meant, in order.
        supplies: what the work on each needs.
    """

    def __init__(self, options: Options, *, templates: bool) -> None:
        """Gather what the options name.

        Raises:
            FileTrouble: a file that they name cannot be read.
        """
        self.files = listed(options.files)
        gathered = supplies(options, templates=templates)
        forms = with_sayings(gathered.forms, options.sayings) if options.sayings else gathered.forms
        words = word_list(options.words) if options.words else ()
        self.supplies = replace(gathered, forms=forms, words=words)
        self._worked = 0
        self._named = Named(
            workspace.material(options.last) if options.last else None,
            workspace.material(options.against) if options.against else None,
            certain=len(self.files) == 1,
        )
        if self._named.last and report_of(self._named.last, self.supplies) is None:
            way = f"reportgen check {quoted(options.last)}"
            raise FileTrouble(f"读不懂去年的年报 {options.last}，请先运行 {way}。")

    def work(self, path: Path, work: Work) -> Outcome:
        """What comes of a file; where it cannot be read, that."""
        try:
            return self._worked_on(path, work)
        except FileTrouble as trouble:
            return failed(path, trouble)
        except OSError as error:
            return failed(path, refused(path, error))

    def _worked_on(self, path: Path, work: Work) -> Outcome:
        if seems_folder(path):
            raise FileTrouble(f"文件夹 {shown(path)} 里没有年报（{READ}）。")
        material = workspace.material(path)
        few_garbage(self._worked)
        self._worked += 1
        return work(material, with_companions(self.supplies, path, material, self._named))


def few_garbage(worked: int) -> None:
    """Look for garbage more rarely, once the first report of several has been worked on."""
    if worked == 1:
        # Forms and rules are there for good: not to look for garbage among them saves a third;
        # and a report leaves none, so that to look every few thousand things is enough.
        gc.freeze()
        gc.set_threshold(20_000)


def failed(path: Path, trouble: FileTrouble) -> Outcome:
    """What comes of a file that cannot be read."""
    return Outcome(Material(shown(path), b""), failures=(trouble,))


def is_word(path: Path) -> bool:
    """True for a Word file, by its name."""
    return path.suffix.lower() == ".docx"
