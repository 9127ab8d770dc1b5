"""名单汇总: the provinces' lists counted unit by unit, and all of them as one workbook."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from guanshu.portal import clock
from guanshu.portal.domain.filing.merging import export_merged_lists, merged_content
from guanshu.portal.models import Campaign
from guanshu.portal.queries.campaigns import campaign_years
from guanshu.portal.web.shared.filters import read_year
from guanshu.portal.web.shared.reauth import VALID, confirm, is_confirmed
from guanshu.portal.web.shared.requests import account_of
from guanshu.portal.web.shared.workbooks import workbook_response
from guanshu.survey.definition.model import Table


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def lists(request: HttpRequest) -> HttpResponse:
    """Show how many rows each unit's lists have (GET), or hand out the workbook when the password is right (POST)."""
    campaign = read_year(request)
    if campaign is None or campaign.province_form_id is None:
        context = {"campaign": campaign, "years": campaign_years(), "rows": None}
        return render(request, "national/lists.html", context)
    if request.method != "POST":
        return _show(request, campaign)
    unsubmitted = request.POST.get("unsubmitted") == "1"
    problem = confirm(request)
    if problem:
        return _show(request, campaign, problem, unsubmitted=unsubmitted)
    account = account_of(request)
    return workbook_response(
        export_merged_lists(campaign=campaign, actor=account, now=clock.now(), unsubmitted=unsubmitted)
    )


def label_of(table: Table) -> str:
    """Return what a list is called in few words: 附件4."""
    return table.heading.get("number_label") or table.title


def _show(request: HttpRequest, campaign: Campaign, problem: str = "", *, unsubmitted: bool = False) -> HttpResponse:
    content = merged_content(campaign, by="", now=clock.now(), unsubmitted=True)
    tables = content.tables
    form = content.questionnaire
    rows = [(unit, [(label_of(table), unit.count(form, table)) for table in tables]) for unit in content.units]
    sums = [
        (label_of(table), sum(len(unit.answers.rows.get(table.name, ())) for unit in content.units)) for table in tables
    ]
    context = {
        "campaign": campaign,
        "years": campaign_years(),
        "tables": tables,
        "rows": rows,
        "sums": sums,
        "submitted": sum(unit.submitted for unit in content.units),
        "confirmed": is_confirmed(request),
        "minutes": VALID.seconds // 60,
        "problem": problem,
        "unsubmitted": unsubmitted,
    }
    return render(request, "national/lists.html", context, status=422 if problem else 200)
