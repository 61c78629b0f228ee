"""Checks of a plugin before it is let in: its API version and the signatures of its hook implementations.

Each breach raises a PluginError with a code of its own. The loader records it and goes on without the plugin.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable

import pluggy

from wares.contract import hookspecs
from wares.errors import PluginError
from wares.plugin_manager.registry import Owner

BEHAVIOUR_HOOKS = frozenset({"wares_expand_line", "wares_price_line", "wares_cost_line", "wares_map_account"})
"""The hooks that the core's own implementation answers with the item's type; plugins may only wrap them."""
WRAPPABLE_HOOKS = BEHAVIOUR_HOOKS | {"wares_validate_item"}
"""Every other hook is called for each plugin separately: a wrapper would see its own plugin's answer only."""


def new_manager() -> pluggy.PluginManager:
    """Return a plugin manager with the hooks of Wares and no plugin."""
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    return manager


def require_api(plugin: object, owner: Owner) -> None:
    """Require a `WARES_API_VERSION` that is not newer than ours. PluginError PLUGIN_NEEDS_NEWER_API, PLUGIN_API_VERSION."""
    wanted = getattr(plugin, "WARES_API_VERSION", hookspecs.API_VERSION)
    if type(wanted) is not int or wanted < 1:
        what = f"states WARES_API_VERSION = {wanted!r}; it must be a whole number from 1"
        raise breach("PLUGIN_API_VERSION", owner, what)
    if wanted > hookspecs.API_VERSION:
        raise breach(
            "PLUGIN_NEEDS_NEWER_API",
            owner,
            f"needs version {wanted} of the plugin API; this is version {hookspecs.API_VERSION}",
            hint="upgrade wares, or install an older version of the plugin",
        )


def required_by(plugin: object, owner: Owner) -> tuple[str, ...]:
    """Return the names of the plugins that a plugin needs: its `WARES_REQUIRES`. Raises PluginError PLUGIN_REQUIREMENT."""
    wanted = getattr(plugin, "WARES_REQUIRES", ())
    if not isinstance(wanted, tuple | list) or not all(isinstance(name, str) for name in wanted):
        raise breach("PLUGIN_REQUIREMENT", owner, f"states WARES_REQUIRES = {wanted!r}; it must be a tuple of plugin names")
    return tuple(wanted)


def admit(manager: pluggy.PluginManager, plugin: object, owner: Owner, *, core: bool = False) -> tuple[str, ...]:
    """Register a plugin and return the hooks that it implements. On a breach nothing of it stays registered."""
    try:
        _register(manager, plugin, owner)
        _require_known_hooks(manager, owner)
        impls = [(caller.name, impl) for caller, impl in _impls_of(manager, plugin)]
        for hook, impl in impls:
            _require_plain_signature(hook, impl, owner)
            if not core:
                _require_right_wrapping(hook, impl, owner)
    except BaseException:
        if manager.has_plugin(owner.name):
            manager.unregister(name=owner.name)
        raise
    return tuple(sorted(dict.fromkeys(hook for hook, _ in impls)))


def breach(code: str, owner: Owner, what: str, *, hint: str = "") -> PluginError:
    """Return an error that names the plugin with its distribution and version. `what` is its predicate: "has no ..."."""
    return PluginError(code, f"plugin {owner} {what}", hint=hint, plugin=owner.name)


def _register(manager: pluggy.PluginManager, plugin: object, owner: Owner) -> None:
    try:
        hash(plugin)
        manager.register(plugin, owner.name)
    except pluggy.PluginValidationError as error:
        what = f"does not fit its hook: {' '.join(str(error).splitlines()[1:])}"
        raise breach("HOOK_SIGNATURE", owner, what, hint="compare wares/contract/hookspecs.py") from None


def _impls_of(manager: pluggy.PluginManager, plugin: object) -> Iterable[tuple[pluggy.HookCaller, pluggy.HookImpl]]:
    for caller in manager.get_hookcallers(plugin) or ():
        for impl in caller.get_hookimpls():
            if impl.plugin is plugin:
                yield caller, impl


def _require_known_hooks(manager: pluggy.PluginManager, owner: Owner) -> None:
    try:
        manager.check_pending()
    except pluggy.PluginValidationError as error:
        unknown = str(error).split("'")[1]
        what = f"implements {unknown}, which is no hook of Wares"
        raise breach("HOOK_UNKNOWN", owner, what, hint=_meant(unknown)) from None


def _meant(unknown: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(unknown, known_hooks(), n=1, cutoff=0.5)
    return f"did you mean {close[0]}?" if close else "the hooks are listed in wares/contract/hookspecs.py"


def known_hooks() -> list[str]:
    """Return the name of every hook, in the order of the manual."""
    return [name for name in vars(hookspecs) if name.startswith("wares_")]


def _require_plain_signature(hook: str, impl: pluggy.HookImpl, owner: Owner) -> None:
    for parameter in inspect.signature(impl.function).parameters.values():
        if parameter.default is not parameter.empty:
            raise breach(
                "HOOK_DEFAULT",
                owner,
                f"implements {hook} with a default for {parameter.name!r}; hooks take no defaults",
                hint="drop the default; an argument that is not used may be left out",
            )
        if parameter.kind not in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD):
            what = f"implements {hook} with {parameter}; hooks take plain arguments only"
            raise breach("HOOK_SIGNATURE", owner, what)


def _require_right_wrapping(hook: str, impl: pluggy.HookImpl, owner: Owner) -> None:
    wraps = impl.wrapper or impl.hookwrapper
    if hook in BEHAVIOUR_HOOKS and not wraps:
        raise breach(
            "HOOK_NOT_WRAPPER",
            owner,
            f"implements {hook} outright; the owning object answers it and others may only wrap it",
            hint="use @hookimpl(wrapper=True), or put the behaviour on the object that you register",
        )
    if impl.hookwrapper or (wraps and hook not in WRAPPABLE_HOOKS):
        what = "as an old-style hookwrapper" if impl.hookwrapper else "as a wrapper, but each plugin is asked by itself"
        hint = "use @hookimpl; @hookimpl(wrapper=True) for behaviour only"
        raise breach("HOOK_WRAPPER", owner, f"implements {hook} {what}", hint=hint)
