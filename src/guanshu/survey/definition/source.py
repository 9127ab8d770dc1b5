"""Where a piece of a questionnaire stands, and what is wrong with it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """A piece of text (a formula, a condition) with the place it was read from; line and column count from 1."""

    text: str
    file: str
    line: int
    column: int


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake in a questionnaire folder. `message` says what is wrong, `cure` how to mend it (both Chinese)."""

    file: str
    line: int
    column: int
    message: str
    cure: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column} {self.message}（{self.cure}）"
