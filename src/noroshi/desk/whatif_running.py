"""Running what-ifs: a few threads beside those that answer pages, so many at once for one person and for the hub.

How far a run has come lies in its folder, and so does the wish to stop it: any process of the hub can tell and ask. A
lock says that somebody is at it; where the hub was ended in the middle, the lock is free and the run counts as failed.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import threading
import time
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct, structs

from noroshi.desk import whatif_runs as runs
from noroshi.desk.permitting import must
from noroshi.desk.whatif_asked import LONGEST_NAME, Asked, shock_of
from noroshi.desk.whatif_map import map_of
from noroshi.desk.whatif_runs import ENDED, Answer, Record
from noroshi.errors import NoroshiError, StoppedError
from noroshi.share.taxii import Refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from noroshi.estate.model import Estate
    from noroshi.settings import Settings
    from noroshi.store.contract import Principal
    from noroshi.stress.shock import Shock

__all__ = ["MOST_HERE", "MOST_OWN", "Order", "Progress", "Runner", "compute", "progress_of", "settled", "stop"]

MOST_OWN, MOST_HERE = 2, 4
"""Runs that are under way or wait at once: of one person, and in the whole hub."""
THREADS = 2
TOLD_S = 0.1
LOST = "the hub was ended while it was at it; run it again"
BUSY_OWN = Refused(429, "Too many", f"{MOST_OWN} what-ifs of yours are under way; wait until one has ended, or stop it")
BUSY = Refused(429, "Too many", "others' what-ifs are under way; try again in a moment")


class Progress(Struct, frozen=True, kw_only=True):
    """How far a run has come: a step (model, kernels, run, why, loading, bands, ensemble), and its part."""

    step: str = "model"
    part: float = 0.0


class Order(Struct, frozen=True, kw_only=True):
    """What is to be run: a shock in words, or with `threat` an ensemble of that; `draws` for bands (0 = none)."""

    asked: Asked
    draws: int = 0
    threat: str = ""


class Runner:
    """The threads that run: a class, since they live as long as the hub's process."""

    def __init__(self, settings: Settings) -> None:
        """Take where runs are kept; nothing is started yet."""
        self.settings = settings
        self.turn = threading.Lock()
        self.places = threading.Semaphore(THREADS)

    def start(self, who: Principal, order: Order, name: str, estate: Estate, now: int) -> Record:
        """Begin a run and return its record; estate: by the name `name` of its page; now: microseconds since 1970.

        Refused 403; 429 while too many are under way; InputError with every fault of what is asked.
        """
        must(who, "whatif.run")
        if not order.threat:
            shock_of(order.asked, estate)
        with self.turn:
            going = [one for one in runs.under_way(self.settings) if settled(self.settings, one).state not in ENDED]
            if sum(one.owner == who.no for one in going) >= MOST_OWN:
                raise BUSY_OWN
            if len(going) >= MOST_HERE:
                raise BUSY
            title = " ".join(order.asked.name.split())[:LONGEST_NAME]
            uid = runs.new_uid()
            lock = _locked(self.settings, uid)
            record = runs.begun(self.settings, Record(
                uid=uid, owner=who.no, by=who.name, made=now, name=title, estate=name,
                estate_id=estate.meta.id, asked=order.asked, kind="threat" if order.threat else "shock",
                threat=order.threat, draws=order.draws,
            ))  # fmt: skip
        # ends with the hub: whoever looks then finds its lock free
        threading.Thread(target=self.run, args=(record, estate, lock), name="noroshi-whatif", daemon=True).start()
        return record

    def run(self, record: Record, estate: Estate, lock: int) -> None:
        """Run what a record asks for to its end; what goes wrong is kept with it, and said in the log if it is ours."""
        state, fault = runs.FAILED, ""
        said = _teller(self.settings, record.uid)
        try:
            with self.places:
                said("model", 0.0)
                self._put(record, runs.RUNNING)
                work = compute_threat if record.kind == "threat" else compute
                runs.keep(self.settings, record.uid, "map", map_of(estate))
                runs.keep(self.settings, record.uid, "answer", work(record, estate, said))
            state = runs.DONE
        except StoppedError:
            state = runs.STOPPED
        except NoroshiError as error:
            fault = str(error)
        except Exception:  # the thread goes on to the next: who asks is told, the log says why
            fault = "the hub could not go on; its log says why"
            logging.getLogger("noroshi.web").exception("a what-if failed")
        finally:
            self._put(record, state, fault)
            os.close(lock)

    def _put(self, record: Record, state: str, fault: str = "") -> None:
        """Keep how a run stands; its name and readers may have been changed meanwhile."""
        with contextlib.suppress(Refused, NoroshiError):
            now = runs.read(self.settings, record.uid, "record", Record)
            runs.put(self.settings, structs.replace(now, state=state, fault=fault))


def compute(record: Record, estate: Estate, said: Callable[[str, float], None]) -> Answer:
    """Return what the shock of a run does; `said` gets steps and parts, and may raise to stop."""
    from noroshi import stress
    from noroshi.desk import kernels
    from noroshi.desk.whatif_bands import bands_of
    from noroshi.desk.whatif_loading import loading_of
    from noroshi.desk.whatif_states import explained, playback_of
    from noroshi.stress.outcome import LOSSES, WHAT

    shock = shock_of(record.asked, estate)
    kernels.warm(lambda part: said("kernels", part))
    said("run", 0.0)
    result = stress.run(estate, shock)
    said("why", 0.0)
    losses = {WHAT[one] for one in LOSSES}
    fallen = list(dict.fromkeys(event.id for event in result.events if event.what in losses))
    whys = explained(result, fallen)
    states = playback_of(result, _effects(shock))
    loading = loading_of(estate, shock, states.hours, lambda part: said("loading", part))
    bands = bands_of(estate, shock, record.draws, lambda part: said("bands", part)) if record.draws else None
    return Answer(result=result.as_dict(), playback=states, whys=whys, loading=loading, bands=bands)


def _effects(shock: Shock) -> dict[str, str]:
    """Return unit -> the gravest effect of a shock on it."""
    found: dict[str, str] = {}
    for hit in shock.hits:
        if hit.target not in found or found[hit.target] in ("loss_of_view", "data_loss"):
            found[hit.target] = hit.effect
    return found


def compute_threat(record: Record, estate: Estate, said: Callable[[str, float], None]) -> dict[str, Any]:
    """Return what a threat does over many scenarios, as `noroshi stress ensemble --json` prints it."""
    from noroshi.desk.stress_ensemble import ensemble

    return ensemble(estate, record.threat, trials=max(record.draws, 1), threads=1, progress=said).as_dict()


def _teller(settings: Settings, uid: str) -> Callable[[str, float], None]:
    """Return what keeps how far a run has come, and raises StoppedError once somebody wants it stopped."""
    folder = runs.folder_of(settings, uid)
    last, before = -TOLD_S, ""

    def said(step: str, part: float) -> None:
        nonlocal last, before
        if (folder / "stop").exists() or not folder.is_dir():
            raise StoppedError
        now = time.monotonic()
        if step != before or now - last >= TOLD_S:
            last, before = now, step
            beside = folder / "progress.part"
            beside.write_bytes(msgspec.json.encode(Progress(step=step, part=round(part, 3))))
            beside.replace(folder / "progress.json")

    return said


def progress_of(settings: Settings, record: Record) -> Progress:
    """Return how far a run has come."""
    try:
        return runs.read(settings, record.uid, "progress", Progress)
    except Refused:
        return Progress()


def stop(settings: Settings, who: Principal, uid: str) -> Record:
    """Ask a run of one's own to stop; it does so at its next step."""
    record = runs.must_own(settings, who, uid)
    if record.state not in ENDED:
        (runs.folder_of(settings, uid) / "stop").touch()
    return record


def settled(settings: Settings, record: Record) -> Record:
    """Return a run as it stands: one that nobody is at any more has failed."""
    if record.state in ENDED or not _free(runs.folder_of(settings, record.uid)):
        return record
    now = runs.read(settings, record.uid, "record", Record)
    if now.state in ENDED:
        return now
    made = structs.replace(now, state=runs.FAILED, fault=LOST)
    runs.put(settings, made)
    return made


def _locked(settings: Settings, uid: str) -> int:
    """Return a descriptor that holds the lock of a new run until it is closed, or this process ends."""
    folder = runs.folder_of(settings, uid)
    folder.mkdir(parents=True, mode=0o700)
    handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(handle, fcntl.LOCK_EX)
    return handle


def _free(folder: Path) -> bool:
    """Say whether nobody holds the lock of a run."""
    try:
        handle = os.open(folder / "lock", os.O_RDWR)
    except OSError:
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    else:
        return True
    finally:
        os.close(handle)
