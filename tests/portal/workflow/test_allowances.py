"""What the levels above allow: 免报 there and back, and 准强制性 findings that may stand."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from guanshu.portal.domain.reporting import declare_exemption, waive_finding, withdraw_waiver
from guanshu.portal.models import AuditRecord, Exemption, StoredFile, Waiver
from guanshu.portal.problems import Blocked, Incomplete, NotYours, OperationProblem, WrongState
from guanshu.portal.queries.verification import verify_audit
from guanshu.survey.workflow.actions import Action
from guanshu.survey.workflow.states import State
from guanshu.survey.workflow.submission import BlockerKind
from tests.portal.workflow.conftest import Way

BEFORE = [State.NOT_STARTED, State.FILLING, State.IN_REVIEW, State.RETURNED_IN_HOUSE, State.AWAITING_STAMP]


@pytest.mark.parametrize("action", [Action.WITHDRAW_EXEMPT, Action.REFUSE_EXEMPT])
@pytest.mark.parametrize("state", BEFORE)
def test_an_exempt_museum_goes_back_to_where_it_was(way: Way, state: State, action: Action) -> None:
    way.to(state)
    way.exempt()
    assert way.state is State.EXEMPT
    way.do(action)
    assert way.state is state
    ended = Exemption.objects.get()
    assert (ended.category, ended.by, bool(ended.ended_at)) == ("合并", "A130000001", True)
    assert ended.ended_by == ("national" if action is Action.REFUSE_EXEMPT else "A130000001")
    way.exempt()
    way.do(action)
    assert (way.state, Exemption.objects.count()) == (state, 2)


@pytest.mark.parametrize("before", [State.FILLING, State.RETURNED_IN_HOUSE])
def test_a_submission_can_still_be_taken_back_after_an_exemption(way: Way, before: State) -> None:
    way.to(before)
    way.do(Action.SUBMIT_IN_HOUSE)
    way.exempt()
    way.do(Action.REFUSE_EXEMPT)
    way.do(Action.WITHDRAW)
    assert way.state is before


def test_once_submitted_there_is_no_exemption_until_the_submission_is_taken_back(way: Way) -> None:
    way.to(State.SUBMITTED)
    with pytest.raises(WrongState, match="已经提交过报表，不能再申报免报"):
        way.exempt()
    way.do(Action.WITHDRAW_SUBMISSION)
    way.exempt()
    assert way.state is State.EXEMPT


def test_a_returned_report_is_never_exempt(way: Way) -> None:
    way.to(State.RETURNED_BY_PROVINCE)
    for action in (Action.SUBMIT_IN_HOUSE, Action.PASS_IN_HOUSE, Action.SUBMIT, Action.WITHDRAW_SUBMISSION):
        way.do(action)
    with pytest.raises(WrongState, match="已经提交过报表，不能再申报免报"):
        way.exempt()


def test_categories_of_an_exemption(way: Way) -> None:
    with pytest.raises(Incomplete, match="请选择免报原因"):
        way.exempt(category="错报")
    with pytest.raises(Incomplete, match="不能以「长期闭馆且未纳入免费开放」为由免报"):
        way.exempt(category="长期闭馆且未纳入免费开放")
    with pytest.raises(Incomplete, match="请写明具体原因"):
        way.exempt(category="其他")
    way.exempt(category="其他", reason="机构改革，人员已分流")
    assert Exemption.objects.get().reason == "机构改革，人员已分流"


def upload(way: Way, name: str, content: bytes, who: str = "province", **given: Any) -> None:
    declare_exemption(
        report=way.report,
        actor=way.who(who),
        category=given.get("category", "撤销"),
        reason="",
        upload=SimpleUploadedFile(name, content) if name else None,
        now=way.now,
    )


PDF = b"%PDF-1.4\n%%EOF\n"


def test_an_exemption_brings_its_file_or_nothing_at_all(way: Way) -> None:
    with pytest.raises(Incomplete, match="请上传证明材料"):
        upload(way, "", b"")
    with pytest.raises(Incomplete, match="请选择免报原因"):
        upload(way, "批文.pdf", PDF, category="")
    with pytest.raises(OperationProblem):
        upload(way, "批文.exe", b"MZ\x90\x00")
    with pytest.raises(NotYours):
        upload(way, "批文.pdf", PDF, "other_province")
    assert (way.state, StoredFile.objects.count(), Exemption.objects.count()) == (State.NOT_STARTED, 0, 0)
    upload(way, "批文.pdf", PDF)
    assert (way.state, Exemption.objects.get().file) == (State.EXEMPT, StoredFile.objects.get())
    with pytest.raises(WrongState, match="已经是「免报」"):
        upload(way, "批文.pdf", PDF + b" ")
    assert StoredFile.objects.count() == 1


QUASI = "1-1-01"


def waive(way: Way, key: str = QUASI, who: str = "province", reason: str = "地下建筑面积较大") -> Waiver:
    return waive_finding(report=way.report, actor=way.who(who), key=key, reason=reason, now=way.now)


def test_a_waiver_lets_one_finding_stand_until_it_is_withdrawn(way: Way) -> None:
    way.fill()
    way.type({"land_area": "4500"})
    with pytest.raises(Blocked) as raised:
        way.do(Action.SUBMIT_IN_HOUSE)
    assert [(b.kind, b.key) for b in raised.value.blockers] == [(BlockerKind.QUASI, QUASI)]
    waiver = waive(way)
    with pytest.raises(WrongState, match="已经核准，不必重复"):
        waive(way)
    withdraw_waiver(report=way.report, actor=way.cast.province, waiver=waiver.pk, now=way.now)
    with pytest.raises(WrongState, match="已经撤销"):
        withdraw_waiver(report=way.report, actor=way.cast.province, waiver=waiver.pk, now=way.now)
    with pytest.raises(Blocked):
        way.do(Action.SUBMIT_IN_HOUSE)
    waive(way)
    way.do(Action.SUBMIT_IN_HOUSE)
    logged = AuditRecord.objects.filter(action="waive_finding").values_list("details__reason", "details__key")
    assert set(logged) == {("地下建筑面积较大", QUASI)}
    with pytest.raises(WrongState, match="不能进行「核准准强制性审核」"):
        waive(way)
    assert list(verify_audit()) == []


def test_nothing_else_can_be_waived(way: Way) -> None:
    way.fill()
    with pytest.raises(WrongState, match="现在没有这条准强制性审核问题"):
        waive(way)
    # A part larger than its whole: 强制性.
    way.type({"hall_area": "6000"})
    key = next(f.key for f in opened(way) if f.cls.value == "强制性")
    with pytest.raises(WrongState):
        waive(way, key)
    way.type({"hall_area": "4000", "land_area": "4500"})
    for who in ("filler", "reviewer", "system", "other_province", "viewer"):
        with pytest.raises(NotYours):
            waive(way, who=who)
    with pytest.raises(Incomplete, match="请填写核准的理由"):
        waive(way, reason="")
    assert Waiver.objects.count() == 0


def opened(way: Way) -> Any:
    from guanshu.portal.queries.reports import open_report

    return open_report(way.report).evaluation.findings
