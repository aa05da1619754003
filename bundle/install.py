"""Install Noroshi from the folder this file is in, without a network. It ships in the archive that `make bundle` makes.

Needs nothing but the Python that runs it, with its modules venv and ensurepip. Every file is compared with SHA256SUMS
before anything is made; pip then compares each wheel once more with the hash in requirements.txt.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
import time
from collections.abc import Sequence
from pathlib import Path

SUMS = "SHA256SUMS"
PLATFORM = "PLATFORM"

WORDS = {
    "damaged": (
        "{0}: is not the file that was packed ({1}).\n  Copy the archive again and compare its own SHA-256.",
        "{0}: 梱包時のファイルと異なります({1})。\n  アーカイブを再度コピーし、SHA-256を照合してください。",
    ),
    "differs": ("its hash differs", "ハッシュ値が違います"),
    "missing": ("it is missing", "ありません"),
    "no sums": ("it is missing, empty or cut off", "ない、空、または途中で切れています"),
    "python": (
        "Python: found {0}, expected {1}.\n  Run it with that one: PYTHON=/path/to/python sh install.sh FOLDER",
        "Python: {0} ですが、{1} が必要です。\n  PYTHON=パス sh install.sh フォルダ で指定してください。",
    ),
    "platform": (
        "platform: found {0}, expected {1}.\n  Make the archive on a machine like this one, by `make bundle`.",
        "プラットフォーム: {0} ですが、{1} 用です。\n  同種のマシンで `make bundle` を実行してください。",
    ),
    "glibc": (
        "C library: found {0}, expected glibc {1} or newer.\n  Use a newer release of the system.",
        "Cライブラリ: {0} ですが、glibc {1} 以降が必要です。\n  新しい版のシステムを使ってください。",
    ),
    "no venv": (
        "Python: {0} has no module {1}.\n  Install it (on Debian: the package python3-venv).",
        "Python: {0} に {1} モジュールがありません。\n  導入してください(Debianではpython3-venv)。",
    ),
    "not empty": (
        "{0}: found something there, expected an empty folder or none.\n  Name another folder.",
        "{0}: 空のフォルダではありません。\n  別のフォルダを指定してください。",
    ),
    "not writable": (
        "{0}: cannot be made ({1}).\n  Name a folder that you may write to.",
        "{0}: 作成できません({1})。\n  書き込めるフォルダを指定してください。",
    ),
    "failed": (
        "The installation failed and what it had made was removed:\n{0}",
        "インストールに失敗し、作成途中のものは削除しました:\n{0}",
    ),
    "stopped": ("Stopped; what had been made was removed.", "中止し、作成途中のものは削除しました。"),
    "done": (
        """Noroshi {0} is in {1}: {2} packages, {3:.0f} MB, {4:.0f} s.

Next:
  {1}/bin/noroshi --help
  {1}/bin/noroshi brief sorami      the first run compiles the engine, about a minute
  {1}/bin/noroshi serve             http://127.0.0.1:8600/, prints a link for the first owner
As a service: docs/howto/operate-a-hub.md beside this program.""",
        """Noroshi {0} を {1} に入れました(パッケージ{2}個、{3:.0f} MB、{4:.0f} 秒)。

次に:
  {1}/bin/noroshi --help
  {1}/bin/noroshi brief sorami      初回はエンジンのコンパイルに約1分かかります
  {1}/bin/noroshi serve             http://127.0.0.1:8600/ 最初の所有者のリンクを表示します
サービスとして動かすには: docs/howto/operate-a-hub.md""",
    ),
}
"""What is said: in English, in Japanese."""


class Refusal(Exception):  # noqa: N818  it is not an error of the program
    """What stands against installing: keys of WORDS with what fills them, all faults at once."""

    def __init__(self, *faults: tuple[str, ...]) -> None:
        """Keep the faults."""
        super().__init__(faults)
        self.faults = faults


def main(arguments: Sequence[str], here: Path) -> int:
    """Install from `here` into the folder of the arguments; return 0, 2 (refused or failed) or 130 (stopped)."""
    parser = argparse.ArgumentParser(
        "install.sh", description="Install Noroshi, without a network. 通信なしで導入する。"
    )
    parser.add_argument("folder", type=Path, help="a new or empty folder 新規または空のフォルダ")
    parser.add_argument("--lang", choices=("en", "ja"), help="language of what is printed 表示言語")
    given = parser.parse_args(arguments)
    lang = given.lang or os.environ.get("NOROSHI_LANG", "en")
    began = time.monotonic()
    try:
        check_files(here)
        target = given.folder.absolute()
        check_machine(settings(here / PLATFORM), target)
        packages = fill(here, target)
    except Refusal as refusal:
        for key, *fields in refusal.faults:
            print(said(key, lang, *fields), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(said("stopped", lang), file=sys.stderr)
        return 130
    size = sum(path.lstat().st_size for path in target.rglob("*")) / 1e6
    version = settings(here / PLATFORM)["noroshi"]
    print(said("done", lang, version, target, packages, size, time.monotonic() - began))
    return 0


def said(key: str, lang: str, *fields: object) -> str:
    """Return what WORDS says under the key; fields that are keys themselves are said too."""
    place = 1 if lang == "ja" else 0
    return WORDS[key][place].format(*(WORDS[one][place] if isinstance(one, str) and one in WORDS else one
                                      for one in fields))  # fmt: skip


def settings(path: Path) -> dict[str, str]:
    """Return what the lines `name = value` of a file say."""
    pairs = (line.partition(" = ") for line in path.read_text(encoding="utf-8").splitlines())
    return {name: value for name, _, value in pairs}


def check_files(here: Path) -> None:
    """Compare every file with SHA256SUMS; raise Refusal with all that are missing or differ."""
    path = here / SUMS
    lines = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    rows = [line.partition("  ") for line in lines.splitlines()]
    if not lines.endswith("\n") or {PLATFORM, "requirements.txt"} - {name for _, _, name in rows}:
        raise Refusal(("damaged", SUMS, "no sums"))
    faults = []
    for wanted, _, name in rows:
        if not (here / name).is_file():
            faults.append(("damaged", name, "missing"))
        elif digest(here / name) != wanted:
            faults.append(("damaged", name, "differs"))
    if faults:
        raise Refusal(*faults)


def digest(path: Path) -> str:
    """Return the SHA-256 of a file in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def this_python() -> str:
    """Return the implementation and version whose wheels this Python takes, as `cpython 3.11`."""
    return f"{sys.implementation.name} {sys.version_info[0]}.{sys.version_info[1]}{getattr(sys, 'abiflags', '')}"


def this_glibc() -> str:
    """Return the version of glibc that runs, or an empty text where the C library is another."""
    try:
        name, _, version = (os.confstr("CS_GNU_LIBC_VERSION") or "").partition(" ")
    except (AttributeError, ValueError, OSError):
        return ""
    return version if name == "glibc" else ""


def check_machine(wanted: dict[str, str], target: Path) -> None:
    """Raise Refusal with everything about this Python, machine and folder that does not do."""
    faults: list[tuple[str, ...]] = []
    if this_python() != wanted["python"]:
        faults.append(("python", this_python(), wanted["python"]))
    if sysconfig.get_platform() != wanted["platform"]:
        faults.append(("platform", sysconfig.get_platform(), wanted["platform"]))
    elif wanted["glibc"] and parts(this_glibc()) < parts(wanted["glibc"]):
        faults.append(("glibc", this_glibc() or "another", wanted["glibc"]))
    faults += [
        ("no venv", sys.executable, name) for name in ("venv", "ensurepip") if not importlib.util.find_spec(name)
    ]
    try:
        if target.exists() and (not target.is_dir() or any(target.iterdir())):
            faults.append(("not empty", str(target)))
    except OSError as error:
        faults.append(("not writable", str(target), error.strerror or str(error)))
    if faults:
        raise Refusal(*faults)


def parts(version: str) -> tuple[int, ...]:
    """Return the numbers of a version such as 2.34, so that they compare as numbers."""
    return tuple(int(one) for one in version.split(".") if one.isdigit())


def fill(here: Path, target: Path) -> int:
    """Make the environment and install all wheels into it; return how many; leave nothing behind where it fails."""
    import venv

    was_there = target.exists()
    try:
        target.mkdir(parents=True, exist_ok=True)
        venv.EnvBuilder(with_pip=True, symlinks=os.name != "nt").create(target)
        pip = [str(target / "bin" / "python"), "-m", "pip", "install", "--quiet", "--no-cache-dir", "--no-index",
               "--disable-pip-version-check", "--find-links", str(here / "wheels"), "--only-binary=:all:",
               "--require-hashes", "--requirement", str(here / "requirements.txt")]  # fmt: skip
        subprocess.run(pip, check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=quiet())
    except subprocess.CalledProcessError as error:
        remove(target, keep=was_there)
        told = error.output.decode(errors="replace") if isinstance(error.output, bytes) else error.output
        raise Refusal(("failed", told or str(error))) from error
    except OSError as error:
        remove(target, keep=was_there)
        raise Refusal(("not writable", str(target), error.strerror or str(error))) from error
    except KeyboardInterrupt:
        remove(target, keep=was_there)
        raise
    return len(list((here / "wheels").glob("*.whl")))


def quiet() -> dict[str, str]:
    """Return the environment without what would make pip or Python look elsewhere."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON"))}
    return {**kept, "PIP_CONFIG_FILE": os.devnull}


def remove(target: Path, *, keep: bool) -> None:
    """Remove what was made: the folder, or what is in it where it had been there; what cannot be removed stays."""
    for path in list(target.iterdir()) if keep else [target]:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            with contextlib.suppress(OSError):
                path.unlink()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Path(__file__).absolute().parent))
