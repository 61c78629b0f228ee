"""The types that plugins are handed: all that the annotations of the contract lead to, each held to be a value.

The walk begins at the parameters of the hook specs and of the public methods of the classes that plugins derive from. From a class
it goes on to its fields, its properties and the classes that its methods return. It stops at the listed classes.
"""

from __future__ import annotations

import ast
from collections import deque
from collections.abc import Collection, Iterator
from typing import NamedTuple

from tests.architecture.sources import Source, Sources

MUTABLE = frozenset(
    [
        "list",
        "dict",
        "set",
        "bytearray",
        "List",
        "Dict",
        "Set",
        "DefaultDict",
        "Deque",
        "Counter",
        "OrderedDict",
        "defaultdict",
        "deque",
        "MutableMapping",
        "MutableSequence",
        "MutableSet",
        "Session",
        "Connection",
        "Engine",
    ]
)
"""Types from outside the tree that no field and no parameter may have."""
VALUES = frozenset(["NamedTuple", "Enum", "StrEnum", "IntEnum", "Flag", "IntFlag", "Protocol"])
"""Bases that make a class a value, or the description of what may be asked."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Handed(NamedTuple):
    """An annotation, the module in which it stands, and the way that leads to it."""

    annotation: ast.expr
    source: Source
    way: str
    fresh: bool  # the result of a method: a list of it belongs to the caller


def mutable_things_handed(
    sources: Sources, *, hook_specs: str, derived: Collection[str], listed: Collection[str] = ()
) -> list[str]:
    """The mutable types that the contract leads to.

    `hook_specs` is the module of the hooks, `derived` names the classes that plugins derive from (`module.Name`), `listed` the
    classes where the walk stops: read-only facades and the plugins' own objects. Each listed class must be met.
    """
    found: list[str] = []
    met: set[str] = set()
    seen: set[str] = set()
    waiting = deque(_starts(sources, hook_specs, derived))
    while waiting:
        handed = waiting.popleft()
        for name in _names(handed.annotation):
            if name in MUTABLE and not handed.fresh:
                found.append(f"{handed.way} is a {name}")
            definition = sources.definition(handed.source, name)
            if definition is None:
                continue
            home, node = definition
            full = f"{home.module}.{name if not isinstance(node, ast.ClassDef) else node.name}"
            if full in listed:
                met.add(full)
            elif full not in seen:
                seen.add(full)
                if not isinstance(node, ast.ClassDef):
                    waiting.append(handed._replace(annotation=node, source=home))
                    continue
                if not is_value(sources, home, node):
                    found.append(f"{handed.way} is a {full}, which is no frozen value")
                waiting += _parts(sources, home, node)
    return found + [f"{name} is listed and not met" for name in sorted(set(listed) - met)]


def _starts(sources: Sources, hook_specs: str, derived: Collection[str]) -> Iterator[Handed]:
    specs = sources.modules[hook_specs]
    for node in specs.tree.body:
        if isinstance(node, Function) and node.name.startswith("wares_"):
            yield from _parameters(node, specs, node.name)
            if any(isinstance(each, ast.Call) and _keyword(each, "firstresult") for each in node.decorator_list):
                yield from _result(node, specs, node.name, fresh=False)  # a wrapper is handed the answer of another
    for name in derived:
        module, _, short = name.rpartition(".")
        for node in sources.modules[module].classes[short].body:
            if isinstance(node, Function) and not node.name.startswith("_"):
                yield from _parameters(node, sources.modules[module], f"{short}.{node.name}")


def _parameters(node: Function, source: Source, way: str) -> Iterator[Handed]:
    arguments = node.args
    for each in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]:
        if each.annotation is not None:
            yield Handed(each.annotation, source, f"{way}({each.arg})", fresh=False)


def _result(node: Function, source: Source, way: str, *, fresh: bool) -> Iterator[Handed]:
    if node.returns is not None:
        yield Handed(node.returns, source, f"{way}()", fresh)


def _parts(sources: Sources, home: Source, node: ast.ClassDef) -> Iterator[Handed]:
    """The fields of a class, its properties, and the results of its public methods, with those of its bases."""
    for each in node.body:
        if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name) and "ClassVar" not in _names(each.annotation):
            yield Handed(each.annotation, home, f"{node.name}.{each.target.id}", fresh=False)
        elif isinstance(each, Function) and not each.name.startswith("_"):
            yield from _result(each, home, f"{node.name}.{each.name}", fresh=not _is_property(each))
    for base in node.bases:
        for name in _names(base):
            definition = sources.definition(home, name)
            if definition is not None and isinstance(definition[1], ast.ClassDef):
                yield from _parts(sources, definition[0], definition[1])


def _is_property(node: Function) -> bool:
    return any(_called(each) in ("property", "cached_property") for each in node.decorator_list)


def _names(annotation: ast.expr) -> Iterator[str]:
    """The names in an annotation, those inside texts too."""
    for node in ast.walk(annotation):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            try:
                yield from _names(ast.parse(node.value, mode="eval").body)
            except SyntaxError:  # the text of a Literal
                continue


def is_value(sources: Sources, home: Source, node: ast.ClassDef) -> bool:
    """True for a frozen dataclass, a NamedTuple, an Enum, a Protocol, a frozen pydantic model, a class that refuses assignment
    (`__setattr__` returns NoReturn), or a class derived from one."""
    if any(
        isinstance(each, ast.Call) and _called(each) == "dataclass" and _keyword(each, "frozen") for each in node.decorator_list
    ):
        return True
    if any(_called(each) == "dataclass" for each in node.decorator_list):
        return False
    if any(_freezes(each) or _refuses_assignment(each) for each in node.body):
        return True
    for base in node.bases:
        name = next(_names(base), "")
        if name in VALUES:
            return True
        definition = sources.definition(home, name)
        if definition is not None and isinstance(definition[1], ast.ClassDef) and is_value(sources, definition[0], definition[1]):
            return True
    return False


def _freezes(statement: ast.stmt) -> bool:
    """True for `model_config = ConfigDict(frozen=True)`."""
    if not isinstance(statement, ast.Assign | ast.AnnAssign) or not isinstance(statement.value, ast.Call):
        return False
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    return any(isinstance(each, ast.Name) and each.id == "model_config" for each in targets) and _keyword(statement.value, "frozen")


def _refuses_assignment(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.FunctionDef)
        and statement.name == "__setattr__"
        and statement.returns is not None
        and "NoReturn" in _names(statement.returns)
    )


def _called(node: ast.expr) -> str:
    function = node.func if isinstance(node, ast.Call) else node
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _keyword(call: ast.Call, name: str) -> bool:
    return any(each.arg == name and isinstance(each.value, ast.Constant) and each.value.value is True for each in call.keywords)
