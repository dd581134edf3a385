"""What a PDF was before each of its updates: signing only adds, so the earlier file is its beginning."""

import re
from collections.abc import Iterator


def states(pdf: bytes) -> Iterator[bytes]:
    """The file now, and as it was before each update."""
    yield pdf
    for end in re.finditer(rb"%%EOF(?:\r\n|\n|\r)?", pdf):
        yield pdf[: end.end()]
