"""``template``: every fault of an edited Word template, before a report is made with it."""

from reportgen.commands.options import file, flag, print_as_json, supplies, words
from reportgen.commands.usage import Options, Usage, command
from reportgen.paths import shown
from reportgen.problems import Exit


@command(
    "template",
    "检查改过的 Word 模板",
    "reportgen template templates/open_government/2021/report.docx",
    "reportgen template 本局模板.docx --form 2021",
)
@file("改过的 Word 模板（.docx）")
@words("--form", metavar="版本", says="给哪一版格式用，如 2021；省略则看模板里的格子")
@flag("--json", says="结果用 JSON 输出，供其他程序使用")
def template(options: Options) -> int:
    """Judge a template: its tags, what is left in it, and its words in filled samples.

    Raises:
        Usage: there is no such form.
        FileTrouble: the file cannot be read.
    """
    from reportgen.commands.telling import summary, tell
    from reportgen.judging import form_of, judge_template
    from reportgen.store.disk import read_bytes

    gathered = supplies(options, templates=False)
    content = read_bytes(options.file)
    known = {form.id: form for form in gathered.forms}
    if options.form and options.form not in known:
        raise Usage(f"--form 里的 {options.form} 不对，可以是 {'、'.join(known)}。")
    kind = options.file.absolute().parents[1].name  # where a kind's own template lies
    near = tuple(form for form in gathered.forms if form.kind == kind) or gathered.forms
    form = known[options.form] if options.form else form_of(content, near)
    findings = judge_template(content, shown(options.file), form, gathered)
    broken = any(finding.is_error for finding in findings)
    if options.json:
        said = [finding.as_json() for finding in findings]
        print_as_json({"file": shown(options.file), "form": form.id, "findings": said})
    else:
        print(f"{shown(options.file)}  {form.id} 版的 Word 模板（{form.basis}）")
        print(tell(findings, ()), end="")
        print(f"结果：{summary(findings)}。")
    return Exit.TEMPLATE if broken else Exit.OK
