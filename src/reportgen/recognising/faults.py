"""What can be wrong with somebody's document as a document: the R codes."""

from collections.abc import Iterable

from reportgen.problems import Finding, Ground, Level, Place

FAULTS: dict[str, str] = {
    "R01": "认不出这是年报",
    "R02": "没有找到年度",
    "R03": "年度没有法定格式",
    "R05": "表里缺列",
    "R08": "有文字没有地方放",
    "R09": "有表格没有地方放",
    "R10": "没有找到章节",
    "R11": "级别是推测的",
    "R13": "表里同一行出现两次",
    "R14": "没有找到机关名称",
    "R15": "表头的字与格式不同",
    "R16": "口径是推测的",
    "R17": "文本框里的文字接在段落后面读入",
    "R20": "不是 Word 文档（.docx）",
    "R21": "Word 文档有密码",
    "R22": "Word 文档过大",
    "R23": "Word 文档已损坏",
    "R24": "网页过大或嵌套太深",
    "R25": "段落和表格过多",
    "R26": "Word 文档里有宏",
    "R27": "Word 文档要打开文件以外的东西",
    "R28": "Word 文档里有别的程序的文件或控件",
    "R29": "Word 文档里有不认识的部件或关系",
    "R30": "Word 会显示的内容没有读入",
    "R31": "编号打了两遍",
    "R32": "自动编号的样式没有认出",
    "R33": "页眉、页脚里的话没有核对",
    "R34": "前言写在第一部分里",
    "R35": "文件里是填报用的写法，不是年报正文",
    "R36": "有的字只是看起来像平常的字",
    "R37": "这种文件要先转换",
    "R38": "由旧格式转换后读入",
    "R39": "PDF 里没有可以读的文字",
    "R40": "PDF 里有的地方读得没有把握",
    "R41": "按别的文种读入",
}
"""Code → what is wrong, as the list of faults names it."""

OF_LABELS = frozenset({"R05", "R08", "R15"})
"""What tells of labels that a table has otherwise than the form."""

_NOTES = {"R11", "R16", "R17", "R34", "R38", "R41"}
_WARNINGS = {"R08", "R09", "R36", "R40"}


def fault(  # noqa: PLR0913 - the members of a finding, each named at the call
    code: str,
    message: str,
    places: Iterable[Place] = (),
    *,
    expected: str = "",
    found: str = "",
    fix: str = "",
) -> Finding:
    """A finding of this module's table; the code decides its level."""
    level = Level.NOTE if code in _NOTES else Level.WARNING if code in _WARNINGS else Level.ERROR
    return Finding(code, level, message, tuple(places), expected, found, fix, ground=Ground.FORM)
