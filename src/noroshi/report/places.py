"""Names of places in both languages, and Japan's prefectures as tiles: a map that says where without drawing coasts."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["TILES", "Tile", "area_name", "tile_of"]


@dataclass(frozen=True, slots=True)
class Tile:
    """One prefecture: ISO 3166-2 number, names, and where its tile stands (column, row, in tiles from the top left)."""

    code: str
    name_en: str
    name_ja: str
    column: float
    row: float
    size: float = 1.0

    @property
    def short_en(self) -> str:
        """Three letters that no other prefecture has."""
        return ALIKE.get(self.name_en, self.name_en[:3])

    @property
    def short_ja(self) -> str:
        """The name without 都, 府 or 県."""
        return self.name_ja if self.name_ja == "北海道" else self.name_ja[:-1]


ALIKE = {
    "Fukui": "Fki", "Fukuoka": "Fko", "Fukushima": "Fks", "Kagawa": "Kgw", "Kagoshima": "Kgs", "Miyagi": "Myg",
    "Miyazaki": "Myz", "Nagano": "Ngn", "Nagasaki": "Ngs", "Shiga": "Shg", "Shimane": "Smn", "Shizuoka": "Szk",
    "Tokushima": "Tks", "Tokyo": "Tky", "Yamagata": "Ygt", "Yamaguchi": "Ygc", "Yamanashi": "Yns",
}  # fmt: skip
"""Prefectures whose first three letters are those of another -> letters of their own."""

TILES: tuple[Tile, ...] = (
    Tile("JP-01", "Hokkaido", "北海道", 11, 0, 2),
    Tile("JP-02", "Aomori", "青森県", 11, 2.25),
    Tile("JP-03", "Iwate", "岩手県", 11, 3.25),
    Tile("JP-04", "Miyagi", "宮城県", 11, 4.25),
    Tile("JP-05", "Akita", "秋田県", 10, 3.25),
    Tile("JP-06", "Yamagata", "山形県", 10, 4.25),
    Tile("JP-07", "Fukushima", "福島県", 11, 5.25),
    Tile("JP-08", "Ibaraki", "茨城県", 11, 7.25),
    Tile("JP-09", "Tochigi", "栃木県", 11, 6.25),
    Tile("JP-10", "Gunma", "群馬県", 10, 6.25),
    Tile("JP-11", "Saitama", "埼玉県", 10, 7.25),
    Tile("JP-12", "Chiba", "千葉県", 11, 8.25),
    Tile("JP-13", "Tokyo", "東京都", 10, 8.25),
    Tile("JP-14", "Kanagawa", "神奈川県", 10, 9.25),
    Tile("JP-15", "Niigata", "新潟県", 10, 5.25),
    Tile("JP-16", "Toyama", "富山県", 9, 5.25),
    Tile("JP-17", "Ishikawa", "石川県", 8, 5.25),
    Tile("JP-18", "Fukui", "福井県", 7, 6.25),
    Tile("JP-19", "Yamanashi", "山梨県", 9, 7.25),
    Tile("JP-20", "Nagano", "長野県", 9, 6.25),
    Tile("JP-21", "Gifu", "岐阜県", 8, 6.25),
    Tile("JP-22", "Shizuoka", "静岡県", 9, 8.25),
    Tile("JP-23", "Aichi", "愛知県", 8, 7.25),
    Tile("JP-24", "Mie", "三重県", 8, 8.25),
    Tile("JP-25", "Shiga", "滋賀県", 7, 7.25),
    Tile("JP-26", "Kyoto", "京都府", 6, 7.25),
    Tile("JP-27", "Osaka", "大阪府", 6, 8.25),
    Tile("JP-28", "Hyogo", "兵庫県", 5, 7.25),
    Tile("JP-29", "Nara", "奈良県", 7, 8.25),
    Tile("JP-30", "Wakayama", "和歌山県", 7, 9.25),
    Tile("JP-31", "Tottori", "鳥取県", 4, 7.25),
    Tile("JP-32", "Shimane", "島根県", 3, 7.25),
    Tile("JP-33", "Okayama", "岡山県", 4, 8.25),
    Tile("JP-34", "Hiroshima", "広島県", 3, 8.25),
    Tile("JP-35", "Yamaguchi", "山口県", 2, 8.25),
    Tile("JP-36", "Tokushima", "徳島県", 5, 10.75),
    Tile("JP-37", "Kagawa", "香川県", 5, 9.75),
    Tile("JP-38", "Ehime", "愛媛県", 4, 9.75),
    Tile("JP-39", "Kochi", "高知県", 4, 10.75),
    Tile("JP-40", "Fukuoka", "福岡県", 1, 9.5),
    Tile("JP-41", "Saga", "佐賀県", 0, 9.5),
    Tile("JP-42", "Nagasaki", "長崎県", 0, 10.5),
    Tile("JP-43", "Kumamoto", "熊本県", 1, 10.5),
    Tile("JP-44", "Oita", "大分県", 2, 9.5),
    Tile("JP-45", "Miyazaki", "宮崎県", 2, 10.5),
    Tile("JP-46", "Kagoshima", "鹿児島県", 1, 11.5),
    Tile("JP-47", "Okinawa", "沖縄県", 8, 11.5),
)
"""The 47 prefectures. The layout is schematic: neighbours stay neighbours as far as squares allow."""

REGIONS_JA = {
    "tohoku": "東北",
    "kanto": "関東",
    "chubu": "中部",
    "hokuriku": "北陸",
    "kansai": "関西",
    "kinki": "近畿",
    "chugoku": "中国",
    "shikoku": "四国",
    "kyushu": "九州",
    "eastern japan": "東日本",
    "western japan": "西日本",
    "japan": "全国",
    # the fictional country of the sample sorami
    "sorahama": "空浜",
    "tomariura": "泊浦",
    "midorino": "碧野",
    "takamine": "高嶺",
    "hikariura": "光浦",
    "shiosai": "潮騒",
    "kusabe": "草部",
    "national": "全国",
    "nationwide": "全国",
}
"""Regions of Japan by their usual slug; the power companies' areas among them."""


def _known() -> dict[str, Tile]:
    """Return every way an estate may write a prefecture -> its tile."""
    found: dict[str, Tile] = {}
    for tile in TILES:
        for name in (tile.code, tile.name_en, tile.name_ja, tile.short_ja):
            found[name.lower()] = tile
    return found


KNOWN = _known()


def tile_of(area: str) -> Tile | None:
    """Return the prefecture that `area` names, by code, slug or name in either language; None if it names none."""
    return KNOWN.get(area.strip().lower())


def area_name(area: str, lang: str) -> str:
    """Return an area as it is shown: a prefecture or region of Japan by name, a slug as words, else as it is.

    Several areas stand in one text, separated by ";".
    """
    if ";" in area:
        parts = [area_name(part.strip(), lang) for part in area.split(";") if part.strip()]
        return ("・" if lang == "ja" else ", ").join(parts)
    tile = tile_of(area)
    if tile is not None:
        return tile.short_ja if lang == "ja" else tile.name_en
    if lang == "ja" and area.lower() in REGIONS_JA:
        return REGIONS_JA[area.lower()]
    is_slug = area == area.lower() and area.replace("-", "").replace("_", "").isalnum() and area.isascii()
    return area.replace("-", " ").replace("_", " ").title() if is_slug else area
