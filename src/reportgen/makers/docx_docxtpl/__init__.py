"""Makes the .docx: the report's words filled into the form's Word template with docxtpl's tags."""

from reportgen.makers import Maker, Order, Proof
from reportgen.problems import TemplateBroken


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
