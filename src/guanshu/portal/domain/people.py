"""The person behind an account: an attribute, changed here and nowhere else, always on record."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from guanshu.portal import audit, crypto
from guanshu.portal.models import DUTY_ROLES, Account, AccountHolder
from guanshu.portal.problems import OtherDuty
from guanshu.portal.queries.people import HOLDER, PLACE, Person, accounts_with_phone, person_of
from guanshu.portal.sms import send_sms
from guanshu.survey.values.contacts import is_mobile, mask_mobile

OLD_NUMBER, NEW_NUMBER = "phone_old", "phone_new"
PURPOSE = "phone_change"


@dataclass(frozen=True, slots=True)
class Change:
    """What a change of the holder came with: the day and reason of a 更换, the report of a submission."""

    on: date | None = None
    reason: str = ""
    about: str = ""


_PLAIN = Change()


def set_person(
    *, account: Account, person: Person, actor: str, source: str, now: datetime, change: Change = _PLAIN
) -> bool:
    """Put a person on record as the holder of an account; return whether anything changed. `now` is real time.

    actor: a username, "" for the system; source: a word that says where it comes from (import, submission, operations
    …), kept in the trail. Neither name nor number is. Who it was before stays in the account's history. Raises
    ValueError for a number that is no mobile number ("" is), OtherDuty when the person holds one of the three duties
    already.
    """
    if person.phone and not is_mobile(person.phone):
        raise ValueError("a person's number has the eleven digits of a mobile number")
    with transaction.atomic():
        live = Account.objects.select_for_update(no_key=True, of=("self",)).get(pk=account.pk)
        before = person_of(live)
        changed = [name for name in ("name", "phone") if getattr(before, name) != getattr(person, name)]
        if not changed:
            return False
        live.person = crypto.encrypt(_plain(person), report=PLACE, address=live.username)
        live.phone_mark = crypto.lookup(person.phone) if person.phone else ""
        live.phone_shown = mask_mobile(person.phone) if person.phone else ""
        check_duties(live, person.phone)
        try:
            with transaction.atomic():
                live.save(update_fields=["person", "phone_mark", "phone_shown"])
        except IntegrityError:
            # Two at once: the database let the first through.
            raise OtherDuty from None
        _keep(live, before, person, actor=actor, source=source, now=now, change=change)
        audit.record(
            stream=f"account:{live.username}",
            actor=actor,
            action="person_changed",
            object=live.username,
            details={"changed": changed, "source": source},
            now=now,
        )
    account.person, account.phone_mark, account.phone_shown = live.person, live.phone_mark, live.phone_shown
    return True


def _keep(
    account: Account, before: Person, person: Person, *, actor: str, source: str, now: datetime, change: Change
) -> None:
    """Append the person to the account's holders; the one before ends now."""
    AccountHolder.objects.filter(account=account, until=None).update(until=now)
    key = uuid.uuid4()
    AccountHolder.objects.create(
        id=key,
        account=account,
        sealed=crypto.encrypt(_plain(person), report=HOLDER, address=str(key)),
        shown=account.phone_shown,
        source=source,
        by=actor,
        reason=change.reason,
        on=change.on,
        about=change.about,
        moved=bool(before.phone) and before.phone != person.phone,
        since=now,
    )


def _plain(person: Person) -> Mapping[str, str]:
    return {"name": person.name, "phone": person.phone}


def tell_numbers(*, account: Account, old: str, new: str, now: datetime) -> None:
    """Tell the old number and the new one that an account's number changed, in the caller's transaction.

    No message names the museum: whoever has the old number now need not know whose it was.
    """
    if old == new:
        return
    if old:
        send_sms(to=old, template=OLD_NUMBER, variables={}, purpose=PURPOSE, now=now)
    if new:
        role = str(account.get_role_display())
        send_sms(to=new, template=NEW_NUMBER, variables={"role": role}, purpose=PURPOSE, now=now)


def check_duties(account: Account, phone: str) -> None:
    """Raise OtherDuty when the holder of this number has one of the three duties (system, security, audit) already.

    The database holds to it as well (one_duty_a_person); this says it in words, and knows marks under older keys.
    """
    if phone and account.role in DUTY_ROLES and account.is_active:
        others = accounts_with_phone(phone).filter(role__in=DUTY_ROLES, is_active=True)
        if others.exclude(pk=account.pk).exists():
            raise OtherDuty
