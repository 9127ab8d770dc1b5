"""Word to PDF by LibreOffice, which is given nothing to reach: no network, no links, no macros, little time."""

import os
import re
import shutil
import subprocess
import zipfile
from enum import Enum
from pathlib import Path

from guanshu.survey.intake.limited import limited
from guanshu.survey.intake.zips import open_zip

_CPU_SECONDS, _MEGABYTES, _FILE_MEGABYTES, _PATIENCE = 40, 2600, 150, 40
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*\bTargetMode\s*=\s*[\"']External[\"'][^>]*>")
# The codes of fields, which may name files to be shown; what a field showed last stands beside it and stays.
_CODE = re.compile(rb"(<(\w+:)?instrText\b[^>]*>).*?(</(?:\w+:)?instrText>)", re.DOTALL)
_SIMPLE = re.compile(rb"\b((?:\w+:)?instr\s*=\s*)(\"[^\"]*\"|'[^']*')")
_DECLARED = re.compile(rb"^<\?xml[^>]*encoding\s*=\s*[\"']([^\"']+)")
# The same in a .doc, where they cannot be taken out: 8-bit and UTF-16 text.
_REACHING = re.compile(
    rb"I\0?N\0?C\0?L\0?U\0?D\0?E\0?(T\0?E\0?X\0?T|P\0?I\0?C)|\x13\0?(\s\0?)*L\0?I\0?N\0?K\b", re.IGNORECASE
)
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
{items}</oor:items>
"""
_ITEM = (
    '<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="{name}" oor:op="fuse">'
    "<value>{value}</value></prop></item>\n"
)
_SAFE = {
    "MacroSecurityLevel": "3",
    "DisableMacrosExecution": "true",
    "DisableActiveContent": "true",
    "BlockUntrustedRefererLinks": "true",
}


class Made(Enum):
    """How a conversion ended."""

    DONE = "done"
    MISSING = "missing"
    FAILED = "failed"


class _Odd(Exception):  # noqa: N818 - names the case
    """Raised for a document in which links cannot be looked for."""


def to_pdf(path: Path, target: Path, *, old: bool) -> Made:
    """Write a Word file as PDF at `target`; `old` says it is a .doc. Raises nothing for a bad document.

    Without a network namespace (unshare) nothing is converted: a link left somewhere would be followed.
    """
    programs = [shutil.which(name) for name in ("timeout", "unshare", "soffice")]
    if not programs[2]:
        return Made.MISSING
    work = target.parent / "office"
    work.mkdir(mode=0o700)
    try:
        source = work / (f"{target.stem}.doc" if old else f"{target.stem}.docx")
        _bare_doc(path, source) if old else _bare_docx(path, source)
        if all(programs) and _run([str(each) for each in programs], source, work):
            (work / target.name).rename(target)
            return Made.DONE
    except (_Odd, OSError, zipfile.BadZipFile, RuntimeError, ValueError):
        return Made.FAILED
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return Made.FAILED


def _run(programs: list[str], source: Path, work: Path) -> bool:
    timeout, unshare, office = programs
    profile = work / "profile"
    (profile / "user").mkdir(parents=True)
    items = "".join(_ITEM.format(name=name, value=value) for name, value in _SAFE.items())
    (profile / "user" / "registrymodifications.xcu").write_text(_SETTINGS.format(items=items))
    # A process namespace too: when unshare is killed, all that LibreOffice started ends with it.
    apart = [timeout, "-s", "KILL", str(_PATIENCE), unshare, "-rn", "--pid", "--fork", "--kill-child"]
    convert = ["--headless", "--norestore", "--nolockcheck", "--convert-to", "pdf:writer_pdf_Export"]
    command = [*apart, office, f"-env:UserInstallation={profile.as_uri()}", *convert, "--outdir", str(work)]
    done = subprocess.run(  # noqa: S603 - no shell; every path is ours
        limited([*command, str(source)], cpu=_CPU_SECONDS, megabytes=_MEGABYTES, file_megabytes=_FILE_MEGABYTES),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        cwd=work,
        env={"PATH": os.environ.get("PATH", ""), "HOME": str(work), "TMPDIR": str(work), "LC_ALL": "C.UTF-8"},
    )
    return done.returncode == 0 and source.with_suffix(".pdf").is_file()


def _bare_docx(path: Path, target: Path) -> None:
    """Write the document without what points out of it. Raises _Odd."""
    with open_zip(path) as pack, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bare:
        for info in pack.infolist():
            data = pack.read(info)
            if info.filename.lower().endswith((".rels", ".xml")):
                data = _bare(data)
            bare.writestr(info.filename, data)


def _bare(data: bytes) -> bytes:
    data = data.removeprefix(b"\xef\xbb\xbf")
    declared = _DECLARED.match(data)
    if b"\0" in data or (declared and declared[1].lower() not in {b"utf-8", b"us-ascii", b"ascii"}):
        raise _Odd
    data = _RELATION.sub(b"", data)
    return _SIMPLE.sub(rb'\1""', _CODE.sub(rb"\1\3", data))


def _bare_doc(path: Path, target: Path) -> None:
    """Copy an old document that points nowhere. Raises _Odd."""
    data = path.read_bytes()
    if _REACHING.search(data):
        raise _Odd
    target.write_bytes(data)
