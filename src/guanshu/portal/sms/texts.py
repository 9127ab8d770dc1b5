"""The approved texts (templates.csv): gateways send nothing else. Variables are short and nothing in them is a link."""

import re
from collections.abc import Mapping
from functools import cache

from guanshu.portal.channels import approved_texts, variables_of

__all__ = ["LONGEST", "rendered", "templates", "variables_of"]
# The shortest limit of the gateways there are, for one variable.
LONGEST = 20
_LINK = re.compile(r"://|www\.|\.(?:com|cn|net|org)\b", re.IGNORECASE)


@cache
def templates() -> Mapping[str, str]:
    """Return the text of each template by its code."""
    return approved_texts()


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
