"""One request for a page: who asks, in which language, when; and the answers it can be given."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

from litestar import Response

from noroshi.desk.estates_kept import listed, own_key, place
from noroshi.desk.permitting import may
from noroshi.desk.sessions import Asker, of_session, token_against_forgery
from noroshi.report.html import safe
from noroshi.report.svg import glyph
from noroshi.share.permissions import Leave
from noroshi.share.taxii import Refused
from noroshi.web.headers import SECURITY, language
from noroshi.web.rest_asking import cookie_name
from noroshi.web.screen.glossary import Help
from noroshi.web.screen.menu import places
from noroshi.web.screen.statics import address_of
from noroshi.web.screen.words import SCREEN_WORDS, word
from noroshi.web.screen.words_refusals import refusal

if TYPE_CHECKING:
    import jinja2
    from litestar import Request

    from noroshi.desk.estates_kept import Kept
    from noroshi.desk.hub import Hub
    from noroshi.estate.model import Estate
    from noroshi.settings import Settings
    from noroshi.store.contract import Principal
    from noroshi.web.estates import Estates

__all__ = ["HEADERS", "THEMES", "Page", "local", "templates"]

THEMES = ("system", "light", "dark")
LANG_COOKIE, THEME_COOKIE, ESTATE_COOKIE = "noroshi-lang", "noroshi-theme", "noroshi-estate"
HEADERS: dict[str, str] = {
    **SECURITY,
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data: blob:; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "Cache-Control": "private, no-store",
    "Vary": "Accept-Language, Cookie, HX-Request",
}
"""Headers of every page: only what the hub itself serves may run, be asked, or be sent to."""
FOLDERS = (Path(__file__).parent / "templates", Path(__file__).parents[2] / "report" / "templates")
JAPAN = "Asia/Tokyo"


class Page:
    """One request: a class, for what is found out once and asked for often."""

    def __init__(self, request: Request[Any, Any, Any], hub: Hub, settings: Settings, estates: Estates) -> None:
        """Find out who asks, in which language and colours, about which estate."""
        self.request, self.hub, self.settings, self.estates = request, hub, settings, estates
        cookies, headers = request.cookies, request.headers
        asked = request.query_params.get("lang") or cookies.get(LANG_COOKIE)
        self.lang = language(asked, headers.get("accept-language", ""), settings.lang)
        theme = cookies.get(THEME_COOKIE, "")
        self.theme = theme if theme in THEMES else THEMES[0]
        self.now = time.time_ns() // 1000
        """Microseconds since 1970."""
        secret = cookies.get(cookie_name(str(request.scope.get("scheme", "http"))), "")
        self.asker: Asker | None = of_session(hub.store, secret, self.now) if secret else None
        self.copies = self._copies()
        """The estates that the hub keeps and who asks may see, by the name that `files.estates.load` takes."""
        asked = cookies.get(ESTATE_COOKIE, "")
        own = next((name for name, one in self.copies.items() if own_key(one) == asked), "")
        self.estate = own or estates.chosen(asked)
        """The estate that who asks has chosen, by the name that `files.estates.load` and desk functions take."""
        self.part = headers.get("hx-request") == "true"
        """Whether a script asks for a part of a page."""

    @property
    def who(self) -> Principal:
        """Who asks; Refused 401 where nobody has logged in, which leads to the page for that."""
        if self.asker is None:
            raise Refused(401, "Unauthorized", word("refused_401", self.lang))
        return self.asker.principal

    @property
    def csrf(self) -> str:
        """What a form must carry; "" where there is no session that could be abused."""
        return token_against_forgery(self.asker.secret) if self.asker else ""

    def may(self, action: str) -> bool:
        """Return whether the table of permissions lets who asks do something at all."""
        return self.asker is not None and may(self.asker.principal, action) is not Leave.NEVER

    def loaded(self) -> Estate:
        """Return the estate that was chosen, read once for all; NotFoundError, InputError where it cannot be read."""
        return self.estates.loaded(self.estate)

    def refusal(self, refused: Refused) -> str:
        """Return why something was refused, in the language of who asks."""
        return refusal(refused.description, self.lang)

    def path(self, name: str) -> str:
        """Return what stands in the address where its pattern has `{name:str}`."""
        return str(self.request.path_params[name])

    def query(self, name: str, default: str = "") -> str:
        """Return a parameter of the address."""
        return str(self.request.query_params.get(name, default)).strip()

    def w(self, key: str, **fields: object) -> str:
        """Return a text in the page's language."""
        return word(key, self.lang, **fields)

    def pick(self, english: str, japanese: str) -> str:
        """Return whichever of two texts is in the page's language, or the other where that is empty."""
        return (japanese or english) if self.lang == "ja" else (english or japanese)

    def show(self, template: str, *, status: int = 200, **content: Any) -> Response[bytes]:  # noqa: ANN401
        """Return a page, or with a template that extends no frame a part of one.

        content: what the template asks for; `title`, and `exercise` where what is shown is one.
        """
        made = templates().get_template(template).render({**self._frame(), **content})
        return self.answer(made.encode(), "text/html", status=status)

    def answer(
        self, body: bytes | str, media_type: str, *, status: int = 200, save_as: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Response[bytes]:  # fmt: skip
        """Return anything; save_as: the name under which a browser keeps it, instead of showing it."""
        data = body.encode() if isinstance(body, str) else body
        given = {**HEADERS, "Content-Language": self.lang, **(headers or {})}
        if save_as:
            given["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(save_as)}"
        return Response(data, status_code=status, media_type=media_type, headers=given)

    def go(self, address: str, said: str = "", **query: str) -> Response[bytes]:
        """Return the way to another page of ours after something was done; said: key of the word that tells what."""
        assert address.startswith("/"), address  # noqa: S101  never another site
        more = {**query, **({"said": said} if said else {})}
        place = address + ("&" if "?" in address else "?") * bool(more) + urlencode(more)
        return Response(b"", status_code=303, headers={**HEADERS, "Location": place})

    def at(self, micros: int) -> str:
        """Return a moment as people here read it: Japan's time, with the day where it is another one."""
        return local(micros, self.now)

    def _copies(self) -> dict[str, Kept]:
        """Return the estates that the hub keeps and who asks may see, and let them be known by their keys."""
        if self.asker is None:
            return {}
        data = self.settings.data
        found = {str(place(data, one)): one for one in listed(self.asker.principal, data)}
        for name, one in found.items():
            self.estates.learn(name, own_key(one))
        return found

    def _frame(self) -> dict[str, Any]:
        """Return what every template may ask for."""
        said = self.query("said")
        path = self.request.url.path
        return {
            "page": self, "lang": self.lang, "theme": self.theme, "w": self.w, "safe": safe, "csrf": self.csrf,
            "help": Help(self.lang, f"h{self.now % 10**9}-" if self.part else "h"),
            "who": self.asker.principal if self.asker else None, "places": places(self.asker and self.asker.principal),
            "estates": [(self.estates.key(name), self.pick(*self.estates.title(name)), name == self.estate)
                        for name in (*self.estates.names, *self.copies)],
            "path": path, "here": quote(path + (f"?{self.request.url.query}" if self.request.url.query else "")),
            "static": address_of, "exercise": False, "title": "", "live": "", "scripts": (), "narrow": False,
            "said": self.w(said) if said in SCREEN_WORDS else "",
            "utc": datetime.fromtimestamp(self.now / 1e6, UTC),
            "japan": datetime.fromtimestamp(self.now / 1e6, ZoneInfo(JAPAN)),
            "glyphs": safe(*(glyph(state) for state in range(4))),
        }  # fmt: skip


def local(micros: int, now: int) -> str:
    """Return a moment in Japan's time: hour and minute today, else with the date; microseconds since 1970."""
    zone = ZoneInfo(JAPAN)
    at, today = (datetime.fromtimestamp(one / 1e6, zone) for one in (micros, now))
    if at.date() == today.date():
        return f"{at:%H:%M}"
    return f"{at:%m-%d %H:%M}" if at.year == today.year else f"{at:%Y-%m-%d %H:%M}"


@cache
def templates() -> jinja2.Environment:
    """Return the templates of the screen, and of reports for their tables: escaped, and strict about names."""
    import jinja2

    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDERS), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    made.filters["query"] = partial(quote, safe="")
    return made
