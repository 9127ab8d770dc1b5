"""Freezing the lists: an immutable version, new only when its content differs from the last one's."""

from datetime import datetime

from guanshu.portal.models import Filing, FilingVersion, QuestionnaireVersion
from guanshu.portal.queries.filings import OpenFiling, filing_with
from guanshu.portal.queries.forms import form
from guanshu.portal.queries.stored import read_stored
from guanshu.survey.workflow.snapshot import Snapshot, make_snapshot, next_version


def keep_version(locked: Filing, *, by: str, now: datetime) -> FilingVersion:
    """Keep the lists as they are and return their version; the same content keeps the version it has.

    Under the lock the caller holds: it is a step of other operations.
    """
    snapshot = snapshot_of(open_locked(locked))
    last = FilingVersion.objects.filter(filing=locked).order_by("-number").first()
    number = next_version(last.number if last else 0, last.content_hash if last else "", snapshot.content_hash)
    if last is not None and number == last.number:
        return last
    made = FilingVersion.objects.create(
        filing=locked,
        number=number,
        content_hash=snapshot.content_hash,
        snapshot=snapshot.document,
        made_at=now,
        made_by=by,
    )
    locked.version = number
    locked.save(update_fields=["version"])
    return made


def open_locked(locked: Filing) -> OpenFiling:
    """Return the filing opened as it is under the lock the caller holds."""
    found = form(locked.questionnaire_id)
    return filing_with(locked, found, read_stored(locked, found, locked=True))


def snapshot_of(opened: OpenFiling) -> Snapshot:
    """Return the canonical content of the lists and its hash."""
    sha256 = QuestionnaireVersion.objects.values_list("sha256", flat=True).get(pk=opened.form.version_id)
    return make_snapshot(
        opened.compiled.questionnaire,
        opened.answers,
        opened.evaluation,
        report=opened.number,
        questionnaire_hash=sha256,
    )
