"""A rule, kinds of output and input, and a converter are files alone, put into a copy of the package."""

import json
import os
import subprocess
import sys
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

from made import text_of
from test_form import TEMPLATES

PACKAGE = Path(__file__).parents[1] / "src" / "reportgen"
RULE = '''
"""A rule of our own."""

from collections.abc import Iterator

from reportgen.checks.contract import Context, Fault, rule
from reportgen.model.report import Report
from reportgen.problems import Ground, Level


@rule(
    "Z01",
    Level.WARNING,
    Ground.PROSE,
    title="机关是乙镇",
    what="机关不是乙镇。",
    why="试一试。",
    basis="没有",
    fix="不用改。",
)
def of_yi(report: Report, _context: Context) -> Iterator[Fault]:
    """Any report of this town."""
    if "乙镇" in report.organ.name:
        yield Fault("这是乙镇的年报。", ("organ",))
'''
OUTPUT = '''
"""The title of a report in a text file."""

from reportgen.makers import Maker, Order, Proof


def make(order: Order) -> bytes:
    """The title, in UTF-8."""
    return order.words.title.encode()


def prove(order: Order, content: bytes) -> Proof:
    """How many characters it has."""
    return Proof({"characters": len(content.decode())})


MAKER = Maker(name="title", takes="words", gives="title", make=make, prove=prove)
'''
INPUT = '''
"""Lines of ``key=value``."""

from reportgen.model.form import Form
from reportgen.model.nodes import Mapping, Text
from reportgen.problems import Finding, Place
from reportgen.sources import Source


def read(content: bytes, name: str, forms: tuple[Form, ...]) -> tuple[Mapping | None, tuple[Finding, ...]]:
    """Each line as an entry."""
    entries = []
    for number, line in enumerate(content.decode().splitlines(), 1):
        key, _, value = line.partition("=")
        place = Place(name, number, 1)
        entries.append((Text(key, place), Text(value, place)))
    return Mapping(tuple(entries), Place(name, 1, 1)), ()


SOURCE = Source("逐行", (".pairs",), read)
'''
CONVERTER = '''
"""Another converter: what it does is LibreOffice's."""

from dataclasses import replace

from reportgen.makers.pdf_libreoffice import MAKER as OTHER

MAKER = replace(OTHER, name="again")
'''
PAIRS = """机关=甲县乙镇人民政府
级别=乡镇政府
年度=2023
成文日期=2024-01-18
电话=0123-4567890
主动公开=全部为零
申请=全部为零
复议诉讼=全部为零
存在问题=工作中还存在公开内容不够丰富的问题。下一步将改进公开方式，提高公开质量。
其他事项=没有其他需要报告的事项。
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package with new files in it, and a clerk's file beside it."""
    folder = tmp_path_factory.mktemp("copied")
    package = folder / "reportgen"
    copytree(PACKAGE, package, ignore=ignore_patterns("__pycache__"))
    copytree(TEMPLATES, package / "templates")
    for name, text in (
        ("checks/our_own.py", RULE),
        ("makers/title_text.py", OUTPUT),
        ("makers/pdf_again.py", CONVERTER),
        ("sources/pairs.py", INPUT),
    ):
        assert not (package / name).exists()
        (package / name).write_text(text, encoding="utf-8")
    (folder / "年报.yaml").write_text(text_of(), encoding="utf-8")
    (folder / "年报.pairs").write_text(PAIRS, encoding="utf-8")
    return folder


def said(folder: Path, *arguments: str) -> str:
    """What the copied program prints."""
    environment = os.environ | {"PYTHONPATH": str(folder), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "reportgen", *arguments]
    run = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def codes(folder: Path, name: str) -> list[str]:
    """What the copied program finds in a file, by code."""
    [file] = json.loads(said(folder, "check", name, "--json"))["files"]
    return [finding["code"] for finding in file["findings"]]


def test_a_rule_is_in_the_rule_book_and_judges(folder: Path) -> None:
    assert "Z01" in said(folder, "rules")
    assert "机关不是乙镇" in said(folder, "rules", "Z01")
    assert codes(folder, "年报.yaml") == ["Z01"]


def test_a_kind_of_input_is_read_and_judged_by_the_same_rules(folder: Path) -> None:
    assert codes(folder, "年报.pairs") == ["X10", "X24", "Z01"]
    [file] = json.loads(said(folder, "check", "年报.pairs", "--json"))["files"]
    assert (file["organ"], file["year"]) == ("甲县乙镇人民政府", 2023)


def test_a_kind_of_output_is_made_beside_the_others(folder: Path) -> None:
    said(folder, "build", "年报.yaml", "--to", "docx,title", "--out", "年报")
    [made] = (folder / "年报").rglob("*.title")
    assert made.read_text(encoding="utf-8") == "甲县乙镇人民政府2023年政府信息公开工作年度报告"
    manifest = json.loads(made.with_name("manifest.json").read_text(encoding="utf-8"))
    assert made.name in json.dumps(manifest, ensure_ascii=False)


def test_a_converter_is_chosen_by_its_name_and_its_files_are_finished_like_any_other(folder: Path) -> None:
    said(folder, "build", "年报.yaml", "--to", "pdf", "--with", "again", "--out", "转换")
    [made] = (folder / "转换").rglob("*.pdf")
    assert made.read_bytes().startswith(b"%PDF")
    with pytest.raises(AssertionError, match="again"):
        said(folder, "build", "年报.yaml", "--with", "nobody")
