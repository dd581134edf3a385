"""The finished PDF of a report, signed at the page with a certificate's file, as ``sign`` does it."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from reportgen.makers.pdf_libreoffice.fonts import font_file
from reportgen.problems import FileTrouble, ToolMissing
from reportgen.signing import MARK, missing
from reportgen.store.disk import is_kept_copy, read_bytes, write_new

_RING = "FandolHei-Regular.otf"
"""The font of the words in the ring that stands for a seal."""


def signed(said: Mapping[str, Any], files: Mapping[str, Path], key: bytes, password: str) -> tuple[Path, str]:
    """Sign the PDF of a report, beside it.

    Args:
        said: the manifest of the report's folder.
        files: what lies there, by name.
        key: a PKCS#12 file.
        password: that opens it; kept nowhere.

    Returns:
        Where the signed PDF lies, and a sentence (Chinese) if the signer is not the report's organ.

    Raises:
        Failure: pyHanko is missing, there is no PDF, it must not be signed, the password is wrong, or it was
            signed before.
    """
    if sentence := missing():
        raise ToolMissing(sentence)
    from reportgen.signing import filling  # pyHanko takes over a second to import
    from reportgen.signing.appearance import Appearance
    from reportgen.signing.credentials import KeyFile
    from reportgen.signing.permission import ensure_permitted
    from reportgen.signing.verdicts import difference
    from reportgen.signing.verifying import verify

    path = _unsigned(files)
    out = path.with_stem(path.stem + MARK)
    if out.name in files:
        raise FileTrouble(f"已经签过名：{out.name}。要重新签，先把它移走。")
    pdf, organ, now = read_bytes(path), str(said.get("organ", "")), datetime.now().astimezone()
    ensure_permitted(pdf, path.name, said)
    font = font_file(_RING)
    day = f"{now.year}年{now.month}月{now.day}日"
    look = Appearance(organ, day, b"", read_bytes(font) if font else b"")
    made = filling.sign(pdf, KeyFile(key, password), filling.Wish(look), now)
    write_new(out, made)
    return out, difference(verify(made)[-1].names, organ)


def _unsigned(files: Mapping[str, Path]) -> Path:
    for path in files.values():
        if path.suffix == ".pdf" and not path.stem.endswith(MARK) and not is_kept_copy(path):
            return path
    raise FileTrouble("还没有 PDF。请先按“生成文件”。")
