"""The states of a respondent's report, with the labels people see (product §3)."""

from enum import Enum


class State(Enum):
    """State of one report; `label` is 报表状态, `review_label` is 省级审核状态."""

    NOT_STARTED = "not_started"
    FILLING = "filling"
    IN_REVIEW = "in_review"
    RETURNED_IN_HOUSE = "returned_in_house"
    AWAITING_STAMP = "awaiting_stamp"
    SUBMITTED = "submitted"
    RETURNED_BY_PROVINCE = "returned_by_province"
    APPROVED = "approved"
    EXEMPT = "exempt"

    @property
    def label(self) -> str:
        """Return 报表状态 as screens and files print it."""
        return _LABELS[self][0]

    @property
    def review_label(self) -> str:
        """Return 省级审核状态 of a report that was never returned, – where the province has nothing to say yet.

        Pages and files about one report use `review_label`, the function, which knows of returns.
        """
        return _LABELS[self][1]


_LABELS = {
    State.NOT_STARTED: ("未填报", "–"),
    State.FILLING: ("填报中", "–"),
    State.IN_REVIEW: ("待馆内审核", "–"),
    State.RETURNED_IN_HOUSE: ("馆内退回", "–"),
    State.AWAITING_STAMP: ("待上传盖章扫描件", "–"),
    State.SUBMITTED: ("已完成", "待审核"),
    State.RETURNED_BY_PROVINCE: ("省级退回", "已退回"),
    State.APPROVED: ("已完成", "已通过"),
    State.EXEMPT: ("免报", "–"),
}

# Values can be edited in these states only.
EDITABLE = frozenset({State.NOT_STARTED, State.FILLING, State.RETURNED_IN_HOUSE, State.RETURNED_BY_PROVINCE})

# Where a report stands that goes through the museum's own steps; after a return the province still says 已退回.
_IN_THE_MUSEUM = frozenset({State.IN_REVIEW, State.RETURNED_IN_HOUSE, State.AWAITING_STAMP})


def review_label(state: State, *, returned: bool) -> str:
    """Return 省级审核状态, which stays 已退回 until the museum has submitted again.

    `returned`: whether the province or the nation ever returned this report. A report that was submitted again and
    withdrawn is back where it was, so 已退回 is right there too.
    """
    if returned and state in _IN_THE_MUSEUM:
        return State.RETURNED_BY_PROVINCE.review_label
    return state.review_label


def status(state: State, *, returned: bool) -> str:
    """Return both labels in one, as sentences quote them: 填报中, 已完成（待审核）, 待馆内审核（省级已退回）."""
    review = review_label(state, returned=returned)
    if review == "–" or state is State.RETURNED_BY_PROVINCE:
        return state.label
    return f"{state.label}（{'' if state.label == '已完成' else '省级'}{review}）"
