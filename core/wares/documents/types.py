"""The document types of the core."""

from __future__ import annotations

from wares.contract.document_type import DocumentType
from wares.documents.close import Close
from wares.documents.inventory import Adjustment, Count, OpeningBalance, Transfer
from wares.documents.money import Journal, Payment, Refund
from wares.documents.purchases import Bill, CashPurchase, Receipt
from wares.documents.returns import RETURN_TYPES
from wares.documents.sales import CashSale, CreditNote, Delivery, Invoice
from wares.documents.suppliercredit import SupplierCredit
from wares.documents.value import VALUE_TYPES

DOCUMENT_TYPES: tuple[DocumentType, ...] = (
    OpeningBalance(), Receipt(), Bill(), CashPurchase(), SupplierCredit(), Delivery(), Invoice(), CashSale(), CreditNote(),
    Adjustment(), Count(), Transfer(), Payment(), Refund(), Journal(), *RETURN_TYPES, *VALUE_TYPES, Close(),
)  # fmt: skip
