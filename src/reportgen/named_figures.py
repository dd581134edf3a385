"""The figures of a report under the clerk's names, for sentences that quote them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from reportgen.form import CellKey, Form
from reportgen.report import Figure


def named_figures(form: Form, cells: Mapping[CellKey, Figure]) -> dict[str, Any]:
    """The numbers under the clerk's names, as sentences quote them: ``申请.本年新收.总计``.

    A group of rows also has the sums of its rows (``申请.不予公开.总计`` adds up eight rows). Numbers are
    whole where they can be, else decimals; a blank cell is 0.
    """
    names: dict[str, Any] = {}
    for (*groups, row), columns in form.addresses.items():
        level = names
        for group in groups:
            level = level.setdefault(group, {})
        level.setdefault(row, {}).update((name, _plain(cells[key].value)) for name, key in columns)
    for table in form.tables:
        _add_up_groups(names[table.name])
    return names


def _add_up_groups(rows: dict[str, Any]) -> None:
    """Give each group of rows the sums of its rows; a row of the same name (其他处理·其他) goes before."""
    for group in rows.values():
        members = [row for row in group.values() if isinstance(row, dict)]
        for column in members[0] if members else ():
            group.setdefault(column, sum(row[column] for row in members))


def _plain(number: Decimal) -> int | Decimal:
    if not number:
        return 0
    return int(number) if number == number.to_integral_value() else number
