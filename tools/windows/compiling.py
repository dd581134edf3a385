"""The packages' modules compiled for the Python of the folder, so that no command has to do it first.

Any Python 3.13 of this machine compiles them, since all its releases share one form of compiled code. They
bear no time and no place, and are taken without a look at the source (unchecked-hash): the same sources give
the same bytes.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

RELEASE = "3.13"
_MARK = "cpython-313"
_COMPILE = ("-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash")
_RARE = (
    *("aiohttp/", "cffi/", "pycparser/", "pygments/", "fontTools/designspaceLib/", "fontTools/feaLib/"),
    *("fontTools/otlLib/", "fontTools/ufoLib/", "fontTools/varLib/", "fontTools/voltLib/"),
)
"""What no command imports: its compiled code would only make the zip file larger."""

_SAME = {"PYTHONHASHSEED": "0", "PYTHONIOENCODING": "utf-8"}
"""The order of a set's members in compiled code is that of their hashes."""


def compiled(sources: Mapping[str, bytes], scratch: Path) -> dict[str, bytes]:
    """Compiled code of modules.

    Args:
        sources: their paths below the folder of packages → content; other files than modules are passed over.
        scratch: an empty folder.

    Returns:
        Their paths → compiled code; without those that no command imports or no Python 3.13 can read. None at
        all where this machine has no Python 3.13.
    """
    python = next((path for path in _candidates() if _is_it(path)), None)
    if python is None:
        return {}
    modules = sorted(name for name in sources if name.endswith(".py") and not name.startswith(_RARE))
    for name in modules:
        path = scratch / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(sources[name])
    words = [python, *_COMPILE, "-s", str(scratch), str(scratch)]
    subprocess.run(words, env=_SAME, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    made = {name: _beside(scratch / name) for name in modules}
    return {name: path.read_bytes() for name, path in made.items() if path.is_file()}


def cached(name: str) -> str:
    """Where Python looks for the compiled code of a module that lies in a folder."""
    folder, _, module = name.rpartition("/")
    return f"{folder}/__pycache__/{module.removesuffix('.py')}.{_MARK}.pyc".lstrip("/")


def _beside(source: Path) -> Path:
    return source.parent / cached(source.name)


def _candidates() -> Iterator[str]:
    yield sys.executable
    yield from filter(None, [shutil.which(f"python{RELEASE}")])
    versions = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    yield from (str(each) for each in sorted(versions.glob(f"{RELEASE}*/bin/python")))


def _is_it(python: str) -> bool:
    words = [python, "-c", "import sys; print(*sys.version_info[:2], sep='.')"]
    return subprocess.run(words, capture_output=True, text=True, check=False).stdout.strip() == RELEASE
