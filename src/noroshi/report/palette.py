"""The colours, by meaning, for light and dark screens; tests hold them to WCAG 2.2's contrast."""

from __future__ import annotations

__all__ = ["PALETTE", "css_variables"]

PALETTE: dict[str, tuple[str, str]] = {
    "paper": ("#ffffff", "#11161d"),
    "surface": ("#f5f7f9", "#1a212b"),
    "ink": ("#161b22", "#e9edf2"),
    "muted": ("#545e6b", "#a4afbd"),
    "rule": ("#d9dee5", "#333d4a"),
    "grid": ("#e6eaef", "#28313c"),
    "accent": ("#17569b", "#7ab8f5"),
    "bar": ("#4f84bd", "#4a80b8"),
    "band": ("#b9d2ec", "#2b4f77"),
    "mark": ("#161b22", "#e9edf2"),
    "notice": ("#fdf3d8", "#332a12"),
    # Four classes of state: their lightness falls step by step, so that they differ without colour too.
    "state-0": ("#2b8291", "#63b3c2"),
    "state-1": ("#a86f00", "#e4b64a"),
    "state-2": ("#c2410c", "#f98a57"),
    "state-3": ("#7a1255", "#f08ccd"),
    "soft-0": ("#e3f1f3", "#173239"),
    "soft-1": ("#fbeecb", "#3a2f11"),
    "soft-2": ("#fcdccb", "#47230f"),
    "soft-3": ("#efcbe3", "#4a1638"),
}
"""Name -> its colour on light and on dark. `state-*` draw marks and words, `soft-*` lie under ink."""


def css_variables() -> str:
    """Return the CSS that defines every colour as `--name`: dark where the reader's system asks for it, or the reader.

    The reader chooses by `data-theme` of the root, "light" or "dark"; paper is always light.
    """
    light = "".join(f"--{name}:{pair[0]};" for name, pair in PALETTE.items())
    dark = "".join(f"--{name}:{pair[1]};" for name, pair in PALETTE.items())
    paper = f"@media print{{:root,:root[data-theme]{{color-scheme:light;{light}}}}}"
    chosen = "".join(
        f":root[data-theme={name}]{{color-scheme:{name};{named}}}" for name, named in (("light", light), ("dark", dark))
    )
    system = f":root{{color-scheme:light dark;{light}}}\n@media (prefers-color-scheme:dark){{:root{{{dark}}}}}"
    return f"{system}\n{chosen}\n{paper}\n"
