"""The rules of the house that no linter knows, each as a function from a module to its offences.

They are tried against offending snippets before they are let loose on the repository; see
``test_architecture.py``.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

VAGUE = {"util", "utils", "helper", "helpers", "common", "base", "manager", "service", "misc"}
# The only folders of the package, apart from their own subfolders: folders are where things get added.
FOLDERS = {
    *(
        "archiving",
        "batch",
        "checks",
        "chinese",
        "clerk_file",
        "commands",
        "makers",
        "model",
        "polish",
        "reading",
    ),
    *("ledger", "recognising", "rollup", "safe", "signing", "sources", "store", "web", "workbook"),
}
# All else takes values and gives values.
OUTSIDE = {
    *("__main__", "batch", "cli", "commands", "itself", "makers", "paths", "signing"),
    *("sources", "store", "web"),
}
VALUES = {"chinese", "model", "problems", "safe"}
# Prose asks Jinja to parse quotes; nothing else of the values stands on a library.
QUOTES = {"model.quoting"}
# Modules that reach the disk, a process, the network, the clock, the environment or chance.
WORLD = {
    *("ctypes", "fcntl", "glob", "locale", "logging", "multiprocessing", "os", "pathlib", "platform"),
    *("random", "secrets", "shutil", "signal", "socket", "sqlite3", "subprocess", "sys", "tempfile", "time"),
    *("urllib.request", "uuid"),
}
# Paths as mere text touch no disk.
PURE = {"pathlib.PurePath", "pathlib.PurePosixPath", "pathlib.PureWindowsPath"}
WORLD_CALLS = {"open", "print", "input", "breakpoint", "exec", "eval"}
DISK_METHODS = {"read_text", "read_bytes", "write_text", "write_bytes"}
CLOCK = {"now", "today", "utcnow"}


@dataclass(frozen=True, slots=True)
class Module:
    """A Python file: its dotted name below ``reportgen`` (or its path elsewhere) and its text."""

    name: str
    text: str

    @property
    def top(self) -> str:
        """The first part of the name, which decides the layer."""
        return self.name.partition(".")[0]

    @property
    def nodes(self) -> Iterator[ast.AST]:
        """Every node of the syntax tree."""
        return ast.walk(ast.parse(self.text))


def module_at(path: Path, root: Path) -> Module:
    """The module in a file; its name is the dotted path from the root."""
    parts = path.relative_to(root).with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    return Module(name, path.read_text(encoding="utf-8"))


def _imported(node: ast.AST) -> list[str]:
    """The full dotted names that an import statement brings in; ``from a import b`` gives ``a.b``."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def _is_within(name: str, roots: set[str]) -> bool:
    """True if a dotted name is one of the roots or lies below one."""
    return any(name == root or name.startswith(f"{root}.") for root in roots)


def _asks_the_clock(node: ast.Attribute) -> bool:
    """True for ``date.today``, ``datetime.now``, ``datetime.datetime.now`` …; not for ``context.today``."""
    owner = node.value
    name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
    return node.attr in CLOCK and name in {"date", "datetime"}


def _reach_out(node: ast.AST) -> Iterator[str]:
    """What one node does to the outside world."""
    yield from (name for name in _imported(node) if _is_within(name, WORLD) and name not in PURE)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in WORLD_CALLS:
        yield f"{node.func.id}()"
    if isinstance(node, ast.Attribute) and (node.attr in DISK_METHODS or _asks_the_clock(node)):
        yield f".{node.attr}"


def reaching_out(module: Module) -> list[str]:
    """No disk, process, network, clock, environment or chance outside adapters and shell."""
    if module.top in OUTSIDE:
        return []
    return [deed for node in module.nodes for deed in _reach_out(node)]


def foreign_imports_of_values(module: Module) -> list[str]:
    """Values import the standard library and each other."""
    if module.top not in VALUES or module.name in QUOTES:
        return []
    known = {*sys.stdlib_module_names, "reportgen"}
    names = [name for node in module.nodes for name in _imported(node)]
    return [name for name in names if name.partition(".")[0] not in known]


def private_names_of_others(module: Module) -> list[str]:
    """What starts with one underscore belongs to its own module, however it is reached."""
    taken = [name for node in module.nodes for name in _imported(node) if _is_within(name, {"reportgen"})]
    locals_ = {name.rpartition(".")[2] for name in taken}
    reached = [
        f"{node.value.id}.{node.attr}"
        for node in module.nodes
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in locals_
    ]
    return [name for name in (*taken, *reached) if any(_is_private(part) for part in name.split("."))]


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def vague_names(module: Module) -> list[str]:
    """A name says what a thing is about; these say nothing."""
    words = {word for part in module.name.lower().split(".") for word in part.split("_")}
    return sorted(words & VAGUE)


def unlisted_folders(module: Module) -> list[str]:
    """The package has the folders that the design names, and no others."""
    folder, dot, _ = module.name.partition(".")
    return [folder] if dot and folder not in FOLDERS else []


RULES: tuple[Callable[[Module], list[str]], ...] = (
    reaching_out,
    foreign_imports_of_values,
    private_names_of_others,
    vague_names,
    unlisted_folders,
)


def floors_of_contract(project: str, package: Path) -> list[set[str]]:
    """The floors that import-linter holds, from the top, by the text of ``pyproject.toml``.

    Those in parentheses may be absent, and count only where the package has them.
    """
    contracts = tomllib.loads(project)["tool"]["importlinter"]["contracts"]
    [layers] = (contract["layers"] for contract in contracts if contract["type"] == "layers")
    floors = [{name.strip() for name in layer.split("|")} for layer in layers]
    there = [{name.strip("()") for name in floor if _is_there(name, package)} for floor in floors]
    return [floor for floor in there if floor]


def _is_there(name: str, package: Path) -> bool:
    bare = package / name.strip("()")
    return not name.startswith("(") or bare.is_dir() or bare.with_suffix(".py").is_file()


def floors_of_page(page: str) -> list[set[str]]:
    """The floors in the table of the architecture page, from the top."""
    table = page.partition("\n| floor |")[2].partition("\n\n")[0]
    return [set(re.findall(r"`(\w+)`", line.split("|")[1])) for line in table.splitlines()[2:]]


def absent_paths(page: str, *roots: Path) -> list[str]:
    """The files and folders that a page names in backticks and that stand below none of the roots.

    A name counts if it ends in ``.py`` or has a ``/``; one with a ``<`` stands for many.
    """
    words = [word for span in re.findall(r"`([^`\n]+)`", page) for word in span.split()]
    paths = [word for word in words if (word.endswith(".py") or "/" in word) and "<" not in word]
    return [path for path in paths if not any(_stands(root / path, path) for root in roots)]


def _stands(path: Path, named: str) -> bool:
    return path.is_dir() if named.endswith("/") else path.exists()
