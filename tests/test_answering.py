"""The clerk's answers (核对): prose is judged by a person in the end, figures, blanks and forms are not."""

import json
from collections import Counter
from dataclasses import replace

import pytest

from made import gathered, outcome_of, text_of
from reportgen.checks import Context, check_report, rules_for
from reportgen.checks.answering import sentence_of
from reportgen.checks.contract import Fault
from reportgen.commands.telling import tell
from reportgen.model.report import Answer, Report
from reportgen.pipeline import Outcome
from reportgen.problems import Finding, Ground, Level, Place
from reportgen.safe.unpacking import parts_of
from reportgen.store.manifest import of as manifest_of
from rule_cases import FOLDER, cases_of, report_of

HERE = Place("年报.yaml", 60, 3)
BASE = (FOLDER / "base" / "2021.yaml").read_text(encoding="utf-8")
TABLES = """
主动公开: 全部为零
申请:
  本年新收: {自然人: 25, 商业企业: 1}
  予以公开: {自然人: 25, 商业企业: 1}
复议诉讼: 全部为零
"""
PLAIN = "办理申请，不予公开112件"
"""A sentence that is an error whatever the rules come to understand; a person may know better."""
OTHER = "申请不予公开113件，逐件说明理由"


def told(*sentences: str, answers: str = "", tables: str = TABLES) -> Outcome:
    """What comes of a clerk's file with these sentences and answers."""
    prose = "".join(f"{each}。" for each in ("收到申请26件", *sentences))
    return outcome_of(text_of(tables=tables, more=f"总体情况:\n  依申请公开: {prose}\n{answers}"))


def of(outcome: Outcome, code: str) -> list[Finding]:
    return [finding for finding in outcome.findings if finding.code == code]


def bound(code: str, *pairs: tuple[str, str]) -> str:
    """Answers to sentences as a clerk writes them."""
    return f"核对:\n  {code}:\n" + "".join(f'    "{sentence}": {reason}\n' for sentence, reason in pairs)


def _report(*answers: Answer) -> Report:
    """A report with a warning (X06: no period in the preface) and an error (C02)."""
    text = BASE.replace("数据的统计期限自2023年1月1日起至2023年12月31日止。", "").replace(
        "行政处罚: 12", "行政处罚: /"
    )
    return replace(report_of(text), answers=answers)


def _found(code: str = "", words: str = "") -> dict[str, Finding]:
    answers = (Answer(code, words, HERE),) if code else ()
    found = check_report(_report(*answers), Context(strict=True))
    return {finding.code: finding for finding in found}


def test_without_answers_nothing_changes() -> None:
    assert {code: each.level for code, each in _found().items()} == {
        "C02": Level.ERROR,
        "X06": Level.WARNING,
    }


def test_a_warning_that_is_answered_becomes_a_note_with_the_answer() -> None:
    found = _found("X06", "期限写在表后")
    assert found["X06"].level is Level.NOTE
    assert found["X06"].answer == ("期限写在表后", Level.WARNING)
    assert found["X06"].chinese == "已核对"
    assert set(found) == {"C02", "X06"}


def test_a_blank_cannot_be_answered() -> None:
    found = _found("C02", "没有这项工作")
    assert found["C02"].level is Level.ERROR and found["C02"].answer is None
    assert (found["A03"].level, found["A03"].places) == (Level.WARNING, (HERE,))
    assert "没有填的空" in found["A03"].message


@pytest.mark.parametrize("code", ["P02", "F13", "R30", "K12"])
def test_what_a_file_holds_cannot_be_answered(code: str) -> None:
    assert "不能核对" in _found(code, "属实")["A03"].message


def test_an_answer_to_nothing_is_told() -> None:
    assert "这条核对已不需要" in _found("X16", "按时公布")["A02"].message
    assert _found("X16", "按时公布")["A02"].level is Level.NOTE


def test_an_unknown_code_is_told_with_the_nearest() -> None:
    assert _found("X061", "期限写在表后")["A01"].fix == "是不是“X06”？"
    assert "编号" in _found("甲", "乙")["A01"].fix


@pytest.mark.parametrize("words", ["", "理由"])
def test_an_answer_without_a_reason_has_no_effect(words: str) -> None:
    found = _found("X06", words)
    assert found["X06"].level is Level.WARNING
    assert found["A04"].about == ("answers",)


def test_a_finding_names_the_answer_that_settles_it_or_that_it_is_about() -> None:
    assert _found("X06", "期限写在表后")["X06"].reply == "X06"
    assert _found("X16", "按时公布")["A02"].reply == "X16"
    assert _found()["X06"].reply == ""


def test_answers_are_read_from_the_clerks_file() -> None:
    report = report_of(
        BASE + '核对:\n  n09: 口径不同，含上年结转\n  "Ｘ１２": ""\n  N06: {甲句: 乙, 丙句: 丁}\n'
    )
    first, second, *below = report.answers
    assert (first.code, first.words, first.sentence) == ("N09", "口径不同，含上年结转", "")
    assert first.place.line == BASE.count("\n") + 2
    assert (second.code, second.words) == ("X12", "")
    assert [(each.code, each.sentence, each.words) for each in below] == [
        ("N06", "甲句", "乙"),
        ("N06", "丙句", "丁"),
    ]


# ── errors of prose ───────────────────────────────────────────────────────────────────────────────────


def test_an_ordinary_sentence_that_is_an_error_says_how_to_answer_it() -> None:
    [error] = of(told(PLAIN), "N06")
    assert error.is_error and error.ground is Ground.PROSE
    assert f'核对: {{N06: {{"{PLAIN}": 理由}}}}' in error.fix


def test_what_the_fix_says_to_write_is_an_answer() -> None:
    [error] = of(told(PLAIN), "N06")
    line = error.fix[error.fix.index("核对: {") :].rstrip("。").replace("理由", "说的是文件")
    outcome = told(PLAIN, answers=line + "\n")
    assert outcome.errors == 0
    [answered] = of(outcome, "N06")
    assert answered.answer == ("说的是文件", Level.ERROR)
    assert answered.fix == ""


@pytest.mark.parametrize(
    "sentence",
    [
        PLAIN,
        "全年制发政府信息130件，其中主动公开18件，不予公开112件",
        "全年制作公文130件，经审查不予公开112件",
        "办理人大建议和政协提案不予公开5件",
        "梳理历史文件90件，予以公开70件，不予公开20件",
    ],
)
def test_an_answer_without_a_sentence_settles_the_only_finding_of_its_rule(sentence: str) -> None:
    codes = {each.code for each in told(sentence).findings if each.is_error}
    lines = "核对: {" + ", ".join(f"{code}: 说的是文件" for code in sorted(codes)) + "}\n"
    assert told(sentence, answers=lines if codes else "").errors == 0


def test_an_answer_without_a_sentence_says_how_to_bind_it() -> None:
    [answered] = of(told(PLAIN, answers="核对: {N06: 说的是文件}\n"), "N06")
    assert f'"{PLAIN}": "说的是文件"' in answered.fix


def test_an_answer_without_a_sentence_settles_no_error_where_there_are_several() -> None:
    outcome = told(PLAIN, OTHER, answers="核对: {N06: 说的是文件}\n")
    assert outcome.errors == len(of(outcome, "N06")) == 2
    [wrong] = of(outcome, "A05")
    assert PLAIN in wrong.fix and OTHER in wrong.fix


def test_each_of_several_can_be_answered_by_its_sentence() -> None:
    one = bound("N06", (PLAIN, "说的是文件"))
    outcome = told(PLAIN, OTHER, answers=one)
    assert [each.answer is None for each in of(outcome, "N06")] == [False, True]
    both = bound("N06", (PLAIN, "说的是文件"), (OTHER + "。", "说的是纪要"))
    assert told(PLAIN, OTHER, answers=both).errors == 0


@pytest.mark.parametrize(
    "changed",
    [
        PLAIN.replace("112", "113"),
        "对申请不予公开112件",
        "不予公开申请112件",
        PLAIN + "，均已归档",
    ],
)
def test_a_sentence_that_changed_has_lost_its_answer(changed: str) -> None:
    outcome = told(changed, answers=bound("N06", (PLAIN, "说的是文件")))
    assert [each.answer for each in of(outcome, "N06")] == [None]
    assert "没有发现" in of(outcome, "A06")[0].message


def test_a_sentence_may_be_written_with_other_blanks_and_signs() -> None:
    wide = PLAIN.replace("112", "１１２ ").replace("，", "， ")
    assert told(PLAIN, answers=bound("N06", (wide, "说的是文件"))).errors == 0


def test_the_second_of_two_like_sentences_is_bound_to_its_own_words() -> None:
    outcome = told(PLAIN, "对申请不予公开112件的，逐件说明理由")
    assert [each.sentence for each in of(outcome, "N06")] == [PLAIN, "对申请不予公开112件的，逐件说明理由"]


def test_a_paragraph_without_an_end_is_known_by_some_of_its_words() -> None:
    endless = "，".join("收到申请7件" for _ in range(300))
    errors = of(told(endless), "N01")
    known_by = {len(each.sentence) for each in errors if each.sentence}
    assert known_by and max(known_by) <= 400


# ── what cannot be answered ───────────────────────────────────────────────────────────────────────────

UNEQUAL = TABLES.replace("  予以公开: {自然人: 25", "  予以公开: {自然人: 24")


@pytest.mark.parametrize("answers", ["核对: {T3-01: 属实}\n", bound("T3-01", ("收到申请26件", "属实"))])
def test_a_sum_cannot_be_answered(answers: str) -> None:
    outcome = told(answers=answers, tables=UNEQUAL)
    assert of(outcome, "T3-01") and all(each.is_error for each in of(outcome, "T3-01"))
    assert "数与数的关系" in of(outcome, "A03")[0].message


def test_an_empty_chapter_cannot_be_answered_but_a_thin_one_can() -> None:
    empty = told(answers='存在问题: ""\n核对: {X11: 没有问题}\n')
    assert any(each.is_error for each in of(empty, "X11"))
    thin = told(answers="存在问题: 人手不足。\n核对: {X11: 改进写在第一部分}\n")
    assert [each.chinese for each in of(thin, "X11")] == ["已核对"]


def test_a_day_before_the_years_end_cannot_be_answered_but_a_late_one_can() -> None:
    late = {code: outcome_of(text_of().replace("2024-01-", f"{code}-")) for code in ("2023-11", "2024-06")}
    grounds = {code: {each.ground for each in of(outcome, "X16")} for code, outcome in late.items()}
    assert grounds == {"2023-11": {Ground.ARITHMETIC}, "2024-06": {Ground.PLAUSIBILITY}}


def test_figures_that_are_only_seldom_right_are_no_errors() -> None:
    seldom = [
        finding
        for path in sorted(FOLDER.glob("*.yaml"))
        for case in cases_of(path)
        for finding in case.findings
        if finding.ground is Ground.PLAUSIBILITY
    ]
    assert seldom and not any(each.is_error for each in seldom)


def test_sums_and_cells_are_never_answerable_and_sentences_against_figures_always() -> None:
    rules = {rule.code: rule.ground for form in gathered().forms for rule in rules_for(form)}
    assert all(rules[code].answerable for code in rules if code.startswith("N"))
    assert Counter(rules[code] for code in ("T3-01", "T3-02", "T3-03", "T4-01")) == {Ground.ARITHMETIC: 4}
    assert not any(
        rules[code].answerable for code in ("C01", "C02", "C03", "C07", "X01", "X04", "X14", "X20")
    )


def test_the_number_of_a_person_is_masked_where_the_answer_is_told() -> None:
    outcome = told("联系人手机13812345678")
    [private] = of(outcome, "X17")
    assert private.is_error or private.level is Level.WARNING
    assert "13812345678" not in private.fix


def test_a_fault_without_a_sentence_is_known_by_what_was_found_or_said() -> None:
    report = report_of(BASE)
    assert sentence_of(Fault("没有写。", ("overview",), found="没有甲"), report) == "没有甲"
    assert sentence_of(Fault("没有写。", ("overview.99",)), report) == "没有写。"


# ── where an answer is told ───────────────────────────────────────────────────────────────────────────

REASON = "说的是另一件事"
ANSWERED = f"核对: {{N06: {REASON}}}\n"


def files_of(tables: str = TABLES) -> Outcome:
    text = text_of(tables=tables, more=f"总体情况:\n  依申请公开: 收到申请26件。{PLAIN}。\n{ANSWERED}")
    return outcome_of(text, "docx", "html")


def test_an_answered_report_is_final_and_its_files_do_not_say_so() -> None:
    outcome = files_of()
    assert outcome.files.keys() == {"docx", "html"} and not outcome.draft and not outcome.refused
    words = outcome.files["html"] + b"".join(parts_of(outcome.files["docx"], 10**8).values())
    assert PLAIN.encode() in words and REASON.encode() not in words


def test_a_draft_has_no_comment_on_what_was_answered() -> None:
    outcome = files_of(UNEQUAL)
    assert outcome.draft and [each.chinese for each in of(outcome, "N06")] == ["已核对"]
    comments = parts_of(outcome.files["docx"], 10**8)["word/comments.xml"].decode()
    assert "T3-01" in comments and "N06" not in comments and REASON not in comments


def test_the_screen_lists_it_with_the_reason_however_many_there_are() -> None:
    sentences = [f"办理申请，不予公开{number}件" for number in (111, 112, 113, 114)]
    outcome = told(*sentences, answers=bound("N06", *((each, f"因{each[-4:]}") for each in sentences)))
    shown = tell(outcome.findings, ())
    assert outcome.errors == 0 and shown.count("已核对") == 1
    assert all(f"因{each[-4:]}" in shown for each in sentences)


def test_the_manifest_holds_the_reason() -> None:
    said = json.loads(json.dumps(manifest_of(files_of())))
    [remark] = [each for each in said["remarks"] if each["code"] == "N06"]
    assert (remark["level"], remark["ground"]) == ("note", "prose")
    assert remark["answer"] == {"reason": REASON, "level": "error"}
