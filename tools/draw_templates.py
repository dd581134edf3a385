"""Draws ``templates/<form>/report.docx`` from ``templates/<form>/form.yaml``.

Run as ``python tools/draw_templates.py``; with ``--check`` nothing is written, and the exit
code is 1 if a template is not what would be drawn.
"""

import argparse
import sys
from pathlib import Path

import yaml

from drawing.body import body
from drawing.package import document_part, footer_part, packed, settings_part
from drawing.styles import font_table_part, numbering_part, styles_part
from reportgen.model.form import Form
from reportgen.model.form_file import form_from

TEMPLATES = Path(__file__).parent.parent / "templates"


def drawn(form: Form) -> bytes:
    """The template of a form: the same bytes for the same form."""
    return packed(
        {
            "document": document_part(body(form)),
            "styles": styles_part(),
            "settings": settings_part(),
            "numbering": numbering_part(),
            "fontTable": font_table_part(),
            "footer1": footer_part("PageNumber"),
            "footer2": footer_part("PageNumberEven"),
        }
    )


def main(arguments: list[str]) -> int:
    """Draw every template, or say which ones are stale."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a template is stale")
    only_check = parser.parse_args(arguments).check
    stale = 0
    for source in sorted(TEMPLATES.glob("*/form.yaml")):
        template = source.with_name("report.docx")
        content = drawn(form_from(yaml.safe_load(source.read_text(encoding="utf-8"))))
        if template.exists() and template.read_bytes() == content:
            continue
        stale += 1
        print(f"{template.relative_to(TEMPLATES.parent)}: {'stale' if only_check else 'drawn'}")
        if not only_check:
            template.write_bytes(content)
    return 1 if only_check and stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
