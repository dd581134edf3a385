"""What lies where in the folder for Windows: values in, the parts of the zip file out."""

import email
import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path

from reportgen.safe.packing import packed_as_files
from windows import starting
from windows.compiling import cached
from windows.getting import Interpreter

PROGRAM = "program"
"""The folder of everything that a clerk need not look at; in ASCII, for programs that know no other."""

LICENCES = "许可"
"""The folder of everybody's terms."""

PATHS = "python313._pth"
"""Says where this Python looks for modules; with it, no setting of the machine's counts."""

MODULES = "lib.zip"
"""The packages of nothing but modules: one file, not a thousand, for whoever unpacks or examines them."""

_PATHS = f"python313.zip\r\n{MODULES}\r\n.\r\nlib\r\n".encode()
_FOR_C = re.compile(r"\.(c|h|pyx|pxd|pxi)$")
_MODULE = re.compile(r".+\.pyi?|.+/py\.typed")
_LICENCE = re.compile(r"(licen[cs]es?/.+|(licen[cs]e|copying|notice|authors)[^/]*)", re.IGNORECASE)
_OUR_COPIES = Path(__file__).with_name("licences")
_WITHOUT_TEXT = {"docxtpl": "LGPL-2.1.txt"}
"""Packages that name their licence and leave its text out, and our copy of it."""

_FONT_TERMS = (
    "{0}：Fandol 字体，Project Fandol（Clerk Ma、Jie Su）2012-2013年。\r\n"
    "许可是 GPL 第三版，并附字体例外：文档里嵌入这个字体，文档本身不因此受 GPL 约束。\r\n"
    "这里的字体文件与原作者发布的一样，没有改动；出处：CTAN 的 fandol。\r\n"
)


class UnfitError(Exception):
    """A package cannot go into the folder as it is."""


@dataclass(frozen=True)
class Package:
    """What of a wheel goes into the folder.

    Attributes:
        name, version, terms: what it says of itself.
        files: path below the folder of packages → content.
        licences: the texts that it came with, by their paths.
    """

    name: str
    version: str
    terms: str
    files: Mapping[str, bytes]
    licences: Mapping[str, bytes] = field(default_factory=dict)


def package_in(wheel: bytes) -> Package:
    """What of a wheel goes into the folder: manual pages of its ``.data`` and sources in C do not.

    Args:
        wheel: the bytes of the file.

    Raises:
        UnfitError: it has modules in its ``.data``, which would be missing.
    """
    with zipfile.ZipFile(io.BytesIO(wheel)) as opened:
        held = {each: opened.read(each) for each in opened.namelist() if not each.endswith("/")}
    if any(".data/purelib/" in each or ".data/platlib/" in each for each in held):
        raise UnfitError("有模块放在 .data 里，这里不认识这样的软件包")
    own = next(each.partition("/")[0] for each in held if each.endswith(".dist-info/METADATA"))
    about = email.message_from_bytes(held[f"{own}/METADATA"])
    inside = {each.removeprefix(f"{own}/"): held[each] for each in held if each.startswith(f"{own}/")}
    return Package(
        about["Name"],
        about["Version"],
        _terms(about),
        {name: content for name, content in held.items() if ".data/" not in name and not _FOR_C.search(name)},
        {name: content for name, content in inside.items() if _LICENCE.fullmatch(name)},
    )


def _terms(about: Message) -> str:
    """The licence that metadata name, in a line; empty where they name none."""
    classes = [each.rpartition(" :: ")[2] for each in about.get_all("Classifier", []) if "License ::" in each]
    told = about.get("License-Expression") or "、".join(classes) or about.get("License") or ""
    return str(told).strip().partition("\n")[0]


def parts(
    version: str,
    python: Interpreter,
    packages: Iterable[Package],
    fonts: Mapping[str, bytes],
    code: Mapping[str, bytes],
) -> dict[str, bytes]:
    """Every file of the folder, by its path in the zip file, in the order of the zip file.

    Args:
        version: of reportgen.
        python: what it runs on.
        packages: ours and what it needs.
        fonts: free fonts by their file names.
        code: compiled code of the modules, by their paths; none leaves all modules in folders, where
            Python compiles each when it is first used, and keeps it.

    Raises:
        UnfitError: a package came without a licence.
    """
    packages = sorted(packages, key=lambda each: each.name.lower())
    files = {
        starting.START_NAME: starting.start_file(),
        starting.COMMAND_NAME: starting.command_file(),
        starting.NOTE_NAME: starting.note(version, python.version, fonts),
    }
    program = {name: content for name, content in python.files.items() if name != "LICENSE.txt"}
    program |= {PATHS: _PATHS, "start.py": Path(__file__).with_name("start.py").read_bytes()}
    program |= _libraries({name: each.files[name] for each in packages for name in each.files}, code)
    program |= {f"share/reportgen/fonts/{name}": content for name, content in fonts.items()}
    files |= {f"{PROGRAM}/{name}": content for name, content in sorted(program.items())}
    files |= {f"{LICENCES}/{name}": text for name, text in _licences(python, packages, fonts).items()}
    return {f"reportgen-{version}/{name}": content for name, content in files.items()}


def _libraries(files: Mapping[str, bytes], code: Mapping[str, bytes]) -> dict[str, bytes]:
    """Everybody's modules, and beside each its compiled code: in a folder, or in the zip file.

    Args:
        files: those of all packages, by their paths.
        code: as in ``parts``.
    """
    loose = {name.partition("/")[0] for name in files if not _MODULE.fullmatch(name)}
    folder: dict[str, bytes] = {}
    modules: dict[str, bytes] = {}
    for name, content in sorted(files.items()):
        in_folder = not code or name.partition("/")[0] in loose
        held = folder if in_folder else modules
        held[name] = content
        if name in code:
            held[cached(name) if in_folder else f"{name}c"] = code[name]
    zipped = {MODULES: packed_as_files(modules)} if modules else {}
    return zipped | {f"lib/{name}": content for name, content in folder.items()}


def _licences(
    python: Interpreter, packages: Iterable[Package], fonts: Mapping[str, bytes]
) -> dict[str, bytes]:
    texts = {f"Python-{python.version}/LICENSE.txt": python.files["LICENSE.txt"]}
    lines = [f"Python {python.version}：PSF License（连同其中各部分的许可）"]
    for each in packages:
        if each.name == "reportgen":
            continue
        lines.append(f"{each.name} {each.version}：{each.terms or '见文件'}")
        texts |= {f"{each.name}-{each.version}/{name}": text for name, text in _texts_of(each).items()}
    for name in fonts:
        lines.append(f"{name}：GPL-3.0，附字体例外")
        texts[f"{name}/说明.txt"] = _FONT_TERMS.format(name).encode("utf-8-sig")
        texts[f"{name}/GPL-3.txt"] = (_OUR_COPIES / "GPL-3.txt").read_bytes()
    return {"总表.txt": "\r\n".join([*lines, ""]).encode("utf-8-sig")} | dict(sorted(texts.items()))


def _texts_of(package: Package) -> Mapping[str, bytes]:
    """The texts of a package's terms, in one folder.

    Raises:
        UnfitError: there are none.
    """
    if package.licences:
        return {name.replace("/", "-"): text for name, text in package.licences.items()}
    copy = _WITHOUT_TEXT.get(package.name)
    if copy is None:
        raise UnfitError(f"{package.name} {package.version} 没有附许可")
    return {copy: (_OUR_COPIES / copy).read_bytes()}
