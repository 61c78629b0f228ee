"""The demo's records are consistent before any books post them: no stock goes negative, and each code is recorded before its use.

The stock is replayed here from the records alone, as a reader of the format would, and set against the tables. Every
test runs on the slice that ships; set WARES_DEMO_FULL to the folder of the complete tables to run them on those too.
"""

from __future__ import annotations

import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from wares_demo.events import RETURN
from wares_demo.expected import expected, headers
from wares_demo.figures import cents, in_proportion, plain, whole
from wares_demo.opening import Replay
from wares_demo.production import builds
from wares_demo.purchasing import bill_total, deliveries, purchases
from wares_demo.records import Plan, documents, master_records, prepare, records
from wares_demo.sales import orders, sales
from wares_demo.source import Source, SourceError

Record = dict[str, Any]

FULL = "WARES_DEMO_FULL"
EXACT = re.compile(r"-?\d+(\.\d{1,6})?")
FIGURES = frozenset(
    {"quantity", "scrapped", "counted", "unit_price", "unit_cost", "unit_factor", "amount", "discount", "price", "cost"}
)


@pytest.fixture(scope="module", params=["slice", "full"])
def source(request: pytest.FixtureRequest) -> Source:
    if request.param == "slice":
        return Source.packaged()
    if not os.environ.get(FULL):
        pytest.skip(f"{FULL} names no folder of complete tables")
    return Source.directory(os.environ[FULL])


@pytest.fixture(scope="module")
def plan(source: Source) -> Plan:
    return prepare(source)


class Shelves:
    """The stock by the records: (location, SKU) → quantity, never below zero."""

    def __init__(self, plan: Plan) -> None:
        self.components: dict[str, list[Record]] = {}
        self.types: dict[str, str] = {}
        for record in master_records(plan.source, plan.catalogue):
            if record["record"] in ("item", "variant"):
                built = record["record"] == "variant" and "components" in record
                self.types[record["sku"]] = record.get("type", "assembly" if built else "stock")
                self.components[record["sku"]] = record.get("components", [])
        self.stock: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
        self.lines: dict[str, Record] = {}

    def post(self, record: Record) -> None:
        place = record.get("location", "MAIN")
        for row, line in enumerate(record.get("lines", ()), start=1):
            where = line.get("location", place)
            quantity = Decimal(line.get("quantity", "1")) * Decimal(line.get("unit_factor", "1"))
            match record["type"]:
                case "opening_balance" | "receipt" | "adjustment":
                    self.move(where, line["item"], quantity)
                case "bill" if "from" not in line:
                    self.move(where, line["item"], quantity)
                case "invoice" | "cash_sale" if "item" in line:
                    self.lines[f"{record['number'] if 'number' in record else record['key']}#{row}"] = line
                    self.move(where, line["item"], -quantity, changed=line.get("components"))
                case "credit_note" if line.get("restock"):
                    sold = self.lines[line["from"]]
                    assert Decimal(sold["quantity"]) >= quantity
                    self.move(where, sold["item"], quantity)
                case "transfer":
                    self.move(where, line["item"], -quantity)
                    self.move(record["to_location"], line["item"], quantity)
                case "build":
                    started = quantity + Decimal(line.get("scrapped", "0"))
                    for part in self.components[line["item"]]:
                        self.move(where, part["sku"], -started * Decimal(part["quantity"]))
                    self.move(where, line["item"], quantity)
                case "count":
                    self.stock[where, line["item"]] = Decimal(line["counted"])

    def move(self, where: str, sku: str, quantity: Decimal, *, changed: list[Record] | None = None) -> None:
        kind = self.types[sku]
        if kind in ("kit", "group"):
            for part in changed or self.components[sku]:
                self.move(where, part["sku"], quantity * Decimal(part["quantity"]))
        elif kind in ("stock", "assembly"):
            self.stock[where, sku] += quantity
            assert self.stock[where, sku] >= 0, f"{sku} is short at {where}"


def test_stock_is_never_negative_and_ends_at_the_expected_quantities(plan: Plan) -> None:
    shelves = Shelves(plan)
    for record in documents(plan):
        try:
            shelves.post(record)
        except AssertionError as short:
            raise AssertionError(f"{record['date']} {record['key']}: {short}") from None
    assert {place: left for place, left in shelves.stock.items() if left} == plan.story.on_hand


def test_opening_stock_is_no_more_than_needed(plan: Plan) -> None:
    lowest: dict[str, Decimal] = {}
    shelves = Shelves(plan)
    for record in documents(plan):
        shelves.post(record)
        for line in record.get("lines", ()):
            for sku in (line.get("item", ""), *(part["sku"] for part in shelves.components.get(line.get("item"), ()))):
                if sku in plan.story.opening:
                    now = shelves.stock["MAIN", sku]
                    lowest[sku] = min(now, lowest.get(sku, now))
    # a bottle or a kit's part touches zero like every other item that opened with stock
    assert {sku: left for sku, left in lowest.items() if left} == {}


def named_codes(record: Record) -> Iterator[tuple[str, str]]:
    """Yield (kind, code) of every master that a record names."""
    for kind in ("party", "location", "to_location", "master"):
        if kind in record:
            yield kind.removeprefix("to_"), record[kind]
    for component in record.get("components", ()):
        yield "item", component["sku"]
    for line in record.get("lines", ()):
        yield from (("item", line["item"]) for _ in range("item" in line))
        yield from (("number", line["from"].partition("#")[0]) for _ in range("from" in line))
        yield from named_codes({key: line[key] for key in ("location", "components") if key in line})
    for applied in record.get("apply_to", ()):
        yield "number", applied["number"]


def test_masters_are_recorded_before_they_are_named(plan: Plan) -> None:
    known: dict[str, set[str]] = defaultdict(set, location={"MAIN"})
    for record in records(plan):
        missing = [(kind, code) for kind, code in named_codes(record) if code not in known[kind]]
        assert not missing, record
        match record["record"]:
            case "item" | "variant":
                assert record["sku"] not in known["item"]
                known["item"].add(record["sku"])
                known["master"].update({record["sku"]} if record.get("type") == "matrix" else ())
            case "party" | "location" as kind:
                assert record["code"] not in known[kind]
                known[kind].add(record["code"])
            case "document":
                assert record["key"] not in known["key"]
                known["key"].add(record["key"])
                if "number" in record:
                    assert record["number"] not in known["number"]
                    known["number"].add(record["number"])


def test_dates_never_go_back(plan: Plan) -> None:
    before = ""
    opened = (date.fromisoformat(plan.story.first) - timedelta(days=1)).isoformat()
    for record in documents(plan):
        assert (record["date"] == opened) == (record["type"] == "opening_balance")
        assert record["date"] >= before, record
        assert date.fromisoformat(record["date"]).isoformat() == record["date"]
        before = record["date"]
    assert before == plan.story.last


def figures(value: object, name: str = "") -> Iterator[tuple[str, object]]:
    """Yield every figure in a record with its key."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from figures(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from figures(inner, name)
    elif name in FIGURES:
        yield name, value


def test_figures_are_exact_decimal_strings(plan: Plan) -> None:
    for record in records(plan):
        for name, figure in figures(record):
            assert isinstance(figure, str), record
            assert EXACT.fullmatch(figure), (name, record)


def sold_amount(line: Record) -> Decimal:
    if "amount" in line:
        return Decimal(line["amount"])
    discount = Decimal(line.get("discount", "0")) / 100
    return cents(Decimal(line["quantity"]) * Decimal(line["unit_price"]) * (1 - discount))


def test_sales_match_the_totals_of_the_headers(plan: Plan) -> None:
    """The sum of rounded lines is within half a cent per row of subtotal + tax + freight, as documented."""
    told = {
        record["number"]: sum((sold_amount(line) for line in record["lines"] if line != {"item": "SUBTOTAL"}), Decimal(0))
        for record in documents(plan)
        if record["key"].startswith("aw:SO-") and record["type"] in ("invoice", "cash_sale")
    }
    said = list(headers(plan.source))
    assert len(said) == len(told)
    assert [header for header in said if abs(told[header.number] - header.total) > header.tolerance] == []


def test_payments_do_not_exceed_the_documents_they_pay(plan: Plan) -> None:
    owed = {f"SO-{order.id}": order.total for _, order in orders(plan.source, plan.catalogue)}
    for delivery in deliveries(plan.source, plan.catalogue):
        owed[f"PO-{delivery.order}-B{delivery.suffix}"] = bill_total(delivery)
    for record in documents(plan):
        for applied in record.get("apply_to", ()):
            number, amount = applied["number"], Decimal(applied["amount"])
            assert 0 < amount <= Decimal(record["amount"])
            if number in owed:
                owed[number] -= amount
                assert owed[number] >= 0, number


def test_units_are_those_of_the_tables(plan: Plan) -> None:
    sums = expected(plan.source)
    sold, built, stocked = Counter[str](), Counter[str](), Counter[str]()
    numbers: defaultdict[str, set[str]] = defaultdict(set)
    for record in documents(plan):
        origin = record["key"].partition("-")[0]
        for line in record.get("lines", ()):
            if origin == "aw:SO" and "unit_price" in line:
                sold[line["item"]] += int(line["quantity"])
            elif origin == "aw:WO":
                built[line["item"]] += int(line["quantity"])
            elif origin == "aw:PO" and "unit_cost" in line and "from" not in line:
                stocked[line["item"]] += int(line["quantity"])
        numbers[origin].add(record["key"].partition("-")[2].partition("-")[0].partition(":")[0])
    assert (sold, built, stocked) == (sums.sold, sums.built, sums.stocked)
    told = tuple(len(numbers[origin]) for origin in ("aw:SO", "aw:WO", "aw:PO"))
    assert told == (sums.sales_orders, sums.builds, sums.purchase_orders)


def test_tax_and_freight_are_those_of_the_tables(plan: Plan) -> None:
    sums, accounts = expected(plan.source), defaultdict[str, Decimal](Decimal)
    for record in documents(plan):
        for line in record.get("lines", ()) if record["type"] in ("invoice", "cash_sale") else ():
            if line.get("account"):
                accounts[line["account"]] += Decimal(line["amount"])
    assert accounts == {"2100": sums.tax, "4100": sums.freight}


def test_story_counts_the_records(plan: Plan) -> None:
    told = Counter(record["type"] for record in documents(plan))
    assert told == plan.story.documents
    assert sum(1 for _ in records(plan)) == plan.story.records
    assert plan.story.first in plan.story.summary()


def test_a_second_run_gives_the_same_records(plan: Plan) -> None:
    again = prepare(plan.source)
    assert all(one == other for one, other in zip(records(plan), records(again), strict=True))


def test_variants_fill_a_cell_once(plan: Plan) -> None:
    masters: dict[str, Record] = {}
    cells: set[tuple[object, ...]] = set()
    for record in master_records(plan.source, plan.catalogue):
        if record.get("type") == "matrix":
            masters[record["sku"]] = record["attributes"]
            assert all(len(values) > 1 for values in record["attributes"]["axes"].values())
        elif record["record"] == "variant":
            axes = masters[record["master"]]["axes"]
            assert set(record["values"]) == set(axes)
            assert all(value in axes[axis] for axis, value in record["values"].items())
            assert ("components" in record) == (masters[record["master"]]["variant_type"] == "assembly")
            cell = (record["master"], *record["values"].values())
            assert cell not in cells
            cells.add(cell)
    assert (len(masters), len(cells)) == (37, 212)


def test_the_slice_shows_every_kind_of_event() -> None:
    plan = prepare(Source.packaged())
    assert 4_000 <= sum(plan.story.documents.values()) <= 7_000
    for kind in ("opening_balance", "receipt", "bill", "build", "invoice", "cash_sale", "credit_note", "payment"):
        assert plan.story.documents[kind] > 4, kind
    for kind in ("refund", "transfer", "adjustment", "count"):
        assert plan.story.documents[kind] > 0, kind
    told = list(documents(plan))
    assert sum("discount" in line for record in told for line in record.get("lines", ())) > 500
    heights = Counter(product.height for product in plan.catalogue.products.values())
    assert max(heights) == 4


def test_the_slice_is_small_and_names_its_licence() -> None:
    folder = files("wares_demo") / "slice"
    assert sum(len(entry.read_bytes()) for entry in folder.iterdir()) < 200_000
    notice = (folder / "NOTICE").read_text(encoding="utf-8")
    assert "Copyright (c) Microsoft Corporation" in notice
    assert "MIT License" in notice


def test_a_folder_without_the_tables_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"no BillOfMaterials\.csv\.gz"):
        Source.directory(tmp_path)


def test_opening_stock_agrees_with_the_coverage_table() -> None:
    """The complete tables come with an independent computation of each product's opening stock under the same
    calendar. Without our returns, shop and cartons the two agree product by product."""
    if not os.environ.get(FULL):
        pytest.skip(f"{FULL} names no folder of complete tables")
    source = Source.directory(os.environ[FULL])
    plan = prepare(source)
    catalogue, last = plan.catalogue, plan.story.last
    replay = Replay()
    streams = (
        *purchases(source, catalogue, until=last),
        *builds(source, catalogue),
        *(event for event in sales(source, catalogue, until=last) if event.key.rank != RETURN),
    )
    for _ in replay.follow(sorted(streams, key=lambda event: event.key)):
        pass
    opening = replay.opening()
    theirs = {
        catalogue.products[key].sku: int(Decimal(need))
        for key, need in source.lookup("derived_coverage_by_product", "ProductID", "open_recommended").items()
        if key in catalogue.products and catalogue.products[key].eaches == 1
    }
    ours = {sku: opening.get(sku, 0) for sku in theirs}
    assert ours == theirs


@pytest.mark.parametrize(("amount", "rounded"), [("4.005", "4.01"), ("-4.005", "-4.01"), ("4.0049", "4.00"), ("0.004", "0.00")])
def test_cents_round_half_away_from_zero(amount: str, rounded: str) -> None:
    assert cents(Decimal(amount)) == Decimal(rounded)


def test_small_figures() -> None:
    assert [plain(Decimal(text)) for text in ("2024.9940", "1E+2", "15.0", "0.00")] == ["2024.994", "100", "15", "0"]
    assert whole("3.00") == 3
    with pytest.raises(ValueError, match="not whole"):
        whole("3.50")
    shares = [Decimal(1)] * 3
    assert in_proportion(Decimal("100.00"), shares, Decimal(3)) == [Decimal(x) for x in ("33.33", "33.34", "33.33")]
