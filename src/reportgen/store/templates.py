"""The templates folder: kinds of documents, the forms of each, and the Word templates beside them.

``<kind>/kind.yaml`` has what the forms of a kind share, ``<kind>/<version>/form.yaml`` a form, and
``report.docx`` beside it how Word prints it. An office may have a folder of its own.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from reportgen.model.form import Form
from reportgen.model.form_file import WrongForm, form_from, known_together
from reportgen.pipeline import Supplies
from reportgen.problems import TemplateBroken
from reportgen.store.disk import fitting, read_bytes, write_new
from reportgen.store.storing import digest

CHECKS = Path(__file__).resolve().parents[1] / "checks"
"""Where a kind's own rules are, and in ``<kind>/claims/lexicon.yaml`` what sentences call its concepts."""

KIND, FORM, WORD = "kind.yaml", "form.yaml", "report.docx"


class _File(NamedTuple):
    """A file with the kind that it is of."""

    kind: str
    path: str
    content: bytes


def templates_folder() -> Path:
    """Where the forms and Word templates are: in the package when installed, beside ``src`` in a checkout."""
    here = Path(__file__).resolve().parents[1]
    for folder in (here / "templates", here.parents[1] / "templates"):
        if folder.is_dir():
            return folder
    raise TemplateBroken(f"找不到模板文件夹 templates（找过 {here}）。请重新安装 reportgen。")


def supplies(folder: Path | None = None, *, templates: bool = True) -> Supplies:
    """The forms of every kind of document and, unless ``templates`` is False, their Word templates.

    Args:
        folder: an office's own templates: a kind in it goes before the program's own of that name, and forms
            that lie in it without a kind go before those of the ordinary one.
        templates: False to leave out the Word templates.

    Raises:
        TemplateBroken: where a form cannot be understood.
        FileTrouble: where a file cannot be read.
    """
    kinds, paths = _found(folder)
    files = tuple(_file(kind, path) for path, kind in paths.items())
    lexicons = (_file(path.parents[1].name, path) for path in sorted(CHECKS.glob("*/claims/lexicon.yaml")))
    try:
        forms = _forms(tuple(_file(*each) for each in kinds.items()), files, tuple(lexicons))
    except WrongForm as error:
        raise TemplateBroken(f"{folder or templates_folder()} 里的表样文件互相矛盾：{error}。") from error
    words = {_id(each): Path(each.path).with_name(WORD) for each in files} if templates else {}
    return Supplies(forms, {name: read_bytes(path) for name, path in words.items() if path.exists()})


def lay_out_kind(folder: Path, name: str, source: str, own: Path | None = None) -> tuple[Path, ...]:
    """Begin a kind of document in an office's templates folder, as a copy of another one.

    Args:
        folder: the office's templates folder; it need not be there.
        name: the kind, as clerks and titles name it; its folder has that name.
        source: the kind that is copied, by its folder: its newest form and Word template.
        own: the templates folder that is used now.

    Returns:
        The new files: ``kind.yaml``, ``form.yaml``, ``report.docx``.

    Raises:
        FileTrouble: the kind is there already, or the disk refuses.
    """
    kinds, paths = _found(own)
    form = max((path for path, kind in paths.items() if kind == source), key=lambda path: path.parent.name)
    below = folder / fitting(name, "文种")
    before = str(_read(_file(source, kinds[source]))["name"])
    said = {"ordinary": "false", "also": "[]", "law": '""', "id": f"{name}{form.parent.name}"}
    files = {
        below / KIND: _renamed(kinds[source], before, name, said),
        below / form.parent.name / FORM: _renamed(form, before, name, said),
        below / form.parent.name / WORD: read_bytes(form.with_name(WORD)),
    }
    for path, content in files.items():
        write_new(path, content)
    return tuple(files)


def _renamed(path: Path, before: str, name: str, said: Mapping[str, str]) -> bytes:
    """A file of settings under another name, and with others in some of its lines; comments stay."""
    text = read_bytes(path).decode("utf-8").replace(before, name)
    for key, value in said.items():
        text = re.sub(rf"^{key}:[^\n#]*", f"{key}: {value}  ", text, count=1, flags=re.M)
    return re.sub(r" +$", "", text, flags=re.M).encode()


def templates_digest(folder: Path | None = None) -> str:
    """One digest of the forms and Word templates that :func:`supplies` takes.

    Raises:
        TemplateBroken: a form cannot be understood.
        FileTrouble: one cannot be read.
    """
    kinds, paths = _found(folder)
    words = (path.with_name(WORD) for path in paths)
    files = sorted((*kinds.values(), *paths, *(path for path in words if path.exists())))
    told = (f"{path.parent.name}/{path.name} {digest(read_bytes(path))}" for path in files)
    return digest("\n".join(told).encode())


def sheet_template(folder: Path | None = None) -> bytes:
    """The template of the hand-over sheet: of a templates folder if it has one, else the program's own.

    Raises:
        FileTrouble: where it cannot be read.
    """
    from reportgen.archiving.sheet import TEMPLATE  # knows digests, which reports do without

    own = folder / TEMPLATE if folder else None
    return read_bytes(own if own and own.exists() else templates_folder() / TEMPLATE)


def _found(folder: Path | None) -> tuple[dict[str, Path], dict[Path, str]]:
    """The files of the kinds by their names, and the kind of each form's file."""
    folders = list(dict.fromkeys((templates_folder(), folder or templates_folder())))
    kinds = {path.parent.name: path for each in folders for path in sorted(each.glob(f"*/{KIND}"))}
    forms = {path: kind for kind, each in kinds.items() for path in sorted(each.parent.glob(f"*/{FORM}"))}
    loose = sorted(folders[-1].glob(f"*/{FORM}"))
    if not loose and not any(path.is_relative_to(folders[-1]) for path in forms):
        raise TemplateBroken(f"{folders[-1]} 里没有任何 {FORM}。")
    if loose:
        ordinary = next(
            kind for kind, path in kinds.items() if _read(_file(kind, path)).get("ordinary", True)
        )
        forms = {path: kind for path, kind in forms.items() if kind != ordinary}
        forms |= dict.fromkeys(loose, ordinary)
    return kinds, forms


def _file(kind: str, path: Path) -> _File:
    return _File(kind, str(path), read_bytes(path))


@lru_cache(maxsize=8)
def _forms(
    kinds: tuple[_File, ...], forms: tuple[_File, ...], lexicons: tuple[_File, ...]
) -> tuple[Form, ...]:
    """The forms of these files, the same values as long as the process asks for the same files."""
    shared = {each.kind: _read(each) for each in kinds}
    words = {each.kind: _parsed(each.content) for each in lexicons}
    return known_together((_form(each, shared[each.kind]) for each in forms), words)


def _parsed(content: bytes) -> Any:
    return yaml.load(content, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@lru_cache(maxsize=32)
def _read(file: _File) -> dict[str, Any]:
    try:
        return dict(_parsed(file.content))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"第 {mark.line + 1} 行附近" if mark else "里面有字"
        how = "请核对冒号（半角，后面空一格）、行首的空格、引号和括号"
        raise TemplateBroken(f"{file.path} 不是正确的表样文件：{where}写得不对，{how}。") from error
    except (ValueError, TypeError) as error:
        raise TemplateBroken(f"{file.path} 不是正确的表样文件：每行要写成“项目: 内容”。") from error


def _id(file: _File) -> str:
    return str(_read(file)["id"])


def _form(file: _File, shared: dict[str, Any]) -> Form:
    try:
        return form_from(_read(file), file.kind, shared)
    except WrongForm as error:
        raise TemplateBroken(f"{file.path} 不是正确的表样文件：{error}。") from error
    except KeyError as error:
        raise TemplateBroken(f"{file.path} 不是正确的表样文件：缺少 {error.args[0]}。") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise TemplateBroken(f"{file.path} 不是正确的表样文件：有一项的写法不对（{error}）。") from error
