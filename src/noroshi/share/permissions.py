"""Who may do what: one table of actions and kinds of principals; what is not in it nobody may do.

`desk` asks this table and nothing else decides; the reference of permissions is written from it, tests walk all of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

__all__ = ["ACTIONS", "KINDS", "SCOPES", "Action", "Leave", "leave", "reason"]

KINDS = ("centre", "ministry", "operator", "partner", "auditor")
"""Kinds of principals. An owner is a principal of any kind that has the owner's flag besides; only a centre is given it."""

SCOPES: dict[str, tuple[str, str]] = {
    "read": ("see objects", "オブジェクトを見る"),
    "write": ("send and delete objects", "オブジェクトを送る・消す"),
    "manage": ("manage principals, grants and communities", "主体・権限・コミュニティを管理する"),
    "person": (
        "never with a token of the tokens table: it takes a password or a session",
        "トークン不可(パスワードかセッションが必要)",
    ),
}
"""What a token may be made for -> meaning. A token has none of them by itself; `person` cannot be given to one."""


class Leave(Enum):
    """What the table says of an action and a kind."""

    ALLOWED = "yes"
    OWN = "own"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Action:
    """One action: its meaning, what it takes of a token, what each kind and an owner may, and why."""

    name: str
    meaning: str
    meaning_ja: str
    scope: str
    kinds: tuple[Leave, ...]
    owner: Leave
    why: Mapping[Leave, str]


YES, OWN, NO = Leave.ALLOWED, Leave.OWN, Leave.NEVER
ALL_OWN = (OWN,) * len(KINDS)
NO_AUDITOR = (OWN, OWN, OWN, OWN, NO)
CENTRE = (YES, NO, NO, NO, NO)
NOBODY = (NO,) * len(KINDS)
AUDITS = "who checks the exchange does not take part in it"
RUNS = "the centre runs the exchange"
NOT_ITS = "who takes part does not decide who else does"
WARNS = "the centre and the ministries warn"
RELEASES = "the centre, the ministries and the operators release"
REPORTS = "operators report to their ministry and the centre"
LEADS = "the centre leads"
PLANS = "the centre, the ministries and the operators plan; others see what is shared with them"
RATES = "an organisation's answers are for itself, its ministry and the centre"
OWNER = "the owner answers for the hub"

ACTIONS: dict[str, Action] = {
    one.name: one
    for one in (
        Action("self.read", "See who one is and what one may do.", "自分の身元と権限を見る。", "read", ALL_OWN, OWN,
               {OWN: "of oneself alone"}),
        Action("collections.list", "List collections.", "コレクションを一覧する。", "read", ALL_OWN, OWN,
               {OWN: "those for which one has a grant; others are as if they were not there"}),
        Action("objects.read", "Read objects.", "オブジェクトを読む。", "read", ALL_OWN, OWN,
               {OWN: "with a grant to read the collection, and only what TLP and communities let one see"}),
        Action("objects.send", "Send objects.", "オブジェクトを送る。", "write", NO_AUDITOR, OWN,
               {OWN: "with a grant to write to the collection", NO: AUDITS}),
        Action("objects.delete", "Delete objects.", "オブジェクトを消す。", "write", NO_AUDITOR, OWN,
               {OWN: "with grants to read and to write, and only what one sees", NO: AUDITS}),
        Action("submissions.read", "Read what became of an envelope.", "送信結果を見る。", "write", NO_AUDITOR, OWN,
               {OWN: "of what one has sent oneself", NO: AUDITS}),
        Action("sources.read", "Read which principal an object came from.", "提供元を見る。", "read",
               (YES, OWN, OWN, OWN, YES), YES,
               {YES: "it must be able to ask back, or to check", OWN: "of one's own objects; else the kind of source alone"}),
        Action("warnings.write", "Write, send, correct and retract warnings.", "警告を作成・送信・訂正・撤回する。", "write",
               (YES, OWN, NO, NO, NO), YES,
               {YES: "any that it may see itself", OWN: "its own, marked no higher than it may see itself", NO: WARNS}),
        Action("warnings.follow", "See who was warned, who answered, and who could not be reached.",
               "警告の宛先・返答・未達を見る。", "read", (YES, OWN, NO, NO, YES), YES,
               {YES: "of any that it may see itself", OWN: "of its own", NO: "who else was warned is not told"}),
        Action("warnings.read", "Read warnings.", "警告を読む。", "read", (YES, OWN, OWN, OWN, YES), YES,
               {YES: "any that it may see", OWN: "those for oneself, and one's own, that one may see"}),
        Action("warnings.answer", "Acknowledge a warning, and say that one has acted.", "警告の確認と対処を返答する。", "write",
               NO_AUDITOR, OWN, {OWN: "of those for oneself", NO: AUDITS}),
        Action("incidents.report", "Report an incident, and say more of it.", "インシデントを報告し、続報する。", "write",
               (YES, OWN, OWN, NO, NO), YES,
               {YES: "of any organisation", OWN: "an operator of its own organisation, a ministry of its sectors",
                NO: REPORTS}),
        Action("incidents.read", "Read incidents.", "インシデントを見る。", "read", (YES, OWN, OWN, NO, YES), YES,
               {YES: "any that it may see", OWN: "those of its own organisation, a ministry's of its sectors, and what it "
                "has reported itself", NO: "of others' incidents only what a situation shares is told"}),
        Action("situations.manage", "Open, write in, and close situations, and say who takes part.",
               "事態を開始・記録・終結し、参加者を決める。", "write", CENTRE, YES, {YES: LEADS, NO: "the centre leads"}),
        Action("situations.read", "Read situations.", "事態を見る。", "read", (YES, OWN, OWN, OWN, YES), YES,
               {YES: "any that it may see", OWN: "those in which it takes part, that it may see"}),
        Action("asks.answer", "See what one is asked for, and answer it.", "要請を見て回答する。", "write", NO_AUDITOR, OWN,
               {OWN: "what one is asked for oneself; a ministry also sees what goes through it", NO: AUDITS}),
        Action("whatif.run", "Run what-ifs, name, share and delete them.", "被害想定を計算し、名付け、共有し、消す。", "write",
               (OWN, OWN, OWN, NO, NO), OWN, {OWN: "one's own, on estates that the hub shows", NO: PLANS}),
        Action("whatif.read", "See what-ifs.", "被害想定を見る。", "read", ALL_OWN, OWN,
               {OWN: "one's own, and those that are shared with one"}),
        Action("ratings.read", "See how sectors and organisations are rated, and whom to press first.",
               "分野と組織の評点、改善を求める順を見る。", "read", (YES, OWN, OWN, NO, NO), YES,
               {YES: "of any", OWN: "a ministry of its sectors, an operator of its own organisation; of others what is "
                "published", NO: RATES}),
        Action("assessments.read", "Read an organisation's own assessment, with its evidence.", "組織の自己評価と証拠を見る。",
               "read", (YES, OWN, OWN, NO, NO), YES,
               {YES: "of any", OWN: "a ministry of its sectors, others of their own organisation", NO: RATES}),
        Action("assessments.write", "Answer for one's organisation, give evidence, and submit.",
               "自組織について回答し、証拠を付け、提出する。", "write", (OWN, OWN, OWN, NO, NO), OWN,
               {OWN: "as the contact of an organisation, for that one", NO: RATES}),
        Action("merges.judge", "Say that two objects are the same thing, or are not, and take that back.",
               "二つのオブジェクトが同一か否かを判断し、取り消す。", "write", (YES, OWN, OWN, OWN, NO), YES,
               {YES: "it counts for everybody who sees both", OWN: "for one's own view alone", NO: AUDITS}),
        Action("releases.propose", "Propose a reduced copy of an object for other readers.", "縮約した写しの公開を提案する。", "write",
               (OWN, OWN, OWN, NO, NO), OWN, {OWN: "of what one sees", NO: RELEASES}),
        Action("releases.approve", "Approve a reduced copy that somebody else proposed, refuse it, or withdraw it.",
               "他者が提案した縮約の写しを承認・却下・撤回する。", "person", (YES, OWN, OWN, OWN, NO), YES,
               {YES: "of what it sees; never of its own proposals", OWN: "of objects that one has sent oneself; never of "
                "one's own proposals", NO: AUDITS}),
        Action("tokens.manage", "Make, list, change and revoke tokens.", "トークンを管理する。", "person", ALL_OWN, OWN,
               {OWN: "one's own; a token cannot make another"}),
        Action("sessions.manage", "List and end sessions.", "セッションを管理する。", "person", ALL_OWN, OWN,
               {OWN: "one's own"}),
        Action("password.change", "Change a password.", "パスワードを変える。", "person", ALL_OWN, OWN,
               {OWN: "one's own, with the old one; others are given a new one by who may change them"}),
        Action("estates.change", "Keep copies of estates in the hub, bring estates in, and change them.",
               "エステートの写しを保管し、取り込み、変更する。", "write", (YES, OWN, OWN, NO, NO), YES,
               {YES: "any that the hub keeps", OWN: "one's own", NO: PLANS}),
        Action("journal.read", "Read and verify the journal, and take checkpoints.",
               "ジャーナルを閲覧・検証し、チェックポイントを取得する。", "manage", (YES, NO, NO, NO, YES), YES,
               {YES: "it answers for the exchange, or checks it", NO: "what others did is not told"}),
        Action("principals.list", "List principals, grants and communities.", "主体・権限・コミュニティを一覧する。",
               "manage", CENTRE, YES, {YES: RUNS, NO: NOT_ITS}),
        Action("principals.change", "Make, change and withdraw principals other than centres and owners, up to one's own TLP.",
               "センター以外の主体を作成・変更・取り消す(自分のTLPまで)。", "manage", CENTRE, YES, {YES: RUNS, NO: NOT_ITS}),
        Action("grants.change", "Grant and withdraw access of principals other than centres and owners.",
               "センター以外の主体の権限を与える・取り消す。", "manage", CENTRE, YES, {YES: RUNS, NO: NOT_ITS}),
        Action("communities.change", "Admit principals other than centres and owners to communities, and withdraw them.",
               "センター以外の主体をコミュニティに加える・外す。", "manage", CENTRE, YES, {YES: RUNS, NO: NOT_ITS}),
        Action("centres.change", "Do all of that to centres and owners, and to oneself.", "センターと所有者について同じことを行う。", "manage",
               NOBODY, YES, {YES: OWNER, NO: "nobody raises oneself or one's equals"}),
        Action("hub.keep", "See how the hub is set up, and make backups.", "ハブの設定を見て、バックアップを作成する。", "manage",
               NOBODY, YES, {YES: OWNER, NO: "the owner answers for the hub"}),
    )
}  # fmt: skip
"""Every action, in the order in which the reference shows them."""


def leave(action: str, kind: str, *, owner: bool = False, scopes: frozenset[str] | None = None) -> Leave:
    """Return what a principal may; NEVER for an action or a kind that the table does not have.

    scopes: what the token that is used was made for; None where it was a password, a session or a declared token.
    """
    row = ACTIONS.get(action)
    if row is None or kind not in KINDS or (scopes is not None and row.scope not in scopes):
        return Leave.NEVER
    said = row.kinds[KINDS.index(kind)]
    return row.owner if owner and row.owner is not Leave.NEVER else said


def reason(action: str, said: Leave) -> str:
    """Return why the table says so of an action."""
    return ACTIONS[action].why[said]
