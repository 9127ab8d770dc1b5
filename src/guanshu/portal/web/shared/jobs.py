"""How far a job is: a fragment that asks again by itself, or a page that is reloaded.

A page shows a job with `{% include "shared/job.html" with job=job %}`; when it has ended, the page is loaded again to
show what came of it, unless somebody is typing there (js/portal.js).
"""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from guanshu.portal.models import JobState
from guanshu.portal.queries.jobs import own_job
from guanshu.portal.web.shared.requests import account_of, is_htmx

app_name = "jobs"
_ENDED = frozenset({JobState.DONE.value, JobState.FAILED.value})


@require_safe
def job(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """Show a job to whoever asked for it; once it has ended, have the page around it loaded again."""
    account = account_of(request)
    found = own_job(account, job_id)
    template = "shared/job.html" if is_htmx(request) else "shared/job_page.html"
    response = render(request, template, {"job": found})
    if is_htmx(request) and found.state in _ENDED:
        response["HX-Trigger-After-Swap"] = "job-ended"
    return response


urlpatterns = [path("<uuid:job_id>/", job, name="job")]
