"""The contracts of both types and of the report."""

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
    *needs, example = Redemption.example_records


class TestGiftCards(ReportContract):
    plugin = gift_card
    report = GiftCards()
    needs = GiftCards.example_records
