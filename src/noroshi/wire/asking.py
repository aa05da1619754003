"""Requests to a partner hub: checked TLS, bounded bodies, time limits, one host alone, tried again with care."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from noroshi.wire.trying import Patience, retry_after, wait

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Mapping
    from random import Random

    import httpx

__all__ = ["PEER_FAULTS", "Asker", "PeerFault", "Reply", "Request", "Timing", "checked"]

PEER_FAULTS: dict[str, tuple[str, str]] = {
    "unreachable": ("cannot be reached", "接続できない"),
    "cut": ("the connection was cut again and again", "接続が繰り返し切れた"),
    "timed-out": ("did not answer in time", "時間内に応答がない"),
    "tls": ("its certificate cannot be trusted", "証明書を信頼できない"),
    "busy": ("says that it cannot answer now", "現在応答できない"),
    "redirected": ("sends us to another place", "別の場所へ転送しようとした"),
    "unauthorised": ("does not know us by this name and secret", "この名前と秘密では認証されない"),
    "forbidden": ("does not let us do this", "許可されていない"),
    "not-found": ("has no such API root or collection", "そのAPIルートまたはコレクションがない"),
    "refused": ("refused what we asked", "要求を拒否した"),
    "too-large": ("answers with more than may be taken", "応答が大きすぎる"),
    "wrong-type": ("answers with something other than TAXII 2.1", "TAXII 2.1以外の応答"),
    "bad-body": ("answers with what cannot be unpacked", "応答を展開できない"),
    "not-an-envelope": ("answers with what is no envelope", "応答がエンベロープではない"),
    "no-dates": ("does not say when objects were added", "追加日時が示されない"),
    "backwards": ("its dates added go backwards", "追加日時が逆行している"),
    "in-future": ("its dates added lie in the future", "追加日時が未来"),
    "repeats": ("gives the same page again", "同じページを繰り返す"),
    "endless": ("says that there is more and gives nothing", "続きがあるとしながら何も返さない"),
    "crosses-exercise": ("would get what is not of its side: exercise or real", "演習と実際の区分を越える"),
    "bad-status": ("answers a sent envelope with what is no status", "送信への応答がステータスではない"),
    "pending": ("takes too long to take an envelope in", "取り込みに時間がかかりすぎる"),
    "too-many": ("gives more in one go than may be taken", "一度に受け取れる量を超える"),
    "overtaken": ("is being asked by another process of ours", "別のプロセスが処理中"),
    "not-granted": ("its principal has no leave for the collection here", "相手の主体にコレクションの権限がない"),
    "no-key": ("its secret cannot be opened with this hub's key", "このハブの鍵では秘密を開けない"),
}
"""Code -> what is said of the partner, in English and Japanese."""

AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
CODES = {401: "unauthorised", 403: "forbidden", 404: "not-found", 406: "wrong-type"}
OK, TO_ANOTHER, REFUSED = 200, 300, 400
MOST_STEPS = 3
KEEPS_METHOD = frozenset({307, 308})
LOCAL = frozenset({"127.0.0.1", "::1", "localhost"})


PATIENCE = Patience()


class PeerFault(Exception):  # noqa: N818  what a partner did, not an error of ours
    """What keeps us from a partner, or what it did wrong: a code of `PEER_FAULTS` and what was found.

    wait: the seconds after which it asked to be asked again, None where it said nothing.
    """

    def __init__(self, code: str, found: str = "", wait: float | None = None) -> None:
        """Take the code and what was found."""
        super().__init__(f"{PEER_FAULTS[code][0]}{f' ({found})' if found else ''}")
        self.code, self.found, self.wait = code, found, wait

    def line(self, lang: str = "en") -> str:
        """Return it as a short line."""
        return PEER_FAULTS[self.code][int(lang == "ja")] + (f" ({self.found})" if self.found else "")


class Request(NamedTuple):
    """What is asked: a path below the hub's address; most: the longest answer in bytes, unpacked."""

    method: str
    path: str
    most: int
    params: Mapping[str, str] | None = None
    body: bytes | None = None
    content_type: str = ""


class Reply(NamedTuple):
    """An answer: status, headers by their names in lower case, the body unpacked."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Timing:
    """What a request takes of the world: a wall clock and a steady one (seconds), a way to wait, chance."""

    wall: Callable[[], float]
    steady: Callable[[], float]
    sleep: Callable[[float], None]
    rng: Random
    patience: Patience = PATIENCE
    connect_s: float = 10.0
    silence_s: float = 30.0
    answer_s: float = 300.0


class Asker:
    """Asks one hub. A class, since connections live as long as it does."""

    def __init__(self, url: str, headers: Mapping[str, str], timing: Timing, *, ca: str = "") -> None:
        """Take the address that all paths begin with; ca: a file of authorities, trusted instead of the usual ones."""
        import httpx

        self.base = httpx.URL(url)
        self.timing = timing
        limits = httpx.Timeout(timing.silence_s, connect=timing.connect_s)
        self.client = httpx.Client(
            headers={"user-agent": "noroshi", "accept-encoding": "gzip", **headers}, timeout=limits,
            verify=trusted(ca) if self.base.scheme == "https" else False,
            trust_env=self.base.host not in LOCAL, follow_redirects=False,
        )  # fmt: skip

    def close(self) -> None:
        """Close the connections."""
        self.client.close()

    def ask(self, request: Request) -> Reply:
        """Return the answer to a request, tried again where that may help; any status but those that say "later".

        PeerFault where there is no answer.
        """
        timing, failures = self.timing, 0
        while True:
            try:
                reply = self._followed(request)
                if reply.status not in AGAIN:
                    return reply
                asked = retry_after(reply.headers.get("retry-after"), timing.wall())
                fault = PeerFault("busy", f"HTTP {reply.status}", asked)
            except PeerFault as found:
                if found.code not in {"cut", "timed-out", "unreachable"}:
                    raise
                fault = found
            failures += 1
            if failures >= timing.patience.tries or (fault.wait or 0.0) > timing.patience.longest_asked:
                raise fault
            own = wait(timing.patience, failures, timing.rng)
            timing.sleep(own if fault.wait is None else max(fault.wait, own))

    def _followed(self, request: Request) -> Reply:
        """Return the answer after redirections within the same host, at most some."""
        url = self.base.join(request.path)
        if request.params:
            url = url.copy_merge_params(request.params)
        for _ in range(MOST_STEPS):
            reply = self._once(request, url)
            if not TO_ANOTHER <= reply.status < REFUSED:
                return reply
            there = url.join(reply.headers.get("location", ""))
            same = (there.scheme, there.host, there.port) == (self.base.scheme, self.base.host, self.base.port)
            if not same or (request.method != "GET" and reply.status not in KEEPS_METHOD):
                raise PeerFault("redirected", f"{there.scheme}://{there.host}")
            url = there
        raise PeerFault("redirected", f"more than {MOST_STEPS} times")

    def _once(self, request: Request, url: httpx.URL) -> Reply:
        """Return the answer to one request; PeerFault."""
        import httpx

        try:
            told = {"content-type": request.content_type} if request.content_type else {}
            with self.client.stream(request.method, url, content=request.body, headers=told) as response:
                data = self._body(response, request.most)
                return Reply(response.status_code, response.headers, data)
        except httpx.TimeoutException:
            raise PeerFault("timed-out") from None
        except httpx.ConnectError as error:
            raise PeerFault("tls" if untrusted(error) else "unreachable", str(error)[:200]) from None
        except httpx.TransportError as error:
            raise PeerFault("cut", type(error).__name__) from None
        except httpx.InvalidURL as error:
            raise PeerFault("redirected", str(error)[:100]) from None

    def _body(self, response: httpx.Response, most: int) -> bytes:
        """Return a body, unpacked piece by piece so that it is never larger than `most`; PeerFault."""
        coding = response.headers.get("content-encoding", "identity").strip().lower()
        if coding not in {"identity", "gzip"}:
            raise PeerFault("bad-body", f"Content-Encoding: {coding[:40]}")
        unpack = zlib.decompressobj(wbits=31) if coding == "gzip" else None
        until = self.timing.steady() + self.timing.answer_s
        parts: list[bytes] = []
        size = 0
        for chunk in response.iter_raw():
            try:
                part = unpack.decompress(chunk, most - size + 1) if unpack else chunk
            except zlib.error as error:
                raise PeerFault("bad-body", str(error)[:100]) from None
            size += len(part)
            if size > most:
                raise PeerFault("too-large", f"more than {most:,} bytes")
            if self.timing.steady() > until:
                raise PeerFault("timed-out", "its answer does not end")
            parts.append(part)
        if unpack and size and not unpack.eof:
            raise PeerFault("cut", "gzip ends too soon")
        return b"".join(parts)


def untrusted(error: BaseException) -> bool:
    """Say whether a failure comes from a certificate or from TLS itself."""
    import ssl

    found: BaseException | None = error
    while found is not None:
        if isinstance(found, ssl.SSLError):
            return True
        found = found.__cause__ or found.__context__
    return False


def trusted(ca: str) -> ssl.SSLContext:
    """Return the TLS settings: the usual authorities, or those of a file alone. PeerFault where it cannot be read."""
    import ssl

    try:
        return ssl.create_default_context(cafile=ca or None)
    except (OSError, ssl.SSLError) as error:
        raise PeerFault("tls", f"{ca}: {error}") from None


def checked(reply: Reply, *wanted: int) -> Reply:
    """Return an answer of a wanted status; PeerFault with what was said for any other."""
    if reply.status in wanted:
        return reply
    said = reply.body[:200].decode("utf-8", "replace").replace("\n", " ")
    raise PeerFault(
        CODES.get(reply.status, "refused"), f"HTTP {reply.status}: {said}" if said else f"HTTP {reply.status}"
    )
