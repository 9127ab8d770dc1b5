"""Clean reports beside each other, to be approved together: what one must have seen of each before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count

from guanshu.portal.access import reports
from guanshu.portal.models import CellComment, Report, Role, StampedScan, StoredFile
from guanshu.portal.queries.files import scan_accepted
from guanshu.portal.queries.forms import form
from guanshu.portal.queries.frozen import FrozenReport, current_versions, frozen
from guanshu.portal.queries.shown import display, label_of
from guanshu.portal.queries.signs import KeyFigure, Signs, key_cells, read_signs
from guanshu.survey.checks.explanations import Fault
from guanshu.survey.checks.findings import CheckClass, Finding
from guanshu.survey.values.base import Value
from guanshu.survey.values.missing import BLANK
from guanshu.survey.workflow.states import State

MOST = 60


@dataclass(frozen=True, slots=True)
class Explained:
    """One finding with its explanation, and what that lacks ("" for nothing)."""

    finding: Finding
    fault: str


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One key figure as displayed, with last year's and the change in percent."""

    label: str
    unit: str
    now: str
    last: str
    change: str
    notable: bool


@dataclass(frozen=True, slots=True)
class Summary:
    """What is said of one report before it is approved with others.

    obstacle: why it cannot be among them, "" when it can; thin: how many explanations are thin (it is then ticked by
    itself); seen: what the approval is bound to.
    """

    report: Report
    obstacle: str
    seen: str
    counts: Sequence[tuple[CheckClass, int]] = ()
    explained: Sequence[Explained] = ()
    figures: Sequence[KeyRow] = ()
    notes: Sequence[str] = ()
    thin: int = 0
    scan: StampedScan | None = None


def seen_as(report: Report) -> str:
    """Return what tells a submission from every other one of the report: its version, and when it was handed in."""
    since = int(report.state_since.timestamp()) if report.state_since else 0
    return f"{report.version}.{since}"


def obstacle(report: Report, drafts: int) -> str:
    """Return why a report cannot be approved together with others; "" when it can."""
    state = State(report.state)
    if state is State.APPROVED:
        return "已经审核通过，可能已在其他窗口操作过。"
    if state is not State.SUBMITTED:
        return f"报表当前为「{state.label}」状态，科技馆已撤回或已退回，不能审核通过。"
    if drafts:
        return f"有 {drafts} 条意见草稿没有处理。请打开报表，退回时一并发出或先撤回草稿。"
    return ""


def drafts_of(found: Sequence[Report]) -> Mapping[int, int]:
    """Return how many comments of the province are drafts, by the report's key; one statement."""
    drafts = CellComment.objects.filter(report__in=found, round=None, by_role=Role.PROVINCE.value)
    return dict(drafts.order_by().values_list("report").annotate(Count("pk")))


def summaries(numbers: Sequence[str], province_id: int) -> list[Summary]:
    """Return the summaries of a province's reports in the order of the numbers; strangers' are left out."""
    listed = reports().filter(museum__province=province_id, number__in=numbers)
    found = sorted(listed, key=lambda report: numbers.index(report.number))
    drafts, signs, versions = drafts_of(found), read_signs(found), current_versions(found)
    scans, notes = _scans(found), _notes(found)
    made = []
    for report in found:
        against = obstacle(report, drafts.get(report.pk, 0))
        told, version = signs.get(report.pk), versions.get(report.pk)
        if against or told is None or version is None:
            made.append(Summary(report, against or "报表还没有提交。", ""))
            continue
        scan = scans.get(report.pk)
        made.append(_summary(report, frozen(report, version), told, scan, notes.get(report.pk, [])))
    return made


def _summary(
    report: Report, told: FrozenReport, signs: Signs, scan: StampedScan | None, notes: Sequence[str]
) -> Summary:
    faults = {each.key: each.fault for each in signs.thin}
    order = list(CheckClass)
    findings = sorted(told.findings, key=lambda finding: (finding.key not in faults, order.index(finding.cls)))
    return Summary(
        report=report,
        obstacle="",
        seen=seen_as(report),
        counts=[(cls, sum(finding.cls is cls for finding in findings)) for cls in CheckClass],
        explained=[
            Explained(finding, _label(faults.get(finding.key)))
            for finding in findings
            if finding.cls is not CheckClass.HINT
        ],
        figures=_figures(report, told, signs),
        notes=[*_scan_notes(scan), *notes],
        thin=len(signs.thin),
        scan=scan,
    )


def _label(fault: Fault | None) -> str:
    return fault.label if fault else ""


def _figures(report: Report, told: FrozenReport, signs: Signs) -> list[KeyRow]:
    cells, tables = key_cells(report.questionnaire_id), form(report.questionnaire_id).compiled.questionnaire.by_number
    rows = []
    for figure in signs.figures:
        cell = cells[figure.name]
        last: Value = figure.last if figure.last is not None else BLANK
        percent = figure.percent
        rows.append(
            KeyRow(
                label=label_of(tables[cell.table], cell),
                unit=cell.unit,
                now=display(cell, told.values.get(figure.name, BLANK)) or "未填",
                last=display(cell, last) or "–",
                change=_change(figure),
                notable=percent is not None and abs(percent) > _NOTABLE,
            )
        )
    return rows


# As on the page of one report.
_NOTABLE = 20


def _change(figure: KeyFigure) -> str:
    percent = figure.percent
    if percent is None:
        return ""
    sign = "+" if percent > 0 else "−" if percent < 0 else ""
    return f"{sign}{abs(percent):,.1f} %"


def _scans(found: Sequence[Report]) -> dict[int, StampedScan]:
    scans = StampedScan.objects.filter(version__report__in=found, superseded_at=None).select_related("version", "file")
    return {scan.version.report_id: scan for scan in scans.order_by("pk")}


def _scan_notes(scan: StampedScan | None) -> list[str]:
    if scan is None:
        return ["没有盖章扫描件。"]
    notes = [] if scan_accepted(scan) else ["盖章扫描件有需要核对的页，馆方没有确认。"]
    if scan.confirmed_at is not None:
        notes.append(f"盖章扫描件由馆方 {scan.confirmed_by} 逐页核对并确认：{'；'.join(scan.problems) or '无问题'}")
    return notes


def _notes(found: Sequence[Report]) -> dict[int, list[str]]:
    """Return what the content checks noted about the reports' attachments; one statement."""
    notes: dict[int, list[str]] = {}
    for file in StoredFile.objects.filter(report__in=found, superseded_at=None).order_by("pk"):
        for note in file.details.get("notes") or ():
            notes.setdefault(file.report_id or 0, []).append(f"{file.official_name}：{note}")
    return notes
