"""A package index of our own on loopback, which has only given wheels and remembers what it was asked for."""

import html
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

NEWER = "9999.0"
"""A version of every package that the index offers but does not have: only who resolves asks for it."""


@dataclass
class Index:
    """The running index.

    Attributes:
        url: its address, for ``pip --index-url``.
        asked: the paths that it was asked for, in order.
        refused: those of them that it does not have.
    """

    url: str
    asked: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


@contextmanager
def serving(wheels: Path) -> Iterator[Index]:
    """Serve the wheels of a folder until the block ends."""
    pages: dict[str, str] = {}
    for wheel in sorted(wheels.glob("*.whl")):
        name = re.sub(r"[-_.]+", "-", wheel.name.split("-")[0]).lower()
        tags = "-".join(wheel.stem.split("-")[-3:])
        for file in (wheel.name, f"{wheel.name.split('-')[0]}-{NEWER}-{tags}.whl"):
            link = f'<a href="/files/{html.escape(file)}">{html.escape(file)}</a>\n'
            pages[f"/simple/{name}/"] = pages.get(f"/simple/{name}/", "") + link
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    index = Index(f"http://127.0.0.1:{server.server_address[1]}/simple/")
    server.RequestHandlerClass = partial(_Answer, wheels=wheels, pages=pages, index=index)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield index
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Answer(BaseHTTPRequestHandler):
    def __init__(self, *request: object, wheels: Path, pages: Mapping[str, str], index: Index) -> None:
        self._wheels, self._pages, self._index = wheels, pages, index
        super().__init__(*request)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        self._index.asked.append(path)
        file = self._wheels / Path(path).name
        if path in self._pages:
            self._send("text/html; charset=utf-8", self._pages[path].encode())
        elif path.startswith("/files/") and file.is_file():
            self._send("application/octet-stream", file.read_bytes())
        else:
            self._index.refused.append(path)
            self.send_error(404)

    def _send(self, kind: str, content: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing: the index remembers."""
