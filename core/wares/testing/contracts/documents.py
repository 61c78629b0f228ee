"""The contract of document types."""

from __future__ import annotations

from typing import ClassVar

from wares.contract.document_type import DocumentType
from wares.testing.contract import PluginContract, applies_if
from wares.testing.laws import absence, documents, loading
from wares.testing.laws.subject import DocumentCase
from wares.values import Record


class DocumentTypeContract(PluginContract):
    """The tests of a document type."""

    document_type: ClassVar[DocumentType]
    """The type that the plugin registers."""
    example: ClassVar[Record]
    """Record of a document of the type; the items, stock and earlier documents that it needs stand in `needs`."""

    @classmethod
    def examined(cls) -> DocumentCase:
        key, example = cls.document_type.key, cls.example
        return DocumentCase(plugin=cls.plugin, others=cls.others, needs=cls.needs, key=key, example=example)

    def test_registers_the_type(self, subject: DocumentCase) -> None:
        loading.registers(subject, "document_types", self.document_type)

    def test_preview_is_what_is_posted(self, subject: DocumentCase) -> None:
        documents.preview_is_what_is_posted(subject)

    def test_postings_balance(self, subject: DocumentCase) -> None:
        documents.postings_balance(subject)

    def test_void_takes_everything_back(self, subject: DocumentCase) -> None:
        documents.void_takes_everything_back(subject)

    @applies_if(lambda its: "key" in its.document_type.header_keys)
    def test_key_makes_it_happen_once(self, subject: DocumentCase) -> None:
        documents.key_makes_it_happen_once(subject)

    def test_unknown_keys_are_refused(self, subject: DocumentCase) -> None:
        documents.unknown_keys_are_refused(subject)

    def test_wrong_values_are_refused(self, subject: DocumentCase) -> None:
        documents.wrong_values_are_refused(subject)

    def test_a_wrapper_that_does_nothing_is_invisible(self, subject: DocumentCase) -> None:
        absence.document_wrapper_is_invisible(subject)

    def test_books_survive_without_the_plugin(self, subject: DocumentCase) -> None:
        absence.document_survives_absence(subject)
