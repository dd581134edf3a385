"""What can be wrong with a PDF, by code."""

FAULTS: dict[str, str] = {
    "P01": "有字体画不出的字",
    "P02": "PDF 里缺少 Word 文件中的文字或数字",
    "P03": "PDF 里有没有嵌入的字体",
    "P04": "PDF 用了不该用的字体",
    "P05": "不是 PDF/A 文件",
    "P06": "PDF 的标题或作者不对",
    "P07": "PDF 不适合读屏软件（不是 PDF/UA）",
    "P08": "PDF 的书签不是各部分的标题",
    "P09": "附在 PDF 里的文件不对",
    "P10": "PDF 里的签名域不对",
}
"""Code → title, for the page that lists all faults."""
