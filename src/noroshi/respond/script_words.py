"""The words of a script: kinds of steps with what each takes, and of which kind the values are."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["ILLUSTRATIVE", "KINDS", "VALUES", "Kind"]

ILLUSTRATIVE = ("[Illustration, not history]", "[例示であり史実ではない]")
REPORTS = ("centre", "ministry", "operator")
NAMED = ("nexus", "group")


class Kind(NamedTuple):
    """A kind of step: its names, what it must and may have, and what kinds of principals can do it."""

    en: str
    ja: str
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    by: tuple[str, ...] = ("centre",)


KINDS: dict[str, Kind] = {
    "open": Kind("opened", "開始"),
    "report": Kind("report", "報告", ("organisation", "sector", "what"), ("since", "consent"), REPORTS),
    "update": Kind("update", "続報", ("incident",), ("fields", "harms", "state", "consent", "met"), REPORTS),
    "admit": Kind("takes part", "参加", ("names",)),
    "note": Kind("note", "記録"),
    "ingest": Kind("taken in", "取込", ("bundle",)),
    "warn": Kind("warning", "警告", ("severity", "title", "text", "action"),
                 ("tlp", "sectors", "products", "organisations", "about")),
    "receipt": Kind("receipt", "受領", ("warning", "receipt"), (), ("ministry", "operator", "partner")),
    "ask": Kind("request", "要請", ("to", "request", "deadline"), ("through",)),
    "answer": Kind("answer", "回答", ("ask", "answer"), (), REPORTS),
    "remind": Kind("reminder", "督促", ("ask",), (), ("centre", "ministry")),
    "claim": Kind("claim", "他者の主張", ("claimant", "party", "grade"), (*NAMED, "confidence", "public")),
    "finding": Kind("our finding", "我が方の評価", ("guard",), (*NAMED, "reasons")),
    "statement": Kind("statement", "発言", ("audience",), (*NAMED, "addressee", "spoken")),
    "effect": Kind("effect on another matter", "他の案件への影響", ("topic",)),
    "option": Kind("option", "選択肢", ("rung", "pros", "cons"), (*NAMED, "norms", "factors")),
    "decide": Kind("decision", "決定", (), ("option",)),
    "sign": Kind("signature", "署名", ("role",)),
    "brief": Kind("brief", "要約"),
    "close": Kind("closed", "終結"),
}  # fmt: skip
"""Kind of a step -> its names, and what it takes besides what all steps have."""

VALUES: dict[str, str] = {
    "organisation": "text", "sector": "text", "what": "event", "since": "time", "consent": "consent",
    "incident": "report", "fields": "fields", "harms": "harms", "state": "state", "met": "texts", "names": "players",
    "bundle": "file", "severity": "severity", "title": "words", "text": "words", "action": "words", "tlp": "tlp",
    "sectors": "texts", "products": "texts", "organisations": "texts", "about": "texts", "warning": "warn",
    "to": "player", "through": "ministry", "request": "words", "deadline": "time", "ask": "ask", "answer": "answer",
    "receipt": "receipt", "claimant": "text", "party": "party", "grade": "text", "nexus": "text", "group": "text",
    "confidence": "text", "public": "yes", "guard": "guard", "reasons": "sayings", "audience": "audience",
    "addressee": "text", "spoken": "yes", "topic": "words", "rung": "rung", "pros": "words", "cons": "words",
    "norms": "texts", "factors": "factors", "option": "option", "role": "text",
}  # fmt: skip
"""What a step can have -> of which kind its value is; the name of a kind of step means the key of such a step."""
