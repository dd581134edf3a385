"""The clerk's words, compared as a reader compares them.

Blanks, width, numbering, and whether characters are traditional or simple do not count.
"""

import re
from collections.abc import Collection, Iterable
from difflib import get_close_matches
from functools import lru_cache

from reportgen.chinese.letters import SIMPLE
from reportgen.model.form import Form, Passage
from reportgen.model.prose import Paragraph

FIELDS = {
    "organ": "机关",
    "short": "简称",
    "level": "级别",
    "scope": "口径",
    "year": "年度",
    "date": "成文日期",
    "phone": "电话",
    "mail": "邮箱",
    "address": "地址",
    "postcode": "邮编",
    "site": "网站",
    "laws": "依据",
    "title": "标题",
    "own": "原文",
    "answers": "核对",
    "units": "汇总单位",
    "lacking": "缺报单位",
}
"""Field key → the clerk's word, for everything at the top of a file that no form names."""

ALL_ZERO = "全部为零"
"""What a clerk writes for a table in which nothing happened."""

MORE_ITEMS = "其他项目"
"""The sheet of a clerk's workbook for all that seldom occurs, answers too."""

INNER = (
    "名称",
    "网址",
    "件数",
    "金额",
    "值",
    "注",
    "章标题",
    "行名",
    "缺行",
    "多行",
    "表格格式",
    "落款",
)
"""The words below the top that no form prints."""

_FOLD = str.maketrans(
    {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    | dict.fromkeys(" \t\n\r\u3000\xa0\u200b\u200c\u200d\u2060\ufeff\"'“”‘’「」『』＂＇*")
    | {"〔": "(", "〕": ")", "【": "(", "】": ")", "、": "."}
    | SIMPLE
)
_NUMBERING = re.compile(
    r"(?:\([一二三四五六七八九十\d]{1,3}\)|[一二三四五六七八九十]{1,3}\.|\d{1,2}[.)])\.?(?=.)"
)


@lru_cache(maxsize=4096)
def plain(word: str) -> str:
    """The word without what a reader does not count: ``（三）不予公开 `` and ``不予公开`` are one."""
    folded = word.translate(_FOLD).rstrip(":")
    return _NUMBERING.sub("", folded, count=1) if _NUMBERING.match(folded) else folded


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that looks most like this one; empty where none does."""
    if len(word) > 40:
        return ""
    forms = {plain(each): each for each in reversed(list(known))}
    found = get_close_matches(plain(word), list(forms), n=1, cutoff=0.5)
    return forms[found[0]] if found else ""


def meant(word: str, known: Iterable[str]) -> tuple[str, ...]:
    """The known words that another stands for: 乡镇 and 镇人民政府 for 乡镇政府, 县政府 for 县级政府."""
    asked = plain(word).replace("人民政府", "政府").replace("区级", "县级")
    listed = tuple(known)
    exact = tuple(each for each in listed if plain(each) == asked)
    return exact or tuple(
        each for each in listed if asked and (asked in plain(each) or asked in plain(each).replace("级", ""))
    )


def advice(word: str, known: Collection[str]) -> str:
    """How to mend an unknown word: the nearest known one, else the list."""
    near = nearest(word, known)
    if near:
        return f"是不是“{near}”？"
    return f"这里可以写：{'、'.join(dict.fromkeys(known))}。"


_AT_TOP = re.compile(
    r"^[ \u3000#]*(机关|级别|口径|年度|成文日期|主动公开|申请|复议诉讼|存在问题|总体情况)[ \u3000]*[:：]",
    re.M,
)


def is_clerks_file(text: str) -> bool:
    """True for a text with lines as only a clerk's YAML has them, whatever kind of file it came in."""
    return len(set(_AT_TOP.findall(text))) > 2


def by_headings(passage: Passage, prose: Iterable[Paragraph]) -> dict[str, list[Paragraph]]:
    """The paragraphs of a whole passage under the headings of those within it, by their keys.

    What stands before the first heading is of the first one within. Headings are known by their words.
    """
    names = {plain(word): each.key for each in passage.within for word in (each.name, each.heading) if word}
    parts: dict[str, list[Paragraph]] = {}
    key = passage.within[0].key
    for paragraph in prose:
        heading = plain(paragraph.text.rstrip("。：:"))
        if heading in names:
            key = names[heading]
            parts.setdefault(key, [])
        else:
            parts.setdefault(key, []).append(paragraph)
    return parts


@lru_cache(maxsize=8)
def top_words(forms: tuple[Form, ...]) -> dict[str, str]:
    """Every word of the top level in any form, folded → as messages write it."""
    words = (*FIELDS.values(), *(word for form in forms for word in form.top_words))
    return {plain(word): word for word in words}


@lru_cache(maxsize=8)
def vocabulary(forms: tuple[Form, ...]) -> frozenset[str]:
    """Every word that may stand before a colon in a clerk's file, folded."""
    words = {*FIELDS.values(), *INNER}
    for form in forms:
        words.update(form.top_words, (passage.name for passage in form.prose.values()))
        for _, row, column in form.cells():
            words.update((*row.names, *row.path, column.name, *column.path))
    return frozenset(map(plain, words))


# ── what a clerk's starting file has in the places that are to be filled in ───────────────────────────

LAST_YEAR = "【去年】"
"""Stands at the head of each paragraph that was carried over from last year's report, to be written anew."""

PLACEHOLDERS = {
    "short": "某某局",
    "phone": "0000-0000000",
    "mail": "moumou@example.gov.cn",
    "address": "某某路1号",
    "postcode": "000000",
    "site": "某某门户网站",
    "url": "http://www.moumou.example.gov.cn/",
    "laws": "《某某省政府信息公开办法》",
}
"""Field → its placeholder."""


def of_prose(passage: Passage) -> str:
    """What stands in a passage's place: the form's own words, else a sentence made of its name."""
    return passage.placeholder or f"这里写{passage.name}的情况，每段之间空一行。"
