"""The one list of deprecated names, each with the version that removes it; the tests compare it with the present version.

    Deprecated("wares.Thing", since="0.4", removed_in="0.6", instead="wares.OtherThing")            a public name
    Deprecated("wares_price_line(price)", since="0.4", removed_in="0.6", instead="ctx.price")       an argument of a hook
    Deprecated("wares_old_hook", since="0.4", removed_in="0.6", instead="wares_new_hook")           a hook
    Deprecated("wares old", since="0.4", removed_in="0.6", instead="wares new")                     a command that has a new name
    Deprecated("wares.Kind.OLD", since="0.4", removed_in="0.6", instead="wares.Kind.NEW")           a member of an enumeration

A deprecated name works for two minor versions and warns on use (`warn_of`). A deprecated hook is still called and an argument
is still passed; at load pluggy warns each plugin that uses it (`warn_on_impl`, `warn_on_impl_args` of the hookspec, which
`hook_warnings` fills from this list). An old name of a command runs the new one and is not in the help. A test fails as soon
as a removal is due.

`REMOVED` lists facts of registered objects that nothing reads any more. A plugin whose object still states one is not loaded, since
the object would not do as its author wrote; the message names the replacement.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from typing import NamedTuple, TypedDict


class Deprecated(NamedTuple):
    """A deprecated name and its replacement."""

    name: str
    since: str
    removed_in: str
    instead: str

    @property
    def message(self) -> str:
        """Return the text of the warning."""
        return f"{self.name} is deprecated since {self.since} and goes in {self.removed_in}; use {self.instead}"


DEPRECATED: tuple[Deprecated, ...] = (
    Deprecated("wares.Taken", since="0.1", removed_in="0.3", instead="wares.Consumption"),
    Deprecated("wares.Carried", since="0.1", removed_in="0.3", instead="wares.TransferredLayer"),
    Deprecated("wares.Accepted", since="0.1", removed_in="0.3", instead="wares.AcceptedDocument"),
    Deprecated("wares inventory", since="0.1", removed_in="0.3", instead="wares seller"),
    Deprecated("wares.Intent.AS_LEFT", since="0.1", removed_in="0.3", instead="wares.Intent.AT_ISSUE_COST"),
    Deprecated("wares.Intent.AS_CAME", since="0.1", removed_in="0.3", instead="wares.Intent.AT_RECEIPT_COST"),
    Deprecated("wares.Intent.NEUTRAL", since="0.1", removed_in="0.3", instead="wares.Intent.QUANTITY_ONLY"),
    Deprecated("wares.Intent.CARRIED_OUT", since="0.1", removed_in="0.3", instead="wares.Intent.TRANSFER_OUT"),
    Deprecated("wares.Intent.CARRIED_IN", since="0.1", removed_in="0.3", instead="wares.Intent.TRANSFER_IN"),
    Deprecated("wares.Intent.PASSED_ON", since="0.1", removed_in="0.3", instead="wares.Intent.COST_TRANSFERRED"),
    Deprecated("wares.Intent.UNCOUNTED", since="0.1", removed_in="0.3", instead="wares.Intent.COUNT_REVERSED"),
)


class Removed(NamedTuple):
    """A fact of a registered object that nothing reads any more, and its replacement."""

    owner: str
    name: str
    instead: str


REMOVED: tuple[Removed, ...] = (
    Removed("DocumentType", "takes_what_waits", "override quantity_left(origin)"),
    Removed("DocumentType", "takes_latest", "override comes_from_latest(given)"),
    Removed("DocumentType", "signed_quantity", "override quantity_problem(quantity)"),
    Removed("DocumentType", "voidable", "override void_problem(number)"),
)


def removed_facts(owner: str, thing: object) -> Iterator[Removed]:
    """Yield the removed facts that an object of a kind still states."""
    return (each for each in REMOVED if each.owner == owner and hasattr(thing, each.name))


def renamed_member(owner: str, name: str) -> str | None:
    """Return the new name of a member of a public enumeration, and warn its user; None if no member had this name."""
    old = f"wares.{owner}.{name}"
    found = next((each for each in DEPRECATED if each.name == old), None)
    if found is None:
        return None
    warnings.warn(found.message, DeprecationWarning, stacklevel=3)
    return found.instead.rpartition(".")[2]


def warn_of(name: str) -> None:
    """Warn the caller if it uses a deprecated name."""
    found = next((each for each in DEPRECATED if each.name == name), None)
    if found is not None:
        warnings.warn(found.message, DeprecationWarning, stacklevel=3)


def renamed_command(name: str) -> Deprecated | None:
    """Return the entry of a command that has a new name; None if it has none."""
    return next((each for each in DEPRECATED if each.name == f"wares {name}"), None)


class HookWarnings(TypedDict, total=False):
    """Options of a hookspec."""

    warn_on_impl: Warning
    warn_on_impl_args: Mapping[str, Warning]


def hook_warnings(hook: str, deprecated: tuple[Deprecated, ...] = DEPRECATED) -> HookWarnings:
    """Return the options of a hookspec that make pluggy warn: `@hookspec(**hook_warnings("wares_price_line"))`."""
    arguments: dict[str, Warning] = {
        each.name[len(hook) + 1 : -1]: DeprecationWarning(each.message)
        for each in deprecated
        if each.name.startswith(f"{hook}(") and each.name.endswith(")")
    }
    whole = next((DeprecationWarning(each.message) for each in deprecated if each.name == hook), None)
    found: HookWarnings = {}
    if arguments:
        found["warn_on_impl_args"] = arguments
    if whole is not None:
        found["warn_on_impl"] = whole
    return found
