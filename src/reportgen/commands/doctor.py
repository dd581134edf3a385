"""``doctor``: what this machine has, what can be done with it, and how to get the rest."""

from typing import TYPE_CHECKING

from reportgen.commands.options import flag, supplies
from reportgen.commands.usage import Options, command
from reportgen.makers import kinds, maker_for
from reportgen.problems import Exit

if TYPE_CHECKING:
    from reportgen.makers import Maker

_CALLED = {"docx": "生成 Word 文件", "html": "生成网页", "pdf": "生成 PDF"}


@command("doctor", "看这台电脑的工具和字体是否齐全", "reportgen doctor", "reportgen doctor --fix")
@flag("--fix", says="下载缺少的免费字体（只有加了它才联网）")
def doctor(options: Options) -> int:
    """Print what this machine has, what can be done and what cannot; with ``--fix`` get what can be got.

    What only signing needs is listed, but its absence is no failure: reports are made without it.
    """
    from reportgen import signing

    forms = supplies(options).forms
    makers = {kind: maker for kind in kinds() if (maker := maker_for(kind))}
    if options.fix:
        for maker in makers.values():
            maker.fix(_say)
    print(f"表样和模板：{'、'.join(f'{form.id}年起（{form.basis}）' for form in forms)}")
    whole = all([_looked_at(maker) for maker in makers.values()])
    for part in signing.PARTS:
        there = part.installed
        print(f"可用  {part.name}：{there}" if there else f"没装  {part.name}")
    _sum_up(makers)
    return Exit.OK if whole else Exit.TOOL_MISSING


def _say(sentence: str) -> None:
    print(sentence, flush=True)


def _looked_at(maker: "Maker") -> bool:
    """Print what a maker needs; True if nothing is missing."""
    seen = maker.diagnose()
    for what, fine, says in seen:
        print(f"{'可用' if fine else '缺少'}  {what}：{says}")
    return all(fine for _, fine, _ in seen)


def _sum_up(makers: dict[str, "Maker"]) -> None:
    """Print what can be done now, what cannot, and what to do about that."""
    from reportgen import itself, signing

    lacking = {kind: sentence for kind, maker in makers.items() if (sentence := maker.missing())}
    unsigned = [part for part in signing.PARTS if not part.installed]
    can = ["检查年报", "读旧年报", *(_called(kind) for kind in makers if kind not in lacking), "归档"]
    print(f"现在能做：{'、'.join([*can, *(part.what for part in signing.PARTS if part not in unsigned)])}。")
    for kind, sentence in lacking.items():
        print(f"还不能{_called(kind)}：{sentence}")
    if unsigned:
        packages = (part.package for part in unsigned)
        print(f"还不能{'、'.join(part.what for part in unsigned)}：{itself.getting(*packages)}")


def _called(kind: str) -> str:
    return _CALLED.get(kind, f"生成 {kind}")
