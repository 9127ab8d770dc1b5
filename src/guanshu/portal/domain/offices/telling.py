"""Telling a province by text message what the nation decided, if its administrator's number is on record."""

from datetime import datetime

from guanshu.portal.domain.reminding.wording import short
from guanshu.portal.models import Account, Application, Role
from guanshu.portal.queries.people import person_of
from guanshu.portal.sms import rendered, send_sms

_PURPOSE = "application"
_NAMELESS = "新增科技馆"


def tell_province(application: Application, template: str, now: datetime) -> bool:
    """Send the province's administrator a message in the caller's transaction; return whether there was a number."""
    account = Account.objects.filter(role=Role.PROVINCE.value, province=application.province_id, is_active=True).first()
    phone = person_of(account).phone if account is not None else ""
    if not phone:
        return False
    send_sms(to=phone, template=template, variables=_variables(template, application), purpose=_PURPOSE, now=now)
    return True


def _variables(template: str, application: Application) -> dict[str, str]:
    """Return what stands in the message; a name no gateway would send must not keep the nation from deciding."""
    named = {"museum": short(application.name)}
    try:
        rendered(template, named)
    except ValueError:
        return {"museum": _NAMELESS}
    return named
