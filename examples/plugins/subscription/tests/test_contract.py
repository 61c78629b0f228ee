"""The contracts that both types keep."""

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
    needs = [
        ACCOUNT,
        CLUB,
        {
            "record": "document",
            "type": "invoice",
            "number": "I-1",
            "date": "2026-01-15",
            "party": "CUSTOMER",
            "lines": [{"item": "CLUB"}],
        },
    ]
    example = {"date": "2026-03-31"}
