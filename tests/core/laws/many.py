"""Try many random histories of one kind against the reference and `verify`, by hand: `python -m tests.core.laws.many KIND COUNT
[SEED]`, for most of an hour with a COUNT of 9000. The first that differs is reduced and printed."""

from __future__ import annotations

import random
import sys
from collections import Counter
from typing import Any

from tests.core.laws.histories import COSTS, DAY, SOURCES, Event, History, workshop
from tests.core.laws.kinds import KINDS, Kind, Options, differences
from tests.core.laws.looks import problems
from wares import Books

NEEDS = {"charge": "delivery", "goods_back": "delivery", "credit_back": "goods_back", "deliver": "order", "credit": "invoice",
         "credit_charge": "charge", "late_bill": "receipt", "supplier_return": "even_receipt", "unbuild": "build"}  # fmt: skip
"""What refers to something → the event that makes such a thing."""


def drawn(rng: random.Random, kind: Kind) -> list[Event]:
    """Up to 24 events of a few items, mostly in the order of their instants, so that they find something to refer to."""
    items = rng.sample(sorted(COSTS), rng.choice((1, 1, 2, 3)))
    others = rng.sample(sorted({*kind.others}), min(len({*kind.others}), rng.randint(3, 9))) if rng.random() < 0.5 else kind.others
    others = [*others, *(NEEDS[each] for each in others if each in NEEDS)]
    size = rng.randint(5, 24)
    minutes = [rng.randrange(4) * DAY + rng.choice((0, 0, 1, 720)) for _ in range(size)]
    if kind.at is None:
        minutes = rng.sample(range(500), size)
    if rng.random() < 0.8:
        minutes.sort()
        for _ in range(rng.randrange(4)):
            minutes.insert(rng.randrange(size), minutes.pop(rng.randrange(size)))
    return [
        Event(
            kind=rng.choice(SOURCES if index < kind.sources else others),
            item=rng.choice(items),
            quantity=rng.randint(1, 30 if index < kind.sources > 1 else 8),
            cents=rng.randint(0, 4000),
            at=minute,
            pick=rng.randint(0, 50),
        )
        for index, minute in enumerate(minutes)
    ]


class Trial:
    """One set of books in memory, in which every history has a company of its own."""

    def __init__(self) -> None:
        self.books = Books.open("sqlite://")
        self.outcomes: Counter[str] = Counter()

    def wrong(self, history: list[Event], options: Options, *, count: bool = False) -> Any:
        """What is wrong after a history: empty if nothing is."""
        record = History(workshop(self.books.engine, self.books.plugins, **options))
        for event in history:
            outcome = record.enter(event)
            if count:
                self.outcomes[f"{event.kind} {outcome.partition(':')[0]}"] += 1
        return differences(record, options) or problems(record.books)

    def reduced(self, history: list[Event], options: Options) -> list[Event]:
        """The history without the events that make no difference."""
        position = 0
        while position < len(history):
            shorter = history[:position] + history[position + 1 :]
            if self.wrong(shorter, options):
                history = shorter
            else:
                position += 1
        return history

    def show(self, history: list[Event], options: Options) -> None:
        record = History(workshop(self.books.engine, self.books.plugins, **options))
        print(options)
        for event in history:
            print(f"  {event}: {record.enter(event)}")
        for each in record.in_effective_order():
            print(f"  {each.record}")
        print(differences(record, options), problems(record.books))


def main(kind: str, count: int, seed: int) -> int:
    rng, trial, failed = random.Random(f"{kind} {seed}"), Trial(), 0
    for number in range(count):
        options = rng.choice(KINDS[kind].options)
        history = drawn(rng, KINDS[kind])
        if trial.wrong(history, options, count=True):
            failed += 1
            if failed <= 3:
                trial.show(trial.reduced(history, options), options)
        if number % 500 == 499 or number == count - 1:
            print(f"{kind}: {number + 1} histories, {failed} differ", flush=True)
    print(dict(sorted(trial.outcomes.items())))
    return failed


if __name__ == "__main__":
    sys.exit(bool(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else 1)))
