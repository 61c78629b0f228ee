"""Count the files of the core that the posting of one document passes through, and how often it changes file.

    python tools/count_files.py [--list]

Two documents are followed with `sys.setprofile`: an invoice of one stock line, and a backdated bill of one stock line, whose item
has average cost, so that the bill changes the cost of two invoices after it. The books are a company in memory in which a document
of the same kind was posted just before, so that imports, caches and compiled statements are there.

Each call of a Python function that is written in core/wares counts as a visit of its file; so does each time that a generator goes
on. `files` is the number of different files visited. `changes` is how often a visit is to another file than the visit before it;
calls of functions outside core/wares (the plugins, SQLAlchemy, the standard library) are left out, and so are returns.

With --list the visits are shown in their order, folded by stage: a stage is a function that the driver of the pipeline calls, and
each line has the files of one stage with the number of visits.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from types import FrameType
from typing import NamedTuple

import wares
from wares.books import Books
from wares.testing.small_company import CUSTOMER, SUPPLIER, company

CORE = f"{Path(wares.__file__).parent}/"
DRIVERS = ("posting/pipeline.py", "posting.py")
"""Where the driver of the pipeline may stand."""


class Visit(NamedTuple):
    """One call of a function of the core: its file, and the stage of the pipeline in which it happens."""

    file: str
    stage: str


class Passage(NamedTuple):
    """The visits of one document in their order."""

    visits: tuple[Visit, ...]

    @property
    def files(self) -> int:
        """How many different files are visited."""
        return len({visit.file for visit in self.visits})

    @property
    def changes(self) -> int:
        """How often a visit is to another file than the visit before it."""
        return sum(before.file != after.file for before, after in pairwise(self.visits))

    def folded(self) -> list[tuple[str, dict[str, int]]]:
        """The stages in their order, each with its files in the order of their first visit and the number of visits."""
        stages: list[tuple[str, dict[str, int]]] = []
        for visit in self.visits:
            if not stages or stages[-1][0] != visit.stage:
                stages.append((visit.stage, {}))
            files = stages[-1][1]
            files[visit.file] = files.get(visit.file, 0) + 1
        return stages


def followed(action: Callable[[], object]) -> Passage:
    """Run an action and return its visits."""
    visits: list[Visit] = []

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(CORE):
            visits.append(Visit(_file(frame), _stage(frame)))

    sys.setprofile(note)
    try:
        action()
    finally:
        sys.setprofile(None)
    return Passage(tuple(visits))


def _file(frame: FrameType) -> str:
    return frame.f_code.co_filename.removeprefix(CORE)


def _stage(frame: FrameType) -> str:
    """The function that the driver has called on the way to this frame, the driver itself, or no stage if it is not at work."""
    if _file(frame) in DRIVERS:
        return "the driver"
    called, caller = frame, frame.f_back
    while caller is not None:
        if _file(caller) in DRIVERS:
            return f"{called.f_code.co_name} of {_file(called)}"
        called, caller = caller, caller.f_back
    return "outside the driver"


def small_books() -> Books:
    """A company in memory with an item of average cost, goods of it, and one invoice."""
    books = company(records=[{"sku": "TEA", "type": "stock", "name": "Tea", "cost_method": "average"}])
    buy(books, "2026-01-03", "5")
    sell(books, "2026-01-20")
    return books


def buy(books: Books, date: str, unit_cost: str) -> None:
    books.post("bill", party=SUPPLIER, date=date, lines=[{"item": "TEA", "quantity": "10", "unit_cost": unit_cost}])


def sell(books: Books, date: str) -> None:
    books.post("invoice", party=CUSTOMER, date=date, lines=[{"item": "TEA", "quantity": "1", "unit_price": "9"}])


def passages() -> dict[str, Passage]:
    """Both documents, followed on warm books."""
    books = small_books()
    try:
        invoice = followed(lambda: sell(books, "2026-01-20"))
        buy(books, "2026-01-02", "6")
        bill = followed(lambda: buy(books, "2026-01-04", "6"))
    finally:
        books.close()
    return {"invoice of one stock line": invoice, "backdated bill": bill}


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Count the files of the core that one document passes through.")
    parser.add_argument("--list", action="store_true", help="print the sequence of files, folded by stage")
    options = parser.parse_args(arguments)
    for title, passage in passages().items():
        sys.stdout.write(f"{title}: {passage.files} files, {passage.changes} changes of file\n")
        if options.list:
            for stage, files in passage.folded():
                parts = ", ".join(name if count == 1 else f"{name} ×{count}" for name, count in files.items())
                sys.stdout.write(f"  {stage}\n      {parts}\n")


if __name__ == "__main__":
    main()
