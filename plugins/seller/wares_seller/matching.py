"""Matching: sales that wait get their goods out of the lots of their product, oldest purchase first.

A sale takes what its lots have and the rest goes on waiting. By default only lots bought on or before the day of the sale serve
it; the books' setting `match_later_purchases` lets later ones. Each (sale line, lot) is a `match` document of its own, dated by the
later of the two, so that undoing one is a void of it. Running again changes nothing that is matched.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from wares import Books, Refused, unscaled
from wares_seller.products import Found, Product, Products
from wares_seller.sales import SaleLine, sale_lines

KEPT = 1_000
"""Rows of each kind that a report keeps; its counts are of all."""
Progress = Callable[[int], None]


@dataclass(slots=True)
class Lot:
    """Goods of one purchase: what is left of them. The lot of goods that are not kept by lot is ""."""

    name: str
    left: int
    bought: int  # the day of the purchase, yyyymmdd


class _Try(NamedTuple):
    """A match about to be posted."""

    sale: SaleLine
    product: Product
    lot: Lot
    quantity: int

    def record(self) -> dict[str, Any]:
        """As a document record."""
        line: dict[str, Any] = {"from": self.sale.name, "quantity": unscaled(self.quantity)}
        if self.sale.item_id is None:
            line["item"] = self.product.sku
        if self.lot.name:
            line["lot"] = self.lot.name
        return {"type": "match", "lines": [line]}


@dataclass(slots=True)
class MatchReport:
    """What was matched and what waits on, with the reason; `count` and `waiting_count` are of all, the lists of the first."""

    matched: list[dict[str, Any]] = field(default_factory=list)
    waiting: list[dict[str, Any]] = field(default_factory=list)
    count: int = 0
    waiting_count: int = 0


def match(
    books: Books,
    *,
    skus: Collection[str] = (),
    since: int = 0,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> MatchReport:
    """Match what waits, oldest sale first; with `skus` only sales of these products. `progress` is told how many lines are done."""
    run = _Run(books, skus, dry_run)
    for page in sale_lines(books, since=since):
        run.take(page)
        if progress is not None:
            progress(len(page))
    return run.report


def undo(books: Books, number: str, *, dry_run: bool = False) -> None:
    """Take a match back: the goods return to their lot and the sale waits again. Refused NOT_A_MATCH, and what a void refuses."""
    kind = books.docs.show(number)["type"]
    if kind != "match":
        raise Refused.because("NOT_A_MATCH", f"{number} is a {kind}", where=number, hint="wares docs list --type match lists them")
    books.void(number, dry_run=dry_run)


class _Run:
    def __init__(self, books: Books, skus: Collection[str], dry_run: bool) -> None:
        self.books = books
        self.skus = frozenset(skus)
        self.dry_run = dry_run
        self.report = MatchReport()
        self.products = Products.of(books)
        self.later = books.settings.all().get("match_later_purchases") == "true"
        self.lots: dict[int, list[Lot]] = {}

    def take(self, page: list[SaleLine]) -> None:
        """Match one page of sale lines in one transaction."""
        waiting = [(sale, self._found(sale)) for sale in page if sale.waiting]
        waiting = [(sale, found) for sale, found in waiting if self._is_wanted(found)]
        self._need_lots({found.product.id for _, found in waiting if found.product is not None})
        tries: list[_Try] = []
        for sale, found in waiting:
            if found.product is None:
                self._wait(sale, sale.waiting, "ambiguous" if found.candidates else "no product", found)
                continue
            taken = list(self._take(sale, found.product))
            tries += taken
            rest = sale.waiting - sum(each.quantity for each in taken)
            if rest:
                self._wait(sale, rest, self._why(sale, found.product), found)
        if tries:
            self._post(tries)

    def _found(self, sale: SaleLine) -> Found:
        if sale.item_id is not None:
            return Found(self.products.by_id.get(sale.item_id) or Product(sale.item_id, sale.sku, sale.title, True))
        return self.products.find(sale.sku, sale.title)

    def _is_wanted(self, found: Found) -> bool:
        product = found.product
        if product is None:
            return not self.skus
        return product.tracked and (not self.skus or product.sku in self.skus)

    def _take(self, sale: SaleLine, product: Product) -> Iterator[_Try]:
        rest = sale.waiting
        for lot in self.lots.get(product.id, ()):
            part = min(rest, lot.left) if self.later or lot.bought <= sale.day else 0
            if part > 0:
                rest -= part
                lot.left -= part
                yield _Try(sale, product, lot, part)

    def _why(self, sale: SaleLine, product: Product) -> str:
        later = any(lot.left for lot in self.lots.get(product.id, ()))
        return "bought later than sold" if later else "no purchase"

    def _post(self, tries: list[_Try]) -> None:
        results = self.books.post_many([each.record() for each in tries], atomic=False, dry_run=self.dry_run)
        for each, result in zip(tries, results, strict=True):
            if isinstance(result, Refused):
                each.lot.left += each.quantity
                self._wait(each.sale, each.quantity, f"refused: {result.message}", Found(each.product))
                continue
            self.report.count += 1
            if len(self.report.matched) < KEPT:
                self.report.matched.append({
                    "sale": each.sale.name, "sku": each.product.sku, "quantity": unscaled(each.quantity),
                    "lot": each.lot.name or None, "date": result.date, "cogs": result.cogs, "document": result.number,
                })  # fmt: skip

    def _wait(self, sale: SaleLine, quantity: int, reason: str, found: Found) -> None:
        self.report.waiting_count += 1
        if len(self.report.waiting) >= KEPT:
            return
        choose = self.products.candidates(found, sale.sku, sale.title) if found.product is None else []
        self.report.waiting.append({
            "sale": sale.name, "order": sale.order, "sku": found.product.sku if found.product else sale.sku, "title": sale.title,
            "quantity": unscaled(quantity), "reason": reason, "candidates": choose,
        })  # fmt: skip

    def _need_lots(self, item_ids: Collection[int]) -> None:
        missing = [item_id for item_id in item_ids if item_id not in self.lots]
        if missing:
            self.lots |= lots_of(self.books, missing)


def lots_of(books: Books, item_ids: Collection[int]) -> dict[int, list[Lot]]:
    """What is left of each item, by lot, oldest purchase first. A detail was bought when its purchase was."""
    found: dict[int, list[Lot]] = {item_id: [] for item_id in item_ids}
    with books.recorded() as recorded:
        for lot in recorded.lots(sorted(item_ids)):
            found[lot.item_id].append(Lot(lot.lot, lot.quantity, lot.day))
    return found
