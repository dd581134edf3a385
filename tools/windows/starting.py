"""The texts that a clerk on Windows meets first: two files to double-click or call, and a note.

A console of Windows reads a ``.bat`` in its own code page, whatever that is. So commands are ASCII, and what
a ``.bat`` itself has to say in Chinese is said after ``chcp 936``, in the code page's own bytes. All else is
said by Python, which writes to a console in Unicode.
"""

from collections.abc import Mapping

START_NAME = "开始写年报.bat"
COMMAND_NAME = "reportgen.bat"
NOTE_NAME = "说明.txt"

CODE_PAGE = "gbk"
"""What ``chcp 936`` stands for."""

_HEAD = r"""@echo off
if not exist "%~dp0program\python.exe" goto unpack
"""
_FEET = r"""
:unpack
chcp 936 >nul
echo 没有找到程序：压缩包还没有解压完整。
echo 请先把整个压缩包解压到一个文件夹，再到那个文件夹里双击。
pause
exit /b 3

:old
chcp 936 >nul
echo 程序没有运行起来：它要用六十四位的 Windows 10 或更新的系统，Windows 7 不行。
echo 系统没有问题的，可能是安全软件拦住了它，请允许 program 文件夹里的 python.exe 运行。
pause
exit /b 3
"""
_START = r"""
"%~dp0program\python.exe" -c "" >nul 2>nul || goto old
start "reportgen" "%~dp0program\python.exe" -X utf8 "%~dp0program\start.py"
exit /b 0
"""
_COMMAND = r"""
"%~dp0program\python.exe" -X utf8 -m reportgen %*
exit /b %errorlevel%
"""
_NOTE = """reportgen {version}：政府信息公开工作年度报告生成器

一、怎么开始
把压缩包解压到一个文件夹（桌面、D 盘、U 盘都可以，文件夹名可以有汉字和空格），双击“开始写年报.bat”。
先出来一个黑色的小窗口，浏览器里接着打开填写年报的页面。写完了，把小窗口关掉就结束了。
要用六十四位的 Windows 10 或更新的系统；不用安装，不用管理员权限，不用联网。Windows 7 不能用。
第一次打开慢一些。Windows 提示“已保护你的电脑”的，点“更多信息”“仍要运行”。

二、文件在哪里
您写的年报放在本文件夹的“年报”里；这里不能写的，放在“文档”的“政府信息公开年报”里。小窗口里写着是哪一处。
换一台电脑，把整个文件夹拷过去就行。不用了，把它删掉就行。

三、生成 PDF
填写、检查、生成 Word 文件、归档、核对签名，都不用再装别的。
生成 PDF 要装 LibreOffice（免费），装好以后程序自己找得到。
没有的，用 Word 或 WPS 把 Word 文件另存为 PDF，再请程序逐字核对、采用：
reportgen.bat build 年报.docx --pdf 年报.pdf

四、用命令的
在命令提示符里运行本文件夹里的 reportgen.bat，例如：reportgen.bat check 2025.yaml

里面有 Python {python}（Python 软件基金会签名的原件，只换了 python313._pth 一个文件）{fonts}和各软件包，
各自的许可在“许可”文件夹里。
"""


def start_file() -> bytes:
    """The file that opens the page: in a window of its own, which no question of the console's disturbs."""
    return _console(_HEAD + _START.lstrip() + _FEET)


def command_file() -> bytes:
    """The file that stands for the command ``reportgen``."""
    return _console(_HEAD + _COMMAND.lstrip() + _FEET.partition(":old")[0])


def note(version: str, python: str, fonts: Mapping[str, bytes]) -> bytes:
    """The note beside them; its mark tells every Notepad that it is UTF-8.

    Args:
        version: of reportgen.
        python: the version of Python.
        fonts: the free fonts that go with it.
    """
    told = f"、字体 {'、'.join(fonts)} " if fonts else ""
    return _lines(_NOTE.format(version=version, python=python, fonts=told)).encode("utf-8-sig")


def _console(text: str) -> bytes:
    return _lines(text.rstrip() + "\n").encode(CODE_PAGE)


def _lines(text: str) -> str:
    return text.replace("\n", "\r\n")
