"""Sentences about applications and disputes. A name in braces asks for a figure (see ``filling``)."""

from typing import NamedTuple


class Phrase(NamedTuple):
    """A way to say something.

    Attributes:
        words: the sentence; every figure it asks for must be above zero, unless ``zero``.
        needs: what must be true: ``last`` (last year is known), ``area``, ``government``, a form's id, or
            ``0:name`` (a figure is zero) and ``>:name`` (it is not).
        zero: True if its figures may be zero.
    """

    words: str
    needs: tuple[str, ...] = ()
    zero: bool = False


RECEIVED_NEW = (
    Phrase("{year}年，{we}共收到政府信息公开申请{new}件。"),
    Phrase("全年新收政府信息公开申请{new}件，上年结转{carry_in}件。", zero=True),
    Phrase(
        "本年度{we}依法受理政府信息公开申请{new}件，其中自然人申请{new.person}件，法人或其他组织申请{new.orgs}件。"
    ),
    Phrase("{year}年度，{we}收到公民、法人和其他组织提出的政府信息公开申请{new}件。"),
    Phrase("一年来，{short}共接到依申请公开事项{new}件，件件有登记、件件有答复。"),
    Phrase("报告期内共收到政府信息公开申请{new}件，较上年{way:new}{difference:new}件。", ("last",)),
    Phrase("全年共收到政府信息公开申请{new}件，同比{way:new}{change:new}。", ("last",)),
    Phrase("上年收到政府信息公开申请{last:new}件，本年度收到{new}件。", ("last",)),
    Phrase("年内收到的政府信息公开申请为{new}件，全部及时登记。"),
    Phrase("本机关全年收到政府信息公开申请{new}件（自然人{new.person}件、法人或其他组织{new.orgs}件）。"),
    Phrase("全{area}各级行政机关共收到政府信息公开申请{new}件。", ("area",)),
    Phrase("{year}年1月1日至12月31日，{we}共收到政府信息公开申请{new}件，均通过统一平台登记编号。"),
    Phrase("依申请公开渠道畅通，全年共有{new}件政府信息公开申请，均在法定期限内登记。"),
    Phrase(
        "本年新收政府信息公开申请{new}件，比{last_year}年的{last:new}件{way:new}{difference:new}件。",
        ("last",),
    ),
)

RECEIVED_BY_ORGANS = (Phrase("全{area}共收到政府信息公开申请{new}件，其中{organs:new}。", ("area",)),)

RECEIVED_BOTH = (
    Phrase("{year}年，{we}共受理政府信息公开申请{both}件（含上年结转{carry_in}件）。"),
    Phrase("全年共收到政府信息公开申请{both}件，其中新收{new}件，上年结转{carry_in}件。", zero=True),
    Phrase("加上上年结转的{carry_in}件，本年度共受理政府信息公开申请{both}件。"),
    Phrase("本年度新收政府信息公开申请{new}件，加上年结转{carry_in}件，共受理{both}件。"),
    Phrase("{we}全年收到和办理的政府信息公开申请中，本年新收{new}件，上年度结转{carry_in}件。"),
    Phrase("全年应办理的政府信息公开申请包括本年新收的{new}件和上年结转的{carry_in}件。"),
)

RECEIVED_NONE = (
    Phrase("{year}年，{we}未收到政府信息公开申请。"),
    Phrase("全年没有收到公民、法人和其他组织提出的政府信息公开申请。"),
    Phrase("本年度共收到政府信息公开申请0件，没有上年结转的申请。"),
    Phrase("{we}继续保持申请渠道畅通，本年度未收到依申请公开件。"),
)

APPLICANTS_NEW = (
    Phrase("从申请人看，自然人{new.person}件，法人或其他组织{new.orgs}件。"),
    Phrase(
        "按申请人类型分，自然人、商业企业、法律服务机构分别为{new.person}件、{new.business}件、{new.legal}件。"
    ),
    Phrase("其中自然人申请{new.person}件，商业企业申请{new.business}件。"),
    Phrase("自然人提出的申请{new.person}件，占{share:new.person/new}。"),
    Phrase(
        "申请人中，自然人{new.person}件、商业企业{new.business}件、科研机构{new.research}件、社会公益组织{new.nonprofit}件。"
    ),
)

APPLICANTS_BOTH = (
    Phrase("从申请人看，自然人{both.person}件，法人或其他组织{both.orgs}件。"),
    Phrase("受理的申请中，自然人、法人或其他组织分别为{both.person}件和{both.orgs}件。"),
    Phrase("其中自然人申请{both.person}件，商业企业申请{both.business}件。"),
)

RESULTS = (
    Phrase(
        "全年办结{total}件，其中予以公开{open}件，部分公开{partial}件，不予公开{deny}件，无法提供{unable}件，"
        "不予处理{refuse}件，其他处理{other}件。",
        zero=True,
    ),
    Phrase("已答复{total}件：予以公开{open}件、部分公开{partial}件、不予公开{deny}件。"),
    Phrase("予以公开、部分公开、不予公开、无法提供分别为{open}件、{partial}件、{deny}件、{unable}件。"),
    Phrase("在办结的{total}件申请中，予以公开的{open}件，占{share:open/total}。"),
    Phrase("作出予以公开和部分公开决定{openings}件。"),
    Phrase("按时办结{total}件，其中同意公开{open}件，占办结总数的{share:open/total}。"),
    Phrase("不予公开{deny}件，其中属于国家秘密{deny_1}件、保护第三方合法权益{deny_4}件。"),
    Phrase("不予公开{deny}件，其中属于三类内部事务信息{deny_5}件、属于四类过程性信息{deny_6}件。"),
    Phrase("因属于行政执法案卷不予公开{deny_7}件，因属于行政查询事项不予公开{deny_8}件。"),
    Phrase(
        "无法提供{unable}件，其中本机关不掌握相关政府信息{unable_1}件，没有现成信息需要另行制作{unable_2}件。"
    ),
    Phrase("不予处理{refuse}件，主要是信访举报投诉类申请和重复申请。"),
    Phrase("不予处理的{refuse}件中，信访举报投诉类{refuse_1}件、重复申请{refuse_2}件。"),
    Phrase("其他处理{other}件，系申请人主动撤回。"),
    Phrase("其他处理（申请人主动撤回等）{other}件。"),
    Phrase("{total}件申请已作出答复，其中部分公开{partial}件、无法提供{unable}件。"),
    Phrase("办理结果为：予以公开{open}件；部分公开{partial}件；不予公开{deny}件；不予处理{refuse}件。"),
    Phrase("全年共答复政府信息公开申请{total}件，答复的及时率和规范率进一步提高。"),
    Phrase("截至{year}年12月31日，已办结{total}件，按期办结率{rate}。"),
    Phrase("对{open}件申请予以公开，对{partial}件申请部分公开。"),
    Phrase("经审查，{deny}件依法不予公开，{unable}件无法提供。"),
)

CARRIED = (
    Phrase("结转下年度继续办理{carry_out}件。", zero=True),
    Phrase("另有{carry_out}件因征求第三方意见，结转至{next_year}年办理。"),
    Phrase("结转下年度{carry_out}件，均未超过法定期限。"),
    Phrase("年底前尚未到期、顺延至下一年度继续办理的有{carry_out}件。"),
    Phrase("上年结转{carry_in}件均按规定时限办理。"),
    Phrase("上述申请均已按期办结，没有结转下年度办理的申请。", ("0:carry_out", ">:total")),
    Phrase("从申请渠道看，通过网络提交{loose}件、信函提交{loose}件、当面提交{loose}件。", (">:total",)),
    Phrase("办理过程中共发出补正通知书{loose}份，征求第三方意见{loose}次。", (">:total",)),
    Phrase("平均办理时限为{loose}个工作日，比法定时限缩短{loose}个工作日。", (">:total",)),
)

DISPUTES = (
    Phrase("因政府信息公开引发行政复议{review}件，行政诉讼{suits}件。", zero=True),
    Phrase(
        "全年发生涉及政府信息公开的行政复议案件{review}件，其中维持{review.upheld}件、纠正{review.corrected}件、"
        "其他结果{review.otherwise}件、尚未审结{review.pending}件。",
        (">:review",),
        zero=True,
    ),
    Phrase(
        "因政府信息公开被提起行政诉讼{suits}件，其中结果维持{suits.upheld}件，尚未审结{suits.pending}件。"
    ),
    Phrase("政府信息公开行政复议、行政诉讼分别为{review}件、{suits}件。"),
    Phrase(
        "政府信息公开行政诉讼案件{suits}件，其中未经复议直接起诉{direct_suit}件，复议后起诉{suit_after_review}件。"
    ),
    Phrase("全年共办理政府信息公开行政复议和行政诉讼案件{cases}件。"),
    Phrase("全年因政府信息公开工作被申请行政复议{review}件，被纠正{review.corrected}件。"),
    Phrase("本年度未发生因政府信息公开引发的行政复议、行政诉讼案件。", ("0:cases",)),
    Phrase("全年没有因政府信息公开被提起行政诉讼的情况。", ("0:suits",)),
    Phrase("涉及政府信息公开的{review}件行政复议案件均依法依规办理。"),
)

BOASTS = (
    Phrase(
        "政府信息公开行政诉讼案件已全部审结，实现零败诉。",
        (">:suits", "0:suits.corrected", "0:suits.pending"),
    ),
    Phrase(
        "因政府信息公开引发的行政复议案件均获维持。",
        (">:review", "0:review.corrected", "0:review.otherwise", "0:review.pending"),
    ),
)
