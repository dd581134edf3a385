"""``check`` and ``build``."""

from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from reportgen import manifest, workspace
from reportgen.commands.options import Usage, supplies
from reportgen.commands.showing import exit_code, print_end, print_files, print_json, told
from reportgen.makers import kinds
from reportgen.pipeline import Material, Outcome, Supplies, examine, run
from reportgen.problems import FileTrouble
from reportgen.progress import Progress


def check(options: Namespace) -> int:
    """Judge files; make nothing."""
    gathered = supplies(options, templates=False)
    outcomes = [_examined(path, gathered) for path in options.files]
    if options.json:
        print_json(outcomes, {})
    else:
        for outcome in outcomes:
            print(told(outcome), end="")
        print_end(outcomes)
    return exit_code(outcomes)


def build(options: Namespace) -> int:
    """Judge files and make what can be made of each; one bad file never stops the rest."""
    wanted = _wanted(options.to)
    gathered = replace(supplies(options), attach_source=options.attach_source)
    outcomes: list[Outcome] = []
    written: dict[int, workspace.Written] = {}
    progress = Progress(len(options.files))
    for path in options.files:
        with progress.on(path.name) as watch:
            outcome = _built(path, gathered, wanted, options, watch)
        if outcome.files:
            outcome = _store(outcome, options, written)
        outcomes.append(outcome)
        if not options.json:
            print(told(outcome), end="")
            print_files(outcome, written.get(id(outcome.material)))
    if options.json:
        print_json(outcomes, written)
    else:
        print_end(outcomes)
    return exit_code(outcomes)


def _examined(path: Path, supplies: Supplies) -> Outcome:
    try:
        return examine(workspace.material(path), supplies)
    except FileTrouble as trouble:
        return Outcome(Material(str(path), b""), failures=(trouble,))


def _built(
    path: Path, supplies: Supplies, wanted: Sequence[str], options: Namespace, watch: Callable[[str], None]
) -> Outcome:
    try:
        return run(workspace.material(path), supplies, wanted, draft=options.draft, watch=watch)
    except FileTrouble as trouble:
        return Outcome(Material(str(path), b""), failures=(trouble,))


def _store(outcome: Outcome, options: Namespace, written: dict[int, workspace.Written]) -> Outcome:
    try:
        said = manifest.of(outcome)
        written[id(outcome.material)] = workspace.store(outcome, options.out, said, force=options.force)
    except FileTrouble as trouble:
        return replace(outcome, failures=(*outcome.failures, trouble))
    return outcome


def _wanted(kinds_asked: str) -> tuple[str, ...]:
    wanted = tuple(kind.strip().lower() for kind in kinds_asked.split(",") if kind.strip())
    unknown = [kind for kind in wanted if kind not in kinds()]
    if unknown or not wanted:
        raise Usage(f"--to 里的 {'、'.join(unknown) or '种类'} 不对，可以是 {'、'.join(kinds())}。")
    return wanted
