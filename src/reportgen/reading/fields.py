"""What stands at the top of a clerk's file beside tables and prose: the organ, the year, the date."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from reportgen.advice import Advice, on_page
from reportgen.chinese.numerals import DIGITS, ONES, arabic, ordinal
from reportgen.model.form import Fee, Form, forms_of
from reportgen.model.keys import FIELDS, advice, forms_meant, meant, nearest, plain
from reportgen.model.nodes import Items, Mapping, Node, Text
from reportgen.model.report import Answer, Contact, Layout, Organ, OwnWords
from reportgen.problems import Finding, Place, fault, short
from reportgen.reading.tables import half_width, numeral

LAST_YEAR = 2100
"""No clerk of ours files later."""

_YEAR = re.compile(r"[\"'“”]*([0-9]{4})[\"'“”]*年?度?")
_DATE = re.compile(r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*日?")
_WIDE_DIGIT = re.compile(r"[０-９]")
_WIDE_DIALLED = str.maketrans("（）－\u3000０１２３４５６７８９", "()- 0123456789")
_CHINESE_DATE = re.compile(rf"([{DIGITS}]{{4}})年(元|[{ONES}十]{{1,2}})月([{ONES}十]{{1,3}})日")
_SITE = {"site": "名称", "url": "网址"}
_FEES = ("件数", "金额")
_INNER = {"site": tuple(_SITE.values()), "fees": _FEES}

Top = dict[str, tuple[Text, Node]]

_IN_QUOTES = re.compile("“[^“”]+”|‘[^‘’]+’|「[^「」]+」|＂[^＂]+＂")
"""A name of which the quotation marks are no part."""


def typed_as(word: str, words: str) -> Advice:
    """A field with what is to stand in it, at the end of a sentence."""
    return Advice(f"“{word}: {words}”。", f"“{words}”。", f"“{words}”。")


def one_liner(word: str) -> Advice:
    """How to write a field of one line."""
    return Advice(
        f"请写成“{word}: …”。",
        f"请只在工作表“基本情况”里写“{word}”，一格一行。",
        f"请写在“{word}”的框里；原来的写法，在页面下方的“原文”里删去。",
    )


def lacking(word: str) -> Advice:
    """What to do about a field that is not there."""
    there, box = f"请在工作表“基本情况”里补上“{word}”这一行。", f"请填上“{word}”。"
    return Advice(f"请补上一行“{word}: …”。", there, box)


def filled_in(word: str) -> Advice:
    """What to do about a field in which nothing stands."""
    return Advice(f"请在“{word}:”后面填上内容。", f"请在“{word}”的“内容”里填写。", f"请填上“{word}”。")


class Fields:
    """The fields of one file; their faults go into ``findings``, their places into ``places``."""

    def __init__(self, top: Top, findings: list[Finding], start: Place) -> None:
        """Take the entries of the top level by the clerk's words."""
        self._top = top
        self._nodes = {key: top[word][1] for key, word in FIELDS.items() if word in top}
        self.places = {key: node.place for key, node in self._nodes.items()}
        self.findings = findings
        self._start = start

    def note(self, code: str, message: str, key: str, fix: str = "") -> None:
        """Find fault with a field."""
        self.findings.append(fault(code, message, self.places.get(key, self._start), fix, key))

    def node(self, key: str) -> Node | None:
        """What was given for a field."""
        return self._nodes.get(key)

    def text(self, key: str) -> str:
        """A field of one line; empty where it is absent, blank or of another shape."""
        node = self._nodes.get(key)
        if node is None:
            return ""
        if not isinstance(node, Text):
            word = FIELDS[key]
            self.note("F12", f"“{word}”后面只写一行文字", key, one_liner(word))
            return ""
        return one_line(node.value)

    def lines(self, key: str) -> tuple[str, ...]:
        """A field that is a text or a list of them."""
        node = self._nodes.get(key)
        if node is None:
            return ()
        parts: Sequence[Node] = node.items if isinstance(node, Items) else (node,)
        if any(not isinstance(part, Text) for part in parts):
            self.note(
                "F12",
                f"“{FIELDS[key]}”下面只写文字",
                key,
                Advice("每行写一条：“- …”。", "每行写一条。", "每行写一条。"),
            )
        texts = [one_line(part.value) for part in parts if isinstance(part, Text)]
        return tuple(text for text in texts if text)

    def need(self, key: str) -> str:
        """A field that must be there."""
        text = self.text(key)
        word = FIELDS[key]
        if key not in self._nodes:
            self.note("F13", f"没有写“{word}”", key, lacking(word))
        elif not text and isinstance(self._nodes[key], Text):
            self.note("F13", f"“{word}”是空的", key, filled_in(word))
        return text

    def kind(self, forms: tuple[Form, ...]) -> tuple[Form, ...]:
        """The forms of the kind of document that is named; of the ordinary one if none is, or no such one."""
        typed = self.text("kind")
        ordinary = forms_of(forms)
        if not typed:
            return ordinary
        of_kind = forms_meant(typed, forms)
        if not of_kind:
            known = list(dict.fromkeys(form.name for form in forms))
            only = f"只能写：{'、'.join(known)}；不写就是{known[0]}。"
            fix = only + on_page(
                "本单位自己的文种，请加上 --templates 和放它的文件夹。",
                "本单位自己的文种，要在启动本程序时给出放它的文件夹。",
            )
            self.note("F15", f"没有“{short(typed)}”这个文种", "kind", fix)
        return of_kind or ordinary

    def year(self) -> int | None:
        """The report year; None where it is missing or no year."""
        typed = self.need("year")
        match = _YEAR.fullmatch(half_width(typed))
        if match and int(match[1]) <= LAST_YEAR:
            return int(match[1])
        if typed:
            self.note(
                "F14", f"年度不对：{short(typed)}", "year", "年度写四位数字，例如" + typed_as("年度", "2024")
            )
        return None

    def _narrow(self, key: str, typed: str) -> str:
        """A field of digits, brought to half width where its digits are full-width."""
        if not _WIDE_DIGIT.search(typed):
            return typed
        narrow = typed.translate(_WIDE_DIALLED)
        said = f"“{FIELDS[key]}”用了全角数字，已按半角读作“{short(narrow)}”"
        self.note("F26", said, key, "最好改成" + typed_as(FIELDS[key], short(narrow)))
        return narrow

    def organ(self, form: Form) -> Organ:
        """Whose report it is, its level and scope among those of the form."""
        name = self.need("organ")
        self._unquoted("organ", "机关全称", name)
        short_name = self.text("short")
        self._unquoted("short", FIELDS["short"], short_name)
        level = self._one_of("level", form.levels, self.need("level")) if form.levels else self.text("level")
        scope = self._one_of("scope", form.scopes, self.text("scope")) if form.scopes else self.text("scope")
        return Organ(name, short_name or name, level, scope or next(iter(form.scopes), ""))

    def _unquoted(self, key: str, word: str, typed: str) -> None:
        """Tell a field that is written in quotation marks, of which it would be printed with."""
        if _IN_QUOTES.fullmatch(typed):
            fix = "请去掉两头的引号，写成" + typed_as(word.removesuffix("全称"), short(typed[1:-1]))
            self.note("F03", f"{word}写在引号里，引号会印在年报上", key, fix)

    def _one_of(self, key: str, known: tuple[str, ...], typed: str) -> str:
        found = meant(typed, known)
        if len(found) == 1:
            return found[0]
        if typed:
            near = nearest(typed, known)
            which = f"可以是{'、'.join(found)}，请写全。" if found else f"是不是“{near}”？" if near else ""
            said = "没有写全" if found else f"不能写“{short(typed)}”"
            self.note("F15", f"“{FIELDS[key]}”{said}", key, f"{which}只能写：{'、'.join(known)}。")
        return ""

    def date(self) -> date | None:
        """成文日期; None where it is missing or no date."""
        typed = self.need("date")
        match = _DATE.fullmatch(_arabic_date(half_width(typed)))
        try:
            if match:
                return date(*(int(part) for part in match.groups()))
        except ValueError:
            self.note("F16", f"没有这一天：{short(typed)}", "date", "请核对月和日。")
            return None
        if typed:
            fix = "日期写成“2021-01-29”或“2021年1月29日”，年月日都要有。"
            self.note("F16", f"成文日期读不出来：{short(typed)}", "date", fix)
        return None

    def contact(self) -> Contact:
        """Where it is published and who answers."""
        node = self._nodes.get("site")
        inner = self._inner("site", FIELDS["site"], node) if isinstance(node, Mapping) else {}
        site, url = (one_line(inner[word].value) if word in inner else "" for word in _SITE.values())
        if isinstance(node, Mapping):
            self.places |= {key: inner[word].place for key, word in _SITE.items() if word in inner}
        else:
            typed = self.text("site")
            site, url = ("", typed) if re.match(r"(?i)https?://|www\.", typed) else (typed, "")
            self.places |= {"url": self.places["site"]} if url else {}
        fields = {key: self.text(key) for key in ("phone", "mail", "address", "postcode")}
        for key, typed in {**fields, "site": site, "url": url}.items():
            self._unquoted(key, _SITE["url"] if key == "url" else FIELDS[key], typed)
        return Contact(
            phone=self._narrow("phone", fields["phone"]),
            mail=fields["mail"],
            address=fields["address"],
            postcode=self._narrow("postcode", fields["postcode"]),
            site=site,
            url=url,
        )

    def _inner(self, key: str, named: str, node: Mapping) -> dict[str, Text]:
        """The texts of a small mapping, which the clerk calls so, by their words; all else is told."""
        known = _INNER[key]
        words = {plain(word): word for word in known}
        inner: dict[str, Text] = {}
        for name, value in node.entries:
            word = words.get(plain(name.value))
            if word is None or not isinstance(value, Text):
                said = f"“{named}”里的“{short(name.value)}”"
                said += "不认识" if word is None else "后面只写一行文字"
                code = "F11" if word is None else "F12"
                self.findings.append(fault(code, said, name.place, advice(name.value, known), key))
            else:
                inner[word] = value
        return inner

    def fees(self, fee: Fee | None) -> tuple[int, Decimal] | None:
        """The fee's pieces and 元: 0 where the form asks for them and nothing was given; None for 不写."""
        if fee is None:
            return None
        if fee.name not in self._top:
            return (0, Decimal(0)) if fee.asked else None
        node = self._top[fee.name][1]
        self.places["fees"] = node.place
        if isinstance(node, Text) and plain(node.value) in ("不写", ""):
            return None
        inner = self._inner("fees", fee.name, node) if isinstance(node, Mapping) else {}
        numbers = [numeral(inner[word].value).number if word in inner else None for word in _FEES]
        pieces, amount = numbers
        if pieces is None or amount is None or pieces != int(pieces) or pieces < 0 or amount < 0:
            fix = Advice(
                f"请写成“{fee.name}: {{件数: 2, 金额: 120}}”（金额以元为单位），不需要这句话就写“不写”。",
                f"请在工作表“基本情况”里填上“{fee.name}件数”和“{fee.name}金额”（以元为单位），"
                "不需要这句话就在件数里写“不写”。",
                f"请在“{fee.name}”下面填上件数和金额（以元为单位）。",
            )
            self.note("F23", f"{fee.name}要写件数和金额", "fees", fix)
            return None
        return int(pieces), amount


def _arabic_date(words: str) -> str:
    """A date in Chinese numerals in Arabic ones: ``二〇二三年一月二十九日``; all else as it is."""
    found = _CHINESE_DATE.fullmatch("".join(words.split()))
    if not found:
        return words
    year, *rest = found[1], found[2].replace("元", "一"), found[3]
    month, day = (ordinal(part) or arabic(part) for part in rest)
    return f"{arabic(year)}-{month}-{day}"


def one_line(words: str) -> str:
    """Words on one line: lines joined, with a blank only between words that are not Chinese."""
    lines = [line.strip() for line in words.split("\n")]
    joined = ""
    for line in filter(None, lines):
        joined += " " + line if joined and joined[-1].isascii() and line[0].isascii() else line
    return joined


# ── a document's own words where they differ from the form's, and the clerk's answers to warnings ─────


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


def answers_of(node: Node | None, findings: list[Finding]) -> tuple[Answer, ...]:
    """What the clerk answers to findings: a reason behind the rule's code, or behind a sentence below it."""
    if node is None or (isinstance(node, Text) and not node.value.strip()):
        return ()
    fix = Advice(
        "请写成“核对: {N09: 口径不同，含上年结转}”：规则的编号，后面一句话；"
        "同一编号有几处的，写成“核对: {N09: {句子: 理由}}”。",
        "请写成一行：核对 | N09 | 句子 | 理由。",
        "请在每一条问题的下面按“核对无误，写理由”；原来的写法，在页面下方的“原文”里删去。",
    )
    if not isinstance(node, Mapping):
        findings.append(fault("F12", f"“{FIELDS['answers']}”要按编号写", node.place, fix, "answers"))
        return ()
    answers: list[Answer] = []
    for name, value in node.entries:
        code = half_width(name.value).upper()
        below = value.entries if isinstance(value, Mapping) else ((name, value),)
        for each, reason in below:
            sentence = each.value.strip() if isinstance(value, Mapping) else ""
            if isinstance(reason, Text):
                answers.append(Answer(code, reason.value.strip(), each.place, sentence))
            else:
                said = f"“{short(each.value)}”后面只写一句话"
                findings.append(fault("F12", said, reason.place, fix, "answers"))
    return tuple(answers)
