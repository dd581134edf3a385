"""Where fonts and caches are kept on each system: for this user, and for all users."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import platformdirs

_NAME = "reportgen"
_FONTS = "fonts"


def font_folders() -> tuple[Path, ...]:
    """The folders of fonts for this program, this user's before those of every user; they may be absent.

    For this user ``~/.local/share/reportgen/fonts`` (or under ``XDG_DATA_HOME``), for every user
    ``/usr/local/share/reportgen/fonts`` and ``/usr/share/reportgen/fonts`` (or under ``XDG_DATA_DIRS``); on
    Windows under ``%LOCALAPPDATA%`` and ``%PROGRAMDATA%``.
    """
    user = user_fonts()
    return (*((user,) if user else ()), *_system_fonts())


def user_fonts() -> Path | None:
    """This user's folder of fonts, which may not exist yet; None where the user has no home."""
    home = _of_user(platformdirs.user_data_path)
    return home / _FONTS if home else None


def system_fonts() -> Path:
    """The folder of fonts for all users, which may not exist yet: the usual one, if the system names it."""
    named = _system_fonts()
    usual = Path("/usr/local/share") / _NAME / _FONTS
    return usual if usual in named else named[0]


def font_place() -> Path | None:
    """Where fonts can be put: for every user where we may, else for this one; None where we may do neither.

    Nothing is made by asking.
    """
    places = (system_fonts(), user_fonts())
    return next((place for place in places if place and _may_write(place)), None)


def cache_folder() -> Path | None:
    """A writable folder for caches; None where there is none."""
    folder = _of_user(platformdirs.user_cache_path)
    if folder is None:
        return None
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder if os.access(folder, os.W_OK) else None


def _system_fonts() -> tuple[Path, ...]:
    every = platformdirs.site_data_dir(_NAME, appauthor=False, multipath=True)
    return tuple(Path(each) / _FONTS for each in every.split(os.pathsep))


def _of_user(folder: Callable[..., Path]) -> Path | None:
    """A folder of this user; None for one whom the system does not know and who has no ``HOME``."""
    with suppress(RuntimeError):
        found = folder(_NAME, appauthor=False)
        return found if found.is_absolute() else None
    return None


def _may_write(folder: Path) -> bool:
    """True if a folder can be written to, or made."""
    for place in (folder, *folder.parents):
        with suppress(OSError):
            if place.exists():
                return place.is_dir() and os.access(place, os.W_OK | os.X_OK)
    return False
