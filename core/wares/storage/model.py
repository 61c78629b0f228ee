"""`WaresModel`: the base of the tables that plugins own.

    class KitOption(WaresModel, table=True):
        __plugin__ = "kit"                              # the table is kit_option; __tablename__ may say otherwise
        __table_args__ = (belongs("item_id", "item"),)
        item_id: int = Field(primary_key=True)          # sqlmodel's Field
        label: str

`company_id` is added as the first column, every `int` is 64 bits wide, `str` is text, and a table that breaks a rule of the
schema is refused when its class is defined. The models have a metadata of their own, neither SQLModel's global one nor the
core's; a `MigrationSource` with that metadata and the plugin's prefix migrates them.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, Integer, MetaData, String, Table, Text
from sqlalchemy.orm import declared_attr, registry
from sqlalchemy.schema import SchemaItem
from sqlmodel import AutoString, Field, SQLModel

from wares.errors import PluginError
from wares.storage import tables
from wares.storage.lint import lint_table

model_metadata = MetaData(naming_convention=tables.metadata.naming_convention)


def belongs(column: str, table: Table | str, target: str | None = None) -> ForeignKeyConstraint:
    """Return the foreign key from (company_id, `column`) to another table: a core table, by its name without `wares_`, or
    `Model.__table__` of the same plugin.

    `target` is the name of the column there, if it differs. A plugin's table may refer to the core's tables; the core never
    refers to a plugin's tables, so that they can be removed.
    """
    to = tables.metadata.tables[f"{tables.PREFIX}{table}"] if isinstance(table, str) else table
    return ForeignKeyConstraint(["company_id", column], [to.c.company_id, to.c[target or column]])


class WaresModel(SQLModel, registry=registry(metadata=model_metadata)):
    """A row that belongs to a company and to a plugin. Unlike a plain SQLModel table it validates on construction.

    Construction raises pydantic's ValidationError for a value that is wrong, missing or unknown. Defining a table raises
    PluginError TABLE_PREFIX if its name does not start with `__plugin__` and an underscore, and BAD_TABLE if it breaks a
    rule of the schema (wares.storage.lint).
    """

    __abstract__ = True
    __plugin__: ClassVar[str] = ""
    __table__: ClassVar[Table]
    __table_args__: ClassVar[Any] = ()
    model_config = {"extra": "forbid"}

    company_id: int = Field(primary_key=True)

    def __init__(self, **values: object) -> None:
        # SQLModel's own model_validate calls without values, and fills in the values that it has validated itself.
        if values and hasattr(type(self), "__table__"):
            blank = type(self).__new__(type(self))
            self.__pydantic_validator__.validate_python(values, self_instance=blank)
            values = {name: blank.__dict__[name] for name in blank.__pydantic_fields_set__}
        super().__init__(**values)

    @declared_attr.directive
    def __tablename__(cls) -> str:
        name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", cls.__name__).lower()
        prefix = f"{cls.__plugin__}_"
        return name if name.startswith(prefix) else prefix + name

    @classmethod
    def __table_cls__(cls, name: str, metadata: MetaData, *parts: SchemaItem, **options: Any) -> Table:
        """Make the table; SQLAlchemy's declarative base calls this."""
        if not cls.__plugin__ or not name.startswith(f"{cls.__plugin__}_"):
            raise PluginError(
                "TABLE_PREFIX",
                f"the table {name} of {cls.__module__}.{cls.__name__} does not start with its plugin's name",
                hint=f'set __plugin__, and a __tablename__ that starts with "{cls.__plugin__ or "NAME"}_"',
                plugin=cls.__plugin__ or None,
            )
        options.setdefault("info", {}).setdefault("kind", "company")
        table = Table(name, metadata, *(_widened(part) for part in parts), **options)
        problems = lint_table(table)
        if problems:
            metadata.remove(table)
            raise PluginError("BAD_TABLE", "; ".join(str(problem) for problem in problems), plugin=cls.__plugin__)
        return table


def _widened(part: SchemaItem) -> SchemaItem:
    """Replace SQLModel's column types by the schema's: 64 bits for every whole number, and none numbered by the database."""
    if not isinstance(part, Column):
        return part
    if type(part.type) is Integer:
        part.type = BigInteger()
    elif isinstance(part.type, AutoString):
        length = getattr(part.type.impl, "length", None)
        part.type = String(length) if length else Text()
    if part.autoincrement == "auto":
        part.autoincrement = False
    return part
