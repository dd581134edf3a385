"""How a command is declared, its help page in Chinese, and a sentence for whatever was typed wrong.

click reads the words. What it says of them in English is never shown: help pages are laid out here, for
characters that take two columns, and a mistake is worded from what the exception holds.
"""

import contextlib
import os
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import click

from reportgen.problems import Exit, Failure

NAME = "reportgen"
Options = SimpleNamespace
"""What was typed after a command, by the names of its parameters, and ``templates``."""

_HELP = ("-h", "--help")
_WIDEST = 100
"""Columns that a help page takes at most, however wide the screen is."""

_TOKENS = re.compile(r"[!-~]+[，。；：、）”？]*|[（“]*[^!-~][，。；：、）”？]*", re.S)
"""What a line of a help page is never broken within: a Latin word, and a sign with its punctuation."""


class Usage(Failure):
    """The options of a command contradict each other."""

    exit_code = Exit.USAGE


def width(text: str) -> int:
    """How many columns of a terminal a text takes: two for a Chinese character."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in text)


def wrapped(text: str, columns: int) -> list[str]:
    """A text as lines of at most so many columns, but for a word that is longer; never empty."""
    lines = [""]
    for token in _TOKENS.findall(text):
        if lines[-1] and width(lines[-1]) + width(token) > columns:
            lines[-1] = lines[-1].rstrip()
            lines.append("")
        lines[-1] += token if lines[-1] else token.lstrip()
    return lines


class Page(click.HelpFormatter):
    """A help page, aligned by what characters take on the screen."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """The first line: how the command is typed."""
        self.write(f"{prefix or '用法：'}{prog} {args}".rstrip() + "\n")

    def write_heading(self, heading: str) -> None:
        """The name of a section."""
        self.write(f"{heading}：\n")

    def write_text(self, text: str) -> None:
        """Text whose lines are kept as they were written."""
        self.write(f"{text}\n")

    def write_dl(self, rows: Any, col_max: int = 30, col_spacing: int = 2) -> None:
        """Names and what they mean, the meanings below each other."""
        rows = list(rows)
        first = min(max(width(name) for name, _ in rows), col_max) + col_spacing
        for name, says in rows:
            lines = wrapped(says, max(self.width - 2 - first, 20))
            if width(name) + col_spacing > first:
                self.write(f"  {name}\n{'':{first + 2}}{lines[0]}\n")
            else:
                self.write(f"  {name}{'':{first - width(name)}}{lines[0]}\n")
            for line in lines[1:]:
                self.write(f"{'':{first + 2}}{line}\n")


class _Context(click.Context):
    """Makes pages of ours."""

    formatter_class = Page


class Command(click.Command):
    """A command whose help page and mistakes are in Chinese; its callback takes one ``Options``."""

    context_class = _Context
    allow_extra_args = True  # click lets them through, so that they can be told in Chinese

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the words.

        Raises:
            click.UsageError: they make no sense. More words than the command takes are ``TooManyWords``.
        """
        try:
            super().parse_args(ctx, list(self._each_named(args)))
        except click.UsageError as error:
            error.ctx = error.ctx or ctx  # click's parser does not always know
            raise
        if ctx.args:
            raise TooManyWords(ctx.args, ctx)
        return ctx.args

    def _each_named(self, words: Sequence[str]) -> Iterator[str]:
        """The words, where ``--root a b`` has become ``--root a --root b``.

        A word that a required argument needs is left to it: of ``--root a b`` at the end, the last one.
        """
        options = [each for each in self.params if isinstance(each, click.Option)]
        valued = {name: each.multiple for each in options if not each.is_flag for name in each.opts}
        needed = sum(isinstance(each, click.Argument) and each.required for each in self.params)
        name, run = "", list[str]()
        typed = [_typed_well(word, [name for each in options for name in each.opts]) for word in words]
        for at, word in enumerate(typed):
            if word.startswith("-"):
                yield from _named_each(name, run)
                name, run = word if word in valued else "", []
                self._ensure_value(name, typed[at + 1 : at + 2], valued)
                yield word
            elif name and (valued[name] or not run):
                run.append(word)
            else:
                needed -= 1
                yield from [*_named_each(name, run), word]
                name, run = "", []
        kept = len(run) - needed if 0 < needed < len(run) else len(run)
        yield from [*_named_each(name, run[:kept]), *run[kept:]]

    def _ensure_value(self, name: str, following: Sequence[str], valued: Mapping[str, bool]) -> None:
        """See that an option with a value is not followed by another option.

        Raises:
            click.BadOptionUsage: it is.
        """
        if name and following and following[0] in valued:
            raise click.BadOptionUsage(name, "")

    def invoke(self, ctx: click.Context) -> Any:
        """What the callback gives: an exit code."""
        assert self.callback is not None
        return self.callback(Options(templates=ctx.obj, **ctx.params))

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The whole page: usage, what the command does, its arguments, its options, examples."""
        write_page(self, ctx, formatter)

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - as click calls it
        """The parts of the usage line after the command's name."""
        return ["[选项]", *(_as_typed(each) for each in self.params if isinstance(each, click.Argument))]


def _named_each(name: str, values: Sequence[str]) -> Iterator[str]:
    """Values of an option, its name before each but the first, which stands behind it already."""
    for at, value in enumerate(values):
        yield from (name, value) if at else (value,)


_DASHES = re.compile("^[-—–－―─]{1,4}(?=[A-Za-z]{2})")


def _typed_well(word: str, names: Sequence[str]) -> str:
    """An option with its two dashes, however an editor or a hand made them: —year, －－fix, -fix."""
    name, sign, value = _DASHES.sub("--", word).partition("=")
    return name + sign + value if name in names else word


def write_page(
    command: click.Command,
    ctx: click.Context,
    page: click.HelpFormatter,
    listed: Sequence[tuple[str, str]] = (),
) -> None:
    """Write a command's help page.

    Args:
        command: whose page it is.
        ctx: its context.
        page: where it is written to.
        listed: the commands below it, each with what it does.
    """
    command.format_usage(ctx, page)
    page.write_paragraph()
    page.write_text(command.help or "")
    arguments = [(_as_typed(p), p.help or "") for p in command.params if isinstance(p, click.Argument)]
    options = [_record(each) for each in command.params if isinstance(each, click.Option)]
    helped = (", ".join(_HELP), "显示这份说明")
    for heading, rows in (("参数", arguments), ("选项", [helped, *options]), ("命令", listed)):
        if rows:
            page.write_paragraph()
            page.write_heading(heading)
            page.write_dl(rows)
    page.write_paragraph()
    page.write_text(command.epilog or "")


def _as_typed(argument: click.Argument) -> str:
    name = f"{argument.metavar}{'...' if argument.nargs == -1 else ''}"
    return name if argument.required else f"[{name}]"


def _record(option: click.Option) -> tuple[str, str]:
    value = "" if option.is_flag else f" {option.metavar}{'...' if option.multiple else ''}"
    return f"{', '.join(option.opts)}{value}", option.help or ""


def settings() -> dict[str, Any]:
    """The settings of every context: the names of the help option, and how wide a page is."""
    return {"help_option_names": list(_HELP), "max_content_width": _WIDEST}


def command(name: str, says: str, *examples: str) -> Callable[[Callable[[Options], int]], Command]:
    """Declare a command; arguments and options are added by click's decorators below this one.

    Args:
        name: as it is typed.
        says: what it does, in a clause.
        examples: what a clerk may type.
    """
    shown = "".join(f"\n  {example}" for example in examples)
    return click.command(
        name,
        cls=Command,
        help=f"{says}。",
        short_help=says,
        epilog=f"例子：{shown}",
        context_settings=settings(),
    )


# ── what was typed wrong ─────────────────────────────────────────────────────────────────────────────


class TooManyWords(click.UsageError):
    """More words than the command takes."""

    def __init__(self, words: Sequence[str], ctx: click.Context) -> None:
        """Keep the words."""
        super().__init__("", ctx)
        self.words = tuple(words)


def mistake(error: click.UsageError) -> str:
    """What was typed wrong, as a clerk reads it: the usage, a sentence, and where there is more to read."""
    ctx = error.ctx
    usage = f"{ctx.get_usage()}\n" if ctx else ""
    path = ctx.command_path if ctx else NAME
    return f"{usage}命令写错了：{_sentence(error)}\n看说明：{path} --help\n"


def _sentence(error: click.UsageError) -> str:
    for kind, worded in _WORDED.items():
        if isinstance(error, kind):
            return worded(error)
    return error.format_message()


def _missing(error: Any) -> str:
    return f"还缺少 {_called(error.param)}。"


def _bad(error: Any) -> str:
    return f"{_called(error.param)} 的值{error.message}。"


def _no_option(error: Any) -> str:
    root = error.ctx.find_root() if error.ctx else None
    if root is not None and any(error.option_name in each.opts for each in root.command.params):
        name = error.option_name
        return f"{name} 要写在命令的前面：{NAME} {name} … {error.ctx.info_name} …"
    return f"没有 {error.option_name} 这个选项。{_guess(error.possibilities)}"


def _no_command(error: Any) -> str:
    known = error.ctx.command.list_commands(error.ctx)
    meant = _SAID.get(error.command_name)
    said = (
        f"是不是 {meant}？"
        if meant in known
        else _guess(error.possibilities) or f"命令有：{'、'.join(known)}。"
    )
    return f"没有 {error.command_name} 这个命令。{said}"


_SAID = {
    **{"检查": "check", "核对": "check", "生成": "build", "制作": "build", "新建": "new", "新年报": "new"},
    **{
        "读取": "read",
        "导入": "read",
        "签名": "sign",
        "签章": "sign",
        "验签": "verify",
        "核对签名": "verify",
    },
    **{"归档": "archive", "汇总": "rollup", "规则": "rules", "模板": "template", "帮助": "help"},
    **{"诊断": "doctor", "印章": "seal-place"},
}
"""What a command may be called by who does not know its name."""


def _guess(near: Sequence[str] | None) -> str:
    """What may have been meant; empty where nothing is like it."""
    return f"是不是 {near[0]}？" if near else ""


def _bad_option(error: Any) -> str:
    options = (each for each in error.ctx.command.params if error.option_name in each.opts)
    takes = any(not each.is_flag for each in options)
    return f"{error.option_name} 后面{'要跟一个值' if takes else '不跟值'}。"


def _too_many(error: Any) -> str:
    return f"不认识 {' '.join(error.words)}。"


def _called(param: click.Parameter | None) -> str:
    """A parameter as the help page names it."""
    if isinstance(param, click.Argument):
        return _as_typed(param).removesuffix("...")
    return param.opts[-1] if param else "参数"


_WORDED: dict[type[click.UsageError], Callable[[Any], str]] = {
    click.MissingParameter: _missing,
    click.BadParameter: _bad,
    click.NoSuchOption: _no_option,
    click.exceptions.NoSuchCommand: _no_command,
    click.BadOptionUsage: _bad_option,
    TooManyWords: _too_many,
}
"""Each mistake of click's, the particular before the general, and who words it."""


def own_bug(error: Exception) -> Failure:
    """A bug of ours as one sentence for the clerk; what is needed to mend it stands in a log.

    Nobody can foresee the log's name: in a folder that everybody may write to, a known name could already be
    taken by somebody else's file or link.
    """
    import tempfile
    import traceback

    told = "程序内部出错，这不是您的年报的问题。"
    with contextlib.suppress(OSError):
        number, name = tempfile.mkstemp(".log", "reportgen-error-")
        with os.fdopen(number, "w", encoding="utf-8", errors="backslashreplace") as log:
            log.writelines(traceback.format_exception(error))
        told += f"请把 {name} 交给维护人员。"
    return Failure(told)
