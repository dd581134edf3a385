"""The arguments of the command line, one function a command, and a parser that speaks Chinese."""

import argparse
import re
from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NoReturn

from reportgen.problems import Exit

_CHINESE = (
    (r"the following arguments are required: (.*)", r"还缺少 \1"),
    (r"unrecognized arguments: (.*)", r"不认识 \1"),
    (r"argument (.*): invalid choice: (.*) \(choose from (.*)\)", r"\1 不能是 \2，可以是 \3"),
    (r"argument (.*): invalid \w+ value: (.*)", r"\1 的值 \2 不对"),
    (r"argument (.*): (“.*)", r"\1 的值\2"),
    (r"argument (.*): expected one argument", r"\1 后面要跟一个值"),
    (r"argument (.*): expected at least one argument", r"\1 后面至少要跟一个值"),
)
"""What argparse says, and how a clerk is told."""

_EXAMPLES = """例子：
  reportgen new 2025.yaml --organ 某县某镇人民政府 --level 乡镇政府 --year 2025
  reportgen check 2025.yaml              只检查，不生成
  reportgen check 2025.yaml --fix        改好冒号、缩进、全角符号这类毛病，再检查
  reportgen build 2025.yaml              检查并生成 Word 文件和 PDF
  reportgen build 2025.yaml --draft      有错误时也出一份带“草稿”字样的 PDF
  reportgen read 去年的年报.md --out 2024.yaml
  reportgen sign 年报.pdf --p12 证书.p12  用数字证书签名
  reportgen verify 年报（已签名）.pdf    核对签名
  reportgen archive 2025.yaml --zip      把全部文件装成归档包
  reportgen rules T3-01                  看一条规则查什么、怎么改
  reportgen doctor                       看这台电脑还缺什么

每个命令的说明：reportgen 命令 --help

退出码：0 没有错误  1 年报有错误，或签名无效  2 命令写错  3 缺工具  4 文件读写不了
        5 没有签成  6 范本有误  7 签名完好，身份未核对  70 程序有错"""


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
        message = _unknown_command(message)
        for english, chinese in _CHINESE:
            message = re.sub(f"^{english}$", chinese, message)
        self.exit(Exit.USAGE, f"{self.format_usage()}命令写错了：{message}。\n看说明：{self.prog} --help\n")


def _unknown_command(message: str) -> str:
    """The message about a command that there is none of, with the nearest; any other as it is."""
    found = re.fullmatch(r"argument 命令: invalid choice: '(.*)' \(choose from (.*)\)", message)
    if not found:
        return message
    names = re.findall(r"[a-z][a-z-]*", found[2])
    near = get_close_matches(found[1], names, n=1)
    guess = f"是不是 {near[0]}？" if near else ""
    return f"没有 {found[1]} 这个命令。{guess}命令有：{'、'.join(names)}"


_READ = ".yaml .docx .md .txt .html"

Add = Callable[[str, str, str], argparse.ArgumentParser]
"""Adds a command: its name, what it does, an example."""


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

    def add(name: str, says: str, example: str) -> argparse.ArgumentParser:
        epilog = f"例子：\n  {example}"
        return commands.add_parser(name, help=says, description=f"{says}。", epilog=epilog)

    for command in (_new, _check, _build, _read, _seal_place, _sign, _verify, _archive, _rules, _doctor):
        command(add)
    return top


def _new(add: Add) -> None:
    new = add("new", "开一份新年报的 YAML 文件", "reportgen new 2025.yaml --year 2025 --last 2024.yaml")
    new.add_argument("file", type=Path, metavar="文件", help="要建的 YAML 文件，不能已经存在")
    new.add_argument("--organ", default="", metavar="机关", help="机关全称（有 --last 时可省）")
    new.add_argument("--level", default="", metavar="级别", help="如 乡镇政府、县级部门（有 --last 时可省）")
    new.add_argument("--year", type=int, required=True, metavar="年度", help="数据所属的年份")
    new.add_argument("--last", type=Path, metavar="文件", help="去年的年报，从中带出机关资料和结转数")


def _check(add: Add) -> None:
    check = add("check", "检查年报，不生成文件", "reportgen check inputs/*/2020.yaml --json")
    _judged(check)
    check.add_argument(
        "--fix", action="store_true", help="先把 YAML 里只有一种读法的写法毛病改好，原来的文件另存一份"
    )
    check.add_argument(
        "--comments", type=Path, metavar="文件", help="把发现的问题作为批注写进一份 .docx 副本"
    )


def _build(add: Add) -> None:
    build = add("build", "检查并生成 Word 文件和 PDF", "reportgen build 2025.yaml --out 年报")
    _judged(build)
    build.add_argument(
        "--out", type=Path, metavar="文件夹", help="放在哪里；默认 outputs，Word 文件则放在它旁边"
    )
    build.add_argument(
        "--to",
        type=_kinds,
        default="docx,pdf",
        metavar="种类",
        help="要哪些文件：docx、html、pdf，用逗号隔开；默认 docx,pdf",
    )
    build.add_argument(
        "--with",
        type=_kinds,
        default=(),
        dest="makers",
        metavar="名称",
        help="用哪个转换程序，如 libreoffice；省略则用装了的第一个",
    )
    build.add_argument("--draft", action="store_true", help="有错误也出 PDF，每页印“草稿”")
    build.add_argument("--force", action="store_true", help="重新生成被人修改过的文件，修改过的另存")
    build.add_argument("--attach-source", action="store_true", help="把原文件附在 PDF 里（PDF/A-3b），供存档")


def _kinds(words: str) -> tuple[str, ...]:
    """The kinds of files or the makers asked for, with whatever comma they were typed."""
    return tuple(kind.lower() for kind in re.split(r"[,，、;；\s]+", words) if kind)


def _judged(command: argparse.ArgumentParser) -> None:
    """What every command takes that judges reports."""
    command.add_argument("files", type=Path, nargs="+", metavar="文件", help=f"一份或多份年报（{_READ}）")
    command.add_argument("--last", type=Path, metavar="文件", help="去年的年报；省略则在旁边找")
    command.add_argument("--against", type=Path, metavar="文件", help="Word 文件是由哪份 YAML 生成的")
    command.add_argument("--words", type=Path, metavar="文件", help="慎用词表，一行一个词")
    command.add_argument("--json", action="store_true", help="结果用 JSON 输出，供其他程序使用")


def _read(add: Add) -> None:
    read = add("read", "把已有的年报读成 YAML 文件", "reportgen read 2020.md --out 2020.yaml")
    read.add_argument("file", type=Path, metavar="文件", help=f"已有的年报（{_READ}）")
    read.add_argument("--out", type=Path, metavar="文件", help="要建的 YAML 文件；省略则显示在屏幕上")


def _seal_place(add: Add) -> None:
    place = add("seal-place", "看 PDF 上盖章的位置是否合适", "reportgen seal-place 年报.pdf --out 红圈.png")
    place.add_argument("file", type=Path, metavar="文件", help="年报的 PDF")
    place.add_argument("--out", type=Path, metavar="图片", help="把那一页画成 PNG，印章画成红圈")
    place.add_argument("--organ", default="", metavar="机关", help="署名的机关全称；省略则看日期的上一行")
    place.add_argument(
        "--diameter", type=_millimetres, default=0, metavar="毫米", help="印章直径，如 42；省略则按机关级别"
    )


def _millimetres(words: str) -> int:
    """The diameter of a seal, in whole millimetres."""
    if not words.isascii() or not words.isdigit() or not 30 <= int(words[:4]) <= 60:
        raise argparse.ArgumentTypeError(
            f"“{words}”不对，单位是毫米，写 30 到 60 之间的整数，例如 4.2 厘米写 42"
        )
    return int(words)


def _sign(add: Add) -> None:
    sign = add("sign", "用数字证书给 PDF 签名", "reportgen sign 年报.pdf --p12 单位证书.p12")
    sign.add_argument("file", type=Path, metavar="文件", help="reportgen 生成的 PDF，或已经签过名的")
    sign.add_argument("--p12", type=Path, metavar="文件", help="证书文件（.p12 .pfx），运行时问密码")
    sign.add_argument("--pkcs11", type=Path, metavar="驱动", help="U 盾驱动的动态库（.dll .so）")
    sign.add_argument("--label", default="", metavar="名称", help="U 盾里证书的名称（有几个时）")
    sign.add_argument("--out", type=Path, metavar="文件", help="签好的 PDF；默认在文件名后加“（已签名）”")
    sign.add_argument(
        "--picture", type=Path, metavar="图片", help="印章图片，背景透明的 PNG 或 SVG，按实际大小显示"
    )
    sign.add_argument("--organ", default="", metavar="机关", help="签名里显示的机关，默认同年报")
    sign.add_argument("--hidden", action="store_true", help="另加一个不显示的签名，如负责人签发")
    sign.add_argument("--field", default="", metavar="名称", help="签在哪个空签名域，默认是盖章处的那个")
    sign.add_argument("--timestamp", default="", metavar="网址", help="时间戳服务器；只有写了才会联网")
    sign.add_argument(
        "--root", type=Path, nargs="+", default=[], metavar="证书", help="根证书（配合下面两项）"
    )
    sign.add_argument("--crl", type=Path, nargs="+", default=[], metavar="文件", help="吊销列表，供以后验证")
    sign.add_argument(
        "--fetch-proofs", action="store_true", help="联网到证书里写的网址取吊销证明（OCSP 等），供以后验证"
    )
    sign.add_argument("--no-manifest", action="store_true", help="签别的程序做的 PDF")


def _verify(add: Add) -> None:
    verify = add(
        "verify", "核对 PDF 上的签名，或核对归档包", "reportgen verify 年报（已签名）.pdf --root 根证书.pem"
    )
    verify.add_argument("file", type=Path, metavar="文件", help="签过名的 PDF，或归档包（文件夹、zip）")
    verify.add_argument(
        "--root",
        type=Path,
        nargs="+",
        default=[],
        metavar="证书",
        help="信任的根证书，默认用本机根证书文件夹里的",
    )
    verify.add_argument("--crl", type=Path, nargs="+", default=[], metavar="文件", help="发证机构的吊销列表")
    verify.add_argument(
        "--fetch-proofs", action="store_true", help="联网到证书里写的网址，核对证书是否已被吊销"
    )
    verify.add_argument("--json", action="store_true", help="结果用 JSON 输出，供其他程序使用")


def _archive(add: Add) -> None:
    archive = add("archive", "把一份年报的全部文件装成归档包", "reportgen archive 2025.yaml --out 归档 --zip")
    archive.add_argument(
        "files", type=Path, nargs="+", metavar="文件", help="年报的 PDF，或生成它的 YAML 文件"
    )
    archive.add_argument(
        "--out", type=Path, default="archive", metavar="文件夹", help="放在哪里，默认 archive"
    )
    archive.add_argument(
        "--root", type=Path, nargs="+", default=[], metavar="证书", help="核对签名用的根证书，同 verify"
    )
    archive.add_argument("--zip", action="store_true", help="装成一个 zip 文件，而不是文件夹")
    archive.add_argument(
        "--built", type=Path, default="outputs", metavar="文件夹", help="年报生成在哪里，默认 outputs"
    )


def _rules(add: Add) -> None:
    rules = add("rules", "看检查规则", "reportgen rules T3-01")
    rules.add_argument("code", nargs="?", default="", metavar="编号", help="规则编号；省略则列出全部")


def _doctor(add: Add) -> None:
    doctor = add("doctor", "看这台电脑的工具和字体是否齐全", "reportgen doctor --fix")
    doctor.add_argument("--fix", action="store_true", help="下载缺少的免费字体（只有加了它才联网）")
