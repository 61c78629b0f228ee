"""Items: what a record does to what is stored, and every rule with its code."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.core.catalog.conftest import Shop, a_registry
from wares.errors import Refused
from wares.model import Component
from wares.values import SCALE

BOLT = {"sku": "BOLT", "type": "stock", "name": "Bolt M6", "cost": "0.08", "price": "0.20"}
NUT = {"sku": "NUT", "type": "stock"}
WHEEL = {
    "sku": "WHEEL",
    "type": "assembly",
    "components": [{"sku": "BOLT", "quantity": "32"}, {"sku": "NUT", "quantity": "1.5"}],
}
MATRIX = {"sku": "TEE", "type": "matrix", "attributes": {"axes": {"Color": ["Red", "Blue"], "Size": ["S", "M"]}}}


def test_a_new_item_has_the_defaults_of_its_type(shop: Shop) -> None:
    assert shop.put(NUT, {"sku": "HOUR", "type": "service", "price": 60}) == [
        ("NUT", "created", ("name", "unit", "cost_method")),
        ("HOUR", "created", ("name", "unit", "price")),
    ]
    nut, hour = shop.item("NUT"), shop.item("HOUR")
    assert (nut.name, nut.unit, nut.cost_method, nut.makes, nut.active) == ("NUT", "ea", "average", SCALE, True)
    assert hour.cost_method is None
    assert hour.price == 60 * SCALE


def test_only_what_differs_is_written(shop: Shop) -> None:
    shop.put(BOLT)
    assert shop.put(BOLT) == [("BOLT", "unchanged", ())]
    assert shop.put({"sku": "BOLT", "cost": "0.09", "price": "0.200000"}) == [("BOLT", "updated", ("cost",))]
    bolt = shop.item("BOLT")
    assert (bolt.name, bolt.cost, bolt.price) == ("Bolt M6", 90_000, 200_000)
    assert shop.put({"sku": "BOLT", "price": None, "name": None}) == [("BOLT", "updated", ("price",))]
    assert shop.item("BOLT").price is None
    assert shop.item("BOLT").name == "Bolt M6"


def test_an_unchanged_master_leaves_caches_alone(shop: Shop) -> None:
    shop.put(BOLT)
    version = "SELECT master_version FROM wares_company WHERE company_id = ?"
    before = shop.rows(version)
    shop.put(BOLT)
    assert shop.rows(version) == before
    shop.put({"sku": "BOLT", "price": "1"})
    assert shop.rows(version) == [(before[0][0] + 1,)]


def test_attributes_and_accounts_change_key_by_key(shop: Shop) -> None:
    shop.put({**BOLT, "attributes": {"color": "red", "gauge": "1.50"}, "accounts": {"inventory": "1300"}})
    assert shop.item("BOLT").attributes.gauge == Decimal("1.50")
    assert shop.item("BOLT").raw_attributes == {"color": "red", "gauge": "1.50"}
    again = shop.put({"sku": "BOLT", "attributes": {"color": None}, "accounts": {"inventory": "1310", "cogs": "5000"}})
    assert again == [("BOLT", "updated", ("attributes", "accounts"))]
    assert shop.item("BOLT").raw_attributes == {"gauge": "1.50"}
    rules = 'SELECT role, account_id FROM wares_mapping WHERE company_id = ? AND level = ? AND "of" = ? ORDER BY role'
    assert shop.rows(rules, "item", "BOLT") == [("cogs", 12), ("inventory", 11)]
    assert shop.put({"sku": "BOLT", "accounts": {"cogs": None, "inventory": "1310"}})[0][1:] == (
        "updated",
        ("accounts",),
    )
    assert shop.rows(rules, "item", "BOLT") == [("inventory", 11)]


def test_components_keep_their_order_and_change_as_a_whole(shop: Shop) -> None:
    shop.put(BOLT, NUT, WHEEL)
    bolt, nut, wheel = shop.item("BOLT"), shop.item("NUT"), shop.item("WHEEL")
    assert wheel.contents == (
        Component(bolt.id, "BOLT", 32 * SCALE),
        Component(nut.id, "NUT", 1_500_000),
    )
    assert shop.put(WHEEL) == [("WHEEL", "unchanged", ())]
    assert shop.put({"sku": "WHEEL", "makes": 2, "components": [{"sku": "NUT"}]})[0][2] == ("makes", "components")
    assert shop.item("WHEEL").contents == (Component(nut.id, "NUT", SCALE),)
    assert shop.item("WHEEL").makes == 2 * SCALE


def test_by_products(shop: Shop) -> None:
    scrap = {"sku": "SCRAP", "type": "stock"}
    shop.put(BOLT, NUT, scrap, {**WHEEL, "by_products": [{"sku": "SCRAP", "quantity": "0.2", "share": "2.5"}]})
    (edge,) = shop.item("WHEEL").by_products
    assert (edge.sku, edge.quantity, edge.share) == ("SCRAP", 200_000, 2_500_000)
    assert shop.put({"sku": "WHEEL", "by_products": []})[0][2] == ("by_products",)


def test_records_of_one_call_see_those_before_them(shop: Shop) -> None:
    changes = shop.put(BOLT, NUT, WHEEL, {"sku": "BOLT", "price": 1}, {"sku": "WHEEL", "name": "Wheel"})
    assert [change[1] for change in changes] == ["created"] * 5
    assert shop.item("BOLT").price == SCALE
    assert shop.item("BOLT").cost == 80_000
    assert shop.item("WHEEL").name == "Wheel"
    assert len(shop.item("WHEEL").contents) == 2


def test_one_refusal_refuses_the_call(shop: Shop) -> None:
    codes = shop.refused(BOLT, {"sku": "X", "type": "stock", "colour": 1}, {"sku": "Y", "type": "stock", "cost": "1e3"})
    assert codes == [("UNKNOWN_KEY", "[1].colour"), ("BAD_VALUE", "[2].cost")]
    assert shop.rows("SELECT sku FROM wares_item WHERE company_id = ?") == []


def test_put_each_keeps_what_is_good(shop: Shop) -> None:
    with shop.writing() as catalogue:
        good, bad, later = catalogue.put_each([BOLT, {**WHEEL, "name": "W"}, NUT])
        assert isinstance(bad, Refused)
        assert not isinstance(good, Refused)
        assert not isinstance(later, Refused)
        assert [issue.code for issue in bad.issues] == ["UNKNOWN_ITEM"]
        assert (good[:2], later[:2]) == (("BOLT", "created"), ("NUT", "created"))
        assert catalogue.put([WHEEL])[0].action == "created"
    assert [sku for (sku,) in shop.rows("SELECT sku FROM wares_item WHERE company_id = ? ORDER BY sku")] == [
        "BOLT",
        "NUT",
        "WHEEL",
    ]


def test_a_refused_call_leaves_nothing_in_memory(shop: Shop) -> None:
    shop.put(BOLT)
    with shop.writing() as catalogue:
        with pytest.raises(Refused):
            catalogue.put([{"sku": "BOLT", "price": 9}, NUT, {"sku": "Z"}])
        assert catalogue.masters.item("BOLT").price == 200_000
        with pytest.raises(Refused, match="UNKNOWN_ITEM"):
            catalogue.masters.item("NUT")
        assert catalogue.put([{"sku": "BOLT", "price": 9}, NUT])[1].action == "created"


@pytest.mark.parametrize(
    ("record", "issue"),
    [
        ({"sku": "X"}, ("MISSING_KEY", "type")),
        ({"type": "stock"}, ("MISSING_KEY", "sku")),
        ({"sku": "X", "type": "stok"}, ("ITEM_TYPE_MISSING", "type")),
        ({"sku": "X", "type": "rental"}, ("ITEM_TYPE_MISSING", "")),
        ({"sku": "X", "type": "stock", "colour": "red"}, ("UNKNOWN_KEY", "colour")),
        ({"sku": "X", "type": "stock", "price": "-1"}, ("BAD_VALUE", "price")),
        ({"sku": "X", "type": "stock", "price": 0.1}, ("BAD_VALUE", "price")),
        ({"sku": "X", "type": "stock", "price": "0.1234567"}, ("BAD_VALUE", "price")),
        ({"sku": "X\n", "type": "stock\n1"}, ("BAD_VALUE", "type")),
        ({"sku": 7, "type": "stock"}, ("BAD_VALUE", "sku")),
        ({"sku": " ", "type": "stock"}, ("BAD_VALUE", "sku")),
        ({"sku": "X", "type": "assembly", "makes": 0}, ("BAD_VALUE", "makes")),
        ({"sku": "X", "type": "stock", "attributes": {"colour": "red"}}, ("BAD_ATTRIBUTE", "attributes.colour")),
        ({"sku": "X", "type": "stock", "attributes": {"gauge": "thick"}}, ("BAD_ATTRIBUTE", "attributes.gauge")),
        ({"sku": "X", "type": "stock", "attributes": {"gauge": 1.5}}, ("BAD_ATTRIBUTE", "attributes.gauge")),
        ({"sku": "X", "type": "stock", "cost_method": "fivo"}, ("UNKNOWN_COST_METHOD", "cost_method")),
        ({"sku": "X", "type": "stock", "accounts": {"inventory": "999"}}, ("UNKNOWN_ACCOUNT", "accounts.inventory")),
        ({"sku": "X", "type": "stock", "accounts": {"inventory": "5000"}}, ("ROLE_NOT_ALLOWED", "accounts.inventory")),
        ({"sku": "X", "type": "service"}, ("SERVICE_RATE", "price")),
        ({"sku": "X", "type": "kit"}, ("NEEDS_CONTENTS", "components")),
        ({"sku": "X", "type": "stock", "components": [{"sku": "BOLT"}]}, ("NO_COMPONENTS", "components")),
        ({"sku": "X", "type": "kit", "components": [{"sku": "SET"}]}, ("CONTENT_TYPE", "components[0].sku")),
        ({"sku": "X", "type": "kit", "components": [{"sku": "BOLD"}]}, ("UNKNOWN_ITEM", "components[0].sku")),
        ({"sku": "X", "type": "kit", "components": [{"sku": "OLD"}]}, ("ITEM_RETIRED", "components[0].sku")),
        (
            {"sku": "X", "type": "kit", "components": [{"sku": "BOLT", "quantity": "0"}]},
            ("BAD_VALUE", "components[0].quantity"),
        ),
        (
            {"sku": "X", "type": "kit", "components": [{"sku": "BOLT", "qty": "1"}]},
            ("UNKNOWN_KEY", "components[0].qty"),
        ),
        (
            {"sku": "X", "type": "stock", "by_products": [{"sku": "BOLT", "quantity": 1, "share": 5}]},
            ("NO_BY_PRODUCTS", "by_products"),
        ),
        (
            {"sku": "X", "type": "assembly", "by_products": [{"sku": "SET", "quantity": 1, "share": 5}]},
            ("BY_PRODUCT_NOT_TRACKED", "by_products[0].sku"),
        ),
        (
            {"sku": "X", "type": "assembly", "by_products": [{"sku": "BOLT", "quantity": 1, "share": 60}] * 2},
            ("BAD_SHARE", "by_products"),
        ),
        ({"sku": "BOLT", "type": "service"}, ("TYPE_IMMUTABLE", "type")),
    ],
)
def test_what_is_refused(shop: Shop, record: dict[str, Any], issue: tuple[str, str]) -> None:
    shop.put(BOLT, {"sku": "OLD", "type": "stock"}, {"sku": "SET", "type": "kit", "components": [{"sku": "BOLT"}]})
    shop.put({"sku": "OLD", "active": False})
    assert issue in shop.refused(record)


def test_all_issues_of_a_record_together(shop: Shop) -> None:
    shop.put(BOLT)
    record = {"sku": "SET", "type": "kit", "cost_method": "x", "accounts": {"cogs": "1"}, "components": [{"sku": "?"}]}
    assert {code for code, _ in shop.refused(record)} == {
        "UNKNOWN_COST_METHOD", "UNKNOWN_ACCOUNT", "UNKNOWN_ITEM", "NEEDS_CONTENTS"
    }  # fmt: skip


def test_create_only_and_update_only(shop: Shop) -> None:
    shop.put(BOLT, create_only=True)
    assert shop.refused(BOLT, create_only=True) == [("SKU_EXISTS", "sku")]
    assert shop.refused(NUT, update_only=True) == [("UNKNOWN_ITEM", "sku")]


def test_a_cycle_is_shown(shop: Shop) -> None:
    a, b, c = ({"sku": sku, "type": "assembly"} for sku in "ABC")
    shop.put(a, {**b, "components": [{"sku": "A"}]}, {**c, "components": [{"sku": "B"}]})
    with pytest.raises(Refused, match=r"COMPONENT_CYCLE: A would contain itself: A → C → B → A"):
        shop.put({"sku": "A", "components": [{"sku": "C"}]})
    with pytest.raises(Refused, match="UNKNOWN_ITEM"):
        shop.put({"sku": "N", "type": "assembly", "components": [{"sku": "N"}]})
    assert shop.refused({"sku": "A", "components": [{"sku": "A"}]}) == [("COMPONENT_CYCLE", "components[0].sku")]
    by_product = [{"sku": "C", "quantity": 1, "share": 1}]
    assert shop.refused({"sku": "A", "by_products": by_product}) == [("COMPONENT_CYCLE", "by_products[0].sku")]
    above = {"sku": "D", "type": "assembly", "components": [{"sku": "A"}]}
    found = shop.refused(above, {"sku": "A", "components": [{"sku": "D"}]})
    assert found == [("COMPONENT_CYCLE", "[1].components[0].sku")]


def test_what_a_first_move_fixes(shop: Shop) -> None:
    shop.put(BOLT, {**NUT, "cost_method": "standard", "cost": 1})
    assert shop.put({"sku": "BOLT", "unit": "kg", "cost_method": "fifo"})[0][2] == ("unit", "cost_method")
    assert shop.put({"sku": "NUT", "cost": 2})[0][1] == "updated"
    shop.has_moved("BOLT")
    shop.has_moved("NUT")
    assert shop.refused({"sku": "BOLT", "unit": "ea", "cost_method": "average"}) == [
        ("UNIT_FIXED", "unit"),
        ("COST_METHOD_FIXED", "cost_method"),
    ]
    assert shop.put({"sku": "BOLT", "cost": 5, "unit": "kg", "cost_method": "fifo"})[0][2] == ("cost",)
    assert shop.refused({"sku": "NUT", "cost": 3}) == [("COST_FIXED", "cost")]


def test_retiring(shop: Shop) -> None:
    shop.put(BOLT, NUT)
    shop.has_moved("BOLT", 12 * SCALE)
    shop.insert("stock", {"item_id": shop.item("NUT").id, "location_id": 1, "reserved": SCALE})
    with shop.writing() as catalogue:
        with pytest.raises(Refused, match=r"HAS_STOCK: 12 ea of BOLT are on hand"):
            catalogue.retire("BOLT")
        with pytest.raises(Refused, match="HAS_OPEN_ORDERS"):
            catalogue.retire("NUT")
        with pytest.raises(Refused, match="UNKNOWN_ITEM"):
            catalogue.retire("BOLD")
    shop.put({"sku": "OLD", "type": "stock"})
    with shop.writing() as catalogue:
        assert catalogue.retire("OLD") == ("OLD", "updated", ("active",))
    assert not shop.item("OLD").active
    assert shop.put({"sku": "OLD", "active": True})[0][1] == "updated"


def test_variants(shop: Shop) -> None:
    def tee(color: str, size: str) -> dict[str, Any]:
        values = {"Color": color, "Size": size}
        return {"sku": f"TEE-{color}-{size}", "type": "stock", "variant_of": {"master": "TEE", "values": values}}

    assert [change[1] for change in shop.put(MATRIX, tee("Red", "S"), tee("Red", "M"))] == ["created"] * 3
    assert shop.put(tee("Red", "S")) == [("TEE-Red-S", "unchanged", ())]
    assert shop.put(tee("Blue", "S"))[0][1] == "created"
    master = shop.item("TEE")
    assert [(edge.sku, edge.values) for edge in master.variants][2] == ("TEE-Blue-S", {"Color": "Blue", "Size": "S"})
    assert shop.refused({**tee("Red", "S"), "sku": "TWIN"}) == [("VARIANT_EXISTS", "variant_of.values")]
    half = {"sku": "HALF", "type": "stock", "variant_of": {"master": "TEE", "values": {"Color": "Red"}}}
    assert shop.refused(half) == [("VARIANT_VALUES", "variant_of")]
    shop.put(BOLT)
    assert shop.refused({"sku": "X", "type": "stock", "variant_of": {"master": "BOLT", "values": {}}}) == [
        ("NOT_A_MASTER", "variant_of.master")
    ]
    assert shop.refused({"sku": "X", "type": "stock", "variant_of": {"master": "T", "values": {}}}) == [
        ("UNKNOWN_ITEM", "variant_of.master")
    ]
    shop.put({**MATRIX, "sku": "OTHER"})
    moved = {"sku": "TEE-Red-S", "variant_of": {"master": "OTHER", "values": {"Color": "Red", "Size": "S"}}}
    assert shop.refused(moved) == [("VARIANT_MOVED", "variant_of.master")]


def test_a_locked_bom(shop: Shop) -> None:
    shop.put(BOLT, NUT, WHEEL)
    wheel = shop.item("WHEEL").id
    shop.has_moved("WHEEL", SCALE)
    shop.insert("document", {"document_id": 1, "type": "build", "number": "M-1", "revision": 1, "status": "posted",
                             "record": "{}"})  # fmt: skip
    move = {"move_id": 1, "document_id": 1, "pool_id": wheel + 10_000, "item_id": wheel, "quantity": SCALE}
    shop.insert("move", {**move, "effective_at": 5, "sequence": 1 << 20})
    assert shop.refused({"sku": "WHEEL", "components": []}) == [("BOM_LOCKED", "components")]
    assert shop.put({**WHEEL, "name": "Wheel"})[0][1:] == ("updated", ("name",))


def test_an_item_of_a_missing_plugin_is_readable_only(shop: Shop) -> None:
    shop.put({**BOLT, "attributes": {"color": "red"}})
    shop.registry = a_registry(without="stock")
    bolt = shop.item("BOLT")
    assert bolt.attributes is None
    assert bolt.raw_attributes == {"color": "red"}
    assert shop.refused({"sku": "BOLT", "price": 1})[0][0] == "ITEM_TYPE_MISSING"
