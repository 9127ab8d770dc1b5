"""What must be on record: every way in and out, failed ones counted, every file that leaves."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guanshu.portal import clock
from guanshu.portal.domain.attempts import WINDOW, record_counted, record_failed_login, record_old_counts
from guanshu.portal.domain.files import store_upload
from guanshu.portal.models import AuditRecord, FailureCount
from guanshu.survey.workflow.states import State
from tests.cast import NOW, Cast
from tests.portal.walls.test_trail_page import client_of
from tests.portal.workflow.conftest import Way
from tests.survey.intake import makers

PASSWORD = "long-enough-for-all-1"


@pytest.fixture(autouse=True)
def place(settings: Any, tmp_path: Any) -> None:
    settings.GUANSHU_TODAY = "2023-02-04"
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "incoming"
    settings.GUANSHU_VERSIONS = tmp_path / "versions"
    options = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "files"}}
    settings.STORAGES = {**settings.STORAGES, "default": options}


def told(action: str) -> list[tuple[str, Any]]:
    return [(row.stream, row.details.get("times")) for row in AuditRecord.objects.filter(action=action).order_by("pk")]


def test_the_first_failure_is_recorded_at_once_and_the_rest_together(cast: Cast) -> None:
    for second in range(100):
        record_failed_login(typed="b130600001", now=NOW + timedelta(seconds=second))
    assert told("login_failed") == [("account:B130600001", 1)]
    record_old_counts(now=NOW + WINDOW - timedelta(seconds=1))
    assert len(told("login_failed")) == 1
    record_old_counts(now=NOW + WINDOW)
    record_old_counts(now=NOW + WINDOW * 3)
    assert told("login_failed") == [("account:B130600001", 1), ("account:B130600001", 99)]


def test_a_day_of_guessing_does_not_bloat_the_stream(cast: Cast) -> None:
    for minute in range(24 * 60):
        record_failed_login(typed="B130600001", now=NOW + timedelta(minutes=minute))
    record_old_counts(now=NOW + timedelta(days=2))
    found = told("login_failed")
    assert len(found) <= 24 * 4 + 2
    assert sum(times for _, times in found) == 24 * 60


def test_what_was_typed_for_no_account_is_kept_nowhere(cast: Cast) -> None:
    for typed in ("hunter2-my-password", "x" * 5000, "a\x00b", "13800138000"):
        record_failed_login(typed=typed, now=NOW)
    record_old_counts(now=NOW + WINDOW)
    assert told("login_failed_unknown") == [("system", 1), ("system", 3)]
    assert list(FailureCount.objects.values_list("account", flat=True)) == [""]
    assert not AuditRecord.objects.filter(object__contains="hunter2").exists()


def test_a_success_writes_what_was_counted_before_it(cast: Cast) -> None:
    for second in range(4):
        record_failed_login(typed="B130600001", now=NOW + timedelta(seconds=second))
    record_counted(account=cast.filler, now=NOW + timedelta(seconds=9))
    assert [times for _, times in told("login_failed")] == [1, 3]


def test_the_log_in_page_records_all_of_it(cast: Cast) -> None:
    cast.filler.set_password(PASSWORD)
    cast.filler.save()
    client = Client()
    for password in ("wrong", "wrong again"):
        assert client.post("/login/", {"username": "b130600001", "password": password}).status_code == 422
    client.post("/login/", {"username": "nobody", "password": "x"})
    assert client.post("/login/", {"username": "B130600001", "password": PASSWORD}).status_code == 302
    client.post("/logout/")
    stream = AuditRecord.objects.filter(stream="account:B130600001").order_by("seq").values_list("action", flat=True)
    assert list(stream) == ["login_failed", "login_failed", "login", "logout"]
    assert told("login_failed_unknown") == [("system", 1)]
    for record in AuditRecord.objects.all():
        assert "wrong" not in str(record.details)


def test_attempts_while_locked_out_are_counted_too(cast: Cast) -> None:
    client = Client()
    statuses = [client.post("/login/", {"username": "B130600001", "password": "w"}).status_code for _ in range(8)]
    assert statuses[-1] == 429
    record_old_counts(now=clock.now() + WINDOW)
    assert sum(times for _, times in told("login_failed")) == 8


def test_a_wrong_password_before_an_export_is_a_failed_log_in(cast: Cast) -> None:
    client_of(cast.auditor).post("/audit/export/", {"password": "wrong"})
    assert told("login_failed") == [("account:auditor", 1)]


def test_a_download_is_recorded_and_a_look_at_the_head_is_not(cast: Cast) -> None:
    upload = SimpleUploadedFile("计划.pdf", makers.pdf(1))
    row = store_upload(report=cast.report(), purpose="plan", upload=upload, actor=cast.filler, now=NOW)
    client = client_of(cast.province)
    client.head(f"/files/{row.pk}/")
    assert not AuditRecord.objects.filter(action="download_file").exists()
    b"".join(client.get(f"/files/{row.pk}/"))
    record = AuditRecord.objects.get(action="download_file")
    assert (record.stream, record.object, record.details["sha256"]) == (
        "account:A130000001", cast.report().number, row.sha256)  # fmt: skip
    assert client_of(cast.other_province).get(f"/files/{row.pk}/").status_code == 404
    assert AuditRecord.objects.filter(action="download_file").count() == 1


def test_pages_read_on_the_screen_are_one_look_an_hour(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    upload = SimpleUploadedFile("计划.pdf", makers.pdf(2))
    row = store_upload(report=cast.report(), purpose="plan", upload=upload, actor=cast.filler, now=NOW)
    client = client_of(cast.province)
    assert [client.get(f"/files/{row.pk}/pages/1/").status_code for _ in range(3)] == [200] * 3
    assert client_of(cast.other_province).get(f"/files/{row.pk}/pages/1/").status_code == 404
    record = AuditRecord.objects.get(action="look_file")
    assert (record.actor, record.object) == ("A130000001", cast.report().number)
    later = clock.now() + timedelta(hours=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    client_of(cast.reviewer).get(f"/files/{row.pk}/pages/1/")
    client_of(cast.province).get(f"/files/{row.pk}/pages/1/")
    assert AuditRecord.objects.filter(action="look_file").count() == 3


def test_the_pdf_of_a_report_is_recorded(cast: Cast) -> None:
    Way(cast).to(State.SUBMITTED)
    client_of(cast.reviewer).get("/museum/versions/1/pdf/")
    assert AuditRecord.objects.get(action="download_pdf").details["version"] == 1
