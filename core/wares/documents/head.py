"""Looking up the references in a document's head: party, locations, account, currency, the documents that it applies to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from wares.contract.document_type import refuse_control
from wares.documents.record import RecordInput
from wares.errors import Issue, Refused
from wares.model import (
    Account,
    Exchange,
    Header,
    Location,
    Masters,
    OriginDocument,
    Party,
)
from wares.storage.currencies import DECIMALS
from wares.values import ONE_FOR_ONE, day_of, iso_day, next_day, unrated

T = TypeVar("T")
Found = Mapping[str, OriginDocument]
"""Documents by number: those that the record names."""


def resolve_header(
    given: RecordInput,
    masters: Masters,
    main: Location,
    origins: Found,
    currency: str,
    decimals: int,
    closed_through: int,
) -> Header:
    """Return the document's head with all references looked up. Raises Refused with all Issues together."""
    issues: list[Issue] = []
    kind = given.type
    day = day_of(given.effective_at)
    if day <= closed_through:
        first = iso_day(next_day(closed_through))
        issues.append(
            Issue(
                "PERIOD_CLOSED",
                f"the books are closed through {iso_day(closed_through)}",
                "date",
                f"use {first} or later",
            )
        )
    party = _party(given, masters, issues)
    location = _try(issues, lambda: masters.location(given.location or "", "location")) if given.location else main
    target = _try(issues, lambda: masters.location(given.to_location or "", "to_location")) if given.to_location else None
    account = _try(issues, lambda: _bank(given.account or "", masters)) if given.account else None
    exchange, places = None, decimals
    wanted = given.currency
    if wanted is None and kind.any_currency and kind.sign < 0 and not kind.priced:
        wanted = _currency_taken_back(given, origins, issues)
    if wanted is not None and wanted != currency:
        exchange = _exchange(given, wanted, currency, decimals, origins, issues)
        places, currency = DECIMALS.get(wanted, decimals), wanted
    elif given.rate not in (None, ONE_FOR_ONE):
        message = f"one {currency} is one {currency}, whatever the day"
        issues.append(Issue("RATE_OF_OWN_CURRENCY", message, "rate", "leave rate out"))
    apply_to = _apply_to(given, currency, origins, issues)
    if issues:
        raise Refused(issues)
    return Header(
        type=kind, number=given.number, effective_at=given.effective_at, day=day, due=given.due, party=party,
        location=location or main, to_location=target, currency=currency, decimals=places, exchange=exchange,
        goods=given.goods or "now", account=account, reference=given.reference, memo=given.memo,
        direction=given.direction, amount=given.amount, attributes=given.attributes, record=given.record,
        apply_to=apply_to,
    )  # fmt: skip


def _exchange(
    given: RecordInput, currency: str, own: str, base_decimals: int, origins: Found, issues: list[Issue]
) -> Exchange | None:
    """Return the conversion into the company's currency: at the document's rate, or at the rate of the documents it takes back."""
    kind = given.type
    if currency not in DECIMALS:
        issues.append(Issue("UNKNOWN_CURRENCY", f"{currency!r} is not a currency code (ISO 4217)", "currency", "USD, EUR, JPY ..."))
        return None
    if not kind.any_currency:
        message = f"a {kind.title} is kept in {own}, the currency of the books"
        issues.append(Issue("OTHER_CURRENCY", message, "currency", "leave currency and rate out, and give its amounts in it"))
        return None
    rate, known = given.rate, _rates_taken(given, currency, origins)
    if len(known) > 1:
        message = f"the documents that it takes back have several rates: {', '.join(str(unrated(each)) for each in sorted(known))}"
        issues.append(Issue("SEVERAL_RATES", message, "lines", "record a document for each"))
    elif known and rate is None:
        (rate,) = known
    elif known and rate not in known:
        message = f"the document that it takes back has the rate {unrated(next(iter(known)))}"
        issues.append(Issue("OTHER_RATE", message, "rate", "leave rate out"))
    elif rate is None:
        issues.append(
            Issue("NO_RATE", f"the document is in {currency} and has no rate", "rate", f'give "rate": {own} for one {currency}')
        )
    return Exchange(rate or ONE_FOR_ONE, DECIMALS[currency], base_decimals)


def _currency_taken_back(given: RecordInput, origins: Found, issues: list[Issue]) -> str | None:
    """Return the currency of a document that takes goods back and has no prices: the currency of the documents it takes back."""
    found = {document.currency for each in given.lines if (document := origins.get((each.origin or "").partition("#")[0]))}
    if len(found) > 1:
        message = f"the documents that it takes back are in {' and '.join(sorted(found))}"
        issues.append(Issue("SEVERAL_CURRENCIES", message, "lines", "record a document for each"))
    return next(iter(found)) if len(found) == 1 else None


def _rates_taken(given: RecordInput, currency: str, origins: Found) -> set[int]:
    """Return the rates of the documents that this one takes back, or whose goods it brings."""
    found = [origins.get((line.origin or "").partition("#")[0]) for line in given.lines]
    links = given.type.fulfils
    return {
        document.rate for document in found
        if document is not None and document.currency == currency and links.get(document.type) not in (None, "bill")
        and (document.total or not given.type.priced)
    }  # fmt: skip


def _bank(code: str, masters: Masters) -> Account:
    account = masters.account(code, "account")
    refuse_control(account, "account")
    return account


def _try(issues: list[Issue], look_up: Callable[[], T]) -> T | None:
    """Return the result of a look-up; None, with its Issues added to `issues`, if it is refused."""
    try:
        return look_up()
    except Refused as refusal:
        issues.extend(refusal.issues)
        return None


def _party(given: RecordInput, masters: Masters, issues: list[Issue]) -> Party | None:
    kind = given.type
    if given.party is None:
        if kind.party_kind is not None:
            wanted = kind.party_kind or "party"
            issues.append(Issue("NO_PARTY", f"a {kind.title} needs its {wanted}", "party", f"give the code of a {wanted}"))
        return None
    party = _try(issues, lambda: masters.party(given.party or "", "party"))
    if party is not None and kind.party_kind and party.kinds and kind.party_kind not in party.kinds:
        issues.append(
            Issue(
                "WRONG_PARTY",
                f"{party.code} is not a {kind.party_kind}",
                "party",
                f'add "{kind.party_kind}" to the kinds of the party, or name another',
            )
        )
    return party


def _apply_to(
    given: RecordInput, currency: str, origins: Found, issues: list[Issue]
) -> tuple[tuple[OriginDocument, int | None, str | None], ...]:
    applied = []
    for index, (reference, amount) in enumerate(given.apply_to):
        number, _, line = reference.partition("#") if given.type.applies_to_lines else (reference, "", "")
        target = origins.get(number)
        path = f"apply_to[{index}].{'from' if given.type.applies_to_lines else 'number'}"
        if target is None or target.status != "posted":
            issues.append(Issue("UNKNOWN_DOCUMENT", f"there is no posted document {number!r}", path))
        elif line and line not in target.lines:
            issues.append(Issue("UNKNOWN_LINE", f"{number} has no line {line}", path))
        elif target.currency != currency and not given.type.applies_to_lines:
            issues.append(other_currency(target, "currency"))
        else:
            applied.append((target, amount, line or None))
    return tuple(applied)


def other_currency(origin: OriginDocument, path: str) -> Issue:
    """Return the Issue of an origin in another currency than the document that takes it up."""
    return Issue("OTHER_CURRENCY", f"{origin.number} is in {origin.currency}", path, f'give "currency": "{origin.currency}"')
