import gc
import weakref

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.checks import Context, running
from reportgen.checks.contract import once
from reportgen.checks.open_government.claims.reading import understood
from reportgen.model.form import Form
from reportgen.model.report import Report
from reportgen.problems import Level
from rule_cases import BASES, FOLDER, report_of

BASE = {name: (FOLDER / "base" / f"{name}.yaml").read_text(encoding="utf-8") for name in BASES}
OURS = ("N", "G03", "X18", "T4-04")


def told(text: str, known: tuple[Form, ...] = (), **fields: str) -> Report:
    """A sound report of a town with a text as its first chapter."""
    head, _, tail = BASE["2021"].partition("总体情况:")
    _, _, tail = tail.partition("\n主动公开:")
    for name, value in fields.items():
        head = head.replace(f"{name}:", f"{name}: {value} #")
    return report_of(f"{head}总体情况: |\n  {text}\n\n主动公开:{tail}", known)


def _claims(text: str) -> list[tuple[str, int]]:
    return [
        (claim.key, int(claim.number.value)) for claim in understood(told(text))[0] if claim.says != "all"
    ]


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        (
            "全镇共收办政府信息公开申请案件36件（镇政府20件、镇财政所16件），同比增长70.3%。",
            [("received", 36)],
        ),
        (
            "自然人申请34件，法人或其他组织申请2件；予以公开11件、部分公开3件、不予公开1件、无法提供10件、不予处理4件、"
            "其他处理（申请人撤回）3件、转下年度办理4件。",
            [
                *[("person", 34), ("organisations", 2), ("open", 11), ("partial", 3), ("deny", 1)],
                *[("unable", 10), ("refuse", 4), ("other", 3), ("goes_on", 4)],
            ],
        ),
        (
            "答复政府信息公开申请80件（其中上年度结转8件，还有7件依法顺延至下年度答复）。",
            [("done", 80), ("carried", 8), ("goes_on", 7)],
        ),
        ("依申请公开中，予以公开和部分公开共25件，占三成以上。", [("open_or_partial", 25)]),
        ("政府信息公开申请答复情况：予以公开、不予公开分别为5件和三件。", [("open", 5), ("deny", 3)]),
        ("政府信息公开申请答复情况：予以公开、不予公开分别为5件、3件、2件。", []),
        ("收到政府信息公开申请5件办结4件。", [("received", 5), ("done", 4)]),
        ("对收到的5件政府信息公开申请不予公开。", []),
        ("县公安局收到政府信息公开申请5件，答复5件。予以公开3件。", []),
        (
            "县公安局收到政府信息公开申请5件。2023年，示例镇收到政府信息公开申请6件，答复4件。",
            [("received", 6), ("done", 4)],
        ),
        ("信息公开行政复议有6件，诉讼有8件，结果都是维持。", [("review", 6), ("suits", 8)]),
        ("县公安局收到政府信息公开申请5件。全年收到政府信息公开申请6件。", [("received", 6)]),
        ("县公安局收到政府信息公开申请5件。全年收到4件；受理4件。", []),
        ("通过网站收到政府信息公开申请5件，答复4件；办结6件。", [("done", 6)]),
        ("新收及上年结转政府信息公开申请共28件。", [("new+carried", 28)]),
        ("政府信息公开申请中，予以公开、部分公开共21件。", [("open+partial", 21)]),
        ("示例镇政府收到政府信息公开申请26件，县政府收到政府信息公开申请50件。", [("received", 26)]),
        (
            "截至2023年12月31日收到政府信息公开申请26件，截至2022年12月31日收到政府信息公开申请20件。",
            [("received", 26)],
        ),
        ("2023年6月收到政府信息公开申请2件。", []),
        ("2019年至2023年收到政府信息公开申请112件。", []),
        ("2022年公开工作稳步推进。收到政府信息公开申请12件。", [("received", 12)]),
    ],
)
def test_sentences_are_understood_number_by_number(text: str, claims: list[tuple[str, int]]) -> None:
    assert _claims(text) == [
        ("openings" if key == "open_or_partial" else key, number) for key, number in claims
    ]


def test_a_sentence_after_one_about_last_year_speaks_of_last_year() -> None:
    claims, _ = understood(told("2022年公开工作稳步推进。收到政府信息公开申请12件。"))
    assert [claim.year for claim in claims] == [-1]


_PIECES = [
    *[
        "收到",
        "申请",
        "政府信息公开申请",
        "自然人",
        "予以公开",
        "不予公开",
        "分别为",
        "其中",
        "行政复议",
        "诉讼",
        "维持",
    ],
    *[
        "5件",
        "十二件",
        "3.5%",
        "约",
        "2023年",
        "2022年",
        "，",
        "、",
        "；",
        "。",
        "（",
        "）",
        "：",
        "一是",
        "占",
        "同比增长",
    ],
    *[
        "信息处理费",
        "20元",
        "行政规范性文件",
        "制发",
        "未",
        "均",
        "+",
        "结转下年度",
        "上年结转",
        "无",
        "全年",
    ],
]


@given(st.lists(st.sampled_from(_PIECES), min_size=1, max_size=25).map("".join))
def test_no_order_of_words_crashes_a_rule(text: str) -> None:
    report = told(f"“{text}")
    for rule in running.rules_for(report.form):
        if rule.code.startswith(OURS):
            for finding in running.run_rule(rule, report, Context(last=report, strict=True)):
                assert finding.message
                assert finding.places


def test_what_is_reckoned_once_is_forgotten_with_its_report() -> None:
    seen: list[int] = []

    @once
    def reckoned(report: Report) -> int:
        seen.append(report.year)
        return report.year

    report = told("没有。")
    assert [reckoned(report), reckoned(report)] == [2023, 2023]
    assert seen == [2023]
    watch = weakref.ref(report)
    del report
    gc.collect()
    assert watch() is None
    assert reckoned(told("没有。")) == 2023
    assert seen == [2023, 2023]


def test_the_sentences_of_one_report_do_not_keep_it_alive() -> None:
    report = told("收到政府信息公开申请26件。")
    running.check_report(report, Context(strict=True))
    watch = weakref.ref(report)
    del report
    gc.collect()
    assert watch() is None


def _alarms(text: str) -> list[tuple[str, str]]:
    """The findings of the rules on sentences and tables, but notes, in a report with this first chapter."""
    report = told(text)
    rules = (rule for rule in running.rules_for(report.form) if rule.code.startswith(OURS))
    found = (each for rule in rules for each in running.run_rule(rule, report, Context()))
    return [(each.code, each.found) for each in found if each.level is not Level.NOTE]


@pytest.mark.parametrize(
    "text",
    [
        # what is handled behind what is done is not done yet
        "全年共办复依申请公开25件，另有3件在法定期限内办理。",
        "答复政府信息公开申请25件，剩余3件依法办理。",
        "政府信息公开申请办结25件，还有3件跨年办理。",
        "已答复政府信息公开申请25件，另外3件在规定时限内处理。",
        "收到政府信息公开申请26件，答复25件，3件依程序办理。",
        # 维持 behind the parts of a whole is of the whole
        "信息公开行政复议2件，其中当年受理的行政复议2件；维持1件。",
        "信息公开行政复议2件、行政诉讼0件，复议机关维持1件，尚未审结1件。",
        "政府信息公开行政诉讼0件，其中直接起诉0件、复议后起诉0件；法院判决维持0件，败诉0件。",
        "因政府信息公开引起行政复议2件、直接起诉0件、复议后起诉0件，共维持1件。",
        "信息公开行政复议2件，行政诉讼0件；结果维持1件。",
        # what is denied is what stands last, not the verb before it
        "本镇未办理行政强制。",
        "本镇全年未办理行政强制决定，未实施行政强制。",
        "依申请公开方面，未办理行政强制事项。",
        "本镇没有办理行政诉讼案件。",
        "全年未办理政府信息公开行政诉讼。",
        # reasons in a row
        "在25件答复中，公开21件，其余4件因不予公开和无法提供等原因未提供信息。",
        "收到政府信息公开申请26件，答复25件，其余4件因不予公开、无法提供未提供信息。",
        "政府信息公开申请中4件因无法提供、不予公开等原因没有公开。",
        "政府信息公开申请办理结果：予以公开21件，其余4件为不予公开或者无法提供。",
        "政府信息公开申请中，4件因第三方合法权益、本机关不掌握等原因未公开。",
        # 未予公开 tells how those named ended, not that none was opened
        "政府信息公开申请中，涉及第三方合法权益的3件，均未予公开。",
        "因第三方不同意，3件政府信息公开申请未予公开。",
        "申请的信息属于第三方合法权益的，依法未予公开。",
        "政府信息公开申请中，第三方合法权益3件，依法未公开。",
        "有的政府信息公开申请涉及第三方，未公开。",
        # 均 behind a counted part is of that part, if it is no word on all of it
        "不予公开的3件申请人均为自然人。",
        "不予公开的3件均已向政府信息公开申请人说明理由。",
        "结转下年度的3件政府信息公开申请均由自然人提出。",
        "政府信息公开申请中，不予公开的3件均涉及第三方合法权益。",
        "收到政府信息公开申请26件，其中申请人均为自然人的有25件。",
        # topics are no other matter; cases are
        "收到政府信息公开申请26件，主要涉及行政执法、审批等方面；答复25件，不予公开3件。",
        "收到政府信息公开申请26件，另收到涉及信访投诉的来信12件，答复12件。",
        "受理信访举报15件，主要涉及征地补偿，办结14件。",
        "政府信息公开申请中，从内容看，涉及行政执法案卷的3件。",
        "政府信息公开申请中不予公开3件，涉及第三方合法权益的3件。",
        # what is only some of it
        "政府信息公开申请中，20个工作日内答复20件，延期后答复5件。",
        "信息公开行政复议2件，其中涉及村务的1件，纠正1件。",
        "政府信息公开行政复议2件，其中1件已审结，均维持原答复的有1件。",
        "征求政府信息公开申请第三方意见4件，第三方不同意公开2件。",
        "政府信息公开申请中有5件因不予公开等原因申请复议。",
        # shares and rates of other things
        "公开预算118份、决算118份，公开率100%。",
        "作出行政许可128件、行政处罚12件，公开率100%。",
        "政府信息公开申请26件中，网上申请20件，占76.9%；信函申请6件，占23.1%。",
        "自然人申请占政府信息公开申请收到总数的96.2%。",
        "信息公开行政复议2件，占收到申请的7.7%。",
        # sums
        "新收政府信息公开申请26件，加上上年结转2件，应办理28件。",
        "收到的28件申请（含上年结转2件）中，3件结转下年，其余25件全部办结。",
        "上年结转的2件申请全部办结，本年新收的26件办结23件。",
        "政府信息公开申请当场答复3件，其余22件书面答复。",
        "政府信息公开申请均由自然人和企业提出。",
        "政府信息公开申请26件，26件申请中征地类20件、救助类6件。",
        "收到政府信息公开建议11件、依申请公开提案15件，其中主办20件、会办6件。",
        "政府信息公开申请的两项结果，予以公开、部分公开两项共21件。",
        "新收政府信息公开申请26件，连同上年结转的2件，应办28件，已办25件。",
        "政府信息公开申请应答复25件，已答复25件，答复率100%。",
        "政府信息公开申请中2件因第三方不同意且涉及其权益不予公开，1件因商业原因不予公开。",
        "政府信息公开申请逾期不补正0件，逾期未缴费0件，其他处理全部属于撤回情形，共1件。",
        "政府信息公开申请中上年度结转2件，新收、办结、结转、公开四项均已公示。",
        "全年更新信息96条，其中77条发布在网站，其余19条发布在公众号。",
        "收到建议18件，其中12件已办结，采纳5件，其余6件在办。",
        "政府信息公开申请26件的来源为：网站20件，邮寄6件。",
        "政府信息公开申请新收数为26，上年结转数为2，办理结果总计为25。",
        # how the applications of some ended
        "商业企业申请办结1件，自然人的政府信息公开申请办结24件。",
        "商业企业的1件申请已予以公开；自然人的24件答复中，公开20件，不予公开3件。",
        "答复政府信息公开申请25件，自然人24件，企业1件。",
        "政府信息公开申请未办结的只有自然人申请3件。",
        "公众和企业的政府信息公开申请26件，其中自然人25件，企业1件。",
        # a change against a base that is told, the count itself unsaid
        "政府信息公开申请较2022年的20件增加6件，增长30%。",
        "新收政府信息公开申请比上年（20件）多6件，同比上升30%。",
        "申请数量较上年的40件减少14件，降幅35%。",
        "主动公开信息由上年的240条增加到312条，增长30%。",
        # disputes one by one
        "信息公开行政复议2件；复议后又向法院起诉0件，未经复议直接向法院起诉0件。",
        "直接提起信息公开行政诉讼0件，被复议机关维持1件。",
        "信息公开复议、诉讼两类案件合计2件，尚未审结1件。",
        "政府信息公开行政诉讼0件，直接起诉0件、复议后起诉0件，全部判决维持。",
        "自然人的政府信息公开申请中，未到期的3件均未办结。",
        "人大代表建议均未答复，政府信息公开申请按期答复。",
        "政府信息公开申请征求第三方意见，第三方均未答复。",
        # nothing is said to have happened
        "切实避免发生因政府信息公开引起的行政诉讼。",
        "收到政府信息公开申请后，办公室当天登记。",
        "本镇依法享有行政强制职责，村民有申请公开政府信息的权利。",
        "发生政府信息公开行政诉讼的，由党政办公室应诉。",
        "2022年发生了政府信息公开行政诉讼。",
        "县政府制定了规章。上级出台了规章，我镇认真落实。",
        "县综合行政执法局实施了行政强制。",
        "作出了行政强制决定的，七日内公开。",
        "申请人有重复申请行为的，告知不予处理。",
        "全年没有发生过信息公开行政诉讼，不存在复议后起诉的案件。",
        "如产生了信息处理费，依法收取。",
        "虽有上年结转的政府信息公开申请，但没有部分公开的。",
        "我镇有行政许可权，没有行政强制权。",
        "有行政许可，也有行政处罚，没有行政强制。",
        "政府信息公开申请中，1件因不掌握无法提供，没有申请因逾期不缴费终止。",
        "政府信息公开申请中，发出收费通知26件，申请人均逾期未缴纳费用。",
        "全年发出收费通知26件，申请人均逾期未缴纳费用。",
        "召开政府信息公开工作会26次，均由企业申请人参加。",
        "尚有3件政府信息公开申请未到答复期限，均为自然人申请。",
    ],
)
def test_what_is_told_rightly_brings_no_alarm(text: str) -> None:
    assert not _alarms(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("政府信息公开申请办结25件，另有5件在法定期限内办理。", "N04"),
        ("信息公开行政复议2件、行政诉讼0件，维持2件。", "N10"),
        ("本镇未办理行政许可决定。", "N11"),
        ("政府信息公开申请办理结果：予以公开21件，其余5件为不予公开或者无法提供。", "N06"),
        ("不予公开的3件政府信息公开申请均由企业提出。", "N07"),
        ("结转下年度的3件政府信息公开申请均为企业申请。", "N07"),
        ("政府信息公开申请中，不予公开的3件均为国家秘密。", "N06"),
        ("收到政府信息公开申请26件，主要涉及行政执法、审批等方面；答复24件。", "N03"),
        ("政府信息公开申请中，不予公开的3件中，涉及第三方合法权益的2件。", "N06"),
        ("政府信息公开申请26件中，网上申请20件，占79.6%；信函申请6件，占23.1%。", "N13"),
        ("自然人申请占政府信息公开申请收到总数的92.6%。", "N13"),
        ("新收政府信息公开申请26件，加上上年结转2件，应办理38件。", "N01"),
        ("收到的28件申请（含上年结转2件）中，3件结转下年，其余23件全部办结。", "N03"),
        ("政府信息公开申请26件，26件申请中征地类20件、救助类5件。", "N12"),
        ("信息公开行政复议2件，复议机关均撤销了原答复。", "N10"),
        ("全年更新信息96条，其中77条发布在网站，其余29条发布在公众号。", "N12"),
        ("主动公开信息312条，分布为：网站200条，公众号121条。", "N12"),
        ("政府信息公开申请新收数为62，上年结转数为2。", "N01"),
        ("共办理政府信息公开申请28件，其中办结25件、结转下年度3件、上年结转0件。", "N02"),
        ("商业企业的政府信息公开申请办结2件。", "N03"),
        ("商业企业提出的政府信息公开申请均未办结。", "N03"),
        ("政府信息公开申请较2022年的20件增加6件，增长35%。", "N13"),
        ("政府信息公开申请应答复31件，已答复25件。", "N01"),
        ("直接提起信息公开行政诉讼0件，被复议机关维持2件。", "N10"),
        ("信息公开复议、诉讼两类案件合计2件，尚未审结2件。", "N10"),
        ("全年发生了因政府信息公开引起的行政诉讼案件。", "N09"),
        ("政府信息公开行政诉讼出现败诉。", "N10"),
        ("本镇实施了行政强制。", "N11"),
        ("全年废止了行政规范性文件。", "N11"),
        ("收到了科研机构提出的政府信息公开申请。", "N07"),
        ("另有部分公开的政府信息公开申请。", "N05"),
        ("政府信息公开申请中有重复申请。", "N06"),
        ("信息公开行政复议2件，复议后起诉的案件也有发生。", "N09"),
        ("全镇收取了政府信息公开信息处理费。", "N14"),
        ("有行政强制事项，无行政许可。", "N11"),
        ("政府信息公开申请中，没有部分公开的，但收到过重复申请。", "N06"),
        ("尚有3件政府信息公开申请未到答复期限，均为企业申请。", "N07"),
        ("26件政府信息公开申请均为涉企政策类，全部不予公开。", "N06"),
        ("全年发生2件涉及政府信息公开的行政复议，复议机关撤销原答复。", "N10"),
        ("信息公开工作中，有2件被纠正的行政复议案件。", "N10"),
        ("收到过1件政府信息公开申请，部分予以公开。", "N05"),
        ("政府信息公开申请中，申请人逾期不缴费的1件。", "N06"),
    ],
)
def test_what_is_told_wrongly_is_found(text: str, code: str) -> None:
    assert code in [found for found, _ in _alarms(text)]


def test_the_organ_itself_may_stand_alone_before_what_it_did() -> None:
    text = "本级行政复议机构共办理各类行政复议案件213件，其中撤销21件，调解结案50件。"
    assert understood(told(text, 机关="某县财政局", 级别="县级部门"))[0] == ()


def _is_asked_about(text: str, found: str) -> bool:
    """True for a figure told by a warning that asks to look; False for one told by an error that does not."""
    report = told(text)
    rules = (rule for rule in running.rules_for(report.form) if rule.code.startswith(OURS))
    findings = [each for rule in rules for each in running.run_rule(rule, report, Context())]
    level, message = {each.found: (each.level, each.message) for each in findings}[found]
    plain = message.removesuffix("，请核对。")
    assert "请核对" not in plain
    assert level is (Level.ERROR if plain == message else Level.WARNING)
    return level is Level.WARNING


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2023年，示例镇共收到政府信息公开申请27件。", "收到政府信息公开申请27件"),
        ("收到政府信息公开申请26件，办结24件。", "办结24件"),
        ("收到政府信息公开申请26件，其中自然人24件、企业1件。", "自然人24件"),
        ("政府信息公开申请中，21件予以公开，2件不予公开。", "2件不予公开"),
        ("全年政府信息公开申请结转下年度继续办理4件。", "结转下年度继续办理4件"),
        ("因政府信息公开引起的行政复议2件，维持2件。", "维持2件"),
        ("作出行政许可128件、行政处罚13件。", "行政处罚13件"),
        ("我镇未收到政府信息公开申请。", "未收到政府信息公开申请"),
        ("梳理许可事项23项，依法作出行政许可决定129件。", "行政许可决定129件"),
    ],
)
def test_a_figure_of_a_clause_understood_whole_is_an_error(text: str, found: str) -> None:
    assert not _is_asked_about(text, found)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # whose, which, why: words of the clause that may cut a part off
        ("收到的20件政府信息公开申请因内容不明确，一次性告知补正。", "收到的20件政府信息公开申请"),
        ("政府信息公开申请中，对重复申请的2件，依法不予处理。", "重复申请的2件"),
        ("政府信息公开申请应答复31件，已答复25件。", "应答复31件"),
        ("收到政府信息公开申请26件，合并答复24件。", "答复24件"),
        # an applicant named before
        ("律师事务所的9件政府信息公开申请办结6件，予以公开3件。", "予以公开3件"),
        # a count that nothing is known of stands before
        ("政府信息公开申请编写答复稿90件，办结20件。", "办结20件"),
        ("政府信息公开申请制作文书62份，自然人22份。", "自然人22份"),
        # disputes of more than one kind, or told before a semicolon
        ("因政府信息公开引起的行政复议2件，行政诉讼0件，维持2件。", "维持2件"),
        ("因政府信息公开引起的行政复议2件；维持2件。", "维持2件"),
        # nearly all of it is wrong at once
        ("收到政府信息公开申请5件，办结4件，结转下年度1件。", "办结4件"),
    ],
)
def test_a_figure_of_a_clause_that_says_more_is_asked_about(text: str, found: str) -> None:
    assert _is_asked_about(text, found)
