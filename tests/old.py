"""Word files of ours saved as older kinds by LibreOffice, as offices keep their reports of years ago."""

from reportgen.makers.pdf_libreoffice.office import find_soffice, release_of
from reportgen.makers.pdf_libreoffice.process import Running, WorkingFolder
from reportgen.makers.pdf_libreoffice.profile import write_profile

FILTERS = {"doc": "MS Word 97", "odt": "writer8", "rtf": "Rich Text Format", "pdf": "writer_pdf_Export"}


def saved_as(kind: str, *files: bytes) -> list[bytes]:
    """Word files as files of another kind; all in one call, since each call takes a second."""
    soffice = find_soffice()
    assert soffice, "this is about the real LibreOffice"
    with WorkingFolder() as place:
        given = [place.folder / f"{number}.docx" for number in range(len(files))]
        for path, content in zip(given, files, strict=True):
            path.write_bytes(content)
        write_profile(place.folder / "profile", release_of(soffice))
        arguments = ["--convert-to", f"{kind}:{FILTERS[kind]}", "--outdir", str(place.folder / "out")]
        running = Running(soffice, place, [*arguments, *map(str, given)])
        try:
            assert running.wait(300)
        finally:
            running.kill()
        return [(place.folder / "out" / f"{path.stem}.{kind}").read_bytes() for path in given]
