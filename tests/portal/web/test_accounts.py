"""Logging in, being kept out, and choosing a password."""

from datetime import timedelta

import pytest
from django.contrib.auth import hashers
from django.test import Client
from django.utils import timezone

from guanshu.portal.domain.accounts import canonical_username, create_admin, create_province_accounts
from guanshu.portal.domain.demo.password import DEMO_PASSWORD
from guanshu.portal.domain.passwords import ALPHABET, min_length, random_password, set_initial_password
from guanshu.portal.domain.provinces import UNITS
from guanshu.portal.models import Account, AuditRecord, Role
from guanshu.portal.web.accounts.backend import AccountBackend
from tests.portal.web.country import NOW, PASSWORD, LogIn

NEW = "a-new-long-password-7"


def attempt(client: Client, username: str, password: str = PASSWORD, **extra: str) -> tuple[int, str]:
    answer = client.post("/login/", {"username": username, "password": password, **extra})
    return answer.status_code, answer.headers.get("Location", "")


@pytest.mark.parametrize(
    ("username", "home"),
    [
        ("A130000001", "/province/status/"),
        ("a130000001", "/province/status/"),
        (" Ａ130000001 ", "/province/status/"),
        ("b130600000", "/museum/"),
        ("C130600000", "/museum/"),
        ("National", "/national/"),
        ("auditor", "/audit/"),
    ],
)
def test_each_account_lands_on_its_own_page(username: str, home: str, country: object) -> None:
    assert attempt(Client(), username) == (302, home)


def test_the_home_page_has_the_box_and_the_link_right_under_its_button(country: object) -> None:
    page = Client().get("/").content.decode()
    button, link = page.index(">登录</button>"), page.index("忘记密码？点此重置")
    assert page[button:link].count("<a ") == 1
    assert "2 月 10 日前" in page
    assert "还有 6 天" in page


def test_wrong_passwords_unknown_and_closed_accounts_look_the_same(country: object) -> None:
    Account.objects.filter(username="A140000001").update(is_active=False)
    pages = set()
    for username, password in (("A130000001", "wrong"), ("A990000001", PASSWORD), ("A140000001", PASSWORD)):
        answer = Client().post("/login/", {"username": username, "password": password})
        assert answer.status_code == 422
        page = answer.content.decode().replace(username, "")
        pages.add(page[page.index("</h2>", page.index("login-title")) : page.index("<footer")])
    assert len(pages) == 1


def test_an_unknown_account_costs_one_hash_too(country: object, monkeypatch: pytest.MonkeyPatch) -> None:
    hasher = hashers.get_hasher()
    calls: list[str] = []
    for name in ("encode", "verify"):
        original = getattr(type(hasher), name)
        monkeypatch.setattr(
            type(hasher), name, lambda *args, n=name, f=original, **kw: (calls.append(n), f(*args, **kw))[1]
        )
    AccountBackend().authenticate(None, username="A130000001", password="wrong")
    known, calls[:] = len(calls), []
    AccountBackend().authenticate(None, username="nobody", password="wrong")
    assert len(calls) == known == 1


def test_the_sixth_attempt_waits_whatever_case_is_typed(country: object) -> None:
    client = Client()
    statuses = [attempt(client, name, "wrong")[0] for name in ("a130000001", "A130000001") * 3]
    assert statuses == [422, 422, 422, 422, 429, 429]
    answer = client.post("/login/", {"username": "A130000001", "password": PASSWORD})
    assert answer.status_code == 429
    assert "15 分钟" in answer.content.decode()
    assert attempt(client, "A140000001")[0] == 302
    assert attempt(Client(REMOTE_ADDR="192.0.2.7"), "A130000001")[0] == 302


def test_the_address_behind_our_proxy_is_the_one_it_added(country: object, settings: object) -> None:
    settings.GUANSHU_PROXIES = 1  # type: ignore[attr-defined]
    client = Client()
    behind = {"X-Forwarded-For": "1.1.1.1, 192.0.2.9"}
    for _ in range(5):
        client.post("/login/", {"username": "A130000001", "password": "x"}, headers=behind)
    data = {"username": "A130000001", "password": PASSWORD}
    assert client.post("/login/", data, headers={"X-Forwarded-For": "2.2.2.2, 192.0.2.9"}).status_code == 429
    assert client.post("/login/", data, headers={"X-Forwarded-For": "192.0.2.10"}).status_code == 302


@pytest.mark.parametrize(
    "following", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "province/"]
)
def test_next_never_leaves_the_site(following: str, country: object) -> None:
    assert attempt(Client(), "A130000001", next=following) == (302, "/province/status/")


def test_next_is_followed_inside_the_site(country: object) -> None:
    assert attempt(Client(), "A130000001", next="/province/accounts/?q=1") == (302, "/province/accounts/?q=1")


def test_the_first_login_is_kept_and_every_login_recorded(country: object) -> None:
    attempt(Client(), "A130000001")
    first = Account.objects.get(username="A130000001").first_login_at
    assert first is not None
    attempt(Client(), "A130000001")
    assert Account.objects.get(username="A130000001").first_login_at == first
    assert AuditRecord.objects.filter(stream="account:A130000001", action="login").count() == 2


def test_a_session_ends_twelve_hours_after_log_in_however_busy(country: object) -> None:
    client = Client()
    attempt(client, "A130000001")
    session = client.session
    session["touched"] = True
    session.save()
    left = session.get_expiry_date() - timezone.now()
    assert timedelta(hours=11, minutes=59) < left <= timedelta(hours=12)
    session.set_expiry(timezone.now() - timedelta(seconds=1))
    session.save()
    assert client.get("/province/status/").status_code == 302


def test_a_closed_account_is_out_at_once(log_in: LogIn) -> None:
    client = log_in("A130000001")
    Account.objects.filter(username="A130000001").update(is_active=False)
    assert client.get("/province/status/").status_code == 302


def test_an_initial_password_opens_one_page_only(country: object) -> None:
    account = Account.objects.get(username="A130000001")
    initial = set_initial_password(account=account, actor="national", now=timezone.now())
    client = Client()
    assert attempt(client, "A130000001", initial)[0] == 302
    for path in ("/province/status/", "/", "/national/"):
        assert client.get(path).headers.get("Location") == "/password/", path
    save = client.post("/province/status/", {}, content_type="application/json")
    assert (save.status_code, "初始密码" in save.json()["message"]) == (403, True)
    assert client.get("/healthz").status_code == 200
    answer = client.post("/password/", {"old": initial, "new": NEW, "again": NEW})
    assert answer.headers["Location"] == "/province/status/"
    assert client.get("/province/status/").status_code == 200
    assert not Account.objects.get(username="A130000001").must_change_password


def test_changing_the_password_ends_other_sessions(country: object) -> None:
    here, there = Client(), Client()
    attempt(here, "A130000001")
    attempt(there, "A130000001")
    assert here.post("/password/", {"old": PASSWORD, "new": NEW, "again": NEW}).status_code == 302
    assert here.get("/province/status/").status_code == 200
    assert there.get("/province/status/").status_code == 302


@pytest.mark.parametrize(
    ("username", "old", "new", "again", "sentence"),
    [
        ("A130000001", "wrong", NEW, NEW, "原密码不正确"),
        ("B130600000", PASSWORD, "short", "short", "至少需要 10 个字符"),
        ("A130000001", PASSWORD, "fourteen-chars", "fourteen-chars", "至少需要 15 个字符"),
        ("national", PASSWORD, "fourteen-chars", "fourteen-chars", "至少需要 15 个字符"),
        ("A130000001", PASSWORD, "password-A130000001", "password-A130000001", "不能包含账号"),
        ("B130600000", PASSWORD, "83920174650", "83920174650", "数字"),
        ("B130600000", PASSWORD, "qwertyuiop", "qwertyuiop", "常见"),
        ("A130000001", PASSWORD, PASSWORD, PASSWORD, "不能与原密码相同"),
        ("A130000001", PASSWORD, NEW, "another-password", "不一致"),
        ("A130000001", "", NEW, NEW, "请填写原密码"),
    ],
)
def test_a_bad_password_is_refused_with_a_sentence(
    username: str, old: str, new: str, again: str, sentence: str, log_in: LogIn
) -> None:
    answer = log_in(username).post("/password/", {"old": old, "new": new, "again": again})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert Account.objects.get(username=username).check_password(PASSWORD)


def test_the_32_units_are_those_of_the_notice(country: object) -> None:
    assert [unit.order for unit in UNITS] == list(range(1, 33))
    assert (UNITS[2].username, UNITS[2].name) == ("A130000001", "河北省科协")
    assert (UNITS[31].username, UNITS[31].name) == ("A660000001", "新疆生产建设兵团科协")
    assert Account.objects.filter(role=Role.PROVINCE).count() == 32
    assert create_province_accounts(actor="test", now=NOW) == []


def test_duties_are_made_by_name_and_never_look_like_an_office(country: object) -> None:
    made = create_admin(role="security", username="Yunwei1", actor="console", now=NOW)
    assert made.account.username == "yunwei1"
    assert made.account.role == Role.OPERATIONS
    assert made.account.must_change_password
    assert made.account.check_password(made.password)
    assert AuditRecord.objects.filter(stream="account:yunwei1", action="account_created", actor="console").exists()
    for role, username in (("system", "yunwei1"), ("system", "A130000009"), ("boss", "someone"), ("audit", "x")):
        with pytest.raises(ValueError, match=r"name|exists|duty"):
            create_admin(role=role, username=username, actor="console", now=NOW)


def test_initial_passwords_read_unambiguously() -> None:
    assert set("0o1il").isdisjoint(ALPHABET)
    for role in Role.values:
        assert len(random_password(role)) > min_length(role)
    assert random_password("filler") != random_password("filler")


def test_passwords_are_hashed_as_decided(country: object) -> None:
    account = Account.objects.get(username="A130000001")
    assert account.password.startswith("argon2$argon2id$v=19$m=9216,t=4,p=1$")


def test_names_have_one_spelling() -> None:
    assert canonical_username("ｂ１30600001\u3000") == "B130600001"
    assert canonical_username("National ") == "national"


@pytest.mark.parametrize("username", ["A\x00130000001", "x" * 5000, "😀", "A130000001' OR 1=1"])
def test_strange_names_are_only_wrong(username: str, country: object) -> None:
    assert attempt(Client(), username)[0] == 422


@pytest.mark.django_db
def test_the_reset_page_says_whom_to_ask() -> None:
    page = Client().get("/password-reset/")
    assert page.status_code == 200
    assert "省" in page.content.decode()


def test_the_demo_password_opens_nothing_outside_the_demo(country: object, settings: object) -> None:
    account = Account.objects.get(username="A130000001")
    account.set_password(DEMO_PASSWORD)
    account.save()
    settings.DEMO = False  # type: ignore[attr-defined]
    assert AccountBackend().authenticate(None, username="A130000001", password=DEMO_PASSWORD) is None
    settings.DEMO = True  # type: ignore[attr-defined]
    assert AccountBackend().authenticate(None, username="A130000001", password=DEMO_PASSWORD) == account
