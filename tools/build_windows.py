"""Makes the zip file for Windows: ``python tools/build_windows.py [FOLDER]``; without a folder, in ``dist``.

The same checkout gives the same bytes, wherever it lies. Nothing of what is packed is run here.
"""

import argparse
import hashlib
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from reportgen.makers.pdf_libreoffice.fonts import font_file
from reportgen.safe.packing import packed
from windows import ROOT, compiling, getting, layout

FONT = "FandolSong-Bold.otf"
"""Stands in for 方正小标宋简体, the one official family of which Windows has none of the same style."""

_LARGEST = 60_000_000


def main(arguments: Sequence[str]) -> int:
    """Build the zip file and tell what is in it; 1 where it cannot be built."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "dist")
    options = parser.parse_args(arguments)
    try:
        path = build(options.folder)
    except (getting.NotFetchedError, layout.UnfitError) as trouble:
        print(f"没有做成：{trouble}", file=sys.stderr)
        return 1
    size = path.stat().st_size
    print(f"{path}\n{size / 1e6:.1f} MB，SHA-256 {hashlib.sha256(path.read_bytes()).hexdigest()}")
    if size > _LARGEST:
        print(f"大于 {_LARGEST / 1e6:.0f} MB，请看多了什么。", file=sys.stderr)
        return 1
    return 0


def build(folder: Path) -> Path:
    """The zip file, made in a folder.

    Raises:
        NotFetchedError: something cannot be had.
        UnfitError: a package cannot go into it.
    """
    with tempfile.TemporaryDirectory(prefix="reportgen-windows-") as name:
        scratch = {each: Path(name) / each for each in ("python", "wheels", "own", "code")}
        for place in scratch.values():
            place.mkdir()
        python = getting.interpreter(scratch["python"])
        files = [*getting.wheels(scratch["wheels"]), getting.own_wheel(scratch["own"])]
        packages = [layout.package_in(file.read_bytes()) for file in files]
        sources = {name: each.files[name] for each in packages for name in each.files}
        code = compiling.compiled(sources, scratch["code"])
    version = next(each.version for each in packages if each.name == "reportgen")
    fonts = _fonts()
    told = f"Python {python.version}，{len(packages)} 个软件包，{'、'.join(fonts) or '没有带字体'}"
    print(f"reportgen {version}：{told}", flush=True)
    if not code:
        print(
            f"这台机器上没有 Python {compiling.RELEASE}，软件包没有编译：解压后第一次用要慢几秒。", flush=True
        )
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"reportgen-{version}-windows.zip"
    path.write_bytes(packed(layout.parts(version, python, packages, fonts, code)))
    return path


def _fonts() -> dict[str, bytes]:
    """The free font that goes with it, where this machine has it."""
    file = font_file(FONT)
    return {FONT: file.read_bytes()} if file else {}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
