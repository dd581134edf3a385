"""A made-up report as a clerk writes it down: the YAML text, every figure of it marked."""

from decimal import Decimal
from random import Random
from typing import Any

from generating.facts import Facts
from generating.marking import marked, plain
from generating.prose import Words, headed
from reportgen.model.form import CellKey, Row, Table

_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_SPENDING_UNITS = ("元", "万元")


class Clerk:
    """One clerk's habits: what is left out, and how it is set down."""

    def __init__(self, facts: Facts, dress: Random) -> None:
        """Draw the habits."""
        self.facts = facts
        self.dress = dress
        self.zeros = dress.choice((0.0, 0.1, 1.0))
        self.totals = dress.choice((0.0, 0.5, 1.0))
        self.braces = dress.choice((0.0, 0.5, 1.0))

    def file(self, words: Words) -> str:
        """The whole file."""
        lines = self._head()
        if words.preface:
            lines += _block("前言", words.preface, "  ")
        lines += self._overview(words)
        for table in self.facts.form.tables:
            lines += self._table(table)
        lines += _block("存在问题", words.problems, "  ")
        lines += _block("其他事项", words.others, "  ")
        return "\n".join([*lines, *self._fees(words), ""])

    def _head(self) -> list[str]:
        facts, organ = self.facts, self.facts.seat.organ
        lines = [
            f"机关: {organ.name}",
            f"简称: {organ.short}",
            f"级别: {organ.level}",
            f"年度: {facts.year}",
            f"成文日期: {facts.year + 1}-01-{self.dress.randint(4, 31):02}",
            f"电话: 0{self.dress.randint(310, 999)}-{self.dress.randint(2_000_000, 8_999_999)}",
            '网站: {名称: 政府门户网站, 网址: "http://www.example.gov.cn"}',
        ]
        return [*lines, f"口径: {organ.scope}"] if organ.scope != "本机关" else lines

    def _overview(self, words: Words) -> list[str]:
        if not words.aspects:
            return []
        way = self.dress.random()
        if way < 0.4:
            lines = ["总体情况:"]
            for name, paragraphs in words.aspects.items():
                lines += [f"  {line}" if line else "" for line in _block(name, paragraphs, "  ")]
            return lines
        if way < 0.7:
            return _block("总体情况", headed(words.aspects), "  ")
        return _block("总体情况", [each for part in words.aspects.values() for each in part], "    ")

    def _table(self, table: Table) -> list[str]:
        tree: dict[str, Any] = {}
        for block in table.blocks:
            for row in block.rows:
                self._plant(tree, row, {column.key: column.name for column in block.columns})
        if not tree:
            return [f"{table.name}: 全部为零"]
        return [f"{table.name}:", *self._lines(tree, "  ")]

    def _plant(self, tree: dict[str, Any], row: Row, columns: dict[str, str]) -> None:
        told = {
            name: self._cell(CellKey(row.key, column))
            for column, name in columns.items()
            if self._keeps(CellKey(row.key, column))
        }
        if not told:
            return
        group = tree
        for name in row.names[:-1]:
            group = group.setdefault(name, {})
        group[row.names[-1]] = told if len(columns) > 1 else next(iter(told.values()))

    def _keeps(self, key: CellKey) -> bool:
        """True if the clerk types this figure."""
        if key in self.facts.form.parts:
            return self.dress.random() < self.totals
        return self.facts.cells[key] != 0 or self.dress.random() < self.zeros

    def _cell(self, key: CellKey) -> str:
        number = self.facts.cells[key]
        text = plain(number)
        if self.dress.random() < 0.01 and text.isdigit():
            text = text.translate(_WIDE)
        value = marked(text, "cell", str(key))
        if key.column == "spending":
            return value + self.dress.choice(_SPENDING_UNITS)
        if number > 1 and self.dress.random() < 0.03:
            return f"{{值: {value}, 注: 已与台账核对}}"
        return value

    def _lines(self, tree: dict[str, Any], indent: str) -> list[str]:
        lines: list[str] = []
        for name, value in tree.items():
            if not isinstance(value, dict):
                lines.append(f"{indent}{name}: {value}")
            elif any(isinstance(part, dict) for part in value.values()) or self.dress.random() >= self.braces:
                lines += [f"{indent}{name}:", *self._lines(value, indent + "  ")]
            else:
                cells = ", ".join(f"{column}: {cell}" for column, cell in value.items())
                lines.append(f"{indent}{name}: {{{cells}}}")
        return lines

    def _fees(self, words: Words) -> list[str]:
        """信息处理费 as a field; left out where a sentence says it, or where there was none."""
        if not self.facts.form.asks_fee:
            return []
        pieces, money = self.facts.fees
        said = any("信息处理费" in paragraph for paragraph in words.others)
        if (said or not pieces) and self.dress.random() < 0.5:
            return ["信息处理费: 不写"] if said else []
        told = (marked(str(pieces), "fees", "pieces"), marked(str(Decimal(money)), "fees", "money"))
        return [f"信息处理费: {{件数: {told[0]}, 金额: {told[1]}}}"]


def _block(name: str, paragraphs: list[str], indent: str) -> list[str]:
    lines = [f"{name}: |"]
    for paragraph in paragraphs:
        lines += [indent + paragraph, ""]
    return lines[:-1] if paragraphs else [f'{name}: ""']
