"""When a plugin breaks its contract: the PluginError that names it with its distribution, version and hook.

A refusal (any WaresError), and what may pass when the unit is run again, stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NoReturn

from wares.errors import REPORT_OR_DISABLE, PluginError, WaresError, WrongAnswer, shown
from wares.plugin_manager.culprit import Culprits
from wares.plugin_manager.registry import Owner, Registry

CORE = "core"
"""Name of the core's own plugin (wares.core_plugin)."""

FAILURES = (Exception, SystemExit)
"""What a plugin may raise by mistake: a `sys.exit()` in one does not end the program either."""


class Blame:
    """Who broke the contract, said in an error."""

    def __init__(self, culprits: Culprits, registry: Registry) -> None:
        self._culprits = culprits
        self._registry = registry

    @contextmanager
    def naming(self) -> Iterator[None]:
        """Around a unit of work: what an object raises that is asked directly (a document type's plan, a cost method's fold, an
        availability) becomes a PluginError with the name of the object's plugin. Everything else passes as it is."""
        try:
            yield
        except WrongAnswer as error:
            raise self._signed(error) from None
        except FAILURES as error:
            if isinstance(error, WaresError):
                raise
            owner = self._culprits.of(error)
            named = error if owner is None or owner.name == CORE else self.raised(error, _place_of(error), owner)
            if named is error:
                raise
            raise named from error

    def _signed(self, error: WrongAnswer) -> PluginError:
        """What is wrong with an answer, with the plugin of the object that gave it."""
        owner = self._culprits.of_thing(error.thing)
        return PluginError(
            error.code, f"{_who(owner)} {error.said}", hint=error.hint, plugin=owner.name if owner is not None else None
        )

    def reraise(self, error: Exception | SystemExit, hook: str, **arguments: Any) -> NoReturn:
        """Raise what a behaviour hook raised, with its plugin."""
        if _passes(error):
            raise error
        owner = self._culprits.by_asking_again(hook, arguments, lambda _: True)
        if owner is None or owner.name == CORE:
            owner = self._culprits.of(error)
        raise self.raised(error, hook, owner) from error

    def raised(self, error: Exception | SystemExit, hook: str, owner: Owner | None) -> Exception | SystemExit:
        """The error with its plugin."""
        if _passes(error):
            return error
        return PluginError(
            "PLUGIN_RAISED",
            f"{_who(owner)} raised {type(error).__name__} in {hook}: {error}",
            hint=REPORT_OR_DISABLE,
            plugin=owner.name if owner is not None else None,
        )

    def refuse(self, value: object, is_right: Callable[[object], bool], wanted: str, hook: str, **arguments: Any) -> NoReturn:
        """Raise what is wrong with the answer of a behaviour hook, with the plugin with which it went wrong."""
        owner = self._culprits.by_asking_again(hook, arguments, is_right)
        subject = arguments.get("line") or arguments["query"]
        raise returned(self.speaker(owner, {"item": subject.item}), hook, wanted, value)

    def speaker(self, owner: Owner | None, arguments: Mapping[str, Any]) -> Owner | None:
        """Who spoke: when it was the core, then for the plugin that owns the item's type."""
        item = arguments.get("item")
        if item is None or (owner is not None and owner.name != CORE):
            return owner
        return self._registry.owner("item_types", item.type) or owner


def returned(owner: Owner | None, hook: str, wanted: str, value: object) -> PluginError:
    """What is wrong with an answer of a hook."""
    who = f"plugin {owner}" if owner is not None else "a plugin"
    return PluginError(
        "PLUGIN_RETURNED",
        f"{who} returned {shown(value)} from {hook}; it must return {wanted}",
        hint=REPORT_OR_DISABLE,
        plugin=owner.name if owner is not None else None,
    )


def _place_of(error: BaseException) -> str:
    """The function in which it arose."""
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    return traceback.tb_frame.f_code.co_name if traceback is not None else "its code"


def _who(owner: Owner | None) -> str:
    return f"plugin {owner}" if owner is not None and owner.name != CORE else "the core"


def _passes(error: Exception | SystemExit) -> bool:
    """Whether it stays as it is: a refusal, or a conflict that a hook met when it read (`ctx.masters`, `wares_load`)."""
    from wares.storage.database import is_retryable

    return isinstance(error, WaresError) or (isinstance(error, Exception) and is_retryable(error))
