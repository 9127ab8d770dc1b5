"""The rows that remember who asked for codes, read and written under gates (rows that are locked first)."""

import logging
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from guanshu.portal import audit, crypto
from guanshu.portal.domain.resetting.limits import (
    ACCOUNT,
    ADDRESS,
    ALARM,
    DAY,
    MINUTE,
    PHONE,
    UNSURE,
    VALID,
    Limit,
    reached,
)
from guanshu.portal.models import Account, CodeState, ResetCode, ResetGate
from guanshu.survey.workflow.calendar import SHANGHAI

_log = logging.getLogger(__name__)
# What went out, or is on its way.
WENT = (CodeState.ASKED.value, CodeState.SENT.value, CodeState.USED.value, CodeState.REPLACED.value)
# What can be typed.
USABLE = (CodeState.ASKED.value, CodeState.SENT.value, CodeState.UNSURE.value)
DIGITS = 6
_BUDGET_GATE = "budget"


@dataclass(frozen=True, slots=True)
class Marks:
    """Who asks, as keyed marks. phone: all marks of the number, newest key first; empty when there is none."""

    name: str
    address: str
    session: str
    phone: tuple[str, ...]


def marks_of(*, name: str, address: str, session: str, phone: str) -> Marks:
    """Return the marks under which a request is remembered."""
    return Marks(
        name_mark(name),
        crypto.lookup(f"reset address {address}"),
        session_mark(session),
        tuple(crypto.lookups(phone)) if phone else (),
    )


def name_mark(name: str) -> str:
    """Return the mark of an account's name, existing or not."""
    return crypto.lookup(f"reset account {name}")


def session_mark(session: str) -> str:
    """Return the mark of what a browser's session keeps."""
    return crypto.lookup(f"reset session {session}")


def lock_gates(marks: Marks) -> ResetGate:
    """Lock the rows that requests about the same account, phone and address lock; return the budget's.

    As many for an account that does not exist, and always in the same order.
    """
    phone = marks.phone[0] if marks.phone else marks.name
    wanted = {f"a{marks.address[:2]}", f"n{marks.name[:2]}", f"p{phone[:2]}", _BUDGET_GATE}
    ResetGate.objects.bulk_create([ResetGate(name=name) for name in sorted(wanted)], ignore_conflicts=True)
    locked = ResetGate.objects.select_for_update(no_key=True).filter(name__in=wanted).order_by("name")
    return next(gate for gate in list(locked) if gate.name == _BUDGET_GATE)


def address_is_full(marks: Marks, now: datetime) -> bool:
    """Return whether too many requests came from this address."""
    rows = ResetCode.objects.filter(address=marks.address, made_at__gt=now - ADDRESS.within)
    return reached(ADDRESS, rows.exclude(state=CodeState.FAILED.value).values_list("made_at", flat=True), now)


def asked_for(marks: Marks, now: datetime) -> list[datetime]:
    """Return when codes were asked for this account within a day, as far as it counts."""
    rows = ResetCode.objects.filter(name=marks.name, counted=True, made_at__gt=now - ACCOUNT.within)
    return list(rows.exclude(state=CodeState.FAILED.value).values_list("made_at", flat=True))


def just_asked(moments: list[datetime], now: datetime) -> bool:
    """Return whether a code was asked for this account within the last minute."""
    return reached(Limit(1, MINUTE), moments, now)


def phone_is_full(marks: Marks, now: datetime) -> bool:
    """Return whether this phone has had enough."""
    rows = ResetCode.objects.filter(phone__in=marks.phone or ("none",), made_at__gt=now - DAY)
    found = list(rows.values_list("made_at", "state"))
    went = [at for at, state in found if state in WENT]
    unsure = [at for at, state in found if state == CodeState.UNSURE.value]
    return any(reached(limit, went, now) for limit in PHONE) or reached(UNSURE, [*went, *unsure], now)


def budget_is_spent(gate: ResetGate, now: datetime) -> bool:
    """Return whether the day's codes are used up. Raises the alarm once a day when they run low and when they end."""
    start = now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    used = ResetCode.objects.filter(state__in=WENT, made_at__gte=start).count()
    budget = settings.GUANSHU_SMS_CHANNEL.budget
    word = "spent" if used >= budget else "low" if used >= budget * ALARM else ""
    note = f"{start:%Y-%m-%d} {word}"
    if word and gate.noted not in {note, f"{start:%Y-%m-%d} spent"}:
        ResetGate.objects.filter(pk=gate.pk).update(noted=note)
        audit.record(stream="system", actor="", action=f"sms_budget_{word}", object="sms", details={}, now=now)
        _log.warning("the daily budget of codes by text message is %s", word)
    return word == "spent"


def write_request(
    marks: Marks, account: Account | None, *, silent: bool, counted: bool, now: datetime
) -> tuple[ResetCode, str]:
    """Write a request and return it with its code; a silent one has a code that nobody can type."""
    code = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
    key = uuid.uuid4()
    row = ResetCode(
        id=key,
        account=None if silent else account,
        name=marks.name,
        phone="" if silent or not marks.phone else marks.phone[0],
        address=marks.address,
        session=marks.session,
        code=crypto.code_mark(secrets.token_hex(8) if silent else code, row=str(key)),
        state=(CodeState.SILENT if silent else CodeState.ASKED).value,
        counted=counted,
        made_at=now,
        expires_at=now + VALID,
    )
    row.save(force_insert=True)
    return row, code


def sweep_requests(now: datetime) -> int:
    """Remove the requests that no limit counts any more; return how many."""
    return ResetCode.objects.filter(made_at__lt=now - timedelta(days=2)).delete()[0]
