"""Whatever is written, judging it takes steps in proportion to it, and patterns cannot go back and forth."""

import gc
import sys
from collections.abc import Iterator
from functools import cache
from re import _constants as sre  # type: ignore[attr-defined]  # the only way to look into a pattern
from re import _parser  # type: ignore[attr-defined]
from typing import Any

import pytest

from made import END, gathered, outcome_of, text_of
from patterns import patterns
from reportgen.checks.limits import LONGEST, MOST_NUMBERS, TOGETHER
from reportgen.pipeline import Material, Outcome, examine
from test_docx_tables import docx

BEFORE = "工作中还存在"
PHRASES = (
    *(
        "收到申请1件，",
        "全年新收政府信息公开申请1件，其中自然人1件，",
        "予以公开1件，部分公开2件，不予公开3件，",
    ),
    *("行政复议1件，维持1件，", "制发规范性文件3件，", "收取信息处理费3元，", "办结率100%，", "县（市、区）"),
    *(
        "联系电话13800000000，",
        "320102199001011234",
        "《条例》第3条，",
        "〔2021〕30号",
        "http://a.cn/",
        "a@b.",
    ),
    *(
        "2023年1月1日至2023年12月31日，",
        "截至2022年12月31日，",
        "第五部分",
        "其中",
        "公开信息1条，",
        "会议1次，",
    ),
    *("1.2.3.", "1,", "一、", "（一）", "百", "万", "一", "〇", "1", "１", "和", "至", "与", "或者"),
    *("（", "）", "“", "《", "〔", "【", "{", "、", "；", "：", "…", "—", "-", "*a", "|", "#"),
    *("\u3000", "\xa0", "\u2028", "\u200b", " ", "\t", "⼀", "①", "㈠", "Ⅳ", "ﬁ", "政府信息", "XX", "（此处"),
)


@cache
def page() -> str:
    return outcome_of(text_of(), "docx", "html").files["html"].decode()


def material(kind: str, words: str) -> Material:
    if kind == "yaml":
        return Material("a.yaml", text_of(end=END.replace(BEFORE, BEFORE + words)).encode())
    if kind == "html":
        return Material("a.html", page().replace(BEFORE, BEFORE + words).encode())
    escaped = words.replace("<", "&lt;")
    return Material("a.docx", docx(f'<w:p><w:r><w:t xml:space="preserve">2023年{escaped}</w:t></w:r></w:p>'))


def steps(kind: str, words: str) -> int:
    """Calls, of functions written in C too, that reading and judging takes."""
    given, supplies = material(kind, words), gathered()
    counted = 0

    def count(*_: object) -> None:
        nonlocal counted
        counted += 1

    gc.disable()
    sys.setprofile(count)
    try:
        examine(given, supplies)
    finally:
        sys.setprofile(None)
        gc.enable()
    return counted


@pytest.fixture(scope="module", autouse=True)
def rules_are_loaded() -> None:
    for kind in ("yaml", "html", "docx"):
        examine(material(kind, ""), gathered())


@cache
def idle(kind: str) -> int:
    return steps(kind, "")


@pytest.mark.parametrize("phrase", PHRASES, ids=ascii)
def test_twice_the_words_take_little_more_than_twice_the_steps(phrase: str) -> None:
    once, twice = (steps("yaml", phrase * count) - idle("yaml") for count in (150, 300))
    assert twice < 3.3 * max(once, 300)


@pytest.mark.parametrize("kind", ["html", "docx"])
@pytest.mark.parametrize("phrase", [each for each in PHRASES if len(each) <= 2], ids=ascii)
def test_readers_of_documents_take_steps_in_proportion(kind: str, phrase: str) -> None:
    once, twice = (steps(kind, phrase * count) - idle(kind) for count in (1_200, 2_400))
    assert twice < 2.2 * max(once, 300)


@pytest.mark.parametrize("kind", ["yaml", "html"])
def test_ten_times_the_words_take_twelve_times_the_steps_at_most(kind: str) -> None:
    assert steps(kind, "收到申请1件，" * 10_000) <= 12 * steps(kind, "收到申请1件，" * 1_000)


@pytest.mark.parametrize("sign", ["\u3000", "\xa0", "\u2028", "7", "县（市、区）"], ids=ascii)
def test_long_runs_on_a_page_are_gone_through_once(sign: str) -> None:
    assert steps("html", sign * 40_000) < 5 * steps("html", sign * 10_000)


# ── what is too long is cut, and that is told ────────────────────────────────────────────────────────


def errors_of(outcome: Outcome) -> list[str]:
    return [finding.code for finding in outcome.findings if finding.is_error]


@pytest.mark.parametrize(
    "words",
    [
        "公开" * (LONGEST // 2),
        "第1条、" * (MOST_NUMBERS + 1),
        ("公开。" * 1_000 + "\n\n  ") * (TOGETHER // 2_500),
    ],
)
def test_what_is_not_judged_is_an_error_with_its_place(words: str) -> None:
    outcome = examine(material("yaml", words), gathered())
    (told,) = [finding for finding in outcome.findings if finding.code == "X98"]
    assert told.is_error and told.places and told.about[0].startswith("problems.")


def test_the_words_before_the_limit_are_judged_all_the_same() -> None:
    wrong = "全年收到申请9999件。"
    found = errors_of(examine(material("yaml", f"公开。{wrong}" + "公开" * LONGEST), gathered()))
    assert found[0] == "X98" and len(found) == 2


def test_a_report_of_usual_length_is_judged_whole() -> None:
    assert errors_of(examine(material("yaml", "公开。" * 1_500), gathered())) == []


# ── patterns ─────────────────────────────────────────────────────────────────────────────────────────


_REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)


def _repeats(parsed: Any, inside: bool = False) -> Iterator[str]:
    """Endless repeats that stand alone inside endless repeats: each may take what the other could."""
    for kind, value in parsed:
        endless = kind in _REPEATS[:2] and value[1] == sre.MAXREPEAT
        if inside and endless:
            yield f"{kind} {value}"
        for part, alone in _parts(kind, value):
            yield from _repeats(part, (endless or (inside and kind not in _REPEATS)) and alone)


def _parts(kind: Any, value: Any) -> Iterator[tuple[Any, bool]]:
    """The patterns in one, and if each is all there is of it."""
    if kind in _REPEATS:
        yield value[2], len(value[2]) == 1
    elif kind is sre.SUBPATTERN:
        yield value[-1], len(value[-1]) == 1
    elif kind is sre.BRANCH:
        yield from ((each, len(each) == 1) for each in value[1])
    elif kind in (sre.ASSERT, sre.ASSERT_NOT):
        yield value[1], False
    elif kind is sre.ATOMIC_GROUP:
        yield value, False


def test_no_pattern_repeats_a_repeat() -> None:
    found = [(name, list(_repeats(_parser.parse(each.pattern, each.flags)))) for name, each in patterns()]
    assert len(found) > 400
    assert [(name, repeats) for name, repeats in found if repeats] == []


def test_such_a_pattern_would_be_found() -> None:
    for bad in (r"(a+)+b", r"(?:a*)*", r"(?:(?:a+)|b)*c"):
        assert list(_repeats(_parser.parse(bad)))
    for good in (r"(?:a+b)*", r"(?:a{1,3})+", r"(?>a+)+", r"a+b+"):
        assert not list(_repeats(_parser.parse(good)))
