"""Whose code an exception came from.

pluggy does not say which implementation raised. The traceback does: its innermost frame that belongs to a plugin,
because it runs a hook implementation of it, a method of an object that it registered, or any function of its modules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import CodeType, FrameType, TracebackType
from typing import Any

import pluggy

from wares.plugin_manager.registry import Owner, Registry


class Culprits:
    """Finds the owner of a traceback. Asked only when something went wrong already, so nothing is prepared early."""

    def __init__(self, manager: pluggy.PluginManager, registry: Registry, owners: Iterable[tuple[object, Owner]]) -> None:
        self._manager = manager
        self._registry = registry
        self._owners = tuple(owners)

    def of(self, error: BaseException) -> Owner | None:
        """The plugin in whose code `error` arose; None if no plugin's code was running."""
        codes, things, modules = self._codes(), dict(self._things()), dict(self._modules())
        for frame in reversed(list(_frames(error.__traceback__))):
            owner = things.get(id(frame.f_locals.get("self"))) or codes.get(frame.f_code) or _of_module(frame, modules)
            if owner is not None:
                return owner
        return None

    def of_thing(self, thing: object) -> Owner | None:
        """The plugin that registered an object; None if nobody did."""
        return dict(self._things()).get(id(thing))

    def by_asking_again(self, hook: str, arguments: Mapping[str, Any], is_right: Callable[[object], bool]) -> Owner | None:
        """The plugin with which the answer of a behaviour hook first goes wrong, asking the core alone, then one
        wrapper more each time, innermost first. Behaviour is pure by contract, so asking again changes nothing."""
        impls = getattr(self._manager.hook, hook).get_hookimpls()
        for count, impl in enumerate(impls, start=1):
            others = {other.plugin for other in impls[count:]} - {other.plugin for other in impls[:count]}
            try:
                right = is_right(self._manager.subset_hook_caller(hook, others)(**arguments))
            except (Exception, SystemExit):
                right = False
            if not right:
                return self.owner_of(impl.plugin)
        return None

    def owner_of(self, plugin: object) -> Owner:
        """The owner record of a registered plugin object."""
        return next(owner for known, owner in self._owners if known is plugin)

    def _codes(self) -> dict[CodeType, Owner]:
        codes: dict[CodeType, Owner] = {}
        for plugin, owner in self._owners:
            for caller in self._manager.get_hookcallers(plugin) or ():
                for impl in caller.get_hookimpls():
                    if impl.plugin is plugin and (code := getattr(impl.function, "__code__", None)):
                        codes[code] = owner
        return codes

    def _things(self) -> Iterable[tuple[int, Owner]]:
        for plugin, owner in self._owners:
            yield id(plugin), owner
        for thing, owner in self._registry.things():
            yield id(thing), owner

    def _modules(self) -> Iterable[tuple[str, Owner]]:
        for thing, owner in (*self._owners, *self._registry.things()):
            yield _module_of(thing), owner


def _module_of(thing: Any) -> str:
    if hasattr(thing, "__spec__"):  # a module is its own home
        return str(thing.__name__)
    return str(getattr(thing, "__module__", type(thing).__module__))


def _of_module(frame: FrameType, modules: dict[str, Owner]) -> Owner | None:
    name = str(frame.f_globals.get("__name__", ""))
    while name:
        if name in modules:
            return modules[name]
        name = name.rpartition(".")[0]
    return None


def _frames(traceback: TracebackType | None) -> Iterable[FrameType]:
    while traceback is not None:
        yield traceback.tb_frame
        traceback = traceback.tb_next
