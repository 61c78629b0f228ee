"""What may happen to a seller's books, in any order: purchases and their details, sales on two channels, returns, refunds, vendors'
credits, labels, edits, voids in place and on a later day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import Engine

from tests.conftest import make_company
from wares import Books, Refused
from wares_channels.labels import add_label
from wares_tracking.details import add_details
from wares_tracking.document_keys import channel_key, parse_channel_key
from wares_tracking.match_undo import undo_match
from wares_tracking.matching import match
from wares_tracking.purchases import find_purchase, purchases
from wares_tracking.removal import remove_stock
from wares_tracking.removal_reasons import REASONS, VENDOR_RETURN
from wares_tracking.sale_costs import add_costs
from wares_tracking.sale_lines import sale_lines
from wares_tracking.vendor_credits import open_credits, use_credit

Story = list[tuple[Any, ...]]
SKUS = ("MUG", "CUP")
CHANNELS = {"etsy": "1100", "fair": "1020"}
"""Channel → the account of the money that it holds."""
DAYS = tuple(f"2026-01-{day:02d}" for day in range(1, 29))
LATER = "2026-02-10"
days = st.sampled_from(DAYS)
cents = st.integers(1, 5_000).map(lambda amount: f"{Decimal(amount) / 100:.2f}")
few = st.integers(1, 4)
which = st.integers(0, 5)
skus = st.sampled_from(SKUS)
listings = st.sampled_from((*SKUS, "mug ", "unheard of"))
channels = st.sampled_from(tuple(CHANNELS))
charges = st.sampled_from(("shipping", "tip", "discount", "fee", "tax", "payout"))
VOIDED = (
    "cash_purchase", "purchase_details", "supplier_credit", "cash_sale", "credit_note", "match", "adjustment", "channel_charge",
    "refund",
)  # fmt: skip
percent = st.integers(1, 100)
bought = st.tuples(st.just("buy"), days, cents)
detailed = st.tuples(st.just("detail"), which, skus, few, percent)
sold = st.tuples(st.just("sell"), channels, days, listings, few, cents)
matched = st.tuples(st.just("match"))
step = st.one_of(
    bought,
    detailed,
    sold,
    matched,
    st.tuples(st.just("credit"), which, percent),
    st.tuples(st.just("edit"), which, skus, few, percent),
    st.tuples(st.just("resell"), which, few, cents),
    st.tuples(st.just("charge"), which, charges, cents),
    st.tuples(st.just("return"), which, cents, st.booleans()),
    st.tuples(st.just("refund"), which, cents),
    st.tuples(st.just("label"), which, cents),
    st.tuples(st.just("cost"), which, days, cents),
    st.tuples(st.just("undo"), which, st.none() | st.just(LATER)),
    st.tuples(st.just("remove"), skus, few, st.sampled_from(tuple(REASONS))),
    st.tuples(st.just("vendor"), skus, few, cents, st.sampled_from(("refund", "credit"))),
    st.tuples(st.just("use"), which, percent),
    st.tuples(st.just("void"), st.sampled_from(VOIDED), which, st.none() | st.just(LATER)),
)
steps = st.tuples(
    st.lists(bought, min_size=1, max_size=3),
    st.lists(detailed, max_size=4),
    st.lists(sold, max_size=5),
    st.lists(step, min_size=4, max_size=20),
).map(lambda parts: [each for part in parts for each in part])
"""A story: goods are bought, some detailed, some sold; then anything."""


@contextmanager
def shop(engine: Engine) -> Iterator[Books]:
    """Empty books with two products, a vendor and two channels."""
    books = Books(engine=engine, company=make_company(engine))
    books.parties.add("ACME", kinds=["supplier"])
    for channel in CHANNELS:
        books.parties.add(channel.upper(), kinds=["customer"])
    for sku in SKUS:
        books.items.add("stock", sku=sku, name=sku.title(), cost_method="specific")
    yield books


def happened(books: Books, story: Story) -> None:
    """Take the steps; what the books refuse leaves them as they were."""
    for kind, *said in story:
        try:
            TAKES[kind](books, *said)
        except Refused:
            continue


def standing(books: Books, kind: str) -> list[str]:
    return [row["number"] for row in books.docs.list(type=kind, status="posted")]


def pick(found: Sequence[Any], place: int) -> Any:
    """One of them; with none there is nothing to do."""
    if not found:
        raise Refused.because("NOTHING", "there is none")
    return found[place % len(found)]


def sale_of(books: Books, place: int) -> tuple[str, str, dict[str, Any]]:
    """One of the sales: its channel, its order, as it is shown."""
    shown = books.docs.show(pick(standing(books, "cash_sale"), place))
    with books.recorded() as recorded:
        (document,) = recorded.documents(numbers=[shown["number"]])
    channel, order, _, _ = parse_channel_key(document.key, document.number)
    return channel, order, shown


def buy(books: Books, day: str, amount: str) -> None:
    books.post("cash_purchase", date=day, account="1010", party="ACME", lines=[{"account": "1350", "amount": amount}])


def part(amount: int, percent: int) -> str:
    """A part of an amount in cents."""
    return f"{Decimal(amount * percent // 100) / 100:.2f}"


def credit(books: Books, place: int, percent: int) -> None:
    """The vendor credits part of what is left of a purchase, to be paid or used later."""
    of = pick(purchases(books), place)
    lines = [{"from": of.name, "amount": part(of.remaining, percent)}]
    books.post("supplier_credit", date="2026-01-30", party="ACME", goods="none", lines=lines)


def detail(books: Books, place: int, sku: str, quantity: int, percent: int) -> None:
    of = pick(purchases(books), place)
    row = {"item": sku, "quantity": quantity, "amount": part(of.remaining, percent)}
    add_details(books, of.name, [row], rematch=False)


def edit(books: Books, place: int, sku: str, quantity: int, percent: int) -> None:
    number = pick(standing(books, "purchase_details"), place)
    (line,) = books.docs.show(number)["lines"]
    of = find_purchase(books, line["from"])
    amount = part(of.remaining + int(line["amount"] * 100), percent)
    books.post("purchase_details", revises=number, lines=[{"from": of.name, "item": sku, "quantity": quantity, "amount": amount}])


def sell(books: Books, channel: str, day: str, sku: str, quantity: int, amount: str) -> None:
    order = str(len(books.docs.list(type="cash_sale")) // 2)  # so that two channels have the same numbers, and orders two parts
    key = channel_key(channel, order, "", "sale")
    with books.recorded() as recorded:
        if key in recorded.records([key]):
            key = channel_key(channel, order, "#2", "sale")
    what = {"item": sku} if sku in SKUS else {"description": sku}
    line = {**what, "quantity": quantity, "amount": amount, "attributes": {"line": sku}}
    books.post("cash_sale", date=day, account=CHANNELS[channel], goods="later", key=key, lines=[line])


def resell(books: Books, place: int, quantity: int, amount: str) -> None:
    """A sale is edited."""
    _, _, shown = sale_of(books, place)
    line = {**shown["record"]["lines"][0], "quantity": quantity, "amount": amount}
    kept = {key: shown["record"][key] for key in ("date", "account", "goods")}
    books.post("cash_sale", revises=shown["number"], **kept, lines=[line])


def charge(books: Books, place: int, kind: str, amount: str) -> None:
    channel, order, _ = sale_of(books, place)
    paper = "payout" if kind == "payout" else "charge"
    key = channel_key(channel, order, f"#{len(books.docs.list(type='channel_charge'))}", paper)
    line = {"amount": amount, "attributes": {"line": "", "kind": kind}}
    books.post("channel_charge", date="2026-01-29", account=CHANNELS[channel], key=key, lines=[line])


def give_back(books: Books, place: int, amount: str, restock: bool) -> None:
    """One unit of a sale comes back, to stock if it had been matched."""
    channel, order, shown = sale_of(books, place)
    line = {"from": f"{shown['number']}#1", "quantity": 1, "amount": amount}
    line |= {"restock": True} if restock else {"attributes": {"returned": True}}
    _credit_note(books, channel, order, line)


def refund(books: Books, place: int, amount: str) -> None:
    """Money goes back, the goods do not."""
    channel, order, shown = sale_of(books, place)
    _credit_note(books, channel, order, {"description": "sorry", "amount": amount, "attributes": {"sale": f"{shown['number']}#1"}})


def _credit_note(books: Books, channel: str, order: str, line: dict[str, Any]) -> None:
    key = channel_key(channel, order, f"#{len(books.docs.list(type='credit_note'))}", "refund")
    books.post("credit_note", date="2026-01-30", party=channel.upper(), account=CHANNELS[channel], key=key, lines=[line])


def cost(books: Books, place: int, day: str, amount: str) -> None:
    """What waits gets its cost by a new purchase, paid by the owner."""
    waiting = [line for page in sale_lines(books) for line in page if line.waiting]
    line = pick(waiting, place)
    add_costs(books, line.name, date=day, amount=amount, item=line.sku if line.sku in SKUS else "MUG")


def use(books: Books, place: int, percent: int) -> None:
    """A purchase was paid in part with what its vendor owes."""
    owed = sum(each.open for each in open_credits(books, "ACME"))
    use_credit(books, pick(purchases(books), place).name, part(owed, percent))


def void(books: Books, kind: str, place: int, day: str | None) -> None:
    books.void(pick(standing(books, kind), place), date=day)


TAKES: Mapping[str, Callable[..., Any]] = {
    "buy": buy, "credit": credit, "detail": detail, "edit": edit, "sell": sell, "resell": resell, "charge": charge,
    "return": give_back, "refund": refund, "cost": cost, "match": match, "void": void,
    "label": lambda books, place, amount: add_label(books, pick(standing(books, "cash_sale"), place), amount),
    "undo": lambda books, place, day: undo_match(books, pick(standing(books, "match"), place), date=day),
    "remove": lambda books, sku, quantity, reason: remove_stock(books, sku, str(quantity), reason=reason, date="2026-01-31"),
    "vendor": lambda books, sku, quantity, amount, how: remove_stock(
        books, sku, str(quantity), reason=VENDOR_RETURN, vendor="ACME", date="2026-01-31", **{how: amount}
    ),
    "use": use,
}  # fmt: skip
