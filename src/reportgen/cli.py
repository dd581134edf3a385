"""The command line: arguments in, exit code out."""

import argparse
import contextlib
import io
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path

from reportgen.arguments import parser
from reportgen.problems import Exit, Failure, TemplateBroken


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code says how it went."""
    _speak_any_character()
    options = parser().parse_args(arguments)
    if not options.command:
        return _without_command(options)
    try:
        return _done(options)
    except TemplateBroken as broken:
        from reportgen.telling import tell

        print(f"{broken}\n{tell(broken.faults, ())}", file=sys.stderr)
        return broken.exit_code
    except Failure as failure:
        print(failure, file=sys.stderr)
        return failure.exit_code
    except KeyboardInterrupt:
        print("已中断，没有留下半成品。", file=sys.stderr)
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return Exit.OK
    except Exception:
        return _own_bug()


def _done(options: argparse.Namespace) -> int:
    if options.command == "build":
        _start_slow_tools(options.to)
    from reportgen import commands  # heavy: only after the slow tools were started

    return commands.command(options.command)(options)


def _without_command(options: argparse.Namespace) -> int:
    if options.version:
        from importlib.metadata import version

        print(f"reportgen {version('reportgen')}")
        return Exit.OK
    parser().print_help()
    return Exit.USAGE


def _start_slow_tools(kinds: Sequence[str]) -> None:
    from reportgen.makers import maker_for

    for kind in kinds:
        maker = maker_for(kind)
        if maker:
            maker.start()


def _speak_any_character() -> None:
    """Print what a console cannot show (a GBK one, say) as a question mark instead of crashing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _own_bug() -> int:
    """Write the traceback to a log and tell the clerk in one sentence."""
    told = "程序内部出错，这不是您的年报的问题。"
    with contextlib.suppress(OSError):
        log = Path(tempfile.gettempdir()) / "reportgen-error.log"
        log.write_text(traceback.format_exc(), encoding="utf-8")
        told += f"请把 {log} 交给维护人员。"
    print(told, file=sys.stderr)
    return Exit.BUG
