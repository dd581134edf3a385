"""The clerk's YAML: bytes into nodes with places, scalars as typed, every fault of the writing at once."""

import operator
import re

import yaml

from reportgen.model.form import Form
from reportgen.model.nodes import Mapping
from reportgen.problems import Finding, Place, fault
from reportgen.safe.decoding import lines_of, text_of
from reportgen.sources import Source
from reportgen.sources.yaml_draft import Draft
from reportgen.sources.yaml_mending import is_odd, mend
from reportgen.sources.yaml_nodes import DEEPEST, Nodes, TooMuch
from reportgen.sources.yaml_plain import plain_nodes
from reportgen.sources.yaml_trouble import trouble

try:
    from yaml import CSafeLoader as SafeLoader
except ImportError:  # pragma: no cover - PyYAML built without libyaml
    from yaml import SafeLoader  # type: ignore[assignment]


_NESTING = ("[", "{", "- ", "? ")
_ENOUGH_TO_NEST = 300
"""A text with fewer of these cannot be nested so deep that it hurts."""

_DEEP_INDENT = re.compile(r"\n {300}")


_TAGS: dict[type[yaml.Node], str] = {
    yaml.ScalarNode: "tag:yaml.org,2002:str",
    yaml.SequenceNode: "tag:yaml.org,2002:seq",
    yaml.MappingNode: "tag:yaml.org,2002:map",
}


class _AsTyped(SafeLoader):
    """A loader to which every scalar is text: the form decides types, not YAML."""

    def resolve(self, kind: type[yaml.Node], _value: object, _implicit: object) -> str:
        """The tag of a node that was given none: its kind's, whatever it says."""
        return _TAGS[kind]

    # Called at every node to look for tags that paths ask for. There are none, and these do nothing fastest.
    descend_resolver = staticmethod(operator.is_)  # type: ignore[assignment]
    ascend_resolver = staticmethod(tuple)  # type: ignore[assignment]


def read(content: bytes, name: str, forms: tuple[Form, ...]) -> tuple[Mapping | None, tuple[Finding, ...]]:
    """The mapping that a file's bytes say, with what is wrong with its writing. Never raises."""
    text, findings = text_of(content, name)
    if text is None:
        return None, findings
    plain = None if is_odd(text) else plain_nodes(text, name)
    if plain:
        return plain, findings
    node, faults = read_mended(text, name, forms)
    return node, (*findings, *faults)


def read_mended(text: str, name: str, forms: tuple[Form, ...]) -> tuple[Mapping | None, tuple[Finding, ...]]:
    """The same of any text, by way of mending it and of PyYAML."""
    draft = mend(text, name, forms)
    node, faults = _composed(draft)
    return node, tuple(sorted((*draft.findings, *faults), key=lambda each: each.places))


def _composed(draft: Draft) -> tuple[Mapping | None, list[Finding]]:
    nodes = Nodes(draft.lines, draft.place)
    text = "\n".join(draft.lines)
    try:
        _refuse_depth(text)
        composed = yaml.compose(text, Loader=_AsTyped)
        node = nodes.node(composed) if composed is not None else None
    except yaml.YAMLError as error:
        return None, trouble(error, draft)
    except (TooMuch, RecursionError):
        fix = "年报只有几层，不需要反复嵌套或引用（& 和 *）；请照范例重写。"
        return None, [fault("F09", "文件嵌套太深，或内容过多", Place(draft.name, 1, 1), fix)]
    if isinstance(node, Mapping):
        return node, nodes.findings
    fix = "每行写“项目: 内容”，例如“年度: 2024”。"
    return None, [*nodes.findings, fault("F10", "文件里没有年报内容", Place(draft.name, 1, 1), fix)]


def _refuse_depth(text: str) -> None:
    """Stop before nesting that would overflow the stack of libyaml's composer, which has no limit itself.

    Raises:
        TooMuch: where the text is nested deeper than a report can be.
    """
    if sum(map(text.count, _NESTING)) < _ENOUGH_TO_NEST and not _DEEP_INDENT.search(text):
        return
    depth = 0
    for event in yaml.parse(text, Loader=_AsTyped):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise TooMuch


SOURCE = Source("YAML", (".yaml", ".yml"), read, lines_of, clerks=True)
