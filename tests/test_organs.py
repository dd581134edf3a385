"""Whose report a title names, of which year, what level an organ is, and when two names are one organ."""

import pytest

from reportgen.chinese.organs import (
    ends_as_organ,
    full_name,
    level_of,
    organ_in,
    same_organ,
    standing_of,
    years_in,
)


@pytest.mark.parametrize(
    ("title", "organ"),
    [
        ("甲县乙镇人民政府2023年政府信息公开工作年度报告", "甲县乙镇人民政府"),
        ("2023年甲市人民政府办公厅政府信息公开工作年度报告", "甲市人民政府办公厅"),
        ("关于甲县教育局二〇二三年政府信息公开工作年度报告", "甲县教育局"),
        ("甲县教育局政府信息公开工作年度报告", "甲县教育局"),
        ("2023年度甲市教育局政府信息公开年度报告", "甲市教育局"),
        ("甲县教育局关于2023年政府信息公开工作年度报告", "甲县教育局"),
        ("2023年度政府信息公开工作年度报告", ""),
    ],
)
def test_the_organ_is_found_in_the_title(title: str, organ: str) -> None:
    assert organ_in(title) == organ


def test_years_are_found_in_arabic_and_chinese_digits() -> None:
    assert years_in("甲局二〇二三年政府信息公开年度报告") == ("2023",)
    assert years_in("甲局2022年、二零二三年、二○二Ｏ年年报") == ("2022", "2023", "2020")
    assert years_in("甲局年度报告2023") == ()


@pytest.mark.parametrize(
    "name",
    ["甲县人民政府", "甲街道办事处", "甲县政府办公室", "甲市公安局交警支队", "甲银行乙支行", "甲县中学校"],
)
def test_an_organ_is_known_by_its_end(name: str) -> None:
    assert ends_as_organ(name)


@pytest.mark.parametrize("name", ["甲县各单位自行", "甲县政府统一进行", "甲县", "甲县档案室", ""])
def test_other_ends_make_no_organ(name: str) -> None:
    assert not ends_as_organ(name)


NAMES = {
    "国务院部门": """
        教育部 财政部 司法部 审计署 海关总署 国家税务总局 国家发展和改革委员会 国家统计局 中国气象局
        中国证券监督管理委员会 国务院国有资产监督管理委员会 国家市场监督管理总局 中华人民共和国商务部
        生态环境部 国家粮食和物资储备局""",
    "省级政府": """
        贵州省 江苏省人民政府 内蒙古自治区 广西壮族自治区人民政府 北京市 上海市人民政府 重庆市 海南省
        黑龙江省人民政府 新疆维吾尔自治区 西藏自治区人民政府 天津市人民政府""",
    "省级部门": """
        江苏省教育厅 上海市人民政府办公厅 浙江省人民政府办公厅 北京市水务局 重庆市大数据应用发展管理局
        广西壮族自治区财政厅 宁夏回族自治区交通运输厅 河北省市场监督管理局 国家税务总局贵州省税务局
        吉林省公安厅 海南省旅游和文化广电体育厅 天津市市场监督管理委员会 四川省地方金融管理局
        内蒙古自治区农牧厅""",
    "市级政府": """
        杭州市 宿迁市人民政府 宿迁市 江苏省苏州市 吉林市人民政府 景德镇市 镇江市 新乡市人民政府
        恩施土家族苗族自治州 延边朝鲜族自治州人民政府 大理州 锡林郭勒盟行政公署 阿里地区行政公署
        大兴安岭地区 萍乡市 兴安盟 克孜勒苏柯尔克孜自治州 呼伦贝尔市 三沙市 儋州市人民政府 德宏州人民政府
        喀什地区 郑州市政府""",
    "市级部门": """
        南京市教育局 宿迁市人民政府办公室 广州市人民政府办公厅 郑州市城市管理局 国家税务总局泰州市税务局
        西安市市场监督管理局 杭州市公安局交通警察支队 青岛市地区合作办公室 恩施州财政局
        湘西土家族苗族自治州司法局 阿克苏地区教育局 锡林郭勒盟民政局 镇江市乡村振兴局 乌海市残疾人联合会
        常州市住房公积金管理中心 徐州市政务服务管理办公室 济南市城乡交通运输局 安庆市人民防空办公室
        新乡市水利局 吉林市档案馆""",
    "县级政府": """
        濂溪区 利辛县 昆山市人民政府 五常市 上海市浦东新区 天津市滨海新区人民政府 北京市朝阳区人民政府
        荆州市沙市区 新乡市红旗区人民政府 赣州市赣县区 津市市人民政府 云南省德宏州芒市 恩施市
        大理市人民政府 阿克苏市 阿拉善左旗 鄂伦春自治旗 陈巴尔虎旗人民政府 积石山保安族东乡族撒拉族自治县
        东乡族自治县人民政府 新乡县 内乡县人民政府 宁乡市 镇平县 镇海区人民政府 六枝特区 神农架林区
        郴州市苏仙区 重庆市大足区 辉县市 义乌市政府 莱阳市 阳泉市矿区 晋城市城区 合肥市蜀山区 库尔勒市
        乡宁县 东港市 西乡县 市中区人民政府 沈阳市沈北新区""",
    "县级部门": """
        利辛县教育局 昆山市人民政府办公室 沭阳县发展和改革局 濂溪区司法局 上海市浦东新区生态环境局
        北京市海淀区审计局 宿迁市公安局宿豫区分局 晋城市城区教育局 武汉市自然资源和城乡建设局东西湖区分局
        国家税务总局义乌市税务局 国家统计局沭阳县调查队 乌苏市医疗保障局 津市市财政局 阿拉善左旗农牧局
        积石山保安族东乡族撒拉族自治县水务局 镇平县自然资源局 新乡县公安局 甲县市场监督管理局
        甲县城市管理综合执法局 甲县乡村振兴局 甲区社区建设办公室 甲县城乡建设局 莱阳市供销合作社
        余姚市综合行政执法局 浏阳市政务服务中心 福鼎市信访局 县教育局 区市场监督管理局
        苏州工业园区管理委员会 合肥经济技术开发区管理委员会 郑州高新技术产业开发区 某市经开区管委会
        黄山风景名胜区管理委员会 某某高科园 海安市气象局 彭州市消防救援大队 沙洋县人民政府办公室
        恩施市民政局 大理市文化和旅游局 义乌市残疾人联合会""",
    "乡镇政府": """
        利辛县望疃镇 五常市民意乡 万潮镇 河包镇 莱阳市穴坊镇人民政府 石门乡 石门镇人民政府
        某县某民族乡人民政府 锡林浩特市宝力根苏木 翁牛特旗乌丹镇政府 景德镇市浮梁县瑶里镇 新乡县七里营镇
        昆山市周庄镇人民政府 镇海区澥浦镇 某县甲镇人民政府办公室 某县甲镇党政办公室
        达茂旗希拉穆仁苏木人民政府 上海市金山区枫泾镇人民政府 中山市古镇镇人民政府 东莞市虎门镇
        宁乡市灰汤镇 湘乡市棋梓镇人民政府 桐乡市乌镇镇人民政府 津市市药山镇 儋州市那大镇 西乡县堰口镇""",
    "街道办事处": """
        廿三里街道 石桥街道 石桥街道办 莱阳市城厢街道办事处 上海市徐汇区人民政府天平路街道办事处
        北京市朝阳区十八里店地区办事处 郑州市金水区文化路街道办事处 某区甲街道党政办公室 昆山市某街道
        东莞市莞城街道 某市某区甲办事处 乙街道办事处办公室""",
}
"""Level → organs of all kinds: places alone and with their government, offices, branches, zones."""
EACH = [(name, level) for level, names in NAMES.items() for name in names.split()]


def test_the_level_is_told_by_the_name() -> None:
    wrong = [(name, level_of(name)) for name, level in EACH if level_of(name) != level]
    assert len(EACH) >= 200
    assert wrong == []


@pytest.mark.parametrize(("name", "level"), EACH)
def test_the_right_level_is_never_held_against_a_name(name: str, level: str) -> None:
    possible = standing_of(name).possible
    assert not possible or level in possible


@pytest.mark.parametrize("name", ["某某大学", "某某医院", "市场监督管理局", ""])
def test_some_names_tell_no_level(name: str) -> None:
    assert standing_of(name) == ("", frozenset())


def test_a_city_of_no_list_may_be_of_either_level() -> None:
    assert level_of("甲市人民政府") == "市级政府"
    assert standing_of("甲市教育局").possible == {"市级部门", "县级部门"}
    assert level_of("甲市人民政府", text="各镇、各街道均已公开。") == "县级政府"
    assert level_of("甲市人民政府", text="各县（市、区）和各乡镇均已公开。") == "市级政府"


def test_a_title_that_tells_nothing_is_helped_by_the_signature_and_the_text() -> None:
    assert level_of("教育局", "甲县教育局") == "县级部门"
    assert level_of("某某地方", text="我镇公开信息3条，本镇收到申请1件，我县考核合格。") == "乡镇政府"
    assert level_of("某某地方", text="没有说。") == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("宿迁市", "宿迁市人民政府"),
        ("甲县乙镇", "乙镇人民政府"),
        ("石桥街道", "石桥街道办事处"),
        ("石桥街道办", "甲区石桥街道办事处"),
        ("江苏省宿迁市", "宿迁市人民政府"),
        ("甲县政府", "甲县人民政府"),
        ("甲市经济技术开发区管委会", "甲市经济技术开发区"),
        ("甲市教育局（市体育局）", "甲市教育局"),
        ("甲县人民政府机关", "甲县人民政府"),
    ],
)
def test_two_names_are_one_organ(one: str, other: str) -> None:
    assert same_organ(one, other)
    assert same_organ(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("宿迁市人民政府", "宿迁市人民政府办公室"),
        ("甲县乙镇人民政府", "甲县丙镇人民政府"),
        ("甲县教育局", "乙县教育局"),
        ("甲县乙镇人民政府", "甲县人民政府"),
        ("甲县教育局", "局"),
    ],
)
def test_two_names_are_two_organs(one: str, other: str) -> None:
    assert not same_organ(one, other)


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("县人民政府办公室", "县级部门"),
        ("市人民政府", "市级政府"),
        ("镇人民政府", "乡镇政府"),
        ("街道办事处", "街道办事处"),
        ("甲州财政局", "市级部门"),
        ("甲盟", "市级政府"),
        ("兖州区教育局", "县级部门"),
        ("宿迁", "市级政府"),
        ("上海海事局", "省级部门"),
    ],
)
def test_a_name_in_which_something_is_left_out_tells_its_level(name: str, level: str) -> None:
    assert level_of(name) == level


def test_a_place_alone_stands_for_its_government() -> None:
    assert full_name("宿迁市") == "宿迁市人民政府"
    assert full_name("廿三里街道") == "廿三里街道办事处"
    assert full_name("合肥高新技术产业开发区") == "合肥高新技术产业开发区管理委员会"
    assert full_name("甲县教育局") == "甲县教育局"
