"""The approved texts (templates.csv): gateways send nothing else. Variables are short and nothing in them is a link."""

import csv
import re
import string
from collections.abc import Mapping
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("templates.csv")
# The shortest limit of the gateways there are, for one variable.
LONGEST = 20
_LINK = re.compile(r"://|www\.|\.(?:com|cn|net|org)\b", re.IGNORECASE)


@cache
def templates() -> Mapping[str, str]:
    """Return the text of each template by its code."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["text"] for row in csv.DictReader(file)}


def variables_of(text: str) -> frozenset[str]:
    """Return the names of a text's variables."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name)


def rendered(template: str, variables: Mapping[str, str]) -> str:
    """Return the text as it will be read, without the sign. Raises ValueError for what no gateway would send."""
    text = templates().get(template)
    if text is None:
        raise ValueError(f"no template {template} for text messages")
    if set(variables) != variables_of(text):
        raise ValueError(f"template {template} has the variables {sorted(variables_of(text))}")
    for name, value in variables.items():
        if not value or len(value) > LONGEST or not value.isprintable() or _LINK.search(value):
            raise ValueError(f"template {template}: {name} is empty, too long or not plain text")
    return text.format_map(variables)
