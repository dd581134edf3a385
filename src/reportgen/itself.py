"""How this program is called on this machine, which packages it has, and how others are added to it.

A command in a message must work when it is copied: in a checkout, with an installed wheel, as another user.
"""

import os
import shutil
import sys
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

_NAME = "reportgen"
_DESCRIBED = ".dist-info"


def command(*, anywhere: bool = False) -> str:
    """What to type for ``reportgen``: that word where it finds this installation, else the whole path.

    Args:
        anywhere: the whole path in any case: an administrator has another search path.
    """
    script = next((each for each in _scripts() if each.is_file()), None)
    if script is None:
        return f"{_quoted(Path(sys.executable))} -m {_NAME}"
    found = shutil.which(_NAME)
    if found and not anywhere and script.samefile(found):
        return _NAME
    return _quoted(script)


def _scripts() -> tuple[Path, ...]:
    """Where the script of this installation may be; in the folder for Windows, above Python."""
    python = Path(sys.executable)
    if sys.platform == "win32":
        return python.with_name(f"{_NAME}.exe"), python.parent.parent / f"{_NAME}.bat"
    return (python.with_name(_NAME),)


def getting(*packages: str) -> str:
    """A Chinese sentence with the command that adds Python packages to this installation.

    Args:
        packages: names as in this project's own list of what it may need, whose bounds are added.
    """
    import sysconfig

    who = "" if os.access(sysconfig.get_path("purelib"), os.W_OK) else "安装 reportgen 的人"
    wanted = " ".join(f'"{_with_bounds(name)}"' for name in packages)
    return f"请{who}运行：{_quoted(Path(sys.executable))} -m pip install {wanted}"


@lru_cache
def version_of(package: str) -> str:
    """The version of an installed package.

    Installers write it into the name of the folder beside it. ``importlib.metadata`` reads a mail's head for
    it and loads half of the mail and web packages, a twentieth of a cold build: it is asked where there is
    no such folder, as in a zip file.

    Raises:
        importlib.metadata.PackageNotFoundError: it is not installed.
    """
    if folder := _installed().get(_plain(package)):
        return folder.name.removesuffix(_DESCRIBED).partition("-")[2]
    from importlib.metadata import version

    return version(package)


def record_of(package: str) -> str:
    """The files of an installed package with their digests, as its installer wrote them; else empty."""
    if folder := _installed().get(_plain(package)):
        with suppress(OSError):
            return (folder / "RECORD").read_text("utf-8")
    return ""


@lru_cache(maxsize=1)
def _installed() -> dict[str, Path]:
    """The folders that describe packages, by these packages' plain names; the first that Python finds."""
    found: dict[str, Path] = {}
    for place in sys.path:
        with suppress(OSError):
            for folder in Path(place).iterdir():
                package, _, version = folder.name.removesuffix(_DESCRIBED).partition("-")
                if version and folder.name.endswith(_DESCRIBED):
                    found.setdefault(_plain(package), folder)
    return found


def _plain(package: str) -> str:
    return package.lower().replace("-", "_").replace(".", "_")


def _with_bounds(name: str) -> str:
    """A package with the versions that this project takes; its name alone where the project does not say."""
    from importlib.metadata import PackageNotFoundError, requires

    try:
        listed = [each.partition(";")[0].strip() for each in requires(_NAME) or ()]
    except PackageNotFoundError:
        return name
    return next((each for each in listed if each.lower().startswith(f"{name}>")), name)


def _quoted(path: Path) -> str:
    return f'"{path}"' if " " in str(path) else str(path)
