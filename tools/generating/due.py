"""Which rules ought to catch a change, and why others can catch none."""

from generating import due_tables, due_words
from generating.changes import Change
from generating.made import Made
from generating.state import State, state_of

DUE = dict(sorted((due_tables.DUE | due_words.DUE).items()))
"""The rule → what it ought to find, by the catalogue, in a report of these figures."""

BY_THRESHOLD = {
    "T3-08": "占比过三成、正文又没有说明才提示；有没有说明要看文字，不能只从数算出应不应当提示",
}
"""A rule that asks rather than knows → why no rate can be told."""

NOT_BY_FIGURES = {
    "C01": "格子空着才提示；这里改的是数，不删数",
    "C02": "用符号代替 0 才提示；这里改成的都是数",
    "C04": "数字带了文字才提示；这里改成的都是数",
    "C06": "只看数字的写法，不看数的大小",
    "N15": "只看第六部分有没有信息处理费的话，不看写的是多少",
    "X18": "写成约数（“余”“多”“约”）才提示；这里改成的都是准确的数",
    "X16": "看成文日期；这里改的是件数和正文里的数",
    "X17": "看电话、邮箱和个人信息的写法，不看件数",
    "X19": "看网址的写法，不看件数",
}
"""A rule that speaks of how something is written → why a changed figure never concerns it."""

OF_WORDS = "看的是文字、结构或格式，不核对数"
"""Why a changed figure does not concern any other rule."""

GATHERED = {
    "G01": "汇总的每一格等于各单位之和",
    "G02": "各单位不缺、不重",
    "G04": "各单位的年报自身没有错误",
    "G05": "同一件事两个单位都报了",
}
"""Rules of gathering many reports into one."""
OF_MANY = "汇总各单位的年报时才查；这里每次只查一份年报"


def due(report: Made, change: Change) -> frozenset[str]:
    """The rules that have something to find which the report did not have before the change."""
    before, after = state_of(report), state_of(report, change)
    return frozenset(code for code in DUE if _faults(code, after) - _faults(code, before))


def _faults(code: str, state: State) -> frozenset[str]:
    return frozenset(DUE[code](state))
