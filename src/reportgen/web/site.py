"""What the page can do with the reports of one workspace. Judging and making are the pipeline's."""

import base64
import shutil
import sys
import threading
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path, PurePath
from typing import Any

import click

from reportgen import clerk_file
from reportgen.advice import Medium
from reportgen.examining import Material, Outcome, Supplies, examine, report_of
from reportgen.model.form import CellKey, Form, YearTooEarly, form_for
from reportgen.model.report import Report
from reportgen.old_files import read_once
from reportgen.paths import shown
from reportgen.pipeline import run
from reportgen.problems import FileTrouble, ToolMissing
from reportgen.reading.tables import numeral
from reportgen.sources.yaml.editing import edited, mended
from reportgen.sources.yaml.targets import Change, EditRefused
from reportgen.store import manifest, workspace
from reportgen.store.desk import Desk, Moved, Opened
from reportgen.store.disk import is_kept_copy, read_bytes
from reportgen.store.storing import digest, found_manifest
from reportgen.store.workspace import Named, sheet_template, with_companions
from reportgen.web.archives import Archives, keep, packed
from reportgen.web.bringing import offers, pasted, words_of
from reportgen.web.calls import BadCall, Call, changes_of
from reportgen.web.folder import Folders
from reportgen.web.jobs import Drawn, Jobs
from reportgen.web.making import KINDS, stored
from reportgen.web.pages import view_of
from reportgen.web.shelf import Shelf
from reportgen.web.signing import signed


class Site:
    """One workspace as the page shows and changes it."""

    def __init__(self, folder: Path, templates: Path | None = None) -> None:
        """Take the workspace, and the templates' folder if it is another than the program's own."""
        self.desk = Desk(folder)
        self.jobs = Jobs()
        self.shelf = Shelf(self.desk, Archives(self.desk))
        self.folders = Folders(self.desk, self.shelf, self.supplies)
        self._templates = templates

    def close(self) -> None:
        """Let the work at hand end, take no more, and leave no process behind."""
        self.folders.close()
        self.jobs.close()

    # ── what all requests need ──

    def supplies(self, *, templates: bool = False) -> Supplies:
        """Forms, today's date and, if asked for, the Word templates."""
        found = workspace.supplies(self._templates, templates=templates)
        return replace(found, today=date.today(), at_page=True)

    def judged(self, opened: Opened) -> tuple[Outcome, Report | None]:
        """What the steps say of a report at this moment, and last year's report."""
        supplies = with_companions(self.supplies(), opened.path, opened.material, Named())
        outcome = examine(opened.material, supplies)
        return outcome, report_of(outcome.last, supplies) if outcome.last else None

    def view(self, opened: Opened) -> dict[str, Any]:
        """All that the editor shows of a report."""
        outcome, last = self.judged(opened)
        mends = mended(opened.text, self.supplies().forms).mends
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

    def _report(self, opened: Opened) -> Report:
        """What a report says.

        Raises:
            EditRefused: nothing that could be filled in.
        """
        report = report_of(opened.material, self.supplies())
        if report is None:
            raise EditRefused("先在“原文”里写好年度，才能填表。")
        return report

    # ── changes ──

    def edit(self, call: Call) -> dict[str, Any]:
        """Make changes in the draft."""
        opened = self._opened(call)
        forms = self.supplies().forms
        changes = changes_of(call.body.get("changes"))
        text = edited(opened.text, changes, self._report(opened).form, forms)
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
        self.desk.keep(opened, mended(opened.text, self.supplies().forms).text)
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

    def rows(self, _call: Call) -> dict[str, Any]:
        """Every report of the workspace, judged."""
        return {"rows": [asdict(row) for row in self.shelf.rows(self.supplies())]}

    def paste(self, call: Call) -> dict[str, Any]:
        """What a paste would change, and what found no place; changes nothing."""
        opened = self._opened(call)
        report = self._report(opened)
        row, _, column = call.text("at").partition(".")
        found = pasted(call.text("text"), call.text("html"), report.form, CellKey(row, column))
        plain = {key: value for key, value in found.cells.items() if key not in report.form.parts}
        changes = [
            Change(f"cell:{key}", value) for key, value in plain.items() if _differs(report, key, value)
        ]
        sums = self._sums_off(opened, changes, found.cells, report.form)
        return {
            "changes": [{
                "key": each.key, "value": each.value, "label": report.form.label(_cell_of(each)),
                "before": report.cells[_cell_of(each)].text,
            } for each in changes],
            "untaken": [*found.untaken, *sums],
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
            f"“{form.label(key)}”贴来的是 {cells[key]}，各格相加是 {report.cells[key].text}，"
            "请核对。总计由程序相加，没有贴。"
            for key, number in totals.items()
            if report and number != report.cells[key].value
        ]

    # ── files ──

    def make(self, call: Call) -> dict[str, Any]:
        """Make the files of the saved report, as ``reportgen build`` does, among the outputs."""
        opened = self._opened(call)
        if opened.draft:
            raise FileTrouble("请先保存，再生成文件。")
        kinds = call.body.get("kinds")
        if not isinstance(kinds, list) or not kinds or any(kind not in KINDS for kind in kinds):
            raise BadCall("没有这种文件。")
        draft, force = call.body.get("draft") is True, call.body.get("force") is True
        return self.jobs.do(lambda: self._made(opened, kinds, draft=draft, force=force)).result()

    def _made(self, opened: Opened, kinds: list[str], *, draft: bool, force: bool) -> dict[str, Any]:
        material = Material(shown(opened.path), opened.saved)
        supplies = with_companions(self.supplies(templates=True), opened.path, material, Named())
        outcome = run(material, supplies, kinds, draft=draft)
        return stored(outcome, self.desk, force=force)

    def draw(self, name: str) -> Drawn:
        """The PDF of a report as it is when its turn comes; marked as a draft where it has errors."""
        opened = self.desk.open(name)
        if known := self.jobs.drawn(name, opened.revision):
            return known
        supplies = with_companions(self.supplies(templates=True), opened.path, opened.material, Named())
        errors = examine(opened.material, supplies).errors > 0
        outcome = run(opened.material, supplies, ("pdf",), draft=errors)
        pdf = outcome.files.get("pdf", b"")
        if not pdf:
            said = [failure.told_in(Medium.PAGE) for failure in outcome.failures] or [
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

    def made(self, call: Call) -> Path | None:
        """A file that was made of a report; None where there is none of that name."""
        opened = self.desk.open(call.asked("report"))
        report = report_of(opened.material, self.supplies())
        return self.desk.made(report).get(call.asked("name")) if report else None

    def kept(self, call: Call) -> dict[str, Any]:
        """The files that were made of a report before, and whether they are of it as it is now."""
        opened = self.desk.open(call.asked("report"))
        report = report_of(opened.material, self.supplies())
        files = self.desk.made(report) if report else {}
        names = [name for name, path in files.items() if path.suffix[1:] in KINDS and not is_kept_copy(path)]
        folder = self.desk.folder_of(report) if report and names else None
        said = (found_manifest(folder) if folder else None) or {}
        return {
            "files": names,
            "folder": shown(folder) if folder else "",
            "fresh": said.get("input", {}).get("sha256") == digest(opened.material.content),
            "draft": bool(said.get("draft")),
        }

    def archived(self, call: Call) -> tuple[str, bytes]:
        """The archive package of a finished report, as ``archive --zip`` gives it: its name and its bytes.

        Raises:
            Failure: the report is not finished, or its files are not as they were made.
        """
        said, paths = self._finished(call, "归档")
        files = {name: read_bytes(path) for name, path in paths.items()}
        return self.jobs.do(lambda: packed(said, files, sheet_template(self._templates))).result()

    def _finished(self, call: Call, what: str) -> tuple[dict[str, Any], dict[str, Path]]:
        """The manifest of a report's files, and the files by name; ``what`` is to be done with them.

        Raises:
            FileTrouble: there are none, or they are of the report as it was.
        """
        opened = self.desk.open(call.asked("report"))
        report = report_of(opened.material, self.supplies())
        files = self.desk.made(report) if report else {}
        said = found_manifest(self.desk.folder_of(report)) if report and files else None
        if said is None or not manifest.is_whole(said):
            raise FileTrouble(f"还没有生成文件，请先按“生成文件”，再{what}。")
        if said["input"]["sha256"] != digest(opened.material.content):
            raise FileTrouble(f"年报在生成文件以后改过，请先保存、重新生成，再{what}。")
        return said, files

    def sign(self, call: Call) -> dict[str, Any]:
        """Sign the finished PDF with a certificate's file, as ``reportgen sign`` does."""
        try:
            key = base64.b64decode(call.text("key"), validate=True)
        except ValueError:
            raise BadCall("证书文件读不懂。") from None
        path, notice = signed(*self._finished(call, "签名"), key, call.text("password"))
        return {"name": path.name, "notice": notice}

    def keep_archived(self, call: Call) -> dict[str, Any]:
        """Put the archive package of a finished report into the workspace's archive.

        Raises:
            Failure: the report is not finished, or the disk refuses.
        """
        path, backup = keep(self.desk, *self.archived(call))
        said = f"原来的归档包另存为 {backup.name}。" if backup else ""
        return {"name": path.name, "folder": shown(path.parent), "notice": said}

    def launch(self, call: Call) -> dict[str, Any]:
        """Open a file that was made with the program that this machine has for it: WPS, Word, a reader."""
        path = self.made(call)
        if path is None or (sys.platform == "linux" and not shutil.which("xdg-open")):
            where = shown(path.parent) if path else "outputs"
            raise ToolMissing(f"没有找到能打开它的程序。请自己打开，文件在 {where}。")
        # Some openers end only when their program does: nobody waits for that.
        threading.Thread(target=click.launch, args=(str(path),), kwargs={"wait": True}, daemon=True).start()
        return {}

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
            form = form_for(int(year), supplies.forms, call.text("kind"))
        except YearTooEarly as early:
            raise FileTrouble(str(early)) from None
        if not organ or (form.levels and level not in form.levels):
            raise FileTrouble("请写机关全称，并选择级别。")
        text = clerk_file.starting_file(form, organ, level, int(year), last)
        name = self.desk.create(organ, form.named(int(year)), text)
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
            raise FileTrouble("这已经是填报的年报文件，请直接放进 inputs 文件夹，再刷新首页。")
        return self.jobs.do(lambda: self._brought(material)).result()

    def _brought(self, material: Material) -> dict[str, Any]:
        outcome = read_once(material, self.supplies())
        view, name = view_of(outcome, None), material.name
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
            "original": words_of(outcome.material),
        }

    def take(self, call: Call) -> dict[str, Any]:
        """Begin a report with a text that was understood of somebody's document."""
        text = call.text("text")
        report = report_of(Material("导入.yaml", text.encode()), self.supplies())
        if report is None or not report.organ.name:
            raise FileTrouble("没有机关或年度，不知道放在哪里。请先在文字里补上。")
        return {"report": self.desk.create(report.organ.name, report.form.named(report.year), text)}

    def polished(self, call: Call) -> dict[str, Any]:
        """Every change of a polished Word file against the report, with what would take it over."""
        opened = self.desk.open(call.asked("report"))
        material = Material("上传的.docx", call.content)
        supplies = replace(self.supplies(templates=True), origin=opened.material)
        outcome = self.jobs.do(lambda: examine(material, supplies)).result()
        origin = self.judged(opened)[0]
        return {
            "changes": offers(outcome, origin),
            "said": view_of(outcome, None)["said"],
            "failures": [failure.told_in(Medium.PAGE) for failure in outcome.failures],
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
