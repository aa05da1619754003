"""What the pages of What-if share: their words by table and state, the sentence that says it all, curves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from noroshi.desk.numbers import amount, hours, percent
from noroshi.desk.whatif_losses import curve_of, losses_of, share_at, worst
from noroshi.estate.tables import UNIT_TABLES
from noroshi.report.charts import fan
from noroshi.report.html import safe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from noroshi.desk.whatif_losses import Loss
    from noroshi.desk.whatif_runs import Answer, Record
    from noroshi.web.screen.page import Page

__all__ = [
    "LEVELS",
    "STATE_WORDS",
    "STEP_WORDS",
    "TABLE_WORDS",
    "curves",
    "loss_state",
    "named",
    "notice_of",
    "sentence",
]

TABLE_WORDS = dict(zip(UNIT_TABLES, (
    "wi_t_systems", "wi_t_assets", "wi_t_power_buses", "wi_t_power_branches", "wi_t_generators", "wi_t_gas_nodes",
    "wi_t_gas_pipes", "wi_t_gas_sources", "wi_t_gas_stores", "wi_t_transport_links", "wi_t_trips", "wi_t_services",
), strict=True))  # fmt: skip
"""Table of units -> the key of what one of them is called."""
STATE_WORDS = {
    "waiting": "wi_waiting", "running": "wi_running", "done": "wi_done", "stopped": "wi_stopped", "failed": "wi_failed",
}  # fmt: skip
STEP_WORDS = {
    "model": "wi_s_model", "kernels": "wi_s_kernels", "run": "wi_s_run", "why": "wi_s_why", "loading": "wi_s_loading",
    "bands": "wi_s_bands", "ensemble": "wi_s_ensemble",
}  # fmt: skip
LEVELS = ("wi_normal", "wi_degraded", "wi_failing", "wi_out")
"""State 0 to 3 -> the key of its word."""
TOP_CURVES = 9
NAMED = 3


def named(page: Page, record: Record) -> str:
    """Return what a run is called: its name, else what is hit."""
    if record.name:
        return record.name
    targets = list(dict.fromkeys(one.target for one in record.asked.hits))
    return ", ".join(targets[:NAMED]) + (" …" if len(targets) > NAMED else "") or page.w("wi_title")


def notice_of(page: Page, estate: dict[str, Any]) -> str:
    """Return what an estate's figures are worth, "" where they are somebody's own."""
    if not estate["illustrative"]:
        return ""
    return page.w("wi_fictional" if estate["fictional"] else "wi_illustrative")


def loss_state(loss: Loss) -> int:
    """Return the state of a service at its worst."""
    if loss.lowest >= loss.floor - 1e-9:
        return 1
    return 3 if loss.beyond else 2


def sentence(page: Page, answer: Answer, losses: Sequence[Loss]) -> tuple[str, list[str]]:
    """Return in one sentence what people lose, where and how long, and what there is to say after it."""
    lang = page.lang
    horizon = hours(answer.playback.horizon_h, lang)
    below = [one for one in losses if one.hours > 0.0]
    rest = []
    exposed, strategic = answer.result["harms"]["data"]["records"], answer.result["harms"]["strategic"]["points"]
    if exposed or strategic:
        rest.append(page.w("wi_leaks", records=f"{exposed:,.0f}", points=f"{strategic:,.0f}"))
    if not below:
        return page.w("wi_calm", horizon=horizon), rest
    top = worst(answer, below)
    # names of services say where too
    lacking = [one for one in below if share_at(one.served, top.hour) < one.floor - 1e-9] or below
    lacking.sort(key=lambda one: -one.people)
    where = ("、" if lang == "ja" else "; ").join(page.pick(one.name_en, one.name_ja) for one in lacking[:NAMED])
    others = len(lacking) - NAMED
    where += "" if others <= 0 else f" ほか{others}件" if lang == "ja" else f"; and {others} more"
    first = below[0]
    harm = amount(answer.result["harms"]["service"]["person_hours_below_floor"], lang)
    rest.insert(0, page.w("wi_worst_hit", service=page.pick(first.name_en, first.name_ja), low=percent(first.lowest,
    lang),
                          hours=hours(first.hours, lang), harm=harm))  # fmt: skip
    if answer.bands is not None:
        low, _, high = answer.bands.person_hours
        rest.insert(1, page.w("wi_sure", draws=answer.bands.draws, low=amount(low, lang), high=amount(high, lang)))
    said = page.w(
        "wi_sentence", people=amount(top.people, lang), at="+" + hours(top.hour, lang), where=where,
        below=len(below),
        all=len(answer.result["services"]), horizon=horizon, beyond=sum(one.beyond for one in below),
    )  # fmt: skip
    return said, rest


def curves(page: Page, answer: Answer) -> list[dict[str, Any]]:
    """Return the curves of the services that lose most, each with its state."""
    made = []
    for one in losses_of(answer)[:TOP_CURVES]:
        name = page.pick(one.name_en, one.name_ja)
        label = page.w("wi_curve_of", name=name, low=percent(one.lowest, page.lang))
        drawn = safe(fan(curve_of(answer, one), floor=one.floor, label=label, lang=page.lang))
        made.append({"name": name, "state": loss_state(one), "low": percent(one.lowest, page.lang), "svg": drawn})
    return made
