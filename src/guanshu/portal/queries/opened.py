"""An opened set of answers, whoever gave them: a museum's report, or the lists a province files."""

from collections.abc import Mapping
from typing import Protocol

from guanshu.portal.queries.forms import Form
from guanshu.portal.queries.stored import Stored
from guanshu.survey.checks.compiled import Compiled, Context
from guanshu.survey.checks.findings import Evaluation
from guanshu.survey.definition.answers import Answers
from guanshu.survey.values.base import Value


class Opened(Protocol):
    """What pages and saves read of opened answers; OpenReport and OpenFiling are such.

    `number` is theirs (`2022-130600001`, `2022-130000`), `saves` counts their saves.
    """

    @property
    def number(self) -> str:
        """Return the number under which the answers are known everywhere."""
        ...

    @property
    def saves(self) -> int:
        """Return how many saves there were."""
        ...

    @property
    def form(self) -> Form:
        """Return the form the answers are to."""
        ...

    @property
    def stored(self) -> Stored:
        """Return what is stored."""
        ...

    @property
    def answers(self) -> Answers:
        """Return what was typed."""
        ...

    @property
    def last(self) -> Answers | None:
        """Return last year's values under this year's names; None where there is no last year."""
        ...

    @property
    def context(self) -> Context:
        """Return what the checks were run with."""
        ...

    @property
    def evaluation(self) -> Evaluation:
        """Return everything computed."""
        ...

    @property
    def compiled(self) -> Compiled:
        """Return the compiled questionnaire."""
        ...

    @property
    def last_values(self) -> Mapping[str, Value]:
        """Return last year's form-level values; empty where there is no last year."""
        ...
