"""What is kept of a template on the disk: found again, and believed only where nobody else could write it."""

import hashlib
import marshal
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from reportgen.makers.docx_docxtpl import MAKER, filling, kept, template_check
from reportgen.problems import TemplateBroken
from test_docx_docxtpl import edited, order, report
from test_layout import FORMS
from test_templates import template

SAMPLE = Path(__file__).parents[1] / "inputs" / "laiyang-xuefang" / "2020.yaml"
TEMPLATE = template(FORMS["2021"])


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where things are kept in this test; nothing is known from before."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    forget()
    return tmp_path / "reportgen" / "templates"


def forget() -> None:
    """Let this process be one that has just begun."""
    filling.compiled.cache_clear()
    template_check._SEEN.clear()


def made() -> bytes:
    return MAKER.make(order(report()))


def not_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on nothing can be compiled or checked."""
    forget()
    monkeypatch.setattr(filling, "_compiled", lambda _: pytest.fail("compiled"))
    monkeypatch.setattr(
        "reportgen.makers.docx_docxtpl.template_check.check_template", lambda *_: pytest.fail("checked")
    )


def test_the_next_run_compiles_nothing_and_makes_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    first = made()
    not_compiled(monkeypatch)
    assert made() == first


def test_a_process_that_finds_a_compiled_template_does_without_docxtpl(tmp_path: Path) -> None:
    program = (
        "import sys; from reportgen.cli import main; code = main(sys.argv[1:])\n"
        "print(*sorted({'docx', 'docxtpl', 'jinja2'} & set(sys.modules)), file=sys.stderr); sys.exit(code)\n"
    )
    command = [sys.executable, "-c", program, "build", str(SAMPLE), "--to", "docx", "--out"]
    loaded = []
    for name in ("one", "two"):
        done = subprocess.run([*command, str(tmp_path / name)], capture_output=True, text=True, check=True)
        loaded.append(done.stderr.split())
    assert loaded == [["docx", "docxtpl", "jinja2"], ["jinja2"]]
    one, two = ([each.read_bytes() for each in (tmp_path / name).rglob("*.docx")] for name in ("one", "two"))
    assert one == two


def test_another_template_is_compiled_itself() -> None:
    made()
    forget()
    other = edited(TEMPLATE, lambda body: body.replace("一、总体情况", "一、总的情况"))
    assert filling.compiled(other).parts.keys() == filling.compiled(TEMPLATE).parts.keys()
    assert kept.key_of("compiled", other) != kept.key_of("compiled", TEMPLATE)


def test_faults_of_a_template_are_told_by_every_run() -> None:
    broken = edited(TEMPLATE, lambda body: body.replace("{{ new.person }}", "{{ new.persom }}"))
    for _ in range(2):
        forget()
        with pytest.raises(TemplateBroken) as told:
            template_check.ensure_sound(broken, FORMS["2021"], order(report()).words.names)
        assert {each.code for each in told.value.faults} == {"M01", "M05"}


def test_the_folder_and_the_files_are_this_users_alone(place: Path) -> None:
    before = os.umask(0)
    try:
        made()
    finally:
        os.umask(before)
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    assert {stat.S_IMODE(each.stat().st_mode) for each in place.iterdir()} == {0o600}


Spoil = Callable[[Path], object]


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-7])


def change(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(bytes(content))


def pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def beside(file: Path) -> Path:
    """The same file, elsewhere."""
    other = file.parents[2] / f"other-{file.name}"
    other.write_bytes(file.read_bytes())
    file.unlink()
    return other


@pytest.mark.parametrize(
    "spoil",
    [
        cut,
        change,
        lambda file: file.write_bytes(b""),
        lambda file: file.chmod(0o620),
        lambda file: file.chmod(0o602),
        lambda file: file.symlink_to(beside(file)),
        lambda file: file.hardlink_to(beside(file)),
        pipe,
        lambda file: (beside(file), file.mkdir()),
        lambda file: file.parent.chmod(0o755),
        lambda file: file.parent.chmod(0o770),
    ],
)
def test_what_is_spoiled_or_could_be_another_users_is_not_believed(place: Path, spoil: Spoil) -> None:
    first = made()
    for file in list(place.iterdir()):
        spoil(file)
    assert kept.recall(kept.key_of("compiled", TEMPLATE)) is None
    forget()
    assert made() == first


def test_a_folder_of_somebody_else_is_not_believed(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = made()
    monkeypatch.setattr(os, "geteuid", lambda: place.stat().st_uid + 1)
    assert kept.recall(kept.key_of("compiled", TEMPLATE)) is None
    forget()
    assert made() == first


def test_a_folder_that_is_a_link_is_not_believed(place: Path) -> None:
    first = made()
    place.rename(place.with_name("other"))
    place.symlink_to(place.with_name("other"))
    assert kept.recall(kept.key_of("compiled", TEMPLATE)) is None
    forget()
    assert made() == first


@pytest.mark.parametrize("where", ["/proc/nowhere", "/dev/null"])
def test_where_nothing_can_be_kept_the_report_is_made_all_the_same(
    where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = made()
    monkeypatch.setenv("XDG_CACHE_HOME", where)
    forget()
    assert made() == first


def test_code_that_another_user_planted_is_not_run(place: Path) -> None:
    planted = compile("raise SystemExit('planted')", "planted", "exec")
    content = marshal.dumps((b"", {"word/document.xml": planted}))
    place.mkdir(parents=True, mode=0o777)
    place.chmod(0o777)
    file = place / kept.key_of("compiled", TEMPLATE)
    file.write_bytes(hashlib.sha256(content).digest() + content)
    assert made().startswith(b"PK")


def test_only_the_newest_are_kept(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_COUNT", 3)
    for number in range(6):
        kept.keep(f"key{number}", b"x")
        os.utime(place / f"key{number}", (number, number))
    kept.keep("last", b"x")
    assert {each.name for each in place.iterdir()} == {"key4", "key5", "last"}


def test_a_key_tells_its_parts_apart() -> None:
    assert kept.key_of("ab", "c") != kept.key_of("a", "bc")
    assert kept.key_of("a", b"b") == kept.key_of("a", "b")


def test_on_windows_it_lies_beside_what_python_compiled_of_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "_WINDOWS", True)
    monkeypatch.setattr(kept, "__file__", str(tmp_path / "program" / "kept.py"))
    first = made()
    beside = tmp_path / "program" / "__pycache__" / "templates"
    assert len(list(beside.iterdir())) == 2
    with monkeypatch.context() as later:
        not_compiled(later)
        assert made() == first
    for file in beside.iterdir():
        change(file)
    assert kept.recall(kept.key_of("compiled", TEMPLATE)) is None
