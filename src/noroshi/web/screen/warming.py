"""What the first reader of a page would wait for, done while nobody asks: templates are compiled, packages imported."""

from __future__ import annotations

import importlib
import threading

from noroshi.web.screen.page import templates

__all__ = ["begin", "warm"]

FIRST = ("page.html", "login.html", "now.html", "situations_list.html")
"""What people see first is made ready first."""
HEAVY = ("scipy.special",)
"""What ratings compute with; it takes most of a second to import."""


def begin() -> threading.Thread:
    """Begin to make the pages ready beside the requests; the thread ends by itself, or with the process."""
    made = threading.Thread(target=warm, name="noroshi-warm", daemon=True)
    made.start()
    return made


def warm() -> int:
    """Compile every template of the screen and import what pages compute with; return how many templates."""
    environment = templates()
    names = environment.list_templates(extensions=["html"])
    for name in sorted(names, key=lambda one: (one not in FIRST, one)):
        environment.get_template(name)
    for package in HEAVY:
        importlib.import_module(package)
    return len(names)
