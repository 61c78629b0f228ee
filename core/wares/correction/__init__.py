"""Late facts: the sweep that changes what came before, and follows the change into all that came after."""

from wares.correction.facts import Change as Change
from wares.correction.sweep import Sweep as Sweep

__all__ = ["Change", "Sweep"]
