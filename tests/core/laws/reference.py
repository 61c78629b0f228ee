"""What the books must say, computed the slow and obvious way: every fact in effective order, one after the other.

Quantities are millionths, values cents, fractions exact; a value is rounded (half away from zero) only at a named place:
what an issue takes, a return's share, a receipt's line. Nothing of Wares is used but the records as they were given.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

MILLION = 1_000_000
LABOUR = Fraction(24)  # an hour


def rounded(exact: Fraction) -> int:
    """Commercial rounding to a whole number."""
    whole = int(abs(exact) + Fraction(1, 2))
    return whole if exact >= 0 else -whole


def millionths(text: str) -> int:
    return int(Decimal(text) * MILLION)


def cents(text: str) -> int:
    return int(Decimal(text) * 100)


def converted(amount: str | Decimal, record: dict[str, Any]) -> int:
    """Cents for an amount in the currency of a document."""
    return rounded(Fraction(amount) * Fraction(record.get("rate", "1")) * 100)


def spread(total: int, weights: list[int]) -> list[int]:
    """By largest remainder; of equal ones the first."""
    exact = [Fraction(total * weight, sum(weights)) for weight in weights]
    parts = [int(each) for each in exact]
    for index in sorted(range(len(parts)), key=lambda index: parts[index] - exact[index])[: total - sum(parts)]:
        parts[index] += 1
    return parts


def part(total: int, before: int, quantity: int, whole: int) -> int:
    """The share of `quantity` after `before` were taken, cumulatively rounded."""
    return rounded(Fraction(total * (before + quantity), whole)) - rounded(Fraction(total * before, whole))


@dataclass
class Layer:
    source: str
    age: int  # the how manyth receipt of all it goes back to
    quantity: int
    value: int
    left: int
    unit: Fraction  # cents for a millionth, exact: what the goods were worth before `value` was rounded
    taken: int = 0

    def take(self, quantity: int) -> int:
        """What is left is worth its exact value, rounded; the part that goes takes the rest of the money."""
        self.left -= quantity
        exact = self.unit * self.left
        rest = int(exact) if exact % 1 == Fraction(1, 2) else rounded(exact)  # half a cent goes with the part that leaves
        return self.value - self.taken - rest


@dataclass
class Owed:
    """Goods that an issue took before they were there: the issue, and what is not covered of it yet, at its estimate."""

    issue: Key
    quantity: int
    estimate: int


Key = tuple[str, str]
"""A document and the item that it moved."""
Part = tuple[str, int, int, int]
"""What a transfer takes of a layer: source, age, quantity, value."""


def beyond(parts: list[Part], quantity: int, value: int | None) -> list[Part]:
    """The parts after the first `quantity`, oldest first; one alone is worth `value`, if that is given."""
    rest = []
    for source, age, each, worth in sorted(parts, key=lambda part: part[1]):
        some = min(each, quantity)
        quantity -= some
        if some < each:
            rest.append((source, age, each - some, worth - rounded(Fraction(worth * some, each))))
    if len(parts) == 1 and value is not None:
        rest = [(*rest[0][:3], value)]
    return rest


@dataclass
class Pool:
    """Average: `base` and what left since. FIFO, LIFO: layers by age (the others keep them by quantity). Standard: the rate."""

    method: str
    rate: str = "0"
    quantity: int = 0
    value: int = 0
    base: tuple[int, int] = (0, 0)
    known: Fraction | None = None  # the last known unit value, cents for a millionth: set by prices, left by what has none
    layers: list[Layer] = field(default_factory=list)  # oldest first
    owed: list[Owed] = field(default_factory=list)  # oldest first
    covered: list[tuple[Key, int]] = field(default_factory=list)
    """What the last receipt covered: an issue, and the cents by which it cost more than was estimated."""
    left: list[Part] = field(default_factory=list)
    """What the last issue took."""

    def at_rate(self, quantity: int) -> int:
        return rounded(Fraction(self.rate) * quantity * 100 / MILLION)

    def receive(
        self, parts: list[Part], value: int, unit: Fraction | None = None, *, unit_cost: str = "0", back: Key | None = None
    ) -> int:
        """`unit` is the exact unit value of goods without a price of their own, `back` the issue of goods that come back."""
        self.covered = []
        if not self.owed:
            return self._take_in(parts, value, unit, unit_cost)
        quantity = sum(part[2] for part in parts)
        used, given, inside = self._cover(parts, value, back)
        if used < quantity:
            inside += self._take_in(beyond(parts, used, value - given), value - given, unit, unit_cost)
        self.base = (self.quantity, self.value)
        if unit is None:
            whole = self.quantity <= quantity or self.method in ("fifo", "lifo")
            self.known = Fraction(inside, quantity) if whole else Fraction(self.value, self.quantity)
        return inside

    def _cover(self, parts: list[Part], value: int, back: Key | None) -> tuple[int, int, int]:
        """Cover what is owed: how many units that takes, their part of the value, and what they cost inside the pool.

        Goods that come back cover their own issue first: if there are more of them than it owes, at its estimate, so that they had
        never been there. The rest of the value falls on the rest of the goods, cumulatively rounded.
        """
        quantity = sum(part[2] for part in parts)
        own = next((owed for owed in self.owed if owed.issue == back), None)
        order = sorted(self.owed, key=lambda owed: owed is not own)
        start, before = 0, 0
        if own is not None and own.quantity < quantity:
            start, before = own.quantity, own.estimate
        used, given, inside = 0, 0, 0
        for owed in order:
            some = min(owed.quantity, quantity - used)
            if not some:
                break
            estimate = rounded(Fraction(owed.estimate * some, owed.quantity))
            used += some
            if len(parts) > 1:  # brought by a transfer, oldest first
                upto = value - sum(worth for *_, worth in beyond(parts, used, None))
            else:
                upto = before if used == start else before + rounded(Fraction((value - before) * (used - start), quantity - start))
            cost, given = upto - given, upto
            if self.method == "standard" and owed is not own:
                cost = estimate
            inside += cost
            owed.quantity, owed.estimate = owed.quantity - some, owed.estimate - estimate
            self.quantity += some
            self.value += estimate
            self.covered.append((owed.issue, cost - estimate))
        self.owed = [owed for owed in self.owed if owed.quantity]
        return used, given, inside

    def take_short(self, issue: Key, quantity: int, unit_cost: str) -> int:
        """What leaves before it is there: at the rate, or at the last cost that is known."""
        if self.method == "standard":
            estimate = self.at_rate(quantity)
        else:
            self.known = Fraction(unit_cost) * 100 / MILLION if self.known is None else self.known
            estimate = rounded(self.known * quantity)
        self.owed.append(Owed(issue, quantity, estimate))
        self.quantity -= quantity
        self.value -= estimate
        self.base = (self.quantity, self.value)
        return estimate

    def _take_in(self, parts: list[Part], value: int, unit: Fraction | None, unit_cost: str) -> int:
        quantity = sum(part[2] for part in parts)
        if self.method == "standard":
            value = self.at_rate(self.quantity + quantity) - self.value
        self.layers += [Layer(source, age, each, worth, each, unit or Fraction(worth, each)) for source, age, each, worth in parts]
        self.layers.sort(key=lambda layer: layer.age)  # what is of one age stays in the order of arrival
        self.quantity += quantity
        self.value += value
        self.base = (self.quantity, self.value)
        if unit is not None:
            self.known = Fraction(unit_cost) * 100 / MILLION if self.known is None else self.known
        elif self.method in ("fifo", "lifo") or self.quantity == quantity:
            self.known = Fraction(value, quantity)
        else:
            self.known = Fraction(self.value, self.quantity)
        return value

    def issue(self, quantity: int, *, going_back: int | None = None, source: str | None = None) -> int:
        """The value that leaves. Goods going back ask for their own value and their own layer first."""
        by_age = self.layers[::-1] if self.method == "lifo" else self.layers
        order = sorted((layer for layer in by_age if layer.left), key=lambda layer: layer.source != source)
        by_layer, missing = 0, quantity
        self.left = []
        for layer in order:
            some = min(layer.left, missing)
            worth = layer.take(some) if some else 0  # what is not touched keeps its money
            missing -= some
            if some:
                self.left.append((layer.source, layer.age, some, worth))
            if self.method in ("fifo", "lifo"):
                layer.taken += worth
                by_layer += worth
        assert not missing
        base_quantity, base_value = self.base
        issued = base_quantity - self.quantity + quantity
        value = rounded(Fraction(base_value * issued, base_quantity)) - (base_value - self.value)
        if going_back is not None and going_back <= self.value and quantity != self.quantity:
            value = going_back
        if self.method in ("fifo", "lifo"):
            value = by_layer
        if self.method == "standard":
            value = self.value - self.at_rate(self.quantity - quantity)
        self.quantity -= quantity
        self.value -= value
        if going_back is not None:
            self.base = (self.quantity, self.value)
            if self.quantity and self.method not in ("fifo", "lifo"):
                self.known = Fraction(self.value, self.quantity)
        return value

    def change(self, method: str, unit_cost: str) -> None:
        """Goods leave by another method from now on; what is there keeps its value."""
        if method == self.method:
            return
        held = [layer for layer in self.layers if layer.left]
        if method in ("fifo", "lifo") and self.method not in ("fifo", "lifo") and held:
            for layer, worth in zip(held, spread(self.value, [each.left for each in held]), strict=True):
                layer.quantity, layer.value, layer.taken, layer.unit = layer.left, worth, 0, Fraction(worth, layer.left)
        if method == "standard":
            exact = Fraction(self.value, 100) / Fraction(self.quantity, MILLION) if self.quantity else Fraction(unit_cost)
            self.rate = str(Fraction(rounded(exact * MILLION), MILLION))
        self.method = method
        self.base = (self.quantity, self.value)
        if self.quantity:
            self.known = Fraction(self.value, self.quantity)

    def unit(self, unit_cost: str) -> Fraction:
        """The exact unit value of goods found without a price, cents for a millionth."""
        if self.method == "standard":
            return Fraction(self.rate) * 100 / MILLION
        if self.quantity > 0 and self.method in ("fifo", "lifo"):
            return sum((layer.unit * layer.left for layer in self.layers), Fraction(0)) / self.quantity
        return Fraction(unit_cost) * 100 / MILLION if self.known is None else self.known


class Reference:
    """Folds documents, given in effective order, into pools, places and the cost of sales. `by_place`: each place is a pool."""

    def __init__(
        self,
        methods: dict[str, str],
        contents: dict[str, dict[str, str]],
        costs: dict[str, str],
        *,
        by_place: bool = False,
        at_invoice: bool = False,
    ) -> None:
        self.by_place = by_place
        self.at_invoice = at_invoice  # goods delivered before they are invoiced are no cost of sales yet
        self.methods = methods
        self.pools: dict[str, Pool] = {}  # "SKU", or "SKU@PLACE"
        self.received = 0
        self.contents = contents
        self.costs = costs
        self.places: defaultdict[tuple[str, str], int] = defaultdict(int)
        self.cogs = 0
        self.not_invoiced = 0
        self.documents: dict[str, dict[str, Any]] = {}
        self.waiting: set[str] = set()  # the deliveries whose cost waits for an invoice
        self.upto: dict[str, int] = {}  # customer return → units of the delivery that came back, with its own
        self.charges: list[tuple[str, int]] = []  # delivery or customer return, and the units whose cost is passed on
        self.took: dict[Key, tuple[int, int]] = {}  # quantity and value of an issue
        self.came: dict[Key, tuple[int, int]] = {}
        self.back: defaultdict[tuple[str, str, str], list[tuple[int, Fraction]]] = defaultdict(lambda: [(0, Fraction(0))])
        """(document, sku, way) → after each return: the units that are back, and what they cost, exactly."""
        self.billed: defaultdict[str, int] = defaultdict(int)  # receipt → cents by which bills differ from it

    def fold(self, records: list[dict[str, Any]]) -> None:
        self.documents = {record["number"]: record for record in records}
        self._compare_bills(records)
        for record in records:
            getattr(self, record["type"])(record["number"], record, record["lines"][0])
        passed: defaultdict[str, int] = defaultdict(int)
        for number, quantity in self.charges:
            self._pass_on(number, passed[number], quantity)
            passed[number] += quantity

    def pool(self, sku: str, place: str = "MAIN") -> Pool:
        name = f"{sku}@{place}" if self.by_place else sku
        return self.pools.setdefault(name, Pool(self.methods[sku], self.costs[sku]))

    def _found(self, number: str, sku: str, quantity: int, place: str = "MAIN") -> None:
        """Goods without a price."""
        unit = self.pool(sku, place).unit(self.costs[sku])
        self._in(number, sku, quantity, rounded(unit * quantity), place, unit)

    def _in(
        self,
        number: str,
        sku: str,
        quantity: int,
        value: int,
        place: str = "MAIN",
        unit: Fraction | None = None,
        back: Key | None = None,
    ) -> int:
        """What it is worth outside; what it came to in the pool is what it goes back at."""
        self.places[sku, place] += quantity
        self.received += 1
        parts = [(number, self.received, quantity, value)]
        pool = self.pool(sku, place)
        self.came[number, sku] = (quantity, pool.receive(parts, value, unit, unit_cost=self.costs[sku], back=back))
        self._follow(sku, pool)
        return value

    def _follow(self, sku: str, pool: Pool) -> None:
        """What an issue cost more than was estimated goes where its cost is."""
        for (document, _), difference in pool.covered:
            before = self.took[document, sku]
            self.took[document, sku] = (before[0], before[1] + difference)
            if document in self.waiting:
                self.not_invoiced += difference
            elif self.documents[document]["type"] in ("invoice", "delivery"):
                self.cogs += difference

    def _out(self, number: str, sku: str, quantity: int, place: str = "MAIN") -> int:
        self.places[sku, place] -= quantity
        pool = self.pool(sku, place)
        held = min(quantity, max(pool.quantity, 0))
        value = pool.issue(held) if held else 0
        if held < quantity:
            value += pool.take_short((number, sku), quantity - held, self.costs[sku])
        self.took[number, sku] = (quantity, value)
        return value

    def _share(self, of: dict[Key, tuple[int, int]], number: str, sku: str, quantity: int, way: str) -> int:
        """What goods that come back (or go back) cost: their part of the cost that those before them have left."""
        whole, value = of[number, sku]
        back = self.back[number, sku, way]
        units, cost = back[-1]
        back.append((units + quantity, cost + (value - cost) * Fraction(quantity, whole - units)))
        return rounded(back[-1][1]) - rounded(cost)

    def _compare_bills(self, records: list[dict[str, Any]]) -> None:
        """A bill takes its part of what its receipt says, cumulatively rounded; the difference counts at its rate."""
        so_far: defaultdict[str, int] = defaultdict(int)
        for record in sorted(records, key=lambda record: int(record["number"][1:])):
            line = record["lines"][0] if record["type"] == "bill" else {}
            if not line.get("from"):
                continue
            number = line["from"].partition("#")[0]
            receipt, quantity = self.documents[number], millionths(line["quantity"])
            whole, ordered = millionths(receipt["lines"][0]["quantity"]), _ordered(receipt)
            difference = cents(line["amount"]) - part(ordered, so_far[number], quantity, whole)
            so_far[number] += quantity
            self.billed[number] += converted(Decimal(difference) / 100, receipt)

    def bill(self, number: str, record: dict[str, Any], line: dict[str, Any]) -> None:
        if not line.get("from"):
            self._in(number, line["item"], millionths(line["quantity"]), converted(line["amount"], record))

    def receipt(self, number: str, record: dict[str, Any], line: dict[str, Any]) -> None:
        value = converted(Decimal(_ordered(record)) / 100, record) + self.billed[number]
        self._in(number, line["item"], millionths(line["quantity"]), value)

    def method_change(self, number: str, record: dict[str, Any], line: dict[str, Any]) -> None:
        sku, method = line["item"], line["cost_method"]
        self.methods[sku] = method
        if sku in self.pools:
            self.pools[sku].change(method, self.costs[sku])

    def invoice(self, number: str, record: dict[str, Any], line: dict[str, Any]) -> None:
        quantity = millionths(line["quantity"])
        if line.get("from"):
            self.charges.append((line["from"].partition("#")[0], quantity))
        elif record.get("goods") != "later":
            for sku, each in (self.contents[line["item"]] if line["item"] == "SET" else {line["item"]: "1"}).items():
                self.cogs += self._out(number, sku, rounded(quantity * Fraction(each)))

    def delivery(self, number: str, record: dict[str, Any], line: dict[str, Any]) -> None:
        value = self._out(number, line.get("item") or record["memo"], millionths(line["quantity"]), record["location"])
        if self.at_invoice and not line.get("from"):
            self.waiting.add(number)
            self.not_invoiced += value
        else:
            self.cogs += value

    def _pass_on(self, number: str, before: int, quantity: int) -> None:
        """The cost of a delivery is passed on from its last unit to its first. What came back took it from the first on, so that
        of the units of one return the last were invoiced. Each unit has its exact cost: of those that came back, what they took."""
        source = self.documents[number]
        sale = source["lines"][0]["from"].partition("#")[0] if source["type"] == "customer_return" else number
        if sale not in self.waiting:
            return
        (sku, (whole, value)), *_ = [(sku, took) for (document, sku), took in self.took.items() if document == sale]
        line = [*self.back[sale, sku, "left"], (whole, Fraction(value))]

        def cost_of(units: int) -> int:
            (low, least), (high, most) = next((one, other) for one, other in pairwise(line) if units <= other[0] > one[0])
            return rounded(least + (most - least) * Fraction(units - low, high - low))

        end = self.upto.get(number, whole) - before
        cost = cost_of(end) - cost_of(end - quantity)
        self.cogs += cost if number == sale else -cost
        self.not_invoiced -= cost if number == sale else -cost

    def customer_return(self, number: str, record: dict[str, Any], line: dict[str, Any]) -> None:
        sale, sku, quantity = line["from"].partition("#")[0], record["memo"], millionths(line["quantity"])
        value = self._share(self.took, sale, sku, quantity, "left")
        self.upto[number] = self.back[sale, sku, "left"][-1][0]
        if sale in self.waiting:
            self.not_invoiced -= value
        else:
            self.cogs -= value
        self._in(number, sku, quantity, value, record["location"], back=(sale, sku))

    def credit_note(self, number: str, record: dict[str, Any], line: dict[str, Any]) -> None:
        sale, quantity = line["from"].partition("#")[0], millionths(line["quantity"])
        source = self.documents[sale]
        if source["type"] == "customer_return":
            self.charges.append((sale, quantity))
        elif source["lines"][0].get("from"):
            self._come_back(number, source["lines"][0]["from"].partition("#")[0], record["memo"], quantity)
        elif source.get("goods") == "later":
            for delivery in [
                other
                for other, each in self.documents.items()
                if each["type"] == "delivery"
                and str(each["lines"][0].get("from")).partition("#")[0] == sale
                and (other, record["memo"]) in self.took
            ]:
                left = self.took[delivery, record["memo"]][0] - self.back[delivery, record["memo"], "left"][-1][0]
                some = min(quantity, left)
                quantity -= some
                self._come_back(number, delivery, record["memo"], some)
        else:
            kits = record["memo"] == "SET"
            for sku in [sku for document, sku in self.took if document == sale]:
                each = Fraction(self.contents["SET"][sku]) if kits else Fraction(1)
                self._come_back(number, sale, sku, rounded(quantity * each))

    def _come_back(self, number: str, sale: str, sku: str, quantity: int) -> None:
        if quantity:
            value = self._share(self.took, sale, sku, quantity, "left")
            self._in(number, sku, quantity, value, back=(sale, sku))
            self.cogs -= value

    def supplier_return(self, number: str, record: dict[str, Any], line: dict[str, Any]) -> None:
        self.supplier_credit(number, record, line)

    def supplier_credit(self, number: str, record: dict[str, Any], line: dict[str, Any]) -> None:
        source, sku, quantity = line["from"].partition("#")[0], record["memo"], millionths(line["quantity"])
        value = self._share(self.came, source, sku, quantity, "came")
        self.places[sku, "MAIN"] -= quantity
        self.pool(sku).issue(quantity, going_back=value, source=source)

    def build(self, number: str, record: dict[str, Any], line: dict[str, Any]) -> None:
        quantity = millionths(line["quantity"])
        value = 0
        for sku, each in self.contents["WHEEL"].items():
            needed = rounded(quantity * Fraction(each))
            if sku == "LABOUR":
                value += rounded(Fraction(needed, MILLION) * LABOUR * 100)
            else:
                value += self._out(number, sku, needed)
        self._in(number, "WHEEL", quantity, value)

    def unbuild(self, number: str, record: dict[str, Any], line: dict[str, Any]) -> None:
        source, quantity = line["from"].partition("#")[0], millionths(line["quantity"])
        going_back = self._share(self.came, source, "WHEEL", quantity, "came")
        self.places["WHEEL", "MAIN"] -= quantity
        self.pool("WHEEL").issue(quantity, going_back=going_back, source=source)
        for sku, each in self.contents["WHEEL"].items():
            if sku != "LABOUR":
                back = rounded(quantity * Fraction(each))
                self._in(number, sku, back, self._share(self.took, source, sku, back, "left"))

    def adjustment(self, number: str, record: dict[str, Any], line: dict[str, Any]) -> None:
        sku, quantity = line["item"], millionths(line["quantity"])
        if quantity < 0:
            self._out(number, sku, -quantity)
        elif "amount" in line:
            self._in(number, sku, quantity, cents(line["amount"]))
        else:
            self._found(number, sku, quantity)

    def count(self, number: str, record: dict[str, Any], line: dict[str, Any]) -> None:
        sku, place = line["item"], record["location"]
        difference = millionths(line["counted"]) - self.places[sku, place]
        if difference < 0:
            self._out(number, sku, -difference, place)
        elif difference > 0:
            self._found(number, sku, difference, place)

    def transfer(self, number: str, record: dict[str, Any], line: dict[str, Any]) -> None:
        sku, quantity = line["item"], millionths(line["quantity"])
        source, target = record["location"], record["to_location"]
        self.places[sku, source] -= quantity
        self.places[sku, target] += quantity
        if self.by_place:
            value, pool = self.pool(sku, source).issue(quantity), self.pool(sku, target)
            pool.receive(self.pool(sku, source).left, value)
            self._follow(sku, pool)


def _ordered(receipt: dict[str, Any]) -> int:
    """What a receipt says in its currency, cents."""
    line = receipt["lines"][0]
    return cents(line["amount"]) if "amount" in line else cents(line["unit_cost"]) * millionths(line["quantity"]) // MILLION
