"""The plugin that broke its contract: found from a traceback, an object or an answer, and named in a PluginError.

pluggy does not say which implementation raised. The traceback does: its innermost frame that belongs to a plugin, because the frame
runs a hook implementation of the plugin, a method of an object that it registered, or any function of its modules.

Refusals (any WaresError) and conflicts that disappear when the unit runs again pass as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from types import CodeType, FrameType, TracebackType
from typing import NoReturn

import pluggy

from wares.errors import REPORT_OR_DISABLE, PluginError, WaresError, WrongAnswer, shown
from wares.model import Item
from wares.plugin_manager.registry import Owner, Registry

CORE = "core"
"""Name of the core's own plugin (wares.core_plugin)."""

FAILURES = (Exception, SystemExit)
"""The exceptions that a plugin may raise by mistake. A `sys.exit()` in a plugin does not end the program."""


class Blame:
    """Finds the plugin that broke its contract and says so in an error. Nothing is prepared before something goes wrong."""

    def __init__(self, manager: pluggy.PluginManager, registry: Registry, owners: Iterable[tuple[object, Owner]]) -> None:
        self._manager = manager
        self._registry = registry
        self._owners = tuple(owners)

    # --- the error ---

    @contextmanager
    def naming(self) -> Iterator[None]:
        """Name the plugin of an object that raises within. Objects are asked directly for a document type's plan, a cost method's
        fold or an availability; their exceptions become PluginErrors, and all others pass."""
        try:
            yield
        except WrongAnswer as error:
            raise self._signed(error) from None
        except FAILURES as error:
            if isinstance(error, WaresError):
                raise
            owner = self.of(error)
            named = error if owner is None or owner.name == CORE else self.raised(error, _place_of(error), owner)
            if named is error:
                raise
            raise named from error

    def _signed(self, error: WrongAnswer) -> PluginError:
        """Return the error about a wrong answer with the plugin of the object that gave it."""
        owner = self.of_thing(error.thing)
        return PluginError(
            error.code, f"{_who(owner)} {error.said}", hint=error.hint, plugin=owner.name if owner is not None else None
        )

    def reraise(self, error: Exception | SystemExit, hook: str, **arguments: object) -> NoReturn:
        """Raise the exception of a behaviour hook as a PluginError of its plugin."""
        if _passes(error):
            raise error
        owner = self.by_asking_again(hook, arguments, lambda _: True)
        if owner is None or owner.name == CORE:
            owner = self.of(error)
        raise self.raised(error, hook, owner) from error

    def raised(self, error: Exception | SystemExit, hook: str, owner: Owner | None) -> Exception | SystemExit:
        """Return the PluginError that names the plugin, or the error itself if it passes."""
        if _passes(error):
            return error
        return PluginError(
            "PLUGIN_RAISED",
            f"{_who(owner)} raised {type(error).__name__} in {hook}: {error}",
            hint=REPORT_OR_DISABLE,
            plugin=owner.name if owner is not None else None,
        )

    def refuse(
        self, value: object, is_right: Callable[[object], bool], wanted: str, *, hook: str, item: Item | None, **arguments: object
    ) -> NoReturn:
        """Raise a PluginError about the answer of a behaviour hook, with the plugin that made it wrong."""
        owner = self.by_asking_again(hook, arguments, is_right)
        raise returned(self.speaker(owner, item), hook, wanted, value)

    # --- the owner ---

    def of(self, error: BaseException) -> Owner | None:
        """Return the plugin in whose code `error` arose; None if no plugin's code was running."""
        codes, things, modules = self._codes(), dict(self._things()), dict(self._modules())
        for frame in reversed(list(_frames(error.__traceback__))):
            owner = things.get(id(frame.f_locals.get("self"))) or codes.get(frame.f_code) or _of_module(frame, modules)
            if owner is not None:
                return owner
        return None

    def of_thing(self, thing: object) -> Owner | None:
        """Return the plugin that registered an object; None if no plugin did."""
        return dict(self._things()).get(id(thing))

    def by_asking_again(self, hook: str, arguments: Mapping[str, object], is_right: Callable[[object], bool]) -> Owner | None:
        """Return the plugin with which the answer of a behaviour hook first goes wrong; None if it does not.

        The core is asked alone, then with one wrapper more each time, innermost first. Behaviour is pure by contract, so asking
        again changes nothing.
        """
        impls = getattr(self._manager.hook, hook).get_hookimpls()
        for count, impl in enumerate(impls, start=1):
            others = {other.plugin for other in impls[count:]} - {other.plugin for other in impls[:count]}
            try:
                right = is_right(self._manager.subset_hook_caller(hook, others)(**arguments))
            except FAILURES:
                right = False
            if not right:
                return self.owner_of(impl.plugin)
        return None

    def owner_of(self, plugin: object) -> Owner:
        """Return the owner record of a loaded plugin object."""
        return next(owner for known, owner in self._owners if known is plugin)

    def speaker(self, owner: Owner | None, item: Item | None) -> Owner | None:
        """Return the plugin that spoke: for the core and an item, the plugin that owns the item's type."""
        if item is None or (owner is not None and owner.name != CORE):
            return owner
        return self._registry.owner("item_types", item.type) or owner

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


def returned(owner: Owner | None, hook: str, wanted: str, value: object) -> PluginError:
    """Return the PluginError about an answer that its hook does not allow."""
    who = f"plugin {owner}" if owner is not None else "a plugin"
    return PluginError(
        "PLUGIN_RETURNED",
        f"{who} returned {shown(value)} from {hook}; it must return {wanted}",
        hint=REPORT_OR_DISABLE,
        plugin=owner.name if owner is not None else None,
    )


def _who(owner: Owner | None) -> str:
    return f"plugin {owner}" if owner is not None and owner.name != CORE else "the core"


def _passes(error: Exception | SystemExit) -> bool:
    """True for a refusal, and for a conflict that a hook met when it read (`ctx.masters`, `wares_load`)."""
    from wares.storage.database import is_retryable  # only when something went wrong: the loader needs no database

    return isinstance(error, WaresError) or (isinstance(error, Exception) and is_retryable(error))


def _place_of(error: BaseException) -> str:
    """Return the name of the function in which the error arose."""
    frames = list(_frames(error.__traceback__))
    return frames[-1].f_code.co_name if frames else "its code"


def _frames(traceback: TracebackType | None) -> Iterable[FrameType]:
    while traceback is not None:
        yield traceback.tb_frame
        traceback = traceback.tb_next


def _of_module(frame: FrameType, modules: Mapping[str, Owner]) -> Owner | None:
    name = str(frame.f_globals.get("__name__", ""))
    while name:
        if name in modules:
            return modules[name]
        name = name.rpartition(".")[0]
    return None


def _module_of(thing: object) -> str:
    if hasattr(thing, "__spec__"):  # a module is its own home
        return str(getattr(thing, "__name__", ""))
    return str(getattr(thing, "__module__", type(thing).__module__))
