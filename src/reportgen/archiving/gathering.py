"""What of a report's folder goes into its package, and whether it may."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from reportgen.advice import on_page
from reportgen.problems import Exit, Failure, ToolMissing
from reportgen.signing import MARK, missing
from reportgen.signing.states import state_known_by

SIGNED = "（已签名）"
"""The end of what a clerk is told that a signed PDF is."""


_AGAIN = on_page("请重新运行 reportgen build。", "请按“生成文件”重新生成。")


class ArchiveRefused(Failure):
    """A report is not finished, or its files are not as they were made: no package is made of it."""

    exit_code = Exit.FINDINGS


@dataclass(frozen=True, slots=True)
class Gathered:
    """The files of one report: the PDF, signed ones, the Word file, and the source if it is another file.

    Attributes:
        stem: the name that the package has, too.
        files: name → bytes, in the order of the sheet.
        kinds: name → what the file is, in a clerk's words.
        manifest: of the folder.
        left_out: names of PDFs that are neither the one made last nor that one signed.
        note: what whoever receives the package must know; empty where there is nothing.
    """

    stem: str
    files: Mapping[str, bytes]
    kinds: Mapping[str, str]
    manifest: Mapping[str, Any]
    note: str = ""
    left_out: tuple[str, ...] = ()


def gathered(
    manifest: Mapping[str, Any], folder: Mapping[str, bytes], roots: Sequence[bytes] = ()
) -> Gathered:
    """Choose from a folder what belongs together.

    Args:
        manifest: of the folder.
        folder: its files, by name.
        roots: certificates that may vouch for who signed, as PEM or DER.

    Raises:
        ArchiveRefused: a draft, a report with errors, or files that were changed or are gone.
        ToolMissing: there is a signed PDF, and nothing to verify it with.
    """
    _ensure_finished(manifest)
    pdf, made = _made_pdf(manifest, folder)
    stem = PurePath(pdf).stem.removesuffix(MARK)
    signed = {name: _state(name, folder[name], made, roots) for name in _signed(folder, made)}
    original = _original(manifest)
    kinds = dict.fromkeys(signed, f"{original}{SIGNED}")
    if folder[pdf] == made:
        kinds = {pdf: original, **kinds}
    word = f"{stem}.docx"
    kinds[word] = "Word 文件"
    source = str(manifest.get("input", {}).get("copy", ""))
    if source:
        kinds[source] = "数据原稿"
    listed = manifest["files"]
    for name in (word, source):
        if name:
            _ensure_unchanged(name, folder, listed)
    others = tuple(name for name in sorted(folder) if name.endswith(".pdf") and name not in {pdf, *kinds})
    note = _note(manifest) + _unchecked([name for name, state in signed.items() if state == "whole"])
    return Gathered(stem, {name: folder[name] for name in kinds}, kinds, manifest, note, others)


def _ensure_finished(manifest: Mapping[str, Any]) -> None:
    errors = manifest.get("findings", {}).get("error", 0)
    if errors:
        raise ArchiveRefused(f"没有归档：这份年报还有 {errors} 个错误。请改好，重新生成。")
    if manifest.get("draft"):
        raise ArchiveRefused("没有归档：这是草稿。请改好错误，重新生成正式的文件。")
    if figures := _remarked(manifest, "K01"):
        raise ArchiveRefused(
            f"没有归档：Word 文件和 PDF 有 {len(figures)} 处数与数据原稿不同：{figures[0]}"
            + on_page(
                "请把数据原稿照样改好，再运行 reportgen build 那份.docx --against 改好的数据原稿，",
                "请在页面右边的“文件”里放回那份 Word 文件，把改动收进年报，再重新生成，",
            )
            + "数对上了才能归档。"
        )


def _original(manifest: Mapping[str, Any]) -> str:
    """What the PDF is: one that another program printed is only called PDF/A where it says so itself."""
    proof = manifest.get("proofs", {}).get("pdf", {})
    return "PDF 正本" if proof.get("elsewhere") and not proof.get("pdfa") else "PDF/A 正本"


def _note(manifest: Mapping[str, Any]) -> str:
    """What the sheet says of sentences that stand in the PDF and not, or otherwise, in the source."""
    count = len(_remarked(manifest, "K02", "K03"))
    if not count:
        return ""
    return f"正本和 Word 文件有 {count} 处文字与数据原稿不同，以正本为准，逐处见检查结果.json。"


def _unchecked(names: Sequence[str]) -> str:
    """What the sheet says of signatures that are whole, but whose signers no root vouches for."""
    if not names:
        return ""
    return (
        f"{'、'.join(names)} 上的签名，内容完好，签名人的身份未核对（归档时没有发证机构的根证书）。"
        "接收时请用 reportgen verify 加 --root 核对。"
    )


def _remarked(manifest: Mapping[str, Any], *codes: str) -> list[str]:
    """What the last run said under these codes."""
    return [remark["message"] for remark in manifest.get("remarks", ()) if remark["code"] in codes]


def _made_pdf(manifest: Mapping[str, Any], folder: Mapping[str, bytes]) -> tuple[str, bytes]:
    """The name of the PDF that the last run made, and its bytes then: since, it may have been signed."""
    wanted = manifest.get("made", {}).get("pdf")
    if not wanted:
        raise ArchiveRefused("没有归档：最近一次没有生成 PDF。" + _AGAIN)
    found = [
        (name, state)
        for name, content in folder.items()
        if name.endswith(".pdf") and (state := state_known_by(content, {wanted})) is not None
    ]
    if not found:
        raise ArchiveRefused("没有归档：最近一次生成的 PDF 不在了，或被修改过。" + _AGAIN)
    return min(found, key=lambda each: (folder[each[0]] != each[1], len(each[0])))


def _ensure_unchanged(name: str, folder: Mapping[str, bytes], listed: Mapping[str, Any]) -> None:
    if name not in folder:
        raise ArchiveRefused(f"没有归档：{name} 不在了。" + _AGAIN)
    if hashlib.sha256(folder[name]).hexdigest() != listed.get(name, {}).get("sha256"):
        raise ArchiveRefused(
            f"没有归档：{name} 在生成之后被修改过，与 PDF 不一致。"
            + on_page(
                "要用修改过的，请对它再运行 reportgen build；不要，请改回原样。",
                "要用修改过的，请在页面右边的“文件”里放回它，把改动收进年报，再重新生成；不要，请改回原样。",
            )
        )


def _signed(folder: Mapping[str, bytes], made: bytes) -> Iterator[str]:
    """The names of what the PDF became by signing: its bytes with something after them."""
    for name in sorted(folder):
        if name.endswith(".pdf") and folder[name] != made and folder[name].startswith(made):
            yield name


def _state(name: str, content: bytes, made: bytes, roots: Sequence[bytes]) -> str:
    """What the signatures of a PDF come to: ``valid``, or ``whole`` where nobody vouches for the signers.

    Raises:
        ArchiveRefused: they are not valid, or something else was added to what was made.
        ToolMissing: there is nothing to verify them with.
    """
    if sentence := missing():
        raise ToolMissing(f"{name} 像是签过名的，归档前要核对签名。{sentence}")
    from reportgen.signing.verdicts import State, state_of  # takes over a second to import
    from reportgen.signing.verifying import only_signatures_since, verify

    state = state_of(verify(content, roots))
    if state not in {State.VALID, State.WHOLE} or not only_signatures_since(content, made):
        raise ArchiveRefused(
            f"没有归档：{name} 的签名无效，或者除了签名还改动了别的。"
            + on_page("请运行 reportgen verify 看详情，把它移走或重签。", "请把它移走，再重签。")
        )
    return state.value
