"""`noroshi rate plan`: what to do next under a budget, over years, or as cheaply as the pass mark allows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import click

from noroshi.cli.rate_score import CATALOGUE, FORMER
from noroshi.cli.verbs import AS_JSON, LANG, aside, language, print_json
from noroshi.errors import Fault, InputError

if TYPE_CHECKING:
    from noroshi.desk.planning import Planned
    from noroshi.desk.rating import Rating
    from noroshi.estate.model import Estate

__all__ = ["command"]

MOST_YEARS = 5


@click.command("plan")
@click.argument("answers", metavar="FILE")
@click.option("--budget", metavar="B[,B…]", help="Million yen; one number a year. 予算(百万円)。年ごとにカンマ区切り。")
@click.option("--to-pass", is_flag=True, help="The cheapest way to the pass mark instead. 合格点への最安の計画。")
@click.option("--staff", type=click.FloatRange(min=0), help="Person-months a year. 年間の人月の上限。")
@click.option(
    "--grade",
    type=click.Choice(("document", "third_party", "measured")),
    help="Evidence once done; default: document, for --to-pass third_party. 実施後の証拠の質。",
)
@click.option("--threat", metavar="NAME|FILE", help="Plan against its techniques; default: all known actors'. 脅威。")
@click.option("--estate", metavar="ESTATE", help="Whose sectors are the peers. 比較対象のエステート。")
@FORMER
@CATALOGUE
@AS_JSON
@LANG
@click.pass_context
def command(  # noqa: PLR0913  one parameter per option
    ctx: click.Context, *, answers: str, budget: str | None, to_pass: bool, staff: float | None, grade: str | None,
    threat: str | None, estate: str | None, former: tuple[str, ...], catalogue: str | None, as_json: bool,
    lang: str | None,
) -> None:  # fmt: skip
    """Plan what the organisation of FILE should do next: the measures that leave attacks the least success.

    Give a budget (--budget 30, or --budget 30,20,20 for three years) or ask for the cheapest way to pass (--to-pass).
    予算内で攻撃の成功を最も減らす対策、または最小費用で合格点に達する対策を選ぶ。
    """
    from noroshi.desk.rating import DEFAULT_CATALOGUE, rate_answers
    from noroshi.files.estates import load

    chosen = language(ctx, lang)
    money = budgets(budget, to_pass=to_pass)
    peers = load(estate, chosen) if estate is not None else None
    rating = rate_answers(answers, catalogue=catalogue or DEFAULT_CATALOGUE, estate=peers, former=former)
    with aside():
        planned = asked(rating, money, math.inf if staff is None else staff, threat, peers, grade)
    if as_json:
        print_json({"measures": None} if planned is None else planned.as_dict())
        return
    from rich.console import Console

    from noroshi.report.plan_text import print_no_plan, print_plan

    if planned is None:
        print_no_plan(rating, chosen, Console())
    else:
        print_plan(planned, chosen, Console(), years=len(money))


def asked(  # noqa: PLR0913  what the options say
    rating: Rating, money: tuple[float, ...], staff: float, threat: str | None, estate: Estate | None,
    grade: str | None,
) -> Planned | None:  # fmt: skip
    """Return the plan that the options ask for; None if no measures suffice to pass."""
    from noroshi.desk.planning import AFTERWARDS, AUDITED, plan_budget, plan_pass, plan_years

    if not money:
        return plan_pass(rating, threat=threat, estate=estate, grade=grade or AUDITED)
    if len(money) == 1:
        return plan_budget(rating, money[0], staff=staff, threat=threat, estate=estate, grade=grade or AFTERWARDS)
    return plan_years(rating, money, staff=staff, threat=threat, estate=estate, grade=grade or AFTERWARDS)


def budgets(text: str | None, *, to_pass: bool) -> tuple[float, ...]:
    """Return the budgets of the years, none if the way to the mark is asked for; InputError for anything else."""

    def fault(found: str, expected: str, remedy: str) -> InputError:
        return InputError([Fault("bad-choice", column="--budget", found=found, expected=expected, remedy=remedy)])

    if to_pass or text is None:
        if to_pass != (text is None):
            raise fault(text or "nothing", "either --budget or --to-pass", "give one of the two")
        return ()
    try:
        found = tuple(float(one) for one in text.split(","))
    except ValueError:
        found = (math.nan,)
    if not all(math.isfinite(one) and one >= 0.0 for one in found) or len(found) > MOST_YEARS:
        raise fault(text, f"1 to {MOST_YEARS} numbers of 0 or more, million yen", "such as --budget 30 or 30,20,20")
    return found
