"""`noroshi situation warn`: a warning written from a case, and whom it concerns; a person chooses who gets it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import click

from noroshi.cli.acting import AS, at_desk, micros
from noroshi.cli.verbs import AS_JSON, LANG, aside, print_json
from noroshi.errors import Fault, InputError
from noroshi.settings import Settings, override

if TYPE_CHECKING:
    from noroshi.desk.situation_warnings import Draft, Unwarned
    from noroshi.estate.model import Estate
    from noroshi.share.warnings import Audience, Proposal

__all__ = ["warn"]

Command = TypeVar("Command", bound=Callable[..., object])
TEXTS = ("title", "text", "action")
WRITTEN = (
    "{uid}: written and signed{drill}; nobody is told yet.",
    "{uid}: 登録・署名した{drill}。まだ誰にも送っていない。",
)
DRILL = (" as an EXERCISE", "(演習)")
PROPOSED = ("It concerns:", "対象:")
NOBODY = ("It concerns nobody whom the hub knows.", "対象となる登録済みの主体はない。")
BEYOND = (
    "Depend on the victims, and this warning does not reach them:",
    "被害組織に依存するが、この警告が届かない組織:",
)
NO_CONTACT = ("no contact is declared for it", "連絡先が登録されていない")
NEXT = (
    "Next: noroshi warn send {uid} --as {name} --proposed{estate}, or --to NAME for each who is chosen",
    "次: noroshi warn send {uid} --as {name} --proposed{estate}。個別に選ぶ場合は --to NAME",
)


def text_option(name: str, meaning: str) -> Callable[[Command], Command]:
    """Return the option for one text."""
    return click.option(name, default="", metavar="TEXT", help=meaning)


@click.command("warn")
@click.argument("uid", metavar="SITUATION")
@click.option("--file", metavar="FILE", help="The warning as for `noroshi warn write`. 警告のTOML。")
@text_option("--title", "Its title in English. 表題(英語)。")
@text_option("--title-ja", "Its title in Japanese. 表題(日本語)。")
@text_option("--text", "What is known, in English. 概要(英語)。")
@text_option("--text-ja", "What is known, in Japanese. 概要(日本語)。")
@text_option("--action", "What to do, in English. 対処(英語)。")
@text_option("--action-ja", "What to do, in Japanese. 対処(日本語)。")
@click.option("--severity", default="high", show_default=True, metavar="LEVEL",
              help="low, medium, high or critical. 深刻度。")  # fmt: skip
@click.option("--sector", "sectors", multiple=True, metavar="NAME", help="Whom it concerns besides. 対象分野(複数可)。")
@click.option("--product", "products", multiple=True, metavar="NAME", help="The same by product. 対象製品(複数可)。")
@click.option("--network", "networks", multiple=True, metavar="RANGE", help="By range. 対象ネットワーク(複数可)。")
@click.option("--about", multiple=True, metavar="ID", help="A STIX object that it is about. 関連オブジェクト(複数可)。")
@AS
@AS_JSON
@LANG
@click.pass_obj
def warn(  # noqa: PLR0913  one parameter an option
    given: Settings, /, *, uid: str, file: str | None, severity: str, sectors: tuple[str, ...],
    products: tuple[str, ...], networks: tuple[str, ...], about: tuple[str, ...], principal: str, as_json: bool,
    lang: str | None, **texts: str,
) -> None:  # fmt: skip
    """Write a warning from a case, and show whom it concerns and why; nothing is sent.

    It is marked, and flagged an exercise, as the case is. Whom it concerns: who depends on the victims, and whatever
    --sector, --product and --network say. No text may hold the name of a victim that has not agreed to be named.
    事態から警告を作成し、対象とその理由を示す。送信はしない。
    """
    settings = override(given, lang=lang)
    from noroshi.desk import situation_warnings as desk
    from noroshi.desk import situations
    from noroshi.desk.warnings_proposing import Lenses, proposed
    from noroshi.share.warnings import Audience

    with at_desk(settings, principal) as (hub, who), aside():
        there = situations.read(hub, who, uid)
        estate = loaded(there.situation.estate, settings.lang)
        audience = Audience(sectors=sectors, products=products, networks=networks,
                            organisations=desk.victims(there.incidents))  # fmt: skip
        draft = from_file(file) if file else typed(texts, severity, audience, about)
        kept = desk.warn(hub, settings.data, who, uid, draft, micros(), estate)
        found = proposed(hub, who, kept.uid, Lenses(estate))
        missed = () if estate is None else desk.unwarned(hub, who, uid, estate)
    left = tuple(one for one in missed if not set(one.reach) & {each.principal for each in found if not each.kept_from})
    if as_json:
        print_json({"warning": kept.uid, "exercise": there.dossier.exercise, "proposed": found,
                    "not_reached": [one._asdict() for one in left]})  # fmt: skip
        return
    ja = int(settings.lang == "ja")
    click.echo(WRITTEN[ja].format(uid=kept.uid, drill=DRILL[ja] if there.dossier.exercise else ""))
    show(found, left, settings.lang)
    named = f" --estate {there.situation.estate}" if estate is not None else ""
    click.echo(NEXT[ja].format(uid=kept.uid, name=principal, estate=named))


def loaded(estate: str, lang: str) -> Estate | None:
    """Return the estate of a situation, None where it names none."""
    if not estate:
        return None
    from noroshi.files.estates import load

    return load(estate, lang)


def from_file(file: str) -> Draft:
    """Return the warning in a file; whom it concerns is the situation's where the file says nobody."""
    from noroshi.desk.situation_warnings import Draft
    from noroshi.files.warnings import load_warning
    from noroshi.share.warnings import Audience

    said = load_warning(file)
    audience = None if said.audience == Audience() else said.audience
    return Draft(said.title, said.text, said.action, said.severity, audience, said.about, said.tlp, said.communities)


def typed(texts: dict[str, str], severity: str, audience: Audience, about: tuple[str, ...]) -> Draft:
    """Return the warning that the options say; InputError naming each text that is missing."""
    from noroshi.desk.situation_warnings import Draft
    from noroshi.share.warnings import SEVERITIES, Words

    faults = [
        Fault("bad-warning", column=f"--{key.replace('_', '-')}", found="nothing",
              expected="text: a warning is written in both languages", remedy="give it, or --file FILE")
        for key in (f"{name}{more}" for name in TEXTS for more in ("", "_ja")) if not texts[key].strip()
    ]  # fmt: skip
    level = next((one for one in SEVERITIES if one == severity), None)
    if level is None:
        faults.append(Fault("bad-warning", column="--severity", found=severity[:40], expected=" | ".join(SEVERITIES),
                            remedy="choose one of these"))  # fmt: skip
    if faults or level is None:
        raise InputError(faults)
    title, text, action = (Words(texts[name], texts[f"{name}_ja"]) for name in TEXTS)
    return Draft(title, text, action, level, audience, about)


def show(found: tuple[Proposal, ...], left: tuple[Unwarned, ...], lang: str) -> None:
    """Print whom a warning concerns with the reasons, who may not be told, and who cannot be reached."""
    from noroshi.share.warnings_words import KEPT_FROM, reason

    ja = int(lang == "ja")
    click.echo(PROPOSED[ja] if found else NOBODY[ja])
    for one in found:
        barred = f"  [{KEPT_FROM[one.kept_from][ja]}]" if one.kept_from else ""
        click.echo(f"  {one.principal}{barred}: {'; '.join(reason(why, lang) for why in one.reasons)}")
    if left:
        click.echo(BEYOND[ja])
    for each in left:
        name = each.name_ja if ja else each.name_en
        why = "; ".join(f"{who}: {KEPT_FROM[code][ja]}" for who, code in each.barred) or NO_CONTACT[ja]
        click.echo(f"  {each.organisation} ({name}): {each.chain}; {why}")
