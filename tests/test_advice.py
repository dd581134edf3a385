"""Advice speaks of what the clerk has before the eyes: YAML, a workbook, or the page."""

import ast
import pickle
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import polished
from made import gathered, outcome_of, text_of
from reportgen import web
from reportgen.advice import Advice, Medium, joined, told_in
from reportgen.checks.answering import BUTTON, UNDO
from reportgen.pipeline import Material, Outcome, examine
from reportgen.problems import Finding
from rule_cases import FOLDER, cases_of
from served import FAULTY as FAULTY_REPORT
from served import served, workspace
from sheets import book_of

OF_YAML = re.compile(
    r"YAML|缩进|冒号|空两格|制表符|写成“[^”]*: |[\u4e00-\u9fff\w]: [{…\u4e00-\u9fff\d]|\{值|: \||“- "
)
"""Words and signs of those who type the file themselves."""
NOT_OF_PAGE = re.compile(r"工作表|最后一列|Excel| \| ")
NOT_OF_BOOK = re.compile(r"按“|页面|的框里")
WEB = Path(web.__file__).parent
OTHER = {Medium.WORKBOOK: NOT_OF_BOOK, Medium.PAGE: NOT_OF_PAGE}
CODES = sorted(path.stem for path in FOLDER.glob("*.yaml"))


def _strange(findings: tuple[Finding, ...], medium: Medium) -> Iterator[str]:
    """What is told in words that who works there cannot know. A clerk's own sentence is no word of ours."""
    for each in findings:
        for words in (each.message, each.expected, each.fix, each.basis):
            ours = words.replace(each.sentence or "\0", "")
            if OF_YAML.search(ours) or OTHER[medium].search(ours):
                yield f"{each.code}: {ours}"


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("medium", OTHER)
def test_no_rule_speaks_of_yaml_to_who_never_saw_it(medium: Medium, code: str) -> None:
    for case in cases_of(FOLDER / f"{code}.yaml"):
        if case.finds:
            assert list(_strange(case.all_findings(medium), medium)) == [], case.name


# ── the same report in every medium ──────────────────────────────────────────────────────────────────

FAULTY = {
    "a level that there is not": ("级别: 乡镇政府", "级别: 某某"),
    "no date": ("成文日期: 2024-01-18", "简称: 乙镇"),
    "an empty field": ("电话: 0123-4567890", "电话: "),
    "an empty organ": ("机关: 甲县乙镇人民政府", "机关: "),
    "a name in quotation marks": ("机关: 甲县乙镇人民政府", "机关: ‘甲县乙镇人民政府’"),
    "wide digits": ("电话: 0123-4567890", "电话: ０１２３-4567890"),
    "a date that is none": ("成文日期: 2024-01-18", "成文日期: 明天"),
    "a fee without an amount": ("复议诉讼: 全部为零", "复议诉讼: 全部为零\n信息处理费: {件数: 2}"),
    "a figure with a word": ("主动公开: 全部为零", "主动公开: {行政许可: 3件}"),
    "a figure left out": ("申请: 全部为零", "申请: {本年新收: {自然人: /}}"),
    "an answer to nothing": ("复议诉讼: 全部为零", "复议诉讼: 全部为零\n核对: {N09: 口径不同}"),
    "an answer to no rule": ("复议诉讼: 全部为零", "复议诉讼: 全部为零\n核对: {N99: 口径不同}"),
    "an answer without a reason": ("依申请公开: 申请的", "依申请公开: 收到申请99件，申请的"),
}
MORE = {"an answer without a reason": "核对: {N01: 理由}\n"}


def _text(name: str) -> str:
    old, new = FAULTY[name]
    text = text_of(more=MORE.get(name, ""))
    assert old in text
    return text.replace(old, new, 1)


def _told(text: str, medium: Medium) -> Outcome:
    supplies = replace(gathered(), at_page=medium is Medium.PAGE)
    content, name = text.encode(), "年报.yaml"
    if medium is Medium.WORKBOOK:
        content, name = book_of(text), "年报.xlsx"
    return examine(Material(name, content), supplies)


@pytest.mark.parametrize("name", FAULTY)
@pytest.mark.parametrize("medium", OTHER)
def test_no_fault_of_the_filling_in_is_told_in_yaml_to_who_never_saw_it(medium: Medium, name: str) -> None:
    outcome = _told(_text(name), medium)
    assert outcome.findings
    assert list(_strange(outcome.findings, medium)) == []


SHAPES = {
    "answers without codes": "核对: 口径不同\n",
    "an answer with a list": "核对: {N09: [甲]}\n",
    "a law in braces": "依据: [{甲: 乙}]\n",
    "a title in braces": "标题: {甲: 乙}\n",
    "a fee in words": "信息处理费: 三件\n",
}
"""Lines of a file that only a person's own typing can hold."""
TABLES = {
    "a number without columns": "申请: {本年新收: 3}",
    "a cell with a list": "申请: {本年新收: {自然人: [3]}}",
    "a group without anything": "申请: {本年新收: {}}",
    "a row that there is not": "申请: {本年新受: {自然人: 3}}",
    "a table that is empty": "申请: {}",
    "a table of words": "申请: 没有什么",
}


@pytest.mark.parametrize("name", [*SHAPES, *TABLES])
def test_what_somebody_typed_in_another_shape_is_told_at_the_page_by_its_fields(name: str) -> None:
    text = text_of(more=SHAPES.get(name, ""))
    text = text.replace("申请: 全部为零", TABLES.get(name, "申请: 全部为零"))
    findings = _told(text, Medium.PAGE).findings
    assert findings
    assert list(_strange(findings, Medium.PAGE)) == []


def test_at_the_page_a_year_that_is_none_and_a_table_left_out_are_told_by_their_fields() -> None:
    told = [each.fix for each in _told(text_of().replace("年度: 2023", "年度: 二三"), Medium.PAGE).findings]
    assert "年度写四位数字，例如“2024”。" in told
    told = [each.fix for each in _told(text_of().replace("复议诉讼: 全部为零\n", ""), Medium.PAGE).findings]
    assert "请补上这张表；整张表都是零，就按表上面的“整张表都是零”。" in told


def test_at_the_page_a_slip_in_the_writing_is_told_where_the_writing_is_seen() -> None:
    [slip] = _told(text_of().replace("年度: 2023", "年度：2023"), Medium.PAGE).findings
    assert slip.fix.startswith("请看页面下方“原文”的第5行，能自动改的，按那里的“改好写法”。")


def test_a_clerk_of_yaml_reads_yaml_and_one_with_another_s_document_reads_of_neither() -> None:
    case = next(each for each in cases_of(FOLDER / "N15.yaml") if each.finds)
    fixes = {
        medium: [each.fix for each in case.all_findings(medium) if each.code == "N15"] for medium in Medium
    }
    assert "信息处理费: {件数: 0, 金额: 0}" in fixes[Medium.YAML][0]
    assert "在 YAML 里写明理由：核对: {N15: 理由}" in fixes[Medium.YAML][0]
    assert "工作表“基本情况”里填上信息处理费的件数和金额" in fixes[Medium.WORKBOOK][0]
    assert "这一条的下面按“核对无误，写理由”" in fixes[Medium.PAGE][0]
    assert fixes[Medium.DOCUMENT] == ["写明收取信息处理费的件数和金额，没有收取的写明没有收取。"]


@pytest.mark.parametrize("medium", OTHER)
def test_what_was_changed_in_a_word_file_is_to_be_changed_in_what_it_was_made_from(
    medium: Medium, tmp_path: Path
) -> None:
    path = tmp_path / "年报.docx"
    path.write_bytes(outcome_of(polished.text(), "docx").files["docx"])
    polished.edited(path, polished.rewording("26件", "27件"))
    origins = {
        Medium.WORKBOOK: Material("年报.xlsx", book_of(polished.text())),
        Medium.PAGE: Material("年报.yaml", polished.text().encode()),
    }
    supplies = replace(gathered(), origin=origins[medium], at_page=medium is Medium.PAGE)
    findings = examine(Material(path.name, path.read_bytes()), supplies).findings
    assert {"K01", "N01"} <= {each.code for each in findings}
    assert list(_strange(findings, medium)) == []


def test_what_the_page_lists_of_a_report_is_told_in_its_words(tmp_path: Path) -> None:
    with served(workspace(tmp_path, FAULTY_REPORT)) as page:
        listed = page.view(FAULTY_REPORT)["findings"]
    assert len(listed) > 5
    fixes = [each["fix"] for each in listed]
    assert any(f"这一条的下面按“{BUTTON}”" in fix for fix in fixes)
    assert not any("YAML" in fix or ": {" in fix for fix in fixes)


def test_the_page_has_every_button_and_field_that_advice_names() -> None:
    page = "".join((WEB / name).read_text("utf-8") for name in ("templates/edit.html", "static/findings.js"))
    for name in (BUTTON, UNDO, "引用到正文", "整张表都是零", "选中的格子的注", "改好写法", "原文"):
        assert f">{name}<" in page or f"'{name}'" in page, name


# ── sentences of the program, wherever they stand ────────────────────────────────────────────────────

SOURCE = Path(web.__file__).parent.parent
COMMANDS = re.compile("YAML|reportgen [a-z]|--[a-z]")
ADVICE = {"Advice", "on_page", "in_clerks_file"}
OF_COMMANDS = {
    "commands",  # who reads it typed one
    "cli.py",
    "batch/cluster.py",
    "old_files.py",
    "signing/credentials.py",  # keys in hardware, roots, lists and stamps are named by options
    "signing/trusting.py",
    "signing/verdicts.py",
    "signing/filling.py",
    "model/form_file.py",  # forms and kinds are made in YAML
    "makers/pdf_libreoffice",  # what is not installed is an administrator's
    "makers/pdf",
    "web/security.py",  # how the page is reached
    "web/app.py",
}
KNOWN = (
    "YAML 写法有误",  # titles of the list of faults
    "用了年报用不到的 YAML 写法",
    "要比较，请给出生成它的那份年报（命令里用",
    "请先把它读成年报文件：",  # the page reads old files itself
    " 上的签名，内容完好，签名人的身份未核对",  # on the sheet, for who receives a package
)


def _sentences(tree: ast.AST, within: bool = False) -> Iterator[tuple[int, str]]:
    """The Chinese texts of a module that are told to everybody alike."""
    within = within or (isinstance(tree, ast.Call) and getattr(tree.func, "id", "") in ADVICE)
    if isinstance(tree, ast.Constant) and not within and re.search("[\u4e00-\u9fff]", str(tree.value)):
        yield tree.lineno, str(tree.value)
    for each in ast.iter_child_nodes(tree):
        docstring = isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant)
        if not docstring:
            yield from _sentences(each, within)


def test_no_sentence_for_everybody_names_yaml_a_command_or_an_option() -> None:
    told = [
        f"{name}:{line} {words}"
        for path in sorted(SOURCE.rglob("*.py"))
        if (name := path.relative_to(SOURCE).as_posix()) and not _is_of_commands(name)
        for line, words in _sentences(ast.parse(path.read_text("utf-8")))
        if COMMANDS.search(words) and not words.startswith(KNOWN)
    ]
    assert told == []


def _is_of_commands(name: str) -> bool:
    return any(name == each or name.startswith(f"{each}/") for each in OF_COMMANDS)


# ── the value ────────────────────────────────────────────────────────────────────────────────────────


def test_advice_is_joined_in_every_medium_and_says_yaml_where_nobody_asks() -> None:
    advice = "请" + Advice("写“甲: 乙”", "填甲格", "填甲框", "改甲") + "。"
    assert str(advice) == "请写“甲: 乙”。"
    told = [told_in(advice, medium) for medium in Medium]
    assert told == ["请写“甲: 乙”。", "请填甲格。", "请填甲框。", "请改甲。"]
    assert [told_in(joined("请", "看。"), medium) for medium in Medium] == ["请看。"] * 4


def test_advice_comes_whole_out_of_another_process() -> None:
    advice = pickle.loads(pickle.dumps(Advice("甲", "乙", "丙", "")))
    assert [told_in(advice, medium) for medium in Medium] == ["甲", "乙", "丙", ""]
