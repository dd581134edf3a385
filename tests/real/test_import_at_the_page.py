"""Real reports, which are not part of this repository, brought in at the page: each has a clear answer.

What is understood of them at the page is what ``read`` writes, and the figures are those that were published.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from foreign import as_docx, as_html, as_markdown
from made import gathered
from polished import run
from published import FOLDER, data_of, figures_of, shanghai, shuyang, suqian
from reportgen.pipeline import examine
from reportgen.problems import Exit
from served import Served, served

FILES = sorted(path for path in FOLDER.iterdir() if path.suffix in (".md", ".txt", ".docx", ".html", ".pdf"))

assert FILES, f"no real reports in {FOLDER}"


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path / "年报") as page:
        yield page


def brought(page: Served, name: str, content: bytes) -> Any:
    """What the page understands of a file that is dropped on it."""
    answer = page.ask("POST", f"/api/bring?name={quote(name)}", content)
    assert answer.status == 200
    return answer.json


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.name)
def test_every_file_of_the_folder_is_understood_as_the_command_understands_it(
    page: Served, file: Path, tmp_path: Path
) -> None:
    said = brought(page, file.name, file.read_bytes())
    out = tmp_path / "读成.yaml"
    if run("read", file, "--out", out) == Exit.OK:
        assert said["text"].encode() == out.read_bytes()
        assert any("总体情况" in line for line in said["original"])
    else:
        assert said["text"] == ""
        assert any(each["level"] == "error" and each["fix"] for each in said["findings"])


@pytest.mark.parametrize("kind", ["html", "docx", "md"])
@pytest.mark.parametrize("name", ["suqian-2023", "shuyang-drc-2023", "shanghai-office-2019"])
def test_the_published_figures_stand_in_the_report_that_the_clerk_takes(
    page: Served, name: str, kind: str
) -> None:
    report = {"suqian-2023": suqian, "shuyang-drc-2023": shuyang, "shanghai-office-2019": shanghai}[name]()
    content = {"html": as_html, "docx": as_docx, "md": as_markdown}[kind](report)
    said = brought(page, f"去年的.{kind}", content)
    taken = page.post("/api/take", {"text": said["text"]}).json["report"]
    now = examine(page.site.desk.open(taken).material, gathered()).report
    assert now is not None
    found = {str(key): figure.raw or figure.text for key, figure in now.cells.items()}
    assert found == figures_of(data_of(name), now.form)
