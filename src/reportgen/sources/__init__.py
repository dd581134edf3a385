"""Sources: a kind of document into nodes with places. One file a kind; this page is their contract.

A module of this folder that holds a ``SOURCE`` is one; the folder is listed, nothing is registered.
Every source gives the clerk's keys, so whatever a report was written in, the same reading and the
same rules follow.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from reportgen.advice import Medium
from reportgen.model.form import Form
from reportgen.model.keys import is_clerks_file
from reportgen.model.nodes import Mapping as NodeMapping
from reportgen.model.nodes import Shown
from reportgen.problems import Finding, Place, fault

Read = Callable[[bytes, str, tuple[Form, ...]], tuple[NodeMapping | None, tuple[Finding, ...]]]


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of document.

    Attributes:
        name: what ``doctor`` and messages call it.
        suffixes: the file names' ends that it reads, in lower case: ``.yaml``.
        read: content, file name for places, forms → the clerk's mapping, or None where nothing can be
            read, and findings. Never raises for any content.
        lines: content → the lines that places count in; none for a kind that is no text.
        around: the content as it was made, as it is now, file name → what stands around the text and is new.
        shown: content, file name for places → all that a reader of it sees; nothing for a kind that is no
            document to print. Never raises.
        medium: what a clerk has before the eyes who mends such a file: advice is told in its words.
        once: True for a kind that is only read to make a clerk's file of it, and never judged itself.
        kin: ends of names of files of the same programs that it does not read → how to mend that (Chinese).
    """

    name: str
    suffixes: tuple[str, ...]
    read: Read
    lines: Callable[[bytes], tuple[str, ...]] = lambda _: ()
    around: Callable[[bytes, bytes, str], tuple[Finding, ...]] = lambda *_: ()
    shown: Callable[[bytes, str], Shown] = lambda *_: Shown()
    medium: Medium = Medium.DOCUMENT
    once: bool = False
    kin: Mapping[str, str] = field(default_factory=dict, hash=False)


@cache
def sources() -> tuple[Source, ...]:
    """Every source of the folder, by module name."""
    names = sorted(info.name for info in iter_modules(__path__))
    modules = [import_module(f"{__name__}.{name}") for name in names]
    return tuple(module.SOURCE for module in modules if hasattr(module, "SOURCE"))


def source_for(suffix: str, *, once: bool = False) -> Source | None:
    """The source that reads files of this suffix, with or without its dot; None where there is none.

    Args:
        suffix: of the file's name.
        once: those, too, that are only read to make a clerk's file.
    """
    wanted = _bare(suffix)
    found = next((each for each in sources() if wanted in map(_bare, each.suffixes)), None)
    return found if found and (once or not found.once) else None


def kin_of(suffix: str) -> str:
    """How to make a file of this suffix, without its dot, one that can be read; empty where nobody knows."""
    return next((each.kin[suffix.lower()] for each in sources() if suffix.lower() in each.kin), "")


def misnamed(text: str | None, name: str) -> tuple[Finding, ...]:
    """A finding where a text is a clerk's YAML in a file of another suffix; nothing where it is not.

    Notepad adds .txt where the suffixes are hidden, and as prose such a file says nothing that fits.
    """
    if text is None or not (name.lower().endswith((".yaml.txt", ".yml.txt")) or is_clerks_file(text)):
        return ()
    fix = "请把文件名末尾的扩展名改成 .yaml，例如 2025.yaml（先在资源管理器的“查看”里勾选“文件扩展名”）。"
    return (fault("F27", "这像是填报的年报文件，扩展名却不是 .yaml", Place(name), fix),)


def kinds_read() -> tuple[str, ...]:
    """Every suffix whose files can be judged, without its dot, sorted."""
    return tuple(sorted({_bare(each) for source in sources() if not source.once for each in source.suffixes}))


def _bare(suffix: str) -> str:
    return suffix.lower().lstrip(".")
