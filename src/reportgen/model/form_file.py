"""What ``form.yaml`` says, once parsed, as a :class:`Form`."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reportgen.model.form import Block, Column, Form, Identity, IdentityPage, Row, Table


class WrongForm(ValueError):
    """A form's data contradicts itself."""


def form_from(data: Mapping[str, Any]) -> Form:
    """The form that ``form.yaml`` describes, once parsed.

    Raises:
        WrongForm: where keys are doubled or an identity names a line that is not there.
        KeyError, TypeError: where something is missing or of another shape.
    """
    form = Form(
        id=str(data["id"]),
        basis=data["basis"],
        since=int(data["since"]),
        chapters=tuple(data["chapters"]),
        tables=tuple(_table(table) for table in data["tables"]),
        fees=bool(data["fees"]),
        pages={code: IdentityPage(**page) for code, page in data["identities"].items()},
    )
    _refuse_contradictions(form)
    return form


def _table(data: Mapping[str, Any]) -> Table:
    return Table(
        key=data["key"],
        name=data["name"],
        chapter=int(data["chapter"]),
        stub_columns=int(data["stub_columns"]),
        arrangement=data["arrangement"],
        blocks=tuple(_block(block) for block in data["blocks"]),
    )


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
            yield Row(key=item["key"], names=own, path=path)


def _refuse_contradictions(form: Form) -> None:
    keys = [key for key, _, _ in form.cells()]
    paths = [form.paths[key] for key in keys]
    counted: Counter[tuple[str, ...]] = Counter([*keys, *paths])
    doubles = sorted(str(thing) for thing, times in counted.items() if times > 1)
    if doubles:
        raise WrongForm(f"doubled: {doubles}")
    known = set(keys)
    for identity, left, right in form.equations():
        lost = {*left, *right} - known
        if lost or identity.code not in form.pages:
            raise WrongForm(f"{identity.code}: {sorted(lost)}")
