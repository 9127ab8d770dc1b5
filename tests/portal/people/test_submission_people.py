"""提交馆内审核 updates both accounts' people from the report, and tells both numbers when one changes."""

import pytest

from guanshu.portal.models import Account, AccountHolder, AuditRecord, SmsMessage
from guanshu.portal.problems import Blocked
from guanshu.portal.queries.people import Person, moved_phones, person_of
from guanshu.portal.queries.workflow import history
from guanshu.survey.workflow.actions import Action
from guanshu.survey.workflow.states import State
from tests.cast import Cast
from tests.portal.people.conftest import LI, ZHANG, LogIn, put, sent
from tests.portal.workflow.conftest import Way

pytestmark = pytest.mark.django_db
NEW = "13611118888"


def answer(way: Way, **changed: str) -> None:
    told = {
        "filler_name": ZHANG.name,
        "filler_mobile": ZHANG.phone,
        "reviewer_name": LI.name,
        "reviewer_mobile": LI.phone,
    }
    way.type({f"{role}_cell": value for role, value in {**told, **changed}.items()})


@pytest.fixture
def known(cast: Cast) -> Cast:
    put(cast.filler, ZHANG)
    put(cast.reviewer, LI)
    return cast


def test_a_submission_updates_the_number_and_tells_both(known: Cast, way: Way) -> None:
    way.fill()
    answer(way, reviewer_mobile=NEW)
    way.do(Action.SUBMIT_IN_HOUSE)
    assert person_of(Account.objects.get(pk=known.reviewer.pk)) == Person(LI.name, NEW)
    assert sorted(number for number, _ in sent()) == sorted([LI.phone, NEW])
    assert not any(known.baoding.name[:2] in text or known.baoding.code in text for _, text in sent())
    assert moved_phones(way.report.number) == ["审核人"]
    [record] = AuditRecord.objects.filter(action="person_changed", details__source="submission")
    assert record.details["changed"] == ["phone"]
    assert NEW not in str(list(AuditRecord.objects.values()))


def test_unchanged_numbers_send_nothing_however_often(known: Cast, way: Way) -> None:
    way.fill()
    answer(way)
    way.do(Action.SUBMIT_IN_HOUSE)
    way.do(Action.RETURN_TO_FILLER)
    way.do(Action.SUBMIT_IN_HOUSE)
    assert sent() == []
    assert moved_phones(way.report.number) == []
    assert AccountHolder.objects.count() == 2


def test_a_second_submission_with_the_same_new_number_tells_nobody_again(known: Cast, way: Way) -> None:
    way.fill()
    answer(way, filler_mobile=NEW)
    way.do(Action.SUBMIT_IN_HOUSE)
    way.do(Action.RETURN_TO_FILLER)
    way.do(Action.SUBMIT_IN_HOUSE)
    assert len(sent()) == 2


def test_another_name_with_the_same_number_tells_no_number(known: Cast, way: Way) -> None:
    way.fill()
    answer(way, filler_name="王五")
    way.do(Action.SUBMIT_IN_HOUSE)
    assert person_of(Account.objects.get(pk=known.filler.pk)) == Person("王五", ZHANG.phone)
    assert (sent(), moved_phones(way.report.number)) == ([], [])
    assert "phones" not in AuditRecord.objects.get(action=Action.SUBMIT_IN_HOUSE.value).details


def test_a_blank_cell_leaves_what_is_on_record(known: Cast, way: Way) -> None:
    way.to(State.IN_REVIEW)
    assert person_of(Account.objects.get(pk=known.filler.pk)) == ZHANG
    assert sent() == []


def test_a_refused_submission_changes_nobody(known: Cast, way: Way) -> None:
    answer(way, filler_mobile=NEW)
    with pytest.raises(Blocked):
        way.do(Action.SUBMIT_IN_HOUSE)
    assert person_of(Account.objects.get(pk=known.filler.pk)) == ZHANG
    assert not SmsMessage.objects.exists()


def test_the_submit_page_says_before_which_numbers_change(known: Cast, way: Way, log_in: LogIn) -> None:
    way.fill()
    answer(way, filler_mobile=NEW, reviewer_name="王五")
    page = log_in(known.filler).get("/museum/submit/").content.decode()
    assert "138****1234 改为 <b>136****8888</b>" in page
    assert "姓名由 李四光 改为 <b>王五</b>" in page
    assert NEW not in page


def test_the_province_sees_that_a_number_changed(known: Cast, way: Way, log_in: LogIn) -> None:
    way.fill()
    answer(way, filler_mobile=NEW)
    way.do(Action.SUBMIT_IN_HOUSE)
    page = log_in(known.province).get(f"/province/review/{way.report.number}/").content.decode()
    assert "手机号已变更" in page
    assert "填报人的手机号码与上次登记的不同" in page


def test_the_record_keeps_the_name_of_the_moment(known: Cast, way: Way) -> None:
    way.to(State.AWAITING_STAMP)
    before = [(event.action, event.name) for event in history(way.report)]
    AccountHolder.objects.filter(account=known.filler).update(until=way.now)
    put(known.filler, Person("赵六", NEW), minutes=600)
    assert [(event.action, event.name) for event in history(way.report)] == before
    assert {name for _, name in before} == {ZHANG.name, LI.name}
