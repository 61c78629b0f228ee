"""Parse the cells of files: money with signs and separators, dates in many forms. The result is exact, or an error."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from wares import Refused

_PLAIN = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_NUMBER = re.compile(r"([^\d.,]*?)([\d.,'’ ]*\d[\d.,'’ ]*)([^\d]*)", re.ASCII)
_GROUPED = {mark: re.compile(rf"\d{{1,3}}([{re.escape(mark)}]\d{{3}})+", re.ASCII) for mark in (",", ".", "'", "’", " ")}
_MONTHS = {name: number for number, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
)}  # fmt: skip
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)", re.ASCII)
_NUMERIC = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?!\d)", re.ASCII)
_NAMED = (
    re.compile(r"(?P<month>[A-Za-z]{3,9})[-. ]+(?P<day>\d{1,2})(?:st|nd|rd|th)?[-, ]+(?P<year>\d{4}|\d{2})(?!\d)", re.ASCII),
    re.compile(r"(?P<day>\d{1,2})(?:st|nd|rd|th)?[-. ]+(?P<month>[A-Za-z]{3,9})[-., ]+(?P<year>\d{4}|\d{2})(?!\d)", re.ASCII),
)
FORMS = ("DMY", "MDY", "YMD")
_A_DAY = date(2026, 11, 22)


class AmbiguousDate(ValueError):
    """A date whose day and month are interchangeable."""


@lru_cache(maxsize=4096)
def parse_money(text: str, *, mark: str | None = None) -> Decimal | None:
    """Return the amount of a text: "$1,234.50", "(8.00)", "-$8.00", "1.234,50 €", "USD 12". None for an empty cell or dashes.

    `mark` is the decimal mark, if the files of a channel need it stated. Raises ValueError for a text that is no amount, or is
    ambiguous.
    """
    if _PLAIN.fullmatch(text) and mark != ",":
        return Decimal(text)
    plain = unicodedata.normalize("NFKC", text).replace("−", "-").strip()
    if not plain.strip("-– "):
        return None
    negative = plain.startswith("(") and plain.endswith(")")
    found = _NUMBER.fullmatch(plain[1:-1].strip() if negative else plain)
    if found is None:
        raise ValueError(f"{text[:40]!r} is no amount")
    before, digits, after = found[1].strip(), found[2].strip(), found[3].strip()
    signs = [sign for sign in before + after if sign in "+-"]
    if len(signs) > 1 or (signs and negative) or not (_is_currency(before) and _is_currency(after)):
        raise ValueError(f"{text[:40]!r} is no amount")
    value = Decimal(_plain_digits(digits, mark, text))
    return -value if negative or signs == ["-"] else value


def _is_currency(text: str) -> bool:
    """True if a text is the sign or code of a currency, with or without a minus."""
    letters = text.replace("+", "").replace("-", "").replace(" ", "")
    return len(letters) <= 4 and all(each.isalpha() or unicodedata.category(each) == "Sc" for each in letters)


def _plain_digits(digits: str, mark: str | None, text: str) -> str:
    """Return the digits with one point at most."""
    if mark is None:
        mark = _decimal_mark(digits)
    whole, _, rest = digits.partition(mark)
    groups = {each for each in whole if not each.isdigit()}
    well_grouped = not groups or (len(groups) == 1 and _GROUPED[min(groups)].fullmatch(whole) is not None)
    if not well_grouped or (rest and not rest.isdigit()):
        raise ValueError(f"{text[:40]!r} is no amount, or its separators could mean two things")
    return "".join(each for each in whole if each.isdigit()) + (f".{rest}" if rest else "")


def _decimal_mark(digits: str) -> str:
    """Return the decimal mark: the last of two different marks; a comma with one or two digits behind it; else the point."""
    point, comma = digits.rfind("."), digits.rfind(",")
    if point >= 0 and comma >= 0:
        return "." if point > comma else ","
    if comma >= 0 and digits.count(",") == 1 and len(digits) - comma - 1 in (1, 2):
        return ","
    if digits.count(".") > 1:
        return ","
    return "."


@lru_cache(maxsize=4096)
def parse_day(text: str, form: str | None = None) -> str:
    """Return a date as ISO text. `form` is DMY, MDY, YMD or a strptime pattern. Without a form, dates with the year first and dates
    with the name of a month are understood, other numbers only if they can mean one day. Raises AmbiguousDate, ValueError."""
    try:
        return _parsed(text, form)
    except AmbiguousDate:
        raise
    except ValueError:
        raise ValueError(f"{text[:40]!r} is no date") from None


def _parsed(text: str, form: str | None) -> str:
    plain = text.strip()
    if form is not None and "%" in form:
        return datetime.strptime(plain, form).date().isoformat()
    if found := _YEAR_FIRST.match(plain):
        return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
    for pattern in _NAMED:
        if (named := pattern.match(plain)) and (month := _MONTHS.get(named["month"][:3].lower())):
            return date(_year(named["year"]), month, int(named["day"])).isoformat()
    numeric = _NUMERIC.match(plain)
    if numeric is None:
        raise ValueError
    one, two, year = int(numeric[1]), int(numeric[2]), _year(numeric[3])
    if form is None and one != two and one <= 12 and two <= 12:
        raise AmbiguousDate(f"{text[:40]!r} could be two days")
    month_first = form == "MDY" or (form is None and two > 12)
    return date(year, one if month_first else two, two if month_first else one).isoformat()


def check_form(form: str | None) -> None:
    """Check the form of dates. Refused BAD_FORM."""
    if form is None or form in FORMS:
        return
    try:
        if "%" not in form or datetime.strptime(_A_DAY.strftime(form), form).date() != _A_DAY:
            raise ValueError
    except ValueError:
        hint = f"give {', '.join(FORMS)}, or a pattern such as %d.%m.%Y"
        raise Refused.because("BAD_FORM", f"{form!r} is no form of a date", path="dates", hint=hint) from None


def _year(text: str) -> int:
    return int(text) + 2000 if len(text) == 2 else int(text)
