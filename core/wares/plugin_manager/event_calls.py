"""The hooks that tell plugins of events: after the commit, each observer isolated, so that its exceptions are logged."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pluggy

from wares.model import Item
from wares.plugin_manager.asking import Arguments, asked
from wares.plugin_manager.blame import FAILURES, Blame

if TYPE_CHECKING:
    from wares.model import Posted

logger = logging.getLogger(__name__)
EVENTS = ("wares_posted", "wares_voided", "wares_item_created", "wares_cost_corrected")


class EventCalls:
    """The hooks of events as methods."""

    def __init__(self, manager: pluggy.PluginManager, blame: Blame) -> None:
        self._observers = {event: asked(manager, blame, event) for event in EVENTS}

    @property
    def has_observers(self) -> bool:
        """True if any plugin observes events."""
        return any(self._observers.values())

    def posted(self, document: Posted) -> None:
        """Tell observers that a document was posted."""
        self._tell("wares_posted", {"document": document})

    def voided(self, document: Posted) -> None:
        """Tell observers that a document was voided."""
        self._tell("wares_voided", {"document": document})

    def item_created(self, item: Item) -> None:
        """Tell observers that an item was created."""
        self._tell("wares_item_created", {"item": item})

    def cost_corrected(self, correction: Posted) -> None:
        """Tell observers that a late fact changed the cost of recorded moves."""
        self._tell("wares_cost_corrected", {"correction": correction})

    def _tell(self, event: str, arguments: Arguments) -> None:
        for one in self._observers[event]:
            try:
                one(arguments)
            except FAILURES:
                logger.exception("plugin %s raised in %s; what was recorded stands", one.owner, event)
