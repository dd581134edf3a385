"""Units and their reports made for the tests of roll-ups: clerks' files, and what a roll-up keeps of them."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from made import gathered as supplies_of_repository
from reportgen import clerk_file
from reportgen.examining import examine
from reportgen.model.form import Form, form_for
from reportgen.model.units import Roster, Unit, Units, unit_of
from reportgen.pipeline import Material
from reportgen.rollup import About, Asked, drafted, gathered

FORM: Form = form_for(2023, supplies_of_repository().forms)
END = """
存在问题: |
  工作中还存在公开内容不够丰富的问题。下一步将改进公开方式，提高公开质量。
其他事项: 没有其他需要报告的事项。
"""


def text(name: str, new: int = 0, done: int | None = None, permits: int = 0, more: str = "") -> str:
    """A unit's file: so many new applications, of which so many were answered (all, unless said)."""
    answered = new if done is None else done
    rows = [("本年新收", new), ("予以公开", answered), ("结转下年度", new - answered)]
    told = "".join(f"  {row}: {{自然人: {number}}}\n" for row, number in rows if number)
    return f"""机关: "{name}"
级别: {"乡镇政府" if name.endswith("镇人民政府") else "县级部门"}
年度: 2023
成文日期: 2024-01-18
电话: 0123-4567890
网站: {{名称: 甲县人民政府网站, 网址: "http://www.example.gov.cn"}}
主动公开:
  行政许可: {permits}
申请:{chr(10) + told if told else " 全部为零" + chr(10)}复议诉讼: 全部为零
{more}{END}"""


def broken(name: str) -> str:
    """A unit's file whose table three does not balance."""
    return text(name, 9).replace("予以公开: {自然人: 9}", "予以公开: {自然人: 8}")


def written(folder: Path, *texts: str) -> Path:
    """A folder with these files: ``1.yaml``, ``2.yaml`` and so on."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, each in enumerate(texts, 1):
        (folder / f"{number}.yaml").write_text(each, "utf-8")
    return folder


def unit(content: str, file: str = "年报.yaml") -> Unit:
    """What a roll-up keeps of a file."""
    outcome = examine(Material(file, content.encode()), supplies_of_repository())
    assert outcome.report is not None, outcome.findings
    return unit_of(outcome.report, file, outcome.findings)


def units_of(
    texts: Iterable[str], roster: Roster | None = None, *, with_errors: bool = False, year: int = 2023
) -> Units:
    """A roll-up of files."""
    units = [unit(each, f"{number}.yaml") for number, each in enumerate(texts, 1)]
    return gathered(units, Asked(FORM, year, roster, with_errors))


def completed(content: str) -> str:
    """A fresh roll-up with what it leaves for the clerk to write."""
    return content.replace('存在问题: ""', "存在问题: 公开方式比较单一。").replace(
        '成文日期: ""', "成文日期: 2024-03-01"
    )


def rolled_up(units: Sequence[Unit], organ: str, file: str = "汇总.yaml") -> Unit:
    """What a roll-up above keeps of the roll-up of these units, by way of its file."""
    node = drafted(gathered(units, Asked(FORM, 2023, with_errors=True)), About(organ, "县级政府"))
    return unit(completed(clerk_file.write(node, FORM)), file)
