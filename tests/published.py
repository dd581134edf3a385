"""Published reports, which are not part of this repository: what is at hand of them.

They are looked for in the folder that REPORTGEN_REAL names, else beside the repository.
"""

import json
import os
from pathlib import Path
from typing import Any

from reportgen.model.form import CellKey, Form

FOLDER = Path(os.environ.get("REPORTGEN_REAL") or Path(__file__).parents[1].parent / "shared" / "reports")


def data_of(name: str) -> dict[str, Any]:
    """What is at hand of a published report."""
    data: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return data


def figures_of(data: dict[str, Any], form: Form) -> dict[str, str]:
    """The figures of a published report by cell; a cell that it leaves blank is an empty string."""
    disclosure, requests, disputes = form.tables
    found: dict[str, str] = {}
    for block in disclosure.blocks:
        for row in block.rows:
            values = data["t2"][row.names[-1]]
            found |= {
                str(CellKey(row.key, each.key)): v for each, v in zip(block.columns, values, strict=True)
            }
    numbers = [each for line in data["t3"] for each in line] + data["t4"]
    cells = [key for table in (requests, disputes) for key, _, _ in table.cells()]
    found |= {str(key): "" if n is None else str(n) for key, n in zip(cells, numbers, strict=True)}
    return found
