"""The core's commands by name, listed without importing them."""

from __future__ import annotations

COMMANDS = {
    "init": ("wares.cli.books", "Create and migrate the database, write wares.toml."),
    "load": ("wares.cli.records", "Record masters and documents from JSON Lines, in order."),
    "which": ("wares.cli.which", "Ask which type of item fits, and say why."),
    "verify": ("wares.cli.checks", "Check all invariants of the books."),
    "doctor": ("wares.cli.checks", "Check the environment: versions, settings, plugins, database, time zone."),
    "items": ("wares.cli.items", "Items: list, show, add, edit, retire, import, variants."),
    "docs": ("wares.cli.docs", "Documents: post, preview, edit, void, convert, explain."),
    "stock": ("wares.cli.stock", "Quantities and values on hand, moves, layers."),
    "gl": ("wares.cli.gl", "The general ledger: accounts, entries, statements, closing."),
    "reports": ("wares.cli.reports", "Reports of plugins: list them, or show one by its name."),
    "plugins": ("wares.cli.plugins", "Plugins: list, info, check, new, enable, disable, purge."),
    "outbox": ("wares.cli.outbox", "Events kept for other programs: list, drain."),
    "db": ("wares.cli.database", "The database: status, upgrade, backup, restore."),
    "config": ("wares.cli.config", "Program settings: show, check."),
    "completion": ("wares.cli.completion", "Print the completion script of a shell."),
}
"""Name → the module whose attribute of that name is the command, and its help in one line."""
