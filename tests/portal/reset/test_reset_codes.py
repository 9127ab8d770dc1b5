"""Codes: five minutes, five tries, one use, the newest only, in the session that asked; and to whose phone they go."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from guanshu.portal import crypto
from guanshu.portal.domain.campaigns import open_campaign
from guanshu.portal.domain.resetting import Asked, ask_code, ledger, use_code
from guanshu.portal.domain.resetting.ledger import sweep_requests
from guanshu.portal.domain.resetting.limits import VALID
from guanshu.portal.models import Account, AuditRecord, CodeState, Report, ResetCode, SmsMessage
from guanshu.portal.problems import WrongCode
from guanshu.portal.queries.forms import form
from guanshu.portal.queries.resetphones import reset_phone
from guanshu.portal.sms import SmsTimeout, deliver_waiting
from guanshu.portal.sms.texts import templates
from tests.cast import NOW, Cast, calendar
from tests.portal.conftest import save_as
from tests.portal.reset.conftest import NEW, PHONE, Gateway, give, last_code

pytestmark = pytest.mark.django_db
NEWER = "an-even-newer-password"


def ask(account: Account, session: str = "mine", now: datetime = NOW) -> Asked:
    return ask_code(username=account.username, session=session, address="192.0.2.1", now=now)


def use(account: Account, code: str, session: str = "mine", now: datetime = NOW, password: str = NEW) -> None:
    use_code(username=account.username, session=session, code=code, password=password, now=now)


def refusal(*given: Any, **more: Any) -> str:
    with pytest.raises(WrongCode) as refused:
        use(*given, **more)
    return refused.value.message


def later(**time: int) -> datetime:
    return NOW + timedelta(**time)


def test_a_code_is_valid_for_five_minutes(filler: Account, gateway: type[Gateway]) -> None:
    ask(filler)
    assert "已过期" in refusal(filler, last_code(gateway), now=NOW + VALID)
    use(filler, last_code(gateway), now=NOW + VALID - timedelta(seconds=1))
    assert f"{VALID.seconds // 60}分钟内有效" in templates()["reset_code"]


def test_a_code_is_used_once(filler: Account, gateway: type[Gateway]) -> None:
    ask(filler)
    use(filler, last_code(gateway))
    refusal(filler, last_code(gateway), password=NEWER)
    assert Account.objects.get(pk=filler.pk).check_password(NEW)


def test_five_wrong_codes_end_it(filler: Account, gateway: type[Gateway]) -> None:
    ask(filler)
    right = last_code(gateway)
    wrong = "000001" if right == "000000" else "000000"
    said = [refusal(filler, wrong) for _ in range(5)]
    assert ["还可以再试 4 次" in said[0], "还可以再试 1 次" in said[3], "不能再用" in said[4]] == [True] * 3
    assert "不能再用" in refusal(filler, right)
    ask(filler, now=later(seconds=61))
    use(filler, last_code(gateway), now=later(seconds=62))


def test_only_the_session_that_asked_may_use_it(filler: Account, gateway: type[Gateway]) -> None:
    ask(filler)
    assert "请先点击" in refusal(filler, last_code(gateway), session="another")
    assert "请先点击" in refusal(filler, last_code(gateway), session="")


def test_a_code_of_one_account_is_none_of_another(cast: Cast, filler: Account, gateway: type[Gateway]) -> None:
    give(cast.reviewer)
    ask(filler)
    assert "请先点击" in refusal(cast.reviewer, last_code(gateway))


@pytest.mark.parametrize("session", ["mine", "another"])
def test_only_the_newest_is_valid(session: str, filler: Account, gateway: type[Gateway]) -> None:
    ask(filler)
    first = last_code(gateway)
    ask(filler, session, now=later(seconds=61))
    refusal(filler, first, now=later(seconds=62))
    use(filler, last_code(gateway), session, now=later(seconds=63))


def test_a_request_that_sends_nothing_spoils_no_code(filler: Account, gateway: type[Gateway]) -> None:
    ask(filler)
    for session in ("mine", "another"):
        assert ask(filler, session, now=later(seconds=5)) is Asked.SENT
    assert len(gateway.sent) == 1
    use(filler, last_code(gateway), now=later(seconds=6))


def test_a_code_that_came_late_can_be_used(
    filler: Account, gateway: type[Gateway], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger.secrets, "choice", lambda _digits: "7")
    gateway.trouble.append(SmsTimeout())
    assert ask(filler) is Asked.UNAVAILABLE
    assert ResetCode.objects.get().state == CodeState.UNSURE.value
    use(filler, "777777")


def test_a_changed_number_ends_the_codes_of_the_old_one(filler: Account, gateway: type[Gateway]) -> None:
    ask(filler)
    give(filler, "13900000000")
    refusal(filler, last_code(gateway))


def test_a_closed_account_gets_no_new_password(filler: Account, gateway: type[Gateway]) -> None:
    ask(filler)
    Account.objects.filter(pk=filler.pk).update(is_active=False)
    refusal(filler, last_code(gateway))


def test_a_code_is_kept_as_a_keyed_mark_of_its_row(filler: Account, gateway: type[Gateway], settings: Any) -> None:
    ask(filler)
    row, code = ResetCode.objects.get(), last_code(gateway)
    assert crypto.same_code(code, row.code, row=str(row.pk))
    assert not crypto.same_code(code, row.code, row="another")
    settings.GUANSHU_DATA_KEYS = ("A" * 44, *settings.GUANSHU_DATA_KEYS)
    assert crypto.same_code(code, row.code, row=str(row.pk))
    settings.GUANSHU_DATA_KEYS = ("A" * 44,)
    assert not crypto.same_code(code, row.code, row=str(row.pk))


def test_a_code_is_never_sent_again_by_a_tick(filler: Account, gateway: type[Gateway]) -> None:
    ask(filler)
    # What a process leaves behind that was killed before it could say what became of the message.
    SmsMessage.objects.update(state="waiting", next_at=NOW)
    gateway.sent.clear()
    deliver_waiting(now=later(minutes=4))
    assert (gateway.sent, SmsMessage.objects.get().state) == ([], "waiting")
    deliver_waiting(now=later(minutes=5))
    assert (gateway.sent, SmsMessage.objects.get().receipt) == ([], "interrupted")


def test_old_requests_are_removed(filler: Account, gateway: type[Gateway]) -> None:
    ask(filler)
    assert sweep_requests(later(days=1)) == 0
    assert sweep_requests(later(days=3)) == 1


def with_last_year(cast: Cast, number: str, year: int = 2021) -> Report:
    campaign = open_campaign(year=year, questionnaire=cast.form, calendar=calendar(year), now=NOW)
    report = Report.objects.get(museum=cast.baoding, campaign=campaign)
    save_as(cast.filler, report, {"filler_cell": ("", number)})
    type(campaign).objects.filter(pk=campaign.pk).update(closed=True)
    return report


def test_without_a_person_last_years_number_serves(cast: Cast, gateway: type[Gateway]) -> None:
    with_last_year(cast, PHONE)
    assert (reset_phone(cast.filler), reset_phone(cast.reviewer), reset_phone(cast.province)) == (PHONE, "", "")
    ask(cast.filler)
    assert [each.to for each in gateway.sent] == [PHONE]


def test_a_form_is_compiled_whoever_is_asked_about(cast: Cast, gateway: type[Gateway]) -> None:
    # It takes a second in a new process: the first to be asked about would be told apart by it.
    with_last_year(cast, PHONE)
    for username in ("B999999999", cast.province.username, cast.filler.username):
        form.cache_clear()
        ask_code(username=username, session="mine", address="192.0.2.1", now=NOW)
        assert form.cache_info().currsize == 1, username


def test_this_years_entry_does_not_serve_before_it_is_submitted(cast: Cast, gateway: type[Gateway]) -> None:
    save_as(cast.filler, cast.report(), {"filler_cell": ("", PHONE), "reviewer_cell": ("", PHONE)})
    assert (reset_phone(cast.filler), reset_phone(cast.reviewer)) == ("", "")
    ask(cast.reviewer)
    assert gateway.sent == []


def test_nor_does_a_number_of_the_year_before_the_last(cast: Cast) -> None:
    with_last_year(cast, PHONE, year=2020)
    assert reset_phone(cast.filler) == ""


def test_the_number_on_record_comes_before_last_years(cast: Cast) -> None:
    with_last_year(cast, "13700000000")
    give(cast.filler)
    assert reset_phone(cast.filler) == PHONE


def test_the_trail_holds_no_code(filler: Account, gateway: type[Gateway]) -> None:
    ask(filler)
    use(filler, last_code(gateway))
    assert last_code(gateway) not in str(list(AuditRecord.objects.values("details", "object", "actor")))
