"""What goes: listed once, warned of in time, and gone when it is due."""

from __future__ import annotations

from importlib.metadata import version

import click
import pluggy
import pytest

import wares
from wares.cli.main import main
from wares.plugin_manager.contract import known_hooks
from wares.plugin_manager.loader import load_plugins
from wares.runtime import deprecations
from wares.runtime.deprecations import DEPRECATED, REMOVED, Deprecated, Removed, hook_warnings

GOING = (
    Deprecated("wares_price(price)", since="0.4", removed_in="0.6", instead="ctx.price"),
    Deprecated("wares_old", since="0.4", removed_in="0.6", instead="wares_price"),
)
hookspec, hookimpl = pluggy.HookspecMarker("wares"), pluggy.HookimplMarker("wares")


def is_due(removed_in: str, now: str) -> bool:
    """Whether a removal planned for one version should have happened in the other, compared as major.minor."""
    return tuple(map(int, now.split(".")[:2])) >= tuple(map(int, removed_in.split(".")))


def test_no_removal_is_due() -> None:
    due = [going for going in DEPRECATED if is_due(going.removed_in, version("wares"))]
    assert not due, f"{due[0].name} was to go in {due[0].removed_in}: remove it"


def test_what_goes_is_still_there_and_stays_for_two_minors() -> None:
    for going in DEPRECATED:
        name = going.name.partition("(")[0]
        known = name in known_hooks() or name.removeprefix("wares.") in {*wares.__all__, *wares._RENAMED}
        assert known or (is_a_member(going) if name.count(".") == 2 else is_a_command(going))
        since, removed = (tuple(map(int, text.split("."))) for text in (going.since, going.removed_in))
        assert removed[0] > since[0] or removed[1] - since[1] >= 2


def is_a_command(going: Deprecated) -> bool:
    """True if the new name of a command is in the help, and the old one works without standing there."""
    with click.Context(main, info_name="wares") as context:
        old, new = (name.removeprefix("wares ") for name in (going.name, going.instead))
        listed = main.list_commands(context)
        return new in listed and old not in listed and main.get_command(context, old) is main.get_command(context, new)


def is_a_member(going: Deprecated) -> bool:
    """True if the old name of a member is the new member, with a warning."""
    (_, owner, old), new = going.name.split("."), going.instead.rpartition(".")[2]
    with pytest.warns(DeprecationWarning, match=f"use {going.instead}"):
        return bool(getattr(getattr(wares, owner), old) is getattr(wares, owner)[new])


@pytest.mark.parametrize(("removed_in", "now", "due"), [("0.6", "0.5.9", False), ("0.6", "0.6.0", True), ("1.0", "0.12", False)])
def test_when_it_is_due(removed_in: str, now: str, due: bool) -> None:
    assert is_due(removed_in, now) is due


def test_who_uses_a_public_name_that_goes_is_warned(monkeypatch: pytest.MonkeyPatch) -> None:
    going = Deprecated("wares.Item", since="0.4", removed_in="0.6", instead="wares.Thing")
    monkeypatch.setattr(deprecations, "DEPRECATED", (going,))
    with pytest.warns(
        DeprecationWarning, match=r"wares\.Item is deprecated since 0\.4 and goes in 0\.6; use wares\.Thing"
    ) as warned:
        assert wares.Item.__name__ == "Item"
    assert warned[0].filename == __file__


class Spec:
    @hookspec(**hook_warnings("wares_price", GOING))
    def wares_price(self, line: str, price: int) -> None:
        """A hook of which an argument goes."""

    @hookspec(**hook_warnings("wares_old", GOING))
    def wares_old(self, line: str) -> None:
        """A hook that goes."""


class Current:
    @hookimpl
    def wares_price(self, line: str) -> None:
        """Asks for what stays."""


class Behind:
    @hookimpl
    def wares_price(self, price: int) -> None:
        """Asks for what goes."""


class FarBehind:
    @hookimpl
    def wares_old(self, line: str) -> None:
        """Implements what goes."""


def test_a_plugin_that_asks_for_what_goes_is_warned_and_works() -> None:
    manager = pluggy.PluginManager("wares")
    manager.add_hookspecs(Spec)
    manager.register(Current())
    with pytest.warns(DeprecationWarning, match=r"wares_price\(price\) is deprecated since 0.4 and goes in 0.6; use ctx.price"):
        manager.register(Behind())
    with pytest.warns(DeprecationWarning, match="wares_old is deprecated"):
        manager.register(FarBehind())
    assert manager.hook.wares_price(line="1", price=3) == []


def test_a_name_that_no_member_had_is_no_member() -> None:
    assert not hasattr(wares.Intent, "AS_IF")


class Loan(wares.DocumentType):
    """States facts that are gone."""

    key, title, prefix = "loan", "loan", "LOAN"
    side = wares.Side.SALE


@pytest.mark.parametrize("removed", REMOVED, ids=lambda removed: removed.name)
def test_a_document_type_that_states_a_removed_fact_is_not_loaded(removed: Removed) -> None:
    class Lending:
        @wares.hookimpl
        def wares_document_types(self) -> list[wares.DocumentType]:
            return [type("Old", (Loan,), {removed.name: True})()]

    plugins = load_plugins(extra=[Lending()])
    (problem,) = [issue for issue in plugins.problems if issue.plugin == "lending"]
    assert problem.code == "PLUGIN_RETURNED"
    assert f"states {removed.name}" in problem.message
    assert removed.instead in problem.message
