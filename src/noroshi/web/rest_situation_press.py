"""The REST interface's press list: whom of it the hub reaches, and requests to those who are chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from litestar import Request, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from noroshi.desk import situations
from noroshi.desk.asks_pressing import press, pressable
from noroshi.desk.permitting import must
from noroshi.respond.press_list import ToPress
from noroshi.share.taxii import Refused
from noroshi.web.rest_asking import asker_of
from noroshi.web.rest_case_shapes import Text, Time
from noroshi.web.rest_situation_warnings import Barred
from noroshi.web.rest_values import fit, micros, moment

if TYPE_CHECKING:
    from noroshi.desk.hub import Hub

__all__ = ["handlers"]

Ask = Request[Any, Any, Any]
Line = Annotated[str, Meta(max_length=2000, pattern="^[^\\x00]*$")]
Lines = Annotated[tuple[Line, ...], Meta(max_length=100)]


class ListedRow(Struct):
    """A row of `press_first` of `noroshi rate press --json` or of a brief; what else stands in it is not read."""

    organisation: Line
    name: Line
    name_ja: Line
    sector: Line
    measure_names: Lines
    measure_names_ja: Lines
    why: Text = ""
    why_ja: Text = ""


class Pressing(Struct, forbid_unknown_fields=True):
    """A press list, and whom of it is asked until when: both, or neither to see how each is reached."""

    press_first: Annotated[list[ListedRow], Meta(max_length=1000)]
    ask: Annotated[list[Line], Meta(max_length=1000)] = []
    deadline: Time | None = None


class PressableShown(Struct):
    """An organisation as the hub reaches it: by whom, through which ministry, and the requests that it has had."""

    organisation: str
    to: list[str]
    barred: list[Barred]
    through: str
    asked: list[str]


class Pressed(Struct):
    """How each organisation of the list is reached, and the requests that were made."""

    exercise: bool
    press_list: list[PressableShown]
    made: list[str]


def handlers(hub: Hub) -> list[HTTPRouteHandler]:
    """Return what answers for the press list of a situation."""

    @post("/situations/{uid:str}/press", sync_to_thread=True, opt={"json": True}, status_code=200,
          summary="See whom of a press list the hub reaches, and ask those who are chosen")  # fmt: skip
    def pressed(request: Ask, uid: FromPath[str], data: JSONBody[Pressing]) -> Pressed:
        who = asker_of(request).principal
        must(who, "situations.manage")
        uid = fit(uid, situations.ABSENT)
        if bool(data.ask) is not (data.deadline is not None):
            raise Refused(422, "Unprocessable", "ask and deadline go together")
        rows = [ToPress(*(getattr(one, key) for key in ToPress.__struct_fields__)) for one in data.press_first]
        made: list[str] = []
        if data.deadline is not None:
            made = [
                each.ask for each in press(hub, who, uid, rows, data.ask, moment("deadline", data.deadline), micros())
            ]
        shown = [
            PressableShown(one.row.organisation, list(one.to), [Barred(name, why) for name, why in one.barred],  # type: ignore[arg-type]  # one of them
                           one.through, [each.ask for each in one.asked])
            for one in pressable(hub, who, uid, rows)
        ]  # fmt: skip
        return Pressed(situations.must_find(hub, who, uid).exercise, shown, made)

    return [pressed]
