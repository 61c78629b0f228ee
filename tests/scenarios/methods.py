"""The plugins that a scenario needs besides the installed ones: cost methods of the examples."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

from wares.plugin_manager.loader import Plugins, load_plugins

EXAMPLES = Path(__file__).parents[2] / "examples" / "plugins"
SOURCES = {"hifo": EXAMPLES / "highest-cost-first" / "src" / "highest_cost_first" / "__init__.py"}
"""Cost method → source of its plugin."""


def plugins_for(scenario: Mapping[str, Any]) -> Plugins | None:
    """Return the plugins for the books of a scenario; None for the installed ones."""
    changes = [event.get("to") for event in scenario["events"] if event["verb"] == "change_costing"]
    named = {scenario["settings"]["costing"], *changes, *(item.get("costing") for item in scenario["items"])}
    return _with_method(*sorted(named & SOURCES.keys())) if named & SOURCES.keys() else None


@lru_cache
def _with_method(*methods: str) -> Plugins:
    return load_plugins(extra=[_module(SOURCES[method]) for method in methods])


def _module(source: Path) -> object:
    spec = spec_from_file_location(source.parent.name, source)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
