"""The tables of what is commanded and relied on: assets, power, gas, transport, services, dependencies."""

from __future__ import annotations

from noroshi.estate.column import (
    PLACE,
    PROVENANCE,
    Column,
    Table,
    choice,
    count,
    ident,
    number,
    ref,
    refs,
    text,
    yes_no,
)  # fmt: skip

NAMES: tuple[Column, ...] = (
    text("name_en", "Name in English.", "英語名。"),
    text("name_ja", "Name in Japanese.", "日本語名。"),
)
COMMAND: tuple[Column, ...] = (
    ref("organisation", "organisations", "Who is responsible for it.", "責任組織。"),
    ref("commanded_by", "systems", "The system that commands it.", "制御システム。"),
)
REPAIR: tuple[Column, ...] = (
    ref("crew", "crews", "Who repairs it; empty = restored by the hit's own restore_h.", "復旧班。"),
    number("repair_p50_h", "h", "Median time of work on site.", "現地作業時間の中央値。", default=12.0),
    number("repair_p90_h", "h", "90th percentile of the same.", "同90%点。", default=48.0),
)
FUELS = (
    "nuclear", "hydro", "geothermal", "coal", "lng", "gas", "oil", "pumped", "biomass", "solar", "wind", "other",
)  # fmt: skip
COMMODITIES = ("electricity", "gas", "telecom", "water", "fuel", "control", "data", "staff", "access", "finance")

ASSETS = Table("assets", "A physical thing that a system commands.", "システムが制御する物理的資産。", (
    ident(), *NAMES,
    text("kind", "What it is: substation, terminal, berth, hospital, plant ...", "種別。", required=True),
    text("area", "Area it stands in.", "地域。"),
    *PLACE,
    number("capacity", "unit", "Capacity in the unit of the next column.", "能力。", default=1.0),
    text("unit", "Unit of the capacity.", "単位。"),
    *COMMAND, *REPAIR, *PROVENANCE,
), units=True)  # fmt: skip

PROFILES = Table("profiles", "Demand over the day and the year, as a share of the peak.", "需要曲線。", (
    ident(), *NAMES,
    *(number(f"b{4 * k:02d}", "share", f"Share in the 4-hour block that starts at {4 * k:02d}:00.", "4時間枠の比率。",
             default=1.0, high=2.0) for k in range(6)),
    *(number(s, "share", f"Factor in {s}.", "季節係数。", default=1.0, high=2.0)
      for s in ("winter", "spring", "summer", "autumn")),
    *PROVENANCE,
))  # fmt: skip

POWER_BUSES = Table("power_buses", "A node of the power grid: a substation, or a zone of many.", "電力系統の母線・地区。", (
    ident(), *NAMES,
    text("area", "Utility area or region.", "地域。"),
    *PLACE,
    number("kv", "kV", "Nominal voltage.", "公称電圧。", low=0.1),
    text("island", "Synchronous area; AC branches never leave it.", "同期系統。", required=True),
    number("frequency_hz", "Hz", "Nominal frequency.", "周波数。", default=60.0, low=1.0),
    number("demand_mw", "MW", "Peak demand.", "最大需要。", default=0.0),
    number("critical_share", "share", "Part of the demand that is shed last.", "優先負荷の比率。", default=0.1, high=1.0),
    number("ufls_share", "share", "Demand that under-frequency relays can shed at once.", "UFLS量の比率。", default=0.5, high=1.0),
    ref("profile", "profiles", "Its demand over the day.", "需要曲線。"),
    *COMMAND, *REPAIR, *PROVENANCE,
), units=True)  # fmt: skip

POWER_BRANCHES = Table("power_branches", "One circuit, transformer, DC link or frequency converter.", "送電回線・変換設備。", (
    ident(), *NAMES,
    ref("from_bus", "power_buses", "One end.", "始点。", required=True),
    ref("to_bus", "power_buses", "Other end.", "終点。", required=True),
    choice("kind", ("ac", "dc", "fc"), "AC circuit, DC link or frequency converter.", "種別。", default="ac"),
    text("corridor", "The route it shares with parallel circuits.", "ルート。"),
    number("kv", "kV", "Nominal voltage.", "公称電圧。", low=0.1),
    number("x_pu", "per unit, 100 MVA", "Series reactance (AC).", "リアクタンス。", low=None),
    number("rating_mw", "MW", "Thermal rating: relays trip above it.", "熱容量。", required=True),
    number("secure_mw", "MW", "Limit that dispatch respects; empty = the rating.", "運用容量。"),
    number("secure_back_mw", "MW", "The same against the direction; empty = equal.", "逆方向運用容量。"),
    yes_no("black_start", "A DC link that can energise a dead end.", "ブラックスタート可否。"),
    *COMMAND, *REPAIR, *PROVENANCE,
), units=True)  # fmt: skip

GENERATORS = Table("generators", "A power plant or the part of it on one bus.", "発電所。", (
    ident(), *NAMES,
    ref("bus", "power_buses", "Where it feeds in.", "連系母線。", required=True),
    choice("fuel", FUELS, "Fuel or source.", "燃料。"),
    number("p_min_mw", "MW", "Least stable output; shown, not enforced.", "最低出力。", default=0.0),
    number("p_max_mw", "MW", "Greatest output.", "最大出力。", required=True),
    number("availability", "share", "Part of p_max that can be counted on.", "供給力係数。", default=1.0, high=1.0),
    number("cost", "merit", "Merit order: lower runs first; below 1.", "起動順位。", default=0.5, high=0.99),
    number("fast_share", "share of p_max", "What the governor gives at once.", "調速機予備力。", default=0.05, high=1.0),
    number("restart_h", "h", "Time from power at its bus to feeding in again after a trip.", "再起動時間。", default=4.0),
    yes_no("black_start", "Starts without power from the grid.", "ブラックスタート可否。"),
    ref("fed_by", ("gas_nodes", "assets"), "What brings its fuel; empty = own stock.", "燃料供給元。"),
    choice("status", ("operating", "standby", "mothballed"), "Mothballed plants are kept out of dispatch.", "状態。", default="operating"),
    *PLACE, *COMMAND, *REPAIR, *PROVENANCE,
), units=True)  # fmt: skip

GAS_NODES = Table("gas_nodes", "A node of the gas network with its demand.", "ガス導管網の節点。", (
    ident(), *NAMES,
    text("area", "Area.", "地域。"),
    *PLACE,
    number("demand_tph", "t/h", "Peak demand, gas-fired plants included.", "最大需要。", default=0.0),
    number("critical_share", "share", "Part of the demand that is cut last.", "優先需要の比率。", default=0.3, high=1.0),
    ref("profile", "profiles", "Its demand over the day.", "需要曲線。"),
    *COMMAND, *REPAIR, *PROVENANCE,
), units=True)  # fmt: skip

GAS_PIPES = Table("gas_pipes", "A trunk line, with the compressors it needs.", "幹線導管。", (
    ident(), *NAMES,
    ref("from_node", "gas_nodes", "One end.", "始点。", required=True),
    ref("to_node", "gas_nodes", "Other end.", "終点。", required=True),
    number("capacity_tph", "t/h", "Greatest flow.", "輸送能力。", required=True),
    yes_no("one_way", "Flows only from from_node to to_node.", "一方向か。"),
    *COMMAND, *REPAIR, *PROVENANCE,
), units=True)  # fmt: skip

GAS_SOURCES = Table("gas_sources", "A terminal's send-out or a field.", "供給源(LNG基地・ガス田)。", (
    ident(), *NAMES,
    ref("node", "gas_nodes", "Where it feeds in.", "節点。", required=True),
    choice("kind", ("lng", "field", "import", "satellite"), "What it is.", "種別。", default="lng"),
    number("capacity_tph", "t/h", "Greatest send-out.", "送出能力。", required=True),
    *PLACE, *COMMAND, *REPAIR, *PROVENANCE,
), units=True)  # fmt: skip

GAS_STORES = Table("gas_stores", "Gas that is there: linepack, a holder or a tank.", "貯蔵(ラインパック・ホルダー・タンク)。", (
    ident(), *NAMES,
    ref("node", "gas_nodes", "Where it feeds in.", "節点。", required=True),
    choice("kind", ("linepack", "holder", "tank"), "What it is.", "種別。", default="linepack"),
    number("capacity_t", "t", "What it holds when full.", "容量。", required=True),
    number("initial_share", "share", "How full it is at the start.", "初期充填率。", default=0.8, high=1.0),
    number("send_out_tph", "t/h", "Greatest withdrawal.", "送出能力。", required=True),
    number("fill_tph", "t/h", "Greatest filling.", "充填能力。", default=0.0),
    *COMMAND, *REPAIR, *PROVENANCE,
), units=True)  # fmt: skip

TRANSPORT_STOPS = Table("transport_stops", "A station, airport, port or junction.", "駅・空港・港・結節点。", (
    ident(), *NAMES,
    choice("kind", ("rail", "air", "port", "road"), "Mode.", "種別。"),
    text("area", "Area.", "地域。"),
    *PLACE, *PROVENANCE,
))  # fmt: skip

TRANSPORT_LINKS = Table("transport_links", "A line section, air or sea route or road.", "路線区間。", (
    ident(), *NAMES,
    ref("from_stop", "transport_stops", "One end.", "始点。", required=True),
    ref("to_stop", "transport_stops", "Other end.", "終点。", required=True),
    choice("kind", ("rail", "air", "sea", "road"), "Mode.", "種別。"),
    number("capacity_per_h", "persons or t/h", "Greatest flow, both directions together.", "輸送力。", required=True),
    number("hours", "h", "Travel time.", "所要時間。", default=1.0, low=0.001),
    *COMMAND, *REPAIR, *PROVENANCE,
), units=True)  # fmt: skip

TRIPS = Table("trips", "Origin-destination demand, and the share of it that is served.", "起終点交通需要。", (
    ident(), *NAMES,
    ref("origin", "transport_stops", "From.", "起点。", required=True),
    ref("destination", "transport_stops", "To.", "終点。", required=True),
    number("demand_per_h", "persons or t/h", "Mean demand.", "需要。", required=True),
    choice("mode", ("rail", "air", "sea", "road", "any"), "Links it may use.", "利用手段。", default="any"),
    *PROVENANCE,
), units=True)  # fmt: skip

SERVICES = Table("services", "What people rely on.", "人々が頼るサービス。", (
    ident(),
    text("name_en", "Name in English.", "英語名。", required=True),
    text("name_ja", "Name in Japanese.", "日本語名。", required=True),
    ref("sector", "sectors", "Its sector.", "分野。", required=True),
    text("area", "Area it serves.", "地域。"),
    ref("organisation", "organisations", "Who provides it.", "提供組織。"),
    count("people", "persons", "How many people rely on it.", "利用者数。", default=0),
    number("demand", "unit", "Demand in the unit of the next column.", "需要。"),
    text("unit", "Unit of the demand.", "単位。"),
    number("floor", "share", "The basic level that must hold.", "維持すべき水準。", default=0.5, high=1.0),
    number("tolerance_h", "h", "How long it may be below the floor.", "許容時間。", default=24.0),
    number("weight", "", "Weight of a person-hour in totals.", "重み。", default=1.0),
    ref("commanded_by", "systems", "The system that runs it.", "運用システム。"),
    *PLACE, *PROVENANCE,
), units=True)  # fmt: skip

UNIT_TABLES = (
    "systems", "assets", "power_buses", "power_branches", "generators", "gas_nodes", "gas_pipes", "gas_sources",
    "gas_stores", "transport_links", "trips", "services",
)  # fmt: skip
"""Tables whose rows are units of the stress engine, in the engine's order."""

DEPENDENCIES = Table("dependencies", "Who needs whom, for which commodity, and how long without.", "依存関係。", (
    ident(),
    ref("dependant", UNIT_TABLES, "Who needs it.", "依存する側。", required=True),
    refs("providers", UNIT_TABLES, "Who gives it.", "供給する側。", required=True),
    choice("logic", ("all", "any", "k_of_n", "mean"), "The least, the best, the k-th best or the capacity-weighted mean of the providers.", "論理。", default="all"),
    count("k", "", "For k_of_n.", "k_of_nのk。", default=1),
    choice("commodity", COMMODITIES, "What is given.", "財・役務。"),
    choice("priority", ("normal", "critical"), "Critical: sees what the network gives its priority customers.", "優先度。", default="normal"),
    number("autonomy_h", "h", "Median time it lasts without.", "自立時間の中央値。", default=0.0),
    number("autonomy_p90_h", "h", "90th percentile of the same; empty = 1.5 times the median.", "同90%点。"),
    number("degraded", "share", "Capacity that is left afterwards.", "枯渇後の能力。", default=0.0, high=1.0),
    number("degraded_spread", "share", "Half-width of what the left capacity may be.", "同不確かさ。", default=0.1, high=1.0),
    number("recovery_h", "h", "Time to come back once supply is whole again.", "回復時間。", default=0.0),
    *PROVENANCE,
))  # fmt: skip

NETWORKS_AND_SERVICES = (
    ASSETS, PROFILES, POWER_BUSES, POWER_BRANCHES, GENERATORS, GAS_NODES, GAS_PIPES, GAS_SOURCES, GAS_STORES,
    TRANSPORT_STOPS, TRANSPORT_LINKS, TRIPS, SERVICES, DEPENDENCIES,
)  # fmt: skip
