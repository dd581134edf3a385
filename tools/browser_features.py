"""What the page's scripts, styles and templates ask of a browser, held against the oldest that offices have.

All that is the browser's (syntax, globals, methods, members, events, CSS, elements, attributes) must stand in
``browser_features.yaml`` with the versions in which it came. What is not in that list is told, and so is
what came after Chromium 108 or Firefox ESR 102. Prints one line for each; the exit code is 1 for any.
"""

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import esprima
import tinycss2
import yaml

REPOSITORY = Path(__file__).resolve().parent.parent
WEB = REPOSITORY / "src" / "reportgen" / "web"
TABLE = Path(__file__).with_suffix(".yaml")
OLDEST = {"Chromium": 108, "Firefox": 102}
"""The browsers that offices have, and their versions."""

_TAG = re.compile(r"<([a-z][a-z0-9]*)((?:\s[^<>]*)?)>")
_ATTRIBUTE = re.compile(r"(?<=[\s}])([a-z][a-z-]*)(?==)")
_JINJA = re.compile(r"\{[{%].*?[%}]\}")


class Use(NamedTuple):
    """Something that is asked of a browser: where, what kind of thing it is, and its name."""

    file: str
    line: int
    kind: str
    name: str


def complaints(uses: Iterator[Use], table: dict[str, Any]) -> list[str]:
    """A sentence for each use of what is newer than the oldest browser, or not in the table."""
    said = []
    for use in sorted(set(uses)):
        known = table.get(use.kind, {})
        versions = known.get(use.name) if isinstance(known, dict) else None
        where = f"{use.file}:{use.line}: {use.kind} {use.name}"
        if use.name in _old(table, use.kind):
            continue
        if versions is None:
            said.append(f"{where} is not in {TABLE.name}: look up when browsers got it, and add it")
        elif use.name not in table.get("optional", {}):
            newer = [f"{name} {version}" for name, version in zip(OLDEST, versions, strict=True)
                     if version > OLDEST[name]]  # fmt: skip
            said += [f"{where} came with {each}" for each in newer]
    return said


def _old(table: dict[str, Any], kind: str) -> set[str]:
    return set(str(table["old"].get(kind, "")).split())


# ── scripts ──────────────────────────────────────────────────────────────────────────────────────────


def uses_of_script(text: str, file: str, ours: frozenset[str]) -> Iterator[Use]:
    """What a module asks for.

    Args:
        text: the module.
        file: its name.
        ours: names of the page's own values, which are no members of the browser's.
    """
    tree = esprima.parseModule(text, {"loc": True})
    nodes = list(_nodes(tree))
    awaited = _awaited_outside(tree)
    declared = set(_declared(nodes))
    names = {id(each) for node in nodes for each in _not_read(node)}
    called = {id(node.callee) for node in nodes if node.type in ("CallExpression", "NewExpression")}
    for node in nodes:
        line = node.loc.start.line if node.loc else 0
        yield from (Use(file, line, "syntax", name) for name in _syntax(node))
        if id(node) in awaited:
            yield Use(file, line, "syntax", "await outside a function")
        if node.type == "Identifier" and id(node) not in names and node.name not in declared:
            yield Use(file, line, "global", node.name)
        if node.type == "MemberExpression" and not node.computed:
            name = node.property.name
            if id(node) in called:
                yield Use(file, line, "method", name)
            elif name not in ours:
                yield Use(file, line, "member", name)
        if node.type == "CallExpression":
            yield from _named_in_call(node, file, line)


def _nodes(node: Any) -> Iterator[Any]:
    for value in vars(node).values():
        for each in value if isinstance(value, list) else [value]:
            if hasattr(each, "type") and isinstance(each.type, str):
                yield each
                yield from _nodes(each)


def _awaited_outside(node: Any) -> set[int]:
    """Every ``await`` that stands in no function."""
    found: set[int] = set()
    for value in vars(node).values():
        for each in value if isinstance(value, list) else [value]:
            if isinstance(getattr(each, "type", None), str) and "Function" not in each.type:
                found |= {id(each)} if each.type == "AwaitExpression" else set()
                found |= _awaited_outside(each)
    return found


def _declared(nodes: list[Any]) -> Iterator[str]:
    """Every name that a module gives to something."""
    for node in nodes:
        targets: list[Any] = []
        if node.type == "VariableDeclarator":
            targets = [node.id]
        elif node.type in ("FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"):
            targets = [*([node.id] if getattr(node, "id", None) else []), *node.params]
        elif node.type == "ClassDeclaration":
            targets = [node.id]
        elif node.type == "ImportSpecifier":
            targets = [node.local]
        elif node.type == "CatchClause" and node.param:
            targets = [node.param]
        for target in targets:
            yield from _bound(target)


def _bound(target: Any) -> Iterator[str]:
    if target.type == "Identifier":
        yield target.name
    elif target.type == "ArrayPattern":
        yield from (name for each in target.elements if each for name in _bound(each))
    elif target.type == "ObjectPattern":
        for each in target.properties:
            yield from _bound(each.argument if each.type == "RestElement" else each.value)
    elif target.type in ("AssignmentPattern", "RestElement"):
        yield from _bound(target.left if target.type == "AssignmentPattern" else target.argument)


def _not_read(node: Any) -> Iterator[Any]:
    """Identifiers in a node that are names of members, keys or imports, and read no variable."""
    if node.type == "MemberExpression" and not node.computed:
        yield node.property
    if (
        node.type in ("Property", "MethodDefinition")
        and not node.computed
        and not getattr(node, "shorthand", False)
    ):
        yield node.key
    if node.type in ("ImportSpecifier", "ExportSpecifier"):
        yield from (node.imported, node.local) if node.type == "ImportSpecifier" else (node.exported,)


_MARKED: dict[str, Callable[[Any], bool]] = {
    "optional chaining": lambda node: bool(getattr(node, "optional", False)),
    "??": lambda node: getattr(node, "operator", "") == "??",
    "logical assignment": lambda node: getattr(node, "operator", "") in ("??=", "||=", "&&="),
    "catch without a name": lambda node: node.type == "CatchClause" and node.param is None,
    "spread in an object": lambda node: (
        node.type == "ObjectExpression" and any(each.type == "SpreadElement" for each in node.properties)
    ),
    "regular expression flag": lambda node: (
        bool(getattr(node, "regex", None)) and bool(set(node.regex.flags) - set("gimuy"))
    ),
    "named group or look behind": lambda node: (
        bool(getattr(node, "regex", None)) and "(?<" in node.regex.pattern
    ),
}


def _syntax(node: Any) -> Iterator[str]:
    yield node.type
    yield from (name for name, marks in _MARKED.items() if marks(node))


def _named_in_call(node: Any, file: str, line: int) -> Iterator[Use]:
    """Elements that are made, their attributes, and events that are listened to."""
    name = node.callee.name if node.callee.type == "Identifier" else getattr(node.callee.property, "name", "")
    first = node.arguments[0] if node.arguments else None
    if name == "fetch":
        keys = [each.key.name for given in node.arguments[1:] for each in given.properties]
        yield from (Use(file, line, "fetch", key) for key in keys)
    if first is None or first.type != "Literal" or not isinstance(first.value, str):
        return
    if name in ("make", "createElement"):
        yield Use(file, line, "element", first.value)
        given = node.arguments[1] if len(node.arguments) > 1 else None
        for each in given.properties if given and given.type == "ObjectExpression" else []:
            key = each.key.name if each.key.type == "Identifier" else str(each.key.value)
            yield Use(file, line, "event" if key.startswith("on") else "attribute", key.removeprefix("on"))
    if name in ("addEventListener", "removeEventListener", "Event"):
        yield Use(file, line, "event", first.value)
    if name in ("setAttribute", "removeAttribute"):
        yield Use(file, line, "attribute", first.value)


# ── styles ───────────────────────────────────────────────────────────────────────────────────────────


def uses_of_style(text: str, file: str) -> Iterator[Use]:
    """What a style sheet asks for: at-rules, what they ask about, selectors, properties and their values."""
    yield from _of_rules(tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True), file)


def _of_rules(rules: list[Any], file: str) -> Iterator[Use]:
    for rule in rules:
        if rule.type == "error":
            yield Use(file, rule.source_line, "css", rule.message)
        elif rule.type == "at-rule":
            yield Use(file, rule.source_line, "at-rule", rule.lower_at_keyword)
            for token in _tokens(rule.prelude):
                if token.type == "ident":
                    yield Use(file, token.source_line, "media", token.lower_value)
            inner = tinycss2.parse_rule_list(rule.content or [], skip_comments=True, skip_whitespace=True)
            yield from _of_rules(inner, file)
        else:
            yield from _of_selector(rule.prelude, file)
            yield from _of_declarations(rule.content, file)


def _of_selector(prelude: list[Any], file: str) -> Iterator[Use]:
    tokens = list(_tokens(prelude))
    for before, token in zip([None, *tokens], tokens, strict=False):
        if before is not None and before == ":":
            name = token.lower_name if token.type == "function" else getattr(token, "lower_value", "")
            if name:
                yield Use(file, token.source_line, "selector", name)
        if token.type == "literal" and token.value in ("&", "||"):
            yield Use(file, token.source_line, "selector", token.value)


def _of_declarations(content: list[Any], file: str) -> Iterator[Use]:
    for each in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True):
        if each.type != "declaration":
            yield Use(file, each.source_line, "css", f"a {each.type} within a rule")
            continue
        own = each.name.startswith("--")
        if not own:
            yield Use(file, each.source_line, "property", each.lower_name)
        for token in _tokens(each.value):
            if token.type == "function":
                yield Use(file, token.source_line, "function", token.lower_name)
            elif token.type == "dimension":
                yield Use(file, token.source_line, "unit", token.lower_unit)
            elif (
                token.type == "ident"
                and not token.value.startswith("--")
                and each.lower_name not in _FAMILIES
            ):
                yield Use(file, token.source_line, "value", token.lower_value)


_FAMILIES = ("font", "font-family")


def _tokens(tokens: list[Any]) -> Iterator[Any]:
    for token in tokens:
        yield token
        inner = getattr(token, "arguments", None) or getattr(token, "content", None) or []
        if not isinstance(inner, str):
            yield from _tokens(inner)


# ── templates ────────────────────────────────────────────────────────────────────────────────────────


def uses_of_template(text: str, file: str) -> Iterator[Use]:
    """The elements and attributes that a template writes."""
    plain = _JINJA.sub(" ", text)
    for tag in _TAG.finditer(plain):
        line = plain.count("\n", 0, tag.start()) + 1
        yield Use(file, line, "element", tag[1])
        for name in _ATTRIBUTE.findall(tag[2]):
            if not name.startswith("data-"):
                yield Use(file, line, "attribute", name)


# ── all of the page ──────────────────────────────────────────────────────────────────────────────────


def uses() -> Iterator[Use]:
    """What all of the page asks for."""
    ours = own_names()
    for path in sorted((WEB / "static").iterdir()):
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".js":
            yield from uses_of_script(text, path.name, ours)
        elif path.suffix == ".css":
            yield from uses_of_style(text, path.name)
    for path in sorted((WEB / "templates").iterdir()):
        yield from uses_of_template(path.read_text(encoding="utf-8"), path.name)


def own_names() -> frozenset[str]:
    """Names of the page's own values: what the server sends, and what the scripts keep in objects."""
    sent = {name for path in WEB.glob("*.py") for name in re.findall(r'"([a-z_]+)"', path.read_text("utf-8"))}
    kept = {
        name
        for path in (WEB / "static").glob("*.js")
        for name in re.findall(r"\b([A-Za-z]+)(?=: )", path.read_text("utf-8"))
    }
    data = {
        name
        for path in (WEB / "templates").iterdir()
        for name in re.findall(r"data-([a-z]+)", path.read_text("utf-8"))
    }
    hung = str(table()["old"]["own"]).split()
    return frozenset({*sent, *kept, *data, *hung})


def table() -> dict[str, Any]:
    """What is known of browsers."""
    known: dict[str, Any] = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return known


def main() -> int:
    """Tell what is too new; the exit code."""
    said = complaints(uses(), table())
    for each in said:
        print(each)
    return bool(said)


if __name__ == "__main__":
    sys.exit(main())
