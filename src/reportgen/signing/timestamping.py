"""Asking a time-stamp server (RFC 3161) for a proof of when a signature was made."""

from asn1crypto import cms
from pyhanko.sign.timestamps import HTTPTimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError

_PATIENCE = 20
"""Seconds that a server may take."""


class Stamper(HTTPTimeStamper):
    """Whatever a server answers, it is a time stamp or a ``TimestampRequestError``."""

    def __init__(self, address: str) -> None:
        """Ask this address and no other."""
        super().__init__(address, timeout=_PATIENCE)

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """The time stamp of a digest."""
        try:
            return await super().async_timestamp(message_digest, md_algorithm)
        except TimeoutError as error:
            raise TimestampRequestError("没有按时回答") from error
        except (ValueError, TypeError, KeyError) as error:
            raise TimestampRequestError("它回答的不是时间戳") from error
