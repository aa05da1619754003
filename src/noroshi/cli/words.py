"""What the command group itself prints, in English and Japanese."""

from __future__ import annotations

PURPOSE = (
    "What people lose when an attack lands, for how long, and what to do first.",
    "攻撃を受けたとき、人々が何をどれだけの時間失うか、まず何をすべきかを示す。",
)
COMMANDS = ("Commands", "コマンド")
FAULTS = ("The input is at fault ({total:,} found):", "入力に誤りがあります({total:,}件):")
STOPPED = ("Stopped.", "中止しました。")
ERROR = ("Error: ", "エラー: ")
