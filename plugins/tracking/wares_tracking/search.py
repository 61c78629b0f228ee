"""Search products as the user types: the exact SKU, then equal beginnings, then similar texts.

The first search looks at every product, since an index takes ten times as long to build. The second search builds the index, over
SKUs and names, so that a search takes milliseconds at 100,000 products. Sorted texts serve equal beginnings. Similar texts are
found by the words of the products and the trigrams of those words, so that "cabel" finds "cable"; rapidfuzz scores only the
products found by their words. A caller that searches often keeps the object.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from heapq import nlargest
from typing import Any, TypeVar

T = TypeVar("T", int, str)
EXACT, BEGINS = 100.0, 99.0
LIKE = 60.0
"""Scores from 0 to 100; a product with a lower score than LIKE is no suggestion."""
LOOKED_AT = 50_000
"""Entries of the index that one word or search looks at, the rarest first: a frequent entry tells little."""
SCORED = 200
"""Words that are compared with a word, and products that are compared with the text."""
_WORD = re.compile(r"\w+")


def squashed(text: str) -> str:
    """Return a text without spaces, in one case."""
    return "".join(text.casefold().split())


class SearchIndex:
    """The searchable names, by SKU."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self._names = names
        self._skus = list(names)
        self._is_asked_again = False

    def search(self, text: str, *, limit: int) -> list[tuple[str, float]]:
        """Return (SKU, score) of the products that a few letters may mean, best first."""
        found: dict[str, float] = {text: EXACT} if text in self._names else {}
        for sku in self._beginning(squashed(text), limit + 1):
            found.setdefault(sku, BEGINS)
        if len(found) < limit:
            for sku, score in self._alike(text, limit):
                found.setdefault(sku, score)
        self._is_asked_again = True
        return sorted(found.items(), key=lambda each: (-each[1], each[0]))[:limit]

    # --- equal beginnings ---

    def _beginning(self, begins: str, limit: int) -> Iterator[str]:
        texts = self._texts if self._is_asked_again else sorted(each for each in self._squashed() if each[0].startswith(begins))
        at, found = bisect_left(texts, (begins,)) if begins else len(texts), set[str]()
        while len(found) < limit and at < len(texts) and texts[at][0].startswith(begins):
            found.add(texts[at][1])
            at += 1
        return iter(found)

    @cached_property
    def _texts(self) -> list[tuple[str, str]]:
        """Return squashed SKUs and names with their SKU, sorted."""
        return sorted(self._squashed())

    def _squashed(self) -> Iterator[tuple[str, str]]:
        return ((squashed(text), sku) for sku, name in self._names.items() for text in (sku, name))

    # --- similar texts ---

    @cached_property
    def _words(self) -> dict[str, list[int]]:
        """Return, by word, the places of the products that have it."""
        words: dict[str, list[int]] = defaultdict(list)
        for place, sku in enumerate(self._skus):
            for word in {*_words_of(sku), *_words_of(self._names[sku])}:
                words[word].append(place)
        return words

    @cached_property
    def _trigrams(self) -> dict[str, list[str]]:
        """Return, by trigram, the words that have it."""
        trigrams: dict[str, list[str]] = defaultdict(list)
        for word in self._words:
            for each in _trigrams_of(word):
                trigrams[each].append(word)
        return trigrams

    def _alike(self, text: str, limit: int) -> list[tuple[str, float]]:
        from rapidfuzz import fuzz, process, utils

        skus = self._with_words_of(text) if self._is_asked_again else self._skus
        scores: dict[str, float] = {}
        options: Any = {"processor": utils.default_process, "score_cutoff": LIKE, "limit": limit}
        for choices, scorer in (
            ({sku: self._names[sku] for sku in skus}, fuzz.token_set_ratio),
            ({sku: sku for sku in skus}, fuzz.ratio),
        ):
            for _, score, sku in process.extract(text, choices, scorer=scorer, **options):
                scores[sku] = max(score, scores.get(sku, 0.0))
        return list(scores.items())

    def _with_words_of(self, text: str) -> list[str]:
        """Return the products that have most of the words, or similar ones."""
        places = _rarest_first(
            (self._words[known], score) for word in dict.fromkeys(_words_of(text)) for known, score in self._words_like(word)
        )
        return [self._skus[place] for place in places]

    def _words_like(self, word: str) -> list[tuple[str, float]]:
        """Return the known words that are similar to a word, with their scores."""
        from rapidfuzz import fuzz, process

        near = _rarest_first((self._trigrams.get(each, ()), 1.0) for each in _trigrams_of(word))
        return [
            (known, score) for known, score, _ in process.extract(word, near, scorer=fuzz.ratio, score_cutoff=LIKE, limit=SCORED)
        ]


def _rarest_first(found: Iterable[tuple[Sequence[T], float]]) -> list[T]:
    """Return the entries with the highest sums of scores; the shortest lists count first."""
    scores: dict[T, float] = defaultdict(float)
    looked_at = 0
    for each, score in sorted(found, key=lambda one: len(one[0])):
        looked_at += len(each)
        if looked_at > LOOKED_AT and scores:
            break
        for one in each:
            scores[one] += score
    return nlargest(SCORED, scores, key=scores.__getitem__)


def _words_of(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _trigrams_of(word: str) -> set[str]:
    padded = f" {word} "
    return {padded[at : at + 3] for at in range(len(padded) - 2)}
