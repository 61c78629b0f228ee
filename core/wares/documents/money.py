"""Documents of money and of the ledger: payment, refund, journal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from wares.contract.document_type import HEADER_KEYS, Behaviours, DocumentType
from wares.documents.inventory import in_base, postings_legs
from wares.errors import Issue, Refused
from wares.model import Context, Document, Leg, Plan, Side
from wares.values import money


class Payment(DocumentType):
    """Money in from a customer (Dr bank Cr receivable) or out to a supplier (Dr payable Cr bank), applied to documents. The
    unapplied rest stays as the party's credit."""

    key, title, prefix = "payment", "payment", "PAY"
    side = Side.MONEY
    has_lines = False
    priced = False
    party_kind = ""  # either kind; the direction decides the account
    any_currency = True
    header_keys = (HEADER_KEYS - {"lines"}) | {"direction", "account", "amount", "apply_to"}
    control: ClassVar[Mapping[str, str]] = {"in": "receivable", "out": "payable"}
    settles: ClassVar[Mapping[str, frozenset[str]]] = {"in": frozenset({"invoice"}), "out": frozenset({"bill", "landed_cost"})}
    """Direction → the types of document that the payment may settle."""

    def validate(self, document: Document, ctx: Context) -> Iterable[Issue]:
        header = ctx.header
        if header.direction not in ("in", "out"):
            yield Issue("BAD_VALUE", f"direction is {header.direction!r}", "direction", 'use "in" or "out"')
        if not header.amount:
            yield Issue("BAD_VALUE", "a payment needs an amount above 0", "amount")

    def plan(self, document: Document, ctx: Context, do: Behaviours) -> Plan:
        """Settle each target at the target's rate and the rest at the payment's own rate; the difference to the bank's amount is
        exchange gain or loss. IAS 21.28."""
        header = ctx.header
        amount, applications = header.amount or 0, self._applications(ctx)
        targets = {target.id: target for target, *_ in header.apply_to}
        settled = sum(targets[target_id].base_of(part) for target_id, part in applications)
        settled += header.in_base(amount - sum(part for _, part in applications))
        sign, paid = (1 if header.direction == "in" else -1), header.in_base(amount)
        legs = [
            Leg(sign * paid, "bank", header.account, memo=header.memo, currency_amount=sign * amount),
            *self._settling(ctx, sign, applications),
        ]
        if paid != settled:
            legs.append(Leg(sign * (settled - paid), "fx_gain_loss", memo=header.memo))
        return Plan(legs=tuple(legs), applications=applications, total=amount, base_total=settled)

    def _settling(self, ctx: Context, sign: int, applications: tuple[tuple[int, int], ...]) -> Iterable[Leg]:
        """Yield a leg for each control account: that of each target, and for the rest the one that the rules name."""
        header, role = ctx.header, self.control[ctx.header.direction or "in"]
        targets = {target.id: target for target, *_ in header.apply_to}
        amounts: dict[int | None, list[int]] = {}
        rest = header.amount or 0
        for target_id, part in applications:
            sums = amounts.setdefault(targets[target_id].accounts.get(role), [0, 0])
            sums[0], sums[1], rest = sums[0] + targets[target_id].base_of(part), sums[1] + part, rest - part
        if rest or not amounts:
            sums = amounts.setdefault(None, [0, 0])
            sums[0], sums[1] = sums[0] + header.in_base(rest), sums[1] + rest
        for account_id, (base, own) in amounts.items():
            account = ctx.masters.account_by_id(account_id) if account_id is not None else None
            yield Leg(-sign * base, role, account, of_party=True, memo=header.memo, currency_amount=-sign * own)

    def _applications(self, ctx: Context) -> tuple[tuple[int, int], ...]:
        applied: list[tuple[int, int]] = []
        rest = ctx.header.amount or 0
        for index, (target, amount, _) in enumerate(ctx.header.apply_to):
            path = f"apply_to[{index}]"
            still_open = target.open
            part = min(rest, still_open) if amount is None else amount
            if target.type not in self.settles[ctx.header.direction or "in"]:
                kinds = ", ".join(sorted(self.settles[ctx.header.direction or "in"]))
                raise Refused.because(
                    "WRONG_TARGET",
                    f"{target.number} is a {target.type}, which a {self.title} does not settle",
                    path=path,
                    hint=f"with this direction it is applied to: {kinds}",
                )
            if target.id in {known for known, _ in applied}:
                raise Refused.because("APPLIED_TWICE", f"{target.number} is named twice", path=path, hint="give the sum once")
            if target.party_id != (ctx.header.party.id if ctx.header.party else None):
                raise Refused.because("OTHER_PARTY", f"{target.number} is of another party", path=path)
            if part > still_open or part <= 0:
                left = money(still_open, ctx.decimals)
                raise Refused.because("OVER_APPLIED", f"{target.number} has {left} open", path=path, hint="apply no more than that")
            if part > rest:
                raise Refused.because("OVER_APPLIED", "more is applied than is paid", path=path)
            rest -= part
            applied.append((target.id, part))
        return tuple(applied)


class Refund(Payment):
    """Money back: out to a customer (Dr receivable Cr bank), in from a supplier (Dr bank Cr payable)."""

    key, title, prefix = "refund", "refund", "RF"
    control = {"out": "receivable", "in": "payable"}
    settles = {"out": frozenset({"credit_note", "payment"}), "in": frozenset({"supplier_credit", "payment"})}


class Journal(DocumentType):
    """Postings as stated, which must balance. Control accounts are refused: only documents of sales and purchases post to them."""

    key, title, prefix = "journal", "journal entry", "JE"
    side = Side.LEDGER
    has_lines = False
    priced = False
    any_currency = True
    header_keys = (HEADER_KEYS - {"lines", "location"}) | {"postings"}

    def compose(self, document: Document, ctx: Context, do: Behaviours) -> tuple[Leg, ...]:
        postings = ctx.header.record.get("postings")
        if not postings:
            raise Refused.because("NO_POSTINGS", "a journal needs postings", path="postings")
        legs = postings_legs(postings, ctx, "journal")
        difference = sum(leg.amount for leg in legs)
        if difference:
            side = "debits" if difference > 0 else "credits"
            raise Refused.because(
                "UNBALANCED",
                f"{side} exceed the other side by {money(abs(difference), ctx.decimals)}",
                path="postings",
                hint="debits and credits must be equal",
            )
        return in_base(legs, ctx)
