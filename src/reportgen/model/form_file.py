"""What ``kind.yaml`` and ``form.yaml`` say, once parsed, as a :class:`Form`."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from inspect import Parameter, signature
from itertools import groupby
from typing import Any, TypeVar

from reportgen.model.form import (
    Block,
    Chapter,
    Column,
    Due,
    Edition,
    Fee,
    Form,
    Identity,
    IdentityPage,
    Line,
    Passage,
    Row,
    Table,
)
from reportgen.model.keys import FIELDS

Made = TypeVar("Made")


class WrongForm(ValueError):
    """A form's data contradicts itself; the sentence is for who wrote it (Chinese)."""


_KINDS = ("count", "change", "amount", "text", "yes")
_ARRANGEMENTS = ("stacked", "beside")
_OF_FORM = ("id", "basis", "since", "chapters", "prose", "tables", "fee", "identities")
_OF_KIND = ("name", "also", "title", "law", "ordered", "ordinary", "levels", "scopes", "lines", "due")
"""What stands at the top of both files; a form may say what its kind says."""


Lexicons = Mapping[str, Mapping[str, Any]]
"""What sentences call the concepts of a kind's forms, by the kind."""


def known_together(forms: Iterable[Form], lexicons: Lexicons | None = None) -> tuple[Form, ...]:
    """The forms by kind and age, each knowing of its kind's, and what sentences call their concepts.

    Raises:
        WrongForm: where two are for the same years, or have one name, or several kinds are the ordinary one.
    """
    by_age = sorted(forms, key=lambda form: (not form.ordinary, form.kind, form.since))
    if len({form.id for form in by_age}) < len(by_age):
        raise WrongForm(f"两个格式的 id 相同：{'、'.join(sorted(form.id for form in by_age))}")
    if len({form.kind for form in by_age if form.ordinary}) > 1:
        raise WrongForm(
            "两个文种都是没有写“文种”时的那一种；本单位的文种，请在 kind.yaml 里写 ordinary: false"
        )
    known: list[Form] = []
    for kind, each in groupby(by_age, key=lambda form: form.kind):
        of_kind = tuple(each)
        editions = tuple(Edition(form.basis, form.since) for form in of_kind)
        if len({edition.since for edition in editions}) < len(editions):
            raise WrongForm(f"{of_kind[0].name}有两个格式的 since 是同一年")
        lexicon = (lexicons or {}).get(kind, {})
        known += [replace(form, editions=editions, lexicon=lexicon) for form in of_kind]
    return tuple(known)


def form_from(data: Mapping[str, Any], kind: str = "", shared: Mapping[str, Any] | None = None) -> Form:
    """The form that ``form.yaml`` describes, once parsed; it knows of no other.

    Args:
        data: what it says.
        kind: the kind's folder.
        shared: what ``kind.yaml`` says for all forms of the kind, each of which may say otherwise.

    Raises:
        WrongForm: where keys are doubled, or something is named that is not there.
        KeyError, TypeError: where something is missing or of another shape.
    """
    data = {**(shared or {}), **data}
    if strange := [str(name) for name in data if name not in (*_OF_FORM, *_OF_KIND)]:
        raise WrongForm(f"不认识 {'、'.join(strange)}，可以写 {'、'.join((*_OF_FORM, *_OF_KIND))}")
    form = Form(
        id=str(data["id"]),
        kind=kind,
        name=data["name"],
        basis=data["basis"],
        since=_whole(data, "since"),
        levels=tuple(data.get("levels", ())),
        scopes=tuple(data.get("scopes", ())),
        chapters=tuple(_chapter(chapter) for chapter in data["chapters"]),
        passages=tuple(_passage(passage, _whole(passage, "chapter")) for passage in data["prose"]),
        tables=tuple(_table(table) for table in data.get("tables", ())),
        fee=_built(Fee, data["fee"], "fee") if data.get("fee") else None,
        pages={
            code: _built(IdentityPage, page, f"identities 的 {code}")
            for code, page in data.get("identities", {}).items()
        },
        editions=(Edition(data["basis"], _whole(data, "since")),),
        **_of_kind(data),
    )
    _refuse_contradictions(form)
    return form


def _of_kind(data: Mapping[str, Any]) -> dict[str, Any]:
    """What a kind may say, where it says it."""
    given: dict[str, Any] = {key: data[key] for key in ("title", "law", "ordered", "ordinary") if key in data}
    given["also"] = tuple(data.get("also", ()))
    given["lines"] = tuple(_built(Line, line, "lines") for line in data.get("lines", ()))
    given["due"] = tuple(_due(each) for each in data.get("due", ()))
    return given


def _built(make: Callable[..., Made], data: Mapping[str, Any], where: str) -> Made:
    """What a mapping describes.

    Raises:
        WrongForm: it lacks something, or has something that nobody knows.
    """
    known = _parameters(make)
    needed = (name for name, each in known.items() if each.default is each.empty)
    if lacking := [name for name in needed if name not in data]:
        raise WrongForm(f"{where} 里有一项缺少 {'、'.join(lacking)}")
    if strange := [str(name) for name in data if name not in known]:
        raise WrongForm(f"{where} 里不认识 {'、'.join(strange)}，可以写 {'、'.join(known)}")
    return make(**data)


@cache
def _parameters(make: Callable[..., object]) -> Mapping[str, Parameter]:
    return signature(make).parameters


def _whole(data: Mapping[str, Any], key: str) -> int:
    try:
        return int(data[key])
    except ValueError:
        raise WrongForm(f"{key} 后面要写数字：{data[key]}") from None


def _one_of(words: Sequence[str], word: str, key: str) -> str:
    if word not in words:
        raise WrongForm(f"{key} 后面不能写“{word}”，可以写 {'、'.join(words)}")
    return word


def _due(data: Mapping[str, Any]) -> Due:
    month, day = data["by"]
    return Due(int(month), int(day), tuple(data.get("levels", ())))


def _chapter(data: Mapping[str, Any]) -> Chapter:
    heading = str(data["heading"])
    said = data.get("said", re.escape(heading.partition("、")[2] or heading))
    return Chapter(heading, said, data.get("headed", said))


def _passage(data: Mapping[str, Any], chapter: int) -> Passage:
    own = {key: value for key, value in data.items() if key not in ("chapter", "within", "own")}
    own |= {key: re.sub(r"\s+", "", own[key]) for key in ("said", "stock") if key in own}
    within = tuple(_passage(each, chapter) for each in data.get("within", ()))
    words = tuple("".join(map(str.strip, each.split("\n"))) for each in data.get("own", ()))
    return _built(Passage, {**own, "chapter": chapter, "within": within, "own": words}, "prose")


def _table(data: Mapping[str, Any]) -> Table:
    return Table(
        key=data["key"],
        name=data["name"],
        chapter=_whole(data, "chapter"),
        stub_columns=_whole(data, "stub_columns"),
        arrangement=_one_of(_ARRANGEMENTS, data["arrangement"], "arrangement"),
        blocks=tuple(_block(block) for block in data["blocks"]),
        lead=_around(data, "lead"),
        note=_around(data, "note"),
    )


def _around(data: Mapping[str, Any], where: str) -> Passage | None:
    """The prose above or under a table."""
    return _passage(data[where], int(data["chapter"])) if where in data else None


def _block(data: Mapping[str, Any]) -> Block:
    return Block(
        columns=tuple(_columns(data["columns"], ())),
        rows=tuple(_rows(data["rows"], (), ())),
        band=data.get("band", ""),
        stub=data.get("stub", ""),
        identities=tuple(
            Identity(item["code"], item["axis"], tuple(item["left"]), tuple(item["right"]))
            for item in data.get("identities", ())
        ),
    )


def _columns(data: Sequence[Mapping[str, Any]], above: tuple[str, ...]) -> Iterator[Column]:
    for item in data:
        path = (*above, item["label"])
        if "columns" in item:
            yield from _columns(item["columns"], path)
        else:
            yield Column(
                key=item["key"],
                name=item.get("name", item["label"]),
                path=path,
                kind=_one_of(_KINDS, item.get("kind", "count"), "kind"),
                unit=item.get("unit", "件"),
            )


def _rows(data: Sequence[Mapping[str, Any]], above: tuple[str, ...], names: tuple[str, ...]) -> Iterator[Row]:
    for item in data:
        path = (*above, item["label"]) if item["label"] else above
        own = (*names, item["name"]) if item.get("name") else names
        if "rows" in item:
            yield from _rows(item["rows"], path, own)
        else:
            more = {key: item[key] for key in ("said", "kind", "unit") if key in item}
            _one_of(_KINDS, more.get("kind", "count"), "kind")
            yield Row(key=item["key"], names=own, path=path, **more)


def _refuse_contradictions(form: Form) -> None:
    keys = [key for key, _, _ in form.cells()]
    passages = [each for outer in form.top_prose for each in (outer, *outer.within)]
    names = [*FIELDS.values(), *form.top_words, *(f"prose {each.key}" for each in passages)]
    counted: Counter[object] = Counter([*keys, *(form.paths[key] for key in keys), *names])
    doubles = sorted(str(thing) for thing, times in counted.items() if times > 1)
    if odd := [line.name for line in form.lines if not line.name.isidentifier()]:
        raise WrongForm(f"lines 的名称里不能有空格和标点：{'、'.join(odd)}")
    if doubles:
        raise WrongForm(f"同一个名称用了两次：{'、'.join(doubles)}")
    _refuse_idle_identities(form)
    if form.fee and form.fee.passage not in form.prose:
        raise WrongForm(f"fee 里的 {form.fee.passage} 不在 prose 里")
    chapters = [*(table.chapter for table in form.tables), *(each.chapter for each in passages)]
    if max(chapters, default=0) > len(form.chapters):
        raise WrongForm(f"chapter 最大是 {len(form.chapters)}：chapters 里只有这么多部分")
    if not form.title.endswith("{文种}"):
        raise WrongForm("title 要以 {文种} 结尾，生成的 Word 文件才认得出是哪个文种")
    _refuse_broken_patterns(form, passages)


def _refuse_idle_identities(form: Form) -> None:
    known = set(form.index)
    for identity, left, right in form.equations():
        lost = {*left, *right} - known
        if lost:
            raise WrongForm(f"{identity.code} 里的 {'、'.join(map(str, sorted(lost)))} 不在表里")
        if identity.code not in form.pages:
            raise WrongForm(f"文件末尾的 identities 里没有 {identity.code}")
    for block in (block for table in form.tables for block in table.blocks):
        if idle := [each.code for each in block.identities if not any(each.equations(block))]:
            raise WrongForm(f"{'、'.join(idle)} 没有可以相加的数")


def _refuse_broken_patterns(form: Form, passages: Iterable[Passage]) -> None:
    patterns = [pattern for chapter in form.chapters for pattern in (chapter.said, chapter.headed)]
    patterns += [pattern for passage in passages for pattern in (passage.said, passage.stock)]
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as error:
            raise WrongForm(f"“{pattern}”不是正确的正则表达式（{error}）") from error
