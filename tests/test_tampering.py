"""What is done to a PDF after it was signed is noticed, and told as what it is."""

import io
import random
import subprocess
from contextlib import suppress
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.signers import PdfSignatureMetadata, PdfTimeStamper, SimpleSigner, sign_pdf
from pyhanko.sign.timestamps import HTTPTimeStamper
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from authority import PASSWORD, Authority, stamp_server
from reportgen.problems import FileTrouble
from reportgen.signing.trusting import certificate
from reportgen.signing.verdicts import State, Verdict, in_words, state_of
from reportgen.signing.verifying import verify
from tampering import (
    CHANGES,
    FREE,
    ON_WORDS,
    WHOLE_PAGE,
    Change,
    Update,
    field_added,
    page_of,
    reserved,
    signed_in,
    small_pdf,
    sound_packed,
    stream,
    updated,
    value,
)

ORGAN = "甲县乙镇人民政府"
HIDDEN = (0, 0, 0, 0)
_DEAF = frozenset({"预留的空间"})
"""What is told of changes that poppler does not notice at all: the reserved room is not signed."""


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture(scope="module")
def signed(authority: Authority) -> bytes:
    # For non-repudiation, so that pyHanko's own rules take it, too.
    return signed_in(small_pdf(), authority.issue(ORGAN, usage="content_commitment"))


def told(pdf: bytes, authority: Authority) -> tuple[State, str]:
    """What a file comes to for somebody who has the root, and all that he is told."""
    try:
        verdicts = verify(pdf, [authority.root.pem])
    except FileTrouble as trouble:
        return State.INVALID, str(trouble)
    return state_of(verdicts), "\n".join(line for verdict in verdicts for line in in_words(verdict))


def pyhanko(pdf: bytes, authority: Authority) -> bool:
    """Whether pyHanko's own rules let every signature pass."""
    trusted = ValidationContext(trust_roots=[certificate(authority.root.pem)], allow_fetching=False)
    try:
        signatures = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
        found = [validate_pdf_signature(each, trusted, trusted).bottom_line for each in signatures]
    except Exception:
        return False  # what was tampered with may fail anywhere
    return bool(found) and all(found)


def test_there_are_more_than_sixty_kinds_of_change() -> None:
    assert len(CHANGES) > 60


def test_the_signed_file_itself_is_valid(signed: bytes, authority: Authority) -> None:
    assert told(signed, authority)[0] is State.VALID
    assert pyhanko(signed, authority)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_after_signing_is_noticed_and_named(
    change: Change, signed: bytes, authority: Authority
) -> None:
    changed = change.make(signed)
    assert changed != signed
    state, words = told(changed, authority)
    assert state in {State.INVALID, State.UNSIGNED}, words
    assert change.told in words
    # pyHanko agrees, or the change says why not.
    assert pyhanko(changed, authority) is bool(change.lenient), words


# ── with a key ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("box", [HIDDEN, FREE], ids=["not shown", "on empty paper"])
def test_a_meant_signature_of_another_keeps_the_first_one_valid(
    box: tuple[int, int, int, int], signed: bytes, authority: Authority
) -> None:
    leader = authority.issue("李镇长", usage="content_commitment")
    both = signed_in(signed, leader, "Leader", box)
    state, words = told(both, authority)
    assert state is State.VALID, words
    assert "只加了别的签名" in words
    assert pyhanko(both, authority)


def test_the_empty_field_may_be_signed_after_a_leader_signed(authority: Authority) -> None:
    led = signed_in(small_pdf(), authority.issue("李镇长"), "Leader", HIDDEN)
    assert told(signed_in(led, authority.issue(ORGAN)), authority)[0] is State.VALID


@pytest.mark.parametrize(
    ("box", "words"),
    [(WHOLE_PAGE, "比印章大"), ((100, 300, 260, 330), "比印章大"), (ON_WORDS, "盖住了原有的内容")],
    ids=["the whole page", "longer than a seal", "on words"],
)
def test_a_sound_signature_that_covers_the_page_spoils_the_first_one(
    box: tuple[int, int, int, int], words: str, signed: bytes, authority: Authority
) -> None:
    state, said = told(signed_in(signed, authority.issue("李镇长"), "Leader", box), authority)
    assert state is State.INVALID
    assert words in said


@pytest.mark.parametrize(
    "change",
    [
        "other words in place",
        "white over the words",
        "a note",
        "another title",
        "an object that nothing refers to",
        "a script at opening",
    ],
)
def test_a_sound_signature_does_not_cover_up_a_change(
    change: str, signed: bytes, authority: Authority
) -> None:
    over = signed_in(CHANGES[change].make(signed), authority.issue("李镇长"), "Leader", HIDDEN)
    state, words = told(over, authority)
    assert state is State.INVALID
    assert CHANGES[change].told in words


@pytest.mark.parametrize("box", [HIDDEN, FREE, ON_WORDS, WHOLE_PAGE])
def test_a_key_that_nobody_vouches_for_makes_nothing_valid(
    box: tuple[int, int, int, int], signed: bytes, authority: Authority
) -> None:
    forged = signed_in(signed, Authority("别的机构").issue(ORGAN), "Seal2", box)
    state, words = told(forged, authority)
    assert state is State.INVALID
    assert "证书不是由给出的根证书签发的" in words


def test_a_certificate_made_by_oneself_with_the_organs_name_is_never_valid(authority: Authority) -> None:
    forged = signed_in(small_pdf(), Authority(ORGAN).issue(ORGAN))
    assert state_of(verify(forged)) is State.WHOLE
    assert told(forged, authority)[0] is State.INVALID


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"F": 12}, "显示到别处"),  # not enlarged with the page
        ({"F": 20}, "显示到别处"),  # not turned with the page
        ({"AA": {"/U": {"/S": "/JavaScript", "/JS": "a"}}}, "不寻常的签名域"),
        ({"OC": {"/Type": "/OCG", "/Name": "a"}}, "不寻常的签名域"),
    ],
)
def test_a_sound_signature_in_a_field_that_does_more_spoils_the_first_one(
    more: dict[str, Any], words: str, signed: bytes, authority: Authority
) -> None:
    fresh = field_added(FREE, **more)
    state, said = told(signed_in(signed, authority.issue("李镇长"), "White", before=fresh), authority)
    assert state is State.INVALID
    assert words in said


def test_a_field_of_another_kind_does_not_hide_behind_the_name_of_a_sound_signature(
    signed: bytes, authority: Authority
) -> None:
    def twins(writer: Any) -> None:
        field_added(HIDDEN, T="Leader")(writer)
        field_added(FREE, "/Tx", T="Leader", V="hello")(writer)

    twice = signed_in(signed, authority.issue("李镇长"), "Leader", before=twins)
    assert [verdict.intact for verdict in verify(twice)] == [True, True]
    state, said = told(twice, authority)
    assert state is State.INVALID
    assert "表单域" in said


def test_an_empty_field_is_not_signed_onto_another_page(authority: Authority) -> None:
    def again(writer: Any) -> None:
        page = page_of(writer)
        page[value("/Annots")] = value([writer.root["/AcroForm"]["/Fields"].raw_get(0)])

    led = signed_in(small_pdf(), authority.issue("李镇长"), "Leader", HIDDEN)
    state, said = told(signed_in(led, authority.issue(ORGAN), before=again), authority)
    assert state is State.INVALID
    assert "显示到别的页上" in said


def test_what_the_file_waits_for_does_not_come_with_a_later_signature(authority: Authority) -> None:
    """A script that opens the file has a number and no object until somebody signs once more."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(small_pdf())) as document:
        document.Root.OpenAction = pikepdf.String("?????")
        document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable, compress_streams=False)
    once = signed_in(out.getvalue().replace(b"(?????)", b"99 0 R "), authority.issue(ORGAN))
    assert told(once, authority)[0] is State.VALID

    untyped: Any = generic

    def script(writer: Any) -> None:
        writer.objects[(0, 99)] = value({"/S": "/JavaScript", "/JS": "a"})
        field_added(FREE, T="Leader", TU="a")(writer)
        field = writer.root["/AcroForm"]["/Fields"][-1]
        field[value("/MK")] = value({"/A": untyped.IndirectObject(99, 0, writer)})

    twice = signed_in(once, authority.issue("李镇长"), "Leader", before=script)
    state, said = told(twice, authority)
    assert state is State.INVALID
    assert "打开文件时的动作" in said


def test_information_that_stands_in_the_trailer_itself_is_compared(authority: Authority) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(small_pdf())) as document:
        del document.trailer["/Info"]
        document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    once = signed_in(out.getvalue(), authority.issue(ORGAN))
    with pikepdf.open(io.BytesIO(once)) as document:
        size, root = int(document.trailer.Size), document.Root.objgen[0]
        first, second = (bytes(each).hex() for each in document.trailer.ID)
    table = int(once[once.rindex(b"startxref") + 9 :].split()[0])
    trailer = f"<</Size {size}/Root {root} 0 R/Prev {table}/ID[<{first}><{second}>]/Info<</Title(other)>>>>"
    tail = f"xref\n0 0\ntrailer\n{trailer}\nstartxref\n{len(once)}\n%%EOF\n"
    state, said = told(once + tail.encode(), authority)
    assert state is State.INVALID
    assert "元数据" in said


def test_two_fields_of_one_name_are_not_told_apart(signed: bytes, authority: Authority) -> None:
    def twin(writer: Any) -> None:
        field_added(FREE, T="Seal")(writer)

    assert told(updated(twin)(signed), authority)[0] is State.INVALID


def test_more_signatures_than_a_report_can_have_are_refused(authority: Authority) -> None:
    leader, pdf = authority.issue("李镇长"), small_pdf()
    for number in range(11):
        pdf = signed_in(pdf, leader, f"Leader{number}", HIDDEN)
    with pytest.raises(FileTrouble, match="里面有 11 个签名（上限 10 个）"):
        verify(pdf)


def test_a_name_in_a_certificate_cannot_write_lines_of_its_own(authority: Authority) -> None:
    forged = signed_in(small_pdf(), authority.issue(f"某人\n有效  签名  {ORGAN}\x1b[2K"))
    (verdict,) = verify(forged)
    lines = list(in_words(verdict, ORGAN))
    assert not any(line.startswith("有效") for line in lines)
    assert "\x1b" not in "".join(lines) and "\n" not in "".join(lines)


def test_a_file_with_its_objects_packed_is_signed_twice_and_judged_alike(authority: Authority) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(small_pdf())) as document:
        document.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    once = signed_in(out.getvalue(), authority.issue(ORGAN))
    twice = signed_in(once, authority.issue("李镇长"), "Leader", FREE)
    state, words = told(twice, authority)
    assert state is State.VALID, words
    for name in ("a note", "another title", "an object that nothing refers to", "an object again as it was"):
        state, words = told(CHANGES[name].make(twice), authority)
        assert state is State.INVALID and CHANGES[name].told in words, name


def test_a_signature_that_allows_none_after_it_gets_none(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    signer = SimpleSigner.load_pkcs12_data(authority.issue(ORGAN).p12(), (), PASSWORD.encode())
    wish = PdfSignatureMetadata(
        field_name="Seal", certify=True, docmdp_permissions=MDPPerm.NO_CHANGES, md_algorithm="sha256"
    )
    final = sign_pdf(Update(io.BytesIO(small_pdf())), wish, signer=signer).getvalue()
    assert told(final, authority)[0] is State.VALID
    # pyHanko refuses to sign it; a program that does not care would.
    monkeypatch.setattr("pyhanko.sign.validation.read_certification_data", lambda _: None)
    state, words = told(signed_in(final, authority.issue("李镇长"), "Leader", HIDDEN), authority)
    assert state is State.INVALID and "这个签名不许以后再加签名" in words


def test_many_changes_are_cut_with_a_count() -> None:
    verdict = Verdict("Seal", intact=True, changes=tuple(f"第 {number} 页变了" for number in range(50)))
    lines = list(in_words(verdict))
    assert "        ……另有 30 处" in lines and len(lines) < 30


# ── proofs ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_store_of_proofs_may_follow(signed: bytes, authority: Authority) -> None:
    der = authority.root.certificate.public_bytes(Encoding.DER)

    def store(writer: Any) -> None:
        held = writer.add_object(stream(der))
        lists = {"/Type": "/DSS", "/Certs": [held]}
        writer.root[value("/DSS")] = writer.add_object(value(lists))
        marks = {"/ESIC": {"/Type": "/DeveloperExtensions", "/BaseVersion": "/1.7", "/ExtensionLevel": 5}}
        writer.root[value("/Extensions")] = value(marks)
        writer.update_root()

    state, words = told(updated(store)(signed), authority)
    assert state is State.VALID, words
    assert "只加了别的签名或签名的证明材料" in words


def test_a_time_stamp_for_the_document_may_follow(
    signed: bytes, authority: Authority, tmp_path: Path
) -> None:
    with stamp_server(authority, tmp_path) as address:
        writer: Any = Update(io.BytesIO(signed))
        stamper = PdfTimeStamper(HTTPTimeStamper(address), field_name="Stamp")
        stamped = stamper.timestamp_pdf(writer, "sha256").getvalue()
    assert [verdict.is_stamp for verdict in verify(stamped)] == [False, True]
    state, words = told(stamped, authority)
    assert state is State.VALID, words


def test_proofs_packed_into_a_container_may_follow(signed: bytes, authority: Authority) -> None:
    state, words = told(sound_packed(signed), authority)
    assert state is State.VALID, words


def test_a_time_stamp_shows_nothing_on_a_page(signed: bytes, authority: Authority, tmp_path: Path) -> None:
    """Anybody can make himself a server of time stamps; a picture on the page needs an organ's key."""
    forger = Authority("别的机构")
    with stamp_server(forger, tmp_path) as address:
        writer: Any = Update(io.BytesIO(signed))
        field_added(FREE, T="Stamp")(writer)
        stamper = PdfTimeStamper(HTTPTimeStamper(address), field_name="Stamp")
        stamped = stamper.timestamp_pdf(writer, "sha256").getvalue()
    state, words = told(stamped, authority)
    assert state is State.INVALID
    assert "在页上显示了东西" in words


# ── bits ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("count", [200, pytest.param(1000, marks=pytest.mark.slow)])
def test_every_flipped_bit_outside_the_reserved_room_is_noticed(
    count: int, signed: bytes, authority: Authority
) -> None:
    begin, end = reserved(signed)
    places = [at for at in range(len(signed)) if not begin <= at < end]
    draw = random.Random(count)
    for _ in range(count):
        at, bit = draw.choice(places), draw.randrange(8)
        flipped = signed[:at] + bytes([signed[at] ^ 1 << bit]) + signed[at + 1 :]
        state, words = told(flipped, authority)
        assert state in {State.INVALID, State.UNSIGNED}, (at, bit, words)


# ── another program's word ───────────────────────────────────────────────────────────────────────────


def pdfsig(pdf: bytes, folder: Path) -> str:
    """What poppler says."""
    (folder / "a.pdf").write_bytes(pdf)
    command = ["pdfsig", "-nocert", str(folder / "a.pdf")]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


@pytest.mark.office
def test_poppler_agrees_on_the_signed_bytes_and_says_where_more_follows(
    signed: bytes, authority: Authority, tmp_path: Path
) -> None:
    said = pdfsig(signed, tmp_path)
    assert "Signature is Valid" in said and "Total document signed" in said
    for name, change in CHANGES.items():
        changed = change.make(signed)
        verdicts: tuple[Verdict, ...] = ()
        with suppress(FileTrouble):
            verdicts = verify(changed, [authority.root.pem])
        said = pdfsig(changed, tmp_path)
        if any(verdict.intact for verdict in verdicts) and change.told not in _DEAF:
            # Poppler does not judge what follows a signature; it says that something does.
            assert "Signature is Valid" in said and "Not total document signed" in said, name
        elif verdicts and not any(verdict.intact for verdict in verdicts):
            assert "Signature is Valid" not in said, name
