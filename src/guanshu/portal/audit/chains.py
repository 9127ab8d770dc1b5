"""Every record names the hash of the one before it, so that a change anywhere shows everywhere after."""

import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from django.db import transaction

from guanshu.portal.models import AuditRecord, AuditSeal, AuditStream, SaveRecord

Record = TypeVar("Record", SaveRecord, AuditRecord, AuditSeal)

_FIELDS: Mapping[type[SaveRecord | AuditRecord | AuditSeal], tuple[str, ...]] = {
    SaveRecord: ("report", "seq", "actor", "at", "request", "body_hash", "changes", "prev"),
    AuditRecord: ("stream", "seq", "at", "actor", "action", "object", "details", "prev"),
    AuditSeal: ("number", "at", "heads", "audit_id", "save_id", "prev"),
}


def canonical(content: object) -> bytes:
    """Return the one spelling of a JSON value: sorted keys, NFC, no spaces."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_moment)
    return unicodedata.normalize("NFC", text).encode()


def _moment(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    raise TypeError(f"{type(value).__name__} has no place in a record")


def hash_of(row: SaveRecord | AuditRecord | AuditSeal) -> str:
    """Return the hash over everything a record says, the hash of its predecessor included."""
    content = {name: getattr(row, name) for name in _FIELDS[type(row)]}
    return hashlib.sha256(canonical(content)).hexdigest()


def link(row: Record, *, prev: str) -> Record:
    """Return the row with its predecessor's hash and its own filled in."""
    row.prev = prev
    row.hash = hash_of(row)
    return row


@dataclass(frozen=True, slots=True)
class Entry:
    """One event that is to be recorded with others; see `record` for what each part is."""

    stream: str
    actor: str
    action: str
    object: str
    details: Mapping[str, Any]


def record_each(entries: Sequence[Entry], *, now: datetime) -> None:
    """Append one event to each of many streams, no stream twice, in a handful of statements."""
    by_stream = {entry.stream: entry for entry in entries}
    if len(by_stream) != len(entries):
        raise ValueError("one event a stream")
    with transaction.atomic():
        AuditStream.objects.bulk_create([AuditStream(name=name) for name in by_stream], ignore_conflicts=True)
        heads = list(AuditStream.objects.select_for_update(no_key=True).filter(name__in=by_stream).order_by("name"))
        rows = []
        for head in heads:
            entry = by_stream[head.name]
            row = AuditRecord(
                stream=entry.stream,
                seq=head.seq + 1,
                at=now,
                actor=entry.actor,
                action=entry.action,
                object=entry.object,
                details=dict(entry.details),
            )
            rows.append(link(row, prev=head.head))
            head.seq, head.head = row.seq, row.hash
        AuditRecord.objects.bulk_create(rows)
        AuditStream.objects.bulk_update(heads, ["seq", "head"], batch_size=200)


def record(
    *,
    stream: str,
    actor: str,
    action: str,
    object: str,  # noqa: A002 - the model's word
    details: Mapping[str, Any],
    now: datetime,
) -> AuditRecord:
    """Append one event to its stream, in the caller's transaction when there is one.

    `actor` is a username or "" for the system; `details` holds no personal data, only names of cells and counts.
    """
    # No savepoint: a change whose record cannot be written must not be written either.
    with transaction.atomic(savepoint=False):
        head = _head(stream)
        row = AuditRecord(
            stream=stream,
            seq=head.seq + 1,
            at=now,
            actor=actor,
            action=action,
            object=object,
            details=dict(details),
        )
        link(row, prev=head.head).save(force_insert=True)
        AuditStream.objects.filter(pk=head.pk).update(seq=row.seq, head=row.hash)
    return row


def _head(stream: str) -> AuditStream:
    """Return a stream's head, locked for whoever appends to it."""
    locked = AuditStream.objects.select_for_update(no_key=True)
    head = locked.filter(name=stream).first()
    if head is None:
        AuditStream.objects.get_or_create(name=stream)
        head = locked.get(name=stream)
    return head


def record_account(account: str, actor: str, action: str, now: datetime, **details: Any) -> None:
    """Append an event that is about an account to that account's stream; both are usernames."""
    record(stream=f"account:{account}", actor=actor, action=action, object=account, details=details, now=now)
