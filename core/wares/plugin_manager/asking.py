"""One plugin's implementation of a hook: the hooks that each plugin answers by itself are asked through it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, cast

import pluggy

from wares.plugin_manager.blame import Blame
from wares.plugin_manager.registry import Owner

Arguments = Mapping[str, object]
"""The arguments of a hook by name."""


class Asked(NamedTuple):
    """One plugin's implementation of a hook that each plugin is asked by itself."""

    owner: Owner
    function: Callable[..., object]
    argnames: tuple[str, ...]

    def __call__(self, arguments: Arguments) -> object:
        return self.function(*[arguments[name] for name in self.argnames])

    def listed(self, arguments: Arguments) -> list[object]:
        """Return the answer as a list; None counts as empty. A TypeError of the plugin if it is no iterable."""
        answer = self(arguments) or ()
        return list(cast("Iterable[object]", answer))


def asked(manager: pluggy.PluginManager, blame: Blame, hook: str) -> tuple[Asked, ...]:
    """Return each plugin's implementation: tryfirst, then in the order of loading, then trylast."""
    impls = [impl for impl in getattr(manager.hook, hook).get_hookimpls() if not impl.wrapper]
    impls.sort(key=lambda impl: bool(impl.trylast) - bool(impl.tryfirst))
    return tuple(Asked(blame.owner_of(impl.plugin), impl.function, impl.argnames) for impl in impls)
