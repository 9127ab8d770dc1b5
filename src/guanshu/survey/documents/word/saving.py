"""A document as bytes; the same content always as the same ones, so that a package's digest is worth something."""

import io
import zipfile
from datetime import UTC, datetime

from docx.document import Document

_NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)
_NO_ZIP_TIME = (2000, 1, 1, 0, 0, 0)


def describe(document: Document, title: str, author: str) -> None:
    """Fill the file's properties; they bear no moment."""
    properties = document.core_properties
    properties.title, properties.author, properties.language = title[:255], author[:255], "zh-CN"
    properties.comments = properties.keywords = ""
    properties.last_modified_by = author[:255]
    properties.created = properties.modified = _NO_TIME


def saved(document: Document) -> bytes:
    """Return the .docx."""
    buffer = io.BytesIO()
    document.save(buffer)
    timeless = io.BytesIO()
    with zipfile.ZipFile(buffer) as before, zipfile.ZipFile(timeless, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            entry = zipfile.ZipInfo(name, _NO_ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            after.writestr(entry, before.read(name))
    return timeless.getvalue()
