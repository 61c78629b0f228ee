"""Units and lots in the books."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from wares import Books, Refused

import serial_stock
from serial_stock.views import history, on_hand

plugin = serial_stock  # whose books the fixtures open

Post = Callable[..., Any]


@pytest.fixture
def shop(books: Books) -> Books:
    """A drill by serial number, milk by lot, and a phone with automatic numbers."""
    books.items.add("serial", sku="DRILL", price="90", cost_method="specific")
    attributes = {"tracking": "lot", "automatic": True, "expires": True}
    books.items.add("serial", sku="MILK", price="2", cost_method="specific", attributes=attributes)
    books.items.add("serial", sku="PHONE", price="200", cost_method="specific", attributes={"automatic": True})
    return books


def units(sku: str, *serials: str, **keys: Any) -> dict[str, Any]:
    return {"item": sku, "quantity": len(serials), "attributes": {"serials": list(serials)}, **keys}


def milk(quantity: int, lot: str, expires: str, unit_cost: str = "1") -> dict[str, Any]:
    return {"item": "MILK", "quantity": quantity, "lot": lot, "unit_cost": unit_cost, "attributes": {"expires": expires}}


@pytest.fixture
def drills(shop: Books, post: Post) -> Books:
    """Three drills, two for 60 and one for 70."""
    post("bill", number="B-1", date="2026-01-02", lines=[units("DRILL", "D-1", "D-2", unit_cost="60")])
    post("bill", number="B-2", date="2026-01-03", lines=[units("DRILL", "D-3", unit_cost="70")])
    return shop


def numbers(books: Books, sku: str = "DRILL") -> list[str]:
    return [row["number"] for row in on_hand(books, sku=sku)]


def code_of(refusal: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {issue.code for issue in refusal.value.issues}


def test_each_unit_leaves_at_its_own_cost(drills: Books, post: Post) -> None:
    sale = post("invoice", date="2026-01-05", lines=[units("DRILL", "D-3", "D-1")])
    assert (str(sale.total), str(sale.cogs)) == ("180.00", "130.00")
    assert numbers(drills) == ["D-2"]
    assert str(drills.stock.value("DRILL")) == "60.00"
    assert drills.verify()["ok"]


def test_a_price_that_does_not_divide_is_shared_to_the_cent(shop: Books, post: Post) -> None:
    post("bill", date="2026-01-02", lines=[units("DRILL", "A", "B", "C", amount="100.00")])
    costs = [post("invoice", date="2026-01-03", lines=[units("DRILL", each)]).cogs for each in "ABC"]
    assert sorted(map(str, costs)) == ["33.33", "33.33", "33.34"]


@pytest.mark.parametrize(
    ("type", "line", "code"),
    [
        ("bill", units("DRILL", "D-1", unit_cost="1"), "SERIAL_EXISTS"),
        ("bill", units("DRILL", "D-9", "D-9", unit_cost="1"), "SERIAL_TWICE"),
        ("bill", {**units("DRILL", "D-9", unit_cost="1"), "quantity": 2}, "SERIAL_COUNT"),
        ("bill", {"item": "DRILL", "quantity": 1, "unit_cost": "1"}, "SERIAL_MISSING"),
        ("bill", {"item": "MILK", "quantity": 1, "unit_cost": "1", "lot": "MON"}, "EXPIRY_MISSING"),
        ("bill", {"item": "PHONE", "quantity": "1.5", "unit_cost": "1"}, "SERIAL_SHORT"),
        ("invoice", {"item": "DRILL", "quantity": 1}, "SERIAL_MISSING"),
        ("invoice", units("DRILL", "D-9"), "SERIAL_NOT_HERE"),
        ("invoice", units("DRILL", "D-1", "D-1"), "SERIAL_TWICE"),
        ("invoice", {"item": "PHONE", "quantity": 1}, "SERIAL_SHORT"),
        ("invoice", {"item": "DRILL", "quantity": 1, "attributes": {"serial": "D-1"}}, "BAD_ATTRIBUTE"),
        ("count", {"item": "DRILL", "counted": 1, "lot": "D-1"}, "SERIAL_COUNTED"),
    ],
)
def test_wrong_numbers_are_refused(drills: Books, post: Post, type: str, line: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refusal:
        post(type, date="2026-01-05", lines=[line])
    assert code in code_of(refusal)
    assert numbers(drills) == ["D-1", "D-2", "D-3"]
    assert drills.verify()["ok"]


def test_a_unit_is_sold_once_also_within_a_batch(drills: Books) -> None:
    sale = {"type": "invoice", "date": "2026-01-05", "party": "CUSTOMER", "lines": [units("DRILL", "D-1")]}
    results = drills.post_many([sale, sale, {**sale, "lines": [units("DRILL", "D-2")]}], atomic=False)
    assert [isinstance(result, Refused) for result in results] == [False, True, False]
    assert numbers(drills) == ["D-3"]


def test_a_sold_unit_comes_back_with_its_sale_and_not_with_a_purchase(drills: Books, post: Post) -> None:
    post("invoice", number="I-1", date="2026-01-05", lines=[units("DRILL", "D-1", "D-3")])
    with pytest.raises(Refused, match="SERIAL_EXISTS"):
        post("bill", date="2026-01-06", lines=[units("DRILL", "D-3", unit_cost="1")])
    back = {"from": "I-1#1", "quantity": 1, "restock": True}
    with pytest.raises(Refused, match="SERIAL_NOT_MOVED"):
        post("credit_note", date="2026-01-06", lines=[{**back, "attributes": {"serials": ["D-2"]}}])
    credit = post("credit_note", date="2026-01-06", lines=[{**back, "attributes": {"serials": ["D-3"]}}])
    assert str(credit.cogs) == "-70.00"
    assert numbers(drills) == ["D-2", "D-3"]
    with pytest.raises(Refused, match="SERIAL_NOT_MOVED"):
        post("credit_note", date="2026-01-07", lines=[{**back, "attributes": {"serials": ["D-3"]}}])
    assert str(post("invoice", date="2026-01-08", lines=[units("DRILL", "D-3")]).cogs) == "70.00"
    assert drills.verify()["ok"]


def test_goods_go_back_to_the_supplier_by_number(drills: Books, post: Post) -> None:
    post("supplier_credit", date="2026-01-06", lines=[{"from": "B-1#1", "quantity": 1, "attributes": {"serials": ["D-2"]}}])
    assert numbers(drills) == ["D-1", "D-3"]


def test_voids_and_edits_follow_the_documents(drills: Books, post: Post) -> None:
    sale = post("invoice", date="2026-01-05", lines=[units("DRILL", "D-1")])
    edited = post("invoice", revises=sale.number, date="2026-01-05", lines=[units("DRILL", "D-1", "D-2")])
    assert (numbers(drills), str(edited.cogs)) == (["D-3"], "120.00")
    drills.void(sale.number)
    assert numbers(drills) == ["D-1", "D-2", "D-3"]
    drills.void("B-2")
    post("bill", date="2026-01-06", lines=[units("DRILL", "D-3", unit_cost="75")])
    assert str(post("invoice", date="2026-01-07", lines=[units("DRILL", "D-3")]).cogs) == "75.00"


def test_a_void_on_a_later_day_brings_it_back_too(drills: Books, post: Post) -> None:
    sale = post("invoice", date="2026-01-05", lines=[units("DRILL", "D-1")])
    drills.void(sale.number, date="2026-01-09")
    assert numbers(drills) == ["D-1", "D-2", "D-3"]
    assert str(post("invoice", date="2026-01-10", lines=[units("DRILL", "D-1")]).cogs) == "60.00"


def test_lost_and_found(drills: Books, post: Post) -> None:
    lost = {"item": "DRILL", "quantity": -1, "lot": "D-1", "memo": "lost"}
    post("adjustment", date="2026-01-05", lines=[lost])
    assert numbers(drills) == ["D-2", "D-3"]
    post("adjustment", date="2026-01-06", lines=[{**lost, "quantity": 1, "unit_cost": "60", "memo": "found"}])
    assert numbers(drills) == ["D-1", "D-2", "D-3"]


def test_a_unit_is_sold_where_it_is(drills: Books, post: Post) -> None:
    drills.locations.add("SHOP")
    post("transfer", date="2026-01-04", to_location="SHOP", lines=[{"item": "DRILL", "quantity": 1, "lot": "D-1"}])
    assert {row["number"]: row["location"] for row in on_hand(drills)} == {"D-1": "SHOP", "D-2": "MAIN", "D-3": "MAIN"}
    with pytest.raises(Refused, match="SERIAL_NOT_HERE"):
        post("invoice", date="2026-01-05", lines=[units("DRILL", "D-1")])
    post("invoice", date="2026-01-05", location="SHOP", lines=[units("DRILL", "D-1")])


def test_the_bill_of_a_receipt_reaches_every_unit(shop: Books, post: Post) -> None:
    post("receipt", number="R-1", date="2026-01-02", lines=[units("DRILL", "D-1", "D-2", unit_cost="60")])
    post("bill", date="2026-01-03", lines=[{"from": "R-1#1", "quantity": 2, "unit_cost": "65"}])
    assert str(post("invoice", date="2026-01-04", lines=[units("DRILL", "D-2")]).cogs) == "65.00"
    assert shop.verify()["ok"]


def test_numbers_are_given_and_the_oldest_go_first(shop: Books, post: Post) -> None:
    post("bill", date="2026-01-02", lines=[{"item": "PHONE", "quantity": 2, "unit_cost": "100"}])
    post("bill", date="2026-01-03", lines=[{"item": "PHONE", "quantity": 1, "unit_cost": "120"}])
    assert numbers(shop, "PHONE") == ["PHONE-00001", "PHONE-00002", "PHONE-00003"]
    assert str(post("invoice", date="2026-01-04", lines=[{"item": "PHONE", "quantity": 2}]).cogs) == "200.00"
    with pytest.raises(Refused, match="SERIAL_TWO_LINES"):
        post("bill", date="2026-01-05", lines=[{"item": "PHONE", "quantity": 1, "unit_cost": "100"}] * 2)


def test_the_lot_that_expires_first_goes_first_and_an_expired_lot_is_not_sold(shop: Books, post: Post) -> None:
    post("bill", date="2026-01-02", lines=[milk(10, "LATE", "2026-03-01", "1.20"), milk(10, "SOON", "2026-02-01")])
    assert str(post("invoice", date="2026-01-05", lines=[{"item": "MILK", "quantity": 12}]).cogs) == "12.40"
    assert [(row["number"], str(row["quantity"]), row["expires"]) for row in on_hand(shop)] == [("LATE", "8", "2026-03-01")]
    with pytest.raises(Refused, match="EXPIRY_DIFFERS"):
        post("bill", date="2026-01-06", lines=[milk(1, "LATE", "2026-04-01")])
    with pytest.raises(Refused, match="SERIAL_EXPIRED"):
        post("invoice", date="2026-03-02", lines=[{"item": "MILK", "quantity": 1}])
    post("adjustment", date="2026-03-02", lines=[{"item": "MILK", "quantity": -8, "lot": "LATE"}])
    assert shop.verify()["ok"]


def test_the_tracking_cannot_change_while_units_are_on_hand(drills: Books) -> None:
    with pytest.raises(Refused, match="SERIAL_TRACKING_FIXED"):
        drills.items.edit("DRILL", attributes={"tracking": "lot"})
    with pytest.raises(Refused, match="SERIAL_COST_METHOD"):
        drills.items.add("serial", sku="SAW", price="10", cost_method="fifo")


def test_the_history_of_a_number(drills: Books, post: Post) -> None:
    post("invoice", number="I-1", date="2026-01-05", lines=[units("DRILL", "D-1")])
    found = [(row["date"], row["document"], row["party"], str(row["quantity"])) for row in history(drills, "D-1")]
    assert found == [("2026-01-02", "B-1", "SUPPLIER", "1"), ("2026-01-05", "I-1", "CUSTOMER", "-1")]


@pytest.mark.skipif(not entry_points(group="wares.commands", name="serials"), reason="the plugin is not installed")
def test_at_the_command_line(tmp_path: Path) -> None:
    from wares.cli.main import main
    from wares.testing import plugins_with, record

    books = Books.open(f"sqlite:///{tmp_path / 'shop.db'}", plugins=plugins_with(plugin))
    bill = {"type": "bill", "date": "2026-01-02", "party": "ACME", "lines": [milk(5, "MON", "2026-02-01")]}
    attributes = {"tracking": "lot", "expires": True}
    record(
        books,
        [
            {"record": "party", "code": "ACME"},
            {"type": "serial", "sku": "MILK", "price": "2", "cost_method": "specific", "attributes": attributes},
            {"record": "document", **bill},
        ],
    )
    books.close()
    for words, shown in ((["list", "--expiring", "2026-02-01"], "MON"), (["show", "MON"], "ACME")):
        done = CliRunner().invoke(main, ["--db", str(tmp_path / "shop.db"), "-f", "csv", "serials", *words])
        assert done.exit_code == 0, done.output
        assert shown in done.stdout


@pytest.mark.skipif(not entry_points(group="wares.commands", name="serials"), reason="the plugin is not installed")
def test_a_setting_gives_the_days_of_expiring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from wares.cli.main import main
    from wares.testing import plugins_with, record

    soon = (date.today() + timedelta(days=20)).isoformat()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    books = Books.open("sqlite:///shop.db", plugins=plugins_with(plugin))
    attributes = {"tracking": "lot", "expires": True}
    milk_item = {"type": "serial", "sku": "MILK", "price": "2", "cost_method": "specific", "attributes": attributes}
    bill = {"type": "bill", "date": "2026-01-02", "party": "ACME", "lines": [milk(5, "MON", soon)]}
    record(books, [{"record": "party", "code": "ACME"}, milk_item, {"record": "document", **bill}])
    books.close()

    def expiring(*words: str) -> tuple[int, bool]:
        done = CliRunner().invoke(main, ["--db", "shop.db", "-f", "csv", "serials", "expiring", *words])
        return done.exit_code, "MON" in done.stdout

    assert expiring() == (3, True)
    Path("wares.toml").write_text("[plugins.serial_stock]\nwarn_days = 10\n")
    assert expiring() == (0, False)
    assert expiring("--days", "20") == (3, True)
    monkeypatch.setenv("WARES_PLUGINS__SERIAL_STOCK__WARN_DAYS", "-1")
    wrong = CliRunner().invoke(main, ["--db", "shop.db", "serials", "expiring"])
    assert wrong.exit_code == 1
    assert "SETTING_INVALID" in wrong.stderr


@pytest.fixture
def server() -> Iterator[str]:
    """A PostgreSQL database of its own, where there is a server."""
    url = os.environ.get("WARES_TEST_POSTGRESQL_URL")
    if not url:
        pytest.skip("WARES_TEST_POSTGRESQL_URL names no server")
    from sqlalchemy import create_engine, make_url, text

    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    name = f"serial_{os.getpid()}"
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(url).set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


def test_on_postgresql_after_migrations_go_up(server: str) -> None:
    from wares.testing import plugins_with

    books = Books.open(server, plugins=plugins_with(plugin))
    books.parties.add("ACME")
    books.items.add("serial", sku="DRILL", price="90", cost_method="specific")
    lines = [units("DRILL", "D-1", "D-2", unit_cost="60")]
    books.post("bill", date="2026-01-02", party="ACME", lines=lines)
    books.post("invoice", number="I-1", date="2026-01-03", party="ACME", lines=[units("DRILL", "D-1")])
    books.post("credit_note", date="2026-01-04", party="ACME", lines=[{"from": "I-1#1", "quantity": 1, "restock": True}])
    assert numbers(books) == ["D-1", "D-2"]
    assert books.verify()["ok"]
    books.close()
