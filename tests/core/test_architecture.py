"""The direction of the imports: each room of the core imports only from floors below its own, the four rooms in the
middle never import one another, a bundled plugin imports only what is public, and no type of item is known outside its
plugin.

Read from the sources, without importing them. Imports under `if TYPE_CHECKING:` name types only and may look upwards,
but not from one of the four rooms to another. A new room is placed in FLOORS.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

import wares
import wares.storage
from wares.storage import tables

ROOT = Path(__file__).parents[2]
CORE = ROOT / "core" / "wares"
PLUGINS = ROOT / "plugins"
EXAMPLES = ROOT / "examples" / "plugins"

FLOORS = (
    "errors values texts deprecations collecting",
    "model lazily",  # the values between the rooms: items, lines, rows, moves, legs
    "itemtype costmethod recordtype channel settings storage",
    "documenttype report projection",
    "hookspecs",
    "plugins",
    "costing documents ledger catalog",
    "movement origins company events recorded",  # a company's beginning; a move from plan to row; what is posted, for others
    "pools layerrows planning areas projecting",  # pools as they stood, layers as rows; a document planned; rows that follow it
    "workingset",  # what a batch reads and will write
    "correction",
    "poolaccounts earlier",  # the inventory account of a pool over time; what a document meets at its instant
    "inorder accepted",  # costing at the end of the pools; what accepting leaves in memory
    "rows moving",  # what is written of a document; its planned moves with identity, pool and accounts
    "corrections",  # what a late fact changed, posted
    "acceptance",
    "posting",
    "annulment posted verify",
    "reversal",
    "pending reports loading outbox sources",
    "transactions",  # a unit of reading or writing, ours or a host's
    "facade",
    "builtin books",
    "testing",
    "scaffold",  # new plugins from templates, and whether a plugin keeps its contract
    "cli",
    "__main__",
)
"""From the ground up. Rooms on one floor do not import one another."""
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms.split()}
APART = frozenset({"costing", "documents", "ledger", "catalog"})
PUBLIC_MODULES = {"wares.storage", "wares.testing", "wares.cli"}
SIBLINGS = {
    "wares_channels": {"wares_tracking"},
    "wares_bank": {"wares_tracking", "wares_channels"},
    "wares_profit": {"wares_tracking", "wares_channels"},
}
"""The other bundled plugins from which a bundled plugin imports; its `WARES_REQUIRES` names them too."""


_READS_A_TABLE = re.compile(rf"\b(FROM|JOIN|INTO|UPDATE) \"?({'|'.join(tables.metadata.tables)})\b")


class Import(NamedTuple):
    """`name` of `module`; no name for a plain `import module`."""

    module: str
    name: str | None
    line: int
    for_types: bool


def imports_of(tree: ast.Module, package: str) -> Iterator[Import]:
    """Every import of a module, wherever it stands in it; `package` resolves relative ones."""
    for_types = {id(node) for block in ast.walk(tree) if _is_for_types(block) for node in ast.walk(block)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, None, node.lineno, id(node) in for_types) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            yield from (Import(module, alias.name, node.lineno, id(node) in for_types) for alias in node.names)


def _is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


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


def room_of(path: Path) -> str:
    """The room in which a module of the core stands."""
    return path.relative_to(CORE).parts[0].removesuffix(".py")


def rooms_imported(path: Path) -> Iterator[tuple[str, Import]]:
    """The rooms of the core from which a module of the core imports."""
    package = ".".join(["wares", *path.relative_to(CORE).parent.parts])
    for one in imports_of(parsed(path), package):
        module = one.module
        if module == "wares" and one.name is not None:
            module = wares._HOMES.get(one.name, f"wares.{one.name}")
        if module.startswith("wares."):
            yield module.split(".")[1], one


def test_every_room_has_a_floor() -> None:
    homeless = {room_of(path) for path in core_modules()} - FLOOR.keys()
    assert not homeless, f"place {', '.join(sorted(homeless))} in FLOORS"


def test_the_picture_shows_every_room() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    picture = page.partition("```text")[2].partition("```")[0]
    missing = FLOOR.keys() - set(re.findall(r"\w+", picture)) - {"__main__"}
    assert not missing, f"draw {', '.join(sorted(missing))} where docs/architecture.md shows the rooms"


def test_the_files_that_the_page_names_are_there() -> None:
    named = re.findall(r"`([a-z_/]+(?:\.py|/))`", (ROOT / "docs" / "architecture.md").read_text("utf-8"))
    assert len(named) > 40
    assert [name for name in named if not any((root / name).exists() for root in (CORE, ROOT))] == []


def test_rooms_import_only_from_floors_below() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{one.line} imports {one.module}: {room_of(path)} does not stand above {room}"
        for path in core_modules()
        for room, one in rooms_imported(path)
        if room != room_of(path) and not one.for_types and FLOOR.get(room, 0) >= FLOOR.get(room_of(path), 99)
    ]
    assert not wrong, "\n".join(wrong)


def test_the_values_between_the_rooms_are_imported_from_one_place() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{one.line} imports {one.module}: wares.model is the one place to import it from"
        for path in [*core_modules(), *sorted((ROOT / "tests").rglob("*.py")), *sorted((ROOT / "benchmarks").rglob("*.py"))]
        if path.parent != CORE / "model"
        for one in imports_of(parsed(path), "")
        if one.module.startswith("wares.model.")
    ]
    assert not wrong, "\n".join(wrong)


def test_the_four_rooms_in_the_middle_stay_apart() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{one.line} imports {one.module}"
        for path in core_modules()
        if room_of(path) in APART
        for room, one in rooms_imported(path)
        if room in APART and room != room_of(path)
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


@pytest.mark.parametrize("path", authored_modules(), ids=name_of)
def test_a_plugin_reads_no_table_of_the_core(path: Path) -> None:
    texts = [(node.value, node.lineno) for node in ast.walk(parsed(path)) if isinstance(node, ast.Constant)]
    wrong = [f"{path.relative_to(ROOT)}:{line}" for text, line in texts if isinstance(text, str) and _READS_A_TABLE.search(text)]
    assert not wrong, f"{', '.join(wrong)}: what plugins need of the core's tables stands in wares.recorded"


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
    source = "from wares.costing import pool\nfrom . import x\nif TYPE_CHECKING:\n    import wares.books\nitem.type == 'kit'"
    tree = ast.parse(source)
    assert list(imports_of(tree, "wares.ledger")) == [
        Import("wares.costing", "pool", 1, False),
        Import("wares.ledger", "x", 2, False),
        Import("wares.books", None, 4, True),
    ]
    assert list(compared_texts(tree)) == [("kit", 5)]
    assert _READS_A_TABLE.search("SELECT sku FROM item WHERE")
    assert not _READS_A_TABLE.search("taken FROM items, JOIN a club")
    assert not is_public(Import("wares.costing.pool", "PoolState", 1, False), "wares_kit")
    assert not is_public(Import("wares_stock", None, 1, False), "wares_kit")
    assert not is_public(Import("wares", "plugins", 1, False), "wares_kit")
    assert is_public(Import("wares", "Item", 1, False), "wares_kit")
    assert is_public(Import("wares_tracking.cells", "parse_day", 1, False), "wares_bank")
    assert not is_public(Import("wares_bank", None, 1, False), "wares_tracking")
