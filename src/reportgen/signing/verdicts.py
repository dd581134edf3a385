"""What is known of a signature, and what it says to a reader."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


class Later(Enum):
    """What was added to the file after a signature."""

    NOTHING = "签名覆盖整个文件，签名之后没有任何改动"
    SIGNATURES = "签名之后只加了别的签名，内容没有改动"
    CHANGED = "签名之后文件被改动过"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of one signature.

    Attributes:
        field: the name of its field.
        signer: whom the certificate names.
        issuer: who issued the certificate.
        said_at: when, as the signer's clock had it.
        stamped_at: when, as a time stamp says.
        stamp_trusted: the stamp's certificate stands on a given root; None where none was given.
        intact: the signed bytes are as they were, and the signature is made with the certificate's key.
        later: what came after it.
        since: what can be seen of a change after it.
        trusted: the certificate stands on a given root; None where no root was given, or where the contents
            are changed, so that the certificate says nothing about them.
        distrust: why it is not trusted.
        serial: the certificate's number.
        is_stamp: it is a time stamp for the whole document, nobody's signature.
    """

    field: str
    signer: str = ""
    issuer: str = ""
    said_at: datetime | None = None
    stamped_at: datetime | None = None
    intact: bool = False
    later: Later = Later.CHANGED
    trusted: bool | None = None
    distrust: str = ""
    serial: str = ""
    is_stamp: bool = False
    stamp_trusted: bool | None = None
    since: str = ""

    @property
    def good(self) -> bool:
        """True if nothing speaks against it."""
        return self.intact and self.later is not Later.CHANGED and self.trusted is not False
