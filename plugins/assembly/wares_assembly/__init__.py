"""Assemblies: items that are built out of components and kept in stock.

An assembly behaves as a stock item and also has a bill of materials: its components, for as many units as it `makes`.
This plugin adds the two documents that use the bill of materials:

- a **build** issues the components and receives the assembly at their cost of that moment. Services, non-stock items
  and expenses among the components add their standard cost through `build_absorption`. Units that were begun and lost
  (`scrapped`) consume components too; `components` on the line gives the quantities really used; by-products are
  received with their percentage of the build's value.
- an **unbuild** takes part of a named build apart: the assembly leaves at the cost that the build gave it, the
  components come back at the cost at which they were issued, and the rest (scrap) is `build_variance`.

The bill of materials is locked while units of a build are on hand. `types.py` holds the item type, `documents.py` the
two documents, `report.py` the report `build_costs`: the present cost of building each assembly.
"""

from __future__ import annotations

from wares import DocumentType, ItemType, Question, Report, hookimpl
from wares_assembly.documents import Build, Unbuild
from wares_assembly.report import BuildCosts
from wares_assembly.types import Assembly

WARES_API_VERSION = 1


@hookimpl
def wares_item_types() -> list[ItemType]:
    return [Assembly()]


@hookimpl
def wares_document_types() -> list[DocumentType]:
    return [Build(), Unbuild()]


@hookimpl
def wares_reports() -> list[Report]:
    return [BuildCosts()]


@hookimpl
def wares_questions() -> list[Question]:
    return [
        Question(
            key="made_by_you",
            text="Do you make it yourself out of other items, and keep the finished ones on the shelf?",
            type="assembly",
            because="it is built before it is sold: a build turns components into stock of it, at what they cost",
            weight=40,
        )
    ]
