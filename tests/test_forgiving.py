"""The command line takes what is plainly meant, and words every mistake in Chinese."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from clerks import clerk
from made import text_of
from reportgen import commands
from reportgen.cli import main
from reportgen.commands.usage import width, wrapped
from reportgen.problems import Exit

SCREEN = pytest.CaptureFixture[str]
NEW = ("--organ", "甲县乙镇人民政府", "--level", "乡镇政府", "--year", "2023")


def run(*words: str | Path) -> int:
    """The exit code of a command."""
    return main([str(word) for word in words])


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two organs' files, where the person stands."""
    for name, organ in (("甲", "甲县乙镇人民政府"), ("乙", "甲县丙镇人民政府")):
        (tmp_path / "年报" / name).mkdir(parents=True)
        (tmp_path / "年报" / name / "2023.yaml").write_text(
            text_of().replace("甲县乙镇人民政府", organ), "utf-8"
        )
    monkeypatch.chdir(tmp_path)
    return tmp_path


# ── files ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("typed", ["年报", "年报/*", "年报/*/*.yaml", "年报/**/2023.yaml"])
def test_a_folder_or_a_pattern_stands_for_the_reports_in_it(office: Path, typed: str, capsys: SCREEN) -> None:
    (office / "年报" / "甲" / ".~2023.yaml").write_text("锁", "utf-8")
    (office / "年报" / "甲" / "~$草稿.docx").write_bytes(b"")
    assert run("check", typed) == Exit.OK
    told = capsys.readouterr().out
    assert "甲县乙镇人民政府" in told and "甲县丙镇人民政府" in told and "共 2 份年报" in told


def test_a_folder_without_a_clerks_file_stands_for_its_other_reports(office: Path, capsys: SCREEN) -> None:
    (office / "旧").mkdir()
    (office / "旧" / "2023.md").write_text("# 无", "utf-8")
    (office / "旧" / "说明.pdf").write_bytes(b"")
    run("check", "旧")
    told = capsys.readouterr().out
    assert str(Path("旧") / "2023.md") in told and "说明.pdf" not in told


def test_what_leads_to_no_report_is_told_and_stops_no_other(office: Path, capsys: SCREEN) -> None:
    (office / "空").mkdir()
    assert run("check", "空", "没有*.yaml", Path("年报") / "甲") == Exit.FILE
    told = capsys.readouterr().out
    assert "文件夹 空 里没有年报" in told and "找不到文件 没有*.yaml" in told
    assert "没有发现问题" in told and "2 份没有读成" in told


def test_a_file_that_is_called_like_a_pattern_is_that_file(office: Path, capsys: SCREEN) -> None:
    (office / "[甲]2023.yaml").write_text(text_of(), "utf-8")
    assert run("check", "[甲]2023.yaml") == Exit.OK
    assert "[甲]2023.yaml  甲县乙镇" in capsys.readouterr().out


@pytest.mark.parametrize("typed", ["2023.yaml", "*.yaml", "../甲", "2023.md", "没有.docx"])
def test_a_file_without_a_command_is_checked(
    office: Path, typed: str, monkeypatch: pytest.MonkeyPatch, capsys: SCREEN
) -> None:
    monkeypatch.chdir(office / "年报" / "甲")
    Path("2023.md").write_text("# 无", "utf-8")
    code = run(typed)
    told = capsys.readouterr()
    assert (code, told) == (run("check", typed), capsys.readouterr())
    assert "结果：" in told.out and not told.err


# ── words ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("year", ["2023", "2023年", "2023年度", "２０２３", " 2023 年"])
def test_a_year_may_be_written_as_people_say_it(tmp_path: Path, year: str, capsys: SCREEN) -> None:
    assert run("new", tmp_path / "a.yaml", *NEW[:4], "--year", year) == Exit.OK
    assert "年度: 2023\n" in (tmp_path / "a.yaml").read_text("utf-8")
    capsys.readouterr()


@pytest.mark.parametrize("year", ["23", "二五", "2023-2024", "2023.5", ""])
def test_what_is_no_year_is_told(tmp_path: Path, year: str, capsys: SCREEN) -> None:
    assert run("new", tmp_path / "a.yaml", *NEW[:4], "--year", year) == Exit.USAGE
    assert f"--year 的值“{year}”不对，写四位数的年份" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("typed", "level"),
    [
        ("乡镇", "乡镇政府"),
        ("街道", "街道办事处"),
        ("县政府", "县级政府"),
        ("县级部门", "县级部门"),
        ("国务院", "国务院部门"),
    ],
)
def test_a_level_may_be_named_by_a_part_of_it(tmp_path: Path, typed: str, level: str, capsys: SCREEN) -> None:
    new = ("new", tmp_path / "a.yaml", "--organ", "甲", "--year", "2023", "--level", typed)
    assert run(*new) == Exit.OK
    assert f"级别: {level}\n" in (tmp_path / "a.yaml").read_text("utf-8")
    capsys.readouterr()


def test_a_part_of_several_levels_is_told_with_them(tmp_path: Path, capsys: SCREEN) -> None:
    new = ("new", tmp_path / "a.yaml", "--organ", "甲", "--year", "2023", "--level", "县级")
    assert run(*new) == Exit.USAGE
    assert "可以是县级政府、县级部门" in capsys.readouterr().err


@pytest.mark.parametrize("typed", ["T3-01", "t3-1", "t3 01", "Ｔ３－１", "T3-001"])
def test_a_rules_code_is_known_however_it_is_written(typed: str, capsys: SCREEN) -> None:
    assert run("rules", typed) == Exit.OK
    assert capsys.readouterr().out.startswith("T3-01  收件与办件不平")


def test_rules_are_found_by_what_they_speak_of(capsys: SCREEN) -> None:
    assert run("rules", "勾稽") == Exit.OK
    codes = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert codes == ["T3-01", "T3-02", "T3-03", "T4-01"]
    run("rules", "勾稽", "结转")
    assert capsys.readouterr().out.startswith("T3-01  收件与办件不平（错误）\n查什么")
    assert run("rules", "没有这样的字") == Exit.USAGE
    assert "没有编号为 没有这样的字 的规则" in capsys.readouterr().err


def test_values_of_a_list_may_follow_one_option_or_several(tmp_path: Path, capsys: SCREEN) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7")
    for words in (("--root", "a.pem", "b.pem"), ("--root", "a.pem", "--root", "b.pem")):
        assert run("verify", tmp_path / "a.pdf", *words, "--json") == Exit.FILE
        assert "找不到文件 a.pem" in capsys.readouterr().out


# ── help, and what was typed wrong ───────────────────────────────────────────────────────────────────


def test_help_is_a_command_too(capsys: SCREEN) -> None:
    for command in (None, *commands.names()):
        words = [command] if command else []
        assert run("help", *words) == Exit.OK
        told = capsys.readouterr().out
        assert run(*words, "--help") == Exit.OK
        assert capsys.readouterr().out == told
    assert run("help", "bild") == Exit.USAGE
    assert "没有 bild 这个命令。是不是 build？" in capsys.readouterr().err


@pytest.mark.parametrize("command", [None, *commands.names()])
def test_a_help_page_is_chinese_and_aligned(command: str | None, capsys: SCREEN) -> None:
    assert run("help", *([command] if command else [])) == Exit.OK
    page = capsys.readouterr().out
    section = page.partition("选项：\n")[2].partition("\n\n")[0].splitlines()
    starts = {width(line[: len(line) - len(line.lstrip().partition("  ")[2].lstrip())]) for line in section}
    assert len(starts) == 1 and len(section) >= 1, page
    assert page.startswith("用法：reportgen") and "例子：" in page
    assert not [word for word in ("Usage", "Options", "Show", "OPTIONS", "default") if word in page]
    assert max(map(width, page.splitlines())) <= 100


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("check", "还缺少 文件。"),
        ("new a.yaml", "还缺少 --year。"),
        ("new a.yaml --year", "--year 后面要跟一个值。"),
        ("new --organ --level 乡镇 a.yaml", "--organ 后面要跟一个值。"),
        ("check --templates 甲 a.yaml", "--templates 要写在命令的前面：reportgen --templates … check …"),
        ("检查 a.yaml", "没有 检查 这个命令。是不是 check？"),
        ("归档", "没有 归档 这个命令。是不是 archive？"),
        ("check a.yaml --jsn", "没有 --jsn 这个选项。是不是 --json？"),
        ("check a.yaml --zzz", "没有 --zzz 这个选项。"),
        ("check -x a.yaml", "没有 -x 这个选项。"),
        ("check a.yaml --json=1", "--json 后面不跟值。"),
        ("read a.md b.md c.md", "不认识 b.md c.md。"),
        ("--jsn", "没有 --jsn 这个选项。"),
        ("chek a.yaml", "没有 chek 这个命令。是不是 check？"),
        ("zzzzzz", "没有 zzzzzz 这个命令。命令有："),
        ("seal-place a.pdf --diameter 4.2", "--diameter 的值“4.2”不对，单位是毫米"),
    ],
)
def test_every_mistake_is_told_in_chinese_with_the_usage(words: str, said: str, capsys: SCREEN) -> None:
    assert run(*words.split()) == Exit.USAGE
    told = capsys.readouterr()
    usage, sentence, more, *rest = told.err.splitlines()
    assert usage.startswith("用法：reportgen ") and said in sentence and not rest and not told.out
    assert more.startswith("看说明：reportgen ") and more.endswith(" --help")
    assert not [each for each in ("Error", "Try", "Missing", "requires", "such", "Got") if each in told.err]


def test_lines_break_between_words_and_before_no_closing_sign() -> None:
    assert wrapped("数据所属的年份，必须写", 14) == ["数据所属的年", "份，必须写"]
    assert wrapped("甲乙丙丁，戊", 8) == ["甲乙丙", "丁，戊"]
    assert wrapped("放在 outputs 里", 8) == ["放在", "outputs", "里"]
    assert wrapped("", 8) == [""]


# ── only what is needed is loaded ────────────────────────────────────────────────────────────────────


def loaded(script: str) -> str:
    """What a new process says that has run a script."""
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\nfrom reportgen.cli import main\n{script}"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    return done.stdout.splitlines()[-1]


HEAVY = "[name for name in ('reportgen.pipeline', 'yaml', 'lxml', 'pikepdf', 'rich') if name in sys.modules]"


@pytest.mark.parametrize("words", [["--help"], ["help", "sign"], ["check"], ["--version"]])
def test_who_asks_for_help_waits_for_nothing_else(words: list[str]) -> None:
    assert loaded(f"main({words}); print({HEAVY})") == "[]"


def test_who_checks_a_clerks_file_waits_for_nothing_that_only_word_or_pdf_needs(office: Path) -> None:
    word = "'openpyxl', 'docxtpl', 'docx', 'reportgen.recognising'"
    heavy = f"({word}, 'pikepdf', 'pyhanko', 'pypdfium2', 'rich', 'filelock', 'importlib.metadata')"
    script = f"main(['check', {str(office)!r}]); print([name for name in {heavy} if name in sys.modules])"
    assert loaded(script) == "[]"


def test_slow_tools_are_started_before_anything_heavy_is_loaded() -> None:
    script = (
        "from reportgen.commands import build\n"
        f"build._start_slow_tools = lambda *_, here: (print({HEAVY}), sys.exit())\n"
        "main(['build', 'a.yaml'])"
    )
    assert loaded(script) == "[]"


def test_every_module_of_the_folder_is_a_command_or_known_to_be_none() -> None:
    modules = {path.stem for path in Path(commands.__path__[0]).glob("*.py")} - {"__init__"}
    assert modules == {name.replace("-", "_") for name in commands.names()} | commands.SHARED
    for name in commands.names():
        assert commands.command(name).name == name


# ── progress ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.skipif(os.name == "nt", reason="draws on a terminal of POSIX")
def test_progress_is_drawn_on_a_terminal_and_goes_away(office: Path) -> None:
    screen, terminal = os.openpty()
    command = [sys.executable, "-m", "reportgen", "build", "年报", "--to", "docx"]
    with subprocess.Popen(
        command, cwd=office, stdout=subprocess.PIPE, stderr=terminal, env={**os.environ, "TERM": "xterm"}
    ) as built:
        os.close(terminal)
        drawn = b""
        while True:
            try:
                drawn += os.read(screen, 4096)
            except OSError:  # the other end was closed
                break
        assert built.stdout is not None
        said = built.stdout.read().decode()
    os.close(screen)
    text = drawn.decode("utf-8", "replace")
    assert "2023.yaml" in text and "/2" in text and "Traceback" not in text
    assert text.rstrip().endswith("\x1b[2K") or "\x1b[1A\x1b[2K" in text
    assert built.returncode == Exit.OK and said.count("已生成") == 2


@pytest.mark.parametrize("typed", ["--year", "—year", "－－year", "-year", "––year", "——year"])
def test_an_option_is_known_however_its_dashes_were_typed(typed: str, tmp_path: Path) -> None:
    words = (typed, "2022", "--organ", "甲县乙镇人民政府", "--level", "镇政府")
    assert run("new", str(tmp_path / "a.yaml"), *words) == Exit.OK
    assert "级别: 乡镇政府" in (tmp_path / "a.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("typed", ["CHECK", "Check"])
def test_capital_letters_make_no_other_command(typed: str, tmp_path: Path, capsys: SCREEN) -> None:
    assert run(typed, str(tmp_path / "a.yaml")) == Exit.FILE
    assert "找不到文件" in capsys.readouterr().out + capsys.readouterr().err


@pytest.mark.parametrize("typed", ["2025.yml", "2025。yaml", "2025", "２０２５.YAML", "2025.yamal"])
def test_a_name_that_is_nearly_a_file_gets_a_guess(typed: str, tmp_path: Path, capsys: SCREEN) -> None:
    (tmp_path / "2025.yaml").write_text(clerk(), encoding="utf-8")
    (tmp_path / "2024.yaml").write_text(clerk(), encoding="utf-8")
    assert run("check", str(tmp_path / typed)) == Exit.FILE
    told = capsys.readouterr()
    assert f"是不是 {tmp_path / '2025.yaml'}？" in told.out + told.err


def test_a_name_unlike_any_file_gets_no_guess(tmp_path: Path, capsys: SCREEN) -> None:
    (tmp_path / "2025.yaml").write_text(clerk(), encoding="utf-8")
    assert run("check", str(tmp_path / "去年.yaml")) == Exit.FILE
    told = capsys.readouterr()
    assert "请检查文件名和所在文件夹" in told.out + told.err


def test_several_rules_are_shown_and_all_of_a_kind(capsys: SCREEN) -> None:
    assert run("rules", "t3-1", "N09") == Exit.OK
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == ["T3-01", "N09"]
    assert run("rules", "T3") == Exit.OK
    shown = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert len(shown) > 3 and all(code.startswith("T3-") for code in shown)


def test_the_last_word_behind_a_root_is_the_file_to_verify(tmp_path: Path, capsys: SCREEN) -> None:
    (tmp_path / "a.pem").write_bytes(b"")
    assert run("verify", "--root", str(tmp_path / "a.pem"), str(tmp_path / "年报.pdf")) == Exit.FILE
    assert f"找不到文件 {tmp_path / '年报.pdf'}" in capsys.readouterr().err


def test_a_maker_that_there_is_not_is_told_plainly(tmp_path: Path, capsys: SCREEN) -> None:
    assert run("build", "--with", "word", str(tmp_path / "a.yaml")) == Exit.USAGE
    said = capsys.readouterr().err
    assert "没有叫 word 的" in said and "docx 用 docxtpl" in said and "--to" in said
