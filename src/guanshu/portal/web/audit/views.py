"""/audit/: the trail to read, to export and to verify; the seals. For the auditor alone, who changes nothing else."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from guanshu.portal import clock
from guanshu.portal.domain.trailing import (
    CSV,
    MOST_PROBLEMS,
    MOST_ROWS,
    XLSX,
    ask_verification,
    export_trail,
    last_verification,
)
from guanshu.portal.models import SaveRecord
from guanshu.portal.queries.seals import newest_seal, seals
from guanshu.portal.queries.trail import SAVE, Line, TrailFilter, actions, read_place, trail_page
from guanshu.portal.queries.trailchanges import changes_of, forms_of
from guanshu.portal.queries.trailwords import SENTENCES
from guanshu.portal.web.shared.handing import handed_out
from guanshu.portal.web.shared.reauth import VALID, confirm, is_confirmed
from guanshu.portal.web.shared.redirects import see_other
from guanshu.portal.web.shared.requests import account_of, text_of, wants_fragment

_UNPROCESSABLE = 422
_SEALS = 50


@require_safe
def trail(request: HttpRequest) -> HttpResponse:
    """List what was recorded, newest first."""
    wanted = read_filter(request.GET)
    page = trail_page(wanted, read_place(text_of(request.GET, "after")))
    context = {
        "wanted": wanted,
        "actions": actions(),
        "lines": _with_changes(page.lines),
        "query": filter_query(wanted),
        "following": page.following,
        "paged": "after" in request.GET,
        "seal": newest_seal(),
    }
    return render(request, "audit/trail_table.html" if wants_fragment(request) else "audit/trail.html", context)


def _with_changes(lines: tuple[Line, ...]) -> list[dict[str, Any]]:
    forms = forms_of(line.object for line in lines if line.is_save)
    return [
        {"line": line, "changes": tuple(changes_of(line.record, forms.get(line.object)))}
        if isinstance(line.record, SaveRecord)
        else {"line": line, "changes": ()}
        for line in lines
    ]


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest) -> HttpResponse:
    """Ask for the password, then hand the filtered records out; the export is recorded too."""
    posted = request.method == "POST"
    given = request.POST if posted else request.GET
    wanted = read_filter(given)
    problem = confirm(request) if posted else ""
    if not posted or problem:
        context = {
            "wanted": wanted,
            "fields": filter_fields(wanted),
            "query": filter_query(wanted),
            "most": MOST_ROWS,
            "problem": problem,
            "confirmed": is_confirmed(request),
            "minutes": VALID.seconds // 60,
            "form": given.get("form", CSV),
        }
        return render(request, "audit/export.html", context, status=_UNPROCESSABLE if problem else 200)
    form = XLSX if given.get("form") == XLSX else CSV
    made = export_trail(actor=account_of(request), wanted=wanted, form=form, now=clock.now())
    return handed_out(made.data, made.name)


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Show the last verification and its progress; a post asks for one."""
    if request.method == "POST":
        ask_verification(actor=account_of(request), now=clock.now())
        return see_other(reverse("audit:verify"))
    context = {"job": last_verification(account_of(request)), "most": MOST_PROBLEMS, "seal": newest_seal()}
    return render(request, "audit/verify.html", context)


@require_safe
def seal_list(request: HttpRequest) -> HttpResponse:
    """List the seals, newest first."""
    text = text_of(request.GET, "before")
    before = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
    rows = seals(before, _SEALS + 1)
    context = {"rows": rows[:_SEALS], "following": rows[_SEALS - 1].number if len(rows) > _SEALS else None}
    return render(request, "audit/seals.html", context)


def read_filter(given: QueryDict) -> TrailFilter:
    """Return what the list is to be narrowed to; what is no possible choice is ignored."""
    action = text_of(given, "action")
    return TrailFilter(
        about=text_of(given, "about"),
        actor=text_of(given, "actor"),
        action=action if action in SENTENCES or action == SAVE else "",
        since=_day(given.get("since", "")),
        until=_day(given.get("until", "")),
        text=text_of(given, "q"),
    )


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    # Beyond these a moment of the day may leave the calendar.
    return day if date(1971, 1, 1) <= day <= date(2200, 1, 1) else None


def filter_fields(wanted: TrailFilter) -> dict[str, str]:
    """Return the filter as fields of a form; only what is set."""
    fields = {
        "about": wanted.about,
        "actor": wanted.actor,
        "action": wanted.action,
        "since": wanted.since.isoformat() if wanted.since else "",
        "until": wanted.until.isoformat() if wanted.until else "",
        "q": wanted.text,
    }
    return {name: value for name, value in fields.items() if value}


def filter_query(wanted: TrailFilter) -> str:
    """Return the filter as the rest of an address."""
    return urlencode(filter_fields(wanted))
