"""Makes the .docx: the report's words filled into the form's Word template with docxtpl's tags."""

from reportgen.makers import Maker, Order, Proof
from reportgen.problems import TemplateBroken

FAULTS: dict[str, str] = {
    "D01": "Word 文件的部件不是完整的 XML",
    "D02": "Word 文件里缺少法定表格",
    "D03": "Word 表格里的数与年报不一致",
    "D04": "Word 表格里的文字不对",
    "D05": "有一段文字没有印进 Word 文件",
    "M00": "模板不是完整的 Word 文件",
    "M01": "模板用了年报里没有的名字",
    "M02": "模板的标签没有写完整",
    "M03": "模板的标签看不懂",
    "M04": "模板的标签没有成对",
    "M05": "模板里缺少一格",
    "M06": "模板里同一格写了几次",
    "M07": "模板的标签不在应在的格子里",
    "M08": "模板里有文字会丢掉",
    "M09": "模板里有不能用的写法",
    "M10": "模板会生成过多的内容",
    "M11": "模板里把文字和数相加或相比",
    "M12": "模板用了没有的过滤器或判断",
    "M13": "模板的标签填不出来",
    "M14": "模板里没有印有的段落的地方",
}
"""Code → what is wrong, as the list of faults names it."""


def make(order: Order) -> bytes:
    """The report as a Word document; a draft is marked as one.

    Raises:
        TemplateBroken: where the template cannot be filled; its findings say where.
    """
    # Jinja takes long to import; whoever only asks for the maker need not wait for it.
    from reportgen.makers.docx_docxtpl.filling import filled
    from reportgen.makers.docx_docxtpl.template_check import ensure_sound, failing

    if not order.template:
        raise TemplateBroken(
            f"没有 {order.report.form.id} 版的 Word 模板（templates 文件夹里的 report.docx）。"
        )
    ensure_sound(order.template, order.report.form, order.words.names)
    try:
        content = filled(order.template, order.words)
    except TemplateBroken as broken:
        raise TemplateBroken(str(broken), failing(order.template, order.words.names)) from broken
    if order.draft:
        from reportgen.makers.docx_docxtpl.drafting import drafted

        return drafted(order, content)
    return content


def prove(order: Order, content: bytes) -> Proof:
    """What opening the made document again shows."""
    from reportgen.makers.docx_docxtpl.reading_back import prove as proved

    return proved(order, content)


MAKER = Maker(name="docxtpl", takes="words", gives="docx", make=make, prove=prove)
