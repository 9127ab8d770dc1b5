"""Applications and corrections by who asks for them."""

from django.db.models import Q, QuerySet
from django.http import Http404

from guanshu.portal.models import Account, Application, Correction, Role

_NATIONAL = (Role.SYSTEM.value, Role.NATIONAL_VIEWER.value)
_NONE = "没有这份申请，或者您的账号无权查看。"


def applications_visible_to(account: Account) -> Q:
    """Return the condition under which an account may see an application: its province's administrator, the nation."""
    if account.role == Role.PROVINCE.value:
        return Q(province=account.province_id)
    return Q() if account.role in _NATIONAL else Q(pk__in=[])


def corrections_visible_to(account: Account) -> Q:
    """Return the condition under which an account may see a correction: its museum, its province, the nation."""
    if account.museum_id is not None:
        return Q(museum=account.museum_id)
    return applications_visible_to(account)


def applications(account: Account) -> QuerySet[Application]:
    """Return the applications an account may see, newest first."""
    if not account.is_active:
        return Application.objects.none()
    return Application.objects.select_related("province", "campaign", "museum").filter(applications_visible_to(account))


def corrections(account: Account) -> QuerySet[Correction]:
    """Return the corrections an account may see, newest first."""
    if not account.is_active:
        return Correction.objects.none()
    found = Correction.objects.select_related("province", "campaign", "museum__province")
    return found.filter(corrections_visible_to(account))


def access_application(account: Account, number: str) -> Application:
    """Return the application with this number if the account may see it. Raises Http404, for strangers as for none."""
    found = applications(account).filter(number=number).first()
    if found is None:
        raise Http404(_NONE)
    return found


def access_correction(account: Account, number: str) -> Correction:
    """Return the correction with this number if the account may see it. Raises Http404, for strangers as for none."""
    found = corrections(account).filter(number=number).first()
    if found is None:
        raise Http404(_NONE)
    return found
