"""Words for probabilities, from ICD 203 (Analytic Standards, 2015), in both languages; confidence is said apart."""

from __future__ import annotations

__all__ = ["BASIS", "BASIS_JA", "WORDS", "likelihood"]

WORDS: tuple[tuple[float, str, str], ...] = (
    (0.05, "almost no chance", "ほぼあり得ない"),
    (0.20, "very unlikely", "可能性は非常に低い"),
    (0.45, "unlikely", "可能性は低い"),
    (0.55, "roughly even chance", "五分五分"),
    (0.80, "likely", "可能性は高い"),
    (0.95, "very likely", "可能性は非常に高い"),
    (1.01, "almost certain", "ほぼ確実"),
)
"""Upper end of a probability -> its word in English and Japanese. Below 1 % and above 99 % the standard has no word."""

BASIS = "Probabilities are of agreement with published vendor attribution, not of truth."
BASIS_JA = "確率は公表されたベンダーの帰属との一致を表し、真実を表すものではない。"


def likelihood(share: float, lang: str = "en") -> str:
    """Return the word for a probability, 0-1."""
    row = next(row for row in WORDS if share < row[0])
    return row[2] if lang == "ja" else row[1]
