"""Reading a backup back into an empty place, after every hash was compared."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

from django.db import connection

from guanshu.portal.domain.maintenance.backup import (
    DATABASE,
    FILES,
    MANIFEST,
    BackupProblem,
    hashes,
    run_postgresql,
    stored_files,
)
from guanshu.portal.domain.maintenance.database import migrate


def restore_backup(*, source: Path) -> dict[str, Any]:
    """Restore a backup into an empty installation and return its manifest.

    Raises BackupProblem before anything is changed.
    """
    manifest = verify_backup(source)
    if manifest["engine"] != connection.vendor:
        raise BackupProblem(f"备份来自 {manifest['engine']}，现在的数据库是 {connection.vendor}，不能直接恢复")
    files = stored_files()
    if _holds_data() or (files.is_dir() and any(files.iterdir())):
        raise BackupProblem("数据库或文件夹里已有内容。为免覆盖，只能恢复到空的数据库和空的文件夹中")
    database = source / DATABASE[connection.vendor]
    if connection.vendor == "sqlite":
        _place_sqlite(database)
    else:
        run_postgresql(
            [
                "pg_restore",
                "--no-owner",
                "--exit-on-error",
                "--single-transaction",
                f"--dbname={connection.settings_dict['NAME']}",
                str(database),
            ]
        )
    if (source / FILES).is_dir():
        shutil.copytree(source / FILES, files, dirs_exist_ok=True)
    migrate()
    return manifest


def verify_backup(source: Path) -> dict[str, Any]:
    """Return the manifest of a backup whose every file is what the manifest says. Raises BackupProblem."""
    try:
        manifest: dict[str, Any] = json.loads((source / MANIFEST).read_text(encoding="utf-8"))
        wanted: dict[str, str] = manifest["files"]
    except (OSError, ValueError, KeyError) as error:
        raise BackupProblem(f"{source} 中没有可用的 {MANIFEST}，不是完整的备份") from error
    found = hashes(source)
    wrong = sorted(name for name in wanted if found.get(name) != wanted[name])
    wrong += sorted(set(found) - set(wanted))
    if wrong:
        raise BackupProblem(f"备份与清单不符，没有恢复：{'、'.join(wrong[:5])}{'等' if len(wrong) > 5 else ''}")
    return manifest


def _holds_data() -> bool:
    """Return whether there is any table in the database; an empty file or schema has none."""
    if connection.vendor == "sqlite" and not Path(str(connection.settings_dict["NAME"])).exists():
        return False
    return bool(connection.introspection.table_names())


def _place_sqlite(copy: Path) -> None:
    """Put the copy where the database belongs, in one step."""
    connection.close()
    place = Path(str(connection.settings_dict["NAME"])).resolve()
    place.parent.mkdir(parents=True, exist_ok=True)
    fresh = place.with_name(f"{place.name}.restoring")
    shutil.copyfile(copy, fresh)
    with fresh.open("rb") as file:
        os.fsync(file.fileno())
    for suffix in ("-wal", "-shm"):
        place.with_name(place.name + suffix).unlink(missing_ok=True)
    fresh.replace(place)
