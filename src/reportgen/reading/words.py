"""A document's own words where they differ from the form's, and the clerk's answers to warnings."""

from collections.abc import Iterator, Sequence

from reportgen.model.form import Form
from reportgen.model.keys import FIELDS, advice
from reportgen.model.nodes import Items, Mapping, Node, Text
from reportgen.model.own_words import Answer, Layout, OwnWords
from reportgen.problems import Finding, fault, short
from reportgen.reading.numbers import half_width


def _under(own: Node | None, word: str) -> Node | None:
    return own.get(word) if isinstance(own, Mapping) else None


def _texts(node: Node | None) -> Iterator[OwnWords]:
    """The texts of a list, or the one text that stands for a list."""
    parts = node.items if isinstance(node, Items) else (node,)
    texts = (part for part in parts if isinstance(part, Text))
    return (OwnWords(text.value.strip(), text.place) for text in texts if text.value.strip())


def chapters_of(own: Node | None) -> tuple[OwnWords, ...]:
    """The chapter headings as a document has them."""
    return tuple(_texts(_under(own, "章标题")))


def labels_of(own: Node | None, form: Form, findings: list[Finding]) -> dict[str, OwnWords]:
    """The row labels as a document has them, where they differ from the form's."""
    node = _under(own, "行名")
    labels: dict[str, OwnWords] = {}
    rows = form.row_keys
    for name, value in node.entries if isinstance(node, Mapping) else ():
        if name.value in rows and isinstance(value, Text):
            labels[rows[name.value]] = OwnWords(value.value, value.place)
        else:
            said = f"“原文”的行名里没有“{short(name.value)}”"
            findings.append(fault("F11", said, name.place, advice(name.value, list(rows))))
    return labels


def form_named(own: Node | None, forms: Sequence[Form]) -> Form | None:
    """The form whose notice a document's tables are said to follow."""
    basis = next(_texts(_under(own, "表格格式")), None)
    return next((form for form in forms if basis is not None and form.basis == basis.text), None)


def layout_of(own: Node | None, form: Form, findings: list[Finding]) -> Layout:
    """The rows that a document lacks or has too many, and the form that its tables are of."""
    rows = form.row_keys
    lost, more = tuple(_texts(_under(own, "缺行"))), _under(own, "多行")
    added = {table.key: tuple(_texts(_under(more, table.name))) for table in form.tables}
    tables = [table.name for table in form.tables]
    strange = [("缺行", each.text, each.place, list(rows)) for each in lost if each.text not in rows]
    if isinstance(more, Mapping):
        strange += [
            ("多行", name.value, name.place, tables) for name, _ in more.entries if name.value not in tables
        ]
    for word, text, place, known in strange:
        findings.append(fault("F11", f"“原文”的{word}里没有“{short(text)}”", place, advice(text, known)))
    return Layout(
        missing={rows[each.text]: each for each in lost if each.text in rows},
        added={key: texts for key, texts in added.items() if texts},
        basis=next(_texts(_under(own, "表格格式")), None),
        signed=next(_texts(_under(own, "落款")), None),
    )


def answers_of(node: Node | None, findings: list[Finding]) -> dict[str, Answer]:
    """What the clerk answers to warnings, by the rule's code."""
    answers: dict[str, Answer] = {}
    if node is None or (isinstance(node, Text) and not node.value.strip()):
        return answers
    fix = "请写成“核对: {N09: 口径不同，含上年结转}”：规则的编号，后面一句话。"
    if not isinstance(node, Mapping):
        findings.append(fault("F12", f"“{FIELDS['answers']}”要按编号写", node.place, fix, "answers"))
        return answers
    for code, value in node.entries:
        if isinstance(value, Text):
            answers[half_width(code.value).upper()] = Answer(value.value.strip(), code.place)
        else:
            said = f"“{short(code.value)}”后面只写一句话"
            findings.append(fault("F12", said, value.place, fix, "answers"))
    return answers
