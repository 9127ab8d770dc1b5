"""Everything on the page of a whole report: its tables with what is said about them, and what lies beside them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.http import HttpRequest

from guanshu.portal import clock
from guanshu.portal.models import CellComment, Report, Waiver
from guanshu.portal.queries.campaigns import Deadline
from guanshu.portal.queries.comparison import Difference, changes_between
from guanshu.portal.queries.heldscans import eye_check
from guanshu.portal.queries.people import moved_phones
from guanshu.portal.queries.reports import OpenReport, open_report
from guanshu.portal.queries.review import (
    attachments,
    comments_of,
    has_looked,
    last_look,
    last_return,
    version_before,
    version_looked_at,
    waits,
    waivers_of,
)
from guanshu.portal.queries.workflow import Situation, history, situation
from guanshu.portal.web.shared.acting import AT_ONCE
from guanshu.portal.web.shared.requests import account_of
from guanshu.portal.web.shared.sheets import Look, ShownTable, make_sheets
from guanshu.portal.web.shared.talks import FindingView, TableView, Talk
from guanshu.survey.checks.findings import CheckClass
from guanshu.survey.workflow.calendar import Holidays

REVEALED_FOR = timedelta(minutes=10)
_REVEALED = "revealed"
SHOWS = {"all": "全部数据", "marked": "有问题或有意见的表", "changed": "与上一版本不同的表"}
_SIDES = {"notes", "scan"}


def note_reveal(request: HttpRequest, report: Report) -> None:
    """Let this session see the report's hidden names for ten minutes."""
    request.session[_REVEALED] = {report.number: clock.now().timestamp()}


def is_revealed(request: HttpRequest, report: Report) -> bool:
    """Return whether this session asked to see the report's hidden names a moment ago."""
    given = (request.session.get(_REVEALED) or {}).get(report.number)
    return isinstance(given, int | float) and 0 <= clock.now().timestamp() - given <= REVEALED_FOR.total_seconds()


def review_context(request: HttpRequest, report: Report, *, remarks: bool = False) -> dict[str, Any]:
    """Return what the template of a whole report needs; `report` is from access_report.

    remarks: whether the reader may say something about cells although it has no part in the workflow (免费开放审核).
    """
    account = account_of(request)
    opened = open_report(report)
    now = situation(report, account, opened)
    look = last_look(report, account.role)
    earlier = version_looked_at(look) if look is not None else version_before(report)
    differences = changes_between(earlier, opened) if earlier is not None else {}
    before = {address: found.old for address, found in differences.items()}
    tables = make_sheets(opened, Look(before, is_revealed(request, report)))
    said, waivers = comments_of(report, account.role), waivers_of(report)
    talking = remarks or may_comment(now)
    talk = Talk(said, request.GET.get("comment", "") if talking else "")
    views = [talk.view(table) for table in tables]
    return {
        "report": report,
        "campaign": report.campaign,
        "situation": now,
        "deadline": _deadline(now),
        "waits": waits(report, Holidays.read(report.campaign.holidays), clock.today()),
        "buttons": [(action, action in AT_ONCE) for action in now.actions],
        "may_comment": talking,
        "may_waive": any(operation.name == "WAIVE" for operation in now.operations),
        "earlier": earlier,
        "differences": len(before),
        "look": look,
        "looked": has_looked(report, account.role),
        "changes": _changes(differences.values(), tables) if look is not None else [],
        "views": _wanted(views, request.GET.get("show", "")),
        "groups": _groups(views),
        "shows": SHOWS,
        "show": request.GET.get("show", "") or "all",
        "side": request.GET.get("side") if request.GET.get("side") in _SIDES else "notes",
        "findings": finding_views(opened, tables, waivers),
        "waivers": waivers,
        "counts": [(cls, sum(table.counts.get(cls, 0) for table in tables)) for cls in CheckClass],
        "drafts": sum(comment.draft for comment in said),
        "published": _last_round(said, report),
        "returned": last_return(report) if report.round else None,
        "attachments": attachments(opened),
        "scan": now.standing.scan,
        "eye_check": eye_check(report, now.standing.scan),
        "scan_current": now.standing.facts.stamp_current,
        "history": history(report),
        "moved_phones": moved_phones(report.number),
        "revealed": is_revealed(request, report),
        "personal": any(cell.personal for cell in opened.compiled.questionnaire.cells.values()),
    }


def may_comment(now: Situation) -> bool:
    """Return whether comments may be written now."""
    return any(operation.name == "COMMENT" for operation in now.operations)


def _changes(found: Iterable[Difference], tables: Sequence[ShownTable]) -> list[tuple[Difference, bool]]:
    """Return the differences, each with whether it is of a cell one can say something about."""
    lines = (line for table in tables for line in (*table.lines, *table.totals))
    cells = {address for line in lines for address in line.addresses}
    return [(each, each.address in cells) for each in found]


def _deadline(now: Situation) -> Deadline:
    days = (now.deadline - clock.today()).days
    return Deadline("馆填报截止", now.deadline, days)


def _wanted(views: Sequence[TableView], show: str) -> list[TableView]:
    if show == "marked":
        return [view for view in views if view.marked]
    return [view for view in views if view.table.changed] if show == "changed" else list(views)


def _groups(views: Sequence[TableView]) -> list[tuple[str, list[TableView]]]:
    found: dict[str, list[TableView]] = {}
    for view in views:
        found.setdefault(view.table.group, []).append(view)
    return list(found.items())


def finding_views(opened: OpenReport, tables: Sequence[ShownTable], waivers: Mapping[str, Waiver]) -> list[FindingView]:
    """Return all findings, gravest first, each with its waiver."""
    titles = {table.number: table.title for table in tables}
    order = list(CheckClass)
    found = sorted(opened.evaluation.findings, key=lambda finding: order.index(finding.cls))
    return [
        FindingView(finding, waivers.get(finding.key), f"表{finding.table} {titles.get(finding.table, '')}")
        for finding in found
    ]


def _last_round(said: Sequence[CellComment], report: Report) -> list[CellComment]:
    return [comment for comment in said if comment.round is not None and comment.round == report.round]
