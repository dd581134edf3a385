"""Who follows a README from the first line to the last gets what it promises."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import docx
import pytest

from authority import Authority
from checkout import ROOT, copy_checkout
from made import outcome_of, text_of
from rollups import text as unit_text
from seals import seal_svg

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="the consoles shown are those of Linux"),
    pytest.mark.slow,
    pytest.mark.office,
]
ORGAN = "某县某镇人民政府"
NOT_HERE = "make test"
"""The only command that is not run: it would run this test."""


def commands(readme: str) -> Iterator[str]:
    """Every line of the console blocks, in order, without its prompt."""
    for block in re.findall(r"^```console\n(.*?)^```$", (ROOT / readme).read_text("utf-8"), re.M | re.S):
        for line in block.splitlines():
            assert line.startswith("$ "), f"{readme}: {line}"
            yield line.removeprefix("$ ")


def text(year: int) -> str:
    """What the clerk of the READMEs would have filled in."""
    return text_of(year).replace("甲县乙镇人民政府", ORGAN)


def lay_out_what_an_office_has(folder: Path) -> None:
    """Last year's report in Word, a certificate and a seal's picture, under the names of both READMEs."""
    old = outcome_of(text(2024), "docx").files["docx"]
    authority = Authority()
    organ = authority.issue(ORGAN).p12()
    for names, content in (
        (("2024年年报.docx", "last-years-report.docx"), old),
        (("单位证书.p12", "organ.p12"), organ),
        (("根证书.pem", "ca.pem"), authority.root.pem),
        (("印章.svg", "seal.svg"), seal_svg()),
    ):
        for name in names:
            (folder / name).write_bytes(content)


def fill_in(folder: Path) -> None:
    """What a clerk does with an editor before the first check."""
    (folder / "2025.yaml").write_text(text(2025), "utf-8")


def hand_in(folder: Path) -> None:
    """What the units of a county hand in, and the roster of them."""
    units = ((ORGAN, 5), ("某县某局", 3))
    for name, roster in (("units", "roster.yaml"), ("各单位", "名单.yaml")):
        (folder / name).mkdir(exist_ok=True)
        for number, (unit, new) in enumerate(units):
            content = (
                unit_text(unit, new).replace("年度: 2023", "年度: 2025").replace("2024-01-18", "2026-01-18")
            )
            (folder / name / f"{number}.yaml").write_text(content, "utf-8")
        listed = "".join(f"- {unit}\n" for unit, _ in units)
        (folder / roster).write_text(f"截止: 2026-01-20\n单位:\n{listed}", "utf-8")


def polish(folder: Path) -> None:
    """What an office does in Word: one sentence more, and the file goes somewhere else."""
    made = docx.Document(str(next((folder / "outputs" / ORGAN / "2025").glob("*.docx"))))
    last = next(paragraph for paragraph in made.paragraphs if "丰富的问题" in paragraph.text)
    last.runs[-1].text += "对照检查，逐项整改。"
    for name in ("改过的年报.docx", "polished.docx"):
        made.save(str(folder / name))


BY_HAND: tuple[tuple[str, Callable[[Path], None]], ...] = (
    ("reportgen read", lay_out_what_an_office_has),
    ("reportgen check 2025.yaml", fill_in),
    ("reportgen check 改过的年报.docx --against 2025.yaml  ", polish),
    ("reportgen check polished.docx --against 2025.yaml  ", polish),
    ("reportgen rollup ", hand_in),
)
"""Before a command that begins so, a person has done this."""


def test_every_command_of_both_readmes_works_in_their_order(tmp_path: Path) -> None:
    checkout = copy_checkout(tmp_path / "checkout")
    environment = surroundings(tmp_path)
    for readme in ("README.md", "README.zh-CN.md"):
        for command in commands(readme):
            for beginning, by_hand in BY_HAND:
                if command.startswith(beginning):
                    by_hand(checkout)
            if not command.startswith(NOT_HERE):
                done = subprocess.run(
                    ["bash", "-c", command],
                    cwd=checkout,
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    capture_output=True,
                    text=True,
                    check=False,
                )
                assert done.returncode == 0, (readme, command, done.stdout, done.stderr)
        clear_away(checkout)


def surroundings(scratch: Path) -> dict[str, str]:
    """The environment of a new user, but for the fonts and pip's cache, which take long to get."""
    cache = [sys.executable, "-m", "pip", "cache", "dir"]
    fonts = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local/share")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return kept | {
        "HOME": str(scratch / "home"),
        "XDG_DATA_HOME": fonts,
        "PIP_CACHE_DIR": subprocess.run(cache, capture_output=True, check=True, text=True).stdout.strip(),
        "BINDIR": str(scratch / "bin"),
        "PATH": f"{scratch / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHON": sys.executable,
        "REPORTGEN_PASSWORD": "测试密码 123",
    }


def clear_away(checkout: Path) -> None:
    """Leave no file of one README for the other to find."""
    for pattern in ("*.yaml", "*.docx", "*.pdf", "*.png", "*.p12", "*.pem", "*.svg", "*.xlsx"):
        for file in checkout.glob(pattern):
            file.unlink()
    for folder in ("outputs", "archive", "dist"):
        shutil.rmtree(checkout / folder, ignore_errors=True)
    shutil.rmtree(checkout.parent / "home")


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_make_test_is_the_only_command_left_out(readme: str) -> None:
    left_out = [command for command in commands(readme) if command.startswith(NOT_HERE)]
    assert len(left_out) <= 1
    assert len(list(commands(readme))) > 15
