"""Takes the pictures of the clerk's page: every page of it, as a browser shows it with invented reports.

Needs chromium, and LibreOffice for the PDF's pages. Run it when the page has changed: ``make pictures``. With
``--dark`` the pictures have the dark colours, with ``--out FOLDER`` they go elsewhere, to be looked at.
"""

import argparse
import io
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "tests"))  # what drives the browser in the tests drives it here

from playwright.sync_api import Page, ViewportSize  # noqa: E402

from browsing import a_browser, opened, paste_into, settled, until  # noqa: E402
from served import Served, served  # noqa: E402

SCREEN = ViewportSize(width=1366, height=768)
COLOURS = 200
FAULTY = "示例镇/2023.yaml"
SOUND = "样板镇/2023.yaml"
"""Names of reports below ``inputs``."""

_ELSEWHERE = """(here) => {
    const all = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (all.nextNode()) all.currentNode.data = all.currentNode.data.replaceAll(here, 'D:/年报');
}"""
"""Names of this machine's folders are no part of a picture."""

_REPORT = """\
机关: 示例县{organ}
级别: {level}
年度: {year}
成文日期: {after}-01-18
电话: 0123-4567890
网站: {{名称: 示例县人民政府网站, 网址: "http://www.example.gov.cn"}}

总体情况:
  主动公开: 全年主动公开信息{open}条，解读政策12篇，按时回应群众关切。
  依申请公开: 全年收到申请{{{{ 申请.本年新收.总计 }}}}件，全部按时答复。
  政府信息管理: 公开以前逐件审核，每季度清理一次。
  平台建设: 网站专栏有专人维护。
  监督保障: 组织业务培训2次，工作考核和社会评议按时完成，没有发生责任追究的情况。

主动公开:
  行政规范性文件: {{本年制发件数: 2, 现行有效件数: {valid}}}
  行政许可: {open}
申请:
  本年新收: {{自然人: {asked}, 商业企业: 1}}
  予以公开: {{自然人: {answered}, 商业企业: 1}}
  结转下年度: {{自然人: {left}}}
复议诉讼: 全部为零

存在问题: |
  存在的主要问题是个别栏目更新不够及时。改进措施是每周检查一次，把更新情况列入考核。
"""


def report(organ: str, year: int, asked: int, left: int = 0, level: str = "乡镇政府") -> str:
    """An invented report without faults."""
    valid = 9 + 2 * (year - 2022)
    said = {
        "valid": valid,
        "asked": asked,
        "answered": asked - left,
        "left": left,
        "open": 90 + asked,
        "after": year + 1,
    }
    return _REPORT.format(organ=organ, year=year, level=level, **said)


def main() -> None:
    """Take every picture anew."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "pictures")
    asked = parser.parse_args()
    out: Path = asked.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    scheme: Literal["dark", "light"] = "dark" if asked.dark else "light"
    with (
        tempfile.TemporaryDirectory() as folder,
        served(filled(Path(folder) / "年报")) as site,
        a_browser() as browser,
    ):
        context = browser.new_context(viewport=SCREEN, locale="zh-CN", color_scheme=scheme)
        context.set_default_timeout(120_000)
        page = opened(context, site)
        for name, scene in SCENES.items():
            scene(page, site)
            page.evaluate(_ELSEWHERE, str(site.folder))
            page.mouse.move(0, 0)
            page.wait_for_timeout(200)
            keep(page.screenshot(), out / f"page-{name}.png")
            print(out / f"page-{name}.png")


def filled(folder: Path) -> Path:
    """A folder with invented reports of two years."""
    faulty = (ROOT / "inputs" / "example-with-faults" / "2023.yaml").read_text("utf-8")
    texts = {
        "示例镇/2022.yaml": report("示例镇人民政府", 2022, 19, 2),
        FAULTY: faulty.partition("\n")[2],
        "样板镇/2022.yaml": report("样板镇人民政府", 2022, 21),
        SOUND: report("样板镇人民政府", 2023, 26),
        "范例街道/2023.yaml": report("范例街道办事处", 2023, 8, level="街道办事处"),
    }
    for name, text in texts.items():
        path = folder / "inputs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def keep(picture: bytes, path: Path) -> None:
    """Write a picture, small: a screen has few colours."""
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(
        path, optimize=True
    )


# ── what is seen, in the order of a clerk's year ─────────────────────────────────────────────────────


def _edit(page: Page, site: Served, name: str) -> None:
    page.goto(f"{site.address}/edit?report={name}")
    settled(page)


def _made(site: Served, name: str) -> None:
    """The files of a report, and its archive package."""
    body = {"revision": site.view(name)["revision"], "kinds": ["docx", "pdf", "html"]}
    site.post("/api/make", body, report=name)
    site.post("/api/archive", {}, report=name)


def start(page: Page, site: Served) -> None:
    """The list of reports."""
    _made(site, "样板镇/2022.yaml")
    site.post("/api/new", {"year": "2023", "organ": "示例县模范乡人民政府", "level": "乡镇政府"})
    page.goto(site.address)
    until(page, "!document.querySelector('.stage[data-state=\"正在检查\"]')")


def bring(page: Page, site: Served) -> None:
    """A Word file of last year, beside what was understood of it."""
    word = next((site.folder / "outputs").rglob("*.docx"))
    page.set_input_files("#file", {"name": "去年的年报.docx", "mimeType": "", "buffer": word.read_bytes()})
    page.wait_for_selector("#brought:not([hidden])")
    page.locator("#brought").scroll_into_view_if_needed()
    page.evaluate("document.getElementById('brought-head').scrollIntoView()")


def edit(page: Page, site: Served) -> None:
    """The organ's data and the first chapter, with the pages beside."""
    _edit(page, site, SOUND)
    page.click("#tab-pages")
    until(page, "document.querySelectorAll('#pages img').length >= 2", 120)
    until(page, "document.querySelector('#pages img').naturalWidth > 500", 120)


def seal(page: Page, _site: Served) -> None:
    """The last page, with the place of the seal."""
    page.evaluate("document.querySelector('#pages img:last-child').scrollIntoView({ block: 'end' })")
    page.evaluate("document.getElementById('part-1').scrollIntoView()")
    until(page, "[...document.querySelectorAll('#pages img')].every((each) => each.naturalWidth > 500)", 60)


def table(page: Page, site: Served) -> None:
    """Table three of a report with faults, and the list of them."""
    _edit(page, site, FAULTY)
    page.locator("#part-3").scroll_into_view_if_needed()
    page.evaluate("document.getElementById('part-3').scrollIntoView()")


def paste(page: Page, _site: Served) -> None:
    """A block that does not fit whole."""
    paste_into(page, "new.other", "3\t29\n0\t2\n1\t24")
    page.wait_for_selector("#ask[open]")


def files(page: Page, site: Served) -> None:
    """The files that were made."""
    _edit(page, site, SOUND)
    page.click("#make")
    page.wait_for_selector("#signing")
    page.click("#signing summary")
    page.evaluate("document.getElementById('archiving').scrollIntoView({ block: 'end' })")
    page.evaluate("document.getElementById('part-5').scrollIntoView()")


def compare(page: Page, site: Served) -> None:
    """This year beside last year."""
    page.goto(f"{site.address}/compare?report={SOUND}")


def batch(page: Page, site: Served) -> None:
    """A whole folder, checked."""
    page.goto(f"{site.address}/batch")
    page.click("#check")
    until(page, "document.querySelectorAll('#units > li').length >= 6")
    page.click("#units > li:has(.findings) summary")


def rolled(page: Page, site: Served) -> None:
    """Reports added up."""
    page.goto(f"{site.address}/batch")
    page.click("#rolling summary")
    page.fill("#year", "2023")
    page.fill("#organ", "示例县人民政府")
    page.fill(
        "#roster", "示例县示例镇人民政府\n示例县样板镇人民政府\n示例县范例街道办事处\n示例县榜样乡人民政府"
    )
    page.click("#rollup button")
    page.wait_for_selector("#rolled:not([hidden])")
    page.evaluate("document.getElementById('run').scrollIntoView()")


SCENES: dict[str, Callable[[Page, Served], None]] = {
    "start": start, "import": bring, "edit": edit, "seal": seal, "table": table, "paste": paste,
    "files": files, "compare": compare, "batch": batch, "rolled": rolled,
}  # fmt: skip

if __name__ == "__main__":
    main()
