"""Collecting everything that is wrong with a folder, so that all of it can be mended in one go."""

from collections.abc import Iterable
from difflib import get_close_matches

from guanshu.survey.definition.source import Problem, Source


class QuestionnaireError(Exception):
    """Raised for a folder that is no sound questionnaire; `problems` names every mistake."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class Problems:
    """The mistakes found so far."""

    def __init__(self) -> None:
        self._found: set[Problem] = set()

    def add(self, at: Source, message: str, cure: str) -> None:
        """Note a mistake at a place: what is wrong and how to mend it, both in Chinese."""
        self._found.add(Problem(at.file, at.line, at.column, message, cure))

    def extend(self, problems: Iterable[Problem]) -> None:
        """Note mistakes that others found."""
        self._found.update(problems)

    def sorted(self) -> list[Problem]:
        """Return the mistakes by file, line and column."""
        return sorted(self._found)


def top_of(file: str) -> Source:
    """Return the place to report what concerns a file as a whole."""
    return Source("", file, 1, 1)


def suggest(word: str, known: Iterable[str], otherwise: str) -> str:
    """Return the cure for an unknown word: the most similar known one, or else the given sentence."""
    near = get_close_matches(word, list(known), 1, 0.6)
    return f"是否应为「{near[0]}」" if near else otherwise
