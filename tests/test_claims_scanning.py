import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.checks.claims.phrases import OF, PHRASES
from reportgen.checks.claims.scanning import scan, starts

PATTERNS = {each.key: f"(?:{each.pattern})" + (OF if each.has_object else "") for each in PHRASES}
PLAIN = re.compile("|".join(f"(?P<{key}>{pattern})" for key, pattern in PATTERNS.items()) + "|#")
WORDS = sorted(set(re.findall("[一-龥]+", "".join(PATTERNS.values()))))


@given(st.lists(st.sampled_from([*WORDS, "#件", "，", "的", "申请", "县", "Ｙ"]), max_size=12).map("".join))
def test_the_fast_way_finds_what_the_plain_way_finds(words: str) -> None:
    plain = [(found.lastgroup or "#", *found.span()) for found in PLAIN.finditer(words)]
    assert list(scan(words)) == plain


@pytest.mark.parametrize(
    ("pattern", "first"),
    [
        ("不予公开|公开", "不公"),
        ("(?:予以|同意)?公开", "予同公"),
        ("[甲乙]*(?:丙)+丁", "甲乙丙"),
        ("(?:甲)?(?:乙)?", "甲乙"),
        ("甲(?!乙)", "甲"),
        ("(?!乙)甲{2}", "甲"),
    ],
)
def test_the_characters_that_a_pattern_may_begin_with(pattern: str, first: str) -> None:
    assert starts(pattern) == frozenset(first)


def test_a_pattern_that_cannot_be_judged_is_refused() -> None:
    with pytest.raises(ValueError, match="w"):
        starts(r"\w")
