"""Files that would take all memory or time: refused with a code, at the cost of 256 MB and 10 seconds of the processor at most."""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from wares.catalog.tabular import LONGEST_ROW, MOST_COLUMNS, Table
from wares.errors import Refused
from wares.loading import read_records

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATION = '<Relationship Id="{}" Type="' + OFFICE + '/{}" Target="{}"/>'
WORKBOOK = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    "_rels/.rels": f'<Relationships xmlns="{RELATIONS}">'
    + RELATION.format("r1", "officeDocument", "xl/workbook.xml")
    + "</Relationships>",
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
    '<sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{RELATIONS}">'
    + RELATION.format("r1", "worksheet", "worksheets/sheet1.xml")
    + RELATION.format("r2", "sharedStrings", "sharedStrings.xml")
    + "</Relationships>",
}
OPEN = "urn:oasis:names:tc:opendocument:xmlns"


def cell(place: str) -> str:
    return f'<c r="{place}" t="str"><v>sku</v></c>'


def workbook(path: Path, rows: str, *, filler: int = 0, strings: int = 0, size: str = "") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        for name, content in WORKBOOK.items():
            parts.writestr(name, content)
        if strings:
            with parts.open("xl/sharedStrings.xml", "w") as part:
                part.write(f'<sst xmlns="{MAIN}">'.encode())
                for _ in range(strings // 100_000):
                    part.write(b"<si><t>x</t></si>" * 100_000)
                part.write(b"</sst>")
        with parts.open("xl/worksheets/sheet1.xml", "w") as part:
            part.write(f'<worksheet xmlns="{MAIN}">{size}<sheetData>{rows}'.encode())
            for _ in range(filler):
                part.write(b" " * 2**20)
            part.write(b"</sheetData></worksheet>")
    return path


def far_corner(path: Path) -> Path:
    return workbook(path, f'<row r="1">{cell("A1")}</row><row r="1048576">{cell("XFD1048576")}</row>')


def last_row(path: Path) -> Path:
    return workbook(path, f'<row r="1">{cell("A1")}{cell("Z1")}</row><row r="1048576">{cell("Z1048576")}</row>')


def gigabytes_of_spaces(path: Path) -> Path:
    return workbook(path, f'<row r="1">{cell("A1")}</row>', filler=600)


def many_strings(path: Path) -> Path:
    return workbook(path, f'<row r="1">{cell("A1")}</row>', strings=10_000_000)


def lying_sizes(path: Path) -> Path:
    """The sizes of the parts are stated as ten bytes."""
    content = bytearray(gigabytes_of_spaces(path).read_bytes())
    at = -1
    while (at := content.find(b"PK\x01\x02", at + 1)) >= 0:
        content[at + 24 : at + 28] = (10).to_bytes(4, "little")
    path.write_bytes(content)
    return path


def zip_in_zip(path: Path) -> Path:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("zeros", bytes(50 * 2**20))
    with zipfile.ZipFile(path, "w") as parts:
        parts.writestr("inner.zip", inner.getvalue())
    return path


def repeated_cells(path: Path) -> Path:
    """An ODS whose one cell is repeated over the whole sheet."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        parts.writestr("META-INF/manifest.xml", "<manifest/>")
        parts.writestr("content.xml", (
            f'<office:document-content xmlns:office="{OPEN}:office:1.0" xmlns:table="{OPEN}:table:1.0" '
            f'xmlns:text="{OPEN}:text:1.0">'
            '<office:body><office:spreadsheet><table:table table:name="S"><table:table-row table:number-rows-repeated="1048576">'
            '<table:table-cell table:number-columns-repeated="16384" office:value-type="string">'
            "<text:p>sku</text:p></table:table-cell>"
            "</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"))  # fmt: skip
    return path


def endless_line(path: Path) -> Path:
    with path.open("wb") as file:
        for _ in range(300):
            file.write(b"sku,name," * 116_508)
    return path


def a_million_columns(path: Path) -> Path:
    path.write_text("a," * 500_000 + "\n")
    return path


def endless_quoted_row(path: Path) -> Path:
    path.write_text("sku,name\n" + '"\n",' * 2_000_000)
    return path


def zeros(path: Path) -> Path:
    with path.open("wb") as file:
        file.truncate(2**40)  # a hole: nothing is written
    return path


def packed_zeros(path: Path) -> Path:
    path.write_bytes(gzip.compress(bytes(200 * 2**20)))
    return path


FILES: dict[Callable[[Path], Path], str] = {
    far_corner: "WORKBOOK_TOO_LARGE",
    last_row: "WORKBOOK_TOO_LARGE",
    gigabytes_of_spaces: "WORKBOOK_TOO_LARGE",
    many_strings: "WORKBOOK_TOO_LARGE",
    lying_sizes: "",
    zip_in_zip: "BAD_WORKBOOK",
    repeated_cells: "",
    endless_line: "ROW_TOO_LONG",
    a_million_columns: "TOO_MANY_COLUMNS",
    endless_quoted_row: "ROW_TOO_LONG",
    zeros: "BINARY_FILE",
    packed_zeros: "BINARY_FILE",
}
"""Each file with the code of its refusal; "" if the reader of workbooks may find it broken before it finds it large."""

READ = """
import json, resource, sys
from pathlib import Path
from wares.catalog.tabular import Table
from wares.errors import Refused
resource.setrlimit(resource.RLIMIT_AS, (512 << 20, 512 << 20))
code = None
try:
    with Table(Path(sys.argv[1])) as table:
        rows = sum(1 for _ in table)
except Refused as refusal:
    code = refusal.code
own, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
seconds = own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime
status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
print(json.dumps({"code": code, "megabytes": int(status["VmHWM"].split()[0]) / 1024, "seconds": seconds}))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the limits of memory are those of Linux")
@pytest.mark.parametrize("make", FILES, ids=lambda make: make.__name__)
def test_a_hostile_file_is_refused_at_little_cost(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    path = make(tmp_path / "items.csv")
    done = subprocess.run(
        [sys.executable, "-c", READ, str(path)],
        capture_output=True,
        check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.returncode == 0, done.stderr.decode()
    found = json.loads(done.stdout)
    expected = FILES[make]
    assert found["code"] in ((expected,) if expected else ("WORKBOOK_TOO_LARGE", "BAD_WORKBOOK", "TOO_MANY_COLUMNS"))
    assert found["megabytes"] <= 256, "and the process that reads workbooks has a limit of its own"
    assert found["seconds"] <= 11, "ten for the file, one for the start of two processes"


def test_a_stated_size_of_a_sheet_reserves_nothing(tmp_path: Path) -> None:
    path = workbook(tmp_path / "small.xlsx", f'<row r="1">{cell("A1")}</row>', size='<dimension ref="A1:XFD1048576"/>')
    with Table(path) as table:
        assert table.header == ["sku"]


def test_the_process_ends_with_the_table(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{row}">{cell(f"A{row}")}</row>' for row in range(1, 20_000))
    with Table(workbook(tmp_path / "long.xlsx", rows)) as table:
        assert next(iter(table)).cells == ["sku"]
    assert list(table) == []


def test_rows_and_columns_up_to_the_limits_are_read(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text(",".join(["c"] * MOST_COLUMNS) + "\n" + ",".join(["x" * 60] * MOST_COLUMNS) + "\n")
    assert path.stat().st_size < LONGEST_ROW
    with Table(path) as table:
        assert [len(row.cells) for row in table] == [MOST_COLUMNS]
    path.write_text("sku,name\n" + "A,b\n" * 300_000)
    with Table(path) as table:
        assert sum(1 for _ in table) == 300_000


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, '{"record":"item","attributes":' + "[" * 100_000])
def test_records_nested_deeply_are_refused(text: str) -> None:
    (line,) = read_records(io.BytesIO(text.encode() + b"\n"))
    assert isinstance(line.record, Refused)
    assert line.record.code == "BAD_JSON"


@pytest.mark.parametrize("blank", [b"\x00", b" "])
def test_packed_records_that_never_end_a_line_are_refused(blank: bytes) -> None:
    (line,) = read_records(io.BytesIO(gzip.compress(blank * 200 * 2**20)))
    assert isinstance(line.record, Refused)
