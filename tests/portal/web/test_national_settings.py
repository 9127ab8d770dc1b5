"""The nation's settings: validated, recorded, shown on the home page."""

import pytest
from django.test import Client

from guanshu.portal.models import Account, AuditRecord, Campaign, Contact, Extension, Notice
from guanshu.portal.queries.trailwords import sentence_of
from tests.cast import Cast

DAYS = {
    "opens_on": "2023-01-01",
    "contacts_due": "2023-01-15",
    "museum_due": "2023-02-12",
    "province_review_due": "2023-02-20",
    "province_submit_due": "2023-02-25",
    "return_days": "5",
    "off": "2023-01-23..2023-01-27\n2023-01-30",
    "worked": "2023-01-28，2023-01-29",
}


def enter(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend="guanshu.portal.web.accounts.backend.AccountBackend")
    return client


@pytest.fixture
def client(cast: Cast) -> Client:
    return enter(cast.system)


def defaults(client: Client) -> dict[str, str]:
    params = client.get("/national/campaign/").context["params"]
    return {f"param:{each.param.name}": each.text for each in params}


def test_settings_are_stored_and_recorded(cast: Cast, client: Client) -> None:
    answer = client.post("/national/campaign/", {**DAYS, **defaults(client)})
    assert answer.status_code == 303
    campaign = Campaign.objects.get(year=2022)
    assert (campaign.museum_due.isoformat(), campaign.return_days) == ("2023-02-12", 5)
    assert campaign.holidays["off"][-1] == "2023-01-30"
    assert campaign.holidays["worked"] == ["2023-01-28", "2023-01-29"]
    details = AuditRecord.objects.get(action="configure_campaign").details
    assert details["museum_due"] == ["2023-02-10", "2023-02-12"]
    assert "opens_on" not in details
    client.post("/national/campaign/", {**DAYS, **defaults(client)})
    assert AuditRecord.objects.filter(action="configure_campaign").count() == 1


def test_which_pages_of_the_scan_are_needed_is_set_and_recorded(cast: Cast, client: Client) -> None:
    assert [on for _, on in client.get("/national/campaign/").context["scan_pages"]] == [True, False]
    client.post("/national/campaign/", {**DAYS, **defaults(client), "scan_pages": "signed"})
    assert Campaign.objects.get(year=2022).scan_pages == "signed"
    record = AuditRecord.objects.get(action="configure_campaign")
    assert record.details["scan_pages"] == ["all", "signed"]
    assert "采集设置（馆填报截止、" in sentence_of(record)
    assert sentence_of(record).endswith("盖章扫描件需要的页）")
    page = client.get("/national/campaign/").content.decode()
    assert '<input type="radio" name="scan_pages" value="signed" checked>' in page
    # A form that does not ask leaves it as it is.
    client.post("/national/campaign/", {**DAYS, **defaults(client)})
    assert Campaign.objects.get(year=2022).scan_pages == "signed"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"museum_due": "2023-02-30"}, "请填写日期"),
        ({"museum_due": "2023-02-21"}, "不能早于「馆填报截止」"),
        ({"return_days": "0"}, "1 至 30"),
        ({"return_days": "三"}, "1 至 30"),
        ({"off": "2023-13-01"}, "不是日期"),
        ({"scan_pages": "none"}, "请选择盖章扫描件需要哪些页"),
        ({"off": "2023-01-28"}, "既列为放假又列为上班"),
    ],
)
def test_settings_that_cannot_be_are_refused(changed: dict[str, str], words: str, cast: Cast, client: Client) -> None:
    answer = client.post("/national/campaign/", {**DAYS, **defaults(client), **changed})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Campaign.objects.get(year=2022).museum_due.isoformat() == "2023-02-10"
    assert not AuditRecord.objects.filter(action="configure_campaign").exists()


def test_a_closed_year_stays_as_it_is(cast: Cast, client: Client) -> None:
    Campaign.objects.update(closed=True)
    assert client.post("/national/campaign/?year=2022", {**DAYS, **defaults(client)}).status_code == 409


def test_notices_come_and_go(cast: Cast, client: Client) -> None:
    today = {"title": "系统开放", "body": "第一段\n<b>第二段</b>", "published_on": "2023-02-04"}
    assert client.post("/national/notices/publish/", today).status_code == 303
    later = {"title": "以后", "body": "x", "published_on": "2023-02-05"}
    client.post("/national/notices/publish/", later)
    page = Client().get("/").content.decode()
    assert "系统开放" in page
    assert "以后" not in page
    notice = Notice.objects.get(title="系统开放")
    text = Client().get(f"/notices/{notice.pk}/").content.decode()
    assert "&lt;b&gt;" in text
    assert client.post(f"/national/notices/{notice.pk}/withdraw/").status_code == 303
    assert client.post(f"/national/notices/{notice.pk}/withdraw/").status_code == 409
    assert Client().get(f"/notices/{notice.pk}/").status_code == 404
    assert client.post("/national/notices/publish/", {"title": "", "body": "x"}).status_code == 422


def test_contacts_and_footer_are_shown_only_where_there_are_any(cast: Cast, client: Client) -> None:
    assert "contacts-title" not in Client().get("/").content.decode()
    fields = {"subject": "数据采集系统咨询", "unit": "某单位", "name": "示例", "phone": "010-55550000"}
    assert client.post("/national/notices/contacts/", fields).status_code == 303
    page = Client().get("/").content.decode()
    assert "数据采集系统咨询" in page
    contact = Contact.objects.get()
    client.post("/national/notices/contacts/", {**fields, "id": contact.pk, "unit": "另一单位"})
    assert Contact.objects.get().unit == "另一单位"
    client.post("/national/notices/contacts/", {"id": contact.pk, "remove": "1"})
    assert not Contact.objects.exists()
    client.post("/national/notices/footer/", {"organiser": "某某协会", "police": "某公网安备 11010102000000号"})
    page = Client().get("/").content.decode()
    assert "主办单位：某某协会" in page
    assert "code=11010102000000" in page
    assert "承办单位" not in page
    refused = client.post("/national/notices/footer/", {"organiser": "某某协会", "mail": "不是邮箱"})
    assert refused.status_code == 422
    assert "系统电子邮箱：「不是邮箱」不是电子邮箱" in refused.content.decode()
    client.post("/national/notices/footer/", {"mail": "sjcj@Example.cn"})
    assert "系统电子邮箱：sjcj@example.cn" in Client().get("/").content.decode()


def test_the_nation_extends_one_museum(cast: Cast, client: Client) -> None:
    page = "/national/museums/130600001/"
    assert client.post(page + "extend/", {"until": "2023-02-17", "reason": "停电"}).status_code == 303
    assert Extension.objects.get().until.isoformat() == "2023-02-17"
    text = client.get(page).content.decode()
    assert "停电" in text
    assert "已延期" in text
    assert client.get("/national/museums/999999999/").status_code == 404
