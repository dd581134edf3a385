"""A LibreOffice profile of our own: small, quiet, quick to start, following no link, with our macro in it."""

import shutil
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from zipfile import ZipFile

from reportgen.makers.pdf_libreoffice.breaking import SETTING
from reportgen.makers.pdf_libreoffice.fonts import (
    FACES,
    NOTO,
    StandIn,
    font_file,
    licensed,
    spares,
    stand_ins,
)
from reportgen.makers.pdf_libreoffice.office import Release
from reportgen.makers.pdf_libreoffice.replacing import (
    has_table,
    installed_families,
    private_files,
    replaced,
)

IMPORT = "MS Word 2007 XML"
"""The import filter, forced: else LibreOffice reads any text as a document and says nothing."""

PDF_OPTIONS: Mapping[str, int | bool] = {
    "SelectPdfVersion": 2,
    "UseTaggedPDF": True,
    "PDFUACompliance": True,
    "ExportBookmarks": True,
    "ExportNotes": False,
    "ExportFormFields": False,
}
"""PDF/A-2b, tagged as PDF/UA-1 wants it, with an outline, without comments."""

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<!DOCTYPE {0} PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "{1}.dtd">\n'
)
_LIBRARIES = (
    '<library:libraries xmlns:library="http://openoffice.org/2000/library" '
    'xmlns:xlink="http://www.w3.org/1999/xlink">'
    '<library:library library:name="Standard" library:link="false"/></library:libraries>'
)
_LIBRARY = (
    '<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" '
    'library:readonly="false" library:passwordprotected="false">{0}</library:library>'
)
_SETTINGS = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry" '
    'xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\n'
    "{0}</oor:items>\n"
)
"""Without the last namespace LibreOffice ignores the whole file, and says nothing."""

_SETTING = (
    '<item oor:path="/org.openoffice.{0}">'
    '<prop oor:name="{1}" oor:op="fuse"><value>{2}</value></prop></item>\n'
)

_SUBSTITUTION = "Office.Common/Font/Substitution"
_REPLACEMENT = (
    f'<item oor:path="/org.openoffice.{_SUBSTITUTION}/FontPairs"><node oor:name="_{{0}}" oor:op="replace">'
    '<prop oor:name="ReplaceFont" oor:op="fuse"><value>{1}</value></prop>'
    '<prop oor:name="SubstituteFont" oor:op="fuse"><value>{2}</value></prop>'
    '<prop oor:name="Always" oor:op="fuse"><value>true</value></prop></node></item>\n'
)
"""A line of LibreOffice's table of fonts. One that does not always hold is passed over in silence."""

_WARM = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    'officeDocument" Target="word/document.xml"/></Relationships>',
    "word/document.xml": '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    "<w:body><w:p><w:r><w:t>一</w:t></w:r></w:p></w:body></w:document>",
}
"""A Word file of one paragraph."""


def write_profile(profile: Path, release: Release | None) -> None:
    """Make a profile for one LibreOffice.

    Args:
        profile: the folder to make; what stands in it is for ``-env:UserInstallation``.
        release: which LibreOffice it is for; None where that is not known: it then starts slowly.
    """
    user = profile / "user"
    user.mkdir(parents=True)
    settings = "".join(_SETTING.format(*map(escape, each)) for each in _settings(release)) + SETTING
    if has_table():
        settings += _own_fonts(user)
    (user / "registrymodifications.xcu").write_text(_SETTINGS.format(settings), encoding="utf-8")
    if release:
        (user / "extensions").mkdir()
        (user / "extensions" / "buildid").write_text(release.build, encoding="utf-8")


def _own_fonts(user: Path) -> str:
    """Put the fonts that the system lacks into a profile; the lines of the table that names them."""
    installed = installed_families()
    (user / "fonts").mkdir()
    for file in private_files(installed):
        shutil.copy(file, user / "fonts" / file.name)
    lines = (
        _REPLACEMENT.format(number, escape(asked), escape(drawn))
        for number, (asked, drawn) in enumerate(sorted(replaced(installed).items()))
    )
    return _SETTING.format(_SUBSTITUTION, "Replacement", "true") + "".join(lines)


def _settings(release: Release | None) -> Iterator[tuple[str, str, str]]:
    """Where, name and value of everything that is set.

    A profile that does not say which release used it last is taken for an old one, and LibreOffice
    brings it up to date and starts again from the beginning: three marks say that this is done.
    """
    yield "Office.Common/Misc", "FirstRun", "false"
    # Without this one, the first start drops our macro.
    yield "Setup/Office", "ooSetupInstCompleted", "true"
    yield "Setup/Office", "MigrationCompleted", "true"
    # Nobody types here: no spelling is underlined, no word is kept to be offered.
    yield "Office.Linguistic/SpellChecking", "IsSpellAuto", "false"
    yield "Office.Writer/AutoFunction/Completion", "CollectWords", "false"
    # Nobody else opens the file that it is given.
    for name in ("UseLocking", "UseDocumentOOoLockFile", "UseDocumentSystemFileLocking"):
        yield "Office.Common/Misc", name, "false"
    # A document is nobody's order to fetch an address or to show a file of this computer.
    yield "Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"
    # That setting leaves some doors open (a style sheet of a web page); behind this proxy is nobody.
    yield "Inet/Settings", "ooInetProxyType", "2"
    yield "Inet/Settings", "ooInetNoProxy", ""
    for name in ("HTTP", "HTTPS", "FTP"):
        yield "Inet/Settings", f"ooInet{name}ProxyName", "127.0.0.1"
        yield "Inet/Settings", f"ooInet{name}ProxyPort", "1"
    if release:
        yield "Setup/Product", "ooSetupLastVersion", release.version
        yield "Setup/Office", "LastCompatibilityCheckID", release.build


def write_server(profile: Path, jobs: Path) -> None:
    """Put the macro into a profile that serves the folder ``jobs``, and beside it what it loads at first."""
    warm = profile / "warm.docx"
    with ZipFile(warm, "w") as package:
        for name, words in _WARM.items():
            package.writestr(name, words)
    folder = f"{jobs.as_uri()}/"
    standard = profile / "user" / "basic" / "Standard"
    standard.mkdir(parents=True)
    for kind in ("script", "dialog"):
        inside = '<library:element library:name="Module1"/>' if kind == "script" else ""
        libraries = _HEAD.format("library:libraries", "libraries") + _LIBRARIES
        (standard.parent / f"{kind}.xlc").write_text(libraries, encoding="utf-8")
        library = _HEAD.format("library:library", "library") + _LIBRARY.format(inside)
        (standard / f"{kind}.xlb").write_text(library, encoding="utf-8")
    module = (
        '<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" '
        f'script:language="StarBasic">{escape(_macro(folder, warm.as_uri()), quote=False)}</script:module>'
    )
    (standard / "Module1.xba").write_text(_HEAD.format("script:module", "module") + module, encoding="utf-8")


def _macro(folder: str, warm: str) -> str:
    pairs = ", ".join(f'Pair("{name}", {value})' for name, value in PDF_OPTIONS.items())
    text = Path(__file__).with_name("server.bas").read_text(encoding="utf-8")
    said = {"@FOLDER@": folder, "@WARM@": warm, "@IMPORT@": IMPORT, "@OPTIONS@": pairs}
    for mark, words in said.items():
        text = text.replace(mark, words)
    return text


# ── which font is drawn for which family: a fontconfig file, the only one that LibreOffice reads ──────────


def fontconfig(cache: Path) -> str:
    """The text of our fontconfig file; ``cache`` is a folder that fontconfig may write to.

    It includes no other file and lets in only the fonts that we chose, so that reports look the same on every
    machine.

    Fandol's bold faces are marked as regular in their files; that is corrected while fontconfig scans them.
    """
    inside = font_files()
    folders = sorted({file.parent for file in inside})
    lines = [
        '<?xml version="1.0"?>',
        '<!DOCTYPE fontconfig SYSTEM "fonts.dtd">',
        "<fontconfig>",
        *(f"<dir>{escape(str(folder), quote=False)}</dir>" for folder in folders),
        f"<cachedir>{escape(str(cache), quote=False)}</cachedir>",
        "<selectfont><rejectfont><glob>*</glob></rejectfont>",
        *(f"<acceptfont><glob>{escape(str(file), quote=False)}</glob></acceptfont>" for file in inside),
        "</selectfont>",
        '<match target="scan"><test name="file" compare="contains"><string>Fandol</string></test>'
        '<test name="file" compare="contains"><string>-Bold.</string></test>'
        '<edit name="weight" mode="assign"><const>bold</const></edit></match>',
        *_maps(),
        '<match target="pattern"><edit name="family" mode="append" binding="weak">'
        f"<string>{NOTO.family}</string></edit></match>",
        "</fontconfig>",
    ]
    return "\n".join(lines) + "\n"


def font_files() -> tuple[Path, ...]:
    """Every font file that may be drawn from."""
    found = {each.file for each in stand_ins()} | set(licensed().values())
    for spare, file in spares():
        found.add(file)
        if beside := font_file(spare.beside):
            found.add(beside)
    return tuple(sorted(found))


def _maps() -> Iterator[str]:
    drawn = {each.official: each for each in stand_ins()}
    for face in FACES:
        if stand_in := drawn.get(face.official):
            for asked in (face.official, *face.others):
                if asked not in licensed():
                    yield _map(asked, stand_in, face.weight)


def _map(asked: str, stand_in: StandIn, weight: str) -> str:
    families = (stand_in.family, *(spare.family for spare, _ in spares(stand_in.official)))
    return (
        f'<match target="pattern"><test name="family"><string>{escape(asked, quote=False)}</string></test>'
        '<edit name="family" mode="assign" binding="strong">'
        f"{''.join(f'<string>{escape(family, quote=False)}</string>' for family in families)}</edit>"
        f'<edit name="weight" mode="assign" binding="strong"><const>{weight}</const></edit></match>'
    )
