"""``build``: judges reports and makes what can be made of each."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.commands.options import flag, judged, names, option
from reportgen.commands.usage import Options, Usage, command
from reportgen.makers import kinds, maker_for, names_of
from reportgen.paths import resolved
from reportgen.problems import FileTrouble

if TYPE_CHECKING:
    from reportgen.commands.judging import Work
    from reportgen.pipeline import Outcome
    from reportgen.store.workspace import Written


@command(
    "build",
    "检查并生成 Word 文件和 PDF",
    "reportgen build 2025.yaml --out 年报",
    "reportgen build 2025.yaml --draft",
    "reportgen build inputs --to docx,html",
)
@judged
@option("--out", metavar="文件夹", says="放在哪里；默认 outputs，Word 文件则放在它旁边")
@option(
    "--to",
    metavar="种类",
    says="要哪些文件：docx、html、pdf，用逗号隔开；默认 docx,pdf",
    type=names,
    default="docx,pdf",
)
@option(
    "--with",
    "makers",
    metavar="名称",
    says="用哪个转换程序，如 libreoffice；省略则用装了的第一个",
    type=names,
    default="",
)
@flag("--draft", says="有错误也出 PDF，每页印“草稿”")
@flag("--force", says="重新生成被人修改过的文件，修改过的另存")
@flag("--attach-source", says="把原文件附在 PDF 里（PDF/A-3b），供存档")
def build(options: Options) -> int:
    """Judge files and make what can be made of each; one bad file never stops the rest."""
    _ensure_kinds(options.to)
    _start_slow_tools(options.to, options.makers)
    # Heavy: only after the slow tools were started.
    from reportgen.commands.judging import Judging
    from reportgen.commands.outcomes import Tally, as_json, print_files, told
    from reportgen.commands.progress import Progress

    _ensure_makers(options.makers)
    judging = Judging(options, templates=True)
    judging.supplies = replace(
        judging.supplies, attach_source=options.attach_source, makers=tuple(options.makers)
    )
    tally, outputs, progress = Tally(), _Outputs(options), Progress(len(judging.files))
    for path in judging.files:
        with progress.on(path.name) as watch:
            outcome = judging.work(path, _making(options, watch))
        outcome, written = outputs.store(outcome, path)
        tally.add(outcome)
        if options.json:
            tally.keep(as_json(outcome, written))
        else:
            print(told(outcome), end="")
            print_files(outcome, written)
    return tally.end(json=options.json)


def _start_slow_tools(wanted: Sequence[str], chosen: Sequence[str]) -> None:
    for kind in wanted:
        maker = maker_for(kind, chosen)
        if maker:
            maker.prepare(_tell_at_once)
            maker.start()


def _tell_at_once(sentence: str) -> None:
    """Print to stderr what takes long, while it goes on; results go to stdout."""
    print(sentence, file=sys.stderr, flush=True)


def _making(options: Options, watch: Callable[[str], None]) -> "Work":
    """The work on a report whose files are wanted."""
    from reportgen.pipeline import run

    return lambda material, supplies: run(material, supplies, options.to, draft=options.draft, watch=watch)


class _Outputs:
    """Where the files of a run go, and which report went where: none replaces another of the run."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.taken: dict[tuple[Path, str, int], tuple[Path, str]] = {}

    def store(self, outcome: "Outcome", path: Path) -> tuple["Outcome", "Written | None"]:
        """Write what was made: what comes of a Word file beside it, all else to the outputs."""
        from reportgen.store.disk import refused

        if not outcome.files:
            return outcome, None
        try:
            return outcome, self._put(outcome, path)
        except FileTrouble as trouble:
            return replace(outcome, failures=(*outcome.failures, trouble)), None
        except OSError as error:
            return replace(outcome, failures=(*outcome.failures, refused(path, error))), None

    def _put(self, outcome: "Outcome", path: Path) -> "Written":
        from reportgen.commands.judging import is_word
        from reportgen.store import manifest, workspace

        report, out, force = outcome.report, self.options.out, self.options.force
        assert report is not None  # files are made of reports only
        beside = is_word(path) and out is None
        out = out or Path("outputs")
        folder = resolved(path.parent if beside else workspace.folder_of(report, out))
        key, content = (folder, report.organ.name, report.year), workspace.digest(outcome.material.content)
        first, before = self.taken.get(key, (path, content))
        if before != content:
            raise FileTrouble(
                f"没有写 {path} 的文件：它和 {first} 是同一个机关、同一年度（{key[1]}{key[2]}年度），"
                f"{first} 的文件已经在 {folder} 里，没有覆盖。请看机关和年度有没有写错；"
                f"两份都要，请分两次运行，用 --out 放在不同的文件夹。"
            )
        said = manifest.of(outcome)
        if beside:
            written = workspace.store_beside(outcome, path, said, force=force)
        else:
            written = workspace.store(outcome, out, said, force=force)
        self.taken[key] = (path, content)
        return written


def _ensure_kinds(wanted: Sequence[str]) -> None:
    unknown = [kind for kind in wanted if kind not in kinds()]
    if unknown or not wanted:
        raise Usage(f"--to 里的 {'、'.join(unknown) or '种类'} 不对，可以是 {'、'.join(kinds())}。")


def _ensure_makers(chosen: Sequence[str]) -> None:
    known = {kind: names_of(kind) for kind in kinds()}
    unknown = [name for name in chosen if not any(name in names for names in known.values())]
    if unknown:
        each = "；".join(f"{kind} 用 {'、'.join(names)}" for kind, names in known.items() if names)
        fix = "要选生成哪种文件，请用 --to，例如 --to docx,pdf。"
        raise Usage(f"--with 是选用哪个程序来生成，没有叫 {'、'.join(unknown)} 的。可以写的：{each}。{fix}")
