"""The test kit for authors of plugins: contracts that a plugin's objects must keep, and fixtures for the author's own tests.

    from wares.testing import ItemTypeContract

    class TestRental(ItemTypeContract):
        plugin = acme_rental
        item_type = acme_rental.Rental()
        example = {"sku": "BIKE", "price": "25", "attributes": {"deposit": "100"}}

pytest finds the tests in the class; the facts of the object (sold, bought, tracked, contents) decide which of them apply. A
known gap stands in `gaps` with its reason and is a strict xfail. The kit is installed with Wares as a pytest plugin
(`wares.testing.plugin`) that also gives the fixtures `books`, `session`, `clock`, `make_item` and `post`.

A script can use `company`, `record`, `post` and `plugins_with` instead of the fixtures; `import_text` imports a channel's file.
The kit needs pytest and hypothesis (`pip install "wares[testing]"`); the laws (`wares.testing.laws`) need neither.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from wares.runtime.lazy_exports import lazily

if TYPE_CHECKING:
    from wares.testing.clock import Clock as Clock
    from wares.testing.contract import CONTRACT_VERSION as CONTRACT_VERSION
    from wares.testing.contract import PluginContract as PluginContract
    from wares.testing.contracts.channels import ChannelContract as ChannelContract
    from wares.testing.contracts.documents import DocumentTypeContract as DocumentTypeContract
    from wares.testing.contracts.items import ItemTypeContract as ItemTypeContract
    from wares.testing.contracts.items import WrapperContract as WrapperContract
    from wares.testing.contracts.methods import CostMethodContract as CostMethodContract
    from wares.testing.contracts.reports import ReportContract as ReportContract
    from wares.testing.importing import import_text as import_text
    from wares.testing.laws import LawBroken as LawBroken
    from wares.testing.small_company import company as company
    from wares.testing.small_company import plugins_with as plugins_with
    from wares.testing.small_company import plugins_without as plugins_without
    from wares.testing.small_company import post as post
    from wares.testing.small_company import record as record

_HOMES = {
    **dict.fromkeys(("CONTRACT_VERSION", "PluginContract"), "wares.testing.contract"),
    **dict.fromkeys(("ItemTypeContract", "WrapperContract"), "wares.testing.contracts.items"),
    "ChannelContract": "wares.testing.contracts.channels",
    "CostMethodContract": "wares.testing.contracts.methods",
    "DocumentTypeContract": "wares.testing.contracts.documents",
    "ReportContract": "wares.testing.contracts.reports",
    **dict.fromkeys(("company", "plugins_with", "plugins_without", "post", "record"), "wares.testing.small_company"),
    "Clock": "wares.testing.clock",
    "LawBroken": "wares.testing.laws",
    "import_text": "wares.testing.importing",
}
__all__ = sorted(_HOMES)
__getattr__, __dir__ = lazily(__name__, _HOMES)
