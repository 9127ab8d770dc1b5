"""催报: the log, and reminding museums by hand: choose on the status page, look at who gets what, send.

The province's pages and those of a city (市级查看) differ in whose museums they are and where they lie.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from guanshu.portal import clock
from guanshu.portal.access import reports, visible_to
from guanshu.portal.domain.reminding import LONGEST_NOTE, Outcome, preview, remind_by_hand
from guanshu.portal.domain.reporting.noting import business_moment
from guanshu.portal.models import Campaign, Province, Report
from guanshu.portal.problems import NotYours, OperationProblem
from guanshu.portal.queries.lists import reports_in
from guanshu.portal.queries.reminders import MOST_A_DAY, by_hand_today
from guanshu.portal.web.shared.filters import read_filter, read_year
from guanshu.portal.web.shared.redirects import see_other
from guanshu.portal.web.shared.reminder_log import channel, log_context
from guanshu.portal.web.shared.requests import account_of, wants_fragment
from guanshu.survey.workflow.actions import Actor
from guanshu.survey.workflow.calendar import Holidays
from guanshu.survey.workflow.reminders import AWAITED, next_allowed, not_now, said

_PEOPLE = {"": "当前经办人", Actor.FILLER.value: "填报人", Actor.REVIEWER.value: "审核人"}


@dataclass(frozen=True, slots=True)
class Desk:
    """Where reminders are sent from: whose museums, and the names of the desk's addresses."""

    province: Province
    log: str
    prepare: str
    send: str
    back: str
    city: str = ""


def log_page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show who was reminded of what, by rule or by hand."""
    campaign = read_year(request)
    if campaign is None:
        return render(request, "shared/reminders.html", {"province": desk.province, "desk": desk})
    context = {**log_context(request, campaign, desk.province, desk.city), "desk": desk}
    template = "shared/reminder_table.html" if wants_fragment(request) else "shared/reminders.html"
    return render(request, template, context)


def prepare_page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Show who would get what; nothing is sent yet."""
    return _page(request, desk, _Posted.read(request, desk))


def send_page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Send it, or leave it for the next allowed moment."""
    posted = _Posted.read(request, desk)
    try:
        outcome = remind_by_hand(
            reports=posted.ticked,
            actor=account_of(request),
            role=posted.role,
            note=posted.note,
            now=clock.now(),
            again=posted.again,
            later=request.POST.get("later") == "1",
        )
    except NotYours:
        raise
    except OperationProblem as problem:
        return _page(request, desk, posted, problem)
    _tell(request, outcome, posted)
    return see_other(f"{reverse(desk.log)}?year={posted.campaign.year}")


@dataclass(frozen=True, slots=True)
class _Posted:
    """What the forms bring. listed: everything on the preview; ticked: what is to be sent; again: confirmed seconds."""

    campaign: Campaign
    listed: Sequence[Report]
    ticked: Sequence[Report]
    again: frozenset[str]
    role: Actor | None
    note: str

    @classmethod
    def read(cls, request: HttpRequest, desk: Desk) -> "_Posted":
        """Return the posted choice. Raises Http404 for a report of another province, or none."""
        post, campaign = request.POST, read_year(request)
        if campaign is None:
            raise Http404
        ticked, again = {*post.getlist("report"), *post.getlist("again")}, frozenset(post.getlist("again"))
        if post.get("all") == "1":
            ticked = numbers = _everybody(request, campaign, desk)
        else:
            numbers = set(post.getlist("listed")) or ticked
        found = list(
            reports()
            .filter(visible_to(account_of(request)), campaign=campaign, number__in=numbers)
            .order_by("museum__code")
        )
        if len(found) != len(numbers) or not ticked <= {*numbers}:
            raise Http404
        role = next((actor for actor in (Actor.FILLER, Actor.REVIEWER) if actor.value == post.get("role")), None)
        chosen = [report for report in found if report.number in ticked]
        return cls(campaign, found, chosen, again, role, post.get("note", "").strip())


def _everybody(request: HttpRequest, campaign: Campaign, desk: Desk) -> set[str]:
    """Return the reports of the list as it is filtered that are not handed in."""
    states = [state.value for state in AWAITED]
    wanted = read_filter(request)
    if desk.city:
        wanted = replace(wanted, city=desk.city)
    found = reports_in(campaign, wanted, desk.province).filter(state__in=states)
    return set(found.values_list("number", flat=True))


def _page(request: HttpRequest, desk: Desk, posted: _Posted, problem: OperationProblem | None = None) -> HttpResponse:
    today = clock.today()
    moment, holidays = business_moment(clock.now(), today), Holidays.read(posted.campaign.holidays)
    lines = preview(reports=posted.listed, role=posted.role, today=today)
    if problem is None:
        status, sentence = (200, "") if lines else (422, "还没有选择科技馆，请返回填报状态页面勾选要催报的科技馆。")
    else:
        status, sentence = problem.status, problem.message
    ticked = {report.number for report in posted.ticked} if request.POST.get("listed") else None
    context = {
        "campaign": posted.campaign,
        "desk": desk,
        "lines": lines,
        "ready": sum(not line.candidate.refusal for line in lines),
        "ticked": ticked,
        "role": posted.role.value if posted.role else "",
        "people": _PEOPLE,
        "note": posted.note,
        "longest": LONGEST_NOTE,
        "not_now": not_now(moment, holidays),
        "then": said(next_allowed(moment, holidays)),
        "most": MOST_A_DAY,
        "sent_today": by_hand_today(desk.province, today),
        "problem": sentence,
        **channel(),
    }
    return render(request, "shared/remind.html", context, status=status)


def _tell(request: HttpRequest, outcome: Outcome, posted: _Posted) -> None:
    if outcome.sent:
        messages.success(request, f"已交短信通道发送 {outcome.sent} 条，发送结果见下表。")
    if outcome.planned:
        holidays = Holidays.read(posted.campaign.holidays)
        then = said(next_allowed(business_moment(clock.now(), clock.today()), holidays))
        messages.success(request, f"{outcome.planned} 条将在 {then} 自动发送；届时已经提交的不再发送。")
    if outcome.skipped:
        names = "；".join(f"{name}（{why}）" for name, why in outcome.skipped[:5])
        more = f" 等 {len(outcome.skipped)} 座" if len(outcome.skipped) > 5 else ""
        messages.warning(request, f"没有发送：{names}{more}。")
