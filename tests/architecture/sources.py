"""A tree of sources, read without importing it: its modules, their imports wherever they stand, and where a name comes from."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple


class Import(NamedTuple):
    """`name` of `module`, as written; no name for a plain `import module`."""

    module: str
    name: str | None
    line: int


def imports_of(tree: ast.AST, package: str) -> Iterator[Import]:
    """Every import of a module: at its top, inside functions, under `TYPE_CHECKING`, or by `import_module("...")`.

    `package` resolves relative imports.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, None, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            yield from (Import(module, alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.Call) and _is_import_module(node.func) and node.args:
            given = node.args[0]
            if isinstance(given, ast.Constant) and isinstance(given.value, str):
                yield Import(given.value, None, node.lineno)


def _is_import_module(function: ast.expr) -> bool:
    return (function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")) == "import_module"


class Arrow(NamedTuple):
    """A module of the tree imports another one."""

    importer: Source
    imported: Source
    line: int

    @property
    def place(self) -> str:
        """Where the import stands, for messages."""
        return f"{self.importer.shown}:{self.line}"


@dataclass(frozen=True, eq=False)
class Source:
    """One module."""

    module: str
    path: Path
    shown: str
    """Its path as messages show it."""

    @property
    def is_package(self) -> bool:
        return self.path.name == "__init__.py"

    @property
    def package(self) -> str:
        """The package that its relative imports start from."""
        return self.module if self.is_package else self.module.rpartition(".")[0]

    @property
    def top(self) -> str:
        """The distribution's package in which it stands: `wares`, `wares_kit`."""
        return self.module.partition(".")[0]

    @property
    def room(self) -> str:
        """The folder or loose module directly under the top package; empty for the top package itself."""
        return self.module.split(".")[1] if "." in self.module else ""

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_text("utf-8"), str(self.path))

    @cached_property
    def imports(self) -> tuple[Import, ...]:
        return tuple(imports_of(self.tree, self.package))

    @cached_property
    def classes(self) -> Mapping[str, ast.ClassDef]:
        """The classes that the module defines at its top."""
        return {node.name: node for node in self.tree.body if isinstance(node, ast.ClassDef)}

    @cached_property
    def imported_names(self) -> Mapping[str, Import]:
        """Local name → the import that brings it."""
        names: dict[str, Import] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom):
                for one, alias in zip(imports_of(node, self.package), node.names, strict=True):
                    names[alias.asname or alias.name] = one
        return names

    @cached_property
    def assigned(self) -> Mapping[str, ast.expr]:
        """Name → the value that the module assigns to it at its top: an alias of types, for instance."""
        found: dict[str, ast.expr] = {}
        for node in self.tree.body:
            if isinstance(node, ast.Assign):
                found.update({target.id: node.value for target in node.targets if isinstance(target, ast.Name)})
        return found


class Sources:
    """The modules of several packages. A front door is a package whose names are imported from elsewhere when first used: an import
    of a name from it counts as one of the module that the name comes from. Its own imports do not count, nor does an import of the
    door itself."""

    def __init__(self, sources: Iterable[Source], front_doors: Collection[str] = ()) -> None:
        self.modules: Mapping[str, Source] = {source.module: source for source in sources}
        self.front_doors = frozenset(front_doors)

    @classmethod
    def read(cls, packages: Iterable[Path], *, root: Path, front_doors: Collection[str] = ()) -> Sources:
        """Read the packages in these folders; messages show paths relative to `root`."""
        return cls(
            [
                Source(_name(path, package), path, path.relative_to(root).as_posix())
                for package in packages
                for path in sorted(package.rglob("*.py"))
            ],
            front_doors,
        )

    def of(self, top: str) -> list[Source]:
        """The modules of one top package, without its front door."""
        return [source for source in self.modules.values() if source.top == top and source.module not in self.front_doors]

    def target(self, one: Import) -> Source | None:
        """The module of the tree that an import reaches, None for one outside."""
        if one.name is not None:
            if (submodule := self.modules.get(f"{one.module}.{one.name}")) is not None:
                return submodule
            if one.module in self.front_doors and (home := self.modules[one.module].imported_names.get(one.name)) is not None:
                return self.target(home)
        return self.modules.get(one.module)

    @cached_property
    def arrows(self) -> tuple[Arrow, ...]:
        """Every import of one module of the tree by another."""
        found = []
        for source in self.modules.values():
            if source.module in self.front_doors:
                continue
            for one in source.imports:
                target = self.target(one)
                if target is not None and target is not source and target.module not in self.front_doors:
                    found.append(Arrow(source, target, one.line))
        return tuple(found)

    def definition(self, source: Source, name: str) -> tuple[Source, ast.ClassDef | ast.expr] | None:
        """The class or alias that a name means in a module, with the module that defines it; None for one outside the tree."""
        if (found := source.classes.get(name)) is not None:
            return source, found
        if (value := source.assigned.get(name)) is not None:
            return source, value
        if (one := source.imported_names.get(name)) is None or one.name is None:
            return None
        home = self.modules.get(one.module)
        return None if home is None else self.definition(home, one.name)


def _name(path: Path, package: Path) -> str:
    parts = [package.name, *path.relative_to(package).with_suffix("").parts]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
