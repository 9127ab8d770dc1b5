"""Several clean reports approved at once: what is shown, what each becomes, what happens meanwhile."""

from typing import Any

import pytest
from django.test import Client

from guanshu.portal.models import Account, AuditRecord, FreeStatus, Museum, Report, Role, SaveRecord
from guanshu.portal.queries.several import seen_as
from guanshu.survey.workflow.actions import Action
from guanshu.survey.workflow.states import State
from tests.cast import Cast
from tests.portal.web.test_review_pages import enter
from tests.portal.workflow.conftest import Way

PAGE = "/province/review/several/"
BIG = {"3-1.na": False, "shows.rows": ["k1", "k2"], "shows[k1].title": "甲", "shows[k1].cost": "150"}
ROWS = {**BIG, "shows[k2].title": "乙", "shows[k2].cost": "200"}
TELLING = {"3-1-01[k1]": "引进国外巡展，运费由本馆承担。", "3-1-01[k2]": "自主策划展览，含布展和展品制作费用。"}


class Neighbour(Way):
    """A second museum of the same province, with people of its own."""

    def __init__(self, cast: Cast, code: str = "130200001") -> None:
        super().__init__(cast)
        self.museum = Museum.objects.create(code=code, name="唐山科技馆", province=cast.hebei, level="county")
        FreeStatus.objects.create(museum=self.museum, year=2022)
        Report.objects.create(
            number=f"2022-{code}", museum=self.museum, campaign=cast.campaign, questionnaire=cast.form
        )
        self.people = {
            role: Account.objects.create(username=name, role=role.value, museum=self.museum, must_change_password=False)
            for role, name in ((Role.FILLER, f"B{code}"), (Role.REVIEWER, f"C{code}"))
        }

    @property
    def report(self) -> Report:
        return self.cast.report(self.museum)

    def who(self, name: str) -> Account:
        return self.people.get(Role(name), super().who(name)) if name in Role.values else super().who(name)

    def type(self, changes: Any) -> None:
        filler, self.cast.filler = self.cast.filler, self.people[Role.FILLER]
        try:
            super().type(changes)
        finally:
            self.cast.filler = filler


@pytest.fixture
def way(cast: Cast) -> Way:
    return Way(cast).to(State.SUBMITTED)


@pytest.fixture
def other(cast: Cast) -> Neighbour:
    found = Neighbour(cast)
    found.to(State.SUBMITTED)
    return found


@pytest.fixture
def client(cast: Cast) -> Client:
    return enter(cast.province)


def approve(client: Client, *ways: Way, thin: tuple[Way, ...] = (), seen: dict[str, str] | None = None) -> list[Any]:
    """Approve what is ticked on the summary, as it was seen there."""
    everybody = [*ways, *thin]
    data: dict[str, Any] = {"do": "approve", "report": [way.report.number for way in ways]}
    data |= {"thin": [way.report.number for way in thin]}
    data |= {f"seen:{way.report.number}": seen_as(way.report) for way in everybody} | (seen or {})
    answer = client.post(PAGE, data)
    assert answer.status_code == 200
    return list(answer.context["outcomes"])


def explained(way: Way, explanations: dict[str, str]) -> None:
    """Hand the report in again with two findings explained."""
    way.do(Action.RETURN)
    way.type(ROWS)
    way.type(explanations)
    for action in (Action.SUBMIT_IN_HOUSE, Action.PASS_IN_HOUSE):
        way.do(action)
    way.stamp()
    way.do(Action.SUBMIT)


def test_the_summary_shows_each_report_and_writes_nothing(way: Way, other: Neighbour, client: Client) -> None:
    explained(way, TELLING)
    before = AuditRecord.objects.count()
    answer = client.post(PAGE, {"report": [way.report.number, other.report.number]})
    page = answer.content.decode()
    assert [item.report.number for item in answer.context["clean"]] == [way.report.number, other.report.number]
    for text in ("引进国外巡展，运费由本馆承担。", "核实 2", "建筑面积", "5,000.00", "唐山科技馆", "盖章扫描件"):
        assert text in page, text
    assert AuditRecord.objects.count() == before
    assert way.state is State.SUBMITTED


def test_each_is_approved_and_recorded_by_itself(way: Way, other: Neighbour, client: Client) -> None:
    other.do(Action.START_REVIEW)
    assert [outcome.done for outcome in approve(client, way, other)] == [True, True]
    assert (way.state, other.state) == (State.APPROVED, State.APPROVED)
    for one in (way, other):
        trail = AuditRecord.objects.filter(stream=f"report:{one.report.number}").order_by("seq")
        actions = [record.action for record in trail if record.actor == way.cast.province.username]
        assert actions == ["start_review", "approve"]


def test_one_withdrawn_meanwhile_is_told_and_does_not_stop_the_other(
    way: Way, other: Neighbour, client: Client
) -> None:
    seen = {f"seen:{way.report.number}": seen_as(way.report)}
    way.do(Action.WITHDRAW_SUBMISSION)
    first, second = approve(client, way, other, seen=seen)
    assert (first.done, second.done) == (False, True)
    assert "撤回" in first.message
    assert (way.state, other.state) == (State.AWAITING_STAMP, State.APPROVED)
    assert not AuditRecord.objects.filter(stream=f"report:{way.report.number}", action="start_review").exists()


def test_one_handed_in_anew_was_not_seen(way: Way, client: Client) -> None:
    seen = {f"seen:{way.report.number}": seen_as(way.report)}
    way.do(Action.WITHDRAW_SUBMISSION)
    way.do(Action.SUBMIT)
    (outcome,) = approve(client, way, seen=seen)
    assert not outcome.done
    assert "重新提交过" in outcome.message
    assert way.state is State.SUBMITTED
    assert way.report.review_started_at is None


def test_approved_in_another_tab_and_returned_meanwhile(way: Way, other: Neighbour, client: Client) -> None:
    way.do(Action.APPROVE)
    other.do(Action.RETURN)
    first, second = approve(client, way, other)
    assert "已经审核通过" in first.message
    assert "退回" in second.message
    assert not first.done
    assert not second.done


def test_thin_explanations_need_a_tick_of_their_own(way: Way, client: Client) -> None:
    explained(way, {"3-1-01[k1]": "情况属实无误", "3-1-01[k2]": "引进国外巡展，运费由本馆承担。"})
    assert [item.thin for item in client.post(PAGE, {"report": way.report.number}).context["thin"]] == [1]
    (outcome,) = approve(client, way)
    assert not outcome.done
    assert "单独勾选" in outcome.message
    (outcome,) = approve(client, thin=(way,))
    assert outcome.done


def test_drafts_keep_a_report_out(way: Way, client: Client) -> None:
    client.post(f"/province/review/{way.report.number}/comments/", {"address": "land_area", "text": "请核对"})
    assert "草稿" in client.post(PAGE, {"report": way.report.number}).context["blocked"][0].obstacle
    assert 'name="report"' not in client.get("/province/review/").content.decode()
    (outcome,) = approve(client, way)
    assert not outcome.done
    assert way.state is State.SUBMITTED


def test_nothing_ticked_and_strangers(way: Way, client: Client, cast: Cast) -> None:
    assert client.post(PAGE).status_code == 422
    assert client.post(PAGE, {"do": "approve", "listed": way.report.number}).status_code == 422
    assert client.get(PAGE).headers["Location"] == "/province/review/"
    stranger = enter(cast.other_province)
    assert stranger.post(PAGE, {"report": way.report.number}).context["count"] == 0
    assert stranger.post(PAGE, {"do": "approve", "report": way.report.number}).status_code == 404
    assert way.state is State.SUBMITTED
    assert stranger.post(PAGE, {"report": [str(n) for n in range(61)]}).status_code == 422


def test_no_value_is_written(way: Way, client: Client) -> None:
    saves = SaveRecord.objects.count()
    approve(client, way)
    assert SaveRecord.objects.count() == saves
