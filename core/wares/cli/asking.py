"""Asking on a terminal before something that may be a slip; where nobody can answer, the doubt is printed."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from wares.cli.output import note

if TYPE_CHECKING:
    from wares.errors import Issue

yes_option = click.option("--yes", "sure", is_flag=True, help="Do not ask about what may be a slip.")


def can_ask() -> bool:
    """True if a person is at the terminal."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask(warnings: Iterable[Issue]) -> None:
    """Ask whether to go on in spite of each warning; aborts at the first no."""
    for warning in warnings:
        click.confirm(f"{warning.code}: {warning.message}. Go on?", err=True, abort=True)


def tell(warnings: Iterable[Issue]) -> None:
    """Print warnings as notes."""
    for warning in warnings:
        note(f"{warning.code}: {warning.message} ({warning.hint})")
