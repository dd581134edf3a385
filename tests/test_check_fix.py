"""``check --fix`` and its mends as a call: one reading only, nothing lost, the file before is kept."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings

from made import text_of
from reportgen.cli import main
from reportgen.model.nodes import Items, Node, Text
from reportgen.problems import Exit
from reportgen.sources.yaml import Mend, mended_text, read
from test_layout import FORMS
from test_yaml_slips import spoiled

BOTH = tuple(FORMS.values())
SCREEN = pytest.CaptureFixture[str]

SLIPS = """# 说明：自然人：1，不改
机关：甲镇
级别:乡镇政府   # 说明：一：二
年度: ２０２３
申请：
\t本年新收：{自然人：25，商业企业:1,005} # 自然人：2
\u3000上年结转: ｛自然人: 2｝
  结转下年度: {自然人: 3
存在问题：｜
  第一段：一是
### 小标题
 简称: 我局
网站: “http://a.gov.cn”
其他事项: **粗体**无
"""
MENDED = """# 说明：自然人：1，不改
机关: 甲镇
级别: 乡镇政府   # 说明：一：二
年度: 2023
申请:
  本年新收: {自然人: 25, 商业企业: 1005} # 自然人：2
  上年结转: {自然人: 2}
  结转下年度: {自然人: 3}
存在问题: |
  第一段：一是
  ### 小标题
简称: 我局
网站: "http://a.gov.cn"
其他事项: '**粗体**无'
"""


def said(node: Node | None) -> object:
    """What nodes say, wherever it stands."""
    if node is None:
        return None
    if isinstance(node, Text):
        return node.value
    if isinstance(node, Items):
        return [said(each) for each in node.items]
    return [(key.value, said(value)) for key, value in node.entries]


def without_blanks_and_signs(text: str) -> str:
    """What stays whatever is mended."""
    signs = str.maketrans(
        "：，｛｝［］｜０１２３４５６７８９．－",
        ":,{}[]|0123456789.-",
        " \t\u3000\xa0\u2028,，\"'“”‘’＂＇{}｛｝",
    )
    return text.translate(signs)


def test_every_slip_with_one_reading_is_mended_and_all_else_stays() -> None:
    mended = mended_text(SLIPS, BOTH)
    assert mended.text == MENDED
    assert read(mended.text.encode(), "a.yaml", BOTH)[1] == ()
    was, now = SLIPS.split("\n"), MENDED.split("\n")
    assert mended.mends == tuple(
        Mend(number, *pair) for number, pair in enumerate(zip(was, now, strict=True), 1) if pair[0] != pair[1]
    )


@pytest.mark.parametrize(
    "text",
    [
        "电话: 电话: 12\n",
        "主动公开: 全部为零\n  规章: {本年制发件数: 1}\n",
        "主动公开:\n  行政处罚: -\n",
        "主动公开:\n  行政处罚: 12件\n",
        "主动公开:\n  行政處罰: 12\n",
        "其他事项: 在微博 #政务公开# 话题。\n",
        "年度: 2023\n年度: 2022\n",
        "机关: 甲\x07乙\n",
        "机关: '甲镇\n年度：2023\n",
        "总体情况: |\n  ２０２３年：１２件，{三：四}\n",
        "机关: 甲\u2028乙\n",
        "",
        "甲",
    ],
)
def test_what_only_the_clerk_can_say_stays_as_it_is(text: str) -> None:
    assert mended_text(text, BOTH) == (text, ())


def test_a_line_with_two_slips_loses_the_one_that_is_sure() -> None:
    mended = mended_text("主动公开：\n\u3000行政处罚：-\n", BOTH)
    assert mended.text == "主动公开:\n  行政处罚: -\n"


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_line_ends_stay(ends: str) -> None:
    assert mended_text(SLIPS.replace("\n", ends), BOTH).text == MENDED.replace("\n", ends)


@given(spoiled())
@settings(max_examples=400)
def test_mending_changes_no_word_and_no_meaning_and_needs_no_second_time(text: str) -> None:
    mended = mended_text(text, BOTH)
    assert mended_text(mended.text, BOTH) == (mended.text, ())
    before, after = (read(each.encode(), "a.yaml", BOTH)[0] for each in (text, mended.text))
    assert str(said(before)).translate(WIDE) == str(said(after)).translate(WIDE)
    assert without_blanks_and_signs(mended.text) == without_blanks_and_signs(text)
    assert bool(mended.mends) == (mended.text != text)


WIDE = str.maketrans("０１２３４５６７８９．－", "0123456789.-")


# ── the command ──────────────────────────────────────────────────────────────────────────────────────


def kept(folder: Path) -> list[Path]:
    """The files that are kept beside the one that was mended."""
    return sorted(path for path in folder.iterdir() if "备份" in path.name)


def test_the_file_is_mended_the_one_before_kept_and_every_line_listed(tmp_path: Path, capsys: SCREEN) -> None:
    file = tmp_path / "2023.yaml"
    text = text_of().replace("年度: 2023", "年度：2023").replace("申请: 全", "申请:全")
    file.write_text(text, "utf-8")
    assert main(["check", str(file), "--fix"]) == Exit.OK
    assert file.read_text("utf-8") == text_of()
    [backup] = kept(tmp_path)
    assert backup.read_text("utf-8") == text
    told = capsys.readouterr().out
    assert "2 行" in told
    assert backup.name in told
    assert told.index("年度：2023") < told.index("年度: 2023")
    assert "F05" not in told


def test_a_file_that_needs_nothing_is_not_touched(tmp_path: Path, capsys: SCREEN) -> None:
    file = tmp_path / "2023.yaml"
    file.write_text(text_of(), "utf-8")
    before = file.stat()
    assert main(["check", str(file), "--fix"]) == Exit.OK
    assert file.stat().st_mtime_ns == before.st_mtime_ns
    assert file.stat().st_ino == before.st_ino
    assert [path.name for path in tmp_path.iterdir()] == ["2023.yaml"]
    assert "文件没有动" in capsys.readouterr().out


def test_files_kept_in_the_same_second_have_names_of_their_own(tmp_path: Path) -> None:
    file = tmp_path / "2023.yaml"
    texts = [text_of().replace("年度: ", sign) for sign in ("年度：", "年度:", "年度： ")]
    for text in texts:
        file.write_text(text, "utf-8")
        assert main(["check", str(file), "--fix"]) == Exit.OK
    assert sorted(path.read_text("utf-8") for path in kept(tmp_path)) == sorted(texts)


def test_gbk_becomes_utf8_and_that_is_told(tmp_path: Path, capsys: SCREEN) -> None:
    file = tmp_path / "2023.yaml"
    content = text_of().replace("\n", "\r\n").encode("gb18030")
    file.write_bytes(content)
    assert main(["check", str(file), "--fix"]) == Exit.OK
    assert file.read_bytes() == text_of().replace("\n", "\r\n").encode()
    assert [path.read_bytes() for path in kept(tmp_path)] == [content]
    told = capsys.readouterr().out
    assert "GBK" in told
    assert "F02" not in told


@pytest.mark.parametrize("coding", ["utf-8-sig", "utf-16"])
def test_marks_and_line_ends_of_windows_are_kept_as_far_as_utf8_has_them(coding: str, tmp_path: Path) -> None:
    file = tmp_path / "2023.yaml"
    file.write_bytes(text_of().replace("年度: ", "年度：").replace("\n", "\r\n").encode(coding))
    assert main(["check", str(file), "--fix"]) == Exit.OK
    mark = b"\xef\xbb\xbf" if coding == "utf-8-sig" else b""
    assert file.read_bytes() == mark + text_of().replace("\n", "\r\n").encode()


@pytest.mark.parametrize("coding", ["utf-8", "gb18030", "utf-16"])
def test_signs_that_nobody_sees_are_taken_out_and_their_lines_told(
    coding: str, tmp_path: Path, capsys: SCREEN
) -> None:
    file = tmp_path / "2023.yaml"
    marked = (
        text_of()
        .replace("机关: 甲县乙镇", "机关: 甲县\u200b乙镇")
        .replace("年度: 2023", "年\u200d度：20\ufeff23")
    )
    file.write_bytes(marked.encode(coding))
    assert main(["check", str(file), "--fix"]) == Exit.OK
    assert file.read_bytes() == text_of().encode()
    assert kept(tmp_path)[0].read_bytes() == marked.encode(coding)
    told = capsys.readouterr().out
    assert "甲县¦乙镇" in told and "¦ 是看不见的字符" in told and "年¦度：20¦23" in told


def test_json_lists_the_mends(tmp_path: Path, capsys: SCREEN) -> None:
    file = tmp_path / "2023.yaml"
    file.write_text(text_of().replace("年度: ", "年度："), "utf-8")
    assert main(["check", str(file), "--fix", "--json"]) == Exit.OK
    [told] = json.loads(capsys.readouterr().out)["files"]
    assert [(each["before"], each["after"]) for each in told["mends"]] == [("年度：2023", "年度: 2023")]
    assert told["backup"] == str(kept(tmp_path)[0])
    assert told["findings"] == []


def test_what_is_no_yaml_is_refused_before_anything_is_changed(tmp_path: Path, capsys: SCREEN) -> None:
    file = tmp_path / "2023.yaml"
    file.write_text(text_of().replace("年度: ", "年度："), "utf-8")
    other = tmp_path / "2023.docx"
    other.write_bytes(b"PK\x03\x04")
    assert main(["check", str(file), str(other), "--fix"]) == Exit.USAGE
    assert "--fix" in capsys.readouterr().err
    assert "年度：" in file.read_text("utf-8")


def test_a_word_file_named_yaml_is_told_and_stays_as_it_is(tmp_path: Path, capsys: SCREEN) -> None:
    file = tmp_path / "2023.yaml"
    file.write_bytes(b"PK\x03\x04 word")
    assert main(["check", str(file), "--fix"]) == Exit.FINDINGS
    assert file.read_bytes() == b"PK\x03\x04 word"
    assert "F01" in capsys.readouterr().out
    assert kept(tmp_path) == []


def test_a_file_that_is_not_there_stops_no_other(tmp_path: Path, capsys: SCREEN) -> None:
    file = tmp_path / "2023.yaml"
    file.write_text(text_of().replace("年度: ", "年度："), "utf-8")
    assert main(["check", str(tmp_path / "x.yaml"), str(file), "--fix"]) == Exit.FILE
    assert file.read_text("utf-8") == text_of()
    assert "找不到文件" in capsys.readouterr().out


def test_a_link_is_followed_and_stays_a_link(tmp_path: Path) -> None:
    file = tmp_path / "真" / "2023.yaml"
    file.parent.mkdir()
    file.write_text(text_of().replace("年度: ", "年度："), "utf-8")
    link = tmp_path / "2023.yaml"
    link.symlink_to(file)
    assert main(["check", str(link), "--fix"]) == Exit.OK
    assert link.is_symlink()
    assert file.read_text("utf-8") == text_of()
    assert len(kept(file.parent)) == 1
