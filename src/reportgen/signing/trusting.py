"""Whether a signer's certificate stands on a chosen root and was not revoked."""

from dataclasses import dataclass, field
from datetime import datetime

from asn1crypto import crl, ocsp, pem, x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import DocumentTimestampStatus, PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

from reportgen.problems import FileTrouble
from reportgen.signing.verdicts import Revocation

Status = PdfSignatureStatus | DocumentTimestampStatus

_SIGNING = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False)
_REVOKED = frozenset({"REVOKED", "REVOKED_NO_POE", "REVOKED_CA_NO_POE"})
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


@dataclass(frozen=True, slots=True)
class Trust:
    """What signatures are judged by.

    Attributes:
        roots: certificates that may vouch for signers, as PEM or DER; never the system's own, which vouch
            for web sites.
        lists: of what is revoked, as PEM or DER.
        fetched: ask the addresses in the certificates, too. Nothing is asked without it.
        now: the time, with its zone, as of which certificates without a proved time are judged; that of the
            machine's clock if None.
    """

    roots: tuple[bytes, ...] = ()
    lists: tuple[bytes, ...] = ()
    fetched: bool = False
    now: datetime | None = None

    @property
    def asks(self) -> bool:
        """Whether a proof is wanted that nothing was revoked."""
        return self.fetched or bool(self.lists)


def certificate(content: bytes) -> x509.Certificate:
    """A certificate from PEM or DER.

    Raises:
        FileTrouble: this is no certificate.
    """
    try:
        found = x509.Certificate.load(_der(content))
        found.subject.native  # noqa: B018 - parsing is lazy; this makes it complain now
    except (ValueError, TypeError) as error:
        raise FileTrouble("给出的证书文件不是证书（.pem、.cer 或 .crt）。") from error
    return found


def revocation_list(content: bytes) -> crl.CertificateList:
    """A list of what is revoked from PEM or DER.

    Raises:
        FileTrouble: this is no such list.
    """
    try:
        found = crl.CertificateList.load(_der(content))
        found["tbs_cert_list"]["this_update"].native  # noqa: B018 - as above
    except (ValueError, TypeError, KeyError) as error:
        raise FileTrouble("--crl 给出的文件不是吊销列表（.crl 或 .pem）。") from error
    return found


def _der(content: bytes) -> bytes:
    return bytes(pem.unarmor(content)[2]) if pem.detect(content) else content


@dataclass(frozen=True, slots=True)
class Identity:
    """What the roots say of a signer.

    Attributes:
        status: of the signature, as pyHanko has it; the comparison with the signed bytes is in it.
        revocation: whether it is known that nothing was revoked.
        distrust: why the signer is not trusted; empty where he is.
    """

    status: Status
    revocation: Revocation = Revocation.UNASKED
    distrust: str = ""


@dataclass(slots=True)
class Judge:
    """The chosen roots, and what the document itself carries for judging its signatures later."""

    trust: Trust
    roots: list[x509.Certificate] = field(default_factory=list)
    certificates: list[x509.Certificate] = field(default_factory=list)
    lists: list[crl.CertificateList] = field(default_factory=list)
    answers: list[ocsp.OCSPResponse] = field(default_factory=list)

    @classmethod
    def of(cls, reader: PdfFileReader, trust: Trust) -> "Judge":
        """A judge for the signatures of a document.

        Raises:
            FileTrouble: what was given is no certificate, or no list of what is revoked.
        """
        judge = cls(trust, [certificate(each) for each in trust.roots])
        judge.lists = [revocation_list(each) for each in trust.lists]
        try:
            store = DocumentSecurityStore.read_dss(reader).as_validation_context({"trust_roots": []})
        except (NoDSSFoundError, PdfError, ValueError, KeyError, TypeError):
            return judge
        judge.certificates = list(store.certificate_registry)
        judge.lists += store.crls
        judge.answers += store.ocsps
        return judge

    def identity(self, signature: EmbeddedPdfSignature) -> Identity:
        """What is known of who made a signature."""
        if self.trust.fetched and self.roots:
            self._fetch(signature)
        status, moment = self._status(signature)
        if not (status.intact and status.valid and status.trusted):
            return Identity(status, distrust=_distrust(status))
        if _stands_for_itself(signature, self.roots):
            return Identity(status, Revocation.UNPROVED if self.trust.asks else Revocation.UNASKED)
        for each in dict.fromkeys((moment, None)):
            strict = _validated(signature, self._context(each, strict=True), self._context())
            if strict.trusted:
                return Identity(status, Revocation.PROVED)
            if getattr(strict.trust_problem_indic, "name", "") in _REVOKED:
                return Identity(strict, distrust=_distrust(strict))
        return Identity(status, Revocation.UNPROVED if self.trust.asks else Revocation.UNASKED)

    def _context(self, moment: datetime | None = None, *, strict: bool = False) -> ValidationContext:
        """How certificates are judged: as of a moment that is proved, else now; never from the network."""
        return ValidationContext(
            trust_roots=self.roots,
            allow_fetching=False,
            moment=moment or self.trust.now,
            revocation_mode="require" if strict else "soft-fail",
            retroactive_revinfo=moment is not None,
            other_certs=self.certificates,
            crls=self.lists,
            ocsps=self.answers,
        )

    def _status(self, signature: EmbeddedPdfSignature) -> tuple[Status, datetime | None]:
        """The signature as of now; as of its time stamp where one proves when it was made."""
        status = _validated(signature, self._context())
        stamp = None if isinstance(status, DocumentTimestampStatus) else status.timestamp_validity
        if stamp is None or not (stamp.valid and stamp.intact and stamp.trusted):
            return status, None
        return _validated(signature, self._context(stamp.timestamp), self._context()), stamp.timestamp

    def _fetch(self, signature: EmbeddedPdfSignature) -> None:
        """Keep what the addresses in the certificates say; where they say nothing, nothing is kept."""
        context = ValidationContext(
            trust_roots=self.roots,
            allow_fetching=True,
            other_certs=self.certificates,
            crls=self.lists,
            ocsps=self.answers,
        )
        try:
            _validated(signature, context)
        except (OSError, ValueError, RuntimeError):
            return
        self.lists, self.answers = list(context.crls), list(context.ocsps)


def _stands_for_itself(signature: EmbeddedPdfSignature, roots: list[x509.Certificate]) -> bool:
    """True where the signer's certificate is itself a chosen root: nobody above could have revoked it."""
    signer = signature.signer_cert.dump()
    return any(root.dump() == signer for root in roots)


def _validated(
    signature: EmbeddedPdfSignature, context: ValidationContext, stamps: ValidationContext | None = None
) -> Status:
    """The library's word on a signature, but for what came after it: that is judged here more strictly."""
    if str(signature.sig_object_type) == "/DocTimeStamp":
        return validate_pdf_timestamp(signature, context, skip_diff=True)
    return validate_pdf_signature(signature, context, stamps, key_usage_settings=_SIGNING, skip_diff=True)


def _distrust(status: Status) -> str:
    name = getattr(status.trust_problem_indic, "name", "")
    return _DISTRUST.get(name, "证书不能由给出的根证书证明")
