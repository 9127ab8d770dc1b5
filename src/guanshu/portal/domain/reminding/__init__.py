"""Reminding fillers and reviewers by text message: by rule, once a minute, and by hand, by the province."""

from guanshu.portal.domain.reminding.automatic import Batch, send_due_reminders
from guanshu.portal.domain.reminding.by_hand import Outcome, remind_by_hand

__all__ = ["Batch", "Outcome", "remind_by_hand", "send_due_reminders"]
