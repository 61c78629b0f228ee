"""`wares seller` and `wares channels`: the whole way on the command line, its JSON, its exit codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

Run = Callable[..., Result]
SALES = """order,when,what,code,how many,price
A-1,2026-02-01,Blue mug,MUG,2,"$15.00"
A-2,2026-02-02,Red cup,CUP,1,"1,008.00"
A-3,03/04/2026,Red cup,CUP,1,8.00
"""
MAP = [f"--map={pair}" for pair in ("order=order", "date=when", "title=what", "sku=code", "quantity=how many", "unit_price=price")]


@pytest.fixture(autouse=True)
def sales(run: Run) -> None:
    """The channel's file."""
    Path("sales.csv").write_text(SALES, "utf-8")


def said(result: Result) -> Any:
    """The JSON that a command printed, after it succeeded."""
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_the_whole_way(run: Run) -> None:
    assert {row["channel"] for row in said(run("channels", "list"))} >= {
        "shopify",
        "etsy",
        "ebay",
        "amazon",
        "woocommerce",
        "square",
    }
    preview = run("channels", "import", "sales.csv", "--channel", "fair", *MAP, "--dates", "MDY", "--dry-run")
    assert [row["order"] for row in said(preview)["documents"]] == ["A-1", "A-2", "A-3"]
    refused = run("channels", "import", "sales.csv", "--channel", "fair", *MAP, "--rejects", "bad.csv")
    assert (refused.exit_code, json.loads(refused.stdout)["sale"]) == (1, 2)
    assert "AMBIGUOUS_DATE" in refused.stderr
    assert "A-3" in Path("bad.csv").read_text("utf-8-sig")
    assert said(run("channels", "import", "bad.csv", "--channel", "fair", *MAP, "--dates", "MDY"))["sale"] == 1

    Path("details.csv").write_text("item,name,quantity,amount\nMUG,Blue mug,4,24.00\nCUP,Red cup,1,6.00\n")
    done = said(run("seller", "add-details", "CP-00001", "details.csv"))
    assert (done["remaining"], done["matched"]) == ("70.00", 2)
    (missing,) = said(run("seller", "sold", "--year", "2026", "--missing-cost"))
    assert (missing["order"], missing["missing"]) == ("A-3", "1")
    costed = said(run("seller", "add-costs", missing["sale"], "--purchase", "CP-00001", "--amount", "5.00"))
    assert costed["cogs"] == "5.00"
    assert said(run("channels", "match")) == {"matched": [], "waiting": []}
    assert [row["sku"] for row in said(run("seller", "search", "cu"))] == ["CUP"]

    keys = [
        "key",
        "quantity",
        "sales",
        "shipping",
        "tips",
        "discounts",
        "refunds",
        "fees",
        "labels",
        "cogs",
        "profit",
        "margin",
        "complete",
    ]
    rows = said(run("channels", "profit", "--by", "item"))
    assert [list(row) for row in rows] == [keys, keys]
    assert [(row["key"], row["cogs"], row["complete"]) for row in rows] == [("CUP", "11.00", True), ("MUG", "12.00", True)]
    assert said(run("channels", "match", "--undo", "MAT-00001"))["undone"] == "MAT-00001"
    assert [row["complete"] for row in said(run("channels", "profit", "--by", "channel"))] == [False]
    assert len(said(run("channels", "match"))["matched"]) == 1

    run("seller", "remove", "MUG", "1", "--date", "2026-03-01")
    assert [(row["sku"], row["count"], row["cost"]) for row in said(run("seller", "in-stock"))] == [("MUG", "1", "6.00")]
    found = said(run("seller", "balances"))
    assert (found["cogs"], found["balance"], found["rows"][0]["remaining"]) == ("23.00", "71.00", "65.00")
    assert said(run("verify"))["ok"] is True


def test_periodic(run: Run) -> None:
    postings = [{"account": "1360", "debit": "5370.10"}, {"account": "3900", "credit": "5370.10"}]
    journal = {"record": "document", "type": "journal", "date": "2026-01-01", "postings": postings}
    assert run("load", "-", input=json.dumps(journal)).exit_code == 0
    assert said(run("seller", "close-period", "2026-12-31", "993.97", "--dry-run"))["cogs"] == "4376.13"
    done = said(run("seller", "close-period", "2026-12-31", "993.97"))
    assert (done["cogs"], done["document"]) == ("4376.13", "PER-00001")
    assert [row["cogs"] for row in said(run("seller", "tax-year", "2026"))] == ["0.00", "4376.13", "4376.13"]
    too_many = run("seller", "close-period", "2027-12-31", "1000.00")
    assert (too_many.exit_code, "COUNT_TOO_HIGH" in too_many.stderr) == (1, True)


@pytest.mark.parametrize(
    ("args", "code", "text"),
    [
        (["channels", "import", "nowhere.csv", "--channel", "etsy"], 1, "NO_FILE"),
        (["channels", "import", "sales.csv"], 1, "WHICH_CHANNEL"),
        (["channels", "import", "sales.csv", "--map", "order"], 2, "FIELD=COLUMN"),
        (["seller", "add-details", "CP-00001"], 2, "--row"),
        (["seller", "add-details", "CP-00009", "--row", "MUG", "1", "1"], 1, "NOT_UNDETAILED"),
        (["seller", "add-details", "CP-00001", "--row", "MUG", "1", "1.00"], 1, "--name SKU=NAME"),
        (["seller", "add-details", "CP-00001", "--row", "MUG", "1", "1.00", "--name", "MUG"], 2, "SKU=NAME"),
        (["seller", "add-details", "CP-00001", "--row", "MUG", "1", "100.01", "--name", "MUG=Mug"], 1, "MORE_THAN_LEFT"),
        (["channels", "import", "sales.csv", *MAP, "--rate", "EUR"], 2, "CURRENCY=RATE"),
        (["channels", "import", "sales.csv", *MAP, "--rate", "EUR=x"], 1, "BAD_RATE"),
        (["channels", "import", "sales.csv", *MAP, "--clearing", "99"], 1, "NO_ACCOUNT"),
        (["seller", "use-credit", "CP-00001", "1.00"], 1, "NO_VENDOR"),
        (["seller", "use-credit", "CP-7", "1.00"], 1, "NOT_UNDETAILED"),
        (["seller", "add-costs", "CS-1", "--date", "2026-01-01", "--amount", "1"], 1, "UNKNOWN_SALE"),
        (["seller", "remove", "MUG", "1"], 1, "UNKNOWN_ITEM"),
    ],
)
def test_refusals_are_one_line(run: Run, args: list[str], code: int, text: str) -> None:
    result = run(*args)
    assert (result.exit_code, text in result.stderr) == (code, True), result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_candidates_are_read_in_a_table(run: Run) -> None:
    """Two products of one name: which of them was sold, nobody can say; the listing shows both."""
    for sku in ("USB-A", "USB-B"):
        assert (
            run("items", "add", "--type", "stock", "--sku", sku, "--name", "Usb cable", "--cost-method", "specific").exit_code == 0
        )
    Path("sales.csv").write_text("order,when,what,code,how many,price\nA-1,2026-02-01,usb  CABLE,,1,15.00\n")
    assert run("channels", "import", "sales.csv", "--channel", "fair", *MAP).exit_code == 0
    (waiting,) = said(run("channels", "match"))["waiting"]
    assert (waiting["reason"], [each["sku"] for each in waiting["candidates"]]) == ("ambiguous", ["USB-A", "USB-B"])
    assert "USB-A Usb cable 100.0; USB-B Usb cable 100.0" in run("-f", "table", "channels", "match").stdout


@pytest.mark.parametrize(
    "view", ["seller balances", "seller sold --year 2026", "seller in-stock", "seller products", "channels profit"]
)
def test_each_view_is_a_page_too(run: Run, view: str) -> None:
    hostile = {"record": "document", "type": "cash_sale", "date": "2026-02-01", "account": "1100", "goods": "later",
               "lines": [{"description": "<b>mug</b> & more", "amount": "15.00"}]}  # fmt: skip
    assert run("load", "-", input=json.dumps(hostile)).exit_code == 0
    assert run("seller", "add-details", "CP-00001", "--row", "MUG", "1", "5").exit_code == 1
    assert (
        run("items", "add", "--type", "stock", "--sku", "MUG", "--name", "<i>Mug</i>", "--cost-method", "specific").exit_code == 0
    )
    assert run("seller", "add-details", "CP-00001", "--row", "MUG", "1", "5").exit_code == 0
    page = run(*view.split(), "-o", "view.html")
    assert page.exit_code == 0, page.stderr
    text = Path("view.html").read_text("utf-8")
    assert text.startswith("<!doctype html>")
    assert text.endswith("</html>\n")
    assert "<b>" not in text
    assert "<i>" not in text


def test_a_formula_in_a_cell_stays_a_text(run: Run) -> None:
    """It is never worked out, and a spreadsheet that opens our file does not either."""
    Path("sales.csv").write_text(
        'order,when,what,code,how many,price\nA-1,2026-02-01,"=HYPERLINK(""x"")",@SUM(1),1,15.00\n', "utf-8"
    )
    assert said(run("channels", "import", "sales.csv", "--channel", "fair", *MAP))["sale"] == 1
    (sold,) = said(run("seller", "sold", "--year", "2026"))
    assert (sold["title"], sold["sku"]) == ('=HYPERLINK("x")', "@SUM(1)")
    listed = run("-f", "csv", "seller", "sold", "--year", "2026").stdout
    assert "'=HYPERLINK" in listed
    assert "'@SUM(1)" in listed


def test_the_old_name_of_the_group_goes_on(run: Run) -> None:
    assert "  inventory " not in run("--help").stdout
    new, old = run("seller", "balances"), run("inventory", "balances")
    assert (old.exit_code, old.stdout, new.stderr) == (0, new.stdout, "")
    assert old.stderr == "warning: wares inventory is deprecated since 0.1 and goes in 0.3; use wares seller\n"
    added = run("inventory", "tax-year", "2026")
    assert added.stdout == run("seller", "tax-year", "2026").stdout


def test_the_groups_list_the_commands_of_their_plugins(run: Run) -> None:
    def listed(group: str) -> list[str]:
        lines = run(group, "--help").stdout.partition("Commands:\n")[2].splitlines()
        return [line.split()[0] for line in lines if line.startswith("  ") and line[2] != " "]

    assert listed("channels") == ["import", "list", "match", "profit"]
    assert listed("seller") == [
        "add-costs", "add-details", "add-label", "balances", "close-period", "credits", "import", "in-stock", "products", "remove",
        "search", "sold", "tax-year", "use-credit",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("disabled", "missing"),
    [("tracking", {"bank": "tracking", "channels": "tracking", "profit": "tracking"}),
     ("channels", {"bank": "channels", "profit": "channels"}),
     ("bank", {})],
)  # fmt: skip
def test_a_plugin_without_its_sibling_says_so(run: Run, disabled: str, missing: dict[str, str]) -> None:
    assert run("plugins", "disable", disabled).exit_code == 0
    rows = {row["name"]: row for row in said(run("plugins", "list"))}
    for name in {"bank", "channels", "profit", "tracking", "kit"} - {disabled}:
        assert rows[name]["status"] == ("blocked" if name in missing else "loaded"), name
    for name, needed in missing.items():
        assert f"requires the plugin {needed}, which is disabled" in rows[name]["error"]
