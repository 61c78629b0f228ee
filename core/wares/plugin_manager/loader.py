"""Loading: every entry point of the group `wares` is loaded, or recorded with the reason why not.

The distribution `wares` comes first, then third parties by name, then the objects of the caller. A mistake of a plugin costs only
that plugin. Statuses:

    loaded     it takes part
    failed     it raised, at import or in a registration hook
    blocked    it was turned away: newer API, a plugin that it requires is not loaded, unknown hook, wrong signature
    disabled   the settings disable it
    skipped    safe mode: third parties are not even imported
"""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import EntryPoint, PackageNotFoundError, entry_points, version
from typing import NamedTuple

import pluggy

from wares.errors import Issue, PluginError, WaresError
from wares.plugin_manager.blame import Blame
from wares.plugin_manager.calls import Calls
from wares.plugin_manager.contract import admit, breach, new_manager, require_api, required_by
from wares.plugin_manager.objects import KEY, KINDS, WrongObject, registered_by
from wares.plugin_manager.registry import Owner, Registered, Registry
from wares.values import JsonObject

logger = logging.getLogger(__name__)

GROUP = "wares"
DISTRIBUTION = "wares"
CORE = EntryPoint("core", "wares.core_plugin:CorePlugin", GROUP)
"""The core's own plugin, found by name like any other: it stands above this room."""
HOST = "given by the program"


class PluginRecord(NamedTuple):
    """A plugin with its status after loading."""

    name: str
    distribution: str
    version: str
    status: str
    bundled: bool = False
    hooks: tuple[str, ...] = ()
    cause: Issue | None = None


@dataclass(frozen=True, slots=True)
class Plugins:
    """The plugins of one program: the objects that they registered, the calls to their hooks, and a record of each plugin."""

    registry: Registry
    calls: Calls
    blame: Blame
    records: tuple[PluginRecord, ...]
    manager: pluggy.PluginManager

    @property
    def problems(self) -> tuple[Issue, ...]:
        """The reasons why plugins are not loaded, and the keys that several plugins claim."""
        return (*(record.cause for record in self.records if record.cause is not None), *self.registry.problems)

    def record(self, name: str) -> PluginRecord | None:
        """Return the record of the plugin of this name; None if it is not installed."""
        return next((record for record in self.records if record.name == name), None)

    def report(self) -> list[JsonObject]:
        """Return the rows of `wares plugins list`: name, distribution, version, status, item_types, hooks, error."""
        return [self._row(record) for record in self.records]

    def describe(self, name: str) -> JsonObject | None:
        """Return `wares plugins info NAME`: the row of the plugin and its registered objects; None if it is not installed."""
        record = self.record(name)
        if record is None:
            return None
        kinds = {kind.kind: self.registry.owned_by(name, kind.kind) for kind in KINDS if kind.many}
        issue = record.cause
        return {
            **self._row(record),
            **kinds,
            "bundled": record.bundled,
            "settings": sorted(self.registry.settings[name].model_fields) if name in self.registry.settings else [],
            "tables": sorted(self.registry.models[name].tables) if name in self.registry.models else [],
            "migrations": name in self.registry.migrations,
            "code": issue.code if issue else None,
            "hint": issue.hint if issue else None,
        }

    def _row(self, record: PluginRecord) -> JsonObject:
        clashes = [issue.message for issue in self.registry.problems if f" {record.name} (" in f" {issue.message}"]
        return {
            "name": record.name,
            "distribution": record.distribution,
            "version": record.version,
            "status": record.status,
            "item_types": self.registry.owned_by(record.name, "item_types"),
            "hooks": list(record.hooks),
            "error": record.cause.message if record.cause else "; ".join(clashes) or None,
        }


class _Candidate(NamedTuple):
    """A plugin that may be loaded: an entry point, or an object of the caller."""

    owner: Owner
    entry: EntryPoint | None
    plugin: object = None


def load_plugins(
    *,
    strict: bool = False,
    safe_mode: bool = False,
    disabled: Collection[str] = (),
    extra: Iterable[object] = (),
) -> Plugins:
    """Load every installed plugin that may be loaded.

    `strict` raises PluginError for the first plugin that cannot be loaded. `safe_mode` leaves third parties out. `disabled` names
    plugins to leave out. `extra` holds plugin objects of the caller (a host, a test). Raises nothing else.
    """
    loading = _Loading([*_installed(), *_given(extra)], strict=strict, safe_mode=safe_mode, disabled=disabled)
    loading.core()
    loading.candidates()
    return loading.finish()


class _Loading:
    """One run of the loader. A plugin is loaded after those that it requires."""

    def __init__(self, candidates: list[_Candidate], *, strict: bool, safe_mode: bool, disabled: Collection[str]) -> None:
        self.order = {candidate.owner[:3]: place for place, candidate in reversed(list(enumerate(candidates)))}
        self.waiting = candidates
        self.strict = strict
        self.safe_mode = safe_mode
        self.disabled = disabled
        self.manager = new_manager()
        self.registry = Registry()
        self.owners: list[tuple[object, Owner]] = []
        self.records: list[PluginRecord] = []

    def core(self) -> None:
        """Register the core's own plugin; a mistake in it raises."""
        owner = Owner(CORE.name, DISTRIBUTION, _version(), bundled=True)
        self._register(CORE.load()(self.registry), owner, core=True)

    def candidates(self) -> None:
        """Decide on each candidate."""
        while self.waiting:
            self._decide(self.waiting.pop(0))

    def _decide(self, candidate: _Candidate) -> None:
        if candidate.owner.name in self.disabled:
            self._leave_out(candidate, "disabled", "the settings disable it (plugins.disabled)")
        elif self.safe_mode and candidate.entry is not None and not candidate.owner.bundled:
            self._leave_out(candidate, "skipped", "safe mode leaves third parties out")
        else:
            self._load(candidate)

    def _leave_out(self, candidate: _Candidate, status: str, why: str) -> None:
        """Record a plugin that is not loaded on purpose."""
        owner = candidate.owner
        self.records.append(PluginRecord(*owner[:3], status, owner.bundled))
        self.registry.missing_plugins[owner.name] = f"{owner} is {status}: {why}"

    def _load(self, candidate: _Candidate) -> None:
        """Load one plugin, or record why not."""
        owner = candidate.owner
        try:
            if candidate.entry is None and any(known is candidate.plugin for known, _ in self.owners):
                return  # the caller gave a plugin that is installed as well
            self._require_name(owner)
            plugin = candidate.plugin if candidate.entry is None else _imported(candidate.entry, owner)
            require_api(plugin, owner)
            for name in required_by(plugin, owner):
                self._require(name, owner)
            hooks = self._register(plugin, owner)
        except PluginError as error:
            self._turn_away(owner, error)
        except Exception as error:
            self._turn_away(owner, breach("PLUGIN_OBJECT", owner, f"cannot be registered: {type(error).__name__}: {error}"))
        else:
            self.records.append(PluginRecord(*owner[:3], "loaded", owner.bundled, hooks))

    def finish(self) -> Plugins:
        """Return the plugins, ready to be called."""
        if self.strict and self.registry.problems:
            issue = self.registry.problems[0]
            raise PluginError(issue.code, issue.message, hint=issue.hint, plugin=issue.plugin, where=issue.where)
        for issue in self.registry.problems:
            logger.warning("%s", issue)
        self.records.sort(key=lambda record: self.order[record[:3]])
        blame = Blame(self.manager, self.registry, self.owners)
        calls = Calls(self.manager, self.registry, blame)
        return Plugins(self.registry, calls, blame, tuple(self.records), self.manager)

    def _require(self, name: str, owner: Owner) -> None:
        """Load the plugin that another requires. Raises PluginError PLUGIN_REQUIREMENT if it is not loaded."""
        needed = next((candidate for candidate in self.waiting if candidate.owner.name == name), None)
        if needed is not None:
            self.waiting.remove(needed)
            self._decide(needed)
        status = next((record.status for record in self.records if record.name == name), "not there, or requires it in turn")
        if status != "loaded":
            hint = f"wares plugins enable {name}" if status == "disabled" else "wares plugins list shows what is installed"
            raise breach("PLUGIN_REQUIREMENT", owner, f"requires the plugin {name}, which is {status}", hint=hint)

    def _require_name(self, owner: Owner) -> None:
        if not KEY.fullmatch(owner.name) or owner.name == CORE.name:
            what = "has a name that cannot be used: lower_snake, at most 40 letters, not 'core'"
            raise breach("PLUGIN_NAME", owner, what)
        holder = next((record for record in self.records if record.name == owner.name), None)
        if holder is not None:
            other = f"{holder.distribution} {holder.version}".strip()
            raise breach("PLUGIN_NAME", owner, f"has the name of a plugin of {other}, which came first")

    def _register(self, plugin: object, owner: Owner, *, core: bool = False) -> tuple[str, ...]:
        hooks = admit(self.manager, plugin, owner, core=core)
        try:
            registered = list(self._registered(plugin, owner))
        except BaseException:
            self.manager.unregister(name=owner.name)
            raise
        self.owners.append((plugin, owner))
        self.registry.add(owner, registered)
        return hooks

    def _registered(self, plugin: object, owner: Owner) -> Iterator[Registered]:
        for kind in KINDS:
            for impl in getattr(self.manager.hook, kind.hook).get_hookimpls():
                if impl.plugin is not plugin:
                    continue
                try:
                    yield from registered_by(kind, owner.name, impl.function())
                except WrongObject as error:
                    raise breach("PLUGIN_RETURNED", owner, f"breaks its contract: {error}") from None
                except (Exception, SystemExit) as error:
                    what = f"raised {type(error).__name__} in {kind.hook}: {error}"
                    raise breach("PLUGIN_RAISED", owner, what, hint="--debug shows the traceback") from error

    def _turn_away(self, owner: Owner, error: PluginError) -> None:
        if self.strict:
            raise error
        status = "failed" if error.code in ("PLUGIN_IMPORT", "PLUGIN_RAISED") else "blocked"
        cause = Issue(error.code, error.message, hint=error.hint, plugin=owner.name)
        self.records.append(PluginRecord(*owner[:3], status, owner.bundled, (), cause))
        self.registry.missing_plugins.setdefault(owner.name, error.message)
        logger.warning("%s", error, exc_info=error.__cause__ if logger.isEnabledFor(logging.DEBUG) else None)


def _imported(entry: EntryPoint, owner: Owner) -> object:
    try:
        return entry.load()
    except (Exception, SystemExit) as error:
        cause = str(error) if isinstance(error, WaresError) else f"{type(error).__name__}: {error}"
        what = f"cannot be imported ({entry.value}): {cause}"
        raise breach("PLUGIN_IMPORT", owner, what, hint="--debug shows the traceback") from error


def _installed() -> list[_Candidate]:
    """Return the entry points of the group: those of `wares` by name, then those of third parties by name."""
    found = []
    for entry in entry_points(group=GROUP):
        distribution = entry.dist
        name = distribution.metadata["Name"] if distribution is not None else ""
        bundled = re.sub(r"[-_.]+", "-", name).lower() == DISTRIBUTION
        owner = Owner(entry.name, name, distribution.version if distribution is not None else "", bundled)
        found.append(_Candidate(owner, entry))
    return sorted(found, key=lambda one: (not one.owner.bundled, one.owner.name, one.owner.distribution))


def _given(extra: Iterable[object]) -> Iterator[_Candidate]:
    taken: dict[str, int] = {}
    for plugin in extra:
        own = getattr(plugin, "__name__", None) or type(plugin).__name__
        name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|\W", "_", own.rpartition(".")[2]).lower().strip("_")
        taken[name] = taken.get(name, 0) + 1
        unique = name if taken[name] == 1 else f"{name}_{taken[name]}"
        yield _Candidate(Owner(unique, HOST, ""), None, plugin)


def _version() -> str:
    try:
        return version(DISTRIBUTION)
    except PackageNotFoundError:
        return ""
