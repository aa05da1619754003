"""Help on terms: a button that shows what a term means, without a script, and the page of all terms."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

from noroshi.web.screen.words import word
from noroshi.web.screen.words_glossary import GLOSSARY

if TYPE_CHECKING:
    from litestar import Response
    from markupsafe import Markup

    from noroshi.web.screen.page import Page
    from noroshi.web.screen.screen import Screen

__all__ = ["Help", "declare"]


class Help:
    """Help on terms for one page: a class, since each use has an id of its own, in parts that come later too."""

    def __init__(self, lang: str, start: str) -> None:
        """Take the page's language, and what ids of this answer begin with."""
        self.lang, self.start, self.numbers = lang, start, count(1)

    def __call__(self, key: str) -> Markup:
        """Return a button with a question mark, for beside a label or a heading; KeyError for no such term."""
        return self.button(key, "help", "?")

    def terms(self, *keys: str) -> Markup:
        """Return a line of terms by their names, each a button, for above a table that uses them."""
        from markupsafe import Markup

        buttons = Markup(" ").join(self.button(key, "term", self.name(key)) for key in keys)
        return Markup('<p class="terms">{} {}</p>').format(word("glossary_terms", self.lang), buttons)

    def name(self, key: str) -> str:
        """Return a term in the page's language."""
        return GLOSSARY[key].ja if self.lang == "ja" else GLOSSARY[key].en

    def button(self, key: str, kind: str, text: str) -> Markup:
        """Return a button and what it shows, which the browser opens and closes: click, Enter or Space, Escape."""
        from markupsafe import Markup

        term, name, uid = GLOSSARY[key], self.name(key), f"{self.start}{next(self.numbers)}"
        label = word("glossary_help", self.lang, term=name)
        says = term.says_ja if self.lang == "ja" else term.says_en
        return Markup(
            '<button type="button" class="{}" popovertarget="{}" aria-label="{}">{}</button>'
            '<span popover id="{}" class="meaning"><b>{}</b> {}</span>'
        ).format(kind, uid, label, text, uid, name, says)


def declare(screen: Screen) -> None:
    """Declare the page of all terms."""

    @screen.view("/words", everybody=True)
    def words(page: Page) -> Response[Any]:
        rows = [(key, page.pick(one.en, one.ja), page.pick(one.ja, one.en), page.pick(one.says_en, one.says_ja))
                for key, one in GLOSSARY.items()]  # fmt: skip
        return page.show("glossary.html", title=page.w("glossary_title"), rows=rows)
