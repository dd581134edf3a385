"""Only known things go on: parts, types, relationships and fields of a Word file."""

import io
import struct
import zipfile

import docx
import pytest
from PIL import Image

from made import gathered
from reportgen.makers.pdf_libreoffice.convert import convert
from reportgen.pipeline import Material, run
from reportgen.problems import ToolFailed
from reportgen.safe.package import contents_of, strange_in, with_plain_names
from reportgen.safe.unpacking import dots_of
from word_packages import (
    LINKS,
    MAIN,
    OFFICE,
    TYPES,
    WORD_TYPE,
    edited,
    errors_in,
    findings_in,
    linked,
    packed,
    parts_of,
    sound,
    with_block,
)

PICTURE = (
    '<w:p><w:r><w:drawing><wp:inline><wp:extent cx="90000" cy="90000"/><a:graphic><a:graphicData>'
    '<a:blip r:embed="rMore"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>'
)


def png() -> bytes:
    """A small picture."""
    held = io.BytesIO()
    Image.new("RGB", (8, 8), "navy").save(held, "PNG")
    return held.getvalue()


def strange(content: bytes) -> list[str]:
    """What a package holds beyond an ordinary one."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [each.what for each in strange_in(contents_of(archive))]


def of_type(content: bytes, ending: str, kind: str) -> bytes:
    """A package with a default type for an ending."""
    parts = parts_of(content)
    entry = f'<Default Extension="{ending}" ContentType="{kind}"/></Types>'
    return packed(parts | {TYPES: parts[TYPES].decode().replace("</Types>", entry).encode()})


# ── what fetches or runs something: no report, no PDF ────────────────────────────────────────────────

OUTSIDE = {
    "a picture from an address": ("image", "http://127.0.0.1:9/a.png"),
    "a picture from a share": ("image", "\\\\server\\a.png"),
    "a local picture": ("image", "file:///etc/a.png"),
    "an object": ("oleObject", "http://127.0.0.1:9/a.bin"),
    "a template": ("attachedTemplate", "file:///C:/Normal.dotm"),
    "a sub-document": ("subDocument", "b.docx"),
    "a frame": ("frame", "http://127.0.0.1:9/"),
    "fonts": ("font", "http://127.0.0.1:9/a.odttf"),
    "a link to a file": ("hyperlink", "file:///C:/a.exe"),
    "a link that runs": ("hyperlink", "javascript:alert(1)"),
    "a link of another kind": ("hyperlink", "ms-word:ofe|u|http://127.0.0.1:9/"),
}


@pytest.mark.parametrize(("kind", "target"), OUTSIDE.values(), ids=OUTSIDE)
def test_what_is_fetched_from_outside_is_named_and_nothing_is_made(kind: str, target: str) -> None:
    content = linked(sound(), kind, target, outside=True)
    assert set(errors_in(content)) == {"R27"}
    outcome = run(Material("a.docx", content), gathered(), ("pdf",), draft=True)
    assert outcome.report is None and not outcome.files
    with pytest.raises(ToolFailed, match="不该有"):
        convert(content)


def test_an_address_without_its_mode_is_outside_all_the_same() -> None:
    assert errors_in(linked(sound(), "image", "http://127.0.0.1:9/a.png")) == ["R27"]


@pytest.mark.parametrize("target", ["http://www.example.gov.cn/a", "https://example.gov.cn", "mailto:a@b.cn"])
def test_links_to_pages_and_mail_stay(target: str) -> None:
    assert errors_in(linked(sound(), "hyperlink", target, outside=True)) == []


INSIDE = {
    "macros": ("vbaProject", "vbaProject.bin", "application/vnd.ms-office.vbaProject", "R26"),
    "macros by another name": ("vbaProject", "x.bin", "application/vnd.ms-office.vbaProject", "R26"),
    "key bindings": (
        "keyMapCustomizations",
        "c.xml",
        "application/vnd.ms-word.keyMapCustomizations+xml",
        "R26",
    ),
    "an object": ("oleObject", "embeddings/o.bin", f"{OFFICE}.oleObject", "R28"),
    "a workbook": ("package", "embeddings/b.xlsx", "application/vnd.ms-excel", "R28"),
    "a control": ("control", "activeX/a.xml", "application/vnd.ms-office.activeX+xml", "R28"),
    "another document": ("aFChunk", "a.html", "text/html", "R30"),
    "a chart": (
        "chart",
        "charts/c.xml",
        "application/vnd.openxmlformats-officedocument.drawingml.chart+xml",
        "R30",
    ),
    "what nobody knows": ("invention", "new.xml", "application/xml", "R29"),
}


@pytest.mark.parametrize(("kind", "name", "content_type", "code"), INSIDE.values(), ids=INSIDE)
def test_a_part_that_no_report_has_is_named(kind: str, name: str, content_type: str, code: str) -> None:
    content = linked(edited({}, **{f"word/{name}": b"<x/>"}), kind, name, content_type)
    assert set(errors_in(content)) == {code}
    if code != "R30":
        with pytest.raises(ToolFailed, match="不该有"):
            convert(content)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("word/vbaproject.BIN", "R26"),
        ("word/VBADATA.xml", "R26"),
        ("vbaProject.bin", "R26"),
        ("word/ActiveX/activeX1.bin", "R28"),
        ("word/embeddings/oleObject1.bin", "R28"),
        ("word/odd.xml", "R29"),
        ("__MACOSX/word/._document.xml", "R29"),
    ],
)
def test_a_part_that_nothing_refers_to_is_named(name: str, code: str) -> None:
    assert errors_in(edited({}, **{name: b"<x/>"})) == [code]


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("application/vnd.ms-word.document.macroEnabled.main+xml", "R26"),
        ("application/vnd.ms-word.template.macroEnabledTemplate.main+xml", "R26"),
        (f"{WORD_TYPE}.template.main+xml", "R29"),
        ("text/plain", "R30"),
    ],
)
def test_a_text_of_another_type_is_named(kind: str, code: str) -> None:
    assert errors_in(edited({TYPES: (f"{WORD_TYPE}.document.main+xml", kind)})) == [code]


def test_a_name_that_stands_twice_is_named() -> None:
    held = io.BytesIO(sound())
    with zipfile.ZipFile(held, "a") as package, pytest.warns(UserWarning, match="Duplicate"):
        package.writestr(MAIN, b"<x/>")
    assert "R29" in errors_in(held.getvalue()) or "R20" in errors_in(held.getvalue())
    assert "R29" in errors_in(edited({}, **{"WORD/document.xml": b"<x/>"}))


FIELDS = {
    'DDEAUTO c:\\\\a "/k"': "R27",
    "dde excel a b": "R27",
    'INCLUDETEXT "http://127.0.0.1:9/a"': "R27",
    ' INCLUDEPICTURE "file:///etc/a.png" \\d': "R27",
    "LINK Excel.Sheet a": "R27",
    "MACROBUTTON run x": "R26",
    "EMBED Package": "R28",
    'HYPERLINK "file:///C:/a.exe"': "R27",
    'HYPERLINK \\n \\o "tip" a.exe': "R27",
    "HYPERLINK \\\\\\\\server\\\\a.docx": "R27",
    "HYPERLINK \\\\server\\a.docx": "R27",
}


@pytest.mark.parametrize(("instruction", "code"), FIELDS.items())
@pytest.mark.parametrize("simple", [True, False])
def test_a_field_that_fetches_or_runs_is_named(instruction: str, code: str, simple: bool) -> None:
    quoted = instruction.replace('"', "&quot;")
    half = len(quoted) // 2
    while "&" in quoted[half - 6 : half]:
        half += 1
    complex_field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve">{quoted[:half]}</w:instrText></w:r>'
        f'<w:r><w:instrText xml:space="preserve">{quoted[half:]}</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>x</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    field = f'<w:fldSimple w:instr="{quoted}"><w:r><w:t>x</w:t></w:r></w:fldSimple>'
    content = with_block(f"<w:p>{field if simple else complex_field}</w:p>")
    assert errors_in(content) == [code]
    footer = f"{field if simple else complex_field}</w:p>"
    assert errors_in(edited({"word/footer1.xml": ("</w:p>", footer)})) == [code]


@pytest.mark.parametrize(
    "instruction",
    [
        'HYPERLINK "http://example.gov.cn" \\o "提示"',
        'HYPERLINK \\l "_x"',
        "PAGEREF x \\h",
        "TOC \\o 1-3",
        "=SUM(ABOVE)",
    ],
)
def test_a_field_that_shows_its_result_is_no_fault(instruction: str) -> None:
    quoted = instruction.replace('"', "&quot;")
    assert (
        errors_in(
            with_block(
                f'<w:p><w:fldSimple w:instr="{quoted}"><w:r><w:t>见附件</w:t></w:r></w:fldSimple></w:p>'
            )
        )
        == []
    )


BEGUN = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:{0}>INCLUDEPICTURE "http://127.0.0.1:9/a"</w:{0}></w:r>'
FETCHING = BEGUN + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
OLD = '<w:r><w:pict><v:rect style="width:9pt;height:9pt">{}</v:rect></w:pict></w:r>'
NOBODY_SEES = {
    "a deleted field": f'<w:del w:id="1" w:author="a">{FETCHING.format("delInstrText")}</w:del>',
    "a field in a branch for old programs": '<mc:AlternateContent><mc:Choice Requires="wps"/><mc:Fallback>'
    f"{FETCHING.format('instrText')}</mc:Fallback></mc:AlternateContent>",
    "a field in an empty text box": OLD.format(
        f"<v:textbox><w:txbxContent><w:p>{FETCHING.format('instrText')}</w:p></w:txbxContent></v:textbox>"
    ),
    "the address of an old picture": OLD.format('<v:imagedata src="http://127.0.0.1:9/a.png"/>'),
    "the other address of an old picture": OLD.format('<v:imagedata o:href="file:///etc/a.png"/>'),
    "the address of a filling": OLD.format('<v:fill src="//server/a.png" type="frame"/>'),
    "where an old shape leads": OLD.replace("<v:rect", '<v:rect href="file:///C:/a.exe"').format(""),
}


@pytest.mark.parametrize("words", NOBODY_SEES.values(), ids=NOBODY_SEES)
def test_what_would_be_fetched_where_nobody_looks_is_named_and_nothing_is_made(words: str) -> None:
    content = with_block(f"<w:p>{words}</w:p>")
    assert errors_in(content) == ["R27"]
    outcome = run(Material("a.docx", content), gathered(), ("pdf",), draft=True)
    assert outcome.report is None and not outcome.files


def test_an_old_shape_may_lead_to_a_page() -> None:
    shape = OLD.replace("<v:rect", '<v:rect href="http://www.example.gov.cn/"').format(
        '<v:fill color="#fff"/>'
    )
    assert errors_in(with_block(f"<w:p>{shape}</w:p>")) == []


def test_letters_to_many_have_a_source_that_is_not_in_the_file() -> None:
    merging = '<w:mailMerge><w:query w:val="SELECT * FROM x"/></w:mailMerge></w:settings>'
    assert errors_in(edited({"word/settings.xml": ("</w:settings>", merging)})) == ["R27"]


@pytest.mark.parametrize("name", ["vbaProject", "package", "invention"])
def test_a_part_and_what_leads_to_it_are_one_cause(name: str) -> None:
    for part in ("embeddings/b.xlsx", "vbaProject.bin"):
        content = linked(edited({}, **{f"word/{part}": b"x"}), name, part, "application/vnd.ms-excel")
        assert len(findings_in(content)) == 1


CONTROL = '<w:p><w:r><w:object><w:control r:id="rMore" w:name="x"/></w:object></w:r></w:p>'
OBJECT = (
    '<w:p><w:r><w:object><o:OLEObject Type="{}" ProgID="Excel.Sheet" r:id="rMore"/></w:object></w:r></w:p>'
)


def test_a_control_with_its_parts_is_one_finding_at_its_paragraph() -> None:
    parts = {"word/activeX/activeX1.xml": b"<x/>", "word/activeX/activeX1.bin": b"x"}
    (finding,) = findings_in(linked(with_block(CONTROL, **parts), "control", "activeX/activeX1.xml"))
    assert finding.code == "R28" and "ActiveX 控件" in finding.message and finding.places[0].line


def test_an_object_with_its_part_is_one_finding_at_its_paragraph() -> None:
    content = with_block(OBJECT.format("Embed"), **{"word/embeddings/o.bin": b"x"})
    (finding,) = findings_in(linked(content, "oleObject", "embeddings/o.bin"))
    assert finding.code == "R28" and finding.places[0].line


def test_an_object_that_is_linked_is_one_finding_at_its_paragraph() -> None:
    content = with_block(OBJECT.format("Link"))
    (finding,) = findings_in(linked(content, "oleObject", "http://127.0.0.1:9/o.bin", outside=True))
    assert finding.code == "R27" and "对象（OLE）" in finding.message and finding.places[0].line


@pytest.mark.parametrize(("ending", "kind"), [("svg", "svg+xml"), ("webp", "webp"), ("heic", "x-heic")])
def test_a_picture_of_a_kind_that_is_not_printed_everywhere_is_told_with_what_to_do(
    ending: str, kind: str
) -> None:
    content = with_block(PICTURE, **{f"word/media/a.{ending}": b"<svg/>"})
    content = of_type(linked(content, "image", f"media/a.{ending}"), ending, f"image/{kind}")
    (finding,) = [each for each in findings_in(content) if each.is_error]
    assert finding.code == "R29" and f"{ending.upper()} 格式的图片" in finding.message
    assert "PNG" in finding.fix and "另存为 .docx" not in finding.fix


# ── what ordinary programs write ─────────────────────────────────────────────────────────────────────


def test_the_ordinary_parts_of_word_are_known() -> None:
    content = with_block(PICTURE, **{"word/media/image1.png": png()})
    content = of_type(linked(content, "image", "media/image1.png"), "png", "image/png")
    assert errors_in(content) == []
    for kind, name, of in (
        ("theme", "theme/theme1.xml", "application/vnd.openxmlformats-officedocument.theme+xml"),
        ("webSettings", "webSettings.xml", f"{WORD_TYPE}.webSettings+xml"),
        ("customXml", "item1.xml", "application/xml"),
        ("people", "people.xml", f"{WORD_TYPE}.people+xml"),
        ("glossaryDocument", "glossary/document.xml", f"{WORD_TYPE}.document.glossary+xml"),
    ):
        assert strange(linked(edited({}, **{f"word/{name}": b"<x/>"}), kind, name, of)) == []


def tiff(order: str, side: int) -> bytes:
    """A TIFF of two tags, its directory behind two megabytes."""
    far = 2 << 20
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}I", far)
    tags = struct.pack(f"{order}HHHIHHHHII", 2, 256, 3, 1, side, 0, 257, 4, 1, side)
    return head.ljust(far, b"\0") + tags


def test_a_picture_that_unpacks_into_too_many_dots_is_refused() -> None:
    heads = {
        "png": png()[:16] + struct.pack(">II", 30_000, 30_000) + png()[24:],
        "gif": b"GIF89a" + struct.pack("<HH", 60_000, 60_000),
        "bmp": b"BM" + bytes(16) + struct.pack("<ii", 30_000, -30_000),
        "tiff": tiff("<", 30_000),
        "tif": tiff(">", 30_000),
        "emf": b"\1\0\0\0" + bytes(20) + struct.pack("<iiii", 0, 0, 900_000, 900_000) + b" EMF",
        "wmf": b"\xd7\xcd\xc6\x9a\0\0" + struct.pack("<hhhhH", 0, 0, 30_000, 30_000, 96),
        "jpg": b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08" + struct.pack(">HH", 30_000, 30_000),
    }
    for ending, picture in heads.items():
        content = edited({}, **{f"word/media/image1.{ending}": picture})
        assert errors_in(content) == ["R22"]
        with pytest.raises(ToolFailed, match="过大"):
            convert(content)
    assert (dots_of(tiff("<", 90)), dots_of(tiff(">", 90))) == (8100, 8100)
    assert dots_of(b"\xd7\xcd\xc6\x9a\0\0" + struct.pack("<hhhhH", 0, 0, 11_906, 16_838, 1440)) < 9_000_000
    assert [dots_of(each) for each in (png(), b"", b"GIF8", b"\xff\xd8", b"text")] == [64, 0, 0, 0, 0]


def test_what_python_docx_writes_is_known() -> None:
    held = io.BytesIO()
    docx.Document().save(held)
    assert "docProps/thumbnail.jpeg" in parts_of(held.getvalue())
    assert strange(held.getvalue()) == []


# ── where the text is found ──────────────────────────────────────────────────────────────────────────


def renamed() -> bytes:
    """The sound file with its text in another part."""
    parts = parts_of(sound())
    parts["word/document2.xml"] = parts.pop(MAIN)
    parts["word/_rels/document2.xml.rels"] = parts.pop(LINKS)
    for name in (TYPES, "_rels/.rels"):
        parts[name] = parts[name].replace(b"word/document.xml", b"word/document2.xml")
    return packed(parts)


def with_backslashes() -> bytes:
    """The sound file as a program of another system names its parts."""
    parts = {name.replace("/", "\\"): part for name, part in parts_of(sound()).items()}
    return packed(parts)


def elsewhere() -> bytes:
    """The sound file with absolute targets, and its styles and numbers in other parts."""
    parts = parts_of(sound())
    for old, new in (("styles", "looks"), ("numbering", "lists")):
        parts[f"word/{new}.xml"] = parts.pop(f"word/{old}.xml")
        parts[LINKS] = parts[LINKS].replace(f'"{old}.xml'.encode(), f'"/word/{new}.xml'.encode())
        parts[TYPES] = parts[TYPES].replace(f"/word/{old}.xml".encode(), f"/word/{new}.xml".encode())
    return packed(parts)


@pytest.mark.parametrize("make", [renamed, with_backslashes, elsewhere])
def test_parts_are_found_by_their_relationships(make: object) -> None:
    content = make()  # type: ignore[operator]
    assert [each.code for each in findings_in(content)] == [each.code for each in findings_in(sound())]


@pytest.mark.office
@pytest.mark.parametrize("make", [renamed, with_backslashes])
def test_a_pdf_is_made_of_them(make: object) -> None:
    outcome = run(Material("a.docx", make()), gathered(), ("pdf",))  # type: ignore[operator]
    assert "pdf" in outcome.files, (outcome.findings, outcome.failures)


def test_plain_names_are_left_alone() -> None:
    assert with_plain_names(sound()) is sound()
    assert set(parts_of(with_plain_names(with_backslashes()))) == set(parts_of(sound()))


def test_a_list_with_a_dtd_is_refused() -> None:
    bomb = b'<!DOCTYPE d [<!ENTITY a "b">]><Types>&a;</Types>'
    assert errors_in(packed(parts_of(sound()) | {TYPES: bomb})) == ["R23"]
