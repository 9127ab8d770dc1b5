"""信息更正申请: the museum asks, the province gives its opinion, the nation decides, the register changes."""

from collections.abc import Callable

import pytest

from guanshu.portal.domain.offices.correcting import (
    approve_correction,
    ask_correction,
    give_opinion,
    refuse_correction,
    withdraw_correction,
)
from guanshu.portal.domain.offices.register import Change, change_register
from guanshu.portal.models import AuditRecord, Correction, FreeStatus, Museum, RegisterField, ReportFact
from guanshu.portal.problems import Incomplete, InvalidForm, NotYours, WrongState
from guanshu.portal.queries.registerchange import consequences, register_history, value_of
from guanshu.portal.queries.requests import actions_for, badges, request_history
from guanshu.survey.workflow.requests import RequestAction, RequestState
from guanshu.survey.workflow.states import State
from tests.cast import NOW, Cast
from tests.portal.offices.conftest import ask, forwarded, pdf, second_system
from tests.portal.workflow.conftest import Way

pytestmark = pytest.mark.django_db
NEW = {"name": "保定科学中心", "level": "city", "province": "110000", "city": "保定市", "free": ""}


def approve(asked: Correction, cast: Cast) -> Correction:
    return approve_correction(correction=asked, actor=cast.system, now=NOW)


@pytest.mark.parametrize("what", RegisterField.values)
def test_an_entry_goes_the_whole_way_and_the_register_is_changed(cast: Cast, what: str) -> None:
    asked = ask(cast, what, NEW[what] or "0")
    assert (asked.number, asked.province) == ("2022-130600001-G1", cast.hebei)
    assert (asked.old, asked.new) == (value_of(cast.baoding, what), NEW[what])
    give_opinion(correction=asked, actor=cast.province, action=RequestAction.FORWARD, opinion="", now=NOW)
    approve(asked, cast)
    museum = Museum.objects.select_related("province").get(pk=cast.baoding.pk)
    assert value_of(museum, what) == NEW[what]
    assert (museum.code, museum.accounts.get(role="filler").username) == ("130600001", "B130600001")
    others = [each for each in RegisterField.values if each != what]
    assert [value_of(museum, each) for each in others] == [value_of(cast.baoding, each) for each in others]
    assert [event.action for event in request_history(asked)] == ["同意", "同意转报", "提交申请"]
    assert register_history(museum)[0].about.endswith(f"按申请 {asked.number}")


def test_free_status_changes_for_the_running_year_only(cast: Cast) -> None:
    FreeStatus.objects.create(museum=cast.baoding, year=2021)
    approve(forwarded(cast, "free", "0"), cast)
    assert list(FreeStatus.objects.filter(museum=cast.baoding).values_list("year", flat=True)) == [2021]


def test_facts_of_the_running_year_follow_and_the_submitted_version_does_not(cast: Cast) -> None:
    report = Way(cast).to(State.SUBMITTED).report
    before = report.versions.get().content_hash
    for what in ("province", "level", "city", "free"):
        change = Change(what, NEW[what])
        change_register(museum=cast.baoding, change=change, actor=cast.system, reason="核实", now=NOW)
    fact = ReportFact.objects.get(report=report)
    assert (fact.province, fact.level, fact.city, fact.free) == (cast.beijing, "city", "保定市", False)
    assert report.versions.get().content_hash == before
    assert cast.report().state == State.SUBMITTED.value


def test_the_page_says_what_a_free_status_means_for_a_submitted_report(cast: Cast) -> None:
    before = consequences(cast.baoding, "free", "")
    assert not any("退回" in sentence for sentence in before)
    Way(cast).to(State.SUBMITTED)
    after = consequences(cast.baoding, "free", "")
    assert any("省级科协把报表退回" in sentence for sentence in after)
    assert any("不会代为修改" in sentence for sentence in consequences(cast.baoding, "name", "x"))


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({}, "what"),
        ({"what": "code", "reason": "r"}, "what"),
        ({"what": "name", "new_name": "", "reason": "r"}, "new_name"),
        ({"what": "name", "new_name": "馆" * 101, "reason": "r"}, "new_name"),
        ({"what": "name", "new_name": "保定市科技馆", "reason": "r"}, "new_name"),
        ({"what": "level", "new_level": "galaxy", "reason": "r"}, "new_level"),
        ({"what": "province", "new_province": "999999", "reason": "r"}, "new_province"),
        ({"what": "free", "new_free": "1", "reason": "r"}, "new_free"),
        ({"what": "city", "new_city": "\x00", "reason": "r"}, "new_city"),
        ({"what": "name", "new_name": "新名", "reason": " "}, "reason"),
        ({"what": "name", "new_name": "新名", "reason": "长" * 501}, "reason"),
    ],
)
def test_what_cannot_be_asked_is_named(cast: Cast, typed: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidForm) as caught:
        ask_correction(actor=cast.filler, campaign=cast.campaign, typed=typed, upload=pdf(), now=NOW)
    assert field in caught.value.problems
    assert not Correction.objects.exists()


def test_evidence_is_asked_for(cast: Cast) -> None:
    typed = {"what": "name", "new_name": "新名", "reason": "更名"}
    with pytest.raises(InvalidForm) as caught:
        ask_correction(actor=cast.filler, campaign=cast.campaign, typed=typed, upload=None, now=NOW)
    assert list(caught.value.problems) == ["file"]


def test_one_entry_is_asked_for_once_at_a_time(cast: Cast) -> None:
    first = ask(cast, "name", "甲科技馆")
    with pytest.raises(InvalidForm) as caught:
        ask(cast, "name", "乙科技馆")
    assert first.number in caught.value.problems["what"]
    ask(cast, "city", "保定市")
    withdraw_correction(correction=first, actor=cast.filler, now=NOW)
    assert ask(cast, "name", "乙科技馆").number.endswith("-G3")


@pytest.mark.parametrize("who", ["reviewer", "province", "city", "system", "viewer"])
def test_only_the_filler_asks(cast: Cast, who: str) -> None:
    with pytest.raises(NotYours):
        ask(cast, "name", "新名", actor=getattr(cast, who))


@pytest.mark.parametrize("who", ["filler", "reviewer", "other_province", "system", "viewer", "city"])
def test_only_its_province_gives_an_opinion(cast: Cast, who: str) -> None:
    asked = ask(cast, "name", "新名")
    for action in (RequestAction.FORWARD, RequestAction.SEND_BACK):
        with pytest.raises(NotYours):
            give_opinion(correction=asked, actor=getattr(cast, who), action=action, opinion="r", now=NOW)


@pytest.mark.parametrize("who", ["filler", "province", "viewer", "operations", "free_reviewer"])
def test_only_the_system_administrator_decides_on_a_correction(cast: Cast, who: str) -> None:
    asked = forwarded(cast, "name", "新名")
    for decide in (approve_correction, refuse_correction):
        with pytest.raises(NotYours):
            _decide(decide, asked, cast, who)


def _decide(decide: Callable[..., Correction], asked: Correction, cast: Cast, who: str) -> None:
    decide(correction=asked, actor=getattr(cast, who), reason="r", now=NOW)


def test_the_nation_waits_for_the_province(cast: Cast) -> None:
    asked = ask(cast, "name", "新名")
    with pytest.raises(WrongState, match="待省级意见"):
        approve(asked, cast)
    assert badges(cast.province)["province:corrections"] == 1
    assert badges(cast.system)["national:corrections"] == 0


def test_what_is_sent_back_has_a_reason_and_is_over(cast: Cast) -> None:
    asked = ask(cast, "name", "新名")
    send_back = RequestAction.SEND_BACK
    with pytest.raises(Incomplete):
        give_opinion(correction=asked, actor=cast.province, action=send_back, opinion="", now=NOW)
    done = give_opinion(correction=asked, actor=cast.province, action=send_back, opinion="没有批复", now=NOW)
    assert (done.state, done.opinion) == (RequestState.RETURNED.value, "没有批复")
    with pytest.raises(WrongState):
        approve(asked, cast)
    assert actions_for(cast.filler, done) == ()


def test_the_second_of_two_decisions_on_a_correction_is_told(cast: Cast) -> None:
    asked = forwarded(cast, "name", "新名")
    approve(asked, cast)
    with pytest.raises(WrongState, match="已由 national 办理"):
        refuse_correction(correction=asked, actor=second_system(), reason="r", now=NOW)
    assert AuditRecord.objects.filter(stream="museum:130600001").count() == 1


def test_a_register_that_changed_meanwhile_is_not_overwritten(cast: Cast) -> None:
    asked = forwarded(cast, "name", "新名")
    change_register(museum=cast.baoding, change=Change("name", "又一名"), actor=cast.system, reason="批复", now=NOW)
    with pytest.raises(WrongState, match="又一名"):
        approve(asked, cast)
    assert Museum.objects.get(pk=cast.baoding.pk).name == "又一名"


def test_a_name_of_another_museum_of_the_province_is_not_given(cast: Cast) -> None:
    asked = forwarded(cast, "name", "石家庄市 科技馆")
    with pytest.raises(WrongState, match="130100001"):
        approve(asked, cast)
    assert Correction.objects.get().state == RequestState.AT_NATION.value
