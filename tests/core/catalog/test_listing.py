"""What `items list` and `items show` say."""

from __future__ import annotations

import pytest

from tests.core.catalog.conftest import Shop
from wares.catalog.listing import ItemFilter, list_items, show_item
from wares.errors import Refused
from wares.values import SCALE


@pytest.fixture
def filled(shop: Shop) -> Shop:
    shop.put(
        {"sku": "BOLT", "type": "stock", "name": "Bolt M6", "price": "0.20", "cost": "0.08", "category": "parts"},
        {"sku": "HOUR", "type": "service", "name": "Ärger_1", "price": 60},
        {"sku": "WHEEL", "type": "assembly", "components": [{"sku": "BOLT", "quantity": 32}], "makes": "1"},
        {"sku": "SET", "type": "kit", "components": [{"sku": "BOLT", "quantity": "3"}, {"sku": "HOUR"}]},
        {"sku": "TALK", "type": "kit", "components": [{"sku": "HOUR"}]},
        {"sku": "OLD", "type": "stock", "active": False},
    )
    bolt = shop.item("BOLT").id
    shop.insert("stock", {"item_id": bolt, "location_id": 1, "on_hand": 10 * SCALE, "reserved": SCALE})
    shop.insert("stock", {"item_id": bolt, "location_id": 2, "on_hand": SCALE // 2})
    return shop


def test_what_is_on_hand_and_available(filled: Shop) -> None:
    with filled.reading() as masters:
        shown = {row["sku"]: (row["on_hand"], row["available"]) for row in list_items(masters, page=2)}
    assert shown == {
        "BOLT": ("10.5", "9.5"),
        "HOUR": (None, None),
        "OLD": ("0", "0"),
        "SET": (None, "3"),
        "TALK": (None, None),
        "WHEEL": ("0", "0"),
    }


def test_every_key_of_the_interface(filled: Shop) -> None:
    with filled.reading() as masters:
        bolt = next(iter(list_items(masters, ItemFilter(text="bolt"))))
    expected = {"sku": "BOLT", "type": "stock", "name": "Bolt M6", "unit": "ea", "price": "0.2", "cost": "0.08"}
    assert {key: bolt[key] for key in expected} == expected
    assert bolt["active"] is True


@pytest.mark.parametrize(
    ("which", "skus"),
    [
        (ItemFilter(type="kit"), ["SET", "TALK"]),
        (ItemFilter(category="parts"), ["BOLT"]),
        (ItemFilter(active=False), ["OLD"]),
        (ItemFilter(text="m6"), ["BOLT"]),
        (ItemFilter(text="Ärger"), ["HOUR"]),
        (ItemFilter(text="r_1"), ["HOUR"]),
        (ItemFilter(text="r%1"), []),
        (ItemFilter(type="stock", active=True), ["BOLT"]),
    ],
)
def test_filters(filled: Shop, which: ItemFilter, skus: list[str]) -> None:
    with filled.reading() as masters:
        assert [row["sku"] for row in list_items(masters, which)] == skus
        assert [row["sku"] for row in list_items(masters, which, after="SET")] == [sku for sku in skus if sku > "SET"]


def test_show(filled: Shop) -> None:
    filled.put({"sku": "BOLT", "attributes": {"gauge": "1.5"}, "accounts": {"inventory": "1310"}})
    filled.put({"sku": "TEE", "type": "matrix", "attributes": {"axes": {"Color": ["Red"]}}})
    filled.put({"sku": "TEE-R", "type": "stock", "variant_of": {"master": "TEE", "values": {"Color": "Red"}}})
    with filled.reading() as masters:
        bolt, wheel, tee = (show_item(masters, sku) for sku in ("BOLT", "WHEEL", "TEE"))
        assert bolt["attributes"] == {"gauge": "1.5"}
        assert bolt["accounts"] == {"inventory": "1310"}
        assert bolt["used_in"] == ["SET", "WHEEL"]
        assert (bolt["reserved"], bolt["on_order"]) == ("1", "0")
        assert (wheel["components"], wheel["makes"]) == ([{"sku": "BOLT", "quantity": "32"}], "1")
        assert tee["variants"] == [{"sku": "TEE-R", "values": {"Color": "Red"}}]
        assert show_item(masters, "TEE-R")["variant_of"] == "TEE"
        with pytest.raises(Refused) as refusal:
            show_item(masters, "WHEELS")
        assert refusal.value.hint == "did you mean WHEEL?"
