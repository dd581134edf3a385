import shutil
import sys
import time
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from authority import PASSWORD, Authority
from made import outcome_of
from old import saved_as
from polished import run, text
from reportgen.problems import Exit
from reportgen.signing.verifying import verify
from served import FAULTY, INPUTS, XUEFANG, Served, served, workspace


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Served]:
    with served(workspace(tmp_path / "甲 县", XUEFANG, FAULTY)) as page:
        yield page


# ── new reports, and those that come from outside ──────────


def test_a_new_report_carries_what_last_year_hands_on(page: Served) -> None:
    answer = page.post("/api/new", {"year": "2024年", "last": FAULTY}).json
    view = page.view(answer["report"])
    assert view["fields"]["organ"] == "示例县示例镇人民政府"
    assert view["cells"]["carry_in.person"]["typed"] == "3"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"year": "20", "organ": "甲", "level": "乡镇政府"}, "年度"),
        ({"year": "1999", "organ": "甲", "level": "乡镇政府"}, "1999"),
        ({"year": "2024", "organ": "", "level": "乡镇政府"}, "机关"),
        ({"year": "2024", "organ": "甲", "level": "村"}, "级别"),
    ],
)
def test_a_new_report_that_cannot_be_is_told_in_a_sentence(
    page: Served, asked: dict[str, str], said: str
) -> None:
    answer = page.post("/api/new", asked)
    assert answer.status == 422
    assert said in answer.json["error"]


def test_a_page_of_a_website_becomes_a_report_once_the_clerk_takes_it(page: Served) -> None:
    page.post("/api/make", {"revision": page.view(XUEFANG)["revision"], "kinds": ["html"]}, report=XUEFANG)
    made = next((page.folder / "outputs").rglob("*.html")).read_bytes()
    (page.folder / "inputs" / XUEFANG).unlink()
    brought = page.ask("POST", f"/api/bring?name={quote('去年的.html')}", made).json
    assert (brought["organ"], brought["year"]) == ("莱阳市穴坊镇人民政府", 2020)
    assert any("总体情况" in line for line in brought["original"])
    taken = page.post("/api/take", {"text": brought["text"]}).json["report"]
    assert page.view(taken)["fields"]["organ"] == "莱阳市穴坊镇人民政府"
    assert page.post("/api/take", {"text": brought["text"]}).status == 422


@pytest.fixture(scope="module")
def old() -> dict[str, bytes]:
    """A report as offices keep it: a Word file of before 2007, and a PDF of another program."""
    word = outcome_of(text(), "docx").files["docx"]
    return {kind: saved_as(kind, word)[0] for kind in ("doc", "pdf")}


@pytest.mark.office
@pytest.mark.slow
@pytest.mark.parametrize("name", ["去年的.doc", "去年的.wps", "网上下载的.pdf"])
def test_an_old_file_is_read_as_the_command_reads_it(
    page: Served, old: dict[str, bytes], name: str, tmp_path: Path
) -> None:
    file, out = tmp_path / name, tmp_path / "读成.yaml"
    file.write_bytes(old["pdf" if name.endswith("pdf") else "doc"])
    assert run("read", file, "--out", out) == Exit.OK
    brought = page.ask("POST", f"/api/bring?name={quote(name)}", file.read_bytes()).json
    assert brought["text"].encode() == out.read_bytes()
    assert any("总体情况" in line for line in brought["original"])
    assert any(each["code"] == "R38" for each in brought["findings"])


@pytest.mark.parametrize(("name", "content", "said"), [
    ("年报.pdf", b"%PDF-1.7\n", "不完整"),
    ("年报.doc", b"PK\x03\x04", "不完整"),
    ("年报.ofd", b"", "读不了"),
    ("年报.xls", b"", "另存为 .xlsx"),
])  # fmt: skip
def test_a_file_that_cannot_be_read_says_the_way(page: Served, name: str, content: bytes, said: str) -> None:
    brought = page.ask("POST", f"/api/bring?name={quote(name)}", content).json
    assert brought["text"] == ""
    assert any(said in each["message"] + each["fix"] for each in brought["findings"])


# ── files ──────────────────────────────────────────────────────────────────────────────────────────


def _state(page: Served, report: str) -> str:
    """How far a report has come, as the first page says."""
    rows = page.get("/api/rows").json["rows"]
    return next(str(row["state"]) for row in rows if row["name"] == report)


def test_a_new_report_is_blank_and_one_with_errors_says_so(page: Served) -> None:
    new = page.post("/api/new", {"year": "2024", "organ": "甲镇", "level": "乡镇政府"}).json["report"]
    assert [_state(page, name) for name in (new, FAULTY, XUEFANG)] == ["空白", "有错误", "可出稿"]


@pytest.mark.office
def test_the_files_of_the_page_are_those_of_the_command_line(page: Served, tmp_path: Path) -> None:
    from reportgen.cli import main

    body = {"revision": page.view(XUEFANG)["revision"], "kinds": ["docx", "pdf", "html"]}
    made = page.post("/api/make", body, report=XUEFANG).json
    assert sorted(made["files"]) == ["docx", "html", "pdf"]
    out = tmp_path / "别处"
    assert main(["build", str(INPUTS / XUEFANG), "--to", "docx,pdf,html", "--out", str(out)]) == 0
    for name in made["files"].values():
        wanted = next(out.rglob(name)).read_bytes()
        assert page.get("/file", report=XUEFANG, name=name).content == wanted
    assert _state(page, XUEFANG) == "已出 PDF"


def test_what_was_made_before_is_listed_and_told_when_it_is_old(page: Served) -> None:
    assert page.get("/api/files", report=XUEFANG).json["files"] == []
    made = {"revision": page.view(XUEFANG)["revision"], "kinds": ["docx", "html"]}
    names = page.post("/api/make", made, report=XUEFANG).json["files"].values()
    kept = page.get("/api/files", report=XUEFANG).json
    assert (sorted(kept["files"]), kept["fresh"], kept["draft"]) == (sorted(names), True, False)
    page.edit(XUEFANG, field__phone="0535-1234567")
    assert page.get("/api/files", report=XUEFANG).json["fresh"] is False


@pytest.mark.office
def test_a_finished_report_is_packed_for_the_archive_as_the_command_packs_it(
    page: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reportgen.cli import main

    too_early = page.get("/archive", report=XUEFANG)
    assert (too_early.status, "生成文件" in too_early.content.decode()) == (404, True)
    body = {"revision": page.view(XUEFANG)["revision"], "kinds": ["docx", "pdf"]}
    page.post("/api/make", body, report=XUEFANG)
    package = page.get("/archive", report=XUEFANG)
    monkeypatch.chdir(page.folder)
    assert main(["archive", f"inputs/{XUEFANG}", "--zip", "--out", str(tmp_path / "归档")]) == 0
    assert package.content == next((tmp_path / "归档").glob("*.zip")).read_bytes()
    page.edit(XUEFANG, field__phone="1")
    assert page.get("/archive", report=XUEFANG).status == 404


@pytest.mark.office
def test_a_finished_pdf_is_signed_once_and_only_as_it_was_made(page: Served) -> None:
    organ = Authority().issue("莱阳市穴坊镇人民政府")
    asked = {"key": b64encode(organ.p12()).decode(), "password": PASSWORD}
    assert "先按“生成文件”" in page.post("/api/sign", asked, report=XUEFANG).json["error"]
    page.post("/api/make", {"revision": page.view(XUEFANG)["revision"], "kinds": ["pdf"]}, report=XUEFANG)
    assert "密码" in page.post("/api/sign", {**asked, "password": "错"}, report=XUEFANG).json["error"]
    assert page.post("/api/sign", {**asked, "key": "不是"}, report=XUEFANG).status == 400
    signed = page.post("/api/sign", asked, report=XUEFANG).json
    assert signed["notice"] == ""
    content = page.get("/file", report=XUEFANG, name=signed["name"]).content
    [verdict] = verify(content)
    assert verdict.names
    assert _state(page, XUEFANG) == "已签名"
    assert "已经签过名" in page.post("/api/sign", asked, report=XUEFANG).json["error"]
    page.edit(XUEFANG, field__phone="0535-1234567")
    assert "在生成文件以后改过" in page.post("/api/sign", asked, report=XUEFANG).json["error"]


def test_files_are_made_of_what_is_saved_and_an_edited_word_file_is_not_replaced(page: Served) -> None:
    page.edit(XUEFANG, field__phone="1")
    body = {"revision": page.view(XUEFANG)["revision"], "kinds": ["docx"]}
    assert page.post("/api/make", body, report=XUEFANG).status == 422
    page.save(XUEFANG)
    body["revision"] = page.view(XUEFANG)["revision"]
    assert page.post("/api/make", body, report=XUEFANG).status == 200
    docx = next((page.folder / "outputs").rglob("*.docx"))
    docx.write_bytes(docx.read_bytes() + b"\n")
    assert _state(page, XUEFANG) == "已修改"
    page.edit(XUEFANG, field__phone="2")
    page.save(XUEFANG)
    body["revision"] = page.view(XUEFANG)["revision"]
    refused = page.post("/api/make", body, report=XUEFANG)
    assert (refused.status, refused.json["polished"]) == (409, True)
    assert "放回它" in refused.json["error"] and "--" not in refused.json["error"]
    assert page.post("/api/make", {**body, "force": True}, report=XUEFANG).status == 200


def test_a_polished_word_file_shows_its_changes_and_hands_over_what_the_page_can_take(page: Served) -> None:
    from docx import Document

    body = {"revision": page.view(XUEFANG)["revision"], "kinds": ["docx"]}
    page.post("/api/make", body, report=XUEFANG)
    file = next((page.folder / "outputs").rglob("*.docx"))
    document = Document(str(file))
    for paragraph in document.paragraphs:
        for part in paragraph.runs:
            part.text = part.text.replace("主要领导带头", "主要领导亲自抓")
    document.tables[1].rows[3].cells[3].paragraphs[0].runs[0].text = "8"
    polished = page.folder / "改过.docx"
    document.save(str(polished))
    said = page.ask("POST", f"/api/polished?report={XUEFANG}", polished.read_bytes()).json
    taken = {each["key"]: each["value"] for each in said["changes"] if each["key"]}
    assert "主要领导亲自抓" in taken["prose:problems"]
    assert taken["cell:new.person"] == "8"
    changes = [{"key": key, "value": value} for key, value in taken.items()]
    view = page.post("/api/edit", {"revision": said["revision"], "changes": changes}, report=XUEFANG).json
    assert view["cells"]["new.person"]["typed"] == "8"


@pytest.mark.office
def test_pages_are_drawn_once_for_many_wishes(page: Served) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: page.post("/api/preview", {}, report=XUEFANG).json, range(6)))
    assert page.site.jobs.waiting == 0
    drawn = [each for each in answers if "pages" in each]
    assert 1 <= len(drawn) < 6
    assert all(each["pages"] >= 3 for each in drawn)
    revision = drawn[0]["revision"]
    image = page.get("/page.png", report=XUEFANG, revision=revision, number="1")
    assert image.content.startswith(b"\x89PNG")
    for number in ("0", "99", "x", "-1", "１"):
        assert page.get("/page.png", report=XUEFANG, revision=revision, number=number).status == 404


def test_last_years_report_stands_beside_this_years(page: Served) -> None:
    file = page.folder / "inputs" / FAULTY
    text = file.read_text(encoding="utf-8")
    file.with_name("2022.yaml").write_text(
        text.replace("2023", "2022").replace("行政许可: 1２８", "行政许可: 100"), encoding="utf-8"
    )
    assert page.view(FAULTY)["cells"]["permits.decisions"]["last"] == "100"
    compared = page.ask("GET", f"/compare?report={FAULTY}").content.decode()
    assert "变 +28" in compared
    assert "<svg" in compared
    shutil.rmtree(page.folder / "inputs" / "laiyang-xuefang")
    assert "没有找到去年" in page.ask("GET", "/compare?report=example-with-faults/2022.yaml").content.decode()


@pytest.mark.skipif(sys.platform != "linux", reason="how programs are found")
def test_a_made_file_is_opened_by_the_program_of_the_machine(
    page: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = {"revision": page.view(XUEFANG)["revision"], "kinds": ["docx"]}
    name = page.post("/api/make", body, report=XUEFANG).json["files"]["docx"]
    monkeypatch.setenv("PATH", str(tmp_path))
    refused = page.post("/api/launch", {}, report=XUEFANG, name=name)
    assert refused.status == 422
    assert str(page.folder / "outputs") in refused.json["error"]
    opener = tmp_path / "xdg-open"
    opener.write_text(f'#!/bin/sh\necho "$1" >{tmp_path}/opened\n', encoding="utf-8")
    opener.chmod(0o755)
    assert page.post("/api/launch", {}, report=XUEFANG, name=name).status == 200
    end = time.monotonic() + 20
    while not (tmp_path / "opened").exists() or not (tmp_path / "opened").read_text():
        assert time.monotonic() < end
        time.sleep(0.02)
    assert (tmp_path / "opened").read_text(encoding="utf-8").strip().endswith(name)
    assert page.post("/api/launch", {}, report=XUEFANG, name="../manifest.json").status == 422
