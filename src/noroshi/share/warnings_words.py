"""What is told of a warning in words, both languages: reasons, states, a mail's text, the notice without content."""

from __future__ import annotations

from typing import NamedTuple

from noroshi.share.warnings import Signed, Why

__all__ = [
    "CHANNELS",
    "EXERCISE",
    "FAULTS",
    "KEPT_FROM",
    "RULES",
    "STATE_WORDS",
    "Message",
    "message",
    "notice",
    "reason",
]

Pair = tuple[str, str]
RULES: dict[str, Pair] = {
    "everyone": ("it concerns everyone", "全員が対象"),
    "named": ("named in the warning", "警告で名指し"),
    "organisation": ("the organisation itself: {what}", "当該組織: {what}"),
    "sector": ("sector: {what}", "分野: {what}"),
    "product": ("has the product: {what}", "製品を保有: {what}"),
    "network": ("has the network: {what}", "ネットワークを保有: {what}"),
    "dependency": ("depends on it: {what}", "依存関係: {what}"),
    "threat": ("the brief's threat: {what}", "要約の脅威: {what}"),
    "untold": ("for a reason that would tell whose case it is", "被害組織が判るため理由は非開示"),
    "by-hand": ("chosen by hand", "担当者の判断"),
    "collected": ("fetched it over TAXII", "TAXIIで取得済み"),
}
"""Rule of a reason -> its words."""
KEPT_FROM: dict[str, Pair] = {
    "tlp": ("may not see its TLP", "TLPにより閲覧不可"),
    "community": ("is not of its communities", "対象コミュニティ外"),
    "exercise": (
        "is on the other side of the wall between exercises and the rest",
        "演習用と実際の連絡先の区分が警告と異なる",
    ),
}
STATE_WORDS: dict[str, Pair] = {
    "chosen": ("not delivered", "未配信"), "delivered": ("delivered", "配信済み"),
    "acknowledged": ("acknowledged", "確認済み"), "acted": ("acted", "対処済み"),
}  # fmt: skip
CHANNELS: dict[str, Pair] = {
    "page": ("at the hub", "ハブでの閲覧"), "taxii": ("TAXII", "TAXII"), "mail": ("mail", "メール"),
    "hook": ("web hook", "ウェブフック"),
}  # fmt: skip
FAULTS: dict[str, Pair] = {
    "not-tried": ("not tried yet", "未送信"),
    "not-read": ("not read there yet", "まだ読まれていない"),
    "not-collected": ("not fetched yet", "まだ取得されていない"),
    "in-doubt": (
        "under way, or the process was killed; tried again after five minutes",
        "送信中または中断。5分後に再試行",
    ),
    "may-not-see": ("may not see it any more", "閲覧権限がなくなった"),
    "no-server": ("no mail server is set (NOROSHI_SMTP)", "メールサーバー未設定(NOROSHI_SMTP)"),
    "exercise": ("it would cross between an exercise and the rest", "演習と実際の区分を越える"),
    "no-key": ("its secret cannot be opened with this hub's key", "このハブの鍵では秘密を開けない"),
    "mail-refused": ("the mail server refuses the address", "メールサーバーが宛先を拒否"),
    "mail-later": ("the mail server cannot take it now", "メールサーバーが一時的に受け付けない"),
    "mail-unreachable": ("the mail server cannot be reached", "メールサーバーに接続できない"),
    "mail-tls": ("the mail server has no TLS that can be trusted", "メールサーバーのTLSを信頼できない"),
    "mail-login": ("the mail server does not let us in", "メールサーバーの認証に失敗"),
    "notice": ("told without content", "内容なしで通知"),
    "hook": ("the hook did not take it", "ウェブフックが受け付けない"),
}
"""Why something is not delivered -> its words."""
KIND_WORDS: dict[str, Pair] = {
    "warning": ("WARNING", "警告"), "correction": ("CORRECTED WARNING", "警告(訂正)"),
    "retraction": ("WITHDRAWN WARNING", "警告(撤回)"),
}  # fmt: skip
SEVERITY_WORDS: dict[str, Pair] = {
    "low": ("low", "低"), "medium": ("medium", "中"), "high": ("high", "高"), "critical": ("critical", "緊急"),
}  # fmt: skip
LABELS: dict[str, Pair] = {
    "text": ("What is known", "概要"), "action": ("What to do", "対処"), "severity": ("Severity", "深刻度"),
    "about": ("About", "関連オブジェクト"), "answer": ("Acknowledge", "確認の返答"),
}  # fmt: skip
NOTICE: Pair = (
    (
        "The warning {warning}, of which you received version {had}, was {done} on {at}. Do not rely on what you have."
        " Its present text is marked so that it may not be sent to you; ask the hub."
    ),
    (
        "受け取られた警告{warning}(第{had}版)は{at}に{done}されました。お手元の内容に依拠しないでください。"
        "現在の内容は取扱区分によりお送りできません。ハブにお問い合わせください。"
    ),
)
DONE: dict[str, Pair] = {"correction": ("corrected", "訂正"), "retraction": ("withdrawn", "撤回")}


EXERCISE: Pair = ("EXERCISE EXERCISE EXERCISE", "演習 演習 演習")
BANNER = " / ".join(EXERCISE[::-1])
"""What stands first and last in whatever is told of an exercise."""


class Message(NamedTuple):
    """A mail's subject and text, Japanese first and English after it."""

    subject: str
    text: str


def reason(one: Why, lang: str) -> str:
    """Return a reason in words."""
    japanese = int(lang == "ja")
    return RULES[one.rule][japanese].format(what=(one.what_ja or one.what) if japanese else one.what)


def marking_of(signed: Signed) -> str:
    """Return the marking as it is printed, TLP 2.0 style, with communities."""
    names = "" if signed.said.communities is None else f" ({', '.join(signed.said.communities)})"
    return f"TLP:{signed.said.tlp}{names}"


def message(signed: Signed, where: str) -> Message:
    """Return a warning as a mail says it. where: the address of the hub, on whose page it can be acknowledged."""
    said, parts = signed.said, []
    for japanese, lang in ((1, "ja"), (0, "en")):
        title, text, action = (getattr(words, lang) for words in (said.title, said.text, said.action))
        head = f"{KIND_WORDS[said.kind][japanese]}: {title}\n{marking_of(signed)}\n"
        head += f"{LABELS['severity'][japanese]}: {SEVERITY_WORDS[said.severity][japanese]}\n"
        about = f"\n{LABELS['about'][japanese]}\n{chr(10).join(said.about)}\n" if said.about else ""
        parts.append(f"{head}\n{LABELS['text'][japanese]}\n{text}\n\n{LABELS['action'][japanese]}\n{action}\n{about}")
    answer = " / ".join(LABELS["answer"][::-1])
    foot = f"{answer}: {where.rstrip('/')}/warnings/{said.warning}\n\n" if where else ""
    foot += f"{said.warning} v{said.version}, {said.at}, {said.by}\nEd25519 {signed.key}\n{signed.signature}\n"
    drill = f"[{BANNER}] " if said.exercise else ""
    if said.exercise:
        parts, foot = [f"{BANNER}\n\n{parts[0]}", *parts[1:]], f"{foot}\n{BANNER}\n"
    kind = " / ".join(KIND_WORDS[said.kind][::-1])
    subject = f"{drill}[TLP:{said.tlp}] {kind}: {said.title.ja} / {said.title.en}"
    return Message(subject, f"\n{'-' * 60}\n\n".join([*parts, foot]))


def notice(warning: str, had: int, kind: str, at: str, *, exercise: bool = False) -> Message:
    """Return what is told to who had a version and may not see the present one: that, and nothing of what it says."""
    english, japanese = (
        NOTICE[k].format(warning=warning, had=had, done=DONE[kind][k], at=at) for k in (0, 1)
    )  # fmt: skip
    subject, text = f"{KIND_WORDS[kind][1]} / {KIND_WORDS[kind][0]}: {warning}", f"{japanese}\n\n{english}\n"
    return Message(f"[{BANNER}] {subject}", f"{BANNER}\n\n{text}") if exercise else Message(subject, text)
