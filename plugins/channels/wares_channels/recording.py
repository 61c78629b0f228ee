"""What facts of a channel become: one document for what an order sold, one for what the channel took and collected beside it, one
for each refund and payout.

    sale                            cash_sale, goods later, money on the channel's clearing account
    shipping, tip, discount, fee ...  channel_charge, a line for each
    payout                          channel_charge of its own
    refund                          credit_note, with or without the goods

The idempotency key of a document is (channel, order, part, paper): parts count up where later files add to an order. Each line says
in its attributes which fact it is, so that every (channel, order, line, kind) is recorded once, whatever became of its document.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from wares import Books, Recorded, Refused
from wares_channels.row_reading import Fact
from wares_channels.payouts import Payouts
from wares_tracking.products import Products
from wares_channels.refunds import OrderLines, refund_lines
from wares_tracking.sale_lines import channel_key

T = TypeVar("T")
ALONE = frozenset({"refund", "payout"})
"""Papers that hold one fact each."""


class Paper(NamedTuple):
    """A kind of document of an order, or of a day for what belongs to no order."""

    order: str
    day: str
    name: str  # sale, charge, refund, payout

    @classmethod
    def of(cls, fact: Fact) -> Paper:
        """The paper on which a fact stands."""
        name = fact.kind if fact.kind == "sale" or fact.kind in ALONE else "charge"
        return cls(fact.order, "" if fact.order else fact.date, name)

    def key(self, channel: str, part: int) -> str:
        """The idempotency key of its document; the first part is 1."""
        return channel_key(channel, self.order, f"{self.day}#{part}" if part > 1 else self.day, self.name)


def each_part(
    channel: str, papers: Iterable[Paper], read: Callable[[Collection[str]], Mapping[str, T]]
) -> Iterator[tuple[Paper, int, T]]:
    """What `read` finds under the keys of each paper's documents, first parts first: a query for each part that the longest has."""
    waiting, part = {paper.key(channel, 1): paper for paper in papers}, 1
    while waiting:
        found = read(waiting.keys())
        yield from ((waiting[key], part, what) for key, what in found.items())
        part += 1
        waiting = {waiting[key].key(channel, part): waiting[key] for key in found}


class Known:
    """Which facts of some papers are recorded, and how many parts each paper has."""

    def __init__(self, decimals: int) -> None:
        self._decimals = decimals
        self.parts: dict[Paper, int] = {}
        self._facts: set[tuple[str, str, str]] = set()  # order, line, kind
        self._refunded: dict[str, Decimal] = defaultdict(Decimal)  # order → what was refunded of it as a whole, as stated

    @classmethod
    def read(cls, recorded: Recorded, channel: str, papers: Iterable[Paper]) -> Known:
        """Learn them from the documents of these papers, voided ones included."""
        known = cls(recorded.decimals)
        for paper, part, record in each_part(channel, papers, recorded.records):
            known.parts[paper] = part
            for line in record["lines"]:
                known._learn(paper, line.get("attributes") or {}, line.get("amount"))
        return known

    def _learn(self, paper: Paper, said: Mapping[str, Any], amount: Any) -> None:
        if said.get("so_far"):
            self._refunded[paper.order] += Decimal(said["stated"]["amount"] if "stated" in said else amount)
        elif "line" in said:
            self._facts.add((paper.order, said["line"], said.get("kind", paper.name)))

    def new(self, fact: Fact) -> Fact | None:
        """What is new of a fact, which is known from here on: of an amount so far, what it grew by."""
        if fact.cumulative:
            before = self._refunded[fact.order]
            grown = fact.beyond(before, self._decimals)
            if grown is not None:
                self._refunded[fact.order] = fact.amount if fact.stated is None else fact.stated.amount
            return grown
        identity = (fact.order, fact.line, fact.kind)
        if identity in self._facts:
            return None
        self._facts.add(identity)
        return fact


Outcome = str | Refused | None
"""The number of a fact's document, why it was refused, or None for a fact that was known."""


class Recording:
    """The facts of one channel on their way into the books."""

    def __init__(self, books: Books, channel: str, *, clearing: str, bank: str | None, party: str | None) -> None:
        """`party` is the channel as a customer, needed by refunds; without it they are counted and not recorded."""
        self.books = books
        self.channel = channel
        self.clearing = clearing
        self.bank = bank
        self.party = party
        self.products = Products.of(books)
        self.arrived: set[str] = set()  # documents that lines of the bank became, of payouts that the file says too

    def known(self, recorded: Recorded, facts: Iterable[Fact]) -> Known:
        """What is recorded already of the papers of these facts."""
        return Known.read(recorded, self.channel, {Paper.of(fact) for fact in facts})

    def write(self, writing: Any, facts: Collection[Fact]) -> list[Outcome]:
        """Record what is new of these facts, in one unit; the outcome of each, in their order.

        The first document of every paper goes with the others of the batch. What is left of a paper, and the facts of a document
        that was refused, follow one by one, so that a fault costs its own fact only and parts have no gap.
        """
        return _Unit(self, writing, facts).run()

    def record_of(self, paper: Paper, part: int, facts: Collection[Fact], orders: OrderLines) -> dict[str, Any]:
        """The document of these facts."""
        (date,) = {fact.date for fact in facts}
        record = {"date": date, "account": self.clearing, "key": paper.key(self.channel, part)}
        if paper.name == "sale":
            return {"type": "cash_sale", "goods": "later", **record, "lines": [self._sale_line(fact) for fact in facts]}
        if paper.name == "refund":
            (fact,) = facts
            return {"type": "credit_note", "party": self.party, **record, "lines": refund_lines(orders, self.channel, fact)}
        return {"type": "channel_charge", **record, "lines": [self._charge_line(fact) for fact in facts]}

    def _sale_line(self, fact: Fact) -> dict[str, Any]:
        title = fact.title[:500]
        said = fact.said(line=fact.line)
        if fact.sku:
            said["sku"] = fact.sku
        if title:
            said["title"] = title
        line = {
            "quantity": plain(fact.quantity),
            "amount": plain(fact.amount),
            "description": title or fact.sku,
            "attributes": said,
        }
        found = self.products.find(fact.sku, title).product
        return {"item": found.sku, **line} if found is not None else line

    def _charge_line(self, fact: Fact) -> dict[str, Any]:
        line: dict[str, Any] = {"amount": plain(fact.amount), "attributes": fact.said(line=fact.line, kind=fact.kind)}
        if fact.kind == "payout" and self.bank:
            line["account"] = self.bank
        if fact.title:
            line["description"] = fact.title
        return line


class _Unit:
    """Facts being written in one transaction."""

    def __init__(self, recording: Recording, writing: Any, facts: Collection[Fact]) -> None:
        self.recording = recording
        self.writing = writing
        self.facts = list(facts)
        self.outcomes: list[Outcome] = [None] * len(self.facts)
        self.batch = writing.batch()
        self.known = recording.known(Recorded(writing.unit), self.facts)

    def run(self) -> list[Outcome]:
        at_once: dict[Paper, list[int]] = {}
        one_by_one: list[tuple[Paper, list[int]]] = []
        for paper, places in self._documents():
            if paper in at_once:
                one_by_one.append((paper, places))
            else:
                at_once[paper] = places
        orders = self._orders(at_once)
        for paper, places in zip(at_once, self._post(list(at_once.items()), orders), strict=True):
            one_by_one += [(paper, [place]) for place in places]
        for paper, places in one_by_one:
            self._post_alone(paper, places)
        self.batch.flush()
        return self.outcomes

    def _documents(self) -> Iterator[tuple[Paper, list[int]]]:
        """The places of the facts that are new, as they go on documents: together what is of one paper and day."""
        found: dict[tuple[Paper, str, int], list[int]] = {}
        arrived = self._arrived()
        for place, fact in enumerate(self.facts):
            new = self.known.new(fact)
            if new is None or (new.kind == "payout" and arrived is not None and arrived.take_arrived(new.amount, new.date)):
                continue
            self.facts[place] = new
            paper = Paper.of(fact)
            if paper.name == "refund" and self.recording.party is None:
                self.outcomes[place] = ""
                continue
            found.setdefault((paper, fact.date, place if paper.name in ALONE else -1), []).append(place)
        return ((paper, places) for (paper, _, _), places in found.items())

    def _arrived(self) -> Payouts | None:
        """What the bank brought of the payouts among the facts."""
        days = [fact.date for fact in self.facts if fact.kind == "payout"]
        recorded = Recorded(self.writing.unit)
        return Payouts.arrived(recorded, min(days), max(days), self.recording.arrived) if days else None

    def _orders(self, papers: Iterable[Paper]) -> OrderLines:
        refunded = [paper._replace(name="sale") for paper in papers if paper.name == "refund" and paper.order]
        return OrderLines.read(Recorded(self.writing.unit), lambda read: each_part(self.recording.channel, refunded, read))

    def _post(self, documents: list[tuple[Paper, list[int]]], orders: OrderLines) -> list[list[int]]:
        """Post documents together; of each that was refused the places that may be tried alone."""
        records = [
            self.recording.record_of(paper, self.known.parts.get(paper, 0) + 1, [self.facts[place] for place in places], orders)
            for paper, places in documents
        ]
        results = self.recording.books.record_documents(self.writing, self.batch, records, atomic=False)
        again = []
        for (paper, places), result in zip(documents, results, strict=True):
            refused = isinstance(result, Refused)
            again.append(places if refused and len(places) > 1 else [])
            if not refused:
                self.known.parts[paper] = self.known.parts.get(paper, 0) + 1
            for place in places:
                self.outcomes[place] = result if isinstance(result, Refused) else result.number
        return again

    def _post_alone(self, paper: Paper, places: list[int]) -> None:
        self.batch.flush()
        (again,) = self._post([(paper, places)], self._orders([paper]))
        for place in again:
            self._post_alone(paper, [place])


def plain(amount: Decimal) -> str:
    """As text; a unit price times a quantity may have more places than money, and is refused with its row."""
    return f"{amount.normalize():f}"
