import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from reportgen.store.desk import Desk
from reportgen.web.security import LARGEST_BODY
from served import FAULTY, INPUTS, XUEFANG, Served, served, workspace


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Served]:
    with served(workspace(tmp_path / "甲 县", XUEFANG, FAULTY)) as page:
        yield page


# ── who is let in ────────────────────────────────────────────────────────────────────────────────────


def test_the_address_with_the_token_gives_a_cookie_that_no_other_site_can_use(page: Served) -> None:
    answer = page.ask("GET", f"/enter?token={page.secrets.token}", cookie=None)
    assert (answer.status, answer.headers["location"]) == (303, "/")
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert "SameSite=Strict" in answer.headers["set-cookie"]
    assert page.secrets.token not in answer.headers["set-cookie"]
    assert page.get("/").status == 200


@pytest.mark.parametrize("token", ["", "x", "%00", "é", "a" * 5000])
def test_a_wrong_token_opens_nothing(page: Served, token: str) -> None:
    answer = page.ask("GET", f"/enter?token={quote(token)}", cookie=None)
    assert answer.status == 403
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/", "/edit?report=" + XUEFANG, "/api/show?report=" + XUEFANG, "/static/edit.js"]
)
@pytest.mark.parametrize("cookie", [None, "", "reportgen=1", "x", "reportgen-{port}=stale", "a=\x01; =;;"])
def test_nothing_is_shown_without_the_cookie_of_this_run(page: Served, path: str, cookie: str | None) -> None:
    said = cookie and cookie.format(port=page.port)
    answer = page.ask("GET", path, cookie=said)
    assert answer.status == 403
    assert "莱阳" not in answer.content.decode()


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "localhost.evil:{port}", "", None],
)
def test_a_name_that_leads_to_this_machine_is_turned_away(page: Served, host: str | None) -> None:
    answer = page.ask("GET", "/", host=host and host.format(port=page.port))
    assert answer.status in (400, 421)
    assert "莱阳" not in answer.content.decode()


@pytest.mark.parametrize(
    "headers",
    [
        {"x_csrf": None},
        {"x_csrf": ""},
        {"x_csrf": "wrong"},
        {"x_csrf": "é"},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
    ],
)
def test_no_other_page_can_have_anything_changed(page: Served, headers: dict[str, str | None]) -> None:
    revision = page.view(XUEFANG)["revision"]
    body = json.dumps({"revision": revision, "changes": [{"key": "field:phone", "value": "1"}]}).encode()
    answer = page.ask("POST", f"/api/edit?report={XUEFANG}", body, **headers)
    assert answer.status == 403
    assert page.view(XUEFANG)["revision"] == revision


def test_every_answer_forbids_scripts_of_others_and_keeping(page: Served) -> None:
    for answer in (
        page.get("/"),
        page.get("/nowhere"),
        page.ask("GET", "/", cookie=None),
        page.get("/static/page.css"),
    ):
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert "server" not in answer.headers


def test_the_page_needs_no_style_or_script_within_it(page: Served) -> None:
    for path in ("/", f"/edit?report={FAULTY}", f"/compare?report={FAULTY}"):
        text = page.ask("GET", path).content.decode()
        assert "<style" not in text
        assert " style=" not in text
        assert "onclick" not in text
        assert text.count("<script") == text.count('<script type="module" src="/static/')


def test_it_listens_on_this_machine_alone() -> None:
    from reportgen.web.app import listening

    with listening(0) as listener:
        assert listener.getsockname()[0] == "127.0.0.1"


@pytest.mark.parametrize("length", [str(LARGEST_BODY + 1), "9" * 40, "-1", "x"])
def test_too_large_a_request_is_turned_away_by_its_length(page: Served, length: str) -> None:
    assert page.ask("POST", "/api/new", b"{}", content_length=length).status in (400, 413)


def test_too_large_a_request_is_turned_away_while_it_comes(page: Served) -> None:
    content = b"x" * (LARGEST_BODY + 1)
    import http.client

    line = http.client.HTTPConnection("127.0.0.1", page.port, timeout=30)
    try:
        chunks = (content[at : at + 1_000_000] for at in range(0, len(content), 1_000_000))
        line.request("POST", "/api/bring?name=a.docx", chunks, page.headers, encode_chunked=True)
        assert line.getresponse().status == 413
    except (BrokenPipeError, ConnectionResetError):
        pass  # it hung up, which is as good
    finally:
        line.close()


# ── files inside the workspace, and no others ────────────────────────────────────────────────────────

HOSTILE = [
    "../secret.yaml",
    "laiyang-xuefang/../../secret.yaml",
    "/etc/passwd",
    "....//secret.yaml",
    "laiyang-xuefang/2020.yaml\x00.txt",
    "..\\secret.yaml",
    "C:\\secret.yaml",
    "%2e%2e/secret.yaml",
    "",
    ".",
    "laiyang-xuefang",
    ".2020.yaml.草稿",
    "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    "a" * 10_000,
]


@pytest.mark.parametrize("name", HOSTILE)
def test_no_parameter_leads_out_of_the_workspace(page: Served, name: str) -> None:
    (page.folder / "secret.yaml").write_text("机关: 秘密机关\n年度: 2022\n", encoding="utf-8")
    for path in ("/api/show", "/edit", "/compare", "/file", "/page.png"):
        answer = page.get(path, report=name, name=name, revision="x", number="1")
        assert answer.status in (400, 404, 422)
        assert "秘密机关" not in answer.content.decode()
    assert page.get("/file", report=XUEFANG, name=name).status == 404
    for path in ("save", "edit", "drop", "mend", "make", "paste", "polished", "preview", "rewrite"):
        assert page.post(f"/api/{path}", {"revision": "x"}, report=name).status in (400, 404, 409, 422)
    assert page.post(
        "/api/new", {"year": "2024", "organ": "甲", "level": "乡镇政府", "last": name}
    ).status in (200, 422)


def test_links_in_the_workspace_are_not_followed(page: Served, tmp_path: Path) -> None:
    outside = tmp_path / "外面"
    outside.mkdir()
    (outside / "2022.yaml").write_text("机关: 秘密机关\n年度: 2022\n", encoding="utf-8")
    inputs = page.folder / "inputs"
    (inputs / "链接").symlink_to(outside)
    (inputs / "laiyang-xuefang" / "2022.yaml").symlink_to(outside / "2022.yaml")
    assert page.site.desk.reports() == [FAULTY, XUEFANG]
    for name in ("链接/2022.yaml", "laiyang-xuefang/2022.yaml"):
        assert page.get("/api/show", report=name).status == 422
    (inputs / "乙镇").symlink_to(outside)
    new = {"year": "2023", "organ": "乙镇", "level": "乡镇政府"}
    assert page.post("/api/new", new).status == 422
    assert sorted(path.name for path in outside.iterdir()) == ["2022.yaml"]


def test_a_draft_that_is_a_link_is_not_read(page: Served, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(f"# 尚未保存的草稿，改自 {'0' * 64}\n机关: 秘密机关\n", encoding="utf-8")
    (page.folder / "inputs" / "laiyang-xuefang" / ".2020.yaml.草稿").symlink_to(secret)
    assert not page.view(XUEFANG)["draft"]


def test_an_organ_that_is_a_path_names_a_folder_of_inputs(page: Served) -> None:
    answer = page.post("/api/new", {"year": "2023", "organ": "../../外面", "level": "乡镇政府"})
    name = answer.json["report"]
    assert name in page.site.desk.reports()
    assert (page.folder / "inputs" / name).is_file()


# ── what is typed, and what nobody may lose ──────────────────────────────────────────────────────────


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
    import http.client
    import re

    host, _, token = address.removeprefix("http://").partition("/enter?token=")
    line = http.client.HTTPConnection(host, timeout=60)
    line.request("GET", f"/enter?token={token}")
    entered = line.getresponse()
    entered.read()
    cookie = (entered.getheader("set-cookie") or "").partition(";")[0]
    line.request("GET", f"/edit?report={XUEFANG}", headers={"cookie": cookie})
    csrf = re.search(r'name="csrf" content="([^"]+)"', line.getresponse().read().decode())
    line.request("GET", f"/api/show?report={XUEFANG}", headers={"cookie": cookie})
    revision = json.loads(line.getresponse().read())["revision"]
    body = json.dumps({"revision": revision, "changes": [{"key": "field:phone", "value": phone}]})
    headers = {"cookie": cookie, "x-csrf": csrf[1] if csrf else ""}
    line.request("POST", f"/api/edit?report={XUEFANG}", body, headers)
    assert line.getresponse().status == 200
    line.close()


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
        children = _below(process.pid)
        os.kill(process.pid, how)
        rest = process.stdout.read()
    assert "页面已经关掉" in rest
    assert process.returncode == 0
    for _ in range(100):
        if not [child for child in children if _alive(child)]:
            break
        time.sleep(0.1)
    assert [child for child in children if _alive(child)] == []


def _below(parent: int) -> list[int]:
    """The processes that a process started, and those that they started."""
    said = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = [tuple(map(int, line.split())) for line in said.splitlines()]
    found, new = set[int](), {parent}
    while new:
        new = {pid for pid, above in pairs if above in new} - found
        found |= new
    return sorted(found)


def _alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False


# ── words of strangers ───────────────────────────────────────────────────────────────────────────────

EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'{{7*7}}"


def test_nothing_that_is_written_anywhere_becomes_a_part_of_the_page(page: Served) -> None:
    name = "a<b>&'\"x/2023.yaml"
    file = page.folder / "inputs" / name
    file.parent.mkdir()
    text = (INPUTS / FAULTY).read_text(encoding="utf-8")
    file.write_text(text, encoding="utf-8")
    for key in ("organ", "short", "level", "phone", "mail", "address", "site", "url", "laws", "date"):
        assert page.edit(name, **{f"field__{key}": EVIL}).status == 200
    page.edit(name, cell__new__person=EVIL, prose__problems=EVIL)
    page.save(name)
    last = file.with_name("2022.yaml")
    last.write_text(file.read_text(encoding="utf-8").replace("2023", "2022"), encoding="utf-8")
    for path in (
        "/",
        f"/edit?report={quote(name)}",
        f"/compare?report={quote(name)}",
        f"/edit?report={quote(EVIL)}",
    ):
        text = page.ask("GET", path).content.decode()
        assert "<script>alert" not in text
        assert "<img" not in text
        assert "a<b>" not in text
    shown = page.get("/api/show", report=name)
    assert shown.headers["content-type"] == "application/json"
    assert shown.json["prose"]["problems"] == EVIL


@pytest.mark.parametrize(
    "quote_in", ["{{ ''.__class__ }}", "{{ self }}", "{% for x in y %}", "{{ 7*7 }}", "{{ [].pop }}"]
)
def test_a_quote_in_prose_runs_nothing(page: Served, quote_in: str) -> None:
    view = page.edit(XUEFANG, prose__problems=f"本年{quote_in}件。").json
    assert view["prose"]["problems"] == f"本年{quote_in}件。"
    assert any(each["code"].startswith("F2") for each in view["findings"]) or "{%" in quote_in


def test_no_request_however_odd_breaks_the_server(page: Served) -> None:
    chance = random.Random(15)
    values = [
        "",
        "x",
        "../..",
        "\x00",
        "é",
        "[]",
        "1" * 400,
        "cell:new.person",
        XUEFANG,
        FAULTY,
        "\u202e",
        "null",
    ]
    gets = [
        "/",
        "/edit",
        "/compare",
        "/api/show",
        "/file",
        "/page.png",
        "/static/../app.py",
        "/static/",
        "/enter",
        "/x",
    ]
    posts = [
        "edit",
        "rewrite",
        "mend",
        "save",
        "drop",
        "paste",
        "new",
        "bring",
        "take",
        "polished",
        "nowhere",
    ]
    for _ in range(250):
        query = {
            chance.choice(["report", "name", "revision", "number", "token"]): chance.choice(values)
            for _ in range(3)
        }
        assert page.get(chance.choice(gets), **query).status < 500, query
        report = chance.choice([XUEFANG, FAULTY])
        body: object = chance.choice([[], None, 5, "x", {"revision": 3}, {"changes": [1]}, {"changes": {"a": 1}}, {
            "revision": page.view(report)["revision"] if chance.random() < 0.5 else "x",
            chance.choice(["changes", "text", "html", "at", "kinds", "year", "organ", "over"]):
                chance.choice([*values, 7, None, [], {}, [{"key": chance.choice(values), "value": chance.choice(values)}]]),
        }])  # fmt: skip
        query = {
            "report": report,
            "name": chance.choice(["a.docx", "a.html", "a.md", "a", "\x00.txt", "a.yaml"]),
        }
        answer = page.post(f"/api/{chance.choice(posts)}", body, **query)
        assert answer.status < 500, (body, query, answer.content.decode())


def test_half_a_character_is_refused_and_never_written(page: Served) -> None:
    revision = page.view(XUEFANG)["revision"]
    for path, body in (
        ("edit", {"changes": [{"key": "field:phone", "value": "\ud800"}]}),
        ("rewrite", {"text": "\udfff"}),
        ("take", {"text": "\ud800"}),
    ):
        answer = page.post(f"/api/{path}", {"revision": revision, **body}, report=XUEFANG)
        assert answer.status == 400


@pytest.mark.parametrize("name", ["a.docx", "a.html", "a.md", "a.txt", "a.pdf", "a", ".docx", "a.yaml"])
@pytest.mark.parametrize("content", [b"", b"\x00\xff", b"PK\x03\x04broken", b"<" * 50_000, b"{" * 50_000])
def test_a_malformed_upload_is_told_and_nothing_is_made_of_it(
    page: Served, name: str, content: bytes
) -> None:
    answer = page.ask("POST", f"/api/bring?name={quote(name)}", content)
    assert answer.status in (200, 422)
    assert answer.status == 422 or answer.json["text"] == ""
    assert page.ask("POST", f"/api/polished?report={XUEFANG}", content).status in (200, 422)
    assert page.site.desk.reports() == [FAULTY, XUEFANG]


# ── new reports, and those that come from outside ────────────────────────────────────────────────────


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


# ── pasting ──────────────────────────────────────────────────────────────────────────────────────────


def paste(
    page: Served, text: str = "", html: str = "", at: str = "new.person", report: str = XUEFANG
) -> dict[str, object]:
    body = {"revision": page.view(report)["revision"], "text": text, "html": html, "at": at}
    answer = page.post("/api/paste", body, report=report)
    assert answer.status == 200
    said: dict[str, object] = answer.json
    said["as"] = {each["key"]: each["value"] for each in answer.json["changes"]}
    return said


def test_a_block_of_figures_goes_where_the_clerk_stands(page: Served) -> None:
    said = paste(page, "25\t1\n2\t\n20\t1\n")
    assert said["as"] == {
        "cell:new.person": "25",
        "cell:new.business": "1",
        "cell:carry_in.person": "2",
        "cell:open.person": "20",
        "cell:open.business": "1",
    }
    assert said["untaken"] == []


def test_figures_beyond_the_table_are_told_not_dropped_in_silence(page: Served) -> None:
    said = paste(page, "1\t2\t3", at="carry_out.other")
    assert said["as"] == {"cell:carry_out.other": "1"}
    assert "1 个数超出了表格" in str(said["untaken"])
    assert "总计" in str(said["untaken"])


def test_a_row_with_its_label_finds_its_place_wherever_it_is_pasted(page: Served) -> None:
    said = paste(page, "4.保护第三方合法权益\t3\t1\t0\t0\t0\t0\t4", at="new.person")
    assert said["as"] == {"cell:deny_4.person": "3", "cell:deny_4.business": "1"}
    assert said["untaken"] == []


def test_a_pasted_total_that_is_no_sum_is_told(page: Served) -> None:
    said = paste(page, "4.保护第三方合法权益\t3\t1\t0\t0\t0\t0\t9")
    assert "贴来的是 9，各格相加是 4" in str(said["untaken"])


def test_what_is_no_part_of_any_table_is_told(page: Served) -> None:
    for text in ("某某说法\t3", "今天天气\n很好", "", "\n\n"):
        said = paste(page, text)
        assert said["as"] == {}
        assert said["untaken"]


@pytest.mark.parametrize("as_html", [True, False])
def test_a_whole_table_is_recognised(page: Served, as_html: bool) -> None:
    page.edit(FAULTY, cell__new__total="", cell__deny_4__business="2")
    page.save(FAULTY)
    page.post("/api/make", {"revision": page.view(FAULTY)["revision"], "kinds": ["html"]}, report=FAULTY)
    made = next((page.folder / "outputs").rglob("*.html")).read_text(encoding="utf-8")
    table = "<table" + made.split("<table")[2].partition("</table>")[0] + "</table>"
    new = page.post("/api/new", {"year": "2024", "organ": "甲镇", "level": "乡镇政府"}).json["report"]
    whole = f"<html><body><!--StartFragment-->{table}<!--EndFragment--></body></html>"
    said = paste(page, html=whole, report=new) if as_html else paste(page, _as_text(table), report=new)
    cells = page.view(FAULTY)["cells"]
    wanted = {
        f"cell:{key}": each["typed"] for key, each in cells.items()
        if each["typed"] not in ("", "0") and key.split(".")[0] not in ("normative", "permits", "penalties", "coercions", "fees", "regulations")
    }  # fmt: skip
    assert {key: value for key, value in said["as"].items() if value != "0"} == wanted  # type: ignore[attr-defined]
    assert said["untaken"] == []


def _as_text(table: str) -> str:
    """A table as spreadsheets copy it as text: a merged cell stands at its top left, blanks elsewhere."""
    from reportgen.model.nodes import FoundTable
    from reportgen.recognising.labels import grid_rows
    from reportgen.sources.html_page import document_of

    document, _ = document_of(table.encode(), "a.html")
    found = next(each for each in document or () if isinstance(each, FoundTable))
    seen: set[int] = set()
    lines = []
    for row in grid_rows(found):
        texts = []
        for cell in row:
            fresh = cell is not None and id(cell) not in seen
            texts.append(cell.text.replace("\n", "") if cell is not None and fresh else "")
            seen.add(id(cell))
        lines.append("\t".join(texts))
    return "\r\n".join(lines)


# ── files ────────────────────────────────────────────────────────────────────────────────────────────


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
    rows = page.get("/").content.decode()
    assert "已出 PDF" in rows


def test_files_are_made_of_what_is_saved_and_an_edited_word_file_is_not_replaced(page: Served) -> None:
    page.edit(XUEFANG, field__phone="1")
    body = {"revision": page.view(XUEFANG)["revision"], "kinds": ["docx"]}
    assert page.post("/api/make", body, report=XUEFANG).status == 422
    page.save(XUEFANG)
    body["revision"] = page.view(XUEFANG)["revision"]
    assert page.post("/api/make", body, report=XUEFANG).status == 200
    docx = next((page.folder / "outputs").rglob("*.docx"))
    docx.write_bytes(docx.read_bytes() + b"\n")
    assert "已修改" in page.get("/").content.decode()
    page.edit(XUEFANG, field__phone="2")
    page.save(XUEFANG)
    body["revision"] = page.view(XUEFANG)["revision"]
    refused = page.post("/api/make", body, report=XUEFANG)
    assert (refused.status, refused.json["polished"]) == (409, True)
    assert page.post("/api/make", {**body, "force": True}, report=XUEFANG).status == 200


def test_a_polished_word_file_shows_its_changes_and_hands_over_what_the_page_can_take(page: Served) -> None:
    from docx import Document

    body = {"revision": page.view(XUEFANG)["revision"], "kinds": ["docx"]}
    page.post("/api/make", body, report=XUEFANG)
    file = next((page.folder / "outputs").rglob("*.docx"))
    document = Document(str(file))
    for paragraph in document.paragraphs:
        for run in paragraph.runs:
            run.text = run.text.replace("主要领导带头", "主要领导亲自抓")
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
