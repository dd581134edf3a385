"""A clerk's text made readable: every slip of the writing is told, and mended in memory."""

from reportgen.model.form import Form
from reportgen.model.keys import vocabulary
from reportgen.safe.decoding import UNSEEN, unseen
from reportgen.sources.yaml_draft import Draft
from reportgen.sources.yaml_layout import mend_layout
from reportgen.sources.yaml_slips import Walk

_ODD_BLANKS = ("\x85", "\u2028", "\u2029", "\ufeff")


def is_odd(text: str) -> bool:
    """True if a text has signs that are mended before anything else, or a tab."""
    return bool(UNSEEN.search(text)) or any(sign in text for sign in ("\t", *_ODD_BLANKS))


def mend(text: str, name: str, forms: tuple[Form, ...]) -> Draft:
    """Find the slips of a text and mend them, so that the rest can be read."""
    for blank in _ODD_BLANKS:
        text = text.replace(blank, " ")
    draft = Draft(name, text.split("\n"))
    if UNSEEN.search(text):
        _drop_controls(draft)
    mend_layout(draft, forms)
    Walk(draft, vocabulary(forms)).go()
    return draft


def _drop_controls(draft: Draft) -> None:
    for number, line in enumerate(draft.lines):
        found = UNSEEN.search(line)
        if found:
            draft.findings.append(unseen(found[0], draft.place(number, found.start())))
            draft.lines[number] = UNSEEN.sub(" ", line)
