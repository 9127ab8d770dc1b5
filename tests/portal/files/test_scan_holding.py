"""A scan that was uploaded is held, checked behind the pages, and kept or refused: nothing is lost, all is said."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guanshu.portal import clock
from guanshu.portal.domain import outside, scanholding, stamping, vault
from guanshu.portal.domain.jobs import run_waiting
from guanshu.portal.domain.outside import OutsideFailed
from guanshu.portal.domain.reporting import perform
from guanshu.portal.domain.scanholding import check_again, hold_scan
from guanshu.portal.domain.stamping import version_pdf
from guanshu.portal.models import Account, HeldScan, HeldState, Job, JobState, ReportVersion, StampedScan
from guanshu.portal.problems import BadFile, OperationProblem, WrongState
from guanshu.survey.workflow.actions import Action
from tests.cast import NOW, Cast
from tests.portal.files.conftest import browser, stored
from tests.portal.files.test_stamping import blank, freeze, joined, pages_of
from tests.survey.intake import makers

UPLOAD, STAMP = "/museum/stamp/upload/", "/museum/stamp/"


@pytest.fixture
def version(cast: Cast) -> ReportVersion:
    return freeze(cast)


@pytest.fixture
def pages(version: ReportVersion) -> list[Any]:
    return pages_of(version_pdf(version), dpi=110)


def hold(cast: Cast, *uploads: SimpleUploadedFile, actor: Account | None = None) -> HeldScan:
    return hold_scan(report=cast.report(), uploads=uploads, actor=actor or cast.reviewer, now=clock.now())


def state(held: HeldScan) -> str:
    held.refresh_from_db()
    return held.state


def text(client: Client, address: str = STAMP) -> str:
    return re.sub(r"\s+", " ", client.get(address).content.decode())


def test_it_is_received_at_once_and_checked_by_the_job(cast: Cast, pages: list[Any], place: Path) -> None:
    before, reviewer = len(stored(place)), browser(cast.reviewer)
    answer = reviewer.post(UPLOAD, {"file": joined(pages)}, headers={"Accept": "application/json"})
    assert answer.json() == {"url": "/museum/stamp/#scan"}
    assert len(stored(place)) == before + 1
    held = HeldScan.objects.get()
    page = text(reviewer)
    assert "正在核对" in page
    assert "扫描件.pdf" in page
    assert f'hx-get="/jobs/{held.job_id}/"' in page
    # The filler watches as well, strangers do not.
    assert browser(cast.filler).get(f"/jobs/{held.job_id}/").status_code == 200
    assert browser(cast.other_filler).get(f"/jobs/{held.job_id}/").status_code == 404
    assert run_waiting() == 1
    assert state(held) == HeldState.ACCEPTED.value
    assert StampedScan.objects.get().file.uploaded_by == cast.reviewer.username
    assert len(stored(place)) == before + 1
    assert not list((place / "incoming").iterdir())
    assert "可以提交" in text(reviewer)


def test_every_page_is_told(cast: Cast, pages: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    from guanshu.portal.domain.jobs.running import _Reporter

    told: list[tuple[int, int, str]] = []
    monkeypatch.setattr(_Reporter, "__call__", lambda _self, *given: told.append(given))
    hold(cast, joined(pages))
    run_waiting()
    count = len(pages)
    assert [(done, total) for done, total, _ in told] == [(n, count) for n in range(count + 1)]
    assert told[1][2] == f"正在核对第 2 / {count} 页"


def test_a_refusal_is_told_and_the_former_scan_stays(cast: Cast, pages: list[Any], place: Path) -> None:
    hold(cast, joined(pages))
    run_waiting()
    former, before = StampedScan.objects.get(), stored(place)
    held = hold(cast, joined([pages[0], *pages[2:]]))
    run_waiting()
    assert state(held) == HeldState.REFUSED.value
    page = text(browser(cast.filler))
    assert f"扫描件缺少第 2 页（共应有 {len(pages)} 页）" in page
    assert "原来的扫描件没有变动" in page
    former.refresh_from_db()
    assert former.superseded_at is None
    assert stored(place) == before
    # With the next upload it is no longer said.
    hold(cast, joined(pages))
    assert "缺少第 2 页" not in text(browser(cast.filler))


@pytest.mark.parametrize(
    ("reason", "name", "data"),
    [
        ("empty", "a.pdf", b""),
        ("wrong_kind", "a.pdf", makers.word()),
        ("ofd", "a.ofd", makers.make_zip({"OFD.xml": b"<x/>"})),
        ("too_many_pages", "a.pdf", makers.pdf(61)),
    ],
)
def test_what_is_cheap_to_see_is_refused_at_once(
    cast: Cast, version: ReportVersion, place: Path, reason: str, name: str, data: bytes
) -> None:
    before = stored(place)
    with pytest.raises(BadFile) as caught:
        hold(cast, SimpleUploadedFile(name, data))
    assert caught.value.reason == reason
    assert stored(place) == before
    assert not HeldScan.objects.exists()
    assert not Job.objects.exists()


def test_our_own_print_is_refused_at_once(cast: Cast, version: ReportVersion) -> None:
    with pytest.raises(BadFile) as caught:
        hold(cast, SimpleUploadedFile("a.pdf", version_pdf(version)))
    assert caught.value.reason == "not_stamped"


def test_a_new_version_meanwhile_refuses_it(cast: Cast, pages: list[Any]) -> None:
    held = hold(cast, joined(pages))
    perform(report=cast.report(), actor=cast.reviewer, action=Action.RETURN_TO_FILLER, reason="请核对人次", now=NOW)
    freeze(cast, visits="186524", before="186523")
    run_waiting()
    assert state(held) == HeldState.REFUSED.value
    assert held.message == stamping.OUTDATED
    assert stamping.OUTDATED in text(browser(cast.filler))


@pytest.mark.parametrize("early", [True, False])
def test_a_return_meanwhile_refuses_it(
    cast: Cast, pages: list[Any], place: Path, monkeypatch: pytest.MonkeyPatch, early: bool
) -> None:
    """Before the check begins, and after its last page, when only the lock can see it."""

    def give_back() -> None:
        perform(report=cast.report(), actor=cast.reviewer, action=Action.RETURN_TO_FILLER, reason="请核对", now=NOW)

    held, before = hold(cast, joined(pages)), len(stored(place))
    if early:
        give_back()
    else:
        judge = stamping._judge
        monkeypatch.setattr(stamping, "_judge", lambda *given: (give_back(), judge(*given))[1])
    run_waiting()
    assert state(held) == HeldState.REFUSED.value
    assert "不能上传盖章扫描件" in held.message
    assert "不能上传盖章扫描件" in text(browser(cast.filler))
    assert len(stored(place)) == before - 1
    assert not StampedScan.objects.exists()


def test_a_second_upload_replaces_the_one_being_checked(cast: Cast, pages: list[Any], place: Path) -> None:
    before, data = len(stored(place)), joined(pages).read()
    first = hold(cast, SimpleUploadedFile("a.pdf", data))
    # Sent again after a broken connection it is the same upload.
    assert hold(cast, SimpleUploadedFile("a.pdf", data)).pk == first.pk
    second = hold(cast, joined([blank(pages[0]), *pages[1:]]), actor=cast.filler)
    assert (state(first), state(second)) == (HeldState.REPLACED.value, HeldState.CHECKING.value)
    assert len(stored(place)) == before + 1
    assert "没有核对完，已由这次上传代替" in text(browser(cast.reviewer))
    assert run_waiting() == 2
    assert (state(first), state(second)) == (HeldState.REPLACED.value, HeldState.ACCEPTED.value)
    assert StampedScan.objects.get().problems


def test_replaced_in_the_middle_the_check_ends_there(
    cast: Cast, pages: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, seen = hold(cast, joined(pages)), []
    real = scanholding._telling

    def telling(held: HeldScan, progress: Any) -> Any:
        tell = real(held, progress)

        def told(done: int, total: int) -> None:
            seen.append((held.pk, done))
            if (held.pk, done) == (first.pk, 1):
                hold(cast, joined([*pages, blank(pages[0])]))
            tell(done, total)

        return told

    monkeypatch.setattr(scanholding, "_telling", telling)
    run_waiting()
    assert [done for pk, done in seen if pk == first.pk] == [0, 1]
    assert Job.objects.get(pk=first.job_id).state == JobState.DONE.value
    run_waiting()
    assert len(StampedScan.objects.get().pages) == len(pages) + 1


def test_nobody_submits_while_a_check_runs(cast: Cast, pages: list[Any]) -> None:
    hold(cast, joined(pages))
    run_waiting()
    held = hold(cast, joined([*pages, blank(pages[0])]))
    with pytest.raises(WrongState, match="正在核对，核对结束后再提交"):
        perform(report=cast.report(), actor=cast.reviewer, action=Action.SUBMIT, now=NOW)
    page = text(browser(cast.reviewer))
    assert "核对结束后再提交" in page
    assert "确认提交" not in page
    run_waiting()
    assert state(held) == HeldState.ACCEPTED.value
    perform(report=cast.report(), actor=cast.reviewer, action=Action.SUBMIT, now=NOW)


def test_a_check_that_fails_is_tried_again_without_uploading(
    cast: Cast, pages: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    held, reviewer = hold(cast, joined(pages)), browser(cast.reviewer)
    with monkeypatch.context() as broken:
        broken.setattr(outside, "_LONG", 0)
        run_waiting()
    page = text(reviewer)
    assert "没有核对完" in page
    assert "重新核对" in page
    with pytest.raises(WrongState, match="还没有上传"):
        perform(report=cast.report(), actor=cast.reviewer, action=Action.SUBMIT, now=NOW)
    assert reviewer.post("/museum/stamp/again/").status_code == 303
    assert run_waiting() == 1
    assert state(held) == HeldState.ACCEPTED.value
    with pytest.raises(WrongState):
        check_again(report=cast.report(), actor=cast.reviewer, now=NOW)


def test_a_held_file_that_is_lost_is_said(cast: Cast, pages: list[Any]) -> None:
    held = hold(cast, joined(pages))
    vault.discard(held.files.get().pk)
    run_waiting()
    assert state(held) == HeldState.REFUSED.value
    assert "请重新上传" in held.message


def test_without_script_the_form_leads_to_the_same_page(cast: Cast, pages: list[Any]) -> None:
    filler = browser(cast.filler)
    answer = filler.post(UPLOAD, {"file": joined(pages)})
    assert (answer.status_code, answer["Location"]) == (303, "/museum/stamp/#scan")
    assert "刷新查看进度" in text(filler)
    run_waiting()
    page = text(filler)
    assert "刷新查看进度" not in page
    assert "读出二维码" in page


def test_the_outside_process_ends_with_what_told_raises(pages: list[Any], tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(joined(pages).read())
    given = {"files": [[str(path), "a.pdf"]], "joined": str(tmp_path / "joined"), "keys": {}}

    class Enough(Exception):  # noqa: N818
        pass

    def told(done: int, _total: int) -> None:
        if done == 2:
            raise Enough

    with pytest.raises(Enough):
        outside.run_outside("scan", given, told=told)
    with pytest.raises(OperationProblem) as failed:
        outside.run_outside("scan", {}, told=told)
    assert isinstance(failed.value, OutsideFailed)
    assert "KeyError" in str(failed.value.__cause__)
