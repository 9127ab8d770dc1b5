"""「登录设备」: three sessions at most, ended one by one or all, over after thirty idle minutes."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from guanshu.portal.domain.passwords import set_initial_password
from guanshu.portal.models import Account, AccountSession, AuditRecord
from guanshu.portal.web.shared.agents import browser_of, shortened
from tests.portal.doors.conftest import Enter, Time
from tests.portal.web.country import PASSWORD

pytestmark = pytest.mark.django_db
CLERK, PAGE = "B130600000", "/sessions/"


def alive(client: Client) -> bool:
    return client.get(PAGE).status_code == 200


def marks(client: Client) -> list[str]:
    import re

    return re.findall(r"/sessions/([0-9a-f]{40})/end/", client.get(PAGE).content.decode())


def test_the_list_says_when_and_where(enter: Enter) -> None:
    client = enter(CLERK, address="198.51.100.77")
    enter(CLERK, address="2001:db8:0:7::1")
    page = client.get(PAGE).content.decode()
    for said in ("Chrome · Windows", "198.51.100.*", "2001:db8:0:7:*", "本设备", "退出其他所有设备"):
        assert said in page
    assert "198.51.100.77" not in page


def test_a_key_stands_nowhere_in_the_database(enter: Enter) -> None:
    client = enter(CLERK)
    key = client.cookies["sessionid"].value
    assert key not in str(list(AccountSession.objects.values()))
    assert client.session.session_key == key


def test_logging_in_begins_a_new_key(country: object) -> None:
    client = Client()
    client.get("/login/")
    client.session.save()
    first = client.session.session_key
    client.post("/login/", {"username": CLERK, "password": PASSWORD})
    assert client.cookies["sessionid"].value != first


def test_the_fourth_log_in_ends_the_oldest_which_is_told(enter: Enter) -> None:
    clients = [enter(CLERK) for _ in range(4)]
    page = clients[0].get(PAGE, follow=True).content.decode()
    assert [alive(client) for client in clients] == [False, True, True, True]
    assert "超过 3 个" in page
    assert AuditRecord.objects.filter(action="session_displaced").count() == 1
    assert alive(enter("C130600000"))


def test_one_is_ended_and_all_others(enter: Enter) -> None:
    first, second, third = (enter(CLERK) for _ in range(3))
    assert third.post(f"/sessions/{marks(third)[-1]}/end/").status_code == 303
    assert "退出了本设备" in first.get(PAGE, follow=True).content.decode()
    assert [alive(first), alive(second), alive(third)] == [False, True, True]
    assert third.post("/sessions/others/").status_code == 303
    assert [alive(second), alive(third)] == [False, True]


def test_nobody_ends_anothers(enter: Enter) -> None:
    one, other = enter(CLERK), enter("C130600000")
    enter(CLERK)
    found = marks(one)
    assert other.post(f"/sessions/{found[0]}/end/").status_code == 404
    assert one.post("/sessions/x/end/").status_code == 404
    assert alive(one)


def test_ending_ones_own_logs_out(enter: Enter) -> None:
    client = enter(CLERK)
    own = AccountSession.objects.get(account__username=CLERK).pk
    assert client.post(f"/sessions/{own}/end/").headers["Location"] == "/"
    assert not alive(client)


def test_thirty_idle_minutes_end_it_and_every_request_begins_them_anew(enter: Enter, time: Time) -> None:
    client = enter(CLERK)
    for _ in range(3):
        time.pass_(minutes=29)
        assert alive(client)
    cookie = f"sessionid={client.cookies['sessionid'].value}"
    time.pass_(minutes=31)
    assert "没有操作" in Client(headers={"Cookie": cookie}).get(PAGE, follow=True).content.decode()
    save = client.post("/museum/check/", {"request": "x"}, content_type="application/json")
    assert save.status_code == 401
    assert not alive(client)


def test_asking_how_long_it_lives_keeps_nothing_alive(enter: Enter, time: Time) -> None:
    client = enter(CLERK)
    time.pass_(minutes=26)
    seconds = client.get("/sessions/left/").json()["seconds"]
    assert 3 * 60 < seconds <= 4 * 60
    assert client.get("/jobs/00000000-0000-0000-0000-000000000000/").status_code == 404
    time.pass_(minutes=3)
    assert client.get("/sessions/left/").json()["seconds"] < 61
    assert client.post("/sessions/stay/").json()["seconds"] > 29 * 60
    time.pass_(minutes=31)
    assert client.get("/sessions/left/", headers={"Accept": "application/json"}).status_code == 401


def test_the_last_activity_is_written_once_a_minute(enter: Enter, time: Time) -> None:
    client = enter(CLERK)

    def written() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(PAGE)
        return sum(query["sql"].startswith("UPDATE") for query in queries)

    assert [written(), written()] == [0, 0]
    time.pass_(seconds=61)
    assert [written(), written()] == [1, 0]


def test_a_new_password_by_others_ends_all(enter: Enter) -> None:
    client = enter(CLERK)
    set_initial_password(account=Account.objects.get(username=CLERK), actor="A130000001", now=timezone.now())
    assert "所有设备均已退出" in client.get(PAGE, follow=True).content.decode()


def test_a_session_that_was_ended_is_not_brought_back_by_a_late_answer(enter: Enter) -> None:
    client = enter(CLERK)
    late = client.session
    assert late["origin"]
    AccountSession.objects.update(ended="owner", session_data="")
    late["x"] = 1
    from django.contrib.sessions.backends.base import UpdateError

    with pytest.raises(UpdateError):
        late.save()
    assert not alive(client)


def test_a_strange_cookie_is_no_session(country: object) -> None:
    for value in ("x", "x" * 5000, "\x00", "é"):
        client = Client()
        client.cookies["sessionid"] = value
        assert client.get("/login/").status_code == 200


def test_what_has_run_out_is_removed(enter: Enter, time: Time) -> None:
    from guanshu.portal.domain.sessions import remove_old_sessions

    enter(CLERK)
    assert remove_old_sessions(now=time()) == 0
    time.pass_(hours=13)
    assert remove_old_sessions(now=time()) == 1


def test_families_and_shortened_addresses() -> None:
    edge = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120.0 Safari/537.36 Edg/120.0"
    iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1 Version/17.0 Safari/604.1"
    assert browser_of(edge) == "Edge · Windows"
    assert browser_of(iphone) == "Safari · iOS"
    assert browser_of("") == "其他浏览器"
    assert browser_of("x" * 10000) == "其他浏览器"
    assert [shortened(each) for each in ("192.0.2.7", "::1", "?")] == ["192.0.2.*", "0:0:0:0:*", ""]
