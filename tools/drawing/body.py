"""The body of a template from top to bottom: title, preface, six chapters, signature."""

from collections.abc import Container, Iterator

from drawing import sentences
from drawing.markup import choose, paragraph, run, tag, text
from drawing.tables import table
from reportgen.model.form import Form

KINDS = {"二级标题": "Heading2", "三级标题": "Heading3", "列项": "Item"}
"""The kinds of a clerk's paragraphs and their styles; all else is body text."""

LONG_NAME = 14
"""Characters of an organ's name that can stand centred over the date within the type area."""


def body(form: Form) -> str:
    """Everything between the start of the body and the section's settings."""
    return "".join(
        [
            _macro(),
            tag("{%p for 行 in 标题 %}"),
            text("Title", "{{ 行 }}"),
            tag("{%p endfor %}"),
            _prose("前言", _preface(form)),
            *_chapters(form),
            *_signature(),
        ]
    )


def _macro() -> str:
    """How the clerk's paragraphs are set: one look a kind, bold stretches in their own style."""
    stretches = (
        run("{%r for 片 in 段.文字 %}")
        + run("{%r if 片.粗 %}")
        + run("{{ 片.文 }}", "Strong")
        + run("{%r else %}")
        + run("{{ 片.文 }}")
        + run("{%r endif %}")
        + run("{%r endfor %}")
    )
    looks = [(f'段.样式 == "{kind}"', paragraph(style, stretches)) for kind, style in KINDS.items()]
    kept = "收尾 and loop.last"  # organ and date never stand alone on the last page
    looks += [(kept, paragraph("BodyKept", stretches)), ("", paragraph("Body", stretches))]
    return (
        tag("{%p macro 段落(各段, 收尾=false) %}")
        + tag("{%p for 段 in 各段 %}")
        + choose(looks)
        + tag("{%p endfor %}")
        + tag("{%p endmacro %}")
    )


def _prose(name: str, own: str, call: str = "") -> str:
    """The clerk's paragraphs, or the template's own where there are none."""
    return choose([(f"正文.{name}", tag(call or f"{{{{p 段落(正文.{name}) }}}}")), ("", own)])


def _preface(form: Form) -> str:
    before, address, after = sentences.WHERE
    line = paragraph("BodyAddress", run(before), run(address, "Address"), run(after + sentences.CONTACT))
    reach = choose([("网站名称 or 网址 or 电话 or 邮箱 or 地址 or 邮编", line)])
    return text("Body", sentences.preface(form)) + reach


def _chapters(form: Form) -> Iterator[str]:
    drawn = {each.chapter: table(each) for each in form.tables}
    breaks = {each.chapter for each in form.tables if each.stub_columns == 3}
    contents = {1: _overview(form), 5: _problems(), 6: _others()}
    for number, heading in enumerate(form.headings, 1):
        yield text(_heading_style(number, drawn, breaks), heading)
        yield drawn.get(number) or contents[number]
        if number == 4:
            yield tag("{%p for 段 in 正文.表四说明 %}")
            yield text("Remark", '{{ 段.文字|map(attribute="文")|join }}')
            yield tag("{%p endfor %}")


def _heading_style(number: int, drawn: Container[int], breaks: Container[int]) -> str:
    if number in breaks:
        return "Heading1Page"
    return "Heading1Table" if number in drawn else "Heading1"


def _overview(form: Form) -> str:
    aspects = [
        ("（一）主动公开", "主动公开", (sentences.disclosure(form),)),
        ("（二）依申请公开", "依申请公开", sentences.requests(form)),
        ("（三）政府信息管理", "政府信息管理", (sentences.MANAGEMENT,)),
        ("（四）政府信息公开平台建设", "平台建设", (sentences.PLATFORMS,)),
        ("（五）监督保障", "监督保障", (sentences.OVERSIGHT,)),
    ]
    parts = [_prose("开头", text("Body", sentences.LEAD))]
    for heading, name, own in aspects:
        parts.append(text("Heading2", heading))
        parts.append(_prose(name, "".join(text("Body", sentence) for sentence in own)))
    return _prose("总体情况", "".join(parts))


def _problems() -> str:
    return _prose("存在问题", text("Body", sentences.UNKNOWN_PROBLEMS))


def _others() -> str:
    fees = choose([("说收费", text("Body", sentences.FEES))])
    nothing = text("BodyKept", sentences.NOTHING_ELSE)
    return fees + _prose("其他事项", nothing, "{{p 段落(正文.其他事项, true) }}")


def _signature() -> Iterator[str]:
    yield choose(
        [
            (f"机关|length <= {LONG_NAME}", text("Signature", "{{ 机关 }}")),
            ("", text("SignatureLong", "{{ 机关 }}")),
        ]
    )
    yield text("SignDate", sentences.DATE)
