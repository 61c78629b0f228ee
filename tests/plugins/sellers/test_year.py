"""A year in the life of a seller: lots bought with one receipt and detailed later or never, two channels, returns, taxes.

Mary buys mugs at a flea market, sells them on Etsy and eBay, writes down what they cost when she has time, and files in January.

    100.00 a box of mugs, cups and whatnot            61.00 cost of what was sold
      7.00 a mug that she had bought privately         8.00 lost and given away
     20.00 another box: 17.00 paid, 3.00 owed to her   6.00 taken home
                                                       4.00 gone back to the market, which owed 3.00 for it
                                                      28.00 in stock
                                                      20.00 in a box that is not unpacked
    ------                                            ------
    127.00 spent on goods                             127.00
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.books import balances, held, sound
from wares import Books
from wares_bank.file_import import import_bank_lines
from wares_channels.file_import import import_file
from wares_channels.labels import add_label
from wares_profit.profit import profit
from wares_profit.tax_year import tax_year
from wares_tracking.balances import inventory_balances
from wares_tracking.details import add_details
from wares_tracking.matching import match
from wares_tracking.on_hand import in_stock
from wares_tracking.purchases import purchases
from wares_tracking.removal import remove_stock
from wares_tracking.sale_costs import add_costs
from wares_tracking.sold import sold_in
from wares_tracking.vendor_credits import listed_credits, use_credit

BANK, CLEARING, INVENTORY, UNDETAILED = "1010", "1100", "1300", "1350"
OWNER, DRAWINGS, SALES, SHIPPING, COGS, VARIANCE = "3000", "3100", "4000", "4100", "5000", "5100"
SHRINKAGE, SAMPLES, LABELS, FEES = "5900", "6000", "6200", "6300"

CARD = """Date;Payee;Memo;Amount
10.01.2026;FLEA MARKET NO 7;mugs, cups and whatnot;-100,00
12.01.2026;Shell;fuel;-40,00
"""
DECEMBER = """Date;Payee;Memo;Amount
03.04.2026;ETSY INC;payout;113,21
05.12.2026;FLEA MARKET NO 7;another box;-17,00
24.12.2026;Mary;from the savings;25,00
"""
RULES = """pattern,in,account,vendor
flea market*,vendor,inventory,Flea market
shell,vendor,skip,
etsy*,vendor,payout,
mary,vendor,3000,
"""
ETSY = """Sale Date,Item Name,Quantity,Price,Discount Amount,Order Shipping,Transaction ID,Order ID,SKU
02/14/26,Blue mug,2,$15.00,$0.00,$5.00,901,77,MUG-BLUE
03/01/26,Tea pot,1,$48.00,$0.00,$6.00,902,78,pot
03/20/26,Mystery box,1,$30.00,$0.00,$0.00,903,79,
"""
STATEMENT = """Date,Type,Title,Info,Currency,Amount,Fees & Taxes,Net
"February 14, 2026",Sale,Payment,Order #77,USD,$35.00,--,$35.00
"February 14, 2026",Fee,Transaction fee,Order #77,USD,--,-$2.28,-$2.28
"March 1, 2026",Fee,Transaction fee,Order #78,USD,--,-$3.51,-$3.51
"April 1, 2026",Deposit,"$113.21 sent to your bank account",,USD,--,--,--
"""
EBAY = """Order Number;Item Title;Custom Label;Quantity;Sold For;Shipping And Handling;Sale Date;Transaction ID
12-1;BLUE  MUG;;3;"$12,00";"$4,50";Jun-05-26;501
"""


def table(rows: list[dict[str, Any]], *keys: str) -> list[tuple[str, ...]]:
    """Rows as texts."""
    return [tuple(str(row[key]) for key in keys) for row in rows]


def test_a_year(books: Books, tmp_path: Path) -> None:
    def arrives(name: str, text: str, **options: Any) -> Any:
        file = tmp_path / f"{name}.csv"
        file.write_text(text, encoding="cp1252")
        done = import_file(books, file, **options)
        assert done.issues == []
        return done

    # January: 100.00 at the flea market, says the bank. What was in the box she does not write down yet.
    bank, rules = tmp_path / "bank.csv", tmp_path / "rules.csv"
    bank.write_text(CARD, "utf-8")
    rules.write_text(RULES, "utf-8")
    lines = import_bank_lines(books, bank, rules=rules, dates="DMY").lines
    assert table(lines, "vendor", "amount", "outcome") == [("Flea market", "-100.00", "new"), ("Shell", "-40.00", "skipped")]
    january = "CP-00001"

    # April: Etsy's files of the first quarter. Nothing has a cost.
    assert arrives("items", ETSY).posted == {"sale": 3, "shipping": 2}
    assert arrives("statement", STATEMENT).posted == {"fee": 2, "payout": 1}
    assert balances(books) == {
        BANK: "13.21", UNDETAILED: "100.00", SALES: "-108.00", SHIPPING: "-11.00", FEES: "5.79",
    }  # fmt: skip
    assert str(books.gl.balance(CLEARING)) == "0.00"
    assert table(list(sold_in(books, 2026, missing_cost=True)), "order", "title", "missing", "cost") == [
        ("77", "Blue mug", "2", "0.00"),
        ("78", "Tea pot", "1", "0.00"),
        ("79", "Mystery box", "1", "0.00"),
    ]
    assert {row["complete"] for row in profit(books, "order")} == {False}

    # May: she details what she remembers: 4 blue mugs for 24.00 and the pot for 20.00; 56.00 are still open. Her sales find them.
    done = add_details(books, january, [
        {"item": "MUG-BLUE", "name": "Blue mug", "quantity": 4, "amount": "24.00"},
        {"item": "POT", "name": "Tea pot", "quantity": 1, "amount": "20.00"},
    ])  # fmt: skip
    assert (str(done.remaining), done.matched) == ("56.00", 2)
    assert table(profit(books, "order"), "key", "sales", "shipping", "fees", "cogs", "profit", "margin", "complete") == [
        ("77", "30.00", "5.00", "2.28", "12.00", "20.72", "0.592", "True"),
        ("78", "48.00", "6.00", "3.51", "20.00", "30.49", "0.5646", "True"),
        ("79", "30.00", "0.00", "0.00", "0.00", "30.00", "None", "False"),
    ]

    # The mystery box came out of the same purchase.
    match_waits = match(books).waiting
    assert table(match_waits, "order", "reason") == [("79", "no product")]
    books.items.add("stock", sku="BOX", name="Box of odds", cost_method="specific")
    assert str(add_costs(books, match_waits[0]["sale"], item="BOX", purchase=january, amount="16.00").cogs) == "16.00"

    # June: eBay sells three mugs, two are left; the third is one she had bought privately in May.
    assert arrives("ebay", EBAY, encoding="cp1252").posted == {"sale": 1, "shipping": 1}
    assert match(books).count == 1
    (sale,) = sold_in(books, 2026, missing_cost=True)
    assert (sale["channel"], str(sale["missing"]), str(sale["cost"])) == ("ebay", "1", "12.00")
    add_costs(books, sale["sale"], item="MUG-BLUE", date="2026-05-20", amount="7.00")
    assert str(books.gl.balance(OWNER)) == "-7.00"

    # July: one mug of the first order comes back, and its label had cost 3.50. She keeps the mug.
    back = [{"from": "CS-00001#1", "item": "MUG-BLUE", "quantity": 1, "amount": "15.00", "restock": True}]
    books.post("credit_note", date="2026-07-01", party="ETSY", account=CLEARING, key="channel:etsy/77//refund", lines=back)
    add_label(books, "CS-00001", "3.50", account=BANK)
    assert held(books, "MUG-BLUE") == (Decimal(1), Decimal("6.00"))
    remove_stock(books, "MUG-BLUE", "1", reason="own-use", date="2026-07-02")

    # The same files again change nothing.
    before = balances(books)
    for name, text in (("items", ETSY), ("statement", STATEMENT), ("ebay", EBAY)):
        assert not arrives(name, text).posted
    assert import_bank_lines(books, bank, rules=rules, dates="DMY").outcomes == {"known": 1, "skipped": 1}
    assert balances(books) == before

    # November: the rest of the box is ten cups; one breaks, one goes to a blogger, one back to the market, which owes her 3.00.
    add_details(books, january, [{"item": "CUP", "name": "Cup", "quantity": 10, "amount": "40.00"}], date="2026-11-02")
    remove_stock(books, "CUP", "1", date="2026-11-03")
    remove_stock(books, "CUP", "1", reason="sample", date="2026-11-04")
    remove_stock(books, "CUP", "1", reason="vendor-return", credit="3.00", date="2026-11-05")
    assert table(listed_credits(books), "vendor", "open") == [("Flea market", "3.00")]

    # December: the bank's list again. Etsy's payout is in the books already; another box was 20.00, less what the market owed.
    bank.write_text(DECEMBER, "utf-8")
    lines = import_bank_lines(books, bank, rules=rules, dates="DMY").lines
    assert table(lines, "vendor", "amount", "outcome") == [
        ("ETSY INC", "113.21", "known"),
        ("Flea market", "-17.00", "new"),
        ("Mary", "25.00", "new"),
    ]
    box = purchases(books)[-1]
    use_credit(books, box.name, "3.00")
    assert [(each.name, each.amount, each.remaining) for each in purchases(books)] == [
        ("CP-00001#1", 10000, 0), (box.name, 2000, 2000),
    ]  # fmt: skip

    # January: the year is closed, and this is what she made.
    books.gl.close("2026-12-31")
    sums = ("key", "quantity", "sales", "shipping", "refunds", "fees", "labels", "cogs", "profit")
    assert table(profit(books, "item"), *sums) == [
        ("BOX", "1", "30.00", "0.00", "0.00", "0.00", "0.00", "16.00", "14.00"),
        ("MUG-BLUE", "5", "66.00", "9.50", "15.00", "2.28", "3.50", "25.00", "29.72"),
        ("POT", "1", "48.00", "6.00", "0.00", "3.51", "0.00", "20.00", "30.49"),
    ]
    assert table(profit(books, "channel"), "key", "cogs", "profit", "complete") == [
        ("ebay", "19.00", "21.50", "True"),
        ("etsy", "42.00", "52.71", "True"),
    ]
    assert table(profit(books, "month"), "key", "profit") == [("2026-02", "8.22"), ("2026-03", "44.49"), ("2026-06", "21.50")]
    assert table(profit(books, "vendor"), "key", "quantity", "cogs", "profit") == [
        ("-", "1", "7.00", "6.50"),
        ("Flea market", "6", "54.00", "67.71"),
    ]
    assert balances(books) == {
        BANK: "17.71", CLEARING: "25.50", INVENTORY: "28.00", UNDETAILED: "20.00", OWNER: "-32.00", DRAWINGS: "6.00",
        SALES: "-129.00", SHIPPING: "-15.50", COGS: "61.00", VARIANCE: "1.00", SHRINKAGE: "4.00", SAMPLES: "4.00", LABELS: "3.50",
        FEES: "5.79",
    }  # fmt: skip
    found = inventory_balances(books, year=2026)
    assert table([found], "opening", "cogs", "balance") == [("0.00", "61.00", "48.00")]
    assert table(found["rows"], "date", "kind", "amount", "remaining") == [
        ("2026-01-10", "purchase", "100.00", "0.00"),
        ("2026-02-14", "sale", "-12.00", "None"),
        ("2026-03-01", "sale", "-20.00", "None"),
        ("2026-03-20", "sale", "-16.00", "None"),
        ("2026-05-20", "goods", "7.00", "None"),
        ("2026-06-05", "sale", "-12.00", "None"),
        ("2026-06-05", "sale", "-7.00", "None"),
        ("2026-07-01", "return", "6.00", "None"),
        ("2026-07-02", "removed", "-6.00", "None"),
        ("2026-11-03", "removed", "-4.00", "None"),
        ("2026-11-04", "removed", "-4.00", "None"),
        ("2026-11-05", "removed", "-4.00", "None"),
        ("2026-12-05", "purchase", "20.00", "20.00"),
    ]
    assert table(in_stock(books), "sku", "count", "cost", "unit_cost") == [("CUP", "7", "28.00", "4")]
    assert table(tax_year(books, 2026)[:1], "opening", "purchases", "own_use", "removed", "closing", "cogs") == [
        ("0.00", "123.00", "6.00", "8.00", "48.00", "61.00")
    ]

    # The next year goes on with what is left.
    next_year = {
        "date": "2027-01-02",
        "account": CLEARING,
        "goods": "later",
        "lines": [{"item": "CUP", "quantity": 1, "amount": "9.00"}],
    }
    books.post("cash_sale", **next_year)
    assert table(match(books).matched, "date", "cogs") == [("2027-01-02", "4.00")]
    assert held(books, "CUP") == (Decimal(6), Decimal("24.00"))
    assert sound(books)
