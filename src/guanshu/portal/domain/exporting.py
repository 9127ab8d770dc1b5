"""Exporting the annual workbook: live values with the states of the reports, recorded in the trail."""

import io
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.utils.timezone import localtime

from guanshu.portal import audit
from guanshu.portal.models import Campaign, Province
from guanshu.portal.problems import OperationProblem
from guanshu.portal.queries.exports import exported_reports, find_campaign, opened
from guanshu.portal.queries.forms import compiled
from guanshu.portal.queries.reports import OpenReport
from guanshu.survey.documents.export_workbook import ExportContent, ExportedReport, file_name, write_workbook
from guanshu.survey.workflow.states import State

# Larger workbooks are made outside the web process, where they would hold up everybody's saves (design §2).
MOST_IN_WEB = 100
_PATIENCE = 300
_SETTLED = frozenset({State.APPROVED, State.EXEMPT})


class ExportFailed(OperationProblem):
    """The workbook could not be made (500)."""

    code = "export_failed"
    status = 500
    sentence = "导出没有成功，请稍后重试；仍不成功请联系系统管理员。"


@dataclass(frozen=True, slots=True)
class Exported:
    """A finished workbook with its official name and how many museums it holds."""

    name: str
    data: bytes
    count: int


def export_workbook(*, year: int, province: Province | None, free: bool, actor: str, now: datetime) -> Exported:
    """Return the workbook of a year, of one province or the nation, and record who took it. Raises Unusable."""
    campaign = find_campaign(year)
    content = _content(campaign, province, now, free=free)
    buffer = io.BytesIO()
    write_workbook(content, buffer)
    exported = Exported(file_name(content), buffer.getvalue(), len(content.reports))
    audit.record(
        stream="system",
        actor=actor,
        action="export_workbook",
        object=str(year),
        # All fields means all: names and telephone numbers of people leave the system here.
        details={"province": province.code if province else "", "free": free, "museums": exported.count},
        now=now,
    )
    return exported


def export_for_web(*, year: int, province: Province | None, free: bool, actor: str, now: datetime) -> Exported:
    """Return the workbook, made in a niced process of its own when it is large. Raises Unusable, ExportFailed."""
    found = exported_reports(find_campaign(year), province, free=free)
    if len(found) <= MOST_IN_WEB:
        return export_workbook(year=year, province=province, free=free, actor=actor, now=now)
    with tempfile.TemporaryDirectory(prefix="guanshu-export-") as place:
        command = [sys.executable, "-m", "guanshu", "export", f"--year={year}", f"--actor={actor}", place]
        command += [f"--province={province.code[:2]}"] if province else []
        command += ["--free"] if free else []
        done = subprocess.run(["nice", "-n", "10", *command], capture_output=True, check=False, timeout=_PATIENCE)  # noqa: S603, S607
        made = next(Path(place).glob("*.xlsx"), None)
        if done.returncode or made is None:
            raise ExportFailed
        return Exported(made.name, made.read_bytes(), len(found))


def _content(campaign: Campaign, province: Province | None, now: datetime, *, free: bool) -> ExportContent:
    found = exported_reports(campaign, province, free=free)
    filters = [f"省级单位：{province.name}"] if province else ["全国"]
    filters += ["仅纳入本年度免费开放的科技馆"] if free else []
    return ExportContent(
        questionnaire=compiled(campaign.questionnaire_id).questionnaire,
        year=campaign.year,
        free_only=free,
        at=localtime(now),
        reports=[_exported(report) for report in opened(found)],
        filters=filters,
    )


def _exported(opened_report: OpenReport) -> ExportedReport:
    report = opened_report.report
    state = State(report.state)
    return ExportedReport(
        state=state.label,
        review_state=state.review_label,
        province=report.museum.province.short_name,
        name=report.museum.name,
        account=report.museum.code,
        number=report.number,
        approved=state in _SETTLED,
        answers=opened_report.answers,
        values=opened_report.evaluation.values,
        findings=opened_report.evaluation.findings,
    )
