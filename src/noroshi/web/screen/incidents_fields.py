"""The fields of an incident as forms have them: read by their kind, shown as they are kept, faults in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from noroshi.respond.incident import Harmed, Incident, of_harm
from noroshi.respond.incident_words import FIELDS, HARMS, OPTIONS
from noroshi.web.screen.situations_forms import ZONES, local_text, names_of, read_time

if TYPE_CHECKING:
    from noroshi.web.screen.form import Form
    from noroshi.web.screen.page import Page

__all__ = ["UNKNOWN", "fields_in", "first_of", "harms_in", "time_in"]

UNKNOWN = "unknown"
"""What a choice says where it is not known after all."""
YES = {"yes": True, "no": False}


def name_of(key: str, page: Page) -> str:
    """Return what people call a field."""
    return FIELDS[key].names[int(page.lang == "ja")]


def time_in(form: Form, key: str, page: Page, wrong: list[str]) -> int | None:
    """Return the time of a field in microseconds, None for none; one that cannot be read is said."""
    text = form.get(key)
    if not text:
        return None
    found = read_time(text, form.get("zone") or ZONES[0])
    if found is None:
        wrong.append(page.w("inc_bad_time", field=name_of(key, page), found=text[:40]))
    return found


def fields_in(form: Form, page: Page, wrong: list[str], keys: Iterable[str]) -> dict[str, Any]:
    """Return the fields of which a form says something, by their kind."""
    found: dict[str, Any] = {}
    for key in keys:
        kind, text = FIELDS[key].kind, form.get(key)
        if kind == "options":
            if chosen := [one for one in form.all(key) if one in OPTIONS[key][1]]:
                found[key] = chosen
        elif not text:
            continue
        elif kind == "time":
            at = time_in(form, key, page, wrong)
            found |= {} if at is None else {key: at}
        elif kind == "count":
            if text.replace(",", "").isdecimal():
                found[key] = int(text.replace(",", ""))
            else:
                wrong.append(page.w("inc_bad_count", field=name_of(key, page), found=text[:40]))
        elif kind == "yes":
            found |= {key: YES[text]} if text in YES else {key: None} if text == UNKNOWN else {}
        else:
            found[key] = names_of(text) if kind == "names" else text
    return found


def harms_in(form: Form, page: Page, wrong: list[str]) -> tuple[Harmed, ...]:
    """Return the harms of which a form says how much they are."""
    found = []
    for key, (names, _) in HARMS.items():
        text = form.get(f"harm_{key}").replace(",", "")
        if not text:
            continue
        try:
            said = Harmed(key, float(text), form.get(f"harm_{key}_text"))
        except ValueError:
            said = Harmed(key, -1.0)
        if of_harm(said):
            wrong.append(page.w("inc_bad_amount", field=names[int(page.lang == "ja")], found=text[:40]))
        else:
            found.append(said)
    return tuple(found)


def first_of(known: Incident) -> dict[str, str]:
    """Return what a form of the fields begins with: what is known, as it would be typed."""
    found = {"zone": ZONES[0]}
    for key, field in FIELDS.items():
        value = known.value(key)
        if value is None or field.kind == "options":
            continue
        if field.kind == "time":
            found[key] = local_text(value)
        elif field.kind == "yes":
            found[key] = "yes" if value else "no"
        else:
            found[key] = ", ".join(value) if field.kind == "names" else str(value)
    return found
