"""guanshu check-deploy: a sound installation passes, each weakness is named."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from guanshu.portal import audit, clock
from guanshu.portal.domain.maintenance import deploycheck
from guanshu.portal.domain.maintenance.deploycheck import Point, check_deployment
from guanshu.portal.models import Account, Role

KEYS = (
    "k3Jx9-vQ2mLr7Tz5Wp8NcYb4Hd6Fg1SaUeRiOtKjZxPqVwMn0Bh_yGl",
    "Zm9vYmFyYmF6cXV4cXV1eGNvcmdlZ3JhdWx0Z2FycGx5d2FsZG8tMTIz",
    "p7Rk2Vn8Xc4Lm1Qz6Tj9Wb3Hf5Gd0SyAeUiOrNtKxPqZvMw_BhYlCg7J",
)


@pytest.fixture
def sound(db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Set everything as production has it; return the environment."""
    settings.DEMO = settings.DEBUG = False
    settings.GUANSHU_TODAY = ""
    settings.GUANSHU_SECOND_FACTOR = True
    settings.GUANSHU_CLAMD, settings.GUANSHU_CLAMD_REQUIRED = "127.0.0.1:3310", True
    settings.SESSION_COOKIE_SECURE, settings.SECURE_HSTS_SECONDS = True, 31536000
    settings.ALLOWED_HOSTS = ["sjcj.example.cn"]
    settings.CSRF_TRUSTED_ORIGINS = ["https://sjcj.example.cn"]
    settings.SECRET_KEY, settings.GUANSHU_DATA_KEYS = KEYS[0], (KEYS[1],)
    settings.GUANSHU_PAGE_KEYS = {"A": KEYS[2]}
    for name in ("var/files", "log"):
        (tmp_path / name).mkdir(parents=True, mode=0o700)
    (tmp_path / "var").chmod(0o700)
    storage = {"BACKEND": "x", "OPTIONS": {"location": tmp_path / "var" / "files"}}
    settings.STORAGES = {**settings.STORAGES, "default": storage}
    settings.GUANSHU_SEALS = tmp_path / "log" / "seals.log"

    class Gateway:
        reaches_phones, label = True, "gateway"

    monkeypatch.setattr(deploycheck, "backend", Gateway)
    return {"GUANSHU_PROXIES": "1"}


def points(environ: dict[str, str], *files: Path) -> list[Point]:
    return check_deployment(environ=environ, env_files=files, now=clock.now())


def problems(environ: dict[str, str], *files: Path) -> set[str]:
    # The test's own database lies where pytest put it.
    own = str(Path(str(connection.settings_dict["NAME"])).parent) if connection.vendor == "sqlite" else "none"
    return {each.code for each in points(environ, *files) if each.problem and own not in each.sentence}


def test_a_sound_installation_passes(sound: dict[str, str]) -> None:
    assert problems(sound) == set()


WEAK: dict[str, Callable[[Any], None]] = {
    "demo": lambda s: setattr(s, "DEMO", True),
    "debug": lambda s: setattr(s, "DEBUG", True),
    "today": lambda s: setattr(s, "GUANSHU_TODAY", "2023-02-04"),
    "second_factor": lambda s: setattr(s, "GUANSHU_SECOND_FACTOR", False),
    "plain_http": lambda s: setattr(s, "SESSION_COOKIE_SECURE", False),
    "hsts": lambda s: setattr(s, "SECURE_HSTS_SECONDS", 60),
    "hosts": lambda s: setattr(s, "ALLOWED_HOSTS", ["*"]),
    "origins": lambda s: setattr(s, "CSRF_TRUSTED_ORIGINS", ["http://sjcj.example.cn"]),
    "weak_key": lambda s: setattr(s, "SECRET_KEY", "test-" * 12),
    "equal_keys": lambda s: setattr(s, "GUANSHU_PAGE_KEYS", {"A": KEYS[1]}),
}


@pytest.mark.parametrize("code", WEAK)
def test_each_weak_setting_is_named(code: str, sound: dict[str, str], settings: Any) -> None:
    WEAK[code](settings)
    assert problems(sound) == {code}


def test_default_hosts_are_named(sound: dict[str, str], settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", "testserver"]
    assert problems(sound) == {"hosts"}


def test_messages_that_reach_nobody(sound: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    from guanshu.portal.sms import backend

    monkeypatch.setattr(deploycheck, "backend", backend)
    assert problems(sound) == {"sms"}


def test_missing_proxies_and_plain_http_of_the_environment(sound: dict[str, str]) -> None:
    assert problems({}) == {"proxies"}
    assert problems({**sound, "GUANSHU_PLAIN_HTTP": "1"}) == {"plain_http"}


def test_keys_in_one_file_that_everybody_reads(sound: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "guanshu.env"
    file.write_text("GUANSHU_SECRET_KEY=a\nexport GUANSHU_DATA_KEYS=b\n")
    file.chmod(0o644)
    assert problems(sound, file) == {"env_file_mode", "same_file"}
    file.write_text("GUANSHU_SECRET_KEY=a\n")
    file.chmod(0o600)
    assert problems(sound, file, tmp_path / "none") == set()


def test_the_log_of_seals_beside_the_data(sound: dict[str, str], settings: Any, tmp_path: Path) -> None:
    settings.GUANSHU_SEALS = tmp_path / "var" / "seals.log"
    assert problems(sound) == {"seals_place"}


def test_a_log_of_seals_that_cannot_be_written(sound: dict[str, str], settings: Any, tmp_path: Path) -> None:
    (tmp_path / "log" / "file").write_text("")
    settings.GUANSHU_SEALS = tmp_path / "log" / "file" / "seals.log"
    assert problems(sound) == {"seals_write"}


def test_places_everybody_reads(sound: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "var" / "files").chmod(0o755)
    assert problems(sound) == {"world_readable"}


def test_missing_triggers(sound: dict[str, str]) -> None:
    audit.disarm(connection)
    assert problems(sound) == {"triggers"}
    audit.arm(connection)


def test_a_database_of_the_demo(sound: dict[str, str]) -> None:
    audit.record(stream="system", actor="", action="demo_created", object="x", details={}, now=clock.now())
    assert problems(sound) == {"demo_data"}


def test_a_clock_that_is_wrong(sound: dict[str, str]) -> None:
    audit.record(
        stream="system", actor="", action="backup_made", object="", details={}, now=clock.now() + timedelta(hours=1)
    )
    assert "clock" in {each.code for each in points(sound) if not each.problem}


def test_a_duty_that_nobody_can_be_asked_about(sound: dict[str, str]) -> None:
    Account.objects.create(username="eyes", role=Role.AUDITOR.value)
    assert problems(sound) == {"duty_phones"}
    Account.objects.update(is_active=False)
    assert problems(sound) == set()


def test_hints_are_no_problems(sound: dict[str, str], settings: Any) -> None:
    settings.GUANSHU_CLAMD = ""
    hints = {each.code for each in points(sound) if not each.problem}
    assert {"clamd", "duties"} <= hints
    assert ("sqlite" in hints) == (connection.vendor == "sqlite")


@pytest.mark.parametrize("code", ["a", "ab" * 30, "test-" * 12])
def test_repeated_pieces(code: str) -> None:
    assert deploycheck._repeats(code) == (len(code) > 1)
