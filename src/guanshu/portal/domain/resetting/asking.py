"""「获取验证码」: one code to the phone on record, and the same answer in the same time whoever was asked about."""

import time
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from django.db import transaction

from guanshu.portal.domain.accounts import canonical_username
from guanshu.portal.domain.resetting import ledger
from guanshu.portal.domain.resetting.limits import ACCOUNT, VALID, reached
from guanshu.portal.domain.resetting.pace import as_if_sent, leave_together
from guanshu.portal.models import Account, CodeState, ResetCode, SmsMessage
from guanshu.portal.queries.resetphones import be_ready, reset_phone
from guanshu.portal.sms import Health, Outcome, hand_over, health, send_sms

PURPOSE = "reset"
TEMPLATE = "reset_code"
_LONGEST_NAME = 40


class Asked(Enum):
    """What the page says. None of these tells whether there is such an account."""

    SENT = "sent"
    # The gateway failed a while ago; it was tried again, and how that went is not told.
    TRYING = "trying"
    UNAVAILABLE = "unavailable"
    SPENT = "spent"
    ACCOUNT_FULL = "account_full"
    ADDRESS_FULL = "address_full"


@dataclass(frozen=True, slots=True)
class _Written:
    """A request that is in the ledger; message None: nothing is to be sent."""

    row: ResetCode
    message: SmsMessage | None


def ask_code(*, username: str, session: str, address: str, now: datetime) -> Asked:
    """Send a code for a new password, if there is such an account with a number and no limit is reached.

    The request is written and its limits counted in one transaction; the message is handed over after it, with a limit
    to the time. username: as typed; session: the secret kept in the browser's session; address: the client's.
    """
    began = time.monotonic()
    try:
        state = health(now)
        if state is Health.DOWN:
            return Asked.UNAVAILABLE
        be_ready()
        name = canonical_username(username).replace("\x00", "")[:_LONGEST_NAME]
        account = Account.objects.filter(username=name, is_active=True).first()
        phone = reset_phone(account) if account is not None else ""
        marks = ledger.marks_of(name=name, address=address, session=session, phone=phone)
        with transaction.atomic():
            written = _write(marks, account, phone, trying=state is Health.TRYING, now=now)
        if isinstance(written, Asked):
            return written
        return _answer(written, state, began, now)
    finally:
        leave_together(began)


def _write(
    marks: ledger.Marks, account: Account | None, phone: str, *, trying: bool, now: datetime
) -> _Written | Asked:
    """Count under the gates and write the request with its message."""
    budget = ledger.lock_gates(marks)
    if ledger.address_is_full(marks, now):
        return Asked.ADDRESS_FULL
    moments = ledger.asked_for(marks, now)
    again = ledger.just_asked(moments, now)
    if not again and reached(ACCOUNT, moments, now):
        return Asked.ACCOUNT_FULL
    full = ledger.phone_is_full(marks, now)
    if ledger.budget_is_spent(budget, now):
        return Asked.SPENT
    silent = again or full or not phone
    # While the gateway is being tried nothing counts for the account: who is told nothing must lose nothing.
    row, code = ledger.write_request(marks, account, silent=silent, counted=not (again or trying), now=now)
    if silent:
        return _Written(row, None)
    message = send_sms(
        to=phone,
        template=TEMPLATE,
        variables={"code": code},
        purpose=PURPOSE,
        now=now,
        expires_at=now + VALID,
        once=True,
    )
    return _Written(row, message)


def _answer(written: _Written, state: Health, began: float, now: datetime) -> Asked:
    outcome = Outcome.SENT
    if written.message is None:
        as_if_sent()
    else:
        outcome = hand_over(written.message.pk, now=now, spent=time.monotonic() - began)
        _settle(written.row, outcome)
    if state is Health.TRYING:
        return Asked.TRYING
    return Asked.UNAVAILABLE if outcome in {Outcome.FAILED, Outcome.UNSURE} else Asked.SENT


_STATES = {
    Outcome.SENT: CodeState.SENT,
    Outcome.UNSURE: CodeState.UNSURE,
    Outcome.FAILED: CodeState.FAILED,
    # Told as if it had been sent; so it counts as well.
    Outcome.NUMBER: CodeState.SILENT,
}


def _settle(row: ResetCode, outcome: Outcome) -> None:
    """Write what became of a code; one that went out takes the place of all before it."""
    with transaction.atomic():
        ResetCode.objects.filter(pk=row.pk, state=CodeState.ASKED.value).update(state=_STATES[outcome].value)
        if outcome is Outcome.SENT:
            before = ResetCode.objects.filter(account=row.account_id, made_at__lt=row.made_at)
            before.filter(state__in=ledger.USABLE).update(state=CodeState.REPLACED.value)
