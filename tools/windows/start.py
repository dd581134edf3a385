"""What ``开始写年报.bat`` starts on Windows: a window that says what it is, and the page for clerks."""

import contextlib
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
"""The folder that was unpacked."""

TITLE = "年报页面（写完了，关掉这个窗口）"
_SAID = """这个窗口是填写年报的程序，请让它开着；年报在浏览器里写，那里马上会打开一个页面。
写完了，关掉这个窗口就结束了，写到一半的也已经存好。不需要联网。
年报的文件放在：{0}
"""


def main() -> int:
    """Serve the page until the window is closed; what kept it from starting stays on the screen."""
    from reportgen.cli import main as run

    _name_window(TITLE)
    folder = workspace(HERE)
    print(_SAID.format(folder), flush=True)
    code = run(["serve", str(folder)])
    if code:
        with contextlib.suppress(EOFError, KeyboardInterrupt):
            input("没有打开页面，原因见上。按回车键关掉这个窗口。")
    return code


def workspace(here: Path) -> Path:
    """The folder for the clerk's files: beside the program, or among this user's documents.

    Args:
        here: the folder that was unpacked; on some disks it cannot be written to.
    """
    beside = here / "年报"
    if _can_write(beside):
        return beside
    import platformdirs

    among = platformdirs.user_documents_path() / "政府信息公开年报"
    among.mkdir(parents=True, exist_ok=True)
    return among


def _can_write(folder: Path) -> bool:
    """True if a file could be made there; the folder is made, the file is not kept."""
    with contextlib.suppress(OSError):
        folder.mkdir(exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    return False


def _name_window(title: str) -> None:
    """Give the console's window a name; elsewhere nothing happens."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.kernel32.SetConsoleTitleW(title)


if __name__ == "__main__":
    sys.exit(main())
