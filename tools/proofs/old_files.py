"""Reports of both forms saved as old kinds of files and as PDFs, and read back: every figure is there."""

from dataclasses import replace
from pathlib import Path

from generating.made import Made, reports
from made import gathered, outcome_of
from old import saved_as
from proofs import Proof, Tried
from reportgen.model.form import forms_of
from reportgen.old_files import ready
from reportgen.pipeline import Material, examine

_KINDS = ("doc", "wps", "odt", "rtf", "pdf")
"""LibreOffice writes no .wps; one of WPS is a .doc by another name."""

_SHORT, _LONG = 2, 10
_FIRST = 30_000
"""The first seed: other reports than those of the other proofs."""


def _run(long: bool, folder: Path) -> Tried:
    del folder  # nothing is written
    made = _both_forms(_LONG if long else _SHORT)
    words = [outcome_of(report.text, "docx").files["docx"] for report in made]
    figures, faults = {}, []
    for kind in _KINDS if long else ("doc", "pdf"):
        saved = saved_as("doc" if kind == "wps" else kind, *words)
        for report, word, content in zip(made, words, saved, strict=True):
            faults += [f"seed {report.seed}, .{kind}: {fault}" for fault in _faults(word, kind, content)]
        figures[f"reports read back from .{kind}"] = len(made)
    return Tried(figures, tuple(faults))


def _both_forms(count: int) -> list[Made]:
    """So many reports, half of each form."""
    forms = forms_of(gathered().forms)
    found: dict[str, list[Made]] = {form.id: [] for form in forms}
    seed = _FIRST
    while any(len(each) < count // len(forms) for each in found.values()):
        [report] = reports(range(seed, seed + 1), forms)
        of_form = found[_form_of(report)]
        if len(of_form) < count // len(forms):
            of_form.append(report)
        seed += 1
    return [report for each in found.values() for report in each]


def _form_of(report: Made) -> str:
    read = examine(Material("a.yaml", report.text.encode()), gathered()).report
    assert read is not None
    return read.form.id


def _faults(word: bytes, kind: str, content: bytes) -> list[str]:
    """What is read otherwise from a file than from the Word file that it was saved from."""
    was = examine(Material("a.docx", word), gathered()).report
    material, _ = ready(Material(f"a.{kind}", content))
    now = examine(material, replace(gathered(), once=True)).report
    if was is None or now is None:
        return ["not read"]
    faults = [
        f"{key} is {now.cells[key].text!r} and not {figure.text!r}"
        for key, figure in was.cells.items()
        if key not in now.cells or now.cells[key].text != figure.text
    ]
    for what in ("year", "date", "organ", "form"):
        before, after = getattr(was, what), getattr(now, what)
        faults += [] if before == after else [f"{what} is {after!r} and not {before!r}"]
    return faults


PROOF = Proof(
    "old_files",
    "A report saved as .doc, .wps, .odt, .rtf or PDF is read back with every figure of both forms.",
    _run,
)
