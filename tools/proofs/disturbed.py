"""A county's batch whatever befalls it: bad files among good ones, programs killed, a full disk."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from generating.made import made
from made import gathered, outcome_of, text_of
from proofs import Proof, Tried
from reportgen.makers.pdf_libreoffice.office import find_soffice
from reportgen.problems import Exit

_SECONDS = 30
"""For one report, after which its process is ended."""

_PATIENCE = 20.0
"""Seconds for a keeper to have cleared up what it keeps."""

_HANGS, _CRASHES = "这一年的工作平稳有序", "这一年的工作井然有序"
"""Words of a report on which LibreOffice is stopped, or killed."""


class _Size(NamedTuple):
    """How many reports, and how many of them are bad in which way."""

    reports: int
    faulty: int
    hanging: int
    crashing: int

    @property
    def bad(self) -> int:
        return self.faulty + self.hanging + self.crashing


_SIZES = {True: _Size(300, 4, 3, 3), False: _Size(14, 2, 1, 1)}

_OFFICE = """
import os, sys, time, zipfile
from pathlib import Path

os.chdir(os.environ["HOME"] + "/..")
if os.fork():
    os.execv({real!r}, [{real!r}, *sys.argv[1:]])
read, sent = {{}}, {sent!r}
while True:
    for each in [*Path("jobs").glob("*.docx"), Path("report.docx")]:
        try:
            if each not in read:
                words = zipfile.ZipFile(each).read("word/document.xml").decode()
                read[each] = next((sent[poison] for poison in sent if poison in words), 0)
        except (OSError, KeyError, zipfile.BadZipFile):
            continue
        for process in Path("/proc").glob("[0-9]*/stat") if read[each] and each.exists() else ():
            try:
                name, _, rest = process.read_text().partition("(")[2].rpartition(")")
            except OSError:
                continue
            if name == "soffice.bin" and int(rest.split()[2]) == os.getpgrp():
                os.kill(int(process.parent.name), read[each])
    time.sleep(0.01)
"""
"""A real LibreOffice, and beside it somebody who stops or kills it whenever it is given a poison."""

_COMMAND = """
import errno, os, sys

def fsync(number, real=os.fsync, left=[{writes}]):
    left[0] -= 1
    if not left[0]:
        print("the disk was full", file=sys.stderr)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    real(number)

os.fsync = fsync
from reportgen.cli import main
sys.exit(main(sys.argv[1:]))
"""
"""The command, on a disk that is full once."""

_FAULTS: tuple[Callable[[str], str], ...] = (
    lambda text: text.replace("年度:", "年度: [", 1),
    lambda text: text.replace("申请:", "申清:", 1),
    lambda text: text.replace("复议诉讼: 全部为零", "复议诉讼: 若干", 1),
    lambda text: text + "年度: 2020\n",
)
"""What a clerk's file has wrong."""


@dataclass
class _Office:
    """A folder with units' files and what watches over the batch that is made of them."""

    folder: Path
    size: _Size
    bad: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.temporary.mkdir(parents=True)
        (self.folder / "in").mkdir()
        self._write()

    @property
    def temporary(self) -> Path:
        return self.folder / "temporary"

    @property
    def out(self) -> Path:
        return self.folder / "out"

    def _write(self) -> None:
        """Write the reports, the bad ones spread among them."""
        kinds = ["faulty"] * self.size.faulty + ["hanging"] * self.size.hanging
        kinds += ["crashing"] * self.size.crashing
        apart = self.size.reports // len(kinds)
        whose = {apart * at + apart // 2: kind for at, kind in enumerate(kinds)}
        for number in range(self.size.reports):
            kind = whose.get(number, "good")
            name, content = self._file(number, kind)
            (self.folder / "in" / name).write_bytes(content)
            if kind != "good":
                self.bad.append(name)

    def _file(self, number: int, kind: str) -> tuple[str, bytes]:
        if kind == "good":
            text = made(number, gathered().forms).text
            lines = text.splitlines(keepends=True)
            own = (f"{line.rstrip()}第{number}处\n" if line.startswith("机关:") else line for line in lines)
            return f"{number:03}.yaml", "".join(own).encode()
        text = text_of().replace("乙镇", f"第{number}镇")
        if kind == "faulty":
            return f"{number:03}.yaml", _FAULTS[len(self.bad) % len(_FAULTS)](text).encode()
        poison = _HANGS if kind == "hanging" else _CRASHES
        word = outcome_of(text.replace("工作中还存在", f"{poison}。工作中还存在"), "docx").files["docx"]
        return f"{number:03}.docx", word

    def begin(self) -> subprocess.Popen[bytes]:
        """Begin the batch; what it says goes to files."""
        sent = {_HANGS: int(signal.SIGSTOP), _CRASHES: int(signal.SIGKILL)}
        fake = self.folder / "soffice"
        fake.write_text(f"#!{sys.executable}\n{_OFFICE.format(real=str(find_soffice()), sent=sent)}")
        fake.chmod(0o755)
        here = os.pathsep.join(path for path in sys.path if path)
        env = {
            **os.environ,
            "TMPDIR": str(self.temporary),
            "PYTHONPATH": here,
            "REPORTGEN_SOFFICE": str(fake),
        }
        writes = self.size.reports  # several for each report: in the middle of the batch
        files = sorted(f"in/{path.name}" for path in (self.folder / "in").iterdir())
        command = [sys.executable, "-c", _COMMAND.format(writes=writes), "build", *files, "--out", "out"]
        with (self.folder / "said").open("wb") as said, (self.folder / "errors").open("wb") as errors:
            return subprocess.Popen(
                [*command, "--jobs", "2", "--seconds", str(_SECONDS)],
                cwd=self.folder,
                env=env,
                stdout=said,
                stderr=errors,
                start_new_session=True,
            )

    def finished(self) -> int:
        """How many PDFs there are."""
        return sum(1 for _ in self.out.rglob("*.pdf"))

    def offices(self) -> list[int]:
        """Each LibreOffice at work."""
        return [number for number, command in self._running() if b"soffice.bin" in command.split(b"\0")[0]]

    def workers(self) -> list[int]:
        """Each process that does reports."""
        return [number for number, command in self._running() if b"reportgen.batch.processes" in command]

    def left(self) -> list[str]:
        """What lies about afterwards: files, folders, and what still runs."""
        end = time.monotonic() + _PATIENCE
        while (found := self._left()) and time.monotonic() < end:
            time.sleep(0.1)
        return found

    def _left(self) -> list[str]:
        running = [number for number, _ in self._running()]
        hidden = [path.name for path in self.out.rglob(".reportgen*")]
        return [
            *hidden,
            *(path.name for path in self.temporary.iterdir()),
            *map("process {}".format, running),
        ]

    def _running(self) -> Iterator[tuple[int, bytes]]:
        """The processes of the batch that live, and their command lines.

        They have its folder for temporary files in their environment or, as LibreOffice, in the command.
        """
        mark = os.fsencode(self.temporary)
        for each in Path("/proc").glob("[0-9]*"):
            try:
                command = (each / "cmdline").read_bytes()
                if mark in command or mark in (each / "environ").read_bytes():
                    yield int(each.name), command
            except OSError:
                continue


_DISTURBANCES: tuple[tuple[str, Callable[[_Office], list[int]], signal.Signals], ...] = (
    ("LibreOffice killed", _Office.offices, signal.SIGKILL),
    ("LibreOffice stopped", _Office.offices, signal.SIGSTOP),
    ("a worker killed", _Office.workers, signal.SIGKILL),
    ("LibreOffice killed again", _Office.offices, signal.SIGKILL),
)


def _run(long: bool, folder: Path) -> Tried:
    size = _SIZES[long]
    office = _Office(folder, size)
    with office.begin() as process:
        done = list(_disturbed(office, process))
    figures = {
        f"reports in a batch, {size.bad} of them bad": size.reports,
        "disturbances: programs killed and stopped, the disk full once": len(done),
        "PDFs made": office.finished(),
    }
    return Tried(figures, tuple(_faults(office, process.returncode, done)))


def _disturbed(office: _Office, process: subprocess.Popen[bytes]) -> Iterator[str]:
    """Wait for the batch, disturbing it whenever another part of it is done; gives what was done to it."""
    left = list(_DISTURBANCES)
    part = office.size.reports // (2 * len(left))
    while process.poll() is None:
        at = len(_DISTURBANCES) - len(left)
        if left and office.finished() > at * part:
            told, whom, sent = left[0]
            numbers = whom(office)
            if numbers and _sent(numbers[at % len(numbers)], sent):
                left.pop(0)
                yield told
        time.sleep(0.1)
    if b"the disk was full" in (office.folder / "errors").read_bytes():
        yield "the disk full"


def _sent(number: int, signum: signal.Signals) -> bool:
    try:
        os.kill(number, signum)
    except OSError:
        return False
    return True


def _faults(office: _Office, code: int, done: list[str]) -> Iterator[str]:
    """What came otherwise than it must."""
    size = office.size
    said = (office.folder / "said").read_text("utf-8")
    errors = (office.folder / "errors").read_text("utf-8", "replace")
    if code != Exit.FINDINGS:
        yield f"exit {code}"
    if len(done) != len(_DISTURBANCES) + 1:
        yield f"disturbed only by: {', '.join(done)}"
    if office.finished() != size.reports - size.bad:
        yield f"{office.finished()} PDFs of {size.reports - size.bad} good reports"
    yield from (f"{path.name}: not as its manifest says" for path in _halves(office.out))
    told = said.rpartition("按单位：")[2].partition("按规则：")[0].split("\n")
    lines = [line.strip() for line in told if line.strip()]
    named = [name for name in office.bad if sum(line.endswith(f"in/{name}") for line in lines) == 1]
    yield from (f"{name}: not told in one line" for name in office.bad if name not in named)
    if len(lines) != size.bad:
        yield f"{len(lines)} lines about {size.bad} bad files"
    if "Traceback" in said + errors:
        yield "a traceback"
    yield from (f"{each} is left" for each in office.left())


def _halves(out: Path) -> Iterator[Path]:
    """Files that are not whole, by the manifests beside them; and those of no manifest."""
    for folder in {path.parent for path in out.rglob("*") if path.is_file()}:
        manifest = folder / "manifest.json"
        known = json.loads(manifest.read_bytes())["files"] if manifest.exists() else {}
        for path in folder.iterdir():
            content = path.read_bytes()
            due = known.get(path.name, {}).get("sha256")
            if path != manifest and due != hashlib.sha256(content).hexdigest():
                yield path


PROOF = Proof(
    "disturbed",
    "In a batch that is disturbed every good report gets its PDF, every bad one a line; no file is half and "
    "no process is left.",
    _run,
)
