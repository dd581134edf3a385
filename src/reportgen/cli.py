"""The command line: arguments in, exit code out."""

import argparse
import codecs
import contextlib
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from reportgen.arguments import parser
from reportgen.problems import Exit, Failure, TemplateBroken


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code says how it went."""
    _speak_any_character()
    try:
        return _spoken(arguments)
    except BrokenPipeError:  # whoever read us has read enough
        _hush()
        return Exit.OK
    except OSError as error:
        from reportgen.store.disk import refused

        _hush()
        print(refused(Path("输出"), error), file=sys.stderr)
        return Exit.FILE


def _spoken(arguments: Sequence[str] | None) -> int:
    """Run one command, and let all that it says go out while somebody minds what comes of it."""
    try:
        return _run(arguments)
    finally:
        if sys.stdout:
            sys.stdout.flush()


def _run(arguments: Sequence[str] | None) -> int:
    try:
        options = parser().parse_args(arguments)
        return _done(options) if options.command else _without_command(options)
    except TemplateBroken as broken:
        from reportgen.commands.telling import tell

        print(f"{broken}\n{tell(broken.faults, ())}", file=sys.stderr)
        return broken.exit_code
    except Failure as failure:
        print(failure, file=sys.stderr)
        return failure.exit_code
    except KeyboardInterrupt:
        print("已中断，没有留下半成品。", file=sys.stderr)
        return 130
    except OSError:
        raise
    except Exception as error:
        return _no_chinese_names(error) or _own_bug()


def _done(options: argparse.Namespace) -> int:
    _write_data_whole(options)
    if options.command == "build":
        _start_slow_tools(options.to, options.makers)
    from reportgen import commands  # heavy: only after the slow tools were started

    return commands.command(options.command)(options)


def _without_command(options: argparse.Namespace) -> int:
    if options.version:
        from importlib.metadata import version

        print(f"reportgen {version('reportgen')}")
        return Exit.OK
    parser().print_help()
    return Exit.USAGE


def _start_slow_tools(kinds: Sequence[str], chosen: Sequence[str]) -> None:
    from reportgen.makers import maker_for

    for kind in kinds:
        maker = maker_for(kind, chosen)
        if maker:
            maker.prepare(_tell_at_once)
            maker.start()


def _tell_at_once(sentence: str) -> None:
    """Say what takes long while it goes on; what was asked for goes to the other stream."""
    print(sentence, file=sys.stderr, flush=True)


def _speak_any_character() -> None:
    """Print what a console cannot show (a GBK one, say) as a question mark instead of crashing.

    One that is said to speak ASCII alone was not set at all, and speaks UTF-8 more likely than nothing.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            mute = codecs.lookup(stream.encoding).name == "ascii"
            stream.reconfigure(encoding="utf-8" if mute else stream.encoding, errors="replace")


def _write_data_whole(options: argparse.Namespace) -> None:
    """Write what goes to a file or a program as UTF-8: in it no character may become a question mark."""
    is_data = options.command == "read" or getattr(options, "json", False)
    if is_data and isinstance(sys.stdout, io.TextIOWrapper) and not sys.stdout.isatty():
        sys.stdout.reconfigure(encoding="utf-8")


def _hush() -> None:
    """Let go of what could not be said, so that the end of the program does not try it again."""
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


def _own_bug() -> int:
    """Write the traceback to a log and tell the clerk in one sentence."""
    import tempfile
    import traceback

    told = "程序内部出错，这不是您的年报的问题。"
    with contextlib.suppress(OSError):
        log = Path(tempfile.gettempdir()) / "reportgen-error.log"
        log.write_text(traceback.format_exc(), encoding="utf-8")
        told += f"请把 {log} 交给维护人员。"
    print(told, file=sys.stderr)
    return Exit.BUG
