"""``check`` and ``build``."""

import gc
from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from reportgen.commands.options import Usage, supplies
from reportgen.commands.progress import Progress
from reportgen.commands.showing import Tally, as_json, fixed_as_json, fixed_told, print_files, told
from reportgen.examining import report_of
from reportgen.makers import kinds, names_of
from reportgen.paths import quoted, resolved, shown
from reportgen.pipeline import Material, Outcome, Supplies, examine, run
from reportgen.problems import FileTrouble
from reportgen.sources import source_for
from reportgen.store import manifest, workspace
from reportgen.store.companions import Named, with_companions, word_list
from reportgen.store.disk import refused
from reportgen.store.workspace import Fixed, fix


def check(options: Namespace) -> int:
    """Judge files, one after another, keeping none.

    Nothing is made but a commented copy, and no file is changed but by mending it, where asked for.
    """
    _ensure_one_for_comments(options)
    _ensure_yaml_to_fix(options)
    desk = _Desk(options, templates=any(_is_word(path) for path in options.files))
    tally = Tally()
    for path in options.files:
        fixed, outcome = desk.fix(path) if options.fix else (None, desk.work(path, examine))
        tally.add(outcome)
        if options.json:
            tally.keep(as_json(outcome, None) | (fixed_as_json(fixed) if fixed else {}))
        else:
            print(fixed_told(path, fixed) if fixed else "", told(outcome), sep="", end="")
        if options.comments:
            _write_comments(outcome, options)
    return tally.end(json=options.json)


def build(options: Namespace) -> int:
    """Judge files and make what can be made of each; one bad file never stops the rest."""
    wanted = _wanted(options.to)
    _ensure_makers(options.makers)
    desk = _Desk(options, templates=True)
    tally = Tally()
    shelves = _Shelves(options)
    progress = Progress(len(options.files))
    for path in options.files:
        with progress.on(path.name) as watch:
            outcome = desk.work(path, _making(wanted, draft=options.draft, watch=watch))
        outcome, written = shelves.store(outcome, path)
        tally.add(outcome)
        if options.json:
            tally.keep(as_json(outcome, written))
        else:
            print(told(outcome), end="")
            print_files(outcome, written)
    return tally.end(json=options.json)


_Work = Callable[[Material, Supplies], Outcome]


def _making(wanted: tuple[str, ...], *, draft: bool, watch: Callable[[str], None]) -> _Work:
    """The work on a report whose files are wanted."""
    return lambda material, supplies: run(material, supplies, wanted, draft=draft, watch=watch)


class _Desk:
    """What all reports of a command share, and the work on one of them."""

    def __init__(self, options: Namespace, *, templates: bool) -> None:
        gathered = supplies(options, templates=templates)
        words = word_list(options.words) if options.words else ()
        self.worked = 0
        attach = getattr(options, "attach_source", False)
        chosen = tuple(getattr(options, "makers", ()))
        self.supplies = replace(gathered, words=words, attach_source=attach, makers=chosen)
        self.named = Named(
            workspace.material(options.last) if options.last else None,
            workspace.material(options.against) if options.against else None,
            certain=len(options.files) == 1,
        )
        if self.named.last and report_of(self.named.last, self.supplies) is None:
            way = f"reportgen check {quoted(options.last)}"
            raise FileTrouble(f"读不懂去年的年报 {options.last}，请先运行 {way}。")

    def fix(self, path: Path) -> tuple[Fixed | None, Outcome]:
        """Mend a clerk's file where it lies, then judge it; what was mended, and what comes of the file."""
        try:
            return fix(path, self.supplies.forms), self.work(path, examine)
        except FileTrouble as trouble:
            return None, Outcome(Material(shown(path), b""), failures=(trouble,))
        except OSError as error:
            return None, Outcome(Material(shown(path), b""), failures=(refused(path, error),))

    def work(self, path: Path, work: _Work) -> Outcome:
        """What comes of a file; where it cannot be read, that."""
        try:
            material = workspace.material(path)
            if self.worked == 1:
                # Forms and rules are there for good: not to look for garbage among them saves a third;
                # and a report leaves none, so that to look every few thousand things is enough.
                gc.freeze()
                gc.set_threshold(20_000)
            self.worked += 1
            return work(material, with_companions(self.supplies, path, material, self.named))
        except FileTrouble as trouble:
            return Outcome(Material(shown(path), b""), failures=(trouble,))
        except OSError as error:
            return Outcome(Material(shown(path), b""), failures=(refused(path, error),))


def _is_word(path: Path) -> bool:
    return path.suffix.lower() == ".docx"


class _Shelves:
    """Where the files of a run go, and which report went where: none replaces another of the run."""

    def __init__(self, options: Namespace) -> None:
        self.options = options
        self.taken: dict[tuple[Path, str, int], tuple[Path, str]] = {}

    def store(self, outcome: Outcome, path: Path) -> tuple[Outcome, workspace.Written | None]:
        """Write what was made: what comes of a Word file beside it, all else to the outputs."""
        if not outcome.files:
            return outcome, None
        try:
            return outcome, self._put(outcome, path)
        except FileTrouble as trouble:
            return replace(outcome, failures=(*outcome.failures, trouble)), None
        except OSError as error:
            return replace(outcome, failures=(*outcome.failures, refused(path, error))), None

    def _put(self, outcome: Outcome, path: Path) -> workspace.Written:
        report, out, force = outcome.report, self.options.out, self.options.force
        assert report is not None  # files are made of reports only
        beside = _is_word(path) and out is None
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


def _ensure_yaml_to_fix(options: Namespace) -> None:
    """See whether every file is one that can be mended, before any of them is."""
    kinds_fixed = source_for("yaml")
    others = [path for path in options.files if source_for(path.suffix) is not kinds_fixed]
    if options.fix and others:
        name = shown(others[0])
        raise Usage(f"--fix 只能改 YAML 文件（.yaml、.yml），{name} 不是。没有改任何文件。")


def _ensure_one_for_comments(options: Namespace) -> None:
    """See whether a commented copy can be written, before the work is done."""
    copy: Path | None = options.comments
    if copy is None:
        return
    if len(options.files) != 1 or not _is_word(options.files[0]) or not _is_word(copy):
        raise Usage("--comments 只用于一份 .docx：reportgen check 年报.docx --comments 批注.docx")
    workspace.ensure_new(copy)


def _write_comments(outcome: Outcome, options: Namespace) -> None:
    material = outcome.material
    if outcome.failures or not material.content:
        return
    from reportgen.polish.commenting import remarked  # knows Word, which judging a clerk's file does not need

    content = remarked(material.content, material.name, outcome.findings, date.today())
    workspace.write_new(options.comments, content)
    if not options.json:
        print(f"已写 {options.comments}：{len(outcome.findings)} 条批注，原来的文件没有动。")


def _wanted(wanted: tuple[str, ...]) -> tuple[str, ...]:
    unknown = [kind for kind in wanted if kind not in kinds()]
    if unknown or not wanted:
        raise Usage(f"--to 里的 {'、'.join(unknown) or '种类'} 不对，可以是 {'、'.join(kinds())}。")
    return wanted


def _ensure_makers(chosen: Sequence[str]) -> None:
    known = {name for kind in kinds() for name in names_of(kind)}
    unknown = [name for name in chosen if name not in known]
    if unknown:
        raise Usage(f"--with 里的 {'、'.join(unknown)} 不对，可以是 {'、'.join(sorted(known))}。")
