"""Each law of the layout reports a tree that breaks it, and keeps silent about one that keeps it."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from tests.architecture.handed import mutable_things_handed
from tests.architecture.laws import (
    circles_of_files,
    circles_of_packages,
    circles_of_rooms,
    class_names_in_several_rooms,
    imports_not_down,
    loose_modules,
    stages_that_know_the_driver,
    too_many_floors,
    wrong_floors,
)
from tests.architecture.sources import Import, Sources, imports_of

FLOORS = ("values", "low other", "high")
FRONT_DOOR = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from house.high.roof import Roof as Roof\n"


def tree(folder: Path, files: dict[str, str]) -> Sources:
    """The sources of a made-up house with these files; each folder is a package, and `house` is a front door."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))
        for parent in path.relative_to(folder).parents:
            if parent.name and not (init := folder / parent / "__init__.py").exists():
                init.touch()
    packages = sorted(path for path in folder.iterdir() if path.is_dir())
    return Sources.read(packages, root=folder, front_doors={"house"})


# --- 1: imports go down ----------------------------------------------------------------------------------------------

UPWARDS = {
    "module": "from house.high import roof",
    "package": "import house.high.roof",
    "function": "def f():\n    from house.high.roof import Roof",
    "types": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from house.high.roof import Roof",
    "relative": "from ..high.roof import Roof",
    "front door": "from house import Roof",
    "by name": "from importlib import import_module\nimport_module('house.high.roof')",
}


@pytest.mark.parametrize("source", UPWARDS.values(), ids=UPWARDS)
def test_an_import_upwards_is_reported(tmp_path: Path, source: str) -> None:
    files = {"house/__init__.py": FRONT_DOOR, "house/high/roof.py": "class Roof: ...", "house/low/floor.py": source}
    sources = tree(tmp_path, {**files, "house/other/x.py": "", "house/values.py": ""})
    (found,) = imports_not_down(sources, FLOORS, top="house")
    assert found.startswith("house/low/floor.py:")
    assert found.endswith("imports house.high.roof: low does not stand above high")


def test_an_import_on_the_same_floor_is_reported(tmp_path: Path) -> None:
    sources = tree(tmp_path, {"house/low/a.py": "import house.other.b", "house/other/b.py": ""})
    assert imports_not_down(sources, FLOORS, top="house") == [
        "house/low/a.py:1 imports house.other.b: low does not stand above other"
    ]


def test_an_import_downwards_or_inside_a_room_is_allowed(tmp_path: Path) -> None:
    files = {"house/high/roof.py": "from house.low import a\nfrom house.high import b\nimport re", "house/high/b.py": ""}
    assert imports_not_down(tree(tmp_path, {**files, "house/low/a.py": ""}), FLOORS, top="house") == []


def test_an_exception_is_needed_and_at_most_one(tmp_path: Path) -> None:
    sources = tree(tmp_path, {"house/low/a.py": "import house.high.b", "house/high/b.py": ""})
    needed, needless = ("house.low.a", "house.high.b"), ("house.low.a", "house.high.c")
    assert imports_not_down(sources, FLOORS, top="house", exceptions=[needed]) == []
    assert imports_not_down(sources, FLOORS, top="house", exceptions=[needed, needless]) == [
        "the exception house.low.a → house.high.c is not needed",
        "there are 2 exceptions, at most 1 are allowed",
    ]


def test_a_room_without_a_floor_is_reported(tmp_path: Path) -> None:
    sources = tree(tmp_path, {"house/low/a.py": "", "house/attic/b.py": "", "house/values.py": ""})
    assert wrong_floors(sources, ("values", "low gone", "low"), top="house") == [
        "attic has no floor",
        "gone has a floor and is not there",
        "low has two floors",
    ]


# --- 2: no circles ---------------------------------------------------------------------------------------------------


def test_a_circle_of_files_is_reported_wherever_it_is(tmp_path: Path) -> None:
    files = {
        "house/low/a.py": "import house.low.b",
        "house/low/b.py": "def f():\n    import house.low.c",
        "house/low/c.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .a import A",
        "plug/one.py": "from plug.two import x",
        "plug/two.py": "from plug import one",
        "plug/three.py": "from plug import one, two",
    }
    assert circles_of_files(tree(tmp_path, files)) == [
        "circle of 3: house.low.a → house.low.b → house.low.c → house.low.a",
        "circle of 2: plug.one → plug.two → plug.one",
    ]


def test_a_package_that_imports_its_module_must_not_be_imported_by_it(tmp_path: Path) -> None:
    sources = tree(tmp_path, {"plug/__init__.py": "from plug.one import A", "plug/one.py": "from plug import B"})
    assert circles_of_files(sources) == ["circle of 2: plug → plug.one → plug"]


def test_a_circle_of_rooms_and_one_of_packages_is_reported(tmp_path: Path) -> None:
    files = {
        "house/low/a.py": "import house.high.b",
        "house/high/b.py": "",
        "house/high/c.py": "import house.low.d",
        "house/low/d.py": "",
        "bank/a.py": "import tax.b",
        "tax/b.py": "",
        "tax/c.py": "import bank.d",
        "bank/d.py": "",
    }
    sources = tree(tmp_path, files)
    assert circles_of_files(sources) == []
    assert circles_of_rooms(sources, top="house") == [
        "circle of 2: bank → tax → bank",
        "circle of 2: house.high → house.low → house.high",
    ]
    assert circles_of_packages(sources) == ["circle of 2: bank → tax → bank"]


# --- 3, 4: loose modules, floors -------------------------------------------------------------------------------------


def test_a_loose_module_is_reported(tmp_path: Path) -> None:
    sources = tree(tmp_path, {"house/values.py": "", "house/helpers.py": "", "house/low/more.py": "", "plug/helpers.py": ""})
    assert loose_modules(sources, {"__init__", "values"}, top="house") == ["house/helpers.py stands loose: give it a room"]


def test_a_floor_too_many_is_reported() -> None:
    assert too_many_floors(FLOORS, most=3) == []
    assert too_many_floors(FLOORS, most=2) == ["there are 3 floors, at most 2 are allowed"]


# --- 5: stages and driver --------------------------------------------------------------------------------------------


def stages(folder: Path, **files: str) -> list[str]:
    given = {"pipeline": "from house.posting import move, batch", "batch": "", "move": "", "__init__": "", **files}
    sources = tree(folder, {f"house/posting/{name}.py": text for name, text in given.items()})
    return stages_that_know_the_driver(sources, driver="house.posting.pipeline", batch="house.posting.batch")


def test_a_stage_that_imports_the_driver_is_reported(tmp_path: Path) -> None:
    assert stages(tmp_path / "kept", move="from house.posting.batch import Batch") == []
    assert stages(tmp_path / "broken", move="def f():\n    from house.posting.pipeline import post") == [
        "house/posting/move.py:2 imports house.posting.pipeline: a stage imports house.posting.batch, never the driver"
    ]


def test_a_stage_that_imports_the_driver_through_its_package_is_reported(tmp_path: Path) -> None:
    assert stages(tmp_path, __init__="from house.posting.pipeline import post", move="from house.posting import post") == [
        "house/posting/move.py:1 imports house.posting: a stage imports house.posting.batch, never the driver"
    ]


def test_a_pipeline_that_is_not_there_is_reported(tmp_path: Path) -> None:
    sources = tree(tmp_path, {"house/posting/move.py": ""})
    assert stages_that_know_the_driver(sources, driver="house.posting.pipeline", batch="house.posting.batch") == [
        "there is no house.posting.pipeline",
        "there is no house.posting.batch",
    ]


# --- 6: names --------------------------------------------------------------------------------------------------------


def test_a_public_class_name_in_two_rooms_is_reported(tmp_path: Path) -> None:
    classes = "class Row: ...\nclass Page: ...\nclass _Own: ..."
    sources = tree(tmp_path, {"house/low/a.py": classes, "house/high/b.py": classes, "house/high/c.py": "class Roof: ..."})
    assert class_names_in_several_rooms(sources, top="house", allowed={"Page"}) == ["Row: house/high/b.py, house/low/a.py"]
    assert class_names_in_several_rooms(sources, top="house", allowed={"Page", "Row", "Roof"}) == [
        "the exception Roof is not needed"
    ]


# --- 7: values for plugins -------------------------------------------------------------------------------------------

CONTRACT = """
    from collections.abc import Iterable, Mapping, Sequence
    from dataclasses import dataclass
    from enum import Enum
    from typing import Any, ClassVar, NamedTuple, Protocol
    from pydantic import BaseModel, ConfigDict
    from house.low.pool import Pool

    class Kind(Enum):
        A = 1

    class Line(NamedTuple):
        kind: Kind
        parts: tuple["Line", ...]

        def several(self) -> list[Kind]: ...

    class Attributes(BaseModel):
        model_config = ConfigDict(frozen=True)

    class Chosen(Attributes):
        names: Mapping[str, int]

    @dataclass(frozen=True, slots=True)
    class Head:
        lines: Sequence[Line]
        chosen: Chosen | None
        shared: ClassVar[dict[str, int]] = {}

    class Masters(Protocol):
        def head(self, made: list[int]) -> Head: ...
"""
HANDED = {
    "a plain class": ("pool: Pool", "wares_hook(pool) is a house.low.pool.Pool, which is no frozen value"),
    "a plain class in a tuple": (
        "pools: tuple[Pool, ...]",
        "wares_hook(pools) is a house.low.pool.Pool, which is no frozen value",
    ),
    "a list": ("lines: list[Line]", "wares_hook(lines) is a list"),
    "a mapping of dicts": ("lines: Mapping[str, dict[str, Line]]", "wares_hook(lines) is a dict"),
    "a session": ("session: Session", "wares_hook(session) is a Session"),
    "a value with a pool": ("held: Held", "Held.pool is a house.low.pool.Pool, which is no frozen value"),
    "a text": ("held: 'Held | None'", "Held.pool is a house.low.pool.Pool, which is no frozen value"),
    "an alias": ("held: Alias", "Held.pool is a house.low.pool.Pool, which is no frozen value"),
    "a derived class": ("held: Derived", "Held.pool is a house.low.pool.Pool, which is no frozen value"),
    "a protocol that returns a pool": ("asked: Asked", "Asked.pool() is a house.low.pool.Pool, which is no frozen value"),
    "a property that is a list": ("seen: Seen", "Seen.all() is a list"),
    "a dataclass that is not frozen": ("open: Open", "wares_hook(open) is a house.hooks.Open, which is no frozen value"),
}
MORE = """
    @dataclass(frozen=True)
    class Held:
        pool: Pool | None

    class Derived(Held): ...

    Alias = tuple[Held, ...]

    class Asked(Protocol):
        def pool(self) -> Pool: ...

    class Seen(NamedTuple):
        day: int

        @property
        def all(self) -> list[int]: ...

    @dataclass
    class Open:
        day: int
"""


def handed(folder: Path, parameter: str, *, listed: tuple[str, ...] = (), derived: str = "") -> list[str]:
    source = textwrap.dedent(CONTRACT) + textwrap.dedent(MORE) + f"\ndef wares_hook({parameter}) -> Any: ...\n" + derived
    sources = tree(folder, {"house/hooks.py": source, "house/low/pool.py": "class Pool:\n    layers: int\n"})
    names = ["house.hooks.Base"] if derived else []
    return mutable_things_handed(sources, hook_specs="house.hooks", derived=names, listed=listed)


@pytest.mark.parametrize(("parameter", "found"), HANDED.values(), ids=HANDED)
def test_a_mutable_thing_that_plugins_are_handed_is_reported(tmp_path: Path, parameter: str, found: str) -> None:
    assert handed(tmp_path, parameter) == [found]


def test_values_may_be_handed(tmp_path: Path) -> None:
    assert handed(tmp_path, "head: Head, lines: Iterable[Line], masters: Masters, facts: Mapping[str, Any]") == []


@pytest.mark.parametrize(
    ("returns", "found"), [("NoReturn", []), ("None", ["wares_hook(it) is a house.hooks.It, which is no frozen value"])]
)
def test_a_class_that_refuses_assignment_is_a_value(tmp_path: Path, returns: str, found: list[str]) -> None:
    refusal = f"    def __setattr__(self, name, value) -> {returns}: ...\n"
    source = f"class It:\n    number: str\n{refusal}def wares_hook(it: It) -> Any: ...\n"
    sources = tree(tmp_path, {"house/hooks.py": source})
    assert mutable_things_handed(sources, hook_specs="house.hooks", derived=[]) == found


def test_a_listed_class_ends_the_walk_and_must_be_met(tmp_path: Path) -> None:
    assert handed(tmp_path / "met", "held: Held", listed=("house.low.pool.Pool",)) == []
    assert handed(tmp_path / "not", "head: Head", listed=("house.low.pool.Pool",)) == ["house.low.pool.Pool is listed and not met"]


def test_the_methods_that_plugins_override_are_held_to_it_too(tmp_path: Path) -> None:
    derived = "class Base:\n    def plan(self, pool: Pool) -> Pool: ...\n    def _own(self, pool: list[int]) -> None: ...\n"
    assert handed(tmp_path, "head: Head", derived=derived) == ["Base.plan(pool) is a house.low.pool.Pool, which is no frozen value"]


def test_a_wrapper_is_handed_the_answer(tmp_path: Path) -> None:
    hooks = (
        "import pluggy\n@hookspec(firstresult=True)\ndef wares_a() -> list[int]: ...\n@hookspec\ndef wares_b() -> list[int]: ...\n"
    )
    sources = tree(tmp_path, {"house/hooks.py": hooks})
    assert mutable_things_handed(sources, hook_specs="house.hooks", derived=[]) == ["wares_a() is a list"]


# --- the reading -----------------------------------------------------------------------------------------------------


def test_imports_are_found_wherever_they_stand(tmp_path: Path) -> None:
    import ast

    source = "from wares.costing import pool\nfrom . import x\nif TYPE_CHECKING:\n    import wares.books\nimport_module('wares.a')"
    assert sorted(imports_of(ast.parse(source), "wares.ledger"), key=lambda one: one.line) == [
        Import("wares.costing", "pool", 1),
        Import("wares.ledger", "x", 2),
        Import("wares.books", None, 4),
        Import("wares.a", None, 5),
    ]


def test_a_name_is_followed_to_the_module_that_defines_it(tmp_path: Path) -> None:
    sources = tree(tmp_path, {"house/low/__init__.py": "from house.low.a import A as B", "house/low/a.py": "class A: ...",
                              "house/high/c.py": "from house.low import B"})  # fmt: skip
    found = sources.definition(sources.modules["house.high.c"], "B")
    assert found is not None
    assert found[0].module == "house.low.a"
