"""A page that is served to a test, and requests to it as a browser or an attacker makes them."""

import http.client
import json
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

from reportgen.web.app import listening, server_of
from reportgen.web.security import Secrets
from reportgen.web.site import Site

INPUTS = Path(__file__).parent.parent / "inputs"
XUEFANG = "laiyang-xuefang/2020.yaml"
FAULTY = "example-with-faults/2023.yaml"


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def json(self) -> Any:
        """The object that it holds."""
        return json.loads(self.content)


class Served:
    """A running page: its secrets, its workspace, and requests."""

    def __init__(self, site: Site, secrets: Secrets, port: int) -> None:
        """Know a server that runs."""
        self.site = site
        self.secrets = secrets
        self.port = port
        self.folder = site.desk.folder
        self.address = f"http://127.0.0.1:{port}"
        self.entrance = f"{self.address}/enter?token={secrets.token}"

    @property
    def headers(self) -> dict[str, str]:
        """What the browser of the clerk sends."""
        cookie = self.secrets.cookie.partition(";")[0]
        return {"host": f"127.0.0.1:{self.port}", "cookie": cookie, "x-csrf": self.secrets.csrf}

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str | None) -> Answer:
        """Send a request; headers of None are left out, ``x_csrf`` means ``x-csrf``."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        said = {name: value for name, value in {**self.headers, **named}.items() if value is not None}
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        try:
            line.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in said.items():
                line.putheader(name, value)
            if (body or method == "POST") and "content-length" not in said:
                line.putheader("content-length", str(len(body)))
            line.endheaders(body or None)
            response = line.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, found, response.read())
        finally:
            line.close()

    def get(self, path: str, **query: str) -> Answer:
        """Ask for a page."""
        return self.ask("GET", f"{path}?{urlencode(query)}" if query else path)

    def post(self, path: str, body: object, **query: str) -> Answer:
        """Send an object."""
        where = f"{path}?{urlencode(query)}" if query else path
        return self.ask("POST", where, json.dumps(body).encode())

    def view(self, report: str) -> Any:
        """A report as the editor has it."""
        return self.get("/api/show", report=report).json

    def edit(self, report: str, revision: str = "", **changes: str) -> Answer:
        """Make changes: ``cell__new__person="3"`` is cell:new.person."""
        named = [
            {"key": key.replace("__", ":", 1).replace("__", "."), "value": value}
            for key, value in changes.items()
        ]
        revision = revision or self.view(report)["revision"]
        return self.post("/api/edit", {"revision": revision, "changes": named}, report=report)

    def save(self, report: str) -> Answer:
        """Put the draft into the file."""
        return self.post("/api/save", {"revision": self.view(report)["revision"]}, report=report)


def workspace(folder: Path, *names: str) -> Path:
    """A workspace with copies of some of the repository's reports."""
    for name in names:
        target = folder / "inputs" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(INPUTS / name, target)
    return folder


@contextmanager
def served(folder: Path, templates: Path | None = None) -> Iterator[Served]:
    """Serve a workspace in a thread of this process, perhaps with an office's own templates."""
    with listening(0) as listener:
        port = listener.getsockname()[1]
        site, secrets = Site(folder, templates), Secrets(port)
        server = server_of(site, secrets)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield Served(site, secrets, port)
        finally:
            server.should_exit = True
            thread.join(30)
            assert not thread.is_alive()


# ── a server in a process of its own ─────────────────────────────────────────────────────────────────


class Visit:
    """A browser that was given a server's address: it has the cookie and what a change must bear."""

    def __init__(self, address: str) -> None:
        """Enter."""
        assert address.startswith("http://127.0.0.1:")
        self.host, _, token = address.removeprefix("http://").partition("/enter?token=")
        entered = self._sent("GET", f"/enter?token={token}", b"", {})
        self.headers = {"cookie": entered.headers["set-cookie"].partition(";")[0]}
        page = self._sent("GET", "/", b"", self.headers).content.decode()
        self.headers["x-csrf"] = page.partition('name="csrf" content="')[2].partition('"')[0]

    def ask(self, method: str, path: str, body: object = None) -> Answer:
        """Send an object, or ask for something."""
        return self._sent(method, path, json.dumps(body).encode() if body is not None else b"", self.headers)

    def _sent(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        line = http.client.HTTPConnection(self.host, timeout=120)
        try:
            line.request(method, path, body, headers)
            response = line.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, found, response.read())
        finally:
            line.close()


def below(parent: int) -> list[int]:
    """The processes that a process started, and those that they started."""
    said = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    pairs = [tuple(map(int, line.split())) for line in said.splitlines()]
    found, new = set[int](), {parent}
    while new:
        new = {pid for pid, above in pairs if above in new} - found
        found |= new
    return sorted(found)


def left_of(processes: list[int]) -> list[int]:
    """Those of some processes that are still there after ten seconds."""
    for _ in range(100):
        if not any(map(_alive, processes)):
            break
        time.sleep(0.1)
    return [process for process in processes if _alive(process)]


def _alive(process: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
