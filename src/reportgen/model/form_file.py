"""What ``kind.yaml`` and ``form.yaml`` say, once parsed, as a :class:`Form`."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

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


class WrongForm(ValueError):
    """A form's data contradicts itself."""


Lexicons = Mapping[str, Mapping[str, Any]]
"""What sentences call the concepts of a kind's forms, by the kind."""


def known_together(forms: Iterable[Form], lexicons: Lexicons | None = None) -> tuple[Form, ...]:
    """The forms by kind and age, each knowing of its kind's, and what sentences call their concepts.

    Raises:
        WrongForm: where two are for the same years, or have one name, or several kinds are the ordinary one.
    """
    by_age = sorted(forms, key=lambda form: (not form.ordinary, form.kind, form.since))
    if len({form.id for form in by_age}) < len(by_age):
        raise WrongForm(f"two forms of one id: {sorted(form.id for form in by_age)}")
    if len({form.kind for form in by_age if form.ordinary}) > 1:
        raise WrongForm("two ordinary kinds")
    known: list[Form] = []
    for kind, each in groupby(by_age, key=lambda form: form.kind):
        of_kind = tuple(each)
        editions = tuple(Edition(form.basis, form.since) for form in of_kind)
        if len({edition.since for edition in editions}) < len(editions):
            raise WrongForm(f"two forms since one year: {editions}")
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
    form = Form(
        id=str(data["id"]),
        kind=kind,
        name=data["name"],
        basis=data["basis"],
        since=int(data["since"]),
        levels=tuple(data.get("levels", ())),
        scopes=tuple(data.get("scopes", ())),
        chapters=tuple(_chapter(chapter) for chapter in data["chapters"]),
        passages=tuple(_passage(passage, int(passage["chapter"])) for passage in data["prose"]),
        tables=tuple(_table(table) for table in data.get("tables", ())),
        fee=Fee(**data["fee"]) if data.get("fee") else None,
        pages={code: IdentityPage(**page) for code, page in data.get("identities", {}).items()},
        editions=(Edition(data["basis"], int(data["since"])),),
        **_of_kind(data),
    )
    _refuse_contradictions(form)
    return form


def _of_kind(data: Mapping[str, Any]) -> dict[str, Any]:
    """What a kind may say, where it says it."""
    given: dict[str, Any] = {key: data[key] for key in ("title", "ordered", "ordinary") if key in data}
    given["also"] = tuple(data.get("also", ()))
    given["lines"] = tuple(Line(**line) for line in data.get("lines", ()))
    given["due"] = tuple(_due(each) for each in data.get("due", ()))
    return given


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
    return Passage(**own, chapter=chapter, within=within, own=words)


def _table(data: Mapping[str, Any]) -> Table:
    return Table(
        key=data["key"],
        name=data["name"],
        chapter=int(data["chapter"]),
        stub_columns=int(data["stub_columns"]),
        arrangement=data["arrangement"],
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
                kind=item.get("kind", "count"),
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
            yield Row(key=item["key"], names=own, path=path, **more)


def _refuse_contradictions(form: Form) -> None:
    keys = [key for key, _, _ in form.cells()]
    passages = [each for outer in form.top_prose for each in (outer, *outer.within)]
    names = [*form.top_words, *(f"prose {each.key}" for each in passages)]
    counted: Counter[object] = Counter([*keys, *(form.paths[key] for key in keys), *names])
    doubles = sorted(str(thing) for thing, times in counted.items() if times > 1)
    if doubles:
        raise WrongForm(f"doubled: {doubles}")
    known = set(keys)
    for identity, left, right in form.equations():
        lost = {*left, *right} - known
        if lost or identity.code not in form.pages:
            raise WrongForm(f"{identity.code}: {sorted(lost)}")
    if form.fee and form.fee.passage not in form.prose:
        raise WrongForm(f"fee: {form.fee.passage}")
    chapters = [*(table.chapter for table in form.tables), *(each.chapter for each in passages)]
    if max(chapters, default=0) > len(form.chapters):
        raise WrongForm(f"there are {len(form.chapters)} chapters")
    _refuse_broken_patterns(form, passages)


def _refuse_broken_patterns(form: Form, passages: Iterable[Passage]) -> None:
    patterns = [pattern for chapter in form.chapters for pattern in (chapter.said, chapter.headed)]
    patterns += [pattern for passage in passages for pattern in (passage.said, passage.stock)]
    for pattern in patterns:
        try:
            re.compile(pattern)
        except re.error as error:
            raise WrongForm(f"{pattern}: {error}") from error
