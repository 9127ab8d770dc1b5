"""What proves an application or a correction: one file, checked by its content, kept with the row it belongs to."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from guanshu.portal.domain import vault
from guanshu.portal.domain.keeping import keep_row, new_row, take_place
from guanshu.portal.domain.naming import safe_name, shown_name
from guanshu.portal.models import Account, Application, Correction, StoredFile
from guanshu.portal.problems import InvalidForm
from guanshu.portal.queries.connections import give_back_connection
from guanshu.survey.intake.general import check_general
from guanshu.survey.intake.verdict import Refused

Asked = TypeVar("Asked", Application, Correction)
FIELD = "file"


def with_evidence(
    draft: Asked,
    upload: "UploadedFile[bytes] | None",
    title: str,
    write: Callable[[], Asked],
    *,
    actor: Account,
    now: datetime,
) -> Asked:
    """Check and keep the file, then let `write` write the request; the file's row follows in the same transaction.

    draft: an unsaved one, whose kind says whose file it will be. Raises InvalidForm for a file that cannot be taken,
    and whatever `write` raises; nothing is kept then.
    """
    if upload is None:
        raise InvalidForm({FIELD: "请选择证明文件（PDF、Word 或 JPG、PNG 图片）。"})
    give_back_connection()
    with vault.arrived(upload) as path:
        name = shown_name(upload.name or "")
        try:
            seen = check_general(path, name)
        except Refused as refused:
            raise InvalidForm({FIELD: refused.message}) from refused
        official = safe_name("", title, seen.suffix)
        row = new_row(
            draft, StoredFile.EVIDENCE, path, official=official, uploaded=name, seen=seen, actor=actor, now=now
        )
        made: list[Asked] = []

        def keep(new: StoredFile) -> StoredFile:
            with transaction.atomic():
                asked = write()
                if isinstance(asked, Application):
                    new.application = asked
                else:
                    new.correction = asked
                take_place(new, now)
                made.append(asked)
            return new

        keep_row(path, row, keep)
    return made[0]
