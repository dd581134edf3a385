"""Sentences about documents, permits, lists, and numbers that are no counts of the tables."""

from generating.phrases_requests import Phrase

ACTS = (
    Phrase(
        "全年制发行政规范性文件{normative.made}件，废止{normative.repealed}件，现行有效{normative.in_force}件。",
        zero=True,
    ),
    Phrase("制定出台行政规范性文件{normative.made}件，均在印发后及时公开。"),
    Phrase("主动公开行政规范性文件{published:normative.made}件。"),
    Phrase("目前现行有效的行政规范性文件{normative.in_force}件，已按统一格式集中公开。"),
    Phrase("开展文件清理，废止行政规范性文件{normative.repealed}件。"),
    Phrase("制定规章{regulations.made}件，废止规章{regulations.repealed}件。"),
    Phrase(
        "制发规范性文件{normative.new_made}件，主动公开规范性文件{published:normative.new_public}件。",
    ),
    Phrase(
        "全年作出行政许可决定{permits.decisions}件、行政处罚决定{penalties.decisions}件、"
        "行政强制决定{coercions.decisions}件。"
    ),
    Phrase("{we}全年作出行政许可{permits.decisions}件。"),
    Phrase("本年度实施行政处罚{penalties.decisions}件、行政强制{coercions.decisions}件。"),
    Phrase("全年行政事业性收费{fees.amount}万元，收费依据和标准均向社会公布。"),
)

LISTS = (
    Phrase(
        "通过门户网站主动公开政府信息{sum}条，其中机构职能类{part}条、政策文件类{part}条、财政资金类{part}条。"
    ),
    Phrase("全年举办政务公开培训{sum}场：业务培训{part}场，专题培训{part}场。"),
    Phrase("共发布政策解读材料{sum}篇（文字解读{part}篇、图文解读{part}篇、视频解读{part}篇）。"),
    Phrase(
        "公开重点领域信息{sum}条。一是公开财政信息{part}条；二是公开就业信息{part}条；三是公开医疗卫生信息{part}条。"
    ),
    Phrase("政务新媒体推送信息{sum}条，其中微信公众号{part}条，微博{part}条。"),
    Phrase(
        "公布监督检查结果{sum}项，其中安全生产{part}项、食品药品{part}项、生态环境{part}项、产品质量{part}项。"
    ),
    Phrase("公开会议信息{sum}次，分别是常务会议{part}次、专题会议{part}次。"),
    Phrase("全年发布政府信息{open_sum}条，其中通知公告{part}条、工作动态{part}条等。"),
    Phrase("设置政府信息查阅点{sum}个，即图书馆{part}个、档案馆{part}个、政务服务大厅{part}个。"),
)

DISCLOSED = (
    Phrase("坚持以公开为常态、不公开为例外，进一步规范主动公开的内容和程序。"),
    Phrase("围绕群众关心的教育、就业、住房等领域，持续加大主动公开力度。"),
    Phrase("{year}年{month}月，修订了主动公开基本目录，调整事项{loose}项。"),
    Phrase("对标国办公开办函〔2021〕30号文件和《条例》第二十条，逐项核对主动公开的内容。", ("2021",)),
)

OUTREACH = (
    Phrase("召开新闻发布会{loose}场，组织政府开放日活动{loose}次，参加群众{loose}人次。"),
    Phrase("办理人大代表建议{loose}件、政协委员提案{loose}件，办理结果已全部公开。"),
    Phrase("依托“双公示”栏目归集公示行政许可、行政处罚信息{loose}条。"),
    Phrase("全年受理行政许可申请{loose}件，办结{loose}件，群众满意率{rate}。"),
    Phrase("会同县级单位开展“政务公开看得见”主题活动{loose}场，发放《办事指南》{loose}份。"),
    Phrase("自2008年《条例》施行以来，累计公开政府信息{loose}万条。"),
)

REQUESTED = (
    Phrase("严格按照《条例》规定的程序和时限办理政府信息公开申请，规范登记、审核、答复各个环节。"),
    Phrase("进一步完善申请办理台账，做到收件有登记、答复有依据、结果可追溯。"),
    Phrase("加强与申请人的沟通，提高答复的针对性。"),
)

MANAGED = (
    Phrase("落实政府信息公开审查制度，坚持先审后发，未发生失泄密情况。"),
    Phrase("动态更新政府信息公开目录{loose}次，清理失效链接{loose}个，集中规范文件库按季度维护。"),
    Phrase("指定专人负责政府信息的制作、审核和归档管理，做到分工明确、责任到人。"),
    Phrase("修订信息发布审核制度{loose}项，对{loose}份历史文件逐件研究公开属性。"),
)

PLATFORMS = (
    Phrase("政府门户网站全年发布信息{loose}条，访问量达{loose}万人次。"),
    Phrase("12345政务服务便民热线平台受理群众诉求{loose}件，按期办结率{rate}。"),
    Phrase("通过政府网站领导信箱收到群众来信{loose}件，办结{loose}件，办结率{rate}。"),
    Phrase("门户网站收到网民留言{loose}条，均在{loose}个工作日内答复。"),
    Phrase("政务公开专区每周一至周五9:00至17:00开放，咨询电话0123-4567890。"),
    Phrase("加强政府网站和政务新媒体平台建设，全年安全运行365天。"),
    Phrase("优化政府信息公开专栏{loose}个，新增解读回应栏目{loose}个。"),
)

WATCHED = (
    Phrase("将政务公开纳入年度绩效考核，分值占比{rate}；主动接受社会评议，本年度没有发生责任追究的情况。"),
    Phrase("定期开展监督检查和考核，邀请群众代表开展社会评议，全年未发生需要责任追究的情形。"),
    Phrase("组织业务培训{loose}次，培训{loose}人次；工作考核、社会评议结果良好，无责任追究情况。"),
    Phrase("把政府信息公开列入考核内容，公开监督电话，开展满意度评议，全年未启动责任追究程序。"),
)

PROBLEMS = (
    Phrase("一是公开的主动性和及时性有待提高，二是政策解读的形式还不够丰富。"),
    Phrase("对照《条例》要求，{we}信息公开工作仍存在不足：公开内容的针对性不强，队伍建设相对薄弱。"),
    Phrase("{year}年信息公开工作取得一定成效，但部分栏目更新不及时，基层业务能力有待加强。"),
    Phrase("主要问题有两个方面：一是申请答复的规范化水平不高；二是与群众的互动交流不够。"),
)

MEASURES = (
    Phrase("下一步，将加强业务培训，计划举办培训{loose}期，提升工作人员能力。"),
    Phrase("今后将健全长效机制，完善公开目录，推进政策解读多样化。"),
    Phrase("{next_year}年，将重点优化栏目设置，加大督查力度，及时回应社会关切。"),
    Phrase("针对上年指出的问题，已整改{loose}项，下一步将巩固成果，持续改进。"),
)

FEES_NONE = (
    Phrase("本年度未收取信息处理费。"),
    Phrase("{year}年，{we}没有收取政府信息公开信息处理费的情况。"),
    Phrase("按照《政府信息公开信息处理费管理办法》，本年度未产生信息处理费。"),
)

FEES_TAKEN = (
    Phrase("{year}年，{we}依规收取信息处理费{fees:0}件，金额{fees:1}元。"),
    Phrase("全年收取信息处理费{fees:0}件，共计{fees:1}元，已全部上缴国库。"),
)

FEES_UNPAID = (
    Phrase("全年发出收费通知{notices:other_2}件，申请人均逾期未缴纳费用。"),
    Phrase("依法发出信息处理费收费通知{notices:other_2}份，申请人逾期未缴，不再处理。"),
)

OTHERS = (
    Phrase("没有其他需要报告的事项。"),
    Phrase("除上述情况外，{we}没有其他需要报告的事项。"),
    Phrase("承担省级政务公开试点任务{loose}项，均按期完成。"),
)
