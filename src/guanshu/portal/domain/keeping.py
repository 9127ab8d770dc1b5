"""The two phases of keeping a file, whoever it belongs to: bytes to their place first, then the row."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db.models import Max

from guanshu.portal.domain import vault
from guanshu.portal.domain.naming import shown_name
from guanshu.portal.models import Account, Application, Campaign, Correction, Filing, Report, StoredFile
from guanshu.survey.intake.verdict import Accepted


def new_row(
    owner: Report | Filing | Application | Correction | Campaign,
    purpose: str,
    path: Path,
    *,
    official: str,
    uploaded: str,
    seen: Accepted,
    actor: Account,
    now: datetime,
    details: Mapping[str, Any] | None = None,
) -> StoredFile:
    """Return the row of a file that has arrived, not written yet; its serial comes with `take_place`."""
    return StoredFile(
        id=uuid.uuid4(),
        report=owner if isinstance(owner, Report) else None,
        filing=owner if isinstance(owner, Filing) else None,
        application=owner if isinstance(owner, Application) else None,
        correction=owner if isinstance(owner, Correction) else None,
        campaign=owner if isinstance(owner, Campaign) else None,
        purpose=purpose,
        official_name=official,
        uploaded_name=shown_name(uploaded),
        media_type=seen.media_type,
        size=path.stat().st_size,
        sha256=vault.digest(path),
        details={"members": [asdict(member) for member in seen.members], "notes": list(seen.notes), **(details or {})},
        uploaded_by=actor.username,
        uploaded_at=now,
    )


def keep_row(path: Path, row: StoredFile, write: Callable[[StoredFile], StoredFile]) -> StoredFile:
    """Move the bytes to their place and let `write` write the row, in a transaction of its own under its own lock.

    What `write` returns is the row that counts; when that is another one, or `write` raises, the bytes are removed. A
    crash in between leaves an orphan, which `vault.sweep` removes.
    """
    name = row.pk
    vault.keep(path, name)
    try:
        kept = write(row)
    except BaseException:
        vault.discard(name)
        raise
    if kept.pk != name:
        vault.discard(name)
    return kept


def take_place(row: StoredFile, now: datetime) -> None:
    """Write the row as the newest of its purpose, in place of the one before; the caller holds the owner's lock."""
    owner = next({name: getattr(row, name)} for name in StoredFile.OWNERS if getattr(row, name) is not None)
    before = StoredFile.objects.filter(**owner, purpose=row.purpose)
    row.serial = (before.aggregate(last=Max("serial"))["last"] or 0) + 1
    before.filter(superseded_at=None).update(superseded_at=now)
    row.save(force_insert=True)
