"""The disk at both ends: gathers supplies and material, writes outcomes whole or not at all."""

from functools import lru_cache
from pathlib import Path

import yaml

from reportgen.model.form import Form
from reportgen.model.form_file import WrongForm, form_from, known_together
from reportgen.paths import shown
from reportgen.pipeline import Material, Supplies
from reportgen.problems import TemplateBroken
from reportgen.store.disk import LARGEST as LARGEST
from reportgen.store.disk import ensure_new as ensure_new
from reportgen.store.disk import read_bytes as read_bytes
from reportgen.store.disk import write_new as write_new
from reportgen.store.disk import write_whole as write_whole
from reportgen.store.storing import MANIFEST as MANIFEST
from reportgen.store.storing import Written as Written
from reportgen.store.storing import digest as digest
from reportgen.store.storing import folder_of as folder_of
from reportgen.store.storing import store as store
from reportgen.store.storing import store_beside as store_beside


def templates_folder() -> Path:
    """Where the forms and Word templates are: in the package when installed, beside ``src`` in a checkout."""
    here = Path(__file__).resolve().parents[1]
    for folder in (here / "templates", here.parents[1] / "templates"):
        if folder.is_dir():
            return folder
    raise TemplateBroken(f"找不到范本文件夹 templates（找过 {here}）。请重新安装 reportgen。")


def supplies(folder: Path | None = None, *, templates: bool = True) -> Supplies:
    """The forms of a templates folder and, unless told otherwise, their Word templates.

    Raises:
        TemplateBroken: where a form cannot be understood.
        FileTrouble: where a file cannot be read.
    """
    folder = folder or templates_folder()
    paths = sorted(folder.glob("*/form.yaml"))
    if not paths:
        raise TemplateBroken(f"{folder} 里没有任何 form.yaml。")
    try:
        forms = _forms(tuple((str(path), read_bytes(path)) for path in paths))
    except WrongForm as error:
        raise TemplateBroken(f"{folder} 里的表样文件互相矛盾：{error}") from error
    words = {form.id: folder / form.id / "report.docx" for form in forms} if templates else {}
    return Supplies(forms, {name: read_bytes(path) for name, path in words.items() if path.exists()})


@lru_cache(maxsize=8)
def _forms(files: tuple[tuple[str, bytes], ...]) -> tuple[Form, ...]:
    """The forms of these files, the same values as long as the process asks for the same files."""
    return known_together(_form(path, content) for path, content in files)


def _form(path: str, content: bytes) -> Form:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return form_from(yaml.load(content, Loader=loader))
    except (yaml.YAMLError, ValueError, KeyError, TypeError) as error:
        raise TemplateBroken(f"{path} 不是正确的表样文件：{error}") from error


def material(path: Path) -> Material:
    """A report as it lies on the disk, under the name that messages shall call it."""
    return Material(shown(path), read_bytes(path))
