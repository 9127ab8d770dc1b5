"""Reports by who asks for them."""

from functools import cache
from typing import Any

from django.db.models import Aggregate, Exists, F, OuterRef, Q, QuerySet, Subquery, TextField
from django.http import Http404

from guanshu.portal.access.prepared import Prepared
from guanshu.portal.models import Account, FreeStatus, Report, Role, StoredFile

_NATIONAL = (Role.SYSTEM.value, Role.NATIONAL_VIEWER.value)
_NONE = "没有这份报表，或者您的账号无权查看。"


def reports() -> QuerySet[Report]:
    """Return reports with what opening one needs, in one statement: museum, campaign, free status, last year's report.

    Annotates `free_this_year`, `free_last_year`, `last_id` and `last_head`; not limited to anybody, so never hand it
    to a view.
    """
    return _reports().all()


@cache
def _reports() -> QuerySet[Report]:
    """Return the queryset itself, built once: building it takes longer than the database needs to answer it."""
    free = FreeStatus.objects.filter(museum=OuterRef("museum"))
    last = Report.objects.filter(museum=OuterRef("museum"), campaign__year=OuterRef("campaign__year") - 1)
    return Report.objects.select_related("museum__province", "campaign").annotate(
        free_this_year=Exists(free.filter(year=OuterRef("campaign__year"))),
        free_last_year=Exists(free.filter(year=OuterRef("campaign__year") - 1)),
        last_id=Subquery(last.values("pk")[:1]),
        last_head=Subquery(last.values("head")[:1]),
    )


# Stand-ins: no museum and no year has such a number (a year must still fit its column).
_MUSEUM, _YEAR = -987654321, 31999


class _Joined(Aggregate):
    """Texts of several rows in one, with spaces between."""

    function = "STRING_AGG"
    template = "%(function)s(%(expressions)s, ' ')"

    def as_sqlite(self, compiler: Any, connection: Any, **extra_context: Any) -> Any:
        return self.as_sql(compiler, connection, function="GROUP_CONCAT", **extra_context)


def _of_museum() -> QuerySet[Report]:
    """Return a museum's reports with `purposes`, those that have a file now: every page and every save needs them."""
    files = StoredFile.objects.filter(report=OuterRef("pk"), superseded_at=None).order_by().values("report")
    purposes = files.annotate(joined=_Joined("purpose", output_field=TextField())).values("joined")
    # The summary is for lists; a museum's own pages evaluate the report.
    return _reports().filter(museum=_MUSEUM).defer("summary").annotate(purposes=Subquery(purposes))


@cache
def _own() -> Prepared[Report]:
    return Prepared(_of_museum().order_by("-campaign__year")[:1], {"museum": _MUSEUM})


@cache
def _own_of_year() -> Prepared[Report]:
    return Prepared(_of_museum().filter(campaign__year=_YEAR), {"museum": _MUSEUM, "year": _YEAR})


def visible_to(account: Account) -> Q:
    """Return the condition under which an account may see a report; nothing for roles that read no reports."""
    if account.museum_id is not None:
        return Q(museum=account.museum_id)
    if account.role == Role.PROVINCE.value:
        return Q(museum__province=account.province_id)
    if account.role == Role.CITY_VIEWER.value and account.city:
        return Q(museum__province=account.province_id, museum__city=account.city)
    if account.role in _NATIONAL:
        return Q()
    if account.role == Role.FREE_REVIEWER.value:
        return Q(museum__free_years__year=F("campaign__year"))
    return Q(pk__in=[])


def access_report(account: Account, number: str) -> Report:
    """Return the report with this number if the account may see it. Raises Http404, for strangers as for no report."""
    report = reports().filter(visible_to(account), number=number).first() if account.is_active else None
    if report is None:
        raise Http404(_NONE)
    return report


def own_report(account: Account, year: int | None = None) -> Report:
    """Return the museum's report of a year, or of the newest campaign. Raises Http404 when there is none."""
    if account.museum_id is None or not account.is_active:
        raise Http404(_NONE)
    if year is None:
        report = _own().first(museum=account.museum_id)
    else:
        report = _own_of_year().first(museum=account.museum_id, year=year)
    if report is None:
        raise Http404(_NONE)
    return report
