"""A group of commands that plugins add to."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem

from wares.cli.extensions import PluginCommand, load_command, plugin_commands
from wares.cli.invocation import in_safe_mode


class PluginGroup(click.Group):
    """A group to which any distribution adds commands: `@click.group(cls=PluginGroup)`.

    The added commands of the group `seller` are the entry points of `wares.commands.seller`. They are listed from the metadata of
    their distributions and imported when they are invoked. The group's own commands keep their names.
    """

    def _added(self) -> dict[str, PluginCommand]:
        return {name: added for name, added in plugin_commands(str(self.name)).items() if name not in self.commands}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the own and of the added commands, sorted."""
        return sorted({*self.commands, *self._added()})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return an own command, or import an added one."""
        own = super().get_command(ctx, cmd_name)
        return own or load_command(cmd_name, under=str(self.name), safe_mode=in_safe_mode(ctx))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing the added ones."""
        shown = self._shown()
        limit = formatter.width - 6 - max(map(len, shown), default=0)
        if shown:
            with formatter.section("Commands"):
                formatter.write_dl([(name, command.get_short_help_str(limit)) for name, command in shown.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Complete names without importing the added commands."""
        shown = {name: command for name, command in self._shown().items() if name.startswith(incomplete)}
        named = [CompletionItem(name, help=command.get_short_help_str()) for name, command in shown.items()]
        return [*named, *click.Command.shell_complete(self, ctx, incomplete)]

    def _shown(self) -> dict[str, click.Command]:
        """Return a command for each line of the help; of an added one no more than its help."""
        added = {name: click.Command(name, help=each.help) for name, each in self._added().items()}
        own = {name: command for name, command in self.commands.items() if not command.hidden}
        return dict(sorted((own | added).items()))
