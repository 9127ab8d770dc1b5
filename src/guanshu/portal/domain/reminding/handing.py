"""Reminders handed over: a line in the log, a message in the queue, a line in the report's history for each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from guanshu.portal import audit
from guanshu.portal.domain.reminding.wording import worded
from guanshu.portal.domain.reporting.noting import entry
from guanshu.portal.models import Reminder, ReminderState, Report, SmsMessage
from guanshu.portal.queries.phones import Phone
from guanshu.portal.sms import compose_sms, rendered, send_all
from guanshu.survey.workflow.actions import Actor
from guanshu.survey.workflow.calendar import REMIND_UNTIL, SHANGHAI, day_of
from guanshu.survey.workflow.reminders import Case, Rule

PURPOSE = "reminder"
_CHANGED = ["at", "day", "message", "state", "text"]


@dataclass(frozen=True, slots=True)
class Moment:
    """Now, twice: `real` for the message and the trail, `business` for the log and the words."""

    real: datetime
    business: datetime

    @property
    def expires(self) -> datetime:
        """Return when a reminder of now is useless: nobody is to be woken by one that had to wait."""
        until = datetime.combine(day_of(self.business), REMIND_UNTIL, tzinfo=SHANGHAI)
        return self.real + max(until - self.business, timedelta())


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be sent to whom; rule None for one by hand, `by` and `by_role` then say whose."""

    report: Report
    case: Case
    recipient: Actor
    key: str
    phone: Phone | None
    rule: Rule | None = None
    note: str = ""
    by: str = ""
    by_role: str = ""


def hand_over(orders: Sequence[Order], moment: Moment) -> list[Reminder]:
    """Write everything about reminders whose reports' rows the caller holds; without a number only the log is.

    The number of statements does not grow with the orders.
    """
    known = {row.key: row for row in Reminder.objects.filter(key__in=[order.key for order in orders])}
    written = [(order, _message(order, moment)) for order in orders]
    send_all([message for _, message in written if message is not None])
    rows = [_row(order, message, moment, known.get(order.key)) for order, message in written]
    Reminder.objects.bulk_create([row for row in rows if row.pk is None])
    Reminder.objects.bulk_update([row for row in rows if row.key in known], _CHANGED)
    _note(orders, moment)
    return rows


def _message(order: Order, moment: Moment) -> SmsMessage | None:
    if order.phone is None:
        return None
    template, variables = worded(order.report, order.case, order.rule, day_of(moment.business))
    return compose_sms(
        to=order.phone.number,
        template=template,
        variables=variables,
        purpose=PURPOSE,
        now=moment.real,
        expires_at=moment.expires,
    )


def _row(order: Order, message: SmsMessage | None, moment: Moment, known: Reminder | None) -> Reminder:
    """Return the line of the log: a new one, or the one there is (planned, or waiting for a number)."""
    row = known or Reminder(
        key=order.key,
        report=order.report,
        role=order.recipient.value,
        rule=order.rule.value if order.rule else Reminder.BY_HAND,
        note=order.note,
        by=order.by,
    )
    row.at, row.day, row.message = moment.business, day_of(moment.business), message
    row.state = (ReminderState.NO_PHONE if message is None else ReminderState.HANDED).value
    if message is not None:
        template, variables = worded(order.report, order.case, order.rule, row.day)
        row.text = rendered(template, variables)
    return row


def _note(orders: Sequence[Order], moment: Moment) -> None:
    """Note the reminders in the reports' histories; a report with two of them is noted in two rounds."""
    rounds: list[dict[int, audit.Entry]] = []
    for order in orders:
        if order.phone is None:
            continue
        line = entry(
            order.report,
            actor=order.by,
            role=order.by_role,
            action="remind",
            rule=order.rule.value if order.rule else Reminder.BY_HAND,
            recipient=order.recipient.value,
            reason=order.note,
        )
        free = next((each for each in rounds if order.report.pk not in each), None)
        if free is None:
            free = {}
            rounds.append(free)
        free[order.report.pk] = line
    for each in rounds:
        audit.record_each(list(each.values()), now=moment.real)
