"""Lines of a bank or card: purchases, payouts and what is paid back; rules, what is left alone or refused, the same file again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.books import balances, dump, refused
from wares import Books
from wares_bank.file_import import BankImport, import_bank_lines
from wares_channels.file_import import import_file
from wares_tracking.details import add_details
from wares_tracking.purchases import purchases
from wares_tracking.removal import remove_stock
from wares_tracking.vendor_credits import listed_credits

BANK = """Date,Payee,Memo,Category,Amount
2026-01-05,Flea Market Inc,lot of mugs,Inventory,-100.00
2026-01-06,Shell,fuel,Auto,-40.00
2026-01-07,Flea Market Inc,refund,Inventory,5.00
2026-01-25,USPS #12,label,,-3.10
2026-01-25,USPS #12,label,,-3.10
2026-01-26,Corner shop,,,-7.00
"""
RULES = """pattern,in,account,vendor
usps*,vendor,6200,USPS
inventory,category,inventory,
shell,,skip,
*,description,6000,
"""
Import = Callable[..., BankImport]


@pytest.fixture
def take(seller: Books, tmp_path: Path) -> Import:
    """Import a file of the bank, with rules."""

    def take(text: str | bytes = BANK, rules: str | None = RULES, **options: Any) -> BankImport:
        file, rule_file = tmp_path / "bank.csv", tmp_path / "rules.csv"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        rule_file.write_text(rules or "", "utf-8")
        return import_bank_lines(seller, file, rules=rule_file if rules is not None else None, **options)

    return take


def outcomes(done: BankImport) -> list[tuple[Any, ...]]:
    """(line, outcome, account, vendor) of each."""
    return [(line["line"], line["outcome"], line["account"], line["vendor"]) for line in done.lines]


def test_the_first_rule_that_fits_wins(seller: Books, take: Import) -> None:
    done = take()
    assert outcomes(done) == [
        (2, "new", "1350", "Flea Market Inc"),
        (3, "skipped", None, "Shell"),
        (4, "new", "1350", "Flea Market Inc"),
        (5, "new", "6200", "USPS"),
        (6, "new", "6200", "USPS"),
        (7, "new", "6000", "Corner shop"),
    ]
    assert balances(seller) == {"1010": "-108.20", "1350": "95.00", "6000": "7.00", "6200": "6.20"}
    (bought,) = purchases(seller)
    assert (bought.party, bought.description, bought.remaining) == ("Flea Market Inc", "lot of mugs", 9500)
    assert {row["code"] for row in seller.parties.list()} == {"ACME", "Corner shop", "Flea Market Inc", "USPS"}


def test_again_changes_nothing(seller: Books, take: Import) -> None:
    take()
    before = dump(seller, head=False)
    assert take().outcomes == {"known": 5, "skipped": 1}
    assert take(rules=RULES.replace("6200", "6000")).outcomes["known"] == 5
    assert dump(seller, head=False) == before
    overlapping = BANK.splitlines()[0] + "\n" + "\n".join(BANK.splitlines()[4:]) + "\n2026-01-27,USPS #12,label,,-3.10\n"
    assert take(overlapping).outcomes == {"known": 3, "new": 1}


def test_a_voided_purchase_stays_voided(seller: Books, take: Import) -> None:
    take()
    seller.void("SC-00001")
    seller.void("CP-00001")
    assert take().outcomes["known"] == 5
    assert purchases(seller) == []


def test_a_preview_writes_nothing(seller: Books, take: Import) -> None:
    before = dump(seller, head=False)
    assert take(dry_run=True).outcomes == {"new": 5, "skipped": 1}
    assert dump(seller, head=False) == before


def test_without_rules_the_category_says_it(seller: Books, take: Import) -> None:
    assert take(rules=None).outcomes == {"new": 2, "no rule": 4}
    assert balances(seller) == {"1010": "-95.00", "1350": "95.00"}


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig", "utf-16"])
def test_as_banks_write_it(seller: Books, take: Import, encoding: str) -> None:
    """Semicolons, decimal comma, umlauts, quoted line breaks, a minus behind a currency sign; a card, not the bank."""
    text = (
        'Buchungstag;Empfänger;Verwendungszweck;Kategorie;Betrag\n31.01.2026;Müller;"Tassen\nund Kannen";Inventory;"-1.234,50 $"\n'
    )
    done = take(text.encode(encoding), account="2700", dates="DMY")
    assert outcomes(done) == [(2, "new", "1350", "Müller")]
    assert balances(seller) == {"1350": "1234.50", "2700": "-1234.50"}
    assert purchases(seller)[0].description == "Tassen und Kannen"


def test_other_columns(seller: Books, take: Import) -> None:
    """Debit and credit apart; positive for what was spent; an id of the bank's; a column that nobody knows."""
    take("Date,Description,Debit,Credit\n2026-01-05,mugs,10.00,\n2026-01-06,pay,0.00,50.00\n", "pattern,account\nmug,inventory\n")
    take("When,Description,Amount\n2026-01-05,cups,7.00\n", "pattern,account\ncup,inventory\n", columns={"date": "When"},
         spent_is_positive=True)  # fmt: skip
    twice = "Date,Description,Amount,Reference\n2026-01-05,pots,-1.00,A1\n2026-01-06,pots once more,-1.00,A1\n"
    assert take(twice, "pattern,account\npot,inventory\n").outcomes == {"new": 2}
    assert [each.amount for each in purchases(seller)] == [1000, 700, 100, 100]


def test_what_cannot_be_read_is_rejected(seller: Books, take: Import, tmp_path: Path) -> None:
    rows = ["03/04/2026,x,,Inventory,-1", "2026-02-30,x,,Inventory,-1", "2026-01-05,x,,Inventory,lots", "2026-01-05,x,,Inventory,",
            "2026-01-05,x,,Inventory,-1.005", "2026-01-05,=cmd(),,Inventory,-2.00"]  # fmt: skip
    rejects = tmp_path / "bad.csv"
    done = take("Date,Payee,Memo,Category,Amount\n" + "\n".join(rows), rejects=rejects)
    assert done.outcomes == {"refused": 5, "new": 1}
    assert [(each.line, each.issue.code) for each in done.issues] == [
        (2, "AMBIGUOUS_DATE"), (3, "BAD_DATE"), (4, "BAD_AMOUNT"), (5, "NO_AMOUNT"), (6, "BAD_VALUE"),
    ]  # fmt: skip
    text = rejects.read_text("utf-8-sig")
    assert text.splitlines()[0] == "Date,Payee,Memo,Category,Amount,error"
    assert len(text.splitlines()) == 6
    assert take(rejects.read_bytes(), dates="MDY").outcomes == {"new": 1, "refused": 4}


@pytest.mark.parametrize(
    ("rules", "options", "issue"),
    [
        ("account\n1350\n", {}, ("BAD_RULES", "")),
        ("pattern,in,account\nx,payee,1350\n", {}, ("BAD_RULES", "")),
        ("pattern,account\n,1350\n", {}, ("BAD_RULES", "")),
        ("pattern,account\nx,9999\n", {}, ("NO_ACCOUNT", "account")),
        (RULES, {"account": "9999"}, ("NO_ACCOUNT", "account")),
        (RULES, {"columns": {"when": "Date"}}, ("BAD_MAP", "map")),
        (RULES, {"columns": {"date": "When"}}, ("BAD_MAP", "map")),
    ],
)
def test_refused_as_a_whole(take: Import, rules: str, options: dict[str, Any], issue: tuple[str, str]) -> None:
    assert refused(lambda: take(rules=rules, **options)) == [issue]
    assert refused(lambda: take("Memo\nx\n")) == [("NO_COLUMN", "")]


IN = """Date,Payee,Memo,Amount
2026-02-01,Mary,private,500.00
2026-02-03,USPS,label refund,3.10
2026-02-04,Somebody,,9.99
2026-02-05,First Bank,interest,0.42
2026-02-06,Flea Market Inc,mugs were broken,12.00
"""
IN_RULES = """pattern,in,account,vendor
mary,vendor,3000,
usps,vendor,6200,
interest,description,4000,
flea market,vendor,inventory,
"""


def test_money_in(seller: Books, take: Import) -> None:
    """What the owner puts in, postage and a price that come back, interest; nobody knows what Somebody paid."""
    take()
    done = take(IN, IN_RULES)
    assert outcomes(done) == [
        (2, "new", "3000", "Mary"),
        (3, "new", "6200", "USPS"),
        (4, "money in", None, "Somebody"),
        (5, "new", "4000", "First Bank"),
        (6, "new", "1350", "Flea Market Inc"),
    ]
    assert balances(seller) == {
        "1010": "407.32",
        "1350": "83.00",
        "3000": "-500.00",
        "4000": "-0.42",
        "6000": "7.00",
        "6200": "3.10",
    }
    assert take(IN, IN_RULES).outcomes == {"known": 4, "money in": 1}


def test_what_a_vendor_owes_is_paid_back_first(seller: Books, take: Import) -> None:
    """He owes 10.00 for mugs that went back: 12.00 are more than that and the price of a purchase, 7.00 are part of it."""
    take()
    take_part = "Date,Payee,Memo,Amount\n2026-02-06,Flea Market Inc,{},{}\n"
    add_details(seller, "CP-00001", [{"item": "MUG", "quantity": 10, "amount": "90.00"}])
    remove_stock(seller, "MUG", "1", reason="vendor-return", credit="10.00", date="2026-02-01")
    done = take(take_part.format("twelve", "12.00"), IN_RULES)
    assert [each.issue.code for each in done.issues] == ["NO_PURCHASE_LEFT"]
    assert take(take_part.format("seven", "7.00"), IN_RULES).outcomes == {"new": 1}
    assert [str(row["open"]) for row in listed_credits(seller)] == ["3.00"]
    assert balances(seller)["2000"] == "3.00"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("2026-02-06,Flea Market Inc,x,95.01", "NO_PURCHASE_LEFT"),
        ("2026-01-04,Flea Market Inc,x,1.00", "NO_PURCHASE_LEFT"),
        ("2026-02-06,Flea Market Ltd,x,1.00", "NO_VENDOR"),
        ("2026-02-06,Flea Market Inc,x,1.005", "BAD_VALUE"),
        ("2026-02-06,Flea Market Inc,x,1.00 €", "OTHER_CURRENCY"),
    ],
)
def test_what_a_vendor_cannot_have_paid_back(seller: Books, take: Import, line: str, code: str) -> None:
    take()
    before = balances(seller)
    assert [each.issue.code for each in take(f"Date,Payee,Memo,Amount\n{line}\n", IN_RULES).issues] == [code]
    assert balances(seller) == before


ITEMS = """Sale Date,Item Name,Quantity,Price,Order Shipping,Transaction ID,Order ID
02/01/26,Blue mug,2,$15.00,$5.00,901,77
02/10/26,Tea pot,1,$48.00,$6.00,902,78
"""
STATEMENT = """Date,Type,Title,Info,Currency,Amount,Fees & Taxes,Net
"February 1, 2026",Fee,Transaction fee,Order #77,USD,--,-$2.28,-$2.28
"February 6, 2026",Deposit,$32.72 sent to your bank account,,USD,--,--,--
"February 10, 2026",Fee,Transaction fee,Order #78,USD,--,-$3.51,-$3.51
"February 16, 2026",Deposit,$50.49 sent to your bank account,,USD,--,--,--
"""
PAID = """Date,Payee,Memo,Amount
2026-02-09,ETSY INC,PAYOUT 1,32.72
2026-02-17,ETSY INC,PAYOUT 2,50.49
"""
ETSY = "pattern,in,account,vendor\netsy inc,vendor,payout,\n"


@pytest.mark.parametrize("order", ["items statement bank", "items bank statement", "bank statement items", "items bank"])
def test_payouts_clear_what_the_channel_held(seller: Books, take: Import, tmp_path: Path, order: str) -> None:
    """83.21 of sales and shipping less fees: the payouts stand in the statement and on the bank's list, and are booked once,
    whichever comes first. Without the statement the fees are what does not clear."""

    def arrives() -> None:
        for name in order.split():
            if name == "bank":
                take(PAID, ETSY)
            else:
                file = tmp_path / f"{name}.csv"
                file.write_text({"items": ITEMS, "statement": STATEMENT}[name])
                assert import_file(seller, file, channel="etsy").issues == []

    arrives()
    after = {"1010": "83.21", "4000": "-78.00", "4100": "-11.00"}
    assert balances(seller) == after | ({"6300": "5.79"} if "statement" in order else {"1100": "5.79"})
    before = balances(seller)
    arrives()
    assert balances(seller) == before


def test_two_payouts_of_one_amount(seller: Books, take: Import, tmp_path: Path) -> None:
    """One of two stands in the statement; what the bank shows a second time is another."""
    file = tmp_path / "statement.csv"
    file.write_text(STATEMENT)
    import_file(seller, file, channel="etsy")
    again = PAID + "2026-02-18,ETSY INC,PAYOUT 3,50.49\n2026-02-28,ETSY INC,taken back,-4.00\n"
    for known in (2, 4):
        assert take(again, ETSY).outcomes == ({"known": 2, "new": 2} if known == 2 else {"known": 4})
    assert str(seller.gl.balance("1010")) == "129.70"
