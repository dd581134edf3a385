"""An office's own list of demands: nodes of a YAML file into demands, with every fault at once."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from reportgen.model.demands import LEVELS, AnyOf, Demand, part_name, parts_of
from reportgen.model.form import Form
from reportgen.model.keys import advice, plain
from reportgen.model.nodes import Items, Mapping, Node, Text
from reportgen.problems import Finding, Level, Place, fault, short
from reportgen.reading.tables import numeral

NAME, DEMANDS = "名称", "要求"
PART, LENGTH, MUST, NEVER, COUNTS, LEVEL, WHY = "部分", "字数", "必须有", "不得有", "要写数", "程度", "说明"
LEAST, MOST = "至少", "至多"
_ALL = (PART, LENGTH, MUST, NEVER, COUNTS, LEVEL, WHY)
_ASKED = (LENGTH, MUST, NEVER, COUNTS)
_HOW = "要求写成“要求:”，下面每条一项：“- {部分: 总体情况, 字数: {至多: 1000}}”。"
_LARGEST = 1_000_000


def demands_of(node: Node, forms: Sequence[Form]) -> tuple[tuple[Demand, ...], tuple[Finding, ...]]:
    """The demands that a list says, and what is wrong with it; with any fault no list is to be followed."""
    reading = _Reading(forms)
    return tuple(reading.demands(node)), tuple(reading.findings)


class _Reading:
    """A list while it is read."""

    def __init__(self, forms: Sequence[Form]) -> None:
        self.findings: list[Finding] = []
        self._parts: dict[str, str] = {}
        for form in forms:
            for word, (outer, inner) in parts_of(form).items():
                self._parts[word] = outer.name if outer is inner else part_name(outer, inner)

    def demands(self, node: Node) -> Iterator[Demand]:
        """The demands of the whole file."""
        if not isinstance(node, Mapping):
            self._note("F10", "没有读到编制要求", node.place, _HOW)
            return
        top = self._entries(node, (NAME, DEMANDS), "编制要求")
        name, listed = top.get(NAME), top.get(DEMANDS)
        if not isinstance(name, Text) or not name.value.strip():
            place = name.place if name else node.place
            fix = "请在开头写一行，例如“名称: 某市2025年编制要求”；检查时照它说是谁的要求。"
            self._note("F13", f"没有写“{NAME}”", place, fix)
        if not isinstance(listed, Items) or not listed.items:
            self._note(
                "F13", f"没有写“{DEMANDS}”，或下面没有一条", listed.place if listed else node.place, _HOW
            )
            return
        source = name.value.strip() if isinstance(name, Text) else ""
        for each in listed.items:
            if isinstance(each, Mapping):
                yield from self._demand(each, source)
            else:
                self._note("F12", "这一条要求的写法不对", each.place, _HOW)

    def _demand(self, node: Mapping, source: str) -> Iterator[Demand]:
        given = self._entries(node, _ALL, "一条要求")
        if not set(_ASKED) & set(given):
            fix = f"至少写一样：{'、'.join(_ASKED)}。"
            self._note("F13", "这一条没有写要求什么", node.place, fix)
            return
        parts = tuple(self._part(each) for each in self._texts(given, PART))
        least, most = self._length(given[LENGTH]) if LENGTH in given else (0, 0)
        yield Demand(
            source=source,
            parts=tuple(filter(None, parts)),
            least=least,
            most=most,
            must=tuple(self._any_of(given, MUST)),
            never=tuple(each.value.strip() for each in self._texts(given, NEVER)),
            counts=tuple(self._any_of(given, COUNTS)),
            level=self._level(given.get(LEVEL)),
            why="".join(each.value.strip() for each in self._texts(given, WHY)),
        )

    def _entries(self, node: Mapping, known: Sequence[str], named: str) -> dict[str, Node]:
        """The entries under known words; all others are told."""
        words = {plain(word): word for word in known}
        found: dict[str, Node] = {}
        for key, value in node.entries:
            word = words.get(plain(key.value))
            if word is None:
                said = f"{named}里不认识“{short(key.value)}”"
                self._note("F11", said, key.place, advice(key.value, known))
            elif word in found:
                self._note("F08", f"“{word}”写了两次", key.place, "请只留一处。")
            else:
                found[word] = value
        return found

    def _texts(self, given: dict[str, Node], word: str) -> Iterator[Text]:
        """The texts of an item: one, or a list of them; none may be blank."""
        node = given.get(word)
        parts: Sequence[Node] = node.items if isinstance(node, Items) else (node,) if node else ()
        for part in parts:
            if isinstance(part, Text) and part.value.strip():
                yield part
            else:
                fix = f"写成“{word}: 词”，几个的写成“{word}: [词, 词]”。"
                self._note("F12", f"“{word}”后面要写文字", part.place, fix)
        if isinstance(node, Items) and not node.items:
            self._note("F12", f"“{word}”后面是空的", node.place, "不需要的请删去这一项。")

    def _any_of(self, given: dict[str, Node], word: str) -> Iterator[AnyOf]:
        """What must be said, each in one of its words: ``改进/整改``."""
        for text in self._texts(given, word):
            words = tuple(each.strip() for each in text.value.replace("／", "/").split("/") if each.strip())
            if words:
                yield words
            else:
                self._note("F12", f"“{word}”里有一项没有词", text.place, "两个词用“/”隔开：改进/整改。")

    def _part(self, text: Text) -> str:
        name = self._parts.get(plain(text.value), "")
        if not name:
            said = f"年报里没有“{short(text.value)}”这一部分"
            fix = advice(text.value, tuple(self._parts.values())) + "对全文的要求，不写“部分”。"
            self._note("F11", said, text.place, fix)
        return name

    def _length(self, node: Node) -> tuple[int, int]:
        fix = f"写成“{LENGTH}: {{{LEAST}: 300, {MOST}: 1000}}”，可以只写一个；字数不计空格。"
        if not isinstance(node, Mapping) or not node.entries:
            self._note("F12", f"“{LENGTH}”的写法不对", node.place, fix)
            return 0, 0
        given = self._entries(node, (LEAST, MOST), LENGTH)
        least, most = (self._number(given.get(word), word, fix) for word in (LEAST, MOST))
        if most and least > most:
            self._note("F12", f"“{LEAST}”比“{MOST}”还多", node.place, "请核对两个数。")
        return least, most

    def _number(self, node: Node | None, word: str, fix: str) -> int:
        if node is None:
            return 0
        number = numeral(node.value).number if isinstance(node, Text) else None
        if number is None or number != int(number) or not 0 < number <= _LARGEST:
            self._note("F12", f"“{word}”后面要写正整数", node.place, fix)
            return 0
        return int(number)

    def _level(self, node: Node | None) -> Level:
        if node is None:
            return Level.WARNING
        level = LEVELS.get(node.value.strip()) if isinstance(node, Text) else None
        if level is None:
            fix = f"可以写：{'、'.join(LEVELS)}；省略就是提醒。本机关的要求不拦 PDF，所以没有错误。"
            self._note("F15", f"“{LEVEL}”不对", node.place, fix)
        return level or Level.WARNING

    def _note(self, code: str, message: str, place: Place, fix: str) -> None:
        # A word that an ordinary report takes lightly makes a list another one than its office meant.
        self.findings.append(replace(fault(code, message, place, fix), level=Level.ERROR))
