"""Ratings: sectors against the pass mark, whom to press first, organisations, and one of them in full."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from litestar import Response

from noroshi.desk.brief_words import PRESS_BUDGET
from noroshi.desk.numbers import hours, percent, plain, points
from noroshi.desk.permitting import must
from noroshi.desk.ratings import mark_of, narrowing, of_sectors, one, rated, sees
from noroshi.rate.ladder import scores
from noroshi.report.html import safe
from noroshi.report.press_table import press_table
from noroshi.report.ratings_charts import around, gauge
from noroshi.report.tables import split
from noroshi.web.screen import ratings_tables as tables

if TYPE_CHECKING:
    from noroshi.desk.brief_schema import Brief
    from noroshi.desk.rating import Rating
    from noroshi.desk.ratings import Organisation
    from noroshi.estate.model import Estate
    from noroshi.web.screen.page import Page
    from noroshi.web.screen.screen import Screen

__all__ = ["around_of", "budget_of", "declare", "figures_of", "plan_of"]

TOP, MOST_FOUND, SETTLING = 12, 30, 5
BUDGET, MOST_BUDGET = 30.0, 10_000.0
COLUMNS = tuple(f"ratings_column_{k}" for k in range(1, 6))


def declare(screen: Screen) -> None:
    """Declare the pages of ratings."""

    @screen.view("/ratings")
    def ratings(page: Page) -> Response[Any]:
        must(page.who, "ratings.read")
        estate = page.loaded()
        mark = mark_of(estate)
        found = of_sectors(page.hub, page.who, estate)
        names = sector_names(estate, page)
        full = any(each.full for each in found)
        there = rated(page.hub, page.who, estate, page.now)
        as_csv = {
            "sectors": tables.sectors(found, mark, page),
            "organisations": tables.organisations(there, names, mark, page),
        }
        if (wanted := page.query("csv")) in as_csv:
            return saved(page, as_csv[wanted], f"{wanted}.csv")
        return page.show(
            "ratings.html", title=page.w("ratings_title"), sectors=as_csv["sectors"], mark=plain(mark), full=full,
            lead=page.w("ratings_lead" if full else "ratings_lead_own", estate=name_of(estate, page), mark=plain(mark)),
            prior=not scores(estate).own.any(), fictional=estate.meta.fictional, found=search(estate, page),
            asked=page.query("q"), organisations=as_csv["organisations"], ids=[each.id for each in there],
            press=press_of(page, names) if full else None,
        )  # fmt: skip

    @screen.view("/ratings/{organisation:str}")
    def organisation(page: Page) -> Response[Any]:
        estate = page.loaded()
        there = one(page.hub, page.who, estate, page.path("organisation"), page.now)
        name = page.pick(there.name_en, there.name_ja)
        may_see = sees(page.hub, page.who, there.id, there.sector)
        content: dict[str, Any] = {"files": [], "versions": [], "owner": there.id}
        if there.rating is not None:
            content |= rating_of(there.rating, page)
            content |= plan_of(there.rating, estate, page, budget_of(page))
        if there.answers is not None:
            content["files"] = [(item, each) for item, files in there.answers.state.files.items() for each in files]
            content["versions"] = there.answers.state.versions
        drill = there.answers is not None and there.answers.place.exercise
        return page.show(
            "ratings_organisation.html", title=name, there=there, exercise=drill, mark=plain(mark_of(estate)),
            sector=sector_names(estate, page).get(there.sector, there.sector), **figures_of(there, estate, page),
            around=around_of(estate, there.id, name, page) if may_see and there.known else None, **content,
        )  # fmt: skip

    @screen.view("/ratings/{organisation:str}/plan")
    def plan(page: Page) -> Response[Any]:
        estate = page.loaded()
        there = one(page.hub, page.who, estate, page.path("organisation"), page.now)
        if not page.part or there.rating is None:
            return page.go(f"/ratings/{there.id}", budget=page.query("budget", plain(BUDGET)))
        return page.show("ratings_plan.html", owner=there.id, **plan_of(there.rating, estate, page, budget_of(page)))

    @screen.view("/ratings/{organisation:str}/evidence/{file:str}")
    def evidence(page: Page) -> Response[Any]:
        from noroshi.desk.assessments import evidence as of

        who = page.path("organisation")
        name, body = of(page.hub, page.who, who, page.path("file"), exercise=page.query("exercise") == "1")
        return page.answer(
            body, "application/octet-stream", save_as=name, headers={"Content-Security-Policy": "sandbox"}
        )


def name_of(estate: Estate, page: Page) -> str:
    """Return what people call an estate."""
    return page.pick(estate.meta.name_en or estate.meta.id, estate.meta.name_ja)


def sector_names(estate: Estate, page: Page) -> dict[str, str]:
    """Return sector -> its name."""
    rows = estate.frame("sectors").select("id", "name_en", "name_ja").iter_rows()
    return {name: page.pick(english, japanese) for name, english, japanese in rows}


def saved(page: Page, table: Any, name: str) -> Response[Any]:  # noqa: ANN401  a table of reports
    """Return a table as a file."""
    return page.answer(tables.as_csv(table), "text/csv", save_as=name)


def search(estate: Estate, page: Page) -> list[tuple[str, str]]:
    """Return the organisations whose name or id has what is asked for, each with its id."""
    asked = page.query("q").casefold()
    if not asked:
        return []
    rows = estate.frame("organisations").select("id", "name_en", "name_ja").iter_rows()
    found = [
        (name, page.pick(english or name, japanese)) for name, english, japanese in rows
        if any(asked in (each or "").casefold() for each in (name, english, japanese))
    ]  # fmt: skip
    return found[:MOST_FOUND]


def press_of(page: Page, names: dict[str, str]) -> dict[str, Any]:
    """Return whom to press first by the estate's brief, of the sectors whose organisations one may see."""
    standing = page.estates.standing(page.estate)
    if standing.brief is None:
        return {"waits": True}
    brief: Brief = standing.brief
    mine = tuple(each for each in brief.press_first if sees(page.hub, page.who, "", each.sector))
    shown, rest = split(press_table(mine, names, page.lang), TOP, page.lang)
    threat = page.pick(brief.threat.name, brief.threat.name_ja)
    return {
        "waits": False, "table": shown, "rest": rest, "ids": [each.organisation for each in mine],
        "lead": page.w("ratings_press_lead", budget=f"{PRESS_BUDGET:,.0f}", threat=threat),
    }  # fmt: skip


# ---- one organisation


def figures_of(there: Organisation, estate: Estate, page: Page) -> dict[str, Any]:
    """Return the figures over an organisation's page: score, interval, parts, verdict."""
    mark, state = mark_of(estate), tables.STATES[there.verdict]
    range_ = tables.span(there.low, there.high, page.lang)
    label = page.w("ratings_gauge", score=points(there.score), range=range_, mark=plain(mark))
    key = "ratings_chance" if there.rating else "ratings_chance_other"
    day = there.rating.sheet.as_of.isoformat() if there.rating else ""
    return {
        "gauge": safe(gauge(there.score, (there.low, there.high), state, mark, label)), "score": points(there.score),
        "range": range_, "state": state, "verdict": tables.word_of(there.verdict, page),
        "chance": page.w(key, mark=plain(mark), chance=percent(there.passing, page.lang)),
        "basis": page.w(f"ratings_one_{there.basis}", day=day),
    }  # fmt: skip


def rating_of(rating: Rating, page: Page) -> dict[str, Any]:
    """Return what answers say: parts, questions by evidence, what would settle it."""
    catalogue, scored = rating.catalogue, rating.scored
    found = narrowing(rating)[:SETTLING]
    return {
        "technical": points(float(scored.technical[0])), "technical_of": plain(catalogue.technical_points),
        "organisational": points(float(scored.organisational[0])),
        "organisational_of": plain(catalogue.organisational_points), "items": tables.items(rating, page),
        "settle": tables.settle_table(found, rating, page), "width": plain(float(scored.high[0] - scored.low[0]), 2),
        "checkable": plain(tables.checkable(rating)),
    }  # fmt: skip


def budget_of(page: Page) -> float:
    """Return the budget that is asked for in million yen, the usual one where that is no number."""
    try:
        asked = float(page.query("budget", plain(BUDGET)).replace(",", ""))
    except ValueError:
        return BUDGET
    return min(max(asked, 0.0), MOST_BUDGET) if asked == asked else BUDGET  # noqa: PLR0124  not a number is not itself


def plan_of(rating: Rating, estate: Estate, page: Page, budget: float) -> dict[str, Any]:
    """Return the plan for a budget as it is shown."""
    from noroshi.desk.planning import plan_budget

    of = estate if rating.of_sector else None
    found = plan_budget(rating, budget, estate=of)
    values = found.as_dict()
    said = page.w(
        "ratings_plan_sum", cost=plain(values["cost"]), staff=plain(values["staff"]),
        reduction=percent(values["reduction"], page.lang), before=points(values["score_before"]),
        after=points(values["score_after"]),
        range=tables.span(values["low_after"], values["high_after"], page.lang),
    )  # fmt: skip
    return {"budget": plain(budget).replace(",", ""), "plan": tables.plan_table(found, page), "plan_sum": said}


def around_of(estate: Estate, organisation: str, name: str, page: Page) -> dict[str, Any]:
    """Return an organisation's neighbourhood as a picture and as a table."""
    from noroshi.desk.neighbourhood import neighbourhood

    found = neighbourhood(estate, organisation)
    heads = [page.w(key) for key in COLUMNS]
    title = page.w("ratings_around_title", name=name)
    picture = around(found, page.lang, heads, title, lambda value: hours(value, page.lang))
    return {
        "svg": safe(picture), "table": tables.around_table(found, page), "left_out": found.left_out,
        "any": bool(found.links),
    }  # fmt: skip
