"""Kinds of systems, assets and fuels as people read them; what an estate's own kinds are called is its author's."""

from __future__ import annotations

__all__ = ["kind_name"]

KINDS: dict[str, tuple[str, str]] = {
    "airport": ("airport", "空港"),
    "berth": ("berth", "岸壁"),
    "billing": ("billing", "料金計算"),
    "biomass": ("biomass", "バイオマス"),
    "broadcast": ("broadcast", "放送"),
    "cable landing": ("cable landing", "海底ケーブル陸揚局"),
    "chemical plant": ("chemical plant", "化学工場"),
    "coal": ("coal", "石炭"),
    "container terminal": ("container terminal", "コンテナターミナル"),
    "data centre": ("data centre", "データセンター"),
    "datacentre cluster": ("data centre cluster", "データセンター群"),
    "ehr": ("health records", "電子カルテ"),
    "emergency power": ("emergency power", "非常用電源"),
    "ems": ("energy management", "給電・系統制御"),
    "exchange": ("exchange", "取引所"),
    "ferry terminal": ("ferry terminal", "フェリーターミナル"),
    "gas_dispatch": ("gas dispatch", "ガス供給指令"),
    "geothermal": ("geothermal", "地熱"),
    "hospital": ("hospital", "病院"),
    "hydro": ("hydro", "水力"),
    "it": ("office IT", "情報系"),
    "ixp": ("internet exchange", "インターネット相互接続点"),
    "lng": ("LNG", "LNG"),
    "mobile network": ("mobile network", "携帯電話網"),
    "nuclear": ("nuclear", "原子力"),
    "oil": ("oil", "石油"),
    "payment": ("payment", "決済"),
    "plant_control": ("plant control", "設備制御"),
    "pumped": ("pumped storage", "揚水"),
    "refinery": ("refinery", "製油所"),
    "scada": ("SCADA", "監視制御(SCADA)"),
    "signalling": ("signalling", "信号"),
    "solar": ("solar", "太陽光"),
    "telecom_core": ("telecom core", "通信中核網"),
    "terminal": ("terminal", "基地・ターミナル"),
    "terminal_os": ("terminal operating system", "ターミナル管理"),
    "traffic_control": ("traffic control", "交通管制"),
    "water_control": ("water control", "水道制御"),
    "waterworks": ("waterworks", "浄水場"),
    "wind": ("wind", "風力"),
}
"""Kind -> what it is called in English and Japanese."""


def kind_name(kind: str, lang: str) -> str:
    """Return what a kind is called; one that is not known as words."""
    both = KINDS.get(kind)
    return kind.replace("_", " ") if both is None else both[int(lang == "ja")]
