"""A report on its way: short words for filling, stamping and each action, and every state reached by real steps."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from guanshu.portal.domain.reporting import perform
from guanshu.portal.models import Account, Report, ReportVersion, StampedScan, StoredFile
from guanshu.portal.queries.reports import open_report
from guanshu.survey.workflow.actions import Action
from guanshu.survey.workflow.states import State
from tests.cast import NOW, Cast, make_cast
from tests.portal.conftest import save_as
from tests.portal.test_kill import environ

__all__ = ["environ"]

# Everything tiny-save asks of a free museum: nothing blank, nothing found.
FILLED: Mapping[str, object] = {
    "land_area": "9100",
    "building_area": "5000",
    "hall_area": "4000",
    "opened": "2010-05-01",
    "kind": "science",
    "services": ["cafe"],
    "has_shop": "否",
    "leader": "赵示例",
    "mobile": "13800138001",
    "free_days": "300",
    "free_since": "2015-01-01",
    "staff_total__own": "10",
    "staff_total__hired": "4",
    "staff_female__own": "5",
    "3-1.na": True,
    "3-2.na": True,
    "goods": "3",
}


class Way:
    """One museum's report of 2022 and everybody who has to do with it. Times go on by a minute an action."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.now = cast, NOW

    @property
    def report(self) -> Report:
        return self.cast.report()

    @property
    def state(self) -> State:
        return State(self.report.state)

    def who(self, name: str) -> Account:
        found: Account = getattr(self.cast, name)
        return found

    def type(self, changes: Mapping[str, object]) -> None:
        plain = open_report(self.report)
        found = {}
        for address, new in changes.items():
            table = plain.stored.plain.get(plain.form.table_of(address), {})
            from guanshu.survey.definition.storage import get_stored

            found[address] = (get_stored(table, plain.form.address(address)), new)
        result = save_as(self.cast.filler, self.report, found)
        assert not result.problems
        assert not result.conflicts

    def fill(self) -> None:
        self.type(FILLED)

    def do(self, action: Action, who: str = "", **given: Any) -> Report:
        self.now += timedelta(minutes=1)
        given.setdefault("now", self.now)
        return perform(
            report=self.report, actor=self.who(who or ACTORS[action]), action=action, **NEEDED.get(action, {}) | given
        )

    def exempt(self, **given: Any) -> Report:
        file = keep(self.report, StoredFile.EXEMPTION, self.now)
        return self.do(Action.DECLARE_EXEMPT, file=file, **{"category": "合并"} | given)

    def stamp(self) -> StampedScan:
        report = self.report
        version = ReportVersion.objects.get(report=report, number=report.version)
        file = keep(report, StoredFile.STAMP, self.now)
        StampedScan.objects.filter(version__report=report).update(superseded_at=self.now)
        return StampedScan.objects.create(version=version, file=file)

    def to(self, state: State) -> "Way":
        """Bring a new report into a state the way people do."""
        for step in STEPS[state]:
            step(self)
        assert self.state is state
        return self


def keep(report: Report, purpose: str, now: datetime) -> StoredFile:
    """Keep a row of a file; its bytes are no matter here."""
    serial = StoredFile.objects.filter(report=report, purpose=purpose).count() + 1
    return StoredFile.objects.create(
        report=report,
        purpose=purpose,
        serial=serial,
        official_name=f"{purpose}.pdf",
        uploaded_name="a.pdf",
        media_type="application/pdf",
        size=1,
        sha256="0" * 64,
        uploaded_by="x",
        uploaded_at=now,
    )


ACTORS = {
    Action.BEGIN: "filler",
    Action.SUBMIT_IN_HOUSE: "filler",
    Action.WITHDRAW: "filler",
    Action.RETURN_TO_FILLER: "reviewer",
    Action.PASS_IN_HOUSE: "reviewer",
    Action.UPLOAD_STAMP: "filler",
    Action.SUBMIT: "reviewer",
    Action.WITHDRAW_SUBMISSION: "reviewer",
    Action.START_REVIEW: "province",
    Action.APPROVE: "province",
    Action.RETURN: "province",
    Action.REVOKE_APPROVAL: "province",
    Action.RECORD_UNFINISHED: "province",
    Action.DECLARE_EXEMPT: "province",
    Action.WITHDRAW_EXEMPT: "province",
    Action.REFUSE_EXEMPT: "system",
    Action.NATIONAL_RETURN: "system",
}
NEEDED: dict[Action, dict[str, Any]] = {
    Action.RETURN_TO_FILLER: {"reason": "请核对面积"},
    Action.RETURN: {"reason": "展厅面积有误", "category": "错报"},
    Action.REVOKE_APPROVAL: {"reason": "发现漏报"},
    Action.RECORD_UNFINISHED: {"reason": "多次联系未果"},
    Action.DECLARE_EXEMPT: {"category": "合并"},
    Action.REFUSE_EXEMPT: {"reason": "该馆仍在开放"},
    Action.NATIONAL_RETURN: {"reason": "数据与上年差异过大", "until": date(2023, 3, 3)},
}

Step = Callable[[Way], Any]


def act(action: Action) -> Step:
    return lambda way: way.do(action)


_IN_REVIEW: list[Step] = [Way.fill, act(Action.SUBMIT_IN_HOUSE)]
_AWAITING: list[Step] = [*_IN_REVIEW, act(Action.PASS_IN_HOUSE)]
_SUBMITTED: list[Step] = [*_AWAITING, Way.stamp, act(Action.SUBMIT)]
STEPS: Mapping[State, list[Step]] = {
    State.NOT_STARTED: [],
    State.FILLING: [Way.fill],
    State.IN_REVIEW: _IN_REVIEW,
    State.RETURNED_IN_HOUSE: [*_IN_REVIEW, act(Action.RETURN_TO_FILLER)],
    State.AWAITING_STAMP: _AWAITING,
    State.SUBMITTED: _SUBMITTED,
    State.RETURNED_BY_PROVINCE: [*_SUBMITTED, act(Action.RETURN)],
    State.APPROVED: [*_SUBMITTED, act(Action.APPROVE)],
    State.EXEMPT: [Way.fill, Way.exempt],
}


@pytest.fixture(autouse=True)
def _today(settings: Any) -> None:
    """Let the business day be the day of each `now`, and the tests' saves be allowed in any real year."""
    settings.GUANSHU_TODAY = ""


@pytest.fixture
def way(db: None) -> Way:
    return Way(make_cast())
