"""/province/submission/packages/<serial>/: what is in a package, and what differs from the one handed in before."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from guanshu.portal import clock
from guanshu.portal.domain.filing.arriving import assign_member, receive_package
from guanshu.portal.models import Filing, Package
from guanshu.portal.problems import OperationProblem
from guanshu.portal.queries.filings import open_filing
from guanshu.portal.queries.packages import assignable, compare_packages, contents, packages
from guanshu.portal.web.province.submission.common import (
    filing_of,
    surroundings,
    told,
    went_on,
    year_query,
)
from guanshu.portal.web.province.submission.page import show
from guanshu.portal.web.shared.redirects import see_other
from guanshu.portal.web.shared.requests import account_of
from guanshu.portal.web.shared.uploads import received_file


@require_safe
def package(request: HttpRequest, serial: int) -> HttpResponse:
    """Show a package file by file, compared with the one before it."""
    filing = filing_of(request)
    return _show(request, filing, serial)


@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Take the province's own archive; what was found in it is on the package's page."""
    filing = filing_of(request)
    try:
        made = receive_package(
            filing=filing, upload=received_file(request, "file"), actor=account_of(request), now=clock.now()
        )
    except OperationProblem as problem:
        return told(request, problem) or show(request, filing_of(request), problem)
    return went_on(request, reverse("province:package", args=[made.serial]) + year_query(request))


@require_POST
def assign(request: HttpRequest, serial: int) -> HttpResponse:
    """Say which item an unclear file of the archive is."""
    filing = filing_of(request)
    package_of(filing, serial)
    name, item = request.POST.get("name", ""), request.POST.get("item", "")
    try:
        assign_member(filing=filing, serial=serial, name=name, item=item, actor=account_of(request), now=clock.now())
    except OperationProblem as problem:
        return _show(request, filing_of(request), serial, problem)
    messages.success(request, f"已指定「{name}」。")
    return see_other(reverse("province:package", args=[serial]) + year_query(request))


def _show(request: HttpRequest, filing: Filing, serial: int, problem: OperationProblem | None = None) -> HttpResponse:
    found = package_of(filing, serial)
    opened = open_filing(filing)
    around = surroundings(request, filing)
    newest = not Package.objects.filter(filing=filing, serial__gt=serial).exists()
    before = next((each for each in packages(filing) if each.serial < found.serial and each.submitted_at), None)
    context = {
        **around,
        "package": found,
        "contents": contents(found, opened),
        "assignable": assignable(found, opened) if newest and around["editable"] else (),
        "problem": problem.message if problem else "",
        "before": before,
        "compared": compare_packages(before, found) if before is not None else (),
    }
    return render(request, "province/filing_package.html", context, status=problem.status if problem else 200)


def package_of(filing: Filing, serial: int) -> Package:
    """Return a package of the filing. Raises Http404."""
    found = Package.objects.select_related("file").filter(filing=filing, serial=serial).first()
    if found is None:
        raise Http404
    return found
