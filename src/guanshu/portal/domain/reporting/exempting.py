"""免报: declared by the province with a category and a file."""

from __future__ import annotations

from datetime import date, datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from guanshu.portal.domain.reporting.locking import lock
from guanshu.portal.domain.reporting.performing import check_allowed, perform, read_given
from guanshu.portal.models import Account, Report, StoredFile
from guanshu.portal.problems import Incomplete
from guanshu.survey.workflow.actions import Action


def declare_exemption(
    *,
    report: Report,
    actor: Account,
    category: str,
    reason: str,
    upload: UploadedFile[bytes] | None,
    now: datetime,
    today: date | None = None,
) -> Report:
    """Declare that a museum need not report this year, with the file that proves it.

    Whether it may be declared is looked at before the file is kept. Raises what `perform` raises, and what keeping a
    file raises.
    """
    # Files note their uploads in the report's history, so they import this package.
    from guanshu.portal.domain.files import store_upload

    with transaction.atomic():
        locked = lock(report, actor, now=now, today=today, action=Action.DECLARE_EXEMPT)
        check_allowed(locked, Action.DECLARE_EXEMPT)
        read_given(locked, Action.DECLARE_EXEMPT, reason=reason, category=category, has_file=upload is not None)
        if upload is None:
            raise Incomplete
        file = store_upload(report=locked.report, purpose=StoredFile.EXEMPTION, upload=upload, actor=actor, now=now)
        return perform(
            report=report,
            actor=actor,
            action=Action.DECLARE_EXEMPT,
            now=now,
            reason=reason,
            category=category,
            file=file,
            today=today,
        )
