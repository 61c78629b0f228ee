"""`wares init`: create new books, and the settings file that names their database."""

from __future__ import annotations

import json
from pathlib import Path

import click

from wares.cli.asking import beside_others_option, refuse_foreign
from wares.cli.invocation import Invocation, invocation
from wares.cli.options import dry_run as dry_run_option
from wares.cli.output import emit, note
from wares.runtime.secrets_in_urls import without_password


@click.command()
@click.option("--currency", default="USD", show_default=True, metavar="CODE", help="The currency of the books (ISO 4217).")
@click.option("--chart", default="general", show_default=True, metavar="NAME", help="The chart of accounts to begin with.")
@click.option("--name", metavar="TEXT", help="The company's name.")
@beside_others_option
@dry_run_option
def init(currency: str, chart: str, name: str | None, sure: bool, dry_run: bool) -> None:
    """Create and migrate the database, write wares.toml.

    Makes the company `--company CODE` (MAIN), its location MAIN and its chart of accounts. Existing files and companies are
    not overwritten. Run it again with another --company to add a company to the same database. A database that holds tables of
    another program and none of Wares is left alone without --yes.
    """
    from wares.settings.sources import FILE_NAME

    run = invocation()
    database, company = run.settings.database, run.settings.company
    config = Path(FILE_NAME)
    _check_choices(run, currency, chart)
    writes_config = _check(run, config, sure=sure)
    if not dry_run:
        books = run.books_at(database, create=False, company=company, must_exist=False)
        books.create(currency=currency, chart=chart, name=name)
        if writes_config:
            _write(config, database, company)
    emit({"database": without_password(database), "company": company or "MAIN", "currency": currency, "chart": chart,
          "config": FILE_NAME if writes_config else None, "dry_run": dry_run})  # fmt: skip
    note("dry run: nothing was made" if dry_run else "next: wares load FILE, or wares items add --help")


def _check_choices(run: Invocation, currency: str, chart: str) -> None:
    """Check the currency and the chart before a file is made. Refused UNKNOWN_CURRENCY, UNKNOWN_CHART."""
    from wares.errors import Issue, Refused
    from wares.storage.currencies import CURRENCIES

    issues = []
    if currency not in {row[0] for row in CURRENCIES}:
        issues.append(Issue("UNKNOWN_CURRENCY", f"{currency!r} is not a currency code (ISO 4217)", hint="USD, EUR, JPY ..."))
    if chart not in run.plugins.registry.charts:
        known = ", ".join(run.plugins.registry.charts)
        issues.append(Issue("UNKNOWN_CHART", f"there is no chart {chart!r}", hint=f"choose {known}"))
    if issues:
        raise Refused(issues)


def _check(run: Invocation, config: Path, *, sure: bool) -> bool:
    """True if wares.toml is to be written. Refused NOT_CONFIRMED, BOOKS_EXIST, CONFIG_EXISTS."""
    from wares.errors import Refused

    database, company = run.settings.database, run.settings.company
    there = _companies(database, sure=sure)
    if company in there or (there and company is None):
        message = f"{without_password(database)} has the company {company or there[0]} already"
        raise Refused.because("BOOKS_EXIST", message, hint="for another company give --company CODE, for other books --db FILE")
    if not config.exists():
        return True
    if run.settings.origin("database").endswith(config.name) or there:
        return False
    hint = "remove it, or work in another folder"
    raise Refused.because("CONFIG_EXISTS", f"there is a {config.name} here already", hint=hint, where=str(config))


def _companies(database: str, *, sure: bool) -> list[str]:
    """Return the codes of the companies in a database; none if the database does not exist yet. Refused NOT_CONFIRMED if it is
    another program's."""
    from sqlalchemy import inspect

    from wares.errors import StorageError
    from wares.storage.database import open_engine, read, sql

    try:
        engine = open_engine(database, must_exist=True)
    except StorageError as error:
        if error.code == "NO_DATABASE":
            return []
        raise
    try:
        with read(engine) as connection:
            has_companies = inspect(connection).has_table("wares_directory")
        if not (has_companies or sure):
            refuse_foreign(engine, "wares init --yes")
        if not has_companies:
            return []
        with read(engine) as connection:
            return [row[0] for row in sql(connection, "SELECT code FROM wares_directory ORDER BY company_id", ()).fetchall()]
    finally:
        engine.dispose()


def _write(config: Path, database: str, company: str | None) -> None:
    if without_password(database) != database:
        note("the database URL holds a password and is not written: set WARES_DATABASE")
        database = ""
    lines = [f"database = {json.dumps(database, ensure_ascii=False)}"] if database else []
    if company is not None:
        lines.append(f"company = {json.dumps(company, ensure_ascii=False)}")
    with config.open("x", encoding="utf-8") as file:
        file.write("# Settings of the program `wares` in this folder; `wares config show --origin` lists them.\n")
        file.writelines(f"{line}\n" for line in lines)
