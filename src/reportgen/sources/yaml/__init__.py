"""The clerk's YAML: bytes into nodes with places, scalars as typed, every fault of the writing at once.

One way for every file: ``mending`` finds the slips and mends them in memory (``slips`` knows those of a
line), ``composing`` lets PyYAML compose the text and makes nodes of what it gives.
"""

import re
from dataclasses import replace

from reportgen.advice import Advice, Medium
from reportgen.model.form import Form
from reportgen.model.nodes import Mapping
from reportgen.problems import Finding, Place, fault
from reportgen.safe.decoding import lines_of, text_of, with_usual_letters
from reportgen.sources import Source
from reportgen.sources.yaml.composing import composed
from reportgen.sources.yaml.mending import Mend as Mend
from reportgen.sources.yaml.mending import Mended as Mended
from reportgen.sources.yaml.mending import mend
from reportgen.sources.yaml.mending import mended_text as mended_text

_IS_PAGE = re.compile(r"\s*<(?:!doctype html|html|head|body)\b", re.I)


def read(content: bytes, name: str, forms: tuple[Form, ...]) -> tuple[Mapping | None, tuple[Finding, ...]]:
    """The mapping that a file's bytes say, with what is wrong with its writing. Never raises."""
    text, findings = text_of(content, name)
    if text is None:
        return None, findings
    if _IS_PAGE.match(text):
        fix = "请把文件名末尾的扩展名改成 .html，再检查。"
        return None, (fault("F01", "这是网页文件，扩展名不对", Place(name), fix),)
    text, folded = with_usual_letters(text, name)
    draft = mend(text, name, forms)
    node, faults = composed(draft)
    told = sorted((*folded, *map(_told, (*draft.findings, *faults))), key=lambda each: each.places)
    return node, (*findings, *told)


def _told(slip: Finding) -> Finding:
    """A slip of the writing; at the page, with where the writing is seen and what mends it by itself."""
    line = slip.places[0].line
    there = f"请看页面下方“原文”的第{line}行，能自动改的，按那里的“改好写法”。"
    return replace(slip, fix=Advice(slip.fix, slip.fix, f"{there}{slip.fix}"))


SOURCE = Source("YAML", (".yaml", ".yml"), read, lines_of, medium=Medium.YAML)
