"""What surrounds every page of a museum, and whether its reader may type or comment."""

from guanshu.portal.models import Campaign, Role
from guanshu.portal.queries.reports import OpenReport
from guanshu.portal.web.shared.entry.frame import Facts, Frame, Visit, make_frame
from guanshu.portal.web.shared.entry.reading import Pages, Reading
from guanshu.survey.workflow.states import EDITABLE, State

PAGES = Pages(table="museum:table", check="museum:check")
_REVIEWED = {State.IN_REVIEW, State.AWAITING_STAMP}


def report_frame(reading: Reading[OpenReport], visit: Visit) -> Frame:
    """Return the surroundings of a page of a museum."""
    report = reading.opened.report
    state = State(report.state)
    facts = Facts(
        year=report.campaign.year,
        respondent=report.museum.name,
        province=report.museum.province.name,
        state=state.value,
        state_label=pill(reading),
        closed=report.campaign.closed,
        refusal="" if reading.editable else why_not(visit, state, report.campaign),
        saved_at=report.saved_at,
    )
    return make_frame(reading, visit, facts)


def table_url(number: str) -> str:
    """Return the address of a table's page."""
    return PAGES.table_url(number)


def pill(reading: Reading[OpenReport]) -> str:
    """Return 报表状态, with the comments still to settle while they can be."""
    state = State(reading.opened.report.state)
    return f"{state.label} · {reading.todo} 条待处理" if reading.todo and state in EDITABLE else state.label


def may_edit(role: str, state: State, *, closed: bool) -> bool:
    """Return whether pages offer inputs; the save operation decides again, under the lock."""
    return role == Role.FILLER.value and state in EDITABLE and not closed


def may_comment(role: str, state: State, *, closed: bool) -> bool:
    """Return whether pages offer a comment on each cell; the operation decides again, under the lock."""
    return role == Role.REVIEWER.value and state in _REVIEWED and not closed


def opens_later(campaign: Campaign) -> str:
    """Return what to say before the first day."""
    return f"{campaign.year} 年度的填报将于 {campaign.opens_on:%Y年%-m月%-d日} 开始，现在可以查看各表和指标解释。"


def why_not(visit: Visit, state: State, campaign: Campaign) -> str:
    """Return the sentence that says why nothing can be typed."""
    if campaign.closed:
        return f"{campaign.year} 年度已经结束，只能查看。"
    if visit.today < campaign.opens_on:
        return opens_later(campaign)
    if may_comment(visit.role, state, closed=False):
        return "只有填报人可以修改数据。发现问题的，点数据旁的「意见」写明，退回填报人时一并发出。"
    if visit.role != Role.FILLER.value:
        return "只有填报人可以填写和修改，您可以查看全部内容。"
    return f"报表状态为「{state.label}」，现在不能修改。"
