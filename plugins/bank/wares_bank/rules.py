"""Rules for lines of a bank or card: a pattern of the vendor, the description or the category says which account it is for.

A file of rules is a CSV or workbook with the columns

    pattern    text that must stand there, in any case; `*` and `?` as in file names, then it must fit as a whole
    in         vendor, description or category; empty = any of them
    account    the account's code; or a word: `inventory` for purchases that wait for details (and what vendors pay back of them),
               `payout` for what a channel pays out, `skip` for lines that stand in the books otherwise
    vendor     who it was bought from, where the line does not say it well; a party that is not known is made

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
    """One rule; `name` says where it stands."""

    pattern: str
    field: str
    account: str
    vendor: str
    name: str

    def fits(self, line: BankLine) -> bool:
        """Whether a line is meant."""
        texts = [getattr(line, self.field)] if self.field else [line.vendor, line.description, line.category]
        return any(self._fits(text.casefold()) for text in texts)

    def _fits(self, text: str) -> bool:
        pattern = self.pattern.casefold()
        return fnmatchcase(text, pattern) if "*" in pattern or "?" in pattern else pattern in text


USUAL = (Rule("inventory*", "category", INVENTORY, "", "category inventory"),)
"""Without a file: what the bank or the user calls inventory is."""


def first_rule(rules: tuple[Rule, ...], line: BankLine) -> Rule | None:
    """The first that fits a line."""
    return next((rule for rule in rules if rule.fits(line)), None)


def read_rules(path: Path) -> tuple[Rule, ...]:
    """The rules of a file, in its order. Refused BAD_RULES with the line, and what a table is refused for."""
    with Table(path, expected=_COLUMNS) as table:
        names = [name.strip().casefold() for name in table.header]
        if not {"pattern", "account"} <= set(names):
            hint = f"the first row must be: {','.join(_COLUMNS)}"
            raise Refused.because("BAD_RULES", f"{path.name} has no columns pattern and account", hint=hint, where=path.name)
        rules = []
        for row in table:
            said = {name: cell.strip() for name, cell in zip(names, row.cells, strict=False)}
            rules.append(_rule(said, f"{path.name} line {row.line}", row.problem))
        return tuple(rules)


def _rule(said: dict[str, str], name: str, problem: str) -> Rule:
    field = said.get("in", "").casefold()
    if not problem and field not in ("", *_FIELDS):
        problem = f"in is {field!r}, not {', '.join(_FIELDS)} or empty"
    if not problem and not (said.get("pattern") and said.get("account")):
        problem = "a rule has a pattern and an account"
    if problem:
        raise Refused.because("BAD_RULES", f"{name}: {problem}", where=name, hint="mend the line; no rule was used")
    return Rule(said["pattern"], field, said["account"], said.get("vendor", ""), name)
