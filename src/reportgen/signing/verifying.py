"""Who signed a PDF, when, whether it is as it was signed, and whether the signer is to be trusted."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from asn1crypto import x509
from asn1crypto.parser import peek
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import (
    DocumentTimestampStatus,
    SignatureCoverageLevel,
    TimestampSignatureStatus,
)

from reportgen.problems import FileTrouble
from reportgen.signing.bounds import NO_PDF, TooLarge, ensure_bounded, reader_limits
from reportgen.signing.credentials import owner
from reportgen.signing.following import additions, end_of, forbidden
from reportgen.signing.trusting import Judge, Trust
from reportgen.signing.verdicts import Later, State, Verdict
from reportgen.signing.whose import plain

_DAMAGED = Verdict("", distrust="签名或文件的结构已经损坏")
_SIGNATURES = 10
"""Of one file; what each was made for is compared with the whole file."""
_WHOLE_FILE = SignatureCoverageLevel.ENTIRE_FILE


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
    verdicts = [_judged(each, judge) for each in signed.signatures]
    sound = signed.sound(verdicts)
    told = iter(additions(signed.pdf, signed.reader, sound, [end_of(each) for each in sound]))
    return (
        *(
            _since(verdict, signature, sound, next(told)) if verdict.intact else verdict
            for verdict, signature in zip(verdicts, signed.signatures, strict=True)
        ),
        *(Verdict(plain(name), distrust="签名的格式不认识") for name in signed.unknown),
    )


def _since(
    verdict: Verdict,
    signature: EmbeddedPdfSignature,
    sound: Sequence[EmbeddedPdfSignature],
    added: tuple[str, ...],
) -> Verdict:
    """A verdict with what came after it."""
    told = (*_stowed(signature), *forbidden(signature, sound), *added)
    if told:
        return replace(verdict, later=Later.CHANGED, changes=told)
    coverage: Any = signature.coverage
    return replace(verdict, later=Later.NOTHING if coverage is _WHOLE_FILE else Later.SIGNATURES)


@dataclass(frozen=True, slots=True)
class _Signed:
    """A PDF and its signatures: those that can be read, and the fields of those that cannot."""

    pdf: bytes
    reader: PdfFileReader
    signatures: Sequence[EmbeddedPdfSignature]
    unknown: tuple[str, ...] = ()

    def sound(self, verdicts: Sequence[Verdict]) -> list[EmbeddedPdfSignature]:
        """The signatures that hold by themselves, by the verdicts on all that can be read."""
        return [each for each, verdict in zip(self.signatures, verdicts, strict=False) if verdict.intact]


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
        fields = [(name, value) for name, value, _ in enumerate_sig_fields(reader)]
        filled = [name for name, value in fields if value is not None]
        if len(filled) > _SIGNATURES:
            raise TooLarge(f"没有打开这个 PDF：里面有 {len(filled)} 个签名（上限 {_SIGNATURES} 个）。")
        if len({name for name, _ in fields}) < len(fields):
            return None  # nobody could say which of them is meant
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
    known = Verdict(plain(signature.fq_name), is_stamp=str(signature.sig_object_type) == "/DocTimeStamp")
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
    names = tuple(plain(name) for name in _names(signed_with))
    return replace(known, signer=plain(owner(signed_with)), issuer=plain(issuer), serial=serial, names=names)


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


def _stowed(signature: EmbeddedPdfSignature) -> Iterator[str]:
    """What stands behind a signature's data in the room reserved for them, where only zeros belong."""
    content = bytes(signature.pkcs7_content)
    if content[peek(content) :].strip(b"\0"):
        yield "给签名预留的空间里夹带了别的数据"


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
    if signed is None or not signed.signatures:
        return False
    verdicts = verify(pdf)
    if any(verdict.state is State.INVALID for verdict in verdicts):
        return False
    return additions(pdf, signed.reader, signed.sound(verdicts), [len(before)]) == ((),)
