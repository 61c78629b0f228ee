"""The MasterBook: what it loads at once, what it keeps from one transaction to the next, what it says of the stock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from sqlalchemy import event

from tests.core.catalog.conftest import Shop
from wares.catalog.masters import MasterBook
from wares.errors import Refused, StorageError
from wares.ledger.accounts import AccountBook
from wares.storage.database import read
from wares.storage.unit import Reader
from wares.values import SCALE


class RolledBack(Exception):
    """Ends a transaction without a commit."""


@contextmanager
def counted(shop: Shop) -> Iterator[list[str]]:
    """The statements that run meanwhile."""
    seen: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(shop.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(shop.engine, "before_cursor_execute", note)


@pytest.fixture
def nested(shop: Shop) -> Shop:
    """BIKE ⊃ WHEEL ⊃ RIM, with SCRAP as a by-product of WHEEL."""
    stock = [{"sku": sku, "type": "stock"} for sku in ("RIM", "SCRAP", "BELL")]
    wheel = {"sku": "WHEEL", "type": "assembly", "components": [{"sku": "RIM"}]}
    by_product = {"by_products": [{"sku": "SCRAP", "quantity": 1, "share": 1}]}
    shop.put(*stock, {**wheel, **by_product}, {"sku": "BIKE", "type": "assembly", "components": [{"sku": "WHEEL"}]})
    return shop


def test_a_batch_is_two_queries_however_deep(nested: Shop) -> None:
    with nested.reading() as masters:
        with counted(nested) as seen:
            masters.need_skus(["BIKE", "BELL", "NONE"])
            assert len(seen) == 2
            bike = masters.item("BIKE")
            wheel = masters.item_by_id(bike.contents[0].item_id)
            assert masters.item_by_id(wheel.contents[0].item_id).sku == "RIM"
            assert masters.item_by_id(wheel.by_products[0].item_id).sku == "SCRAP"
            masters.need_skus(["BIKE", "BELL"])
            assert len(seen) == 2
        assert masters.peek("NONE") is None


def test_what_was_not_asked_for_is_read_when_looked_up(nested: Shop) -> None:
    with nested.reading() as masters:
        assert masters.item("WHEEL").contents[0].sku == "RIM"
        assert masters.item_by_id(masters.item("BELL").id).sku == "BELL"
        with pytest.raises(StorageError, match="BROKEN_REFERENCE"):
            masters.item_by_id(7)


def test_unknown_things_have_codes_and_hints(nested: Shop) -> None:
    with nested.writing() as catalogue:
        catalogue.put_parties([{"code": "ACME", "name": "Acme Inc"}])
    with nested.reading() as masters:
        for look_up, code, hint in (
            (masters.item, "wheels", "did you mean WHEEL?"),
            (masters.party, "ACMEE", "did you mean ACME?"),
            (masters.location, "MAINE", "did you mean MAIN?"),
            (masters.account, "13000", "did you mean 1300 1300?"),
        ):
            with pytest.raises(Refused) as refusal:
                look_up(code, "lines[0].item")
            assert refusal.value.code == f"UNKNOWN_{look_up.__name__.upper()}"
            assert refusal.value.hint == hint
            assert refusal.value.issues[0].path == "lines[0].item"


def test_many_unknown_skus_do_not_search_each_time(nested: Shop) -> None:
    with nested.reading() as masters:
        hints = []
        for number in range(40):
            with pytest.raises(Refused) as refusal:
                masters.item(f"WHEEL{number % 10}")
            hints.append(refusal.value.hint)
    assert hints[0] == "did you mean WHEEL?"
    assert hints[-1] == ""


def test_another_companys_items_are_not_seen(nested: Shop, new_shop: Any) -> None:
    other = new_shop(nested.engine)
    other.put({"sku": "BELL", "type": "stock", "name": "Other"})
    assert nested.item("BELL").name == "BELL"
    with other.reading() as masters, pytest.raises(Refused, match="UNKNOWN_ITEM"):
        masters.item("BIKE")


@contextmanager
def reopened(shop: Shop, book: MasterBook) -> Iterator[MasterBook]:
    with read(shop.engine) as connection:
        reader = Reader.open(connection, shop.company_id)
        yield book.fresh(reader, AccountBook.load(reader))


def test_caches_are_kept_until_a_master_changes(nested: Shop) -> None:
    with nested.reading() as first:
        first.need_skus(["BIKE"])
    with reopened(nested, first) as second:
        with counted(nested) as seen:
            assert second.item("BIKE") is first.item("BIKE")
        assert seen == []
    nested.put({"sku": "RIM", "name": "Rim"})
    with reopened(nested, second) as third:
        assert third.item("RIM").name == "Rim"


def test_what_a_transaction_learnt_is_not_carried_over(nested: Shop) -> None:
    with nested.reading() as kept:
        kept.need_skus(["RIM"])
    with suppress(RolledBack), nested.writing() as catalogue:
        catalogue.masters = book = kept.fresh(catalogue.unit)
        catalogue.put([{"sku": "RIM", "name": "Never"}, {"sku": "NEW", "type": "stock"}])
        assert book.item("NEW").name == "NEW"
        raise RolledBack
    assert kept.peek("NEW") is None
    for stale in (kept, book):
        with reopened(nested, stale) as masters:
            assert masters.item("RIM").name == "RIM"
            assert masters.find("NEW") is None


# --- stock -----------------------------------------------------------------------------------------------------------


def with_moves(shop: Shop, *moves: tuple[str, int, str], pool_of: Any = None) -> bool:
    """Post documents (type, quantity, status) one after the other; whether a build brought WHEEL in since it was empty."""
    wheel = shop.item("WHEEL").id
    total = sum(quantity for _, quantity, status in moves if status != "annulled")
    shop.has_moved("WHEEL", total)
    document = {"revision": 1, "record": "{}"}
    for place, (kind, quantity, status) in enumerate(moves, start=1):
        annulled = {"annulled_by": 1} if status == "annulled" else {}
        shop.insert("document", {"document_id": place, "type": kind, "number": str(place), "status": status, **document})
        move = {"move_id": place, "document_id": place, "pool_id": wheel + 10_000, "item_id": wheel, **annulled}
        shop.insert("move", {**move, "quantity": quantity, "effective_at": place * 10, "sequence": place << 20})
    with shop.reading() as masters:
        return masters.received_by(masters.item("WHEEL"), "build")


@pytest.mark.parametrize(
    ("moves", "expected"),
    [
        ([], False),
        ([("build", 5, "posted")], True),
        ([("build", 5, "posted"), ("invoice", -4, "posted")], True),
        ([("build", 5, "posted"), ("invoice", -5, "posted")], False),
        ([("build", 5, "posted"), ("invoice", -5, "posted"), ("bill", 3, "posted")], False),
        ([("build", 5, "posted"), ("invoice", -6, "posted"), ("bill", 3, "posted")], False),
        ([("build", 5, "annulled"), ("bill", 3, "posted")], False),
        ([("build", 5, "reversed"), ("bill", 3, "posted")], False),
        ([("bill", 3, "posted"), ("build", 5, "posted"), ("invoice", -3, "posted")], True),
        ([("invoice", -3, "posted"), ("build", 5, "posted")], True),
    ],
)
def test_received_by(nested: Shop, moves: list[tuple[str, int, str]], expected: bool) -> None:
    assert with_moves(nested, *moves) is expected


def test_a_transfer_does_not_empty_the_stock(nested: Shop) -> None:
    assert with_moves(nested, ("build", 5, "posted"))
    wheel = nested.item("WHEEL").id
    nested.insert("document", {"document_id": 50, "type": "transfer", "number": "T", "revision": 1, "record": "{}"})
    move = {"document_id": 50, "pool_id": wheel + 10_000, "item_id": wheel, "effective_at": 999}
    nested.insert("move", {**move, "move_id": 50, "quantity": -5, "sequence": 50 << 20})
    nested.insert("move", {**move, "move_id": 51, "quantity": 5, "sequence": (50 << 20) + 1})
    with nested.reading() as masters:
        assert masters.received_by(masters.item("WHEEL"), "build")


def test_on_hand(nested: Shop) -> None:
    rim = nested.item("RIM").id
    nested.insert("stock", {"item_id": rim, "location_id": 1, "on_hand": 3 * SCALE})
    nested.insert("stock", {"item_id": rim, "location_id": 2, "on_hand": -SCALE})
    with nested.reading() as masters:
        item, main = masters.item("RIM"), masters.main_location()
        assert (masters.on_hand(item), masters.on_hand(item, main)) == (2 * SCALE, 3 * SCALE)
        assert masters.on_hand(masters.item("BELL")) == 0
