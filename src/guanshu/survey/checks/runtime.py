"""What compiled formulas run on.

All values stand in one flat list; a formula is a closure over slot numbers. A missing number is a NaN object of our
own: it goes through arithmetic by itself and makes every comparison false, so the usual case (all known, check true)
pays for no test at all; only where a comparison is false does a closure look whether it is unknown. Which kind of
missing it is, is told by identity, in slots only. Other missing values are BLANK and NA as in answers.
"""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from guanshu.survey.values.missing import BLANK, NA, Missing

Frame = list[Any]
Run = Callable[[Frame], Any]

BLANK_NUMBER = Decimal("NaN1")
NA_NUMBER = Decimal("NaN2")
# There is no report of last year: unlike a blank it never counts as 0.
ABSENT_NUMBER = Decimal("NaN3")
UNKNOWN_NUMBER = Decimal("NaN4")

# Exact for every formula within the limits (200 values of 15 digits); no traps, since NaN stands for unknown.
CONTEXT = Context(prec=10_000, rounding=ROUND_HALF_UP, traps=[])
ZERO = Decimal(0)
ONE = Decimal(1)


def is_missing(value: Any) -> bool:
    """Return whether a slot holds no value. Raises nothing."""
    return value.__class__ is Missing or (value.__class__ is Decimal and value.is_nan())


def missing_of(value: Any) -> Missing:
    """Return BLANK or NA for a missing slot value; what is merely unknown counts as BLANK. Raises nothing."""
    return NA if value is NA_NUMBER or value is NA else BLANK
