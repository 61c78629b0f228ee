"""The gallery of broken plugins: each costs only itself and is named with distribution, version and cause."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from wares import ItemType, PluginError, hookimpl
from wares.contract.hookspecs import API_VERSION
from wares.plugin_manager.loader import load_plugins

GOOD = """
@hookimpl
def wares_item_types():
    return [Rental()]
"""

NEWER = API_VERSION + 1
BROKEN = {
    # name: (source, status, code, part of the message)
    "import": ("1 / 0", "failed", "PLUGIN_IMPORT", "ZeroDivisionError"),
    "missing_module": ("import no_such_module_at_all", "failed", "PLUGIN_IMPORT", "no_such_module_at_all"),
    "syntax": ("def (:", "failed", "PLUGIN_IMPORT", "SyntaxError"),
    "exits": ("raise SystemExit(3)", "failed", "PLUGIN_IMPORT", "SystemExit"),
    "newer": (f"WARES_API_VERSION = {NEWER}", "blocked", "PLUGIN_NEEDS_NEWER_API", f"version {NEWER}"),
    "odd_version": ("WARES_API_VERSION = '1'", "blocked", "PLUGIN_API_VERSION", "'1'"),
    "misspelt": ("@hookimpl\ndef wares_item_typs(): return []", "blocked", "HOOK_UNKNOWN", "wares_item_typs"),
    "argument": ("@hookimpl\ndef wares_posted(documnt): pass", "blocked", "HOOK_SIGNATURE", "documnt"),
    "default": ("@hookimpl\ndef wares_posted(document=None): pass", "blocked", "HOOK_DEFAULT", "'document'"),
    "keyword_only": ("@hookimpl\ndef wares_posted(*, document): pass", "blocked", "HOOK_SIGNATURE", "document"),
    "outright": ("@hookimpl\ndef wares_price_line(line): pass", "blocked", "HOOK_NOT_WRAPPER", "wares_price_line"),
    "old_wrapper": (
        "@hookimpl(hookwrapper=True)\ndef wares_cost_line(line):\n    yield",
        "blocked", "HOOK_WRAPPER", "wares_cost_line",
    ),
    "no_generator": (
        "@hookimpl(wrapper=True)\ndef wares_cost_line(line): return 1", "blocked", "HOOK_SIGNATURE", "wares_cost_line"
    ),
    "wrapped_event": (
        "@hookimpl(wrapper=True)\ndef wares_posted(document):\n    yield", "blocked", "HOOK_WRAPPER", "wares_posted"
    ),
    "raises": (
        "@hookimpl\ndef wares_item_types(): return [][1]",
        "failed", "PLUGIN_RAISED", "IndexError in wares_item_types",
    ),
    "raises_late": (
        "@hookimpl\ndef wares_questions():\n    yield 1 / 0",
        "failed", "PLUGIN_RAISED", "ZeroDivisionError in wares_questions",
    ),
    "none": ("@hookimpl\ndef wares_item_types(): return None", "blocked", "PLUGIN_RETURNED", "returned None"),
    "text": ("@hookimpl\ndef wares_item_types(): return 'rental'", "blocked", "PLUGIN_RETURNED", "'rental'"),
    "a_class": ("@hookimpl\ndef wares_item_types(): return [Rental]", "blocked", "PLUGIN_RETURNED", "Rental()"),
    "wrong_class": (
        "@hookimpl\ndef wares_cost_methods(): return [Rental()]",
        "blocked", "PLUGIN_RETURNED", "no CostMethod",
    ),
    "twice": ("@hookimpl\ndef wares_item_types(): return [Rental(), Rental()]", "blocked", "PLUGIN_RETURNED", "twice"),
    "bad_key": (
        "Rental.key = 'Rental item'\n@hookimpl\ndef wares_item_types(): return [Rental()]",
        "blocked", "PLUGIN_RETURNED", "lower_snake",
    ),
    "no_title": (
        "class Bare(ItemType):\n    key = 'bare'\n@hookimpl\ndef wares_item_types(): return [Bare()]",
        "blocked", "PLUGIN_RETURNED", "title",
    ),
    "loose_attributes": (
        "import pydantic\nclass Loose(pydantic.BaseModel): pass\nRental.Attributes = Loose\n"
        "@hookimpl\ndef wares_item_types(): return [Rental()]",
        "blocked", "PLUGIN_RETURNED", 'extra="forbid"',
    ),
    "bad_prefix": (
        "class Hire(DocumentType):\n    key, title, prefix, side = 'hire', 'hire', 'h-', Side.SALE\n"
        "@hookimpl\ndef wares_document_types(): return [Hire()]",
        "blocked", "PLUGIN_RETURNED", "prefix",
    ),
    "no_side": (
        "class Hire(DocumentType):\n    key, title, prefix = 'hire', 'hire', 'H'\n"
        "@hookimpl\ndef wares_document_types(): return [Hire()]",
        "blocked", "PLUGIN_RETURNED", "side",
    ),
    "settings_object": ("@hookimpl\ndef wares_settings(): return {}", "blocked", "PLUGIN_RETURNED", "pydantic model"),
    "settings_needed": (
        "import pydantic\nclass S(pydantic.BaseModel):\n    rate: int\n@hookimpl\ndef wares_settings(): return S",
        "blocked", "PLUGIN_RETURNED", "rate",
    ),
    "models": ("@hookimpl\ndef wares_models(): return []", "blocked", "PLUGIN_RETURNED", "MetaData"),
    "migrations": ("@hookimpl\ndef wares_migrations(): return 'here'", "blocked", "PLUGIN_RETURNED", "MigrationSource"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_plugin_costs_only_itself_and_is_named(shelf: Any, name: str, caplog: pytest.LogCaptureFixture) -> None:
    source, status, code, part = BROKEN[name]
    shelf.install("acme-broken", "2.3", **{name: source})
    shelf.install("acme-rental", "1.0", rental=GOOD)
    with caplog.at_level(logging.WARNING):
        plugins = load_plugins()

    record = plugins.record(name)
    assert record is not None
    assert (record.distribution, record.version, record.status) == ("acme-broken", "2.3", status)
    assert record.cause is not None
    assert record.cause.code == code
    assert f"{name} (acme-broken 2.3)" in record.cause.message
    assert part in record.cause.message
    assert "acme-broken 2.3" in caplog.text
    assert list(plugins.registry.item_types) == ["rental"], "the other plugin takes part"
    assert not [one for one, plugin in plugins.manager.list_name_plugin() if one == name], "nothing of it stays"

    with pytest.raises(PluginError) as strictly:
        load_plugins(strict=True)
    assert (strictly.value.code, strictly.value.plugin) == (code, name)


def test_a_misspelt_hook_names_the_one_that_was_meant(shelf: Any) -> None:
    shelf.install("acme", misspelt="@hookimpl\ndef wares_item_typs(): return []")
    record = load_plugins().record("misspelt")
    assert record is not None
    assert record.cause is not None
    assert record.cause.hint == "did you mean wares_item_types?"


def test_bundled_first_then_third_parties_by_name(shelf: Any) -> None:
    shelf.install("zeta", alpha="")
    shelf.install("wares", "9.9", stock="", kit="")
    shelf.install("acme", zulu="")
    names = [record.name for record in load_plugins().records]
    assert names == ["kit", "stock", "alpha", "zulu"]


def test_a_bundled_plugin_keeps_its_key(shelf: Any) -> None:
    shelf.install("wares", "9.9", rental=GOOD)
    shelf.install("acme-rental", "1.2", hire=GOOD)
    plugins = load_plugins()
    owner = plugins.registry.owner("item_types", "rental")
    assert owner is not None
    assert owner.distribution == "wares"
    (problem,) = plugins.problems
    assert problem.code == "KEY_TAKEN"
    assert "rental (wares 9.9) and hire (acme-rental 1.2)" in problem.message
    report = {row["name"]: row for row in plugins.report()}
    assert report["hire"] == {
        "name": "hire", "distribution": "acme-rental", "version": "1.2", "status": "loaded",
        "item_types": [], "hooks": ["wares_item_types"], "error": problem.message,
    }  # fmt: skip
    assert report["rental"]["item_types"] == ["rental"]


def test_two_third_parties_both_lose_a_key_and_keep_the_rest(shelf: Any) -> None:
    both = """
    class Extra(ItemType):
        key, title = "{0}", "{0}"
    @hookimpl
    def wares_item_types():
        return [Rental(), Extra()]
    """
    for number in ("one", "two", "three"):
        shelf.install(f"acme-{number}", "1.0", **{number: both.format(number)})
    plugins = load_plugins()
    assert sorted(plugins.registry.item_types) == ["one", "three", "two"]
    assert "one (acme-one 1.0) and three (acme-three 1.0) and two (acme-two 1.0)" in plugins.problems[-1].message
    assert "disabled for all" in plugins.problems[-1].message
    with pytest.raises(PluginError, match="KEY_TAKEN"):
        load_plugins(strict=True)


def test_a_series_of_numbers_has_one_document_type(shelf: Any) -> None:
    hire = """
    class Hire(DocumentType):
        key, title, prefix, side = "hire", "hire", "INV", Side.SALE
    @hookimpl
    def wares_document_types():
        return [Hire()]
    """
    shelf.install("acme", hire=hire)
    plugins = load_plugins()
    assert "hire" not in plugins.registry.document_types
    assert "invoice" in plugins.registry.document_types
    assert "prefix" in plugins.problems[0].message


def test_names_are_unique_and_usable(shelf: Any) -> None:
    shelf.install("wares", "9.9", rental=GOOD)
    shelf.install("acme", **{"rental": "", "core": "", "Not-good": ""})
    plugins = load_plugins()
    causes = {record.name: record.cause.code for record in plugins.records if record.cause}
    assert causes == {"rental": "PLUGIN_NAME", "core": "PLUGIN_NAME", "Not-good": "PLUGIN_NAME"}
    assert [record.status for record in plugins.records if record.name == "rental"] == ["loaded", "blocked"]


def test_disabled_and_safe_mode_import_nothing(shelf: Any) -> None:
    shelf.install("wares", "9.9", kit=GOOD.replace("Rental()", ""), group="1 / 0")
    shelf.install("acme", rental="1 / 0")
    plugins = load_plugins(safe_mode=True, disabled=["group"], strict=True)
    assert {row["name"]: row["status"] for row in plugins.report()} == {
        "group": "disabled", "kit": "loaded", "rental": "skipped",
    }  # fmt: skip
    assert plugins.problems == ()


class Given:
    """A plugin of the host program."""

    @hookimpl
    def wares_item_types(self) -> list[ItemType]:
        """One type."""

        class Lent(ItemType):
            key, title = "lent", "lent"

        return [Lent()]


def test_a_host_gives_plugins_of_its_own(shelf: Any) -> None:
    plugins = load_plugins(extra=[Given()], safe_mode=True, strict=True)
    assert plugins.report() == [
        {
            "name": "given", "distribution": "given by the program", "version": "", "status": "loaded",
            "item_types": ["lent"], "hooks": ["wares_item_types"], "error": None,
        }
    ]  # fmt: skip
    described = plugins.describe("given")
    assert described is not None
    assert described["item_types"] == ["lent"]
    assert described["settings"] == []
    assert plugins.describe("nobody") is None


def test_objects_that_cannot_be_plugins_are_turned_away(shelf: Any) -> None:
    given = Given()
    plugins = load_plugins(extra=[given, given, {}])
    assert [(record.name, record.status) for record in plugins.records] == [
        ("given", "loaded"), ("dict", "blocked"),
    ]  # fmt: skip


NEEDS_BASE = "WARES_REQUIRES = ('base',)"


def test_a_plugin_is_loaded_after_those_that_it_requires(shelf: Any) -> None:
    shelf.install("acme", "1.0", above=NEEDS_BASE, base="", top="WARES_REQUIRES = ('above', 'base')")
    plugins = load_plugins()
    assert [(record.name, record.status) for record in plugins.records] == [
        ("above", "loaded"), ("base", "loaded"), ("top", "loaded"),
    ]  # fmt: skip
    assert [name for name, _ in plugins.manager.list_name_plugin() if name != "core"] == ["base", "above", "top"]


@pytest.mark.parametrize(
    ("base", "options", "why"),
    [
        ({"base": ""}, {"disabled": ["base"]}, "disabled"),
        ({"base": "raise ValueError"}, {}, "failed"),
        ({"base": "WARES_REQUIRES = ('above',)"}, {}, "not there, or requires it in turn"),
        ({}, {}, "not there, or requires it in turn"),
    ],
)
def test_a_plugin_without_the_one_that_it_requires(shelf: Any, base: Any, options: Any, why: str) -> None:
    shelf.install("acme", "1.0", above=NEEDS_BASE, top="WARES_REQUIRES = ('above',)", alone="", **base)
    rows = {row["name"]: (row["status"], row["error"]) for row in load_plugins(**options).report()}
    cause = "plugin {} (acme 1.0) requires the plugin {}, which is {}".format
    if "'above'" in base.get("base", ""):
        assert rows["base"] == ("blocked", cause("base", "above", why))
        why = "blocked"
    assert rows["above"] == ("blocked", cause("above", "base", why))
    assert rows["top"] == ("blocked", cause("top", "above", "blocked"))
    assert rows["alone"] == ("loaded", None)


def test_requirements_are_names(shelf: Any) -> None:
    shelf.install("acme", "1.0", above="WARES_REQUIRES = 'base'")
    (problem,) = load_plugins().problems
    assert problem.code == "PLUGIN_REQUIREMENT"


def test_loading_twice_shares_nothing(shelf: Any) -> None:
    first, second = load_plugins(extra=[Given()]), load_plugins()
    assert "lent" in first.registry.item_types
    assert "lent" not in second.registry.item_types
