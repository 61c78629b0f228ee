"""Making a company: its head row, the location MAIN, a chart of accounts and the default settings."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from wares.errors import Conflict, Refused
from wares.ledger.chart import Chart, install
from wares.storage import tables as t
from wares.storage.database import dialect_of, sql
from wares.storage.unit import Unit

FIRST_ID = 1_000


def has_company(connection: Connection, code: str | None) -> bool:
    """Return whether the database holds the company `code`; with None, any company."""
    statement = "SELECT 1 FROM wares_directory" + (" WHERE code = ?" if code else "") + " LIMIT 1"
    return sql(connection, statement, (code,) if code else ()).fetchone() is not None


def create_company(
    connection: Connection, *, code: str, name: str, currency: str, chart: Chart, extra_roles: Iterable[str] = ()
) -> int:
    """Create one company in the connection's transaction; return its id. `extra_roles` are the roles that plugins add.

    Raises Refused COMPANY_EXISTS, UNKNOWN_CURRENCY; Conflict when another company is made at the same moment.
    """
    if sql(connection, "SELECT 1 FROM wares_directory WHERE code = ?", (code,)).fetchone():
        raise Refused.because("COMPANY_EXISTS", f"there is a company {code!r} already", hint="choose another --company")
    decimals = sql(connection, "SELECT decimals FROM wares_currency WHERE code = ?", (currency,)).fetchone()
    if decimals is None:
        raise Refused.because("UNKNOWN_CURRENCY", f"{currency!r} is not a currency code (ISO 4217)", hint="USD, EUR, JPY ...")
    last = sql(connection, "SELECT MAX(company_id) FROM wares_directory", ()).fetchone()
    company_id = int((last[0] if last else None) or 0) + 1
    row = (company_id, code, name, currency, decimals[0], 0, 0, FIRST_ID, 1, 1, 0, "", "")
    try:
        sql(connection, "INSERT INTO wares_directory (code, company_id) VALUES (?, ?)", (code, company_id))
        connection.exec_driver_sql(dialect_of(connection).insert(t.company_head), row)
    except IntegrityError as error:
        raise Conflict("BUSY", "another company is made at this moment", retryable=True, hint="try again") from error
    unit = Unit.lock(connection, company_id)
    unit.insert(t.location, [(company_id, unit.take_id(), "MAIN", "Main location", 1)])
    install(unit, chart, extra_roles=extra_roles)
    unit.masters_changed()
    unit.save()
    return company_id
