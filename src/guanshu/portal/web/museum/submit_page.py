"""/museum/submit/: what still blocks, then 提交馆内审核; 撤回 while the reviewer has it."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from guanshu.portal.models import Report
from guanshu.portal.problems import OperationProblem
from guanshu.portal.queries.reportpeople import Update, updates
from guanshu.portal.queries.reports import OpenReport, open_report
from guanshu.portal.queries.workflow import Situation
from guanshu.portal.web.museum.doing import buttons, do_posted
from guanshu.portal.web.museum.frame import table_url
from guanshu.portal.web.museum.pages import page, read_report, report_of, surroundings, visit_of
from guanshu.portal.web.shared.entry.panel import Link, PanelMaker
from guanshu.portal.web.shared.entry.reading import Reading
from guanshu.portal.web.shared.redirects import see_other
from guanshu.survey.workflow.actions import Action
from guanshu.survey.workflow.submission import Blocker, BlockerKind

_OFFERED = buttons(Action.SUBMIT_IN_HOUSE, Action.WITHDRAW)
# More links than this help nobody; the number of the others is told.
_MOST_LINKS = 12


@dataclass(frozen=True, slots=True)
class BlockerView:
    """One thing to mend, with links to its cells."""

    sentence: str
    links: tuple[Link, ...]
    more: int


@dataclass(frozen=True, slots=True)
class BlockerGroup:
    """The things to mend of one kind."""

    title: str
    css: str
    blockers: tuple[BlockerView, ...]


_CSS = {BlockerKind.QUASI: "quasi", BlockerKind.VERIFY: "verify", BlockerKind.COMMENT: "verify"}


@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: HttpRequest) -> HttpResponse:
    """Show what is left and the button; hand the report in, or take it back."""
    report = report_of(request)
    if request.method != "POST":
        return _show(request, report)
    try:
        action = do_posted(request, report, _OFFERED)
    except OperationProblem as problem:
        return _show(request, report_of(request), problem)
    name = "museum:home" if action is Action.WITHDRAW else "museum:submit"
    return see_other(reverse(name) + visit_of(request).query)


def _show(request: HttpRequest, report: Report, problem: OperationProblem | None = None) -> HttpResponse:
    reading = read_report(request, open_report(report))
    around = surroundings(request, reading)
    now: Situation = around["situation"]
    context = {
        **around,
        "groups": blocker_groups(reading, now.blockers, around["frame"].query),
        "people": _people(reading.opened) if Action.SUBMIT_IN_HOUSE in now.actions else [],
        "may_submit": Action.SUBMIT_IN_HOUSE in now.actions,
        "may_withdraw": Action.WITHDRAW in now.actions,
        "problem": problem.message if problem else "",
    }
    return page(request, "museum/submit.html", context, problem.status if problem else 200)


def _people(opened: OpenReport) -> list[Update]:
    """Return whose name or number on record the submission changes; all of it is told beforehand."""
    found = updates(opened.report.museum, opened.form, opened.stored.plain)
    return [each for each in found if each.renames or each.moves]


def blocker_groups(reading: Reading[OpenReport], blockers: tuple[Blocker, ...], query: str) -> tuple[BlockerGroup, ...]:
    """Return what blocks by kind, gravest first."""
    links = PanelMaker(reading, query)
    found: dict[BlockerKind, list[BlockerView]] = {}
    for blocker in blockers:
        shown = tuple(links.link(address) for address in blocker.addresses[:_MOST_LINKS])
        if blocker.table and not shown:
            table = reading.form.by_number[blocker.table]
            shown = (Link(table_url(table.number) + query, f"表{table.number}", "", table.title),)
        view = BlockerView(blocker.sentence, shown, max(0, len(blocker.addresses) - _MOST_LINKS))
        found.setdefault(blocker.kind, []).append(view)
    return tuple(BlockerGroup(kind.value, _CSS.get(kind, "mandatory"), tuple(views)) for kind, views in found.items())
