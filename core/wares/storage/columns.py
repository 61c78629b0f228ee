"""The column types of the schema: one spelling for each meaning, the same on every engine.

Money, quantities and prices are BIGINT so that SUM is exact; days are yyyymmdd and instants microseconds, both whole numbers,
so that no driver converts anything on the hot path. JSON is text that the kernel writes and parses itself: drivers differ in
what they return for a JSON type.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, Integer, SmallInteger, String, Text


def identifier(name: str, *, primary_key: bool = False, nullable: bool = False) -> Column[Any]:
    """A 63-bit id, made by the application from the company's head row."""
    return Column(name, BigInteger, primary_key=primary_key, nullable=nullable, autoincrement=False)


def company() -> Column[Any]:
    """The tenant and distribution column: first in every key of every company table."""
    return Column("company_id", BigInteger, primary_key=True, nullable=False, autoincrement=False)


def amount(name: str, *, nullable: bool = False) -> Column[Any]:
    """Minor units of a currency."""
    return Column(name, BigInteger, nullable=nullable)


def quantity(name: str, *, nullable: bool = False, primary_key: bool = False) -> Column[Any]:
    """Millionths: of a unit, of a price, of a percent."""
    return Column(name, BigInteger, nullable=nullable, primary_key=primary_key)


def rate(name: str) -> Column[Any]:
    """10⁻¹⁰: company currency for one unit of another."""
    return Column(name, BigInteger, nullable=False)


def day(name: str, *, nullable: bool = False, primary_key: bool = False) -> Column[Any]:
    """yyyymmdd."""
    return Column(name, Integer, nullable=nullable, primary_key=primary_key, autoincrement=False)


def period(name: str) -> Column[Any]:
    """yyyymm, part of a key."""
    return Column(name, Integer, primary_key=True, nullable=False, autoincrement=False)


def instant(name: str, *, nullable: bool = False) -> Column[Any]:
    """Microseconds since 1970: of the company's own clock for business time, of UTC for `recorded_at`."""
    return Column(name, BigInteger, nullable=nullable)


def code(name: str, *, primary_key: bool = False, nullable: bool = False, length: int = 200) -> Column[Any]:
    """A short text that people or plugins chose as a name."""
    return Column(name, String(length), primary_key=primary_key, nullable=nullable)


def text(name: str, *, nullable: bool = True) -> Column[Any]:
    """Free text or JSON text."""
    return Column(name, Text, nullable=nullable)


def small(name: str, *, nullable: bool = False, primary_key: bool = False) -> Column[Any]:
    """A flag, a small code or a position."""
    return Column(name, SmallInteger, nullable=nullable, primary_key=primary_key, autoincrement=False)


def count(name: str, *, nullable: bool = False, primary_key: bool = False) -> Column[Any]:
    """A whole number of things."""
    return Column(name, BigInteger, nullable=nullable, primary_key=primary_key, autoincrement=False)
