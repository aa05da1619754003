"""Unpack, install and use the archive where there is no network at all: in a network namespace with loopback alone.

    python bundle/check.py ARCHIVE

Says why and ends with 0 where this machine allows no namespace.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path

INSIDE = "--inside"
NOWHERE = ("192.0.2.1", 443)
"""An address of TEST-NET-1 (RFC 5737): nobody's."""

SET_FLAGS, IS_UP = 0x8914, 0x1
"""SIOCSIFFLAGS and IFF_UP of netdevice(7)."""

PATIENCE = 600
"""Seconds for each step; compiling the engine takes one or two minutes."""


def main(arguments: Sequence[str]) -> int:
    """Enter a namespace without a network and check the archive there; return the exit code."""
    if arguments[0] == INSIDE:
        return check(Path(arguments[1]))
    archive = Path(arguments[0]).absolute()
    why = "there is no program unshare"
    for flags in (["--map-root-user", "--net"], ["--net"]):
        if not shutil.which("unshare"):
            break
        tried = subprocess.run(["unshare", *flags, "true"], capture_output=True, text=True, check=False)  # noqa: S607
        if tried.returncode == 0:
            inside = [sys.executable, str(Path(__file__).absolute()), INSIDE, str(archive)]
            return subprocess.run(["unshare", *flags, *inside], check=False).returncode  # noqa: S607
        why = tried.stderr.strip()
    print(f"skipped: no network namespace can be made here: {why}")
    return 0


def check(archive: Path) -> int:
    """Install the archive in this process's namespace and use it; return 0, or 1 with what was wrong."""
    raise_loopback()
    with tempfile.TemporaryDirectory() as made:
        work = Path(made)
        target = work / "installed here"
        environ = {"PATH": os.environ["PATH"], "HOME": str(work / "home"), "LANG": "C.UTF-8", "PYTHON": sys.executable,
                   "NOROSHI_DATA": str(work / "data"), "NOROSHI_CACHE_DIR": str(work / "cache")}  # fmt: skip
        unpacked = work / archive.stem

        def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
            return subprocess.run(list(map(str, words)), env=environ, cwd=work, capture_output=True, text=True,
                                  timeout=PATIENCE, check=False)  # fmt: skip

        program = target / "bin" / "noroshi"
        steps: dict[str, Callable[[], str]] = {
            "no network": no_network,
            "unpacked": lambda: done(run("tar", "-xf", archive)),
            "a damaged wheel is refused": lambda: damaged(unpacked, lambda: run("sh", unpacked / "install.sh", target)),
            "installed": lambda: done(run("sh", unpacked / "install.sh", target)).splitlines()[0],
            "not twice into one folder": lambda: refused(run("sh", unpacked / "install.sh", target)),
            "extras": lambda: done(run(target / "bin/python", "-c", "import psycopg, misp_stix_converter")),
            "noroshi --help": lambda: done(run(program, "--help")).splitlines()[0],
            "noroshi brief sorami": lambda: told(done(run(program, "brief", "sorami", "--trials", "20", "--json"))),
            "noroshi serve": lambda: served(program, environ, work),
        }
        for name, step in steps.items():
            began = time.monotonic()
            try:
                seen = step()
            except (AssertionError, OSError, ValueError, subprocess.TimeoutExpired) as error:
                print(f"FAILED  {name}: {error}")
                return 1
            print(f"{time.monotonic() - began:6.1f} s  {name}: {seen or 'yes'}", flush=True)
    return 0


def require(holds: bool, otherwise: str) -> None:  # noqa: FBT001  a condition, as of assert
    """Raise AssertionError with what was seen where a condition does not hold, under python -O too."""
    if not holds:
        raise AssertionError(otherwise)


def raise_loopback() -> None:
    """Bring up `lo`, which is down in a new namespace."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, SET_FLAGS, struct.pack("16sH14x", b"lo", IS_UP))


def no_network() -> str:
    """Show that nothing but loopback is there and that an address outside is refused at once."""
    names = [name for _, name in socket.if_nameindex()]
    began = time.monotonic()
    with socket.socket() as outward:
        outward.settimeout(5)
        found = outward.connect_ex(NOWHERE)
    took = time.monotonic() - began
    require(found == errno.ENETUNREACH and took < 1, f"{NOWHERE}: {os.strerror(found)} after {took:.1f} s")
    return f"interfaces {', '.join(names)}; {NOWHERE[0]}: {os.strerror(found)}"


def done(process: subprocess.CompletedProcess[str]) -> str:
    """Return what a process printed; raise AssertionError where it did not end with 0."""
    require(process.returncode == 0, f"exit code {process.returncode}\n{process.stdout}{process.stderr}")
    return process.stdout


def refused(process: subprocess.CompletedProcess[str]) -> str:
    """Return the first line of a refusal; raise AssertionError where there was none, or a traceback."""
    ok = process.returncode == 2 and "Traceback" not in process.stderr
    require(ok, f"exit code {process.returncode}\n{process.stdout}{process.stderr}")
    return process.stderr.splitlines()[0]


def damaged(unpacked: Path, install: Callable[[], subprocess.CompletedProcess[str]]) -> str:
    """Change one byte in the middle of a wheel, see that it is refused, and put it back."""
    wheel = min(unpacked.glob("wheels/*.whl"))
    whole = wheel.read_bytes()
    middle = len(whole) // 2
    wheel.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
    try:
        said = refused(install())
    finally:
        wheel.write_bytes(whole)
    require(wheel.name in said, said)
    return said


def told(brief: str) -> str:
    """Return the first keys of a brief's JSON."""
    return ", ".join(list(json.loads(brief))[:4])


def served(program: Path, environ: dict[str, str], work: Path) -> str:
    """Start the hub, ask whether it is well, and stop it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [str(program), "serve", "--brief", "sorami", "--trials", "20", "--port", str(port)]
    with subprocess.Popen(words, env=environ, cwd=work, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as hub:
        try:
            status = healthy(f"http://127.0.0.1:{port}/healthz", hub)
        finally:
            hub.send_signal(signal.SIGTERM)
    require(status == 200, f"/healthz: {status}")
    return f"/healthz {status}, stopped with {hub.returncode}"


def healthy(address: str, hub: subprocess.Popen[bytes]) -> int:
    """Return the status of an address as soon as it answers; raise AssertionError where the hub ends or time is up."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and hub.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310  our own address on loopback
                return int(answer.status)
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{address}: no answer; the hub ended with {hub.poll()}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
