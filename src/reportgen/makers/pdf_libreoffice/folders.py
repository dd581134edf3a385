"""Where fonts and caches of this user are kept, on each system."""

import os
import sys
from pathlib import Path


def _under(variable: str, posix: tuple[str, ...], windows: tuple[str, ...]) -> Path:
    if sys.platform == "win32":
        root = os.environ.get("LOCALAPPDATA")
        return (Path(root) if root else Path.home() / "AppData" / "Local").joinpath(*windows)
    given = os.environ.get(variable, "")
    root_path = Path(given) if given.startswith("/") else Path.home().joinpath(*posix)
    return root_path / "reportgen"


def font_folder() -> Path:
    """Where set-up unpacks the free fonts."""
    return _under("XDG_DATA_HOME", (".local", "share"), ("reportgen",)) / "fonts"


def cache_folder() -> Path | None:
    """A writable folder for what may be thrown away; None where there is none."""
    folder = _under("XDG_CACHE_HOME", (".cache",), ("reportgen", "cache"))
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder if os.access(folder, os.W_OK) else None
