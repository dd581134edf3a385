"""``sign``: from the finished PDF to the signed one."""

import getpass
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reportgen.commands.options import contents, file, flag, option, revocations, roots, words
from reportgen.commands.usage import Options, Usage, command
from reportgen.paths import quoted
from reportgen.problems import Exit, FileTrouble, SigningRefused, ToolMissing
from reportgen.store.disk import read_bytes, stands, write_alone

if TYPE_CHECKING:
    # pyHanko takes over a second to import; only those who sign and verify shall wait for it.
    from reportgen.signing.credentials import Credentials

PASSWORD = "REPORTGEN_PASSWORD"
"""The variable that a program may give the password in; a person is asked for it."""


@command(
    "sign",
    "用数字证书给 PDF 签名",
    "reportgen sign 年报.pdf --p12 单位证书.p12",
    "reportgen sign 年报.pdf --pkcs11 驱动.dll --picture 印章.png",
)
@file("reportgen 生成的 PDF，或已经签过名的")
@option("--p12", metavar="文件", says="证书文件（.p12 .pfx），运行时问密码")
@option("--pkcs11", metavar="驱动", says="U 盾驱动的动态库（.dll .so）")
@words("--label", metavar="名称", says="U 盾里证书的名称（有几个时）")
@option("--out", metavar="文件", says="签好的 PDF；默认在文件名后加“（已签名）”")
@option("--picture", metavar="图片", says="印章图片，背景透明的 PNG 或 SVG，按实际大小显示")
@words("--organ", metavar="机关", says="签名里显示的机关，默认同年报")
@flag("--hidden", says="另加一个不显示的签名，如负责人签发")
@words("--field", metavar="名称", says="签在哪个空签名域，默认是盖章处的那个")
@words("--timestamp", metavar="网址", says="时间戳服务器；只有写了才会联网")
@roots("根证书（配合下面两项）")
@revocations("吊销列表，供以后验证")
@flag("--fetch-proofs", says="联网到证书里写的网址取吊销证明（OCSP 等），供以后验证")
@flag("--no-manifest", says="签别的程序做的 PDF")
def sign(options: Options) -> int:
    """Sign a PDF with a certificate.

    The file that is signed stays as it is; only to one that is signed already a signature may be added.
    """
    from reportgen.signing import missing

    if sentence := missing():
        raise ToolMissing(sentence)
    from reportgen.signing import filling
    from reportgen.signing.permission import ensure_permitted

    pdf = read_bytes(options.file)
    out = _target(options)
    manifest = _manifest(options)
    ensure_permitted(pdf, options.file.name, manifest)
    again = _is_same(out, options.file)
    if again:
        _ensure_signed(pdf, out)
    now = datetime.now().astimezone()
    wish = _wish(options, manifest, now)
    signed = filling.sign(pdf, _credentials(options), wish, now)
    write_alone(out, signed)
    print(f"原文件上再加了一个签名，原有的签名不变  {out}" if again else f"已签名  {out}")
    if differs := _difference(signed, options.organ or str((manifest or {}).get("organ", ""))):
        print(f"注意：{differs}")
    print(f"核对签名：reportgen verify {quoted(out)} --root 发证机构的根证书.pem")
    return Exit.OK


def _difference(signed: bytes, organ: str) -> str:
    """A sentence where the signer is not the report's organ; empty where it is."""
    from reportgen.signing.verdicts import difference, organ_of
    from reportgen.signing.verifying import verify as verified

    return difference(verified(signed)[-1].names, organ or organ_of(signed))


def _target(options: Options) -> Path:
    """Where the signed PDF goes; another file that is already there is never overwritten."""
    from reportgen.signing import MARK

    file: Path = options.file
    own = file if file.stem.endswith(MARK) else file.with_stem(file.stem + MARK)
    out: Path = options.out or own
    if out.suffix.lower() != ".pdf":
        raise Usage(f"签好的是 PDF，--out 的文件名要以 .pdf 结尾，例如 {out.with_suffix('.pdf').name}。")
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


def _manifest(options: Options) -> dict[str, Any] | None:
    from reportgen.store.manifest import LARGEST, understood
    from reportgen.store.storing import MANIFEST

    path = options.file.absolute().parent / MANIFEST
    if options.no_manifest:
        return None
    if not path.exists():
        raise SigningRefused(
            f"没有签名：{options.file} 旁边没有 {MANIFEST}，不知道它是不是检查过的年报。"
            f"请签 outputs 文件夹里的 PDF；别的程序做的 PDF，请加 --no-manifest。"
        )
    said = understood(read_bytes(path, LARGEST))
    if said is not None:
        return said
    raise SigningRefused(f"没有签名：{path} 已经损坏，不能核对 PDF。请重新生成年报。")


def _wish(options: Options, manifest: dict[str, Any] | None, now: datetime) -> Any:
    from reportgen.signing.appearance import Appearance
    from reportgen.signing.filling import Proofs, Wish

    if (options.crl or options.fetch_proofs) and not (options.timestamp and options.root):
        raise Usage("--crl 和 --fetch-proofs 要和 --timestamp、--root 一起用。")
    day = f"{now.year}年{now.month}月{now.day}日"
    organ = options.organ or str((manifest or {}).get("organ", ""))
    picture = read_bytes(options.picture) if options.picture else b""
    return Wish(
        Appearance(organ, day, picture, _font()),
        into=options.field,
        hidden=options.hidden,
        stamp_server=options.timestamp,
        proofs=Proofs(contents(options.root), contents(options.crl), options.fetch_proofs),
    )


def _font() -> bytes:
    """The font for the words in the ring; none where the free fonts are not installed."""
    from reportgen.makers.pdf_libreoffice.fonts import font_file

    found = font_file("FandolHei-Regular.otf")
    return read_bytes(found) if found else b""


def _credentials(options: Options) -> "Credentials":
    from reportgen.signing.credentials import KeyFile, Token

    if bool(options.p12) == bool(options.pkcs11):
        raise Usage("请用 --p12 给出证书文件，或用 --pkcs11 给出 U 盾的驱动文件，二者选一。")
    if options.pkcs11:
        return Token(str(options.pkcs11), _password("U 盾的密码"), options.label)
    content = read_bytes(options.p12)
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
