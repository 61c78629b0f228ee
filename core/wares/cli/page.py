"""Write rows as one HTML page: self-contained, escaped, without scripts, fit for screen readers, printing and keeping.

Tables stream: only the first rows are held, to find the columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from itertools import chain, islice
from typing import TextIO

from wares.cli.formats import Row
from wares.cli.tables import PAGE, cell, is_number, is_table, names_of

_HEAD = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; font: 16px/1.45 system-ui, sans-serif }}
body {{ margin: 0 auto; max-width: 80rem; padding: 1.5rem }}
h1 {{ font-size: 1.4rem }}
dl {{ display: grid; grid-template-columns: max-content auto; gap: .25rem 1.5rem; font-variant-numeric: tabular-nums }}
dt {{ font-weight: 600 }}
dd {{ margin: 0 }}
.wide {{ overflow-x: auto; margin-block: 1rem }}
table {{ border-collapse: collapse }}
caption {{ text-align: left; font-weight: 600; padding-block: .5rem }}
th, td {{ text-align: left; font-weight: 400; vertical-align: top; padding: .25rem .75rem; border-bottom: 1px solid #8886 }}
tbody th {{ white-space: pre-wrap }}
thead th {{ font-weight: 600; border-bottom: 2px solid }}
.number {{ text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }}
.total > * {{ font-weight: 600 }}
@media print {{
  body {{ max-width: none; padding: 0; font-size: 10pt }}
  .wide {{ overflow: visible }}
  thead {{ display: table-header-group }}
  tr {{ break-inside: avoid }}
}}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p>{about}</p>
"""
_FOOT = "</main>\n</body>\n</html>\n"

_ABBREVIATIONS = frozenset({"sku", "cogs", "id"})


class HtmlPage:
    """A page while it is written: write tables and objects in order, then call `finish`."""

    def __init__(self, out: TextIO, title: str, *, about: str) -> None:
        """Write the head of the page; `about` is the line under the title."""
        self._out = out
        self._title = title
        out.write(_HEAD.format(title=escape(title), about=escape(about)))

    def finish(self) -> None:
        """Write the end of the page."""
        self._out.write(_FOOT)

    def write_table(self, rows: Iterable[Row], columns: Sequence[str] | None, *, title: str | None) -> int:
        """Write rows as a table; return the number of rows."""
        rest = iter(rows)
        first = list(islice(rest, PAGE))
        label = escape(title or self._title)
        if not first:
            self._out.write(f"<p>{label}: nothing to show.</p>\n")
            return 0
        names = [name for name in columns or names_of(first) if not isinstance(first[0].get(name), bool) or name != "total"]
        numbers = [is_number(name, first) for name in names]
        caption = f"<caption>{label}</caption>\n" if title else ""
        self._out.write(f'<div class="wide" role="region" tabindex="0" aria-label="{label}">\n<table>\n{caption}<thead>\n<tr>')
        for name, number in zip(names, numbers, strict=True):
            self._out.write(f'<th scope="col"{_class(number)}>{_label(name)}</th>')
        self._out.write("</tr>\n</thead>\n<tbody>\n")
        count = 0
        for row in chain(first, rest):
            self._out.write(_row(row, names, numbers))
            count += 1
        self._out.write("</tbody>\n</table>\n</div>\n")
        return count

    def write_object(self, thing: Row, columns: Sequence[str] | None, *, title: str | None) -> None:
        """Write one object: its plain values as a list of terms, then each list of objects as a table of its own."""
        shown = {key: thing[key] for key in columns if key in thing} if columns is not None else thing
        if title:
            self._out.write(f"<h2>{escape(title)}</h2>\n")
        single = {key: value for key, value in shown.items() if not is_table(value) and value not in (None, "", [], {}, ())}
        if single:
            terms = "".join(f"<dt>{_label(key)}</dt><dd>{escape(cell(value, None))}</dd>\n" for key, value in single.items())
            self._out.write(f"<dl>\n{terms}</dl>\n")
        for key, value in shown.items():
            if is_table(value):
                self.write_table(value, None, title=_label(key))


def _row(row: Row, names: Sequence[str], numbers: Sequence[bool]) -> str:
    cells = [f"<td{_class(number)}>{escape(cell(row.get(name), None))}</td>" for name, number in zip(names, numbers, strict=True)]
    cells[0] = f'<th scope="row"{_class(numbers[0])}>{cells[0].partition(">")[2].removesuffix("</td>")}</th>'
    total = ' class="total"' if row.get("total") is True else ""
    return f"<tr{total}>{''.join(cells)}</tr>\n"


def _class(number: bool) -> str:
    return ' class="number"' if number else ""


def _label(name: str) -> str:
    """Return the name of a column for people."""
    words = " ".join(word.upper() if word in _ABBREVIATIONS else word for word in name.split("_"))
    return escape(words[:1].upper() + words[1:])
