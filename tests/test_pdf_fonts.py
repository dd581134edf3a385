"""Fonts: where they are looked for, the TrueType copies of the stand-ins, and how missing ones are got."""

import io
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import docx
import pikepdf
import pytest
from docx.oxml.ns import qn
from fontTools.ttLib import TTFont

from free_fonts import mirror_of, small
from pages import MM, lines_of, signs_of
from reportgen.makers.pdf_libreoffice import convert, fetching, fonts, outlines, profile
from reportgen.makers.pdf_libreoffice.characters import undrawable
from reportgen.makers.pdf_libreoffice.fonts import FACES, LXGW, NOTO, cache_folder, font_place

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="fontconfig and Debian's packages")

WORDS = "某县政府信息公开年报0123，。"


@pytest.fixture(scope="module")
def little() -> dict[str, bytes]:
    """The free fonts, each with a few characters, by the names of their files."""
    names = [*(face.file for face in FACES), *NOTO.files[:1], *LXGW.files]
    return {name: small(file, WORDS) for name in names if (file := fonts.font_file(name))}


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with those of the office (own), of this user (user) and of every user (system), empty."""
    for name in ("own", "user", "system"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("REPORTGEN_FONTS", str(tmp_path / "own"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "user"))
    monkeypatch.setenv("XDG_DATA_DIRS", str(tmp_path / "system"))
    monkeypatch.setattr(fonts, "_SYSTEM", ())
    monkeypatch.setattr(fetching, "_tried", set())
    fonts.forget()
    yield tmp_path
    fonts.forget()


def put(contents: dict[str, bytes], folder: Path, *names: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names or contents:
        (folder / name).write_bytes(contents[name])
    fonts.forget()


def drawn_from(official: str) -> Path | None:
    return next((each.file for each in fonts.stand_ins() if each.official == official), None)


def told(does: Callable[[fetching.Say], None]) -> str:
    said: list[str] = []
    does(said.append)
    return "\n".join(said)


# ── where they are looked for ────────────────────────────────────────────────────────────────────────


def test_a_font_is_taken_from_the_office_then_the_user_then_every_user(
    places: Path, little: dict[str, bytes]
) -> None:
    assert fonts.stand_ins() == ()
    for folder in ("system/reportgen/fonts/fandol", "user/reportgen/fonts", "own/deep/er"):
        put(little, places / folder, "FandolFang-Regular.otf")
        assert drawn_from("仿宋_GB2312") == places / folder / "FandolFang-Regular.otf"
    assert drawn_from("黑体") is None


def test_an_offices_font_is_taken_from_the_folder_of_every_user_too(
    places: Path, little: dict[str, bytes]
) -> None:
    with TTFont(io.BytesIO(little["FandolFang-Regular.otf"])) as font:
        for record in font["name"].names:
            if record.nameID in (1, 4, 16):
                record.string = "仿宋_GB2312" if record.platformID == 3 else "FangSong_GB2312"
        licensed = io.BytesIO()
        font.save(licensed)
    put({"fs.otf": licensed.getvalue()}, places / "system/reportgen/fonts")
    put(little, places / "user/reportgen/fonts", "FandolFang-Regular.otf")
    assert drawn_from("仿宋_GB2312") == places / "system/reportgen/fonts/fs.otf"


def test_only_the_fonts_that_were_chosen_are_let_in(places: Path, little: dict[str, bytes]) -> None:
    put(little, places / "system/reportgen/fonts")
    put(little, places / "own", "FandolFang-Regular.otf")
    chosen = {file.relative_to(places).as_posix() for file in profile.font_files()}
    assert "own/FandolFang-Regular.otf" in chosen
    assert "system/reportgen/fonts/FandolFang-Regular.otf" not in chosen
    assert "system/reportgen/fonts/FandolKai-Regular.otf" in chosen


def test_without_a_home_nothing_is_kept_and_nothing_lands_in_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", "/nonexistent/home")
    monkeypatch.setattr(os, "access", lambda path, _how: str(path).startswith(str(tmp_path)))
    assert cache_folder() is None
    assert font_place() is None
    assert list(tmp_path.iterdir()) == []


# ── copies ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_copy_has_the_fonts_characters_widths_heights_and_names(little: dict[str, bytes]) -> None:
    content = little["FandolKai-Regular.otf"]
    with TTFont(io.BytesIO(content)) as font, TTFont(io.BytesIO(made(content))) as copy:
        pairs = list(zip(font.getGlyphOrder(), copy.getGlyphOrder(), strict=True))
        names = dict(pairs)
        assert copy.getBestCmap() == {code: names[name] for code, name in font.getBestCmap().items()}
        assert [copy["hmtx"][after][0] for _, after in pairs] == [font["hmtx"][name][0] for name, _ in pairs]
        for height in ("ascent", "descent", "lineGap"):
            assert getattr(copy["hhea"], height) == getattr(font["hhea"], height)
        for height in ("sTypoAscender", "sTypoDescender", "sTypoLineGap", "usWinAscent", "usWinDescent"):
            assert getattr(copy["OS/2"], height) == getattr(font["OS/2"], height)
        assert [each.toUnicode() for each in copy["name"].names] == [
            each.toUnicode() for each in font["name"].names
        ]
        assert "glyf" in copy and "CFF " not in copy


def made(content: bytes) -> bytes:
    return outlines.with_truetype_outlines(content)


def test_fangs_digits_and_letters_are_songs_and_its_characters_its_own(
    little: dict[str, bytes], tmp_path: Path
) -> None:
    fang, song = little["FandolFang-Regular.otf"], little["FandolSong-Regular.otf"]
    mixed = outlines.with_truetype_outlines(fang, song)
    fonts = [TTFont(io.BytesIO(content)) for content in (made(fang), made(song), mixed)]
    assert fonts[2].getBestCmap().keys() == fonts[0].getBestCmap().keys()
    for code in fonts[2].getBestCmap():
        own, others, now = ((font["glyf"][name], font["hmtx"][name]) for font, name in named(fonts, code))
        assert now == (others if 0x21 <= code < 0x7F else own), chr(code)
    alone = tmp_path / "FandolFang-Regular.otf"
    alone.write_bytes(fang)
    assert outlines.latin_of(alone) is None
    before = outlines.copy_name(alone)
    (tmp_path / "FandolSong-Regular.otf").write_bytes(song)
    assert outlines.latin_of(alone) == tmp_path / "FandolSong-Regular.otf"
    assert outlines.copy_name(alone) != before


def named(fonts: list[TTFont], code: int) -> list[tuple[TTFont, str]]:
    return [(font, font.getBestCmap().get(code, ".notdef")) for font in fonts]


def test_the_curves_of_a_copy_lie_where_the_fonts_do(little: dict[str, bytes]) -> None:
    from fontTools.pens.areaPen import AreaPen
    from fontTools.pens.boundsPen import BoundsPen

    content = little["FandolSong-Bold.otf"]
    with TTFont(io.BytesIO(content)) as font, TTFont(io.BytesIO(made(content))) as copy:
        for before, after in zip(font.getGlyphOrder(), copy.getGlyphOrder(), strict=True):
            boxes, areas = [], []
            for each, name in ((font, before), (copy, after)):
                box, area = BoundsPen(None), AreaPen()
                each.getGlyphSet()[name].draw(box)
                each.getGlyphSet()[name].draw(area)
                boxes.append(box.bounds or (0, 0, 0, 0))
                areas.append(abs(area.value))
            assert max(abs(a - b) for a, b in zip(*boxes, strict=True)) <= 2
            assert abs(areas[0] - areas[1]) <= 0.02 * areas[0] + 50
            assert copy["hmtx"][after][1] == getattr(copy["glyf"][after], "xMin", 0)


def test_a_font_gives_the_same_copy_whenever_it_is_made(little: dict[str, bytes]) -> None:
    content = little["FandolHei-Regular.otf"]
    assert made(content) == made(content)


def test_copies_are_made_once_for_every_user_and_readable_by_all(
    places: Path, little: dict[str, bytes]
) -> None:
    put(little, places / "system/reportgen/fonts/fandol")
    before = os.umask(0o077)
    try:
        said = told(fetching.make_copies)
    finally:
        os.umask(before)
    assert "5 个" in said and "（5/5）" in said
    folder = places / "system/reportgen/fonts/truetype"
    files = sorted(folder.glob("*.ttf"))
    assert len(files) == 5
    assert {each.file for each in fonts.stand_ins()} == set(files)
    assert {each.official for each in fonts.stand_ins() if each.is_official} == set()
    for path in (*files, folder):
        assert path.stat().st_mode & 0o044 == 0o044
    assert told(fetching.make_copies) == ""
    first = {file.name: file.read_bytes() for file in files}
    shutil.rmtree(folder)
    fetching._tried.clear()
    fonts.forget()
    told(fetching.make_copies)
    assert {file.name: file.read_bytes() for file in folder.glob("*.ttf")} == first


def test_another_edition_of_a_font_gets_a_copy_of_its_own(places: Path, little: dict[str, bytes]) -> None:
    folder = places / "system/reportgen/fonts"
    put(little, folder, "FandolKai-Regular.otf")
    told(fetching.make_copies)
    old = drawn_from("楷体_GB2312")
    with TTFont(io.BytesIO(little["FandolKai-Regular.otf"])) as font:
        font["head"].fontRevision = 9.0
        font.save(folder / "FandolKai-Regular.otf")
    fonts.forget()
    told(fetching.make_copies)
    new = drawn_from("楷体_GB2312")
    assert old is not None and new is not None
    assert old != new and new.suffix == ".ttf"
    assert new in profile.font_files() and old not in profile.font_files()


def test_where_copies_cannot_be_made_the_fonts_themselves_are_drawn(
    places: Path, little: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    put(little, places / "system/reportgen/fonts")
    (places / "fails.py").write_text("import sys\nopen(sys.argv[2], 'wb').write(b'half')\nsys.exit(1)\n")
    monkeypatch.setattr(outlines, "__file__", str(places / "fails.py"))
    told(fetching.make_copies)
    assert drawn_from("宋体") == places / "system/reportgen/fonts/FandolSong-Regular.otf"
    assert list((places / "system/reportgen/fonts/truetype").glob("*F*")) == []
    assert told(fetching.make_copies) == ""  # not again in this process
    monkeypatch.setattr(fetching, "font_place", lambda: None)
    fetching._tried.clear()
    assert told(fetching.make_copies) == ""


def test_an_interrupted_copying_leaves_nothing_running_and_nothing_half(
    places: Path, little: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    put(little, places / "system/reportgen/fonts")
    (places / "hangs.py").write_text(
        "import os, sys, time\nopen(sys.argv[2], 'wb').write(b'half')\n"
        f"open({str(places / 'pids')!r}, 'a').write(f'{{os.getpid()}}\\n')\ntime.sleep(600)\n"
    )
    monkeypatch.setattr(outlines, "__file__", str(places / "hangs.py"))

    def interrupted(_seconds: float) -> None:
        if (places / "pids").exists() and (places / "pids").read_text().endswith("\n"):
            raise KeyboardInterrupt

    monkeypatch.setattr("time.sleep", interrupted)
    with pytest.raises(KeyboardInterrupt):
        told(fetching.make_copies)
    for number in (places / "pids").read_text().split():
        assert not Path(f"/proc/{number}").exists()
    assert [each.name for each in (places / "system/reportgen/fonts/truetype").iterdir()] == [".lock"]


# ── getting them ─────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def mirror(
    little: dict[str, bytes],
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """A stand-in for apt-get that has packages of little fonts; it writes down what it is asked."""
    root = tmp_path_factory.mktemp("mirror")
    monkeypatch.setenv("PATH", f"{mirror_of(little, root)}{os.pathsep}{os.environ['PATH']}")
    return root


@pytest.mark.parametrize("stale", [False, True], ids=["lists are there", "lists are old"])
def test_what_is_missing_is_put_where_every_user_finds_it(mirror: Path, places: Path, stale: bool) -> None:
    if stale:
        (mirror / "stale").touch()
    said = told(fetching.fetch)
    folder = places / "system/reportgen/fonts"
    assert {file.parent.name for file in folder.rglob("*.otf")} == {"fandol"}
    assert not list(folder.rglob("Other.otf"))
    assert all(f"字体已放在 {folder / package.folder}" in said for package in fetching.PACKAGES)
    assert fonts.fonts_missing() == ""
    assert {spare for spare, _ in fonts.spares()} == {LXGW, NOTO}
    assert "（5/5）" in said
    assert (mirror / "updated").exists() is stale
    asked = (mirror / "asked").read_text()
    assert told(fetching.fetch) == ""
    assert (mirror / "asked").read_text() == asked


def test_fonts_that_only_this_user_has_are_shared_without_a_network(
    mirror: Path, places: Path, little: dict[str, bytes]
) -> None:
    (mirror / "down").touch()
    put(little, places / "user/reportgen/fonts/fandol")
    assert "复制到" in told(fetching.fetch)
    assert (places / "system/reportgen/fonts/fandol/FandolKai-Regular.otf").is_file()


@pytest.mark.parametrize("way", ["no network", "no apt"])
def test_what_cannot_be_got_is_named_with_its_place(
    mirror: Path, places: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    if way == "no apt":
        monkeypatch.setenv("PATH", "/nonexistent")
    else:
        (mirror / "down").touch()
    said = told(fetching.fetch)
    for package in fetching.PACKAGES:
        assert all(name in said for name in package.files)
        assert str(places / "system/reportgen/fonts" / package.folder) in said
    assert not list((places / "system").rglob("*.otf"))


def test_the_files_named_may_be_put_there_by_hand(
    mirror: Path, places: Path, little: dict[str, bytes]
) -> None:
    (mirror / "down").touch()
    told(fetching.fetch)
    put(little, places / "system/reportgen/fonts/fandol", *(face.file for face in FACES))
    put({NOTO.files[0]: little["FandolSong-Regular.otf"]}, places / "system/reportgen/fonts/noto-serif-cjk")
    assert fonts.fonts_missing() == ""
    assert all(each.file.suffix == ".otf" for each in fonts.stand_ins())
    told(fetching.fetch)
    assert all(each.file.suffix == ".ttf" for each in fonts.stand_ins())


def test_nothing_is_fetched_unless_asked_for(mirror: Path, places: Path) -> None:
    fonts.stand_ins()
    said = fonts.fonts_missing()
    told(fetching.make_copies)
    assert not (mirror / "asked").exists()
    assert "doctor --fix" in said and str(places / "system/reportgen/fonts") in said


# ── what is drawn ────────────────────────────────────────────────────────────────────────────────────


def in_family(family: str, words: str) -> bytes:
    document = docx.Document()
    run = document.add_paragraph().add_run(words)
    run.font.name = family
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), family)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def fonts_of(pdf: bytes) -> dict[str, str]:
    """The name of each embedded font, without its prefix → the key under which its program stands."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        inside = [each for each in document.objects if isinstance(each, pikepdf.Dictionary)]
        return {
            str(each.FontName).partition("+")[2]: next(key for key in dict(each.items()) if "FontFile" in key)
            for each in inside
            if each.get("/Type") == "/FontDescriptor"
        }


@pytest.mark.office
def test_stand_ins_are_embedded_as_truetype() -> None:
    for face in FACES:
        pdf = convert.convert(in_family(face.official, "政府信息公开"))
        assert fonts_of(pdf) == {face.file.partition(".")[0]: "/FontFile2"}, face.official


@pytest.mark.office
def test_copies_draw_every_character_where_the_fonts_do(monkeypatch: pytest.MonkeyPatch) -> None:
    word = in_family("楷体_GB2312", "主动公开政府信息1250条，其中“政策解读”12条（含Word文件）。" * 4)
    with_copies = convert.convert(word)
    monkeypatch.setattr(fonts, "copy_name", lambda _: "nothing")
    monkeypatch.setattr(fetching, "to_copy", tuple)
    convert.stop()
    fonts.forget()
    try:
        without = convert.convert(word)
    finally:
        monkeypatch.undo()
        convert.stop()
        fonts.forget()
    assert fonts_of(without) == {"FandolKai-Regular": "/FontFile"}
    assert origins(with_copies) == origins(without)


def origins(pdf: bytes) -> list[tuple[str, float, float]]:
    """Each character with where it begins, in hundredths of a point."""
    return [(sign.text, round(sign.left / MM, 2), round(sign.baseline / MM, 2)) for sign in signs_of(pdf)]


@pytest.mark.office
@pytest.mark.parametrize(
    ("family", "spare"),
    [("楷体_GB2312", "LXGWWenKai-Regular"), ("仿宋_GB2312", "NotoSerifCJKjp-Regular-VKana")],
)
def test_what_a_face_lacks_is_borrowed_in_its_style_where_there_is_one(family: str, spare: str) -> None:
    words = "喆某㎡䶮"
    assert undrawable(words, family) == set()
    pdf = convert.convert(in_family(family, words))
    assert spare in fonts_of(pdf)


@pytest.mark.office
def test_lines_with_borrowed_characters_stay_where_they_are() -> None:
    plain, borrowed = (convert.convert(in_family("楷体_GB2312", words)) for words in ("政府某某", "政府喆䶮"))
    tops = [[round(line.baseline, 2) for line in lines_of(pdf)] for pdf in (plain, borrowed)]
    assert tops[0] == tops[1]
