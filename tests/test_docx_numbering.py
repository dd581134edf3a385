"""Automatic numbers are read as Word prints them, wherever they are said."""

import re
from collections.abc import Iterable

import pytest

from reportgen.sources.docx.numbering import written
from reportgen.sources.docx.walking import walk
from test_docx_tables import W, docx
from word_packages import edited, errors_in, findings_in, packed, parts_of, sound

STYLES, NUMBERING, MAIN = "word/styles.xml", "word/numbering.xml", "word/document.xml"


def level(depth: int, kind: str, pattern: str, more: str = "") -> str:
    """A level of a list."""
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/>{more}'
        f'<w:lvlText w:val="{pattern}"/></w:lvl>'
    )


def numbered(numbering: str, paragraphs: Iterable[tuple[str, str]], styles: str = "") -> list[str]:
    """The words of paragraphs (text, properties) under this numbering."""
    body = "".join(f"<w:p><w:pPr>{pr}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>" for text, pr in paragraphs)
    parts = {
        "numbering": f'<w:numbering xmlns:w="{W}">{numbering}</w:numbering>'.encode(),
        "styles": f'<w:styles xmlns:w="{W}">{styles}</w:styles>'.encode(),
    }
    document = walk(docx(body, **parts), "a.docx").document
    return [part.text for part in document if hasattr(part, "text")]


def of(key: int, depth: int = 0) -> str:
    """The properties of a paragraph of a list."""
    return f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{key}"/></w:numPr>'


def abstract(key: int, *levels: str) -> str:
    return f'<w:abstractNum w:abstractNumId="{key}">{"".join(levels)}</w:abstractNum>'


def num(key: int, root: int, more: str = "") -> str:
    return f'<w:num w:numId="{key}"><w:abstractNumId w:val="{root}"/>{more}</w:num>'


ONE = abstract(7, level(0, "chineseCounting", "%1、"), level(1, "decimal", "（%1.%2）"))


def test_lists_of_one_definition_count_on_unless_they_start_anew() -> None:
    again = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
    lists = ONE + num(1, 7) + num(2, 7) + num(3, 7, again)
    found = numbered(lists, [("甲", of(1)), ("乙", of(2)), ("丙", of(3)), ("丁", of(3)), ("戊", of(1))])
    assert found == ["一、甲", "二、乙", "五、丙", "六、丁", "七、戊"]


def test_a_level_may_be_another_for_one_list() -> None:
    other = f'<w:lvlOverride w:ilvl="0">{level(0, "upperRoman", "%1.")}</w:lvlOverride>'
    assert numbered(ONE + num(1, 7, other), [("甲", of(1)), ("乙", of(1))]) == ["I.甲", "II.乙"]


def test_deeper_levels_start_again_unless_they_say_otherwise() -> None:
    on = abstract(7, level(0, "decimal", "%1."), level(1, "decimal", "%2)", '<w:lvlRestart w:val="0"/>'))
    paragraphs = [("甲", of(1)), ("子", of(1, 1)), ("乙", of(1)), ("丑", of(1, 1))]
    assert numbered(on + num(1, 7), paragraphs) == ["1.甲", "1)子", "2.乙", "2)丑"]
    assert numbered(ONE + num(1, 7), paragraphs) == ["一、甲", "（一.1）子", "二、乙", "（二.1）丑"]


def test_a_list_may_be_that_of_a_list_style() -> None:
    link = abstract(8, '<w:numStyleLink w:val="L"/>') + abstract(
        7, '<w:styleLink w:val="L"/>', level(0, "decimal", "%1.")
    )
    style = (
        '<w:style w:type="numbering" w:styleId="L"><w:name w:val="l"/><w:pPr><w:numPr><w:numId w:val="2"/>'
        "</w:numPr></w:pPr></w:style>"
    )
    assert numbered(link + num(1, 8) + num(2, 7), [("甲", of(1)), ("乙", of(2))], style) == ["1.甲", "2.乙"]


def style(key: str, numbers: str, base: str = "") -> str:
    based = f'<w:basedOn w:val="{base}"/>' if base else ""
    return (
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{key}"/>{based}'
        f"<w:pPr>{numbers}</w:pPr></w:style>"
    )


def test_numbers_come_from_styles_and_what_they_are_based_on() -> None:
    lists = abstract(
        7,
        level(0, "decimal", "%1.", '<w:pStyle w:val="A"/>'),
        level(1, "decimal", "%1.%2", '<w:pStyle w:val="B"/>'),
    )
    styles = style("A", '<w:numPr><w:numId w:val="1"/></w:numPr>') + style("A2", "", "A")
    styles += style("B", '<w:numPr><w:numId w:val="1"/></w:numPr>') + style(
        "N", '<w:numPr><w:numId w:val="0"/></w:numPr>', "A"
    )
    paragraphs = [(each, f'<w:pStyle w:val="{each}"/>') for each in ("A", "A2", "B", "N")]
    off = ("off", '<w:pStyle w:val="A"/><w:numPr><w:numId w:val="0"/></w:numPr>')
    assert numbered(lists + num(1, 7), [*paragraphs, off], styles) == ["1.A", "2.A2", "2.1B", "N", "off"]


def test_all_numbers_of_a_legal_level_are_arabic() -> None:
    lists = abstract(7, level(0, "upperRoman", "%1."), level(1, "decimal", "%1.%2", "<w:isLgl/>"))
    assert numbered(lists + num(1, 7), [("甲", of(1)), ("子", of(1, 1))]) == ["I.甲", "1.1子"]


FORMATS = {
    "decimal": "1 2 10 12 21",
    "decimalZero": "01 02 10 12 21",
    "upperRoman": "I II X XII XXI",
    "lowerRoman": "i ii x xii xxi",
    "upperLetter": "A B J L U",
    "lowerLetter": "a b j l u",
    "chineseCounting": "一 二 十 十二 二十一",
    "chineseCountingThousand": "一 二 十 十二 二十一",
    "japaneseCounting": "一 二 十 十二 二十一",
    "taiwaneseCountingThousand": "一 二 十 十二 二十一",
    "chineseLegalSimplified": "壹 贰 壹拾 壹拾贰 贰拾壹",
    "ideographDigital": "一 二 一〇 一二 二一",
    "japaneseDigitalTenThousand": "一 二 一〇 一二 二一",
    "decimalFullWidth": "１ ２ １０ １２ ２１",
    "decimalEnclosedCircle": "① ② ⑩ ⑫ -",
    "decimalEnclosedCircleChinese": "① ② ⑩ ⑫ -",
    "decimalEnclosedParen": "⑴ ⑵ ⑽ ⑿ -",
    "decimalEnclosedFullstop": "⒈ ⒉ ⒑ ⒓ -",
    "ideographEnclosedCircle": "㊀ ㊁ ㊉ - -",
    "ideographTraditional": "甲 乙 癸 - -",
    "ideographZodiac": "子 丑 酉 亥 -",
    "ideographZodiacTraditional": "甲子 乙丑 癸酉 乙亥 甲申",
    "hebrew1": "- - - - -",
}


@pytest.mark.parametrize(("kind", "expected"), FORMATS.items())
def test_numbers_are_written_in_every_format(kind: str, expected: str) -> None:
    assert " ".join(written(number, kind) or "-" for number in (1, 2, 10, 12, 21)) == expected


def test_a_number_beyond_hundred_is_written_in_chinese() -> None:
    assert [written(each, "chineseCounting") for each in (100, 101, 110, 2023)] == [
        "一百", "一百零一", "一百一十", "二千零二十三",
    ]  # fmt: skip


# ── in a report ──────────────────────────────────────────────────────────────────────────────────────


def from_style(typed: bool, kind: str = "chineseCountingThousand", pattern: str = "%1、") -> bytes:
    """The sound file with the chapters' numbers from their style, typed too or not."""
    parts = parts_of(sound())
    numbering = parts[NUMBERING].decode()
    first = numbering.index("<w:abstractNum ")
    parts[NUMBERING] = (
        numbering[:first]
        + abstract(77, level(0, kind, pattern))
        + numbering[first:].replace("</w:numbering>", f"{num(77, 77)}</w:numbering>")
    ).encode()
    numbers = '<w:pPr><w:numPr><w:numId w:val="77"/></w:numPr>'
    parts[STYLES] = re.sub(
        r'(w:styleId="Heading1".*?)<w:pPr>', lambda match: match[1] + numbers, parts[STYLES].decode(), count=1
    ).encode()
    if not typed:
        heading = r'(<w:pStyle w:val="Heading1[A-Za-z]*"/>(?:(?!</w:p>).)*?<w:t[^>]*>)[一二三四五六]、'
        parts[MAIN] = re.sub(heading, r"\1", parts[MAIN].decode()).encode()
    return packed(parts)


def test_headings_numbered_by_their_style_are_as_if_typed() -> None:
    assert [each.code for each in findings_in(from_style(typed=False))] == [
        each.code for each in findings_in(sound())
    ]


def test_a_number_typed_and_automatic_is_told_once_with_all_places() -> None:
    [finding] = [each for each in findings_in(from_style(typed=True)) if each.is_error]
    assert finding.code == "R31" and len(finding.places) == 6 and "一、一、" in finding.message


@pytest.mark.parametrize(
    ("kind", "pattern"), [("upperRoman", "%1、"), ("decimal", "%1."), ("lowerLetter", "%1)")]
)
def test_headings_numbered_otherwise_are_told_as_printed(kind: str, pattern: str) -> None:
    [found] = [each for each in findings_in(from_style(False, kind, pattern)) if each.is_error]
    assert found.code == "X04" and len(found.places) == 6 and "序号不对" in found.message
    printed = [pattern.replace("%1", written(number, kind) or "-") for number in range(1, 7)]
    assert [number for number in printed if number not in found.found] == []


def test_a_format_that_nobody_knows_is_told() -> None:
    assert "R32" in errors_in(from_style(False, "hebrew1"))


def test_a_sentence_that_begins_with_a_figure_is_no_second_number() -> None:
    lists = abstract(7, level(0, "decimal", "%1.")) + num(1, 7)
    assert numbered(lists, [("2023年收到2件", of(1)), ("3.5万条", of(1))]) == ["1.2023年收到2件", "2.3.5万条"]
    assert errors_in(edited({})) == []
