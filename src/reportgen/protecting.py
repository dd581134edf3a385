"""What somebody edited since we wrote it: refused, or kept under another name before it is replaced."""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from reportgen.file_names import cut
from reportgen.paths import quoted
from reportgen.pipeline import Material
from reportgen.problems import Polished


def protected(edited: list[Path], material: Material, *, force: bool) -> dict[Path, Path]:
    """The names under which edited files shall be kept, by their own.

    Args:
        edited: files that somebody edited since we wrote them, and that are about to be replaced.
        material: what their successors are made of.
        force: they may be replaced, if they are kept.

    Raises:
        Polished: where nobody said that they may be replaced.
    """
    if edited and not force:
        names = "、".join(path.name for path in edited)
        word = next((path for path in edited if path.suffix == ".docx"), None)
        against = f" --against {quoted(Path(material.name))}" if material.kind == "yaml" else ""
        way = f"要用修改过的文件出 PDF，请运行 reportgen build {quoted(word)}{against}；" if word else ""
        raise Polished(
            f"{names} 在生成之后被修改过，没有覆盖。{way}要重新生成，请加 --force（修改过的文件会另存一份）。"
        )
    return {path: next(name for name in _backups(path) if not os.path.lexists(name)) for path in edited}


def _backups(path: Path) -> Iterator[Path]:
    stamp, stem = f"{datetime.now():%Y%m%d-%H%M%S}", cut(path.stem, 200)
    yield path.with_stem(f"{stem}（{stamp} 备份）")
    for number in range(2, 1000):
        yield path.with_stem(f"{stem}（{stamp} 备份{number}）")
