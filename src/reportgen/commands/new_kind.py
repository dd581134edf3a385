"""``new-kind``: a kind of document of an office's own, begun as a copy of one that is there."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from reportgen.commands.new import kind_of
from reportgen.commands.options import path as path_of
from reportgen.commands.options import supplies, words
from reportgen.commands.usage import Options, Usage, command
from reportgen.paths import quoted
from reportgen.problems import Exit

if TYPE_CHECKING:
    from reportgen.model.form import Form


@command(
    "new-kind",
    "开一个本单位自己的文种",
    "reportgen new-kind 本单位模板 --name 会议纪要",
    "reportgen new-kind 本单位模板 --name 安全生产年度报告 --from 政府信息公开工作年度报告",
)
@click.argument("folder", type=path_of, metavar="文件夹", help="放本单位模板的文件夹，没有就新建")
@words("--name", metavar="文种", says="新文种的名称，也是标题的末尾，必须写")
@words("--from", metavar="文种", says="照哪个文种做；省略则照没有法定表的那一种")
def new_kind(options: Options) -> int:
    """Lay a kind of document out.

    Raises:
        Usage: it has no name, the name of one that is there, or a source that is not.
        FileTrouble: it is there already, or the disk refuses.
    """
    from reportgen.store.templates import lay_out_kind

    forms = supplies(options, templates=False).forms
    name = "".join(options.name.split())
    if not name:
        raise Usage("请用 --name 写明新文种的名称，例如 --name 会议纪要。")
    if any(name in (form.kind, form.name, *form.also) for form in forms):
        raise Usage(f"“{name}”这个文种已经有了。请换一个名称。")
    asked = getattr(options, "from")
    source = kind_of(asked, forms, "--from") if asked else _simplest(forms)
    names = {form.kind: form.name for form in forms}
    made = lay_out_kind(options.folder, name, source, options.templates)
    for path in made:
        print(f"已建好 {path}")
    folder = quoted(options.folder)
    print(f"内容照抄自“{names[source]}”，请换成自己的：")
    print("改好 kind.yaml、form.yaml（每行都有说明），再用 Word 或 WPS 改 report.docx，然后运行：")
    print(f"  reportgen --templates {folder} template {quoted(made[-1])}")
    print(f"  reportgen --templates {folder} new 2025.yaml --year 2025 --kind {name} --organ 机关全称")
    return Exit.OK


def _simplest(forms: Sequence["Form"]) -> str:
    """The kind with the fewest cells."""
    return min(forms, key=lambda form: len(form.index)).kind
