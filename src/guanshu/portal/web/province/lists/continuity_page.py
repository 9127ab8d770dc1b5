"""/province/materials/continuity/: what became of the museums of last year's lists."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from guanshu.portal import clock
from guanshu.portal.domain.filing.continuing import answer_continuity
from guanshu.portal.problems import Incomplete
from guanshu.portal.queries.continuity import TO_BE_FREE, TO_OPEN, asked
from guanshu.portal.queries.filings import OpenFiling
from guanshu.portal.web.province.lists.pages import open_page, page, surroundings
from guanshu.portal.web.shared.entry.reading import Reading
from guanshu.portal.web.shared.redirects import see_other
from guanshu.portal.web.shared.requests import account_of


@require_http_methods(["GET", "HEAD", "POST"])
def continuity(request: HttpRequest) -> HttpResponse:
    """Show every museum that is due; keep what the province says of one."""
    reading = open_page(request)
    if request.method != "POST":
        return _show(request, reading)
    post = request.POST
    listed, row = post.get("listed", ""), post.get("row", "")
    fate, note = post.get("fate", ""), post.get("note", "")
    try:
        kept = answer_continuity(
            filing=reading.opened.filing,
            actor=account_of(request),
            listed=listed,
            row=row,
            fate=fate,
            note=note,
            now=clock.now(),
        )
    except Incomplete as problem:
        typed = {"key": f"{listed}-{row}", "fate": fate, "note": note, "problem": problem.message}
        return _show(request, reading, typed, problem.status)
    messages.success(request, f"「{kept.name}」已记为{kept.get_fate_display()}。")
    return see_other(request.get_full_path())


def _show(
    request: HttpRequest, reading: Reading[OpenFiling], typed: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    found = asked(reading.opened)
    context = {
        **surroundings(request, reading),
        "asked": found,
        "left": sum(each.open for each in found),
        "has_last": reading.opened.last is not None,
        "to_be_free": _labels(reading, TO_BE_FREE),
        "to_open": _labels(reading, TO_OPEN),
        "last_year": reading.opened.filing.campaign.year - 1,
        "typed": typed,
        "action": request.get_full_path(),
        "here_step": True,
    }
    return page(request, "province/lists/continuity.html", context, status)


def _labels(reading: Reading[OpenFiling], roles: tuple[str, ...]) -> str:
    """Return what the lists with these roles are called."""
    known = (reading.form.lists[role].table for role in roles if role in reading.form.lists)
    return "、".join(reading.form.by_name[table].number_label for table in known)
