"""The documentation site: python3 bootstrap.py docs."""

from __future__ import annotations

from importlib.metadata import version as version_of

project = "Wares"
author = "The Wares authors"
copyright = author
release = version_of("wares")
extensions = ["myst_parser"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = f"Wares {release}"
html_show_sphinx = False
