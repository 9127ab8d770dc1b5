"""A questionnaire folder as files in memory: read, name by content, keep in one piece."""

import hashlib
import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

# What editors and operating systems leave behind.
_LEFTOVER = re.compile(
    r"\..*|~\$.*|.*~|#.*#|.*\.(?:bak|orig|rej|swp|tmp|pyc)|Thumbs\.db|desktop\.ini|__MACOSX|__pycache__", re.IGNORECASE
)
# The oldest time zip can hold; a real one would make equal folders differ.
_NO_TIME = (1980, 1, 1, 0, 0, 0)


def read_folder(path: Path) -> dict[str, bytes]:
    """Return the files of a folder by relative path with forward slashes, in order; leftovers of editors are ignored.

    Raises NotADirectoryError when there is no such folder.
    """
    if not path.is_dir():
        raise NotADirectoryError(path)
    found = {
        file.relative_to(path).as_posix(): file
        for file in path.rglob("*")
        if file.is_file() and not any(_LEFTOVER.fullmatch(part) for part in file.relative_to(path).parts)
    }
    return {name: found[name].read_bytes() for name in sorted(found)}


def digest(files: Mapping[str, bytes]) -> str:
    """Return the SHA-256 (hexadecimal) of names and contents; it does not depend on the order of the files."""
    total = hashlib.sha256()
    for name in sorted(files):
        # Lengths first, so that no two different folders can run together into the same bytes.
        for part in (name.encode(), files[name]):
            total.update(len(part).to_bytes(8, "big"))
            total.update(part)
    return total.hexdigest()


def pack(files: Mapping[str, bytes]) -> bytes:
    """Return the files as one zip archive; equal files give equal bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _NO_TIME)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name], zipfile.ZIP_DEFLATED, 9)
    return buffer.getvalue()


def unpack(data: bytes) -> dict[str, bytes]:
    """Return the files of an archive made by `pack`. Raises ValueError for anything else."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = sorted(archive.namelist())
            files = {name: archive.read(name) for name in names}
    except (zipfile.BadZipFile, KeyError, RuntimeError, NotImplementedError) as error:
        raise ValueError("not an archive of a questionnaire") from error
    if any(PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts for name in names):
        raise ValueError("not an archive of a questionnaire: a path leads out of it")
    return files
