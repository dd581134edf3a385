import re
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.checks.open_government.claims import tokens
from reportgen.checks.open_government.claims.grammar import items_of, pairs
from reportgen.checks.open_government.claims.reading import understood
from reportgen.checks.open_government.claims.scope import timed, walked
from reportgen.checks.open_government.claims.tokens import Lexicon, lexicon_of, sentences, spelled
from reportgen.model.form import Form
from reportgen.model.form_file import known_together
from test_claims import told
from test_layout import FORMS

LEXICONS = {name: lexicon_of(form) for name, form in FORMS.items()}
WORDS = sorted(word for word in LEXICONS["2021"].words if len(word) > 1)
TEXTS = st.lists(st.sampled_from([*WORDS, "5件", "，", "、", "的", "某", "2022年"]), max_size=12).map("".join)


@given(TEXTS, st.sampled_from(sorted(FORMS)))
def test_every_character_of_a_text_is_in_one_token(text: str, form: str) -> None:
    found = LEXICONS[form].scanned(text, {})
    assert "".join(text[token.start : token.end] for token in found) == text
    assert all(one.end == other.start for one, other in pairwise(found))


@given(TEXTS)
def test_each_number_is_taken_once(text: str) -> None:
    report = told(f"某{text}5件。")
    for sentence in sentences(report):
        lexicon = sentence.lexicon
        signs = timed(sentence, lexicon.tokens(sentence), report.year)
        walk = walked(sentence.words, signs, 0, lexicon)
        assert len(walk.years) == len(walk.clauses) == len(signs)
        items = items_of(sentence.words, signs, lexicon)
        counted = [pair for pair in pairs(items, sentence.words, lexicon) if pair.number]
        found = [pair.number.start for pair in counted if pair.number]
        said = {pair.says for pair in counted if pair.number and found.count(pair.number.start) > 1}
        assert not said - {"mapped", "of", ""}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_every_row_but_those_that_tell_nothing_alone_is_called_by_its_label(form: Form) -> None:
    [block] = next(table for table in form.tables if table.key == "requests").blocks
    lexicon = lexicon_of(form)
    spoken = {row for concept in lexicon.words.values() for rows in concept.rows for row in rows}
    unspoken = {row.key for row in block.rows if row.key not in spoken and f"{row.key}_*" not in spoken}
    assert unspoken <= {"other_3"}
    for row in block.rows:
        label = re.sub(r"^(?:[（(][一二三四五六七八九十]+[）)]|\d\.)|[“”]|（.*?）", "", row.path[-1])
        if row.key in spoken and row.said and label in lexicon.words:
            assert lexicon.words[label].rows == ((row.key,),), (row.key, label)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("办结 答复", ["办结", "答复"]),
        ("(予以/同意)?公开", ["予以公开", "同意公开", "公开"]),
        ("作出(书面)?答复(书/件)", ["作出书面答复书", "作出书面答复件", "作出答复书", "作出答复件"]),
        ("", []),
    ],
)
def test_the_lexicon_writes_many_words_as_one(written: str, words: list[str]) -> None:
    assert list(spelled(written)) == words


def _read(text: str, said: str) -> list[tuple[str, int]]:
    """What is understood with these words for what was concluded."""
    lexicon = dict(FORMS["2021"].lexicon)
    lexicon["said"] = {**lexicon["said"], "done": said}
    report = told(text, known_together(FORMS.values(), {form.kind: lexicon for form in FORMS.values()}))
    return [(claim.key, int(claim.number.value)) for claim in understood(report)[0]]


@pytest.mark.parametrize("wording", ["办毕3宗", "3件均已办毕"])
def test_another_wording_is_one_line_of_the_lexicon(wording: str) -> None:
    text = f"收到政府信息公开申请26件，{wording}。"
    lines = FORMS["2021"].lexicon["said"]["done"].replace(" 办毕 ", " ")
    assert _read(text, lines) == [("received", 26)]
    assert _read(text, f"{lines}\n办毕") in (
        [("received", 26), ("done", 3)],
        [("received", 26), ("handled", 3)],
    )


def test_a_form_without_a_lexicon_reads_no_sentence() -> None:
    forms = known_together(FORMS.values())
    assert Lexicon(forms[-1]).scanned("收到申请", {})[0].sign == "?"
    assert understood(told("收到政府信息公开申请5件。", forms))[0] == ()


CLAIMS = Path(tokens.__file__).parent


def test_the_lexicon_has_the_patterns_that_are_asked_for_and_no_others() -> None:
    texts = LEXICONS["2021"].patterns.texts
    modules = "".join(path.read_text(encoding="utf-8") for path in CLAIMS.glob("*.py"))
    asked = re.findall(r'(?:says\(|patterns\[)"(\w+)"', modules)
    used = {*re.findall(r'"(\w+)"', modules), *re.findall("«([a-z]\\w+)»", f"{modules}{texts}")}
    assert set(asked) <= set(texts)
    assert {name for name in texts if not name.startswith("_")} <= used
    assert {name for name in texts if name.startswith("_")} <= set(re.findall("«(_\\w+)»", str(texts)))
