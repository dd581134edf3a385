"""Signing and verifying with certificates of the tests' own and a real time-stamp server."""

import io
import random
import re
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pikepdf
import pypdfium2
import pytest
from cryptography.hazmat.primitives.serialization import pkcs12
from PIL import Image, ImageDraw
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.signers import PdfSignatureMetadata, SimpleSigner, sign_pdf
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

from authority import NOW, PASSWORD, Authority, Issued, stamp_server, state_server
from made import drawn, pdf_of, plainly_finished, text_of
from reportgen.makers.pdf_libreoffice.fonts import font_file
from reportgen.problems import Exit, Failure, FileTrouble, SigningRefused
from reportgen.signing.appearance import Appearance
from reportgen.signing.credentials import KeyFile
from reportgen.signing.field import find_place
from reportgen.signing.filling import Proofs, Wish, sign
from reportgen.signing.seal_place import MM, Signing
from reportgen.signing.trusting import Trust, certificate
from reportgen.signing.verdicts import Later, Revocation, State, Verdict, in_words
from reportgen.signing.verifying import verify
from seals import seal_svg

pytestmark = pytest.mark.office

ORGAN = "甲县乙镇人民政府"
SHOWN = Appearance(ORGAN, "2026年1月18日")


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture(scope="module")
def organ(authority: Authority) -> Issued:
    return authority.issue(ORGAN, rsa_key=True)


@pytest.fixture(scope="module")
def leader(authority: Authority) -> Issued:
    return authority.issue("李镇长")


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return pdf_of(text_of())


@pytest.fixture(scope="module")
def signed(pdf: bytes, organ: Issued) -> bytes:
    return signed_by(organ, pdf)


@pytest.fixture(scope="module")
def server(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with stamp_server(authority, tmp_path_factory.mktemp("tsa")) as address:
        yield address


def signed_by(who: Issued, pdf: bytes, wish: Wish | None = None) -> bytes:
    """The PDF with a signature of somebody."""
    return sign(pdf, KeyFile(who.p12(), PASSWORD), wish or Wish(SHOWN), NOW)


def refused(pdf: bytes, file: KeyFile, wish: Wish | None = None) -> str:
    """The sentence with which a signature is refused."""
    with pytest.raises(SigningRefused) as caught:
        sign(pdf, file, wish or Wish(SHOWN), NOW)
    assert caught.value.exit_code is Exit.SIGNING
    said = str(caught.value)
    assert said.startswith("没有签名：")
    assert "\n" not in said
    return said


def only(verdicts: tuple[Verdict, ...]) -> Verdict:
    """The one verdict."""
    (verdict,) = verdicts
    return verdict


# ── who, when, whole, trusted ────────────────────────────────────────────────────────────────────────


def test_a_signature_covers_the_whole_file_and_names_its_signer(signed: bytes, authority: Authority) -> None:
    verdict = only(verify(signed, [authority.root.pem]))
    assert (verdict.signer, verdict.issuer, verdict.field) == (ORGAN, "测试根证书", "Seal")
    assert (verdict.good, verdict.intact, verdict.later, verdict.trusted) == (True, True, Later.NOTHING, True)
    assert verdict.said_at is not None
    assert NOW <= verdict.said_at <= datetime.now(UTC)
    assert verdict.stamped_at is None


def test_signing_only_appends(pdf: bytes, signed: bytes) -> None:
    assert signed.startswith(pdf)
    with pikepdf.open(io.BytesIO(signed), attempt_recovery=False) as document:
        assert document.check_pdf_syntax() == []
        assert document.open_metadata().pdfa_status == "2B"
        assert document.Root.AcroForm.Fields[0].V.SubFilter == "/ETSI.CAdES.detached"


def test_without_a_root_the_signers_identity_is_left_open(signed: bytes) -> None:
    verdict = only(verify(signed))
    assert (verdict.state, verdict.trusted, verdict.good) == (State.WHOLE, None, False)
    told = list(in_words(verdict))
    assert told[0].startswith("内容完好，身份未核对  签名")
    assert "要核对，请用 --root" in "\n".join(told)


def test_a_root_may_be_given_as_der(signed: bytes, authority: Authority) -> None:
    from cryptography.hazmat.primitives.serialization import Encoding

    assert only(verify(signed, [authority.root.certificate.public_bytes(Encoding.DER)])).trusted


def test_another_root_does_not_vouch_for_the_signer(signed: bytes) -> None:
    verdict = only(verify(signed, [Authority("别的根证书").root.pem]))
    assert (verdict.good, verdict.intact, verdict.trusted) == (False, True, False)
    assert "不是由给出的根证书签发" in "\n".join(in_words(verdict))


def test_what_is_no_root_is_told(signed: bytes) -> None:
    with pytest.raises(FileTrouble, match="不是证书"):
        verify(signed, [b"hello"])


def test_an_unsigned_pdf_has_no_verdicts(pdf: bytes) -> None:
    assert verify(pdf) == ()


def test_what_is_no_pdf_cannot_be_verified() -> None:
    with pytest.raises(FileTrouble, match="不是能打开的 PDF"):
        verify(b"PK\x03\x04")


def test_first_the_leader_then_the_organ(
    pdf: bytes, leader: Issued, organ: Issued, authority: Authority
) -> None:
    approved = signed_by(leader, pdf, Wish(SHOWN, hidden=True))
    both = signed_by(organ, approved)
    assert both.startswith(approved)
    first, second = verify(both, [authority.root.pem])
    assert (first.signer, first.later, first.good) == ("李镇长", Later.SIGNATURES, True)
    assert (second.signer, second.later, second.good) == (ORGAN, Later.NOTHING, True)


def test_two_leaders_may_approve(pdf: bytes, leader: Issued, organ: Issued) -> None:
    once = signed_by(leader, pdf, Wish(SHOWN, hidden=True))
    twice = signed_by(organ, once, Wish(SHOWN, hidden=True))
    assert [verdict.field for verdict in verify(twice)] == ["Approval1", "Approval2"]


# ── time stamps and long-term proofs ─────────────────────────────────────────────────────────────────


def test_a_time_stamp_proves_when(pdf: bytes, organ: Issued, server: str, authority: Authority) -> None:
    stamped = signed_by(organ, pdf, Wish(SHOWN, stamp_server=server))
    verdict = only(verify(stamped, [authority.root.pem]))
    assert verdict.good
    assert verdict.stamped_at is not None
    assert NOW <= verdict.stamped_at <= datetime.now(UTC)
    assert "时间戳：" in "\n".join(in_words(verdict))


def test_a_time_stamp_that_no_given_root_vouches_for_proves_nothing(
    pdf: bytes, organ: Issued, authority: Authority, tmp_path: Path
) -> None:
    with stamp_server(Authority("别的机构"), tmp_path) as address:
        stamped = signed_by(organ, pdf, Wish(SHOWN, stamp_server=address))
    told = "\n".join(in_words(only(verify(stamped, [authority.root.pem]))))
    assert "时间戳的证书不能由给出的根证书证明，这个时间不可信" in told
    assert "不可信" not in "\n".join(in_words(only(verify(stamped))))


def test_of_a_signer_taken_for_a_root_nobody_has_said_that_it_is_not_revoked(
    signed: bytes, organ: Issued
) -> None:
    verdict = only(verify(signed, [organ.pem]))
    assert (verdict.trusted, verdict.revocation) == (True, Revocation.UNASKED)


def test_with_a_time_stamp_a_signature_outlives_its_certificate(
    pdf: bytes, authority: Authority, server: str
) -> None:
    short, later = authority.issue(ORGAN, days=(-30, 1)), NOW + timedelta(days=2)
    plain, stamped = (signed_by(short, pdf, Wish(SHOWN, stamp_server=each)) for each in ("", server))
    assert all(only(verify(each, [authority.root.pem])).good for each in (plain, stamped))
    trust = Trust((authority.root.pem,), now=later)
    assert only(verify(stamped, trust=trust)).good
    verdict = only(verify(plain, trust=trust))
    assert (verdict.good, verdict.intact) == (False, True)
    assert "过期" in verdict.distrust


def test_proofs_for_the_long_term_are_embedded(
    pdf: bytes, organ: Issued, server: str, authority: Authority
) -> None:
    proofs = Proofs((authority.root.pem,), (authority.revocation_list(),))
    lasting = signed_by(organ, pdf, Wish(SHOWN, stamp_server=server, proofs=proofs))
    verdict = only(verify(lasting, [authority.root.pem]))
    assert (verdict.good, verdict.later) == (True, Later.NOTHING)
    with pikepdf.open(io.BytesIO(lasting)) as document:
        assert len(document.Root.DSS.CRLs) == 1
        assert len(document.Root.DSS.Certs) >= 2


def test_a_revoked_certificate_does_not_get_long_term_proofs(
    pdf: bytes, organ: Issued, server: str, authority: Authority
) -> None:
    proofs = Proofs((authority.root.pem,), (authority.revocation_list(organ),))
    said = refused(pdf, KeyFile(organ.p12(), PASSWORD), Wish(SHOWN, stamp_server=server, proofs=proofs))
    assert "长期验证的资料不全" in said


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[tuple[Authority, Wish, set[int]]]:
    """An authority whose certificates can be asked for, a wish to do so, and what is revoked."""
    authority = Authority()
    with state_server(authority) as (address, revoked):
        authority.responder = address
        with stamp_server(authority, tmp_path) as stamps:
            proofs = Proofs((authority.root.pem,), fetched=True)
            yield authority, Wish(SHOWN, stamp_server=stamps, proofs=proofs), revoked


def test_proofs_are_fetched_where_certificates_say(
    pdf: bytes, asked: tuple[Authority, Wish, set[int]]
) -> None:
    authority, wish, _ = asked
    lasting = signed_by(authority.issue(ORGAN), pdf, wish)
    verdict = only(verify(lasting, [authority.root.pem]))
    assert (verdict.good, verdict.later) == (True, Later.NOTHING)
    with pikepdf.open(io.BytesIO(lasting)) as document:
        assert len(document.Root.DSS.OCSPs) == 2  # the organ's and the time-stamp server's
        assert len(document.Root.DSS.Certs) >= 2
        assert document.open_metadata().pdfa_status == "2B"


def test_where_states_cannot_be_asked_for_a_list_is_fetched(
    pdf: bytes, asked: tuple[Authority, Wish, set[int]]
) -> None:
    authority, wish, _ = asked
    authority.list_at, authority.responder = authority.responder, ""
    lasting = signed_by(authority.issue(ORGAN), pdf, wish)
    assert only(verify(lasting, [authority.root.pem])).good
    with pikepdf.open(io.BytesIO(lasting)) as document:
        assert (len(document.Root.DSS.OCSPs), len(document.Root.DSS.CRLs)) == (1, 1)


def test_a_certificate_that_is_told_to_be_revoked_does_not_sign(
    pdf: bytes, asked: tuple[Authority, Wish, set[int]]
) -> None:
    authority, wish, revoked = asked
    organ = authority.issue(ORGAN)
    revoked.add(organ.certificate.serial_number)
    assert "证书已被吊销" in refused(pdf, KeyFile(organ.p12(), PASSWORD), wish)


def test_proofs_that_cannot_be_fetched_are_told(pdf: bytes, asked: tuple[Authority, Wish, set[int]]) -> None:
    authority, wish, _ = asked
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        authority.responder = f"http://127.0.0.1:{unused.getsockname()[1]}/ocsp"
    said = refused(pdf, KeyFile(authority.issue(ORGAN).p12(), PASSWORD), wish)
    assert "长期验证的资料不全" in said
    assert "网络" in said


def test_nobody_is_asked_unless_told(pdf: bytes, asked: tuple[Authority, Wish, set[int]]) -> None:
    authority, wish, revoked = asked
    organ = authority.issue(ORGAN)
    revoked.add(organ.certificate.serial_number)
    assert only(verify(signed_by(organ, pdf, replace(wish, proofs=Proofs())), [authority.root.pem])).good


def test_a_list_of_another_authority_is_no_proof(
    pdf: bytes, organ: Issued, server: str, authority: Authority
) -> None:
    proofs = Proofs((authority.root.pem,), (Authority("别的").revocation_list(),))
    wish = Wish(SHOWN, stamp_server=server, proofs=proofs)
    assert "长期验证的资料不全" in refused(pdf, KeyFile(organ.p12(), PASSWORD), wish)


def test_an_unreachable_time_stamp_server_is_named(pdf: bytes, organ: Issued) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}/tsa"
    said = refused(pdf, KeyFile(organ.p12(), PASSWORD), Wish(SHOWN, stamp_server=address))
    assert address in said
    assert "检查地址和网络" in said


@pytest.mark.parametrize("kind", ["text/html", "application/timestamp-reply"])
def test_a_server_that_gives_no_time_stamp_is_named(pdf: bytes, organ: Issued, kind: str) -> None:
    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(b"<html>hello</html>")

        def log_message(self, *_: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Answers) as web:
        Thread(target=web.serve_forever).start()
        address = f"http://127.0.0.1:{web.server_port}/"
        said = refused(pdf, KeyFile(organ.p12(), PASSWORD), Wish(SHOWN, stamp_server=address))
        web.shutdown()
    assert address in said


@pytest.mark.parametrize("address", ["tsa.example", "ftp://127.0.0.1/tsa", "http://"])
def test_an_address_that_is_none_is_told(pdf: bytes, organ: Issued, address: str) -> None:
    assert address in refused(pdf, KeyFile(organ.p12(), PASSWORD), Wish(SHOWN, stamp_server=address))


# ── changed ──────────────────────────────────────────────────────────────────────────────────────────


def byte_range(pdf: bytes) -> list[int]:
    """What the last signature covers: begin and length of the bytes before it, and of those behind it."""
    return [int(each) for each in re.findall(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+)", pdf)[-1]]


def covered(pdf: bytes) -> list[int]:
    """Some places of bytes that the signature protects, its own data among them."""
    numbers = byte_range(pdf)
    chance = random.Random(4)
    before = [chance.randrange(10, numbers[1]) for _ in range(40)]
    after = [chance.randrange(numbers[2], len(pdf) - 8) for _ in range(10)]
    return [*before, *after, *(numbers[1] + each for each in (20, 400, 1500))]


def changed_at(pdf: bytes, at: int) -> bytes:
    """The PDF with one byte changed."""
    return pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :]


def noticed(pdf: bytes, at: int) -> bool:
    """Whether the verdict on a PDF with this byte changed is another than on the PDF."""
    try:
        verdicts = verify(changed_at(pdf, at))
    except FileTrouble:
        return True
    return not verdicts or not all(verdict.whole for verdict in verdicts)


def test_one_changed_byte_is_noticed(signed: bytes) -> None:
    assert [at for at in covered(signed) if not noticed(signed, at)] == []


@pytest.fixture(scope="module")
def signed_page(pdf: bytes, organ: Issued) -> bytes:
    """The last page alone, signed: judged in half the time of a whole report, by the same verdict."""
    held = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        del document.pages[:-1]
        for name in ("/StructTreeRoot", "/Outlines", "/OpenAction"):
            if name in document.Root:
                del document.Root[name]
        document.save(held)
    made = signed_by(organ, held.getvalue())
    assert only(verify(made)).whole
    return made


@pytest.mark.slow
@pytest.mark.parametrize("share", range(4))
def test_each_of_a_thousand_changed_bytes_is_noticed(signed_page: bytes, share: int) -> None:
    begin, gap, end, length = byte_range(signed_page)
    signature = len(signed_page[gap + 1 : end - 1].rstrip(b"0"))
    places = [
        *range(begin + 10, gap, gap // 420),
        *range(gap - 50, gap),  # where the signature begins
        *range(gap + 1 + signature - 300, gap + signature),  # the end of its data: what the key has signed
        *range(end, end + length - 8, 2),
    ]
    mine = places[share::4]
    assert len(places) >= 1000 and len(set(mine)) == len(mine) >= 250
    assert [at for at in mine if not noticed(signed_page, at)] == []


def test_bytes_hung_behind_the_end_are_noticed(signed: bytes) -> None:
    end = signed[signed.rindex(b"startxref") :]
    for tail in (b"more", b"more\n" + end):
        assert not any(verdict.whole for verdict in verify(signed + tail)), tail
    with pytest.raises(FileTrouble):
        verify(signed + b"%%EOF\n")


def test_a_changed_signature_tells_so_in_chinese(signed: bytes) -> None:
    verdict = only(verify(changed_at(signed, 5000)))
    assert not verdict.intact
    told = list(in_words(verdict))
    assert told[0].startswith("无效")
    assert any("被改动过" in line for line in told)


def test_of_changed_contents_nothing_is_said_about_the_certificate(
    signed: bytes, authority: Authority
) -> None:
    verdict = only(verify(changed_at(signed, 5000), [authority.root.pem]))
    assert (verdict.intact, verdict.trusted) == (False, None)
    told = "\n".join(in_words(verdict))
    assert "给出的根证书" not in told
    assert "身份：内容已被改动" in told


def test_a_later_update_that_is_no_signature_is_noticed(signed: bytes) -> None:
    verdict = only(verify(with_note(signed)))
    assert (verdict.intact, verdict.later, verdict.whole) == (True, Later.CHANGED, False)
    assert {"第 1 页加了批注", "第 1 页与签名时不同"} <= set(verdict.changes)
    told = list(in_words(verdict))
    assert {
        "    内容：签名之后文件被改动过",
        "        第 1 页加了批注",
        "        第 1 页与签名时不同",
    } <= set(told)


def test_an_update_that_cannot_be_seen_is_told_as_that(signed: bytes) -> None:
    writer: Any = IncrementalPdfFileWriter(io.BytesIO(signed))
    made: Any = generic
    writer.root["/PageMode"] = made.pdf_name("/UseOutlines")
    writer.update_root()
    out = io.BytesIO()
    writer.write(out)
    verdict = only(verify(out.getvalue()))
    assert verdict.later is Later.CHANGED
    assert {"打开时的显示方式变了", "各页看上去没有变化，改的是看不见的部分"} <= set(verdict.changes)


def test_a_page_put_in_after_signing_is_told(signed: bytes) -> None:
    writer: Any = IncrementalPdfFileWriter(io.BytesIO(signed))
    made: Any = generic
    page = made.DictionaryObject({made.pdf_name("/Type"): made.pdf_name("/Page")})
    page["/MediaBox"] = made.ArrayObject([made.NumberObject(each) for each in (0, 0, 595, 842)])
    writer.insert_page(page)
    out = io.BytesIO()
    writer.write(out)
    verdict = only(verify(out.getvalue()))
    assert verdict.later is Later.CHANGED
    pages = len(PdfFileReader(io.BytesIO(signed)).root["/Pages"]["/Kids"])
    assert f"签名时有 {pages} 页，现在有 {pages + 1} 页" in verdict.changes


def with_note(pdf: bytes) -> bytes:
    """The PDF with a reader's note on page one, as an update that leaves all bytes before it."""
    writer: Any = IncrementalPdfFileWriter(io.BytesIO(pdf))
    made: Any = generic
    note = {"/Type": made.pdf_name("/Annot"), "/Subtype": made.pdf_name("/Text")}
    note["/Rect"] = made.ArrayObject([made.NumberObject(each) for each in (9, 9, 50, 50)])
    named = {made.pdf_name(name): value for name, value in note.items()}
    page = writer.find_page_for_modification(0)[0]
    writer.register_annotation(page, writer.add_object(made.DictionaryObject(named)))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_nothing_is_signed_on_top_of_a_broken_signature(signed: bytes, leader: Issued) -> None:
    said = refused(changed_at(signed, 5000), KeyFile(leader.p12(), PASSWORD), Wish(SHOWN, hidden=True))
    assert "已经失效" in said


def test_poppler_calls_it_valid_and_notices_a_changed_byte(
    pdf: bytes, leader: Issued, organ: Issued, server: str, tmp_path: Path
) -> None:
    both = signed_by(
        organ, signed_by(leader, pdf, Wish(SHOWN, hidden=True)), Wish(SHOWN, stamp_server=server)
    )
    assert poppler(both, tmp_path).count("Signature is Valid") == 2
    assert "Total document signed" in poppler(both, tmp_path)
    assert "Digest Mismatch" in poppler(changed_at(both, 5000), tmp_path)


def test_poppler_trusts_the_signer_by_the_root(signed: bytes, authority: Authority, tmp_path: Path) -> None:
    (tmp_path / "root.pem").write_bytes(authority.root.pem)
    for command in (
        ["-N", "--empty-password"],
        ["-A", "-n", "root", "-t", "CT,C,C", "-a", "-i", str(tmp_path / "root.pem")],
    ):
        subprocess.run(["certutil", *command, "-d", f"sql:{tmp_path}"], check=True)
    assert "Certificate is Trusted" in poppler(signed, tmp_path, "-nssdir", f"sql:{tmp_path}")


def poppler(pdf: bytes, folder: Path, *options: str) -> str:
    """What pdfsig says of a PDF."""
    (folder / "a.pdf").write_bytes(pdf)
    command = ["pdfsig", *(options or ["-nocert"]), str(folder / "a.pdf")]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def test_pyhankos_own_validator_with_its_own_rules_says_the_same(
    pdf: bytes, authority: Authority, server: str
) -> None:
    # Its rules are stricter than ours: a certificate for non-repudiation.
    leader, organ = (authority.issue(name, usage="content_commitment") for name in ("李镇长", ORGAN))
    approved = signed_by(leader, pdf, Wish(SHOWN, hidden=True, stamp_server=server))
    both = signed_by(organ, approved)
    assert [status.bottom_line for status in pyhanko_of(both, authority)] == [True, True]
    for at in (len(pdf) // 2, len(pdf) + 100):
        assert not any(status.bottom_line for status in pyhanko_of(changed_at(both, at), authority)), at


def pyhanko_of(pdf: bytes, authority: Authority) -> list[PdfSignatureStatus]:
    """What pyHanko says of each signature."""
    trusted = ValidationContext(trust_roots=[certificate(authority.root.pem)])
    signatures = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    return [validate_pdf_signature(each, trusted, trusted) for each in signatures]


def test_qpdf_finds_nothing_wrong_after_two_signatures(pdf: bytes, leader: Issued, organ: Issued) -> None:
    both = signed_by(organ, signed_by(leader, pdf, Wish(SHOWN, hidden=True)), Wish(SHOWN))
    with pikepdf.open(io.BytesIO(both)) as document:
        assert document.check_pdf_syntax() == []


# ── certificates that must not be used ───────────────────────────────────────────────────────────────


def test_a_wrong_password_is_told(pdf: bytes, organ: Issued) -> None:
    assert "密码不对" in refused(pdf, KeyFile(organ.p12(), "错的"))


@pytest.mark.parametrize(
    ("days", "words"), [((-400, -30), "过期"), ((30, 400), "才生效")], ids=["expired", "not yet"]
)
def test_a_certificate_is_used_in_its_time_only(
    pdf: bytes, authority: Authority, days: tuple[int, int], words: str
) -> None:
    said = refused(pdf, KeyFile(authority.issue(ORGAN, days).p12(), PASSWORD))
    assert words in said
    assert re.search(r"\d{4}年\d\d月\d\d日", said)


def test_a_certificate_for_encryption_does_not_sign(pdf: bytes, authority: Authority) -> None:
    other = authority.issue(ORGAN, usage="key_encipherment")
    assert "不是签名用的" in refused(pdf, KeyFile(other.p12(), PASSWORD))


def test_a_certificate_for_non_repudiation_signs(pdf: bytes, authority: Authority) -> None:
    other = authority.issue(ORGAN, usage="content_commitment")
    assert only(verify(signed_by(other, pdf), [authority.root.pem])).good


def test_what_is_no_key_file_is_told(pdf: bytes) -> None:
    assert "不是能用的证书文件" in refused(pdf, KeyFile(b"hello", ""))


def test_a_file_without_a_key_is_told(pdf: bytes, organ: Issued) -> None:
    from cryptography.hazmat.primitives.serialization import NoEncryption

    bare = pkcs12.serialize_key_and_certificates(None, None, None, [organ.certificate], NoEncryption())
    assert "没有证书或私钥" in refused(pdf, KeyFile(bare, ""))


# ── where and how it is shown ────────────────────────────────────────────────────────────────────────


def test_a_pdf_signed_already_by_another_program_is_told(pdf: bytes, leader: Issued) -> None:
    other = SimpleSigner.load_pkcs12_data(leader.p12(), (), PASSWORD.encode())
    elsewhere = sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(pdf)), PdfSignatureMetadata(field_name="Seal"), signer=other
    ).getvalue()
    said = refused(elsewhere, KeyFile(leader.p12(), PASSWORD))
    assert "已由 李镇长 签名" in said
    assert "--hidden" in said
    assert len(verify(signed_by(leader, elsewhere, Wish(SHOWN, hidden=True)))) == 2


def test_a_pdf_without_a_field_gets_one_at_the_place_of_the_seal(organ: Issued) -> None:
    bare = plainly_finished(drawn(text_of()))
    with pikepdf.open(io.BytesIO(bare)) as document:
        assert "/AcroForm" not in document.Root
    signed = signed_by(organ, bare)
    place = find_place(bare, Signing(ORGAN)).place
    assert place is not None
    with pikepdf.open(io.BytesIO(signed)) as document:
        box = [float(side) for side in document.Root.AcroForm.Fields[0].Rect]
    assert box == pytest.approx([place.box.left, place.box.bottom, place.box.right, place.box.top], abs=0.1)


def test_a_pdf_without_a_place_for_the_seal_is_told(organ: Issued) -> None:
    out = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(out)
    said = refused(out.getvalue(), KeyFile(organ.p12(), PASSWORD))
    assert "成文日期" in said
    assert "--hidden" in said
    assert only(verify(signed_by(organ, out.getvalue(), Wish(SHOWN, hidden=True)))).whole


def test_an_unknown_field_is_told_with_the_free_ones(pdf: bytes, organ: Issued) -> None:
    said = refused(pdf, KeyFile(organ.p12(), PASSWORD), Wish(SHOWN, into="Stamp"))
    assert "Stamp" in said
    assert "Seal" in said
    assert only(verify(signed_by(organ, pdf, Wish(SHOWN, into="Seal")))).whole


def test_a_protected_pdf_is_told(pdf: bytes, organ: Issued) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.save(out, encryption=pikepdf.Encryption(owner="a", user=""))
    with pytest.raises(Failure, match="密码"):
        sign(out.getvalue(), KeyFile(organ.p12(), PASSWORD), Wish(SHOWN), NOW)


def seal(mode: str = "RGBA") -> bytes:
    """A picture of a seal: a red ring, 400 by 400."""
    image = Image.new(mode, (400, 400), (255, 255, 255, 0) if mode == "RGBA" else "white")
    ImageDraw.Draw(image).ellipse((4, 4, 395, 395), outline="red", width=12)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def test_the_picture_of_the_seal_is_shown_at_true_size(pdf: bytes, organ: Issued) -> None:
    signed = signed_by(organ, pdf, Wish(replace(SHOWN, picture=seal())))
    left, top, right, bottom = _red_part(signed)
    assert right - left == pytest.approx(42, abs=0.4)
    assert bottom - top == pytest.approx(42, abs=0.4)
    with pikepdf.open(io.BytesIO(signed), attempt_recovery=False) as document:
        assert document.check_pdf_syntax() == []


def test_a_seal_drawn_as_svg_is_shown_at_true_size(pdf: bytes, organ: Issued, authority: Authority) -> None:
    signed = signed_by(organ, pdf, Wish(replace(SHOWN, picture=seal_svg())))
    assert only(verify(signed, [authority.root.pem])).good
    left, top, right, bottom = _red_part(signed)
    assert right - left == pytest.approx(42, abs=0.4)
    assert bottom - top == pytest.approx(42, abs=0.4)
    place = find_place(pdf, Signing(ORGAN, level="乡镇政府")).place
    assert place is not None
    assert left == pytest.approx(place.box.left / MM, abs=0.4)
    with pikepdf.open(io.BytesIO(signed), attempt_recovery=False) as document:
        assert document.check_pdf_syntax() == []
        shown = document.Root.AcroForm.Fields[0].AP.N.Resources.XObject
        (image,) = shown.values()
        assert image.SMask.Width == image.Width == pytest.approx(42 / 25.4 * 600, abs=2)


@pytest.mark.parametrize("reader", ["pdfium", "poppler"])
def test_the_words_below_the_seal_stay_black(pdf: bytes, organ: Issued, reader: str, tmp_path: Path) -> None:
    signed = signed_by(organ, pdf, Wish(replace(SHOWN, picture=seal_svg())))
    before, after = (_black(_last_page(each, reader, tmp_path)) for each in (pdf, signed))
    assert before > 1000
    assert after == pytest.approx(before, rel=0.03)


def _black(page: Image.Image) -> int:
    """How many dots of a page are black."""
    return sum(page.convert("RGB").getchannel("R").histogram()[:100])


def _last_page(pdf: bytes, reader: str, folder: Path) -> Image.Image:
    if reader == "poppler":
        (folder / "a.pdf").write_bytes(pdf)
        subprocess.run(["pdftoppm", "-r", "216", "-png", folder / "a.pdf", folder / "page"], check=True)
        return Image.open(max(folder.glob("page*.png")))
    document = pypdfium2.PdfDocument(pdf)
    document.init_forms()
    image: Image.Image = document[len(document) - 1].render(scale=3).to_pil()
    document.close()
    return image


def test_without_a_picture_a_ring_is_shown(signed: bytes) -> None:
    left, _, right, _ = _red_part(signed)
    assert right - left == pytest.approx(42, abs=1)


def _red_part(pdf: bytes) -> list[float]:
    """The edges of what is red on the last page, in mm."""
    red, green, _ = _last_page(pdf, "pdfium", Path()).convert("RGB").split()
    from PIL import ImageChops

    box = ImageChops.subtract(red, green).point([0] * 100 + [255] * 156).getbbox()
    assert box
    return [side / 3 / MM for side in box]


@pytest.mark.parametrize(
    ("picture", "words"),
    [(seal("RGB"), "不透明"), (seal_svg("<text>章</text>"), "文字转曲"), (b"hello", "打不开")],
    ids=["opaque", "svg with words", "no picture"],
)
def test_a_picture_that_cannot_be_used_is_told(pdf: bytes, organ: Issued, picture: bytes, words: str) -> None:
    wish = Wish(replace(SHOWN, picture=picture))
    assert words in refused(pdf, KeyFile(organ.p12(), PASSWORD), wish)


def test_words_of_the_ring_are_drawn_with_a_font_and_not_embedded(pdf: bytes, organ: Issued) -> None:
    font = font_file("FandolHei-Regular.otf")
    assert font is not None
    bare, worded = (
        signed_by(organ, pdf, Wish(replace(SHOWN, font=each))) for each in (b"", font.read_bytes())
    )
    assert len(worded) > len(bare) + 2000
    assert worded.count(b"/FontFile") == bare.count(b"/FontFile")
    assert "字体文件打不开" in refused(
        pdf, KeyFile(organ.p12(), PASSWORD), Wish(replace(SHOWN, font=b"hello"))
    )
