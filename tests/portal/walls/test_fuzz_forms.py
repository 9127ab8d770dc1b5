"""No spoilt request gets a 500. `tools/fuzz_forms.py --requests 20000` sends many more of them than the suite does."""

import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.cast import Cast
from tests.portal.walls.fuzzing import Fuzzer, Sent
from tests.portal.web.test_every_url import World, rows, sample, world  # noqa: F401 - a fixture

REQUESTS = int(os.environ.get("GUANSHU_FUZZ_REQUESTS", "300"))
SEED = int(os.environ.get("GUANSHU_FUZZ_SEED", "1"))
REPORT = os.environ.get("GUANSHU_FUZZ_REPORT", "")


def test_nothing_that_can_be_sent_is_a_fault(cast: Cast, world: World, settings: Any, caplog: Any) -> None:  # noqa: F811
    settings.GUANSHU_TODAY = "2023-02-04"
    caplog.set_level("CRITICAL")
    paths = [sample(path, world.names) for path in rows()]
    fuzzer = Fuzzer(world.people, paths, SEED)
    if REQUESTS > 1000:
        fuzzer.learn()
    else:
        fuzzer.fields = {}
    sent: list[Sent] = []
    for each in fuzzer.run(REQUESTS):
        sent.append(each)
        # A long run tells how far it is.
        if REPORT and len(sent) % 500 == 0:
            Path(REPORT).write_text(told(sent))
    if REPORT:
        Path(REPORT).write_text(told(sent))
    assert [each for each in sent if each.status >= 500] == [], told(sent)


def told(sent: list[Sent]) -> str:
    """Return what came of the requests, each fault with what brings it back."""
    faults = [each for each in sent if each.status >= 500]
    slowest = max(sent, key=lambda each: each.seconds)
    lines = [f"{len(sent)} requests, {len(faults)} faults, slowest {slowest.seconds:.1f} s ({slowest.path})"]
    lines += [f"{status}: {count}" for status, count in sorted(Counter(each.status for each in sent).items())]
    lines += [f"{each.number} {each.who} {each.method} {each.path} {each.error}" for each in faults]
    return "\n".join(lines) + "\n"


def test_a_fault_would_be_seen(cast: Cast, world: World, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    from guanshu.portal.web.public import views

    def broken(_: object) -> None:
        raise RuntimeError("planted")

    monkeypatch.setattr(views, "contacts", broken)
    found = [each for each in Fuzzer(world.people, ["/"], SEED).run(12) if each.status >= 500]
    assert found
    assert "planted" in found[0].error
