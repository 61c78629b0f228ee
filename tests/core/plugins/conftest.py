"""A folder of installed distributions, as `pip` leaves them, for plugins that are written in the tests."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest


class Shelf:
    """Installs distributions with plugins into a folder on the path. `wares` is one of them: it has no bundled plugins
    until a test installs some, whatever is bundled in truth."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.install("wares", "9.9")

    def install(self, distribution: str, version: str = "1.0", **plugins: str) -> None:
        """A distribution whose entry points are the names of `plugins`, each a module with that source."""
        stem = distribution.replace("-", "_")
        info = self.folder / f"{stem}-{version}.dist-info"
        info.mkdir(exist_ok=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n")
        modules = {name: f"shelf_{stem}_{name}" for name in plugins}
        for name, source in plugins.items():
            (self.folder / f"{modules[name]}.py").write_text(HEAD + dedent(source))
        lines = [f"{name} = {module}" for name, module in modules.items()]
        (info / "entry_points.txt").write_text("\n".join(["[wares]", *lines, ""]))


HEAD = """\
from wares import CostMethod, DocumentType, Expansion, Issue, ItemType, Pricing, Question, RecordType, Side, hookimpl
class Rental(ItemType):
    key, title = "rental", "rental"
"""


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    """An empty shelf in front of what is really installed."""
    monkeypatch.syspath_prepend(str(tmp_path))
    yield Shelf(tmp_path)
    for name in [name for name in sys.modules if name.startswith("shelf_")]:
        del sys.modules[name]
