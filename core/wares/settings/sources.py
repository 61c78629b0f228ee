"""Read the sources of settings, the strongest first, and merge them: options, the environment, two files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from wares.errors import ConfigError, Issue

PREFIX = "WARES_"
FILE_NAME = "wares.toml"

Model = TypeVar("Model", bound=BaseModel)


class SettingSource(NamedTuple):
    """One place that gives settings: its name for people, its values, and the folder of a file."""

    name: str
    values: Mapping[str, object]
    folder: Path | None = None

    def of(self, path: tuple[str, ...]) -> str:
        """Return the name of the place for one setting."""
        return f"environment {variable(path)}" if self.name == "environment" else self.name


def read_sources(model: type[BaseModel], options: Mapping[str, object]) -> tuple[SettingSource, ...]:
    """Return every place that gives settings, the strongest first."""
    given = {key: value for key, value in options.items() if value is not None}
    files = [SettingSource(_shown(path), _toml(path), path.parent) for path in config_files() if path.is_file()]
    return (SettingSource("option", given), SettingSource("environment", _environment(model, PREFIX)), *map(_anchored, files))


def config_files() -> tuple[Path, Path]:
    """Return `./wares.toml` and the user's own file in the platform's folder for configuration."""
    import click

    return Path(FILE_NAME).absolute(), Path(click.get_app_dir("wares")) / FILE_NAME


def variable(path: tuple[str, ...]) -> str:
    """Return the environment variable of a setting: ("plugins", "disabled") → WARES_PLUGINS__DISABLED."""
    return PREFIX + "__".join(path).upper()


def _environment(model: type[BaseModel], prefix: str) -> Mapping[str, object]:
    from pydantic_settings import EnvSettingsSource  # slow to import: not before settings are read

    class Environment(EnvSettingsSource):
        """The environment, with lists as JSON or as plain text for the model to split."""

        def decode_complex_value(self, field_name: str, field: FieldInfo, value: Any) -> object:
            """Parse a value that is JSON; return any other unchanged."""
            try:
                return super().decode_complex_value(field_name, field, value)
            except ValueError:
                return value

    source: Any = Environment
    values: Mapping[str, object] = source(
        model, env_prefix=prefix, env_nested_delimiter="__", case_sensitive=False, env_ignore_empty=True
    )()
    return values


def _toml(path: Path) -> Mapping[str, object]:
    import tomllib

    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ConfigError(
            "CONFIG_FILE", f"{_shown(path)} cannot be read: {error}", hint="correct the file, or move it away"
        ) from error


def _anchored(source: SettingSource) -> SettingSource:
    """Make the path of a database relative to the settings file that names it, wherever the program runs."""
    database = source.values.get("database")
    if not isinstance(database, str) or "://" in database or database == ":memory:" or source.folder is None:
        return source
    place = Path(database).expanduser()
    if not place.is_absolute() and source.folder != Path.cwd():
        place = source.folder / place
    return source._replace(values={**source.values, "database": str(place)})


def _shown(path: Path) -> str:
    return f"./{path.name}" if path.parent == Path.cwd() else str(path)


def section_of(sources: tuple[SettingSource, ...], name: str, model: type[BaseModel]) -> tuple[SettingSource, ...]:
    """Return the sources of one plugin's section. The environment is read again, by the plugin's own model."""
    found = []
    for source in sources:
        section = source.values.get("plugins")
        values = section.get(name) if isinstance(section, Mapping) else None
        if source.name == "environment":
            values = _environment(model, variable(("plugins", name, "")))
        found.append(source._replace(values=values if isinstance(values, Mapping) else {}))
    return tuple(found)


def merged(sources: tuple[SettingSource, ...]) -> dict[str, object]:
    """Merge the sources: tables key by key; of any other value the strongest source's counts."""
    together: dict[str, object] = {}
    for source in reversed(sources):
        _update(together, source.values)
    return together


def _update(into: dict[str, object], values: Mapping[str, object]) -> None:
    for key, value in values.items():
        if isinstance(value, Mapping):
            below = into.get(key)
            copied: dict[str, object] = dict(below) if isinstance(below, dict) else {}
            _update(copied, value)
            into[key] = copied
        else:
            into[key] = value


def validated(model: type[Model], sources: tuple[SettingSource, ...], at: tuple[str, ...]) -> Model:
    """Return the settings of one model. ConfigError SETTING_INVALID for the first wrong value."""
    try:
        return model.model_validate(merged(sources))
    except ValidationError as error:
        issue = invalid(error, sources, at)[0]
        raise ConfigError(issue.code, issue.message, hint=issue.hint, where=issue.where) from None


def invalid(error: ValidationError, sources: tuple[SettingSource, ...], at: tuple[str, ...]) -> list[Issue]:
    """Return an issue for every wrong value, with its key and the place that gave it."""
    issues = []
    for one in error.errors(include_url=False):
        path = tuple(str(part) for part in one["loc"])
        origin = origin_of(sources, path, at)
        key = ".".join((*at, *path))
        hint = f"correct it in: {origin}"
        issues.append(Issue("SETTING_INVALID", f"setting {key}: {one['msg']}", path=key, hint=hint, where=origin))
    return issues


def origin_of(sources: tuple[SettingSource, ...], path: tuple[str, ...], at: tuple[str, ...] = ()) -> str:
    """Return the name of the place that gave a setting; "default" if none did."""
    for source in sources:
        values: object = source.values
        for depth, part in enumerate(path):
            if not isinstance(values, Mapping) or part not in values:
                if depth and not isinstance(values, Mapping):  # inside a list: the list was given here
                    return source.of((*at, *path[:depth]))
                break
            values = values[part]
        else:
            return source.of((*at, *path))
    return "default"
