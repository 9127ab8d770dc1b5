"""What a report's pages say about its way: what can be done now, by when, what happened, how long it has waited."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from guanshu.portal import clock
from guanshu.portal.models import Account, AuditRecord, Report, Role
from guanshu.portal.queries.forms import Form, form
from guanshu.portal.queries.people import Names, museum_names, name_at
from guanshu.portal.queries.reminders import RULES
from guanshu.portal.queries.reports import OpenReport, open_report
from guanshu.portal.queries.shown import name_of
from guanshu.portal.queries.standing import Operation, Standing, actor_of, concerns, find_blockers, may_ever, stand
from guanshu.survey.workflow.actions import Action, Actor
from guanshu.survey.workflow.calendar import Holidays, day_of, is_overdue, working_days_between
from guanshu.survey.workflow.report import TRANSITIONS, performs
from guanshu.survey.workflow.states import State
from guanshu.survey.workflow.submission import Blocker

__all__ = ["Event", "Operation", "Receipt", "Situation", "ageing", "history", "receipts", "situation"]


@dataclass(frozen=True, slots=True)
class Situation:
    """A report as one account sees it now.

    actions: what may be done, in the order of the table (提交馆内审核 is among them with `blockers` still there);
    refusals: why the account's other actions may not; operations: the same for what moves nothing; window_until: last
    day to submit again, of a report that was returned; overdue: 逾期未报; blockers: for the filler who may submit.
    """

    standing: Standing
    actor: Actor | None
    actions: tuple[Action, ...]
    refusals: Mapping[Action, str]
    operations: frozenset[Operation]
    deadline: date
    extended: bool
    window_until: date | None
    overdue: bool
    blockers: tuple[Blocker, ...]

    @property
    def state(self) -> State:
        """Return the report's state."""
        return self.standing.state

    @property
    def label(self) -> str:
        """Return 报表状态."""
        return self.standing.state.label

    @property
    def review_label(self) -> str:
        """Return 省级审核状态."""
        return self.standing.review_label


def situation(report: Report, account: Account, opened: OpenReport | None = None) -> Situation:
    """Return where a report stands and what the account may do about it.

    `report` is from access.reports(); `opened` is the report opened, for whoever has done so already.
    """
    standing = stand(report, clock.today())
    actor = actor_of(account) if concerns(account, report) else None
    refusals = _refusals(standing, actor)
    actions = tuple(action for action, sentence in refusals.items() if not sentence)
    due, facts = report.campaign.museum_due, standing.facts
    found = find_blockers(opened or open_report(report)) if Action.SUBMIT_IN_HOUSE in actions else ()
    first = facts.past.first_submitted
    overdue = is_overdue(standing.state, first_submitted=first, deadline=facts.deadline, today=facts.today)
    return Situation(
        standing=standing,
        actor=actor,
        actions=actions,
        refusals={action: sentence for action, sentence in refusals.items() if sentence},
        operations=_operations(standing, actor),
        deadline=facts.deadline,
        extended=facts.deadline > due,
        window_until=facts.window_until if standing.awaited_again else None,
        overdue=overdue,
        blockers=found,
    )


def _refusals(standing: Standing, actor: Actor | None) -> dict[Action, str]:
    """Return the sentence against each of the actor's actions, "" where there is none."""
    if actor is None:
        return {}
    return {
        action: standing.refusal(action, actor)
        for action, line in TRANSITIONS.items()
        if not line.automatic and performs(actor, action)
    }


def _operations(standing: Standing, actor: Actor | None) -> frozenset[Operation]:
    if actor is None:
        return frozenset()
    return frozenset(
        operation
        for operation in Operation
        if may_ever(operation, actor) and not standing.operation_refusal(operation, actor)
    )


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a report's history.

    code: what the trail calls it; before, after: 报表状态; about: the cell, finding or file it is about, if any;
    late: by how many working days a resubmission came after its window (逾期重报); name: who held the museum's account
    then, "" for other offices.
    """

    at: datetime
    code: str
    action: str
    actor: str
    role: str
    before: str
    after: str
    version: int
    reason: str
    category: str
    until: date | None
    about: str
    late: int = 0
    name: str = ""


_REMIND = "remind"
_WORDS = {
    **{action.value: action.label for action in Action},
    **{operation.value: operation.label for operation in Operation},
    "upload_file": "上传附件",
    "confirm_file": "确认附件",
    "remove_file": "撤下附件",
    "confirm_scan": "核对并确认扫描件",
    _REMIND: "短信催报",
}
# Drafts and looks are nobody's business but their author's; with the return comments are seen as such.
_UNSEEN = (Operation.COMMENT.value, "withdraw_comment", Operation.LOOK.value)


def history(report: Report) -> tuple[Event, ...]:
    """Return what happened to a report, newest first. Values that were saved are in the record of saves."""
    records = AuditRecord.objects.filter(stream=f"report:{report.number}", action__in=_WORDS).exclude(
        action__in=_UNSEEN
    )
    found, rows = form(report.questionnaire_id), list(records.order_by("-seq"))
    names = museum_names(report.museum_id)
    return tuple(_event(record, found, names) for record in rows)


def _event(record: AuditRecord, found: Form, names: Names) -> Event:
    details = record.details
    return Event(
        at=record.at,
        code=record.action,
        action=_WORDS[record.action],
        actor=record.actor,
        role="系统自动" if record.action == _REMIND and not record.actor else Role.label_of(details.get("role", "")),
        before=_state(details.get("from", "")),
        after=_state(details.get("to", "")),
        version=details.get("version", 0),
        reason=_reminded(details) if record.action == _REMIND else details.get("reason", ""),
        category=RULES.get(details.get("rule", ""), details.get("category", "")),
        until=date.fromisoformat(details["until"]) if details.get("until") else None,
        about=_about(details, found),
        late=details.get("late", 0),
        name=name_at(names, record.actor, record.at),
    )


def _about(details: Mapping[str, Any], found: Form) -> str:
    """Return the words for what an event is about: 表2-1 占地面积, 年度工作总结, 审核 1-2-02."""
    if details.get("key"):
        return f"审核 {details['key']}"
    purpose, address = details.get("purpose", ""), details.get("address", "")
    if purpose:
        cell = found.compiled.questionnaire.cells.get(purpose)
        return cell.label if cell else ""
    if not address:
        return ""
    name = name_of(found, found.address(address))
    return f"表{name.table} {name.label}"


def _reminded(details: Mapping[str, Any]) -> str:
    words = details.get("reason", "")
    return f"已向本馆{Role.label_of(details.get('recipient', ''))}发送短信{'：' if words else '。'}{words}"


def _state(state: str) -> str:
    return State(state).label if state else ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """A submission confirmed: what was handed in, when, by whom, and the hash that proves the record of it.

    name: who held the account at that moment.
    """

    version: int
    at: datetime
    actor: str
    hash: str
    name: str = ""


def receipts(report: Report) -> tuple[Receipt, ...]:
    """Return the receipts of a report's submissions to the province, newest first."""
    records = AuditRecord.objects.filter(stream=f"report:{report.number}", action=Action.SUBMIT.value)
    names = museum_names(report.museum_id)
    return tuple(
        Receipt(
            version=record.details.get("version", 0),
            at=record.at,
            actor=record.actor,
            hash=record.hash,
            name=name_at(names, record.actor, record.at),
        )
        for record in records.order_by("-seq")
    )


def ageing(report: Report, now: datetime) -> int | None:
    """Return for how many working days a report has been in its state; None when it never changed."""
    if report.state_since is None:
        return None
    holidays = Holidays.read(report.campaign.holidays)
    return max(0, working_days_between(day_of(report.state_since), clock.today(now), holidays))
