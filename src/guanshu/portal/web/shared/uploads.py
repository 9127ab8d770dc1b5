"""Receiving files: counted while they arrive and stopped at the limit, written beside the kept files."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.datastructures import MultiValueDict

from guanshu.portal.problems import TooLarge, Unusable
from guanshu.portal.queries.connections import give_back_connection
from guanshu.portal.web.shared import errors
from guanshu.survey.intake.kinds import suffix_of

_MB = 1024 * 1024
_ARCHIVES = frozenset({"zip", "rar", "7z"})
# Where files may be sent, and the most in megabytes: for an archive, and for anything else. The content checks know
# the purpose and are stricter; this is what may be written to the disk before they have a say.
_PLACES = (
    ("/museum/files/", 200, 20),
    ("/museum/stamp/", 100, 100),
    ("/museum/corrections/", 20, 20),
    ("/province/submission/", 200, 20),
    ("/province/materials/files/", 100, 100),
    ("/province/", 20, 20),
    ("/national/publications/", 20, 20),
)
_ELSEWHERE = (4, 4)
_REFUSED = "upload_refused"


class LimitedUploadHandler(TemporaryFileUploadHandler):
    """Writes an upload to FILE_UPLOAD_TEMP_DIR; what grows beyond the limit is dropped at once.

    The connection to the database is given back before the first byte is read: a slow upload holds a thread, nothing
    else. The limit goes by address and suffix, because nothing may be asked of the database here.
    """

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self._received = 0
        self._most = 0

    def handle_raw_input(
        self,
        input_data: Any,  # noqa: ARG002
        META: Any,  # noqa: N803, ARG002
        content_length: int,
        boundary: Any,  # noqa: ARG002
        encoding: Any = None,  # noqa: ARG002
    ) -> "tuple[QueryDict, MultiValueDict[str, UploadedFile[bytes]]] | None":
        """Refuse by the announced length, before anything is read."""
        give_back_connection()
        archive, other = _limits(self._path())
        # A little more than the file: the form's other fields and the boundaries.
        if content_length > (max(archive, other) + 1) * _MB:
            self._refuse(max(archive, other))
            return QueryDict(), MultiValueDict()
        return None

    def new_file(self, field_name: str, file_name: str, *args: Any, **kwargs: Any) -> None:
        """Begin a file of the form."""
        archive, other = _limits(self._path())
        self._most = archive if suffix_of(file_name) in _ARCHIVES else other
        Path(str(settings.FILE_UPLOAD_TEMP_DIR)).mkdir(parents=True, exist_ok=True)
        super().new_file(field_name, file_name, *args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write the next piece; beyond the limit, read no further."""
        self._received += len(raw_data)
        if self._received > self._most * _MB:
            self._refuse(self._most)
            raise StopUpload(connection_reset=True)
        super().receive_data_chunk(raw_data, start)

    def _path(self) -> str:
        return self.request.path_info if self.request is not None else ""

    def _refuse(self, most: int) -> None:
        message = f"文件超过 {most} MB，没有接收；请压缩（例如减小图片的尺寸）后重新上传。"
        if self.request is not None:
            setattr(self.request, _REFUSED, message)


def _limits(path: str) -> tuple[int, int]:
    return next(((archive, other) for start, archive, other in _PLACES if path.startswith(start)), _ELSEWHERE)


def received_files(request: HttpRequest, field: str) -> "list[UploadedFile[bytes]]":
    """Return the files of a form's field. Raises TooLarge when the upload was stopped, Unusable when there is none."""
    files = request.FILES.getlist(field)
    message = getattr(request, _REFUSED, "")
    if message:
        raise TooLarge(message)
    found = [file for file in files if isinstance(file, UploadedFile)]
    if not found:
        raise Unusable("没有收到文件，请选择文件后再上传。")
    return found


def received_file(request: HttpRequest, field: str) -> "UploadedFile[bytes]":
    """Return the one file of a form's field. Raises TooLarge, Unusable."""
    return received_files(request, field)[0]


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form without its token: when its upload was stopped, the token may never have been read (413)."""
    message = getattr(request, _REFUSED, "")
    return errors.refuse(request, 413, message) if message else errors.csrf_failure(request, reason)
