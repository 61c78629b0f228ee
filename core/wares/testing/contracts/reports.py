"""The contract of reports."""

from __future__ import annotations

from typing import ClassVar

from wares.contract.report import Report
from wares.testing import strategies as draw
from wares.testing.contract import PluginContract, applies_if, for_all
from wares.testing.laws import loading, reports
from wares.testing.laws.subject import ReportCase
from wares.values import Record


class ReportContract(PluginContract):
    """The tests of a report. `needs` holds records after which the report has rows to show."""

    report: ClassVar[Report]
    """The report that the plugin registers."""
    parameters: ClassVar[Record] = {}
    """The parameters with which the tests run it."""

    @classmethod
    def examined(cls) -> ReportCase:
        return ReportCase(plugin=cls.plugin, others=cls.others, needs=cls.needs, key=cls.report.key, parameters=cls.parameters)

    def test_registers_the_report(self, subject: ReportCase) -> None:
        loading.registers(subject, "reports", self.report)

    def test_example_is_shown(self, subject: ReportCase) -> None:
        reports.example_is_shown(subject)

    def test_reading_is_pure(self, subject: ReportCase) -> None:
        reports.reading_is_pure(subject)

    def test_parameters_have_no_float(self, subject: ReportCase) -> None:
        reports.parameters_have_no_float(subject)

    def test_unknown_parameters_are_refused(self, subject: ReportCase) -> None:
        reports.unknown_parameters_are_refused(subject)

    @applies_if(lambda its: its.report.Parameters.model_fields)
    def test_any_text_is_read_or_refused(self, subject: ReportCase) -> None:
        for_all(lambda text: reports.any_text_is_read_or_refused(subject, text), text=draw.TYPED)

    def test_empty_books_are_shown(self, subject: ReportCase) -> None:
        reports.empty_books_are_shown(subject)
