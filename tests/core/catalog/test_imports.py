"""Items from table files: what columns mean, what becomes of a bad row, and what becomes of a bad file."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.core.catalog.conftest import Shop
from wares.catalog.imports import ImportReport, import_items
from wares.errors import Refused


@pytest.fixture
def shop(new_shop: Any, sqlite_books: Any) -> Shop:
    made: Shop = new_shop(sqlite_books)
    return made


def imported(shop: Shop, path: Path, **options: Any) -> ImportReport:
    def put(records: Any) -> Any:
        with shop.writing() as catalogue:
            return catalogue.put_each(records)

    return import_items(path, put, **options)


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    return report.created, report.updated, report.unchanged, report.rejected


def written(folder: Path, content: str | bytes, name: str = "items.csv") -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


ITEMS = "SKU,Type,Name,Cost Method,price,attributes.gauge\nBOLT,stock,Bölt,fifo,0.20,1.5\nNUT,stock,,,,\n"


def test_create_then_change_what_differs(shop: Shop, tmp_path: Path) -> None:
    path = written(tmp_path, ITEMS)
    assert counts(imported(shop, path)) == (2, 0, 0, 0)
    bolt = shop.item("BOLT")
    assert (bolt.name, bolt.cost_method, bolt.price, bolt.raw_attributes) == ("Bölt", "fifo", 200_000, {"gauge": "1.5"})
    assert counts(imported(shop, path)) == (0, 0, 2, 0)
    assert counts(imported(shop, written(tmp_path, "sku,price\nBOLT,0.2\nNUT,1\n"))) == (0, 1, 1, 0)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encodings_and_delimiters(shop: Shop, tmp_path: Path, encoding: str, delimiter: str) -> None:
    content = ITEMS.replace(",", delimiter).replace("\n", "\r\n").encode(encoding)
    assert counts(imported(shop, written(tmp_path, content))) == (2, 0, 0, 0)
    assert shop.item("BOLT").name == "Bölt"


def test_a_workbook(shop: Shop, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in (["SKU", "type", "price", "cost", "active"], [12345, "stock", 0.1 + 0.2, 5, True], ["X", "stock"]):
        book.active.append(row)
    book.save(tmp_path / "items.bin")
    assert counts(imported(shop, tmp_path / "items.bin")) == (2, 0, 0, 0)
    assert (shop.item("12345").price, shop.item("12345").cost) == (300_000, 5_000_000)


def test_columns_that_reach_inside(shop: Shop, tmp_path: Path) -> None:
    content = (
        "sku,type,attributes.axes.Color,attributes.axes.Size,accounts.Inventory,variant_of.master,variant_of.values.Color,"
        "variant_of.values.Size,active\n"
        "TEE,matrix,Red|Blue,S,,,,,\n"
        "TEE-1,stock,,,1310,TEE,Red,S,no\n"
    )
    assert counts(imported(shop, written(tmp_path, content))) == (2, 0, 0, 0)
    tee = shop.item("TEE")
    assert tee.raw_attributes == {"axes": {"Color": ["Red", "Blue"], "Size": ["S"]}}
    assert [edge.values for edge in tee.variants] == [{"Color": "Red", "Size": "S"}]
    assert not shop.item("TEE-1").active
    axes = 'sku,attributes.axes\nTEE,"{""Color"":[""Red""],""Size"":[""S"",""M""]}"\n'
    assert counts(imported(shop, written(tmp_path, axes))) == (0, 1, 0, 0)


def test_errors_name_line_and_column(shop: Shop, tmp_path: Path) -> None:
    content = (
        'sku,type,name,Price,attributes.gauge\nA,stock,"two\nlines",1,\nB,stock,,"0,08",\nC,rental,,1,thick\n'
        "D,stock,,1,thick\nE,stock,,1\n,stock,,1,\nF,stock,,1,,spilt\nG,stock,,1,\n"
    )
    report = imported(shop, written(tmp_path, content))
    assert counts(report) == (2, 0, 0, 6)
    assert shop.item("A").name == "two\nlines"
    assert [(issue.line, issue.column, issue.issue.code) for issue in report.issues] == [
        (4, "Price", "BAD_VALUE"),
        (5, "", "ITEM_TYPE_MISSING"),
        (6, "attributes.gauge", "BAD_ATTRIBUTE"),
        (7, "", "ROW_TOO_SHORT"),
        (8, "sku", "MISSING_KEY"),
        (9, "", "ROW_TOO_LONG"),
    ]


def test_rejects_can_be_corrected_and_imported(shop: Shop, tmp_path: Path) -> None:
    rejects = tmp_path / "rejects.csv"
    content = "sku,type,name,price\nGOOD,stock,,1\n=cmd,stock,=1+1,-x\n-5,stock,+tax,-5\n"
    report = imported(shop, written(tmp_path, content), rejects=rejects)
    assert counts(report) == (1, 0, 0, 2)
    with rejects.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["sku", "type", "name", "price", "error"]
    assert rows[1][:4] == ["'=cmd", "stock", "'=1+1", "'-x"]
    assert rows[2][:4] == ["-5", "stock", "'+tax", "-5"]
    assert rows[1][4].startswith("line 3, column price: BAD_VALUE")
    rows[1][3] = rows[2][3] = "5"
    with rejects.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    assert counts(imported(shop, rejects)) == (2, 0, 0, 0)
    assert shop.item("=cmd").name == "=1+1"
    assert shop.item("-5").name == "+tax"


def test_no_rejects_no_file(shop: Shop, tmp_path: Path) -> None:
    imported(shop, written(tmp_path, ITEMS), rejects=tmp_path / "rejects.csv")
    assert not (tmp_path / "rejects.csv").exists()


def test_dry_run_writes_nothing_and_sees_earlier_rows(shop: Shop, tmp_path: Path) -> None:
    content = 'sku,type,components\nA,assembly,\nB,assembly,"[{""sku"":""A"",""quantity"":""2""}]"\nC,assembly,[x]\n'
    with shop.writing() as catalogue:
        catalogue.dry_run = True
        report = import_items(written(tmp_path, content), catalogue.put_each, chunk=1)
    assert counts(report) == (2, 0, 0, 1)
    assert shop.rows("SELECT 1 FROM wares_item WHERE company_id = ?") == []


def test_progress_ends_at_the_total(shop: Shop, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    imported(shop, written(tmp_path, ITEMS), chunk=1, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1][0] == seen[-1][1]
    assert sorted(seen) == seen


def test_a_bill_of_materials(shop: Shop, tmp_path: Path) -> None:
    shop.put({"sku": "W", "type": "assembly"}, {"sku": "V", "type": "assembly"}, {"sku": "S", "type": "stock"})
    shop.put({"sku": "R", "type": "stock"})
    content = "Parent;Component;Quantity\nW;R;1\nV;S;2\nW;S;32\n"
    assert counts(imported(shop, written(tmp_path, content))) == (0, 2, 0, 0)
    assert [(edge.sku, edge.quantity) for edge in shop.item("W").contents] == [("R", 1_000_000), ("S", 32_000_000)]
    rejects = tmp_path / "rejects.csv"
    content = "parent,component,quantity\nW,R,1\nW,X,1\nV,S,\nNEW,S,1\nV,W,1\nR2,S,x\n"
    report = imported(shop, written(tmp_path, content), rejects=rejects)
    assert counts(report) == (0, 0, 0, 6)
    assert {(issue.line, issue.column, issue.issue.code) for issue in report.issues} == {
        (3, "component", "UNKNOWN_ITEM"),
        (7, "quantity", "BAD_VALUE"),
        (4, "quantity", "MISSING_KEY"),
        (5, "parent", "MISSING_KEY"),
    }
    assert len(rejects.read_text(encoding="utf-8-sig").splitlines()) == 7


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "EMPTY_FILE"),
        (b" \r\n \n", "EMPTY_FILE"),
        (b",,\n,,\n", "EMPTY_FILE"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "BINARY_FILE"),
        (b"%PDF-1.7\x01\x02", "BINARY_FILE"),
        (b"PK\x03\x04 half a workbook", "BAD_WORKBOOK"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 half", "BAD_WORKBOOK"),
        (b'sku,name\nA,"never closed\nB,x\n', "TRUNCATED_FILE"),
        ("sku,name\nA,Bö".encode()[:-1], "TRUNCATED_FILE"),
        ("sku,name\nA,Bö\n".encode() + b"B,caf\xe9\n", "BAD_ENCODING"),
        (b"sku,name\nA,\x81\xe9\n", "BAD_ENCODING"),
        ("sku,name\nA,B\n".encode("utf-16")[:-1], "TRUNCATED_FILE"),
        (b"name,price\nBolt,1\n", "NO_SKU_COLUMN"),
        (b"BOLT,1\nNUT,2\n", "NO_SKU_COLUMN"),
        (b"sku,prize\nBOLT,1\n", "UNKNOWN_COLUMN"),
        (b"sku,Price,PRICE\nBOLT,1,1\n", "DUPLICATE_COLUMN"),
        (b"parent,component,colour\nA,B,1\n", "UNKNOWN_COLUMN"),
    ],
)
def test_bad_files_are_refused_with_a_code(shop: Shop, tmp_path: Path, content: bytes, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        imported(shop, written(tmp_path, content))
    assert refusal.value.code == code
    assert "\n" not in refusal.value.message


def test_no_file(shop: Shop, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="NO_FILE"):
        imported(shop, tmp_path / "none.csv")
    with pytest.raises(Refused, match="NO_FILE"):
        imported(shop, tmp_path)


def test_a_spreadsheets_own_delimiter_line(shop: Shop, tmp_path: Path) -> None:
    report = imported(shop, written(tmp_path, "sep=;\nsku;type;price\nA;stock;1\nB;stock;x\n"))
    assert counts(report) == (1, 0, 0, 1)
    assert report.issues[0].line == 4
