"""Matching: sales that wait get their goods out of the lots of their product, oldest purchase first.

A sale takes what its lots have and the rest goes on waiting. By default only lots bought on or before the day of the sale serve
it; the books' setting `match_later_purchases` lets later ones. A `match` document gives the lines of one sale what they get on one
day, a line for each lot: the day of the sale, or the day on which a lot came in later. Running again changes nothing that is
matched.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from wares import Books, Refused, unscaled
from wares_tracking.products import Found, Product, Products
from wares_tracking.projections import keep
from wares_tracking.sale_lines import SaleLine, sale_lines
from wares_tracking.lot_allocation import Consumption, Shelf

KEPT = 1_000
"""Rows of each kind that a report keeps; its counts are of all."""
Progress = Callable[[int], None]


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
    if not dry_run:
        keep(books)
    run = _Run(books, skus, dry_run)
    for page in sale_lines(books, since=since, unmatched=True):
        run.take(page)
        if progress is not None:
            progress(len(page))
    return run.report


def undo(books: Books, name: str, *, date: str | None = None, dry_run: bool = False) -> None:
    """Take a match back, or one line of it ("MAT-00007#2"): the goods return to their lot and the sale waits again.

    In its place, as if it had never been; with `date` on that day, which a closed period needs: the goods come back then, and what
    else stood on the match is matched again. Refused NOT_A_MATCH, UNKNOWN_LINE, and what a void or a revision refuses.
    """
    number, _, wanted = name.partition("#")
    shown = books.docs.show(number)
    if shown["type"] != "match":
        message = f"{number} is a {shown['type']}"
        raise Refused.because("NOT_A_MATCH", message, where=number, hint="wares docs list --type match lists them")
    lines = {line["line"]: line for line in shown["lines"] if line["kind"] == "row"}
    if wanted and wanted not in lines:
        raise Refused.because("UNKNOWN_LINE", f"{number} has no line {wanted}", where=name, hint=f"its lines: {', '.join(lines)}")
    kept = [line for own, line in lines.items() if wanted and own != wanted]
    said = {str(at): line for at, line in enumerate(shown["record"]["lines"], start=1)}
    again = [
        {key: line[key] for key in ("from", "item", "quantity", "lot") if line.get(key) is not None}
        | {key: value for key, value in said.get(line["line"], {}).items() if key == "attributes"}
        for line in kept
    ]
    if kept and date is None:
        (books.preview if dry_run else books.post)("match", revises=number, date=shown["date"], lines=again)
        return

    def unit(writing: Any) -> None:
        books.void_within(writing, number, date=date)
        if kept:
            batch = writing.batch()
            books.record_documents(writing, batch, [{"type": "match", "lines": again}], atomic=True)
            batch.flush()

    books.writing(unit, dry_run=dry_run)


class _Run:
    def __init__(self, books: Books, skus: Collection[str], dry_run: bool) -> None:
        self.books = books
        self.skus = frozenset(skus)
        self.dry_run = dry_run
        self.report = MatchReport()
        self.products = Products.of(books)
        later = books.settings.all().get("match_later_purchases") == "true"
        self.shelf = Shelf(books, self.products, later=later)
        self.skus_by_id = {id: product.sku for id, product in self.products.by_id.items()}

    def take(self, page: list[SaleLine]) -> None:
        """Match one page of sale lines in one transaction."""
        waiting = [(sale, self._found(sale)) for sale in page if sale.waiting]
        waiting = [(sale, found) for sale, found in waiting if self._is_wanted(found)]
        self.shelf.prepare((sale, found.product) for sale, found in waiting if found.product is not None)
        tries: list[Consumption] = []
        for sale, found in waiting:
            if found.product is None:
                self._wait(sale, sale.waiting, "ambiguous" if found.candidates else "no product", found)
                continue
            taken = list(self.shelf.take(sale, found.product))
            tries += taken
            rest = sale.waiting - sum(each.quantity for each in taken)
            if rest:
                self._wait(sale, rest, self.shelf.why_not(sale, found.product), found)
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

    def _post(self, tries: Iterable[Consumption]) -> None:
        """Post what belongs together on one document; of one that is refused each line alone."""
        documents: dict[tuple[str, int], list[Consumption]] = defaultdict(list)
        for each in tries:
            documents[each.sale.name.partition("#")[0], each.day].append(each)
        refused = self._post_documents(list(documents.values()))
        if refused:
            self._post_documents([[each] for each in refused])

    def _post_documents(self, documents: list[list[Consumption]]) -> list[Consumption]:
        """Post them; what stands on refused documents of several lines, to be tried again."""
        records = [{"type": "match", "lines": [each.line(self.skus_by_id) for each in document]} for document in documents]
        results = self.books.post_many(records, atomic=False, dry_run=self.dry_run)
        again: list[Consumption] = []
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

    def _matched(self, document: list[Consumption], result: Any) -> None:
        self.report.count += len(document)
        if len(self.report.matched) >= KEPT:
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
        if len(self.report.waiting) >= KEPT:
            return
        choose = self.products.candidates(found, sale.sku, sale.title) if found.product is None else []
        self.report.waiting.append({
            "sale": sale.name, "order": sale.order, "sku": found.product.sku if found.product else sale.sku, "title": sale.title,
            "quantity": unscaled(quantity), "reason": reason, "candidates": choose,
        })  # fmt: skip
