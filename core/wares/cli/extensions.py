"""Commands of plugins, listed without importing them: entry points of the group `wares.commands`, and of `wares.commands.NAME` for
commands under the command NAME."""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from wares.cli.commands import COMMANDS
from wares.errors import Issue, PluginError

if TYPE_CHECKING:
    import click

GROUP = "wares.commands"


class PluginCommand(NamedTuple):
    """A command that a distribution offers. `rivals` are the other distributions that claim its name."""

    entry: EntryPoint
    distribution: str
    bundled: bool
    rivals: tuple[str, ...] = ()

    @property
    def help(self) -> str:
        """Return one line: the first paragraph of the function's docstring, read from the source, else its distribution."""
        if self.is_contested:
            return f"Disabled: claimed by {' and '.join((self.distribution, *self.rivals))}."
        return _docstring(self.entry) or f"A command of {self.distribution}."

    @property
    def is_contested(self) -> bool:
        """True if two third parties claim the name, so that neither gets it."""
        return bool(self.rivals) and not self.bundled


@lru_cache
def plugin_commands(under: str = "") -> dict[str, PluginCommand]:
    """Return every installed command by name: those of the root, or those added under a command.

    The core's names cannot be taken; of two claims a bundled one wins, two third parties both lose the name.
    """
    claims: dict[str, list[PluginCommand]] = {}
    for entry in entry_points(group=f"{GROUP}.{under}" if under else GROUP):
        if under or entry.name not in COMMANDS:
            name, version = (entry.dist.name, entry.dist.version) if entry.dist is not None else ("", "")
            bundled = re.sub(r"[-_.]+", "-", name).lower() == "wares"
            claims.setdefault(entry.name, []).append(PluginCommand(entry, f"{name} {version}".strip(), bundled))
    found = {}
    for name, claimed in claims.items():
        first, *others = sorted(claimed, key=lambda one: (not one.bundled, one.distribution))
        found[name] = first._replace(rivals=tuple(other.distribution for other in others))
    return found


def command_clashes() -> list[Issue]:
    """Return an issue for each command name that several distributions claim, or that the core has already."""
    found = []
    groups = sorted(group.removeprefix(f"{GROUP}.") for group in entry_points().groups if group.startswith(f"{GROUP}."))
    claimed = [(f"{under} {name}".strip(), command) for under in ("", *groups) for name, command in plugin_commands(under).items()]
    for name, command in sorted(claimed):
        if command.rivals:
            claimants = " and ".join((command.distribution, *command.rivals))
            outcome = f"{command.distribution} is bundled and keeps it" if command.bundled else "neither is used"
            found.append(_taken(f"the command {name!r} is offered by {claimants}; {outcome}"))
    for entry in entry_points(group=GROUP):
        if entry.name in COMMANDS:
            who = f"{entry.dist.name} {entry.dist.version}" if entry.dist is not None else entry.value
            found.append(_taken(f"the command {entry.name!r} of {who} has the name of a command of Wares, which keeps it"))
    return found


def _taken(message: str) -> Issue:
    return Issue("COMMAND_TAKEN", message, hint="uninstall one of them, or ask an author for another name")


def load_command(name: str, *, under: str = "", safe_mode: bool = False) -> click.Command | None:
    """Import a plugin's command; None if nobody has it. Raises PluginError PLUGIN_COMMAND, COMMAND_TAKEN, PLUGIN_NOT_LOADED."""
    import click

    from wares.cli.options import add_global_options

    found = plugin_commands(under).get(name)
    if found is None:
        return None
    name = f"{under} {name}".strip()
    if found.is_contested:
        claimants = " and ".join((found.distribution, *found.rivals))
        raise PluginError(
            "COMMAND_TAKEN", f"the command {name} is offered by {claimants}; neither is used", hint="uninstall one of them"
        )
    if safe_mode and not found.bundled:
        message = f"the command {name} belongs to {found.distribution}, and safe mode leaves third parties out"
        raise PluginError("PLUGIN_NOT_LOADED", message, hint="leave --safe-mode out", plugin=found.distribution)
    try:
        command = found.entry.load()
    except Exception as error:
        message = f"the command {name} of {found.distribution} cannot be imported: {type(error).__name__}: {error}"
        raise PluginError("PLUGIN_COMMAND", message, hint="--debug shows the traceback", plugin=found.distribution) from error
    if not isinstance(command, click.Command):
        message = f"{found.entry.value} of {found.distribution} is not a click command"
        raise PluginError("PLUGIN_COMMAND", message, plugin=found.distribution)
    return add_global_options(command)


def _docstring(entry: EntryPoint) -> str:
    """Return the first paragraph of the command's docstring. Only the top package is looked up, so nothing is imported."""
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
