"""The order in which LibreOffice happens to write a PDF's fonts does not show."""

import random

import pytest

from reportgen.makers.pdf_libreoffice.font_order import Objects, in_order

NAMES = (b"BAAAAA+FandolSong-Regular", b"CAAAAA+FandolHei-Regular", b"DAAAAA+FandolFang-Regular")


def written(order: list[bytes]) -> Objects:
    """A PDF's objects with its fonts in an order; the last object refers to all of them."""
    objects: Objects = {
        1: b"\n<</Length 2 0 R>>\nstream\n/F1 7 0 R is no reference here\nendstream\n",
        2: b"\n9\n",
    }
    fonts = {}
    for count, name in enumerate(order):
        file = 3 + 5 * count
        objects[file] = b"\n<</Length %d 0 R/Length3 532>>\nstream\n%s\nendstream\n" % (file + 1, name)
        objects[file + 1] = b"\n%d\n" % (100 + NAMES.index(name))
        objects[file + 2] = b"\n<</Type/FontDescriptor/FontFile %d 0 R>>\n" % file
        objects[file + 3] = b"\n<</Length 1>>\nstream\n%s\nendstream\n" % name[:1]
        objects[file + 4] = b"\n<</Type/Font/BaseFont/%s\n/FontDescriptor %d 0 R\n/ToUnicode %d 0 R>>\n" % (
            name,
            file + 2,
            file + 3,
        )
        fonts[name] = file + 4
    objects[99] = b"\n<<%s>>\n" % b" ".join(b"/F%d %d 0 R" % (i, fonts[name]) for i, name in enumerate(NAMES))
    return objects


@pytest.mark.parametrize("seed", range(6))
def test_fonts_in_any_order_give_the_same_objects(seed: int) -> None:
    shuffled = list(NAMES)
    random.Random(seed).shuffle(shuffled)
    assert in_order(written(shuffled)) == in_order(written(list(NAMES)))


def test_words_in_a_stream_are_no_references() -> None:
    assert in_order(written(list(NAMES)))[1] == written(list(NAMES))[1]


def test_fonts_that_share_parts_are_left_alone() -> None:
    objects = written(list(NAMES))
    objects[12] = objects[12].replace(b"/FontDescriptor 10 0 R", b"/FontDescriptor 5 0 R")
    assert in_order(objects) == objects
