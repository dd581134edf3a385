"""What a terminal, a pipe, a locale or a disk does to the command: told in a sentence, with nothing lost."""

import json
import os
import subprocess
import sys
from pathlib import Path

import docx
import pytest
from pypdf import PdfWriter

from made import text_of
from reportgen.cli import main
from reportgen.commands import sign
from reportgen.problems import Exit

LONG = "很长" * 150
pytestmark = pytest.mark.skipif(os.name == "nt", reason="does what a shell of POSIX does")


def shell(
    script: str, *words: str | Path, encoding: str = "utf-8", **environment: str
) -> subprocess.CompletedProcess[str]:
    """A shell's script, in which ``reportgen`` is the command."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    # Where the package comes from is not to be lost with the rest.
    kept["PYTHONPATH"] = os.pathsep.join(sys.path)
    command = f'reportgen() {{ "{sys.executable}" -m reportgen "$@"; }}\n{script}'
    return subprocess.run(
        ["bash", "-c", command, "sh", *map(str, words)],
        capture_output=True,
        text=True,
        encoding=encoding,
        env=kept | environment,
    )


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    """A clerk's file without faults."""
    path = tmp_path / "2023.yaml"
    path.write_text(text_of(), "utf-8")
    return path


@pytest.mark.parametrize("words", ['check "$@"', "--version", "--help", "rules"])
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_who_has_read_enough_stops_us_without_a_word(sound: Path, words: str, unbuffered: str) -> None:
    script = f"set -o pipefail; {{ sleep 0.1; reportgen {words}; }} | true"
    done = shell(script, sound, PYTHONUNBUFFERED=unbuffered)
    assert (done.returncode, done.stderr) == (Exit.OK, "")


def test_a_result_that_the_disk_refuses_is_told(sound: Path) -> None:
    done = shell('reportgen check "$1" > /dev/full', sound)
    assert done.returncode == Exit.FILE
    assert done.stderr == "输出：磁盘已满。\n"


def test_without_anybody_to_tell_a_report_is_built(sound: Path, tmp_path: Path) -> None:
    done = shell('reportgen build "$1" --to html --out "$2" 2>&-', sound, tmp_path / "out")
    assert done.returncode == Exit.OK
    assert list((tmp_path / "out").rglob("*.html"))


def test_data_keep_every_character_whatever_the_console_speaks(tmp_path: Path) -> None:
    organ = "某县𫖯镇人民政府"
    source = tmp_path / "2023.yaml"
    source.write_text(text_of().replace("甲县乙镇人民政府", organ), "utf-8")
    for words in ("read", "check --json"):
        done = shell(f'reportgen {words} "$1"', source, PYTHONIOENCODING="gbk")
        assert organ in done.stdout


def test_a_name_that_is_too_long_is_told(
    sound: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = ["new", str(tmp_path / f"{LONG}.yaml"), "--organ", "甲镇人民政府", "--level", "乡镇政府"]
    for words in (
        [*new, "--year", "2023"],
        ["read", str(sound), "--out", str(tmp_path / f"{LONG}.yaml")],
        ["build", str(sound), "--to", "html", "--out", str(tmp_path / LONG)],
        ["archive", str(tmp_path / LONG)],
        ["verify", str(tmp_path / LONG)],
    ):
        assert main(words) == Exit.FILE, words
        assert "文件名太长" in "".join(capsys.readouterr())


def test_one_name_that_is_too_long_does_not_stop_the_others(
    sound: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(tmp_path / LONG), str(sound)]) == Exit.FILE
    told = capsys.readouterr().out
    assert "文件名太长" in told
    assert "没有发现问题" in told


def test_a_name_as_long_as_can_be_is_judged_though_last_years_would_be_longer(tmp_path: Path) -> None:
    path = tmp_path / ("2023" + "a" * 246 + ".md")
    path.write_text(text_of(), "utf-8")
    assert main(["check", str(path)]) in (Exit.OK, Exit.FINDINGS)


def test_links_in_a_circle_are_told(tmp_path: Path, sound: Path) -> None:
    (tmp_path / "round").symlink_to(tmp_path / "round")
    assert main(["check", str(tmp_path / "round")]) == Exit.FILE
    assert main(["build", str(sound), "--to", "html", "--out", str(tmp_path / "round")]) == Exit.FILE
    assert main(["archive", str(tmp_path / "round")]) == Exit.FILE


def test_a_folder_that_was_deleted_under_us_is_told(sound: Path, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    for words in ('check "$1"', 'build "$1" --to html', "archive a.pdf", "verify a.zip", "read a.docx"):
        done = shell(f'mkdir "$2"; cd "$2"; rmdir "$2"; reportgen {words}', sound, gone)
        assert done.returncode in (Exit.OK, Exit.FILE), (words, done)
        assert "程序内部出错" not in done.stderr


@pytest.mark.parametrize(
    "variable", ["REPORTGEN_SOFFICE", "REPORTGEN_FONTS", "XDG_DATA_HOME", "XDG_DATA_DIRS"]
)
def test_a_setting_that_points_nowhere_is_a_missing_tool(variable: str) -> None:
    done = shell("reportgen doctor", **{variable: f"/{LONG}"})
    assert done.returncode in (Exit.OK, Exit.TOOL_MISSING)
    assert done.stderr == ""


def test_a_file_name_in_gbk_is_shown_as_it_was_meant(sound: Path, tmp_path: Path) -> None:
    named = os.fsdecode(os.fsencode(tmp_path) + b"/" + "年报2023.yaml".encode("gbk"))
    Path(named).write_bytes(sound.read_bytes())
    out = tmp_path / "out"
    done = shell('reportgen build "$1" --to html --attach-source --out "$2"', named, out)
    assert done.returncode == Exit.OK, done
    assert "年报2023.yaml" in done.stdout
    manifest = next(out.rglob("*.json"))
    assert json.loads(manifest.read_bytes())["input"]["name"] == "年报2023.yaml"


def test_a_locale_without_chinese_is_told(sound: Path, tmp_path: Path) -> None:
    script = 'reportgen build "$1" --to html --out "$2"'
    done = shell(script, sound, tmp_path / "out", PYTHONUTF8="0", LC_ALL="POSIX")
    assert done.returncode == Exit.FILE
    assert "请设环境变量 PYTHONUTF8=1" in done.stderr


def test_nothing_given_where_a_password_is_asked_for_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.p12").write_bytes(b"")
    with PdfWriter() as pdf:
        pdf.add_blank_page(595, 842)
        pdf.write(tmp_path / "a.pdf")
    screen, keyboard = os.openpty()
    words = ["sign", str(tmp_path / "a.pdf"), "--no-manifest", "--p12", str(tmp_path / "a.p12")]
    kept = {name: value for name, value in os.environ.items() if name != "REPORTGEN_PASSWORD"}
    command = [sys.executable, "-m", "reportgen", *words]
    with subprocess.Popen(
        command, stdin=keyboard, stderr=subprocess.PIPE, start_new_session=True, env=kept
    ) as asked:
        assert asked.stderr
        asked.stderr.read(len("请输入".encode()))  # what is typed before it asks is thrown away
        os.write(screen, b"\x04")
        said = asked.stderr.read()
    os.close(screen)
    os.close(keyboard)
    assert asked.returncode == Exit.SIGNING, said
    assert "没有输入证书文件 a.p12 的密码" in said.decode()


@pytest.mark.parametrize("name", ["甲 乙.yaml", "甲(1).yaml", "甲&乙.yaml", "甲（乙）.yaml", "2023.yaml"])
def test_a_command_that_is_told_can_be_copied(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    new = ["--organ", "甲镇人民政府", "--level", "乡镇政府", "--year", "2023"]
    told = shell('reportgen new "$@"', file, *new).stdout
    command = told.rpartition("再运行：")[2]
    assert ('"' in command) == (name not in ("甲（乙）.yaml", "2023.yaml"))
    assert str(file) in shell(command).stdout


def test_a_polished_word_files_command_can_be_copied(sound: Path, tmp_path: Path) -> None:
    spaced = sound.rename(tmp_path / "20 23.yaml")
    build = 'reportgen build "$1" --to docx --out "$2"'
    shell(build, spaced, tmp_path / "o o")
    word = next((tmp_path / "o o").rglob("*.docx"))
    polished = docx.Document(str(word))
    polished.add_paragraph("又一段。")
    polished.save(str(word))
    told = shell(build, spaced, tmp_path / "o o").stdout
    way = told.partition("请运行 ")[2].partition("；")[0]
    assert way == f'reportgen build "{word}" --against "{spaced}"'


def test_a_seals_ring_takes_no_font_from_a_folder_that_cannot_be_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for variable in ("XDG_DATA_HOME", "XDG_DATA_DIRS"):
        monkeypatch.setenv(variable, f"/{LONG}")
    assert sign._font() == b""
