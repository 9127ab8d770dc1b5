"""The only way to somebody else's account, and to a museum by its accounts: 404 for strangers."""

from django.db.models import Q
from django.http import Http404

from guanshu.portal.models import Account, Museum, MuseumStatus, Role
from guanshu.portal.models.accounts import MUSEUM_ROLES, PROVINCE_ROLES

_NONE = "没有这个账号。"


def accounts_within(actor: Account) -> Q:
    """Return the condition under which an account is this actor's business; nothing for roles that look after none.

    A province looks after the accounts of its museums, operations staff after those of museums and provinces. National
    accounts are nobody's here: who could change their numbers could take them over.
    """
    if not actor.is_active:
        return Q(pk__in=[])
    if actor.role == Role.PROVINCE.value:
        return Q(museum__province=actor.province_id, museum__status=MuseumStatus.OPEN.value)
    if actor.role == Role.OPERATIONS.value:
        return Q(role__in=[*MUSEUM_ROLES, *PROVINCE_ROLES])
    if actor.museum_id is not None:
        return Q(museum=actor.museum_id)
    return Q(pk__in=[])


def access_account(actor: Account, username: str) -> Account:
    """Return the account of this name if it is the actor's business. Raises Http404."""
    wanted = Account.objects.select_related("museum__province", "province")
    found = wanted.filter(accounts_within(actor), username=username.replace("\x00", "")).first()
    if found is None:
        raise Http404(_NONE)
    return found


def access_museum(actor: Account, code: str) -> Museum:
    """Return an open museum of the actor's province. Raises Http404, for strangers as for no museum."""
    found = None
    if actor.is_active and actor.role == Role.PROVINCE.value:
        mine = Museum.objects.filter(province=actor.province_id, status=MuseumStatus.OPEN.value)
        found = mine.select_related("province").filter(code=code.replace("\x00", "")).first()
    if found is None:
        raise Http404(_NONE)
    return found
