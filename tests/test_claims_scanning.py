import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportgen.checks.claims.phrases import OF, phrases_of, scan_phrases, starts

from reportgen.model.form import Form
from test_layout import FORMS

PATTERNS = {
    form.id: [
        f"(?P<{each.key}>(?:{each.pattern}){OF if each.has_object else ''})"
        for each in phrases_of(form).values()
    ]
    for form in FORMS.values()
}
PLAIN = {name: re.compile("|".join([*patterns, "#"])) for name, patterns in PATTERNS.items()}
WORDS = sorted({word for each in PATTERNS.values() for word in re.findall("[一-龥]+", "".join(each))})
TEXTS = st.lists(st.sampled_from([*WORDS, "#件", "，", "的", "申请", "县", "Ｙ"]), max_size=12).map("".join)


@given(TEXTS, st.sampled_from(sorted(FORMS)))
def test_the_fast_way_finds_what_the_plain_way_finds(words: str, form: str) -> None:
    plain = [(found.lastgroup or "#", *found.span()) for found in PLAIN[form].finditer(words)]
    assert list(scan_phrases(words, FORMS[form])) == plain


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_every_row_but_those_that_tell_nothing_alone_is_called_by_its_label(form: Form) -> None:
    [block] = next(table for table in form.tables if table.key == "requests").blocks
    spoken = {row for phrase in phrases_of(form).values() for rows in phrase.rows for row in rows}
    unspoken = {row.key for row in block.rows if row.key not in spoken and f"{row.key}_*" not in spoken}
    assert unspoken <= {"other_3"}
    for row in block.rows:
        phrase = phrases_of(form).get(row.key)
        if phrase and phrase.rows == ((row.key,),) and row.said is not None:
            label = re.sub(r"^\d\.|[“”]", "", row.path[-1])
            assert re.fullmatch(phrase.pattern, label), (row.key, label)


@pytest.mark.parametrize(
    ("pattern", "first"),
    [
        ("不予公开|公开", "不公"),
        ("(?:予以|同意)?公开", "予同公"),
        ("[甲乙]*(?:丙)+丁", "甲乙丙"),
        ("(?:甲)?(?:乙)?", "甲乙"),
        ("甲(?!乙)", "甲"),
        ("(?!乙)甲{2}", "甲"),
        (r"\.甲|\-", ".-"),
    ],
)
def test_the_characters_that_a_pattern_may_begin_with(pattern: str, first: str) -> None:
    assert starts(pattern) == frozenset(first)


def test_a_pattern_that_cannot_be_judged_is_refused() -> None:
    with pytest.raises(ValueError, match="w"):
        starts(r"\w")
