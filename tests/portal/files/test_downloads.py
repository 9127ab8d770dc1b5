"""/files/<uuid>/: for those who may see the report, as an attachment that can do nothing."""

import uuid
from pathlib import Path
from urllib.parse import quote

from django.test import Client

from tests.cast import Cast
from tests.portal.files.conftest import browser, put, stored
from tests.survey.intake import makers


def test_who_may_see_the_report_gets_the_file(cast: Cast) -> None:
    data = makers.word("内容")
    row = put(cast, data=data)
    url = f"/files/{row.pk}/"
    for name in ("filler", "reviewer", "province", "system", "viewer", "free_reviewer"):
        answer = browser(getattr(cast, name)).get(url)
        assert answer.status_code == 200, name
        assert b"".join(answer.streaming_content) == data  # type: ignore[attr-defined]
    for name in ("other_filler", "other_province", "city"):
        assert browser(getattr(cast, name)).get(url).status_code == 404, name
    for name in ("operations", "auditor"):
        assert browser(getattr(cast, name)).get(url).status_code == 403, name
    assert Client().get(url).status_code == 302
    assert browser(cast.filler).get(f"/files/{uuid.uuid4()}/").status_code == 404
    assert browser(cast.filler).get("/files/no-uuid/").status_code == 404
    assert browser(cast.filler).post(url).status_code == 405


def test_older_versions_can_be_opened_too(cast: Cast) -> None:
    first = put(cast, data=makers.word("一"))
    put(cast, data=makers.word("二"))
    assert browser(cast.province).get(f"/files/{first.pk}/").status_code == 200


def test_a_download_is_an_attachment_under_its_official_name(cast: Cast) -> None:
    row = put(cast)
    answer = browser(cast.filler).get(f"/files/{row.pk}/")
    name = quote("保定市科技馆2022年度工作总结.docx")
    assert answer["Content-Disposition"] == f"attachment; filename*=utf-8''{name}"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Length"] == str(row.size)
    assert answer["Content-Type"].startswith("application/vnd.openxmlformats")


def test_lost_bytes_are_not_found(cast: Cast, place: Path) -> None:
    row = put(cast)
    stored(place)[0].unlink()
    assert browser(cast.filler).get(f"/files/{row.pk}/").status_code == 404


def test_pages_of_a_pdf_are_shown_as_pictures(cast: Cast, place: Path) -> None:
    row = put(cast, "plan", makers.pdf(2), name="plan.pdf")
    for client in (browser(cast.province), browser(cast.filler)):
        answer = client.get(f"/files/{row.pk}/pages/2/")
        assert answer["Content-Type"] == "image/png"
        assert answer.content.startswith(b"\x89PNG")
    assert browser(cast.filler).get(f"/files/{row.pk}/pages/3/").status_code == 404
    assert browser(cast.other_filler).get(f"/files/{row.pk}/pages/1/").status_code == 404
    word = put(cast)
    assert browser(cast.filler).get(f"/files/{word.pk}/pages/1/").status_code == 404
