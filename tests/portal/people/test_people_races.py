"""Two at once: one set of passwords, one change of a number, one successor, one decision."""

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection

from guanshu.portal.domain.handing_over import replace_holder
from guanshu.portal.domain.people import set_person
from guanshu.portal.domain.phonechanges import approve_phone_change, request_phone_change
from guanshu.portal.domain.slips import SlipFile, give_slips
from guanshu.portal.models import Account, AccountHolder, PhoneChange, Role
from guanshu.portal.problems import Incomplete, WrongState
from guanshu.portal.queries.accountstate import stamp_of
from guanshu.portal.queries.people import Person, person_of
from guanshu.portal.queries.verification import verify_audit
from tests.cast import NOW, Cast, make_cast
from tests.portal.people.conftest import LI, ZHANG, put


@pytest.fixture
def racing(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Cast:
    # The document is no matter here; its time is what lets two requests meet.
    monkeypatch.setattr("guanshu.portal.domain.slips.run_outside", lambda *_: b"slips")
    made = make_cast()
    put(made.filler, ZHANG)
    return made


def at_once(*works: Callable[[], object]) -> tuple[list[Any], list[BaseException]]:
    """Run these in threads that start together; return what they gave and what they raised."""
    given: list[Any] = []
    raised: list[BaseException] = []
    gate = threading.Barrier(len(works))

    def run(work: Callable[[], object]) -> None:
        try:
            gate.wait()
            given.append(work())
        except BaseException as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return given, raised


def test_two_clicks_make_one_set_of_passwords(racing: Cast) -> None:
    account = Account.objects.select_related("museum").get(pk=racing.filler.pk)
    seen = {account.username: stamp_of(account)}

    def give() -> SlipFile:
        return give_slips(
            accounts=[account],
            seen=seen,
            again=frozenset(),
            to="王主任",
            kind="pdf",
            site="https://x/",
            actor=racing.province,
            now=NOW,
        )

    given, raised = at_once(give, give)
    assert (len(given), [type(error) for error in raised]) == (1, [WrongState])


def test_two_requests_for_one_number_leave_one_waiting(racing: Cast, settings: Any) -> None:
    settings.GUANSHU_PHONE_SECOND_PERSON = True

    def ask(phone: str) -> Callable[[], object]:
        return lambda: request_phone_change(
            account=racing.filler, actor=racing.operations, phone=phone, reason="来电", now=NOW
        )

    _, raised = at_once(ask(LI.phone), ask("13611118888"))
    assert [type(error) for error in raised] == [WrongState]
    change = PhoneChange.objects.get()
    others = [Account.objects.create(username=f"ops{n}", role=Role.OPERATIONS.value) for n in (2, 3)]
    _, raised = at_once(*(lambda who=who: approve_phone_change(change=change, actor=who, now=NOW) for who in others))
    assert [type(error) for error in raised] == [WrongState]


def test_two_successors_and_an_import_leave_one_holder_and_a_whole_trail(racing: Cast) -> None:
    def hand() -> None:
        replace_holder(
            account=racing.filler, actor=racing.province, person=LI, on=date(2023, 2, 3), reason="调整", now=NOW
        )

    def put_other() -> None:
        set_person(account=racing.filler, person=Person("王五", "13611118888"), actor="", source="import", now=NOW)

    _, raised = at_once(hand, hand, put_other)
    assert all(isinstance(error, Incomplete) for error in raised)
    assert AccountHolder.objects.filter(account=racing.filler, until=None).count() == 1
    assert person_of(Account.objects.get(pk=racing.filler.pk)).name in {LI.name, "王五"}
    assert list(verify_audit()) == []
