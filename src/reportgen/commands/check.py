"""``check``: judges reports and makes nothing but, where asked for, a commented copy or a mended file."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.commands.options import flag, judged, option
from reportgen.commands.usage import Options, Usage, command
from reportgen.paths import shown
from reportgen.problems import FileTrouble, still_open

if TYPE_CHECKING:
    from reportgen.commands.judging import Judging
    from reportgen.pipeline import Outcome
    from reportgen.store.workspace import Fixed


@command(
    "check",
    "检查年报，不生成文件",
    "reportgen check 2025.yaml",
    "reportgen check inputs --json",
    "reportgen check 改过的年报.docx --against 2025.yaml",
)
@judged
@flag("--fix", says="先把 YAML 里只有一种读法的写法毛病改好，原来的文件另存一份")
@option("--comments", metavar="文件", says="把发现的问题作为批注写进一份 .docx 副本")
def check(options: Options) -> int:
    """Judge files, one after another, keeping none.

    Nothing is made but a commented copy, and no file is changed but by mending it, where asked for.
    """
    from reportgen.commands.judging import Judging, is_word
    from reportgen.commands.outcomes import Tally, as_json, fixed_as_json, fixed_told, told
    from reportgen.pipeline import examine

    _ensure_one_for_comments(options)
    judging = Judging(options, templates=any(map(is_word, options.files)))
    if options.fix:
        _ensure_yaml_to_fix(judging.files)
    tally = Tally()
    for path in judging.files:
        fixed, outcome = _fixed(judging, path) if options.fix else (None, judging.work(path, examine))
        tally.add(outcome)
        if options.json:
            tally.keep(as_json(outcome, None) | (fixed_as_json(fixed) if fixed else {}))
        else:
            print(fixed_told(path, fixed) if fixed else "", told(outcome), sep="", end="")
        if options.comments:
            _write_comments(outcome, options)
    return tally.end(json=options.json)


def _fixed(judging: "Judging", path: Path) -> tuple["Fixed | None", "Outcome"]:
    """Mend a clerk's file where it lies, then judge it; what was mended, and what comes of the file."""
    from reportgen.commands.judging import failed
    from reportgen.pipeline import examine
    from reportgen.store.disk import refused
    from reportgen.store.workspace import fix

    try:
        return fix(path, judging.supplies.forms), judging.work(path, examine)
    except FileTrouble as trouble:
        return None, failed(path, trouble)
    except OSError as error:
        return None, failed(path, refused(path, error))


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
    if not options.json:
        print(f"已写 {options.comments}：{len(still_open(outcome.findings))} 条批注，原来的文件没有动。")
