"""Reminding fillers and reviewers by text message: by rule, once a minute, and by hand, by the province."""

from guanshu.portal.domain.reminding.automatic import Batch, send_due_reminders
from guanshu.portal.domain.reminding.by_hand import LONGEST_NOTE, Outcome, Preview, preview, remind_by_hand

__all__ = ["LONGEST_NOTE", "Batch", "Outcome", "Preview", "preview", "remind_by_hand", "send_due_reminders"]
