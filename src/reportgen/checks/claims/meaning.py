"""The cells that a phrase means in a form."""

from functools import lru_cache

from reportgen.checks.claims.phrases import Phrase
from reportgen.model.form import CellKey, Form


@lru_cache(maxsize=1024)
def cells_of(phrase: Phrase, rows: tuple[str, ...], form: Form) -> tuple[CellKey, ...]:
    """The cells that it adds up in this form; empty where the form lacks one of the rows."""
    found: list[CellKey] = []
    for row in rows:
        names = _family(row, form)
        cells = [CellKey(name, column) for name in names for column in phrase.columns]
        if not cells or any(cell not in form.index for cell in cells):
            return ()
        found += cells
    return tuple(found)


def _family(row: str, form: Form) -> list[str]:
    if not row.endswith("*"):
        return [row]
    stem = row[:-2]
    return [key for key in form.row_keys.values() if key == stem or key.startswith(f"{stem}_")]
