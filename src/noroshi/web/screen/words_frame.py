"""What stands about every page, and the pages by which one comes in."""

from __future__ import annotations

__all__ = ["FRAME_WORDS"]

FRAME_WORDS: dict[str, tuple[str, str]] = {
    "to_content": ("Skip to the content", "本文へ"),
    "menu": ("Main menu", "メインメニュー"),
    "menu_now": ("Now", "現況"),
    "clock_utc": ("UTC", "UTC"),
    "clock_japan": ("Japan", "日本"),
    "offline": ("No connection to the hub", "ハブに接続できません"),
    "exercise": ("EXERCISE – this is not real", "演習 ― これは実際の事態ではありません"),
    "estate_shown": ("Estate shown:", "表示中のエステート:"),
    "settings_menu": ("View", "表示"),
    "to_language": ("日本語", "English"),
    "theme_dark": ("Dark", "暗い配色"),
    "theme_light": ("Light", "明るい配色"),
    "theme_system": ("As my system", "端末の設定に従う"),
    "log_in": ("Log in", "ログイン"),
    "log_out": ("Log out", "ログアウト"),
    "log_in_lead": ("With the name and password of this hub.", "このハブの名前とパスワードでログインします。"),
    "log_in_wrong": ("The name or the password is wrong.", "名前またはパスワードが違います。"),
    "log_in_provider": ("Log in with {provider}", "{provider}でログイン"),
    "log_in_first": (
        "Nobody has an account yet? Starting the hub prints a link for its first owner.",
        "まだ誰も登録していない場合は、ハブの起動時に最初の所有者用のリンクが表示されます。",
    ),
    "logged_out": ("You are logged out.", "ログアウトしました。"),
    "name": ("Name", "名前"),
    "password": ("Password", "パスワード"),
    "refused_400": ("That cannot be read", "読み取れません"),
    "refused_401": ("Please log in", "ログインしてください"),
    "refused_403": ("That is not allowed", "許可されていません"),
    "refused_404": ("There is no such page", "ページがありません"),
    "refused_405": ("That is not how this is asked", "この方法では要求できません"),
    "refused_409": ("That does not fit with how things stand", "現在の状態と合いません"),
    "refused_413": ("That is too large", "大きすぎます"),
    "refused_414": ("That is too long", "長すぎます"),
    "refused_422": ("Something is missing or wrong", "入力に誤りがあります"),
    "refused_429": ("Too often: wait a little", "回数が多すぎます。少し待ってください"),
    "refused_500": ("The hub is at fault", "ハブ側の不具合です"),
    "refused_503": ("Not ready yet", "まだ準備ができていません"),
    "refused_lead_404": (
        "The address may be mistyped, or what was there is not for you to see.",
        "アドレスの誤りか、閲覧できないページです。",
    ),
    "refused_lead_500": ("Nothing was changed that is not shown. The hub's log says why.",
                         "表示されていない変更は行われていません。原因はハブのログにあります。"),
    "back": ("Back to the first page", "最初のページへ"),
}  # fmt: skip
"""Key -> its text in English and in Japanese."""
