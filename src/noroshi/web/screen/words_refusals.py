"""What the desk refuses, in Japanese: the desk says why in English, as its interfaces do; pages say it to people."""

from __future__ import annotations

import re
from functools import cache

__all__ = ["REFUSALS_JA", "refusal"]

REFUSALS_JA: dict[str, str] = {
    # who may, as the table of permissions says
    "who checks the exchange does not take part in it": "監査の立場では参加できません。",
    "the centre runs the exchange": "センターだけが行えます。",
    "who takes part does not decide who else does": "参加者は、ほかの参加者を決められません。",
    "the centre and the ministries warn": "警告を出すのはセンターと所管省庁です。",
    "who else was warned is not told": "ほかの宛先は開示されません。",
    "the centre, the ministries and the operators release": "写しを出すのはセンター・所管省庁・事業者です。",
    "operators report to their ministry and the centre": "報告するのは事業者です(所管省庁とセンターへ)。",
    "of others' incidents only what a situation shares is told":
        "他者のインシデントは、事態で共有された内容だけを閲覧できます。",
    "the centre leads": "事態を指揮するのはセンターです。",
    "the centre, the ministries and the operators plan; others see what is shared with them":
        "計算できるのはセンター・所管省庁・事業者です。ほかは共有されたものを閲覧できます。",
    "an organisation's answers are for itself, its ministry and the centre":
        "組織の回答を見られるのは、本人・所管省庁・センターです。",
    "what others did is not told": "他者の操作は開示されません。",
    "nobody raises oneself or one's equals": "自分や同格の者の権限は変更できません。",
    "the owner answers for the hub": "ハブの所有者だけが行えます。",
    "you are on the other side of the wall: exercises, and those who are there for them, stay apart":
        "訓練とその参加者は、実事態から切り離されています。",
    "exercises and the rest do not meet: {}": "訓練と実事態は混ぜられません: {}",
    "this token was not made for that": "このトークンではできない操作です。",
    # how one comes in, and people
    "the name or the password is wrong": "名前またはパスワードが違います。",
    "log in again": "もう一度ログインしてください。",
    "the log-in did not come through; begin again": "ログインが完了しませんでした。初めからやり直してください。",
    "the provider cannot be asked now; try again, or log in with a password":
        "認証プロバイダーに接続できません。時間をおくか、パスワードでログインしてください。",
    "nobody here is known by that name to the provider; ask the centre":
        "プロバイダーの名前に当たる利用者がいません。センターに問い合わせてください。",
    "there is no such link, or it has been used, or its hour is over": "リンクが無効です(使用済みか期限切れ)。",
    "there is no such link, or it has been used, or its time is over": "リンクが無効です(使用済みか期限切れ)。",
    "name: letters, digits and . _ @ -, a hundred at most": "名前は英数字と . _ @ - で100文字以内です。",
    "password: {} characters or more": "パスワードは{}文字以上です。",
    "the old password is another": "現在のパスワードが違います。",
    "there is no such principal": "その利用者はいません。",
    "there is no such principal: {}": "その利用者はいません: {}",
    "there is a principal of that name already": "その名前の利用者はすでにいます。",
    "there is one of that name, or that the provider calls so, already":
        "その名前、またはプロバイダーでの名前の利用者はすでにいます。",
    "it is the only owner; make another one first": "唯一の所有者です。先に別の所有者を設定してください。",
    "only a centre can be an owner": "所有者になれるのはセンターだけです。",
    "nobody gives, or takes, a higher TLP than one's own": "自分より高いTLPは付与も取り消しもできません。",
    "who plays in a script ({}…) is made by its replay alone, and is given nothing by hand":
        "シナリオの登場者({}…)は再生時に作られ、手作業では変更できません。",
    "community: at most 100 letters, without /": "コミュニティ名は100文字以内で、/は使えません。",
    "there is no such invitation": "その招待はありません。",
    "the invitation has been taken, or withdrawn, already": "その招待は使用済みか取り消し済みです。",
    "kind: {} (expected {})": "種別「{}」は使えません({}のいずれか)。",
    "tlp: {} (expected {})": "TLP「{}」は使えません({}のいずれか)。",
    "days: {} (expected 1 to {})": "日数「{}」は1〜{}にしてください。",
    "organisation: nothing (expected the id of the operator's organisation)": "事業者の組織IDを入力してください。",
    "sectors: nothing (expected the ids of the ministry's sectors)": "所管省庁の分野IDを入力してください。",
    "you have no such token": "そのトークンはありません。",
    "scopes: some of {}": "許可する操作を選んでください({})。",
    "at most {} tokens; revoke one first": "トークンは{}個までです。先に一つ失効させてください。",
    # collections and objects
    "there is no such collection": "そのコレクションはありません。",
    "there is no such collection, or you may not know of it": "コレクションがないか、閲覧できません。",
    "there is no such collection, or you may not write to it": "コレクションがないか、送信できません。",
    "there is no such resource, or you may not know of it": "対象がないか、閲覧できません。",
    "you may not read this collection": "このコレクションは閲覧できません。",
    "you may not write to this collection": "このコレクションには送信できません。",
    "you may not write to that collection": "そのコレクションには送信できません。",
    "to delete takes leave to read and to write": "削除には閲覧と送信の両方の権限が必要です。",
    "next: as the last page gave it, with the same filters": "続きの指定が正しくありません。最初から表示してください。",
    "a reason of at most {} characters": "理由は{}文字以内にしてください。",
    "a reason of 1 to {} characters": "理由を{}文字以内で入力してください。",
    "two different objects of one type of {}": "同じ種類の異なる二つのオブジェクトを選んでください({})。",
    "a count of 1 to {}": "件数は1〜{}にしてください。",
    "first seen before last seen, and neither in the future":
        "最初の観測は最後の観測より前に、どちらも未来でない時刻にしてください。",
    "a list of an exercise could be taken for real: take STIX, which says so itself":
        "訓練の一覧は実事態と誤認されかねません。訓練と明記されるSTIXで保存してください。",
    "a person approves: with a password or a session": "承認は人が行います(パスワードかセッションが必要)。",
    "a second person approves: the centre, or whose object it is": "承認は別の者(センターまたは提供元)が行います。",
    "a second person refuses: the centre, or whose object it is": "却下は別の者(センターまたは提供元)が行います。",
    "it is {}": "すでに処理済みです({})。",
    "somebody has decided already": "すでに判断されています。",
    "the collection is on the other side of the wall between exercises and the rest":
        "訓練と実事態の間では写しを出せません。",
    "the source is gone or has a newer version: propose anew": "元が削除または更新されました。提案し直してください。",
    "the copy would differ from the one that was proposed: propose anew":
        "提案時と異なる写しになります。提案し直してください。",
    # warnings
    "there is no such warning, or it is not for you": "警告がないか、閲覧できません。",
    "the warning is withdrawn": "警告は撤回されています。",
    "somebody else has changed the warning meanwhile; read it again":
        "警告は別の者が変更しました。読み直してください。",
    "nobody writes a warning that one may not see oneself": "自分が閲覧できない表示の警告は作成できません。",
    "state: one of {}": "状態は{}のいずれかです。",
    "it is posted to {} already": "{}に掲載済みです。",
    "nothing was sent: {}": "送信していません: {}",
    # situations, incidents, requests
    "there is no such request, or it is not for you": "要請がないか、閲覧できません。",
    "who is asked answers; who asks, or the ministry between, reminds":
        "回答は要請先が、督促は要請元か仲介省庁が行います。",
    "{} (expected a principal: {})": "「{}」は選べません({}のいずれか)。",
    "{}: the situation's marking does not admit it": "{}: 事態の表示により対象にできません。",
    "there is no such situation or incident, or it is not for you": "事態・インシデントがないか、閲覧できません。",
    "there is no such situation, or it is not for you": "事態がないか、閲覧できません。",
    "there is no such incident, or it is not for you": "インシデントがないか、閲覧できません。",
    "you may not see what you would file: give it a marking that you may see":
        "自分が閲覧できない表示です。閲覧できる表示にしてください。",
    "estate: none is named (expected a sample's name or a folder)": "エステートを選んでください。",
    "what a victim must report is for the victim, its ministry and the centre":
        "被害組織の報告義務を見られるのは、本人・所管省庁・センターです。",
    "operators report of their own organisation, ministries of their own sectors":
        "事業者は自組織、所管省庁は所管分野について報告します。",
    "the victim alone agrees to more being told of it, or the centre on its word":
        "開示範囲を広げられるのは、被害組織本人か、その同意を得たセンターです。",
    "text: nothing (expected who of the victim agreed, when and how, in the same step)":
        "被害組織の誰が、いつ、どのように同意したかを書いてください。",
    "a person of the centre signs, as it comes: no token made for a program":
        "署名はセンターの者本人が行います(プログラム用トークンは不可)。",
    "origin: assessment (expected hand: give the assessment file itself)": "評価ファイルそのものを添付してください。",
    "the position is entered apart, and signed by who signs it": "立場は専用の画面で記録し、署名者が署名します。",
    "principal: {} (expected those that are declared)": "登録されていない利用者です: {}",
    "incident: an exercise gathers what is an exercise, and nothing else does":
        "訓練には訓練のインシデントだけを含められます。",
    "exercise: no (expected yes: what the script tells never happened)":
        "実際に起きていないシナリオです。訓練としてだけ再生できます。",
    "somebody in the cast may see more than you may": "登場者の中に、自分より高い閲覧権限の者がいます。",
    "there is no such replay": "その再生はありません。",
    "a script is being played; stop it first, or wait until it has ended":
        "別のシナリオを再生中です。停止するか、終わるまでお待ちください。",
    "no script of that name ships with this hub; GET /replays lists them": "そのシナリオはありません。",
    # assessments
    "there is no such assessment, or it is not for you": "自己評価がないか、閲覧できません。",
    "you are the contact of no organisation: the centre can make you one":
        "組織の連絡先として登録されていません。センターに依頼してください。",
    "{}: one of {}": "{}: 使えるのは{}です。",
    "{}: an empty file": "{}: 空のファイルです。",
    "{}: at most {} MB": "{}: {} MB以内にしてください。",
    "{}: at most {} files": "{}: ファイルは{}個までです。",
    "item: {} (expected a question of the catalogue)": "「{}」という設問はありません。",
    "somebody has answered meanwhile: look at it again, then submit":
        "別の者が回答を変更しました。確認してから提出してください。",
    "two answers do not agree: choose between them first": "一致しない回答があります。先にどちらかを選んでください。",
    "nothing is answered yet": "まだ回答がありません。",
    # estates and what-ifs
    "there is no such estate, or you may not know of it": "エステートがないか、閲覧できません。",
    "somebody has changed the estate meanwhile: look at it again, then change it":
        "別の者がエステートを変更しました。開き直してから変更してください。",
    "name: nothing, or more than {} letters": "名称は1〜{}文字にしてください。",
    "at most {} estates of one's own": "保管できるエステートは一人{}件までです。",
    "a sample, and the estate that the hub was started with, cannot be changed here":
        "サンプルと、ハブの起動時に指定したエステートは、ここでは変更できません。",
    "{} what-ifs of yours are under way; wait until one has ended, or stop it":
        "計算中の被害想定が{}件あります。終わるのを待つか、停止してください。",
    "others' what-ifs are under way; try again in a moment":
        "ほかの計算が混み合っています。少し待ってやり直してください。",
    "there is no such what-if, or you may not know of it": "被害想定がないか、閲覧できません。",
    "you have saved {} what-ifs; delete one first": "保存した被害想定が{}件あります。先に一つ削除してください。",
    "name: of a what-if (expected 1 to {} letters)": "名称は1〜{}文字にしてください。",
    "who ran it alone may change it": "変更できるのは計算した本人だけです。",
    "names: with whom it is shared (expected at most {})": "共有先は{}名までです。",
    "it is being run; stop it first": "計算中です。先に停止してください。",
    "threat: one of those that ship": "収録済みの脅威から選んでください。",
    "tick exactly two runs of shocks that are done": "完了した被害想定をちょうど2件選んでください。",
    "the run has no such unit": "この計算にその対象はありません。",
    "at: an hour of the run (expected 0 to {})": "時刻は0〜{}時間にしてください。",
    "what was kept of this run cannot be read; run it again":
        "この計算の保存内容を読み取れません。計算し直してください。",
    # what is sent
    "the page is out of date: open it again, then send it once more":
        "ページが古くなりました。開き直して、もう一度送ってください。",
    "a form of at most {} MB": "フォームは{} MB以内にしてください。",
    "a form of at most {} fields": "フォームの項目は{}個以内にしてください。",
    "the hub has no room left: nothing of this was kept, send it again later":
        "ハブの空き容量がなく、何も保存していません。後でもう一度送ってください。",
    "{}: {} (expected 0 to 100)": "{}: 「{}」は0〜100にしてください。",
}  # fmt: skip
"""What is refused in English, with {} for what varies -> the same in Japanese, with {} in the same order."""


@cache
def _forms() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return what varies as patterns, those that say most first."""
    varied = [one for one in REFUSALS_JA if "{}" in one]
    varied.sort(key=lambda one: -len(one.replace("{}", "")))
    return tuple(
        (re.compile("(.+?)".join(map(re.escape, one.split("{}"))), re.DOTALL), REFUSALS_JA[one]) for one in varied
    )


def refusal(said: str, lang: str) -> str:
    """Return what was refused as people read it; as it is where nothing is known of it in Japanese."""
    if lang != "ja":
        return said
    if said in REFUSALS_JA:
        return REFUSALS_JA[said]
    for pattern, japanese in _forms():
        found = pattern.fullmatch(said)
        if found:
            return japanese.format(*found.groups())
    return said
