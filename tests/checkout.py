"""A copy of this repository's files in a scratch folder, to do there what a person would do."""

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def copy_checkout(to: Path) -> Path:
    """Copy what git keeps or would take, as it stands on the disk now; judges that are here are linked to.

    Args:
        to: the folder to make.

    Returns:
        The same folder.
    """
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, to / name)
    (to / ".setup").mkdir()
    for judge in ("nu", "verapdf"):
        if (ROOT / ".setup" / judge).is_dir():
            (to / ".setup" / judge).symlink_to(ROOT / ".setup" / judge)
    return to
