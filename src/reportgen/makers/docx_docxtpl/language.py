"""What a template may say in its tags: less than Jinja can, so that its work is counted before it is done.

A template needs names, what stands under them, conditions, loops, macros of its own and some filters.
Everything else is refused where it stands: powers, products and widths that fill the memory, calls, other
files. What is left is weighed: how many signs it may print, and how many steps that takes, for a report
longer than any.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from difflib import get_close_matches
from typing import NamedTuple

from jinja2 import nodes

MOST_WORK = 100_000_000
"""Signs and steps; our own templates take three quarters of it for a long report."""

_DEEPEST, _LOOPS = 60, 8
_STEP = 10
_LISTED, _IN_MEMBER, _SIGNS = 200, 8, 200
"""Members of a list of the report, and of a list in one of its members; signs of a text."""

_SAME = "abs capitalize default d e escape float forceescape int lower round string title trim upper"
_LISTS = "list map reject rejectattr reverse select selectattr sort unique"
_MEMBERS = "first last max min random sum"
FILTERS = frozenset(f"{_SAME} {_LISTS} first last max min sum count length join replace".split())
"""The filters that a template may use."""

TESTS = frozenset(
    str.split(
        "defined undefined none true false boolean string number integer float sequence mapping iterable "
        "even odd divisibleby in eq equalto ne lt lessthan le gt greaterthan ge == != < <= > >= lower upper"
    )
)
"""The tests that a template may ask, after ``is`` or in ``select``."""

_KINDS = {"join": "text", "count": "number", "length": "number", "replace": "text", "string": "text"}
_KINDS |= dict.fromkeys(("lower", "upper", "title", "trim", "capitalize", "e", "escape"), "text")
_KINDS |= dict.fromkeys(("int", "float", "abs", "round"), "number")
_CHINESE = {
    "text": "文字",
    "number": "数",
    "list": "列表",
    "mapping": "一组名字",
    "truth": "是或否",
    "nothing": "空值",
}
_UNPRINTED = frozenset({"list", "mapping", "truth", "nothing"})
NOT_PRINTED = "这里的标签不是一段文字，也不是一个数，印不出来：要写到其中的一项"
"""Said of a tag that stands for what Python would write in a manner of its own."""

_REFUSED = {
    "Pow": "乘方（**）",
    "Mul": "乘法（*）",
    "Div": "除法（/）",
    "FloorDiv": "整除（//）",
    "Mod": "取余或套格式（%）",
    "Include": "include（插入别的文件）",
    "Import": "import（取用别的文件）",
    "FromImport": "import（取用别的文件）",
    "Extends": "extends（套用别的文件）",
    "Block": "block",
    "FilterBlock": "filter 块",
    "CallBlock": "call 块",
    "Dict": "花括号里的一组名字",
    "NSRef": "namespace",
}


class Refusal(NamedTuple):
    """Something that a template may not say: its line of the source, the kind of fault, and words for it."""

    line: int
    code: str
    message: str
    due: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """What is known of a value before there is one.

    Attributes:
        kind: ``text``, ``number``, ``list``, ``mapping``, ``truth`` or ``nothing``; empty where not known.
        size: the most signs that it prints.
        length: the most members that it has.
        members: the values in it, the largest for all; None where they are not known.
        names: what stands under it, by name; None where it is not known.
    """

    kind: str = ""
    size: int = _SIGNS
    length: int = _LISTED
    members: "Value | None" = None
    names: Mapping[str, object] | None = None

    @property
    def member(self) -> "Value":
        """One of its members."""
        return self.members or Value("", min(self.size, _SIGNS), _IN_MEMBER)


def value_of(given: object) -> Value:
    """What is known of something that a report offers; its length does not count, for others are longer."""
    if isinstance(given, bool):
        return Value("truth", 5, 0)
    if given is None:  # in another report it may be something
        return Value()
    if isinstance(given, int | float | Decimal):
        return Value("number", 20, 0)
    if isinstance(given, str):
        return Value("text")
    if isinstance(given, Mapping):
        return Value("mapping", 10_000, 60, names=given)
    return Value("list", 10_000)


def refusals(tree: nodes.Template, names: Mapping[str, object]) -> Iterator[Refusal]:
    """Everything that a template must not say, in its order, and that it would print too much.

    Args:
        tree: a part of the template, as Jinja parsed it.
        names: what a report offers; what is not among them is not judged here.
    """
    scales = _Scales(names)
    scales.each(tree.body)
    yield from dict.fromkeys(scales.found)


class _Scales:
    """Goes through a tree once and adds up what it costs."""

    def __init__(self, names: Mapping[str, object]) -> None:
        self.found: list[Refusal] = []
        self.work = 0
        self.factor = 1
        self.depth = 0
        self.loops = 0
        self.known: dict[str, Value] = {name: value_of(given) for name, given in names.items()}
        self.macros: dict[str, nodes.Macro] = {}
        self.weighed: dict[str, int] = {}
        self.inside: set[str] = set()

    # ── what is told ─────────────────────────────────────────────────────────────────────────────────

    def refuse(self, node: nodes.Node, what: str, code: str = "M09", due: str = "") -> Value:
        """Keep a refusal, of too much the first; what was refused counts as nothing."""
        if code != "M10" or all(each.code != code for each in self.found):
            self.found.append(Refusal(node.lineno, code, what, due))
        return Value("", 0, 0)

    def spend(self, node: nodes.Node, signs: int) -> None:
        """Add signs and steps, as often as the loops around go; too much is told once."""
        before, self.work = self.work, self.work + self.factor * (signs + 1)
        if before <= MOST_WORK < self.work:
            self.refuse(node, "到这里为止，模板会生成过多的内容（循环套循环，或成倍加长的文字）", "M10")

    # ── statements ───────────────────────────────────────────────────────────────────────────────────

    def each(self, body: Sequence[nodes.Node]) -> None:
        """Weigh some statements one after another."""
        for node in body:
            self.statement(node)

    def statement(self, node: nodes.Node) -> None:
        """Weigh one statement."""
        weigh = _STATEMENTS.get(type(node).__name__)
        if weigh is None:
            name = type(node).__name__
            self.refuse(node, f"模板里不能用{_REFUSED.get(name, name)}")
        elif self.depth > _DEEPEST:
            self.refuse(node, "标签套得太深")
        else:
            self.depth += 1
            weigh(self, node)
            self.depth -= 1

    def output(self, node: nodes.Output) -> None:
        """Words of the template, and values in them."""
        for part in node.nodes:
            if isinstance(part, nodes.TemplateData):
                self.spend(part, len(part.data))
            else:
                self.spend(part, self.words(part).size)

    def choice(self, node: nodes.If) -> None:
        """One of the branches is taken: the dearest counts."""
        self.value(node.test)
        start, dearest = self.work, self.work
        for branch in (node.body, node.elif_, node.else_):
            self.work = start
            self.each(branch)
            dearest = max(dearest, self.work)
        self.work = dearest

    def loop(self, node: nodes.For) -> None:
        """The body as often as the list is long."""
        if node.recursive:
            self.refuse(node, "模板里不能用 recursive 循环")
        over = self.value(node.iter)
        known, factor = dict(self.known), self.factor
        self.loops += 1
        if self.loops == _LOOPS:
            self.refuse(node, "循环套得太深")
        self.factor *= max(over.length, 1)
        self.spend(node, _STEP)
        self.bind(node.target, over.member)
        self.known["loop"] = Value("mapping", 20, 0)
        if node.test is not None:
            self.value(node.test)
        if self.work <= MOST_WORK:
            self.each(node.body)
        self.known, self.factor = known, factor
        self.loops -= 1
        self.each(node.else_)

    def macro(self, node: nodes.Macro) -> None:
        """Weighed where it is called."""
        self.macros[node.name] = node
        for default in node.defaults:
            self.value(default)
        if node.name not in self.weighed:
            self.weighed[node.name] = self._of_macro(node)

    def _of_macro(self, node: nodes.Macro) -> int:
        """What a macro costs once, whatever it is given."""
        known, work, factor = dict(self.known), self.work, self.factor
        self.work, self.factor = 0, 1
        self.inside.add(node.name)
        self.known |= {each.name: Value() for each in node.args}
        self.each(node.body)
        self.inside.discard(node.name)
        cost, self.work = self.work, work
        self.known, self.factor = known, factor
        return cost

    def assign(self, node: nodes.Assign) -> None:
        """A name for a value."""
        value = self.value(node.node)
        self.spend(node, value.size)
        self.bind(node.target, value)

    def assign_block(self, node: nodes.AssignBlock) -> None:
        """A name for words."""
        before = self.work
        self.each(node.body)
        self.bind(node.target, Value("text", (self.work - before) // self.factor))
        if node.filter is not None:
            self.refuse(node, "set 块后面不能用过滤器")

    def with_(self, node: nodes.With) -> None:
        """Names for a while."""
        known = dict(self.known)
        for target, value in zip(node.targets, node.values, strict=True):
            self.bind(target, self.value(value))
        self.each(node.body)
        self.known = known

    def bind(self, target: nodes.Node, value: Value) -> None:
        """Let a name, or each of several, stand for a value."""
        if isinstance(target, nodes.Name):
            self.known[target.name] = value
        elif isinstance(target, nodes.Tuple):
            for each in target.items:
                self.bind(each, value.member)
        else:
            self.refuse(target, "这里只能写名字")

    # ── values ───────────────────────────────────────────────────────────────────────────────────────

    def value(self, node: nodes.Node) -> Value:
        """What an expression gives."""
        self.work += self.factor
        weigh = _VALUES.get(type(node).__name__)
        if weigh is None:
            name = type(node).__name__
            return self.refuse(node, f"模板里不能用{_REFUSED.get(name, name)}")
        if self.depth > _DEEPEST:
            return self.refuse(node, "标签套得太深")
        self.depth += 1
        found = weigh(self, node)
        self.depth -= 1
        if found.size > MOST_WORK:
            return self.refuse(node, "模板会生成过长的文字", "M10")
        return found

    def words(self, node: nodes.Expr) -> Value:
        """What an expression gives that is printed, or joined with words."""
        value = self.value(node)
        return self.refuse(node, NOT_PRINTED, "M13") if value.kind in _UNPRINTED else value

    def name(self, node: nodes.Name) -> Value:
        """A name that the report or the template gives."""
        return self.known.get(node.name, Value())

    def constant(self, node: nodes.Const) -> Value:
        """Something written out."""
        if isinstance(node.value, str):
            return Value("text", len(node.value), len(node.value))
        return Value("nothing", 4, 0) if node.value is None else value_of(node.value)

    def attribute(self, node: nodes.Getattr) -> Value:
        """What stands under a name."""
        above = self.value(node.node)
        if node.attr.startswith("_"):
            return self.refuse(node, f"模板里不能用以下划线开头的名字“{node.attr}”")
        if above.names is not None and node.attr in above.names:
            return value_of(above.names[node.attr])
        return above.member

    def item(self, node: nodes.Getitem) -> Value:
        """A member of a list, or some of them."""
        above = self.value(node.node)
        if isinstance(node.arg, nodes.Slice):
            return above
        self.value(node.arg)
        return above.member

    def listed(self, node: nodes.List | nodes.Tuple) -> Value:
        """A list written out."""
        items = [self.value(each) for each in node.items]
        largest = max(items, key=lambda each: (each.length, each.size), default=None)
        size = sum(each.size + 2 for each in items)
        if largest is not None:
            largest = replace(largest, size=max(each.size for each in items), kind=_one_kind(items))
        return Value("list", size, len(items), largest)

    def sum(self, node: nodes.Add | nodes.Sub) -> Value:
        """A sum of numbers; words or lists one behind the other."""
        left, right = self.value(node.left), self.value(node.right)
        kinds = {each.kind for each in (left, right)} - {""}
        if len(kinds) > 1 or kinds & {"mapping"} or (isinstance(node, nodes.Sub) and kinds - {"number"}):
            sides = "和".join(_CHINESE.get(each.kind, "不知是什么的值") for each in (left, right))
            return self.refuse(node, f"{sides}不能相加减；文字相连请用 ~", "M11")
        return Value(left.kind or right.kind, left.size + right.size, left.length + right.length)

    def joined(self, node: nodes.Concat) -> Value:
        """Words one behind the other."""
        return Value("text", sum(self.words(each).size for each in node.nodes))

    def either(self, node: nodes.And | nodes.Or) -> Value:
        """One of two."""
        return _larger(self.value(node.left), self.value(node.right))

    def chosen(self, node: nodes.CondExpr) -> Value:
        """One of two, by a condition."""
        self.value(node.test)
        other = self.value(node.expr2) if node.expr2 is not None else Value("text", 0, 0)
        return _larger(self.value(node.expr1), other)

    def denied(self, node: nodes.Not | nodes.Neg | nodes.Pos) -> Value:
        """The contrary."""
        self.value(node.node)
        return Value("truth" if isinstance(node, nodes.Not) else "number", 20, 0)

    def compared(self, node: nodes.Compare) -> Value:
        """Yes or no; larger and smaller only of one kind."""
        left = self.value(node.expr)
        for operand in node.ops:
            right = self.value(operand.expr)
            if operand.op in ("lt", "lteq", "gt", "gteq") and left.kind and right.kind not in ("", left.kind):
                sides = "和".join(_CHINESE[each.kind] for each in (left, right))
                self.refuse(node, f"{sides}不能比大小", "M11")
        return Value("truth", 5, 0)

    def test(self, node: nodes.Test) -> Value:
        """Yes or no."""
        self.value(node.node)
        self._known_name(node, node.name, TESTS, "判断")
        self._arguments(node)
        return Value("truth", 5, 0)

    def filter(self, node: nodes.Filter) -> Value:
        """What a filter makes of a value."""
        given = self.value(node.node) if node.node is not None else Value()
        arguments = self._arguments(node)
        if not self._known_name(node, node.name, FILTERS, "过滤器"):
            return Value()
        if node.name in ("map", "select", "reject", "selectattr", "rejectattr"):
            self._named_by_word(node)
            mapped = replace(given.member, kind="") if node.name == "map" else given.members
            return Value("list", given.size, given.length, mapped)
        if node.name == "join":
            between = arguments[0].size if arguments else 0
            return Value("text", given.size + given.length * between)
        if node.name == "replace":
            return Value("text", (given.size + 1) * (1 + arguments[1].size if len(arguments) > 1 else 1))
        if node.name in _MEMBERS.split():
            return given.member
        size = given.size + sum(each.size for each in arguments) + 30
        return replace(given, size=size, kind=_KINDS.get(node.name, given.kind if not arguments else ""))

    def _arguments(self, node: nodes.Filter | nodes.Test | nodes.Call) -> list[Value]:
        if node.dyn_args is not None or node.dyn_kwargs is not None:
            self.refuse(node, "模板里不能用 * 或 ** 展开的参数")
        return [self.value(each) for each in (*node.args, *(pair.value for pair in node.kwargs))]

    def _known_name(self, node: nodes.Node, name: str, known: frozenset[str], what: str) -> bool:
        if name in known:
            return True
        near = get_close_matches(name, known, n=1)
        due = f"是不是“{near[0]}”？" if near else "可以用的有 " + "、".join(sorted(known & _SHOWN))
        self.refuse(node, f"没有“{name}”这个{what}，或模板里不能用", "M12", due)
        return False

    def _named_by_word(self, node: nodes.Filter) -> None:
        """A filter or test that another filter is told by its name."""
        words = [each.value for each in node.args if isinstance(each, nodes.Const)]
        if len(words) < len(node.args) and node.name in ("map", "select", "reject"):
            self.refuse(node, f"“{node.name}”里要直接写名字，加引号")
        known, what = (FILTERS, "过滤器") if node.name == "map" else (TESTS, "判断")
        place = 1 if node.name.endswith("attr") else 0
        if len(words) > place and isinstance(words[place], str):
            self._known_name(node, words[place], known, what)

    def call(self, node: nodes.Call) -> Value:
        """A macro of the template; nothing else is called."""
        arguments = self._arguments(node)
        called = node.node.name if isinstance(node.node, nodes.Name) else ""
        if called not in self.macros:
            return self.refuse(node, "模板里不能调用别的程序或函数，只能用模板自己的 macro")
        if called in self.inside:
            return self.refuse(node, f"“{called}”不能调用它自己")
        more = sum(each.size for each in arguments)
        cost = self.weighed.get(called, 0) + more
        self.spend(node, cost)
        return Value("text", cost)


def _one_kind(items: Sequence[Value]) -> str:
    kinds = {each.kind for each in items}
    return kinds.pop() if len(kinds) == 1 else ""


def _larger(one: Value, other: Value) -> Value:
    largest = max(one, other, key=lambda each: (each.length, each.size))
    return replace(largest, size=max(one.size, other.size), kind=one.kind if one.kind == other.kind else "")


_SHOWN = frozenset(
    str.split("join map selectattr list first last default length replace defined none even odd")
)
_STATEMENTS: Mapping[str, Callable[..., None]] = {
    "Output": _Scales.output,
    "If": _Scales.choice,
    "For": _Scales.loop,
    "Macro": _Scales.macro,
    "Assign": _Scales.assign,
    "AssignBlock": _Scales.assign_block,
    "With": _Scales.with_,
}
_VALUES: Mapping[str, Callable[..., Value]] = {
    "Name": _Scales.name,
    "Const": _Scales.constant,
    "TemplateData": lambda _, node: Value("text", len(node.data)),
    "Getattr": _Scales.attribute,
    "Getitem": _Scales.item,
    "List": _Scales.listed,
    "Tuple": _Scales.listed,
    "Add": _Scales.sum,
    "Sub": _Scales.sum,
    "Concat": _Scales.joined,
    "And": _Scales.either,
    "Or": _Scales.either,
    "Not": _Scales.denied,
    "Neg": _Scales.denied,
    "Pos": _Scales.denied,
    "CondExpr": _Scales.chosen,
    "Compare": _Scales.compared,
    "Test": _Scales.test,
    "Filter": _Scales.filter,
    "Call": _Scales.call,
}
