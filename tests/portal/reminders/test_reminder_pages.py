"""The pages: choosing, looking, sending; the log of province and nation; switches; the demo's outbox."""

import re
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client

from guanshu.portal import clock
from guanshu.portal.domain.reminding import send_due_reminders
from guanshu.portal.models import Account, AuditRecord, Campaign, Reminder, SmsMessage
from guanshu.portal.sms import deliver_waiting
from guanshu.survey.workflow.states import State
from tests.cast import Cast
from tests.portal.conftest import save_as
from tests.portal.reminders.conftest import FILLER, REVIEWER, Gateway, shanghai
from tests.portal.workflow.conftest import Way

NEW, SEND, LOG = "/province/reminders/new/", "/province/reminders/send/", "/province/reminders/"
NUMBER = "2022-130600001"


@pytest.fixture
def people(cast: Cast) -> Cast:
    save_as(cast.filler, cast.report(), {"filler_cell": ("", FILLER), "reviewer_cell": ("", REVIEWER)})
    return cast


def enter(account: Account) -> Client:
    client = Client()
    client.force_login(account, backend="guanshu.portal.web.accounts.backend.AccountBackend")
    return client


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Set the clock of the pages; a working Monday at ten unless told otherwise."""

    def on(now: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: now)
        monkeypatch.setattr(clock, "today", lambda moment=None: (moment or now).date())

    on(shanghai(1, 30))
    return on


@pytest.fixture
def client(people: Cast, at: Any) -> Client:
    return enter(people.province)


def test_the_status_page_offers_those_who_have_not_handed_in(way: Way, people: Cast, client: Client) -> None:
    text = client.get("/province/status/").content.decode()
    assert text.count('name="report"') == 2
    way.to(State.SUBMITTED)
    assert client.get("/province/status/").content.decode().count('name="report"') == 1
    assert "短信催报" not in client.get(f"/province/status/{NUMBER}/").content.decode()
    Campaign.objects.update(closed=True)
    assert "remind-form" not in client.get("/province/status/").content.decode()


def test_looking_sends_nothing_and_masks_numbers(client: Client) -> None:
    page = client.post(NEW, {"report": [NUMBER, "2022-130100001"]})
    text = page.content.decode()
    assert page.status_code == 200
    assert "139****2222" in text
    assert FILLER not in text
    assert "不发送：没有填报人的手机号，请电话联系" in text
    assert "保定市科技馆2022年度报表目前为「填报中」" in text
    assert not Reminder.objects.exists()


def test_the_whole_list_as_it_is_filtered(client: Client) -> None:
    page = client.post(f"{NEW}?q=130600", {"all": "1"})
    assert [line.candidate.report.number for line in page.context["lines"]] == [NUMBER]
    page = client.post(NEW, {"all": "1"})
    assert len(page.context["lines"]) == 2


def test_another_role_is_listed_anew_with_the_ticks_kept(client: Client) -> None:
    page = client.post(NEW, {"listed": [NUMBER, "2022-130100001"], "report": [], "role": "reviewer"})
    assert "139****4444" in page.content.decode()
    assert page.context["ticked"] == set()


def test_sending(client: Client, gateway: type[Gateway]) -> None:
    answer = client.post(SEND, {"listed": [NUMBER], "report": [NUMBER], "role": "", "note": "请尽快"}, follow=True)
    text = answer.content.decode()
    assert answer.redirect_chain[0][1] == 303
    assert "已交短信通道发送 1 条" in text
    assert "补充说明：请尽快" in text
    assert gateway.sent == []
    deliver_waiting(now=shanghai(1, 30))
    text = client.get(LOG).content.decode()
    assert "已发送" in text
    assert "139****2222" in text
    assert FILLER not in text


def test_a_second_one_on_the_same_day_has_to_be_ticked(client: Client) -> None:
    client.post(SEND, {"listed": [NUMBER], "report": [NUMBER]})
    page = client.post(NEW, {"report": [NUMBER]})
    text = page.content.decode()
    assert "勾选即确认再次催报" in text
    assert f'name="again" value="{NUMBER}">' in text
    answer = client.post(SEND, {"listed": [NUMBER], "report": [NUMBER]}, follow=True)
    assert "没有发送：保定市科技馆（今天已经手动催报过" in answer.content.decode()
    client.post(SEND, {"listed": [NUMBER], "again": [NUMBER]})
    assert Reminder.objects.count() == 2


def test_at_night_it_can_be_left_for_the_morning(client: Client, at: Any) -> None:
    at(shanghai(1, 20, 21))
    page = client.post(NEW, {"report": [NUMBER]})
    assert "到 2023年1月28日（星期六）08:30 自动发送" in page.content.decode()
    refused = client.post(SEND, {"listed": [NUMBER], "report": [NUMBER], "note": "写好的话"})
    assert refused.status_code == 409
    assert "写好的话" in refused.content.decode()
    answer = client.post(SEND, {"listed": [NUMBER], "report": [NUMBER], "later": "1"}, follow=True)
    assert "1 条将在 2023年1月28日（星期六）08:30 自动发送" in answer.content.decode()
    assert "等待发送时间" in answer.content.decode()


def test_a_bad_note_is_shown_again(client: Client) -> None:
    answer = client.post(SEND, {"listed": [NUMBER], "report": [NUMBER], "note": "电话13812345678"})
    assert answer.status_code == 422
    assert "不要写电话号码" in answer.content.decode()
    assert not Reminder.objects.exists()


def test_nothing_ticked(client: Client) -> None:
    answer = client.post(SEND, {"listed": [NUMBER]})
    assert answer.status_code == 422
    assert "请先勾选" in answer.content.decode()


@pytest.mark.parametrize("path", [NEW, SEND])
def test_another_provinces_museum_is_nowhere(client: Client, path: str) -> None:
    assert client.post(path, {"report": ["2022-110108001"]}).status_code == 404
    assert client.post(path, {"report": [NUMBER, "2022-110108001"]}).status_code == 404
    assert client.post(path, {"listed": [NUMBER], "again": ["2022-110108001"]}).status_code == 404
    assert not Reminder.objects.exists()


def test_the_log_is_filtered_and_belongs_to_the_province(people: Cast, client: Client, gateway: type[Gateway]) -> None:
    send_due_reminders(now=shanghai(2, 8))
    deliver_waiting(now=shanghai(2, 8))
    assert len(client.get(LOG).context["rows"]) == 2
    assert [row.museum for row in client.get(LOG, {"state": "sent"}).context["rows"]] == ["保定市科技馆"]
    assert [row.label for row in client.get(LOG, {"state": "no_phone"}).context["rows"]] == ["没有手机号"]
    assert client.get(LOG, {"rule": "by_hand"}).context["rows"] == []
    assert len(client.get(LOG, {"q": "保定", "rule": "due_2", "state": "none"}).context["rows"]) == 1
    assert len(enter(people.other_province).get(LOG).context["rows"]) == 1
    national = enter(people.viewer)
    assert len(national.get("/national/reminders/").context["rows"]) == 3
    assert len(national.get("/national/reminders/", {"province": "110000"}).context["rows"]) == 1
    assert "<html" not in client.get(LOG, headers={"HX-Request": "true"}).content.decode()


def test_the_pages_say_when_messages_reach_nobody(client: Client, settings: Any) -> None:
    settings.GUANSHU_SMS = "console"
    assert "当前短信通道为「控制台」，短信不会发到手机" in client.get(LOG).content.decode()


def test_the_museum_reads_it_in_its_record(people: Cast, client: Client) -> None:
    client.post(SEND, {"listed": [NUMBER], "report": [NUMBER], "note": "请核对表1-1"})
    text = enter(people.filler).get("/museum/history/").content.decode()
    assert "短信催报" in text
    assert "已向本馆填报人发送短信：请核对表1-1" in text


def test_rules_are_switched_in_the_settings(people: Cast) -> None:
    from tests.portal.web.test_national_settings import DAYS, defaults

    client = enter(people.system)
    page = client.get("/national/campaign/").content.decode()
    assert len(re.findall(r'name="remind" value="[a-z0-9_]+" checked> ', page)) == page.count('name="remind"') == 5
    answer = client.post("/national/campaign/", {**DAYS, **defaults(client), "remind": ["review", "due_0"]})
    assert answer.status_code == 303
    assert Campaign.objects.get(year=2022).reminders_off == ["returned", "due_5", "due_2"]
    details = AuditRecord.objects.get(action="configure_campaign").details
    assert details["reminders_off"] == [[], ["returned", "due_5", "due_2"]]


def test_the_outbox_is_the_demos(people: Cast, client: Client, settings: Any) -> None:
    client.post(SEND, {"listed": [NUMBER], "report": [NUMBER]})
    assert Client().get("/outbox/").status_code == 404
    settings.DEMO, settings.GUANSHU_SMS = True, "outbox"
    page = Client().get("/outbox/")
    text = page.content.decode()
    assert (page.status_code, SmsMessage.objects.count()) == (200, 1)
    assert "139****2222" in text
    assert "【科技馆数据采集】保定市科技馆2022年度报表目前为「填报中」" in text
    assert FILLER not in text
    assert Client().post("/outbox/").status_code == 405
    assert date(2023, 1, 30) == Reminder.objects.get().day
