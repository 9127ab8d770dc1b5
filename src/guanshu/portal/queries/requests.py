"""Applications and corrections as pages read them: what may be done, what happened, how many wait."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, Value

from guanshu.portal.access import applications, corrections
from guanshu.portal.models import (
    Account,
    Application,
    AuditRecord,
    Correction,
    Museum,
    Role,
    StoredFile,
)
from guanshu.portal.queries.registerchange import value_label
from guanshu.portal.queries.standing import actor_of
from guanshu.survey.workflow.requests import APPLICATION, CORRECTION, RequestAction, RequestState, possible

_READ = (RequestState.APPROVED.value, RequestState.REFUSED.value, RequestState.RETURNED.value)


def actions_for(account: Account, asked: Application | Correction) -> tuple[RequestAction, ...]:
    """Return what the account may do about a request it can see."""
    moves = APPLICATION if isinstance(asked, Application) else CORRECTION
    return possible(moves, asked.standing, actor_of(account))


def stream_of(asked: Application | Correction) -> str:
    """Return the stream in which a request's history is kept."""
    return f"{'application' if isinstance(asked, Application) else 'correction'}:{asked.number}"


@dataclass(frozen=True, slots=True)
class RequestEvent:
    """One line of a request's history."""

    at: datetime
    action: str
    actor: str
    role: str
    after: str
    reason: str


def request_history(asked: Application | Correction) -> list[RequestEvent]:
    """Return what happened to a request, newest first."""
    words = {action.value: action.label for action in RequestAction}
    records = AuditRecord.objects.filter(stream=stream_of(asked), action__in=words).order_by("-seq")
    return [
        RequestEvent(
            record.at,
            words[record.action],
            record.actor,
            Role.label_of(record.details.get("role", "")),
            RequestState(record.details["to"]).label,
            record.details.get("reason", ""),
        )
        for record in records
    ]


def evidence_of(asked: Application | Correction) -> StoredFile | None:
    """Return the file that proves a request."""
    return asked.files.first()


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """A correction with its values in words."""

    correction: Correction
    old: str
    new: str
    actions: tuple[RequestAction, ...]


def line_of(correction: Correction, account: Account) -> CorrectionLine:
    """Return a correction as lists and pages show it to the account."""
    what = correction.what
    old, new = value_label(what, correction.old), value_label(what, correction.new)
    return CorrectionLine(correction, old, new, actions_for(account, correction))


def corrections_of(museum: Museum) -> list[Correction]:
    """Return a museum's corrections, newest first."""
    return list(Correction.objects.select_related("province", "museum").filter(museum=museum))


def badges(account: Account) -> dict[str, int]:
    """Return how many things wait behind a page of the navigation, by the page's name. One statement."""
    if account.role == Role.PROVINCE.value:
        return _counted(account, "province", Q(state__in=_READ, read_at=None), Q(state=RequestState.AT_PROVINCE.value))
    if account.role == Role.SYSTEM.value:
        waiting = Q(state=RequestState.AT_NATION.value)
        return _counted(account, "national", waiting, waiting)
    return {}


def _counted(account: Account, audience: str, of_applications: Q, of_corrections: Q) -> dict[str, int]:
    names = (f"{audience}:applications", f"{audience}:corrections")
    first = applications(account).filter(of_applications).annotate(page=Value(names[0]))
    second = corrections(account).filter(of_corrections).annotate(page=Value(names[1]))
    pages = [found.order_by().values_list("page", flat=True) for found in (first, second)]
    counts = Counter(pages[0].union(pages[1], all=True))
    return {name: counts[name] for name in names}
