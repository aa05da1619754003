"""What-if: what is chosen, how a run goes, what it says."""

from __future__ import annotations

__all__ = ["WHATIF_WORDS"]

WHATIF_WORDS: dict[str, tuple[str, str]] = {
    "menu_whatif": ("What-if", "被害想定"),
    "wi_title": ("What if", "被害想定"),
    "wi_lead": (
        (
            "Choose what an attack takes out, when and for how long; see what people lose, where, for how long, "
            "and why."
        ),
        (
            "攻撃で何が、いつ、どれだけの間使えなくなるかを選ぶと、誰が、どこで、どれだけの間、何を失い、なぜそう"
            "なるかを示します。"
        ),
    ),
    "wi_read_lead": ("What-ifs that others have shared with you.", "他の利用者から共有された被害想定です。"),
    "wi_map": ("Map: click, or arrow keys and Enter, to choose", "地図(クリック、または矢印キーとEnterで選択)"),
    "wi_map_help": (
        (
            "Arrow keys walk from place to place, Enter chooses, + and − zoom, 0 shows all. The table below has "
            "the same."
        ),
        "矢印キーで移動、Enterで選択、+と−で拡大・縮小、0で全体表示。下の表でも同じ選択ができます。",
    ),
    "wi_map_none": (
        "The map needs scripts; the table has the same.",
        "地図の表示にはスクリプトが必要です。表に同じ内容があります。",
    ),
    "wi_chosen": ("What is hit", "攻撃の対象"),
    "wi_chosen_none": (
        (
            "Nothing is chosen yet. Click a place on the map, press “Choose” in the table, or begin with a shock "
            "that ships."
        ),
        (
            "まだ何も選ばれていません。地図の地点をクリックするか、表の「選択」を押すか、収録済みの想定から始めて"
            "ください。"
        ),
    ),
    "wi_begin_with": ("Begin with", "収録済みの想定"),
    "wi_own_choice": ("– my own choice –", "― 自分で選ぶ ―"),
    "wi_take": ("Take it", "読み込む"),
    "wi_effect": ("Effect", "影響"),
    "wi_onset": ("Begins (h)", "開始(時間後)"),
    "wi_detect": ("Noticed (h)", "検知まで(時間)"),
    "wi_restore": ("Restored (h)", "復旧まで(時間)"),
    "wi_hours_hint": (
        (
            "Noticed: after it began; restored: after it was noticed. Empty: its own figures. 18-60: half the "
            "time within 18 h, 9 of 10 times within 60 h."
        ),
        (
            "検知は開始から、復旧は検知からの時間。空欄なら対象自身の値。「18-60」は半数が18時間以内、9割が60時間"
            "以内の意味。"
        ),
    ),
    "wi_drop": ("Remove {name}", "{name}を外す"),
    "wi_drop_short": ("Remove", "外す"),
    "wi_clear": ("Remove all", "すべて外す"),
    "wi_when": ("When and how long", "時期と期間"),
    "wi_name": ("Name", "名称"),
    "wi_horizon": ("Hours to look at", "見る期間(時間)"),
    "wi_start": ("Starts at (hour of day)", "開始時刻(0〜24時)"),
    "wi_season": ("Season", "季節"),
    "wi_season_own": ("as given", "既定"),
    "wi_winter": ("winter", "冬"),
    "wi_spring": ("spring", "春"),
    "wi_summer": ("summer", "夏"),
    "wi_autumn": ("autumn", "秋"),
    "wi_draws": ("How sure", "不確かさ"),
    "wi_draws_none": ("median only", "中央値のみ"),
    "wi_draws_some": ("with bands from {count} draws", "{count}回の抽選で幅を示す"),
    "wi_run": ("Run", "計算する"),
    "wi_threat": ("Or a threat", "または脅威で計算"),
    "wi_threat_hint": (
        "Draws who is breached by the threat’s own odds, many times; shows services with bands.",
        "脅威の確率に従って侵害先を何度も抽選し、サービスごとの被害を幅で示します。",
    ),
    "wi_threat_run": ("Run the threat", "脅威で計算する"),
    "wi_table": ("All that can be chosen", "選べるもの"),
    "wi_search": ("Search by name or id", "名称・IDで検索"),
    "wi_sector": ("Sector", "分野"),
    "wi_organisation": ("Organisation", "組織"),
    "wi_kind": ("Kind", "種類"),
    "wi_any": ("any", "すべて"),
    "wi_find": ("Find", "検索"),
    "wi_choose": ("Choose", "選択"),
    "wi_choose_it": ("Choose {name}", "{name}を選択"),
    "wi_is_chosen": ("chosen", "選択済み"),
    "wi_choose_org": ("Choose all systems of {name}", "{name}の全システムを選択"),
    "wi_wrong_horizon": ("{of}: “{found}” is not more than 0 and at most {most}; such as 72.",
                         "{of}: 「{found}」は0より大きく{most}以下にしてください(例: 72)。"),
    "wi_wrong_start": ("{of}: “{found}” is not from 0 to 24.", "{of}: 「{found}」は0〜24にしてください。"),
    "wi_wrong_season": ("{of}: “{found}” is none; choose one of the list.",
                        "{of}: 「{found}」はありません。一覧から選んでください。"),
    "wi_wrong_name": ("{of}: {found} letters are too many; shorten it.",
                       "{of}: {found}文字は長すぎます。短くしてください。"),
    "wi_wrong_hit": ("{of}: {found} chosen; it takes 1 to 200. Choose on the map or in the table.",
                     "{of}: {found}件が選ばれています。1〜200件を地図か表から選んでください。"),
    "wi_wrong_target": ("{of}: “{found}” is not in this estate; choose it in the table.",
                        "{of}: 「{found}」はこのエステートにありません。表から選んでください。"),
    "wi_wrong_effect": ("{of}: “{found}” is none; choose one of the list.",
                        "{of}: 「{found}」はありません。一覧から選んでください。"),
    "wi_wrong_onset_h": ("{of}: “{found}” is no hour before the end of what is looked at.",
                         "{of}: 「{found}」は、見る期間が終わるより前の時間にしてください。"),
    "wi_wrong_detect_h": ("{of}: “{found}” is no duration; such as 18, or 18-60.",
                          "{of}: 「{found}」は「18」または「18-60」のように入力してください。"),
    "wi_wrong_restore_h": ("{of}: “{found}” is no duration; such as 18, or 18-60.",
                           "{of}: 「{found}」は「18」または「18-60」のように入力してください。"),
    "wi_found": ("{shown} of {count} shown.", "{count}件中{shown}件を表示。"),
    "wi_narrow": ("Narrow the search to see the others.", "ほかは検索で絞り込んでください。"),
    "wi_found_none": (
        "Nothing fits; try fewer words, or another filter.",
        "該当がありません。語を減らすか、条件を変えてください。",
    ),
    "wi_t_systems": ("system", "システム"),
    "wi_t_assets": ("asset", "施設"),
    "wi_t_power_buses": ("substation or zone", "変電所・系統地点"),
    "wi_t_power_branches": ("power line", "送電線"),
    "wi_t_generators": ("generator", "発電機"),
    "wi_t_gas_nodes": ("gas node", "ガス節点"),
    "wi_t_gas_pipes": ("gas pipe", "ガス導管"),
    "wi_t_gas_sources": ("gas source", "ガス供給源"),
    "wi_t_gas_stores": ("gas store", "ガス貯蔵"),
    "wi_t_transport_links": ("transport link", "交通路線"),
    "wi_t_trips": ("journey", "移動"),
    "wi_t_services": ("service", "サービス"),
    "wi_runs": ("What has been run", "計算した被害想定"),
    "wi_runs_none": (
        "Nothing has been run or shared with you yet.",
        "まだ計算したもの、共有されたものはありません。",
    ),
    "wi_runs_hint": (
        "Of runs that are not saved, the newest 20 are kept.",
        "保存していないものは新しい20件だけを残します。",
    ),
    "wi_compare": ("Compare", "比較"),
    "wi_compare_two": ("Compare the two that are ticked", "選んだ2件を比較"),
    "wi_compare_pick": ("Tick two runs that are done, then compare them.", "完了した2件を選んで比較してください。"),
    "wi_by": ("By", "実行者"),
    "wi_made": ("Run at", "実行日時"),
    "wi_state": ("State", "状態"),
    "wi_waiting": ("waiting", "待機中"),
    "wi_running": ("running", "計算中"),
    "wi_done": ("done", "完了"),
    "wi_stopped": ("stopped", "中止"),
    "wi_failed": ("failed", "失敗"),
    "wi_saved": ("saved", "保存済み"),
    "wi_is_shared": ("shared", "共有中"),
    "wi_progress": ("Progress", "進み具合"),
    "wi_s_model": ("Reading the estate", "エステートの読み込み"),
    "wi_s_kernels": (
        "Compiling the engine (only the first time: one to two minutes)",
        "エンジンのコンパイル(初回のみ1〜2分)",
    ),
    "wi_s_run": ("Running the shock", "ショックの計算"),
    "wi_s_why": ("Tracing causes", "原因の追跡"),
    "wi_s_loading": ("Loads of the networks", "各網の負荷の計算"),
    "wi_s_bands": ("Drawing again for the bands", "幅のための抽選"),
    "wi_s_ensemble": ("Drawing scenarios", "シナリオの抽選"),
    "wi_stop": ("Stop", "中止"),
    "wi_stopping": ("It stops at its next step.", "次の区切りで中止します。"),
    "wi_look_again": ("Look again", "更新"),
    "wi_stopped_lead": ("It was stopped before it was done.", "完了前に中止されました。"),
    "wi_failed_lead": ("It could not be done: {fault}", "計算できませんでした:{fault}"),
    "wi_again": ("Change and run again", "変更して再計算"),
    "wi_calm": (
        "No service falls below its floor within {horizon}.",
        "{horizon}の間、基本水準を下回るサービスはありません。",
    ),
    "wi_sentence": (
        (
            "Up to {people} people lack a basic service ({at}): {where}. {below} of {all} services fall below "
            "their floor within {horizon}, {beyond} for longer than they may."
        ),
        (
            "最大{people}人が基本サービスを失います({at}時点):{where}。{horizon}の間に{all}件中{below}件が基本水"
            "準を下回り、うち{beyond}件は許容時間を超えます。"
        ),
    ),
    "wi_worst_hit": (
        "Hardest hit: {service}, {low} at the lowest, {hours} below its floor. In all {harm} person-hours.",
        "最大の被害は{service}(最低{low}、下回る時間{hours})。合計{harm}人時。",
    ),
    "wi_sure": (
        "In 9 of 10 of {draws} draws between {low} and {high} person-hours.",
        "{draws}回の抽選のうち9割は{low}〜{high}人時。",
    ),
    "wi_leaks": (
        "Exposed: {records} records; strategic: {points} points.",
        "漏えい:{records}件、戦略情報:{points}点。",
    ),
    "wi_people_hint": (
        "People of an area count once, however many services it lacks.",
        "同じ地域の人口は、複数のサービスを失っても一度だけ数えます。",
    ),
    "wi_playback": ("Playback", "再生"),
    "wi_play": ("Play", "再生"),
    "wi_pause": ("Pause", "一時停止"),
    "wi_time": ("Time", "時刻"),
    "wi_play_help": (
        (
            "Space plays, arrow keys walk from place to place, Enter asks why. Lines: power solid, gas dashed, "
            "transport double; the thicker, the more loaded, with a dark edge above 100 %."
        ),
        (
            "スペースで再生、矢印キーで移動、Enterで原因を表示。線は電力が実線、ガスが破線、交通が二重線。太いほ"
            "ど負荷が高く、100%超は濃い縁取り。"
        ),
    ),
    "wi_normal": ("normal", "正常"),
    "wi_degraded": ("degraded", "低下"),
    "wi_failing": ("failing", "機能不全"),
    "wi_out": ("out", "停止"),
    "wi_frames": ("How far it has spread", "被害の広がり"),
    "wi_frames_lead": (
        "Six moments side by side; press one to see it on the map.",
        "6つの時点を並べて示します。押すと地図に表示します。",
    ),
    "wi_over_time": ("Losses over time", "時間ごとの被害"),
    "wi_hour": ("Hour", "時刻"),
    "wi_people_lacking": ("People who lack a service", "サービスを失う人"),
    "wi_services_below": ("Services below floor", "基本水準を下回るサービス"),
    "wi_losses": ("What services lose", "サービスの被害"),
    "wi_service": ("Service", "サービス"),
    "wi_people": ("People", "人数"),
    "wi_lowest": ("Lowest", "最低"),
    "wi_since": ("Below from", "下回る時点"),
    "wi_below": ("Below floor", "下回る時間"),
    "wi_tolerance": ("May be", "許容時間"),
    "wi_person_hours": ("Person-hours", "人時"),
    "wi_never": ("never", "なし"),
    "wi_too_long": ("too long", "超過"),
    "wi_within": ("within", "範囲内"),
    "wi_why": ("Why?", "なぜ?"),
    "wi_why_of": ("Why did {name} fall?", "{name}はなぜ低下したか"),
    "wi_why_lead": ("Each loss back to what began it.", "損失ごとに、発端までさかのぼります。"),
    "wi_why_none": ("{name} loses nothing in this run.", "{name}はこの計算では何も失いません。"),
    "wi_why_pick": (
        "Choose a place on the map, or press “Why?” in the table.",
        "地図の地点を選ぶか、表の「なぜ?」を押してください。",
    ),
    "wi_curves": ("Share served over time", "供給率の推移"),
    "wi_curves_lead": (
        "Dashed: the floor. Services that lose most.",
        "破線は基本水準。被害の大きいサービスを示します。",
    ),
    "wi_curves_bands": (
        "Dashed: the floor; band: 9 of 10 of {draws} draws; line: their middle.",
        "破線は基本水準、帯は{draws}回の抽選の9割、線は中央。",
    ),
    "wi_curve_of": ("{name}: at the lowest {low}", "{name}:最低{low}"),
    "wi_hits": ("What was asked", "想定の内容"),
    "wi_save": ("Save", "保存"),
    "wi_rename": ("Rename", "名称変更"),
    "wi_now_saved": ("It is saved.", "保存しました。"),
    "wi_share": ("Share", "共有"),
    "wi_share_lead": (
        "Who is named here, or everybody who is logged in, can open this page by its address.",
        "ここに挙げた人、またはログインしている全員が、このページのアドレスで開けます。",
    ),
    "wi_share_names": ("Names, one a line", "名前(1行に1人)"),
    "wi_share_all": ("Everybody who is logged in", "ログインしている全員"),
    "wi_share_link": ("Address", "アドレス"),
    "wi_now_shared": ("Who may see it is as you said.", "共有の範囲を変更しました。"),
    "wi_delete": ("Delete", "削除"),
    "wi_delete_sure": ("Delete this what-if for good", "この被害想定を完全に削除する"),
    "wi_now_deleted": ("It is deleted.", "削除しました。"),
    "wi_export": ("Export", "書き出し"),
    "wi_x_losses": ("Losses (CSV)", "被害(CSV)"),
    "wi_x_curves": ("Curves (CSV)", "推移(CSV)"),
    "wi_x_geojson": ("States at this hour (GeoJSON)", "この時刻の状態(GeoJSON)"),
    "wi_x_svg": ("Map at this hour (SVG)", "この時刻の地図(SVG)"),
    "wi_x_png": ("Map at this hour (PNG)", "この時刻の地図(PNG)"),
    "wi_x_pdf": ("Report (PDF)", "報告書(PDF)"),
    "wi_x_json": ("Result (JSON)", "結果(JSON)"),
    "wi_difference": ("Difference", "差"),
    "wi_compare_title": ("Two what-ifs beside each other", "二つの被害想定の比較"),
    "wi_compare_more": ("B costs {harm} person-hours more than A.", "BはAより{harm}人時多い被害です。"),
    "wi_compare_less": ("B costs {harm} person-hours less than A.", "BはAより{harm}人時少ない被害です。"),
    "wi_compare_same": ("Both cost the same.", "両者の被害は同じです。"),
    "wi_compare_curves": ("Solid: A; dashed: B; thin dashes: the floor.", "実線はA、破線はB、細い点線は基本水準。"),
    "wi_illustrative": (
        "Sample data: the figures illustrate the method.",
        "例示データです。数値は方法を示すためのものです。",
    ),
    "wi_fictional": ("A fictional country: everything in it is invented.", "架空の国です。すべて創作です。"),
    "wi_chance": ("Fails too long", "許容時間超過の確率"),
    "wi_interval": ("5–95 %", "5〜95%"),
    "wi_threat_sentence": (
        "If {threat} strikes: {harm} person-hours on average ({low} to {high}); hardest hit {service}.",
        "{threat}の場合、平均{harm}人時({low}〜{high})。最大の被害は{service}。",
    ),
}  # fmt: skip
"""Key -> its text in English and in Japanese."""
