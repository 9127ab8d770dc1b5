"""Which kinds of jobs there are. The modules that define them are imported by `kinds.py`."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from guanshu.portal.models import Job


class Progress(Protocol):
    """Says how far a job is; `message` is a Chinese phrase for whoever watches."""

    def __call__(self, done: int, total: int, message: str = "") -> None:
        """Record the progress; cheap enough to be called for every museum."""


Work = Callable[[Job, Progress], Mapping[str, Any]]
_KINDS: dict[str, Work] = {}


def job(kind: str) -> Callable[[Work], Work]:
    """Register a function as the work of a kind of job.

    It is called outside any transaction, maybe more than once (after a kill), so what it makes must be found again
    by the job's key. It returns JSON for `Job.result`; an OperationProblem it raises is told to the owner.
    """

    def register(work: Work) -> Work:
        if kind in _KINDS:
            raise ValueError(f"there are two kinds of job called {kind}")
        _KINDS[kind] = work
        return work

    return register


def work_of(kind: str) -> Work:
    """Return the work of a kind. Raises LookupError for a kind that is not (any more) known."""
    from guanshu.portal.domain.jobs import kinds  # noqa: F401 - it registers them

    return _KINDS[kind]
