"""联系记录: when the province reached a museum, whom, and what came of it."""

import uuid
from datetime import date, datetime

from django.db import transaction

from guanshu.portal import audit, crypto
from guanshu.portal.models import Account, ContactLog, ContactResult, Museum, Role
from guanshu.portal.problems import Incomplete, NotYours
from guanshu.portal.queries.contacts import PLACE


def log_contact(
    *, museum: Museum, actor: Account, on: date, who: str, result: str, note: str, now: datetime
) -> ContactLog:
    """Append one contact to the museum's log. Raises NotYours, Incomplete for a result there is not."""
    if actor.role != Role.PROVINCE.value or actor.province_id != museum.province_id:
        raise NotYours
    if result not in ContactResult.values:
        raise Incomplete("请选择联系结果。")
    key = uuid.uuid4()
    with transaction.atomic():
        row = ContactLog.objects.create(
            id=key,
            museum=museum,
            on=on,
            result=result,
            sealed=crypto.encrypt({"who": who, "note": note}, report=PLACE, address=str(key)),
            by=actor.username,
            at=now,
        )
        audit.record(
            stream=f"account:{actor.username}",
            actor=actor.username,
            action="contact_logged",
            object=museum.code,
            details={"result": result, "on": on.isoformat()},
            now=now,
        )
    return row
