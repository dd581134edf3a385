"""The command line: words in, exit code out."""

import codecs
import contextlib
import gc
import glob
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from reportgen import commands
from reportgen.commands.options import SUFFIXES, option
from reportgen.commands.usage import NAME, Command, Page, mistake, own_bug, settings, write_page
from reportgen.paths import nearest_file
from reportgen.problems import Exit, Failure, TemplateBroken

_EXAMPLES = """例子：
  reportgen new 2025.yaml --organ 某县某镇人民政府 --level 乡镇 --year 2025
  reportgen check 2025.yaml              只检查，不生成
  reportgen check 2025.yaml --fix        改好冒号、行首空格、全角符号这类毛病，再检查
  reportgen build 2025.yaml              检查并生成 Word 文件和 PDF
  reportgen build 2025.yaml --draft      有错误时也出一份带“草稿”字样的 PDF
  reportgen read 去年的年报.md --out 2024.yaml
  reportgen sign 年报.pdf --p12 证书.p12 用数字证书签名
  reportgen verify 年报（已签名）.pdf    核对签名
  reportgen archive 2025.yaml --zip      把全部文件装成归档包
  reportgen rollup 各单位 --organ 某县人民政府 --out 全县.yaml   把各单位的年报加起来
  reportgen ledger 台账.xlsx --into 2025.yaml   按依申请公开台账填表三
  reportgen check 2025.yaml --rules 编制要求.yaml   照本机关的编制要求查
  reportgen rules T3-01                  看一条规则查什么、怎么改
  reportgen template 改过的模板.docx     检查改过的 Word 模板
  reportgen doctor                       看这台电脑还缺什么
  reportgen serve                        打开填写年报的页面（只在这台电脑上）

只写文件（reportgen 2025.yaml）就是检查。每个命令的说明：reportgen help 命令

结束时给别的程序的数：0 没有错误  1 年报有错误，或签名无效  2 命令写错  3 缺工具  4 文件读写不了
        5 没有签成  6 模板有误  7 签名完好，身份未核对  70 程序有错"""


_GARBAGE = 200_000
"""New things after which garbage is looked for: what a run loads and reads first is there for good."""


class _Program(click.Group):
    """All commands of the folder; a file instead of a command is checked."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - as click calls it
        """The names of all commands."""
        return commands.names()

    def get_command(self, ctx: click.Context, cmd_name: str) -> Command | None:  # noqa: ARG002
        """The command of a name; None where there is none."""
        return commands.command(cmd_name) if cmd_name in commands.names() else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is meant, and the words for it.

        Raises:
            click.exceptions.NoSuchCommand: there is none.
        """
        name = args[0]
        for each in (name, name.lower()):
            if command := self.get_command(ctx, each):
                return each, command, args[1:]
        if _is_report(name):
            return "check", self.get_command(ctx, "check"), args
        raise click.exceptions.NoSuchCommand(name, possibilities=commands.names(), ctx=ctx)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The first line of the page."""
        formatter.write_usage(NAME, "[选项] 命令 ...")

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The page of the whole program."""
        each = [(name, commands.command(name).short_help or "") for name in commands.names()]
        write_page(self, ctx, formatter, each)


def _is_report(word: str) -> bool:
    """True for what is no misspelt command but a report, a folder of some, or a pattern."""
    path = Path(word)
    return (
        path.suffix.lower() in SUFFIXES
        or nearest_file(path) is not None
        or glob.has_magic(word)
        or os.path.lexists(path)
    )


class _Context(click.Context):
    """Makes pages of ours."""

    formatter_class = Page


_Program.context_class = _Context


@click.group(
    NAME,
    cls=_Program,
    help="政府信息公开工作年度报告：从一份简短的 YAML 到 Word 文件和 PDF。",
    epilog=_EXAMPLES,
    invoke_without_command=True,
    context_settings=settings(),
)
@option("--templates", metavar="文件夹", says="改用另一套表样和模板")
@click.option("--version", is_flag=True, help="显示版本")
@click.pass_context
def program(ctx: click.Context, templates: Path | None, version: bool) -> None:
    """Keep what every command takes; without a command print the version, or the help page."""
    ctx.obj = templates
    if ctx.invoked_subcommand:
        return
    if version:
        from importlib.metadata import version as version_of

        click.echo(f"{NAME} {version_of(NAME)}")
        ctx.exit(Exit.OK)
    click.echo(ctx.get_help())
    ctx.exit(Exit.USAGE)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code says how it went."""
    gc.set_threshold(_GARBAGE)
    _speak_any_character()
    try:
        return _spoken(sys.argv[1:] if arguments is None else arguments)
    except BrokenPipeError:  # whoever read us has read enough
        _hush()
        return Exit.OK
    except OSError as error:
        from reportgen.store.disk import refused

        _hush()
        print(refused(Path("输出"), error), file=sys.stderr)
        return Exit.FILE


def _spoken(arguments: Sequence[str]) -> int:
    """Run one command and flush its output here, where a failure of writing is still handled."""
    try:
        return _run(arguments)
    finally:
        if sys.stdout:
            sys.stdout.flush()


def _run(arguments: Sequence[str]) -> int:
    try:
        return _done(arguments)
    except TemplateBroken as broken:
        from reportgen.commands.telling import tell

        print(f"{broken}\n{tell(broken.faults, ())}", file=sys.stderr)
        return broken.exit_code
    except Failure as failure:
        return _told(failure)
    except KeyboardInterrupt:
        print("已中断，没有留下半成品。", file=sys.stderr)
        return 130
    except OSError:
        raise
    except Exception as error:
        return _no_chinese_names(error) or _told(own_bug(error))


def _done(arguments: Sequence[str]) -> int:
    """Read the words and do what they say."""
    try:
        with program.make_context(NAME, list(arguments)) as ctx:
            code: Any = program.invoke(ctx)
    except click.exceptions.Exit as left:
        return left.exit_code
    except click.UsageError as error:
        print(mistake(error), end="", file=sys.stderr)
        return Exit.USAGE
    return int(code)


def _speak_any_character() -> None:
    """Print what a console cannot show (a GBK one, say) as a question mark instead of crashing.

    A console that claims ASCII was probably not set up at all: UTF-8 is then the better guess.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            mute = codecs.lookup(stream.encoding).name == "ascii"
            stream.reconfigure(encoding="utf-8" if mute else stream.encoding, errors="replace")


def _hush() -> None:
    """Drop output that could not be written, so that Python does not try again when it ends."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _no_chinese_names(error: Exception) -> int:
    """Tell where the system was set so that Python can write no Chinese file name; 0 where it is not that."""
    if not isinstance(error, UnicodeEncodeError) or sys.getfilesystemencoding() == "utf-8":
        return Exit.OK
    print("系统的语言环境不支持中文文件名。请设环境变量 PYTHONUTF8=1，再运行。", file=sys.stderr)
    return Exit.FILE


def _told(failure: Failure) -> int:
    print(failure, file=sys.stderr)
    return failure.exit_code
