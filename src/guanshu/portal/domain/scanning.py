"""A virus scanner, where there is one: clamd over its socket (INSTREAM), asked about every upload before anything else.

Without an answer the upload goes on or not as GUANSHU_CLAMD_REQUIRED says.
"""

import logging
import socket
import struct
from pathlib import Path

from django.conf import settings

from guanshu.portal.problems import BadFile, OperationProblem

_log = logging.getLogger(__name__)
_CHUNK = 1 << 16
_PATIENCE = 30.0
_CONNECT = 3.0
_FOUND = "文件中发现病毒或恶意程序，没有接收；请用杀毒软件检查您的电脑，换一份干净的文件后重新上传。"


class ScannerSilent(OperationProblem):
    """The scanner that must be asked does not answer (503)."""

    code = "scanner_silent"
    status = 503
    sentence = "病毒检查暂时不可用，文件没有接收。请稍后重新上传；仍不成功请联系系统管理员。"


def scan_file(path: Path) -> None:
    """Raise BadFile when the scanner finds something, ScannerSilent when it must be asked and does not answer."""
    if not settings.GUANSHU_CLAMD:
        return
    try:
        answer = _ask(path)
    except OSError as error:
        answer = ""
        _log.error("clamd does not answer: %s", type(error).__name__)
    if answer.endswith(" FOUND"):
        # The signature's name, nothing of the file.
        _log.warning("clamd: %s", answer.removeprefix("stream: ")[:100])
        raise BadFile(_FOUND, reason="virus")
    if not answer.endswith(" OK") and settings.GUANSHU_CLAMD_REQUIRED:
        raise ScannerSilent


def _ask(path: Path) -> str:
    with _connected() as clamd, path.open("rb") as file:
        clamd.sendall(b"zINSTREAM\0")
        while chunk := file.read(_CHUNK):
            clamd.sendall(struct.pack(">I", len(chunk)) + chunk)
        clamd.sendall(struct.pack(">I", 0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < 4096:
            piece = clamd.recv(4096)
            if not piece:
                break
            answer += piece
    return answer.rstrip(b"\0\n").decode("utf-8", "replace")


def _connected() -> socket.socket:
    where = settings.GUANSHU_CLAMD
    if where.startswith("/"):
        clamd = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        clamd.settimeout(_CONNECT)
        clamd.connect(where)
    else:
        host, _, port = where.rpartition(":")
        clamd = socket.create_connection((host or "127.0.0.1", int(port)), timeout=_CONNECT)
    clamd.settimeout(_PATIENCE)
    return clamd
