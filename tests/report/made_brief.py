"""A brief as large and uneven as a real one, made of drawn numbers; it stands in no relation to any real figure."""

from __future__ import annotations

import math
import random
from typing import Literal

from noroshi.desk.brief_schema import (
    SCHEMA_VERSION,
    Band,
    Brief,
    CurveBand,
    DataHarm,
    EstateSummary,
    Harms,
    MattersMost,
    Overall,
    PressFirst,
    Ratings,
    Resilience,
    SectorRating,
    Sensitivity,
    ServiceHarm,
    ServiceRisk,
    StrategicHarm,
    ThreatSummary,
    Warn,
)
from noroshi.report.places import TILES

SECTORS: tuple[tuple[str, str, str, str, str, float, Literal["published", "assumed"]], ...] = (
    ("telecom", "Information and communication", "情報通信", "MIC", "総務省", 75.3, "published"),
    ("finance", "Finance", "金融", "FSA", "金融庁", 71.3, "published"),
    ("government", "Government services", "政府・行政サービス", "Digital Agency", "デジタル庁", 66.1, "published"),
    ("power", "Electricity", "電力", "METI", "経済産業省", 58.5, "assumed"),
    ("gas", "City gas", "ガス", "METI", "経済産業省", 58.1, "assumed"),
    ("rail", "Railways", "鉄道", "MLIT", "国土交通省", 52.4, "published"),
    ("port", "Ports and harbours", "港湾", "MLIT", "国土交通省", 52.4, "published"),
    ("airport", "Airports", "空港", "MLIT", "国土交通省", 55.0, "assumed"),
    ("medical", "Medical care", "医療", "MHLW", "厚生労働省", 52.1, "published"),
    ("water", "Water supply", "水道", "MLIT", "国土交通省", 50.0, "assumed"),
)
LOCAL = (
    ("power", "Electricity", "電力", 0.9, 6.0),
    ("water", "Water", "水道", 0.6, 24.0),
    ("medical", "Hospitals", "病院", 0.5, 12.0),
)
HORIZON = 72.0


def band(rng: random.Random, mean: float, spread: float = 1.6) -> Band:
    low, high = mean * rng.uniform(0.0, 0.25), mean * rng.uniform(1.6, 1.6 + spread)
    return Band(mean=mean, p05=low, p50=(low + mean) / 2, p95=high)


def curve(rng: random.Random, depth: float) -> CurveBand:
    hours = tuple(float(h) for h in range(73))
    start, end = rng.uniform(1, 6), rng.uniform(18, 60)

    def served(scale: float) -> tuple[float, ...]:
        return tuple(
            1.0 if h < start else max(0.0, 1.0 - depth * scale * (1.0 if h < end else math.exp(-(h - end) / 8.0)))
            for h in hours
        )

    return CurveBand(hours=hours, p05=served(1.0), p50=served(0.45), p95=served(0.06))


def services(rng: random.Random) -> tuple[ServiceRisk, ...]:
    made: list[ServiceRisk] = []
    for tile in TILES:
        for sector, en, ja, floor, tolerance in LOCAL:
            p = min(0.7, rng.lognormvariate(-4.0, 1.4))
            people = rng.randrange(600_000, 9_000_000, 1000)
            mean = people * p * rng.uniform(3, 15)
            made.append(
                ServiceRisk(
                    id=f"{sector}-{tile.name_en.lower()}",
                    name=f"{en}, {tile.name_en}",
                    name_ja=f"{ja}({tile.name_ja})",
                    sector=sector,
                    area=tile.name_en.lower(),
                    people=people,
                    floor=floor,
                    tolerance_h=tolerance,
                    person_hours_below_floor=band(rng, mean),
                    p_below_floor=min(1.0, 1.5 * p),
                    p_beyond_tolerance=p,
                    weight=1.0,
                    bands=curve(rng, min(1.0, 0.3 + 2 * p)) if p > 0.03 else None,
                    lat=30.0 + 12 * rng.random(),
                    lon=130.0 + 14 * rng.random(),
                )
            )
    for k, (sector, en, ja) in enumerate(
        (
            ("port", "Container port", "コンテナ港"),
            ("rail", "High-speed line", "高速鉄道"),
            ("finance", "Interbank payments", "銀行間決済"),
        )
    ):
        made.extend(
            ServiceRisk(
                id=f"{sector}-{n}",
                name=f"{en} {n}",
                name_ja=f"{ja}{n}",
                sector=sector,
                area="",
                people=100_000 * (n + 1),
                floor=0.5,
                tolerance_h=24.0,
                person_hours_below_floor=Band(mean=0.0, p05=0.0, p50=0.0, p95=0.0),
                p_below_floor=0.0,
                p_beyond_tolerance=0.0,
                weight=1.0,
            )
            for n in range(1, 9 + k)
        )
    return tuple(made)


def made_brief(seed: int = 7, *, fictional: bool = False) -> Brief:
    rng = random.Random(seed)  # noqa: S311  drawn figures, no secret
    listed = services(rng)
    total = sum(s.person_hours_below_floor.mean for s in listed)
    organisations = tuple(
        MattersMost(
            organisation=f"org-{k}",
            name=name,
            name_ja=ja,
            sector=sector,
            area=area,
            breach_probability=p,
            consequence=rng.uniform(2e5, 4e7),
        )
        for k, (name, ja, sector, area, p) in enumerate(
            (
                ("Grid operator, Chubu", "送配電事業者(中部)", "power", "chubu", 0.031),
                ("Grid operator, Tokyo", "送配電事業者(東京)", "power", "tokyo", 0.024),
                ("Gas company, Kansai", "ガス事業者(関西)", "gas", "kansai", 0.042),
                ("Port terminal operator, Aichi", "港湾ターミナル事業者(愛知)", "port", "aichi", 0.066),
                ("Railway, Kanto", "鉄道事業者(関東)", "rail", "kanto", 0.018),
                ("Water works, Osaka", "水道事業者(大阪)", "water", "osaka", 0.051),
                ("Hospital trust, Fukuoka", "病院機構(福岡)", "medical", "fukuoka", 0.083),
            )
        )
    )
    return Brief(
        schema_version=SCHEMA_VERSION,
        estate=EstateSummary(
            id="sorami" if fictional else "japan",
            fictional=fictional,
            illustrative=True,
            name_en="Sorami" if fictional else "Japan, regional",
            name_ja="空見" if fictional else "日本(地域)",
        ),
        seed=seed,
        trials=10_000,
        horizon_h=HORIZON,
        threat=ThreatSummary(
            id="volt-typhoon",
            name="Volt Typhoon",
            name_ja="",
            source="MISP galaxy, mitre-intrusion-set",
            period_days=365,
            sectors=("power", "telecom", "water", "port"),
            techniques=("T0883", "T1078", "T1133", "T1190", "T1505.003"),
            effects=("loss_of_control", "loss_of_view", "trip"),
        ),
        ratings=Ratings(
            pass_mark=72.0,
            source="Trend Micro Japan 2014, n = 1,175",
            year=2014,
            overall=Overall(score=58.5, technical=37.8, organisational=20.7),
            sectors=tuple(
                SectorRating(
                    id=k,
                    name=en,
                    name_ja=ja,
                    authority=auth,
                    authority_ja=auth_ja,
                    score=score,
                    low=score - 4.5,
                    high=score + 4.5,
                    basis=basis,
                    verdict="pass" if score - 4.5 >= 72 else "fail" if score + 4.5 < 72 else "evidence_needed",
                )
                for k, en, ja, auth, auth_ja, score, basis in SECTORS
            ),
        ),
        services=listed,
        harms=Harms(
            service=ServiceHarm(
                person_hours_below_floor=band(rng, total, 3.0),
                services_beyond_tolerance=Band(mean=7.4, p05=0.0, p50=3.0, p95=31.0),
            ),
            data=DataHarm(
                records=Band(mean=1.9e6, p05=0.0, p50=0.0, p95=1.1e7),
                p_any=0.21,
                by_kind={"personal": 1.4e6, "medical": 5e5},
            ),
            strategic=StrategicHarm(
                points=Band(mean=0.6, p05=0.0, p50=0.0, p95=4.0),
                p_any=0.09,
                by_kind={"industrial": 0.5, "defence": 0.1},
            ),
        ),
        resilience=tuple(
            Resilience(
                service=s.id,
                low=1 + k % 3,
                high=None if k % 3 == 2 else 1 + k % 3 + (k % 5 == 0),
                example=("org-0",),
                example_names=("Grid operator, Chubu",),
                example_names_ja=("送配電事業者(中部)",),
                proof="All single breaches were run." if k % 3 else "One breach is the fewest there is.",
                proof_ja="単独侵害をすべて計算した。" if k % 3 else "1件が最少である。",
            )
            for k, s in enumerate(listed[:60])
        ),
        matters_most=organisations,
        press_first=tuple(
            PressFirst(
                organisation=m.organisation,
                name=m.name,
                name_ja=m.name_ja,
                sector=m.sector,
                measures=("mfa-all-remote", "backup-offline"),
                measure_names=("A second factor for remote entry", "Offline copies of all important systems"),
                measure_names_ja=("外部接続への多要素認証", "重要システムのオフライン複製"),
                saves=m.breach_probability * m.consequence / 4,
                cost=27.0,
                why="2 % chance of breach within 30 days.",
                why_ja="30日以内の侵害確率2%。",
            )
            for m in sorted(organisations, key=lambda m: -m.breach_probability * m.consequence)[:4]
        ),
        warn=tuple(
            Warn(
                organisation=m.organisation,
                name=m.name,
                name_ja=m.name_ja,
                why="Runs systems that this threat goes for; exposed to partners.",
                why_ja="この脅威が狙うシステムを運用し、取引先に接続している。",
            )
            for m in organisations[:5]
        ),
        p_any=0.624,
        mean_hits=4.3,
        power_solves=7.9,
        sensitivity=tuple(
            Sensitivity(
                assumption=en,
                assumption_ja=ja,
                effect=(high - low),
                low=total * low,
                high=total * high,
                changes_first=first,
                effect_error=0.01,
            )
            for en, ja, low, high, first in (
                ("Restoration time of control systems", "制御システムの復旧時間", 0.55, 1.72, True),
                ("Capacity kept by hand", "手動運用で残る能力", 1.45, 0.68, True),
                ("Autonomy of hospitals", "病院の自立時間", 1.22, 0.86, False),
                ("Slope from score to probability", "評点から確率への傾き", 0.82, 1.15, False),
                ("Time to notice", "検知までの時間", 0.97, 1.04, False),
            )
        ),
        assumptions=(
            "Scores are sector means of a published survey; no organisation's own posture is used.",
            "The spread between organisations of a sector is 20 points (assumed).",
            "Demand is constant within blocks of four hours.",
        ),
        assumptions_ja=(
            "評点は公表された調査の分野平均であり、個別組織の状態は用いていない。",
            "分野内の組織間のばらつきは20点と仮定した。",
            "需要は4時間ごとに一定とした。",
        ),
    )
