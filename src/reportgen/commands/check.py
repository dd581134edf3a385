"""``check``: judges reports and makes nothing but, where asked for, a commented copy or a mended file."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.commands.options import batched, flag, judged, listed, option, processes
from reportgen.commands.usage import Options, Usage, command
from reportgen.paths import shown
from reportgen.problems import FileTrouble, still_open

if TYPE_CHECKING:
    from reportgen.commands.judging import Given, Judging
    from reportgen.pipeline import Outcome
    from reportgen.store.workspace import Fixed

_FEW = 200
"""So many files are checked before other processes have started."""


@command(
    "check",
    "检查年报，不生成文件",
    "reportgen check 2025.yaml",
    "reportgen check inputs --json",
    "reportgen check 改过的年报.docx --against 2025.yaml",
)
@judged
@batched
@flag("--fix", says="先把 YAML 里只有一种读法的写法毛病改好，原来的文件另存一份")
@option("--comments", metavar="文件", says="把发现的问题作为批注写进一份 .docx 副本")
def check(options: Options) -> int:
    """Judge files.

    Nothing is made but a commented copy, and no file is changed but by mending it, where asked for.
    """
    from reportgen.batch.work import Work
    from reportgen.commands.judging import Judging, is_word, site
    from reportgen.commands.outcomes import Results
    from reportgen.commands.progress import Progress

    _ensure_one_for_comments(options)
    files = listed(options.files)
    if options.fix:
        _ensure_yaml_to_fix(files)
    judging = Judging(options, files, templates=any(map(is_word, options.files)))
    count = 0 if options.fix else processes(options, len(files), _FEW)
    results = Results(options, len(files), many=bool(count or options.cluster))
    if count == 1 and not (options.seconds or options.cluster):
        count = 0  # one beside this one would do what this one can do, and cost its own beginning
    mending = _Mending(options, judging)
    with (
        Progress(len(files)) as progress,
        site(Work(judging.supplies), options, count, progress.begin, alone=len(files) == 1) as place,
        results.unless_interrupted(),
    ):
        for given, outcome in place.outcomes(map(mending.given, files)):
            progress.done()
            with progress.away():
                results.tell(outcome, more=mending.tell(given.path))
                if options.comments:
                    _write_comments(outcome, options)
    return results.end()


class _Mending:
    """Mends each file just before it is judged, where that was asked for."""

    def __init__(self, options: Options, judging: "Judging") -> None:
        self._options, self._judging = options, judging
        self._fixed: dict[Path, Fixed] = {}

    def given(self, path: Path) -> "Given":
        """A file, mended, as it is judged."""
        from reportgen.commands.judging import Given, failed
        from reportgen.store.disk import refused
        from reportgen.store.workspace import fix

        if not self._options.fix:
            return self._judging.given(path)
        try:
            self._fixed[path] = fix(path, self._judging.supplies.forms)
        except FileTrouble as trouble:
            return Given(path, failed(path, trouble))
        except OSError as error:
            return Given(path, failed(path, refused(path, error)))
        return self._judging.given(path)

    def tell(self, path: Path) -> dict[str, object]:
        """Tell what was mended in a file that was judged; what JSON says of it."""
        from reportgen.commands.outcomes import fixed_as_json, fixed_told

        fixed = self._fixed.pop(path, None)
        if fixed is None:
            return {}
        if not (self._options.json or self._options.jsonl):
            print(fixed_told(path, fixed), end="")
        return fixed_as_json(fixed)


def _ensure_yaml_to_fix(files: list[Path]) -> None:
    """See whether every file is one that can be mended, before any of them is."""
    from reportgen.sources import source_for

    kinds_fixed = source_for("yaml")
    others = [path for path in files if source_for(path.suffix) is not kinds_fixed]
    if others:
        name = shown(others[0])
        raise Usage(f"--fix 只能改 YAML 文件（.yaml、.yml），{name} 不是。没有改任何文件。")


def _ensure_one_for_comments(options: Options) -> None:
    """See whether a commented copy can be written, before the work is done."""
    from reportgen.commands.judging import is_word
    from reportgen.store import workspace

    copy: Path | None = options.comments
    if copy is None:
        return
    if len(options.files) != 1 or not is_word(options.files[0]) or not is_word(copy):
        raise Usage("--comments 只用于一份 .docx：reportgen check 年报.docx --comments 批注.docx")
    workspace.ensure_new(copy)


def _write_comments(outcome: "Outcome", options: Options) -> None:
    material = outcome.material
    if outcome.failures or not material.content:
        return
    from reportgen.polish.commenting import remarked  # knows Word, which judging a clerk's file does not need
    from reportgen.store import workspace

    content = remarked(material.content, material.name, outcome.findings, date.today())
    workspace.write_new(options.comments, content)
    if not (options.json or options.jsonl):
        print(f"已写 {options.comments}：{len(still_open(outcome.findings))} 条批注，原来的文件没有动。")
