"""The tables of who is responsible: sectors, organisations, systems, suppliers, crews, contacts, networks, holdings."""

from __future__ import annotations

from noroshi.estate.column import PLACE, PROVENANCE, Table, choice, count, ident, number, ref, refs, text, yes_no

SYSTEM_KINDS = (
    "scada", "ems", "plant_control", "gas_dispatch", "water_control", "telecom_core",
    "signalling", "traffic_control", "terminal_os", "ehr", "billing", "payment", "broadcast", "it",
)  # fmt: skip
"""Kinds of system; docs/semantics.md has the table of what each attack effect does to each kind."""

SECTORS = Table("sectors", "A critical sector and the authority in charge of it.", "重要インフラ分野と所管。", (
    ident(),
    text("name_en", "Name in English.", "英語名。", required=True),
    text("name_ja", "Name in Japanese.", "日本語名。", required=True),
    text("authority", "Ministry or authority in charge.", "所管省庁。"),
    text("authority_ja", "The same in Japanese.", "所管省庁(日本語)。"),
    number("score", "points", "Mean security score of the sector, 0-100.", "分野の平均評点。", high=100.0),
    number("score_low", "points", "Lower end of what is known of the mean.", "平均の下限。", high=100.0),
    number("score_high", "points", "Upper end of what is known of the mean.", "平均の上限。", high=100.0),
    number("score_spread", "points", "Standard deviation between organisations.", "組織間の標準偏差。", default=20.0),
    choice("score_basis", ("published", "assumed", "own"), "Where the mean comes from.", "評点の根拠。", default="assumed"),
    *PROVENANCE,
))  # fmt: skip

ORGANISATIONS = Table("organisations", "Who is responsible: an operator, company, ministry or trust.", "責任を負う組織。", (
    ident(),
    text("name_en", "Name in English, or the role it plays.", "英語名または役割。", required=True),
    text("name_ja", "Name in Japanese, or the role it plays.", "日本語名または役割。", required=True),
    ref("sector", "sectors", "The sector it belongs to.", "所属分野。", required=True),
    text("area", "Area it serves.", "地域。"),
    count("employees", "persons", "Number of employees.", "従業員数。"),
    yes_no("illustrative", "The organisation is a role or invented.", "例示上の組織か。", default=True),
    number("score", "points", "Its own score, 0-100; empty = the sector's prior.", "自組織の評点。", high=100.0),
    number("score_low", "points", "Lower end of its 90 % interval.", "90%区間の下限。", high=100.0),
    number("score_high", "points", "Upper end of its 90 % interval.", "90%区間の上限。", high=100.0),
    *PLACE,
    *PROVENANCE,
))  # fmt: skip

SYSTEMS = Table("systems", "An IT or OT system that an organisation runs.", "組織が運用するIT・OTシステム。", (
    ident(),
    ref("organisation", "organisations", "Who runs it.", "運用組織。", required=True),
    text("name_en", "Name in English.", "英語名。", required=True),
    text("name_ja", "Name in Japanese.", "日本語名。", required=True),
    choice("kind", SYSTEM_KINDS, "What it is for.", "種別。"),
    text("products", "Products it is built of, as CPE names separated by ;.", "製品(CPE)。"),
    choice("exposure", ("internet", "partner", "internal", "isolated"), "How far it can be reached.", "露出度。", default="internal"),
    refs("suppliers", "suppliers", "Who services or supplies it.", "保守・供給者。"),
    number("detect_p50_h", "h", "Median time to notice that it is attacked.", "検知までの中央値。", default=0.5),
    number("detect_p90_h", "h", "90th percentile of the same.", "同90%点。", default=4.0),
    number("restore_p50_h", "h", "Median time from detection to restoration.", "復旧時間の中央値。", default=48.0),
    number("restore_p90_h", "h", "90th percentile of the same.", "同90%点。", default=240.0),
    number("manual_fallback", "share", "Capacity kept by hand; empty = no manual mode.", "手動運用で残る能力。", high=1.0),
    number("manual_after_h", "h", "Time from detection until the manual mode is staffed.", "手動運用開始まで。", default=2.0),
    *PROVENANCE,
), units=True)  # fmt: skip

SUPPLIERS = Table("suppliers", "A common cause: whoever serves several systems.", "共通原因となる供給者。", (
    ident(),
    text("name_en", "Name in English.", "英語名。", required=True),
    text("name_ja", "Name in Japanese.", "日本語名。", required=True),
    choice("kind", ("managed_service", "vendor", "cloud"), "What it supplies.", "種別。"),
    number("reach", "share", "Chance that its breach reaches a given client system.", "波及確率。", default=0.5, high=1.0),
    number("score", "points", "Its own score; empty = the overall prior.", "評点。", high=100.0),
    *PROVENANCE,
))  # fmt: skip

CREWS = Table("crews", "Repair teams that share one depot.", "同じ拠点の復旧班。", (
    ident(),
    text("name_en", "Name in English.", "英語名。", required=True),
    text("name_ja", "Name in Japanese.", "日本語名。", required=True),
    ref("organisation", "organisations", "Whose crew it is.", "所属組織。"),
    count("teams", "teams", "How many jobs it can do at once.", "班数。", default=1),
    number("speed_kmh", "km/h", "Travel speed, straight line.", "移動速度。", default=30.0, low=0.1),
    number("shift_start_h", "h", "Hour of the day at which work starts.", "作業開始時刻。", default=0.0, high=24.0),
    number("shift_hours", "h", "Hours of work a day; 24 = round the clock.", "1日の作業時間。", default=24.0, low=0.5, high=24.0),
    *PLACE,
    *PROVENANCE,
))  # fmt: skip

CONTACTS = Table("contacts", "Who is reached, and how when mail and web are down.", "連絡先。", (
    ident(),
    ref("organisation", "organisations", "Whose contact it is.", "組織。", required=True),
    text("role", "Role of whoever answers; never a person's name.", "役割(個人名は不可)。", required=True),
    choice("channel", ("mail", "phone", "fax", "radio", "person"), "How.", "手段。"),
    text("address", "Address or number.", "宛先。"),
    text("hours", "When it is answered, such as 24/7.", "対応時間。", default="24/7"),
    count("order", "", "1 = try first.", "順位。", default=1),
    choice("language", ("ja", "en", "ja;en"), "Languages spoken.", "言語。", default="ja"),
    *PROVENANCE,
))  # fmt: skip

NETWORKS = Table("networks", "What is theirs on the Internet.", "保有するネットワーク。", (
    ident(),
    ref("organisation", "organisations", "Whose it is.", "組織。", required=True),
    choice("kind", ("cidr", "asn", "domain"), "What the value is.", "種別。"),
    text("value", "The range, number or name.", "値。", required=True),
    text("role", "What it is used for.", "用途。"),
    *PROVENANCE,
))  # fmt: skip

HOLDINGS = Table("holdings", "What could leak.", "漏えいし得る情報。", (
    ident(),
    ref("organisation", "organisations", "Who holds it.", "保有組織。", required=True),
    choice("kind", ("personal", "medical", "payment", "defence", "diplomatic", "industrial"), "What it is.", "種別。"),
    count("records", "records", "How many persons or records.", "件数。", default=0),
    number("sensitivity", "1-5", "5 = gravest.", "機微度。", default=3.0, low=1.0, high=5.0),
    ref("system", "systems", "Where it is kept; empty = any system of the organisation.", "保管システム。"),
    *PROVENANCE,
))  # fmt: skip

SOCIETY = (SECTORS, ORGANISATIONS, SYSTEMS, SUPPLIERS, CREWS, CONTACTS, NETWORKS, HOLDINGS)
