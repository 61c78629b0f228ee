"""The layout of the house: each law of `tests/architecture/laws.py` on the real tree; a bundled plugin imports only public names;
no type of item is known outside its plugin.

The sources are read without importing them. A new room is placed in FLOORS.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from graphlib import TopologicalSorter
from importlib import import_module
from pathlib import Path

import pytest

import wares
import wares.storage
from tests.architecture.handed import mutable_things_handed
from tests.architecture.laws import (
    circles_of_files,
    circles_of_packages,
    circles_of_rooms,
    class_names_in_several_rooms,
    floor_numbers,
    imports_not_down,
    loose_modules,
    stages_that_know_the_driver,
    too_many_floors,
    wrong_floors,
)
from tests.architecture.sources import Import, Sources, imports_of
from wares.storage import tables

ROOT = Path(__file__).parents[2]
CORE = ROOT / "core" / "wares"
PLUGINS = ROOT / "plugins"
EXAMPLES = ROOT / "examples" / "plugins"

FLOORS = (
    "errors values runtime",
    "model storage settings",
    "costing ledger",
    "inventory recorded",
    "contract",  # item, document and record types, channels, reports, and the manual of the hooks
    "plugin_manager documents",
    "catalog core_plugin",
    "recosting",  # late facts: the replay of pools from the first changed move
    "posting",
    "voiding reports",
    "services",  # units of work, and the services that begin and end with them
    "facade verify loading",
    "books",
    "testing",
    "scaffold",  # new plugins from templates, and the check that a plugin keeps its contract
    "cli",
    "__main__",
)
"""From the ground up. Rooms on one floor do not import one another."""
MOST_FLOORS = 17
UPWARDS: frozenset[tuple[str, str]] = frozenset()
"""Imports that do not go down, as (importer, imported): at most one."""
LOOSE = frozenset({"__init__", "__main__", "books", "errors", "values", "core_plugin"})
"""The modules that stand directly in core/wares."""
DRIVER, BATCH = "wares.posting.pipeline", "wares.posting.batch"
REPEATED_NAMES: frozenset[str] = frozenset()
"""Public class names that several rooms may define."""
HOOK_SPECS = "wares.contract.hookspecs"
DERIVED = (
    "wares.contract.item_type.ItemType",
    "wares.contract.document_type.DocumentType",
    "wares.costing.method.CostMethod",
    "wares.contract.record_type.RecordType",
    "wares.contract.report.Report",
    "wares.contract.projection.Projection",
)
"""The classes that plugins derive from."""
NOT_VALUES = frozenset(
    {
        "wares.contract.item_type.ItemType",  # objects of plugins, without state
        "wares.recorded.reading.Recorded",  # read-only
        "wares.storage.unit.Reader",
        "wares.costing.pool.PoolState",  # a copy that belongs to the call of `fold`
    }
)
"""The classes that plugins are handed though they are no values."""
PUBLIC_MODULES = {"wares.storage", "wares.testing", "wares.cli"}
SIBLINGS = {
    "wares_channels": {"wares_tracking"},
    "wares_bank": {"wares_tracking", "wares_channels"},
    "wares_profit": {"wares_tracking", "wares_channels"},
}
"""The other bundled plugins from which a bundled plugin imports; its `WARES_REQUIRES` names them too."""


_READS_A_TABLE = re.compile(rf"\b(FROM|JOIN|INTO|UPDATE) \"?({'|'.join(tables.metadata.tables)})\b")


@lru_cache(maxsize=1)
def house() -> Sources:
    """The core, the bundled plugins and the examples, read once."""
    examples = [path.parent for path in sorted(EXAMPLES.glob("*/src/*/__init__.py"))]
    plugins = [path.parent for path in sorted(PLUGINS.glob("*/wares_*/__init__.py"))]
    return Sources.read([CORE, *plugins, *examples], root=ROOT, front_doors={"wares"})


def listed(violations: list[str]) -> str:
    """The message of a broken law."""
    return "\n".join(violations)


# --- the laws --------------------------------------------------------------------------------------------------------


def test_every_room_has_a_floor() -> None:
    assert not (wrong := wrong_floors(house(), FLOORS, top="wares")), listed(wrong)


def test_imports_go_down_only() -> None:
    assert not (wrong := imports_not_down(house(), FLOORS, top="wares", exceptions=UPWARDS)), listed(wrong)


def test_no_files_import_one_another_in_a_circle() -> None:
    assert not (wrong := circles_of_files(house())), listed(wrong)


def test_no_rooms_import_one_another_in_a_circle() -> None:
    assert not (wrong := circles_of_rooms(house(), top="wares")), listed(wrong)


def test_no_plugins_import_one_another_in_a_circle() -> None:
    assert not (wrong := circles_of_packages(house())), listed(wrong)


def test_the_loose_modules_are_a_closed_list() -> None:
    assert not (wrong := loose_modules(house(), LOOSE, top="wares")), listed(wrong)


def test_there_are_few_floors() -> None:
    assert not (wrong := too_many_floors(FLOORS, most=MOST_FLOORS)), listed(wrong)


def test_a_stage_of_the_pipeline_does_not_know_the_driver() -> None:
    assert not (wrong := stages_that_know_the_driver(house(), driver=DRIVER, batch=BATCH)), listed(wrong)


def test_a_public_class_name_stands_in_one_room() -> None:
    assert not (wrong := class_names_in_several_rooms(house(), top="wares", allowed=REPEATED_NAMES)), listed(wrong)


def test_plugins_are_handed_values() -> None:
    wrong = mutable_things_handed(house(), hook_specs=HOOK_SPECS, derived=DERIVED, listed=NOT_VALUES)
    assert not wrong, listed(wrong)


# --- the page --------------------------------------------------------------------------------------------------------


def test_the_picture_shows_every_room() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    picture = page.partition("```text")[2].partition("```")[0]
    missing = floor_numbers(FLOORS).keys() - set(re.findall(r"\w+", picture)) - {"__main__"}
    assert not missing, f"draw {', '.join(sorted(missing))} where docs/architecture.md shows the rooms"


def test_the_files_that_the_page_names_are_there() -> None:
    named = re.findall(r"`([a-z_/]+(?:\.py|/))`", (ROOT / "docs" / "architecture.md").read_text("utf-8"))
    assert len(named) > 40
    assert [name for name in named if not any((root / name).exists() for root in (CORE, ROOT))] == []


# --- plugins and the core --------------------------------------------------------------------------------------------


def parsed(path: Path) -> ast.Module:
    """The source of a module."""
    return ast.parse(path.read_text("utf-8"), str(path))


def core_modules() -> list[Path]:
    """Every module of the core but the front door, which resolves its names lazily from all floors."""
    return sorted(path for path in CORE.rglob("*.py") if path != CORE / "__init__.py")


def plugin_modules() -> list[Path]:
    """Every module of the bundled plugins' packages."""
    return sorted(PLUGINS.glob("*/wares_*/**/*.py"))


def authored_modules() -> list[Path]:
    """Every module that an author outside the core would write: of the bundled plugins, and of the examples that they copy."""
    return [*plugin_modules(), *sorted(EXAMPLES.glob("*/src/**/*.py"))]


def name_of(path: Path) -> str:
    """What a test about an authored module is called."""
    return str(path.relative_to(ROOT)).removeprefix("plugins/")


def test_the_values_between_the_rooms_are_imported_from_one_place() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{one.line} imports {one.module}: wares.model is the one place to import it from"
        for path in [*core_modules(), *sorted((ROOT / "tests").rglob("*.py")), *sorted((ROOT / "benchmarks").rglob("*.py"))]
        if path.parent != CORE / "model"
        for one in imports_of(parsed(path), "")
        if one.module.startswith("wares.model.")
    ]
    assert not wrong, "\n".join(wrong)


def is_public(one: Import, own: str) -> bool:
    """Whether a bundled plugin may import this."""
    top = one.module.split(".")[0]
    if top == own:
        return True
    if top == "wares":
        if one.module == "wares":
            return one.name is None or one.name in wares.__all__ or f"wares.{one.name}" in PUBLIC_MODULES
        if one.module == "wares.storage":
            return one.name is None or one.name in wares.storage.__all__
        return one.module in PUBLIC_MODULES
    return not top.startswith("wares_") or top in SIBLINGS.get(own, ())


@pytest.mark.parametrize("path", authored_modules(), ids=name_of)
def test_a_plugin_imports_only_what_is_public(path: Path) -> None:
    parts = path.relative_to(EXAMPLES if path.is_relative_to(EXAMPLES) else PLUGINS).parts
    inside = parts[parts.index("src") + 1 :] if "src" in parts else parts[1:]
    package = ".".join(inside[:-1])
    wrong = [
        f"{path.relative_to(ROOT)}:{one.line} imports {one.module} {one.name or ''}"
        for one in imports_of(parsed(path), package)
        if not is_public(one, inside[0])
    ]
    assert not wrong, "\n".join(wrong)


def test_siblings_go_one_way() -> None:
    TopologicalSorter(SIBLINGS).prepare()  # raises CycleError
    required = {own: {f"wares_{name}" for name in import_module(own).WARES_REQUIRES} for own in SIBLINGS}
    assert required == SIBLINGS


@pytest.mark.parametrize("path", authored_modules(), ids=name_of)
def test_a_plugin_reads_no_table_of_the_core(path: Path) -> None:
    texts = [(node.value, node.lineno) for node in ast.walk(parsed(path)) if isinstance(node, ast.Constant)]
    wrong = [f"{path.relative_to(ROOT)}:{line}" for text, line in texts if isinstance(text, str) and _READS_A_TABLE.search(text)]
    assert not wrong, f"{', '.join(wrong)}: plugins read the core's tables through wares.recorded"


def item_type_keys() -> set[str]:
    """The keys of the item types of the bundled plugins, read from their classes."""
    classes = [node for path in plugin_modules() for node in ast.walk(parsed(path)) if isinstance(node, ast.ClassDef)]
    kinds = {"ItemType"}
    while True:
        more = {one.name for one in classes if any(isinstance(b, ast.Name) and b.id in kinds for b in one.bases)}
        if more <= kinds:
            break
        kinds |= more
    return {key for one in classes if one.name in kinds for key in _keys_set_in(one)}


def _keys_set_in(one: ast.ClassDef) -> Iterator[str]:
    for node in one.body:
        if not isinstance(node, ast.Assign | ast.AnnAssign):
            continue
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            pairs: list[tuple[ast.expr, ast.expr | None]] = [(target, node.value)]
            if isinstance(target, ast.Tuple) and isinstance(pairs[0][1], ast.Tuple):
                pairs = list(zip(target.elts, pairs[0][1].elts, strict=True))
            for name, value in pairs:
                if isinstance(name, ast.Name) and name.id == "key" and isinstance(value, ast.Constant) and value.value:
                    yield str(value.value)


def compared_texts(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Every text that a module compares something with: `==`, `in`, `match`."""
    for node in ast.walk(tree):
        sides = [node.left, *node.comparators] if isinstance(node, ast.Compare) else []
        sides += [node.value] if isinstance(node, ast.MatchValue) else []
        for side in sides:
            several = side.elts if isinstance(side, ast.Tuple | ast.List | ast.Set) else [side]
            for one in several:
                if isinstance(one, ast.Constant) and isinstance(one.value, str):
                    yield one.value, one.lineno


def test_no_type_of_item_is_known_outside_its_plugin() -> None:
    keys = item_type_keys()
    assert {"stock", "kit"} <= keys
    wrong = [
        f"{path.relative_to(ROOT)}:{line} compares with {text!r}, which is a type of item"
        for path in [*core_modules(), CORE / "__init__.py"]
        for text, line in compared_texts(parsed(path))
        if text in keys
    ]
    assert not wrong, "\n".join(wrong)


def test_the_reading_finds_what_it_looks_for() -> None:
    assert list(compared_texts(ast.parse("item.type == 'kit'"))) == [("kit", 1)]
    assert _READS_A_TABLE.search("SELECT sku FROM wares_item WHERE")
    assert not _READS_A_TABLE.search("taken FROM items, JOIN a club")
    assert not is_public(Import("wares.costing.pool", "PoolState", 1), "wares_kit")
    assert not is_public(Import("wares_stock", None, 1), "wares_kit")
    assert not is_public(Import("wares", "plugins", 1), "wares_kit")
    assert is_public(Import("wares", "Item", 1), "wares_kit")
    assert is_public(Import("wares_tracking.cells", "parse_day", 1), "wares_bank")
    assert not is_public(Import("wares_bank", None, 1), "wares_tracking")
