"""Let veraPDF, which is nobody of ours, judge every kind of PDF that reportgen makes.

Both forms, each without a field, with the empty field, signed once and twice, by a leader alone who shows
nothing, with a picture of the seal, with a time stamp, with the proofs for the long term (given and fetched),
with the source inside, and as a draft; and the sheet of the archive's package. Each must be PDF/A (2b, 3b
with the source inside) and PDF/UA-1; a draft, with its large grey 草稿 that no reader can be told, need only
be PDF/A and must not call itself more. One call of veraPDF for each of the three.
"""

import io
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pikepdf

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))  # the certificates are those of the tests

from authority import PASSWORD, Authority, stamp_server, state_server  # noqa: E402
from reportgen.archiving.sheet import (  # noqa: E402
    Entry,
    Sheet,
    as_docx,
    as_pdf,
    digests,
)
from reportgen.makers import Attachment, maker_for  # noqa: E402
from reportgen.makers.pdf import beijing  # noqa: E402
from reportgen.makers.pdf.finishing import Finish, finished  # noqa: E402
from reportgen.makers.pdf.metadata import About  # noqa: E402
from reportgen.pipeline import Outcome, Supplies, run  # noqa: E402
from reportgen.signing.appearance import Appearance  # noqa: E402
from reportgen.signing.credentials import KeyFile  # noqa: E402
from reportgen.signing.filling import Proofs, Wish, sign  # noqa: E402
from reportgen.store import workspace  # noqa: E402
from seals import seal_svg  # noqa: E402

REPORTS = ("suqian/2023", "laiyang-xuefang/2020", "shili-minzhengju/2025法治")
"""One of each form, and of the second kind of document."""

_MAIN = "org.verapdf.apps.GreenfieldCliWrapper"
_FLAVOURS = ("2b", "3b", "ua1")
_WRONG = "反例"
"""A file that is neither. Were it called valid, the judge would be worth nothing."""


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
        judged = [(title, verdict) for flavour in _FLAVOURS for title, verdict in judge(jar, folder, flavour)]
    if not all(verdict.faults for title, verdict in judged if title == _WRONG):
        sys.exit("veraPDF 把不合格的反例判为合格：它的判定不能用。")
    due = [(title, verdict) for title, verdict in sorted(judged, key=_titled) if title != _WRONG]
    for title, verdict in due:
        print(f"{'不合格' if verdict.faults else '合格'}  {title}（{verdict.profile}）")
        print("".join(f"        {fault}\n" for fault in verdict.faults), end="")
    bad = sum(bool(verdict.faults) for _, verdict in due)
    print(f"veraPDF 判定 {len(due)} 次，{bad} 次不合格。草稿不要求是 PDF/UA，也没有自称是。")
    return 1 if bad else 0


def _titled(judged: tuple[str, Judged]) -> str:
    return judged[0]


def judge(jar: Path, folder: Path, flavour: str) -> Iterator[tuple[str, Judged]]:
    """What veraPDF says of every PDF in a folder that must be of a kind, by its stem.

    Args:
        jar: veraPDF.
        folder: with the files.
        flavour: what they must be, in veraPDF's words: ``2b``, ``3b`` with a file inside; ``ua1``.
    """
    files = [each for each in sorted(folder.glob("*.pdf")) if flavour in _due(each.stem)]
    command = ["java", "-Dfile.encoding=UTF-8", "-Dsun.jnu.encoding=UTF-8", "-cp", str(jar), _MAIN]
    numbers = [f"{number}.pdf" for number in range(len(files))]
    with tempfile.TemporaryDirectory(prefix="reportgen-proof-") as plain:
        ran = subprocess.run(
            [*command, "--format", "json", "--flavour", flavour, *numbers],
            cwd=_numbered(files, Path(plain)),
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
    for number, file in enumerate(files):
        yield file.stem, said.get(number, nothing)


def _due(stem: str) -> tuple[str, ...]:
    """What a file must be, by its name."""
    if stem == _WRONG:
        return _FLAVOURS
    pdfa = "3b" if "附原文件" in stem else "2b"
    return (pdfa,) if "草稿" in stem else (pdfa, "ua1")


def _numbered(files: list[Path], plain: Path) -> Path:
    """A folder with the same files under names that survive any locale."""
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


# ── the files ────────────────────────────────────────────────────────────────────────────────────────


def _all_kinds() -> Iterator[tuple[str, bytes]]:
    supplies = workspace.supplies()
    with _stamped_wishes() as (authority, wishes):
        for name in REPORTS:
            for title, pdf in _kinds(ROOT / "inputs" / f"{name}.yaml", supplies):
                yield title, pdf
                if title.endswith("空签名域"):
                    yield from _stamped(title.removesuffix("空签名域"), pdf, authority, wishes)
    yield _WRONG, _spoilt(_made(ROOT / "inputs" / f"{REPORTS[0]}.yaml", supplies).files["pdf"])
    entries = tuple(Entry(f"文件{number}.pdf", "PDF/A 正本", digests(b"")) for number in range(7))
    sheet = Sheet("某县人民政府", 2023, "某县人民政府2023年年报", "某文件", "reportgen", entries)
    yield "移交清单", as_pdf(as_docx(sheet, workspace.sheet_template()), sheet.year, sheet.software)


def _spoilt(pdf: bytes) -> bytes:
    """A PDF without a colour profile and without the mark of tags."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        del document.Root.OutputIntents
        del document.Root.MarkInfo
        document.save(out)
    return out.getvalue()


def _kinds(path: Path, supplies: Supplies) -> Iterator[tuple[str, bytes]]:
    outcome = _made(path, supplies)
    report = outcome.report
    assert report is not None
    form, organ = f"{report.form.id}年表", report.organ.name
    for extra, each in (
        ("", outcome),
        ("附原文件", _made(path, replace(supplies, attach_source=True))),
    ):
        field = each.files["pdf"]
        leader, once, twice = _signed(field, organ)
        states = {
            "无签名域": _without_field(each, Attachment(path.name, path.read_bytes()) if extra else None),
            "空签名域": field,
            "负责人签名": leader,
            "签名一次": once,
            "签名两次": twice,
            "印章图片": _signed(field, organ, seal_svg())[1],
        }
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


def _without_field(outcome: Outcome, attached: Attachment | None) -> bytes:
    """The same PDF as one that has no place for the seal gets it."""
    maker = maker_for("pdf")
    assert maker is not None and maker.convert is not None
    about = About("reportgen", beijing(2024, 1, 1), part=3 if attached else 2)
    return finished(maker.convert(outcome.files["docx"]), Finish(about, attached))


def _signed(pdf: bytes, organ: str, picture: bytes = b"") -> tuple[bytes, bytes, bytes]:
    """Signed by a leader alone, who shows nothing; by the organ in the field; by one after the other."""
    authority = Authority()
    now = datetime.now().astimezone()
    appearance = Appearance(organ, f"{now.year}年{now.month}月{now.day}日", picture)
    leader, seal = (KeyFile(authority.issue(name).p12(), PASSWORD) for name in ("负责人", organ))
    approved = sign(pdf, leader, Wish(appearance, hidden=True), now)
    return approved, sign(pdf, seal, Wish(appearance), now), sign(approved, seal, Wish(appearance), now)


if __name__ == "__main__":
    sys.exit(main())
