"""Reminders by rule, and those by hand that had to wait for a working day: what is due goes out."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from guanshu.portal import audit, clock
from guanshu.portal.access import reports
from guanshu.portal.domain.reminding.handing import Moment, Order, hand_over
from guanshu.portal.domain.reporting.noting import business_moment
from guanshu.portal.models import Account, Campaign, Reminder, ReminderState, Report
from guanshu.portal.queries.phones import phones_of
from guanshu.portal.queries.reminding import Proposal, cases, propose
from guanshu.survey.workflow.actions import Actor
from guanshu.survey.workflow.calendar import Holidays, day_of, may_remind
from guanshu.survey.workflow.reminders import AWAITED
from guanshu.survey.workflow.states import State

# Reports locked at a time: a save waits for the end of one chunk at most.
_CHUNK = 40
_AWAITED = [state.value for state in AWAITED]


@dataclass(frozen=True, slots=True)
class Batch:
    """How many reminders went out in one round, how many could not for want of a number, how many were dropped."""

    sent: int = 0
    no_phone: int = 0
    dropped: int = 0


def due_now(*, now: datetime, today: date | None = None) -> list[Proposal]:
    """Return what would go out by rule now, and change nothing."""
    moment = business_moment(now, today or clock.today(now))
    return [each for campaign in _open(moment) for each in propose(_unsubmitted(campaign), campaign, moment)]


def send_due_reminders(*, now: datetime, today: date | None = None) -> Batch:
    """Send whatever is due now, some reports at a time: it may be called at any time and by several at once.

    today: the business day, for whoever plays the past of a demonstration.
    """
    moment = Moment(now, business_moment(now, today or clock.today(now)))
    done: Counter[str] = Counter()
    for campaign in _open(moment.business):
        done += _send(campaign, moment)
    return Batch(done["sent"], done["no_phone"], done["dropped"])


def _open(moment: datetime) -> list[Campaign]:
    """Return the campaigns in which somebody may be reminded at this moment."""
    found = Campaign.objects.filter(closed=False, opens_on__lte=day_of(moment))
    return [campaign for campaign in found if may_remind(moment, Holidays.read(campaign.holidays))]


def _unsubmitted(campaign: Campaign) -> Sequence[Report]:
    found = Report.objects.filter(campaign=campaign, state__in=_AWAITED).select_related("campaign", "museum")
    return list(found.order_by("museum__province__order", "museum__code"))


def _send(campaign: Campaign, moment: Moment) -> Counter[str]:
    by_rule: Counter[str] = Counter()
    done: Counter[str] = Counter()
    wanted = dict.fromkeys(each.report.pk for each in propose(_unsubmitted(campaign), campaign, moment.business))
    planned = Reminder.objects.filter(state=ReminderState.PLANNED.value, report__campaign=campaign)
    asked = dict.fromkeys(planned.order_by("pk").values_list("report", flat=True))
    for some, send in [*((each, _by_rule) for each in _chunks(wanted)), *((each, _planned) for each in _chunks(asked))]:
        with transaction.atomic():
            sent, dropped = send(_locked(some), moment)
        by_rule.update(reminder.rule for reminder in sent)
        done.update("sent" if reminder.message_id else "no_phone" for reminder in sent)
        done.update(["dropped"] * dropped)
    if done:
        audit.record(
            stream="system",
            actor="",
            action="send_reminders",
            object=str(campaign.year),
            details={"rules": dict(by_rule), **done},
            now=moment.real,
        )
    return done


def _chunks(reports: Iterable[int]) -> list[list[int]]:
    found = list(reports)
    return [found[start : start + _CHUNK] for start in range(0, len(found), _CHUNK)]


def _locked(numbers: Collection[int]) -> list[Report]:
    found = reports().select_for_update(of=("self",), no_key=True).filter(pk__in=numbers)
    return list(found.order_by("pk"))


def _by_rule(locked: Sequence[Report], moment: Moment) -> tuple[list[Reminder], int]:
    """Send what is due about some reports, judged again under their locks."""
    orders = [
        Order(each.report, each.case, each.due.recipient, each.due.key, each.phone, each.due.rule)
        for each in propose(locked, locked[0].campaign, moment.business)
    ]
    return hand_over(orders, moment), 0


def _planned(locked: Sequence[Report], moment: Moment) -> tuple[list[Reminder], int]:
    """Send what was asked for by hand, unless the museum has submitted meanwhile; say how many were dropped."""
    rows = list(Reminder.objects.filter(report__in=[report.pk for report in locked], state=ReminderState.PLANNED.value))
    roles = dict(Account.objects.filter(username__in={row.by for row in rows}).values_list("username", "role"))
    known, phones = (
        {report.pk: (report, case) for report, case in zip(locked, cases(locked), strict=True)},
        phones_of(locked),
    )
    orders, dropped = [], []
    for row in sorted(rows, key=lambda each: each.pk):
        report, case = known[row.report_id]
        if State(report.state) not in AWAITED:
            dropped.append(row.pk)
            continue
        recipient = Actor(row.role)
        phone = phones.get(report.pk, {}).get(recipient)
        orders.append(Order(report, case, recipient, row.key, phone, None, row.note, row.by, roles.get(row.by, "")))
    Reminder.objects.filter(pk__in=dropped).update(state=ReminderState.DROPPED.value)
    return hand_over(orders, moment), len(dropped)
