"""Serial-numbered and lot-tracked stock: every unit has a number and its own cost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from wares import Context, Document, Issue, ItemType, Question, hookimpl

from serial_stock.checks import problems
from serial_stock.types import Serial
from serial_stock.units import load, rows_of

if TYPE_CHECKING:
    from pydantic import BaseModel
    from sqlalchemy import MetaData
    from wares import AcceptedDocument, Reader
    from wares.storage import MigrationSource

WARES_API_VERSION = 1


@hookimpl
def wares_item_types() -> list[ItemType]:
    return [Serial()]


@hookimpl
def wares_questions() -> list[Question]:
    return [
        Question(
            key="numbered",
            text="Must you know which unit or lot was sold to whom: by serial number, lot or expiry date?",
            type="serial",
            because="each number is tracked by itself, with its own cost",
            weight=45,
        )
    ]


@hookimpl
def wares_settings() -> type[BaseModel]:
    from serial_stock.settings import SerialSettings

    return SerialSettings


@hookimpl
def wares_models() -> MetaData:
    from serial_stock.tables import Unit

    return Unit.metadata


@hookimpl
def wares_migrations() -> MigrationSource:
    from wares.storage import MigrationSource

    from serial_stock.tables import Unit

    return MigrationSource("serial", "serial_stock.migrations", Unit.metadata, "serial_")


@hookimpl
def wares_load(records: tuple[Mapping[str, Any], ...], reader: Reader) -> Mapping[str, Any]:
    """Return the numbers of the items that the batch names."""
    return {"units": load(records, reader)}


@hookimpl
def wares_accepted(document: AcceptedDocument, facts: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the numbers after this document, so that the next one of the batch does not sell the same unit."""
    rows = list(rows_of(document))
    return {"units": facts["units"].moved(rows)} if rows else None


@hookimpl
def wares_before_post(document: Document, ctx: Context) -> Iterable[Issue]:
    """Refuse a unit without a number, and a number that comes in or goes out twice."""
    return problems(document, ctx)


@hookimpl
def wares_rows(posted: tuple[AcceptedDocument, ...], reader: Reader) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    from serial_stock.tables import Unit

    for document in posted:
        for row in rows_of(document):
            yield Unit.__table__, (reader.company_id, *row)
