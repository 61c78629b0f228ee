"""Match waiting sales with the lots of their products, oldest purchase first.

A sale takes the quantity that its lots have, and the rest waits on. By default a lot serves only the sales on or after the day of
its purchase; the setting `match_later_purchases` of the books lifts this. A `match` document gives the lines of one sale their
goods of one day, a line for each lot: the day of the sale, or the day of a later receipt. A second run leaves the matched lines
alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from wares import Books, JsonObject, Posted, Refused, unscaled
from wares_tracking.lot_allocation import Allocation, LotAllocator
from wares_tracking.products import Found, Product, Products
from wares_tracking.projections import keep_projections
from wares_tracking.sale_lines import SaleLine, sale_lines

LISTED = 1_000
"""Rows of each kind that a report lists; its counts cover all rows."""
Progress = Callable[[int], None]


@dataclass(slots=True)
class MatchReport:
    """The matched lines and the waiting lines with their reasons."""

    matched: list[JsonObject] = field(default_factory=list)
    """The first LISTED of the matched lines."""
    waiting: list[JsonObject] = field(default_factory=list)
    """The first LISTED of the waiting lines."""
    count: int = 0
    """The number of matched lines."""
    waiting_count: int = 0
    """The number of waiting lines."""


def match(
    books: Books,
    *,
    skus: Collection[str] = (),
    since: int = 0,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> MatchReport:
    """Match the waiting sales, oldest first; with `skus` only sales of these products. `progress` receives the numbers of lines
    done."""
    if not dry_run:
        keep_projections(books)
    run = _Run(books, skus, dry_run)
    for page in sale_lines(books, since=since, unmatched=True):
        run.take(page)
        if progress is not None:
            progress(len(page))
    return run.report


class _Run:
    """One run over the waiting sales."""

    def __init__(self, books: Books, skus: Collection[str], dry_run: bool) -> None:
        self.books = books
        self.skus = frozenset(skus)
        self.dry_run = dry_run
        self.report = MatchReport()
        self.products = Products.of(books)
        later = books.settings.all().get("match_later_purchases") == "true"
        self.allocator = LotAllocator(books, self.products, later=later)
        self.skus_by_id = {id: product.sku for id, product in self.products.by_id.items()}

    def take(self, page: list[SaleLine]) -> None:
        """Match one page of sale lines in one transaction."""
        waiting = [(sale, self._found(sale)) for sale in page if sale.waiting]
        waiting = [(sale, found) for sale, found in waiting if self._is_wanted(found)]
        self.allocator.prepare((sale, found.product) for sale, found in waiting if found.product is not None)
        allocations: list[Allocation] = []
        for sale, found in waiting:
            if found.product is None:
                self._wait(sale, sale.waiting, "ambiguous" if found.candidates else "no product", found)
                continue
            own = list(self.allocator.allocate(sale, found.product))
            allocations += own
            rest = sale.waiting - sum(each.quantity for each in own)
            if rest:
                self._wait(sale, rest, self.allocator.why_not(sale, found.product), found)
        if allocations:
            self._post(allocations)

    def _found(self, sale: SaleLine) -> Found:
        if sale.item_id is not None:
            return Found(self.products.by_id.get(sale.item_id) or Product(sale.item_id, sale.sku, sale.title, True))
        return self.products.find(sale.sku, sale.title)

    def _is_wanted(self, found: Found) -> bool:
        product = found.product
        if product is None:
            return not self.skus
        return product.tracked and (not self.skus or product.sku in self.skus)

    def _post(self, allocations: Iterable[Allocation]) -> None:
        """Post a document for each sale and day; post each line of a refused document alone."""
        documents: dict[tuple[str, int], list[Allocation]] = defaultdict(list)
        for each in allocations:
            documents[each.sale.name.partition("#")[0], each.day].append(each)
        refused = self._post_documents(list(documents.values()))
        if refused:
            self._post_documents([[each] for each in refused])

    def _post_documents(self, documents: list[list[Allocation]]) -> list[Allocation]:
        """Post documents, and return the lines of refused documents of several lines, which are to be tried again."""
        records = [{"type": "match", "lines": [each.line(self.skus_by_id) for each in document]} for document in documents]
        results = self.books.post_many(records, atomic=False, dry_run=self.dry_run)
        again: list[Allocation] = []
        for document, result in zip(documents, results, strict=True):
            if not isinstance(result, Refused):
                self._matched(document, result)
            elif len(document) > 1:
                again += document
            else:
                (each,) = document
                each.put_back()
                self._wait(each.sale, each.quantity, f"refused: {result.message}", Found(each.product))
        return again

    def _matched(self, document: list[Allocation], result: Posted) -> None:
        self.report.count += len(document)
        if len(self.report.matched) >= LISTED:
            return
        costs: dict[str, Decimal] = defaultdict(Decimal)
        for posting in result.entries:
            if posting["role"] == "cogs" and posting["line"] is not None:
                costs[posting["line"].partition(".")[0]] += posting["debit"] - posting["credit"]
        for number, each in enumerate(document, start=1):
            self.report.matched.append({
                "sale": each.sale.name, "sku": each.product.sku, "quantity": unscaled(each.quantity),
                "lot": each.lots or None, "date": result.date, "cogs": costs[str(number)], "document": result.number,
                "line": str(number),
            })  # fmt: skip

    def _wait(self, sale: SaleLine, quantity: int, reason: str, found: Found) -> None:
        self.report.waiting_count += 1
        if len(self.report.waiting) >= LISTED:
            return
        choose = self.products.candidates(found, sale.sku, sale.title) if found.product is None else []
        self.report.waiting.append({
            "sale": sale.name, "order": sale.order, "sku": found.product.sku if found.product else sale.sku, "title": sale.title,
            "quantity": unscaled(quantity), "reason": reason, "candidates": choose,
        })  # fmt: skip
