"""What can be wrong only where each location is costed by itself: the layers that transfers carried, and pools of places."""

from __future__ import annotations

import pytest

from wares import Books
from wares.storage.database import sql
from wares.storage.unit import Reader
from wares.verify import verify

ARRIVED = (
    "(SELECT m.move_id FROM wares_move m JOIN wares_document d ON d.company_id = m.company_id AND d.document_id = m.document_id "
    "WHERE m.company_id = {company} AND d.number = 'T-1' AND m.quantity > 0)"
)
POOL = (
    "(SELECT p.pool_id FROM wares_pool p JOIN wares_location a ON a.company_id = p.company_id AND a.location_id = p.area_id "
    "WHERE p.company_id = {company} AND a.code = 'SHOP')"
)
MAIN = "(SELECT location_id FROM wares_location WHERE company_id = {company} AND code = 'MAIN')"
C = "company_id = {company}"

DAMAGES = {
    "what a transfer brought is more in one layer": (
        "I5",
        f"UPDATE wares_layer SET quantity = quantity + 1, remaining = remaining + 1 "
        f"WHERE {C} AND move_id = {ARRIVED} AND remaining > 0",
        "the layers of BOLT at SHOP on 2026-01-03 (T-1#1) hold 3.000001 at 50.00, the transfer brought 3 at 50.00",
    ),
    "a layer that a transfer brought is worth more": (
        "I5",
        f"UPDATE wares_layer SET value = value + 1 WHERE {C} AND move_id = {ARRIVED} AND remaining > 0",
        "the layers of BOLT at SHOP on 2026-01-03 (T-1#1) hold 3 at 50.01, the transfer brought 3 at 50.00",
    ),
    "a layer is older than its receipt": (
        "I6",
        f"UPDATE wares_layer SET effective_at = effective_at - 86400000000 WHERE {C} AND move_id = {ARRIVED} AND remaining > 0",
        "the layer of BOLT at SHOP on 2026-01-03 (T-1#1) has 1 left and 0.00 taken, a fresh fold leaves otherwise",
    ),
    "a layer goes back to another receipt": (
        "I6",
        f"UPDATE wares_layer SET source_id = move_id WHERE {C} AND move_id = {ARRIVED} AND remaining > 0",
        "the layer of BOLT at SHOP on 2026-01-03 (T-1#1) has 1 left and 0.00 taken, a fresh fold leaves otherwise",
    ),
    "a move is in the pool of another place": (
        "I6",
        f"UPDATE wares_pool SET area_id = {MAIN} * 1000 WHERE {C} AND pool_id = {POOL}",
        "BOLT at SHOP on 2026-01-03 (T-1#1) is in the fifo pool of BOLT",
    ),
}


@pytest.fixture
def two_places(books: Books) -> Books:
    books.settings.set("cost_scope", "location")
    books.locations.add("SHOP", name="The shop")
    books.items.add("stock", sku="BOLT", cost_method="fifo", price="50")
    for day, cost in (("01", "10"), ("02", "20")):
        lines = [{"item": "BOLT", "quantity": 2, "unit_cost": cost}]
        books.post("bill", date=f"2026-01-{day}", party="ACME", lines=lines)
    moved = [{"item": "BOLT", "quantity": 3}]
    books.post("transfer", number="T-1", date="2026-01-03", location="MAIN", to_location="SHOP", lines=moved)
    # (10 + 10 + 20 went along, and 10 more of freight on the second receipt)
    books.post("landed_cost", date="2026-01-04", amount="20.00", apply_to=[{"from": "BILL-00002"}])
    books.post("invoice", date="2026-01-05", party="JANE", location="SHOP", lines=[{"item": "BOLT", "quantity": 2}])
    return books


def test_the_undamaged_company_is_sound(two_places: Books) -> None:
    assert two_places.verify()["ok"]


@pytest.mark.parametrize("what", DAMAGES)
def test_damage_is_named(two_places: Books, what: str) -> None:
    check, statement, message = DAMAGES[what]
    assert two_places.engine is not None
    company_id = two_places.reading(lambda reader, _: reader.company_id)
    with two_places.engine.connect() as connection:
        transaction = connection.begin()
        try:
            assert sql(connection, statement.format(company=company_id)).rowcount == 1
            report = verify(Reader.open(connection, company_id), two_places.plugins.registry)
        finally:
            transaction.rollback()
    found = {each["id"]: each["first_problem"] for each in report["checks"] if not each["ok"]}
    assert found.get(check) == message
