"""Let veraPDF, which is nobody of ours, judge every kind of PDF that reportgen makes.

Both forms, each as the maker leaves it, with the empty field, signed once and twice, with a picture of the
seal, with a time stamp, with the proofs for the long term (given and fetched), with the source inside, and
as a draft; and the sheet of the archive's package. One call of veraPDF for all of them.
"""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))  # the certificates are those of the tests

from authority import PASSWORD, Authority, stamp_server, state_server  # noqa: E402
from reportgen.archiving.digests import digests  # noqa: E402
from reportgen.archiving.sheet import Entry, Sheet, as_docx, as_pdf  # noqa: E402
from reportgen.pipeline import Outcome, Supplies, run  # noqa: E402
from reportgen.signing.appearance import Appearance  # noqa: E402
from reportgen.signing.credentials import KeyFile  # noqa: E402
from reportgen.signing.filling import Proofs, Wish, sign  # noqa: E402
from reportgen.signing.preparing import ready_to_sign  # noqa: E402
from reportgen.signing.seal_place import Signing  # noqa: E402
from reportgen.store import workspace  # noqa: E402
from seals import seal_svg  # noqa: E402

REPORTS = ("suqian/2023", "laiyang-xuefang/2020")
"""One of each form."""

_MAIN = "org.verapdf.apps.GreenfieldCliWrapper"
_FIELD = b"/FT/Sig"
_WRONG = "反例"
"""A file that is no PDF/A. Were it called valid, the judge would be worth nothing."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What veraPDF says of a file: the profile, and each rule that it breaks."""

    profile: str
    faults: tuple[str, ...]


def main() -> int:
    """Make the files, have them judged, and say how it went."""
    jar = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory(prefix="reportgen-proof-") as name:
        folder = Path(name)
        for title, pdf in _all_kinds():
            (folder / f"{title}.pdf").write_bytes(pdf)
        judged = judge(jar, folder)
    if not judged.pop(_WRONG).faults:
        sys.exit("veraPDF 把不合格的反例判为合格：它的判定不能用。")
    for title, verdict in sorted(judged.items()):
        print(f"{'不合格' if verdict.faults else '合格'}  {title}（{verdict.profile}）")
        print("".join(f"        {fault}\n" for fault in verdict.faults), end="")
    bad = sum(bool(verdict.faults) for verdict in judged.values())
    print(f"veraPDF 判定：{len(judged)} 份 PDF，{bad} 份不合格。")
    return 1 if bad else 0


def judge(jar: Path, folder: Path) -> dict[str, Judged]:
    """What veraPDF says of every PDF in a folder, by its stem."""
    files = sorted(folder.glob("*.pdf"))
    command = ["java", "-Dfile.encoding=UTF-8", "-Dsun.jnu.encoding=UTF-8", "-cp", str(jar), _MAIN]
    ran = subprocess.run(
        [*command, "--format", "json", "--flavour", "0", *(f"{number}.pdf" for number in range(len(files)))],
        cwd=_numbered(files, folder),
        capture_output=True,
        timeout=600,
        check=False,
    )
    try:
        jobs = json.loads(ran.stdout)["report"]["jobs"]
    except (ValueError, KeyError):
        sys.exit(f"veraPDF 没有给出结果：{ran.stderr.decode(errors='replace')[-2000:]}")
    said = {int(Path(job["itemDetails"]["name"]).stem): _judged(job) for job in jobs}
    nothing = Judged("", ("veraPDF 没有判定它",))
    return {file.stem: _as_claimed(file, said.get(number, nothing)) for number, file in enumerate(files)}


def _numbered(files: list[Path], folder: Path) -> Path:
    """A folder with the same files under names that survive any locale."""
    plain = folder / "numbered"
    plain.mkdir()
    for number, file in enumerate(files):
        (plain / f"{number}.pdf").write_bytes(file.read_bytes())
    return plain


def _judged(job: Mapping[str, Any]) -> Judged:
    results = job.get("validationResult") or []
    if not results:
        return Judged("", (str(job.get("taskException", "veraPDF 读不了它")),))
    (result,) = results
    faults = [
        f"{rule['specification']} {rule['clause']}-{rule['testNumber']}（{rule['failedChecks']} 处）"
        f"{rule['description']} {rule['checks'][0].get('errorMessage', '') if rule.get('checks') else ''}"
        for rule in result["details"]["ruleSummaries"]
    ]
    if not result["compliant"] and not faults:
        faults = [str(result["statement"])]
    return Judged(result["profileName"].removesuffix(" validation profile"), tuple(faults))


def _as_claimed(file: Path, verdict: Judged) -> Judged:
    """A file that calls itself PDF/A-1, say, is judged as that: it must be what it is meant to be."""
    wanted = "PDF/A-3B" if "附原文件" in file.stem else "PDF/A-2B"
    if verdict.profile in (wanted, ""):
        return verdict
    return replace(verdict, faults=(*verdict.faults, f"应为 {wanted}"))


# ── the files ────────────────────────────────────────────────────────────────────────────────────────


def _all_kinds() -> Iterator[tuple[str, bytes]]:
    supplies = workspace.supplies()
    with _stamped_wishes() as (authority, wishes):
        for name in REPORTS:
            for title, pdf in _kinds(ROOT / "inputs" / f"{name}.yaml", supplies):
                yield title, pdf
                if title.endswith("空签名域"):
                    yield from _stamped(title.removesuffix("空签名域"), pdf, authority, wishes)
    right = _made(ROOT / "inputs" / f"{REPORTS[0]}.yaml", supplies).files["pdf"]
    yield _WRONG, right.replace(b"/GTS_PDFA1", b"/GTS_PDFXX")
    entries = tuple(Entry(f"文件{number}.pdf", "PDF/A 正本", digests(b"")) for number in range(7))
    sheet = Sheet("某县人民政府", 2023, "某县人民政府2023年年报", "某文件", "reportgen", entries)
    yield "移交清单", as_pdf(as_docx(sheet), sheet.year)


def _kinds(path: Path, supplies: Supplies) -> Iterator[tuple[str, bytes]]:
    outcome = _made(path, supplies)
    report = outcome.report
    assert report is not None
    form, organ = f"{report.form.id}年表", report.organ.name
    for extra, each in (
        ("", outcome),
        ("附原文件", _made(path, replace(supplies, attach_source=True))),
    ):
        pdf = each.files["pdf"]
        field = pdf if _FIELD in pdf else ready_to_sign(pdf, Signing(organ))
        once, twice = _signed(field, organ)
        states = {"未签名": _before_field(pdf), "空签名域": field, "签名一次": once, "签名两次": twice}
        states["印章图片"] = _signed(field, organ, seal_svg())[0]
        for state, content in states.items():
            yield f"{form} {extra}{state}", content
    yield f"{form} 草稿", _made(path, supplies, draft=True).files["pdf"]


@contextmanager
def _stamped_wishes() -> Iterator[tuple[Authority, dict[str, Wish]]]:
    """An authority with servers on loopback, and what needs them: a time stamp, and proofs beside it."""
    authority = Authority()
    with tempfile.TemporaryDirectory(prefix="reportgen-stamps-") as name, state_server(authority) as states:
        authority.responder, _ = states
        with stamp_server(authority, Path(name)) as stamps:
            roots, lists = (authority.root.pem,), (authority.revocation_list(),)
            yield (
                authority,
                {
                    "带时间戳": Wish(stamp_server=stamps),
                    "带长期证明": Wish(stamp_server=stamps, proofs=Proofs(roots, lists)),
                    "带取来的长期证明": Wish(stamp_server=stamps, proofs=Proofs(roots, fetched=True)),
                },
            )


def _stamped(
    title: str, pdf: bytes, authority: Authority, wishes: Mapping[str, Wish]
) -> Iterator[tuple[str, bytes]]:
    seal = KeyFile(authority.issue("单位").p12(), PASSWORD)
    for state, wish in wishes.items():
        yield f"{title}{state}", sign(pdf, seal, wish, datetime.now().astimezone())


def _made(path: Path, supplies: Supplies, *, draft: bool = False) -> Outcome:
    outcome = run(workspace.material(path), supplies, draft=draft)
    if "pdf" not in outcome.files:
        sys.exit(f"{path} 没有生成 PDF：{[str(each) for each in (*outcome.failures, *outcome.findings)]}")
    return outcome


def _before_field(pdf: bytes) -> bytes:
    """The PDF without the field, which is always an update after its end."""
    end = re.search(rb"%%EOF\s", pdf)
    return pdf[: end.end()] if end and _FIELD in pdf else pdf


def _signed(pdf: bytes, organ: str, picture: bytes = b"") -> tuple[bytes, bytes]:
    """Signed by the organ in the field of the seal; and by a leader, without a picture, before that."""
    authority = Authority()
    now = datetime.now().astimezone()
    appearance = Appearance(organ, f"{now.year}年{now.month}月{now.day}日", picture)
    leader, seal = (KeyFile(authority.issue(name).p12(), PASSWORD) for name in ("负责人", organ))
    approved = sign(pdf, leader, Wish(appearance, hidden=True), now)
    return sign(pdf, seal, Wish(appearance), now), sign(approved, seal, Wish(appearance), now)


if __name__ == "__main__":
    sys.exit(main())
