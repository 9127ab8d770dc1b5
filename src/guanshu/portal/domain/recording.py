"""Writing a save: the record at the end of the report's chain, the tables it touched, and the report's row."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from guanshu.portal import audit
from guanshu.portal.domain import statements
from guanshu.portal.domain.conditions import Recorded
from guanshu.portal.domain.deciding import Conflict
from guanshu.portal.domain.reporting.changes import mark_changed
from guanshu.portal.domain.reporting.noting import note_begin
from guanshu.portal.models import Account, Filing, Report, SaveRecord
from guanshu.portal.queries.reports import OpenReport
from guanshu.portal.queries.stored import remember
from guanshu.survey.checks.findings import CheckClass, Evaluation
from guanshu.survey.workflow.states import State

# How far back the author of a conflicting value is looked for.
_LOOK_BACK = 200
_NAMES = {cls: cls.name.lower() for cls in CheckClass}


def append(
    opened: OpenReport, record: Sequence[Recorded], *, actor: str, request: str, mark: str, now: datetime
) -> None:
    """Append a SaveRecord, store the tables the record touches and bring the report's row up to date.

    The caller holds the lock on the report's row; `opened` is the report with the changes in it. Three statements, one
    more once the report was returned: a change may settle a comment.
    """
    report, number = opened.report, opened.report.number
    row = SaveRecord(
        report=number,
        seq=report.saves + 1,
        actor=actor,
        at=now,
        request=request,
        body_hash=mark,
        changes=[list(change) for change in record],
    )
    audit.link(row, prev=report.head)
    report.saves, report.head, report.saved_at = row.seq, row.hash, now
    report.summary = summarise(opened.evaluation)
    began = report.state == State.NOT_STARTED.value
    if began:
        report.state = State.FILLING.value
    touched = {opened.form.table_of(text) for text, _, _ in record}
    statements.write_save(row, report, {table: opened.stored.raw[table] for table in touched})
    if began:
        note_begin(report, actor, now)
    if report.round:
        mark_changed(opened, {text for text, _, _ in record}, now)
    # The key is the new head, so a transaction that is rolled back after all leaves nothing wrong behind.
    remember(number, row.hash, opened.stored)


def summarise(evaluation: Evaluation) -> dict[str, Any]:
    """Return what lists show of a report: tables, complete ones, blanks, findings by class, and the same per table."""
    by_table: dict[str, dict[str, int]] = {}
    totals: dict[str, int] = {}
    for finding in evaluation.findings:
        for counts in (by_table.setdefault(finding.table, {}), totals):
            name = _NAMES[finding.cls]
            counts[name] = counts.get(name, 0) + 1
            if finding.open:
                counts["open"] = counts.get("open", 0) + 1
    asked = [state for state in evaluation.states.values() if state.applies]
    return {
        "tables": len(asked),
        "complete": sum(not state.missing for state in asked),
        "blank": sum(len(state.missing) for state in asked),
        "findings": totals,
        "by_table": {
            number: {
                "applies": state.applies,
                "na": state.na,
                "required": state.required,
                "missing": len(state.missing),
                "findings": by_table.get(number, {}),
            }
            for number, state in evaluation.states.items()
        },
    }


def blame(report: Report | Filing, conflicts: Mapping[str, Conflict]) -> dict[str, Conflict]:
    """Return the conflicts with who changed the value last (the role's name) and when, as far as records are near."""
    found = dict(conflicts)
    wanted = set(conflicts)
    recent = SaveRecord.objects.filter(report=report.number).order_by("-seq").only("actor", "at", "changes")
    for row in recent[:_LOOK_BACK]:
        for text in wanted & {change[0] for change in row.changes}:
            found[text] = replace(found[text], actor=row.actor, at=row.at)
            wanted.discard(text)
        if not wanted:
            break
    usernames = {conflict.actor for conflict in found.values()}
    roles = {account.username: account.get_role_display() for account in Account.objects.filter(username__in=usernames)}
    return {text: replace(conflict, actor=roles.get(conflict.actor, "")) for text, conflict in found.items()}
