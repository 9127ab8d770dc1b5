"""Reminders by hand: the province reminds its museums, a city those of the city."""

import re
import unicodedata
import uuid
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from guanshu.portal import audit, clock
from guanshu.portal.access import reports as all_reports
from guanshu.portal.domain.reminding.handing import Moment, Order, hand_over
from guanshu.portal.domain.reminding.wording import worded
from guanshu.portal.domain.reporting.locking import clean
from guanshu.portal.domain.reporting.noting import business_moment
from guanshu.portal.models import PROVINCE_ROLES, Account, Province, Reminder, ReminderState, Report
from guanshu.portal.problems import Incomplete, NotYours, WrongState
from guanshu.portal.queries.reminders import MOST_A_DAY, Candidate, by_hand_today, candidates
from guanshu.portal.queries.standing import concerns
from guanshu.portal.sms import rendered
from guanshu.survey.workflow.actions import Actor
from guanshu.survey.workflow.calendar import Holidays, day_of
from guanshu.survey.workflow.reminders import not_now

LONGEST_NOTE = 100
_MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_FIXED = re.compile(r"(?<!\d)0\d{2,3}[- ]?\d{7,8}(?!\d)")
_LINK = re.compile(r"://|www\.", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a reminder by hand: how many were handed over or wait for a working day, and who was left out."""

    sent: int
    planned: int
    skipped: tuple[tuple[str, str], ...]


def remind_by_hand(
    *,
    reports: Sequence[Report],
    actor: Account,
    role: Actor | None,
    note: str,
    now: datetime,
    again: Collection[str] = (),
    later: bool = False,
    today: date | None = None,
) -> Outcome:
    """Remind the filler, the reviewer or (role None) whoever has each of these reports of one campaign.

    note: for the museum's history, not in the message; again: numbers of reports whose second reminder on one day was
    confirmed; later: when it is night or a holiday, send at the next allowed moment instead of refusing. Raises
    NotYours for anybody but the province (or city) of every museum, Incomplete without a report or with a note that
    cannot be, WrongState when nobody may be reminded now, for a closed year, and beyond the limit of a day.
    """
    province = _check_actor(actor, reports)
    words = read_note(note)
    day = today or clock.today(now)
    moment = Moment(now, business_moment(now, day))
    with transaction.atomic():
        # The province first: its limit is counted under this lock.
        Province.objects.select_for_update(no_key=True).get(pk=province.pk)
        found = all_reports().select_for_update(of=("self",), no_key=True).filter(pk__in=[r.pk for r in reports])
        locked = list(found.order_by("pk"))
        waits = _waits(locked[0], moment, later=later)
        orders, skipped = _orders(candidates(locked, role, day), actor, words, again)
        _check_limit(province, orders, day)
        if waits:
            _plan(orders, moment)
        else:
            hand_over(orders, moment)
        if orders:
            _record(actor, orders, words, moment, planned=waits)
    return Outcome(0 if waits else len(orders), len(orders) if waits else 0, tuple(skipped))


@dataclass(frozen=True, slots=True)
class Preview:
    """One line of what would be sent: to whom, and the words; no words where nothing can be sent."""

    candidate: Candidate
    text: str


def preview(*, reports: Sequence[Report], role: Actor | None, today: date) -> list[Preview]:
    """Return what a reminder by hand would be; nothing is changed. The reports come with museum and campaign."""
    found = []
    for each in candidates(reports, role, today):
        template, variables = worded(each.report, each.case, None, today)
        found.append(Preview(each, "" if each.refusal else rendered(template, variables)))
    return found


def read_note(text: str) -> str:
    """Return what the province adds, cleaned. Raises Incomplete for a telephone number, a link, or too much."""
    words = clean(text, "补充说明")
    if len(words) > LONGEST_NOTE:
        raise Incomplete(f"补充说明有 {len(words)} 个字，最多 {LONGEST_NOTE} 个字，请删减。")
    narrow = unicodedata.normalize("NFKC", words)
    compact = re.sub(r"[\s\-—–()]", "", narrow)
    if _MOBILE.search(compact) or _FIXED.search(narrow):
        raise Incomplete("补充说明中请不要写电话号码；联系方式请在「通知与联系方式」中公布或另行告知。")
    if _LINK.search(words):
        raise Incomplete("补充说明中请不要写网址。")
    return words


def _check_actor(actor: Account, reports: Sequence[Report]) -> Province:
    """Return the actor's province. Raises NotYours, Incomplete."""
    province = actor.province
    if actor.role not in PROVINCE_ROLES or not actor.is_active or province is None:
        raise NotYours("催报短信只能由省级科协管理员或市级查看账号发送，您的账号不能进行此操作。")
    if not reports:
        raise Incomplete("还没有选择科技馆，请先勾选要催报的科技馆。")
    if not all(concerns(actor, report) for report in reports):
        raise NotYours
    if len({report.campaign_id for report in reports}) > 1:
        raise Incomplete("一次只能催报同一年度的报表。")
    return province


def _waits(report: Report, moment: Moment, *, later: bool) -> bool:
    """Return whether the reminders have to wait. Raises WrongState."""
    if report.campaign.closed:
        raise WrongState("本年度的数据采集已经结束，不能再催报。")
    sentence = not_now(moment.business, Holidays.read(report.campaign.holidays))
    if sentence and not later:
        raise WrongState(sentence)
    return bool(sentence)


def _orders(
    found: Sequence[Candidate], actor: Account, note: str, again: Collection[str]
) -> tuple[list[Order], list[tuple[str, str]]]:
    """Return who is to be reminded, and who is left out and why."""
    orders, skipped = [], []
    for each in found:
        sentence = each.refusal
        if not sentence and each.by_hand and each.report.number not in again:
            sentence = "今天已经手动催报过，再次催报需要勾选确认"
        if sentence:
            skipped.append((each.report.museum.name, sentence))
            continue
        key = f"{each.report.number}|{Reminder.BY_HAND}|{each.recipient.value}|{uuid.uuid4().hex}"
        orders.append(
            Order(each.report, each.case, each.recipient, key, each.phone, None, note, actor.username, actor.role)
        )
    return orders, skipped


def _check_limit(province: Province, orders: Sequence[Order], day: date) -> None:
    before = by_hand_today(province, day)
    if before + len(orders) > MOST_A_DAY:
        left = max(MOST_A_DAY - before, 0)
        raise WrongState(
            f"每省每天最多手动催报 {MOST_A_DAY} 条，今天已发 {before} 条，还可发 {left} 条，"
            f"本次选择了 {len(orders)} 条。没有发送，请减少选择后再试。"
        )


def _plan(orders: Sequence[Order], moment: Moment) -> None:
    Reminder.objects.bulk_create(
        Reminder(
            key=order.key,
            report=order.report,
            role=order.recipient.value,
            rule=Reminder.BY_HAND,
            note=order.note,
            by=order.by,
            at=moment.business,
            day=day_of(moment.business),
            state=ReminderState.PLANNED.value,
        )
        for order in orders
    )


def _record(actor: Account, orders: Sequence[Order], note: str, moment: Moment, *, planned: bool) -> None:
    audit.record(
        stream=f"account:{actor.username}",
        actor=actor.username,
        action="remind_by_hand",
        object=str(orders[0].report.campaign.year),
        details={
            "role": actor.role,
            "reports": [order.report.number for order in orders],
            "recipients": dict(Counter(order.recipient.value for order in orders)),
            "planned": planned,
            "reason": note,
        },
        now=moment.real,
    )
