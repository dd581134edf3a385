"""Let the Nu checker, which is nobody of ours, judge a page of HTML and the style sheets in it."""

import json
import subprocess
import sys
from pathlib import Path

_JARS = Path(__file__).resolve().parents[1] / ".setup/nu"
_MAIN = "nu.validator.client.SimpleCommandLineValidator"


class NoVerdictError(Exception):
    """The checker is not here, or did not judge; says what to do, in Chinese."""


def complaints(page: Path) -> list[str]:
    """What the checker has against a page, warnings too, each with its line; empty if it is valid.

    Raises:
        OSError: The page cannot be read.
        NoVerdictError: The checker is not here or did not run: a page that nobody judged is not a valid one.
    """
    if not _JARS.is_dir():
        raise NoVerdictError("没有 Nu 检查器。请运行：sh tools/setup.sh tests")
    ran = subprocess.run(
        ["java", "-cp", str(_JARS / "*"), _MAIN, "--also-check-css", "--format", "json", "-"],
        input=page.read_bytes(),  # of a file that it does not find, it says nothing
        capture_output=True,
        check=False,
    )
    try:
        messages = json.loads(ran.stderr)["messages"]
    except (ValueError, KeyError) as error:
        raise NoVerdictError(f"Nu 检查器没有判定：{ran.stderr.decode(errors='replace').strip()}") from error
    return [f"{said.get('lastLine', 0)}: {said['type']}: {said['message']}" for said in messages]


if __name__ == "__main__":
    told = complaints(Path(sys.argv[1]))
    print(*told, sep="\n")
    sys.exit(1 if told else 0)
