"""Scripts of situations: every fault named with its line, what ships is sound, and the facts of December 2014."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from noroshi.errors import InputError, NotFoundError
from noroshi.files.declarations import load_declaration
from noroshi.files.estates import load
from noroshi.files.situation_scripts import load_script, shipped_scripts
from noroshi.respond.script import begun, told
from noroshi.respond.script_words import KINDS, VALUES

SOUND = """
id = "mine"
title.en = "Mine"
title.ja = "自作"
estate = "sorami"
note.en = "A note."
note.ja = "注記。"

[[cast]]
name = "duty"
kind = "centre"
sees = "RED"
role.en = "Duty"
role.ja = "当直"

[[cast]]
name = "grid"
kind = "operator"
organisation = "asanagi-grid"
role.en = "Grid"
role.ja = "送配電"

[[step]]
key = "begin"
at = 2026-01-01T09:00:00+09:00
kind = "open"
by = "duty"
source = "us"
says.en = "It begins."
says.ja = "開始。"

[[step]]
key = "hit"
at = "2026-01-01T10:00:00+09:00"
kind = "report"
by = "grid"
source = "us"
organisation = "asanagi-grid"
sector = "power"
what = "malware"
says.en = "It is hit."
says.ja = "被害。"

[[step]]
key = "ask-it"
at = 2026-01-01T11:00:00+09:00
kind = "ask"
by = "duty"
source = "us"
to = "grid"
deadline = 2026-01-02T11:00:00+09:00
request.en = "Do."
request.ja = "実施。"
says.en = "It is asked."
says.ja = "要請。"
"""  # fmt: skip


def written(folder: Path, text: str) -> Path:
    file = folder / "mine.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_sound_script_is_read(tmp_path: Path) -> None:
    script = load_script(written(tmp_path, SOUND))
    assert [(one.key, one.kind, one.by) for one in script.steps] == [
        ("begin", "open", "duty"), ("hit", "report", "grid"), ("ask-it", "ask", "duty"),
    ]  # fmt: skip
    assert (script.id, script.zone, script.tlp, script.happened) == ("mine", "Asia/Tokyo", "AMBER", False)
    assert script["hit"].at == 1_767_229_200_000_000
    assert begun(script, script.steps[0].at) is script
    later = begun(script, script.steps[0].at + 7)
    assert [one.at - 7 for one in later.steps] == [one.at for one in script.steps]
    assert later["ask-it"].has["deadline"] == script["ask-it"].has["deadline"] + 7


FAULTS = {
    "an id that ships": ('id = "mine"', 'id = "sony-2014"', "duplicate-id", "id", 2),
    "an id that is none": ('id = "mine"', 'id = "Mine!"', "bad-id", "id", 2),
    "one language": ('title.ja = "自作"\n', "", "bad-script", "title", 3),
    "an unknown head": ('estate = "sorami"', 'estate = "sorami"\nregion = "x"', "bad-script", "region", 6),
    "an unknown zone": ('estate = "sorami"', 'estate = "sorami"\nzone = "Asia/Edo"', "bad-choice", "zone", 6),
    "an unknown level": ('sees = "RED"', 'sees = "PINK"', "bad-choice", "sees", 12),
    "an unknown kind of player": ('kind = "operator"', 'kind = "owner"', "bad-script", "kind", 18),
    "twice the same player": ('name = "grid"', 'name = "duty"', "duplicate-id", "name", 17),
    "twice the same key": ('key = "hit"', 'key = "begin"', "duplicate-id", "key", 33),
    "a key as the hub's": ('key = "hit"', 'key = "option-1"', "bad-id", "key", 33),
    "an unknown kind of step": ('kind = "ask"', 'kind = "order"', "bad-script", "kind", 47),
    "a time without zone": ("2026-01-01T11:00:00+09:00", "2026-01-01T11:00:00", "bad-moment", "at", 46),
    "a time before the last": ("2026-01-01T11:00:00+09:00", "2026-01-01T09:59:00+09:00", "bad-script", "at", 46),
    "no time": ("at = 2026-01-01T11:00:00+09:00\n", "", "missing-value", "at", 44),
    "nobody of the cast": ('by = "grid"', 'by = "stranger"', "dangling-key", "by", 36),
    "who cannot": ('kind = "ask"\nby = "duty"', 'kind = "ask"\nby = "grid"', "bad-script", "by", 48),
    "no source": ('source = "us"\nto = "grid"', 'to = "grid"', "missing-value", "source", 44),
    "what is needed": ('what = "malware"\n', "", "missing-value", "what", 32),
    "what is of another kind": ('what = "malware"', 'what = "fire"', "bad-script", "what", 40),
    "what is not of the step": ('what = "malware"', 'what = "malware"\ndeadline = "x"', "bad-script", "deadline", 41),
    "a request to a stranger": ('to = "grid"', 'to = "gird"', "dangling-key", "to", 50),
    "a request through no ministry": ('to = "grid"', 'to = "grid"\nthrough = "grid"', "dangling-key", "through", 51),
    "open later": ('kind = "report"', 'kind = "open"', "bad-script", "kind", 35),
    "yes or no": ('source = "us"\nto', 'source = "us"\nillustrative = "no"\nto', "bad-script", "illustrative", 50),
}  # fmt: skip


@pytest.mark.parametrize("what", FAULTS)
def test_a_fault_is_named_with_its_line(what: str, tmp_path: Path) -> None:
    old, new, code, column, row = FAULTS[what]
    assert SOUND.count(old) == 1
    with pytest.raises(InputError) as told_:
        load_script(written(tmp_path, SOUND.replace(old, new)))
    found = [(one.code, one.column, one.row) for one in told_.value.faults]
    assert (code, column, row) in found, told_.value
    assert all(one.found is not None and one.expected and one.remedy for one in told_.value.faults)


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    text = SOUND
    for old, new, *_ in list(FAULTS.values())[1:6]:
        text = text.replace(old, new)
    with pytest.raises(InputError) as told_:
        load_script(written(tmp_path, text))
    assert told_.value.total == 5
    assert [one.row for one in told_.value.faults] == sorted(one.row or 0 for one in told_.value.faults)


POSITION = """
[[step]]
key = "who"
at = 2026-01-01T12:00:00+09:00
kind = "claim"
by = "duty"
source = "us"
claimant = "An ally"
party = "ally"
grade = "B2"
nexus = "KP"
says.en = "Said."
says.ja = "主張。"
"""  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [('nexus = "KP"', 'nexus = "A. Person"', "nexus"), ('nexus = "KP"', 'group = "A. Person"', "group"),
     ('grade = "B2"', 'grade = "Z9"', "grade"), ('party = "ally"', 'party = "friend"', "party")],
)  # fmt: skip
def test_a_person_is_never_named_as_an_attacker(old: str, new: str, column: str, tmp_path: Path) -> None:
    assert load_script(written(tmp_path, SOUND + POSITION))["who"].has["nexus"] == "KP"
    with pytest.raises(InputError) as told_:
        load_script(written(tmp_path, SOUND + POSITION.replace(old, new)))
    assert column in {one.column for one in told_.value.faults}


def test_a_file_is_taken_from_the_folder_of_the_script_alone(tmp_path: Path) -> None:
    claim, _, _ = POSITION.partition("claimant")
    step = (
        claim.replace('"claim"', '"ingest"').replace('"who"', '"in"')
        + 'says = {{en = "x", ja = "x"}}\nbundle = "{name}"\n'
    )
    (tmp_path / "in").mkdir()
    (tmp_path / "x.json").write_text("{}")
    (tmp_path / "in" / "y.json").write_text("{}")
    assert load_script(written(tmp_path / "in", SOUND + step.format(name="y.json")))["in"].has["bundle"]
    for name in ("../x.json", str(tmp_path / "x.json"), "none.json"):
        with pytest.raises(InputError, match="missing-file"):
            load_script(written(tmp_path / "in", SOUND + step.format(name=name)))


def test_what_does_not_ship_is_not_found() -> None:
    with pytest.raises(NotFoundError, match=r"port-ransomware, sony-2014"):
        load_script("no-such-script")


def test_nobody_is_declared_with_the_name_of_a_cast(tmp_path: Path) -> None:
    file = tmp_path / "declared.toml"
    file.write_text('[[principal]]\nname = "replay.sony-2014.duty"\nkind = "centre"\ntoken = "a-token-that-is-long"\n')
    with pytest.raises(InputError, match="another beginning"):
        load_declaration(file)


def test_every_value_of_a_step_has_a_kind() -> None:
    from noroshi.files.situation_values import READ

    assert {name for one in KINDS.values() for name in (*one.needs, *one.may)} == set(VALUES)
    assert set(VALUES.values()) <= set(READ)


@pytest.mark.parametrize("name", shipped_scripts())
def test_what_ships_names_organisations_of_its_estate_and_a_source_in_each_text(name: str) -> None:
    script = load_script(name)
    there = set(load(script.estate).ids("organisations"))
    assert {one.organisation for one in script.cast if one.organisation} <= there
    outside = {one.has["organisation"] for one in script.steps if one.kind == "report"} - there
    assert outside == ({"film-studio"} if name == "sony-2014" else set())
    for one in script.steps:
        assert one.source in told(one)
        assert ("Illustration" in told(one)) == one.illustrative
        assert one.illustrative or script.id != "sony-2014" or one.source != "this script"
    if not script.happened:
        assert "nvented" in script.note.en


def days(name: str) -> dict[str, str]:
    """Return the day of each step, in UTC."""
    return {one.key: f"{datetime.fromtimestamp(one.at / 1e6, UTC):%m-%d}" for one in load_script(name).steps}


def test_december_2014_is_as_it_was() -> None:
    script, day = load_script("sony-2014"), days("sony-2014")
    assert {key: day[key] for key in ("mail", "wiper", "leak", "leak-persons", "threat", "cancelled", "fbi", "advisory",
                                      "weekend", "condemned", "restored", "soft-target")} == {
        "mail": "11-21", "wiper": "11-24", "leak": "11-27", "leak-persons": "12-01", "threat": "12-16",
        "cancelled": "12-17", "fbi": "12-19", "advisory": "12-19", "weekend": "12-20", "condemned": "12-22",
        "restored": "12-23", "soft-target": "12-24",
    }  # fmt: skip
    assert re.findall(r"[\d,]+", script["wiper-extent"].says.en) == ["3,262", "6,797", "837", "1,555"]
    assert script["leak-persons"].has["fields"]["persons"] == 47_000
    assert script["fbi"].has["nexus"] == "KP"
    briefs = [one for one in script.steps if one.kind == "brief"]
    assert [f"{datetime.fromtimestamp(one.at / 1e6, UTC):%m-%d %H:%M}" for one in briefs] == [
        f"12-{k} 09:00"
        for k in range(19, 25)  # six in the evening in Tokyo
    ]
    history = {one.key for one in script.steps if not one.illustrative}
    assert history == {"mail", "wiper", "wiper-extent", "leak", "leak-persons", "threat", "cancelled", "fbi",
                       "advisory", "weekend", "condemned", "talks", "restored", "soft-target"}  # fmt: skip


def test_the_advisory_is_ours_clear_and_says_its_facts() -> None:
    bundle = json.loads((next(iter(shipped_scripts().values())).parent / "ta14-353a.json").read_text(encoding="utf-8"))
    text = json.dumps(bundle)
    for fact in ("445", "195", "444", "0x1F", "five minutes", "SMB", "Proxy", "Wiping", "Cleaning", "2014-12-19"):
        assert fact in text
    clear = "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487"
    assert all(one["object_marking_refs"] == [clear] for one in bundle["objects"])
    ids = [one["id"] for one in bundle["objects"]]
    assert len(set(ids)) == len(ids)
    refs = set(re.findall(r"[a-z-]+--[0-9a-f-]{36}", text))
    assert refs <= {*ids, clear, bundle["id"]}
