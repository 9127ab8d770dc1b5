"""The person behind an account: an attribute, changed here and nowhere else, always on record."""

from datetime import datetime

from django.db import IntegrityError, transaction

from guanshu.portal import audit, crypto
from guanshu.portal.models import DUTY_ROLES, Account
from guanshu.portal.problems import OtherDuty
from guanshu.portal.queries.people import PLACE, Person, accounts_with_phone, person_of
from guanshu.survey.values.contacts import is_mobile, mask_mobile


def set_person(*, account: Account, person: Person, actor: str, source: str, now: datetime) -> bool:
    """Put a person on record as the holder of an account; return whether anything changed. `now` is real time.

    actor: a username, "" for the system; source: a word that says where it comes from (import, submission, operations
    …), kept in the trail. Neither name nor number is. Raises ValueError for a number that is no mobile number ("" is),
    OtherDuty when the person holds one of the three duties already.
    """
    if person.phone and not is_mobile(person.phone):
        raise ValueError("a person's number has the eleven digits of a mobile number")
    with transaction.atomic():
        live = Account.objects.select_for_update(no_key=True, of=("self",)).get(pk=account.pk)
        before = person_of(live)
        changed = [name for name in ("name", "phone") if getattr(before, name) != getattr(person, name)]
        if not changed:
            return False
        live.person = crypto.encrypt({"name": person.name, "phone": person.phone}, report=PLACE, address=live.username)
        live.phone_mark = crypto.lookup(person.phone) if person.phone else ""
        live.phone_shown = mask_mobile(person.phone) if person.phone else ""
        check_duties(live, person.phone)
        try:
            with transaction.atomic():
                live.save(update_fields=["person", "phone_mark", "phone_shown"])
        except IntegrityError:
            # Two at once: the database let the first through.
            raise OtherDuty from None
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


def check_duties(account: Account, phone: str) -> None:
    """Raise OtherDuty when the holder of this number has one of the three duties (system, security, audit) already.

    The database holds to it as well (one_duty_a_person); this says it in words, and knows marks under older keys.
    """
    if phone and account.role in DUTY_ROLES and account.is_active:
        others = accounts_with_phone(phone).filter(role__in=DUTY_ROLES, is_active=True)
        if others.exclude(pk=account.pk).exists():
            raise OtherDuty
