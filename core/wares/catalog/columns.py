"""The columns of an item table: the key of the record that each column fills, and the reading of its cells."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wares.catalog.records import ItemRecord
from wares.catalog.suggest import did_you_mean
from wares.catalog.tabular import TableRow, normalised
from wares.errors import Issue, Refused
from wares.values import JsonObject

ERROR = "error"
"""The column that a rejects file adds; a later import of that file ignores it."""
_PLAIN = (
    "type", "sku", "name", "unit", "price", "cost", "cost_method", "category", "barcode", "weight", "volume", "makes",
    "active", "components", "by_products", "attributes", "accounts", "variant_of",
)  # fmt: skip
_NESTED = ("attributes", "accounts", "variant_of")
_JSON = frozenset({"components", "by_products", "attributes", "accounts", "variant_of"})
_BOM = ("parent", "component", "quantity", "price")
NAMES = frozenset({*_PLAIN, *_BOM, ERROR})
_YES, _NO = frozenset({"true", "yes", "1"}), frozenset({"false", "no", "0"})
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
assert set(_PLAIN) < set(ItemRecord.model_fields)


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a header, with the path in the record that each fills."""

    names: tuple[str, ...]
    """The names as written in the header."""
    paths: tuple[tuple[str, ...] | None, ...]
    """The path of each column, such as ("attributes", "color"); None for an ignored column."""

    @classmethod
    def of(cls, header: Sequence[str], file: str) -> Columns:
        """Return the columns of a header. Refused NO_SKU_COLUMN, UNKNOWN_COLUMN, DUPLICATE_COLUMN, with every Issue."""
        paths = tuple(_path(name) for name in header)
        issues = [] if ("sku",) in paths else [_no_sku(header, file)]
        for place, (name, path) in enumerate(zip(header, paths, strict=True)):
            if path is None and normalised(name) not in ("", ERROR):
                hint = did_you_mean(name, _PLAIN) or f"the columns are {', '.join(_PLAIN[:13])}, attributes.x, accounts.role"
                issues.append(Issue("UNKNOWN_COLUMN", f"{file}: {name!r} is not a column of items", name, hint, where=file))
            elif path is not None and path in paths[:place]:
                message = f"{file}: the column {name!r} appears twice"
                issues.append(Issue("DUPLICATE_COLUMN", message, name, "keep one of them", where=file))
        if issues:
            raise Refused(issues)
        return cls(tuple(header), paths)

    def fill(self, record: JsonObject, row: TableRow) -> Iterator[tuple[str, Issue]]:
        """Put the cells of a row into a record; yield (column, Issue) for each cell that cannot be read."""
        if problem := width_problem(self.names, row):
            yield "", problem
            return
        for name, path, cell in zip(self.names, self.paths, row.cells, strict=False):
            text = plain(cell)
            if path is None or not text:
                continue
            try:
                value = _value(path, text)
            except ValueError as error:
                yield name, Issue("BAD_VALUE", f"{name}: {error}", path=name)
                continue
            place = record
            for step in path[:-1]:
                place = place.setdefault(step, {})
            place[path[-1]] = value

    def column_of(self, path: str) -> str:
        """Return the column that filled a path of the record; without such a column, the path itself."""
        steps = tuple(path.replace("[", ".[").split(".")) if path else ()
        for length in range(len(steps), 0, -1):
            if steps[:length] in self.paths:
                return self.names[self.paths.index(steps[:length])]
        return path


def is_bom(header: Sequence[str]) -> bool:
    """True if the header is that of a bill of materials."""
    return {"parent", "component"} <= {normalised(name) for name in header}


@dataclass(frozen=True, slots=True)
class BomColumns:
    """The columns of a bill of materials."""

    names: tuple[str, ...]
    """The names as written in the header."""
    places: dict[str, int]
    """Column → its place in a row, for the columns that count."""

    @classmethod
    def of(cls, header: Sequence[str], file: str) -> BomColumns:
        """Return the columns of a header. Refused UNKNOWN_COLUMN, DUPLICATE_COLUMN."""
        places: dict[str, int] = {}
        for place, name in enumerate(header):
            key = normalised(name)
            if key in ("", ERROR):
                continue
            if key not in _BOM:
                hint = did_you_mean(name, _BOM) or f"its columns are {', '.join(_BOM)}"
                message = f"{file}: {name!r} is not a column of a bill of materials"
                raise Refused.because("UNKNOWN_COLUMN", message, path=name, hint=hint, where=file)
            if key in places:
                message = f"{file}: the column {name!r} appears twice"
                raise Refused.because("DUPLICATE_COLUMN", message, path=name, hint="keep one of them", where=file)
            places[key] = place
        return cls(tuple(header), places)

    def read(self, row: TableRow) -> tuple[str, JsonObject, list[tuple[str, Issue]]]:
        """Return the parent of a row, its component, and its problems as (column, Issue)."""
        problem = width_problem(self.names, row)
        if problem is not None:
            return f"line {row.line}", {}, [("", problem)]
        cells = {key: plain(row.cells[place]) for key, place in self.places.items()}
        empty = [key for key in ("parent", "component", "quantity") if key in cells and not cells[key]]
        issues: list[tuple[str, Issue]] = [
            (key, Issue("MISSING_KEY", f"{key} is empty", path=key, hint=f"give {key}")) for key in empty
        ]
        component: JsonObject = {"sku": cells["component"]}
        component |= {key: cells[key] for key in ("quantity", "price") if cells.get(key)}
        return cells["parent"] or f"line {row.line}", component, issues


def width_problem(names: Sequence[str], row: TableRow) -> Issue | None:
    """Return an Issue for a row with more or fewer cells than the header: a misplaced delimiter, or a file cut short."""
    if row.problem:
        return Issue("BAD_ROW", f"the row cannot be read: {row.problem}", hint="check its quotes")
    width = len(row.cells)
    if width < len(names):
        return Issue("ROW_TOO_SHORT", f"the row has {width} cells, the header {len(names)}", hint="is the file complete?")
    if any(cell.strip() for cell in row.cells[len(names) :]):
        message = f"the row has {width} cells, the header {len(names)}"
        return Issue("ROW_TOO_LONG", message, hint="put cells that contain the delimiter in quotes")
    return None


def plain(cell: str) -> str:
    """Return a cell without the apostrophe that keeps spreadsheets from running it as a formula."""
    text = cell.strip()
    return text[1:] if text[:1] == "'" and text[1:].startswith(_FORMULA) else text


def neutral(cell: str) -> str:
    """Return a cell that no spreadsheet reads as a formula; numbers stay unchanged."""
    text = cell.lstrip(" ")
    if not text.startswith(_FORMULA) or text.replace(".", "", 1).lstrip("+-").isdigit():
        return cell
    return f"'{cell}"


def _no_sku(header: Sequence[str], file: str) -> Issue:
    shown = ", ".join(header[:8])[:80]
    return Issue("NO_SKU_COLUMN", f"{file} has no column sku in its first row ({shown})", hint="name one column sku", where=file)


def _path(name: str) -> tuple[str, ...] | None:
    head, dot, rest = name.partition(".")
    key = normalised(head)
    if not dot:
        return (key,) if key in _PLAIN else None
    steps = [step.strip() for step in rest.split(".")]
    if key not in _NESTED or not all(steps):
        return None
    steps[0] = normalised(steps[0])  # deeper steps are names of axes and keep their spelling
    return (key, *steps)


def _value(path: tuple[str, ...], text: str) -> object:
    if text[0] in "[{" and (path[0] in _JSON):
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            raise ValueError(f"is not JSON: {error}") from None
    if path == ("active",):
        if text.lower() not in _YES | _NO:
            raise ValueError(f"{text!r} is neither yes nor no")
        return text.lower() in _YES
    if len(path) == 1 and path[0] in _JSON:
        raise ValueError("must be JSON")
    if path[0] == "attributes" and len(path) > 2:
        return [part.strip() for part in text.split("|")]
    return text
