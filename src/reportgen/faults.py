"""The faults of the file itself: what the F codes stand for.

Sources, prose and reading make these findings; the rules have their own catalogue.
"""

from reportgen.problems import Finding, Level, Place

FAULTS: dict[str, str] = {
    "F00": "不认识这种文件",
    "F01": "文件不是文本，读不出来",
    "F02": "文件不是 UTF-8 编码",
    "F03": "YAML 写法有误",
    "F04": "缩进里有制表符或全角空格",
    "F05": "冒号写法不对",
    "F06": "括号、逗号或引号用了全角",
    "F07": "正文没有缩进",
    "F08": "同一项写了两次",
    "F09": "用了年报用不到的 YAML 写法",
    "F10": "文件里没有年报内容",
    "F11": "不认识的项目",
    "F12": "写法的层次不对",
    "F13": "缺少必填的项目",
    "F14": "年度不对",
    "F15": "级别或口径不在规定的几种之内",
    "F16": "成文日期不对",
    "F17": "表里没有这一行或这一列",
    "F18": "属于另一个年度的格式",
    "F19": "数字太大",
    "F20": "引用的写法读不懂",
    "F21": "引用的名称不存在",
    "F22": "引用的不是一个数",
    "F23": "信息处理费的写法不对",
    "F24": "看不见的控制字符",
    "F25": "没有年度，先按表格的格式核对",
    "F26": "用了全角的数字或符号，已按半角读",
    "F27": "YAML 文件的扩展名不对",
    "F28": "“#”后面的文字不会印出来",
    "F29": "项目名称用了繁体字，已按简体读",
}
"""Code → what is wrong, as the list of faults names it."""

NOTES = frozenset({"F02", "F25", "F26", "F29"})
"""Codes that are for information only."""

WARNINGS = frozenset({"F28"})
"""Codes of what may be meant so: the clerk must look, and nothing is stopped."""


def fault(code: str, message: str, place: Place, fix: str = "", about: str = "") -> Finding:
    """A fault of the file itself at one place."""
    level = Level.NOTE if code in NOTES else Level.WARNING if code in WARNINGS else Level.ERROR
    return Finding(code, level, message, (place,), fix=fix, about=(about,) if about else ())


def short(words: str) -> str:
    """Words as a message quotes them: not too many, on one line."""
    line = " ".join(words.split())
    return line if len(line) <= 40 else line[:39] + "…"
