"""Changes of a clerk's YAML text, by the page or from a ledger: all else stays as it is, byte for byte.

A change replaces, adds or removes one entry. PyYAML says where entries begin and end; everything between them
(comments, blank lines, alignment, the order) is never written again. Afterwards the text is read once more:
were anything but the changed entry to read otherwise than before, the change is refused.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

import yaml

from reportgen.clerk_file.writing import block, scalar
from reportgen.model.form import Form
from reportgen.model.keys import FIELDS, plain
from reportgen.model.nodes import Items, Mapping, Node, Text
from reportgen.sources.yaml import Mended, mended_text, read
from reportgen.sources.yaml.targets import SITE, Change, EditRefused, Step, Target, step_of, target_of

_ADDRESS = re.compile(r"(?i)https?://|www\.")


@lru_cache(maxsize=16)
def mended(text: str, forms: tuple[Form, ...]) -> Mended:
    """A text with the slips mended that have one reading only: asked for by every view of the same text."""
    return mended_text(text, forms)


def edited(text: str, changes: Iterable[Change], form: Form, forms: tuple[Form, ...]) -> str:
    """The text with the changes made, one after another.

    Slips of the writing (a full-width colon) are mended first, since places in a broken text mean nothing.

    Raises:
        EditRefused: a change names nothing of the form, or the text is such that it cannot be made.
    """
    text = mended(text, forms).text
    targets = [target_of(change, form) for change in changes]
    for _, group in groupby(targets, key=lambda target: target.steps[0].name):
        text = _edited(text, list(group), forms)
    return text


def _edited(text: str, targets: Sequence[Target], forms: tuple[Form, ...]) -> str:
    """The text with changes made under one word of its top; the other words must say what they said."""
    step = targets[0].steps[0]
    before, after = _tops(text, step, forms), text
    for target in targets:
        after = _Edit(after, target).made()
    if after != text and _tops(after, step, forms) != before:
        raise EditRefused("这一处的写法太特别，改不了，请在“原文”里改。")
    return after


# ── the text ─────────────────────────────────────────────────────────────────────────────────────────


class _Entry(NamedTuple):
    """A key and its value as composed, and the mapping that holds it."""

    key: yaml.ScalarNode
    value: yaml.Node
    holder: yaml.MappingNode


class _Edit:
    """One change of a text that can be composed."""

    def __init__(self, text: str, target: Target) -> None:
        self.text = text
        self.target = target
        try:
            self.root = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        except yaml.YAMLError:
            raise EditRefused("文件的写法有误，先在“原文”里改好才能填表。") from None
        if self.root is not None and not _is_tree(self.root, set()):
            raise EditRefused("文件里用了引用（& 和 *），改一处会动到别处，请在“原文”里改。")

    def made(self) -> str:
        """The text after the change."""
        if self.root is None:
            return self._into_nothing()
        if not isinstance(self.root, yaml.MappingNode):
            raise EditRefused("文件不是“项目: 内容”的写法，请先在“原文”里改好。")
        way = self._way()
        steps = self.target.steps
        if len(way) == len(steps):
            return self._replaced(way[-1]) if self.target.value.strip() else self._without(way)
        if not self.target.value.strip() or (self._is_silent_zero(way)):
            return self.text
        if not way:
            return self._added(self.root, steps, block_style=not self.root.flow_style)
        last = way[-1]
        if isinstance(last.value, yaml.MappingNode) and last.value.value:
            if self._is_noted(last.value):
                raise EditRefused("这一格的写法太特别，请在“原文”里改。")
            return self._added(last.value, steps[len(way) :], block_style=not last.value.flow_style)
        return self._opened(last, steps[len(way) :])

    def _is_silent_zero(self, way: Sequence[_Entry]) -> bool:
        """True for a zero where nothing stands, in a table that has something."""
        return (
            self.target.value == "0" and self.target.apart and bool(way) and not self._is_blank(way[0].value)
        )

    @staticmethod
    def _is_blank(node: yaml.Node) -> bool:
        return not node.value

    @staticmethod
    def _is_noted(node: yaml.Node) -> bool:
        """True for ``{值: 22, 注: 其中修订16件}``."""
        return isinstance(node, yaml.MappingNode) and any(
            isinstance(key, yaml.ScalarNode) and plain(key.value) in ("值", "注") for key, _ in node.value
        )

    def _way(self) -> list[_Entry]:
        """The entries of the steps, as far as there are any."""
        way: list[_Entry] = []
        node: yaml.Node | None = self.root
        for step in self.target.steps:
            entry = self._find(node, step)
            if entry is None:
                break
            way.append(entry)
            node = entry.value
        return way

    def _find(self, node: yaml.Node | None, step: Step, depth: int = 0) -> _Entry | None:
        if not isinstance(node, yaml.MappingNode) or depth > 6:
            return None
        named = [(key, value) for key, value in node.value if isinstance(key, yaml.ScalarNode)]
        for key, value in named:
            if plain(key.value) in step.known:
                return _Entry(key, value, node)
        for key, value in named:
            if plain(key.value) in step.through and (found := self._find(value, step, depth + 1)):
                return found
        return None

    # ── an entry that is there ──

    def _replaced(self, entry: _Entry) -> str:
        """The text with another value of an entry."""
        value = entry.value
        if self.target.kind == "line" and self._is_noted(value):
            return self._with_noted(value)
        if self.target.remark:
            if not isinstance(value, yaml.ScalarNode):
                raise EditRefused("这一格的写法太特别，请在“原文”里改。")
            number = scalar(value.value) if value.value else "0"
            return self._put(value, entry, f"{{值: {number}, 注: {scalar(self.target.value)}}}")
        if self.target.kind == "prose":
            return self._with_prose(entry)
        return self._put(value, entry, self._flow_value())

    def _with_noted(self, value: yaml.Node) -> str:
        """A cell that has a remark keeps it when its number is changed, and the other way round."""
        word = "注" if self.target.remark else "值"
        inner = self._find(value, step_of(word))
        if inner is None:
            assert isinstance(value, yaml.MappingNode)
            return self._added(value, (step_of(word, ("值", "注")),), block_style=not value.flow_style)
        return self._put(inner.value, inner, scalar(self.target.value))

    def _put(self, value: yaml.Node, entry: _Entry, written: str) -> str:
        """Write one line in the place of a value."""
        start, end = entry.key.end_mark.index, self._end(value)
        colon = self.text.index(":", start)
        if value.start_mark.line == entry.key.end_mark.line and value.start_mark.index > colon:
            between = self.text[colon + 1 : value.start_mark.index]
            blanks = between if between.strip() == "" and between else " "
        else:
            blanks = " "
        return self.text[: colon + 1] + blanks + written + self._tail(end)

    def _tail(self, end: int) -> str:
        """What follows a value; a comment or comma close behind keeps its distance."""
        rest = self.text[end:]
        return f" {rest}" if rest.startswith("#") else rest

    def _with_prose(self, entry: _Entry) -> str:
        if entry.holder.flow_style:
            return self._put(entry.value, entry, scalar(self.target.value.strip()))
        colon = self.text.index(":", entry.key.end_mark.index)
        end = self._end(entry.value)
        line_end = self._line_end(colon)
        head = self.text[colon + 1 : line_end]
        # What stands behind "|", or behind a short text, may be the clerk's comment.
        said = re.search(r"(?:^|[ \t]+)#.*", self.text[end:line_end] if end < line_end else "")
        if isinstance(entry.value, yaml.ScalarNode) and entry.value.style in ("|", ">"):
            said = re.search(r"[ \t]+#.*", head)
        indent = " " * (entry.key.start_mark.column + 2)
        written = block(self.target.value, indent)
        if said and written.startswith(" |\n"):
            written = f" |{'' if said[0][:1] in ' ' + chr(9) else ' '}{said[0]}\n{written[3:]}"
            end = max(end, line_end)
        return self.text[: colon + 1] + written.removesuffix("\n") + self.text[end:]

    def _without(self, way: Sequence[_Entry]) -> str:
        """The text without an entry, and without what holds nothing else."""
        if self.target.remark:
            return self._without_remark(way[-1])
        at, least = len(way) - 1, 1
        if self.target.steps[0].name == FIELDS["answers"] and not self._is_commented(way[0]):
            least = 0
        while at > least and len(way[at].holder.value) == 1 and way[at - 1].value is way[at].holder:
            at -= 1
        entry = way[at]
        upper = way[max(at - 1, 0)]
        comments = not entry.holder.flow_style and self._is_commented(upper)
        if len(entry.holder.value) == 1 and at > 0 and not comments:
            # The last entry of a table: the table's word stays, and is now empty.
            colon = self.text.index(":", upper.key.end_mark.index)
            return self.text[: colon + 1] + self.text[self._end(entry.holder) :]
        return self._cut_flow(entry) if entry.holder.flow_style else self._cut_lines(entry)

    def _is_commented(self, entry: _Entry) -> bool:
        """True where a comment may stand within an entry, or behind its word."""
        return "#" in self.text[entry.key.end_mark.index : self._line_end(self._end(entry.value))]

    def _without_remark(self, entry: _Entry) -> str:
        inner = self._find(entry.value, step_of("值"))
        if not self._is_noted(entry.value):
            return self.text
        number = inner.value.value if inner and isinstance(inner.value, yaml.ScalarNode) else ""
        return self._put(entry.value, entry, scalar(number) if number else '""')

    def _cut_flow(self, entry: _Entry) -> str:
        pairs = entry.holder.value
        at = next(index for index, (key, _) in enumerate(pairs) if key is entry.key)
        if at + 1 < len(pairs):
            return self.text[: entry.key.start_mark.index] + self.text[pairs[at + 1][0].start_mark.index :]
        return self.text[: self._end(pairs[at - 1][1])] + self.text[self._end(entry.value) :]

    def _cut_lines(self, entry: _Entry) -> str:
        start = self.text.rfind("\n", 0, entry.key.start_mark.index) + 1
        end = self._line_end(self._end(entry.value))
        return self.text[:start] + self.text[end + 1 :]

    # ── an entry that is not there yet ──

    def _added(self, holder: yaml.MappingNode, steps: Sequence[Step], *, block_style: bool) -> str:
        """The text with an entry more in a mapping, where the order of the form has it."""
        known = {plain(key.value): index for index, (key, _) in enumerate(holder.value)
                 if isinstance(key, yaml.ScalarNode)}  # fmt: skip
        order = list(steps[0].siblings)
        mine = order.index(plain(steps[0].name)) if plain(steps[0].name) in order else len(order)
        before = [known[word] for word in order[:mine] if word in known]
        after = max(before) if before else (len(holder.value) - 1 if mine == len(order) else -1)
        if not block_style:
            return self._added_flow(holder, after, self._flow_entry(steps))
        return self._added_block(holder, after, steps)

    def _added_flow(self, holder: yaml.MappingNode, after: int, written: str) -> str:
        if not holder.value:
            at = holder.start_mark.index + 1
            return self.text[:at] + written + self.text[at:]
        if after < 0:
            at = holder.value[0][0].start_mark.index
            return self.text[:at] + written + ", " + self.text[at:]
        at = self._end(holder.value[after][1])
        return self.text[:at] + ", " + written + self.text[at:]

    def _added_block(self, holder: yaml.MappingNode, after: int, steps: Sequence[Step]) -> str:
        indent = holder.value[0][0].start_mark.column if holder.value else 0
        if after < 0:
            at = self.text.rfind("\n", 0, holder.value[0][0].start_mark.index) + 1
            return self.text[:at] + self._block_entry(steps, indent) + self.text[at:]
        at = self._line_end(self._end(holder.value[after][1]))
        gap = "\n" if indent == 0 and self.target.apart else ""
        written = self._block_entry(steps, indent)
        return self.text[:at] + "\n" + gap + written.removesuffix("\n") + self.text[at:]

    def _opened(self, entry: _Entry, steps: Sequence[Step]) -> str:
        """The text with an entry in the place of a word: ``全部为零``, a blank, ``{}``."""
        old = entry.value.value if isinstance(entry.value, yaml.ScalarNode) else ""
        if old and self.target.steps[0].name == FIELDS["answers"]:
            raise EditRefused("这个编号已经有一条不分句子的核对，请先在那一条的下面按“取消核对”，再写。")
        flow = f"{{{self._flow_entry(steps)}}}"
        if plain(steps[0].name) in map(plain, SITE) and isinstance(old, str) and old:
            mine = SITE[bool(_ADDRESS.match(old))]
            other = f"{mine}: {scalar(old)}"
            flow = f"{{{self._flow_entry(steps)}}}" if mine == steps[0].name else (
                f"{{{other}, {self._flow_entry(steps)}}}"
            )  # fmt: skip
        deep = self.target.apart and len(self.target.steps) - len(steps) == 1
        if entry.holder.flow_style or not (deep or self.target.kind == "prose"):
            return self._put(entry.value, entry, flow)
        colon = self.text.index(":", entry.key.end_mark.index)
        end, line_end = self._end(entry.value), self._line_end(colon)
        said = self.text[end:line_end] if end <= line_end else ""
        written = self._block_entry(steps, entry.key.start_mark.column + 2)
        rest = self.text[max(end, line_end) :]
        return self.text[: colon + 1] + said + "\n" + written.removesuffix("\n") + rest

    def _flow_entry(self, steps: Sequence[Step]) -> str:
        inner = self._flow_value() if len(steps) == 1 else f"{{{self._flow_entry(steps[1:])}}}"
        return f"{scalar(steps[0].name)}: {inner}"

    def _block_entry(self, steps: Sequence[Step], indent: int) -> str:
        """An entry as lines: a table and a group of rows open, a row on one line."""
        lead, name = " " * indent, scalar(steps[0].name)
        if len(steps) == 1 and self.target.kind == "prose":
            return f"{lead}{name}:{block(self.target.value, lead + '  ')}"
        if len(steps) == 1:
            return f"{lead}{name}: {self._flow_value()}\n"
        opens = (
            self.target.kind == "prose" or (self.target.apart and len(steps) > 2) or self._opens_row(steps)
        )
        if opens:
            return f"{lead}{name}:\n{self._block_entry(steps[1:], indent + 2)}"
        return f"{lead}{name}: {{{self._flow_entry(steps[1:])}}}\n"

    def _opens_row(self, steps: Sequence[Step]) -> bool:
        """True for the word of a table whose rows have one column, and for 核对."""
        top = steps[0] is self.target.steps[0]
        return top and (steps[0].name == FIELDS["answers"] or (len(steps) == 2 and self.target.apart))

    def _flow_value(self) -> str:
        if self.target.remark:
            return f"{{值: 0, 注: {scalar(self.target.value)}}}"
        if self.target.kind == "list":
            lines = [line.strip() for line in self.target.value.split("\n") if line.strip()]
            return f"[{', '.join(map(scalar, lines))}]"
        if self.target.kind == "prose":
            return scalar(self.target.value.strip())
        return scalar(self.target.value)

    def _into_nothing(self) -> str:
        if not self.target.value.strip():
            return self.text
        text = self.text if not self.text or self.text.endswith("\n") else self.text + "\n"
        return text + self._block_entry(self.target.steps, 0)

    # ── where things end ──

    def _end(self, node: yaml.Node) -> int:
        """Behind the last character of a node that says something."""
        if isinstance(node, yaml.ScalarNode):
            if node.style in ("|", ">"):
                return max(len(self.text[: node.end_mark.index].rstrip()), node.start_mark.index + 1)
            return node.end_mark.index
        if not isinstance(node, yaml.CollectionNode) or node.flow_style or not node.value:
            return node.end_mark.index
        last = node.value[-1]
        return self._end(last[1] if isinstance(node, yaml.MappingNode) else last)

    def _line_end(self, at: int) -> int:
        found = self.text.find("\n", at)
        return found if found >= 0 else len(self.text)


def _is_tree(node: yaml.Node, seen: set[int]) -> bool:
    """True where no node stands in two places."""
    if id(node) in seen:
        return False
    seen.add(id(node))
    parts = node.value if isinstance(node, yaml.CollectionNode) else ()
    inner = (each for part in parts for each in (part if isinstance(part, tuple) else (part,)))
    return all(_is_tree(each, seen) for each in inner)


# ── nothing else changes ─────────────────────────────────────────────────────────────────────────────


def _tops(text: str, step: Step, forms: tuple[Form, ...]) -> dict[str, object]:
    """What every entry at the top says but the one of the step, and their order."""
    node, _ = read(text.encode(), "", forms)
    if node is None and text.strip():
        raise EditRefused("文件的写法有误，先在“原文”里改好才能填表。")
    if node is None:
        return {"": []}
    tops = {name.value: bare(value) for name, value in node.entries if plain(name.value) not in step.known}
    return {**tops, "": [name.value for name, _ in node.entries if plain(name.value) not in step.known]}


def bare(node: Node) -> object:
    """What a node says, without its places."""
    if isinstance(node, Text):
        return node.value.rstrip("\n")
    if isinstance(node, Items):
        return [bare(each) for each in node.items]
    return {name.value: bare(value) for name, value in node.entries}


def entry_text(node: Mapping | None, *names: str) -> str:
    """The text that stands under these words, paragraphs of a list apart; empty where there is none."""
    found: Node | None = node
    for name in names:
        found = _under(found, name) if isinstance(found, Mapping) else None
    if isinstance(found, Items):
        return "\n\n".join(each.value.rstrip("\n") for each in found.items if isinstance(each, Text))
    return found.value.rstrip("\n") if isinstance(found, Text) else ""


def _under(node: Mapping, name: str) -> Node | None:
    return next(_values(node, plain(name)), None)


def _values(node: Mapping, word: str) -> Iterator[Node]:
    yield from (value for key, value in node.entries if plain(key.value) == word)
