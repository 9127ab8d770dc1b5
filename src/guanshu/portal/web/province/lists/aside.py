"""What stands above a list: proposals and files to fill it from, and where it differs from what the system knows."""

from typing import Any

from guanshu.portal.domain.filing.offering import TITLES, register_differences
from guanshu.portal.queries.filings import OpenFiling
from guanshu.portal.queries.listed import role_of_list
from guanshu.portal.web.shared.entry.reading import Reading
from guanshu.survey.definition.model import Table, TableKind


def asides_of(reading: Reading[OpenFiling], table: Table) -> dict[str, Any]:
    """Return what the page of a list says besides the list itself."""
    role = role_of_list(reading.opened, table)
    asked = reading.evaluation.states[table.number].applies
    tools = reading.editable and asked and table.kind is TableKind.ROWS
    free = role == "free" and asked and not reading.opened.filing.campaign.closed
    return {
        "proposal_title": TITLES.get(role, "") if tools else "",
        "importable": tools,
        "differences": register_differences(reading.opened) if free else (),
    }
