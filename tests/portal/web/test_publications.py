"""The home page's downloads: made once, for the running campaign, for everybody."""

import re
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.test import Client

from guanshu.portal.domain import making, publications
from guanshu.portal.domain.outside import run_outside
from guanshu.portal.models import Campaign
from guanshu.survey.documents.guide.pictures import FOLDER
from tests.cast import Cast

pytestmark = pytest.mark.django_db
MAGIC = {"pdf": b"%PDF-", "docx": b"PK\x03\x04", "xlsx": b"PK\x03\x04"}


@pytest.fixture(autouse=True)
def kept(settings: Any, tmp_path: Path) -> None:
    settings.GUANSHU_VERSIONS = tmp_path / "versions"


@pytest.mark.parametrize(
    ("kind", "suffix"), [(kind, suffix) for kind, all_of in publications.FORMATS.items() for suffix in all_of]
)
def test_each_is_handed_out_under_its_name(cast: Cast, client: Client, kind: str, suffix: str) -> None:
    answer = client.get(f"/publications/{kind}.{suffix}")
    assert answer.status_code == 200
    assert answer.content.startswith(MAGIC[suffix])
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Disposition"].endswith(f".{suffix}")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_the_home_page_leads_to_them(cast: Cast, client: Client) -> None:
    page = client.get("/").content.decode()
    for kind, formats in publications.FORMATS.items():
        assert all(f"/publications/{kind}.{suffix}" in page for suffix in formats)
    assert "/guide/" in page


def test_it_is_made_once_and_anew_when_a_date_changes(cast: Cast, client: Client) -> None:
    with mock.patch.object(making, "run_outside", wraps=run_outside) as made:
        for _ in range(3):
            client.get("/publications/guide.pdf")
        assert made.call_count == 1
        Campaign.objects.update(museum_due="2023-02-12")
        assert client.get("/publications/guide.pdf").status_code == 200
        assert made.call_count == 2
    assert "2023 年 2 月 12 日前完成填报" in client.get("/guide/").content.decode()


@pytest.mark.parametrize("name", ["form.exe", "guide.docx", "else.pdf", "form.PDF"])
def test_there_is_nothing_else(cast: Cast, client: Client, name: str) -> None:
    assert client.get(f"/publications/{name}").status_code == 404


def test_without_a_campaign_there_is_none(db: None, client: Client) -> None:
    assert client.get("/").status_code == 200
    assert client.get("/guide/").status_code == 404
    assert client.get("/publications/form.pdf").status_code == 404


def test_the_guide_s_page_tells_checks_and_indicators(cast: Cast, client: Client) -> None:
    page = client.get("/guide/").content.decode()
    assert "审核关系" in page
    assert cast.report().campaign.questionnaire is not None
    assert 'id="t-1-1"' in page


def test_the_guide_s_page_shows_the_screens(cast: Cast, client: Client) -> None:
    page = client.get("/guide/").content.decode()
    shown = re.findall(r'<img src="([^"]+)"[^>]* loading="lazy" alt="[^"]+"', page)
    assert len(shown) == len(list(FOLDER.glob("*.png")))
    for address in shown:
        answer = client.get(address)
        assert answer["Content-Type"] == "image/png"
        assert b"".join(answer) == (FOLDER / Path(address).name).read_bytes()
