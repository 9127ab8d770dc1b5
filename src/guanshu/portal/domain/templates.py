"""Word templates and drafts of the museum's summaries, made in a process of their own (python-docx stays out)."""

import base64
from dataclasses import dataclass
from typing import Any

from guanshu.portal.domain.naming import role_of, safe_name
from guanshu.portal.domain.outside import run_outside
from guanshu.portal.models import QuestionnaireVersion, Report
from guanshu.portal.problems import Unusable
from guanshu.portal.queries.connections import give_back_connection
from guanshu.portal.queries.reports import OpenReport
from guanshu.survey.definition.model import Questionnaire
from guanshu.survey.values.base import Json
from guanshu.survey.values.missing import Missing

_KINDS = {"annual_summary": ("annual", "年度工作总结"), "free_report": ("free", "年度免费开放工作总结")}

_DRAFTED = "annual_summary"


@dataclass(frozen=True, slots=True)
class WordFile:
    """A Word file to hand out."""

    name: str
    data: bytes


def has_template(questionnaire: Questionnaire, purpose: str) -> bool:
    """Return whether there is a Word template for a file cell."""
    return role_of(questionnaire, purpose) in _KINDS


def has_draft(questionnaire: Questionnaire, purpose: str) -> bool:
    """Return whether a draft can be made for a file cell from what is typed."""
    return role_of(questionnaire, purpose) == _DRAFTED


def summary_template(*, report: Report, questionnaire: Questionnaire, purpose: str) -> WordFile:
    """Return the template of a file cell's summary. Raises Unusable when the cell has none, OutsideFailed."""
    role = role_of(questionnaire, purpose)
    if role not in _KINDS:
        raise Unusable("这一项附件没有模板。")
    kind, title = _KINDS[role]
    name, year = report.museum.name, report.campaign.year
    data = run_outside("summary", {"kind": kind, "name": name, "year": year})
    return WordFile(safe_name(name, f"{year}{title}（模板）", ".docx"), data)


def summary_draft(*, opened: OpenReport) -> WordFile:
    """Return the annual summary drafted from what the museum has typed. Raises OutsideFailed."""
    report = opened.report
    name, year = report.museum.name, report.campaign.year
    archive = QuestionnaireVersion.objects.values_list("archive", flat=True).get(pk=report.questionnaire_id)
    given = {
        "kind": "draft",
        "name": name,
        "year": year,
        "questionnaire": base64.b64encode(bytes(archive)).decode(),
        "tables": _values(opened),
    }
    give_back_connection()
    data = run_outside("summary", given)
    return WordFile(safe_name(name, f"{year}年度工作总结（草稿）", ".docx"), data)


def _values(opened: OpenReport) -> dict[str, Any]:
    """Return the form's values with roles, computed ones included, in the shape of TableAnswers; nothing personal."""
    questionnaire, values = opened.compiled.questionnaire, opened.evaluation.values
    tables: dict[str, dict[str, dict[str, Json]]] = {}
    for name in set(questionnaire.roles.values()):
        cell = questionnaire.cells.get(name)
        value = values.get(name)
        if cell is None or cell.personal or value is None or isinstance(value, Missing):
            continue
        tables.setdefault(cell.table, {"cells": {}})["cells"][name] = cell.type.to_json(value)
    return tables
