"""``verify``: who signed a PDF and whether anything changed; whether an archive's package is whole."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.commands.options import contents, file, flag, print_as_json, read_pdf, revocations, roots
from reportgen.commands.usage import Options, Usage, command
from reportgen.problems import Exit, Failure, ToolMissing
from reportgen.store.disk import read_bytes, read_folder

if TYPE_CHECKING:
    from reportgen.archiving.package import Verdict as PackageVerdict
    from reportgen.signing.trusting import Trust
    from reportgen.signing.verdicts import Verdict


@command(
    "verify",
    "核对 PDF 上的签名，或核对归档包",
    "reportgen verify 年报（已签名）.pdf --root 根证书.pem",
    "reportgen verify 归档.zip",
    "reportgen verify 归档.zip --root 根证书.pem",
)
@file("签过名的 PDF，或归档包（文件夹、zip）")
@roots("信任的根证书，默认用本机根证书文件夹里的")
@revocations("发证机构的吊销列表")
@flag("--fetch-proofs", says="联网到证书里写的网址，核对证书是否已被吊销")
@flag("--json", says="结果用 JSON 输出，供其他程序使用")
def verify(options: Options) -> int:
    """Say who signed, when, whether anything changed and whether the signers are to be trusted.

    A folder or a zip file is an archive's package; with root certificates its signed PDFs are verified, too.

    Returns:
        0 where all is whole and every signer proved, 7 where all is whole and a signer was not proved, 1
        where something was changed, a signer is not trusted or nobody signed.
    """
    try:
        return _verified(options)
    except Failure as failure:
        if not options.json:
            raise
        told = {"file": str(options.file), "good": False, "failures": [str(failure)]}
        print_as_json(told)
        return failure.exit_code


def _verified(options: Options) -> int:
    if options.file.is_dir() or options.file.suffix.lower() == ".zip":
        return _verified_package(options)
    from reportgen.signing import missing

    if sentence := missing():
        raise ToolMissing(sentence)
    from reportgen.signing import verifying
    from reportgen.signing.verdicts import in_words, organ_of, state_of

    pdf = read_pdf(options.file)
    verdicts = verifying.verify(pdf, trust=_trust(options))
    organ = organ_of(pdf) if verdicts else ""
    state = state_of(verdicts)
    if options.json:
        print_as_json(_signatures_as_json(options.file, verdicts, organ))
    elif not verdicts:
        print(f"{options.file}  没有签名", file=sys.stderr)
    else:
        print(f"{options.file}  {state.chinese}")
        for verdict in verdicts:
            print("\n".join(in_words(verdict, organ)))
    return _CODES.get(state, Exit.FINDINGS)


_CODES = {"valid": Exit.OK, "whole": Exit.UNCHECKED}


def _trust(options: Options) -> "Trust":
    """Who may vouch for signers.

    Raises:
        Usage: proofs are asked for that nobody could vouch for.
    """
    from reportgen.commands.roots import chosen_roots
    from reportgen.signing.trusting import Trust

    trust = Trust(chosen_roots(options.root), contents(options.crl), options.fetch_proofs)
    if trust.asks and not trust.roots:
        raise Usage("--crl 和 --fetch-proofs 要和 --root 一起用：没有根证书，就不知道吊销列表是不是真的。")
    return trust


def _signatures_as_json(file: Path, verdicts: Sequence["Verdict"], organ: str) -> dict[str, object]:
    from reportgen.signing.verdicts import State, difference, state_of

    state = state_of(verdicts)
    return {
        "file": str(file),
        "state": state.value,
        "good": state is State.VALID,
        "organ": organ,
        "failures": [],
        "signatures": [
            {
                "state": verdict.state.value,
                "good": verdict.good,
                "field": verdict.field,
                "signer": verdict.signer,
                "issuer": verdict.issuer,
                "serial": verdict.serial,
                "signed_at": verdict.said_at.isoformat() if verdict.said_at else None,
                "stamped_at": verdict.stamped_at.isoformat() if verdict.stamped_at else None,
                "stamp_trusted": verdict.stamp_trusted,
                "intact": verdict.intact,
                "later": verdict.later.name.lower(),
                "since": verdict.since,
                "changes": list(verdict.changes),
                "trusted": verdict.trusted,
                "reason": verdict.distrust,
                "revocation": verdict.revocation.name.lower(),
                "remark": difference(verdict.names, organ) if not verdict.is_stamp else "",
            }
            for verdict in verdicts
        ],
    }


# ── an archive's package ─────────────────────────────────────────────────────────────────────────────


def _verified_package(options: Options) -> int:
    """Check a package back, a folder or a zip file."""
    from reportgen.archiving.package import check, opened

    path = options.file
    files = read_folder(path) if path.is_dir() else opened(read_bytes(path))
    verdict = check(files)
    signed = _signed_in(files, options) if options.root and verdict.good else {}
    if options.json:
        told = {**_package_as_json(path, verdict), "signatures": [each for each, _, _ in signed.values()]}
        print_as_json(told)
    else:
        print("\n".join(_package_told(path, verdict)))
        for _, words, _ in signed.values():
            print(words)
        if verdict.good and not signed:
            print(_UNSIGNED if options.root else _HOW)
    if not verdict.good:
        return Exit.FINDINGS
    codes = {code for _, _, code in signed.values()}
    return next((code for code in (Exit.FINDINGS, Exit.UNCHECKED) if code in codes), Exit.OK)


_UNSIGNED = "归档包里没有签过名的 PDF，根证书没有用上。"
_HOW = "PDF 上的签名也要核对的，请再加 --root 发证机构的根证书.pem。"


def _signed_in(
    files: Mapping[str, bytes], options: Options
) -> dict[str, tuple[dict[str, object], str, Exit]]:
    """The signed PDFs of a package by name: what JSON says of each, what the screen says, and a code."""
    from reportgen.signing import missing

    if sentence := missing():
        raise ToolMissing(sentence)
    from reportgen.signing import verifying
    from reportgen.signing.verdicts import in_words, organ_of, state_of

    trust, found = _trust(options), {}
    for name in sorted(each for each in files if each.endswith(".pdf")):
        if verdicts := verifying.verify(files[name], trust=trust):
            organ, state = organ_of(files[name]), state_of(verdicts)
            told = _signatures_as_json(Path(name), verdicts, organ)
            lines = (f"{name}  {state.chinese}", *("\n".join(in_words(each, organ)) for each in verdicts))
            found[name] = (told, "\n".join(lines), _CODES.get(state, Exit.FINDINGS))
    return found


def _package_told(path: Path, verdict: "PackageVerdict") -> Iterator[str]:
    from reportgen.archiving.package import MANIFEST, counted

    if verdict.good:
        yield f"{path}  完好：{counted(verdict.names)}，都在；SHA-256 和 SM3 都与 {MANIFEST} 一致。"
        yield "要确认清单本身没有被换过，请与纸质《归档移交清单》上印的校验值对照。"
        return
    yield f"{path}  不完好"
    for word, names in (("缺少", verdict.missing), ("多出", verdict.extra), ("被改动", verdict.changed)):
        for name in names:
            yield f"{word}  {name}"
    if verdict.sheet:
        yield f"不符  {verdict.sheet}"


def _package_as_json(path: Path, verdict: "PackageVerdict") -> dict[str, object]:
    return {
        "file": str(path),
        "good": verdict.good,
        "failures": [],
        "files": list(verdict.names),
        "missing": list(verdict.missing),
        "extra": list(verdict.extra),
        "changed": list(verdict.changed),
        "sheet": verdict.sheet,
    }
