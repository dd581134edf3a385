"""A LibreOffice profile of our own: small, quiet, quick to start, following no link, with our macro in it."""

from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from zipfile import ZipFile

from reportgen.makers.pdf_libreoffice.office import Release

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
    settings = "".join(_SETTING.format(*map(escape, each)) for each in _settings(release))
    (user / "registrymodifications.xcu").write_text(_SETTINGS.format(settings), encoding="utf-8")
    if release:
        (user / "extensions").mkdir()
        (user / "extensions" / "buildid").write_text(release.build, encoding="utf-8")


def _settings(release: Release | None) -> Iterator[tuple[str, str, str]]:
    """Where, name and value of everything that is set.

    A profile that does not say which release used it last is taken for an old one, and LibreOffice
    brings it up to date and starts again from the beginning: three marks say that this is done.
    """
    yield "Office.Common/Misc", "FirstRun", "false"
    # Without this one, the first start drops our macro.
    yield "Setup/Office", "ooSetupInstCompleted", "true"
    yield "Setup/Office", "MigrationCompleted", "true"
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
