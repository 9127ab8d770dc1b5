"""An installation's life: migrate, administrators, backup and restore, refusals."""

import json
from collections.abc import Callable

from tests.cli.conftest import Installation

Install = Callable[[str], Installation]
HOLDER = ("--name", "张三", "--phone", "13800001234")
OTHER = ("--name", "李四", "--phone", "13900001234")


def test_administrators_get_a_password_once(install: Install) -> None:
    place = install("one")
    assert place.run("migrate").returncode == 0
    made = place.run("create-admin", "--role", "system", *HOLDER)
    assert made.returncode == 0
    assert "账号：system（系统管理员）" in made.stdout
    assert "初始密码：" in made.stdout
    again = place.run("create-admin", "--role", "system", *HOLDER)
    assert (again.returncode, "不能建立账号 system" in again.stderr) == (2, True)
    assert place.run("create-admin", "--role", "audit", "--username", "shenji", *OTHER).returncode == 0
    assert place.run("create-admin", "--role", "king", *OTHER).returncode == 2


def test_a_backup_is_restored_into_an_empty_place_only(install: Install) -> None:
    one, two = install("one"), install("two")
    assert one.run("migrate").returncode == 0
    assert one.run("create-admin", "--role", "audit", *OTHER).returncode == 0
    (one.place / "files").mkdir(parents=True)
    (one.place / "files" / "a.docx").write_bytes(b"word")
    backup = one.place.parent / "backup"
    assert one.run("backup", str(backup)).returncode == 0
    manifest = json.loads((backup / "manifest.json").read_text())
    assert "files/a.docx" in manifest["files"]
    assert one.run("backup", str(backup)).returncode == 2

    restored = two.run("restore", str(backup))
    assert restored.returncode == 0, restored.stderr
    assert (two.place / "files" / "a.docx").read_bytes() == b"word"
    # The account came along, and so did the triggers.
    assert "不能建立账号 audit" in two.run("create-admin", "--role", "audit", *OTHER).stderr
    assert two.run("verify-audit").returncode == 0
    assert "已有内容" in two.run("restore", str(backup)).stderr


def test_an_altered_backup_is_not_restored(install: Install) -> None:
    one, two = install("one"), install("two")
    one.run("migrate")
    backup = one.place.parent / "backup"
    one.run("backup", str(backup))
    database = next(path for path in backup.iterdir() if path.name.startswith("database"))
    content = bytearray(database.read_bytes())
    content[100] ^= 1
    database.write_bytes(content)
    refused = two.run("restore", str(backup))
    assert refused.returncode == 2
    assert database.name in refused.stderr
    (backup / "manifest.json").unlink()
    assert "不是完整的备份" in two.run("restore", str(backup)).stderr


def test_insecure_settings_are_refused(install: Install) -> None:
    place = install("one")
    for missing in ("GUANSHU_SECRET_KEY", "GUANSHU_DATA_KEYS", "GUANSHU_PAGE_KEYS"):
        refused = place.run("run", "--port", "1", **{missing: ""})
        assert refused.returncode == 2
        assert missing in refused.stderr


def test_the_demo_is_made_once_and_never_served_as_real(install: Install) -> None:
    place = install("one")
    refused = place.run("demo", "--museums", "2")
    assert refused.returncode == 2
    assert "演示模式" in refused.stderr
    made = place.run("demo", "--museums", "3", "--today", "2023-02-05", GUANSHU_DEMO="1")
    assert made.returncode == 0, made.stderr
    assert "B130600001" in made.stdout
    again = place.run("demo", GUANSHU_DEMO="1")
    assert "演示数据已在" in again.stdout
    assert "2023-02-05" in again.stdout
    assert place.run("verify-audit", GUANSHU_DEMO="1").returncode == 0
    real = place.run("run", "--port", "0")
    assert real.returncode == 2
    assert "guanshu demo 建立的" in real.stderr
    out = place.place / "out.xlsx"
    exported = place.run("export", "--year", "2022", "--province", "13", str(out), GUANSHU_DEMO="1")
    assert exported.returncode == 0, exported.stderr
    assert out.stat().st_size > 10000
    assert place.run("export", "--year", "2022", "--province", "99", str(out), GUANSHU_DEMO="1").returncode == 2


def test_the_demo_is_not_put_on_top_of_anything(install: Install) -> None:
    place = install("one")
    place.run("migrate")
    place.run("create-admin", "--role", "system", *HOLDER)
    refused = place.run("demo", "--museums", "2", GUANSHU_DEMO="1")
    assert refused.returncode == 2
    assert "不是空的" in refused.stderr
