"""Every text of the screen in English and Japanese: the tables of its pages as one catalogue, then that of reports."""

from __future__ import annotations

from noroshi.report.words import LANGUAGES, WORDS, said
from noroshi.web.screen.words_admin import ADMIN_WORDS, ME_WORDS
from noroshi.web.screen.words_assessment import ASSESSMENT_WORDS
from noroshi.web.screen.words_brief import BRIEF_WORDS
from noroshi.web.screen.words_estate import ESTATE_WORDS
from noroshi.web.screen.words_frame import FRAME_WORDS
from noroshi.web.screen.words_glossary import GLOSSARY_WORDS
from noroshi.web.screen.words_incidents import INCIDENT_WORDS
from noroshi.web.screen.words_now import NOW_WORDS
from noroshi.web.screen.words_ratings import RATINGS_WORDS
from noroshi.web.screen.words_sharing import SHARING_WORDS
from noroshi.web.screen.words_situations import SITUATION_WORDS
from noroshi.web.screen.words_situations_more import SITUATION_MORE_WORDS
from noroshi.web.screen.words_warnings import WARNINGS_WORDS
from noroshi.web.screen.words_whatif import WHATIF_WORDS

__all__ = ["SCREEN_WORDS", "TABLES", "word"]

TABLES: tuple[dict[str, tuple[str, str]], ...] = (
    FRAME_WORDS,
    GLOSSARY_WORDS,
    NOW_WORDS,
    BRIEF_WORDS,
    SHARING_WORDS,
    WARNINGS_WORDS,
    SITUATION_WORDS,
    SITUATION_MORE_WORDS,
    INCIDENT_WORDS,
    ESTATE_WORDS,
    WHATIF_WORDS,
    ASSESSMENT_WORDS,
    RATINGS_WORDS,
    ADMIN_WORDS,
    ME_WORDS,
)
"""One table a page, so that two pages are not edited in one place; a test holds that no key is in two."""
SCREEN_WORDS: dict[str, tuple[str, str]] = {key: both for table in TABLES for key, both in table.items()}


def word(key: str, lang: str, **fields: object) -> str:
    """Return a text of the screen or, where it has none of that name, of the reports; KeyError for neither."""
    if key not in SCREEN_WORDS:
        assert key in WORDS, key  # noqa: S101  a name that no table has is ours to mend
        return said(key, lang, **fields)
    text = SCREEN_WORDS[key][LANGUAGES.index(lang)]
    return text.format(**fields) if fields else text
