"""Listening: the socket is taken first, so that a port in use is said at once; then the hub runs until stopped."""

from __future__ import annotations

import errno
import socket
from typing import TYPE_CHECKING

from noroshi.errors import Fault, InputError
from noroshi.web.tls import STRICT

if TYPE_CHECKING:
    import uvicorn

    from noroshi.settings import Settings
    from noroshi.web.doors import Doors
    from noroshi.web.tls import Tls

__all__ = ["address", "bind", "run", "server"]

BACKLOG = 128
GRACE_S = 2
HEAD_S, BODY_S = 10.0, 60.0

CAUSES = {
    errno.EADDRINUSE: ("the port is in use", "stop the program that uses it, or name another with --port"),
    errno.EACCES: ("this user may not listen on the port", "name a port from 1024 on with --port"),
    errno.EADDRNOTAVAIL: ("the address is not one of this machine", "name one of its addresses with --host"),
}
"""What the system says when a socket cannot be taken -> what was found and what to do."""


def bind(host: str, port: int) -> socket.socket:
    """Return a listening socket; InputError where the address cannot be had, with what to do about it."""
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise InputError([_fault("host", f"{host}: {error}", "name an address of this machine with --host")]) from error
    listening = socket.socket(family, kind, protocol)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(place)
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        found, remedy = CAUSES.get(error.errno or 0, (str(error), "name another address or port"))
        raise InputError([_fault("port", f"{host}:{port}: {found}", remedy)]) from error
    return listening


def _fault(column: str, found: str, remedy: str) -> Fault:
    """Return the fault of an address that cannot be had."""
    return Fault("bad-setting", column=column, found=found, expected="an address to listen on", remedy=remedy)


def address(settings: Settings) -> str:
    """Return the address of the hub's first page."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http{'s' if settings.tls_certificate else ''}://{host}:{settings.port}/"


def run(
    app: Doors, listening: socket.socket, *, head_s: float = HEAD_S, body_s: float = BODY_S, tls: Tls | None = None
) -> None:
    """Serve `app` on the socket until the process is told to stop; KeyboardInterrupt after Ctrl-C, all being closed.

    head_s, body_s: seconds in which a request's head and its body must have come; tls: by https alone.
    """
    import uvicorn

    from noroshi.web.patience import patient

    config = uvicorn.Config(
        app, log_level="warning", log_config=None, access_log=False, server_header=False,
        timeout_graceful_shutdown=GRACE_S, ws="none", http=patient(head_s, body_s),
        ssl_certfile=tls.certificate if tls else None, ssl_keyfile=tls.key if tls else None,
        headers=[STRICT] if tls else None,
    )  # fmt: skip
    server(app, config).run(sockets=[listening])


def server(app: Doors, config: uvicorn.Config) -> uvicorn.Server:
    """Return the server of an application: as it stops it ends the streams, each of which would be waited for."""
    import uvicorn

    class Ending(uvicorn.Server):
        """A class, since uvicorn knows no other way."""

        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            app.end()
            await super().shutdown(sockets)

    return Ending(config)
