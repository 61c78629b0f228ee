"""The command line, and the functions that commands of plugins use.

A plugin's command is a click command named in the entry-point group `wares.commands`; Wares imports it when it is invoked:

    @click.command()
    @wares.cli.pass_books
    def overdue(books: Books) -> None:
        \"""List the rentals that should be back.\"""
        wares.cli.emit(find_overdue(books), columns=["sku", "party", "due"])

`emit` prints rows in the user's format (`-f`, `-o`), `emit_parts` prints several listings; `note` and `progress` write to
stderr. A command `@click.group(cls=PluginGroup)` takes further commands from the entry points of `wares.commands.NAME`.
`at`, `since` and `dry_run` are the options of those names, `DAY` is the type of a date. `plugin_settings` returns a
plugin's section of the program settings.
Commands raise errors: a Refused or another WaresError becomes one `error:` line and exit code 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wares.runtime.lazy_exports import lazily

if TYPE_CHECKING:
    from wares.cli.groups import PluginGroup as PluginGroup
    from wares.cli.invocation import current as current
    from wares.cli.invocation import fail_check as fail_check
    from wares.cli.invocation import open_books as open_books
    from wares.cli.invocation import pass_books as pass_books
    from wares.cli.invocation import plugin_settings as plugin_settings
    from wares.cli.options import DAY as DAY
    from wares.cli.options import at as at
    from wares.cli.options import dry_run as dry_run
    from wares.cli.options import since as since
    from wares.cli.output import emit as emit
    from wares.cli.output import emit_parts as emit_parts
    from wares.cli.output import note as note
    from wares.cli.output import progress as progress

_HOMES = {
    "PluginGroup": "wares.cli.groups",
    **dict.fromkeys(("current", "fail_check", "open_books", "pass_books", "plugin_settings"), "wares.cli.invocation"),
    **dict.fromkeys(("DAY", "at", "dry_run", "since"), "wares.cli.options"),
    **dict.fromkeys(("emit", "emit_parts", "note", "progress"), "wares.cli.output"),
}
__all__ = sorted(_HOMES)
__getattr__, __dir__ = lazily(__name__, _HOMES)
