"""What 免费开放审核 remarked on a report, with the names of the cells."""

from dataclasses import dataclass

from guanshu.portal.models import Report, ReportRemark
from guanshu.portal.queries.forms import form
from guanshu.portal.queries.shown import name_of
from guanshu.survey.workflow.states import State

_WITH_THE_PROVINCE = frozenset({State.SUBMITTED, State.APPROVED})


@dataclass(frozen=True, slots=True)
class RemarkView:
    """A remark and the place it is about; "" for the report as a whole."""

    remark: ReportRemark
    place: str


def may_remark(report: Report) -> bool:
    """Return whether the report is where remarks on it make sense: with the province, in an open year."""
    return State(report.state) in _WITH_THE_PROVINCE and not report.campaign.closed


def remarks_of(report: Report) -> list[RemarkView]:
    """Return the remarks that stand, oldest first."""
    found = form(report.questionnaire_id)
    views = []
    for remark in ReportRemark.objects.filter(report=report, withdrawn_at=None).order_by("pk"):
        place = ""
        if remark.address:
            name = name_of(found, found.address(remark.address))
            place = f"表{name.table} {name.label}"
        views.append(RemarkView(remark, place))
    return views
