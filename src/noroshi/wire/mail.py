"""Mail over SMTP: one connection for many messages, TLS unless the server is this machine, tried again with care.

A message is the same bytes each time it is made, `Message-ID` included, so that who gets it twice can tell (RFC 5322,
section 3.6.4).
"""

from __future__ import annotations

import contextlib
import smtplib
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

from noroshi.errors import Fault, InputError
from noroshi.wire.trying import Patience, wait

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from noroshi.wire.asking import Timing

__all__ = ["MailFault", "Mailer", "Posted", "Server", "mailer", "message", "server_of"]

LOCAL = frozenset({"127.0.0.1", "::1", "localhost"})
PORTS = {"smtp": 587, "smtps": 465}
PATIENCE = Patience(tries=3, first=0.5, longest=5.0)
SILENCE_S = 30.0
FIRST_LASTING, LAST_LASTING = 500, 600
LOGIN_REFUSED = (530, 534, 535, 538)


class MailFault(Exception):  # noqa: N818  what a server did, not an error of ours
    """Why a message did not leave: a code of `warnings_words.FAULTS` and what was found."""

    def __init__(self, code: str, found: str = "") -> None:
        """Take the code and what was found."""
        super().__init__(f"{code}: {found}" if found else code)
        self.code, self.found = code, found


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is handed in: TLS from the start (`wrapped`), else by STARTTLS, which one `near` need not offer."""

    host: str
    port: int
    wrapped: bool
    near: bool
    user: str
    password: str
    sender: str


class Posted(NamedTuple):
    """What a message is made of; key: what its id follows from.

    exercise: it is part of one; to_drills: who gets it is there for exercises alone.
    """

    to: str
    subject: str
    text: str
    key: str
    at: datetime
    attached: tuple[tuple[str, bytes], ...] = ()
    exercise: bool = False
    to_drills: bool = False


def server_of(url: str, password: str, sender: str) -> Server | None:
    """Return the server that the settings name, None where they name none; InputError for what cannot be one."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        parts, host, port = urlsplit(""), "", None
    faults = []
    if parts.scheme not in PORTS or not host or parts.path.strip("/") or parts.password:
        faults.append(Fault("bad-mail-server", column="smtp", found=f"{parts.scheme}://{host}",
                            expected="smtps://NAME@HOST:465 or smtp://NAME@HOST:587, without a password",
                            remedy="correct NOROSHI_SMTP; the password is NOROSHI_SMTP_PASSWORD"))  # fmt: skip
    if "@" not in sender.strip("@") or not sender.isascii() or set(sender) & set(" \r\n\t<>,;"):
        faults.append(Fault("bad-mail-server", column="mail_from", found=sender[:80],
                            expected="an address such as warnings@example.jp",
                            remedy="set NOROSHI_MAIL_FROM"))  # fmt: skip
    if faults:
        raise InputError(faults)
    return Server(
        host, port or PORTS[parts.scheme], parts.scheme == "smtps", host in LOCAL, unquote(parts.username or ""),
        password, sender,
    )  # fmt: skip


def message(server: Server, one: Posted) -> EmailMessage:
    """Return a message in UTF-8, the same bytes each time; MailFault for one across the wall of an exercise."""
    if one.exercise != one.to_drills:
        raise MailFault("exercise")
    made = EmailMessage()
    name, _, domain = server.sender.rpartition("@")
    made["From"] = Address(username=name, domain=domain)
    made["To"] = one.to
    made["Subject"] = one.subject
    made["Date"] = format_datetime(one.at)
    made["Message-ID"] = f"<{one.key}@{domain}>"
    made["Auto-Submitted"] = "auto-generated"
    if one.exercise:
        made["X-Noroshi-Exercise"] = "yes"
    made.set_content(one.text, charset="utf-8", cte="base64")
    for file, data in one.attached:
        made.add_attachment(data, maintype="application", subtype="json", filename=file)
    if one.attached:
        made.set_boundary(f"=_{one.key}")
    return made


class Mailer:
    """Hands messages in over one connection, made when it is needed. A class, since it holds that."""

    def __init__(self, server: Server, timing: Timing) -> None:
        """Take the server; nothing is connected yet."""
        self.server, self.timing = server, timing
        self.open: smtplib.SMTP | None = None

    def send(self, made: EmailMessage) -> None:
        """Return once the server has taken a message; MailFault where it has not, after some tries."""
        failures = 0
        while True:
            try:
                self._once(made)
            except MailFault as fault:
                self.close()
                failures += 1
                if fault.code not in ("mail-later", "mail-unreachable") or failures >= PATIENCE.tries:
                    raise
                self.timing.sleep(wait(PATIENCE, failures, self.timing.rng))
            else:
                return

    def _once(self, made: EmailMessage) -> None:
        """Hand a message in once."""
        try:
            if self.open is None:
                self.open = self._connected()
            self.open.send_message(made)
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            raise MailFault(refusal(code), words(code, said)) from None
        except smtplib.SMTPResponseException as error:
            raise MailFault(refusal(error.smtp_code), words(error.smtp_code, error.smtp_error)) from None
        except (smtplib.SMTPException, OSError) as error:
            raise MailFault(*unreached(error)) from None

    def _connected(self) -> smtplib.SMTP:
        """Return a connection with TLS, and logged in where a name is set."""
        import ssl

        server = self.server
        context = ssl.create_default_context()
        if server.wrapped:
            link: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=SILENCE_S, context=context)
        else:
            link = smtplib.SMTP(server.host, server.port, timeout=SILENCE_S)
        try:
            link.ehlo()
            if not server.wrapped and (link.has_extn("starttls") or not server.near):
                if not link.has_extn("starttls"):
                    raise MailFault("mail-tls", "it offers no STARTTLS")  # noqa: TRY301  closed below
                link.starttls(context=context)
                link.ehlo()
            if server.user:
                link.login(server.user, server.password)
        except BaseException:  # whatever ends it, the connection does not stay open
            link.close()
            raise
        return link

    def close(self) -> None:
        """End the connection, politely where that works."""
        link, self.open = self.open, None
        if link is not None:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                link.quit()
            link.close()


@contextlib.contextmanager
def mailer(server: Server | None, timing: Timing) -> Iterator[Mailer | None]:
    """Yield what hands mail in to a server, None without one; its connection ends with the block."""
    made = None if server is None else Mailer(server, timing)
    try:
        yield made
    finally:
        if made is not None:
            made.close()


def refusal(code: int) -> str:
    """Return what a status says: 5xx lasts (RFC 5321, 4.2.1), a log-in is ours to correct."""
    if code in LOGIN_REFUSED:
        return "mail-login"
    return "mail-refused" if FIRST_LASTING <= code < LAST_LASTING else "mail-later"


def unreached(error: Exception) -> tuple[str, str]:
    """Return the code for a connection that failed, and what was found."""
    import ssl

    if isinstance(error, ssl.SSLError):
        return "mail-tls", str(error)[:200]
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "mail-login", str(error)[:200]
    return "mail-unreachable", f"{type(error).__name__}: {error}"[:200]


def words(code: int, said: bytes | str) -> str:
    """Return what a server said, as one short line."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return f"{code} {' '.join(text.split())}"[:200]
