"""Late facts: the sweep that changes what came before, and follows the change into all that came after."""

from wares.correction.changes import Change as Change
from wares.correction.changes import Changes as Changes
from wares.correction.changes import Numbers as Numbers
from wares.correction.changes import OfPool as OfPool
from wares.correction.sweep import Sweep as Sweep

__all__ = ["Change", "Changes", "Numbers", "OfPool", "Sweep"]
