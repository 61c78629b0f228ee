"""The contract of sales channels."""

from __future__ import annotations

from typing import ClassVar

from wares.contract.channel import Channel
from wares.testing.contract import PluginContract
from wares.testing.laws import channels, loading
from wares.testing.laws.subject import ChannelCase


class ChannelContract(PluginContract):
    """The tests of a sales channel. They import its `examples`, a small file of each report, with the installed importer."""

    channel: ClassVar[Channel]
    """The channel that the plugin registers."""

    @classmethod
    def examined(cls) -> ChannelCase:
        key, examples = cls.channel.key, cls.channel.examples
        return ChannelCase(plugin=cls.plugin, others=cls.others, needs=cls.needs, key=key, examples=examples)

    def test_registers_the_channel(self, subject: ChannelCase) -> None:
        loading.registers(subject, "channels", self.channel)

    def test_declaration_is_sound(self, subject: ChannelCase) -> None:
        channels.declaration_is_sound(subject)

    def test_files_are_found_by_their_columns(self, subject: ChannelCase) -> None:
        channels.files_are_found_by_their_columns(subject)

    def test_every_row_is_read(self, subject: ChannelCase) -> None:
        channels.every_row_is_read(subject)

    def test_again_it_changes_nothing(self, subject: ChannelCase) -> None:
        channels.again_it_changes_nothing(subject)

    def test_preview_writes_nothing(self, subject: ChannelCase) -> None:
        channels.preview_writes_nothing(subject)

    def test_order_of_columns_does_not_matter(self, subject: ChannelCase) -> None:
        channels.order_of_columns_does_not_matter(subject)

    def test_broken_rows_are_rejected_alone(self, subject: ChannelCase) -> None:
        channels.broken_rows_are_rejected_alone(subject)

    def test_books_survive_without_the_plugin(self, subject: ChannelCase) -> None:
        channels.books_go_on_without(subject)
