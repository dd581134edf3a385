"""Fonts where LibreOffice asks no fontconfig: what Windows has, what lies in the profile, and the table."""

import subprocess
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn

from free_fonts import small
from reportgen.makers.pdf.reading import contents
from reportgen.makers.pdf_libreoffice import fonts, office, profile, replacing
from reportgen.makers.pdf_libreoffice.fonts import FACES
from reportgen.makers.pdf_libreoffice.office import find_soffice, release_of

WINDOWS = frozenset({"宋体", "SimSun", "黑体", "SimHei", "仿宋", "FangSong", "楷体", "KaiTi"})
"""Families of a Chinese Windows."""

OFFICIAL = [face.official for face in FACES]


def test_what_windows_has_is_drawn_before_what_is_free() -> None:
    table = replacing.replaced(WINDOWS)
    assert table["仿宋_GB2312"] == "仿宋"
    assert table["楷体_GB2312"] == "楷体"
    assert table["方正小标宋简体"] == "FandolSong"
    assert [file.stem.split(".")[0] for file in replacing.private_files(WINDOWS)] == ["FandolSong-Bold"]


def test_an_installed_family_is_never_replaced() -> None:
    installed = WINDOWS | {"方正小标宋简体", "仿宋_GB2312", "楷体_GB2312"}
    assert not replacing.replaced(installed).keys() & installed
    assert replacing.private_files(installed) == ()


def test_an_office_s_own_fonts_go_into_the_profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "own.otf"
    own.write_bytes(b"")
    monkeypatch.setattr(replacing, "licensed", lambda: {"方正小标宋简体": own})
    assert replacing.private_files(WINDOWS) == (own,)
    assert "方正小标宋简体" not in replacing.replaced(WINDOWS)


def test_windows_is_asked_for_its_fonts_by_its_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = fonts.font_file("FandolSong-Bold.otf")
    assert file
    for folder, name in (("Windows/Fonts", "a.otf"), ("Local/Microsoft/Windows/Fonts", "b.otf")):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / name).write_bytes(small(file, "年"))
    (tmp_path / "Windows/Fonts/broken.ttf").write_bytes(b"no font")
    monkeypatch.setenv("WINDIR", str(tmp_path / "Windows"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "Local"))
    assert "FandolSong" in replacing.installed_families()


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Chinese Windows, as far as its fonts go."""
    monkeypatch.setattr(office, "has_table", lambda: True)
    monkeypatch.setattr(office, "uses_fontconfig", lambda: False)
    monkeypatch.setattr(office, "installed_families", lambda: WINDOWS)


@pytest.mark.usefixtures("windows")
def test_doctor_tells_what_windows_draws_for_each_family() -> None:
    told = {what: (fine, says) for what, fine, says in office.examine_machine()}
    assert told["仿宋_GB2312"] == (True, "没有装，用本机的仿宋代替")
    assert told["黑体"] == (True, "本机装了")
    assert told["方正小标宋简体"][1].startswith("没有装，用同一风格的 FandolSong-Bold 代替")


@pytest.mark.usefixtures("windows")
def test_doctor_says_which_family_a_windows_lacks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(office, "stand_ins", tuple)
    told = {what: (fine, says) for what, fine, says in office.examine_machine()}
    assert told["方正小标宋简体"][0] is False
    assert told["宋体"] == (True, "本机装了")


@pytest.mark.office
def test_libreoffice_draws_by_the_table_with_fonts_from_its_profile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(profile, "has_table", lambda: True)
    monkeypatch.setattr(profile, "installed_families", frozenset)
    soffice = find_soffice()
    assert soffice
    profile.write_profile(tmp_path / "profile", release_of(soffice))
    document = docx.Document()
    for family in ("仿宋_GB2312", "楷体_GB2312", "黑体"):
        run = document.add_paragraph().add_run("年报")
        run.font.name = family
        run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), family)
    document.save(str(tmp_path / "report.docx"))
    subprocess.run(
        [
            *(str(soffice), "--headless", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"),
            *("--convert-to", "pdf", "--outdir", str(tmp_path), str(tmp_path / "report.docx")),
        ],
        capture_output=True,
        check=True,
    )
    families = {name.partition("-")[0] for name in contents((tmp_path / "report.pdf").read_bytes()).fonts}
    assert {"FandolFang", "FandolKai", "FandolHei"} <= families
