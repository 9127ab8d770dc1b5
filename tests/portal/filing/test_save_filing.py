"""Saving a province's lists: what is kept, what is refused, who may, when, and that the trail tells it."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from guanshu.portal import audit
from guanshu.portal.domain.saving import Change as ReportChange
from guanshu.portal.domain.saving import save_answers
from guanshu.portal.models import FilingAnswers, SaveRecord
from guanshu.portal.problems import AlteredRequest, NotYours, WrongState
from guanshu.portal.queries.filings import open_filing
from guanshu.portal.queries.verification import verify_audit
from guanshu.survey.workflow.filingstates import FILING_EDITABLE, FilingState
from tests.cast import NOW, Cast
from tests.portal.filing.conftest import filing_of, save_in, typed

HALL = {"title": "一馆", "rank": "county", "hall": "800", "due": "2023-6"}


def test_rows_are_kept_recorded_and_checked(cast: Cast) -> None:
    result = save_in(cast, typed("plans", HALL))
    assert result.saved["plans[r1].due"] == "2023-06"
    assert [finding.check for finding in result.opened.evaluation.findings] == ["B-01"]
    record = SaveRecord.objects.get()
    assert (record.report, record.seq, record.actor) == ("2022-130000", 1, "A130000001")
    filing = filing_of(cast)
    assert (filing.saves, filing.head, filing.saved_at) == (1, record.hash, NOW)
    assert filing.summary["findings"]["mandatory"] == 1
    assert open_filing(filing).answers.rows["plans"][0].cells["title"] == "一馆"


def test_a_bad_value_keeps_the_others(cast: Cast) -> None:
    result = save_in(cast, typed("plans", {**HALL, "hall": "很大"}))
    assert set(result.problems) == {"plans[r1].hall"}
    assert result.saved["plans[r1].title"] == "一馆"


def test_a_cell_changed_meanwhile_is_a_conflict_with_who_and_when(cast: Cast) -> None:
    save_in(cast, typed("plans", HALL))
    result = save_in(cast, {"plans[r1].title": ("", "二馆"), "plans[r1].hall": ("800.00", "1200")})
    assert result.saved == {"plans[r1].hall": "1200.00"}
    conflict = result.conflicts["plans[r1].title"]
    assert (conflict.stored, conflict.actor, conflict.at) == ("一馆", "省级科协管理员", NOW)


def test_the_tick_is_called_what_the_heading_says_and_excludes_rows(cast: Cast) -> None:
    assert save_in(cast, {"sites.none": ("", True)}).saved == {"sites.none": True}
    refused = save_in(cast, {"sites.rows": ([], ["r1"])}).problems["sites.rows"]
    assert "本省无" in refused
    save_in(cast, {"any_free": ("", True)})
    save_in(cast, {"frees.none": ("", True)})
    assert "本年度无" in save_in(cast, {"frees.rows": ([], ["r1"])}).problems["frees.rows"]


def test_what_is_not_asked_is_refused(cast: Cast) -> None:
    save_in(cast, {"any_free": ("", False)})
    result = save_in(cast, typed("frees", {"title": "一馆"}))
    assert "不需要填写" in result.problems["frees.rows"]


def test_a_replay_changes_nothing_and_an_altered_request_is_refused(cast: Cast) -> None:
    first = save_in(cast, {"any_free": ("", True)}, request="r-1")
    again = save_in(cast, {"any_free": ("", True)}, request="r-1")
    assert (first.replayed, again.replayed, again.saved) == (False, True, {"any_free": True})
    with pytest.raises(AlteredRequest):
        save_in(cast, {"any_free": (True, False)}, request="r-1")
    assert SaveRecord.objects.count() == 1


def test_a_replay_does_not_undo_what_came_after_it(cast: Cast) -> None:
    save_in(cast, {"any_free": ("", True)}, request="r-1")
    save_in(cast, {"any_free": (True, False)})
    assert save_in(cast, {"any_free": ("", True)}, request="r-1").conflicts["any_free"].stored is False
    assert filing_of(cast).saves == 2


def test_a_request_of_one_filing_is_not_one_of_another(cast: Cast) -> None:
    report = cast.report()
    save_answers(
        report=report,
        actor=cast.filler,
        request_id="r-1",
        body=b"{}",
        changes={"land_area": ReportChange("", "5")},
        now=NOW,
    )
    assert save_in(cast, {"any_free": ("", True)}, request="r-1").saved == {"any_free": True}


@pytest.mark.parametrize(
    "name",
    [
        "other_province",
        "city",
        "filler",
        "reviewer",
        "other_filler",
        "system",
        "viewer",
        "free_reviewer",
        "operations",
        "auditor",
    ],
)
def test_nobody_but_the_administrator_writes(cast: Cast, name: str) -> None:
    with pytest.raises(NotYours) as refused:
        save_in(cast, {"any_free": ("", True)}, actor=getattr(cast, name))
    assert refused.value.status == 403
    assert not FilingAnswers.objects.exists()
    assert not SaveRecord.objects.exists()


def test_an_account_that_is_switched_off_writes_nothing(cast: Cast) -> None:
    cast.province.is_active = False
    with pytest.raises(NotYours):
        save_in(cast, {"any_free": ("", True)})


@pytest.mark.parametrize("state", list(FilingState))
def test_lists_are_written_in_editing_states_only(cast: Cast, state: FilingState) -> None:
    filing = filing_of(cast)
    filing.state = state.value
    filing.save(update_fields=["state"])
    if state in FILING_EDITABLE:
        assert save_in(cast, {"any_free": ("", True)}).saved == {"any_free": True}
        return
    with pytest.raises(WrongState) as refused:
        save_in(cast, {"any_free": ("", True)})
    assert refused.value.status == 409
    assert state.label in refused.value.message
    assert filing_of(cast).saves == 0


def test_a_closed_year_is_not_written_nor_one_that_has_not_begun(cast: Cast, settings: object) -> None:
    settings.GUANSHU_TODAY = "2022-12-31"  # type: ignore[attr-defined]
    with pytest.raises(WrongState, match="将于"):
        save_in(cast, {"any_free": ("", True)})
    settings.GUANSHU_TODAY = "2023-02-04"  # type: ignore[attr-defined]
    cast.campaign.closed = True
    cast.campaign.save()
    with pytest.raises(WrongState, match="已经结束"):
        save_in(cast, {"any_free": ("", True)})


def test_the_trail_of_a_filing_is_walked(cast: Cast) -> None:
    save_in(cast, typed("plans", HALL))
    save_in(cast, {"plans[r1].hall": ("800.00", "1200"), "B-02[r1]": ("", "正在办理立项手续")})
    assert list(verify_audit()) == []
    audit.disarm(connection)
    row = SaveRecord.objects.get(seq=1)
    row.changes = [[address, old, "八百" if address.endswith("title") else new] for address, old, new in row.changes]
    row.save()
    audit.arm(connection)
    assert any("上报材料 2022-130000 第 1 条记录：内容与校验值不符" in line for line in verify_audit())


def test_a_list_changed_behind_the_record_is_named(cast: Cast) -> None:
    save_in(cast, {"any_free": ("", True)})
    FilingAnswers.objects.update(data={"cells": {"any_free": False}})
    assert list(verify_audit()) == ["上报材料 2022-130000 表0：现有数据与保存记录推算的结果不一致（any_free）。"]


def _at_once(number: int, work: Callable[[int], None]) -> list[BaseException]:
    raised: list[BaseException] = []
    gate = threading.Barrier(number)

    def run(index: int) -> None:
        try:
            gate.wait()
            work(index)
        except BaseException as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


@pytest.mark.django_db(transaction=True)
def test_saves_at_once_lose_nothing(cast: Cast) -> None:
    save_in(cast, typed("plans", *[{"title": f"{n}馆"} for n in range(4)]))
    filing = filing_of(cast)

    def write(index: int) -> None:
        changes = {f"plans[r{index % 4 + 1}].{'hall' if index < 4 else 'due'}": ("", "1000" if index < 4 else "2023-5")}
        assert save_in(cast, changes, filing=filing).saved

    assert _at_once(8, write) == []
    rows = open_filing(filing_of(cast)).answers.rows["plans"]
    assert all({"hall", "due"} <= set(row.cells) for row in rows)
    assert filing_of(cast).saves == 9
    assert list(verify_audit()) == []


@pytest.mark.django_db(transaction=True)
def test_the_same_request_sent_twice_at_once_is_saved_once(cast: Cast) -> None:
    filing = filing_of(cast)
    replayed: list[bool] = []

    def send(_index: int) -> None:
        replayed.append(save_in(cast, {"any_free": ("", True)}, request="same", filing=filing).replayed)

    assert _at_once(6, send) == []
    assert sorted(replayed) == [False] + [True] * 5
    assert SaveRecord.objects.count() == 1
