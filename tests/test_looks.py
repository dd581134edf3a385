"""Tables that look alike are read alike: what is kept of one says nothing else of the next."""

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from found import table_of
from made import gathered
from reportgen.model.form import Table
from reportgen.model.nodes import FoundCell, FoundTable
from reportgen.problems import Place
from reportgen.recognising import figures
from reportgen.recognising.figures import Filled, fill
from reportgen.recognising.labels import said
from reportgen.recognising.looks import looks_of

KNOWN = [(table, table_of(table)) for form in gathered().forms for table in form.tables]
"""Every table of every form, and how documents of ours have it."""

FIGURES = ["", " ", "0", "1", "2", "3", "12", "无", "/", "—", "1,204", "22（其中修订16件）"]
LABELS = [
    "自然人",
    "其他",
    "总计",
    "合计",
    "本年新收",
    "（七）总计",
    "法律服务机构",
    "其他处理",
    "结果维持",
    "复议后起诉",
]
WORDS = [*FIGURES, *LABELS, "序号", "备注", "说明。", "长" * 201]


def assert_alike(table: Table, pieces: list[FoundTable]) -> Filled:
    """The table is read the same with what was kept of its like; what was found."""
    read = figures._read_off(table, pieces)
    for _ in range(2):
        found = fill(table, pieces)
        assert found == read
        assert list(found.values) == list(read.values)
    return read


def test_tables_of_our_documents_are_known_by_their_looks() -> None:
    for table, piece in KNOWN:
        assert_alike(table, [piece])
        assert figures._known(table, looks_of([piece])) is not None


Rows = list[list[FoundCell]]
Change = Callable[[Rows, int, int, str], None]


def _say(rows: Rows, row: int, at: int, words: str) -> None:
    rows[row][at] = rows[row][at]._replace(text=words)


def _widen(rows: Rows, row: int, at: int, words: str) -> None:
    rows[row][at] = rows[row][at]._replace(columns=len(words) % 4 + 1, rows=len(words) % 3 + 1)


def _drop(rows: Rows, row: int, at: int, _words: str) -> None:
    rows[row] = [*rows[row][:at], *rows[row][at + 1 :], rows[row][0]._replace()]


def _add(rows: Rows, row: int, at: int, words: str) -> None:
    rows[row].insert(at, FoundCell(words, Place("年报.docx", table=9, row=row, column=at)))


def _drop_row(rows: Rows, row: int, _at: int, _words: str) -> None:
    del rows[row : row + (len(rows) > 1)]


def _number(rows: Rows, row: int, at: int, words: str) -> None:
    for number, each in enumerate(rows):
        each.insert(0, FoundCell(str(number + at) if number > row else words, each[0].place))


CHANGES: tuple[Change, ...] = (_say, _say, _say, _widen, _drop, _add, _drop_row, _number)


@settings(max_examples=80)
@given(
    st.integers(0, len(KNOWN) - 1),
    st.lists(
        st.tuples(st.sampled_from(CHANGES), st.integers(0, 99), st.integers(0, 99), st.sampled_from(WORDS)),
        max_size=6,
    ),
    st.integers(0, 99),
)
def test_whatever_was_done_to_a_table_it_is_read_alike(
    which: int, changes: list[tuple[Change, int, int, str]], cut: int
) -> None:
    table, piece = KNOWN[which]
    rows = [list(row) for row in piece.rows]
    for change, row, at, words in changes:
        row %= len(rows)
        change(rows, row, at % len(rows[row]), words)
    cut %= len(rows)
    assert_alike(table, [_drawn(each) for each in (rows[:cut], rows[cut:]) if each])


def _drawn(rows: Rows) -> FoundTable:
    return FoundTable(tuple(map(tuple, rows)), rows[0][0].place)


def test_figures_of_one_table_are_not_those_of_its_like() -> None:
    table, piece = max(KNOWN, key=lambda each: len(each[1].rows))
    rows = [list(row) for row in piece.rows]
    elsewhere = Place("另一份.docx", table=2, row=30, column=9)
    rows[-1][-1] = rows[-1][-1]._replace(text="77（其中延期3件）", place=elsewhere)
    found = assert_alike(table, [FoundTable(tuple(map(tuple, rows)), piece.place)])
    assert found.values != assert_alike(table, [piece]).values
    assert any(
        each.text.startswith("77") and each.place.file == "另一份.docx" for each in found.values.values()
    )


def test_numbers_of_rows_are_no_figures_to_be_taken_for_others() -> None:
    table, piece = max(KNOWN, key=lambda each: len(each[1].rows))
    rows = [(FoundCell(str(at), row[0].place), *row) for at, row in enumerate(piece.rows, start=1)]
    numbered = assert_alike(table, [FoundTable(tuple(rows), piece.place)])
    same = [(FoundCell("1", row[0].place), *row) for row in piece.rows]
    assert_alike(table, [FoundTable(tuple(same), piece.place)])
    assert {key: each.text for key, each in numbered.values.items()} == {
        key: said(FoundCell(each.text, each.place)) for key, each in fill(table, [piece]).values.items()
    }
