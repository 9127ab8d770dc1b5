"""Sentences a province often writes to museums: its own, or those that come with the system."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import guanshu.portal
from guanshu.portal.models import Province, ReviewPhrase

_FILE = Path(guanshu.portal.__file__).parent / "data" / "review_phrases.txt"


@dataclass(frozen=True, slots=True)
class Phrase:
    """One sentence and its key; 0 for one that comes with the system and was not kept by the province."""

    pk: int
    text: str


@lru_cache(maxsize=1)
def default_phrases() -> tuple[str, ...]:
    """Return the sentences that come with the system."""
    return tuple(line for line in _FILE.read_text(encoding="utf-8").splitlines() if line.strip())


def phrases_of(province: Province) -> tuple[Phrase, ...]:
    """Return a province's sentences in its order; the system's as long as it has none of its own."""
    own = tuple(
        Phrase(pk, text) for pk, text in ReviewPhrase.objects.filter(province=province).values_list("pk", "text")
    )
    return own or tuple(Phrase(0, text) for text in default_phrases())
