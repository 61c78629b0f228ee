"""What is public can be imported by its name, whatever was imported before: no module stands in its way."""

from __future__ import annotations

import ast
import builtins
import collections.abc
import inspect
import textwrap
import typing
from collections.abc import Iterator
from importlib.util import find_spec
from types import ModuleType
from typing import Any

import pytest

import wares
import wares.cli
import wares.storage
import wares.testing


@pytest.mark.parametrize("package", [wares, wares.storage, wares.testing, wares.cli], ids=lambda package: package.__name__)
def test_no_public_name_is_that_of_a_module(package: ModuleType) -> None:
    assert [name for name in package.__all__ if find_spec(f"{package.__name__}.{name}") is not None] == []


OF_OTHERS = {"BaseModel", "MetaData", "Table", "Decimal", "date", "datetime"}
"""What comes from the standard library and from the packages that authors import themselves."""


def annotated(source: str) -> Iterator[str]:
    """The names in the annotations of what is public in a class, a function or a module: fields, parameters, results."""
    for node in ast.walk(ast.parse(textwrap.dedent(source))):
        found: list[ast.expr | None] = []
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            found = [*(each.annotation for each in [*node.args.args, *node.args.kwonlyargs]), node.returns]
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and not node.target.id.startswith("_"):
            found = [node.annotation]
        yield from (part.id for each in found if each is not None for part in ast.walk(each) if isinstance(part, ast.Name))


def is_known(name: str) -> bool:
    """Whether an author can import what an annotation names."""
    homes = (builtins, typing, collections.abc)
    return name in {*wares.__all__, *wares.storage.__all__} | OF_OTHERS or any(hasattr(home, name) for home in homes)


def subjects() -> Iterator[tuple[str, Any]]:
    """What plugins are given, give and implement: the public values and types, and the hooks. Not what they only call."""
    for name in wares.__all__:
        if inspect.isclass(thing := getattr(wares, name)) and thing not in (
            wares.Books,
            wares.BooksView,
            wares.PoolState,
            wares.Reader,
        ):
            yield name, thing
    yield "hooks", wares.contract.hookspecs


@pytest.mark.parametrize(("name", "thing"), list(subjects()))
def test_what_is_public_names_only_what_is_public(name: str, thing: Any) -> None:
    unknown = {each for each in annotated(inspect.getsource(thing)) if not is_known(each)}
    assert not unknown, f"{name} names {', '.join(sorted(unknown))}, which nobody can import from wares"


def undocumented(thing: Any) -> Iterator[str]:
    """The class or function itself, and public methods of the class, that neither say what they are nor inherit it."""
    if not thing.__doc__:
        yield thing.__name__
    for name, member in vars(thing).items() if inspect.isclass(thing) else ():
        method = getattr(member, "__func__", member.fget if isinstance(member, property) else member)
        if not name.startswith("_") and inspect.isfunction(method) and not inspect.getdoc(getattr(thing, name)):
            yield f"{thing.__name__}.{name}"


@pytest.mark.parametrize("package", [wares, wares.storage, wares.testing, wares.cli], ids=lambda package: package.__name__)
def test_what_is_public_says_what_it_is(package: ModuleType) -> None:
    things = [getattr(package, name) for name in package.__all__]
    ours = [thing for thing in things if str(getattr(thing, "__module__", "")).startswith("wares")]
    silent = [each for thing in ours for each in undocumented(thing)]
    assert [each for each in silent if ".test_" not in each] == []  # a law's name says what it is


def test_the_annotations_are_found() -> None:
    source = "class A:\n    b: Mapping[str, B]\n    _c: C\n    def d(self, e: E, *, f: F) -> G: ...\n    def _h(self, i: I): ..."
    assert list(annotated(source)) == ["Mapping", "str", "B", "E", "F", "G"]
    assert [name for name in ("B", "Mapping", "Issue", "MigrationSource", "str") if is_known(name)] == [
        "Mapping", "Issue", "MigrationSource", "str",
    ]  # fmt: skip
