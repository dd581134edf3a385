"""The body of a template from top to bottom: title, preface, chapters, signature."""

from collections.abc import Iterator

from drawing import sentences
from drawing.markup import LINE_BREAK, choose, paragraph, run, tag, text
from drawing.tables import table
from reportgen.model.form import Form, Passage

KINDS = ("二级标题", "三级标题", "列项")
"""The kinds of a clerk's paragraphs that have styles of these names; all else is body text."""


def body(form: Form) -> str:
    """Everything between the start of the body and the section's settings."""
    return "".join(
        [
            _macro(),
            tag("{%p for 行 in 标题 %}"),
            text("标题", "{{ 行 }}"),
            tag("{%p endfor %}"),
            *_passages(form, 0),
            *_chapters(form),
            *_signature(),
        ]
    )


def _macro() -> str:
    """How the clerk's paragraphs are set: one look a kind, bold stretches in their own style."""
    stretches = (
        run("{%r for 片 in 段.文字 %}")
        + run("{%r if 片.粗 %}")
        + run("{{ 片.文 }}", "加粗")
        + run("{%r elif 片.网址 %}")
        + run("{{ 片.文 }}", "网址")
        + run("{%r else %}")
        + run("{{ 片.文 }}")
        + run("{%r endif %}")
        + run("{%r endfor %}")
    )
    looks = [(f'段.样式 == "{kind}"', paragraph(kind, stretches)) for kind in KINDS]
    kept = "收尾 and loop.last"  # organ and date never stand alone on the last page
    looks += [
        ("说明", paragraph("表下说明", stretches)),
        (kept, paragraph("公文正文末段", stretches)),
        ("段.有网址", paragraph("公文正文网址段", stretches)),
        ("", paragraph("公文正文", stretches)),
    ]
    return (
        tag("{%p macro 段落(各段, 收尾=false, 说明=false) %}")
        + tag("{%p for 段 in 各段 %}")
        + choose(looks)
        + tag("{%p endfor %}")
        + tag("{%p endmacro %}")
    )


def _prose(name: str, own: str, call: str = "") -> str:
    """The clerk's paragraphs, or the template's own where there are none."""
    return choose([(f"正文.{name}", tag(call or f"{{{{p 段落(正文.{name}) }}}}")), ("", own)])


def _reach() -> str:
    """Where the report can be read and whom to ask, under the template's own preface."""
    before, site, between = sentences.WHERE
    asked, mail, after = sentences.CONTACT
    addresses = run(site, "网址"), run(between + asked), run(mail, "网址")
    line = paragraph("公文正文网址段", run(before), *addresses, run(after))
    return choose([("网站名称 or 网址 or 电话 or 邮箱 or 地址 or 邮编", line)])


def _chapters(form: Form) -> Iterator[str]:
    drawn = {each.chapter for each in form.tables}
    for number, heading in enumerate(form.headings, 1):
        yield text("一级标题表前" if number in drawn else "一级标题", heading)
        for each in form.tables:
            if each.chapter == number:
                yield from _around(each.lead)
                yield table(each)
                yield from _around(each.note, ", 说明=true")
        yield from _passages(form, number)


def _around(passage: Passage | None, look: str = "") -> Iterator[str]:
    """The clerk's paragraphs above or under a table, where there are any; notes have a look of their own."""
    if passage:
        words = f"正文.{passage.name}"
        yield choose([(words, tag(f"{{{{p 段落({words}{look}) }}}}"))])


def _passages(form: Form, chapter: int) -> Iterator[str]:
    """The prose of a chapter; 0 is what stands before the first."""
    last = form.passages[-1].key
    for passage in form.passages:
        if passage.chapter != chapter:
            continue
        if form.fee and form.fee.passage == passage.key:
            yield choose([("说收费", text("公文正文", sentences.FEES))])
        own = _within(form, passage) if passage.within else _own(form, passage, passage.key == last)
        if passage.key == last:  # organ and date never stand alone on the last page
            yield _prose(passage.name, own, f"{{{{p 段落(正文.{passage.name}, true) }}}}")
        else:
            yield _prose(passage.name, own)


def _within(form: Form, passage: Passage) -> str:
    """A passage that may be written part by part, each under the heading that it has of its own."""
    parts = []
    for each in passage.within:
        if each.heading:
            parts.append(text("二级标题", each.heading))
        parts.append(_prose(each.name, _own(form, each)))
    return "".join(parts)


def _own(form: Form, passage: Passage, ends: bool = False) -> str:
    """The template's own words for a passage, ``ends`` where organ and date follow."""
    style = "公文正文末段" if ends else "公文正文"
    words = "".join(text(style, sentence) for sentence in sentences.own_words(form, passage))
    return words + _reach() if passage.key == "preface" else words


def _signature() -> Iterator[str]:
    """Organ over date. With more than two lines less is left free above them: the seal reaches higher."""
    lines = (
        run("{%r for 名 in 署名 %}"),
        run("{{ 名 }}"),
        run("{%r if not loop.last %}"),
        LINE_BREAK,
        run("{%r endif %}"),
        run("{%r endfor %}"),
    )
    yield choose(
        [("署名|length <= 2", paragraph("署名", *lines)), ("", paragraph("署名长", *lines))],
    )
    yield text("成文日期", sentences.DATE)
