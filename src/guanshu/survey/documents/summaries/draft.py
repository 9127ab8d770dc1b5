"""A draft of the annual summary: the texts the museum has typed already, and its key figures."""

from collections.abc import Mapping

from guanshu.survey.definition.model import Questionnaire
from guanshu.survey.definition.rolenames import ROLE_NAMES
from guanshu.survey.documents.summaries.paper import Paper
from guanshu.survey.documents.summaries.templates import ANNUAL
from guanshu.survey.values.base import Value
from guanshu.survey.values.missing import BLANK, Missing

# The roles whose figures stand at the head, in this order.
_FIGURES = (
    "building_area", "hall_area", "permanent_hall_area", "open_days", "visits", "edu_people", "income", "free_days",
    "free_visits", "subsidy_received", "subsidy_spent", "subsidy_rate",
)  # fmt: skip


def annual_draft(form: Questionnaire, values: Mapping[str, Value], name: str, year: int) -> bytes:
    """Return the .docx of a draft; what has not been written keeps the template's hint."""
    paper = Paper(f"{name}{year}年度工作总结", name)
    rows = _figures(form, values)
    if rows:
        paper.text(f"{year}年度主要数据如下（摘自本馆填报数据，请核对）：")
        paper.table(("指标", "计量单位", "数值"), rows, (6, 2, 3), right=2)
    for heading, role, hint in ANNUAL:
        paper.heading(heading)
        text = _text(form, values, role)
        paper.text(text or hint, hint=not text)
    return paper.bytes()


def _figures(form: Questionnaire, values: Mapping[str, Value]) -> list[tuple[str, str, str]]:
    rows = []
    for role in _FIGURES:
        cell = form.cells.get(form.roles.get(role, ""))
        value = values.get(cell.name, BLANK) if cell is not None else BLANK
        if cell is not None and not isinstance(value, Missing):
            rows.append((ROLE_NAMES[role], cell.unit, cell.type.to_display(value)))
    return rows


def _text(form: Questionnaire, values: Mapping[str, Value], role: str) -> str:
    value = values.get(form.roles.get(role, ""), BLANK)
    return value.strip() if isinstance(value, str) else ""
