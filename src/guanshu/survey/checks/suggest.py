"""Did you mean …"""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches


def did_you_mean(word: str, known: Iterable[str], labels: Mapping[str, str] | None = None, otherwise: str = "") -> str:
    """Return a cure that names close spellings. This function will also find a name by its Chinese label.

    `labels` maps labels to names. `otherwise` is the cure where nothing is close. Raises nothing.
    """
    if labels and word in labels:
        return f"用名称 {labels[word]}"
    close = get_close_matches(word, list(known), n=3, cutoff=0.6)
    if close:
        return f"是不是 {' 或 '.join(close)}"
    return otherwise
