"""A package holds people's names and numbers: it is handed out for a password, and on record."""

from pathlib import Path
from typing import Any

from guanshu.portal.models import AuditRecord, Package
from guanshu.portal.queries.files import path_of
from guanshu.survey.workflow.filingstates import FilingState
from tests.portal.submission.conftest import Papers, browser

PASSWORD = "provinz-passwort-1"


def package_of(papers: Papers) -> tuple[Package, str]:
    papers.to(FilingState.SUBMITTED)
    for account in (papers.cast.province, papers.cast.system):
        account.set_password(PASSWORD)
        account.save()
    package = Package.objects.get(filing=papers.filing)
    return package, f"/files/{package.file_id}/"


def taken() -> list[str]:
    return [record.actor for record in AuditRecord.objects.filter(action="download_package").order_by("pk")]


def body(answer: Any) -> bytes:
    return b"".join(answer)


def test_it_is_handed_out_for_the_password_and_recorded(papers: Papers) -> None:
    package, url = package_of(papers)
    client = browser(papers.cast.province)
    asked = client.get(url)
    assert asked.status_code == 200
    assert "请再次输入登录密码" in asked.content.decode()
    assert client.post(url, {"password": "falsch"}).status_code == 422
    assert taken() == []
    got = client.post(url, {"password": PASSWORD})
    assert got.status_code == 200
    assert body(got) == Path(path_of(package.file)).read_bytes()
    assert taken() == [papers.cast.province.username]
    # The password holds for some minutes; every download is a record of its own.
    assert body(client.post(url)) == Path(path_of(package.file)).read_bytes()
    assert len(taken()) == 2
    assert not any(PASSWORD in str(record.details) for record in AuditRecord.objects.all())


def test_the_nation_takes_it_the_same_way_and_strangers_find_nothing(papers: Papers) -> None:
    _, url = package_of(papers)
    assert browser(papers.cast.system).post(url, {"password": PASSWORD}).status_code == 200
    for stranger in (papers.cast.other_province, papers.cast.filler):
        client = browser(stranger)
        assert (client.get(url).status_code, client.post(url, {"password": PASSWORD}).status_code) == (404, 404)
    assert taken() == [papers.cast.system.username]


def test_no_look_gets_round_the_password(papers: Papers) -> None:
    _, url = package_of(papers)
    for account in (papers.cast.province, papers.cast.system):
        client = browser(account)
        for tail in ("view/", "members/0/view/", "members/1/view/"):
            told = client.get(url + tail).content.decode()
            assert "不能在网页上直接查看" in told
            # Neither what is in it nor a way to its members.
            assert ".xlsx" not in told
            assert "members/" not in told
        for tail in ("view/1/", "members/0/view/1/", "pages/1/"):
            assert (client.get(url + tail).status_code, client.head(url + tail).status_code) == (404, 404)
    assert taken() == []
    assert not AuditRecord.objects.filter(action="look_file").exists()
