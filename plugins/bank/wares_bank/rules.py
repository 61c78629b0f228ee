"""Rules for the lines of a bank or card: a pattern of the vendor, the description or the category gives a line its account.

A file of rules is a CSV or workbook with the columns

    pattern    a text that the line contains, in any case; with `*` and `?` as in file names the whole text must fit
    in         vendor, description or category; empty = any of them
    account    the code of the account; or a word: `inventory` for purchases that wait for details (and refunds of their vendors),
               `payout` for payouts of a channel, `skip` for lines that the books have from elsewhere
    vendor     the vendor, if the line does not name it well; an unknown one becomes a party

The first rule that fits wins.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple

from wares import Refused, Table
from wares_bank.lines import BankLine

INVENTORY, PAYOUT, SKIP = "inventory", "payout", "skip"
_FIELDS = ("vendor", "description", "category")
_COLUMNS = ("pattern", "in", "account", "vendor")


class Rule(NamedTuple):
    """One rule."""

    pattern: str
    field: str
    """The field that the pattern is compared with; "" for any."""
    account: str
    vendor: str
    name: str
    """File and line of the rule."""

    def fits(self, line: BankLine) -> bool:
        """True if the rule is for a line."""
        texts = [getattr(line, self.field)] if self.field else [line.vendor, line.description, line.category]
        return any(self._fits(text.casefold()) for text in texts)

    def _fits(self, text: str) -> bool:
        pattern = self.pattern.casefold()
        return fnmatchcase(text, pattern) if "*" in pattern or "?" in pattern else pattern in text


USUAL = (Rule("inventory*", "category", INVENTORY, "", "category inventory"),)
"""The rules without a file: lines of the category inventory are purchases."""


def first_rule(rules: tuple[Rule, ...], line: BankLine) -> Rule | None:
    """Return the first rule that fits a line."""
    return next((rule for rule in rules if rule.fits(line)), None)


def read_rules(path: Path) -> tuple[Rule, ...]:
    """Return the rules of a file, in its order. Refused BAD_RULES with the line, and the refusals of a table."""
    with Table(path, expected=_COLUMNS) as table:
        names = [name.strip().casefold() for name in table.header]
        if not {"pattern", "account"} <= set(names):
            hint = f"the first row must be: {','.join(_COLUMNS)}"
            raise Refused.because("BAD_RULES", f"{path.name} has no columns pattern and account", hint=hint, where=path.name)
        rules = []
        for row in table:
            texts = {name: cell.strip() for name, cell in zip(names, row.cells, strict=False)}
            rules.append(_rule(texts, f"{path.name} line {row.line}", row.problem))
        return tuple(rules)


def _rule(texts: dict[str, str], name: str, problem: str) -> Rule:
    field = texts.get("in", "").casefold()
    if not problem and field not in ("", *_FIELDS):
        problem = f"in is {field!r}, not {', '.join(_FIELDS)} or empty"
    if not problem and not (texts.get("pattern") and texts.get("account")):
        problem = "a rule has a pattern and an account"
    if problem:
        raise Refused.because("BAD_RULES", f"{name}: {problem}", where=name, hint="correct the line; no rule was used")
    return Rule(texts["pattern"], field, texts["account"], texts.get("vendor", ""), name)
