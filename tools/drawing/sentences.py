"""The template's own words, used where the clerk has given none.

They must be true of every organ: they say what the tables show and what the law asks, and invent nothing.
Each is a line of a Jinja template; ``{{ }}`` are the names that every report offers.
"""

from collections.abc import Callable, Iterator

from reportgen.model.form import CellKey, Form, Passage

ORDINANCE = "《中华人民共和国政府信息公开条例》"
DIGITS = "〇一二三四五六七八九十"

LEAD = "{{ 年度 }}年，{{ 简称 }}依照" + ORDINANCE + "组织开展政府信息公开工作，有关情况如下。"
SEE_TABLE = "{{ 简称 }}主动公开政府信息的数量，见本报告第二部分。"
WHERE = (
    '{% if 网站名称 or 网址 %}本报告在{{ 网站名称 or "网站" }}{% if 网址 %}（{{ 网址[:9] }}',
    "{{ 网址[9:] }}",
    "）{% endif %}公布，可供查阅和下载。{% endif %}",
)
"""Before, in and after the address of the site, which may be parted anywhere behind its scheme."""
CONTACT = (
    "{% if 电话 or 邮箱 or 地址 or 邮编 %}如对本报告有疑问，请与{{ 机关 }}联系（"
    '{{ [["地址", 地址], ["邮编", 邮编], ["电话", 电话]]|selectattr(1)|map("join", "：")|join("；") }}'
    "{% if 邮箱 %}{% if 电话 or 地址 or 邮编 %}；{% endif %}电子邮箱：",
    "{{ 邮箱 }}",
    "{% endif %}）。{% endif %}",
)
"""Before, in and behind the address for mail, as that of the site."""
MANAGEMENT = "政府信息的制作、审查、发布和更新，按照" + ORDINANCE + "规定的职责和程序办理。"
PLATFORMS = (
    "{% if 网站名称 %}{{ 简称 }}在{{ 网站名称 }}公开政府信息，供公众查阅和获取。"
    "{% else %}政府信息通过政府网站等依法确定的途径公开，供公众查阅和获取。{% endif %}"
)
OVERSIGHT = (
    "政府信息公开工作接受政府信息公开工作主管部门的指导和监督，接受社会监督。"
    "{% if 是政府 %}工作考核、社会评议和责任追究按照" + ORDINANCE + "和有关规定执行。{% endif %}"
)
LISTED = '{{ 各项|map("join")|join("件，") }}件'
DATE = "{{ 成文日期 }}"
FEES = (
    "{{ 年度 }}年，{{ 简称 }}"
    "{% if 信息处理费 and 信息处理费.件数 %}共收取政府信息公开信息处理费{{ 信息处理费.件数 }}件，"
    "合计{{ 信息处理费.金额 }}元。{% else %}未收取政府信息公开信息处理费。{% endif %}"
)
NOTHING_ELSE = "{% if 说收费 %}除上述情况外，{% endif %}{{ 年度 }}年度无其他需要报告的事项。"


def own_words(form: Form, passage: Passage) -> tuple[str, ...]:
    """What the template says in place of a passage that the clerk has not written, a paragraph each.

    What only the clerk can know stands there as a gap to be filled in. Nothing for a passage that may be left
    out.
    """
    known: dict[str, Callable[[], tuple[str, ...]]] = {
        "preface": lambda: (preface(form),),
        "lead": lambda: (LEAD,),
        "disclosure": lambda: (disclosure(form),),
        "requests": lambda: requests(form),
        "management": lambda: (MANAGEMENT,),
        "platforms": lambda: (PLATFORMS,),
        "oversight": lambda: (OVERSIGHT,),
        "others": lambda: (NOTHING_ELSE,),
    }
    if passage.own:
        return passage.own
    if passage.key in known:
        return known[passage.key]()
    title = form.chapters[passage.chapter - 1].title if passage.chapter else passage.name
    return (f"【待填：{title}】",) if passage.required else ()


def preface(form: Form) -> str:
    """What it rests on, who made it, its parts, the period."""
    parts = [chapter.title for chapter in form.chapters]
    return (
        f"根据{ORDINANCE}"
        '{% for 法 in 依据 %}{% if 法[0] != "《" %}、{% endif %}{{ 法 }}{% endfor %}'
        f"和{form.name}格式（{form.basis}）的要求，"
        f'{{% if 口径 == "{form.scopes[-1]}" %}}'
        "由{{ 机关 }}汇总编制本报告。{% else %}由{{ 机关 }}编制本报告。{% endif %}"
        f"本报告由{'、'.join(parts)}{DIGITS[len(parts)]}个部分组成，"
        "所列数据的统计期限自{{ 年度 }}年1月1日起至{{ 年度 }}年12月31日止。"
    )


def disclosure(form: Form) -> str:
    """What table two says, in the concepts that this form has."""
    clauses = list(_clauses(form))
    return "".join(["{{ 年度 }}年，{{ 简称 }}", *clauses]) if clauses else SEE_TABLE


def _clauses(form: Form) -> Iterator[str]:
    has = form.index.__contains__
    if has(CellKey("normative", "made")):
        yield from _rules_in_force()
    if has(CellKey("normative", "new_made")):
        yield from _rules_published()
    if any(key.column == "decisions" for key in form.index):
        yield _decisions(form)
    if has(CellKey("fees", "amount")):
        yield (
            "{% if 主动公开.行政事业性收费.本年收费金额 %}"
            "行政事业性收费{{ 主动公开.行政事业性收费.本年收费金额 }}万元。"
            "{% else %}无行政事业性收费。{% endif %}"
        )
    if has(CellKey("procurement", "purchases")):
        yield (
            "{% if 主动公开.政府集中采购.采购项目数量 %}"
            "政府集中采购项目{{ 主动公开.政府集中采购.采购项目数量 }}项。"
            "{% else %}无政府集中采购项目。{% endif %}"
        )


def _rules_in_force() -> Iterator[str]:
    yield "{% set 规章 = 主动公开.规章 %}{% set 文件 = 主动公开.行政规范性文件 %}"
    made = _counted(
        "制定规章",
        "规章.本年制发件数",
        "废止规章",
        "规章.本年废止件数",
        "现行有效的规章",
        "规章.现行有效件数",
    )
    yield f"{{% set 各项 = {made} %}}{{% if 各项 %}}{LISTED}；{{% endif %}}"
    yield (
        "{% if 文件.本年制发件数 %}制发行政规范性文件{{ 文件.本年制发件数 }}件"
        "{% else %}未制发行政规范性文件{% endif %}，"
    )
    yield (
        "{% if 文件.本年废止件数 %}废止行政规范性文件{{ 文件.本年废止件数 }}件，{% endif %}"
        "{% if 文件.现行有效件数 %}现行有效的行政规范性文件{{ 文件.现行有效件数 }}件"
        "{% else %}无现行有效的行政规范性文件{% endif %}。"
    )


def _rules_published() -> Iterator[str]:
    yield "{% set 规章 = 主动公开.规章 %}{% set 文件 = 主动公开.规范性文件 %}"
    for name, end, silence in (("规章", "；", ""), ("文件", "。", "没有新制作、新公开的规范性文件。")):
        words = "规章" if name == "规章" else "规范性文件"
        counts = _counted(
            f"新制作{words}",
            f"{name}.本年新制作数量",
            f"新公开{words}",
            f"{name}.本年新公开数量",
            f"对外公开的{words}总数",
            f"{name}.对外公开总数量",
        )
        yield f"{{% set 各项 = {counts} %}}{{% if 各项 %}}{LISTED}{end}{{% else %}}{silence}{{% endif %}}"


def _counted(*words_and_figures: str) -> str:
    """A list of words with their figures, without those that are 0, for LISTED to print."""
    pairs = zip(words_and_figures[::2], words_and_figures[1::2], strict=True)
    return "[" + ", ".join(f'["{words}", {figure}]' for words, figure in pairs) + "]|selectattr(1)|list"


def _decisions(form: Form) -> str:
    """The numbers of decisions, one after another; one sentence of their own where all are 0."""
    kinds = [
        (row.name, "处理" + row.name, f"主动公开.{row.name}.{column.name}")
        for key, (_, row, column) in form.index.items()
        if key.column == "decisions"
    ]
    counts = _counted(*(word for _, words, figure in kinds for word in (words, figure)))
    names = "、".join(name for name, _, _ in kinds)
    return (
        f"{{% set 各项 = {counts} %}}{{% if 各项 %}}{LISTED}。"
        f"{{% else %}}未作出{names}处理决定。{{% endif %}}"
    )


def requests(form: Form) -> tuple[str, ...]:
    """What tables three and four say: one paragraph on requests, one on disputes."""
    outcomes = dict.fromkeys(
        row.names[0]
        for key, (table, row, _) in form.index.items()
        if table.key == "requests" and len(row.path) > 1 and key.row != "total"
    )
    pairs = ", ".join(f'["{name}", 申请.{name}.总计]' for name in outcomes)
    return (
        "{% set 新收 = 申请.本年新收.总计 %}{% set 结转 = 申请.上年结转.总计 %}"
        "{% set 办结 = 申请.办理结果总计.总计 %}{% set 待办 = 申请.结转下年度.总计 %}"
        "{{ 年度 }}年，{{ 简称 }}{% if not 新收 and not 结转 %}未收到政府信息公开申请，也没有上年结转的申请。"
        "{% else %}{% if 新收 %}新收政府信息公开申请{{ 新收 }}件{% else %}未新收政府信息公开申请{% endif %}，"
        "{% if 结转 %}上年结转{{ 结转 }}件{% else %}没有上年结转的申请{% endif %}。"
        f"{{% if 办结 %}}办结{{{{ 办结 }}}}件，其中{{{{ [{pairs}]|selectattr(1)"
        '|map("join")|join("件、") }}件{% else %}没有办结的申请{% endif %}；'
        "{% if 待办 %}结转下年度继续办理{{ 待办 }}件{% else %}没有结转下年度继续办理的申请{% endif %}。"
        "{% endif %}",
        "{% set 复议 = 复议诉讼.行政复议.总计 %}"
        "{% set 诉讼 = 复议诉讼.未经复议直接起诉.总计 + 复议诉讼.复议后起诉.总计 %}"
        "{% if 复议 or 诉讼 %}因政府信息公开工作引起的行政复议{{ 复议 }}件，行政诉讼{{ 诉讼 }}件。"
        "{% else %}没有因政府信息公开工作引起的行政复议和行政诉讼。{% endif %}",
    )
