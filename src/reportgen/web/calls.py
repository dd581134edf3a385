"""A request to the page as values: what its address asks for, what it brings; odd ones are refused here."""

import contextlib
import json
from dataclasses import dataclass
from typing import Any

from reportgen.sources.yaml.targets import Change

_MOST_CHANGES = 400


class BadCall(ValueError):
    """A request that no page of ours sends; ``str()`` says why (Chinese)."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request: what its address asks for, and what it brings."""

    query: dict[str, str]
    content: bytes

    def asked(self, key: str) -> str:
        """A parameter of the address.

        Raises:
            BadCall: it is missing.
        """
        if key not in self.query:
            raise BadCall(f"地址里缺少 {key}。")
        return self.query[key]

    @property
    def body(self) -> dict[str, Any]:
        """The object that it brings.

        Raises:
            BadCall: it brings none.
        """
        try:
            said = json.loads(self.content or b"{}")
        except (ValueError, RecursionError):
            raise BadCall("请求的内容读不懂。") from None
        if not isinstance(said, dict):
            raise BadCall("请求的内容读不懂。")
        return said

    def text(self, key: str) -> str:
        """A text of the object.

        Raises:
            BadCall: there is none, or it cannot be written anywhere.
        """
        said = self.body.get(key, "")
        if not isinstance(said, str):
            raise BadCall(f"{key} 应是文字。")
        with contextlib.suppress(UnicodeEncodeError):
            said.encode()
            return said
        raise BadCall(f"{key} 里有不完整的字符。")


def changes_of(said: Any) -> list[Change]:
    """The changes that a page sends: objects with the texts ``key`` and ``value``.

    Raises:
        BadCall: they are none.
    """
    if not isinstance(said, list) or len(said) > _MOST_CHANGES:
        raise BadCall("改动的写法不对。")
    changes = []
    for each in said:
        key, value = (each.get("key"), each.get("value")) if isinstance(each, dict) else (None, None)
        if not isinstance(key, str) or not isinstance(value, str):
            raise BadCall("改动的写法不对。")
        try:
            (key + value).encode()
        except UnicodeEncodeError:
            raise BadCall("文字里有不完整的字符。") from None
        changes.append(Change(key, value))
    return changes
