"""Whether a template can be filled, asked before every document and answered once for each template."""

from collections.abc import Iterator, Mapping

from reportgen.makers.docx_docxtpl.kept import keep, key_of, recall
from reportgen.model.form import Form
from reportgen.problems import Finding, TemplateBroken

_SEEN: dict[tuple[bytes, str], tuple[Finding, ...]] = {}


def ensure_sound(template: bytes, form: Form, names: Mapping[str, object]) -> None:
    """Let a template pass that can be filled; the check is made once for each template and form.

    That it found nothing is kept for the next run; faults are found anew.

    Args:
        template: a Word file.
        form: whose cells it has to hold.
        names: what a report offers to it.

    Raises:
        TemplateBroken: with all its faults.
    """
    known = (template, form.id)
    if known not in _SEEN:
        _SEEN[known] = _faults(template, form, names)
    if faults := _SEEN[known]:
        raise TemplateBroken(f"{form.id} 版的 Word 模板有 {len(faults)} 处错误，改正后再生成。", faults)


def _faults(template: bytes, form: Form, names: Mapping[str, object]) -> tuple[Finding, ...]:
    key = key_of("sound", template, repr(form), "\n".join(_shape(names)))
    if recall(key) is not None:
        return ()
    from reportgen.makers.docx_docxtpl.template_check import check_template

    faults = check_template(template, form, names)
    if not faults:
        keep(key, b"")
    return faults


def _shape(names: Mapping[str, object], above: str = "") -> Iterator[str]:
    """Every name, and whether it holds others: what the check can tell of them."""
    for name, value in names.items():
        yield f"{above}{name} {type(value).__name__}"
        if isinstance(value, Mapping):
            yield from _shape(value, f"{above}{name}.")
