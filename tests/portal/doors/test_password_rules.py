"""The rules for passwords: length, script, the blocklist, names everybody knows, the 等保 profile."""

import unicodedata
from datetime import timedelta

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.utils import timezone

from guanshu.portal.deployment import password_profile
from guanshu.portal.domain.passwordrules import blocklist, min_length, rules_for
from guanshu.portal.domain.passwords import change_password
from guanshu.portal.domain.people import set_person
from guanshu.portal.models import Account, Role, UsedPassword
from guanshu.portal.queries.people import Person
from tests.portal.doors.conftest import Enter
from tests.portal.web.country import NOW, PASSWORD, LogIn

pytestmark = pytest.mark.django_db


def refusal(password: str, account: Account | None = None) -> str:
    try:
        validate_password(password, account or Account(username="x-y", role=Role.FILLER.value))
    except ValidationError as error:
        return str(error.messages[0])
    return ""


def test_administrators_need_fifteen_characters() -> None:
    offices = {Role.FILLER.value, Role.REVIEWER.value, Role.CITY_VIEWER.value}
    assert {role: min_length(role) for role in Role.values} == {
        role: 10 if role in offices else 15 for role in Role.values
    }


@pytest.mark.parametrize(
    "password",
    [
        "春天里有一百零三朵玉兰",
        "täglich Brötchen",
        "пароль вечером",
        "🐼🐼 eats bamboo",
        "  spaced  out  ",
        "w9!kz Rq-27",
        "琵" * 3 + "k2v8 m" * 40,
    ],
)
def test_any_script_and_spaces_may_be_used(password: str) -> None:
    assert refusal(password) == ""


def test_length_is_counted_as_people_see_it_and_nothing_is_cut() -> None:
    assert "现在是 9 个" in refusal(unicodedata.normalize("NFD", "éééköln-x"))
    assert refusal("x7 kettle " * 25) == ""
    assert "最多 256" in refusal("x7 kettle " * 26)


def test_a_long_password_is_checked_to_its_last_character(enter: Enter) -> None:
    account = Account.objects.get(username="B130600000")
    long = "seven brown kettles 7 " * 11
    change_password(account=account, password=long, now=timezone.now())
    assert account.check_password(long)
    assert not account.check_password(long[:-1])
    enter("B130600000", long)


def test_the_blocklist_has_thousands_of_legal_length() -> None:
    assert sum(len(word) >= 10 for word in blocklist()) == len(blocklist()) >= 3000


@pytest.mark.parametrize(
    "password",
    [
        "qwertyuiop", "QWERTYUIOP", "1qaz2wsx3edc", "ｑｗｅｒｔｙｕｉｏｐ", "p@ssw0rd1234", "P@$$w0rd2023!!",
        "woaini5201314",
        "woaizhongguo2022", "aaaaaaaaaaaa", "abcabcabcabc", "admin12345678", "hebei123456789", "tianxia888666",
        "iloveyou!!2023", "asdfghjkl123", "zxcvbnmzxcvbnm", "1234567890a", "monkey2023!!",
    ],
)  # fmt: skip
def test_common_passwords_and_their_disguises_are_refused(password: str) -> None:
    assert "常见" in refusal(password) or "容易猜到" in refusal(password)


@pytest.mark.parametrize("password", ["13800138000", "20230204202302", "110108199001011234"])
def test_numbers_alone_are_refused(password: str) -> None:
    assert "全是数字" in refusal(password)


def test_names_that_everybody_knows_are_refused(country: object) -> None:
    account = Account.objects.get(username="B130600000")
    set_person(account=account, person=Person("张三丰", "13812345678"), actor="", source="test", now=NOW)
    account = Account.objects.select_related("museum__province").get(pk=account.pk)
    for password, word in (
        ("Kejiguan-2023!!", "容易猜到"),
        ("kej1guan@hebei", "容易猜到"),
        ("保定市科技馆2023!!", "容易猜到"),
        ("张三丰的科技馆2023", "容易猜到"),
        ("guanshu-guanshu-7", "容易猜到"),
        ("xx-13812345678", "手机号"),
        ("xx-12345678-xx", "手机号"),
        ("my-130600000-pw", "账号"),
        ("MY-b130600000", "账号"),
    ):
        assert word in refusal(password, account), password
    assert refusal("科技馆门前玉兰开了三朵半", account) == ""


def test_the_page_lists_the_rules_that_are_applied(log_in: LogIn, settings: object) -> None:
    page = log_in("A130000001").get("/password/").content.decode()
    assert "15 至 256 个字符" in page
    assert all(rule in page for rule in rules_for(Account.objects.get(username="A130000001")))
    settings.GUANSHU_PASSWORD_PROFILE = "dengbao"  # type: ignore[attr-defined]
    assert "至少有其中三种" in log_in("B130600000").get("/password/").content.decode()


def test_the_profile_asks_for_three_kinds_and_none_of_the_last_five(country: object, settings: object) -> None:
    settings.GUANSHU_PASSWORD_PROFILE = "dengbao"  # type: ignore[attr-defined]
    account = Account.objects.get(username="B130600000")
    assert "三种" in refusal("seven kettles", account)
    words = ["Kettle", "Window", "Orchid", "Marble", "Pencil", "Saddle", "Timber"]
    used = [f"{word} brown 7" for word in words]
    for password in used:
        assert refusal(password, account) == "", password
        change_password(account=account, password=password, now=timezone.now())
    assert UsedPassword.objects.filter(account=account).count() == 5
    assert ["最近 5 次" in refusal(password, account) for password in used] == [False, *[True] * 6]


def test_without_the_profile_no_old_hash_is_kept(country: object) -> None:
    account = Account.objects.get(username="B130600000")
    change_password(account=account, password="Kettle brown 7", now=timezone.now())
    assert not UsedPassword.objects.exists()


def test_an_old_password_opens_one_page_only_under_the_profile(enter: Enter, settings: object) -> None:
    client = enter("B130600000")
    Account.objects.update(password_at=timezone.now() - timedelta(days=91))
    assert client.get("/museum/").status_code == 200
    settings.GUANSHU_PASSWORD_PROFILE = "dengbao"  # type: ignore[attr-defined]
    assert client.get("/museum/").headers["Location"] == "/password/"
    assert "更换期限" in client.get("/password/").content.decode()
    new = "Seven kettles 7"
    assert client.post("/password/", {"old": PASSWORD, "new": new, "again": new}).status_code == 302
    assert client.get("/museum/").status_code == 200


def test_settings_of_the_profile_are_checked() -> None:
    assert password_profile({}) == ("", 90)
    assert password_profile({"GUANSHU_PASSWORD_PROFILE": "dengbao", "GUANSHU_PASSWORD_DAYS": "30"}) == ("dengbao", 30)
    for wrong in ({"GUANSHU_PASSWORD_PROFILE": "x"}, {"GUANSHU_PASSWORD_DAYS": "0"}, {"GUANSHU_PASSWORD_DAYS": "x"}):
        with pytest.raises(ImproperlyConfigured):
            password_profile(wrong)
