"""Pages of kept PDFs as pictures, drawn once and kept beside the versions' PDFs."""

import uuid
from pathlib import Path

from django.conf import settings

from guanshu.portal.domain.outside import run_outside
from guanshu.portal.models import Account
from guanshu.portal.queries.connections import give_back_connection
from guanshu.portal.queries.files import file_row, path_of

_PDF = "application/pdf"


def page_picture(account: Account, file_id: uuid.UUID, number: int) -> bytes:
    """Return a page as PNG, b"" when there is no such page. Raises Http404 for strangers, BadFile, OutsideFailed."""
    row = file_row(account, file_id)
    if row.media_type != _PDF or not 1 <= number <= 500:
        return b""
    kept = Path(str(settings.GUANSHU_VERSIONS)) / "pages" / f"{row.pk}-{number}.png"
    if kept.is_file():
        return kept.read_bytes()
    give_back_connection()
    return keep_picture(kept, run_outside("page", {"file": path_of(row), "page": number}))


def keep_picture(kept: Path, drawn: bytes) -> bytes:
    """Keep a picture, whole or not at all, and return it; b"" is not kept."""
    if drawn:
        kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = kept.with_name(f"{uuid.uuid4().hex}.part")
        fresh.touch(mode=0o600)
        fresh.write_bytes(drawn)
        fresh.rename(kept)
    return drawn
