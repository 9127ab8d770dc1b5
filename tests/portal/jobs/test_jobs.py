"""Jobs: asked for once, run once, told truthfully, brought back after a kill."""

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from guanshu.portal.domain.jobs import Progress, registry, run_waiting, start_job, tick
from guanshu.portal.domain.jobs.running import MOST_TRIES, SILENCE, recover, run_job
from guanshu.portal.models import Account, Job, JobState
from guanshu.portal.problems import WrongState
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db
Work = Callable[[Job, Progress], Mapping[str, Any]]


@pytest.fixture
def kind(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Work], None]]:
    """Let a function be the work of the kind "test"."""

    def register(work: Work) -> None:
        monkeypatch.setitem(registry._KINDS, "test", work)

    register(lambda _job, _progress: {"made": 1})
    return register  # type: ignore[return-value]


def ask(cast: Cast, key: str = "a-V1") -> Job:
    return start_job(kind="test", key=key, actor=cast.province, arguments={"n": 1}, now=NOW)


def test_it_runs_and_keeps_what_came_out(cast: Cast, kind: Any) -> None:
    found = ask(cast)
    assert (found.state, run_waiting()) == (JobState.WAITING.value, 1)
    found.refresh_from_db()
    assert (found.state, found.result, found.tries) == (JobState.DONE.value, {"made": 1}, 1)
    assert found.ended_at is not None


def test_asked_for_twice_it_is_one_job(cast: Cast, kind: Any) -> None:
    assert ask(cast).pk == ask(cast).pk
    assert run_waiting() == 1
    assert ask(cast).state == JobState.DONE.value
    assert run_waiting() == 0


def test_what_is_rolled_back_was_never_asked_for(cast: Cast, kind: Any) -> None:
    class Undone(Exception):  # noqa: N818
        pass

    def ask_and_fail() -> None:
        with transaction.atomic():
            ask(cast)
            raise Undone

    with pytest.raises(Undone):
        ask_and_fail()
    assert not Job.objects.exists()
    assert run_waiting() == 0


def test_a_refusal_is_told_in_its_own_words(cast: Cast, kind: Any) -> None:
    def refuse(_job: Job, _progress: Progress) -> Mapping[str, Any]:
        raise WrongState("材料已变动，请重新生成。")

    kind(refuse)
    found = ask(cast)
    run_waiting()
    found.refresh_from_db()
    assert (found.state, found.message) == (JobState.FAILED.value, "材料已变动，请重新生成。")


def test_a_fault_is_told_without_its_details(cast: Cast, kind: Any, caplog: pytest.LogCaptureFixture) -> None:
    def break_down(_job: Job, _progress: Progress) -> Mapping[str, Any]:
        raise RuntimeError("secret")

    kind(break_down)
    found = ask(cast)
    run_waiting()
    found.refresh_from_db()
    assert found.state == JobState.FAILED.value
    assert "secret" not in found.message
    assert "secret" in caplog.text


def test_what_failed_can_be_asked_for_again(cast: Cast, kind: Any) -> None:
    def break_down(_job: Job, _progress: Progress) -> Mapping[str, Any]:
        raise RuntimeError

    kind(break_down)
    ask(cast)
    run_waiting()
    kind(lambda _job, _progress: {"made": 2})
    again = ask(cast)
    assert (again.state, again.tries, again.message) == (JobState.WAITING.value, 0, "")
    run_waiting()
    again.refresh_from_db()
    assert again.result == {"made": 2}


def test_progress_can_be_watched(cast: Cast, kind: Any) -> None:
    seen: list[tuple[int, int, str]] = []

    def count(found: Job, progress: Progress) -> Mapping[str, Any]:
        progress(1, 3, "正在打包")
        found.refresh_from_db()
        seen.append((found.done, found.total, found.message))
        return {}

    kind(count)
    ask(cast)
    run_waiting()
    assert seen == [(1, 3, "正在打包")]


def test_a_job_whose_process_was_killed_is_tried_again_and_then_given_up(cast: Cast, kind: Any) -> None:
    found = ask(cast)
    late = NOW + SILENCE + timedelta(seconds=1)
    for tries in range(1, MOST_TRIES + 1):
        Job.objects.filter(pk=found.pk).update(state=JobState.RUNNING.value, tries=tries, beat_at=NOW)
        assert recover(now=NOW + SILENCE) == 0
        assert recover(now=late) == 1
        found.refresh_from_db()
        assert found.state == (JobState.FAILED if tries == MOST_TRIES else JobState.WAITING).value
    assert "多次中断" in found.message


def test_a_job_that_is_done_or_running_elsewhere_is_not_run_again(cast: Cast, kind: Any) -> None:
    runs: list[int] = []

    def once(_job: Job, _progress: Progress) -> Mapping[str, Any]:
        runs.append(1)
        return {}

    kind(once)
    found = ask(cast)
    run_job.call(str(found.pk))
    run_job.call(str(found.pk))
    assert runs == [1]


def test_a_tick_that_fails_keeps_nothing_else_from_being_done(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from guanshu.portal.domain.jobs import ticking

    done: list[str] = []

    def broken(*, now: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(ticking, "_TICKS", [broken, lambda *, now: done.append("second")])
    tick(now=NOW)
    assert done == ["second"]


def page(account: Account, found: Job, *, htmx: bool = True) -> Any:
    client = Client()
    client.force_login(account, backend="guanshu.portal.web.accounts.backend.AccountBackend")
    return client.get(f"/jobs/{found.pk}/", headers={"HX-Request": "true"} if htmx else {})


def test_only_the_owner_sees_it(cast: Cast, kind: Any) -> None:
    found = ask(cast)
    assert page(cast.province, found).status_code == 200
    assert page(cast.other_province, found).status_code == 404
    assert page(cast.system, found).status_code == 404


def test_the_fragment_asks_again_until_it_has_ended(cast: Cast, kind: Any) -> None:
    found = ask(cast)
    waiting = page(cast.province, found)
    assert "hx-trigger" in waiting.content.decode()
    assert "HX-Trigger-After-Swap" not in waiting.headers
    run_waiting()
    ended = page(cast.province, found)
    assert "hx-trigger" not in ended.content.decode()
    assert ended.headers["HX-Trigger-After-Swap"] == "job-ended"
    assert "<h1>" in page(cast.province, found, htmx=False).content.decode()
