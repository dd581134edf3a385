"""What proves signatures later on, kept in the file itself (ETSI EN 319 142-1 §5.4): nothing else in it."""

from collections.abc import Mapping
from typing import Any

import pikepdf
from asn1crypto import crl, ocsp, x509

from reportgen.signing.objects import kept, listed

STORE: Mapping[str, Any] = {
    "/Certs": x509.Certificate,
    "/CRLs": crl.CertificateList,
    "/OCSPs": ocsp.OCSPResponse,
}
_KINDS = {"/Cert": "/Certs", "/CRL": "/CRLs", "/OCSP": "/OCSPs"}


def is_sound_store(old: Any, new: pikepdf.Object) -> bool:
    """Nothing in it but certificates, lists of what is revoked and answers; nothing taken out."""
    if set(new.keys()) - {"/Type", "/VRI", *STORE}:
        return False
    for kind, form in STORE.items():
        proofs = listed(new.get(kind))
        if old is not None and not kept(listed(old.get(kind)), proofs):
            return False
        if not all(_is_proof(each, form) for each in proofs):
            return False
    return all(_sound_list(each) for each in dict(new.get("/VRI", pikepdf.Dictionary()).items()).values())


def _is_proof(stream: Any, form: Any) -> bool:
    if not isinstance(stream, pikepdf.Stream) or set(stream.keys()) - {"/Length", "/Filter"}:
        return False
    form.load(stream.read_bytes(), strict=True)
    return True


def _sound_list(entry: pikepdf.Object) -> bool:
    """What belongs to one signature: the same kinds of proofs, and when they were put together."""
    for key, value in dict(entry.items()).items():
        if key in _KINDS:
            if not all(_is_proof(each, STORE[_KINDS[key]]) for each in listed(value)):
                return False
        elif key not in {"/Type", "/TU"}:
            return False
    return True
