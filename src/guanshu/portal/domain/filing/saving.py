"""Saving a province's lists: the only operation that writes them, the same way a museum's values are saved.

The filing's row is locked first; state, actor and what is stored are looked at under that lock.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from guanshu.portal import audit, crypto
from guanshu.portal.domain.conditions import Recorded, settle
from guanshu.portal.domain.deciding import Change, Conflict, decide
from guanshu.portal.domain.filing.locking import check_administrator, check_editable, lock_filing
from guanshu.portal.domain.recording import blame, summarise
from guanshu.portal.domain.requests import check_shape, take_back, was_saved
from guanshu.portal.domain.statements import find_request
from guanshu.portal.models import Account, Filing, FilingAnswers, SaveRecord
from guanshu.portal.queries.filings import OpenFiling, filing_with
from guanshu.portal.queries.forms import form
from guanshu.portal.queries.stored import read_stored, remember

__all__ = ["Change", "Conflict", "FilingSaved", "save_filing"]


@dataclass(frozen=True, slots=True)
class FilingSaved:
    """What became of a request, by address, like saving.SaveResult; `opened` is the filing after it, evaluated."""

    saved: Mapping[str, object]
    problems: Mapping[str, str]
    conflicts: Mapping[str, Conflict]
    opened: OpenFiling
    replayed: bool


@dataclass(frozen=True, slots=True)
class _Request:
    actor: Account
    id: str
    body: bytes
    changes: Mapping[str, Change]
    now: datetime


def save_filing(
    *, filing: Filing, actor: Account, request_id: str, body: bytes, changes: Mapping[str, Change], now: datetime
) -> FilingSaved:
    """Store the changes that are valid and still fit what is stored, and tell what became of each.

    A request sent again changes nothing and is answered from the present. Raises NotYours for anybody but the
    province's administrator, WrongState when the filing or its campaign is not open for typing, AlteredRequest when
    the request id came with another body before, Unusable and TooLarge for what is no save request.
    """
    check_shape(request_id, changes)
    request = _Request(actor, request_id, body, changes, now)
    try:
        return _save(filing, request)
    except IntegrityError:
        # The same request was being written at this very moment (sent twice); now its record can be seen.
        return _save(filing, request)


def _save(filing: Filing, request: _Request) -> FilingSaved:
    with transaction.atomic():
        locked = lock_filing(filing)
        check_administrator(locked, request.actor)
        replayed = was_saved(locked.number, request.body, find_request(request.actor.username, request.id))
        if not replayed:
            check_editable(locked)
        found = form(locked.questionnaire_id)
        stored = read_stored(locked, found, locked=True)
        decision = decide(found, stored, request.changes)
        if replayed:
            take_back(decision)
        opened, record = settle(locked.number, found, stored, decision, lambda after: filing_with(locked, found, after))
        if record:
            mark = crypto.body_hash(request.body)
            append_to_filing(
                opened, record, actor=request.actor.username, request=request.id, mark=mark, now=request.now
            )
        if decision.conflicts:
            decision.conflicts = blame(locked, decision.conflicts)
    saved = {**decision.done, **{text: write.stored for text, write in decision.writes.items()}}
    return FilingSaved(saved, decision.problems, decision.conflicts, opened, replayed)


def append_to_filing(
    opened: OpenFiling, record: Sequence[Recorded], *, actor: str, request: str, mark: str, now: datetime
) -> None:
    """Append a SaveRecord to the filing's chain, store the tables it touches and bring the filing's row up to date.

    The caller holds the lock on the row; `opened` is the filing with the changes in it.
    """
    filing = opened.filing
    row = SaveRecord(
        report=filing.number,
        seq=filing.saves + 1,
        actor=actor,
        at=now,
        request=request,
        body_hash=mark,
        changes=[list(change) for change in record],
    )
    audit.link(row, prev=filing.head).save(force_insert=True)
    touched = sorted({opened.form.table_of(text) for text, _, _ in record})
    FilingAnswers.objects.bulk_create(
        [FilingAnswers(filing=filing, table=number, data=opened.stored.raw[number]) for number in touched],
        update_conflicts=True,
        unique_fields=["filing", "table"],
        update_fields=["data"],
    )
    filing.saves, filing.head, filing.saved_at = row.seq, row.hash, now
    filing.summary = summarise(opened.evaluation)
    filing.save(update_fields=["saves", "head", "saved_at", "summary"])
    remember(filing.number, row.hash, opened.stored)
