"""Operations staff change a number on request: with a reason, if so set with a second person, recallable for a day."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from guanshu.portal import audit, crypto
from guanshu.portal.domain.people import set_person, tell_numbers
from guanshu.portal.models import Account, PhoneChange, PhoneChangeState, Role
from guanshu.portal.models.accounts import MUSEUM_ROLES, PROVINCE_ROLES
from guanshu.portal.problems import Incomplete, NotYours, WrongState
from guanshu.portal.queries.people import Person, person_of
from guanshu.portal.queries.phonechanges import PLACE, numbers_of
from guanshu.survey.values.contacts import mask_mobile

RECALLABLE = timedelta(hours=24)
_OFFICES = frozenset({*MUSEUM_ROLES, *PROVINCE_ROLES})


def request_phone_change(*, account: Account, actor: Account, phone: str, reason: str, now: datetime) -> PhoneChange:
    """Change an account's number, or ask a second person to (GUANSHU_PHONE_SECOND_PERSON). `now` is real time.

    Raises NotYours, Incomplete for the number that is on record already, WrongState while another change waits.
    """
    _check_operations(actor)
    if account.role not in _OFFICES:
        raise NotYours("全国级账号的手机号码不能由运维人员变更。")
    with transaction.atomic():
        live = _locked(account.pk)
        if PhoneChange.objects.filter(account=live, state=PhoneChangeState.WAITING.value).exists():
            raise WrongState("这个账号已有一项变更等待批准，请先处理那一项。")
        old = person_of(live).phone
        if phone == old:
            raise Incomplete("新号码与登记的号码相同，不需要变更。")
        key = uuid.uuid4()
        change = PhoneChange.objects.create(
            id=key,
            account=live,
            state=PhoneChangeState.WAITING.value,
            sealed=crypto.encrypt({"old": old, "new": phone}, report=PLACE, address=str(key)),
            old_shown=mask_mobile(old) if old else "",
            new_shown=mask_mobile(phone),
            reason=reason,
            asked_by=actor.username,
            asked_at=now,
        )
        _record(change, actor, "phone_change_asked", now)
        if not settings.GUANSHU_PHONE_SECOND_PERSON:
            _carry_out(change, live, actor, now)
    return change


def approve_phone_change(*, change: PhoneChange, actor: Account, now: datetime) -> None:
    """Carry out what another operations account asked for. Raises NotYours for the one who asked, WrongState."""
    with transaction.atomic():
        live, locked = _decide(change, actor)
        if person_of(live).phone != numbers_of(locked).old:
            raise WrongState("申请之后号码已经变过，不能批准；请不予批准，由申请人重新核对后再提。")
        locked.decided_by, locked.decided_at = actor.username, now
        _carry_out(locked, live, actor, now)


def refuse_phone_change(*, change: PhoneChange, actor: Account, answer: str, now: datetime) -> None:
    """Leave the number as it is, with a reason. Raises NotYours for the one who asked, WrongState."""
    with transaction.atomic():
        _, locked = _decide(change, actor)
        locked.state, locked.answer = PhoneChangeState.REFUSED.value, answer
        locked.decided_by, locked.decided_at = actor.username, now
        locked.save()
        audit.record_account(
            locked.account.username, actor.username, "phone_change_refused", now, change=str(locked.pk)
        )


def recall_phone_change(*, change: PhoneChange, actor: Account, now: datetime) -> None:
    """Put the old number back within a day. Raises NotYours, WrongState when it is too late or was changed since."""
    _check_operations(actor)
    with transaction.atomic():
        live = _locked(change.account_id)
        locked = PhoneChange.objects.select_for_update(no_key=True).get(pk=change.pk)
        refused = recall_refusal(locked, live, now)
        if refused:
            raise WrongState(refused)
        old, person = numbers_of(locked).old, person_of(live)
        _put(live, Person(person.name, old), actor, "recall", now)
        locked.state, locked.recalled_by, locked.recalled_at = PhoneChangeState.RECALLED.value, actor.username, now
        locked.save()
        audit.record_account(
            locked.account.username, actor.username, "phone_change_recalled", now, change=str(locked.pk)
        )


def recall_refusal(change: PhoneChange, account: Account, now: datetime) -> str:
    """Return why a change cannot be recalled, "" when it can."""
    if change.state != PhoneChangeState.DONE.value or change.done_at is None:
        return "只有已完成的变更可以撤回。"
    if now - change.done_at > RECALLABLE:
        return "变更已超过 24 小时，不能撤回；需要改回的请重新变更。"
    if person_of(account).phone != numbers_of(change).new:
        return "变更之后号码又变过，不能撤回；需要改回的请重新变更。"
    return ""


def _decide(change: PhoneChange, actor: Account) -> tuple[Account, PhoneChange]:
    """Return account and change locked, the account always first. Raises NotYours, WrongState."""
    _check_operations(actor)
    live = _locked(change.account_id)
    locked = PhoneChange.objects.select_for_update(no_key=True).get(pk=change.pk)
    if locked.asked_by == actor.username:
        raise NotYours("自己提出的变更须由另一位运维人员批准。")
    if locked.state != PhoneChangeState.WAITING.value:
        raise WrongState("这项变更已经处理过了。")
    return live, locked


def _carry_out(change: PhoneChange, account: Account, actor: Account, now: datetime) -> None:
    _put(account, Person(person_of(account).name, numbers_of(change).new), actor, "operations", now)
    change.state, change.done_at = PhoneChangeState.DONE.value, now
    change.save()
    _record(change, actor, "phone_change_done", now)


def _put(account: Account, person: Person, actor: Account, source: str, now: datetime) -> None:
    before = person_of(account).phone
    set_person(account=account, person=person, actor=actor.username, source=source, now=now)
    tell_numbers(account=account, old=before, new=person.phone, now=now)


def _locked(pk: int) -> Account:
    return Account.objects.select_for_update(no_key=True, of=("self",)).get(pk=pk)


def _check_operations(actor: Account) -> None:
    if actor.role != Role.OPERATIONS.value:
        raise NotYours


def _record(change: PhoneChange, actor: Account, action: str, now: datetime) -> None:
    audit.record_account(change.account.username, actor.username, action, now, change=str(change.pk))
