"""Cells and paragraphs that are read the short way are read as any other: nothing is lost or differs."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from made import outcome_of
from reportgen.model.nodes import FoundTable
from reportgen.problems import Finding
from reportgen.sources.docx import unseen, walking
from reportgen.sources.docx.unseen import unseen_in
from reportgen.sources.docx.walking import Walked, walk
from test_docx_tables import NUMBERING, STYLES, W, docx
from word_packages import SPACES, sound

FEW = " ".join(each for each in SPACES.split() if re.match(r"xmlns:(?:w|m|mc|v|wps)=", each))
"""Namespaces for what stands in the cells below, and so few that their XML is short."""

GOLDEN = sorted((Path(__file__).parent / "golden" / "reports").iterdir())
RELEASED = sorted((Path(__file__).parent / "releases").glob("*/outputs/*.docx"))

LOOKS = {
    "White": '<w:rPr><w:color w:val="FFFFFF"/></w:rPr>',
    "Marked": '<w:rPr><w:highlight w:val="black"/></w:rPr>',
    "Tiny": '<w:rPr><w:sz w:val="2"/></w:rPr>',
    "Flat": '<w:pPr><w:spacing w:line="20" w:lineRule="exact"/></w:pPr>',
    "Away": '<w:pPr><w:ind w:left="20000"/></w:pPr>',
    "Listed": '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>',
    "Below": '<w:basedOn w:val="White"/>',
}
"""Styles whose paragraphs are not seen, or stand in a list."""

MORE_STYLES = STYLES + "".join(
    f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{name}"/>{look}</w:style>'
    for name, look in LOOKS.items()
)


def field(kind: str) -> str:
    """A mark of a field."""
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


RUNS = (
    "<w:r><w:t>12</w:t></w:r>",
    '<w:r><w:t xml:space="preserve"> 自然人 </w:t></w:r>',
    "<w:r><w:t>上</w:t><w:br/><w:t>下</w:t><w:tab/></w:r>",
    "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r>",
    '<w:r><w:rPr><w:b/><w:color w:val="FFFFFF"/></w:rPr><w:t>白</w:t></w:r>',
    "<w:r><w:t>前<!-- 注 -->后</w:t></w:r>",
    "<w:ins><w:r><w:t>加</w:t></w:r></w:ins><w:del><w:r><w:delText>减</w:delText></w:r></w:del>",
    "<w:hyperlink><w:r><w:t>链</w:t></w:r></w:hyperlink>",
    "<w:r><w:ruby><w:rt><w:r><w:t>yin</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>音</w:t></w:r></w:rubyBase></w:ruby></w:r>",
    '<w:r><w:sym w:font="Wingdings" w:char="F081"/></w:r>',
    '<w:r><w:footnoteReference w:id="9"/></w:r>',
    "<w:r><w:pict><v:shape><w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p></w:txbxContent></v:shape></w:pict></w:r>",
    '<w:r><w:pict><v:textpath string="艺术"/></w:pict></w:r>',
    "<w:r><w:t>字\u200e符</w:t></w:r>",
    "<m:oMath><m:r><m:t>x</m:t></m:r></m:oMath>",
    '<mc:AlternateContent><mc:Choice Requires="wps"><w:r><w:t>新</w:t></w:r></mc:Choice>'
    "<mc:Fallback><w:r><w:t>旧</w:t></w:r></mc:Fallback></mc:AlternateContent>",
    field("begin") + "<w:r><w:instrText>PAGE</w:instrText></w:r>",
    field("separate"),
    field("end"),
    '<w:fldSimple w:instr="DDE x"><w:r><w:t>0</w:t></w:r></w:fldSimple>',
    f"<w:r><w:t>{'长' * 301}</w:t></w:r>",
    f"<w:r><w:t>{'x' * 301}</w:t></w:r>",
    "",
)
PROPERTIES = (
    "",
    "<w:pPr/>",
    '<w:pPr><w:jc w:val="center"/></w:pPr>',
    '<w:pPr><w:ind w:left="20000"/></w:pPr>',
    '<w:pPr><w:pStyle w:val="T"/><w:ind w:left="20000"/></w:pPr>',
    "<w:pPr><w:rPr><w:b/></w:rPr></w:pPr>",
    '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>',
    '<w:pPr><w:pStyle w:val="I"/></w:pPr>',
    *(f'<w:pPr><w:pStyle w:val="{name}"/></w:pPr>' for name in LOOKS),
)
SHAPES = (
    "",
    "<w:tcPr/>",
    '<w:tcPr><w:gridSpan w:val="2"/></w:tcPr>',
    '<w:tcPr><w:vMerge w:val="restart"/></w:tcPr>',
    "<w:tcPr><w:vMerge/></w:tcPr>",
    "<w:tcPr><w:hMerge/></w:tcPr>",
    '<w:tcPr><w:shd w:val="clear" w:fill="000000"/></w:tcPr>',
)
AROUND = ("{}", "<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>", "<w:ins>{}</w:ins>", "{}<w:altChunk/>")
ROOMS = (
    "",
    '<w:trPr><w:trHeight w:val="20" w:hRule="exact"/></w:trPr>',
    '<w:trPr><w:gridBefore w:val="1"/></w:trPr>',
)

paragraphs = st.builds(
    lambda properties, runs: f"<w:p>{properties}{''.join(runs)}</w:p>",
    st.sampled_from(PROPERTIES),
    st.lists(st.sampled_from(RUNS), max_size=2),
)
cells: st.SearchStrategy[str] = st.deferred(
    lambda: st.builds(
        lambda shape, around, parts: f"<w:tc>{shape}{around.format(''.join(parts))}</w:tc>",
        st.sampled_from(SHAPES),
        st.sampled_from((AROUND[0],) * 6 + AROUND),
        st.lists(st.one_of(paragraphs, paragraphs, paragraphs, tables), min_size=1, max_size=2),
    )
)
tables: st.SearchStrategy[str] = st.deferred(
    lambda: st.lists(
        st.builds(
            lambda room, row: f"<w:tr>{room}{''.join(row)}</w:tr>",
            st.sampled_from((ROOMS[0],) * 6 + ROOMS),
            st.lists(cells, max_size=4),
        ),
        max_size=3,
    ).map(lambda rows: f"<w:tbl>{''.join(rows)}</w:tbl>")
)
bodies = st.lists(st.one_of(tables, tables, paragraphs), max_size=4).map("".join)


def package(body: str) -> bytes:
    """A package with lists and odd styles around a body."""
    return docx(
        "",
        document=f"<w:document {FEW}><w:body>{body}</w:body></w:document>".encode(),
        styles=f'<w:styles xmlns:w="{W}">{MORE_STYLES}</w:styles>'.encode(),
        numbering=f'<w:numbering xmlns:w="{W}">{NUMBERING}</w:numbering>'.encode(),
    )


@contextmanager
def the_long_way() -> Iterator[None]:
    """No cell counts as plain, and every paragraph is looked at."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(walking, "_SHORT", -1)
        patch.setattr(unseen._Judge, "sees_all", lambda *_: False)
        walking._walked.cache_clear()
        yield
    walking._walked.cache_clear()


Said = tuple[object, ...]


def said_of(walked: Walked) -> Said:
    """All that a walk says, with elements by their paths."""
    tree = walked.package.document.getroottree()
    places = [
        [(place, tree.getpath(each)) for place, each in found] for found in (walked.placed, walked.tables)
    ]
    rest = (walked.document, walked.body, walked.sides, walked.findings, walked.grave, walked.shown)
    return (*places, *rest, *unseen_in(walked))


def assert_same(content: bytes) -> Said:
    """The short way gives what the long way gives; which comes back."""
    walking._walked.cache_clear()
    short = said_of(walk(content, "年报.docx"))
    with the_long_way():
        assert short == said_of(walk(content, "年报.docx"))
    return short


@pytest.mark.parametrize("folder", GOLDEN, ids=lambda folder: folder.name)
def test_frozen_reports_are_read_the_same(folder: Path) -> None:
    draft = folder.name.startswith("draft")
    outcome = outcome_of((folder / "report.yaml").read_text("utf-8"), "docx", draft=draft)
    assert_same(outcome.files["docx"])


@pytest.mark.parametrize("file", RELEASED, ids=lambda file: file.parts[-3])
def test_files_of_older_releases_are_read_the_same(file: Path) -> None:
    assert_same(file.read_bytes())


@settings(max_examples=150)
@given(bodies)
def test_whatever_stands_in_a_table_is_read_the_same(body: str) -> None:
    assert_same(package(body))


@pytest.mark.parametrize("run", RUNS)
def test_each_thing_in_a_cell_is_read_the_same(run: str) -> None:
    cell = f"<w:tc><w:p><w:r><w:t>1</w:t></w:r></w:p></w:tc><w:tc><w:p>{run}</w:p></w:tc>"
    for around in ("{0}", field("begin") + "{0}", field("begin") + field("separate") + "{0}"):
        paragraph = around.format("").join(("<w:p>", "</w:p>"))
        assert_same(package(f"{paragraph}<w:tbl><w:tr>{cell}</w:tr><w:tr>{cell}</w:tr></w:tbl>"))


@pytest.mark.parametrize(
    ("room", "shape", "around", "properties"),
    [
        *((room, "", "{}", "") for room in ROOMS),
        *(("", shape, "{}", "") for shape in SHAPES),
        *(("", "", around, "") for around in AROUND),
        *(("", "", "{}", properties) for properties in PROPERTIES),
    ],
)
def test_each_look_of_a_cell_is_read_the_same(room: str, shape: str, around: str, properties: str) -> None:
    paragraph = f"<w:p>{properties}<w:r><w:t>12</w:t></w:r></w:p>"
    row = f"<w:tr>{room}{f'<w:tc>{shape}{around.format(paragraph)}</w:tc>' * 3}</w:tr>"
    assert_same(package(f"<w:tbl>{row * 2}</w:tbl>{paragraph}"))


@pytest.mark.parametrize("name", LOOKS)
def test_a_style_in_which_nothing_is_seen_is_told_of_each_paragraph(name: str) -> None:
    paragraph = f'<w:p><w:pPr><w:pStyle w:val="{name}"/></w:pPr><w:r><w:t>内部掌握的话。</w:t></w:r></w:p>'
    found = [each for each in assert_same(package(paragraph * 2)) if isinstance(each, Finding)]
    assert [each.code for each in found] == ([] if name == "Listed" else ["K15"] * 2)


def test_most_cells_of_a_report_are_plain() -> None:
    walked = walk(sound(), "年报.docx")
    found = [walking._plain(cell) is not None for cell in walked.package.document.iter("{*}tc")]
    assert sum(found) > 0.9 * len(found) > 100


def test_a_plain_cell_of_one_file_says_nothing_of_another() -> None:
    cell = "<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
    for other in ("乙", "丙"):
        body = f"<w:tbl><w:tr>{cell.format('甲')}{cell.format(other)}</w:tr></w:tbl>"
        (table,) = walk(package(body), f"{other}.docx").body
        assert isinstance(table, FoundTable)
        assert [(each.text, each.place.file) for each in table.rows[0]] == [
            ("甲", f"{other}.docx"),
            (other, f"{other}.docx"),
        ]
