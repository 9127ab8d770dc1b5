"""The demo's season: the plan adds up, Hebei shows every state, and the calendar goes on."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from guanshu.portal.access import reports
from guanshu.portal.domain.demo import making, members, papers, playing
from guanshu.portal.domain.demo.making import make_demo
from guanshu.portal.domain.demo.members import DemoProblem
from guanshu.portal.domain.demo.places import Place, places
from guanshu.portal.domain.demo.season import Part, Season, moments
from guanshu.portal.models import Account, CellComment, Report, ReturnNote, StampedScan, Waiver
from guanshu.portal.queries.files import scan_accepted, verify_files
from guanshu.portal.queries.verification import verify_audit
from guanshu.portal.queries.workflow import history
from guanshu.survey.workflow.actions import Action
from guanshu.survey.workflow.calendar import Holidays
from guanshu.survey.workflow.report import TRANSITIONS, UNSUBMITTED
from guanshu.survey.workflow.states import State
from tests.cast import NOW
from tests.portal.files.conftest import place, stored

__all__ = ["place"]

FOLDER = Path(__file__).parents[3] / "demo" / "museum-2022"
HEBEI = "130000"
# One museum of Hebei for every state, and both kinds of returned ones; the fifth is not in the free-opening programme.
SOME = ["130600", "130100", "130500", "130400", "130606", "130200", "130607", "130700", "130800", "130900", "131000"]
HOLIDAYS = Holidays.read({"off": making._OFF, "worked": making._WORKED})
WANTED = {
    State.NOT_STARTED: 9,
    State.FILLING: 20,
    State.IN_REVIEW: 5,
    State.RETURNED_IN_HOUSE: 3,
    State.AWAITING_STAMP: 5,
    State.SUBMITTED: 10,
    State.RETURNED_BY_PROVINCE: 4,
    State.APPROVED: 7,
    State.EXEMPT: 1,
}


@pytest.fixture(scope="module")
def season() -> Season:
    return Season.read(FOLDER)


def ends_in(part: Part) -> State:
    """Return the state a story ends in, by the table of the workflow."""
    state = State.NOT_STARTED
    for step in part.story:
        if step.verb == "exempt":
            state = State.EXEMPT
        elif step.verb == "fill" and state is State.NOT_STARTED:
            state = State.FILLING
        elif step.verb in {action.value for action in Action}:
            line = TRANSITIONS[Action(step.verb)]
            assert state in line.sources, step
            state = line.target if isinstance(line.target, State) else state
    return state


def parts(season: Season, count: int = 64) -> list[tuple[Place, Part]]:
    return [(at, season.part(f"{at.code}001", index)) for index, at in enumerate(places(count))]


def test_the_season_is_as_large_and_mixed_as_planned(season: Season) -> None:
    found = parts(season)
    assert Counter(ends_in(part) for _, part in found) == WANTED
    assert {ends_in(part) for at, part in found if at.unit == HEBEI} == set(State)
    assert set(season.named) == {f"{at.code}001" for at, _ in found}
    assert any("start_review" in part.verbs for _, part in found if ends_in(part) is State.SUBMITTED)


def test_everything_happens_on_working_days_before_the_demos_day(season: Season) -> None:
    for at, part in parts(season, 80):
        steps = [moment for moment, _ in moments(part, f"{at.code}001", HOLIDAYS)]
        assert steps == sorted(steps)
        assert all(date(2023, 1, 1) < moment.date() < date(2023, 2, 4) for moment in steps)
        assert all(HOLIDAYS.is_working(moment.date()) and 9 <= moment.hour < 18 for moment in steps)


def test_beyond_the_first_museums_nothing_is_printed_or_scanned(season: Season) -> None:
    assert not any("scan" in part.verbs for part in season.others)


def test_documents_are_the_same_bytes_every_time() -> None:
    for made in (papers.annual_summary, papers.free_report, papers.statement):
        assert made() == made.__wrapped__(), made


@pytest.fixture
def demo(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch, place: Path) -> None:
    settings.DEMO = True
    known = {found.code: found for found in places(64)}
    hebei = [known[code] for code in SOME]
    monkeypatch.setattr(members, "places", lambda count: hebei[:count])


def open_status() -> Any:
    client = Client()
    province = Account.objects.get(username="A130000001")
    client.force_login(province, backend="guanshu.portal.web.accounts.backend.AccountBackend")
    page = client.get("/province/status/")
    assert page.status_code == 200
    return page.context


@pytest.mark.usefixtures("demo")
def test_every_state_is_there_and_the_calendar_goes_on(settings: Any, season: Season) -> None:
    assert make_demo(museums=99, now=NOW) == len(SOME)
    found = Report.objects.filter(campaign__year=2022)
    states = {report.museum.code: State(report.state) for report in found}
    assert states == {code: ends_in(season.named[code]) for code in states}
    assert set(states.values()) == set(State)
    assert list(verify_audit()) == []
    assert list(verify_files()) == []
    assert all(scan_accepted(scan) for scan in StampedScan.objects.all())
    assert all(report.state_since is None or report.state_since.date() < date(2023, 2, 4) for report in found)
    _look_at_returns()
    _look_at_numbers()
    _look_after_the_deadline(settings)


def _look_at_returns() -> None:
    late, answered = (ReturnNote.objects.get(report__number=f"2022-{code}") for code in ("130500001", "130400001"))
    assert (late.until, answered.until) == (date(2023, 1, 20), date(2023, 2, 6))
    for note in (late, answered):
        assert (note.category, bool(note.reason)) == ("错报", True)
        assert CellComment.objects.filter(report=note.report, round=note.round).count() == 2
    assert CellComment.objects.filter(report=answered.report, replied_at__isnull=False).count() == 1
    assert not Waiver.objects.exists()


def _look_at_numbers() -> None:
    context = open_status()
    tally, rows = context["tally"], context["rows"]
    assert (tally.counts.total, tally.counts.exempt, tally.counts.due) == (11, 1, 10)
    assert sum(number for _, number, _ in tally.parts) + tally.counts.done == tally.counts.due
    assert (tally.overdue, tally.waiting, tally.counts.approved) == (0, 1, 1)
    assert [row.museum.code for row in rows if row.late] == ["130500001"]


def _look_after_the_deadline(settings: Any) -> None:
    """On 02-12 whoever has not submitted is 逾期未报, but for the museum with an extension."""
    settings.GUANSHU_TODAY = "2023-02-12"
    context = open_status()
    unsubmitted = {row.museum.code for row in context["rows"] if row.museum.state in UNSUBMITTED}
    overdue = {row.museum.code for row in context["rows"] if row.overdue}
    assert unsubmitted - overdue == {"130607001"}
    assert context["tally"].overdue == len(overdue) == 5


@pytest.mark.usefixtures("demo")
def test_on_an_earlier_day_the_season_has_not_come_so_far(settings: Any, place: Path) -> None:
    settings.GUANSHU_TODAY = "2023-01-10"
    make_demo(museums=3, now=NOW)
    states = {report.museum.code: State(report.state) for report in Report.objects.filter(campaign__year=2022)}
    assert states == {
        "130600001": State.FILLING,
        "130100001": State.FILLING,
        "130500001": State.IN_REVIEW,
    }
    for report in reports().filter(campaign__year=2022):
        assert all(event.at.date() <= date(2023, 1, 10) for event in history(report))


@pytest.mark.usefixtures("demo")
def test_nothing_remains_of_a_demo_that_was_not_made(monkeypatch: pytest.MonkeyPatch, place: Path) -> None:
    kept: list[int] = []

    def fail(*_: object, **__: object) -> None:
        kept.append(len(stored(place)) + len(list((place / "versions").iterdir())))
        raise DemoProblem("!")

    monkeypatch.setattr(playing, "store_scan", fail)
    with pytest.raises(DemoProblem):
        make_demo(museums=2, now=NOW)
    # Two summaries and a PDF lay there, and none is left.
    assert kept == [3]
    assert not Account.objects.exists()
    assert stored(place) == []
    assert list((place / "versions").iterdir()) == []
