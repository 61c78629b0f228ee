"""Record lines in one transaction, by the kind of their records; consecutive records of one kind are recorded together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import groupby
from typing import NamedTuple, Protocol

from wares.catalog.items import Catalogue
from wares.catalog.suggest import did_you_mean
from wares.errors import Issue, Refused, WrongAnswer
from wares.ledger.accounts import AccountBook
from wares.ledger.records import put_accounts
from wares.ledger.rules import put_mappings
from wares.loading.lines import FileLine
from wares.loading.numbers import known_numbers
from wares.loading.report import UNREADABLE
from wares.plugin_manager.answers import records_of
from wares.posting.result import ExistingDocument, NewDocument
from wares.services.dates import day
from wares.services.recorder import record_documents, void_document
from wares.services.transactions import Transactions
from wares.services.unit_of_work import UnitOfWork
from wares.values import Record

Outcome = str | Refused
"""One of `wares.loading.report.OUTCOMES`, or the refusal."""
KNOWN = "known"
ONCE = ("document", "void")
"""The kinds of record that do something each time; the others may be put again."""
VOID_KEYS = ("record", "number", "date")


class _Changed(Protocol):
    """The change of a master: `action` is its outcome."""

    @property
    def action(self) -> str: ...


class Done(NamedTuple):
    """The outcome of a line."""

    line: FileLine
    kind: str
    outcome: Outcome


class Recording:
    """Records lines in one transaction."""

    def __init__(self, books: Transactions, writing: UnitOfWork) -> None:
        self.books = books
        self.writing = writing
        self.registry = books.plugins.registry
        self.roles = self.registry.roles()
        self.kinds: dict[str, Callable[[list[Record]], list[Outcome]]] = {
            "item": self._items,
            "party": lambda records: self._masters(lambda some: self.catalogue.put_parties(some), records),
            "location": lambda records: self._masters(lambda some: self.catalogue.put_locations(some), records),
            "setting": lambda records: self._masters(lambda some: self.catalogue.put_settings(some), records),
            "account": lambda records: self._masters(self._put_accounts, records),
            "mapping": lambda records: self._masters(self._put_mappings, records),
            "document": self._documents,
            "void": lambda records: [self.writing.apart(partial(self._void, record)) for record in records],
        }

    def take(self, lines: Sequence[FileLine], known: Sequence[bool], *, stop: bool = False) -> list[Done]:
        """Record these lines, but no known document or void again; with `stop` the result ends with the first refused line."""
        done: list[Done] = []
        for kind, group in groupby(zip(lines, known, strict=True), self._kind):
            some = list(group)
            outcomes = self._group(kind, [line for line, _ in some], [flag for _, flag in some])
            done += [Done(line, kind, outcome) for (line, _), outcome in zip(some, outcomes, strict=True)]
            if (
                stop
                and (refused := next((at for at, each in enumerate(done) if isinstance(each.outcome, Refused)), None)) is not None
            ):
                return done[: refused + 1]
        return done

    def _kind(self, line: tuple[FileLine, bool]) -> str:
        record = line[0].record
        kind = record.get("record") if not isinstance(record, Refused) else None
        is_kind = isinstance(kind, str) and (kind in self.kinds or kind in self.registry.record_types)
        return str(kind) if is_kind else UNREADABLE

    def _group(self, kind: str, lines: list[FileLine], known: list[bool]) -> list[Outcome]:
        if kind == UNREADABLE:
            return [line.record if isinstance(line.record, Refused) else self._unknown(line.record) for line in lines]
        records = [line.record for line in lines if not isinstance(line.record, Refused)]
        if kind not in self.kinds:
            return self._translated(kind, records, known)
        if kind in ONCE and any(known):
            new = iter(self.kinds[kind]([record for record, flag in zip(records, known, strict=True) if not flag]))
            return [KNOWN if flag else next(new) for flag in known]
        return self.kinds[kind](records)

    def _unknown(self, record: Record) -> Refused:
        kinds = [*self.kinds, *self.registry.record_types]
        kind = record.get("record")
        if kind is None:
            return Refused.because("UNKNOWN_RECORD", 'the line has no "record"', path="record", hint=f"give {', '.join(kinds)}")
        hint = did_you_mean(str(kind), kinds) or f"the records are {', '.join(kinds)}"
        return Refused.because("UNKNOWN_RECORD", f"there is no record {str(kind)[:60]!r}", path="record", hint=hint)

    # --- masters ---

    @property
    def catalogue(self) -> Catalogue:
        return Catalogue(self.writing.unit, self.writing.masters, self.writing.plugins.calls, self.registry)

    def _items(self, records: list[Record]) -> list[Outcome]:
        results = self.catalogue.put_each(records)
        self.writing.created(results)
        return [result if isinstance(result, Refused) else result.action for result in results]

    def _masters(self, put: Callable[[list[Record]], Sequence[_Changed]], records: list[Record]) -> list[Outcome]:
        """Put all records at once, or one by one if one of them is refused."""
        try:
            return [change.action for change in put(records)]
        except Refused as refusal:
            return [refusal] if len(records) == 1 else [self._masters(put, [record])[0] for record in records]

    def _put_accounts(self, records: list[Record]) -> Sequence[_Changed]:
        outcomes = put_accounts(self.writing.unit, records, extra_roles=self.roles)
        self._learn_accounts()
        return outcomes

    def _put_mappings(self, records: list[Record]) -> Sequence[_Changed]:
        types = self.registry.item_types
        outcomes = put_mappings(self.writing.unit, records, extra_roles=self.roles, item_types=types)
        self._learn_accounts()
        return outcomes

    def _learn_accounts(self) -> None:
        self.writing.masters.accounts = AccountBook.load(self.writing.unit)
        self.writing.masters.changed = True

    # --- documents ---

    def _post_alone(self, record: Record) -> Outcome:
        return self._post([record], atomic=True)[0]

    def _documents(self, records: list[Record]) -> list[Outcome]:
        """Post documents as one batch, and each revision apart, since it annuls the previous revision before it posts."""
        outcomes: list[Outcome] = []
        for revises, group in groupby(records, lambda record: bool(record.get("revises"))):
            if revises:
                outcomes += [self.writing.apart(partial(self._post_alone, record)) for record in group]
            else:
                outcomes += self._post_new(list(group))
        return outcomes

    def _post_new(self, records: list[Record]) -> list[Outcome]:
        """Post documents as one batch, but none that is known by its number."""
        known = known_numbers(self.writing.unit, records)
        new = iter(self._post([record for at, record in enumerate(records) if at not in known], atomic=False))
        outcomes: list[Outcome] = []
        for at in range(len(records)):
            above = known.get(at, at)
            if at not in known:
                outcomes.append(next(new))
            elif above is not None and isinstance(outcomes[above], Refused):
                outcomes.append(outcomes[above])
            else:
                outcomes.append(KNOWN)
        return outcomes

    def _post(self, records: list[Record], *, atomic: bool) -> list[Outcome]:
        batch = self.writing.batch()
        results = record_documents(self.writing, batch, records, atomic=atomic)
        batch.flush()
        seen: set[int] = set()
        outcomes: list[Outcome] = []
        for result in results:
            outcomes.append(result if isinstance(result, Refused) else _outcome(result, seen))
        return outcomes

    def _void(self, record: Record) -> Outcome:
        issues = [Issue("UNKNOWN_KEY", f"{key!r} is not a key of a void", path=key, hint=f"its keys are {', '.join(VOID_KEYS[1:])}")
                  for key in record if key not in VOID_KEYS]  # fmt: skip
        number, date = record.get("number"), record.get("date")
        if not isinstance(number, str):
            issues.append(Issue("MISSING_KEY", "a void needs the number of a document", path="number", hint="give number"))
        if date is not None and not isinstance(date, str):
            issues.append(Issue("BAD_DATE", f"{date!r} is not a date", path="date", hint="give an ISO date, 2026-01-31"))
        if issues:
            raise Refused(issues)
        void_document(self.writing, str(number), day=day(date))
        return "voided"

    # --- records of plugins ---

    def _translated(self, kind: str, records: list[Record], known: list[bool]) -> list[Outcome]:
        """Translate a plugin's records and put those that mean one item together, after the records that they may refer to."""
        outcomes: list[Outcome] = []
        waiting: list[Record] = []

        def put() -> None:
            if waiting:
                results = iter(self._items(waiting))
                outcomes[:] = [next(results) if outcome == _WAITS else outcome for outcome in outcomes]
                waiting.clear()

        for record, is_known in zip(records, known, strict=True):
            meant = self._translate(kind, record)
            if not isinstance(meant, Refused) and any(_names(each) in map(_names, waiting) for each in meant):
                put()
                meant = self._translate(kind, record)
            if is_known and (isinstance(meant, Refused) or any(each["record"] in ONCE for each in meant)):
                outcomes.append(KNOWN)
            elif isinstance(meant, Refused):
                outcomes.append(meant)
            elif len(meant) == 1 and meant[0]["record"] == "item":
                waiting.append(meant[0])
                outcomes.append(_WAITS)
            else:
                put()
                outcomes.append(self.writing.apart(partial(self._together, meant)))
        put()
        return outcomes

    def _translate(self, kind: str, record: Record) -> list[Record] | Refused:
        thing = self.registry.record_types[kind]
        try:
            meant = records_of(thing, "translate", thing.translate(record, self.writing.masters))
        except Refused as refusal:
            return refusal
        for each in meant:
            if not isinstance(each.get("record"), str) or each["record"] not in self.kinds:
                raise WrongAnswer(thing, "translate", f"records that the core knows ({', '.join(self.kinds)})", each)
        return meant

    def _together(self, records: list[Record]) -> Outcome:
        """Record all or none, and return the outcome of the first."""
        outcomes = [self.kinds[str(record["record"])]([record])[0] for record in records]
        for outcome in outcomes:
            if isinstance(outcome, Refused):
                raise outcome
        return outcomes[0] if outcomes else "unchanged"


_WAITS = ""


def _outcome(recorded: NewDocument | ExistingDocument, seen: set[int]) -> str:
    again = recorded.document_id in seen or (isinstance(recorded, ExistingDocument) and recorded.repeated)
    seen.add(recorded.document_id)
    return "repeated" if again else "saved" if isinstance(recorded, ExistingDocument) else "posted"


def _names(record: Record) -> tuple[object, object]:
    return record["record"], record.get("sku")
