"""Commands of plugins: entry points of the group `wares.commands`, listed without importing them."""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from wares.errors import PluginError

if TYPE_CHECKING:
    import click

GROUP = "wares.commands"


class PluginCommand(NamedTuple):
    """A command that a distribution offers; `help` is one line."""

    entry: EntryPoint
    distribution: str
    bundled: bool

    @property
    def help(self) -> str:
        """The first sentence of the function's docstring, read from the source; else where it comes from."""
        return _docstring(self.entry) or f"A command of {self.distribution}."


@lru_cache(maxsize=1)
def plugin_commands() -> dict[str, PluginCommand]:
    """Every installed command by name: the core's own names cannot be taken, of two the bundled one wins."""
    from wares.cli.main import COMMANDS

    found: dict[str, PluginCommand] = {}
    for entry in entry_points(group=GROUP):
        name = entry.dist.name if entry.dist is not None else ""
        command = PluginCommand(entry, name, re.sub(r"[-_.]+", "-", name).lower() == "wares")
        held = found.get(entry.name)
        if entry.name not in COMMANDS and (held is None or _rank(command) < _rank(held)):
            found[entry.name] = command
    return found


def _rank(command: PluginCommand) -> tuple[bool, str]:
    return (not command.bundled, command.distribution)


def load_command(name: str) -> click.Command | None:
    """Import a plugin's command; None if nobody has it. Raises PluginError PLUGIN_COMMAND."""
    import click

    from wares.cli.options import add_global_options

    found = plugin_commands().get(name)
    if found is None:
        return None
    try:
        command = found.entry.load()
    except Exception as error:
        message = f"the command {name} of {found.distribution} cannot be imported: {type(error).__name__}: {error}"
        raise PluginError("PLUGIN_COMMAND", message, hint="--debug shows the traceback", plugin=found.distribution) from error
    if not isinstance(command, click.Command):
        message = f"{found.entry.value} of {found.distribution} is no click command"
        raise PluginError("PLUGIN_COMMAND", message, plugin=found.distribution)
    return add_global_options(command)


def _docstring(entry: EntryPoint) -> str:
    """Only the top package is looked for, which imports nothing."""
    top, *below = entry.module.split(".")
    try:
        spec = find_spec(top)
        places = list(spec.submodule_search_locations or ()) if spec is not None else []
        sources = [Path(place, *below).with_suffix(".py") for place in places if below]
        source = next(path for path in sources if path.is_file())
        functions = [node for node in ast.parse(source.read_bytes()).body if isinstance(node, ast.FunctionDef)]
        text = next(ast.get_docstring(node) for node in functions if node.name == entry.attr) or ""
    except (StopIteration, ImportError, OSError, SyntaxError, ValueError):
        return ""
    return " ".join(text.split("\n\n")[0].split())
