"""What a clerk's starting file has in the places that are to be filled in.

Known to whoever writes such a file and to whoever looks for what nobody replaced. No report has any of
these by right: they are odd on purpose.
"""

from reportgen.model.form import Passage

FIELDS = {
    "short": "某某局",
    "phone": "0000-0000000",
    "mail": "moumou@example.gov.cn",
    "address": "某某路1号",
    "postcode": "000000",
    "site": "某某门户网站",
    "url": "http://www.moumou.example.gov.cn/",
    "laws": "《某某省政府信息公开办法》",
}
"""Field → its placeholder."""


def of_prose(passage: Passage) -> str:
    """What stands in a passage's place: the form's own words, else a sentence made of its name."""
    return passage.placeholder or f"这里写{passage.name}的情况，每段之间空一行。"
