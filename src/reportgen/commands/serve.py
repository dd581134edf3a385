"""``serve``: the page for clerks, on this machine."""

import importlib.util
import threading
import webbrowser
from pathlib import Path

import click

from reportgen.commands.options import flag, option, path
from reportgen.commands.usage import Options, Usage, command
from reportgen.problems import Exit, FileTrouble, ToolMissing

_NEEDED = ("starlette", "uvicorn")


@command(
    "serve",
    "打开填写年报的页面（只在这台电脑上）",
    "reportgen serve",
    "reportgen serve 年报文件夹 --port 8765 --no-browser",
)
@option("--port", metavar="端口", says="用哪个端口；省略则用一个空着的", type=int, default=0)
@flag("--no-browser", says="不打开浏览器，只打印地址")
@click.argument(
    "folder",
    type=path,
    metavar="[文件夹]",
    required=False,
    default=Path(),
    help="里面有 inputs 和 outputs 的文件夹；省略则是这里",
)
def serve(options: Options) -> int:
    """Serve the page until somebody stops it."""
    if not all(map(importlib.util.find_spec, _NEEDED)):
        from reportgen import itself

        raise ToolMissing(f"页面要用的程序没有装。{itself.getting(*_NEEDED)}")
    if not 0 <= options.port <= 65535:
        raise Usage("--port 写 1024 到 65535 之间的数。")
    if not options.folder.is_dir():
        raise FileTrouble(f"没有文件夹 {options.folder}。")
    from reportgen.web.app import serve_until_stopped

    def tell(address: str) -> None:
        print(f"页面的地址（只在这台电脑上能打开，请不要发给别人）：\n{address}", flush=True)
        print("用完以后在这里按 Ctrl+C 结束。", flush=True)
        if not options.no_browser:
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    serve_until_stopped(options.folder, options.port, options.templates, tell)
    print("页面已经关掉。", flush=True)
    return Exit.OK
