"""One reminder handed over: its line in the log, its message in the queue, its line in the report's history."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from guanshu.portal.domain.reminding.wording import worded
from guanshu.portal.domain.reporting.noting import note
from guanshu.portal.models import Reminder, ReminderState, Report
from guanshu.portal.queries.phones import Phone
from guanshu.portal.sms import rendered, send_sms
from guanshu.survey.workflow.actions import Actor
from guanshu.survey.workflow.calendar import REMIND_UNTIL, SHANGHAI, day_of
from guanshu.survey.workflow.reminders import Case, Rule

PURPOSE = "reminder"


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


def hand_over(order: Order, moment: Moment) -> Reminder:
    """Write everything about one reminder; the caller holds the report's row. Without a number only the log is."""
    fields: dict[str, object] = {
        "report": order.report,
        "role": order.recipient.value,
        "rule": order.rule.value if order.rule else Reminder.BY_HAND,
        "note": order.note,
        "by": order.by,
        "at": moment.business,
        "day": day_of(moment.business),
    }
    if order.phone is None:
        fields |= {"state": ReminderState.NO_PHONE.value}
    else:
        template, variables = worded(order.report, order.case, order.rule, day_of(moment.business))
        message = send_sms(
            to=order.phone.number,
            template=template,
            variables=variables,
            purpose=PURPOSE,
            now=moment.real,
            expires_at=moment.expires,
        )
        fields |= {"state": ReminderState.HANDED.value, "message": message, "text": rendered(template, variables)}
    reminder, _ = Reminder.objects.update_or_create(key=order.key, defaults=fields)
    if order.phone is not None:
        note(
            order.report,
            actor=order.by,
            role=order.by_role,
            action="remind",
            now=moment.real,
            rule=reminder.rule,
            recipient=order.recipient.value,
            reason=order.note,
        )
    return reminder
