"""What a page's form sent: fields as text, and files."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from noroshi.share.taxii import Refused

if TYPE_CHECKING:
    from litestar import Request

__all__ = ["CSRF", "Form", "Uploaded", "read_form", "refuse_without_token"]

CSRF = "csrf"
"""The hidden field that every form of a page has."""
LONGEST = 8_000_000
MOST_FIELDS = 3000
FORGED = Refused(403, "Forbidden", "the page is out of date: open it again, then send it once more")


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file that came with a form; its name is what the browser said, never a place to write to."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form, each with all its values in the order of the page, and its files."""

    fields: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, list[Uploaded]] = field(default_factory=dict)

    def get(self, name: str, default: str = "") -> str:
        """Return the first value of a field without the blanks around it."""
        values = self.fields.get(name)
        return values[0].strip() if values else default

    def all(self, name: str) -> list[str]:
        """Return every value of a field: what was ticked."""
        return [one.strip() for one in self.fields.get(name, [])]

    def file(self, name: str) -> Uploaded | None:
        """Return the first file of a field; None where none was chosen."""
        found = self.files.get(name, [])
        return found[0] if found and found[0].name else None


async def read_form(request: Request[Any, Any, Any]) -> Form:
    """Return what a request's form holds, url-encoded or multipart; Refused 413 where it is too long."""
    said = request.headers.get("content-length", "0")
    if not said.isdigit() or int(said) > LONGEST:
        raise Refused(413, "Too large", f"a form of at most {LONGEST // 1_000_000} MB")
    form = Form()
    values = await request.form()
    if len(list(values.multi_items())) > MOST_FIELDS:
        raise Refused(413, "Too large", f"a form of at most {MOST_FIELDS} fields")
    for name, value in values.multi_items():
        if hasattr(value, "read"):
            form.files.setdefault(name, []).append(Uploaded(value.filename, await value.read()))
        else:
            form.fields.setdefault(name, []).append(str(value).replace("\r\n", "\n"))
    return form


def refuse_without_token(form: Form, header: str, token: str) -> None:
    """Refuse a change that does not carry what only our own page can know, in its form or, by script, in a header."""
    given = form.get(CSRF) or header
    if not hmac.compare_digest(given.encode(), token.encode()):
        raise FORGED
