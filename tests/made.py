"""Reports made for tests: a clerk's text through the whole pipeline, with the repository's own templates."""

import io
from functools import cache

import pikepdf
from pikepdf import ObjectStreamMode

from reportgen.makers import maker_for
from reportgen.makers.pdf import beijing
from reportgen.makers.pdf.finishing import Finish, finished
from reportgen.makers.pdf.metadata import About
from reportgen.pipeline import Material, Outcome, Supplies, run
from reportgen.signing.seal_place import SealPlace
from reportgen.store.workspace import supplies

HEAD = """
机关: 甲县乙镇人民政府
简称: 乙镇
级别: 乡镇政府
年度: {year}
成文日期: {after}-01-18
电话: 0123-4567890
网站: {{名称: 甲县人民政府网站, 网址: "http://www.example.gov.cn"}}
"""
SAID = """
总体情况:
  主动公开: 通过网站公开各类信息，政策文件与解读同时发布。
  依申请公开: 申请的登记、办理、答复都按规定的程序进行。
  政府信息管理: 公开以前逐件审核，每季度清理一次。
  平台建设: 网站专栏有专人维护。
  监督保障: 组织了业务培训，工作考核和社会评议按时完成，没有发生责任追究的情况。
"""
ZEROS = """
主动公开: 全部为零
申请: 全部为零
复议诉讼: 全部为零
"""
END = """
存在问题: |
  工作中还存在公开内容不够丰富的问题。下一步将改进公开方式，提高公开质量。
其他事项: 没有其他需要报告的事项。
"""


def text_of(year: int = 2023, tables: str = ZEROS, more: str = "", end: str = END, said: str = SAID) -> str:
    """A clerk's file without faults, unless the parts given bring some; ``said`` is its first chapter."""
    own = "" if "总体情况:" in more + end else said
    return HEAD.format(year=year, after=year + 1) + more + own + tables + end


@cache
def gathered() -> Supplies:
    """The repository's forms and templates."""
    return supplies()


def outcome_of(text: str, *wanted: str, draft: bool = False) -> Outcome:
    """What comes of a clerk's text; nothing is made unless asked for."""
    return run(Material("年报.yaml", text.encode()), gathered(), wanted, draft=draft)


def pdf_of(text: str) -> bytes:
    """The PDF of a text that has no errors.

    Raises:
        AssertionError: where there is none, naming what is in the way.
    """
    outcome = outcome_of(text, "docx", "pdf")
    told = [finding.message for finding in outcome.findings if finding.is_error]
    assert "pdf" in outcome.files, (told, outcome.failures)
    return outcome.files["pdf"]


def drawn(text: str) -> bytes:
    """The PDF of a text as the converter draws it, not yet finished."""
    maker = maker_for("pdf")
    assert maker is not None and maker.convert is not None
    return maker.convert(outcome_of(text, "docx").files["docx"])


def plainly_finished(raw: bytes, seal: SealPlace | None = None) -> bytes:
    """A converter's PDF finished as one of no report; with a signature field if a place is given."""
    return finished(raw, Finish(About("reportgen", beijing(2024, 1, 18)), seal=seal))


def packed(pdf: bytes) -> bytes:
    """The same PDF with its objects packed into streams, as other converters write it."""
    return rewritten(pdf, ObjectStreamMode.generate)


def rewritten(
    pdf: bytes, mode: ObjectStreamMode = ObjectStreamMode.disable, linearize: bool = False
) -> bytes:
    """The same PDF with its objects in another order, and packed or not; what they hold stays as it is."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf), inherit_page_attributes=False) as document:
        document.save(out, object_stream_mode=mode, linearize=linearize, compress_streams=False)
    return out.getvalue()
