"""`guanshu reset-factor`, and `create-admin` with the person who holds the duty."""

import pytest

from guanshu.__main__ import main
from guanshu.portal.models import Account, AuditRecord, SecondFactor
from guanshu.portal.queries.people import person_of
from tests.portal.doors.conftest import give_factor

pytestmark = pytest.mark.django_db


def test_a_lost_factor_is_reset_on_the_server(country: object, capsys: pytest.CaptureFixture[str]) -> None:
    give_factor("national")
    assert main(["reset-factor", "National"]) == 0
    assert not SecondFactor.objects.exists()
    assert AuditRecord.objects.get(stream="account:national", action="factor_reset").actor == ""
    assert main(["reset-factor", "national"]) == 2
    assert main(["reset-factor", "nobody"]) == 2
    assert "没有账号 nobody" in capsys.readouterr().err


def test_the_command_knows_who_holds_a_duty(country: object, capsys: pytest.CaptureFixture[str]) -> None:
    holder = ["--name", "张三丰", "--phone", "13800001234"]
    assert main(["create-admin", "--role", "system", "--username", "chief", *holder]) == 0
    assert person_of(Account.objects.get(username="chief")).name == "张三丰"
    assert main(["create-admin", "--role", "audit", "--username", "eyes", *holder]) == 2
    assert "不得由一人兼任" in capsys.readouterr().err
    assert not Account.objects.filter(username="eyes").exists()
    assert main(["create-admin", "--role", "audit", "--username", "eyes", "--name", "李四", "--phone", "12"]) == 2
    with pytest.raises(SystemExit):
        main(["create-admin", "--role", "audit", "--username", "eyes", "--name", "李四"])
    assert not Account.objects.filter(username="eyes").exists()
