"""The command line: arguments in, exit code out."""

import argparse
import contextlib
import io
import re
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from reportgen.problems import Exit, Failure, TemplateBroken

_CHINESE = (
    (r"the following arguments are required: (.*)", r"还缺少 \1"),
    (r"unrecognized arguments: (.*)", r"不认识 \1"),
    (r"argument (.*): invalid choice: (.*) \(choose from (.*)\)", r"\1 不能是 \2，可以是 \3"),
    (r"argument (.*): invalid \w+ value: (.*)", r"\1 的值 \2 不对"),
    (r"argument (.*): expected one argument", r"\1 后面要跟一个值"),
    (r"argument (.*): expected at least one argument", r"\1 后面至少要跟一个值"),
)
"""What argparse says, and how a clerk is told."""

_EXAMPLES = """例子：
  reportgen new 2025.yaml --organ 某县某镇人民政府 --level 乡镇政府 --year 2025
  reportgen check 2025.yaml              只检查，不生成
  reportgen build 2025.yaml              检查并生成 Word 文件和 PDF
  reportgen build 2025.yaml --draft      有错误时也出一份带“草稿”字样的 PDF
  reportgen read 去年的年报.md --out 2024.yaml
  reportgen rules T3-01                  看一条规则查什么、怎么改
  reportgen doctor                       看这台电脑还缺什么

退出码：0 没有错误  1 年报有错误  2 命令写错  3 缺工具  4 文件读写不了  6 范本有误  70 程序有错"""


class _Parser(argparse.ArgumentParser):
    """A parser that speaks Chinese."""

    def __init__(self, **settings: Any) -> None:
        settings["add_help"] = False
        settings["formatter_class"] = argparse.RawDescriptionHelpFormatter
        super().__init__(**settings)
        self._positionals.title = "参数"
        self._optionals.title = "选项"
        self.add_argument("-h", "--help", action="help", help="显示这份说明")

    def format_usage(self) -> str:
        return super().format_usage().replace("usage: ", "用法：", 1)

    def format_help(self) -> str:
        return super().format_help().replace("usage: ", "用法：", 1)

    def error(self, message: str) -> NoReturn:
        for english, chinese in _CHINESE:
            message = re.sub(f"^{english}$", chinese, message)
        self.exit(Exit.USAGE, f"{self.format_usage()}命令写错了：{message}。\n看说明：{self.prog} --help\n")


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = _Parser(
        prog="reportgen",
        description="政府信息公开工作年度报告：从一份简短的 YAML 到 Word 文件和 PDF。",
        epilog=_EXAMPLES,
    )
    top.add_argument("--templates", type=Path, metavar="文件夹", help="改用另一套表样和范本")
    top.add_argument("--version", action="store_true", help="显示版本")
    commands = top.add_subparsers(dest="command", metavar="命令", title="命令")

    def command(name: str, says: str, example: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=says, description=f"{says}。", epilog=f"例子：\n  {example}")

    new = command("new", "开一份新年报的 YAML 文件", _EXAMPLES.splitlines()[1].strip())
    new.add_argument("file", type=Path, metavar="文件", help="要建的 YAML 文件，不能已经存在")
    new.add_argument("--organ", default="", metavar="机关", help="机关全称（有 --last 时可省）")
    new.add_argument("--level", default="", metavar="级别", help="如 乡镇政府、县级部门（有 --last 时可省）")
    new.add_argument("--year", type=int, required=True, metavar="年度", help="数据所属的年份")
    new.add_argument("--last", type=Path, metavar="文件", help="去年的年报，从中带出机关资料和结转数")

    read = command("read", "把已有的年报读成 YAML 文件", "reportgen read 2020.md --out 2020.yaml")
    read.add_argument("file", type=Path, metavar="文件", help="已有的年报（.md .txt .docx）")
    read.add_argument("--out", type=Path, metavar="文件", help="要建的 YAML 文件；省略则显示在屏幕上")

    check = command("check", "检查年报，不生成文件", "reportgen check inputs/*/2020.yaml --json")
    build = command("build", "检查并生成 Word 文件和 PDF", "reportgen build 2025.yaml --out 年报")
    for each in (check, build):
        each.add_argument("files", type=Path, nargs="+", metavar="文件", help="一份或多份年报")
        each.add_argument("--json", action="store_true", help="结果用 JSON 输出，供其他程序使用")
    _build_options(build)

    rules = command("rules", "看检查规则", "reportgen rules T3-01")
    rules.add_argument("code", nargs="?", default="", metavar="编号", help="规则编号；省略则列出全部")
    command("doctor", "看这台电脑的工具和字体是否齐全", "reportgen doctor")
    return top


def _build_options(build: argparse.ArgumentParser) -> None:
    build.add_argument("--out", type=Path, default="outputs", metavar="文件夹", help="放在哪里，默认 outputs")
    build.add_argument("--to", default="docx,pdf", metavar="种类", help="要哪些文件，默认 docx,pdf")
    build.add_argument("--draft", action="store_true", help="有错误也出 PDF，每页印“草稿”")
    build.add_argument("--force", action="store_true", help="重新生成被人修改过的文件，修改过的另存")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code says how it went."""
    _speak_any_character()
    options = parser().parse_args(arguments)
    if not options.command:
        return _without_command(options)
    if options.command == "build":
        _start_slow_tools(options.to)
    try:
        from reportgen import commands  # heavy: only after the slow tools were started

        return commands.command(options.command)(options)
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


def _without_command(options: argparse.Namespace) -> int:
    if options.version:
        from importlib.metadata import version

        print(f"reportgen {version('reportgen')}")
        return Exit.OK
    parser().print_help()
    return Exit.USAGE


def _start_slow_tools(kinds: str) -> None:
    from reportgen.makers import maker_for

    for kind in kinds.split(","):
        maker = maker_for(kind.strip())
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


if __name__ == "__main__":
    sys.exit(main())
