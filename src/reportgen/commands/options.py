"""What several commands take: files as they are typed, kinds, years; and what the work is done with."""

import contextlib
import glob
import io
import os
import re
import sys
import unicodedata
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from reportgen.commands.usage import Options, Usage
from reportgen.paths import quoted, seems_folder
from reportgen.problems import FileTrouble
from reportgen.store.disk import is_kept_copy, read_bytes

if TYPE_CHECKING:  # a help page waits for nothing that it does not show
    from reportgen.pipeline import Supplies

READ = ".yaml .xlsx .docx .md .txt .html"
"""The kinds of reports, as help pages name them."""

_CLERKS = frozenset({".yaml", ".yml"})
_OTHERS = frozenset({".docx", ".md", ".txt", ".html", ".htm"})
BOOK = ".xlsx"
"""A workbook is taken from a folder only if it is a report; rosters and summaries lie there, too."""
SUFFIXES = _CLERKS | _OTHERS | {BOOK}
"""How the names of reports end."""

_ASIDE = (".", "~$")
"""How the names begin of files that somebody's program keeps for itself."""

Declared = TypeVar("Declared", bound=Callable[..., Any])


def year(typed: str) -> int:
    """A year with or without 年 or 年度, in whatever digits.

    Raises:
        click.BadParameter: it is none.
    """
    found = re.fullmatch(r"\s*(\d{4})\s*(?:年度?)?\s*", unicodedata.normalize("NFKC", typed))
    if not found:
        raise click.BadParameter(f"“{typed}”不对，写四位数的年份，例如 2025")
    return int(found[1])


def names(typed: str) -> tuple[str, ...]:
    """Several names in one word, with whatever comma they were typed, in small letters."""
    return tuple(name.lower() for name in re.split(r"[,，、;；\s]+", typed) if name)


def path(typed: str) -> Path:
    """A path as typed; nothing between quotation marks is no path, though it would mean this folder."""
    if not typed.strip():
        raise click.BadParameter("文件名是空的，请写文件名")
    return Path(typed)


def option(*names: str, metavar: str, says: str, **more: Any) -> Callable[[Declared], Declared]:
    """An option with a value: a path, unless ``type`` says otherwise; None where it is not given."""
    return click.option(*names, metavar=metavar, help=says, **{"type": path, **more})


def words(*names: str, metavar: str, says: str) -> Callable[[Declared], Declared]:
    """An option whose value is text; empty where it is not given."""
    return option(*names, metavar=metavar, says=says, type=str, default="")


def flag(*names: str, says: str) -> Callable[[Declared], Declared]:
    """An option without a value."""
    return click.option(*names, is_flag=True, help=says)


def file(says: str) -> Callable[[Declared], Declared]:
    """The one file that a command works on."""
    return click.argument("file", type=path, metavar="文件", help=says)


def files(says: str) -> Callable[[Declared], Declared]:
    """The files that a command works on, one or more; see ``listed``."""
    return click.argument("files", type=path, nargs=-1, required=True, metavar="文件", help=says)


def roots(says: str) -> Callable[[Declared], Declared]:
    """Root certificates."""
    return option("--root", metavar="证书", says=says, multiple=True)


def revocations(says: str) -> Callable[[Declared], Declared]:
    """Lists of revoked certificates."""
    return option("--crl", metavar="文件", says=says, multiple=True)


def judged(command: Declared) -> Declared:
    """What every command takes that judges reports."""
    for each in (
        flag("--json", says="结果用 JSON 输出，供其他程序使用"),
        option("--words", metavar="文件", says="慎用词表，一行一个词"),
        option("--sayings", metavar="文件", says="本机关的说法，一行一种，如“办结: 清毕 结清”"),
        option("--rules", metavar="文件", says="本机关的编制要求（YAML），可以写几次", multiple=True),
        option("--against", metavar="文件", says="Word 文件是由哪份 YAML 生成的"),
        option("--last", metavar="文件", says="去年的年报；省略则在旁边找"),
        files(f"一份或多份年报（{READ}），也可以写文件夹、*.yaml"),
    ):
        command = each(command)
    return command


def batched(command: Declared) -> Declared:
    """What every command takes that works on many reports at once."""
    for each in (
        option(
            "--seconds",
            metavar="秒",
            says="每份最多做多久；省略则 300，不另开进程时不限",
            type=click.FloatRange(min=1.0),
        ),
        words("--cluster", metavar="地址", says="用 Dask 集群，如 tcp://主机:8786；local 是在本机起一个"),
        option("--jobs", metavar="个数", says="同时做几份；省略则与处理器同数", type=click.IntRange(1, 512)),
        option("--xlsx", metavar="文件", says="另写一份工作簿：各单位、各规则、全部问题"),
        flag("--jsonl", says="每做完一份就输出一行 JSON，供其他程序使用"),
    ):
        command = each(command)
    return command


def cores() -> int:
    """The processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def processes(options: Options, files: int, few: int) -> int:
    """How many processes do the work; 0 for this one.

    Args:
        options: ``jobs`` is None where nobody chose.
        files: how many there are.
        few: so many files are done before other processes have started.
    """
    if files < 2 or (options.jobs is None and files <= few):
        return 0
    return min(options.jobs or cores(), files)


# ── files as they are typed ──────────────────────────────────────────────────────────────────────────


def listed(typed: Sequence[Path]) -> list[Path]:
    """The files that were meant: for a folder its reports, for ``*.yaml`` what matches.

    The console of Windows passes such a pattern on as it was typed. What matches no report stays as it is,
    so that it is reported with the others. Copies that this program kept are passed over where there are
    other files, and so are the copies of the input beside what was built.
    """
    found = [path for word in typed for path in _meant(word)]
    return [path for path in found if not is_kept_copy(path)] or found


def matching(typed: Sequence[Path]) -> list[Path]:
    """The same, but a folder stays one."""
    return [path for word in typed for path in _fitting(word) or [word]]


def _meant(word: Path) -> list[Path]:
    found = _fitting(word) or [word]
    return [path for each in found for path in (_reports_in(each) or [each])]


def _fitting(word: Path) -> list[Path]:
    """What matches a pattern, in order; nothing where the word is no pattern, or the name of a file."""
    text = str(word)
    if os.path.lexists(word) or not glob.has_magic(text):
        return []
    start = Path(word.anchor)
    with contextlib.suppress(OSError, ValueError, NotImplementedError):  # no pattern after all
        found = start.glob(str(word.relative_to(start)) if word.anchor else text)
        return sorted(
            path for path in found if word.name.startswith(_ASIDE) or not path.name.startswith(_ASIDE)
        )
    return []


def _reports_in(folder: Path) -> list[Path]:
    """The clerk's files in a folder and its folders; where there are none, reports of other kinds.

    Of a report that lies there as YAML and as a workbook, the YAML counts.
    """
    if not seems_folder(folder):
        return []
    found = files_in(folder, SUFFIXES)
    for suffixes in (_CLERKS | {BOOK}, _OTHERS):
        if reports := [path for path in found if path.suffix.lower() in suffixes]:
            return reports
    return []


def files_in(folder: Path, suffixes: Collection[str]) -> list[Path]:
    """The files of these kinds in a folder and its folders, in order, but for copies of inputs."""
    found = sorted(path for path in folder.rglob("*") if not _is_aside(path.relative_to(folder)))
    files = (path for path in found if path.suffix.lower() in suffixes and path.is_file())
    own = [path for path in files if not _is_copy_of_input(path)]
    texts = {path.with_suffix("") for path in own if path.suffix.lower() in _CLERKS}
    return [path for path in own if path.suffix.lower() != BOOK or _is_report(path, texts)]


def _is_report(path: Path, texts: Collection[Path]) -> bool:
    """True for a workbook that is a report, unless the same report lies beside it as YAML."""
    from reportgen.sources.xlsx import is_report  # where there is a workbook

    if path.with_suffix("") in texts:
        return False
    with contextlib.suppress(FileTrouble):
        return is_report(read_bytes(path))
    return True  # let it be told why it cannot be read


def _is_copy_of_input(path: Path) -> bool:
    """True for the YAML that was kept beside the files made from it."""
    from reportgen.store.storing import found_manifest  # not needed where single files are named

    manifest = found_manifest(path.parent) if path.suffix.lower() in _CLERKS | {BOOK} else None
    return manifest is not None and path.name == manifest.get("input", {}).get("copy")


def _is_aside(path: Path) -> bool:
    return any(part.startswith(_ASIDE) for part in path.parts)


# ── what the work is done with ───────────────────────────────────────────────────────────────────────


def supplies(options: Options, *, templates: bool = True) -> "Supplies":
    """The forms, the Word templates unless ``templates`` is False, and today's date."""
    from reportgen.store import workspace

    gathered = workspace.supplies(options.templates, templates=templates)
    return replace(gathered, today=date.today())


def command_for(options: Options, word: str, path: Path) -> str:
    """What to type to go on with a file, with the same templates folder: ``reportgen check 2025.yaml``."""
    own = f"--templates {quoted(options.templates)} " if options.templates else ""
    return f"reportgen {own}{word} {quoted(path)}"


def is_book(path: Path) -> bool:
    """True if a name is that of a workbook to fill in."""
    return path.suffix.lower() == BOOK


def ensure_book_name(path: Path, example: str) -> None:
    """See that a workbook that ``--xlsx`` asks for will be known as one by its name.

    Args:
        path: as it was given.
        example: a name to propose.

    Raises:
        Usage: it will not.
    """
    if not is_book(path):
        raise Usage(f"--xlsx 的文件名要以 .xlsx 结尾，例如 --xlsx {example}。")


def ensure_clerks_name(path: Path) -> None:
    """See that a clerk's file that is to be made will be known as one by its name.

    Raises:
        Usage: it will not.
    """
    if path.suffix.lower() not in _CLERKS | {BOOK}:
        name = Path(path.stem or "年报").with_suffix(".yaml")
        raise Usage(f"文件名要以 .yaml 结尾（或 .xlsx，用 Excel 填），例如 {name}。")


def read_pdf(path: Path) -> bytes:
    """A PDF's bytes.

    Raises:
        FileTrouble: it cannot be read or is no PDF.
    """
    content = read_bytes(path)
    if b"%PDF-" not in content[:1024]:  # where readers look for it
        raise FileTrouble(f"{path} 不是 PDF 文件。")
    return content


def contents(paths: Sequence[Path]) -> tuple[bytes, ...]:
    """The bytes of files, in order."""
    return tuple(read_bytes(path) for path in paths)


def print_data(text: str, end: str = "\n") -> None:
    """Print what a file or a program gets: as UTF-8, since in it no character may become a question mark."""
    if isinstance(sys.stdout, io.TextIOWrapper) and not sys.stdout.isatty():
        sys.stdout.reconfigure(encoding="utf-8")
    print(text, end=end)


def print_as_json(told: object) -> None:
    """Print what a program asked for: as JSON, for people to read, too."""
    import json  # most commands print none

    print_data(json.dumps(told, ensure_ascii=False, indent=2))
