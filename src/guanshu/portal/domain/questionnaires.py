"""Publishing a questionnaire: its folder becomes a row that never changes."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from guanshu.portal import audit
from guanshu.portal.models import QuestionnaireVersion
from guanshu.survey.loading import digest, load, pack


def publish_questionnaire(*, files: Mapping[str, bytes], now: datetime, actor: str = "") -> QuestionnaireVersion:
    """Return the version that holds exactly these files, making it when there is none yet.

    Raises QuestionnaireError when the folder has mistakes: a form with a broken check is never published.
    """
    sha256 = digest(dict(files))
    with transaction.atomic():
        known = QuestionnaireVersion.objects.filter(sha256=sha256).first()
        if known is not None:
            return known
        compiled = load(dict(files))
        version = QuestionnaireVersion.objects.create(
            name=compiled.questionnaire.id, sha256=sha256, archive=pack(dict(files)), published_at=now
        )
        audit.record(
            stream="system",
            actor=actor,
            action="publish_questionnaire",
            object=version.name,
            details={"sha256": sha256},
            now=now,
        )
    return version
