"""Little copies of the free fonts, and a stand-in for apt-get that has packages of them."""

import io
import subprocess
from collections.abc import Mapping
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

from reportgen.makers.pdf_libreoffice.fetching import PACKAGES

_APT = """#!/bin/sh
# Knows "update" and "download PACKAGE", and writes down what it is asked. A file "down" cuts it off; a file
# "stale" lets it know no package before it is updated.
for last; do :; done
echo "$last" >>{0}/asked
[ -e {0}/down ] && exit 100
[ "$last" = update ] && exec touch {0}/updated
[ -e {0}/stale ] && [ ! -e {0}/updated ] && exit 100
cp {0}/"$last"_1_all.deb .
"""


def small(source: Path, text: str) -> bytes:
    """A font with the characters of a text, all else as it was; of a collection, the first font."""
    options = subset.Options()
    options.name_IDs, options.notdef_outline = ["*"], True
    options.layout_features, options.recalc_timestamp = [], False
    with TTFont(source, fontNumber=0) as font:
        cut = subset.Subsetter(options)
        cut.populate(text=text)
        cut.subset(font)
        made = io.BytesIO()
        font.save(made)
    return made.getvalue()


def mirror_of(fonts: Mapping[str, bytes], root: Path) -> Path:
    """Make packages of fonts in a folder; gives the folder to put before the search path."""
    for package in PACKAGES:
        tree = root / package.name
        (tree / "DEBIAN").mkdir(parents=True)
        (tree / "DEBIAN/control").write_text(
            f"Package: {package.name}\nVersion: 1\nArchitecture: all\n"
            "Maintainer: nobody\nDescription: fonts\n"
        )
        inside = tree / package.within
        inside.mkdir(parents=True)
        (inside / "Other.otf").write_bytes(b"not wanted")
        for name in package.files:
            (inside / name).write_bytes(fonts.get(name, b"no font"))
        made = root / f"{package.name}_1_all.deb"
        subprocess.run(["dpkg-deb", "-Znone", "--build", tree, made], check=True, capture_output=True)
    program = root / "bin/apt-get"
    program.parent.mkdir()
    program.write_text(_APT.format(root))
    program.chmod(0o755)
    return program.parent
