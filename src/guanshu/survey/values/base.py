"""What every value type offers: parse, keep, show."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Protocol

from guanshu.survey.values.missing import Missing

# NUMBER -> Decimal, TEXT -> str, DATE and MONTH -> date (a month is its first day), BOOL -> bool,
# CHOICE -> the option's code, MULTI -> the options' codes in the order of the choice list.
Scalar = Decimal | str | bool | date | tuple[str, ...]
Value = Scalar | Missing
# What JSON holds for a value that is present. BLANK is an absent key, NA is {"na": True}.
Json = str | bool | list[str] | dict[str, bool]


class Kind(Enum):
    """The kind of a value as the check language sees it."""

    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    MONTH = "month"
    BOOL = "bool"
    CHOICE = "choice"
    MULTI = "multi"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a choice list; an exclusive option (「无」) cannot stand with others in a multi."""

    code: str
    label: str
    exclusive: bool = False
    formerly: str = ""


class ValueProblem(Exception):  # noqa: N818 - a clerk's mistake is no error of the program
    """Raised when typed text is no value of its type.

    `message` is a Chinese sentence that says what is wrong and how to mend it.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class ValueType(Protocol):
    """A type of cell. Instances are frozen and hashable; all methods are pure."""

    @property
    def name(self) -> str:
        """Return the name as written in the questionnaire, for example `dec2` or `choice(level)`."""

    @property
    def kind(self) -> Kind:
        """Return the kind the check language works with."""

    def parse(self, raw: object) -> Value:
        """Return the normalised value of what was typed, pasted or posted.

        `raw` is None, str, bool, or a list of str (multi). Empty text is BLANK. The text 不适用 is
        NA only to the caller (whether NA is allowed is the cell's business). Raises ValueProblem.
        """

    def to_json(self, value: Scalar) -> Json:
        """Return what is stored: numbers as text at the declared scale, dates as ISO text, options as codes."""

    def from_json(self, stored: Json) -> Scalar:
        """Return the value that `to_json` stored."""

    def to_text(self, value: Value) -> str:
        """Return the plain text for inputs and CSV: "9100.00", "2022-01-31", codes joined by "|".

        BLANK is "", NA is 不适用.
        """

    def to_display(self, value: Value) -> str:
        """Return the text for people: "9,100.00", "2022年1月31日", labels joined by "、"; BLANK is "", NA is —."""
