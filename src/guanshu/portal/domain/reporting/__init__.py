"""The operations of submission and review: transitions, and what the levels say about a report on its way."""

from guanshu.portal.domain.reporting.commenting import comment_on_cell, reply_to_comment, withdraw_comment
from guanshu.portal.domain.reporting.exempting import declare_exemption
from guanshu.portal.domain.reporting.looking import mark_looked
from guanshu.portal.domain.reporting.performing import perform
from guanshu.portal.domain.reporting.permitting import (
    grant_extension,
    record_overdue,
    waive_finding,
    withdraw_waiver,
)

__all__ = [
    "comment_on_cell",
    "declare_exemption",
    "grant_extension",
    "mark_looked",
    "perform",
    "record_overdue",
    "reply_to_comment",
    "waive_finding",
    "withdraw_comment",
    "withdraw_waiver",
]
