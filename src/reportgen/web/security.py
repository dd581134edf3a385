"""Who may talk to the page: this machine's browser that was opened with the token, and nobody else.

A page of the web may send requests to 127.0.0.1, and a name of the web may be made to lead there (DNS
rebinding): hence the Host that is asked for, the same-site cookie, and a secret that every change must bear.
"""

import hmac
import secrets
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY = 24 * 1024 * 1024
"""Bytes of the largest request: a polished Word file has one or two million."""

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
_NOT_LET_IN = "请用 reportgen serve 打印的地址打开这个页面（每次启动地址都不同）。"


class Secrets:
    """What one run of the server keeps to itself.

    Attributes:
        token: opens the page once it stands in the address.
        csrf: what a page must send with every change.
    """

    def __init__(self, port: int) -> None:
        """Draw new secrets."""
        self.token = secrets.token_urlsafe(32)
        self.csrf = secrets.token_urlsafe(32)
        self._session = secrets.token_urlsafe(32)
        self._cookie = f"reportgen-{port}"  # browsers share cookies among the ports of a host
        self.hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}

    @property
    def cookie(self) -> str:
        """The cookie that a browser with the token is given."""
        return f"{self._cookie}={self._session}; Path=/; HttpOnly; SameSite=Strict"

    def is_token(self, said: str) -> bool:
        """True for the token."""
        return hmac.compare_digest(said.encode(), self.token.encode())

    def is_let_in(self, headers: Headers) -> bool:
        """True if a request has our cookie."""
        try:
            cookies = SimpleCookie(headers.get("cookie", ""))
        except CookieError:
            return False
        morsel = cookies.get(self._cookie)
        return morsel is not None and hmac.compare_digest(morsel.value.encode(), self._session.encode())

    def may_change(self, headers: Headers) -> bool:
        """True if a request that changes something comes from a page of ours."""
        origin = headers.get("origin", "")
        ours = not origin or origin in {f"http://{host}" for host in self.hosts}
        same = headers.get("sec-fetch-site", "same-origin") == "same-origin"
        return ours and same and hmac.compare_digest(headers.get("x-csrf", "").encode(), self.csrf.encode())


class TooLarge(HTTPException):
    """A request has more bytes than any of ours."""

    def __init__(self) -> None:
        """Be the answer 413."""
        super().__init__(413, "内容太大。")


class Guard:
    """Turns away what must not reach the page, and gives every answer its headers."""

    def __init__(self, app: ASGIApp, secrets: Secrets) -> None:
        """Stand before an application."""
        self.app = app
        self.secrets = secrets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
            await send(message)

        turned_away = self._refusal(scope)
        if turned_away is not None:
            await turned_away(scope, receive, send_with_headers)
            return
        await self.app(scope, _bounded(receive), send_with_headers)

    def _refusal(self, scope: Scope) -> Response | None:
        """The answer to a request that goes no further; None for one that may pass."""
        headers = Headers(scope=scope)
        if headers.get("host", "").lower() not in self.secrets.hosts:
            return PlainTextResponse("这个地址不对。", 421)
        if scope["method"] not in ("GET", "HEAD", "POST"):
            return PlainTextResponse("不支持。", 405)
        if scope["path"] == "/enter":
            return self._entrance(scope)
        if not self.secrets.is_let_in(headers):
            return PlainTextResponse(_NOT_LET_IN, 403)
        if scope["method"] == "POST" and not self.secrets.may_change(headers):
            return PlainTextResponse("这个请求不是从本页面来的，没有执行。", 403)
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length[:18]) > LARGEST_BODY:
            return PlainTextResponse("内容太大。", 413)
        return None

    def _entrance(self, scope: Scope) -> Response:
        said = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("token", [""])[0]
        if not self.secrets.is_token(said):
            return PlainTextResponse(_NOT_LET_IN, 403)
        return RedirectResponse("/", 303, {"set-cookie": self.secrets.cookie})


def _bounded(receive: Receive) -> Receive:
    """The same, but it raises ``TooLarge`` where a body goes on beyond the limit."""
    taken = 0

    async def receive_bounded() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > LARGEST_BODY:
            raise TooLarge
        return message

    return receive_bounded
