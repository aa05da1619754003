"""What the pages of ratings say: sectors, organisations, one's own organisation."""

from __future__ import annotations

__all__ = ["RATINGS_WORDS"]

RATINGS_WORDS: dict[str, tuple[str, str]] = {
    "menu_ratings": ("Ratings", "評点"),
    "menu_mine": ("My organisation", "自組織"),
    # ---- sectors
    "ratings_title": ("Ratings", "評点"),
    "ratings_lead": (
        "How the sectors of {estate} stand against the pass mark of {mark}, and whom to press first.",
        "{estate}の各分野が合格点{mark}点に届いているか、どの組織から改善を求めるか。",
    ),
    "ratings_lead_own": (
        "How the sectors of {estate} stand against the pass mark of {mark}.",
        "{estate}の各分野が合格点{mark}点に届いているか。",
    ),
    "ratings_prior": (
        (
            "Nothing is known here of any single organisation. Each carries its sector's published or assumed "
            "distribution."
        ),
        "個々の組織について分かっていることはありません。各組織には、分野の公表値又は仮定の分布をあてています。",
    ),
    "ratings_fictional": (
        "An invented country: its organisations and their scores are made up.",
        "架空の国です。組織と評点はすべて創作です。",
    ),
    "ratings_sectors": ("Sectors against the pass mark", "分野別の評点と合格点"),
    "ratings_key": (
        (
            "Dot and line: mean with its 90 % interval. Bands: the middle half and 5–95 % of organisations. Upright "
            "line: {mark}."
        ),
        "点と線は平均とその90%区間、帯は組織の中央の半数と5〜95%、縦線は合格点{mark}点です。",
    ),
    "ratings_mean": ("Mean", "平均"),
    "ratings_interval": ("90 % interval", "90%区間"),
    "ratings_spread": ("Organisations 5–95 %", "組織の5〜95%"),
    "ratings_passing": ("At {mark} or more", "{mark}点以上の割合"),
    "ratings_rated": ("Rated", "評価済み"),
    "ratings_of": ("{rated} of {count}", "{count}組織中{rated}"),
    "ratings_published_only": ("as published", "公表値のみ"),
    "ratings_csv": ("Save as CSV", "CSVで保存"),
    # ---- whom to press
    "ratings_press": ("Press first, and with what", "まず改善を求める組織と対策"),
    "ratings_press_lead": (
        "One plan each within ¥{budget} million in all, for the most expected harm saved. Threat: {threat}.",
        "総額{budget}百万円で被害の期待値を最も減らすよう、組織ごとに一つの計画を選びました。想定する脅威: {threat}。",
    ),
    "ratings_press_prior": (
        (
            "The order rests on consequences and on sectors' distributions, not on anything known of a single "
            "organisation."
        ),
        "この順は影響の大きさと分野の分布によるもので、個々の組織の状態を示すものではありません。",
    ),
    "ratings_press_waits": (
        "The brief of this estate is still being computed.",
        "このエステートの要約を計算しています。",
    ),
    "ratings_press_again": ("Look again", "もう一度見る"),
    "ratings_press_none": (
        "Nobody to press within this budget. Each organisation's page has its own plan.",
        "この予算で改善を求める組織はありません。個別の計画は各組織の画面にあります。",
    ),
    # ---- organisations
    "ratings_organisations": ("Organisations", "組織"),
    "ratings_organisations_lead": (
        "Those of which something is known, the lowest score first.",
        "情報のある組織を評点の低い順に示します。",
    ),
    "ratings_none": ("No organisation has a rating of its own yet", "個別の評点を持つ組織はまだありません"),
    "ratings_none_do": (
        "Invite operators: their self-assessment appears here as soon as they answer.",
        "事業者を招待してください。自己評価への回答が始まると、ここに表示されます。",
    ),
    "ratings_find": ("Find an organisation", "組織を探す"),
    "ratings_found_none": (
        "No organisation of this estate has that in its name. Try a shorter part of it, or its id.",
        "その名称を含む組織は、このエステートにありません。短い語かIDで検索してください。",
    ),
    "ratings_show": ("Find", "検索"),
    "ratings_basis_answers": ("own assessment", "自己評価"),
    "ratings_basis_estate": ("the estate's figure", "エステートの値"),
    "ratings_basis_sector": ("its sector's distribution", "分野の分布"),
    # ---- one organisation
    "ratings_one_answers": ("By its own assessment, as of {day}.", "{day}時点の自己評価による。"),
    "ratings_one_estate": (
        "By the score that the estate gives; no answers are stored here.",
        "エステートに記載された評点による。回答は保存されていません。",
    ),
    "ratings_one_sector": (
        (
            "No rating of this organisation is shown here: what is shown is the distribution of its sector, nothing "
            "sharper."
        ),
        "この組織の評点は表示していません。示しているのは属する分野の分布だけです。",
    ),
    "ratings_score": ("Score", "評点"),
    "ratings_out_of": ("of {points}", "{points}点中"),
    "ratings_verdict": ("Verdict", "判定"),
    "ratings_chance": ("chance of {mark} on evidence alone: {chance}", "証拠だけで{mark}点に届く確率: {chance}"),
    "ratings_chance_other": ("chance of {mark}: {chance}", "{mark}点以上である確率: {chance}"),
    "ratings_gauge": (
        "Score {score}, 90 % interval {range}, pass mark {mark}",
        "評点{score}点、90%区間{range}、合格点{mark}点",
    ),
    "ratings_settle": ("What would settle it", "判定を決める証拠"),
    "ratings_settle_lead": (
        "The interval is {width} points wide. Measured, or checked by a third party, these would narrow it most.",
        "区間の幅は{width}点です。実測や第三者の確認があれば最も狭まる設問を示します。",
    ),
    "ratings_narrower": ("Narrower by", "狭まる幅"),
    "ratings_points": ("{points} points", "{points}点"),
    "ratings_now": ("Evidence now", "現在の証拠"),
    "ratings_items": ("Questions by evidence", "証拠別の設問"),
    "ratings_worth": (
        "{points} of 100 points rest on evidence that others can check.",
        "100点のうち{points}点分に、他者が確認できる証拠があります。",
    ),
    "ratings_files": ("Evidence given", "提出された証拠"),
    "ratings_versions": ("Versions submitted", "提出した版"),
    "ratings_version": ("Version {version}, {day}, {score} points", "第{version}版、{day}、{score}点"),
    "ratings_plan": ("What to do next", "次に行う対策"),
    "ratings_plan_lead": (
        "The measures that leave attacks the least success for a budget, in the order in which to do them.",
        "予算の範囲で攻撃の成功を最も減らす対策を、実施順に示します。",
    ),
    "ratings_budget": ("Budget, million yen", "予算(百万円)"),
    "ratings_plan_compute": ("Plan", "計画する"),
    "ratings_plan_none": (
        "Nothing fits into this budget. A larger one opens the first measures.",
        "この予算に収まる対策はありません。予算を増やすと最初の対策が現れます。",
    ),
    "ratings_plan_sum": (
        (
            "¥{cost} million, {staff} person-months: attacks' success falls by {reduction}; score {before} → {after} "
            "({range})."
        ),
        (
            "費用{cost}百万円、{staff}人月。攻撃の成功は{reduction}減り、評点は{before}点から{after}点({range})"
            "になります。"
        ),
    ),
    "ratings_plan_without": (
        "A plan needs answers. Of this organisation none are stored that you may see: invite it to answer.",
        "計画には回答が必要です。閲覧できる回答は保存されていません。自己評価に招待してください。",
    ),
    "ratings_around": ("Whom it needs, and who needs it", "依存関係"),
    "ratings_around_lead": (
        "Two steps each way. On a link: how long who needs it lasts without.",
        "前後2段階の依存先と依存元です。線上の数字は、供給が止まっても持ちこたえられる時間です。",
    ),
    "ratings_around_title": ("Dependencies of {name}", "{name}の依存関係"),
    "ratings_around_more": ("{count} further away are left out.", "ほか{count}組織は省略しました。"),
    "ratings_around_none": (
        "The estate knows no dependency of this organisation. Add it to the estate's dependencies.",
        "エステートにこの組織の依存関係はありません。エステートの依存関係に追加してください。",
    ),
    "ratings_column_1": ("two steps before", "2段階先の依存先"),
    "ratings_column_2": ("needed", "依存先"),
    "ratings_column_3": ("this organisation", "この組織"),
    "ratings_column_4": ("need it", "依存元"),
    "ratings_column_5": ("two steps after", "2段階先の依存元"),
    "ratings_provider": ("Is needed", "供給側"),
    "ratings_dependant": ("Needs it", "依存側"),
    "ratings_for": ("For", "対象"),
    "ratings_lasts": ("Lasts without", "持続時間"),
    "ratings_need_systems": ("systems and their upkeep", "システムと保守"),
    "ratings_table": ("As a table", "表で見る"),
    "ratings_to_assessment": ("Answer the questions", "設問に回答する"),
    # ---- one's own organisation
    "mine_title": ("My organisation", "自組織"),
    "mine_lead": (
        "What is due, what concerns {name}, and where it stands.",
        "{name}の期限、関係する警告、現在の状態をまとめています。",
    ),
    "mine_welcome": (
        "Welcome. Begin with the warning, if there is one, then assess yourselves.",
        "登録が完了しました。警告があれば先に確認し、その後に自己評価を始めてください。",
    ),
    "mine_nowhere": ("You are the contact of no organisation", "担当する組織が登録されていません"),
    "mine_nowhere_do": ("The centre can make you one.", "センターに登録を依頼してください。"),
    "mine_warnings": ("Warnings that concern you", "関係する警告"),
    "mine_warnings_none": ("No warning concerns you now", "現在、関係する警告はありません"),
    "mine_warnings_none_do": ("You will see one here as soon as it is sent.", "発出されるとここに表示されます。"),
    "mine_do": ("To do", "対処"),
    "mine_acknowledge": ("Acknowledge", "確認した"),
    "mine_acted": ("We have acted", "対処した"),
    "mine_state_chosen": ("not yet answered", "未返答"),
    "mine_state_delivered": ("not yet answered", "未返答"),
    "mine_state_acknowledged": ("acknowledged", "確認済み"),
    "mine_state_acted": ("acted on", "対処済み"),
    "mine_answered": ("Your answer is kept.", "返答を記録しました。"),
    "mine_earlier": ("Answered: {count}", "返答済み: {count}件"),
    "mine_duties": ("Duties and clocks", "報告義務と期限"),
    "mine_duties_none": ("No incident of yours is open", "対応中のインシデントはありません"),
    "mine_duties_none_do": (
        "Has something happened? Report it: three fields are enough.",
        "何か起きた場合は報告してください。3項目から始められます。",
    ),
    "mine_report": ("Report an incident", "インシデントを報告"),
    "mine_due": ("Due", "期限"),
    "mine_duty": ("Duty", "義務"),
    "mine_to": ("To", "報告先"),
    "mine_stands": ("How it stands", "状況"),
    "mine_asks_answer": ("Answer them", "要請に回答する"),
    "mine_asks": ("Requests to you", "受けている要請"),
    "mine_rating": ("Rating and gaps", "評点と課題"),
    "mine_rating_none": ("You have not answered yet", "まだ回答がありません"),
    "mine_rating_none_do": (
        "26 questions, about ten minutes; saved as you answer.",
        "設問は26問、10分ほどです。回答はその都度保存されます。",
    ),
    "mine_begin": ("Begin the self-assessment", "自己評価を始める"),
    "mine_go_on": ("Go on with the self-assessment", "自己評価を続ける"),
    "mine_plan": ("Rating and plan", "評点と計画"),
    "mine_gaps": ("Most points are missing here", "失点の大きい設問"),
    "mine_missing": ("Missing", "失点"),
}  # fmt: skip
"""Key -> its text in English and in Japanese."""
