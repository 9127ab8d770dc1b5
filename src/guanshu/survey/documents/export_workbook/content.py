"""What the workbook is made from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from guanshu.survey.checks.findings import Finding
from guanshu.survey.definition.answers import Answers
from guanshu.survey.definition.model import Questionnaire
from guanshu.survey.values.base import Value


@dataclass(frozen=True, slots=True)
class ExportedReport:
    """One organisation: who, in which state, and its values as checks and facts read them (`Evaluation.values`)."""

    state: str
    review_state: str
    province: str
    name: str
    account: str
    number: str
    answers: Answers = field(default_factory=Answers)
    values: Mapping[str, Value] = field(default_factory=dict)
    findings: Sequence[Finding] = ()


@dataclass(frozen=True, slots=True)
class ExportContent:
    """Everything the workbook says. `filters` are sentences about what was left out, `by` and `at` who wrote it when.

    reports: gone through once, so that a thousand of them need never be in memory together.
    final: whether every organisation is approved and none is awaited, so that nothing can change any more.
    """

    questionnaire: Questionnaire
    year: int
    free_only: bool
    at: datetime
    reports: Iterable[ExportedReport]
    filters: Sequence[str] = ()
    final: bool = False
    by: str = ""

    @property
    def title(self) -> str:
        """Return the title, marked 未定稿 until everything is approved."""
        return _title(self.questionnaire.organisation, self.year, free_only=self.free_only, final=self.final)


def _title(organisation: str, year: int, *, free_only: bool, final: bool) -> str:
    what = f"免费开放{organisation}基础信息" if free_only else f"{organisation}基础信息（全部字段）"
    return f"{year}年度{what}{'' if final else '（未定稿）'}"


def file_name(content: ExportContent) -> str:
    """Return the official name of the file."""
    return f"{content.title}.xlsx"
