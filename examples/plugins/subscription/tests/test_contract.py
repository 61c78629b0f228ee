"""The contracts of both types."""

from __future__ import annotations

from wares.testing import DocumentTypeContract, ItemTypeContract

import subscription
from subscription.types import ACCOUNT, Recognition, Subscription

CLUB = {"type": "subscription", "sku": "CLUB", "price": "100", "attributes": {"months": 12}}


class TestSubscription(ItemTypeContract):
    plugin = subscription
    item_type = Subscription()
    needs = [ACCOUNT]
    example = CLUB


class TestRecognition(DocumentTypeContract):
    plugin = subscription
    document_type = Recognition()
    *needs, example = Recognition.example_records
