"""Filling the Word template as in a batch, beside plain docxtpl and, where Java and Maven are, poi-tl."""

import io
import re
import subprocess
import zipfile
from html import unescape
from pathlib import Path

from measuring import INPUT, REPOSITORY, Row, compared, in_turns

GOAL = 50
"""So many times as quick as docxtpl shall our own filling be."""

_TIMES = 60
"""Fillings of poi-tl that are measured, after as many to warm up."""

_PEER = REPOSITORY / "benchmarks" / "peers" / "FillMany.java"
_DOCUMENT = "word/document.xml"
_WORDS = re.compile(r'<w:t(?: xml:space="preserve")?>([^<]+)</w:t>')


def compare_filling(folder: Path, rounds: int) -> list[Row]:
    """Rows of filling in a process that has filled before; a test holds our work to be docxtpl's.

    Args:
        folder: an empty one, for what goes to Java.
        rounds: of each way, in turns.
    """
    from docxtpl import DocxTemplate

    from reportgen.makers.docx_docxtpl.filling import filled
    from reportgen.pipeline import examine
    from reportgen.store.workspace import material, supplies
    from reportgen.wording import words

    gathered = supplies()
    report = examine(material(INPUT), gathered).report
    assert report is not None
    template, offered = gathered.templates[report.form.id], words(report)
    made = filled(template, offered)

    def plain() -> None:
        document = DocxTemplate(io.BytesIO(template))
        document.render(dict(offered.names), autoescape=True)
        document.save(io.BytesIO())

    times = in_turns({"ours": lambda: filled(template, offered), "plain": plain}, rounds)
    goal = f"≤ {1 / GOAL:.3f}"
    rows = [compared("fill the template", times["ours"], "plain docxtpl", times["plain"], goal)]
    jars = _poi_tl()
    if jars:
        theirs = [_java(folder, jars, made) for _ in range(3)]
        rows.append(compared("the same", times["ours"], "poi-tl, warm", theirs))
    return rows


def _poi_tl() -> str:
    """The class path of poi-tl; empty, and told, where it is not to be had."""
    setup = REPOSITORY / "tools" / "setup_judge.sh"
    done = subprocess.run(["sh", str(setup), "poi-tl"], stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        print("filling: poi-tl is not here (it needs Java and Maven), and is not measured")
    return done.stdout.strip()


def _java(folder: Path, jars: str, made: bytes) -> float:
    """Seconds of one filling with poi-tl: of a template with a tag for every stretch of words of a report.

    Its tags know no loops over rows as ours do: so it has what is quickest for it, one tag for each.
    """
    template, data = _as_tags(made)
    folder.mkdir(exist_ok=True)
    (folder / "template.docx").write_bytes(template)
    lines = "".join(f"{name}\t{words}\n" for name, words in data.items())
    (folder / "data.txt").write_text(lines, encoding="utf-8")
    given = (folder / "template.docx", folder / "data.txt", _TIMES, folder / "filled.docx")
    command = ["java", "-cp", jars, str(_PEER), *map(str, given)]
    done = subprocess.run(
        command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True
    )
    with zipfile.ZipFile(folder / "filled.docx") as package:
        there = package.read(_DOCUMENT).decode()
    assert "{{" not in there, "poi-tl left a tag unfilled"
    return float(done.stdout)


def _as_tags(made: bytes) -> tuple[bytes, dict[str, str]]:
    """A filled document as a template of poi-tl, and the words that fill it."""
    data: dict[str, str] = {}

    def tag(found: re.Match[str]) -> str:
        name = f"words{len(data)}"
        data[name] = unescape(found[1])
        return f"<w:t>{{{{{name}}}}}</w:t>"

    held = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(made)) as before,
        zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            content = before.read(name)
            if name == _DOCUMENT:
                content = _WORDS.sub(tag, content.decode()).encode()
            after.writestr(name, content)
    return held.getvalue(), data
