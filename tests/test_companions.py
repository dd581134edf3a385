"""What lies beside a report: last year's, named or found; an office's list of words."""

import json
from pathlib import Path
from typing import Any

import pytest

from made import ZEROS, text_of
from polished import run
from reportgen.checks.open_government.claims.tokens import lexicon_of
from reportgen.model.form import forms_of
from reportgen.pipeline import Material, Supplies
from reportgen.problems import Exit, FileTrouble
from reportgen.store.workspace import Named, supplies, with_companions, with_sayings, word_list

CARRIED = ZEROS.replace("申请: 全部为零", "申请:\n  本年新收: {自然人: 5}\n  结转下年度: {自然人: 5}")


def written(path: Path, text: str) -> Path:
    """A file with this text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def judged(capsys: pytest.CaptureFixture[str], *words: str | Path) -> list[dict[str, Any]]:
    """What check says of each file."""
    capsys.readouterr()
    run("check", *words, "--json")
    files: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["files"]
    return files


def codes(file: dict[str, Any]) -> list[str]:
    """The codes of what was found in a file."""
    return [finding["code"] for finding in file["findings"]]


def last_of(path: Path) -> Path | None:
    """The file that is taken for last year's of this one."""
    material = Material(str(path), b"")
    last = with_companions(Supplies(()), path, material, Named()).last
    return Path(last.name) if last else None


@pytest.mark.parametrize(
    ("now", "before"),
    [
        ("2023.yaml", "2022.yaml"),
        ("甲县2023年年报.yaml", "甲县2022年年报.yaml"),
        ("甲县2023年年报.docx", "甲县2022年年报.yaml"),
        ("2023.yaml", "2022.docx"),
        ("甲县/2023/甲县2023年年报.yaml", "甲县/2022/甲县2022年年报.yaml"),
    ],
)
def test_last_years_report_is_found_by_its_name(tmp_path: Path, now: str, before: str) -> None:
    this, last = written(tmp_path / now, ""), written(tmp_path / before, "")
    assert last_of(this) == last


@pytest.mark.parametrize(
    ("now", "other"), [("2023.yaml", "2021.yaml"), ("年报.yaml", "2022.yaml"), ("120231.yaml", "120221.yaml")]
)
def test_other_files_are_not_taken_for_last_years(tmp_path: Path, now: str, other: str) -> None:
    written(tmp_path / other, "")
    assert last_of(written(tmp_path / now, "")) is None


def test_a_report_is_compared_with_last_years_beside_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    last = written(tmp_path / "2022.yaml", text_of(2022, CARRIED))
    this = written(tmp_path / "2023.yaml", text_of(2023))
    (file,) = judged(capsys, this)
    assert "T3-04" in codes(file) and file["last"] == str(last)
    assert run("check", this) == Exit.FINDINGS
    assert f"与去年比较：{last}" in capsys.readouterr().out


def test_one_of_another_organ_or_year_beside_it_is_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    this = written(tmp_path / "2023.yaml", text_of(2023))
    for text in (text_of(2022, CARRIED).replace("甲县", "丙县"), text_of(2021, CARRIED), "broken: [", ""):
        written(tmp_path / "2022.yaml", text)
        (file,) = judged(capsys, this)
        assert codes(file) == [] and file["last"] is None


def test_a_named_one_goes_before_the_one_beside_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written(tmp_path / "2022.yaml", text_of(2022))
    named = written(tmp_path / "elsewhere" / "old.yaml", text_of(2022, CARRIED))
    (file,) = judged(capsys, written(tmp_path / "2023.yaml", text_of(2023)), "--last", named)
    assert "T3-04" in codes(file) and file["last"] == str(named)


def test_a_named_one_that_does_not_fit_is_told_where_one_report_is_judged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    named = written(tmp_path / "old.yaml", text_of(2021))
    (file,) = judged(capsys, written(tmp_path / "a.yaml", text_of(2023)), "--last", named)
    assert codes(file) == ["X23"]


def test_among_many_reports_a_named_one_counts_for_its_own_organ(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    named = written(tmp_path / "old.yaml", text_of(2022, CARRIED))
    mine = written(tmp_path / "a.yaml", text_of(2023))
    other = written(tmp_path / "b.yaml", text_of(2023).replace("甲县乙镇", "丙县丁镇"))
    first, second = judged(capsys, mine, other, "--last", named)
    assert "T3-04" in codes(first) and second["last"] is None and "X23" not in codes(second)


def test_a_named_one_that_cannot_be_read_stops_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    this = written(tmp_path / "2023.yaml", text_of(2023))
    assert run("check", this, "--last", tmp_path / "none.yaml") == Exit.FILE
    assert run("check", this, "--last", written(tmp_path / "bad.yaml", "[")) == Exit.FILE
    assert "读不懂去年的年报" in capsys.readouterr().err


def test_an_offices_words_are_looked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = written(tmp_path / "words.txt", "公开质量  # 不用\n\n丰富\n")
    (file,) = judged(capsys, written(tmp_path / "a.yaml", text_of(2023)), "--words", words)
    assert "X22" in codes(file)


def test_a_word_list_is_text_of_any_usual_encoding_with_remarks(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_bytes("甲词\r\n# 全是说明\r\n  乙词 # 说明\r\n甲词\r\n".encode("gb18030"))
    assert word_list(path) == ("甲词", "乙词")
    path.write_bytes(b"PK\x03\x04")
    with pytest.raises(FileTrouble, match="读不出词表"):
        word_list(path)


def test_an_office_gives_its_own_wordings(tmp_path: Path) -> None:
    path = tmp_path / "说法.txt"
    path.write_text("# 本局的说法\n办结：清毕 (已)?结清\n收到: 登记在案\n", encoding="utf-8")
    forms = with_sayings(supplies(templates=False).forms, path)
    words = lexicon_of(forms_of(forms)[-1]).words
    assert [words[each].key for each in ("清毕", "已结清", "登记在案")] == ["done", "done", "received"]


@pytest.mark.parametrize("line", ["清毕", "没有这个词: 清毕"])
def test_a_wording_for_nothing_known_is_refused(tmp_path: Path, line: str) -> None:
    path = tmp_path / "说法.txt"
    path.write_text(f"{line}\n", encoding="utf-8")
    with pytest.raises(FileTrouble, match="例如：办结: 清毕 结清"):
        with_sayings(supplies(templates=False).forms, path)
