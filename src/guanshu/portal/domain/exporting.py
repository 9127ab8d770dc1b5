"""Exporting the annual workbook: what was submitted with the states of the reports, recorded in the trail."""

import io
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from django.utils.timezone import localtime

from guanshu.portal import audit
from guanshu.portal.models import Province, Report
from guanshu.portal.problems import OperationProblem
from guanshu.portal.queries.exports import Scope, exported_reports, find_campaign, read_each, standing
from guanshu.portal.queries.forms import compiled
from guanshu.portal.queries.frozen import FrozenReport
from guanshu.portal.queries.reports import OpenReport
from guanshu.survey.documents.export_workbook import ExportContent, ExportedReport, file_name, write_workbook
from guanshu.survey.workflow.states import State, review_label

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


def export_workbook(
    *, year: int, province: Province | None, free: bool, actor: str, now: datetime, unsubmitted: bool = False
) -> Exported:
    """Return the workbook of a year, of one province or the nation, and record who took it. Raises Unusable.

    A submitted report is exported as its version has it; `unsubmitted` adds the others as they are now.
    """
    exported = make_workbook(Scope(find_campaign(year), province, free), now, unsubmitted=unsubmitted, by=actor)
    audit.record(
        stream="system",
        actor=actor,
        action="export_workbook",
        object=str(year),
        # All fields means all: names and telephone numbers of people leave the system here.
        details={
            "province": province.code if province else "",
            "free": free,
            "unsubmitted": unsubmitted,
            "museums": exported.count,
        },
        now=now,
    )
    return exported


def make_workbook(scope: Scope, now: datetime, *, unsubmitted: bool = False, by: str = "") -> Exported:
    """Return the workbook of a scope, which says who made it; nothing is recorded: whoever hands it out does that."""
    found = exported_reports(scope, unsubmitted=unsubmitted)
    content = replace(_content(scope, found, now, unsubmitted=unsubmitted), by=by)
    buffer = io.BytesIO()
    write_workbook(content, buffer)
    return Exported(file_name(content), buffer.getvalue(), len(found))


def export_for_web(
    *, year: int, province: Province | None, free: bool, actor: str, now: datetime, unsubmitted: bool = False
) -> Exported:
    """Return the workbook, made in a niced process of its own when it is large. Raises Unusable, ExportFailed."""
    counts = standing(Scope(find_campaign(year), province, free))
    count = counts.submitted + (counts.unsubmitted + counts.exempt if unsubmitted else 0)
    if count <= MOST_IN_WEB:
        return export_workbook(year=year, province=province, free=free, actor=actor, now=now, unsubmitted=unsubmitted)
    with tempfile.TemporaryDirectory(prefix="guanshu-export-") as place:
        command = [sys.executable, "-m", "guanshu", "export", f"--year={year}", f"--actor={actor}", place]
        command += [f"--province={province.code[:2]}"] if province else []
        command += ["--free"] if free else []
        command += [] if unsubmitted else ["--submitted"]
        done = subprocess.run(  # noqa: S603 - our own command, no shell
            ["nice", "-n", "10", *command],  # noqa: S607 - nice is where the system has it
            capture_output=True,
            check=False,
            timeout=_PATIENCE,
        )
        made = next(Path(place).glob("*.xlsx"), None)
        if done.returncode or made is None:
            raise ExportFailed
        return Exported(made.name, made.read_bytes(), count)


def _content(scope: Scope, found: Sequence[Report], now: datetime, *, unsubmitted: bool) -> ExportContent:
    counts = standing(scope)
    settled = bool(found) and all(State(report.state) in _SETTLED for report in found)
    filters = [f"省级单位：{scope.province.name}"] if scope.province else ["全国"]
    filters += ["仅纳入本年度免费开放的科技馆"] if scope.free else []
    if unsubmitted:
        filters.append("含未提交：未提交的科技馆为当前填报的数据")
    else:
        filters.append(f"仅已提交的科技馆；尚未提交的 {counts.unsubmitted} 座、免报的 {counts.exempt} 座未列入")
    return ExportContent(
        questionnaire=compiled(scope.campaign.questionnaire_id).questionnaire,
        year=scope.campaign.year,
        free_only=scope.free,
        at=localtime(now),
        # Read while the workbook is written, so that never more than a few are in memory.
        reports=(_exported(each) for each in read_each(found)),
        filters=filters,
        final=settled and (unsubmitted or not counts.awaited),
    )


def _exported(read: OpenReport | FrozenReport) -> ExportedReport:
    report = read.report
    state = State(report.state)
    told = read.evaluation if isinstance(read, OpenReport) else read
    return ExportedReport(
        state=state.label,
        review_state=review_label(state, returned=report.returned_at is not None),
        province=report.museum.province.short_name,
        name=report.museum.name,
        account=report.museum.code,
        number=report.number,
        answers=read.answers,
        values=told.values,
        findings=told.findings,
    )
