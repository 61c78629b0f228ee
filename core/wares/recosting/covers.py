"""The covers of one pool in a replay: receipts that make up for goods which issues had taken before they were there."""

from __future__ import annotations

from collections.abc import Sequence

from wares.costing.fold import Cover
from wares.recosting.host import Host
from wares.recosting.move_pages import StoredCover
from wares.recosting.moves import ReplayedMove


class Covers:
    """The covers as stored, and those that the replay finds."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self.stored: dict[int, dict[int, int]] = {}  # receipt → issue → value that the cover added to the issue
        self.replayed: list[tuple[int, Cover]] = []  # receipt, its cover

    def __bool__(self) -> bool:
        """True if there are covers, stored or replayed."""
        return bool(self.stored or self.replayed)

    def set_aside(self, covers: Sequence[StoredCover]) -> None:
        """Take stored covers out of the values of their issues. Each comes back when its receipt is replayed."""
        freed = self._host.dependencies.freed
        for receipt_id, issue_id, difference in covers:
            self.stored.setdefault(receipt_id, {})[issue_id] = difference
            if (receipt_id, issue_id) not in freed:
                self._host.cover_set_aside(self._host.dependencies.move(receipt_id), issue_id, difference)

    def replay(self, receipt: ReplayedMove, covers: tuple[Cover, ...]) -> None:
        """Take the covers of a receipt as its fold found them."""
        if covers or receipt.id in self.stored:
            self.replayed += [(receipt.id, cover) for cover in covers]
            self.compare(receipt, covers)

    def compare(self, receipt: ReplayedMove, covers: tuple[Cover, ...]) -> None:
        """Tell the host the covers of a receipt, and those that it has no more."""
        host, stored = self._host, dict(self.stored.get(receipt.id, {}))
        for cover in covers:
            difference = cover.estimate - cover.value
            host.covered(receipt, cover.move_id, difference, difference - stored.pop(cover.move_id, 0))
        for issue_id, difference in stored.items():
            if issue_id not in host.dependencies.removed:  # the mirror of its moves takes that back
                host.covered(receipt, issue_id, 0, -difference)
