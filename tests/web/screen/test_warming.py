"""What is made ready while nobody asks: all templates, and what pages compute with, in a fresh process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from noroshi.web.screen import page as page_module

TRIED = """
import sys
from noroshi.web.screen import warming
from noroshi.web.screen.page import templates
assert not [name for name in sys.modules if name.startswith("scipy")], "it is not imported before"
warming.begin().join()
kept = {key[1] for key in templates().cache}
print(len(kept), "scipy.special" in sys.modules, sorted(kept)[0])
"""


def test_every_template_is_compiled_and_every_heavy_package_imported() -> None:
    made = subprocess.run([sys.executable, "-c", TRIED], capture_output=True, text=True, timeout=120, check=False)
    assert made.returncode == 0, made.stderr
    count, imported, _ = made.stdout.split()
    own = list((Path(page_module.__file__).parent / "templates").glob("*.html"))
    assert int(count) >= len(own) > 50
    assert imported == "True"
