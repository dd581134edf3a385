"""The chapters of a made-up report in words: what stands in which paragraph."""

import re
from collections.abc import Callable, Sequence
from random import Random
from typing import NamedTuple

from generating import phrases_others as other
from generating import phrases_requests as asked
from generating.facts import Facts
from generating.filling import told
from generating.marking import marked, sentence_ends
from generating.phrases_requests import Phrase

_HEADED = "一二三四五"
_NOTICE = re.compile(r"(?P<before>.*〔)(?P<year>\d+)(?P<between>〕)(?P<number>\d+)(?P<after>号)")


class Words(NamedTuple):
    """All prose of a report: paragraphs by the clerk's words for the chapters and aspects."""

    preface: list[str]
    aspects: dict[str, list[str]]
    problems: list[str]
    others: list[str]


def words_of(facts: Facts, dress: Random) -> Words:
    """What the clerk writes."""
    makers: dict[str, Callable[[Facts, Random], list[str]]] = {
        "disclosure": _disclosed,
        "requests": _requested,
        "management": lambda facts, dress: [_some(other.MANAGED, facts, dress, 2)],
        "platforms": lambda facts, dress: [_some(other.PLATFORMS, facts, dress, 3)],
        "oversight": lambda facts, dress: [_some(other.WATCHED, facts, dress, 1)],
    }
    names = {each.key: each.name for each in facts.form.aspects}
    aspects = {names[key]: [each for each in make(facts, dress) if each] for key, make in makers.items()}
    if dress.random() < 0.75:
        aspects[dress.choice((names["requests"], names["oversight"]))].append(_disputed(facts, dress))
    return Words(
        _preface(facts) if dress.random() < 0.35 else [],
        aspects,
        [told(other.PROBLEMS, facts, dress), told(other.MEASURES, facts, dress)],
        _others(facts, dress),
    )


def headed(aspects: dict[str, list[str]]) -> list[str]:
    """Chapter one as one text, with its five sub-headings."""
    lines: list[str] = []
    for number, (name, paragraphs) in zip(_HEADED, aspects.items(), strict=True):
        lines += [f"### （{number}）{name}", *paragraphs]
    return lines


def _some(phrases: Sequence[Phrase], facts: Facts, dress: Random, most: int) -> str:
    """Some different sentences, one after another."""
    left = list(phrases)
    words = ""
    for _ in range(dress.randint(1, most)):
        chosen = dress.choice(left)
        left.remove(chosen)
        words += told((chosen,), facts, dress)
    return words


def _disclosed(facts: Facts, dress: Random) -> list[str]:
    acts = "".join(told((each,), facts, dress) for each in dress.sample(other.ACTS, k=4))
    first = told(other.DISCLOSED, facts, dress) + _some(other.OUTREACH, facts, dress, 2)
    return [first, _some(other.LISTS, facts, dress, 2), acts]


def _requested(facts: Facts, dress: Random) -> list[str]:
    first = told(other.REQUESTED, facts, dress) if dress.random() < 0.5 else ""
    values = facts.values
    if not values["both"]:
        return [first + told(asked.RECEIVED_NONE, facts, dress)]
    both = dress.random() < 0.4
    by_organs = told(asked.RECEIVED_BY_ORGANS, facts, dress) if dress.random() < 0.2 and not both else ""
    received = by_organs or told(asked.RECEIVED_BOTH if both else asked.RECEIVED_NEW, facts, dress)
    applicants = told(asked.APPLICANTS_BOTH if both else asked.APPLICANTS_NEW, facts, dress)
    results = _some(asked.RESULTS, facts, dress, 4)
    carried = told(asked.CARRIED, facts, dress)
    if dress.random() < 0.5:
        return [first + received + applicants + results + carried]
    return [first + received + (applicants if received else ""), results + carried]


def _disputed(facts: Facts, dress: Random) -> str:
    boast = told(asked.BOASTS, facts, dress) if dress.random() < 0.5 else ""
    return told(asked.DISPUTES, facts, dress) + boast


def _others(facts: Facts, dress: Random) -> list[str]:
    """Chapter six; fees where somebody asked for them or had to."""
    fees = ""
    if facts.form.asks_fee:
        if facts.values.get("other_2"):
            fees += told(other.FEES_UNPAID, facts, dress)
        if facts.fees[0]:
            fees += told(other.FEES_TAKEN, facts, dress)
        elif not fees and dress.random() < 0.5:
            fees = told(other.FEES_NONE, facts, dress)
    return [each for each in (fees, told(other.OTHERS, facts, dress)) if each]


def _preface(facts: Facts) -> list[str]:
    """The clerk's own preface: basis, period, the six parts."""
    date = [marked(str(part), "period", "day") for part in (facts.year, 1, 1, facts.year, 12, 31)]
    cited = _NOTICE.fullmatch(facts.form.basis)
    assert cited is not None
    year, number = (marked(cited[part], "notice", part) for part in ("year", "number"))
    notice = f"{cited['before']}{year}{cited['between']}{number}{cited['after']}"
    parts = "、".join(chapter.title for chapter in facts.form.chapters)
    return [
        f"本报告根据《中华人民共和国政府信息公开条例》和政府信息公开工作年度报告格式（{notice}）编制。{sentence_ends()}",
        f"统计期限为{date[0]}年{date[1]}月{date[2]}日至{date[3]}年{date[4]}月{date[5]}日。{sentence_ends()}"
        f"本报告由{parts}六个部分组成。{sentence_ends()}"
        f"如有疑问，请与{facts.seat.organ.name}联系（电话：0123-4567890）。",
    ]
