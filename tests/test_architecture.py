from collections.abc import Callable
from pathlib import Path

import pytest

from architecture import (
    RULES,
    Module,
    foreign_imports_of_values,
    module_at,
    private_names_of_others,
    reaching_out,
    unlisted_folders,
    vague_names,
)

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "reportgen"
MODULES = [module_at(path, PACKAGE) for path in sorted(PACKAGE.rglob("*.py"))]
ELSEWHERE = [
    module_at(path, ROOT)
    for folder in ("tests", "tools", "benchmarks")
    for path in sorted((ROOT / folder).rglob("*.py"))
]

OFFENCES: list[tuple[Callable[[Module], list[str]], str, str, list[str]]] = [
    (reaching_out, "model.form", "import os", ["os"]),
    (reaching_out, "model.form", "import os.path as p", ["os.path"]),
    (reaching_out, "checks.sums", "from pathlib import Path", ["pathlib.Path"]),
    (reaching_out, "reading", "from urllib import request", ["urllib.request"]),
    (reaching_out, "wording", "def f():\n    import subprocess", ["subprocess"]),
    (reaching_out, "pipeline", "text = open('a').read()", ["open()"]),
    (reaching_out, "model.report", "print('总计')", ["print()"]),
    (reaching_out, "wording", "from datetime import date\nday = date.today()", [".today"]),
    (reaching_out, "wording", "import datetime\nday = datetime.datetime.now()", [".now"]),
    (reaching_out, "model.prose", "text = template.read_text()", [".read_text"]),
    (foreign_imports_of_values, "model.form", "import yaml", ["yaml"]),
    (foreign_imports_of_values, "model.report", "from lxml import etree", ["lxml.etree"]),
    (
        private_names_of_others,
        "makers.a",
        "from reportgen.model.form import _row",
        ["reportgen.model.form._row"],
    ),
    (private_names_of_others, "makers.a", "from reportgen import form\nform._row()", ["form._row"]),
    (private_names_of_others, "cli", "import reportgen.web._page", ["reportgen.web._page"]),
    (vague_names, "makers.pdf_utils", "", ["utils"]),
    (vague_names, "base", "", ["base"]),
    (unlisted_folders, "tools.sums", "", ["tools"]),
]

INNOCENT = [
    Module(
        "model.report", "from decimal import Decimal\nfrom reportgen.model.form import Form\nself._rows = 1"
    ),
    Module("pipeline", "from pathlib import PurePath\nsuffix = PurePath(name).suffix"),
    Module("checks.dates", "from datetime import date\nlate = context.today > date(2021, 1, 31)"),
    Module("makers.pdf_libreoffice", "import os, subprocess\nfrom pathlib import Path\nopen('a')"),
    Module("store.workspace", "from reportgen import __doc__"),
    Module("model.quoting", "import jinja2"),
]


@pytest.mark.parametrize(("rule", "name", "text", "found"), OFFENCES)
def test_every_rule_sees_its_offence(
    rule: Callable[[Module], list[str]], name: str, text: str, found: list[str]
) -> None:
    assert rule(Module(name, text)) == found


@pytest.mark.parametrize("rule", RULES)
def test_no_rule_accuses_the_innocent(rule: Callable[[Module], list[str]]) -> None:
    assert {module.name: rule(module) for module in INNOCENT if rule(module)} == {}


def test_every_rule_is_tried_against_an_offence() -> None:
    assert {rule for rule, *_ in OFFENCES} == set(RULES)


def test_there_are_modules_to_judge() -> None:
    assert {"problems", "model.nodes", "model.form", "makers"} <= {module.name for module in MODULES}


@pytest.mark.parametrize("rule", RULES)
def test_the_package_keeps_the_rule(rule: Callable[[Module], list[str]]) -> None:
    assert {module.name: rule(module) for module in MODULES if rule(module)} == {}


@pytest.mark.parametrize("rule", [vague_names])
def test_tests_and_tools_keep_the_rule_too(rule: Callable[[Module], list[str]]) -> None:
    assert {module.name: rule(module) for module in ELSEWHERE if rule(module)} == {}


def test_every_folder_of_the_package_says_what_is_added_there() -> None:
    folders = {path.parent for path in PACKAGE.rglob("*.py")} - {PACKAGE}
    pages = {folder.name: folder / "__init__.py" for folder in folders}
    silent = {
        name for name, page in pages.items() if not page.is_file() or '"""' not in page.read_text("utf-8")
    }
    assert silent == set()
