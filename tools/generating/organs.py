"""Organs that do not exist, one for every level."""

from random import Random
from typing import NamedTuple

from reportgen.model.report import Organ

_PROVINCES = ("云汀省", "青岫省", "澜岳省", "沧原省")
_CITIES = ("临岚市", "望汐市", "清泺市", "栖梧市", "白榆市")
_COUNTIES = ("松涧县", "柳浦县", "石汀县", "云麓县", "芦湾县")
_TOWNS = ("杏坞镇", "竹溪镇", "梅岭镇", "荷塘乡", "枫桥镇")
_STREETS = ("锦澜街道", "北渡街道", "文澜街道", "长汀街道")
_OFFICES = ("交通运输局", "民政局", "水利局", "教育局", "卫生健康局", "市场监督管理局", "发展和改革局")
_DEPARTMENTS = ("交通运输厅", "水利厅", "教育厅", "民政厅")
_STATE = ("国家星图测绘局", "国家远航事务局", "国家古树保护局")


class Seat(NamedTuple):
    """An organ, and how its own sentences call it."""

    organ: Organ
    we: str
    area: str
    """The word for all under it, as in 全县; empty for a department."""


def seat(draw: Random, level: str) -> Seat:
    """An organ of a level."""
    province, city, county = draw.choice(_PROVINCES), draw.choice(_CITIES), draw.choice(_COUNTIES)
    office, town, street = draw.choice(_OFFICES), draw.choice(_TOWNS), draw.choice(_STREETS)
    department = draw.choice(_DEPARTMENTS)
    state = draw.choice(_STATE)
    named = {
        "国务院部门": (state, "我局", ""),
        "省级政府": (f"{province}人民政府", "我省", "省"),
        "省级部门": (f"{province}{department}", "我厅", ""),
        "市级政府": (f"{city}人民政府", "我市", "市"),
        "市级部门": (f"{city}{office}", "我局", ""),
        "县级政府": (f"{county}人民政府", "我县", "县"),
        "县级部门": (f"{county}{office}", "我局", ""),
        "乡镇政府": (f"{county}{town}人民政府", f"我{town[-1]}", town[-1]),
        "街道办事处": (f"{city}{street}办事处", "我街道", "街道"),
    }
    name, we, area = named[level]
    short = _short(name, level)
    scope = "汇总" if area and level not in ("乡镇政府", "街道办事处") and draw.random() < 0.5 else "本机关"
    return Seat(Organ(name, short, level, scope), we, area if scope == "汇总" else "")


def organs_under(seat: Seat) -> tuple[str, ...]:
    """Some organs of the area of a government that tells the figures of all under it."""
    return {"省": _CITIES, "市": _COUNTIES, "县": _TOWNS}.get(seat.area, ())


def _short(name: str, level: str) -> str:
    if level == "街道办事处":
        return name.removesuffix("办事处")
    return name.removesuffix("人民政府")
