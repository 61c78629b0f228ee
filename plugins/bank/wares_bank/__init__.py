"""Lines of a bank or card: rules say which account a line is for, and each line becomes a document, once.

`lines` reads the file, `rules` finds the rule of a line, `rule_accounts` the accounts of the rules, `file_import` records. The
command is `wares seller import`.
"""

from __future__ import annotations

WARES_API_VERSION = 1
WARES_REQUIRES = ("tracking", "channels")
