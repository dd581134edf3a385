"""The digests of a package's files: SHA-256, and SM3 for offices that keep to national ciphers."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from reportgen import itself
from reportgen.problems import ToolMissing


@dataclass(frozen=True, slots=True)
class Digests:
    """A file's size and digests."""

    size: int
    sha256: str
    sm3: str

    def as_json(self) -> dict[str, object]:
        """The same as the manifest holds it."""
        return {"bytes": self.size, "sha256": self.sha256, "sm3": self.sm3}


def digests(content: bytes) -> Digests:
    """The digests of a file.

    Raises:
        ToolMissing: this Python knows no SM3.
    """
    return Digests(len(content), hashlib.sha256(content).hexdigest(), _sm3()(content))


def _sm3() -> Callable[[bytes], str]:
    """SM3 (GB/T 32905) of this Python's OpenSSL, else of the library that comes with the signing tools."""
    if "sm3" in hashlib.algorithms_available:
        return lambda content: hashlib.new("sm3", content).hexdigest()
    try:
        from cryptography.hazmat.primitives import hashes
    except ImportError:
        raise ToolMissing(f"这台电脑的 Python 不会算 SM3。{itself.getting('cryptography')}") from None

    def with_library(content: bytes) -> str:
        running = hashes.Hash(hashes.SM3())
        running.update(content)
        return running.finalize().hex()

    return with_library
