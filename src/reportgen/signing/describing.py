"""What an object of a PDF is, in words that a clerk understands."""

from collections.abc import Mapping
from typing import Any

import pikepdf

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
"""An entry of the catalog → what is told where it is not as it was."""

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
