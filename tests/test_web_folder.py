"""What the page does with all reports of a folder: checked, made, added up, packed for the archive."""

import io
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from clerks import clerk
from served import FAULTY, XUEFANG, Served, served, workspace

TOWNS = ("甲镇", "乙镇", "丙镇")


def town(name: str, more: str = "") -> str:
    """A sound report of a town of 2022, with one application."""
    text = clerk(申请="\n  本年新收: {自然人: 1}\n  予以公开: {自然人: 1}", 存在问题="一是人手少。")
    return text.replace(text.splitlines()[0], f"机关: 某县{name}人民政府") + more


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Served]:
    folder = workspace(tmp_path / "某 县", XUEFANG, FAULTY)
    for name in TOWNS:
        file = folder / "inputs" / "各镇" / name / "2022.yaml"
        file.parent.mkdir(parents=True)
        file.write_text(town(name), encoding="utf-8")
    with served(folder) as page:
        yield page


def done(page: Served) -> Any:
    """The run when it has ended."""
    end = time.monotonic() + 300
    while not (said := page.get("/api/run").json)["ended"]:
        assert time.monotonic() < end
        time.sleep(0.05)
    return said


def started(page: Served, path: str, **body: object) -> Any:
    """The run that a request began, when it has ended."""
    answer = page.post(path, body)
    assert answer.status == 200, answer.content.decode()
    return done(page)


def test_the_page_offers_every_folder_that_has_reports(page: Served) -> None:
    text = page.get("/batch").content.decode()
    for name in ("各镇", "各镇/甲镇", "laiyang-xuefang"):
        assert f"<option>{name}</option>" in text
    assert "全部年报（5 份）" in text


def test_all_reports_are_checked_and_their_findings_told_by_unit(page: Served) -> None:
    said = started(page, "/api/batch", what="check", folder="")
    assert [unit["name"] for unit in said["units"]] == page.site.desk.reports()
    wanted = {name: page.view(name) for name in page.site.desk.reports()}
    for unit in said["units"]:
        assert unit["said"] == wanted[unit["name"]]["said"]
        assert unit["findings"] == wanted[unit["name"]]["findings"]
    assert (said["done"], said["total"], said["trouble"]) == (5, 5, "")
    assert not (page.folder / "outputs").exists()
    assert page.get("/api/run", **{"from": "4"}).json["units"] == said["units"][4:]


def test_a_folder_stands_for_its_own_reports_and_those_below(page: Served) -> None:
    said = started(page, "/api/batch", what="check", folder="各镇")
    assert [unit["organ"] for unit in said["units"]] == [
        "某县丙镇人民政府",
        "某县乙镇人民政府",
        "某县甲镇人民政府",
    ]
    assert page.post("/api/batch", {"what": "check", "folder": "没有"}).status == 422
    assert page.post("/api/batch", {"what": "check", "folder": "各"}).status == 422
    assert page.post("/api/batch", {"what": "x", "folder": ""}).status == 400


def test_a_report_that_cannot_be_read_stops_no_other(page: Served) -> None:
    (page.folder / "inputs" / "各镇" / "丁.yaml").write_bytes(b"\x00\xff\xfe")
    said = started(page, "/api/batch", what="check", folder="各镇")
    assert len(said["units"]) == 4
    assert "丁.yaml" in said["units"][0]["said"] + said["units"][0]["name"]


@pytest.mark.office
def test_all_reports_are_made_and_a_second_time_only_what_changed(page: Served) -> None:
    from reportgen.cli import main

    page.edit("各镇/丙镇/2022.yaml", field__phone="1")  # not saved: not made
    twin = page.folder / "inputs" / "各镇" / "甲镇" / "重复.yaml"
    twin.write_text(town("甲镇", "# 又一份\n"), encoding="utf-8")
    said = started(page, "/api/batch", what="make", folder="各镇")
    files = {unit["name"]: unit["said"] + "".join(unit["files"]) for unit in said["units"]}
    assert "没保存" in files["各镇/丙镇/2022.yaml"]
    assert "已生成" in files["各镇/乙镇/2022.yaml"]
    assert "同一个机关" in files["各镇/甲镇/重复.yaml"]
    out = page.folder / "别处"
    assert (
        main(
            [
                "build",
                str(page.folder / "inputs/各镇/乙镇/2022.yaml"),
                "--to",
                "docx,pdf,html",
                "--out",
                str(out),
            ]
        )
        == 0
    )
    for path in [each for each in out.rglob("*") if each.suffix in (".docx", ".pdf", ".html")]:
        made = page.folder / "outputs" / path.relative_to(out)
        assert made.read_bytes() == path.read_bytes()
    again = started(page, "/api/batch", what="make", folder="各镇/乙镇")
    assert "没有重做" in again["units"][0]["said"]


def test_reports_are_added_up_as_the_command_adds_them(page: Served, tmp_path: Path) -> None:
    from reportgen.cli import main

    asked = {"folder": "各镇", "year": "2022", "organ": "某县人民政府", "level": "县级政府"}
    rolled = started(page, "/api/rollup", **asked)["rolled"]
    assert rolled["counted"] == ["某县丙镇人民政府", "某县乙镇人民政府", "某县甲镇人民政府"]
    out = tmp_path / "汇总.yaml"
    main(
        [
            "rollup",
            str(page.folder / "inputs" / "各镇"),
            "--organ",
            "某县人民政府",
            "--level",
            "县级政府",
            "--out",
            str(out),
        ]
    )
    assert out.read_text(encoding="utf-8").startswith(rolled["text"])
    assert page.get("/rolled", kind="yaml").content.decode() == rolled["text"]
    book = page.get("/rolled", kind="xlsx")
    assert "xl/workbook.xml" in zipfile.ZipFile(io.BytesIO(book.content)).namelist()
    taken = page.post("/api/take", {"text": rolled["text"]}).json["report"]
    assert page.view(taken)["cells"]["new.person"]["shown"] == "3"
    assert page.get("/rolled", kind="exe").status == 404


def test_units_that_are_missing_or_wrong_are_named_with_the_reason(page: Served) -> None:
    file = page.folder / "inputs" / "各镇" / "乙镇" / "2022.yaml"
    file.write_text(town("乙镇").replace("予以公开: {自然人: 1}", "予以公开: {自然人: 2}"), encoding="utf-8")
    roster = "单位\t截止\n某县甲镇人民政府\t2023-01-31\n某县乙镇人民政府\n某县丁镇人民政府\n"
    asked = {"folder": "", "year": "2022年", "organ": "某县人民政府", "roster": roster}
    rolled = started(page, "/api/rollup", **asked)["rolled"]
    assert rolled["counted"] == ["某县甲镇人民政府"]
    assert rolled["lacking"] == ["某县丁镇人民政府", "某县乙镇人民政府"]
    why = {file: reason for _, file, reason in rolled["left"]}
    assert why["各镇/乙镇/2022.yaml"] == "有错误"
    assert why["各镇/丙镇/2022.yaml"] == "不在应报送单位的名单里"
    assert rolled["roster"] == 3
    with_errors = started(page, "/api/rollup", **asked, with_errors=True)["rolled"]
    assert len(with_errors["counted"]) == 2


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"year": "22"}, "年度"),
        ({"year": "1999"}, "1999"),
        ({"organ": ""}, "全称"),
        ({"organ": "某某", "level": ""}, "级别"),
        ({"level": "村"}, "级别"),
        ({"last": "没有.yaml"}, "没有这份年报"),
        ({"roster": "单位\t截止\n甲\t明天"}, "截止日期"),
        ({"folder": "没有"}, "没有年报"),
    ],
)
def test_what_cannot_be_added_up_is_told_in_a_sentence(
    page: Served, asked: dict[str, str], said: str
) -> None:
    body = {"folder": "", "year": "2022", "organ": "某县人民政府", "level": "县级政府", **asked}
    answer = page.post("/api/rollup", body)
    assert answer.status == 422
    assert said in answer.json["error"]


def test_one_run_at_a_time_and_it_stops_when_asked(page: Served) -> None:
    for number in range(60):
        (page.folder / "inputs" / f"{number}.yaml").write_text(town("甲镇"), encoding="utf-8")
    assert page.get("/api/run").json == {"what": "", "ended": True}
    page.post("/api/batch", {"what": "check", "folder": ""})
    busy = page.post("/api/batch", {"what": "check", "folder": ""})
    assert (busy.status, "停下" in busy.json["error"]) == (422, True)
    page.post("/api/stop", {})
    said = done(page)
    assert said["stopped"]
    assert said["done"] < said["total"] == 65


# ── archived ─────────────────────────────────────────────────────────────────────────────────────────


def _state(page: Served) -> str:
    rows = page.get("/api/rows").json["rows"]
    return next(str(row["state"]) for row in rows if row["name"] == XUEFANG)


@pytest.mark.office
def test_a_report_is_archived_as_long_as_its_package_is_there_and_unchanged(page: Served) -> None:
    body = {"revision": page.view(XUEFANG)["revision"], "kinds": ["docx", "pdf"]}
    assert page.post("/api/archive", {}, report=XUEFANG).status == 422
    page.post("/api/make", body, report=XUEFANG)
    assert _state(page) == "已出 PDF"
    kept = page.post("/api/archive", {}, report=XUEFANG).json
    package = page.folder / "archive" / kept["name"]
    assert package.read_bytes() == page.get("/archive", report=XUEFANG).content
    assert _state(page) == "已归档"
    content = package.read_bytes()
    at = content.index(b"%PDF") + 2000
    package.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
    assert _state(page) == "已出 PDF"
    again = page.post("/api/archive", {}, report=XUEFANG).json
    assert "另存为" in again["notice"]
    assert _state(page) == "已归档"
    pdf = next((page.folder / "outputs" / "莱阳市穴坊镇人民政府").rglob("*.pdf"))
    pdf.with_stem(f"{pdf.stem}（已签名）").write_bytes(pdf.read_bytes() + b"\n% signed later\n")
    assert _state(page) == "已签名"
    package.unlink()
    assert _state(page) == "已签名"


def test_an_archive_that_is_a_link_is_not_written(page: Served, tmp_path: Path) -> None:
    from reportgen.problems import FileTrouble
    from reportgen.web.archives import keep

    (tmp_path / "外面").mkdir()
    (page.folder / "archive").symlink_to(tmp_path / "外面")
    with pytest.raises(FileTrouble, match="链接"):
        keep(page.site.desk, "a.zip", b"x")
    assert list((tmp_path / "外面").iterdir()) == []
