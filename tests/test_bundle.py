"""The archive that installs without a network: the same bytes each time, and what its installer refuses, and how."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from install import SUMS, check_files, digest, main, this_python
from pack import ROOT, contents, glibc, pinned, requirements, write_archive

LINUX = "cp311-cp311-manylinux_2_28_x86_64.manylinux_2_17_x86_64"
NEWER = "cp311-abi3-manylinux_2_34_x86_64"


def wheel(folder: Path, name: str, tags: str = "py3-none-any") -> Path:
    """Write a wheel of version 1.0 that holds nothing but what a wheel must."""
    about = f"{name}-1.0.dist-info"
    path = folder / f"{name}-1.0-{tags}.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(zipfile.ZipInfo(f"{about}/METADATA"), f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        archive.writestr(zipfile.ZipInfo(f"{about}/WHEEL"), f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tags}\n")
        archive.writestr(zipfile.ZipInfo(f"{about}/RECORD"), "")
    return path


def made(folder: Path) -> tuple[list[Path], str]:
    """Return three wheels, one of them the project's, and the pins of the two others: one published, one built."""
    wheels = [wheel(folder, "leaf"), wheel(folder, "built_here"), wheel(folder, "noroshi")]
    pins = (
        f"built-here==1.0 \\\n    --hash=sha256:{'0' * 64}\nleaf==1.0 ; x \\\n    --hash=sha256:{digest(wheels[0])}\n"
    )
    return wheels, pins


@pytest.fixture
def unpacked(tmp_path: Path) -> Path:
    """Return the folder of a small archive, packed and unpacked."""
    write_archive(contents(*made(tmp_path)), tmp_path / "small.tar")
    with tarfile.open(tmp_path / "small.tar") as archive:
        archive.extractall(tmp_path / "there", filter="data")
    return tmp_path / "there" / "small"


def sign_again(folder: Path, name: str, change: Callable[[str], str]) -> None:
    """Change a file of the archive and its line in SHA256SUMS."""
    old = digest(folder / name)
    (folder / name).write_text(change((folder / name).read_text(encoding="utf-8")), encoding="utf-8")
    sums = (folder / SUMS).read_text(encoding="utf-8").replace(old, digest(folder / name))
    (folder / SUMS).write_text(sums, encoding="utf-8")


def test_the_same_wheels_give_the_same_bytes(tmp_path: Path) -> None:
    wheels, pins = made(tmp_path)
    first = write_archive(contents(wheels, pins), tmp_path / "one" / "small.tar")
    for path in wheels:
        os.utime(path, (1, 1))
        path.chmod(0o600)
    second = write_archive(dict(reversed(contents(wheels[::-1], pins).items())), tmp_path / "two" / "small.tar")
    bytes_of = [(tmp_path / where / "small.tar").read_bytes() for where in ("one", "two")]
    assert bytes_of[0] != b""
    assert bytes_of[0] == bytes_of[1]
    assert first == second == hashlib.sha256(bytes_of[0]).hexdigest()
    with tarfile.open(tmp_path / "one" / "small.tar") as archive:
        entries = archive.getmembers()
    assert [one.name for one in entries] == sorted(one.name for one in entries)
    assert {(one.uid, one.gid, one.uname, one.gname, one.mtime) for one in entries} == {(0, 0, "", "", 315532800)}
    assert {one.mode for one in entries} == {0o644, 0o755}


def test_every_file_is_in_the_sums_and_every_wheel_in_the_requirements(unpacked: Path) -> None:
    names = {str(path.relative_to(unpacked)) for path in unpacked.rglob("*") if path.is_file()}
    sums = (unpacked / SUMS).read_text(encoding="utf-8").splitlines()
    assert {line.partition("  ")[2] for line in sums} == names - {SUMS}
    assert {"LICENSE", "NOTICE", "README.md", "install.sh", "PLATFORM", "docs/howto/operate-a-hub.md"} < names
    lines = (unpacked / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert [line.split(" ")[0] for line in lines] == ["built-here==1.0", "leaf==1.0", "noroshi==1.0"]
    assert [line.endswith("# built from its pinned source") for line in lines] == [True, False, False]
    check_files(unpacked)


def test_a_wheel_of_no_pin_is_not_packed(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"stray-1\.0-py3-none-any\.whl: is of no pin"):
        requirements([wheel(tmp_path, "stray")], "leaf==1.0\n")
    assert pinned("a_b==1 \\\n  --hash=sha256:" + "1" * 64 + "\n    # via c\n") == {("a-b", "1"): {"1" * 64}}


def test_the_oldest_glibc_is_the_newest_that_a_wheel_needs() -> None:
    assert glibc([Path(f"a-1-{LINUX}.whl"), Path("b-1-py3-none-any.whl")]) == "2.17"
    assert glibc([Path("d-1-cp311-abi3-manylinux2010_x86_64.whl")]) == "2.12"
    assert glibc([Path(f"c-1-{NEWER}.whl"), Path(f"a-1-{LINUX}.whl")]) == "2.34"
    assert glibc([Path("b-1-py3-none-any.whl")]) == ""


def damage(folder: Path) -> None:
    """Change the last byte of a wheel."""
    path = next(folder.glob("wheels/leaf*"))
    path.write_bytes(path.read_bytes()[:-1] + b"x")


def two_faults(folder: Path) -> None:
    """Damage one file and take another away."""
    damage(folder)
    (folder / "NOTICE").unlink()


FAULTS: dict[str, tuple[Callable[[Path], object], tuple[str, ...]]] = {
    "a damaged wheel": (damage, ("wheels/leaf-1.0-py3-none-any.whl", "its hash differs")),
    "a missing file": (lambda at: (at / "LICENSE").unlink(), ("LICENSE", "it is missing")),
    "two faults": (two_faults, ("wheels/leaf-1.0-py3-none-any.whl", "NOTICE")),
    "no sums": (lambda at: (at / SUMS).unlink(), (SUMS, "missing, empty or cut off")),
    "sums cut off": (lambda at: os.truncate(at / SUMS, 700), (SUMS, "missing, empty or cut off")),
    "another Python": (
        lambda at: sign_again(at, "PLATFORM", lambda text: text.replace(this_python(), "cpython 3.99")),
        (f"found {this_python()}, expected cpython 3.99",),
    ),
    "another platform": (
        lambda at: sign_again(at, "PLATFORM", lambda text: text.replace(sysconfig.get_platform(), "plan9-mips")),
        ("expected plan9-mips", "make bundle"),
    ),
    "an old C library": (
        lambda at: sign_again(at, "PLATFORM", lambda text: text.replace("glibc = ", "glibc = 99.0")),
        ("expected glibc 99.0 or newer",),
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_what_stands_against_installing_is_said_and_nothing_is_made(
    unpacked: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], fault: str
) -> None:
    spoil, wanted = FAULTS[fault]
    spoil(unpacked)
    assert main([str(tmp_path / "new")], unpacked) == 2
    told = capsys.readouterr()
    assert [text for text in wanted if text not in told.err] == []
    assert told.out == ""
    assert not (tmp_path / "new").exists()


def test_a_folder_with_something_in_it_is_left_alone(
    unpacked: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").write_text("mine", encoding="utf-8")
    for name in ("full", "full/mine"):
        assert main([str(tmp_path / name), "--lang", "ja"], unpacked) == 2
        assert "空のフォルダではありません" in capsys.readouterr().err
    assert (tmp_path / "full" / "mine").read_text(encoding="utf-8") == "mine"


def test_a_place_where_no_folder_can_be_made(
    unpacked: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert main([str(tmp_path / "file" / "new")], unpacked) == 2
    assert "cannot be made (Not a directory)" in capsys.readouterr().err


@pytest.mark.slow
def test_a_hash_that_pip_refuses_leaves_nothing_and_the_right_ones_install(
    unpacked: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_FIND_LINKS", "/nowhere")
    leaf = digest(next(unpacked.glob("wheels/leaf*")))
    sign_again(unpacked, "requirements.txt", lambda text: text.replace(leaf, "0" * 64))
    (tmp_path / "empty").mkdir()
    for name in ("new", "empty"):
        assert main([str(tmp_path / name)], unpacked) == 2
        assert "THESE PACKAGES DO NOT MATCH THE HASHES" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()
    assert list((tmp_path / "empty").iterdir()) == []
    sign_again(unpacked, "requirements.txt", lambda text: text.replace("0" * 64, leaf))
    assert main([str(tmp_path / "new")], unpacked) == 0
    assert f"is in {tmp_path / 'new'}: 3 packages" in capsys.readouterr().out
    assert len(list((tmp_path / "new").glob("lib/*/site-packages/leaf-1.0.dist-info"))) == 1


def test_the_pins_of_the_archive_are_those_of_the_product_and_of_the_tests() -> None:
    run, hub, test = (pinned((ROOT / "requirements" / f"{name}.txt").read_text()) for name in ("run", "hub", "test"))
    assert run.keys() < hub.keys() < test.keys()
    assert {name for name, _ in hub} > {"misp-stix", "psycopg", "psycopg-binary"}


def shell(unpacked: Path, folder: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run install.sh with a PATH that has two tools and nothing more."""
    tools = folder / "bin"
    tools.mkdir(exist_ok=True)
    for name in ("sed", "dirname"):
        if not (tools / name).exists():
            (tools / name).symlink_to(str(shutil.which(name)))
    words = ["/bin/sh", str(unpacked / "install.sh"), str(folder)]
    return subprocess.run(words, env={"PATH": str(tools), **environ}, capture_output=True, text=True, check=False)


def test_the_shell_finds_a_python_or_says_which_it_looked_for(unpacked: Path, tmp_path: Path) -> None:
    version = this_python().split()[1]
    none = shell(unpacked, tmp_path)
    assert none.returncode == 2
    assert f"looked for python{version}, python3 and python on PATH), expected Python {version}" in none.stderr
    named = shell(unpacked, tmp_path, PYTHON="/nowhere/python")
    assert (named.returncode, "looked for /nowhere/python" in named.stderr) == (2, True)
    (tmp_path / "bin" / "python3").write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n', encoding="utf-8")
    (tmp_path / "bin" / "python3").chmod(0o755)
    found = shell(unpacked, tmp_path)
    assert (found.returncode, "expected an empty folder" in found.stderr) == (2, True)
