"""Words as YAML takes them: scalars, blocks of prose and comments."""

import re

_PLAIN = re.compile(
    r"[0-9A-Za-z\u4e00-\u9fff（《“〔][^\x00-\x1f\x7f-\xa0\u2028\u2029\ufeff\\\"'#：:{}\[\],，]*"
)
_CODED = re.compile("[^ -~\u00a1-\u1fff\u2010-\u2027\u2030-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")

_ENDS = tuple("。！？…")
_CLOSING = "”’）》"


def scalar(text: str) -> str:
    """A text of one line as YAML takes it: quoted only where it must be."""
    bare = text.strip() == text and not text.endswith("-")
    if bare and _PLAIN.fullmatch(text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{_CODED.sub(_code, escaped)}"'


def block(text: str, indent: str) -> str:
    """A text of several lines after its key, each paragraph between blank lines."""
    if any(ord(character) < 32 and character not in "\n\t" for character in text):
        return f" {scalar(text)}\n"
    lines = [_line(each) for each in re.split(r"\r\n|[\n\x85\u2028\u2029]", text)]
    body = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    if not body:
        return ' ""\n'
    return " |\n" + "".join(f"{indent}{line}\n" if line else "\n" for line in body.split("\n"))


def stopped(words: str) -> str:
    """Words as a sentence that another may follow; nothing stays nothing."""
    bare = words.rstrip()
    return bare if not bare or bare.rstrip(_CLOSING).endswith(_ENDS) else f"{bare}。"


def comment(words: str, indent: str = "") -> str:
    """A line of comment."""
    return f"{indent}# {' '.join(words.split())}\n"


def _line(text: str) -> str:
    """A line of prose; a full-width indent, which begins a paragraph, as a blank line above it."""
    bare = text.replace("\t", " ").strip(" \r\ufeff")
    return "\n" + bare.strip("\u3000 ") if bare.startswith("\u3000") else bare


def _code(match: re.Match[str]) -> str:
    number = ord(match[0])
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
