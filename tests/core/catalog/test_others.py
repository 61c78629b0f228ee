"""Parties, locations and the settings of the books."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.core.catalog.conftest import Shop
from wares.errors import Refused


def refused(shop: Shop, what: str, *records: Mapping[str, Any]) -> list[tuple[str, str]]:
    with shop.writing() as catalogue, pytest.raises(Refused) as refusal:
        getattr(catalogue, f"put_{what}")(records)
    return [(issue.code, issue.path) for issue in refusal.value.issues]


def test_parties(shop: Shop) -> None:
    with shop.writing() as catalogue:
        acme = {"record": "party", "code": "ACME", "name": "Acme Inc", "kinds": ["supplier"]}
        assert catalogue.put_parties([acme, {"code": "JANE"}]) == [
            ("ACME", "created", ("name", "kinds")),
            ("JANE", "created", ("name", "kinds")),
        ]
        assert catalogue.masters.party("JANE").kinds == ("customer", "supplier")
    with shop.writing() as catalogue:
        changes = catalogue.put_parties([acme, {"code": "JANE", "name": "Jane"}, {"code": "JANE", "kinds": ["customer"]}])
        assert [change[1:] for change in changes] == [("unchanged", ()), ("updated", ("name",)), ("updated", ("kinds",))]
    with shop.reading() as masters:
        masters.need_parties(["ACME", "JANE"])
        jane = masters.party("JANE")
        assert (jane.name, jane.kinds) == ("Jane", ("customer",))


def test_locations(shop: Shop) -> None:
    with shop.writing() as catalogue:
        changes = catalogue.put_locations([{"code": "SHOP", "name": "Shop"}, {"code": "MAIN"}, {"code": "SHOP"}])
        assert [change.action for change in changes] == ["created", "unchanged", "unchanged"]
        catalogue.put_locations([{"code": "SHOP", "name": "Factory shop"}])
    with shop.reading() as masters:
        found = masters.location("SHOP")
        assert found.name == "Factory shop"
        assert masters.location_by_id(found.id) == found


def test_settings(shop: Shop) -> None:
    with shop.reading() as masters:
        assert masters.settings["negative_stock"] == "refuse"
    with shop.writing() as catalogue:
        given: list[dict[str, Any]] = [
            {"key": "negative_stock", "value": "provisional"},
            {"key": "match_later_purchases", "value": True},
        ]
        assert [change.action for change in catalogue.put_settings(given)] == ["updated", "updated"]
        assert [change.action for change in catalogue.put_settings(given)] == ["unchanged", "unchanged"]
    with shop.reading() as masters:
        assert (masters.settings["negative_stock"], masters.settings["match_later_purchases"]) == ("provisional", "true")


def test_what_is_refused(shop: Shop) -> None:
    assert refused(shop, "settings", {"key": "negative_stok", "value": "refuse"}) == [("UNKNOWN_SETTING", "key")]
    assert refused(shop, "settings", {"key": "cogs_at", "value": "never"}) == [("BAD_VALUE", "value")]
    assert refused(shop, "settings", {"key": "cogs_at"}) == [("MISSING_KEY", "value")]
    assert refused(shop, "parties", {"code": "A", "kinds": ["friend"]}) == [("BAD_VALUE", "kinds[0]")]
    assert refused(shop, "parties", {"code": "A", "kind": "customer"}, {"name": "x"}) == [
        ("UNKNOWN_KEY", "[0].kind"),
        ("MISSING_KEY", "[1].code"),
    ]
    assert refused(shop, "locations", {"code": ""}) == [("BAD_VALUE", "code")]


def test_a_scope_may_change_until_goods_move(shop: Shop) -> None:
    with shop.writing() as catalogue:
        for scope, action in (("company", "unchanged"), ("location", "updated"), ("location", "unchanged"), ("company", "updated")):
            assert catalogue.put_settings([{"key": "cost_scope", "value": scope}])[0].action == action
