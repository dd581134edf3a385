import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from reportgen.store.desk import Desk
from served import FAULTY, INPUTS, XUEFANG, Served, Visit, below, left_of, served, workspace


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Served]:
    with served(workspace(tmp_path / "甲 县", XUEFANG, FAULTY)) as page:
        yield page


def test_a_change_is_a_draft_until_it_is_saved_and_then_the_file_of_the_clerk(page: Served) -> None:
    file = page.folder / "inputs" / XUEFANG
    before = file.read_text(encoding="utf-8")
    view = page.edit(XUEFANG, field__phone="0535-1111111").json
    assert view["draft"]
    assert file.read_text(encoding="utf-8") == before
    saved = page.save(XUEFANG).json
    assert not saved["draft"]
    assert file.read_text(encoding="utf-8") == before.replace("0535-7580196\n网站", "0535-1111111\n网站")
    assert [path.name for path in file.parent.iterdir()] == ["2020.yaml"]


def test_totals_and_both_sides_of_every_identity_come_from_the_pipeline(page: Served) -> None:
    view = page.edit(FAULTY, cell__new__total="", cell__open__person="21").json
    assert view["cells"]["new.total"] == {"typed": "", "shown": "26"}
    assert view["sums"]["T3-01:new.person"] == {"left": "27", "right": "27", "off": ""}
    off = page.edit(FAULTY, cell__carry_in__person="9").json["sums"]["T3-01:new.person"]
    assert off == {"left": "34", "right": "27", "off": "7"}


def test_two_windows_do_not_overwrite_each_other(page: Served) -> None:
    seen = page.view(XUEFANG)["revision"]
    assert page.edit(XUEFANG, seen, field__phone="1").status == 200
    late = page.edit(XUEFANG, seen, field__phone="2")
    assert late.status == 409
    assert late.json["view"]["fields"]["phone"] == "1"
    assert page.post("/api/save", {"revision": seen}, report=XUEFANG).status == 409


def test_a_file_that_another_program_changed_is_never_overwritten_in_silence(page: Served) -> None:
    file = page.folder / "inputs" / XUEFANG
    page.edit(XUEFANG, field__phone="1")
    file.write_text(
        file.read_text(encoding="utf-8").replace("穴坊镇2020", "某镇2020") + "# 别人加的\n", encoding="utf-8"
    )
    view = page.view(XUEFANG)
    assert view["moved"]
    assert page.save(XUEFANG).status == 409
    assert "别人加的" in file.read_text(encoding="utf-8")
    over = page.post("/api/save", {"revision": view["revision"], "over": True}, report=XUEFANG)
    assert over.status == 200
    assert any(
        "别人加的" in path.read_text(encoding="utf-8") for path in file.parent.iterdir() if path != file
    )
    assert "别人加的" not in file.read_text(encoding="utf-8")


def test_who_takes_the_file_instead_keeps_the_draft_beside_it(page: Served) -> None:
    file = page.folder / "inputs" / XUEFANG
    page.edit(XUEFANG, field__phone="12345")
    file.write_text(file.read_text(encoding="utf-8") + "# 别人加的\n", encoding="utf-8")
    page.post("/api/drop", {"revision": page.view(XUEFANG)["revision"]}, report=XUEFANG)
    kept = [path for path in file.parent.iterdir() if "备份" in path.name]
    assert "12345" in kept[0].read_text(encoding="utf-8")
    assert "别人加的" in page.view(XUEFANG)["text"]
    assert page.site.desk.reports() == [FAULTY, XUEFANG]


def test_two_servers_on_one_workspace_see_each_other(page: Served) -> None:
    with served(page.folder) as other:
        seen = other.view(XUEFANG)["revision"]
        page.edit(XUEFANG, field__phone="1")
        assert other.edit(XUEFANG, seen, field__phone="2").status == 409
        assert other.view(XUEFANG)["fields"]["phone"] == "1"


@pytest.mark.parametrize(
    ("coding", "mark", "ends"),
    [("utf-8", b"", b"\r\n"), ("utf-8", b"\xef\xbb\xbf", b"\n"), ("gb18030", b"", b"\r\n")],
)
def test_a_file_keeps_its_line_ends_and_mark_and_a_gbk_one_is_kept_beside(
    page: Served, coding: str, mark: bytes, ends: bytes
) -> None:
    file = page.folder / "inputs" / XUEFANG
    text = file.read_text(encoding="utf-8")
    before = mark + text.encode(coding).replace(b"\n", ends)
    file.write_bytes(before)
    page.edit(XUEFANG, field__mail="a@example.cn")
    assert page.save(XUEFANG).status == 200
    now = file.read_bytes()
    assert now.replace("邮箱: a@example.cn".encode() + ends, b"") == mark + text.encode().replace(b"\n", ends)
    kept = [path.read_bytes() for path in file.parent.iterdir() if path != file]
    assert kept == ([before] if coding == "gb18030" else [])


def test_slips_are_mended_when_the_clerk_asks(page: Served) -> None:
    file = page.folder / "inputs" / XUEFANG
    file.write_text(file.read_text(encoding="utf-8").replace("电话: ", "电话："), encoding="utf-8")
    view = page.view(XUEFANG)
    assert view["mends"] == 1
    mended = page.post("/api/mend", {"revision": view["revision"]}, report=XUEFANG).json
    assert (mended["mends"], "电话: 0535" in mended["text"]) == (0, True)


def test_a_file_that_is_no_report_yet_can_be_written_as_text(page: Served) -> None:
    file = page.folder / "inputs" / "甲" / "2024.yaml"
    file.parent.mkdir()
    file.write_text("- 不是年报\n", encoding="utf-8")
    view = page.view("甲/2024.yaml")
    assert "cells" not in view
    assert page.ask("GET", f"/edit?report={quote('甲/2024.yaml')}").status == 200
    assert page.edit("甲/2024.yaml", cell__new__person="1").status == 422
    text = (INPUTS / XUEFANG).read_text(encoding="utf-8")
    again = page.post("/api/rewrite", {"revision": view["revision"], "text": text}, report="甲/2024.yaml")
    assert again.json["fields"]["short"] == "穴坊镇"


def test_a_killed_server_loses_nothing_that_it_had_answered(tmp_path: Path) -> None:
    folder = workspace(tmp_path, XUEFANG)
    command = [sys.executable, "-m", "reportgen", "serve", str(folder), "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=tmp_path) as process:
        assert process.stdout is not None
        process.stdout.readline()
        address = process.stdout.readline().strip()
        assert address.startswith("http://127.0.0.1:")
        _change_over(address, "0535-2222222")
        process.kill()
    assert "0535-2222222" in Desk(folder).open(XUEFANG).text
    assert "0535-2222222" not in (folder / "inputs" / XUEFANG).read_text(encoding="utf-8")


def _change_over(address: str, phone: str) -> None:
    """Change a phone as a browser does that was given the address."""
    visit = Visit(address)
    revision = visit.ask("GET", f"/api/show?report={XUEFANG}").json["revision"]
    body = {"revision": revision, "changes": [{"key": "field:phone", "value": phone}]}
    assert visit.ask("POST", f"/api/edit?report={XUEFANG}", body).status == 200


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_server_says_so_and_leaves_no_process_behind(tmp_path: Path, how: signal.Signals) -> None:
    folder = workspace(tmp_path, XUEFANG)
    command = [sys.executable, "-m", "reportgen", "serve", str(folder), "--no-browser"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, start_new_session=True, cwd=tmp_path
    )
    assert process.stdout is not None
    with process:
        process.stdout.readline()
        address = process.stdout.readline().strip()
        _change_over(address, "0535-3333333")
        children = below(process.pid)
        os.kill(process.pid, how)
        rest = process.stdout.read()
    assert "页面已经关掉" in rest
    assert process.returncode == 0
    assert left_of(children) == []


@pytest.mark.office
@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_server_stopped_in_the_midst_of_a_folder_leaves_no_process_and_no_half_report(
    tmp_path: Path,
) -> None:
    folder = workspace(tmp_path, XUEFANG)
    text = (folder / "inputs" / XUEFANG).read_text(encoding="utf-8")
    for number in range(12):
        (folder / "inputs" / f"{number}.yaml").write_text(
            text.replace("莱阳市穴坊镇人民政府", f"莱阳市第{number}镇人民政府"), encoding="utf-8"
        )
    command = [sys.executable, "-m", "reportgen", "serve", str(folder), "--no-browser"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, start_new_session=True, cwd=tmp_path
    )
    assert process.stdout is not None
    with process:
        process.stdout.readline()
        visit = Visit(process.stdout.readline().strip())
        assert visit.ask("POST", "/api/batch", {"what": "make", "folder": ""}).status == 200
        while not visit.ask("GET", "/api/run").json["done"]:
            time.sleep(0.1)
        children = below(process.pid)
        assert len(children) > 1
        os.kill(process.pid, signal.SIGTERM)
        process.stdout.read()
    assert process.returncode == 0
    assert left_of(children) == []
    made = [path for path in (folder / "outputs").rglob("*") if path.is_file()]
    assert made
    assert [path.name for path in made if path.name.startswith(".reportgen")] == []
    assert {path.parent for path in made} == {path.parent for path in made if path.name == "manifest.json"}
