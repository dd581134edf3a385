"""The addresses of the page, and the server: one process, on 127.0.0.1 only, that leaves nothing behind."""

import asyncio
import contextlib
import logging
import signal
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import quote

import uvicorn
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from reportgen.advice import Medium
from reportgen.makers import maker_for
from reportgen.model.form import forms_of
from reportgen.model.keys import FIELDS
from reportgen.paths import shown
from reportgen.problems import Failure, FileTrouble, Polished
from reportgen.sources.yaml.targets import EditRefused
from reportgen.store.desk import Moved
from reportgen.store.disk import read_bytes
from reportgen.web.calls import BadCall, Call
from reportgen.web.pages import LINES, compared, tables_of
from reportgen.web.security import Guard, Secrets
from reportgen.web.site import Site

_HOST = "127.0.0.1"
_TYPES = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pdf": "application/pdf",
    ".zip": "application/zip",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_JINJA = Environment(
    loader=PackageLoader("reportgen.web"), autoescape=True, undefined=StrictUndefined,
    trim_blocks=True, lstrip_blocks=True,
)  # fmt: skip


def application(site: Site, secrets: Secrets) -> ASGIApp:
    """The page of a workspace, guarded."""
    pages = _Pages(site, secrets)
    posts: dict[str, Callable[[Call], dict[str, Any]]] = {
        "edit": site.edit, "rewrite": site.rewrite, "mend": site.mend, "save": site.save, "drop": site.drop,
        "paste": site.paste, "make": site.make, "new": site.new, "bring": site.bring, "take": site.take,
        "polished": site.polished, "launch": site.launch, "archive": site.keep_archived,
        "sign": site.sign,
        "batch": site.folders.begin, "rollup": site.folders.roll_up, "stop": site.folders.stop,
    }  # fmt: skip
    routes = [
        Route("/", pages.start),
        Route("/edit", pages.edit),
        Route("/compare", pages.compare),
        Route("/batch", pages.batch),
        Route("/rolled", pages.rolled),
        Route("/api/show", _answering(site, site.show)),
        Route("/api/files", _answering(site, site.kept)),
        Route("/api/rows", _answering(site, site.rows)),
        Route("/api/run", _answering(site, site.folders.told)),
        *(Route(f"/api/{name}", _answering(site, work), methods=["POST"]) for name, work in posts.items()),
        Route("/api/preview", pages.preview, methods=["POST"]),
        Route("/page.png", pages.page),
        Route("/file", pages.file),
        Route("/archive", pages.archive),
        Mount("/static", StaticFiles(packages=[("reportgen.web", "static")])),
    ]

    @contextlib.asynccontextmanager
    async def living(_app: Starlette) -> AsyncIterator[None]:
        yield
        await run_in_threadpool(site.close)

    handlers: Any = {
        Exception: _own_bug,
        HTTPException: _refused,
        Failure: _refused,
        BadCall: _refused,
        EditRefused: _refused,
    }
    return Guard(Starlette(routes=routes, exception_handlers=handlers, lifespan=living), secrets)


async def _refused(_request: Request, trouble: Exception) -> Response:
    """The page for what cannot be done."""
    status = (
        trouble.status_code
        if isinstance(trouble, HTTPException)
        else 400
        if isinstance(trouble, BadCall)
        else 404
    )
    said = trouble.told_in(Medium.PAGE) if isinstance(trouble, Failure) else str(trouble)
    said = "没有这一页。" if isinstance(trouble, HTTPException) else said
    return HTMLResponse(_JINJA.get_template("trouble.html").render(said=said), status)


async def _own_bug(_request: Request, bug: Exception) -> Response:
    """One sentence for the clerk; the traceback goes where the server was started."""
    logging.getLogger(__name__).error("程序内部出错", exc_info=bug)
    return JSONResponse({"error": "程序内部出错，这不是您的年报的问题。刚才的一处没有做成。"}, 500)


def _answering(site: Site, work: Callable[[Call], dict[str, Any]]) -> Callable[..., Any]:
    """An address that answers with an object, whatever happens."""

    async def answer(request: Request) -> Response:
        call = await _call(request)
        try:
            return JSONResponse(await run_in_threadpool(work, call))
        except Moved as moved:
            now = await run_in_threadpool(_present, site, call)
            return JSONResponse({"error": str(moved), "moved": True, "view": now}, 409)
        except Polished as polished:
            return JSONResponse({"error": polished.told_in(Medium.PAGE), "polished": True}, 409)
        except Failure as failure:
            return JSONResponse({"error": failure.told_in(Medium.PAGE)}, 422)
        except EditRefused as refused:
            return JSONResponse({"error": str(refused)}, 422)
        except BadCall as bad:
            return JSONResponse({"error": str(bad)}, 400)

    return answer


def _present(site: Site, call: Call) -> dict[str, Any] | None:
    """The report as it is by now; None where it is gone."""
    try:
        return site.show(call)
    except Failure:
        return None


async def _call(request: Request) -> Call:
    return Call(dict(request.query_params), await request.body())


class _Pages:
    """The addresses that answer with a page or a picture."""

    def __init__(self, site: Site, secrets: Secrets) -> None:
        self.site = site
        self.secrets = secrets

    def _page(self, name: str, **said: Any) -> Response:
        return HTMLResponse(_JINJA.get_template(name).render(csrf=self.secrets.csrf, **said))

    async def start(self, _request: Request) -> Response:
        """The reports of the workspace, and how a new one begins."""
        rows = await run_in_threadpool(partial(self.site.shelf.rows, self.site.supplies(), at_once=True))
        forms = self.site.supplies().forms
        form, kinds = forms_of(forms)[-1], list(dict.fromkeys(each.name for each in forms))
        year = date.today().year - 1
        return self._page(
            "start.html",
            rows=rows,
            kinds=kinds,
            levels=form.levels,
            year=year,
            folder=shown(self.site.desk.folder),
        )

    async def edit(self, request: Request) -> Response:
        """The editor of one report."""
        call = await _call(request)
        opened = await run_in_threadpool(self.site.desk.open, call.asked("report"))
        outcome, _ = await run_in_threadpool(self.site.judged, opened)
        report = outcome.report
        form = report.form if report else None
        return self._page(
            "edit.html",
            report=opened.name,
            form=form,
            tables=tables_of(form) if form else [],
            leads=[table.lead for table in form.tables if table.lead] if form else [],
            lines=LINES,
            words=FIELDS,
            title=form.usual_title(report.organ.name, report.year) if form and report else opened.name,
        )

    async def compare(self, request: Request) -> Response:
        """This year beside last year."""
        call = await _call(request)
        opened = await run_in_threadpool(self.site.desk.open, call.asked("report"))
        outcome, last = await run_in_threadpool(self.site.judged, opened)
        report = outcome.report
        tables = compared(report, last) if report and last else []
        return self._page("compare.html", report=opened.name, now=report, last=last, tables=tables)

    async def batch(self, _request: Request) -> Response:
        """What can be done with all reports of a folder."""
        folders = await run_in_threadpool(self.site.folders.names)
        names = await run_in_threadpool(self.site.desk.reports)
        form = forms_of(self.site.supplies().forms)[-1]
        year = date.today().year - 1
        return self._page(
            "batch.html", folders=folders, names=names, levels=form.levels, year=year, count=len(names)
        )

    async def rolled(self, request: Request) -> Response:
        """A file of the last roll-up."""
        found = self.site.folders.file((await _call(request)).asked("kind"))
        if found is None:
            raise HTTPException(404)
        return _download(*found)

    async def preview(self, request: Request) -> Response:
        """Have the pages drawn; how many there are. Waits until they are, or a later wish takes over."""
        name = (await _call(request)).asked("report")
        await run_in_threadpool(self.site.desk.path_of, name)
        drawn = await asyncio.wrap_future(self.site.jobs.draw(name, lambda: self.site.draw(name)))
        if drawn is None:
            return JSONResponse({"later": True})
        return JSONResponse({"revision": drawn.revision, "pages": drawn.pages, "trouble": drawn.trouble})

    async def page(self, request: Request) -> Response:
        """A page as a picture."""
        call = await _call(request)
        number = call.asked("number")
        drawn = self.site.jobs.drawn(call.asked("report"), call.asked("revision"))
        if (
            drawn is None
            or not (number.isascii() and number.isdigit())
            or not 1 <= int(number[:4]) <= drawn.pages
        ):
            raise HTTPException(404)
        image = self.site.jobs.do(lambda: self.site.jobs.image(drawn, int(number[:4])))
        return Response(await asyncio.wrap_future(image), media_type="image/png")

    async def file(self, request: Request) -> Response:
        """A file that was made."""
        path = await run_in_threadpool(self.site.made, await _call(request))
        if path is None:
            raise HTTPException(404)
        return _download(path.name, await run_in_threadpool(read_bytes, path))

    async def archive(self, request: Request) -> Response:
        """The archive package of a report."""
        return _download(*await run_in_threadpool(self.site.archived, await _call(request)))


def _download(name: str, content: bytes) -> Response:
    """A file that a browser keeps and never shows."""
    kind = _TYPES.get(PurePath(name).suffix.lower(), "application/octet-stream")
    named = f"attachment; filename*=UTF-8''{quote(name)}"
    return Response(content, media_type=kind, headers={"content-disposition": named})


# ── the server ───────────────────────────────────────────────────────────────────────────────────────


def serve_until_stopped(folder: Path, port: int, templates: Path | None, tell: Callable[[str], None]) -> None:
    """Serve the page of a workspace until Ctrl+C or a signal.

    Args:
        folder: the workspace.
        port: 0 for one that is free.
        templates: the templates' folder, if it is another than the program's own.
        tell: is told the address before the server begins.

    Raises:
        FileTrouble: the port is taken.
    """
    with listening(port) as listener:
        secrets = Secrets(listener.getsockname()[1])
        address = f"http://{_HOST}:{listener.getsockname()[1]}/enter?token={secrets.token}"
        tell(address)
        site = Site(folder, templates)
        _warm(site)
        server = server_of(site, secrets)
        with contextlib.suppress(KeyboardInterrupt), _term_as_interrupt():
            server.run(sockets=[listener])


@contextlib.contextmanager
def _term_as_interrupt() -> Iterator[None]:
    """End at a SIGTERM as at Ctrl+C: uvicorn raises the signal again when it has shut down."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def server_of(site: Site, secrets: Secrets) -> uvicorn.Server:
    """A server of a workspace's page, to be run with sockets that listen already."""
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


def listening(port: int) -> socket.socket:
    """A socket on this machine alone.

    Raises:
        FileTrouble: the port is taken, or not for us.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.bind((_HOST, port))
        listener.listen(128)  # now: whoever is told the address may come before the server is ready
    except OSError:
        listener.close()
        raise FileTrouble(f"端口 {port} 正在用，或不让用。请换一个，或不写 --port。") from None
    return listener


def _warm(site: Site) -> None:
    """Have rules and what draws the PDF come up while the browser does."""
    threading.Thread(target=lambda: site.shelf.rows(site.supplies()), daemon=True).start()
    maker = maker_for("pdf")
    if maker and not maker.missing():
        threading.Thread(target=maker.start, daemon=True).start()
