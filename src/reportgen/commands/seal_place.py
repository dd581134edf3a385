"""``seal-place``: where the seal goes, in words and as a picture."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from reportgen.commands.options import file, option, read_pdf, words
from reportgen.commands.usage import Options, Usage, command
from reportgen.problems import Exit
from reportgen.store.disk import ensure_new, write_new

if TYPE_CHECKING:
    from reportgen.signing.seal_place import SealPlace


def _millimetres(typed: str) -> int:
    """The diameter of a seal, in whole millimetres.

    Raises:
        click.BadParameter: it is none.
    """
    if not typed.isascii() or not typed.isdigit() or not 30 <= int(typed[:4]) <= 60:
        raise click.BadParameter(f"“{typed}”不对，单位是毫米，写 30 到 60 之间的整数，例如 4.2 厘米写 42")
    return int(typed)


@command("seal-place", "看 PDF 上盖章的位置是否合适", "reportgen seal-place 年报.pdf --out 红圈.png")
@file("年报的 PDF")
@option("--out", metavar="图片", says="把那一页画成 PNG，印章画成红圈")
@words("--organ", metavar="机关", says="署名的机关全称；省略则看日期的上一行")
@option(
    "--diameter",
    metavar="毫米",
    says="印章直径，如 42；省略则按机关级别",
    type=_millimetres,
)
def seal_place(options: Options) -> int:
    """Say where the seal goes, what is not good about the place, and draw the page with the circle."""
    from reportgen.commands.telling import tell
    from reportgen.signing.bounds import ensure_bounded
    from reportgen.signing.field import diameter_of
    from reportgen.signing.pages import is_draft, picture, read_pages
    from reportgen.signing.seal_place import Signing
    from reportgen.signing.seal_place import seal_place as place_on

    if options.out:
        _ensure_picture(options.out)
    pdf = read_pdf(options.file)
    ensure_bounded(pdf)
    lines, sheets = read_pages(pdf)
    diameter = options.diameter or diameter_of(pdf)
    place, findings = place_on(lines, sheets, Signing(options.organ), diameter)
    if place is not None and options.out:
        # Before anything is printed: where it cannot be written, only that is reported.
        write_new(options.out, picture(pdf, place))
    if is_draft(lines, sheets):
        print("这是草稿，不能盖章。请改好错误，重新生成正式的 PDF；下面说的位置只供参考。")
    print(tell(findings, ()), end="")
    if place is None:
        return Exit.FINDINGS
    print(_where(place))
    if options.out:
        print(f"已画好 {options.out}，请打开看红圈是否合适。")
    return Exit.FINDINGS if any(finding.is_error for finding in findings) else Exit.OK


def _ensure_picture(path: Path) -> None:
    """See that the picture gets a name of its own, so that no report is ever replaced by it."""
    if path.suffix.lower() != ".png":
        raise Usage(f"画出来的是图片，--out 的文件名要以 .png 结尾，例如 {path.with_suffix('.png').name}。")
    ensure_new(path)


def _where(place: "SealPlace") -> str:
    facts = place.as_facts()
    return (
        f"印章在第 {place.page} 页，直径 {place.diameter} mm，"
        f"左边距纸边 {facts['left_mm']} mm，上边距纸边 {facts['top_mm']} mm"
        f"（署名“{place.organ}”，日期“{place.date}”）。"
    )
