"""The server of the page: one process, on 127.0.0.1 only, that ends with all that it started."""

import socket
import threading
import webbrowser
from pathlib import Path

import uvicorn

from reportgen.makers import maker_for
from reportgen.problems import FileTrouble
from reportgen.web.app import Site, application
from reportgen.web.security import Secrets

_HOST = "127.0.0.1"


def serve_until_stopped(folder: Path, port: int, templates: Path | None, *, browser: bool) -> None:
    """Serve the page of a workspace until Ctrl+C or a signal.

    Args:
        folder: the workspace.
        port: 0 for one that is free.
        templates: the templates' folder, if it is another than the program's own.
        browser: open the page in the browser.

    Raises:
        FileTrouble: the port is taken.
    """
    with _listening(port) as listener:
        secrets = Secrets(listener.getsockname()[1])
        address = f"http://{_HOST}:{listener.getsockname()[1]}/enter?token={secrets.token}"
        print(
            f"页面的地址（只在这台电脑上能打开，请不要发给别人）：\n{address}\n用完以后在这里按 Ctrl+C 结束。",
            flush=True,
        )
        _warm()
        if browser:
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
        _server(Site(folder, templates), secrets).run(sockets=[listener])
    print("页面已经关掉。", flush=True)


def _server(site: Site, secrets: Secrets) -> uvicorn.Server:
    return uvicorn.Server(
        uvicorn.Config(
            application(site, secrets),
            log_level="critical",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=3,
            h11_max_incomplete_event_size=64 * 1024,
        )
    )


def _listening(port: int) -> socket.socket:
    """A socket on this machine alone.

    Raises:
        FileTrouble: the port is taken, or not for us.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.bind((_HOST, port))
    except OSError:
        listener.close()
        raise FileTrouble(f"端口 {port} 正在用，或不让用。请换一个，或不写 --port。") from None
    return listener


def _warm() -> None:
    """Have what draws the PDF come up while the clerk looks at the first page."""
    maker = maker_for("pdf")
    if maker and not maker.missing():
        threading.Thread(target=maker.start, daemon=True).start()
