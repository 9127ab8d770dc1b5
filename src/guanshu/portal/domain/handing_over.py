"""更换填报人/审核人: the account stays, another person holds it, and whoever held it before is out at once."""

from datetime import date, datetime

from django.db import transaction

from guanshu.portal import audit
from guanshu.portal.domain.factors import remove_factor
from guanshu.portal.domain.people import Change, set_person, tell_numbers
from guanshu.portal.domain.sessions import BY_CHANGE, end_sessions
from guanshu.portal.models import Account, Role
from guanshu.portal.models.accounts import MUSEUM_ROLES
from guanshu.portal.problems import Incomplete, NotYours
from guanshu.portal.queries.people import Person, person_of

_OF_THE_FORMER = ("password", "must_change_password", "password_at", "first_login_at", "given_at", "given_to")


def may_replace(actor: Account, account: Account) -> bool:
    """Return whether this actor may hand the account to another person: its own holder, or the museum's province."""
    if account.museum is None or account.role not in MUSEUM_ROLES:
        return False
    if actor.role == Role.PROVINCE.value:
        return actor.province_id == account.museum.province_id
    return actor.pk == account.pk


def replace_holder(*, account: Account, actor: Account, person: Person, on: date, reason: str, now: datetime) -> None:
    """Put another person on record and end everything the former one had: sessions, password, the slip.

    Nobody is shown a password: the new holder sets one by text message, or the province gives a new slip. Both numbers
    are told. Raises NotYours, Incomplete when it is the same person.
    """
    if not may_replace(actor, account):
        raise NotYours
    with transaction.atomic():
        live = Account.objects.select_for_update(no_key=True, of=("self",)).get(pk=account.pk)
        before = person_of(live)
        if before.name == person.name:
            raise Incomplete("姓名与现任相同。同一人只是换了手机号码的，不需要更换人员：填报人提交时系统自动更新。")
        set_person(
            account=live,
            person=person,
            actor=actor.username,
            source="handover",
            now=now,
            change=Change(on=on, reason=reason),
        )
        tell_numbers(account=live, old=before.phone, new=person.phone, now=now)
        shut_out(live, actor=actor.username, now=now)
        audit.record(
            stream=f"account:{live.username}",
            actor=actor.username,
            action="holder_replaced",
            object=live.username,
            details={"role": actor.role, "on": on.isoformat()},
            now=now,
        )


def shut_out(live: Account, *, actor: str, now: datetime) -> None:
    """End everything the former holder of an account had: sessions, password, authenticator, the slip.

    In the caller's transaction, which holds the account's row. An authenticator left behind would keep the next one
    out.
    """
    remove_factor(account=live, actor=actor, now=now)
    end_sessions(account=live, reason=BY_CHANGE)
    live.set_unusable_password()
    live.must_change_password = True
    live.password_at, live.first_login_at, live.given_at, live.given_to = now, None, None, ""
    live.save(update_fields=_OF_THE_FORMER)
