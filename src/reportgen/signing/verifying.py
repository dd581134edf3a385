"""Who signed a PDF, when, whether it is as it was signed, and whether the signer is to be trusted."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pikepdf
from asn1crypto import x509
from asn1crypto.parser import peek
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, enumerate_sig_fields
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import (
    DocumentTimestampStatus,
    SignatureCoverageLevel,
    TimestampSignatureStatus,
)

from reportgen.problems import FileTrouble
from reportgen.signing.bounds import NO_PDF, TooLarge, ensure_bounded, reader_limits
from reportgen.signing.changes import changes, written_again
from reportgen.signing.comparing import SAME, seen_changes
from reportgen.signing.credentials import owner
from reportgen.signing.trusting import Judge, Trust
from reportgen.signing.updates import updates_after
from reportgen.signing.verdicts import Later, State, Verdict

_DAMAGED = Verdict("", distrust="签名或文件的结构已经损坏")
_SIGNATURES = 50
"""Of one file; each is compared with the whole file."""


def verify(pdf: bytes, roots: Sequence[bytes] = (), trust: Trust | None = None) -> tuple[Verdict, ...]:
    """What is known of every signature, in the order of signing; none where the PDF is not signed.

    Args:
        pdf: the file.
        roots: certificates to trust, as PEM or DER.
        trust: the same with what is known to be revoked; in place of ``roots``.

    Raises:
        FileTrouble: this is no PDF or a PDF too large to be opened, or a root is no certificate.
    """
    signed = _opened(pdf)
    if signed is None:
        return (_DAMAGED,)
    judge = Judge.of(signed.reader, trust or Trust(tuple(roots)))
    verdicts = {each.fq_name: _judged(each, judge) for each in signed.signatures}
    told = [_since(signed, each, verdicts) for each in signed.signatures]
    return (*told, *(Verdict(name, distrust="签名的格式不认识") for name in signed.unknown))


@dataclass(frozen=True, slots=True)
class _Signed:
    """A PDF and its signatures: those that can be read, and the fields of those that cannot."""

    pdf: bytes
    reader: PdfFileReader
    signatures: Sequence[EmbeddedPdfSignature]
    unknown: tuple[str, ...] = field(default=())


def _opened(pdf: bytes) -> _Signed | None:
    """The file with its signatures; None where it is a PDF, but damaged.

    Raises:
        FileTrouble: this is no PDF, or one too large to be opened.
    """
    try:
        ensure_bounded(pdf)
    except TooLarge:
        raise
    except FileTrouble:
        _ensure_pdf(pdf)
        return None
    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=False, decode_limits=reader_limits())
        filled = [name for name, _, _ in enumerate_sig_fields(reader, filled_status=True)]
        if len(filled) > _SIGNATURES:
            raise TooLarge(f"没有打开这个 PDF：里面有 {len(filled)} 个签名（上限 {_SIGNATURES} 个）。")
        signatures = reader.embedded_signatures
    except TooLarge:
        raise
    except PdfError as error:
        raise FileTrouble(NO_PDF) from error
    except Exception:
        # Whoever changes bytes can break any parser, in ways that nobody has listed.
        return None
    read = {each.fq_name for each in signatures}
    return _Signed(pdf, reader, signatures, tuple(name for name in filled if name not in read))


def _ensure_pdf(pdf: bytes) -> None:
    """See that a damaged file is a PDF at all, with a table of objects that can be found."""
    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=False, decode_limits=reader_limits())
    except PdfError as error:
        raise FileTrouble(NO_PDF) from error
    except Exception:
        # As below: a damaged file may fail anywhere.
        return
    if reader.encrypted:
        raise FileTrouble(NO_PDF)


# ── by itself ────────────────────────────────────────────────────────────────────────────────────────


def _judged(signature: EmbeddedPdfSignature, judge: Judge) -> Verdict:
    known = Verdict(signature.field_name, is_stamp=str(signature.sig_object_type) == "/DocTimeStamp")
    try:
        known = _named(known, signature)
        return _told(known, signature, judge)
    except Exception:
        # As above: what was tampered with may fail anywhere.
        return replace(known, distrust="签名的数据已经损坏")


def _named(known: Verdict, signature: EmbeddedPdfSignature) -> Verdict:
    signed_with = signature.signer_cert
    issuer = str(signed_with.issuer.native.get("common_name", signed_with.issuer.human_friendly))
    serial = f"{signed_with.serial_number:X}"
    names = tuple(_names(signed_with))
    return replace(known, signer=owner(signed_with), issuer=issuer, serial=serial, names=names)


def _names(signed_with: x509.Certificate) -> Iterator[str]:
    """Every name of a person or an organ in a certificate."""
    subject: Mapping[str, object] = signed_with.subject.native
    for kind in ("common_name", "organization_name", "organizational_unit_name"):
        value = subject.get(kind, ())
        yield from (value,) if isinstance(value, str) else (str(each) for each in _many(value))


def _many(value: object) -> Sequence[object]:
    return value if isinstance(value, (list, tuple)) else ()


def _told(known: Verdict, signature: EmbeddedPdfSignature, judge: Judge) -> Verdict:
    identity = judge.identity(signature)
    status = identity.status
    intact = bool(status.intact and status.valid) and _spans(signature)
    trusted = bool(status.trusted) if judge.roots and intact else None
    stamp: TimestampSignatureStatus | None
    if isinstance(status, DocumentTimestampStatus):
        said, stamp = None, status
    else:
        said, stamp = status.signer_reported_dt, status.timestamp_validity
    if stamp is not None and not (stamp.valid and stamp.intact):
        stamp = None
    return replace(
        known,
        said_at=said,
        stamped_at=stamp.timestamp if stamp else None,
        stamp_trusted=bool(stamp.trusted) if stamp and judge.roots else None,
        intact=intact,
        trusted=trusted,
        revocation=identity.revocation,
        distrust=identity.distrust if trusted is False else "",
    )


def _spans(signature: EmbeddedPdfSignature) -> bool:
    """True if a signature leaves out its own data and nothing else of the file up to its end."""
    coverage: Any = signature.coverage
    if coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        return False
    start, left, begin, length = (int(each) for each in signature.byte_range)
    stream = signature.reader.stream
    stream.seek(left)
    gap = stream.read(begin - left)
    if start != 0 or length < 0 or gap[:1] != b"<" or gap[-1:] != b">":
        return False
    return bytes.fromhex(gap[1:-1].decode("ascii")) == bytes(signature.pkcs7_content)


def _end(signature: EmbeddedPdfSignature) -> int:
    """How many bytes of the file a signature speaks for, its own data among them."""
    _, _, begin, length = (int(each) for each in signature.byte_range)
    return begin + length


# ── what came later ──────────────────────────────────────────────────────────────────────────────────


def _since(signed: _Signed, signature: EmbeddedPdfSignature, verdicts: Mapping[str, Verdict]) -> Verdict:
    verdict = verdicts[signature.fq_name]
    if not verdict.intact:
        return verdict
    end = _end(signature)
    told = tuple(_stowed(signature))
    if end == len(signed.pdf):
        return replace(verdict, later=Later.CHANGED if told else Later.NOTHING, changes=told)
    told += (*_forbidden(signature, signed), *_added(signed, end, verdicts))
    return replace(verdict, later=Later.CHANGED if told else Later.SIGNATURES, changes=told)


def _stowed(signature: EmbeddedPdfSignature) -> Iterator[str]:
    """What stands behind a signature's data in the room reserved for them, where only zeros belong."""
    content = bytes(signature.pkcs7_content)
    if content[peek(content) :].strip(b"\0"):
        yield "给签名预留的空间里夹带了别的数据"


def _forbidden(signature: EmbeddedPdfSignature, signed: _Signed) -> Iterator[str]:
    """What came later although the signature itself forbids it."""
    end = _end(signature)
    later = [each for each in signed.signatures if _end(each) > end]
    lock = signature.fieldmdp
    if signature.docmdp_level is MDPPerm.NO_CHANGES or (
        lock is not None and any(lock.is_locked(each.fq_name) for each in later)
    ):
        yield "这个签名不许以后再加签名"


def _added(signed: _Signed, end: int, verdicts: Mapping[str, Verdict]) -> tuple[str, ...]:
    """What came after the first ``end`` bytes of a file and is no sound signature; empty for nothing."""
    meant = {each.fq_name for each in signed.signatures if _end(each) > end and verdicts[each.fq_name].intact}
    try:
        told = _compared(signed, end, meant)
    except Exception:
        # As above: what was tampered with may fail anywhere.
        told = ("文件的结构已经损坏",)
    return tuple(dict.fromkeys(told))


def _compared(signed: _Signed, end: int, meant: set[str]) -> tuple[str, ...]:
    pdf, before = signed.pdf, signed.pdf[:end]
    updates = updates_after(pdf, end, signed.reader)
    with (
        pikepdf.open(io.BytesIO(before), attempt_recovery=False) as old,
        pikepdf.open(io.BytesIO(pdf), attempt_recovery=False) as new,
    ):
        found = changes(old, new, meant, updates.containers)
        warned = len(new.get_warnings()) > len(old.get_warnings())
    told = (*updates.told, *found.told, *(("加的内容写得不合规定",) if warned else ()))
    told += _idle(signed, end)
    seen = seen_changes(before, pdf, found.shown)
    return (*told, *(seen or ((SAME + "，改的是看不见的部分",) if told else ())))


def _idle(signed: _Signed, end: int) -> tuple[str, ...]:
    """Whether something was written again after the last signature although it did not change."""
    last = max(end, *(_end(each) for each in signed.signatures))
    if last >= len(signed.pdf):
        return ()
    tail = updates_after(signed.pdf, last, signed.reader)
    with (
        pikepdf.open(io.BytesIO(signed.pdf[:last])) as old,
        pikepdf.open(io.BytesIO(signed.pdf)) as new,
    ):
        same = written_again(old, new, tail.numbers)
    return ("原有的内容没有变，但又写了一遍",) if same or (tail.count and not tail.numbers) else ()


def only_signatures_since(pdf: bytes, before: bytes) -> bool:
    """True if a PDF is another with nothing but sound signatures added; whose they are is not asked.

    Args:
        pdf: the file now.
        before: as it was, the beginning of the file.

    Raises:
        FileTrouble: this is no PDF, or one too large to be opened.
    """
    if pdf == before:
        return True
    signed = _opened(pdf)
    if signed is None or signed.unknown or not signed.signatures:
        return False
    verdicts = verify(pdf)
    if any(verdict.state is State.INVALID for verdict in verdicts):
        return False
    return not _added(signed, len(before), {verdict.field: verdict for verdict in verdicts})
