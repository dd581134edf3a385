"""Who signed a PDF, when, whether it is as it was signed, and whether the signer is to be trusted."""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from asn1crypto import pem, x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, DiffResult, ModificationLevel
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import DocumentTimestampStatus, PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from reportgen.problems import FileTrouble
from reportgen.signing.comparing import seen_changes
from reportgen.signing.credentials import owner
from reportgen.signing.verdicts import Later, Verdict

_NO_PDF = "这不是能打开的 PDF 文件：可能已经损坏，或者有打开密码。"
_DISTRUST = {
    "EXPIRED": "证书已过期，又没有时间戳证明签名在过期之前",
    "NOT_YET_VALID": "证书还没有生效",
    "REVOKED": "证书已被吊销",
    "REVOKED_NO_POE": "证书已被吊销",
    "REVOKED_CA_NO_POE": "发证机构的证书已被吊销",
    "NO_CERTIFICATE_CHAIN_FOUND": "证书不是由给出的根证书签发的",
    "CHAIN_CONSTRAINTS_FAILURE": "证书不是签名用的，或者不符合发证机构的限制",
    "OUT_OF_BOUNDS_NO_POE": "证书已过期，又没有时间戳证明签名在过期之前",
}
_SIGNING = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False)


def verify(pdf: bytes, roots: Sequence[bytes] = (), now: datetime | None = None) -> tuple[Verdict, ...]:
    """What is known of every signature, in the order of signing; none where the PDF is not signed.

    Args:
        pdf: the file.
        roots: certificates to trust, as PEM or DER.
        now: the time, with its zone, as of which certificates without a proved time are judged; that of the
            machine's clock if None.

    Raises:
        FileTrouble: this is no PDF, or a root is no certificate.
    """
    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=False)
        fields = {name for name, _, _ in enumerate_sig_fields(reader)}
        signatures = reader.embedded_signatures
    except PdfError as error:
        raise FileTrouble(_NO_PDF) from error
    except Exception:
        # Whoever changes bytes can break any parser, in ways that nobody has listed.
        return (Verdict("", distrust="签名或文件的结构已经损坏"),)
    trust = _Trust(reader, [certificate(root) for root in roots], now)
    verdicts = tuple(_judged(signature, trust, fields) for signature in signatures)
    if not _ends_where_it_says(pdf, reader.last_startxref or 0):
        return tuple(replace(verdict, later=Later.CHANGED) for verdict in verdicts)
    return tuple(
        replace(verdict, since=_seen_since(pdf, signature))
        if verdict.intact and verdict.later is Later.CHANGED
        else verdict
        for verdict, signature in zip(verdicts, signatures, strict=True)
    )


def _seen_since(pdf: bytes, signature: EmbeddedPdfSignature) -> str:
    _, _, begin, length = (int(each) for each in signature.byte_range)
    return seen_changes(pdf[: begin + length], pdf)


def _ends_where_it_says(pdf: bytes, table: int) -> bool:
    """True if nothing stands behind the end of the file that belongs to its last table of objects.

    What was appended there no reader shows, so the comparison of updates does not see it.
    """
    end = re.compile(rb"startxref\s+%d\s+%%%%EOF\s*" % table).search(pdf, table)
    return end is not None and end.end() == len(pdf)


def only_signatures_since(pdf: bytes, before: bytes) -> bool:
    """True if a PDF is another with nothing but good signatures added.

    Args:
        pdf: the file now.
        before: as it was, the beginning of the file.
    """
    if pdf == before:
        return True
    verdicts = verify(pdf)
    if not (verdicts and all(verdict.good for verdict in verdicts) and verdicts[-1].later is Later.NOTHING):
        return False
    reader = PdfFileReader(io.BytesIO(pdf), strict=False)
    since = PdfFileReader(io.BytesIO(before), strict=False).total_revisions - 1
    fields = {name for name, _, _ in enumerate_sig_fields(reader)}
    try:
        return _harmless(DEFAULT_DIFF_POLICY.review_file(reader, since), fields)
    except PdfError:
        # Where there was no form before, the comparison gives up; then nothing is sure.
        return False


def certificate(content: bytes) -> x509.Certificate:
    """A certificate from PEM or DER.

    Raises:
        FileTrouble: this is no certificate.
    """
    try:
        der = pem.unarmor(content)[2] if pem.detect(content) else content
        found = x509.Certificate.load(der)
        found.subject.native  # noqa: B018 - parsing is lazy; this makes it complain now
    except (ValueError, TypeError) as error:
        raise FileTrouble("给出的证书文件不是证书（.pem、.cer 或 .crt）。") from error
    return found


class _Trust:
    """The given roots, and what the document itself carries for judging its signatures later."""

    def __init__(self, reader: PdfFileReader, roots: list[x509.Certificate], now: datetime | None) -> None:
        self.roots = roots
        self._now = now
        self._store: DocumentSecurityStore | None = None
        try:
            self._store = DocumentSecurityStore.read_dss(reader)
        except (NoDSSFoundError, PdfError, ValueError, KeyError):
            return

    def context(self, moment: datetime | None = None) -> ValidationContext:
        """How certificates are judged: as of a moment that is proved, else now; never from the network."""
        wants = {"trust_roots": self.roots, "allow_fetching": False, "moment": moment}
        if self._store is not None and moment:
            return self._store.as_validation_context({**wants, "retroactive_revinfo": True})
        return ValidationContext(trust_roots=self.roots, allow_fetching=False, moment=moment or self._now)


def _judged(signature: EmbeddedPdfSignature, trust: _Trust, fields: set[str]) -> Verdict:
    known = Verdict(signature.field_name, is_stamp=str(signature.sig_object_type) == "/DocTimeStamp")
    try:
        known = _named(known, signature)
        status = _status(signature, trust, known.is_stamp)
        return _told(known, status, trust, fields)
    except Exception:
        # As above: what was tampered with may fail anywhere.
        return replace(known, distrust="签名的数据已经损坏")


def _named(known: Verdict, signature: EmbeddedPdfSignature) -> Verdict:
    signed_with = signature.signer_cert
    issuer = str(signed_with.issuer.native.get("common_name", signed_with.issuer.human_friendly))
    serial = f"{signed_with.serial_number:X}"
    return replace(known, signer=owner(signed_with), issuer=issuer, serial=serial)


def _status(
    signature: EmbeddedPdfSignature, trust: _Trust, is_stamp: bool
) -> PdfSignatureStatus | DocumentTimestampStatus:
    if is_stamp:
        return validate_pdf_timestamp(signature, trust.context())
    status = validate_pdf_signature(signature, trust.context(), key_usage_settings=_SIGNING)
    stamp = status.timestamp_validity
    if stamp is None or not (stamp.valid and stamp.intact and stamp.trusted):
        return status
    proved = trust.context(stamp.timestamp)
    return validate_pdf_signature(signature, proved, trust.context(), key_usage_settings=_SIGNING)


def _told(
    known: Verdict, status: PdfSignatureStatus | DocumentTimestampStatus, trust: _Trust, fields: set[str]
) -> Verdict:
    intact = bool(status.intact and status.valid)
    trusted = bool(status.trusted) if trust.roots and intact else None
    said = None if isinstance(status, DocumentTimestampStatus) else status.signer_reported_dt
    stamps = [status] if isinstance(status, DocumentTimestampStatus) else [status.timestamp_validity]
    stamp = next((stamp for stamp in stamps if stamp and stamp.valid and stamp.intact), None)
    return replace(
        known,
        said_at=said,
        stamped_at=stamp.timestamp if stamp else None,
        stamp_trusted=bool(stamp.trusted) if stamp and trust.roots else None,
        intact=intact,
        later=_later(status, fields),
        trusted=trusted,
        distrust="" if trusted is not False else _distrust(status),
    )


def _later(status: PdfSignatureStatus | DocumentTimestampStatus, fields: set[str]) -> Later:
    """Only signatures and what belongs to them may follow a signature."""
    if status.coverage is SignatureCoverageLevel.ENTIRE_FILE:
        return Later.NOTHING
    whole = status.coverage is SignatureCoverageLevel.ENTIRE_REVISION and status.docmdp_ok is not False
    return Later.SIGNATURES if whole and _harmless(status.diff_result, fields) else Later.CHANGED


def _harmless(changes: object, fields: set[str]) -> bool:
    return (
        isinstance(changes, DiffResult)
        and changes.modification_level <= ModificationLevel.FORM_FILLING
        and set(changes.changed_form_fields) <= fields
    )


def _distrust(status: PdfSignatureStatus | DocumentTimestampStatus) -> str:
    problem = status.trust_problem_indic
    name = getattr(problem, "name", "")
    return _DISTRUST.get(name, "证书不能由给出的根证书证明")


def in_words(verdict: Verdict) -> Iterator[str]:
    """A verdict as a clerk reads it, line by line."""
    what = "时间戳" if verdict.is_stamp else "签名"
    yield f"{'有效' if verdict.good else '无效'}  {what}  {verdict.signer or '（看不出是谁）'}"
    if verdict.issuer:
        yield f"    证书：{verdict.issuer} 签发，编号 {verdict.serial}"
    if verdict.said_at:
        yield f"    签名时间：{verdict.said_at.astimezone():%Y年%m月%d日 %H:%M:%S}（签名人电脑的时间）"
    if verdict.stamped_at:
        doubt = "（时间戳的证书不能由给出的根证书证明，这个时间不可信）"
        proved = doubt if verdict.stamp_trusted is False else ""
        yield f"    时间戳：{verdict.stamped_at.astimezone():%Y年%m月%d日 %H:%M:%S}{proved}"
    if not verdict.intact:
        yield f"    内容：与签名时不一致，被改动过{f'（{verdict.distrust}）' if verdict.distrust else ''}"
    else:
        yield f"    内容：{verdict.later.value}{f'，{verdict.since}' if verdict.since else ''}"
    yield f"    身份：{_identity(verdict)}"


def _identity(verdict: Verdict) -> str:
    if not verdict.intact:
        return "内容已被改动，签名不能说明是谁签的"
    if verdict.trusted is None:
        return "没有给出根证书（--root），只核对了内容，没有核对签名人的身份"
    return "由给出的根证书证明" if verdict.trusted else f"不可信，{verdict.distrust}"
