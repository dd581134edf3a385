"""Who reports: the organ's name in the title, the preface, the sentences and the signature."""

import re
import unicodedata
from collections.abc import Iterator

from reportgen.advice import in_clerks_file
from reportgen.checks.contract import Context, Fault, paragraphs, place_at, rule
from reportgen.chinese.organs import ends_as_organ, full_name, organ_in, same_organ, standing_of, years_in
from reportgen.model.keys import MORE_ITEMS
from reportgen.model.report import Organ, Report
from reportgen.problems import Ground, Level

_PLACE = re.compile(r"[\u4e00-\u9fff]{2,5}?(?:街道|[省市县区旗镇乡])")
_NO_PLACE = re.compile(
    r"(?:[社辖城地小市县校园景]区|各?(?:乡镇|县区|市区)|城市|全[市县区镇乡省]|(?:小|集|村|邻|中心|重点|建制|特色|美丽|下辖)[镇乡市区县]|[本我各该][市县区镇乡省旗])$"
)
_LINE = re.compile(r"[\u4e00-\u9fff]{5,30}")
_PRONOUN = re.compile(r"[本我各该全]")

_NOT_NESTED = ("省级", "县级", "乡镇", "街道")
"""Levels with kinds of places that never lie in one another."""

_COMPILED = re.compile(
    r"由(?P<who>[\u4e00-\u9fff]{4,30}?)(?:负责|汇总|组织|牵头|统一|具体)*(?:编制|编写|编撰|起草|编发)"
)
_ASKED = re.compile(r"请[与于同向](?P<who>[\u4e00-\u9fff]{4,30}?)联系")
_SUBJECT = re.compile(
    r"(?:20\d\d年度?|本年度|全年|年内)[，,]?(?P<who>[\u4e00-\u9fff]{2,14}?(?:街道|[镇乡县区市]|政府|办事处|局))"
    r"(?=严格|认真|深入|坚持|按照|高度|积极|切实|全面|持续|扎实|紧紧|未收到|没有收到|共收到|收到|依法)"
)


def _squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def is_own(name: str, organ: Organ) -> bool:
    """True if a name can be the organ's: in full, a part of it, shortened, or its office."""
    if _PRONOUN.match(name) or same_organ(name, organ.name) or _is_own_zone(name, organ):
        return True
    if of_other_place(name, organ):
        return False
    name = _government(name)
    own = (_government(organ.name), _government(organ.short))
    return any(name in each or _shortens(name, each) or _shortens(each, name) for each in own)


def _is_own_zone(name: str, organ: Organ) -> bool:
    """True for a development zone under its short name: 甲经开区管委会, 甲经济技术开发区管理委员会."""
    short, long = sorted((full_name(name), full_name(organ.name)), key=len)
    return short.endswith("管理委员会") and short[0] in long[:1] and _shortens(short, long)


def _government(name: str) -> str:
    """The name as both ways of naming a government have it: 示例县人民政府, 示例县政府."""
    return _squeezed(name).replace("人民政府", "政府")


def _of_same_place(name: str, organ: Organ) -> bool:
    """True if a name has the organ's own place in it."""
    own = _places(_squeezed(organ.name))
    return bool(own) and own[-1] in name


def _shortens(short: str, full: str) -> bool:
    """True if the characters of one stand in the other in their order: 县发改局, 县发展和改革局."""
    rest = iter(full)
    return all(sign in rest for sign in short)


def _places(name: str) -> list[str]:
    return [found[0] for found in _PLACE.finditer(name) if not _NO_PLACE.search(found[0])]


def of_other_place(name: str, organ: Organ) -> bool:
    """True if a name has a place of the kind of the organ's own, and it is another one."""
    full = _squeezed(organ.name)
    own = _places(full)
    if not own:
        return False
    kind = own[-1][-1]
    alike = [place for place in _places(name) if place[-1] == kind]
    return bool(alike) and not any(place in full or own[-1] in place for place in alike)


@rule(
    "X03",
    Level.ERROR,
    Ground.FORM,
    title="标题不全",
    what="标题有机关全称、年度和文种（政府信息公开工作年度报告等）。没有标题、缺年度或文种末尾的“年度报告”是错误；"
    "文种写得不全（如缺“工作”）或缺机关全称是提醒。",
    why="读者和主管部门按标题查找年报；年度不对，多半是上年的文件没有改。",
    basis="国务院办公厅年报格式；各地公布年报的通行写法",
    fix="照应有的标题改。",
    in_file=in_clerks_file(
        "也可以删去“标题”这一项，由程序按规定写。",
        f"也可以删去工作表“{MORE_ITEMS}”里的“标题”，由程序按规定写。",
        "也可以在页面下方的“原文”里删去“标题”这一项，由程序按规定写。",
    ),
)
def wrong_title(report: Report, context: Context) -> Iterator[Fault]:
    """A title of the clerk's own in which something is missing; a document that has none."""
    title = _squeezed("".join(report.title))
    year = "××××" if report.year_is_assumed else report.year
    right = report.form.usual_title(report.organ.name, year)
    if not title:
        if context.of_document and "title" in report.places:
            yield Fault("没有找到年报的标题。", ("title",), right, fix="在正文前面补上标题，独占一段。")
        return
    for message, level in _title_faults(title, report):
        ground = Ground.PROSE if level else None  # what is missing is said otherwise, perhaps
        yield Fault(message, ("title",), right, title, level=level, ground=ground)


def _title_faults(title: str, report: Report) -> Iterator[tuple[str, Level | None]]:
    years = years_in(title)
    if str(report.year) not in years and not report.year_is_assumed:
        said = f"标题的年度是 {years[0]} 年，不是 {report.year} 年。" if years else "标题没有写年度。"
        yield said, None
    names = (report.form.name, *report.form.also)
    if not any(name in title for name in names):
        told = "年度报告" if report.form.name.endswith("年度报告") else report.form.name
        if told not in title:
            yield f"标题没有“{told}”。", None
        else:
            yield f"标题不是“{report.form.name}”。", Level.WARNING
    name = organ_in(title)
    full = _squeezed(report.organ.name)
    region = full.removesuffix("人民政府") if report.adds_up else full
    if full not in title and region not in title and (not name or is_own(name, report.organ)):
        yield "标题没有写机关全称。", Level.WARNING


@rule(
    "X25",
    Level.WARNING,
    Ground.PLAUSIBILITY,
    title="级别与机关名称不符",
    what="级别与机关名称相符：只写地名的就是这个地方的人民政府（某某市、某某镇），街道是街道办事处；"
    "从名称看不准的（开发区、写了两种级别都可能的市）不比。",
    why="级别决定公布的期限和要报告的内容，级别错了，有的规则就查错了。",
    basis="国务院办公厅年报格式；行政区划",
    fix="核对机关名称和级别，改正错的那一个。",
)
def other_level(report: Report, _context: Context) -> Iterator[Fault]:
    """A level that the organ's name speaks against: a town that calls itself a department of its county."""
    name, level = report.organ.name, report.organ.level
    standing = standing_of(name)
    known = standing.level in report.form.levels
    if known and level and standing.possible and level not in standing.possible:
        message = f"“{name}”像是{standing.level}的名称，级别写的是“{level}”。"
        yield Fault(message, ("level",), standing.level, level)


@rule(
    "X13",
    Level.ERROR,
    Ground.PROSE,
    title="写成了别的单位",
    what="标题、前言（由谁编制、与谁联系）和落款的单位就是本机关；正文的主语不是别的地方。"
    "正文的主语和没有写全的编制单位，是提醒。",
    why="写成别的单位，多半是从别处的年报抄来的，公开以后影响很坏。",
    basis="国办公开办函〔2021〕30号：内容雷同、敷衍塞责的，依照《条例》第四十七条处理",
    fix="改成本机关的名称；并通读全文，看看还有没有从别处抄来的内容。",
)
def other_organ(report: Report, _context: Context) -> Iterator[Fault]:
    """Another unit's name where the organ's own belongs."""
    name = organ_in(_squeezed("".join(report.title)))
    other = name and not is_own(name, report.organ)
    if other and (ends_as_organ(name) or of_other_place(name, report.organ)):
        yield Fault(f"标题的单位是“{name}”。", ("title",), report.organ.name, name)
    yield from _in_preface(report)
    yield from _in_signature(report)
    yield from _in_sentences(report)


def _is_neighbour(name: str, organ: Organ) -> bool:
    """True for another office of a department's place; for a government any of its offices may compile."""
    return ends_as_organ(name) and not organ.is_government and _of_same_place(name, organ)


def _in_preface(report: Report) -> Iterator[Fault]:
    for number, paragraph in enumerate(report.prose.get("preface", ()), 1):
        for pattern, told in ((_COMPILED, "编制单位"), (_ASKED, "联系单位")):
            for found in pattern.finditer(paragraph.text):
                name = found["who"]
                other = of_other_place(name, report.organ)
                odd = told == "编制单位" and _is_neighbour(name, report.organ)
                if is_own(name, report.organ) or not (other or odd):
                    continue
                yield Fault(
                    f"前言的{told}是“{name}”。",
                    (f"preface.{number}",),
                    report.organ.name,
                    name,
                    places=(place_at(paragraph, found.start("who"), len(name)),),
                    level=None if other else Level.WARNING,
                )


def _in_signature(report: Report) -> Iterator[Fault]:
    """Who signs a document, and lines of chapter six that are nothing but the name of an organ."""
    signed = report.layout.signed
    if signed and not same_organ(signed.text, report.organ.name):
        own = is_own(_squeezed(signed.text), report.organ)
        said = "与标题的写法不同，有一处不是机关全称" if own else f"是“{signed.text}”"
        yield Fault(
            f"落款的单位{said}。",
            ("organ",),
            report.organ.name,
            signed.text,
            places=(signed.place,),
            level=Level.WARNING if own else None,
        )
    for number, paragraph in enumerate(report.prose.get("others", ()), 1):
        name = _squeezed(paragraph.text)
        if _LINE.fullmatch(name) and ends_as_organ(name) and of_other_place(name, report.organ):
            place = place_at(paragraph, 0, len(paragraph.text))
            message = f"落款的单位是“{name}”。"
            yield Fault(message, (f"others.{number}",), report.organ.name, name, places=(place,))


def _in_sentences(report: Report) -> Iterator[Fault]:
    if report.adds_up and not report.organ.level.startswith(_NOT_NESTED):
        return
    for about, paragraph in paragraphs(report):
        for found in _SUBJECT.finditer(paragraph.text):
            name = found["who"]
            if is_own(name, report.organ) or not of_other_place(name, report.organ):
                continue
            if not report.adds_up or _is_outside(name, report.organ):
                place = place_at(paragraph, found.start("who"), len(name))
                message = f"正文的主语是“{name}”，不是本机关。"
                yield Fault(message, (about,), report.organ.short, name, places=(place,), level=Level.WARNING)


def _is_outside(name: str, organ: Organ) -> bool:
    """True for a place that cannot be within the organ's own: no 县 lies in a 县, no 镇 in a 镇.

    A 市 may lie in a 市, or the other way round; a 区 may be a development zone, unless it has a government.
    """
    kind = _places(_squeezed(organ.name))[-1][-1]
    return kind in "省县旗镇乡道" or (kind == "区" and name.endswith("区人民政府"))
