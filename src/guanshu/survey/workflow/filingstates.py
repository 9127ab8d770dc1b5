"""The states of a province's submission (信息上报), with the label people see (product §6)."""

from enum import Enum


class FilingState(Enum):
    """State of one province's filing of one year; `label` is what lists and the green badge say."""

    PREPARING = "preparing"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"

    @property
    def label(self) -> str:
        """Return the state as screens and files print it."""
        return _LABELS[self]


_LABELS = {
    FilingState.PREPARING: "未上报",
    FilingState.SUBMITTED: "已上报",
    FilingState.RETURNED: "全国退回",
    FilingState.ACCEPTED: "已接收",
}

# The province's lists and materials can be edited in these states only.
FILING_EDITABLE = frozenset({FilingState.PREPARING, FilingState.RETURNED})
