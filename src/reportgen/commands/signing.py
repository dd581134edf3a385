"""``sign`` and ``verify``: from the finished PDF to the signed one."""

import getpass
import json
import os
import sys
from argparse import Namespace
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportgen.commands.options import Usage, read_pdf
from reportgen.commands.rooting import chosen_roots
from reportgen.paths import quoted
from reportgen.problems import Exit, Failure, FileTrouble, SigningRefused, ToolMissing
from reportgen.signing import MARK, missing
from reportgen.store import workspace
from reportgen.store.disk import stands
from reportgen.store.manifest import LARGEST, understood

if TYPE_CHECKING:
    # pyHanko takes over a second to import; only those who sign and verify shall wait for it.
    from reportgen.signing.credentials import Credentials
    from reportgen.signing.verdicts import Verdict

PASSWORD = "REPORTGEN_PASSWORD"
"""The variable that a program may give the password in; a person is asked for it."""


def sign(options: Namespace) -> int:
    """Sign a PDF with a certificate.

    The file that is signed stays as it is; only to one that is signed already a signature may be added.
    """
    _ensure_tools()
    from reportgen.signing import filling
    from reportgen.signing.permission import ensure_permitted

    pdf = workspace.read_bytes(options.file)
    out = _target(options)
    manifest = _manifest(options)
    ensure_permitted(pdf, options.file.name, manifest)
    again = _is_same(out, options.file)
    if again:
        _ensure_signed(pdf, out)
    now = datetime.now().astimezone()
    wish = _wish(options, manifest, now)
    signed = filling.sign(pdf, _credentials(options), wish, now)
    workspace.write_whole({out: signed})
    print(f"原文件上再加了一个签名，原有的签名不变  {out}" if again else f"已签名  {out}")
    if differs := _difference(signed, options.organ or str((manifest or {}).get("organ", ""))):
        print(f"注意：{differs}")
    print(f"核对签名：reportgen verify {quoted(out)} --root 发证机构的根证书.pem")
    return Exit.OK


def _difference(signed: bytes, organ: str) -> str:
    """What is to be told where the one who signed just now is not the report's organ."""
    from reportgen.signing.verdicts import difference, organ_of
    from reportgen.signing.verifying import verify as verified

    return difference(verified(signed)[-1].names, organ or organ_of(signed))


def _ensure_tools() -> None:
    if sentence := missing():
        raise ToolMissing(sentence)


def _target(options: Namespace) -> Path:
    """Where the signed PDF goes; another file that is already there is never overwritten."""
    file: Path = options.file
    own = file if file.stem.endswith(MARK) else file.with_stem(file.stem + MARK)
    out: Path = options.out or own
    if stands(out) and not _is_same(out, file):
        raise FileTrouble(f"{out} 已经存在，没有覆盖。请用 --out 换一个文件名，或先把它移走。")
    return out


def _is_same(out: Path, file: Path) -> bool:
    return out == file or (out.exists() and out.samefile(file))


def _ensure_signed(pdf: bytes, out: Path) -> None:
    """See that a file to be replaced has signatures, so that no unsigned original is lost."""
    from reportgen.signing import verifying

    if not verifying.verify(pdf):
        raise FileTrouble(f"{out} 就是要签名的原文件，它还没有签过名，没有覆盖。请用 --out 换一个文件名。")


def _manifest(options: Namespace) -> dict[str, Any] | None:
    path = options.file.absolute().parent / workspace.MANIFEST
    if options.no_manifest:
        return None
    if not path.exists():
        raise SigningRefused(
            f"没有签名：{options.file} 旁边没有 {workspace.MANIFEST}，不知道它是不是检查过的年报。"
            f"请签 outputs 文件夹里的 PDF；别的程序做的 PDF，请加 --no-manifest。"
        )
    said = understood(workspace.read_bytes(path, LARGEST))
    if said is not None:
        return said
    raise SigningRefused(f"没有签名：{path} 已经损坏，不能核对 PDF。请重新生成年报。")


def _wish(options: Namespace, manifest: dict[str, Any] | None, now: datetime) -> Any:
    from reportgen.signing.appearance import Appearance
    from reportgen.signing.filling import Proofs, Wish

    if (options.crl or options.fetch_proofs) and not (options.timestamp and options.root):
        raise Usage("--crl 和 --fetch-proofs 要和 --timestamp、--root 一起用。")
    day = f"{now.year}年{now.month}月{now.day}日"
    organ = options.organ or str((manifest or {}).get("organ", ""))
    picture = workspace.read_bytes(options.picture) if options.picture else b""
    return Wish(
        Appearance(organ, day, picture, _font()),
        into=options.field,
        hidden=options.hidden,
        stamp_server=options.timestamp,
        proofs=Proofs(_contents(options.root), _contents(options.crl), options.fetch_proofs),
    )


def _contents(paths: Iterable[Path]) -> tuple[bytes, ...]:
    return tuple(workspace.read_bytes(path) for path in paths)


def _font() -> bytes:
    """The font for the words in the ring; none where the free fonts are not installed."""
    from reportgen.makers.pdf_libreoffice.fonts import font_file

    found = font_file("FandolHei-Regular.otf")
    return workspace.read_bytes(found) if found else b""


def _credentials(options: Namespace) -> "Credentials":
    from reportgen.signing.credentials import KeyFile, Token

    if bool(options.p12) == bool(options.pkcs11):
        raise Usage("请用 --p12 给出证书文件，或用 --pkcs11 给出 U 盾的驱动文件，二者选一。")
    if options.pkcs11:
        return Token(str(options.pkcs11), _password("U 盾的密码"), options.label)
    content = workspace.read_bytes(options.p12)
    return KeyFile(content, _password(f"证书文件 {options.p12.name} 的密码"))


def _password(what: str) -> str:
    """From the environment, or typed unseen; never from the command line, which others can read."""
    given = os.environ.get(PASSWORD)
    if given is not None:
        return given
    if not sys.stdin.isatty():
        raise SigningRefused(f"没有签名：需要{what}。请在终端里运行，或用环境变量 {PASSWORD} 给出。")
    try:
        return getpass.getpass(f"请输入{what}（输入时不显示）：")
    except EOFError:
        raise SigningRefused(f"没有签名：没有输入{what}。请再运行一次。") from None


def verify(options: Namespace) -> int:
    """Say who signed, when, whether anything changed and whether the signers are to be trusted.

    A folder or a zip file is an archive's package.

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
        print(json.dumps(told, ensure_ascii=False, indent=2))
        return failure.exit_code


def _verified(options: Namespace) -> int:
    if options.file.is_dir() or options.file.suffix.lower() == ".zip":
        from reportgen.commands.archiving import verify_package

        return verify_package(options)
    _ensure_tools()
    from reportgen.signing import verifying
    from reportgen.signing.trusting import Trust
    from reportgen.signing.verdicts import in_words, organ_of, state_of

    pdf = read_pdf(options.file)
    trust = Trust(chosen_roots(options.root), _contents(options.crl), options.fetch_proofs)
    if trust.asks and not trust.roots:
        raise Usage("--crl 和 --fetch-proofs 要和 --root 一起用：没有根证书，就不知道吊销列表是不是真的。")
    verdicts = verifying.verify(pdf, trust=trust)
    organ = organ_of(pdf) if verdicts else ""
    state = state_of(verdicts)
    if options.json:
        print(json.dumps(_as_json(options.file, verdicts, organ), ensure_ascii=False, indent=2))
    elif not verdicts:
        print(f"{options.file}  没有签名", file=sys.stderr)
    else:
        print(f"{options.file}  {state.chinese}")
        for verdict in verdicts:
            print("\n".join(in_words(verdict, organ)))
    return {"valid": Exit.OK, "whole": Exit.UNCHECKED}.get(state, Exit.FINDINGS)


def _as_json(file: Path, verdicts: Sequence["Verdict"], organ: str) -> dict[str, object]:
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
