"""Signing with a PKCS#11 token, which SoftHSM plays."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from authority import NOW, Authority
from made import pdf_of, text_of
from reportgen.problems import SigningRefused
from reportgen.signing.appearance import Appearance
from reportgen.signing.credentials import Token
from reportgen.signing.filling import Wish, sign
from reportgen.signing.verifying import verify

LIBRARIES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so")
LIBRARY = next((path for path in LIBRARIES if Path(path).exists()), "")
PIN = "123456"
pytestmark = pytest.mark.office


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture(scope="module")
def token(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The library of a token that holds the organ's certificate and key."""
    folder = tmp_path_factory.mktemp("token")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\n")
    before = os.environ.get("SOFTHSM2_CONF")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    command = ["softhsm2-util", "--init-token", "--free", "--label", "seal", "--pin", PIN, "--so-pin", PIN]
    subprocess.run(command, check=True, capture_output=True)
    _fill(authority)
    yield LIBRARY
    if before is None:
        del os.environ["SOFTHSM2_CONF"]
    else:
        os.environ["SOFTHSM2_CONF"] = before


def _fill(authority: Authority) -> None:
    import pkcs11
    from asn1crypto import pem
    from pkcs11.util.rsa import decode_rsa_private_key
    from pkcs11.util.x509 import decode_x509_certificate

    organ = authority.issue("甲县乙镇人民政府", rsa_key=True)
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    der = organ.key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    shared = {pkcs11.Attribute.LABEL: "organ", pkcs11.Attribute.ID: b"1", pkcs11.Attribute.TOKEN: True}
    with pkcs11.lib(LIBRARY).get_token(token_label="seal").open(rw=True, user_pin=PIN) as session:
        session.create_object({**decode_rsa_private_key(der), **shared})
        session.create_object({**decode_x509_certificate(pem.unarmor(organ.pem)[2]), **shared})


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return pdf_of(text_of())


def test_a_token_signs(pdf: bytes, token: str, authority: Authority) -> None:
    wish = Wish(Appearance("甲县乙镇人民政府", "2026年1月18日"))
    (verdict,) = verify(sign(pdf, Token(token, PIN), wish, NOW), [authority.root.pem])
    assert (verdict.signer, verdict.good, verdict.trusted) == ("甲县乙镇人民政府", True, True)


@pytest.mark.usefixtures("token")
@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (Token(LIBRARY, "000000"), "密码不对"),
        (Token(LIBRARY, PIN, "another"), "没有名为“another”的证书"),
        (Token("/nowhere/token.so", PIN), "^没有签名：驱动文件 /nowhere/token.so 用不了：文件不存在，"),
    ],
    ids=["pin", "label", "library"],
)
def test_what_is_wrong_with_a_token_is_told(pdf: bytes, wrong: Token, words: str) -> None:
    with pytest.raises(SigningRefused, match=words):
        sign(pdf, wrong, Wish(), NOW)
