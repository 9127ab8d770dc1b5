"""市级查看 and 免费开放审核: what they see, what they may do, and what they may not."""

import pytest
from django.test import Client

from guanshu.portal.models import Account, AuditRecord, CellComment, FreeStatus, Museum, Report, ReportRemark
from guanshu.survey.workflow.states import State
from tests.portal.web.country import PASSWORD, LogIn

pytestmark = pytest.mark.django_db
CITY_PAGE = "/province/accounts/city/"
NEW = {"city": "保定市", "name": "王五", "phone": "13700001234", "password": PASSWORD}
OWN, OTHER_CITY, OTHER_PROVINCE = "2022-130600001", "2022-130600000", "2022-140600001"


@pytest.fixture
def city(log_in: LogIn) -> Client:
    """Make 保定市's account through the province's page and log in with it."""
    page = log_in("A130000001").post(CITY_PAGE, NEW).content.decode()
    assert "D130000001" in page
    password = page.split('id="initial-password">')[1].split("<")[0]
    account = Account.objects.get(username="D130000001")
    assert account.check_password(password)
    Account.objects.filter(pk=account.pk).update(must_change_password=False)
    return log_in("D130000001")


def state(number: str, to: State) -> Report:
    Report.objects.filter(number=number).update(state=to.value)
    return Report.objects.get(number=number)


def test_a_city_sees_its_own_museums_and_no_others(city: Client) -> None:
    page = city.get("/city/").content.decode()
    assert "130600001" in page
    assert "130600000" not in page
    assert city.get(f"/city/reports/{OWN}/").status_code == 200
    for number in (OTHER_CITY, OTHER_PROVINCE):
        assert city.get(f"/city/reports/{number}/").status_code == 404, number
    for filtered in ("?city=唐山市", "?province=140000", "?q=0", "?state=filling"):
        assert "130600000" not in city.get("/city/" + filtered).content.decode()


def test_a_city_of_the_same_name_in_another_province_is_another(city: Client) -> None:
    assert Museum.objects.get(code="140600000").city in {"保定市", "唐山市"}
    Museum.objects.filter(code="140600000").update(city="保定市")
    assert city.get("/city/reports/2022-140600000/").status_code == 404


def test_a_city_reads_and_reminds_and_decides_nothing(city: Client) -> None:
    page = city.get(f"/city/reports/{OWN}/").content.decode()
    assert "/act/" not in page
    assert "显示号码" not in page
    assert city.post("/city/reminders/new/?year=2022", {"report": OWN}).status_code == 200
    assert city.post("/city/reminders/new/?year=2022", {"report": OTHER_CITY}).status_code == 404
    assert city.post("/city/reminders/send/?year=2022", {"report": OTHER_CITY, "listed": OTHER_CITY}).status_code == 404
    everybody = city.post("/city/reminders/new/?year=2022", {"all": "1"}).content.decode()
    assert OWN in everybody
    assert OTHER_CITY not in everybody
    for path in ("/province/status/", f"/province/review/{OWN}/", "/national/", "/museum/", "/free/"):
        assert city.get(path).status_code == 403, path


def test_a_reminder_of_the_city_goes_the_provinces_way(city: Client) -> None:
    answer = city.post("/city/reminders/send/?year=2022", {"report": OWN, "listed": OWN, "later": "1"})
    # Nobody's number is known in this small country: the museum is named as left out, nothing else happens.
    assert answer.headers["Location"] == "/city/reminders/?year=2022"
    assert "没有发送" in city.get("/city/reminders/").content.decode()


def test_who_makes_city_accounts(city: Client, log_in: LogIn) -> None:
    client = log_in("A130000001")
    for change, sentence in (
        ({"city": "太原市"}, "请在列表中选择地市"),
        ({"phone": "1"}, "11 位数字"),
        ({"city": "\x00"}, "地市"),
    ):
        answer = client.post(CITY_PAGE, {**NEW, **change})
        assert (answer.status_code, sentence in answer.content.decode()) == (422, True), change
    assert "D130000002" in client.post(CITY_PAGE, NEW).content.decode()
    assert log_in("A140000001").post(CITY_PAGE + "D130000001/close/").status_code == 404
    assert client.post(CITY_PAGE + "D130000001/close/").status_code == 303
    assert city.get("/city/").status_code == 302


def test_free_review_sees_free_museums_only(log_in: LogIn) -> None:
    FreeStatus.objects.create(museum=Museum.objects.get(code="130600001"), year=2022)
    client = log_in("free")
    page = client.get("/free/?year=2022").content.decode()
    assert "130600001" in page
    assert "130600000" not in page
    assert client.get(f"/free/reports/{OWN}/").status_code == 200
    assert client.get(f"/free/reports/{OTHER_CITY}/").status_code == 404
    assert client.get("/free/reports/2021-130600001/").status_code == 404
    for path in ("/national/", "/province/status/", f"/national/reports/{OWN}/", "/national/data/export/"):
        assert client.get(path).status_code == 403, path


def test_a_remark_reaches_the_province_and_not_the_museum(log_in: LogIn) -> None:
    museum = Museum.objects.get(code="130600001")
    FreeStatus.objects.create(museum=museum, year=2022)
    client, url = log_in("free"), f"/free/reports/{OWN}/remarks/"
    assert client.post(url, {"text": "早了"}).status_code == 409
    state(OWN, State.SUBMITTED)
    box = client.get(f"{url}?address=land_area", headers={"HX-Request": "true"}).content.decode()
    assert 'name="text"' in box
    assert 'name="text"' in client.get(f"/free/reports/{OWN}/?comment=land_area").content.decode()
    assert client.post(url, {"address": "land_area", "text": "占地请核对产权证"}).status_code == 303
    assert "占地请核对产权证" in log_in("A130000001").get(f"/province/review/{OWN}/").content.decode()
    assert "占地请核对产权证" in log_in("viewer").get(f"/national/reports/{OWN}/").content.decode()
    for name in ("B130600001", "C130600001"):
        for path in ("/museum/review/", "/museum/history/", "/museum/"):
            assert "请核对产权证" not in log_in(name).get(path).content.decode()
    assert not CellComment.objects.exists()
    record = AuditRecord.objects.get(stream="account:free", action="remark_on_report")
    assert "产权" not in str(record.details)
    remark = ReportRemark.objects.get()
    assert client.post(f"{url}{remark.pk}/withdraw/").status_code == 303
    assert client.post(f"{url}{remark.pk}/withdraw/").status_code == 409
    assert "请核对产权证" not in log_in("A130000001").get(f"/province/review/{OWN}/").content.decode()


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"text": ""}, 422), ({"text": "x" * 501}, 422), ({"text": "x", "address": "no_such"}, 400),
        ({"text": "x", "address": "x" * 5000}, 400), ({"text": "x", "address": "\x00"}, 400), ({}, 422),
    ],
)  # fmt: skip
def test_bad_remarks_are_refused(given: dict[str, str], status: int, log_in: LogIn) -> None:
    FreeStatus.objects.create(museum=Museum.objects.get(code="130600001"), year=2022)
    state(OWN, State.SUBMITTED)
    assert log_in("free").post(f"/free/reports/{OWN}/remarks/", given).status_code == status
    assert not ReportRemark.objects.exists()


def test_the_national_viewer_reads_whole_reports(log_in: LogIn) -> None:
    client = log_in("viewer")
    assert f"/national/reports/{OWN}/" in client.get("/national/museums/130600001/?year=2022").content.decode()
    page = client.get(f"/national/reports/{OWN}/").content.decode()
    assert "只读" in page
    assert "data-say" not in page
