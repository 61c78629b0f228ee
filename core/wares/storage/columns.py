"""The column types of the schema: one function for each meaning, the same type on every engine.

Money, quantities and prices are BIGINT so that SUM is exact. Days are yyyymmdd and instants are microseconds, both whole
numbers, so that no driver converts anything on the hot path. JSON is text that the kernel writes and parses itself, since
drivers return different values for a JSON type.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, SmallInteger, String, Text


def identifier(name: str, *, primary_key: bool = False, nullable: bool = False) -> Column[int]:
    """Return a column for a 63-bit id, which the application makes from the company's head row."""
    return Column(name, BigInteger, primary_key=primary_key, nullable=nullable, autoincrement=False)


def company() -> Column[int]:
    """Return the tenant and distribution column: the first in every key of every company table."""
    return Column("company_id", BigInteger, primary_key=True, nullable=False, autoincrement=False)


def amount(name: str, *, nullable: bool = False) -> Column[int]:
    """Return a column for minor units of a currency."""
    return Column(name, BigInteger, nullable=nullable)


def quantity(name: str, *, nullable: bool = False, primary_key: bool = False) -> Column[int]:
    """Return a column for millionths: of a unit, of a price, of a percent."""
    return Column(name, BigInteger, nullable=nullable, primary_key=primary_key)


def rate(name: str) -> Column[int]:
    """Return a column for a rate in 10⁻¹⁰: company currency for one unit of another."""
    return Column(name, BigInteger, nullable=False)


def day(name: str, *, nullable: bool = False, primary_key: bool = False) -> Column[int]:
    """Return a column for a day, yyyymmdd."""
    return Column(name, Integer, nullable=nullable, primary_key=primary_key, autoincrement=False)


def period(name: str) -> Column[int]:
    """Return a key column for a month, yyyymm."""
    return Column(name, Integer, primary_key=True, nullable=False, autoincrement=False)


def instant(name: str, *, nullable: bool = False) -> Column[int]:
    """Return a column for microseconds since 1970: of the company's own clock for business time, of UTC for `recorded_at`."""
    return Column(name, BigInteger, nullable=nullable)


def code(name: str, *, primary_key: bool = False, nullable: bool = False, length: int = 200) -> Column[str]:
    """Return a column for a short text that people or plugins choose as a name."""
    return Column(name, String(length), primary_key=primary_key, nullable=nullable)


def text(name: str, *, nullable: bool = True) -> Column[str]:
    """Return a column for free text or JSON text."""
    return Column(name, Text, nullable=nullable)


def small(name: str, *, nullable: bool = False, primary_key: bool = False) -> Column[int]:
    """Return a column for a flag, a small code or a position."""
    return Column(name, SmallInteger, nullable=nullable, primary_key=primary_key, autoincrement=False)


def count(name: str, *, nullable: bool = False, primary_key: bool = False) -> Column[int]:
    """Return a column for a count or a running number."""
    return Column(name, BigInteger, nullable=nullable, primary_key=primary_key, autoincrement=False)
