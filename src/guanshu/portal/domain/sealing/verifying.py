"""The whole of `guanshu verify-audit`: the trail, its seals, and the seals kept outside the database."""

from collections.abc import Callable, Iterable, Iterator

from guanshu.portal.domain.sealing.log import read_log
from guanshu.portal.queries.sealcheck import compare_seals
from guanshu.portal.queries.verification import verify_audit


def verify_everything(
    *, seals: Iterable[tuple[int, str]] = (), told: Callable[[int, int], object] = lambda _done, _total: None
) -> Iterator[str]:
    """Yield one sentence for every problem; `seals` are numbers and hashes from receipts or backups."""
    yield from verify_audit(told)
    yield from compare_seals(((each.number, each.hash) for each in read_log()), "封印日志")
    yield from compare_seals(seals, "所给封印")
