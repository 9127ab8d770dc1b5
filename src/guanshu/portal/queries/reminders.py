"""The log of reminders, and who could be reminded by hand."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from guanshu.portal.models import Campaign, Province, Reminder, ReminderState, Report, Role, SmsState
from guanshu.portal.queries.phones import Phone, phones_of
from guanshu.portal.queries.reminding import cases
from guanshu.survey.workflow.actions import Actor
from guanshu.survey.workflow.reminders import AWAITED, Case, Rule, holder
from guanshu.survey.workflow.states import status

# By hand, a province and day.
MOST_A_DAY = 300
BY_HAND_LABEL = "手动催报"
RULES: Mapping[str, str] = {**{rule.value: rule.label for rule in Rule}, Reminder.BY_HAND: BY_HAND_LABEL}
PEOPLE: Mapping[str, str] = {role.value: str(role.label) for role in (Role.FILLER, Role.REVIEWER)}
# What a line of the log says of its state: where the reminder is, and once handed over where its message is.
STATES: Mapping[str, tuple[str, Q]] = {
    "sent": ("已发送", Q(message__state=SmsState.SENT.value)),
    "waiting": ("待发送", Q(message__state=SmsState.WAITING.value)),
    "failed": ("发送失败", Q(message__state=SmsState.FAILED.value)),
    **{
        state.value: (str(state.label), Q(state=state.value))
        for state in (ReminderState.PLANNED, ReminderState.NO_PHONE, ReminderState.DROPPED)
    },
}


@dataclass(frozen=True, slots=True)
class LogFilter:
    """What the log is narrowed to; empty means everything."""

    province: str = ""
    text: str = ""
    rule: str = ""
    state: str = ""

    @property
    def active(self) -> bool:
        """Return whether anything is left out."""
        return self != LogFilter()


@dataclass(frozen=True, slots=True)
class LogRow:
    """One line of the log; `to` is the masked number, "" where there was none."""

    at: datetime
    museum: str
    number: str
    province: str
    role: str
    to: str
    rule: str
    text: str
    note: str
    by: str
    state: str
    label: str


def reminders(
    campaign: Campaign, wanted: LogFilter, province: Province | None = None, city: str = ""
) -> QuerySet[Reminder]:
    """Return the reminders of a campaign (of one province, one city) that a filter lets through, newest first."""
    found = Reminder.objects.filter(report__campaign=campaign)
    found = found.select_related("report__museum__province", "message")
    if province is not None:
        found = found.filter(report__museum__province=province)
    elif wanted.province:
        found = found.filter(report__museum__province__code=wanted.province)
    if city:
        found = found.filter(report__museum__city=city)
    if wanted.rule:
        found = found.filter(rule=wanted.rule)
    if wanted.state in STATES:
        found = found.filter(STATES[wanted.state][1])
    if wanted.text:
        named = Q(report__museum__name__icontains=wanted.text) | Q(report__museum__code__icontains=wanted.text)
        found = found.filter(named)
    return found.order_by("-at", "-pk")


def log_row(reminder: Reminder) -> LogRow:
    """Return a reminder of `reminders` as a line."""
    report, message = reminder.report, reminder.message
    state = message.state if message is not None else reminder.state
    return LogRow(
        at=reminder.at,
        museum=report.museum.name,
        number=report.number,
        province=report.museum.province.short_name,
        role=PEOPLE.get(reminder.role, ""),
        to=message.shown if message is not None else "",
        rule=RULES.get(reminder.rule, ""),
        text=reminder.text,
        note=reminder.note,
        by=reminder.by,
        state=state,
        label=STATES[state][0],
    )


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could be reminded by hand: of which report, at which number, and what was sent today already.

    refusal: why not, "" when nothing speaks against it; by_hand: whether the province reminded the museum today.
    """

    report: Report
    case: Case
    recipient: Actor
    phone: Phone | None
    refusal: str
    by_hand: bool
    today: tuple[Reminder, ...]

    @property
    def role(self) -> str:
        """Return who it is, as pages say it."""
        return PEOPLE[self.recipient.value]

    @property
    def status(self) -> str:
        """Return 报表状态 with 省级审核状态."""
        return status(self.case.state, returned=self.report.returned_at is not None)

    @property
    def lines(self) -> tuple[str, ...]:
        """Return what was sent today, in words."""
        return tuple(f"{RULES.get(each.rule, '')}（{PEOPLE.get(each.role, '')}）" for each in self.today)


def candidates(reports: Sequence[Report], role: Actor | None, today: date) -> list[Candidate]:
    """Return who would get a reminder about each of these reports; role None is whoever has it. Fixed statements."""
    phones = phones_of(reports)
    sent: dict[int, list[Reminder]] = defaultdict(list)
    dropped = [ReminderState.NO_PHONE.value, ReminderState.DROPPED.value]
    found = Reminder.objects.filter(report__in=[report.pk for report in reports], day=today).exclude(state__in=dropped)
    for reminder in found.order_by("pk"):
        sent[reminder.report_id].append(reminder)
    return [
        _candidate(report, case, role or holder(case.state), phones.get(report.pk, {}), sent[report.pk])
        for report, case in zip(reports, cases(reports), strict=True)
    ]


def _candidate(
    report: Report, case: Case, recipient: Actor, phones: Mapping[Actor, Phone], sent: Sequence[Reminder]
) -> Candidate:
    phone = phones.get(recipient)
    if case.state not in AWAITED:
        refusal = f"报表当前为「{status(case.state, returned=report.returned_at is not None)}」，不需要催报"
    elif phone is None:
        refusal = f"没有{PEOPLE[recipient.value]}的手机号，请电话联系"
    else:
        refusal = ""
    by_hand = any(each.rule == Reminder.BY_HAND for each in sent)
    return Candidate(report, case, recipient, phone, refusal, by_hand, tuple(sent))


def by_hand_today(province: Province, today: date) -> int:
    """Return how many reminders a province has sent by hand on a day, or has waiting."""
    counted = Reminder.objects.filter(rule=Reminder.BY_HAND, day=today, report__museum__province=province)
    return counted.filter(state__in=[ReminderState.HANDED.value, ReminderState.PLANNED.value]).count()
