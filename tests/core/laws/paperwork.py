"""The record that an event of the factory becomes, given what stands so far."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.core.laws.factory import METHODS, UNDETAILED, Entered, Event, History, date_of, refers_to

Record = dict[str, Any]
BASES = ("quantity", "weight", "volume", "equal", "value")
TYPES = {  # kind of event → type of document
    "kit": "invoice", "kit_cash": "cash_sale", "order": "invoice", "deliver": "delivery", "charge": "invoice",
    "credit": "credit_note", "credit_only": "credit_note", "goods_back": "customer_return", "credit_back": "credit_note",
    "found_back": "customer_return", "later_bill": "bill", "later_receipt": "receipt", "late_bill": "bill",
    "rebate": "supplier_credit", "credit_return": "supplier_credit", "landed": "landed_cost", "issue": "adjustment",
    "found": "adjustment", "revalue_to": "revaluation", "revalue_by": "revaluation", "opening": "opening_balance",
    "service_bill": "receipt", "box": "cash_purchase", "details": "purchase_details", "end": "close",
    "paid_in": "payment", "paid_out": "payment", "refund_out": "refund", "refund_in": "refund", "reclassify": "reclassification",
}  # fmt: skip
PARTIES = {"bill": "ACME", "receipt": "ACME", "supplier_credit": "ACME", "supplier_return": "ACME", "invoice": "JANE",
           "delivery": "JANE", "credit_note": "JANE", "customer_return": "JANE"}  # fmt: skip


def record_of(event: Event, history: History) -> Record | None:
    """The record to post; None where the event finds nothing to refer to."""
    if event.kind == "edit":
        return _edit(event, history)
    kind = TYPES.get(event.kind, event.kind)
    made = (_alone if event.kind in ALONE else _referring)(event, history)
    if made is None:
        return None
    head = {"type": kind, "number": f"D{next(history.numbers)}", "date": date_of(event.at).isoformat()}
    if kind in PARTIES:
        head["party"] = PARTIES[kind]
    if kind == "cash_purchase":
        head["account"] = "1020"
    return head | _currency(event, made, history) | made


def _currency(event: Event, made: Record, history: History) -> Record:
    """One purchase or sale in four is in another currency, and so is what refers to it; what takes it back has its rate."""
    origins = [
        history.standing[number].record for number in sorted(refers_to(Entered(event.at, made))) if number in history.standing
    ]
    currency = next((origin["currency"] for origin in origins if "currency" in origin), None)
    if event.kind in ABROAD and not origins and event.pick % 4 == 1:
        currency = ("EUR", "KWD")[event.cents % 2]
    if currency is None or event.kind in NO_CURRENCY:
        return {}
    return {"currency": currency} | ({} if event.kind in OWN_RATE else {"rate": RATES[event.cents % len(RATES)]})


RATES = ("1.1", "0.8725", "1.3333333333", "0.0166875201")
ABROAD = {
    "bill",
    "receipt",
    "cash_purchase",
    "later_bill",
    "service_bill",
    "box",
    "invoice",
    "cash_sale",
    "kit",
    "kit_cash",
    "order",
}
NO_CURRENCY = {"deliver", "delivery", "goods_back", "found_back", "supplier_return", "unbuild", "match", "end"}
OWN_RATE = {"credit", "credit_only", "credit_back", "supplier_credit", "credit_return", "rebate", "later_receipt"}
"""Kinds of events that may be in another currency, that never say one, and that have the rate of what they take back."""

ALONE = {"service_bill", "box", "bill", "receipt", "cash_purchase", "adjustment", "opening", "invoice", "cash_sale", "kit",
         "kit_cash", "order", "delivery", "found_back", "later_bill", "build", "issue", "count", "transfer", "found", "revalue_to",
         "revalue_by", "method_change", "journal", "reclassify"}  # fmt: skip


def money(cents: int) -> str:
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def _alone(event: Event, history: History) -> Record | None:
    """Documents that refer to nothing but items (and lots)."""
    kind, quantity, amount, pick = event.kind, str(event.quantity), money(event.cents), event.pick
    goods = {"item": event.item, "quantity": quantity, **_lot(event, history)}
    place, few = ("MAIN", "MAIN", "SHOP")[pick % 3], str(1 + event.quantity % 3)
    match kind:
        case "bill" | "receipt" | "cash_purchase" | "opening" | "adjustment":
            stands_alone = {} if kind in ("opening", "adjustment") else {"from": None}
            return {"lines": [{**goods, "amount": amount, **stands_alone}], "location": place}
        case "service_bill":  # a service that is billed later
            return {"lines": [{"item": "LABOUR", "quantity": quantity, "amount": amount, "from": None}]}
        case "box":  # goods bought by their amount alone
            return {"lines": [{"account": UNDETAILED, "amount": money(event.cents + 1)}]}
        case "later_bill":
            return {"goods": "later", "lines": [{"item": event.item, "quantity": quantity, "amount": amount, "from": None}]}
        case "found" | "found_back":
            return {"lines": [{**goods, **({"unit_cost": amount} if pick % 2 else {})}], "location": place}
        case "issue":
            return {"lines": [{**goods, "quantity": f"-{quantity}"}], "location": place}
        case "invoice" | "cash_sale" | "delivery":
            second = [{**goods, "from": None}] if pick % 5 == 0 else []
            return {"lines": [{**goods, "from": None}, *second], "location": place}
        case "kit" | "kit_cash":
            return {"lines": [{"item": "SET", "quantity": few, "from": None}], "location": place}
        case "order":
            item = "SET" if pick % 2 else event.item
            return {"goods": "later", "lines": [{"item": item, "quantity": quantity, "from": None}]}
        case "build":
            scrapped = {"scrapped": "1"} if pick % 4 == 0 else {}
            return {"lines": [{"item": "WHEEL" if pick % 3 else "BIKE", "quantity": few, **scrapped}], "location": place}
        case "count":
            goods.pop("quantity")
            return {"lines": [{**goods, "counted": str(event.quantity - 1)}], "location": place}
        case "transfer":
            source, target = ("MAIN", "SHOP") if pick % 2 else ("SHOP", "MAIN")
            return {"lines": [goods], "location": source, "to_location": target}
        case "journal":
            side, other = ("debit", "credit") if pick % 2 else ("credit", "debit")
            return {
                "postings": [{"account": "6100", side: money(event.cents + 1)}, {"account": "1020", other: money(event.cents + 1)}]
            }
        case "reclassify":
            return {"lines": [{"item": event.item, "account": ("1300", "1310")[pick % 2]}]}
        case "method_change":
            methods = ("average", "fifo", "lifo", "standard")
            return {"lines": [{"item": event.item, "cost_method": methods[pick % 4]}]}
    goods.pop("quantity")
    if kind == "revalue_to":
        return {"lines": [{**goods, "unit_cost": money(event.cents % 1200)}], "location": place}
    return {"lines": [{**goods, "amount": money(event.cents - 1000)}], "location": place}


def _lot(event: Event, history: History) -> Record:
    """For goods kept by lot: a lot of two that have names, or that of a receipt."""
    if METHODS.get(event.item) != "specific":
        return {}
    named = [f"{number}#1" for number, entered in history.standing.items()
             if entered.at < event.at and entered.record["type"] in ("bill", "receipt") and _item_of(entered) == event.item
             and not entered.record["lines"][0].get("lot")]  # fmt: skip
    if event.kind in ("bill", "receipt") and event.pick % 3 == 0:
        return {}
    lots = ["L1", "L2", *named]
    return {"lot": lots[event.pick % len(lots)]}


def _item_of(entered: Entered) -> str:
    lines = entered.record.get("lines") or [{}]
    return str(lines[0].get("item", ""))


ORIGINS: dict[str, tuple[str, ...]] = {
    "deliver": ("invoice",), "charge": ("delivery",), "credit": ("invoice", "cash_sale"), "credit_only": ("invoice", "cash_sale"),
    "goods_back": ("delivery",), "credit_back": ("customer_return",), "later_receipt": ("bill",), "late_bill": ("receipt",),
    "supplier_credit": ("bill", "cash_purchase"), "rebate": ("bill", "cash_purchase", "bill"), "supplier_return": ("receipt",),
    "credit_return": ("supplier_return",), "unbuild": ("build",), "landed": ("receipt", "bill", "cash_purchase"),
    "details": ("cash_purchase",), "match": ("invoice", "cash_sale"),
    "end": ("receipt", "bill", "cash_purchase", "delivery", "invoice", "cash_sale", "supplier_return"),
    "paid_in": ("invoice",), "paid_out": ("bill",), "refund_out": ("credit_note", "payment"), "refund_in": ("supplier_credit",),
}  # fmt: skip


def wanted_by(kind: str) -> Callable[[Entered], bool]:
    """What an event of this kind can refer to."""
    types = ORIGINS[kind]

    def wanted(entered: Entered) -> bool:
        record = entered.record
        if record["type"] not in types:
            return False
        if kind in ("deliver", "later_receipt", "match"):
            return record.get("goods") == "later"
        if kind == "details":
            return bool(record["lines"][0].get("account") == UNDETAILED)
        return kind != "goods_back" or not record["lines"][0].get("from")

    return wanted


def _referring(event: Event, history: History) -> Record | None:
    kind, quantity, amount = event.kind, str(event.quantity), money(event.cents)
    number = history.pick(event, wanted_by(kind))
    if number is None or (history.orderly and _measured_now(kind, number, history)):
        return None
    if kind.startswith(("paid", "refund")):
        return _money(event, number)
    whole = int(history.standing[number].record["lines"][0].get("quantity", quantity))
    quantity = str(event.quantity if event.pick % 8 == 0 else min(event.quantity, 1 + event.pick % whole))  # mostly a part
    line = {"from": f"{number}#1", "quantity": quantity}
    match kind:
        case "details":
            return {"lines": [{**line, "item": event.item, "amount": amount}]}
        case "match":
            return {"lines": [line | _lot(event._replace(item=_item_of(history.standing[number])), history)]}
        case "end":
            return {"lines": [{"from": number}]}
        case "landed":
            return _landed(event, number, history)
        case "credit":
            return {"lines": [{**line, "amount": amount, "restock": True}]}
        case "credit_only" | "credit_back" | "late_bill" | "supplier_credit" | "credit_return":
            return {"lines": [{**line, "amount": amount}]}
        case "rebate":
            return {"lines": [{**line, "amount": money(event.cents % 300)}], "goods": "none"}
        case "charge":
            return {"lines": [{**line, "amount": amount}]}
    return (
        {"lines": [line], "location": ("MAIN", "SHOP")[event.pick % 2]} if kind in ("goods_back", "deliver") else {"lines": [line]}
    )


def _money(event: Event, number: str) -> Record:
    """Part of it is applied, at times something beside it stays open."""
    kind, applied = event.kind, event.cents % 1500 + 1
    direction = kind.rpartition("_")[2]
    customer = kind in ("paid_in", "refund_out")
    return {
        "direction": direction, "party": "JANE" if customer else "ACME", "account": "1010" if customer else "1020",
        "amount": money(applied + (event.pick % 3) * 50), "apply_to": [{"number": number, "amount": money(applied)}],
    }  # fmt: skip


def _measured_now(kind: str, number: str, history: History) -> bool:
    """Whether what the document says depends on what was entered before it, not on what is effective before it."""
    types = {entered.record["type"] for entered in history.standing.values() if number in refers_to(entered)}
    if kind in ("supplier_return", "late_bill"):  # are the units that go back billed?
        return bool(types & {"bill", "supplier_return"}) and types != ({"bill"} if kind == "late_bill" else set())
    if kind in ("goods_back", "charge"):
        return bool(types & {"invoice", "customer_return"}) and types != ({"invoice"} if kind == "charge" else set())
    if kind == "later_receipt":  # parts of a bill are its amount cumulatively rounded, in the order in which they were received
        return "receipt" in types
    if kind.startswith(("paid", "refund")):  # and so are those of what is owed in another currency
        return "currency" in history.standing[number].record and bool(types)
    return kind in ("rebate", "supplier_credit", "end") and bool(types)


def _landed(event: Event, number: str, history: History) -> Record:
    other = history.pick(event._replace(pick=event.pick + 1), wanted_by("landed"))
    named = sorted({number, other or number})
    by = BASES[event.pick % (4 if history.orderly else 5)]
    party = {"party": "ACME"} if event.pick % 2 else {}
    return {"amount": money(event.cents - 800), "by": by, "apply_to": [{"from": each} for each in named], **party}


def _edit(event: Event, history: History) -> Record | None:
    """Another quantity, amount or day of a document."""
    number = history.pick(event, lambda entered: entered.reverses is None and bool(entered.record.get("lines")), earlier=False)
    if number is None or (history.orderly and (history.followers(number) or history.shares(number))):
        return None
    old = history.standing[number]
    (line, *others) = old.record["lines"]
    line = dict(line)
    if "quantity" in line:
        line["quantity"] = f"{'-' if line['quantity'].startswith('-') else ''}{event.quantity}"
    if "amount" in line and event.pick % 3:
        line["amount"] = money(event.cents)
    record = {**old.record, "revises": number, "lines": [line, *others]}
    del record["number"]
    moved = [entered.at for each in refers_to(old) if (entered := history.standing.get(each))]
    if event.pick % 2 and all(at < event.at for at in moved) and not history.followers(number):
        record["date"] = date_of(event.at).isoformat()
    return record
