"""What a Word package may hold: its parts, their types, and what they point at. Bytes in, names out.

Only known things go on: a part, a content type or a relationship that is not on the lists here is named,
and what would fetch, run or print something from elsewhere is named before any program opens the file.
The lists have what Word, WPS, LibreOffice and python-docx write into an ordinary document. Sources: ECMA-376
parts 1 and 2, [MS-DOCX] 2.2, [MS-OFFMACRO2] 2.2.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote
from xml.etree import ElementTree as Xml

from reportgen.safe.unpacking import MOST_DOTS, TooBig, dots_of, part_of

TYPES = "[Content_Types].xml"
MAIN = "word/document.xml"
_MOST_LISTED = 4 * 1024 * 1024
_MOST_PARTS = 2_000
_PICTURE_HEAD, _PICTURE_REST = 1024 * 1024, 63 * 1024 * 1024
"""Bytes of a picture that are looked at: what stands before a JPEG's frame is shorter."""


class BrokenLists(zipfile.BadZipFile):
    """A package whose lists of parts and relationships cannot be read."""


class Danger(Enum):
    """Why something in a package must not go on."""

    MACRO = "macro"
    """A program that the document would run."""
    OUTSIDE = "outside"
    """A picture, template or document that is not in the file and would be fetched."""
    OBJECT = "object"
    """A file of another program, or a control, inside the document."""
    UNREAD = "unread"
    """Something that Word shows and that nobody here reads."""
    UNKNOWN = "unknown"
    """Nothing that an ordinary document has."""


class Strange(NamedTuple):
    """One thing that is not on the lists: why it must not go on, what it is in Chinese, and its name."""

    danger: Danger
    what: str
    name: str

    @property
    def grave(self) -> bool:
        """True for what would fetch or run something: no program may open the document."""
        return self.danger in (Danger.MACRO, Danger.OUTSIDE, Danger.OBJECT)


class Link(NamedTuple):
    """A relationship: of which part (empty for the package), its id, kind (the URI's end), and target.

    ``target`` is a part's name, or the address as written where ``outside`` is true.
    """

    owner: str
    id: str
    kind: str
    target: str
    outside: bool


_KINDS = frozenset(
    str.split(
        "officeDocument core-properties extended-properties custom-properties thumbnail styles "
        "stylesWithEffects settings webSettings fontTable numbering theme footnotes endnotes "
        "header footer comments commentsExtended commentsIds commentsExtensible people customXml "
        "customXmlProps image hyperlink font glossaryDocument printerSettings hdphoto "
        "classificationlabels themeOverride"
    )
)
_BAD_KINDS = {
    "vbaProject": (Danger.MACRO, "宏"),
    "wordVbaData": (Danger.MACRO, "宏"),
    "keyMapCustomizations": (Danger.MACRO, "快捷键和宏的绑定"),
    "attachedToolbars": (Danger.MACRO, "工具栏和宏的绑定"),
    "attachedTemplate": (Danger.OUTSIDE, "附加的模板"),
    "subDocument": (Danger.OUTSIDE, "子文档"),
    "frame": (Danger.OUTSIDE, "框架网页"),
    "mailMergeSource": (Danger.OUTSIDE, "邮件合并的数据源"),
    "mailMergeHeaderSource": (Danger.OUTSIDE, "邮件合并的数据源"),
    "recipientData": (Danger.OUTSIDE, "邮件合并的数据"),
    "transform": (Danger.OUTSIDE, "转换程序（XSLT）"),
    "oleObject": (Danger.OBJECT, "嵌入的对象（OLE）"),
    "package": (Danger.OBJECT, "嵌入的文件"),
    "control": (Danger.OBJECT, "ActiveX 控件"),
    "activeXControlBinary": (Danger.OBJECT, "ActiveX 控件"),
    "audio": (Danger.OBJECT, "声音"),
    "video": (Danger.OBJECT, "录像"),
    "media": (Danger.OBJECT, "声音或录像"),
    "aFChunk": (Danger.UNREAD, "插入的其他文档（altChunk）"),
    "chart": (Danger.UNREAD, "图表"),
    "chartEx": (Danger.UNREAD, "图表"),
    "diagramData": (Danger.UNREAD, "SmartArt 图形"),
    "diagramLayout": (Danger.UNREAD, "SmartArt 图形"),
    "diagramDrawing": (Danger.UNREAD, "SmartArt 图形"),
    "diagramQuickStyle": (Danger.UNREAD, "SmartArt 图形"),
    "diagramColors": (Danger.UNREAD, "SmartArt 图形"),
}
_OUTSIDE = {"image": "图片", "hdphoto": "图片", "font": "字体", "oleObject": "对象（OLE）"}
_LINK = re.compile(r"(?:https?://|mailto:)[^\s]*|#.*", re.IGNORECASE)

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_MAIN_TYPE = f"{_WORD}document.main+xml"
_OFFICE = "application/vnd.openxmlformats-officedocument."
_TYPES = frozenset(
    {
        *(
            f"{_WORD}{name}+xml"
            for name in str.split(
                "document.main document.glossary styles settings webSettings fontTable numbering "
                "footnotes endnotes header footer comments commentsExtended commentsIds "
                "commentsExtensible people"
            )
        ),
        *(
            f"{_OFFICE}{name}"
            for name in [
                "theme+xml",
                "themeOverride+xml",
                "extended-properties+xml",
                "custom-properties+xml",
                "customXmlProperties+xml",
                "obfuscatedFont",
                "wordprocessingml.printerSettings",
            ]
        ),
        "application/vnd.openxmlformats-package.relationships+xml",
        "application/vnd.openxmlformats-package.core-properties+xml",
        "application/vnd.ms-word.styleswitheffects+xml",
        "application/vnd.ms-office.classificationlabels+xml",
        "application/xml",
        "text/xml",
        "application/x-font-ttf",
        *(f"image/{name}" for name in str.split("png jpeg jpg pjpeg gif bmp tiff tif x-emf emf x-wmf wmf")),
        "image/vnd.ms-photo",
    }
)
_TYPES_LOWER = frozenset(each.lower() for each in _TYPES)
_BAD_TYPES = (
    (re.compile(r"macroenabled|vbaproject|vbadata|keymapcustomizations", re.I), Danger.MACRO, "启用宏的类型"),
    (
        re.compile(r"activex|oleobject|\.package|spreadsheetml|ms-excel", re.I),
        Danger.OBJECT,
        "嵌入对象的类型",
    ),
    (re.compile(r"drawingml\.(?:chart|diagram)|chartex", re.I), Danger.UNREAD, "图表的类型"),
    (re.compile(r"html|rtf|text/plain|message/", re.I), Danger.UNREAD, "插入其他文档的类型"),
)
_BAD_NAMES = (
    (re.compile(r"vba(?:project|data)|\.(?:vbs|js|exe|dll|bat)$", re.I), Danger.MACRO, "宏"),
    (re.compile(r"(?:^|/)activex/", re.I), Danger.OBJECT, "ActiveX 控件"),
    (re.compile(r"(?:^|/)embeddings/", re.I), Danger.OBJECT, "嵌入的对象"),
)


@dataclass(frozen=True, slots=True, eq=False)
class Contents:
    """What a package says it holds; equal to nothing but itself.

    Attributes:
        names: each part's name, with slashes and without one in front → its name in the zip file.
        links: every relationship of every part, in the order of the parts.
        types: each part's content type; empty where none is given.
        main: the part with the running text; empty where there is none.
        loose: True for a package without relationships, whose parts go by their usual names.
        doubled: names that stand in the zip file twice, so that two programs may read two things.
    """

    names: Mapping[str, str]
    links: tuple[Link, ...]
    types: Mapping[str, str]
    main: str
    loose: bool
    doubled: tuple[str, ...]

    def of(self, owner: str, *kinds: str) -> Iterator[Link]:
        """The links of a part of these kinds that stay inside the package and lead to a part."""
        return (
            link
            for link in self.links
            if link.owner == owner and link.kind in kinds and not link.outside and link.target in self.names
        )


def contents_of(archive: zipfile.ZipFile) -> Contents:
    """The contents of a package, by its own lists; nothing else is unpacked.

    Raises:
        TooBig: too many parts, or lists too long.
        BrokenLists: a list is no XML.
    """
    names, _ = _names(archive.namelist())
    if len(names) > _MOST_PARTS:
        raise TooBig
    lists = [name for name in names if name.endswith(".rels") or name == TYPES]
    given = {name: archive.getinfo(names[name]) for name in lists}
    if sum(each.file_size for each in given.values()) > _MOST_LISTED:
        raise TooBig
    told = tuple((name, part_of(archive, each, _MOST_LISTED)) for name, each in given.items())
    return _contents(tuple(archive.namelist()), told)


@lru_cache(maxsize=4)
def _contents(parts: tuple[str, ...], lists: tuple[tuple[str, bytes], ...]) -> Contents:
    """What these lists say of these parts: the same for all documents of one template."""
    names, doubled = _names(parts)
    trees = {name: _tree(content) for name, content in lists}
    links = tuple(link for name, tree in trees.items() if name != TYPES for link in _links(name, tree))
    loose = "_rels/.rels" not in names
    main = next((link.target for link in links if not link.owner and link.kind == "officeDocument"), "")
    if loose and MAIN in names:
        main = MAIN
    types = _types(names, trees.get(TYPES))
    return Contents(names, links, types, main if main in names else "", loose, doubled)


def ensure_small_pictures(archive: zipfile.ZipFile, contents: Contents) -> None:
    """See how large the pictures of a package are, from their first bytes.

    Raises:
        TooBig: one has more dots than any report needs.
    """
    for name, own in contents.names.items():
        if contents.types.get(name, "").startswith("image/") or "/media/" in name:
            with archive.open(own) as stream:
                picture = stream.read(_PICTURE_HEAD)
                if picture[:2] in (b"II", b"MM"):  # a TIFF may have its directory at its end
                    picture += stream.read(_PICTURE_REST)
                if dots_of(picture) > MOST_DOTS:
                    raise TooBig


@lru_cache(maxsize=4)
def strange_in(contents: Contents) -> tuple[Strange, ...]:
    """Everything in a package that is not on the lists, each part and address once, as its worst."""
    told: dict[str, Strange] = {}
    for found in (*_strange_links(contents), *_strange_parts(contents)):
        own = found.name.partition("（")[0]
        if own not in told or (found.grave and not told[own].grave):
            told[own] = found
    return tuple(told.values())


def _strange_links(contents: Contents) -> Iterator[Strange]:
    for link in contents.links:
        if link.outside:
            if link.kind == "hyperlink":
                if not _LINK.fullmatch(link.target):
                    yield Strange(Danger.OUTSIDE, "网页和邮件以外的链接", link.target)
                continue
            what = _OUTSIDE.get(link.kind) or _BAD_KINDS.get(link.kind, (None, link.kind))[1]
            yield Strange(Danger.OUTSIDE, f"文件以外的{what}", link.target)
        elif link.kind in _BAD_KINDS:
            yield Strange(*_BAD_KINDS[link.kind], link.target)
        elif link.kind not in _KINDS:
            yield Strange(Danger.UNKNOWN, f"不认识的关系（{link.kind}）", link.target)
        elif link.target not in contents.names and not link.target.startswith("#"):
            yield Strange(Danger.UNKNOWN, "指向不存在的部件的关系", link.target)


def _strange_parts(contents: Contents) -> Iterator[Strange]:
    reached = {link.target: link.kind for link in contents.links if not link.outside}
    for name in contents.doubled:
        yield Strange(Danger.UNKNOWN, "重名的部件", name)
    for name in contents.names:
        if name == TYPES or name.endswith(".rels"):
            continue
        bad = next((each for each in _BAD_NAMES if each[0].search(name)), None)
        if bad:
            yield Strange(bad[1], bad[2], name)
        elif contents.loose or reached.get(name, "styles") not in _KINDS:
            continue  # has no list to be on, or is told by its relationship
        elif found := _strange_type(name, contents):
            yield found
        elif name not in reached:
            yield Strange(Danger.UNKNOWN, "没有来历的部件", name)


def _strange_type(name: str, contents: Contents) -> Strange | None:
    kind = contents.types.get(name, "")
    for pattern, danger, what in _BAD_TYPES:
        if pattern.search(kind):
            return Strange(danger, what, f"{name}（{kind}）")
    if name == contents.main and kind.lower() != _MAIN_TYPE.lower():
        return Strange(Danger.UNKNOWN, "正文的类型", f"{name}（{kind or '没有类型'}）")
    if kind.lower().startswith("image/") and kind.lower() not in _TYPES_LOWER:
        form = kind.rpartition("/")[2].partition("+")[0].removeprefix("x-").upper()
        return Strange(Danger.UNKNOWN, f"{form} 格式的图片", name)
    if kind.lower() not in _TYPES_LOWER:
        return Strange(Danger.UNKNOWN, "不认识的部件类型", f"{name}（{kind or '没有类型'}）")
    return None


def _names(parts: Iterable[str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """The parts by their names, and the names that stand there twice (capitals do not count)."""
    names: dict[str, str] = {}
    seen: set[str] = set()
    doubled = []
    for name in parts:
        plain = name.replace("\\", "/").lstrip("/")
        if plain.endswith("/"):
            continue
        if plain.lower() in seen:
            doubled.append(plain)
        seen.add(plain.lower())
        names.setdefault(plain, name)
    return names, tuple(doubled)


def with_plain_names(content: bytes) -> bytes:
    """The package with slashes in its names where a program of another system wrote backslashes.

    Comes back as it is where every name is plain.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        if not any("\\" in name for name in source.namelist()):
            return content
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as target:
            for entry in source.infolist():
                plain = zipfile.ZipInfo(entry.filename.replace("\\", "/"), entry.date_time)
                target.writestr(plain, part_of(source, entry, entry.file_size), zipfile.ZIP_DEFLATED)
    return held.getvalue()


class _Plain(Xml.TreeBuilder):
    """Builds a tree of XML that declares no types and no entities of its own."""

    def doctype(self, *_: object) -> None:
        """A document type: no list of a package has one."""
        raise BrokenLists("a list of the package has a DTD")


def _tree(content: bytes) -> Xml.Element:
    try:
        return Xml.fromstring(content, Xml.XMLParser(target=_Plain()))
    except (Xml.ParseError, LookupError, ValueError) as error:
        raise BrokenLists("a list of the package is no XML") from error


def _links(name: str, tree: Xml.Element) -> Iterator[Link]:
    """The relationships that a list has, with their targets as part names."""
    folder, _, own = name.rpartition("_rels/")
    owner = f"{folder}{own.removesuffix('.rels')}"
    for each in tree:
        kind = each.get("Type", "").rstrip("/").rpartition("/")[2]
        target = each.get("Target", "").strip()
        outside = each.get("TargetMode", "").lower() == "external" or bool(
            re.match(r"[a-z][a-z0-9+.-]+:|//|\\\\", target, re.IGNORECASE)
        )
        if not outside and not target.startswith("#"):
            path = unquote(target.replace("\\", "/").partition("#")[0])
            target = posixpath.normpath(posixpath.join("/", folder, path)).lstrip("/")
        yield Link(owner, each.get("Id", ""), kind, target, outside)


def _types(names: Mapping[str, str], tree: Xml.Element | None) -> dict[str, str]:
    """Each part's content type, from its own entry or its extension's."""
    if tree is None:
        return {}
    own: dict[str, str] = {}
    usual: dict[str, str] = {}
    for each in tree:
        kind = each.get("ContentType", "")
        if each.tag.endswith("}Override"):
            own[each.get("PartName", "").replace("\\", "/").lstrip("/").lower()] = kind
        elif each.tag.endswith("}Default"):
            usual[each.get("Extension", "").lower()] = kind
    return {name: own.get(name.lower()) or usual.get(name.rpartition(".")[2].lower(), "") for name in names}
