"""The document types that the core registers."""

from __future__ import annotations

from wares.documents.inventory import Adjustment, Count, OpeningBalance, Transfer
from wares.documents.money import Journal, Payment, Refund
from wares.documents.returns import RETURN_TYPES
from wares.documents.trade import Bill, CashPurchase, CashSale, CreditNote, Delivery, Invoice, Receipt, SupplierCredit
from wares.documents.value import VALUE_TYPES
from wares.documenttype import DocumentType

DOCUMENT_TYPES: tuple[DocumentType, ...] = (
    OpeningBalance(), Receipt(), Bill(), CashPurchase(), SupplierCredit(), Delivery(), Invoice(), CashSale(), CreditNote(),
    Adjustment(), Count(), Transfer(), Payment(), Refund(), Journal(), *RETURN_TYPES, *VALUE_TYPES,
)  # fmt: skip
