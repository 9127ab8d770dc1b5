"""Saving a museum's values: the only operation that writes them (design §2–3).

What a request makes of the report is worked out first; then the report's row is locked, and state, campaign and what is
stored are looked at under that lock, so that two requests never decide on the same past.
"""

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from guanshu.portal import clock, crypto
from guanshu.portal.access import reports
from guanshu.portal.domain.conditions import Recorded, refuse_by_conditions
from guanshu.portal.domain.deciding import Change, Conflict, Decision, decide
from guanshu.portal.domain.recording import append, blame
from guanshu.portal.domain.requests import check_shape, take_back, was_saved
from guanshu.portal.domain.statements import find_request, lock_for_save
from guanshu.portal.models import Account, Report, Role
from guanshu.portal.problems import NotYours, WrongState
from guanshu.portal.queries.forms import Form, form
from guanshu.portal.queries.reports import OpenReport, opened_with
from guanshu.portal.queries.stored import Stored, read_stored
from guanshu.survey.workflow.states import EDITABLE, State

__all__ = ["Change", "Conflict", "SaveResult", "save_answers"]


@dataclass(frozen=True, slots=True)
class SaveResult:
    """What became of a request, by address; `opened` is the report after it, evaluated.

    saved: what is stored now (None = blank; personal cells in the clear); problems: a Chinese sentence, nothing stored;
    conflicts: what somebody else stored meanwhile.
    """

    saved: Mapping[str, object]
    problems: Mapping[str, str]
    conflicts: Mapping[str, Conflict]
    opened: OpenReport
    replayed: bool


def save_answers(
    *, report: Report, actor: Account, request_id: str, body: bytes, changes: Mapping[str, Change], now: datetime
) -> SaveResult:
    """Store the changes that are valid and still fit what is stored, and tell what became of each.

    `report` is as access_report or own_report has just returned it (any other is fetched again).
    A request sent again changes nothing and is answered from the present. Raises NotYours for anybody but the
    museum's filler, WrongState when the report or its campaign is not open for typing, AlteredRequest when the request
    id came with another body before, Unusable and TooLarge for what is no save request.
    """
    check_shape(request_id, changes)
    request = _Request(actor, request_id, body, changes, now)
    try:
        return _save(report, request)
    except IntegrityError:
        # The same request was being written at this very moment (sent twice); now its record can be seen.
        return _save(report, request)


@dataclass(frozen=True, slots=True)
class _Request:
    actor: Account
    id: str
    body: bytes
    changes: Mapping[str, Change]
    now: datetime


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a request makes of a report as it was at one head of its chain; nothing of it is stored yet."""

    head: str
    stored: Stored
    decision: Decision
    opened: OpenReport
    record: list[Recorded]


def _work_out(report: Report, found: Form, request: _Request, *, locked: bool = False) -> _Outcome:
    """Return what becomes of the changes, and the report evaluated with them in it."""
    stored = read_stored(report, found, locked=locked)
    head, decision = report.head, decide(found, stored, request.changes)
    if decision.writes:
        opened, record = refuse_by_conditions(report, found, stored, decision)
    else:
        opened, record = opened_with(report, found, stored), []
    return _Outcome(head, stored, decision, opened, record)


def _save(report: Report, request: _Request) -> SaveResult:
    """Store the changes in one transaction. Raises IntegrityError when a twin of the request wins, else as above.

    The work is done before the lock, so that others wait for writing only; the head read under the lock tells whether
    it was done on what is stored (docs/decisions/0011).
    """
    # Museum, campaign and last year's report as access.reports() fetched them a moment ago.
    report = copy.copy(report) if hasattr(report, "last_id") else reports().get(pk=report.pk)
    _check_actor(report, request.actor)
    found = form(report.questionnaire_id)
    outcome = _work_out(report, found, request)
    with transaction.atomic():
        closed, before = _lock(report, request)
        replayed = was_saved(report.number, request.body, before)
        if not replayed:
            _check_open(report, closed=closed)
        if report.head != outcome.head:
            outcome = _work_out(report, found, request, locked=True)
        if not outcome.decision.writes and not replayed:
            # Nothing to do may mean that a twin has just done it, too late for the lock's view.
            replayed = was_saved(report.number, request.body, find_request(request.actor.username, request.id))
        if replayed:
            outcome = _only_told(report, found, request, outcome)
        decision, opened = outcome.decision, outcome.opened
        if decision.writes:
            mark = crypto.body_hash(request.body)
            append(opened, outcome.record, actor=request.actor.username, request=request.id, mark=mark, now=request.now)
        if decision.conflicts:
            decision.conflicts = blame(report, decision.conflicts)
    saved = {**decision.done, **{text: write.stored for text, write in decision.writes.items()}}
    return SaveResult(saved, decision.problems, decision.conflicts, opened, replayed)


def _lock(report: Report, request: _Request) -> tuple[bool, tuple[str, str] | None]:
    """Lock the report's row and bring `report` up to it; return whether its year is closed, and the earlier record."""
    live, before = lock_for_save(report.pk, request.actor.username, request.id)
    report.state, report.version, report.saves, report.head = live.state, live.version, live.saves, live.head
    report.round = live.round
    return live.closed, before


def _check_actor(report: Report, actor: Account) -> None:
    if actor.role != Role.FILLER.value or actor.museum_id != report.museum_id or not actor.is_active:
        raise NotYours("只有本馆填报人的账号可以填写和修改报表数据。")


def _check_open(report: Report, *, closed: bool) -> None:
    if closed:
        raise WrongState(f"{report.campaign.year} 年度的填报已经结束，数据不能再修改。")
    if clock.today() < report.campaign.opens_on:
        raise WrongState(f"{report.campaign.year} 年度的填报将于 {report.campaign.opens_on:%Y年%-m月%-d日} 开始。")
    state = State(report.state)
    if state not in EDITABLE:
        raise WrongState(f"报表当前为「{state.label}」状态，数据不能修改。")


def _only_told(report: Report, found: Form, request: _Request, outcome: _Outcome) -> _Outcome:
    """Return the outcome of a request sent again: what it stored was changed since, and that must not be undone."""
    stored = outcome.stored
    decision = decide(found, stored, request.changes)
    take_back(decision)
    return _Outcome(outcome.head, stored, decision, opened_with(report, found, stored), [])
