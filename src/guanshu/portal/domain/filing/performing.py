"""Every transition of a filing: one transaction, decided under the lock on the filing's row."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from guanshu.portal.domain.filing.holding import LockedFiling, hold_filing
from guanshu.portal.domain.reporting.locking import clean
from guanshu.portal.models import Account, Filing, FilingReturn, Package
from guanshu.portal.problems import Incomplete, NotReady, NotYours, Unusable, WrongState
from guanshu.portal.queries.filingbasis import changes, whole_basis
from guanshu.portal.queries.filingcheck import checklist
from guanshu.portal.queries.filings import open_filing
from guanshu.portal.queries.packages import package_problems
from guanshu.survey.workflow.filing import (
    FILING_TRANSITIONS,
    FilingAction,
    FilingEffect,
    FilingGiven,
    filing_destination,
    filing_lacking,
    filing_performs,
)
from guanshu.survey.workflow.filingstates import FilingState


def perform_filing(
    *,
    filing: Filing,
    actor: Account,
    action: FilingAction,
    now: datetime,
    package: Package | None = None,
    reason: str = "",
    until: date | None = None,
    today: date | None = None,
) -> Filing:
    """Do one transition and return the filing as it is then, or raise and change nothing.

    package: what is handed in; it must be the newest and of the data as they are. Raises NotYours (403), WrongState
    (409, also for an outdated package, with what changed), Incomplete (422), NotReady (422) with all that is left.
    """
    with transaction.atomic():
        locked = hold_filing(filing, actor, now=now, today=today)
        refused = locked.standing.refusal(action, locked.actor)
        if refused:
            raise WrongState(refused) if filing_performs(locked.actor, action) else NotYours(refused)
        given = FilingGiven(clean(reason, "原因"), until, package is not None)
        lack = filing_lacking(action, given, locked.standing.facts)
        if lack:
            raise Incomplete(lack)
        if package is not None:
            _check_package(locked, package)
        _carry_out(locked, action, given, package)
    return locked.filing


def _check_package(locked: LockedFiling, package: Package) -> None:
    """Compare what the package was made from with what there is now, under the lock."""
    filing = locked.filing
    if package.filing_id != filing.pk:
        raise Unusable
    newest = Package.objects.filter(filing=filing).order_by("-serial").first()
    if newest is None or newest.pk != package.pk:
        raise WrongState("已有更新的材料包，请刷新页面后上报最新的一份。")
    opened = open_filing(filing)
    found = checklist(opened)
    if not found.ready:
        raise NotReady(found.problems)
    left = package_problems(package, opened)
    if left:
        raise NotReady(left)
    basis = whole_basis(opened)
    if basis.digest != package.basis:
        told = "".join(changes(filing, package.parts, basis.parts)[:5])
        raise WrongState(f"材料包生成之后内容有变动，不能上报：{told}请重新生成材料包。")


def _carry_out(locked: LockedFiling, action: FilingAction, given: FilingGiven, package: Package | None) -> None:
    filing, facts, left = locked.filing, locked.standing.facts, locked.standing.state
    to = filing_destination(action, left, facts)
    changed: dict[str, Any] = {}
    details: dict[str, object] = {"from": left.value, "to": to.value, "reason": given.reason}
    if to is not left:
        changed.update(state=to.value, state_since=locked.moment)
    if action is FilingAction.SUBMIT and package is not None:
        changed["first_submitted_at"] = filing.first_submitted_at or locked.moment
        details.update(package=package.serial, sha256=package.file.sha256, late=facts.late)
        Package.objects.filter(pk=package.pk).update(submitted_at=locked.moment)
    changed.update(_effects(locked, action, given, left))
    if given.until is not None and {FilingEffect.OPEN_WINDOW, FilingEffect.MOVE_DEADLINE} & _effects_of(action):
        details["until"] = given.until.isoformat()
    for name, value in changed.items():
        setattr(filing, name, value)
    Filing.objects.filter(pk=filing.pk).update(**changed)
    locked.note(action.value, **details)


def _effects_of(action: FilingAction) -> frozenset[FilingEffect]:
    return FILING_TRANSITIONS[action].effects


def _effects(locked: LockedFiling, action: FilingAction, given: FilingGiven, left: FilingState) -> dict[str, Any]:
    filing, effects = locked.filing, _effects_of(action)
    changed: dict[str, Any] = {}
    if FilingEffect.MARK_OPENED in effects:
        changed["opened_at"] = filing.opened_at or locked.moment
    if FilingEffect.CLEAR_OPENED in effects:
        changed["opened_at"] = None
    if FilingEffect.OPEN_WINDOW in effects:
        changed.update(returned_at=locked.moment, window_until=given.until, round=filing.round + 1)
        FilingReturn.objects.create(
            filing=filing,
            round=filing.round + 1,
            by=locked.account.username,
            reason=given.reason,
            at=locked.moment,
            until=given.until,
        )
    if FilingEffect.MOVE_DEADLINE in effects:
        changed["window_until" if left is FilingState.RETURNED else "extended_until"] = given.until
    return changed
