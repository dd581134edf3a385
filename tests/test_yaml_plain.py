"""The short way through plain YAML: it gives what the whole way gives, or nothing."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from made import text_of
from reportgen.sources.yaml_mending import is_odd
from reportgen.sources.yaml_plain import MOST_CHARACTERS, plain_nodes
from reportgen.sources.yaml_text import read_mended
from test_layout import FORMS

BOTH = tuple(FORMS.values())
PLAIN = """# 乙镇的年报
机关: 甲县乙镇人民政府
年度: 2023
网站: {名称: 门户网站, 网址: "http://a.gov.cn/x?y=1 2"}
依据: [《甲办法》, "《乙 规定》"]
总体情况: |
  全年收到申请{{ 申请.本年新收.总计 }}件：其中2件。

    另起一段。

申请:
  本年新收: {自然人: 25, 商业企业: {值: 1, 注: 核对}}
  不予公开:
    # 另有说明
    保护第三方合法权益: {自然人: 3}
  结转下年度: 3
收费: -8.5
其他事项: 见 http://a.gov.cn，时间 9:00。
"""
SIGNS = (
    *" \n:：,，{}[]#|>-\"'&*!?%@`　“”、。0.",
    *("\n ", "\n  ", "\n\n", "##", "# ", ": ", "- ", "---\n", "全部为零", "申请: 0\n", "自然人: {"),
    *(" #", "\\", "&a ", "*a", "\u2028", "\xa0", "<<", "甲" * 50, "：{"),
)


@pytest.mark.parametrize("text", [PLAIN, text_of(), text_of(2020)], ids=["all kinds", "2023", "2020"])
def test_a_plain_text_goes_the_short_way(text: str) -> None:
    assert plain_nodes(text, "a.yaml") == read_mended(text, "a.yaml", BOTH)[0] is not None


def test_the_first_report_that_this_was_made_for_goes_the_short_way() -> None:
    text = Path("inputs/laiyang-xuefang/2020.yaml").read_text("utf-8")
    assert (plain_nodes(text, "a.yaml"), ()) == read_mended(text, "a.yaml", BOTH)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# 只有说明\n",
        "机关：甲镇\n",
        "机关:甲镇\n",
        "机关: 甲镇 \n",
        " 机关: 甲镇\n",
        "机关: 甲镇\n 年度: 2023\n",
        "机关: 甲镇\n  的政府\n",
        "机关: 甲镇\n机关: 乙镇\n",
        "机关: *甲镇\n",
        "机关: 甲: 镇\n",
        "机关: 甲镇 # 注\n",
        "机关: '甲镇'\n",
        '机关: "甲\\u4e00"\n',
        "机关:\n年度: 2023\n",
        "申请: 0\n  本年新收: 1\n",
        "申请: {本年新收: 1\n",
        "申请: {本年新收: 1，上年结转: 2}\n",
        "申请: {本年新收: 1, 本年新收: 2}\n",
        "依据:\n  - 甲\n",
        "总体情况: |\n没有缩进。\n",
        "总体情况: |\n  一。\n 二。\n",
        "总体情况: |\n\n  一。\n",
        "总体情况: |\n  一。\n   \n  二。\n",
        "总体情况: |\n  申请: {一\n",
        "总体情况: |\n  一。\n## 标题\n",
        "总体情况: |\n  一。\n收到申请，共计: 5\n",
        "机关: 甲镇\n---\n年度: 1\n",
        "机关: " + "甲" * MOST_CHARACTERS,
    ],
)
def test_whatever_is_out_of_the_ordinary_goes_the_whole_way(text: str) -> None:
    assert plain_nodes(text, "a.yaml") is None


@given(st.data())
@settings(max_examples=400)
def test_a_text_changed_in_any_way_is_read_alike_or_not_at_all(data: st.DataObject) -> None:
    text = PLAIN
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        end = at + data.draw(st.sampled_from([0, 0, 0, 1, 2, 5]))
        text = text[:at] + data.draw(st.sampled_from(["", *SIGNS])) + text[end:]
    node = None if is_odd(text) else plain_nodes(text, "a.yaml")
    if node:
        assert read_mended(text, "a.yaml", BOTH) == (node, ())
