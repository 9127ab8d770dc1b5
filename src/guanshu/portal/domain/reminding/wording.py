"""Which of the approved texts a reminder is, and what stands in it."""

from collections.abc import Mapping
from datetime import date

from guanshu.portal.models import Report
from guanshu.portal.sms import LONGEST
from guanshu.survey.workflow.calendar import Holidays, day_of, working_days_between
from guanshu.survey.workflow.reminders import Case, Rule

Words = tuple[str, Mapping[str, str]]


def worded(report: Report, case: Case, rule: Rule | None, today: date) -> Words:
    """Return the template and its variables; rule None for a reminder by hand."""
    last_day = case.last_day or report.campaign.museum_due
    late = "_late" if today > last_day else ""
    common = {"museum": short(report.museum.name), "year": str(report.campaign.year), "until": _said(last_day)}
    match rule:
        case Rule.RETURNED:
            return f"remind_returned{late}", common
        case Rule.REVIEW:
            return f"remind_review{late}", {**common, "days": str(_waited(report, case, today))}
        case Rule.DUE_TODAY:
            return "remind_due_today", common
        case Rule.DUE_IN_2 | Rule.DUE_IN_5:
            return "remind_due", {**common, "days": str((last_day - today).days)}
        case None:
            return f"remind_by_hand{late}", {**common, "state": case.state.label}


def short(name: str) -> str:
    """Return a museum's name as it fits into a message."""
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"


def _said(on: date) -> str:
    return f"{on.month}月{on.day}日"


def _waited(report: Report, case: Case, today: date) -> int:
    since = day_of(case.since) if case.since is not None else today
    return working_days_between(since, today, Holidays.read(report.campaign.holidays))
