"""The objects of a PDF, as texts that can be compared."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import pikepdf

Rectangle = tuple[float, float, float, float]
"""Left, bottom, right, top in points."""


def texts(document: pikepdf.Pdf, more: Iterable[int] = ()) -> Mapping[int, bytes]:
    """Every object as PDF writes it, by its number; what it refers to stands in it as a number.

    Args:
        document: the PDF.
        more: numbers of objects that may stand beyond the number that the file says it has.
    """
    numbers = {*range(1, int(document.trailer.get("/Size", 0))), *more}
    found: dict[int, Any] = {number: document.get_object((number, 0)) for number in sorted(numbers)}
    return {number: _whole_text(each) for number, each in found.items() if each is not None}


def _whole_text(thing: Any) -> bytes:
    if isinstance(thing, pikepdf.Stream):
        head = thing.stream_dict.unparse(resolved=True)
        return head + hashlib.sha256(thing.read_raw_bytes()).digest()
    return text(thing, resolved=True)


def text(thing: Any, *, resolved: bool = False) -> bytes:
    """An object as PDF writes it where it stands: as a number if it has one, unless resolved."""
    if isinstance(thing, pikepdf.Object):
        return bytes(thing.unparse(resolved=resolved))
    return repr(thing).encode()


def differing(old: Any, new: Any) -> set[str]:
    """The keys under which two dictionaries differ; what a reference leads to is compared elsewhere."""
    keys = set(old.keys()) | set(new.keys())
    return {key for key in keys if text(old.get(key)) != text(new.get(key))}


def number_of(thing: Any) -> int:
    """The number of an object; 0 for what stands within another one."""
    return int(thing.objgen[0]) if isinstance(thing, pikepdf.Object) else 0


def listed(array: Any) -> list[Any]:
    """What an array holds; one thing alone counts as an array of one, and nothing as an empty one."""
    if array is None:
        return []
    return list(array) if isinstance(array, pikepdf.Array) else [array]


def kept(old: list[Any], new: list[Any]) -> bool:
    """Whether all of a list stand in another in the same order."""
    rest = iter([text(each) for each in new])
    return all(text(each) in rest for each in old)


def parts_of(thing: pikepdf.Object) -> list[pikepdf.Object]:
    """The objects that one holds or refers to, one step far."""
    if isinstance(thing, pikepdf.Array):
        held: list[Any] = list(thing)
    elif isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
        held = [value for _, value in thing.items()]
    else:
        held = []
    return [each for each in held if isinstance(each, pikepdf.Object)]


def reached(document: pikepdf.Pdf) -> set[int]:
    """The numbers of all objects that a reader can come to."""
    waiting: list[pikepdf.Object] = [document.trailer]
    seen: set[int] = set()
    while waiting:
        for part in parts_of(waiting.pop()):
            number = number_of(part)
            if number in seen:
                continue
            if number:
                seen.add(number)
            waiting.append(part)
    return seen


def rectangle(widget: pikepdf.Object) -> Rectangle:
    """Where a field or a note stands on its page."""
    left, bottom, right, top = (float(each) for each in widget.Rect)
    return min(left, right), min(bottom, top), max(left, right), max(bottom, top)


def is_visible(widget: pikepdf.Object) -> bool:
    """True if a field or a note takes up any room on its page."""
    if "/Rect" not in widget:
        return False
    left, bottom, right, top = rectangle(widget)
    return right > left and top > bottom


# ── what an object of a PDF is, in words that a clerk understands ─────────────────────────────────────

CATALOG: Mapping[str, str] = {
    "/AA": "加了自动执行的动作，或者改了它",
    "/AF": "附件变了",
    "/Collection": "附件的列法变了",
    "/Extensions": "文件声明的格式扩展变了",
    "/Lang": "文件的语言变了",
    "/MarkInfo": "文件的标签说明变了",
    "/Metadata": "元数据（标题、作者等）变了",
    "/Names": "名称表变了（附件、脚本列在里面）",
    "/OCProperties": "图层变了",
    "/OpenAction": "打开文件时的动作变了",
    "/Outlines": "书签变了",
    "/OutputIntents": "文件的颜色说明变了",
    "/PageLabels": "页码的写法变了",
    "/PageLayout": "打开时的页面排列变了",
    "/PageMode": "打开时的显示方式变了",
    "/Pages": "全部的页换成了别的",
    "/Perms": "文件的权限说明变了",
    "/StructTreeRoot": "文件的标签变了",
    "/Version": "文件声明的 PDF 版本变了",
    "/ViewerPreferences": "阅读软件的显示设置变了",
}
"""An entry of the catalog → what a clerk reads where it has changed."""

_TYPES = {
    "/Action": "动作",
    "/Catalog": "文件的目录",
    "/EmbeddedFile": "附件",
    "/Encoding": "字体的编码",
    "/ExtGState": "绘图设置",
    "/F": "附件",
    "/Filespec": "附件",
    "/Font": "字体",
    "/FontDescriptor": "字体",
    "/MCR": "标签",
    "/Metadata": "元数据",
    "/OBJR": "标签",
    "/OCG": "图层",
    "/OCMD": "图层",
    "/ObjStm": "装着对象的容器",
    "/Outlines": "书签",
    "/OutputIntent": "颜色说明",
    "/Page": "页",
    "/Pages": "页的目录",
    "/Pattern": "图案",
    "/Sig": "签名数据",
    "/StructElem": "标签",
    "/StructTreeRoot": "标签",
    "/XRef": "对象目录",
}
_SUBTYPES = {"/Form": "图形", "/Image": "图片", "/XML": "元数据"}
_ACTIONS = {
    "/GoToE": "打开附件的动作",
    "/GoToR": "打开别的文件的动作",
    "/ImportData": "导入数据的动作",
    "/JavaScript": "脚本（JavaScript）",
    "/Launch": "启动程序的动作",
    "/SubmitForm": "提交数据的动作",
    "/URI": "打开网址的动作",
}
_NOTES = {
    "/FileAttachment": "附件批注",
    "/Link": "链接",
    "/Popup": "批注",
    "/RichMedia": "音像",
    "/Screen": "音像",
    "/Widget": "表单域",
}


def described(thing: Any) -> str:
    """What an object is."""
    if not isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
        return "一列数据" if isinstance(thing, pikepdf.Array) else "一个数据"
    kind, subtype = str(thing.get("/Type", "")), str(thing.get("/Subtype", ""))
    if "/Rect" in thing and subtype:
        return _note(thing, subtype)
    if "/S" in thing and str(thing.S) in _ACTIONS:
        return _ACTIONS[str(thing.S)]
    if kind in _TYPES:
        return _TYPES[kind]
    if subtype in _SUBTYPES:
        return _SUBTYPES[subtype]
    return _by_its_parts(thing)


def _note(thing: Any, subtype: str) -> str:
    if subtype == "/Widget" and thing.get("/FT") == "/Sig":
        return "没有有效签名的签名域"
    return _NOTES.get(subtype, "批注")


def _by_its_parts(thing: Any) -> str:
    for parts, words in (
        ({"/Title", "/Parent"}, "书签"),
        ({"/FT"}, "表单域"),
        ({"/ByteRange"}, "签名数据"),
        ({"/JS"}, "脚本（JavaScript）"),
        ({"/EF"}, "附件"),
        ({"/Length1"}, "字体"),
        ({"/Fields"}, "表单"),
        ({"/Names"}, "名称表"),
        ({"/ParentTree"}, "标签"),
    ):
        if parts <= set(thing.keys()):
            return words
    return "一段数据" if isinstance(thing, pikepdf.Stream) else "一个对象"


def pages_parts(document: pikepdf.Pdf) -> dict[int, str]:
    """The numbers of objects that are known by their page: its contents and what these draw with."""
    found: dict[int, str] = {}
    for number, page in enumerate(document.pages, start=1):
        held: Any = page.obj.get("/Contents")
        for each in list(held) if isinstance(held, pikepdf.Array) else [held]:
            if isinstance(each, pikepdf.Stream):
                found.setdefault(each.objgen[0], f"第 {number} 页的内容")
        resources: Any = page.obj.get("/Resources")
        if isinstance(resources, pikepdf.Dictionary) and resources.objgen[0]:
            found.setdefault(resources.objgen[0], f"第 {number} 页用的字体和图片")
        found.setdefault(page.obj.objgen[0], f"第 {number} 页")
    return found
