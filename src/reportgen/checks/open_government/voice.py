"""How a report speaks that is written for the public."""

import re
from collections.abc import Iterator

from reportgen.checks.contract import Context, Fault, paragraphs, place_at, rule
from reportgen.model.report import Report
from reportgen.problems import Ground, Level

_LETTER = re.compile(
    r"(?<![珍宝昂名可尊高富华权])贵(?:办|局|委|厅|处|科|单位|机关|部门|府)(?![州阳港溪池])"
    r"|特此(?:报告|汇报|上报|函复|呈报)"
    r"|(?<!年度)(?<!工作)(?:情况|作如下)?(?:报告|汇报)如下(?=[：:。，])"
    r"|妥否|当否|请(?:予)?(?:审示|审阅|批示|指示|审查批准)"
)
_MAY_BE_LETTER = re.compile("贵|特此|如下|[妥当]否|请[予审批指]")


@rule(
    "X15",
    Level.WARNING,
    Ground.PROSE,
    title="用了给上级行文的口气",
    what="年报向社会公开，不写“根据贵办要求”“现将情况报告如下”“特此报告”“请审阅”一类的话。",
    why="这些是报送上级的公文用语；年报的读者是公众。",
    basis="《条例》第四十九条：年度报告向社会公布",
    fix="删去这些话；报送上级另用报送函。",
)
def letter_voice(report: Report, _context: Context) -> Iterator[Fault]:
    """Words of a letter to a superior."""
    for about, paragraph in paragraphs(report) if _MAY_BE_LETTER.search(report.words) else ():
        for found in _LETTER.finditer(paragraph.text):
            place = place_at(paragraph, found.start(), len(found[0]))
            message = f"“{found[0]}”是给上级行文的口气。"
            yield Fault(message, (about,), "面向公众的说法", found[0], places=(place,))
