"""Which certificates may vouch for signers: those given, else those that an administrator put in a folder."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import platformdirs

from reportgen.paths import reason
from reportgen.problems import FileTrouble
from reportgen.signing import missing
from reportgen.store.disk import read_bytes

ROOTS = "REPORTGEN_ROOTS"
"""The variable that names another folder of root certificates."""

_SUFFIXES = frozenset({".pem", ".cer", ".crt", ".der"})


def chosen_roots(given: Sequence[Path]) -> tuple[bytes, ...]:
    """Root certificates as PEM or DER; none where nobody chose any.

    The system's own are never taken: they vouch for web sites, not for who signs.

    Args:
        given: the files after ``--root``; where there are some, the folder is not looked at.

    Raises:
        FileTrouble: a file cannot be read or is no certificate, or the named folder is none.
    """
    return tuple(_content(path) for path in given or _kept())


def folder_of_roots() -> Path:
    """Where an administrator keeps root certificates for every user of the machine."""
    named = os.environ.get(ROOTS)
    if named:
        return Path(named)
    if sys.platform in ("win32", "darwin"):
        return platformdirs.site_config_path("reportgen", appauthor=False) / "roots"
    return Path("/etc/reportgen/roots")  # the freedesktop folder is for desktops; servers have this one


def _kept() -> list[Path]:
    folder = folder_of_roots()
    try:
        return sorted(path for path in folder.iterdir() if path.suffix.lower() in _SUFFIXES)
    except FileNotFoundError:
        if os.environ.get(ROOTS):
            raise FileTrouble(
                f"环境变量 {ROOTS} 指的根证书文件夹 {folder} 不存在。请改正，或去掉它。"
            ) from None
        return []
    except OSError as error:
        raise FileTrouble(f"读不了根证书文件夹 {folder}：{reason(error)}") from error


def _content(path: Path) -> bytes:
    content = read_bytes(path)
    if missing():
        return content  # nothing will be verified with it
    from reportgen.signing.trusting import certificate  # takes over a second to import

    try:
        certificate(content)
    except FileTrouble as trouble:
        raise FileTrouble(f"{path}：{trouble}") from None
    return content
