"""Making a seal: the ends of the chains that went on since the last one.

A chain's end names everything before it, so one hash a chain seals the whole of it. Ids are given before a commit and
seen after it, so each seal looks some way back and takes up what came late.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Min, Q

from guanshu.portal import audit
from guanshu.portal.domain.sealing.log import write_log
from guanshu.portal.models import AuditRecord, AuditSeal, SaveRecord

# From the first younger record on everything is left for the next seal: its neighbours may still be on the way.
SETTLED = timedelta(seconds=60)
# Records in one seal at most (the first of a large database become several), and how many are looked at again.
MOST = BACK = 2000
_Heads = dict[str, list[Any]]


def seal(*, now: datetime) -> int:
    """Seal what is older than a minute and not sealed yet; return how many seals were made. `now` is real time.

    Several processes may do it at once: a number is given once, whoever comes second has nothing to do.
    """
    made = 0
    try:
        while _make(now):
            made += 1
    except IntegrityError:
        pass
    write_log()
    return made


def _make(now: datetime) -> bool:
    with transaction.atomic():
        last = AuditSeal.objects.order_by("-number").first()
        audit_id, save_id = (last.audit_id, last.save_id) if last else (0, 0)
        known = _known(audit_id - BACK, save_id - BACK)
        audits, audit_id = _ends(AuditRecord, "stream", audit_id, known["audit"], now)
        saves, save_id = _ends(SaveRecord, "report", save_id, known["saves"], now)
        if not audits and not saves:
            return False
        row = AuditSeal(
            number=last.number + 1 if last else 1,
            at=now,
            heads={"audit": audits, "saves": saves},
            audit_id=audit_id,
            save_id=save_id,
        )
        audit.link(row, prev=last.hash if last else "").save(force_insert=True)
    return True


def _known(audit_id: int, save_id: int) -> dict[str, _Heads]:
    """Return the ends that the seals since these ids know."""
    known: dict[str, _Heads] = {"audit": {}, "saves": {}}
    near = AuditSeal.objects.filter(Q(audit_id__gt=audit_id) | Q(save_id__gt=save_id)).order_by("number")
    for heads in near.values_list("heads", flat=True):
        for kind, ends in known.items():
            ends.update(heads[kind])
    return known


def _ends(
    model: type[AuditRecord | SaveRecord], chain: str, after: int, known: Mapping[str, list[Any]], now: datetime
) -> tuple[_Heads, int]:
    """Return the ends of the chains that went beyond what is known, [seq, hash, [ids since]], and the highest id."""
    # By the index of times, however much is still to be sealed.
    first = model.objects.filter(at__gt=now - SETTLED, at__lte=now + SETTLED).aggregate(first=Min("pk"))["first"]
    found = model.objects.filter(pk__gt=after - BACK).order_by("pk")
    if first is not None:
        found = found.filter(pk__lt=first)
    heads: _Heads = {}
    for pk, name, seq, value in found.values_list("pk", chain, "seq", "hash")[: BACK + MOST]:
        here = heads.get(name)
        if seq > (here or known.get(name) or [0])[0]:
            heads[name] = [seq, value, [*(here[2] if here else []), pk]]
        after = max(after, pk)
    return heads, after
