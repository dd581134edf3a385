"""A certificate authority of the tests' own, its certificates, and a real time-stamp server on loopback."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

PASSWORD = "测试密码 123"
NOW = datetime.now(UTC).replace(microsecond=0)
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

_TSA = """[tsa]
serial = {0}/serial
signer_cert = {0}/tsa.pem
certs = {0}/root.pem
signer_key = {0}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256, sha384, sha512
ess_cert_id_alg = sha256
"""


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: Key

    @property
    def pem(self) -> bytes:
        """The certificate as PEM."""
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        """The key as PEM, without a password."""
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    def p12(self, password: str = PASSWORD) -> bytes:
        """Both in a PKCS#12 file."""
        lock = BestAvailableEncryption(password.encode())
        return pkcs12.serialize_key_and_certificates(b"seal", self.key, self.certificate, None, lock)


class Authority:
    """Issues certificates and revocation lists."""

    def __init__(self, name: str = "测试根证书") -> None:
        """Make the root."""
        self.responder = ""
        """The address that certificates issued from now on name for their state (OCSP)."""
        self.list_at = ""
        """The address that they name for the list of what is revoked."""
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        began = NOW - timedelta(days=3650)
        builder = self._builder(self._name, self._key, began, NOW + timedelta(days=3650))
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        builder = builder.add_extension(_usage("key_cert_sign", "crl_sign"), critical=True)
        self.root = Issued(builder.sign(self._key, SHA256()), self._key)

    def issue(
        self,
        name: str,
        days: tuple[float, float] = (-30, 365),
        usage: str = "digital_signature",
        rsa_key: bool = False,
    ) -> Issued:
        """A certificate for a person or an organ, valid from and to so many days from now."""
        key: Key = (
            rsa.generate_private_key(65537, 2048) if rsa_key else ec.generate_private_key(ec.SECP256R1())
        )
        begins, ends = (NOW + timedelta(days=each) for each in days)
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        builder = self._builder(subject, key, begins, ends)
        builder = builder.add_extension(_usage(usage), critical=True)
        return Issued(builder.sign(self._key, SHA256()), key)

    def issue_stamper(self) -> Issued:
        """A certificate for a time-stamp server."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "测试时间戳")])
        builder = self._builder(subject, key, NOW - timedelta(days=30), NOW + timedelta(days=365))
        builder = builder.add_extension(_usage("digital_signature"), critical=True)
        builder = builder.add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True
        )
        return Issued(builder.sign(self._key, SHA256()), key)

    def revocation_list(self, *revoked: Issued) -> bytes:
        """A fresh list, as PEM."""
        builder = x509.CertificateRevocationListBuilder().issuer_name(self._name)
        builder = builder.last_update(NOW - timedelta(hours=1)).next_update(NOW + timedelta(days=30))
        for each in revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(each.certificate.serial_number)
            builder = builder.add_revoked_certificate(entry.revocation_date(NOW - timedelta(days=1)).build())
        builder = builder.add_extension(x509.CRLNumber(1), critical=False)
        return builder.sign(self._key, SHA256()).public_bytes(Encoding.PEM)

    def _builder(
        self, subject: x509.Name, key: Key, begins: datetime, ends: datetime
    ) -> x509.CertificateBuilder:
        public = key.public_key()
        builder = x509.CertificateBuilder().subject_name(subject).issuer_name(self._name).public_key(public)
        builder = builder.serial_number(x509.random_serial_number())
        builder = builder.not_valid_before(begins).not_valid_after(ends)
        own = x509.SubjectKeyIdentifier.from_public_key(public)
        above = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        builder = builder.add_extension(own, critical=False).add_extension(above, critical=False)
        if self.list_at:
            where = [x509.UniformResourceIdentifier(self.list_at)]
            point = x509.DistributionPoint(where, relative_name=None, reasons=None, crl_issuer=None)
            builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
        if not self.responder:
            return builder
        place = x509.UniformResourceIdentifier(self.responder)
        access = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, place)
        return builder.add_extension(x509.AuthorityInformationAccess([access]), critical=False)

    def state(self, question: bytes, revoked: frozenset[int]) -> bytes:
        """The answer to a question for the state of a certificate (OCSP), both as DER."""
        asked = ocsp.load_der_ocsp_request(question)
        is_bad = asked.serial_number in revoked
        answer = ocsp.OCSPResponseBuilder().add_response_by_hash(
            issuer_name_hash=asked.issuer_name_hash,
            issuer_key_hash=asked.issuer_key_hash,
            serial_number=asked.serial_number,
            algorithm=asked.hash_algorithm,
            cert_status=ocsp.OCSPCertStatus.REVOKED if is_bad else ocsp.OCSPCertStatus.GOOD,
            this_update=NOW - timedelta(hours=1),
            next_update=NOW + timedelta(days=1),
            revocation_time=NOW - timedelta(days=1) if is_bad else None,
            revocation_reason=None,
        )
        answer = answer.responder_id(ocsp.OCSPResponderEncoding.NAME, self.root.certificate)
        for each in asked.extensions:  # the nonce
            answer = answer.add_extension(each.value, critical=False)
        return answer.sign(self._key, SHA256()).public_bytes(Encoding.DER)


def _usage(*allowed: str) -> x509.KeyUsage:
    names = (
        *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment"),
        *("key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
    )
    return x509.KeyUsage(**{name: name in allowed for name in names})


@contextmanager
def stamp_server(authority: Authority, folder: Path) -> Iterator[str]:
    """The address of a server that answers with ``openssl ts -reply``."""
    stamper = authority.issue_stamper()
    for name, content in {
        "tsa.pem": stamper.pem,
        "tsa.key": stamper.key_pem,
        "root.pem": authority.root.pem,
    }.items():
        (folder / name).write_bytes(content)
    (folder / "serial").write_text("01\n")
    (folder / "tsa.cnf").write_text(_TSA.format(folder))

    class Answers(BaseHTTPRequestHandler):
        """One request, one time stamp."""

        def do_POST(self) -> None:
            """Stamp what was sent."""
            asked = folder / f"{threading.get_ident()}.tsq"
            asked.write_bytes(self.rfile.read(int(self.headers["Content-Length"])))
            command = ["openssl", "ts", "-reply", "-config", str(folder / "tsa.cnf"), "-section", "tsa"]
            stamped = subprocess.run(
                [*command, "-queryfile", str(asked)], capture_output=True, check=True
            ).stdout
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(stamped)))
            self.end_headers()
            self.wfile.write(stamped)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with _served(Answers) as address:
        yield f"{address}/tsa"


@contextmanager
def state_server(authority: Authority) -> Iterator[tuple[str, set[int]]]:
    """The address of a server for the state of certificates (OCSP), and what numbers it calls revoked."""
    revoked: set[int] = set()

    class Answers(BaseHTTPRequestHandler):
        """One question, one state; or the list."""

        def do_POST(self) -> None:
            """Say how the certificate stands."""
            question = self.rfile.read(int(self.headers["Content-Length"]))
            self._answer(authority.state(question, frozenset(revoked)), "application/ocsp-response")

        def do_GET(self) -> None:
            """Give the list."""
            self._answer(authority.revocation_list(), "application/pkix-crl")

        def _answer(self, answer: bytes, kind: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with _served(Answers) as address:
        yield f"{address}/ocsp", revoked


@contextmanager
def _served(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
