"""A consistent copy of database and files, with a manifest of hashes."""

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.timezone import localtime

from guanshu.portal import audit
from guanshu.portal.queries.seals import newest_seal
from guanshu.portal.sqlite.queue import queue_for

MANIFEST = "manifest.json"
FILES = "files"
DATABASE = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
# How long the copy may wait for a writer, and writers for the copy.
_PATIENCE = 60.0


class BackupProblem(Exception):  # noqa: N818 - names the case, as callers read it
    """Raised when a backup cannot be written or must not be read back; the message is a Chinese sentence."""


def make_backup(*, target: Path, now: datetime) -> dict[str, Any]:
    """Write database, files and manifest into an empty folder and return the manifest. Raises BackupProblem."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise BackupProblem(f"{target} 不是空文件夹，备份不会覆盖已有的内容")
    target.mkdir(parents=True, exist_ok=True)
    target.chmod(0o700)
    # Before the database is copied: the copy surely holds this record and this seal.
    audit.record(stream="system", actor="", action="backup_made", object="", details={}, now=now)
    sealed = newest_seal()
    copy = target / DATABASE[connection.vendor]
    if connection.vendor == "sqlite":
        _copy_sqlite(copy)
    else:
        run_postgresql(["pg_dump", "--format=custom", "--no-owner", f"--file={copy}"])
    # Files after the database: a row never names a file that is not in the copy; files are never changed in place.
    stored = stored_files()
    if stored.is_dir():
        shutil.copytree(stored, target / FILES)
    manifest = {
        "format": 1,
        "made_at": localtime(now).isoformat(timespec="seconds"),
        "engine": connection.vendor,
        "seal": {"number": sealed.number, "hash": sealed.hash} if sealed else None,
        "files": hashes(target),
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1)
    with (target / MANIFEST).open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return manifest


def stored_files() -> Path:
    """Return the folder of uploaded files."""
    storages: dict[str, Any] = settings.STORAGES
    return Path(str(storages["default"]["OPTIONS"]["location"]))


def hashes(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of every file below the folder but the manifest, by relative path."""
    return {
        path.relative_to(folder).as_posix(): _sha256(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path != folder / MANIFEST
    }


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _copy_sqlite(copy: Path) -> None:
    """Copy the database while nobody writes; what is read back is checked."""
    name = str(connection.settings_dict["NAME"])
    queue = queue_for(name)
    queue.enter(_PATIENCE)
    try:
        with closing(sqlite3.connect(name)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
    finally:
        queue.leave()
    with closing(sqlite3.connect(copy)) as check:
        # One file, without a journal beside it.
        check.execute("PRAGMA journal_mode=DELETE")
        verdict = check.execute("PRAGMA integrity_check").fetchone()[0]
    if verdict != "ok":
        raise BackupProblem(f"备份的数据库没有通过完整性检查：{verdict}")


def run_postgresql(command: list[str]) -> None:
    """Run one of PostgreSQL's programs on our database. Raises BackupProblem when it fails or is not installed."""
    parameters = connection.settings_dict
    environ = {**os.environ, "PGDATABASE": str(parameters["NAME"])}
    for variable, key in (("PGHOST", "HOST"), ("PGPORT", "PORT"), ("PGUSER", "USER"), ("PGPASSWORD", "PASSWORD")):
        if parameters.get(key):
            environ[variable] = str(parameters[key])
    try:
        done = subprocess.run(  # noqa: S603 - PostgreSQL's own programs, no shell
            command, env=environ, capture_output=True, text=True, check=False
        )
    except FileNotFoundError as error:
        raise BackupProblem(f"没有找到程序 {command[0]}，请安装 PostgreSQL 客户端") from error
    if done.returncode:
        raise BackupProblem(f"{command[0]} 没有成功：{done.stderr.strip()[-500:]}")
