"""Make one archive that installs Noroshi without a network: all wheels, their hashes, and what installs them.

    python bundle/pack.py [--out FOLDER]
    python bundle/pack.py --name

The wheels are those of requirements/hub.txt for the Python that runs this and machines like this one. pip compares each
with its pins; what has no wheel is built from its pinned source. The same wheels give the same bytes: files sorted, no
owner, one date (that of SOURCE_DATE_EPOCH, else 1980-01-01).
"""

from __future__ import annotations

import argparse
import hashlib
import io
import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from install import PLATFORM, SUMS, digest, this_python

HERE = Path(__file__).parent
ROOT = HERE.parent
PINS = ROOT / "requirements" / "hub.txt"
EARLIEST = "315532800"
"""The first second that a zip archive can tell: 1980-01-01."""

OLD_TAGS = {"manylinux1_": (2, 5), "manylinux2010_": (2, 12), "manylinux2014_": (2, 17)}
"""The glibc that a tag of before PEP 600 stands for."""

TAKEN = {
    **{name: HERE / name for name in ("README.md", "install.py", "install.sh")},
    **{name: ROOT / name for name in ("LICENSE", "NOTICE")},
}
MANUALS = ("howto", "reference")

Content = Path | bytes


def main(arguments: Sequence[str]) -> int:
    """Gather the wheels, write the archive and its SHA-256 beside it, and say so."""
    parser = argparse.ArgumentParser(description="Make the archive that installs without a network.")
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="folder of the archive")
    parser.add_argument("--name", action="store_true", help="only print the archive's name")
    given = parser.parse_args(arguments)
    if given.name:
        print(f"{top_folder()}.tar")
        return 0
    os.environ.setdefault("SOURCE_DATE_EPOCH", EARLIEST)
    with tempfile.TemporaryDirectory() as work:
        wheels = gather(Path(work))
        target = given.out / f"{top_folder()}.tar"
        sha256 = write_archive(contents(wheels, PINS.read_text(encoding="utf-8")), target)
    target.with_suffix(".tar.sha256").write_text(f"{sha256}  {target.name}\n", encoding="utf-8")
    print(f"{target}: {len(wheels)} packages, {target.stat().st_size / 1e6:.0f} MB\nsha256 {sha256}")
    return 0


def top_folder() -> str:
    """Return the name of the folder in the archive: noroshi-VERSION-PLATFORM."""
    return f"noroshi-{version()}-{this_python().replace(' ', '')}-{sysconfig.get_platform()}"


def version() -> str:
    """Return the project's version."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"])


def gather(folder: Path) -> list[Path]:
    """Have pip bring every pinned package as a wheel, and build the project's own; return the files."""
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps",
           "--no-build-isolation", "--wheel-dir", str(folder)]  # fmt: skip
    for what in (["--require-hashes", "--requirement", str(PINS)], [str(ROOT)]):
        done = subprocess.run([*pip, *what], capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"pip could not make every wheel:\n{done.stdout}{done.stderr}")
    return sorted(folder.glob("*.whl"))


def contents(wheels: Sequence[Path], pins: str) -> dict[str, Content]:
    """Return what the archive holds, by name under its folder; SHA256SUMS is of all the others."""
    held: dict[str, Content] = {f"wheels/{path.name}": path for path in wheels}
    held |= TAKEN
    held |= {
        f"docs/{room}/{path.name}": path for room in MANUALS for path in sorted((ROOT / "docs" / room).glob("*.md"))
    }
    held[PLATFORM] = platform(wheels).encode()
    held["requirements.txt"] = requirements(wheels, pins).encode()
    held[SUMS] = "".join(f"{sha256(held[name])}  {name}\n" for name in sorted(held)).encode()
    return held


def platform(wheels: Sequence[Path]) -> str:
    """Return the text of PLATFORM: what the archive is, and the Python, machine and glibc that it needs."""
    rows = {"noroshi": version(), "python": this_python(), "platform": sysconfig.get_platform(), "glibc": glibc(wheels)}
    return "".join(f"{name} = {value}\n" for name, value in rows.items())


def glibc(wheels: Sequence[Path]) -> str:
    """Return the lowest glibc that does for all wheels, by their tags (PEP 600); empty where none is needed."""
    lowest = []
    for path in wheels:
        tags = path.stem.rpartition("-")[2]
        found = [(int(major), int(minor)) for major, minor in re.findall(r"manylinux_(\d+)_(\d+)_", tags)]
        found += [needs for name, needs in OLD_TAGS.items() if name in tags]
        if found:
            lowest.append(min(found))
    return ".".join(map(str, max(lowest))) if lowest else ""


def requirements(wheels: Sequence[Path], pins: str) -> str:
    """Return one line a wheel, with its hash; raise SystemExit where a wheel is of no pin."""
    hashes = pinned(pins)
    lines = []
    for path in sorted(wheels):
        name, release = path.name.split("-")[:2]
        name = normal(name)
        ours = name == "noroshi"
        if not ours and (name, release) not in hashes:
            raise SystemExit(f"{path.name}: is of no pin; expected one of requirements/hub.txt")
        found = digest(path)
        built = "" if ours or found in hashes[name, release] else "  # built from its pinned source"
        lines.append(f"{name}=={release} --hash=sha256:{found}{built}\n")
    return "".join(lines)


def pinned(pins: str) -> dict[tuple[str, str], set[str]]:
    """Return the hashes of each name and version of a pinned requirements file."""
    found: dict[tuple[str, str], set[str]] = {}
    for block in re.split(r"\n(?=[a-z0-9])", pins):
        if said := re.match(r"([A-Za-z0-9._-]+)==([^\s;\\]+)", block):
            found[normal(said[1]), said[2]] = set(re.findall(r"sha256:([0-9a-f]{64})", block))
    return found


def normal(name: str) -> str:
    """Return a package's name as all spellings of it compare (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def sha256(content: Content) -> str:
    """Return the SHA-256 of a content in hex."""
    return hashlib.sha256(content).hexdigest() if isinstance(content, bytes) else digest(content)


def write_archive(held: Mapping[str, Content], target: Path) -> str:
    """Write the archive, whole or not at all; return its SHA-256 in hex. The same contents give the same bytes."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_suffix(".partial")
    with tarfile.open(partial, "w", format=tarfile.PAX_FORMAT) as archive:
        for name in sorted(held):
            content = held[name]
            entry = tarfile.TarInfo(f"{target.stem}/{name}")
            entry.mtime = int(os.environ.get("SOURCE_DATE_EPOCH", EARLIEST))
            entry.mode = 0o755 if name.endswith(".sh") else 0o644
            entry.size = len(content) if isinstance(content, bytes) else content.stat().st_size
            with io.BytesIO(content) if isinstance(content, bytes) else content.open("rb") as file:
                archive.addfile(entry, file)
    partial.replace(target)
    return digest(target)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
