"""The second factor: who needs one, setting it up, the second step of logging in, losing it."""

import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from guanshu.portal.domain.factors import check_factor, fits, remove_factor
from guanshu.portal.models import Account, AuditRecord, RecoveryCode, Role, SecondFactor
from tests.portal.doors.conftest import Enter, Time, code_at, give_factor
from tests.portal.web.country import PASSWORD, LogIn

pytestmark = pytest.mark.django_db
BOTH = {"username": "national", "password": PASSWORD}


@pytest.fixture
def required(settings: object) -> None:
    """Require the second factor, as outside the demo."""
    settings.GUANSHU_SECOND_FACTOR = True  # type: ignore[attr-defined]


def half(username: str = "national") -> Client:
    client = Client()
    answer = client.post("/login/", {"username": username, "password": PASSWORD})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/login/code/")
    return client


def now_code(secret: str) -> str:
    return code_at(secret, timezone.now())


def secret_on(page: str) -> str:
    return "".join(re.findall(r"<span>([A-Z2-7]{4})</span>", page))


def set_up(client: Client) -> tuple[str, list[str]]:
    """Set up an authenticator on the pages; return its secret and the recovery codes shown."""
    answer = client.post("/second-factor/set/", {"password": PASSWORD})
    assert answer.headers["Location"] == "/second-factor/?set=1"
    page = client.get("/second-factor/?set=1").content.decode()
    secret = secret_on(page)
    assert len(secret) == 32
    assert "data:image/svg" in page
    done = client.post("/second-factor/set/", {"first": now_code(secret)}).content.decode()
    return secret, re.findall(r"<li>([a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4})</li>", done)


def test_the_algorithm_is_the_one_of_rfc_6238() -> None:
    import base64
    from datetime import UTC, datetime

    secret = base64.b32encode(b"12345678901234567890").decode()
    for moment, code in ((59, "287082"), (1111111109, "081804"), (2000000000, "279037"), (20000000000, "353130")):
        at = datetime.fromtimestamp(moment, UTC)
        assert fits(secret, code, at) == moment // 30
        assert fits(secret, f"{code[:3]} {code[3:]}", at + timedelta(seconds=30))
        assert not fits(secret, code, at + timedelta(seconds=90))
        assert not fits(secret, code, at, after=moment // 30)
    assert not any(fits(secret, wrong, at) for wrong in ("", "12345", "abcdef", "１２３４５６", "0" * 500))


@pytest.mark.parametrize(
    ("username", "needed"),
    [("national", True), ("auditor", True), ("operations", True), ("viewer", True), ("free", True),
     ("A130000001", False), ("B130600000", False), ("C130600000", False)],
)  # fmt: skip
def test_who_must_have_one(username: str, needed: bool, required: None, log_in: LogIn, settings: object) -> None:
    client = log_in(username)
    assert (client.get("/").headers.get("Location") == "/second-factor/") is needed
    assert client.get("/second-factor/").status_code == 200
    settings.GUANSHU_PROVINCE_SECOND_FACTOR = True  # type: ignore[attr-defined]
    if username == "A130000001":
        assert client.get("/province/status/").headers["Location"] == "/second-factor/"


def test_the_demo_asks_nobody(log_in: LogIn) -> None:
    assert log_in("national").get("/national/").status_code == 200


def test_programs_are_told_too(required: None, log_in: LogIn) -> None:
    answer = log_in("national").post("/national/lists/", {}, content_type="application/json")
    assert (answer.status_code, "身份验证器" in answer.json()["message"]) == (403, True)


def test_setting_up_and_the_second_step(required: None, enter: Enter, time: Time) -> None:
    client = enter("national")
    assert client.get("/national/").headers["Location"] == "/second-factor/"
    secret, codes = set_up(client)
    assert len(set(codes)) == 10
    assert client.get("/national/").status_code == 200
    time.pass_(seconds=60)
    second = half()
    assert second.get("/national/").status_code == 302
    assert "还差一步" in second.get("/login/code/").content.decode()
    answer = second.post("/login/code/", {"code": code_at(secret, time())})
    assert answer.headers["Location"] == "/national/"
    assert second.get("/national/").status_code == 200
    assert AuditRecord.objects.filter(stream="account:national", action="factor_set").count() == 1
    kept = str(SecondFactor.objects.values().get()) + str(list(RecoveryCode.objects.values()))
    assert secret not in kept
    assert not any(code in kept or code.replace("-", "") in kept for code in codes)


def test_setting_up_needs_the_password_and_a_fitting_code(log_in: LogIn) -> None:
    client = log_in("national")
    assert client.post("/second-factor/set/", {"password": "wrong"}).status_code == 422
    assert "data:image/svg" not in client.get("/second-factor/?set=1").content.decode()
    assert client.post("/second-factor/set/", {"first": "123456"}).headers["Location"] == "/second-factor/"
    client.post("/second-factor/set/", {"password": PASSWORD})
    client.get("/second-factor/?set=1")
    answer = client.post("/second-factor/set/", {"first": "000000"})
    assert answer.status_code == 422
    assert not SecondFactor.objects.exists()


def test_the_secret_waits_encrypted_in_the_session(log_in: LogIn) -> None:
    client = log_in("national")
    client.post("/second-factor/set/", {"password": PASSWORD})
    secret = secret_on(client.get("/second-factor/?set=1").content.decode())
    assert secret == secret_on(client.get("/second-factor/?set=1").content.decode())
    assert secret not in json.dumps(dict(client.session))


def test_a_code_opens_once(country: object) -> None:
    secret, _ = give_factor("national")
    code = now_code(secret)
    assert half().post("/login/code/", {"code": code}).status_code == 302
    answer = half().post("/login/code/", {"code": code})
    assert answer.status_code == 422
    assert "已经用过" in answer.content.decode()


def test_a_recovery_code_opens_once_however_it_is_typed(country: object) -> None:
    _, codes = give_factor("national")
    assert half().post("/login/code/", {"code": codes[0].upper().replace("-", " ")}).status_code == 302
    assert half().post("/login/code/", {"code": codes[0]}).status_code == 422
    assert half().post("/login/code/", {"code": codes[1]}).status_code == 302
    assert AuditRecord.objects.filter(action="recovery_code_used").count() == 2


def test_half_a_log_in_lasts_five_minutes_and_five_tries(country: object, time: Time) -> None:
    secret, _ = give_factor("national")
    late = half()
    time.pass_(minutes=5, seconds=1)
    assert late.post("/login/code/", {"code": code_at(secret, time())}).headers["Location"] == "/login/"
    client = half()
    statuses = [client.post("/login/code/", {"code": "000000"}).status_code for _ in range(5)]
    assert statuses == [422, 422, 422, 422, 302]
    assert client.get("/login/code/").headers["Location"] == "/login/"
    # Beginning again gives no more tries: they are counted for the account.
    again = half()
    assert again.post("/login/code/", {"code": code_at(secret, time())}).status_code == 429
    time.pass_(minutes=16)
    assert half().post("/login/code/", {"code": code_at(secret, time())}).status_code == 302


def test_half_a_log_in_ends_with_the_password_or_the_account(country: object) -> None:
    secret, _ = give_factor("national")
    client = half()
    account = Account.objects.get(username="national")
    account.set_password("something else altogether")
    account.save()
    assert client.post("/login/code/", {"code": now_code(secret)}).headers["Location"] == "/login/"


def test_nobody_reaches_the_code_without_a_password(country: object) -> None:
    give_factor("national")
    client = Client()
    assert client.get("/login/code/").headers["Location"] == "/login/"
    assert client.post("/login/code/", {"code": "123456"}).headers["Location"] == "/login/"


@pytest.mark.parametrize("code", ["", "\x00", "9" * 500, "😀", "１２３４５６"])
def test_strange_codes_are_only_wrong(code: str, country: object) -> None:
    give_factor("national")
    assert half().post("/login/code/", {"code": code}).status_code == 422


def test_asking_again_asks_for_the_code_too(country: object, time: Time) -> None:
    secret, _ = give_factor("national")
    client = half()
    client.post("/login/code/", {"code": code_at(secret, time())})
    page = client.get("/national/data/export/?year=2022").content.decode()
    assert 'name="code"' in page
    ask = {"password": PASSWORD}
    assert client.post("/national/data/export/?year=2022", ask).status_code == 422
    assert client.post("/national/data/export/?year=2022", {**ask, "code": "000000"}).status_code == 422
    time.pass_(seconds=31)
    answer = client.post("/national/data/export/?year=2022", {**ask, "code": code_at(secret, time())})
    assert answer.status_code == 200


def test_new_codes_and_taking_it_away(country: object, time: Time) -> None:
    secret, old = give_factor("national")
    client = half()
    client.post("/login/code/", {"code": code_at(secret, time())})
    assert client.post("/second-factor/remove/", {"password": PASSWORD}).status_code == 422
    time.pass_(seconds=31)
    made = client.post("/second-factor/codes/", {"password": PASSWORD, "code": code_at(secret, time())})
    assert "新的恢复码" in made.content.decode()
    assert half().post("/login/code/", {"code": old[0]}).status_code == 422
    assert client.post("/second-factor/remove/").headers["Location"] == "/second-factor/"
    assert not SecondFactor.objects.exists()
    assert AuditRecord.objects.filter(action="factor_removed").exists()


def test_replacing_keeps_the_old_one_until_the_new_one_fits(country: object, time: Time) -> None:
    secret, _ = give_factor("national")
    client = half()
    client.post("/login/code/", {"code": code_at(secret, time())})
    time.pass_(seconds=31)
    client.post("/second-factor/set/", {"password": PASSWORD, "code": code_at(secret, time())})
    client.get("/second-factor/?set=1")
    assert client.post("/second-factor/set/", {"first": "000000"}).status_code == 422
    time.pass_(seconds=31)
    account = Account.objects.get(username="national")
    assert check_factor(account=account, code=code_at(secret, time()), now=time())
    new = secret_on(client.get("/second-factor/?set=1").content.decode())
    client.post("/second-factor/set/", {"first": code_at(new, time())})
    time.pass_(seconds=31)
    assert not check_factor(account=account, code=code_at(secret, time()), now=time())
    assert check_factor(account=account, code=code_at(new, time()), now=time())


def test_a_reset_by_another_ends_the_sessions(enter: Enter) -> None:
    give_factor("viewer")
    account = Account.objects.get(username="viewer")
    assert remove_factor(account=account, actor="national", now=timezone.now())
    assert not remove_factor(account=account, actor="national", now=timezone.now())
    record = AuditRecord.objects.get(stream="account:viewer", action="factor_reset")
    assert record.actor == "national"
    assert account.role == Role.NATIONAL_VIEWER
