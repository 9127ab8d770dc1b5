"""/province/materials/tables/<number>/proposal/: what the list could hold, row by row; one button takes the chosen."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from guanshu.portal.domain.filing.offering import TITLES, propose
from guanshu.portal.domain.filing.proposing import Offered, Proposal, changes_of
from guanshu.portal.queries.filings import OpenFiling
from guanshu.portal.queries.listed import role_of_list
from guanshu.portal.web.province.lists.pages import open_page, page, save, surroundings
from guanshu.portal.web.province.lists.saved import tell
from guanshu.portal.web.shared.entry.posting import find_table
from guanshu.portal.web.shared.entry.reading import Reading, shown_text
from guanshu.portal.web.shared.entry.wire import SaveRequest
from guanshu.portal.web.shared.redirects import see_other
from guanshu.survey.definition.model import Cell, Table
from guanshu.survey.values.base import Kind
from guanshu.survey.values.missing import BLANK


@dataclass(frozen=True, slots=True)
class ShownCell:
    """One cell of a proposal: what it would hold, and what it holds now where that would change."""

    label: str
    text: str
    before: str
    changed: bool
    numeric: bool


@dataclass(frozen=True, slots=True)
class ShownOffer:
    """One row of a proposal."""

    row: str
    name: str
    adds: bool
    chosen: bool
    cells: tuple[ShownCell, ...]
    beside: tuple[tuple[str, str], ...]


@require_http_methods(["GET", "HEAD", "POST"])
def proposal(request: HttpRequest, number: str) -> HttpResponse:
    """Show what is proposed for a list; take the rows that are chosen."""
    reading = open_page(request)
    table, offered = _offered(reading, number)
    around = surroundings(request, reading, number)
    list_url = reading.pages.table_url(number) + around["frame"].query
    if request.method == "POST":
        chosen = request.POST.getlist("take")
        changes = changes_of(offered, chosen)
        if not changes:
            messages.warning(request, "没有选中任何一行，名单没有改动。")
            return see_other(request.get_full_path())
        posted = SaveRequest(f"form-{secrets.token_hex(16)}", request.POST.urlencode().encode(), changes)
        tell(
            request, save(request, reading.opened.filing, posted), f"已将选中的 {len(chosen)} 行填入名单，请逐行核对。"
        )
        return see_other(list_url)
    title = TITLES[role_of_list(reading.opened, table)]
    context = {
        **around,
        "page_number": number,
        "table": table,
        "title": title,
        "proposal": offered,
        "rows": _shown(offered),
        "list_url": list_url,
        "action": request.get_full_path(),
        "here_step": True,
    }
    return page(request, "province/lists/proposal.html", context)


def _offered(reading: Reading[OpenFiling], number: str) -> tuple[Table, Proposal]:
    """Return a list and what is proposed for it. Raises Http404 where nothing is: a closed year, another table."""
    table = find_table(reading, number)
    offered = propose(reading.opened, role_of_list(reading.opened, table)) if reading.editable else None
    if offered is None or not reading.evaluation.states[number].applies:
        raise Http404
    return table, offered


def _shown(offered: Proposal) -> Sequence[ShownOffer]:
    return [
        ShownOffer(
            row=offer.row,
            name=offer.name,
            adds=offer.adds,
            chosen=offer.chosen,
            cells=tuple(_cell(cell, offer) for cell in offered.columns),
            beside=tuple(zip(offered.heads, offer.beside, strict=False)),
        )
        for offer in offered.offers
    ]


def _cell(cell: Cell, offer: Offered) -> ShownCell:
    value, before = offer.values.get(cell.name, BLANK), offer.before.get(cell.name, BLANK)
    changed = not offer.adds and cell.name in offer.values
    return ShownCell(
        label=cell.label,
        text=shown_text(cell, value),
        before=shown_text(cell, before) or "空白" if changed else "",
        changed=changed,
        numeric=cell.type.kind is Kind.NUMBER,
    )
