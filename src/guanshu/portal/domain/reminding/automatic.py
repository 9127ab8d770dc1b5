"""Reminders by rule, and those by hand that had to wait for a working day: what is due goes out."""

from collections import Counter
from collections.abc import Sequence
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
    """Send whatever is due now, each in a transaction of its own: it may be called at any time and by several at once.

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
    for report in {each.report.pk: each.report for each in propose(_unsubmitted(campaign), campaign, moment.business)}:
        for reminder in _send_about(report, moment):
            by_rule[reminder.rule] += 1
            done["sent" if reminder.message_id else "no_phone"] += 1
    planned = Reminder.objects.filter(state=ReminderState.PLANNED.value, report__campaign=campaign)
    for key, report in planned.order_by("pk").values_list("key", "report"):
        state = _send_planned(key, report, moment)
        if state:
            by_rule[Reminder.BY_HAND] += 1
            done[state] += 1
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


def _locked(report: int) -> Report:
    return reports().select_for_update(of=("self",), no_key=True).get(pk=report)


def _send_about(report: int, moment: Moment) -> list[Reminder]:
    """Send what is due about one report, judged again under its lock."""
    with transaction.atomic():
        locked = _locked(report)
        return [
            hand_over(Order(locked, each.case, each.due.recipient, each.due.key, each.phone, each.due.rule), moment)
            for each in propose([locked], locked.campaign, moment.business)
        ]


def _send_planned(key: str, report: int, moment: Moment) -> str:
    """Send one that was asked for by hand, unless the museum has submitted meanwhile; say what became of it."""
    with transaction.atomic():
        locked = _locked(report)
        row = Reminder.objects.filter(key=key, state=ReminderState.PLANNED.value).first()
        if row is None:
            return ""
        if State(locked.state) not in AWAITED:
            Reminder.objects.filter(pk=row.pk).update(state=ReminderState.DROPPED.value)
            return "dropped"
        recipient = Actor(row.role)
        phone = phones_of([locked]).get(locked.pk, {}).get(recipient)
        role = Account.objects.filter(username=row.by).values_list("role", flat=True).first() or ""
        order = Order(locked, cases([locked])[0], recipient, key, phone, None, row.note, row.by, role)
        return "sent" if hand_over(order, moment).message_id else "no_phone"
