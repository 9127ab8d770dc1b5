"""The queue as an address asks for it, and one's place in it while one reviews."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from django.http import HttpRequest, QueryDict

from guanshu.portal import clock
from guanshu.portal.models import Province, Report
from guanshu.portal.queries.lists import ListFilter
from guanshu.portal.queries.ranking import Sort
from guanshu.portal.queries.review import APPROVED, RETURNED, WAITING, QueueRow, queue
from guanshu.portal.web.shared.filters import filter_of
from guanshu.portal.web.shared.paging import by_city

GROUPS = {WAITING: "待审核", RETURNED: "已退回", APPROVED: "已通过"}
# The parameter of a review page that tells which queue one came from.
FROM = "in"
_NAMES = ("group", "city", "free", "q", "sort", "by")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the queue is narrowed to, what it goes by, and whether it is grouped by city."""

    filter: ListFilter
    group: str
    sort: Sort
    by_city: bool
    # The same as a query, without what is left at its default; the year apart.
    query: str

    @property
    def active(self) -> bool:
        """Return whether anything is left out."""
        return self.filter.active or bool(self.group)


def read_wanted(query: QueryDict) -> Wanted:
    """Return what the query of the queue's address asks for; what is no possible choice is ignored."""
    group = query.get("group", "")
    kept = QueryDict(mutable=True)
    for name in _NAMES:
        value = query.get(name, "")
        if value and len(value) <= _LONGEST and "\x00" not in value:
            kept[name] = value
    return Wanted(
        filter=filter_of(query),
        group=group if group in GROUPS else "",
        sort=next((sort for sort in Sort if sort.value == query.get("sort")), Sort.DUE),
        by_city=query.get("by") == "city",
        query=kept.urlencode(),
    )


_LONGEST = 60


def read_from(request: HttpRequest) -> Wanted:
    """Return the queue that a review page was opened from; without word of it the plain one."""
    return read_wanted(QueryDict(request.GET.get(FROM, "")[:500]))


def keeping(wanted: Wanted) -> str:
    """Return the part of an address that keeps one in this queue, "" for the plain one."""
    return f"{FROM}={quote(wanted.query)}" if wanted.query else ""


@dataclass(frozen=True, slots=True)
class Place:
    """One's place in the queue: number of all, and the rows beside it. A report that has left it has no number."""

    number: int
    count: int
    previous: QueueRow | None
    next: QueueRow | None
    row: QueueRow | None


def place_of(report: Report, province: Province, wanted: Wanted) -> Place:
    """Return where a report stands in the queue, and what comes before and after it.

    A report that was decided on and so left the queue is followed by the queue's first.
    """
    found: Sequence[QueueRow] = queue(
        report.campaign, province, wanted.filter, wanted.group, clock.today(), sort=wanted.sort
    ).rows
    if wanted.by_city:
        found = by_city(found)
    at = next((place for place, row in enumerate(found) if row.museum.number == report.number), None)
    if at is None:
        return Place(0, len(found), None, found[0] if found else None, None)
    before = found[at - 1] if at else None
    after = found[at + 1] if at + 1 < len(found) else None
    return Place(at + 1, len(found), before, after, found[at])
