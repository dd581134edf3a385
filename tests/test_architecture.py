import re
from collections.abc import Callable, Iterator
from pathlib import Path
from re import _constants as sre_constants  # type: ignore[attr-defined]
from re import _parser as sre_parse  # type: ignore[attr-defined]
from typing import Any

import pytest

from architecture import (
    RULES,
    Module,
    absent_paths,
    floors_of_contract,
    floors_of_page,
    foreign_imports_of_values,
    module_at,
    private_names_of_others,
    reaching_out,
    unlisted_folders,
    vague_names,
)
from patterns import patterns

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


def page(name: str) -> str:
    """The text of a page of this repository."""
    return (ROOT / name).read_text("utf-8")


def test_the_architecture_page_has_the_floors_of_the_import_contract() -> None:
    floors = floors_of_contract(page("pyproject.toml"), PACKAGE)
    assert len(floors) > 10
    assert floors_of_page(page("docs/architecture.md")) == floors


def test_a_floor_that_may_be_absent_counts_where_it_is_there(tmp_path: Path) -> None:
    project = """
[[tool.importlinter.contracts]]
type = "layers"
layers = ["cli | (web)", "(batch)", "store"]
"""
    assert floors_of_contract(project, tmp_path) == [{"cli"}, {"store"}]
    (tmp_path / "web").mkdir()
    (tmp_path / "batch.py").touch()
    assert floors_of_contract(project, tmp_path) == [{"cli", "web"}, {"batch"}, {"store"}]


@pytest.mark.parametrize("name", ["docs/architecture.md", "CONTRIBUTING.md"])
def test_a_page_names_no_file_and_no_folder_that_does_not_exist(name: str) -> None:
    assert absent_paths(page(name), PACKAGE, ROOT) == []


@pytest.mark.parametrize("named", ["nothing.py", "checks/nothing.py", "shed/", "cli.py/", "make x/y"])
def test_a_name_of_nothing_is_seen(named: str) -> None:
    assert absent_paths(f"See `cli.py`, `checks/` and `{named}`.", PACKAGE) == [named.split()[-1]]


def test_every_module_on_top_and_every_room_is_told_of_on_the_architecture_page() -> None:
    tops = {module.top for module in MODULES} - {"__init__", "__main__"}
    assert {name for name in tops if f"`{name}" not in page("docs/architecture.md")} == set()


def _possessive_groups(parsed: Any) -> Iterator[object]:
    """The repeats of a parsed pattern that are possessive over more than a single sign."""
    for what, rest in parsed:
        parts = rest if isinstance(rest, tuple | list) else (rest,)
        if what is sre_constants.POSSESSIVE_REPEAT and (len(rest[2]) > 1 or rest[2][0][0] not in _SIGNS):
            yield rest
        for part in parts:
            if isinstance(part, sre_parse.SubPattern):
                yield from _possessive_groups(part)
            elif isinstance(part, list) and part and isinstance(part[0], sre_parse.SubPattern):
                for branch in part:
                    yield from _possessive_groups(branch)


_SIGNS = (sre_constants.IN, sre_constants.LITERAL, sre_constants.NOT_LITERAL, sre_constants.ANY)


def _is_risky(pattern: re.Pattern[str]) -> bool:
    return any(_possessive_groups(sre_parse.parse(pattern.pattern, pattern.flags)))


@pytest.mark.parametrize("pattern", ["(?:a,)++b", "x(?:a|bc)*+", "(?P<n>(?:[ ][ ])*+)y", "(?=(?:ab)?+c)"])
def test_a_possessive_group_is_seen_wherever_it_stands(pattern: str) -> None:
    assert _is_risky(re.compile(pattern))


@pytest.mark.parametrize("pattern", ["[ab]++c", "a*+", "(?>(?:a,)+)b", "(?:a|b)+", ".?+x"])
def test_an_atomic_group_and_a_possessive_sign_are_no_risk(pattern: str) -> None:
    assert not _is_risky(re.compile(pattern))


def test_no_pattern_has_a_possessive_group() -> None:
    """Python before 3.11.5 matches them wrong, and Debian 12 has 3.11.2: gh-106052."""
    held = [(name, each) for name, each in patterns() if isinstance(each.pattern, str)]
    assert len(held) > 400
    assert sorted(name for name, each in held if _is_risky(each)) == []
