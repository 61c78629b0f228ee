"""What plugins read of the books: lines, what was done to them, goods and postings, as values and only what stands."""

from __future__ import annotations

from typing import Any

import pytest

from wares import Books, GoodsValue, Recorded, RecordedLine


@pytest.fixture
def shop(books: Books) -> Books:
    """Twelve bolts for 12.00; five sold in two parts, one of them under a key; a sale that was voided."""
    books.items.add("stock", sku="BOLT", name="Bolt", cost_method="fifo")
    books.post("bill", number="B-1", date="2026-01-05", party="ACME", lines=[{"item": "BOLT", "quantity": 12, "amount": "12.00"}])
    sale: dict[str, Any] = {"party": "JANE", "goods": "later", "memo": "by post"}
    bolts = {"item": "BOLT", "quantity": 5, "amount": "20.00", "attributes": {"gift": True}}
    books.post("invoice", number="I-1", date="2026-02-01", key="web:1", **sale, lines=[
        bolts, {"description": "postage", "amount": "4.00"},
    ])  # fmt: skip
    books.post("invoice", number="I-2", date="2026-02-02", key="web:2", **sale, lines=[bolts])
    books.void("I-2")
    for number, day, quantity in (("D-1", "2026-02-03", 2), ("D-2", "2026-03-01", 3)):
        books.post("delivery", number=number, date=day, party="JANE", lines=[{"from": "I-1#1", "quantity": quantity}])
    return books


def goods_of(recorded: Recorded) -> list[GoodsValue]:
    """What every document did to stock, by day."""
    return sorted(recorded.goods({line.document_id for line in recorded.lines()}), key=lambda row: row.day)


def _names(lines: list[RecordedLine]) -> list[str]:
    return [line.name for line in lines]


def test_lines(shop: Books) -> None:
    with shop.recorded() as recorded:
        bolts, postage = recorded.lines(types=["invoice"])
        assert (bolts.name, bolts.day, bolts.key, bolts.sku, bolts.item_name) == ("I-1#1", 2026_02_01, "web:1", "BOLT", "Bolt")
        assert (bolts.quantity, bolts.amount, bolts.description, bolts.attributes) == (5_000_000, 2000, "by post", {"gift": True})
        assert (postage.name, postage.item_id, postage.description, postage.attributes) == ("I-1#2", None, "postage", {})
        assert [line.origin for line in recorded.lines(types=["delivery"])] == ["I-1#1", "I-1#1"]
        assert _names(recorded.lines(documents=["B-1", "I-2"])) == ["B-1#1"]
        assert _names(recorded.lines(keys=["web:1", "web:9"])) == _names(recorded.lines(key_prefix="web:")) == ["I-1#1", "I-1#2"]
        assert _names(recorded.lines(goods="later", since=2026_02_01, until=2026_02_01)) == ["I-1#1", "I-1#2"]
        assert _names(recorded.lines(line_ids=[postage.id])) == ["I-1#2"]
        assert recorded.lines(since=2026_03_02) == recorded.lines(documents=[]) == []
        assert recorded.records(["web:1", "web:2", "web:9"]).keys() == {"web:1", "web:2"}
        assert [(item.sku, item.type, item.active) for item in recorded.items()] == [("BOLT", "stock", True)]


def test_documents(shop: Books) -> None:
    with shop.recorded() as recorded:
        assert [each.number for each in recorded.documents()] == ["B-1", "I-1", "D-1", "D-2"]
        (sale,) = recorded.documents(numbers=["I-1", "I-2", "I-9"])
        assert sale[1:] == ("I-1", "invoice", 2026_02_01, "web:1", "JANE", "by post")
        assert recorded.documents(ids=[sale.id], types=["invoice"]) == [sale]
        assert recorded.documents(ids=[sale.id], types=["bill"]) == recorded.documents(ids=[]) == []


def test_an_edited_document_goes_on_under_its_key(books: Books) -> None:
    """Whoever recorded it finds it by the key he gave, whatever became of its text."""
    sale = {"date": "2026-02-01", "party": "JANE", "lines": [{"description": "postage", "amount": "4.00"}]}
    number = books.post("invoice", key="web:1", **sale).number
    for amount in ("5.00", "6.00"):
        books.post("invoice", revises=number, **sale | {"lines": [{"description": "postage", "amount": amount}]})
    with books.recorded() as recorded:
        for found in (recorded.lines(keys=["web:1"]), recorded.lines(key_prefix="web:"), recorded.lines(documents=[number])):
            assert [(line.key, line.amount) for line in found] == [("web:1", 600)]
        assert [each.key for each in recorded.documents(numbers=[number])] == ["web:1"]
        assert recorded.lines(keys=["web:2"]) == []


def test_masters_by_id_and_sku(shop: Books) -> None:
    shop.items.add("stock", sku="NUT")
    with shop.recorded() as recorded:
        nut, bolt = recorded.items(skus=["NUT"]) + recorded.items(skus=["BOLT", "GONE"])
        assert (nut.sku, bolt.sku) == ("NUT", "BOLT")
        assert recorded.items(ids=[nut.id]) == [nut]
        assert "MAIN" in recorded.locations().values()


def test_rows_of_ones_own_tables_whose_documents_stand(shop: Books) -> None:
    def standing(reader: Any, _: Any) -> set[str]:
        statement = f"SELECT o.number FROM wares_document o WHERE o.company_id = ? AND {Recorded(reader).stands('o.document_id')}"
        return {number for (number,) in reader.rows(statement)}

    assert shop.reading(standing) == {"B-1", "I-1", "D-1", "D-2"}


def test_links_and_what_goods_were_worth(shop: Books) -> None:
    shop.void("D-2")
    with shop.recorded() as recorded:
        bolts, _ = recorded.lines(types=["invoice"])
        (link,) = recorded.links([bolts.id], kinds=["deliver"])
        assert (link.document, link.day, link.quantity, link.sku) == ("D-1", 2026_02_03, 2_000_000, "BOLT")
        assert recorded.values([link.document_id]) == {link.line_id: -200}
        assert recorded.links([bolts.id], kinds=["credit"]) == []
        (lot,) = recorded.lots([bolts.item_id or 0])
        assert (lot.lot, lot.quantity, lot.day) == ("", 10_000_000, 2026_01_05)


def test_a_detail_was_bought_when_its_purchase_was(books: Books) -> None:
    books.items.add("stock", sku="MUG", cost_method="specific")
    for date in ("2026-01-09", "2026-01-03"):
        lines = [{"account": "1350", "amount": "6.00"}]
        of = books.post("cash_purchase", date=date, account="1010", lines=lines).number
        goods = [{"from": f"{of}#1", "item": "MUG", "quantity": 2, "amount": "5.00"}]
        books.post("purchase_details", date="2026-01-20", lines=goods)
    with books.recorded() as recorded:
        lots = recorded.lots([item.id for item in recorded.items()])
    assert [(lot.lot, lot.quantity, lot.day) for lot in lots] == [
        ("PD-00002#1", 2_000_000, 2026_01_03), ("PD-00001#1", 2_000_000, 2026_01_09),
    ]  # fmt: skip


def test_a_lot_that_lies_at_two_locations_is_one(books: Books) -> None:
    books.settings.set("cost_scope", "location")
    books.locations.add("SHOP")
    books.items.add("stock", sku="MUG", cost_method="specific")
    goods = [{"item": "MUG", "quantity": 3, "unit_cost": "2", "lot": "L1"}]
    books.post("bill", date="2026-01-03", party="ACME", lines=goods)
    books.post("transfer", date="2026-01-05", to_location="SHOP", lines=[{"item": "MUG", "quantity": 1, "lot": "L1"}])
    with books.recorded() as recorded:
        (lot,) = recorded.lots([item.id for item in recorded.items()])
        assert (lot.lot, lot.quantity, lot.day, lot.party) == ("L1", 3_000_000, 2026_01_03, "ACME")
        assert recorded.balance(["inventory"]) == 600
        assert [(row.document, row.amount) for row in goods_of(recorded)] == [("BILL-00001", 600)]


def test_the_value_of_stock_row_by_row(shop: Books) -> None:
    """A bill at another price comes late: what it corrects stands beside the rows that it corrects."""
    shop.post("landed_cost", date="2026-02-03", amount="12.00", apply_to=[{"from": "B-1"}])
    with shop.recorded() as recorded:
        rows = [(row.day, row.document, row.line, row.amount, row.origin) for row in goods_of(recorded)]
        inventory = recorded.balance(["inventory"])
        in_february = [row for row in goods_of(recorded) if 2026_02_01 <= row.day <= 2026_02_28]
        assert recorded.balance(["inventory"], at=2026_02_28) - recorded.balance(["inventory"], at=2026_01_31) == sum(
            row.amount for row in in_february
        )
    assert rows == [
        (2026_01_05, "B-1", "1", 1200 + 1200, None),
        (2026_02_03, "D-1", "1", -200 - 200, "I-1#1"),
        (2026_03_01, "D-2", "1", -300 - 300, "I-1#1"),
    ]
    assert sum(row[3] for row in rows) == inventory == 1400


def test_postings_and_the_other_side(shop: Books) -> None:
    with shop.recorded() as recorded:
        (sold, *_) = recorded.postings(["receivable"])
        assert (sold.name, sold.type, sold.party, sold.text, sold.amount) == ("I-1", "invoice", "JANE", "by post", 2400)
        assert [(row.name, row.amount, row.origin) for row in recorded.postings(["cogs"], since=2026_02_04)] == [
            ("D-2#1", 300, "I-1#1")
        ]
        sides = {(side.document_type, side.account): side.amount for side in recorded.other_sides(["inventory"])}
        assert sides == {("bill", "2000"): -1200, ("delivery", "5000"): 500}
        (cogs,) = recorded.other_sides(["inventory"], since=2026_03_01)
        assert (cogs.account_type, "cogs" in cogs.roles, cogs.amount) == ("expense", True, 300)


def test_pages_of_days(shop: Books) -> None:
    with shop.recorded() as recorded:
        assert list(recorded.day_pages(size=2)) == [(2026_01_05, 2026_02_01), (2026_02_02, 2026_02_03), (2026_03_01, 2026_03_01)]
        assert list(recorded.day_pages(since=2026_02_03, until=2026_02_28)) == [(2026_02_03, 2026_02_03)]
        assert list(recorded.day_pages(since=2027_01_01)) == []
