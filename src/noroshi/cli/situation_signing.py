"""`noroshi situation position sign` and `memo`: a person signs what stands; the memo is written for it to be read."""

from __future__ import annotations

import click

from noroshi.cli.acting import AS, at_desk, micros
from noroshi.cli.situation import SITUATION
from noroshi.cli.verbs import AS_JSON, LANG, print_json
from noroshi.settings import Settings, override

__all__ = ["memo", "sign"]

LEAST_DIGITS = 12
SIGNED = ("{uid}: signed by {who} (line {n}).", "{uid}: {who}が署名した({n}行目)。")
SAVED = ("{file}: written.", "{file}: 書き出した。")


@click.command("sign")
@SITUATION
@click.option("--role", required=True, metavar="TEXT", help="In which role. 役職。")
@click.option("--record", required=True, metavar="DIGEST",
              help="What is signed: the digest that `show` and the memo give. 記録のダイジェスト。")  # fmt: skip
@AS
@AS_JSON
@LANG
@click.pass_obj
def sign(  # noqa: PLR0913  one parameter an option
    given: Settings, *, uid: str, role: str, record: str, principal: str, as_json: bool, lang: str | None
) -> None:
    """Sign what stands; whatever is entered afterwards shows as changed since.

    現在の記録に署名する。以後の変更は「署名後に変更あり」と示される。
    """
    settings = override(given, lang=lang)
    from noroshi.desk.positions import read
    from noroshi.desk.positions import sign as put

    with at_desk(settings, principal) as (hub, who):
        stands, now = read(hub, who, uid).position.digest, micros()
        whole = stands if len(record) >= LEAST_DIGITS and stands.startswith(record.lower()) else record
        n = put(hub, who, uid, role, whole, now, now)
    if as_json:
        print_json({"situation": uid, "line": n, "by": principal, "role": role, "digest": whole})
    else:
        click.echo(SIGNED[int(settings.lang == "ja")].format(uid=uid, who=principal, n=n))


@click.command("memo")
@SITUATION
@click.option("--html", metavar="FILE", help="Write it as HTML. HTMLで書き出す。")
@click.option("--pdf", metavar="FILE", help="Write it as PDF. PDFで書き出す。")
@AS
@AS_JSON
@LANG
@click.pass_obj
def memo(  # noqa: PLR0913  one parameter an option
    given: Settings, *, uid: str, html: str | None, pdf: str | None, principal: str, as_json: bool, lang: str | None
) -> None:
    """Write the memo as HTML or PDF, on one page, in the language asked for; no victim is named that has not agreed.

    メモを一枚のHTMLまたはPDFで書き出す。同意のない被害組織の名称は載らない。
    """
    settings = override(given, lang=lang)
    if html is None and pdf is None and not as_json:
        raise click.UsageError("give --html FILE, --pdf FILE or --json")
    from noroshi.desk.memos import memo as made
    from noroshi.files.saving import save_whole

    with at_desk(settings, principal) as (hub, who):
        found = made(hub, who, uid, micros())
    written = []
    if html is not None:
        from noroshi.report.memo import memo_html

        save_whole(html, memo_html(found, settings.lang).encode(), keep=False)
        written.append(html)
    if pdf is not None:
        from noroshi.report.memo_pdf import memo_pdf

        save_whole(pdf, memo_pdf(found, settings.lang), keep=False)
        written.append(pdf)
    if as_json:
        print_json(found)
        return
    for file in written:
        click.echo(SAVED[int(settings.lang == "ja")].format(file=file))
