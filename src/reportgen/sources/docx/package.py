"""The package of a Word document, opened as if somebody meant harm; parts found by their relationships."""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from lxml import etree

from reportgen.problems import Finding
from reportgen.recognising.faults import fault
from reportgen.safe.package import (
    Contents,
    Danger,
    Link,
    Strange,
    contents_of,
    ensure_small_pictures,
    strange_in,
)
from reportgen.safe.unpacking import BROKEN, TooBig, ensure_modest

MOST_BYTES = 16 * 1024 * 1024
"""No report's part is bigger unpacked; a bomb is."""

MOST_TOGETHER = 64 * 1024 * 1024
"""All parts of a report together, its pictures too, are no bigger unpacked."""

MOST_TAGS = 400_000
"""So many elements no report has, whatever Word noted in it of who typed what."""

_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SAVE = "请用 Word 或 WPS 打开，另存为 .docx 后再读。"
_SIDES = ("header", "footer", "footnotes", "endnotes", "comments")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_VAL = f"{_W}val"
_NUMBER = re.compile(r"-?[0-9]{1,6}")
_USUAL = re.compile(rf"word/(?P<kind>{'|'.join(_SIDES)}|styles|numbering)\w*\.xml")
_MOST_SIDES = 64
_CORE = "docProps/core.xml"

_CODES = {
    Danger.MACRO: "R26",
    Danger.OUTSIDE: "R27",
    Danger.OBJECT: "R28",
    Danger.UNKNOWN: "R29",
    Danger.UNREAD: "R30",
}
_FIXES = {
    Danger.MACRO: "请另存为不带宏的 .docx（Word 文档）再读。",
    Danger.OUTSIDE: "请把需要的内容放进文件里（图片用“插入”而不是“链接”），断开其余的链接，再另存一份。",
    Danger.OBJECT: "请删去它；需要的内容请改成普通文字、表格或图片。",
    Danger.UNKNOWN: "请用 Word 或 WPS 打开，另存为 .docx 后再读；还有的，请删去这部分内容。",
    Danger.UNREAD: "请改成普通文字或表格；只作说明的图，请改成图片。",
}
_PICTURE_FIX = "请把这幅图片换成 PNG 或 JPEG：在 Word 里剪切它，再选择性粘贴为图片（PNG）。"
_WHYS = {
    Danger.MACRO: "这个 Word 文档里有宏（自动运行的程序），没有读",
    Danger.OUTSIDE: "这个 Word 文档要打开文件以外的东西，没有读",
    Danger.OBJECT: "这个 Word 文档里有别的程序的文件或控件，没有读",
    Danger.UNKNOWN: "这个 Word 文档里有不认识的东西",
    Danger.UNREAD: "Word 会显示这项内容，这里读不了",
}


class Refused(Exception):
    """What was given is no Word document that can be read; carries the finding."""

    def __init__(self, code: str, message: str, fix: str) -> None:
        """Make the finding; the caller knows the place."""
        super().__init__(message)
        self.finding: Finding = fault(code, message, fix=fix)


class Side(NamedTuple):
    """A part beside the running text: ``header``, ``footer``, ``footnotes``, ``endnotes`` or ``comments``."""

    kind: str
    name: str
    root: etree._Element


class Package(NamedTuple):
    """The parts that matter; styles and numbering may be absent.

    ``main`` is the name of the part with the running text; ``strange`` is what the package holds beyond
    what an ordinary document does; ``said`` are the title and the author that it names itself; ``links`` are
    the relationships of the main part.
    """

    document: etree._Element
    styles: etree._Element | None
    numbering: etree._Element | None
    sides: tuple[Side, ...] = ()
    strange: tuple[Strange, ...] = ()
    main: str = "word/document.xml"
    said: tuple[str, str] = ("", "")
    settings: etree._Element | None = None
    links: tuple[Link, ...] = ()

    def of(self, *kinds: str) -> Iterator[Side]:
        """The parts of these kinds beside the running text."""
        return (side for side in self.sides if side.kind in kinds)

    @property
    def comments(self) -> etree._Element | None:
        """The comments; None where there are none."""
        return next((side.root for side in self.of("comments")), None)


def opened(content: bytes) -> Package:
    """The parts of a .docx.

    Raises:
        Refused: for what is none, has a password, is too big or broken.
    """
    if content.startswith(_OLE):
        raise _old(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            ensure_modest(archive, MOST_TOGETHER)
            _refuse_passwords(archive)
            return _Opening(archive, contents_of(archive)).package()
    except TooBig as error:
        raise _too_big("内容") from error
    except (*BROKEN, etree.XMLSyntaxError) as error:
        raise _broken(content) from error


class _Opening:
    """A package being opened: its list of parts, and each part parsed once."""

    def __init__(self, archive: zipfile.ZipFile, contents: Contents) -> None:
        self.archive = archive
        self.contents = contents

    def package(self) -> Package:
        """The parts that matter, found by the relationships of the main part."""
        if not self.contents.main:
            raise Refused("R20", "这个文件里没有 Word 正文，不是 Word 文档（.docx）。", _SAVE)
        self._refuse_big_parts()
        ensure_small_pictures(self.archive, self.contents)
        document = self._part(self.contents.main)
        found = list(self._beside())
        styles, numbering = (
            next((_shared(self._content(name)) for kind, name in found if kind == wanted), None)
            for wanted in ("styles", "numbering")
        )
        sides = [(kind, name) for kind, name in found if kind in _SIDES]
        if len(sides) > _MOST_SIDES:
            raise _too_big("页眉页脚")
        return Package(
            document,
            styles,
            numbering,
            tuple(Side(kind, name.rpartition("/")[2], self._part(name)) for kind, name in sides),
            (*strange_in(self.contents), *self._merging()),
            self.contents.main,
            self._said(),
            self._settings(),
            tuple(link for link in self.contents.links if link.owner == self.contents.main),
        )

    def _settings(self) -> etree._Element | None:
        found = self.contents.of(self.contents.main, "settings")
        return next((self._part(link.target) for link in found), None)

    def _merging(self) -> Iterator[Strange]:
        """The data source that the settings name for letters to many."""
        for link in self.contents.of(self.contents.main, "settings"):
            if member(self._part(link.target), "mailMerge") is not None:
                yield Strange(Danger.OUTSIDE, "邮件合并的数据源", link.target)

    def _said(self) -> tuple[str, str]:
        """The title and the author among the properties; empty where they are not given."""
        if _CORE not in self.contents.names:
            return "", ""
        core = self._part(_CORE)
        return core.findtext("{*}title") or "", core.findtext("{*}creator") or ""

    def _beside(self) -> Iterator[tuple[str, str]]:
        """Kind and name of each part that the main part refers to; in a loose package by the usual names."""
        told = set()
        for link in self.contents.of(self.contents.main, "styles", "numbering", *_SIDES):
            if link.target not in told:
                told.add(link.target)
                yield link.kind, link.target
        for name in sorted(self.contents.names) if self.contents.loose else ():
            if match := _USUAL.fullmatch(name):
                yield match["kind"], name

    def _refuse_big_parts(self) -> None:
        for name, own in self.contents.names.items():
            if name.endswith(".xml") and self.archive.getinfo(own).file_size > MOST_BYTES:
                raise _too_big("一部分内容")

    def _part(self, name: str) -> etree._Element:
        return parsed(self._content(name))

    def _content(self, name: str) -> bytes:
        with self.archive.open(self.contents.names[name]) as stream:
            content = stream.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES or content.count(b"<") > MOST_TAGS:
            raise _too_big("正文")
        return content


def parsed(content: bytes) -> etree._Element:
    """The tree of some XML; entities and networks are out of reach.

    Raises:
        Refused: it has a DTD.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False)
    root = etree.fromstring(content, parser)
    if getattr(root.getroottree().docinfo, "doctype", ""):
        raise Refused("R23", "这个 Word 文档里有不该有的内容（DTD），没有读。", _SAVE)
    return root


_shared = lru_cache(maxsize=4)(parsed)
"""A tree that nobody changes: documents made from one template have the same styles and numbering."""


def told(strange: Strange) -> Finding:
    """The finding about something in a package, or in its text, that must not go on."""
    name = f"：{strange.name[:120]}" if strange.name else ""
    message = f"{_WHYS[strange.danger]}：{strange.what}。"
    fix = _PICTURE_FIX if strange.what.endswith("图片") and strange.danger is Danger.UNKNOWN else ""
    fix = fix or _FIXES[strange.danger]
    return fault(_CODES[strange.danger], message, found=f"{strange.what}{name}", fix=fix)


def name_of(element: etree._Element) -> str:
    """An element's name without its namespace: there are two, transitional and strict.

    Empty for what is no element (a comment, a processing instruction).
    """
    return _without_space(element.tag)


@lru_cache(maxsize=1024)
def _without_space(tag: object) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def member(element: etree._Element | None, name: str) -> etree._Element | None:
    """The first child of this name; asked more often than anything, of elements with few children."""
    if element is not None:
        for child in element:
            if _without_space(child.tag) == name:
                return child
    return None


Members = Mapping[str, etree._Element]
"""The first child of each name, as ``members`` gives them."""


def members(element: etree._Element | None) -> Members:
    """The first child of each name, for whom asks for several."""
    if element is None:
        return {}
    return {_without_space(child.tag): child for child in reversed(element)}


def value_of(element: etree._Element | None, key: str = "val") -> str:
    """An attribute by its name without namespace; empty where there is none."""
    if element is None:
        return ""
    if (usual := element.get(_VAL if key == "val" else f"{_W}{key}")) is not None:
        return str(usual)
    named = (value for name, value in element.attrib.items() if str(name).rpartition("}")[2] == key)
    return str(next(named, ""))


def number_of(element: etree._Element | None, key: str = "val") -> int | None:
    """An attribute as a whole number of at most six digits; None where it is none."""
    value = value_of(element, key)
    return int(value) if value and _NUMBER.fullmatch(value) else None


def is_on(element: etree._Element | None) -> bool:
    """True for a switch that is present and not turned off."""
    return element is not None and value_of(element).lower() not in {"0", "false", "off", "none"}


_KNOWN_SPACES = re.compile(
    r"http://schemas\.microsoft\.com/office/(?:word|drawing)/20\d\d/.*"
    r"|http://schemas\.openxmlformats\.org/.*"
    r"|urn:schemas-microsoft-com:.*"
)


def chosen(alternate: etree._Element) -> etree._Element | None:
    """The branch of an ``mc:AlternateContent`` that Word shows: the first choice whose namespaces it knows.

    Source: ECMA-376 part 3, 7.4. None where there is no branch to show.
    """
    for branch in alternate:
        if name_of(branch) == "Choice":
            spaces = [branch.nsmap.get(prefix, "") for prefix in value_of(branch, "Requires").split()]
            if spaces and all(_KNOWN_SPACES.fullmatch(space) for space in spaces):
                return branch
    return member(alternate, "Fallback")


def shown_in(element: etree._Element) -> Iterator[etree._Element]:
    """The children that Word shows, the chosen branch in the place of its alternatives."""
    for child in element:
        name = _without_space(child.tag)
        if name == "AlternateContent":
            branch = chosen(child)
            if branch is not None:
                yield from shown_in(branch)
        elif name:
            yield child


def _refuse_passwords(archive: zipfile.ZipFile) -> None:
    if any(info.flag_bits & 1 for info in archive.infolist()):
        raise Refused("R21", "这个 Word 文档有密码，读不出来。", "请去掉密码后另存为 .docx 再读。")


def _too_big(what: str) -> Refused:
    return Refused("R22", f"这个 Word 文档的{what}过大，不像一份年报。", "请检查文件，删去多余的内容。")


def _old(content: bytes) -> Refused:
    if _ENCRYPTED in content:
        return Refused("R21", "这个 Word 文档有密码，读不出来。", "请去掉密码后另存为 .docx 再读。")
    return Refused("R20", "这是旧版 Word（.doc）文件，不是 .docx。", _SAVE)


def _broken(content: bytes) -> Refused:
    if content.startswith(b"PK"):
        return Refused("R23", "这个 Word 文档已损坏，读不出来。", "请找回未损坏的文件，或重新另存一份。")
    return Refused("R20", "这个文件不是 Word 文档（.docx）。", _SAVE)
