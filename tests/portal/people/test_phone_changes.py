"""Operations staff change numbers: a reason, a second person where set, recallable for a day, both numbers told."""

from datetime import timedelta
from typing import Any

import pytest

from guanshu.portal.domain.phonechanges import (
    approve_phone_change,
    recall_phone_change,
    refuse_phone_change,
    request_phone_change,
)
from guanshu.portal.models import Account, AuditRecord, PhoneChange, Role
from guanshu.portal.problems import Incomplete, NotYours, WrongState
from guanshu.portal.queries.people import Person, person_of
from tests.cast import NOW, Cast
from tests.portal.people.conftest import LI, ZHANG, put, sent

pytestmark = pytest.mark.django_db
NEW = "13611118888"


@pytest.fixture
def known(cast: Cast) -> Cast:
    put(cast.filler, ZHANG)
    return cast


@pytest.fixture
def second(cast: Cast, settings: Any) -> Account:
    settings.GUANSHU_PHONE_SECOND_PERSON = True
    return Account.objects.create(username="operations2", role=Role.OPERATIONS.value, must_change_password=False)


def ask(cast: Cast, *, account: Account | None = None, actor: Account | None = None, phone: str = NEW) -> PhoneChange:
    return request_phone_change(
        account=account or cast.filler, actor=actor or cast.operations, phone=phone, reason="来电，已核实", now=NOW
    )


def number(cast: Cast) -> str:
    return person_of(Account.objects.get(pk=cast.filler.pk)).phone


def test_a_change_takes_effect_at_once_and_both_numbers_are_told(known: Cast) -> None:
    change = ask(known)
    assert (change.state, change.old_shown, change.new_shown) == ("done", "138****1234", "136****8888")
    assert person_of(Account.objects.get(pk=known.filler.pk)) == Person(ZHANG.name, NEW)
    assert sorted(to for to, _ in sent()) == sorted([ZHANG.phone, NEW])
    assert not any(known.baoding.name[:2] in text for _, text in sent())


def test_neither_number_is_in_the_clear_anywhere(known: Cast) -> None:
    ask(known)
    rows = str([*PhoneChange.objects.values(), *AuditRecord.objects.values(), *Account.objects.values()])
    assert NEW not in rows
    assert ZHANG.phone not in rows


def test_a_recall_within_a_day_puts_the_old_number_back(known: Cast) -> None:
    change = ask(known)
    recall_phone_change(change=change, actor=known.operations, now=NOW + timedelta(hours=24))
    assert number(known) == ZHANG.phone
    assert len(sent()) == 4
    with pytest.raises(WrongState, match="只有已完成的"):
        recall_phone_change(change=change, actor=known.operations, now=NOW + timedelta(hours=1))


def test_a_recall_after_a_day_is_too_late(known: Cast) -> None:
    change = ask(known)
    with pytest.raises(WrongState, match="24 小时"):
        recall_phone_change(change=change, actor=known.operations, now=NOW + timedelta(hours=24, seconds=1))
    assert number(known) == NEW


def test_a_number_that_changed_since_is_not_recalled(known: Cast) -> None:
    change = ask(known)
    put(known.filler, Person(ZHANG.name, "13500001111"), minutes=5)
    with pytest.raises(WrongState, match="号码又变过"):
        recall_phone_change(change=change, actor=known.operations, now=NOW + timedelta(hours=1))
    assert number(known) == "13500001111"


def test_a_second_person_must_approve_and_never_the_same(known: Cast, second: Account) -> None:
    change = ask(known)
    assert (change.state, number(known), sent()) == ("waiting", ZHANG.phone, [])
    for decide in (approve_phone_change, lambda **given: refuse_phone_change(answer="否", **given)):
        with pytest.raises(NotYours, match="另一位"):
            decide(change=change, actor=known.operations, now=NOW)
    approve_phone_change(change=change, actor=second, now=NOW)
    assert number(known) == NEW
    assert PhoneChange.objects.get().decided_by == "operations2"
    with pytest.raises(WrongState, match="已经处理过"):
        approve_phone_change(change=change, actor=second, now=NOW)


def test_a_refused_change_leaves_the_number(known: Cast, second: Account) -> None:
    change = ask(known)
    refuse_phone_change(change=change, actor=second, answer="身份未核实", now=NOW)
    assert (PhoneChange.objects.get().state, number(known), sent()) == ("refused", ZHANG.phone, [])


def test_one_change_waits_at_a_time_and_is_worthless_once_the_number_changed(known: Cast, second: Account) -> None:
    change = ask(known)
    with pytest.raises(WrongState, match="等待批准"):
        ask(known, phone="13500001111")
    put(known.filler, LI, minutes=1)
    with pytest.raises(WrongState, match="号码已经变过"):
        approve_phone_change(change=change, actor=second, now=NOW)
    assert number(known) == LI.phone


def test_only_operations_change_numbers_and_only_of_offices(known: Cast) -> None:
    for actor in (known.province, known.system, known.auditor, known.filler):
        with pytest.raises(NotYours):
            ask(known, actor=actor)
    for account in (known.system, known.auditor, known.operations):
        with pytest.raises(NotYours, match="全国级"):
            ask(known, account=account)
    assert ask(known, account=known.province).state == "done"
    with pytest.raises(Incomplete, match="相同"):
        ask(known, phone=ZHANG.phone)
