"""Draws ``templates/<form>/report.docx`` from ``templates/<form>/form.yaml`` into the base document.

Run as ``python tools/draw_templates.py``. A template that somebody edited is never overwritten: the digest of
what was drawn last stands in ``templates/<form>/drawn.sha256``, as ``sha256sum --check`` reads it, too. With
``--force`` the edited one is kept beside the new one. With ``--check`` nothing is written, and the exit code
is 1 if a template is not what would be drawn.
"""

import argparse
import hashlib
import sys
from pathlib import Path

import yaml

from drawing.body import body
from drawing.document import FILE, with_body
from reportgen.model.form import Form
from reportgen.model.form_file import form_from

TEMPLATES = Path(__file__).parent.parent / "templates"
DRAWN = "drawn.sha256"


def drawn(form: Form) -> bytes:
    """The template of a form: the same bytes for the same form and base."""
    return with_body(body(form), f"{form.name}模板", FILE.read_bytes())


def is_edited(template: Path) -> bool:
    """True if a template is there that is not what was drawn last; where nobody remembers that, too."""
    record = template.with_name(DRAWN)
    known = record.read_text(encoding="ascii").split()[:1] if record.exists() else []
    return template.exists() and known != [_digest(template.read_bytes())]


def draw(source: Path, force: bool = False) -> str:
    """Draw the template of a ``form.yaml``; what was done, in Chinese, empty for nothing.

    Raises:
        FileExistsError: where somebody edited the template and ``force`` is not set; nothing is written.
    """
    template = source.with_name("report.docx")
    content = _content(source)
    same = template.exists() and template.read_bytes() == content
    done = ""
    if not same and is_edited(template):
        if not force:
            raise FileExistsError(template)
        kept = _free(template)
        template.rename(kept)
        done = f"{template}：重新画好了，改过的那份留作 {kept.name}"
    elif not same:
        done = f"{template}：画好了"
    if not same:
        template.write_bytes(content)
    record = f"{_digest(content)}  {template.name}\n"
    template.with_name(DRAWN).write_text(record, encoding="ascii")
    return done


def _content(source: Path) -> bytes:
    return drawn(form_from(yaml.safe_load(source.read_text(encoding="utf-8"))))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _free(template: Path) -> Path:
    """A name beside the template that nothing has."""
    names = (template.with_name(f"{template.stem}.改过{number or ''}.docx") for number in range(1000))
    return next(name for name in names if not name.exists())


def main(arguments: list[str]) -> int:
    """Draw every template, or say which ones are stale. 1 if one is stale or was left as it is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a template is stale")
    parser.add_argument("--force", action="store_true", help="draw edited templates anew, too; they are kept")
    parser.add_argument("--templates", type=Path, default=TEMPLATES, help="the folder of the forms")
    options = parser.parse_args(arguments)
    left = 0
    for source in sorted(options.templates.glob("*/form.yaml")):
        template = source.with_name("report.docx")
        if options.check:
            stale = not template.exists() or template.read_bytes() != _content(source)
            left += stale
            if stale:
                print(f"{template}：{'有人改过' if is_edited(template) else '与 form.yaml 不符'}")
            continue
        try:
            if done := draw(source, options.force):
                print(done)
        except FileExistsError:
            left += 1
            print(f"{template}：有人改过，没有重画。要重画，请加 --force（改过的那份会留下）。")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
