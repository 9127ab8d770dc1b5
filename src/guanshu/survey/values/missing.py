"""The two ways in which a cell can hold no value: not answered, and 不适用."""

from enum import Enum


class Missing(Enum):
    """BLANK means "not answered"; NA means the respondent (or a condition) says 不适用."""

    BLANK = "blank"
    NA = "na"

    def __repr__(self) -> str:
        return self.name


BLANK = Missing.BLANK
NA = Missing.NA
