import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from reportgen.web.app import application
from reportgen.web.security import LARGEST_BODY, Guard
from served import FAULTY, INPUTS, XUEFANG, Served, served, workspace


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Served]:
    with served(workspace(tmp_path / "甲 县", XUEFANG, FAULTY)) as page:
        yield page


# ── who is let in ──────────────────────────────────────────────────────────────────────────


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
    for path in ("/", "/batch", f"/edit?report={FAULTY}", f"/compare?report={FAULTY}"):
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
    # Nothing is sent but the length: a server that hangs up on bytes it never read resets the connection.
    assert page.ask("POST", "/api/new", content_length=length).status in (400, 413)


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


# ── files inside the workspace, and no others ──────────────────

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
    for path in ("/api/show", "/api/files", "/edit", "/compare", "/file", "/page.png"):
        answer = page.get(path, report=name, name=name, revision="x", number="1")
        assert answer.status in (400, 404, 422)
        assert "秘密机关" not in answer.content.decode()
    assert page.get("/file", report=XUEFANG, name=name).status == 404
    for path in ("save", "edit", "drop", "mend", "make", "paste", "polished", "preview", "rewrite"):
        assert page.post(f"/api/{path}", {"revision": "x"}, report=name).status in (400, 404, 409, 422)
    assert page.post(
        "/api/new", {"year": "2024", "organ": "甲", "level": "乡镇政府", "last": name}
    ).status in (200, 422)
    rolling = {"year": "2022", "organ": "某县人民政府", "level": "县级政府"}
    if name:
        assert page.post("/api/batch", {"what": "check", "folder": name}).status in (200, 422)
        assert page.post("/api/rollup", {**rolling, "last": name}).status == 422
    assert page.get("/rolled", kind=name).status == 404
    assert "秘密机关" not in page.get("/api/run").content.decode()


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


# ── words of strangers ────────────────────────────────────────────────────────────────

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
        "/batch",
        f"/edit?report={quote(name)}",
        f"/compare?report={quote(name)}",
        f"/edit?report={quote(EVIL)}",
    ):
        text = page.ask("GET", path).content.decode()
        assert "<script>alert" not in text
        assert "<img" not in text
        assert "a<b>" not in text
    run = page.post("/api/batch", {"what": "check", "folder": ""})
    assert run.headers["content-type"] == "application/json"
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


ODD = [
    *("", "x", "../..", "\x00", "é", "[]", "1" * 400, "cell:new.person", XUEFANG, FAULTY, "\u202e", "null"),
    *("%", "-1", "a.docx", "a.html", "a.md", "\x00.txt", "yaml", "xlsx", "2022", "check", EVIL, "甲" * 300),
]
ASKED = ("report", "name", "revision", "number", "token", "kind", "from")
"""Every parameter that an address may have."""
BROUGHT = (
    *(
        "revision",
        "changes",
        "text",
        "html",
        "at",
        "kinds",
        "draft",
        "force",
        "over",
        "year",
        "organ",
        "level",
    ),
    *("last", "what", "folder", "again", "roster", "with_errors"),
)
"""Every word of an object that is sent."""


def test_no_request_however_odd_breaks_the_server(page: Served) -> None:
    """Every route with every parameter, each with an odd value; the others are odd or right by chance."""
    chance = random.Random(15)
    for path in (*_routes(page, "GET"), "/static/../app.py", "/static/", "/enter", "/x"):
        for name in ASKED:
            query = {"report": chance.choice([XUEFANG, FAULTY]), chance.choice(ASKED): chance.choice(ODD)}
            query[name] = chance.choice(ODD)
            assert page.get(path, **query).status < 500, (path, query)
    for path in (*_routes(page, "POST"), "/api/nowhere"):
        for name in BROUGHT:
            report = chance.choice([XUEFANG, FAULTY])
            change = {"key": chance.choice(ODD), "value": chance.choice(ODD)}
            value: object = chance.choice([*ODD, 7, None, True, [], {}, [change], [change, 1], {"a": 1}])
            seen = page.view(report)["revision"] if chance.random() < 0.7 else "x"
            right = {"revision": seen, "year": "2022", "organ": "某县人民政府", "level": "县级政府"}
            body: object = {**right, name: value} if chance.random() < 0.9 else value
            answer = page.post(path, body, report=report, name=chance.choice(ODD))
            assert answer.status < 500, (path, body, answer.content.decode())
    assert page.get("/").status == 200


def _routes(page: Served, method: str) -> list[str]:
    """The addresses that answer to a method, all of them."""
    guard = application(page.site, page.secrets)
    assert isinstance(guard, Guard)
    assert isinstance(guard.app, Starlette)
    found = [each for each in guard.app.routes if isinstance(each, Route)]
    return sorted(each.path for each in found if method in (each.methods or ()))


def test_every_route_that_changes_something_asks_who_sends_it(page: Served) -> None:
    routes = _routes(page, "POST")
    assert len(routes) >= 16
    for path in routes:
        assert page.ask("POST", f"{path}?report={XUEFANG}", b"{}", x_csrf=None).status == 403, path
        assert page.ask("POST", f"{path}?report={XUEFANG}", b"{}", cookie=None).status == 403, path
        assert page.ask("GET", f"{path}?report={XUEFANG}").status == 405, path


def test_half_a_character_is_refused_and_never_written(page: Served) -> None:
    revision = page.view(XUEFANG)["revision"]
    for path, body in (
        ("edit", {"changes": [{"key": "field:phone", "value": "\ud800"}]}),
        ("rewrite", {"text": "\udfff"}),
        ("take", {"text": "\ud800"}),
    ):
        answer = page.post(f"/api/{path}", {"revision": revision, **body}, report=XUEFANG)
        assert answer.status == 400


@pytest.mark.parametrize(
    "name", ["a.docx", "a.html", "a.md", "a.txt", "a.pdf", "a.doc", "a", ".docx", "a.yaml"]
)
@pytest.mark.parametrize("content", [b"", b"\x00\xff", b"PK\x03\x04broken", b"<" * 50_000, b"{" * 50_000])
def test_a_malformed_upload_is_told_and_nothing_is_made_of_it(
    page: Served, name: str, content: bytes
) -> None:
    answer = page.ask("POST", f"/api/bring?name={quote(name)}", content)
    assert answer.status in (200, 422)
    assert answer.status == 422 or answer.json["text"] == ""
    assert page.ask("POST", f"/api/polished?report={XUEFANG}", content).status in (200, 422)
    assert page.site.desk.reports() == [FAULTY, XUEFANG]


def test_the_scripts_and_styles_fetch_nothing_and_read_nothing_as_code() -> None:
    static = Path(__file__).parent.parent / "src" / "reportgen" / "web" / "static"
    for file in static.iterdir():
        text = file.read_text(encoding="utf-8")
        addresses = re.findall(r"(?:https?:)?//[\w.-]+\.\w+", text)
        assert [each for each in addresses if "www.w3.org" not in each] == [], file.name
        assert "innerHTML" not in text
        assert "eval(" not in text


def test_the_judge_of_html_finds_nothing_wrong_with_any_page(page: Served, tmp_path: Path) -> None:
    from nu_checker import complaints

    last = page.folder / "inputs" / "example-with-faults" / "2022.yaml"
    last.write_text((INPUTS / FAULTY).read_text("utf-8").replace("2023", "2022"), "utf-8")
    for path in (
        "/",
        f"/edit?report={FAULTY}",
        f"/edit?report={XUEFANG}",
        f"/compare?report={FAULTY}",
        "/batch",
        "/edit?report=x",
    ):
        answer = page.ask("GET", path)
        (tmp_path / "page.html").write_bytes(answer.content)
        assert complaints(tmp_path / "page.html") == [], path
