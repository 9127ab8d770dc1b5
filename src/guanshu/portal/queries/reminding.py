"""What the rules for reminders read, and what they say about many reports at once."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from guanshu.portal.models import AuditRecord, Campaign, Extension, Reminder, ReminderState, Report
from guanshu.portal.queries.phones import Phone, phones_of
from guanshu.survey.workflow.actions import Action, Actor
from guanshu.survey.workflow.calendar import Holidays, day_of
from guanshu.survey.workflow.reminders import Case, Due, Rule, due
from guanshu.survey.workflow.states import State

_RETURNS = [
    action.value for action in (Action.RETURN_TO_FILLER, Action.RETURN, Action.REVOKE_APPROVAL, Action.NATIONAL_RETURN)
]


@dataclass(frozen=True, slots=True)
class Proposal:
    """One reminder that should go out now; phone None when nobody's number is on record."""

    report: Report
    case: Case
    due: Due
    phone: Phone | None


def propose(reports: Sequence[Report], campaign: Campaign, moment: datetime) -> list[Proposal]:
    """Return what should go out about these reports of a campaign, in their order; a fixed number of statements.

    `moment` is of the business calendar. Who has no number on record is proposed once; what was not sent for want of a
    number is proposed again as soon as there is one.
    """
    holidays, off = Holidays.read(campaign.holidays), switched_off(campaign)
    # First whatever might be due, so that only that much is looked up.
    found = {case.number: case for case in cases(reports)}
    maybe = [report for report in reports if due(found[report.number], now=moment, holidays=holidays, off=off)]
    if not maybe:
        return []
    log, active, phones = _log(maybe), touched(maybe), phones_of(maybe)
    proposals: list[Proposal] = []
    for report in maybe:
        entries = log.get(report.pk, ())
        case = replace(found[report.number], touched=report.pk in active)
        wanted = due(
            case,
            now=moment,
            holidays=holidays,
            off=off,
            sent={entry.key for entry in entries if entry.state != ReminderState.NO_PHONE.value},
            reminded_today=_reminded(entries, day_of(moment)),
        )
        known = {entry.key for entry in entries}
        for each in wanted:
            phone = phones.get(report.pk, {}).get(each.recipient)
            if phone is not None or each.key not in known:
                proposals.append(Proposal(report, case, each, phone))
    return proposals


def switched_off(campaign: Campaign) -> frozenset[Rule]:
    """Return the rules that are off in a campaign."""
    return frozenset(rule for rule in Rule if rule.value in campaign.reminders_off)


def _log(reports: Collection[Report]) -> Mapping[int, list[Reminder]]:
    found: dict[int, list[Reminder]] = defaultdict(list)
    wanted = Reminder.objects.filter(report__in=[report.pk for report in reports]).exclude(rule=Reminder.BY_HAND)
    for entry in wanted.only("key", "report", "role", "state", "day"):
        found[entry.report_id].append(entry)
    return found


def _reminded(entries: Iterable[Reminder], on: date) -> set[Actor]:
    return {Actor(e.role) for e in entries if e.day == on and e.state == ReminderState.HANDED.value}


def cases(reports: Sequence[Report]) -> list[Case]:
    """Return what the rules read of reports, in their order, as if nobody had touched a returned one; one statement."""
    latest: dict[int, Extension] = {}
    given = Extension.objects.filter(report__in=[report.pk for report in reports])
    for extension in given.order_by("until", "pk"):
        latest[extension.report_id] = extension
    return [_case(report, latest.get(report.pk)) for report in reports]


def _case(report: Report, extension: Extension | None) -> Case:
    campaign = report.campaign
    last_day: date | None
    if report.returned_at is not None:
        last_day, set_on = report.window_until, day_of(report.returned_at)
        extended = extension is not None and extension.until == last_day and extension.at > report.returned_at
    else:
        last_day, set_on = campaign.museum_due, campaign.opens_on
        extended = extension is not None and extension.until > last_day
    if extended and extension is not None:
        last_day, set_on = extension.until, day_of(extension.at)
    return Case(
        number=report.number,
        state=State(report.state),
        since=report.state_since,
        round=report.round,
        touched=False,
        last_day=last_day,
        set_on=set_on,
    )


def touched(reports: Sequence[Report]) -> set[int]:
    """Return the keys of returned reports on which the filler has done anything since the return; one statement.

    Saved a value, uploaded a file, answered a comment: the trail and the last save are in the same (real) time.
    """
    returned = {
        f"report:{report.number}": report
        for report in reports
        if State(report.state) in {State.RETURNED_IN_HOUSE, State.RETURNED_BY_PROVINCE}
    }
    if not returned:
        return set()
    since: dict[str, datetime] = {}
    active: dict[str, bool] = {}
    records = AuditRecord.objects.filter(stream__in=returned).order_by("stream", "seq")
    for stream, at, action, details in records.values_list("stream", "at", "action", "details"):
        if action in _RETURNS:
            since[stream], active[stream] = at, False
        elif details.get("role") == Actor.FILLER.value:
            active[stream] = True
    return {
        report.pk
        for stream, report in returned.items()
        if active.get(stream) or (report.saved_at is not None and stream in since and report.saved_at > since[stream])
    }
