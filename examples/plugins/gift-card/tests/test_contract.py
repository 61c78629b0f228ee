"""The contracts that both types and the report keep."""

from __future__ import annotations

from wares.testing import DocumentTypeContract, ItemTypeContract, ReportContract

import gift_card
from gift_card.report import GiftCards
from gift_card.types import ACCOUNT, GiftCard, Redemption

CARD = {"type": "gift_card", "sku": "GIFT", "price": "50"}


class TestGiftCard(ItemTypeContract):
    plugin = gift_card
    item_type = GiftCard()
    needs = [ACCOUNT]
    example = CARD


class TestRedemption(DocumentTypeContract):
    plugin = gift_card
    document_type = Redemption()
    needs = [
        ACCOUNT,
        CARD,
        {"type": "service", "sku": "REPAIR", "price": "60"},
        {
            "record": "document",
            "type": "invoice",
            "number": "I-1",
            "date": "2026-01-02",
            "party": "CUSTOMER",
            "lines": [{"item": "GIFT", "attributes": {"code": "MERRY"}}, {"item": "REPAIR"}],
        },
    ]
    example = {
        "date": "2026-01-03",
        "party": "CUSTOMER",
        "amount": "40.00",
        "attributes": {"code": "MERRY"},
        "apply_to": [{"number": "I-1"}],
    }


class TestGiftCards(ReportContract):
    plugin = gift_card
    report = GiftCards()
    needs = GiftCards.example_records
