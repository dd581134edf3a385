"""Why a signature did not come about, in a clerk's words."""

from collections.abc import Iterator

_REASONS = {
    "RevokedError": "证书已被吊销",
    "InsufficientRevinfoError": "缺少发证机构的吊销列表或证书状态证明",
    "StaleRevinfoError": "--crl 里的吊销列表已经过期",
    "PathBuildingError": "--root 里没有发证机构的根证书",
    "InvalidCertificateError": "证书不是签名用的",
    "ExpiredError": "证书已过期",
    "InvalidUrlClientError": "网址不对",
    "InvalidURL": "网址不对",
    "NonHttpUrlClientError": "网址要以 http:// 或 https:// 开头",
    "ClientConnectorDNSError": "找不到这个网址",
    "ClientConnectorError": "连不上",
    "TimeoutError": "没有按时回答",
    "ContentTypeError": "它回答的不是时间戳",
    "ClientResponseError": "它拒绝了请求",
}
"""The names of what libraries raise → what a clerk is told."""


def reason(error: BaseException) -> str:
    """Why, by the first error of the chain that has a Chinese word; else in the library's own words."""
    for each in _chain(error):
        known = next(
            (_REASONS[kind.__name__] for kind in type(each).__mro__ if kind.__name__ in _REASONS), ""
        )
        if known:
            return known
    return str(error).strip().rstrip(".") or type(error).__name__


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__
