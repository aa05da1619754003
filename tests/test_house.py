"""The house rules that no linter knows: who may import whom, how long a file is, what the core never does."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import noroshi

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "noroshi"
SOURCES = sorted(PACKAGE.rglob("*.py"))
CORE = ("attribute", "estate", "flow", "rate", "respond", "share", "stress")
CORE_SOURCES = [path for path in SOURCES if path.relative_to(PACKAGE).parts[0] in CORE]
LONGEST = 400

FLOORS = (
    ("cli",),
    ("web",),
    ("report",),
    ("desk",),
    ("files", "store", "wire"),
    ("attribute", "rate", "respond", "share", "stress"),
    ("estate", "flow"),
    ("settings",),
    ("errors",),
    ("samples",),
)
"""The rooms from the top floor down; rooms on one floor are strangers to each other."""

FLOOR_OF = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}

FORBIDDEN_CALLS = {
    "open", "print", "input", "exec", "eval",
    "time.time", "time.monotonic", "time.perf_counter", "time.sleep",
    "datetime.now", "datetime.today", "datetime.utcnow", "date.today",
    "datetime.datetime.now", "datetime.datetime.today", "datetime.datetime.utcnow", "datetime.date.today",
    "np.random.seed", "numpy.random.seed", "random.seed",
    "np.random.rand", "np.random.random", "np.random.normal", "np.random.uniform", "np.random.choice",
    "np.load", "np.save", "np.savez", "np.loadtxt", "np.savetxt", "np.fromfile",
    "pl.read_csv", "pl.scan_csv", "pl.read_parquet", "pl.scan_parquet", "pl.read_json",
}  # fmt: skip
"""What the core never calls: it takes its inputs, `now` and `rng` as arguments."""

FORBIDDEN_METHODS = {"read_text", "write_text", "read_bytes", "write_bytes", "write_csv", "write_parquet", "tofile"}

FORBIDDEN_MODULES = {
    "asyncio", "http", "io", "logging", "os", "pathlib", "random", "requests", "shutil", "socket", "sqlite3",
    "subprocess", "sys", "tempfile", "threading", "time", "urllib", "uuid", "warnings",
}  # fmt: skip


def name_of(path: Path) -> str:
    """Return the path under the package, for the names of parametrised tests."""
    return str(path.relative_to(PACKAGE))


def tree_of(path: Path) -> ast.Module:
    """Return the syntax tree of a source file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.AST) -> Iterator[str]:
    """Yield the full name of every module that is imported anywhere in `tree`, inside functions too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute, so that a reader sees the room"
            if node.module == "noroshi":
                yield from (f"noroshi.{alias.name}" for alias in node.names)
            else:
                yield str(node.module)


def rooms_used(tree: ast.AST) -> set[str]:
    """Return the rooms of our own that `tree` imports from."""
    names = [name.split(".") for name in imported(tree)]
    return {parts[1] for parts in names if parts[0] == "noroshi" and len(parts) > 1}


def called(tree: ast.AST) -> Iterator[str]:
    """Yield the dotted name of everything that is called in `tree`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


def upward(room: str, used: set[str]) -> set[str]:
    """Return those of `used` that the room may not import: rooms above it and strangers on its floor."""
    floor = FLOOR_OF[room]
    return {other for other in used if other != room and FLOOR_OF.get(other, -1) <= floor}


def test_every_room_has_a_floor() -> None:
    rooms = {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in SOURCES}
    assert rooms - set(FLOOR_OF) - {"__init__", "__main__"} == set()


@pytest.mark.parametrize(
    "path", [p for p in SOURCES if not p.stem.startswith("__") or p.parent != PACKAGE], ids=name_of
)
def test_imports_go_downward(path: Path) -> None:
    room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    assert upward(room, rooms_used(tree_of(path))) == set()


def test_an_upward_import_would_be_seen() -> None:
    tree = ast.parse(
        "def f():\n    from noroshi.desk.brief import brief\n    import noroshi.flow.dc\n    from noroshi import web"
    )
    assert upward("stress", rooms_used(tree)) == {"desk", "web"}
    assert upward("estate", rooms_used(tree)) == {"desk", "flow", "web"}


def test_import_contracts_hold() -> None:
    command = Path(sys.executable).parent / "lint-imports"
    if not command.exists():
        pytest.skip("needs import-linter: make setup")
    done = subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_file_has_one_idea(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


def test_no_room_is_a_drawer() -> None:
    drawers = {"utils", "util", "helpers", "helper", "common", "misc"}
    assert [name_of(p) for p in PACKAGE.rglob("*") if p.stem in drawers] == []


@pytest.mark.parametrize("path", CORE_SOURCES, ids=name_of)
def test_the_core_has_no_outside_world(path: Path) -> None:
    tree = tree_of(path)
    assert {name.partition(".")[0] for name in imported(tree)} & FORBIDDEN_MODULES == set()
    assert impure(tree) == set()


def impure(tree: ast.AST) -> set[str]:
    """Return the calls in `tree` that read or change the outside world."""
    return {name for name in called(tree) if name in FORBIDDEN_CALLS or name.rpartition(".")[2] in FORBIDDEN_METHODS}


def test_an_impure_call_would_be_seen() -> None:
    tree = ast.parse("def f(path):\n    np.random.seed(1)\n    path.read_text()\n    return open(path), datetime.now()")
    assert impure(tree) == {"np.random.seed", "path.read_text", "open", "datetime.now"}


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_a_broad_except_says_why(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.ExceptHandler) and (
            node.type is None or ast.unparse(node.type) in {"Exception", "BaseException"}
        ):
            assert "#" in lines[node.lineno - 1], f"line {node.lineno}: a broad except needs its reason in words"


def test_public_names_are_sorted_and_true() -> None:
    assert noroshi.__all__ == sorted(noroshi.__all__)
    missing = [name for name in noroshi.__all__ if not hasattr(noroshi, name)]
    assert missing == []


@pytest.mark.parametrize("path", [p for p in SOURCES if p.stem != "__main__"], ids=name_of)
def test_a_list_of_public_names_is_true(path: Path) -> None:
    name = ".".join(("noroshi", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")
    module = importlib.import_module(name)
    assert [public for public in getattr(module, "__all__", ()) if not hasattr(module, public)] == []


def tracked() -> list[Path]:
    """Return the files that git tracks; skip where this is not a checkout."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_no_package_index_and_no_build_machine_is_named() -> None:
    hosts = ("pypi" + ".org", "python" + "hosted.org", "npm" + "js.org", "npm" + "js.com", "deb." + "debian.org")
    places = ("/" + "work/", "/" + "root/", "/home/" + "runner", "." + "library/")
    pattern = re.compile("|".join(re.escape(text) for text in (*hosts, *places)))
    found = [
        f"{path.relative_to(ROOT)}: {hit.group()}"
        for path in tracked()
        if (hit := pattern.search(path.read_bytes().decode("utf-8", "ignore")))
    ]
    assert found == []


def test_pinned_requirements_have_hashes_and_no_address() -> None:
    for path in sorted((ROOT / "requirements").glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        assert "://" not in text, path.name
        assert not re.search(r"^\s*-", text.replace("    --hash=", "hash="), re.MULTILINE), path.name
        pins = re.findall(r"^[a-z0-9][^\n]*==[^\n]*\\\n +--hash=sha256:[0-9a-f]{64}", text, re.MULTILINE)
        assert len(pins) == len(re.findall(r"^[a-z0-9]", text, re.MULTILINE)), path.name


def test_larger_locks_contain_the_smaller_ones() -> None:
    pins = [
        set(re.findall(r"^[a-z0-9][^\n]*==[^\s\\]+", (ROOT / "requirements" / f"{name}.txt").read_text(), re.MULTILINE))
        for name in ("run", "test", "lint")
    ]
    assert pins[0] < pins[1] < pins[2]


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_no_group_is_repeated_possessively(path: Path) -> None:
    """Python before 3.11.5 loses matches there (CPython issue 106052), and any 3.11 must do."""
    assert not re.search(r"\)[*+?]\+", path.read_text(encoding="utf-8"))
