"""Names of a package that are imported when they are first used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType


def lazily(
    package: str, homes: Mapping[str, str], renamed: Mapping[str, str] = MappingProxyType({})
) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """Return the `__getattr__` and `__dir__` of a package whose names live in these modules: name → module.

    `renamed` maps an old name to its new one. A deprecated name warns when it is used.
    """

    def find(name: str) -> object:
        current = renamed.get(name, name)
        if current not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        from importlib import import_module

        from wares.runtime.deprecations import warn_of

        warn_of(f"{package}.{name}")
        return getattr(import_module(homes[current]), current)

    return find, lambda: sorted(homes)
