"""The prose of the guide (steps.csv): who does what, step by step. Labels in 「」 are those on the screens."""

import csv
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path

FILE = Path(__file__).with_name("steps.csv")


def chapters(given: Mapping[str, str]) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """Yield the chapters: title, and paragraphs with the words that stand out before each.

    given: what stands for the names in braces. Raises KeyError for a name that is not given.
    """
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for title, members in groupby(rows, key=lambda row: row["chapter"]):
        yield title, tuple((row["lead"], row["text"].format_map(given)) for row in members)
