"""The page's addresses, and what is done at each. Judging and making are the pipeline's."""

import contextlib
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from reportgen import clerk_file
from reportgen.examining import Material, Outcome, Supplies, examine, report_of
from reportgen.model.form import CellKey, Form, YearTooEarly, form_for
from reportgen.model.keys import FIELDS
from reportgen.model.report import Report
from reportgen.paths import shown
from reportgen.pipeline import run
from reportgen.problems import Failure, FileTrouble, Polished
from reportgen.reading.tables import numeral
from reportgen.sources.yaml import mended_text
from reportgen.store import manifest, workspace
from reportgen.store.companions import Named, with_companions
from reportgen.store.desk import Desk, Moved, Opened
from reportgen.store.disk import read_bytes
from reportgen.web.editing import Change, EditRefused, edited
from reportgen.web.jobs import Drawn, Jobs
from reportgen.web.pages import LINES, compared, tables_of, view_of
from reportgen.web.pasting import understood
from reportgen.web.security import Guard, Secrets
from reportgen.web.shelf import Shelf
from reportgen.web.taking import taken_from

_MOST_CHANGES = 400
_KINDS = ("docx", "pdf", "html")
_TYPES = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pdf": "application/pdf",
}


class BadCall(ValueError):
    """A request that no page of ours sends; ``str()`` says why (Chinese)."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request: what its address asks for, and what it brings."""

    query: dict[str, str]
    content: bytes

    def asked(self, key: str) -> str:
        """A parameter of the address.

        Raises:
            BadCall: it is missing.
        """
        if key not in self.query:
            raise BadCall(f"地址里缺少 {key}。")
        return self.query[key]

    @property
    def body(self) -> dict[str, Any]:
        """The object that it brings.

        Raises:
            BadCall: it brings none.
        """
        try:
            said = json.loads(self.content or b"{}")
        except (ValueError, RecursionError):
            raise BadCall("请求的内容读不懂。") from None
        if not isinstance(said, dict):
            raise BadCall("请求的内容读不懂。")
        return said

    def text(self, key: str) -> str:
        """A text of the object.

        Raises:
            BadCall: there is none, or it cannot be written anywhere.
        """
        said = self.body.get(key, "")
        if not isinstance(said, str):
            raise BadCall(f"{key} 应是文字。")
        with contextlib.suppress(UnicodeEncodeError):
            said.encode()
            return said
        raise BadCall(f"{key} 里有不完整的字符。")


class Site:
    """One workspace as the page shows and changes it."""

    def __init__(self, folder: Path, templates: Path | None = None) -> None:
        """Take the workspace, and the templates' folder if it is another than the program's own."""
        self.desk = Desk(folder)
        self.jobs = Jobs()
        self.shelf = Shelf(self.desk)
        self._templates = templates

    # ── what all requests need ──

    def supplies(self, *, templates: bool = False) -> Supplies:
        """Forms, today's date and, if asked for, the Word templates."""
        return replace(workspace.supplies(self._templates, templates=templates), today=date.today())

    def judged(self, opened: Opened) -> tuple[Outcome, Report | None]:
        """What the steps say of a report at this moment, and last year's report."""
        supplies = with_companions(self.supplies(), opened.path, opened.material, Named())
        outcome = examine(opened.material, supplies)
        return outcome, report_of(outcome.last, supplies) if outcome.last else None

    def view(self, opened: Opened) -> dict[str, Any]:
        """All that the editor shows of a report."""
        outcome, last = self.judged(opened)
        mends = mended_text(opened.text, self.supplies().forms).mends
        return {
            **view_of(outcome, last),
            "revision": opened.revision,
            "draft": opened.draft,
            "moved": opened.moved,
            "text": opened.text,
            "mends": len(mends),
        }

    def _opened(self, call: Call) -> Opened:
        """The report that a request is about, in the state that its page saw.

        Raises:
            Moved: it is in another state by now.
        """
        opened = self.desk.open(call.asked("report"))
        if call.text("revision") != opened.revision:
            raise Moved(
                "另一个窗口或程序刚刚改过这份年报。已换成最新的内容，刚才的一处没有改，请看一看再改。"
            )
        return opened

    # ── changes ──

    def edit(self, call: Call) -> dict[str, Any]:
        """Make changes in the draft."""
        opened = self._opened(call)
        outcome, _ = self.judged(opened)
        if outcome.report is None:
            raise EditRefused("先在“原文”里写好年度，才能填表。")
        changes = _changes(call.body.get("changes"))
        text = edited(opened.text, changes, outcome.report.form, self.supplies().forms)
        self.desk.keep(opened, text)
        return self.view(self.desk.open(opened.name))

    def rewrite(self, call: Call) -> dict[str, Any]:
        """Replace the whole text of the draft."""
        opened = self._opened(call)
        self.desk.keep(opened, call.text("text").replace("\r\n", "\n").replace("\r", "\n"))
        return self.view(self.desk.open(opened.name))

    def mend(self, call: Call) -> dict[str, Any]:
        """Mend the slips that have one reading only, as ``check --fix`` does."""
        opened = self._opened(call)
        self.desk.keep(opened, mended_text(opened.text, self.supplies().forms).text)
        return self.view(self.desk.open(opened.name))

    def save(self, call: Call) -> dict[str, Any]:
        """Put the draft into the clerk's file; ``over`` also where another program changed that."""
        opened = self._opened(call)
        backup = self.desk.save(opened, over=call.body.get("over") is True)
        said = f"已保存。原来的文件另存为 {backup.name}。" if backup else "已保存。"
        return {**self.view(self.desk.open(opened.name)), "notice": said}

    def drop(self, call: Call) -> dict[str, Any]:
        """Go back to the file; the draft is kept beside."""
        opened = self._opened(call)
        backup = self.desk.drop(opened)
        said = f"已换成文件里的内容，草稿另存为 {backup.name}。" if backup else ""
        return {**self.view(self.desk.open(opened.name)), "notice": said}

    def show(self, call: Call) -> dict[str, Any]:
        """The report as it is."""
        return self.view(self.desk.open(call.asked("report")))

    def paste(self, call: Call) -> dict[str, Any]:
        """What a paste would change, and what found no place; changes nothing."""
        opened = self._opened(call)
        outcome, _ = self.judged(opened)
        if outcome.report is None:
            raise EditRefused("先在“原文”里写好年度，才能填表。")
        report = outcome.report
        row, _, column = call.text("at").partition(".")
        pasted = understood(call.text("text"), call.text("html"), report.form, CellKey(row, column))
        plain = {key: value for key, value in pasted.cells.items() if key not in report.form.parts}
        changes = [
            Change(f"cell:{key}", value) for key, value in plain.items() if _differs(report, key, value)
        ]
        sums = self._sums_off(opened, changes, pasted.cells, report.form)
        return {
            "changes": [{
                "key": each.key, "value": each.value, "label": report.form.label(_cell_of(each)),
                "before": report.cells[_cell_of(each)].text,
            } for each in changes],
            "untaken": [*pasted.untaken, *sums],
            "cells": len(plain),
        }  # fmt: skip

    def _sums_off(
        self, opened: Opened, changes: list[Change], cells: dict[CellKey, str], form: Form
    ) -> list[str]:
        """Pasted totals that are not what the cells add up to."""
        supplies = self.supplies()
        text = edited(opened.text, changes, form, supplies.forms)
        report = report_of(Material(opened.name, text.encode()), supplies)
        totals = {key: numeral(value).number for key, value in cells.items() if key in form.parts and value}
        return [
            f"“{form.label(key)}”贴来的是 {cells[key]}，各格相加是 {report.cells[key].text}，请核对。总计由程序相加，没有贴。"
            for key, number in totals.items()
            if report and number != report.cells[key].value
        ]

    # ── files ──

    def make(self, call: Call) -> dict[str, Any]:
        """Make the files of the saved report, as ``reportgen build`` does, and store them among the outputs."""
        opened = self._opened(call)
        if opened.draft:
            raise FileTrouble("请先保存，再生成文件。")
        kinds = call.body.get("kinds")
        if not isinstance(kinds, list) or not kinds or any(kind not in _KINDS for kind in kinds):
            raise BadCall("没有这种文件。")
        draft, force = call.body.get("draft") is True, call.body.get("force") is True
        return self.jobs.do(lambda: self._made(opened, kinds, draft=draft, force=force)).result()

    def _made(self, opened: Opened, kinds: list[str], *, draft: bool, force: bool) -> dict[str, Any]:
        material = Material(shown(opened.path), opened.saved)
        supplies = with_companions(self.supplies(templates=True), opened.path, material, Named())
        outcome = run(material, supplies, kinds, draft=draft)
        files: dict[str, str] = {}
        if outcome.files:
            written = workspace.store(outcome, self.desk.outputs, manifest.of(outcome), force=force)
            files = {kind: path.name for kind, path in written.files.items() if kind in outcome.files}
        return {
            "files": files,
            "draft": outcome.draft,
            "refused": [f"有 {outcome.errors} 个错误，没有出 {kind.upper()}。" for kind in outcome.refused],
            "failures": [str(failure) for failure in outcome.failures],
            "facts": [line for facts in outcome.facts.values() for line in manifest.in_words(facts)],
            "folder": shown(self.desk.folder_of(outcome.report)) if outcome.report else "",
        }

    def draw(self, name: str) -> Drawn:
        """The PDF of a report as it is when its turn comes; marked as a draft where it has errors."""
        opened = self.desk.open(name)
        supplies = with_companions(self.supplies(templates=True), opened.path, opened.material, Named())
        errors = examine(opened.material, supplies).errors > 0
        outcome = run(opened.material, supplies, ("pdf",), draft=errors)
        pdf = outcome.files.get("pdf", b"")
        if not pdf:
            said = [str(failure) for failure in outcome.failures] or [
                f"{each.message}{each.fix}" for each in outcome.findings if each.is_error
            ]
            return Drawn(opened.revision, trouble="".join(said[:3]) or "没有生成页面。")
        facts = outcome.facts.get("pdf", {})
        seal = facts.get("seal")
        pages = facts.get("pages")
        return Drawn(
            opened.revision,
            pdf,
            pages if isinstance(pages, int) else 0,
            seal=seal if isinstance(seal, dict) else None,
        )

    def file(self, call: Call) -> Response:
        """A file that was made of a report."""
        opened = self.desk.open(call.asked("report"))
        report = report_of(opened.material, self.supplies())
        made = self.desk.made(report) if report else {}
        path = made.get(call.asked("name"))
        if path is None:
            raise HTTPException(404)
        kind = _TYPES.get(path.suffix.lower(), "application/octet-stream")
        named = f"attachment; filename*=UTF-8''{quote(path.name)}"
        return Response(read_bytes(path), media_type=kind, headers={"content-disposition": named})

    # ── new reports, and those that come from outside ──

    def new(self, call: Call) -> dict[str, Any]:
        """Begin a report, from last year's if that is named."""
        supplies = self.supplies()
        year = call.text("year").strip().removesuffix("度").removesuffix("年")
        if not (year.isascii() and year.isdigit() and len(year) == 4 and int(year) <= date.today().year + 1):
            raise FileTrouble("年度写四位数字，例如 2025。")
        last = self._last(call.text("last"), supplies)
        organ = " ".join(call.text("organ").split()) or (last.organ.name if last else "")
        level = call.text("level") or (last.organ.level if last else "")
        try:
            form = form_for(int(year), supplies.forms)
        except YearTooEarly as early:
            raise FileTrouble(str(early)) from None
        if not organ or level not in form.levels:
            raise FileTrouble("请写机关全称，并选择级别。")
        text = clerk_file.starting_file(form, organ, level, int(year), last)
        name = self.desk.create(organ, int(year), text)
        notes = clerk_file.not_carried(organ, int(year), last) if last else ()
        return {"report": name, "notice": "".join(notes)}

    def _last(self, name: str, supplies: Supplies) -> Report | None:
        if not name:
            return None
        last = report_of(self.desk.open(name).material, supplies)
        if last is None:
            raise FileTrouble("读不懂去年的年报，请先打开它，改好列出的错误。")
        return last

    def bring(self, call: Call) -> dict[str, Any]:
        """What is understood of somebody's document, beside its own words; writes nothing."""
        name = PurePath(call.asked("name").replace("\\", "/")).name or "文件"
        material = Material(name, call.content)
        if material.kind in ("yaml", "yml"):
            raise FileTrouble("这已经是 YAML 文件，请直接放进 inputs 文件夹。")
        outcome = examine(material, self.supplies())
        view = view_of(outcome, None)
        if outcome.node is None or outcome.report is None:
            return {"name": name, "text": "", "findings": view["findings"], "original": []}
        report = outcome.report
        return {
            "name": name,
            "text": clerk_file.write(outcome.node, report.form, outcome.findings),
            "organ": report.organ.name,
            "year": report.year,
            "findings": view["findings"],
            "said": view["said"],
            "original": taken_from(material),
        }

    def take(self, call: Call) -> dict[str, Any]:
        """Begin a report with a text that was understood of somebody's document."""
        text = call.text("text")
        report = report_of(Material("导入.yaml", text.encode()), self.supplies())
        if report is None or not report.organ.name:
            raise FileTrouble("没有机关或年度，不知道放在哪里。请先在文字里补上。")
        return {"report": self.desk.create(report.organ.name, report.year, text)}

    def polished(self, call: Call) -> dict[str, Any]:
        """Every change of a polished Word file against the YAML, with what would take it over."""
        opened = self.desk.open(call.asked("report"))
        material = Material("上传的.docx", call.content)
        supplies = replace(self.supplies(templates=True), origin=opened.material)
        outcome = self.jobs.do(lambda: examine(material, supplies)).result()
        origin = self.judged(opened)[0]
        from reportgen.web.taking import offers

        return {
            "changes": offers(outcome, origin),
            "said": view_of(outcome, None)["said"],
            "failures": [str(failure) for failure in outcome.failures],
            "revision": opened.revision,
        }


def _cell_of(change: Change) -> CellKey:
    row, _, column = change.key.removeprefix("cell:").partition(".")
    return CellKey(row, column)


def _differs(report: Report, key: CellKey, value: str) -> bool:
    """True if a pasted value is not what the cell has; a zero where nothing stands is."""
    figure = report.cells[key]
    there = (figure.raw or figure.text) if figure.place else ""
    return value != there and not (not there and value in ("", "0") and not figure.place)


def _changes(said: Any) -> list[Change]:
    """The changes that a page sends.

    Raises:
        BadCall: they are none.
    """
    if not isinstance(said, list) or len(said) > _MOST_CHANGES:
        raise BadCall("改动的写法不对。")
    changes = []
    for each in said:
        key, value = (each.get("key"), each.get("value")) if isinstance(each, dict) else (None, None)
        if not isinstance(key, str) or not isinstance(value, str):
            raise BadCall("改动的写法不对。")
        try:
            (key + value).encode()
        except UnicodeEncodeError:
            raise BadCall("文字里有不完整的字符。") from None
        changes.append(Change(key, value))
    return changes


# ── requests and answers ─────────────────────────────────────────────────────────────────────────────

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
        "polished": site.polished,
    }  # fmt: skip
    routes = [
        Route("/", pages.start),
        Route("/edit", pages.edit),
        Route("/compare", pages.compare),
        Route("/api/show", _answering(site, site.show)),
        *(Route(f"/api/{name}", _answering(site, work), methods=["POST"]) for name, work in posts.items()),
        Route("/api/preview", pages.preview, methods=["POST"]),
        Route("/page.png", pages.page),
        Route("/file", pages.file),
        Mount("/static", StaticFiles(packages=[("reportgen.web", "static")])),
    ]

    @contextlib.asynccontextmanager
    async def living(_app: Starlette) -> AsyncIterator[None]:
        yield
        await run_in_threadpool(site.jobs.close)

    handlers: Any = {HTTPException: _refused, Failure: _refused, BadCall: _refused, EditRefused: _refused}
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
    said = "没有这一页。" if isinstance(trouble, HTTPException) else str(trouble)
    return HTMLResponse(_JINJA.get_template("trouble.html").render(said=said), status)


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
            return JSONResponse({"error": str(polished), "polished": True}, 409)
        except (Failure, EditRefused) as trouble:
            return JSONResponse({"error": str(trouble)}, 422)
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
        rows = await run_in_threadpool(self.site.shelf.rows, self.site.supplies())
        form = max(self.site.supplies().forms, key=lambda each: each.since)
        year = date.today().year - 1
        return self._page(
            "start.html", rows=rows, levels=form.levels, year=year, folder=shown(self.site.desk.folder)
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

    async def preview(self, request: Request) -> Response:
        """Have the pages drawn; how many there are. Waits until they are, or a later wish takes over."""
        import asyncio

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
        import asyncio

        return Response(await asyncio.wrap_future(image), media_type="image/png")

    async def file(self, request: Request) -> Response:
        """A file that was made."""
        call = await _call(request)
        return await run_in_threadpool(self.site.file, call)
