"""The terms of the screen, each with what it means: one row a term, for the help beside it and the page of all."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["GLOSSARY", "GLOSSARY_WORDS", "Term"]


class Term(NamedTuple):
    """A term and what it means, in English and in Japanese."""

    en: str
    ja: str
    says_en: str
    says_ja: str


GLOSSARY: dict[str, Term] = {
    "estate": Term(
        "Estate", "エステート",
        "The whole model of a country, region or company: who runs what, and who needs whom.",
        "国・地域・企業全体のモデル。誰が何を運用し、誰が誰に依存するかを表す。"),
    "sector": Term(
        "Sector", "分野",
        "A field such as power or railways, with the authority in charge of it.",
        "電力、鉄道などの区分。それぞれに所管省庁がある。"),
    "organisation": Term(
        "Organisation", "組織",
        "Who is responsible: an operator, a company, a ministry, a hospital. Its id is its short name in the estate.",
        "責任を負う事業者、企業、省庁、病院など。IDはエステートでの短い名前。"),
    "floor": Term(
        "Floor", "最低水準",
        "The basic level of a service that must hold. Below it, people go without.",
        "サービスが保つべき最低限の水準。下回ると人々の生活に支障が出る。"),
    "tolerance": Term(
        "Tolerance", "許容時間",
        "How long a service may be below its floor before people no longer bear it.",
        "サービスが最低水準を下回っても人々が耐えられる時間。"),
    "person_hours": Term(
        "Person-hours", "人時",
        "People times the hours that they are below the floor of a service: 1,000 people for 3 hours are 3,000.",
        "最低水準を下回る人数と時間の積。1,000人が3時間なら3,000人時。"),
    "autonomy": Term(
        "Autonomy", "持続時間",
        "How many hours somebody lasts without what it depends on, by stocks, batteries or generators.",
        "供給が止まっても、在庫・電池・発電機などで持ちこたえられる時間。"),
    "dependency": Term(
        "Dependency", "依存関係",
        "Who needs whom for what. A chain of them is read from who is at risk to who is hit.",
        "誰が何のために誰を必要とするか。矢印は影響を受ける側から被害組織へ向かう。"),
    "shock": Term(
        "Shock", "ショック",
        "What an attack takes out, when and for how long. It can be kept, run again and shared.",
        "攻撃によって何が、いつ、どれだけの間失われるかの想定。保存、再実行、共有ができる。"),
    "pass_mark": Term(
        "Pass mark", "合格点",
        "72 of 100 points. Below it, an organisation is asked to improve.",
        "100点中72点。下回る組織には改善を求める。"),
    "score": Term(
        "Score", "評点",
        "0 to 100: technical measures up to 60, organisational ones up to 40.",
        "0～100点。技術的対策が60点まで、組織的対策が40点まで。"),
    "interval": Term(
        "90 % interval", "90%区間",
        "With nine chances in ten the true value lies within. Better evidence makes it narrower.",
        "真の値が10回に9回は入る範囲。証拠が確かなほど狭くなる。"),
    "evidence": Term(
        "Evidence", "証拠",
        "What an answer rests on, from an own claim through documents and third parties to measurement. Older evidence "
        "counts less.",
        "回答の裏付け。自己申告、文書、第三者の確認、実測の順に確かになる。古い証拠ほど重みが小さい。"),
    "spread": Term(
        "Spread of organisations", "組織の散らばり",
        "Pale band: where 90 of 100 organisations of the sector lie; darker band: the middle half.",
        "薄い帯は分野の組織の90%、濃い帯は中央の半数が入る範囲。"),
    "plan": Term(
        "Plan", "計画",
        "The measures that leave attacks the least success for a budget. Costs and effects are assumptions that serve "
        "to compare.",
        "予算内で攻撃の成功を最も減らす対策。費用と効果は比較のための仮定である。"),
    "situation": Term(
        "Situation", "事態",
        "A case that the centre leads: its incidents, who is warned and asked, and the position that is taken.",
        "センターが指揮する案件。インシデント、警告、要請、立場の記録をまとめる。"),
    "incident": Term(
        "Incident", "インシデント",
        "Something that happened to one organisation, as it was reported and corrected since.",
        "一つの組織に起きた出来事。報告とその後の訂正からなる。"),
    "exercise": Term(
        "Exercise", "演習",
        "Practice. It is kept apart from what is real: nobody real is warned, and it counts in no figure.",
        "練習のための案件。実際の案件とは分けられ、実際の宛先への警告も集計もされない。"),
    "severity": Term(
        "Severity", "深刻度",
        "How grave a case is, computed from its facts. What is not known yet makes it a range.",
        "事案の重さを事実から計算した値。不明な点があれば範囲で示す。"),
    "nciss": Term(
        "NCISS", "NCISS",
        "National Cyber Incident Scoring System of CISA (United States): eight categories give 0 to 100.",
        "米国CISAの国家サイバーインシデント評価方式。8項目から0～100を算出する。"),
    "duty": Term(
        "Duty", "報告義務",
        "A report that a law asks for by a certain time. Its clock starts with what is known of the incident.",
        "法令が期限内に求める報告。期限はインシデントの事実から計算する。"),
    "regime": Term(
        "Regime", "報告義務の制度",
        "The law under which one must report, such as NIS2 (EU), CIRCIA (United States) or APPI (Japan).",
        "報告を義務付ける法令。NIS2(EU)、CIRCIA(米国)、APPI(日本の個人情報保護法)など。"),
    "consent": Term(
        "Consent of the victim", "被害組織の同意",
        "Whether others may learn who was hit: not at all, without the name, or by name.",
        "被害組織をほかの者に知らせてよいか。非開示、匿名、名称開示のいずれか。"),
    "harm": Term(
        "Harm", "被害",
        "Of three kinds: service (person-hours below the floor), data (persons or records exposed), strategic (grade "
        "0 to 4).",
        "三種類ある。サービス(最低水準未満の人時)、データ(漏えいした人数・件数)、戦略的利益(段階0～4)。"),
    "position": Term(
        "Position", "立場",
        "What others claim, what we find, what is said and what a person decides, each on record. Nothing is sent.",
        "他者の主張、我が方の評価、発言、人の決定の記録。ここから送信されるものはない。"),
    "admiralty": Term(
        "Admiralty grade", "情報源の評価(A1～F6)",
        "Letter: how reliable the source is, A (wholly) to E, F not known. Figure: how credible what it says is, 1 "
        "(confirmed) to 5, 6 not known.",
        "英字は情報源の信頼性でA(信頼できる)～E、Fは不明。数字は内容の確度で1(確認済み)～5、6は不明。"),
    "nexus": Term(
        "Country that is named", "名指しの国",
        "The state with which an attacker is said to be linked, by its code of two letters. No person is ever named.",
        "攻撃者との結び付きが指摘される国(2文字の国コード)。個人を名指しすることはない。"),
    "tlp": Term(
        "TLP", "TLP",
        "Traffic Light Protocol 2.0, who may see it: RED those named; AMBER+STRICT the own organisation; AMBER its "
        "clients too; GREEN the community; CLEAR everybody.",
        "共有範囲の区分(TLP 2.0)。REDは名指しされた者、AMBER+STRICTは自組織、AMBERは顧客等も、GREENはコミュニティ、"
        "CLEARは制限なし。"),
    "pap": Term(
        "PAP", "PAP",
        "Permissible Actions Protocol, what may be done with it: RED nothing that is seen outside; AMBER look up "
        "passively; GREEN act within the own network; CLEAR anything.",
        "許容される対処の区分。REDは外部から見える対処をしない、AMBERは受動的な調査まで、GREENは自網での対処まで、"
        "CLEARは制限なし。"),
    "community": Term(
        "Community", "コミュニティ",
        "A named group of members. What is marked for one goes to nobody else, whatever the TLP admits.",
        "名前の付いた参加者の集まり。指定すると、TLPの範囲内でもその参加者だけに渡る。"),
    "warning": Term(
        "Warning", "警告",
        "A signed message to those at risk: what is known and what to do. A person chooses who gets it.",
        "影響を受ける者への署名付きの知らせ。内容と対処を示す。宛先は人が選ぶ。"),
    "urgency": Term(
        "Severity of a warning", "警告の深刻度",
        "How urgent it is, low to critical, as whoever writes it judges.",
        "急ぐ度合い。低～緊急から作成者が判断して選ぶ。"),
    "receipt": Term(
        "Receipt", "受領の記録",
        "How far a recipient is: chosen, delivered, acknowledged, acted.",
        "宛先ごとの進み具合。選定、配信、確認、対処の順。"),
    "coverage": Term(
        "Coverage", "到達状況",
        "Of those at risk, how many were chosen, reached, have acknowledged and have acted, in all and by sector.",
        "影響を受ける者のうち、選定・配信・確認・対処の済んだ数。全体と分野別。"),
    "cpe": Term(
        "CPE 2.3", "CPE 2.3",
        "A product's standard name, such as cpe:2.3:a:maker:product:4.2. A plain name will do too.",
        "製品の標準名。例: cpe:2.3:a:maker:product:4.2。通常の製品名でもよい。"),
    "collection": Term(
        "Collection", "コレクション",
        "A shelf of shared objects with its own readers and writers, as TAXII has it.",
        "共有オブジェクトの置き場(TAXII)。読み書きできる者が決まっている。"),
    "stix": Term(
        "STIX and TAXII", "STIX・TAXII",
        "STIX 2.1 is how threat information is written, TAXII 2.1 how machines exchange it.",
        "STIX 2.1は脅威情報の書式、TAXII 2.1は機械どうしの交換の手順。"),
    "sighting": Term(
        "Sighting", "目撃情報",
        "Somebody's word that an indicator was seen in its own network, or that it is wrong.",
        "インジケーターを自網で見た、または誤りであるという報告。"),
    "release": Term(
        "Reduced copy", "縮約した写し",
        "An object without what may not go further, for more readers. One person proposes it, another approves.",
        "広く共有するため、出せない部分を除いた写し。提案した者とは別の者が承認する。"),
    "journal": Term(
        "Journal", "ジャーナル",
        "Every change of the hub, in order, each sealed with the one before: none can be altered unseen.",
        "ハブのすべての変更を順に残す記録。前の行と鎖でつながり、気付かれずに書き換えられない。"),
    "checkpoint": Term(
        "Checkpoint", "チェックポイント",
        "A signed statement of how the journal stood. Who keeps one can prove later that nothing was rewritten.",
        "ある時点のジャーナルの状態に署名したもの。控えを持つ人は、後で改ざんがないことを確かめられる。"),
    "peer": Term(
        "Partner hub", "連携先ハブ",
        "The hub of another centre with which objects are exchanged, each only as its marking admits.",
        "情報を交換する他のセンターのハブ。区分が許すものだけが渡る。"),
}  # fmt: skip
"""Key -> its term, in the order in which the page of all has them."""
GLOSSARY_WORDS: dict[str, tuple[str, str]] = {
    "glossary_title": ("What the words mean", "用語の説明"),
    "glossary_lead": ("The terms of these pages. Beside a field, ? shows its own.",
                      "画面で使う用語です。各項目の「?」でも表示できます。"),
    "glossary_help": ("What is {term}?", "{term}とは"),
    "glossary_terms": ("Terms:", "用語:"),
}  # fmt: skip
