"""Reminders: who was reminded of what, by a rule or by hand."""

from typing import ClassVar

from django.db import models

from guanshu.portal.models.report import Report
from guanshu.portal.models.sms import SmsMessage


class ReminderState(models.TextChoices):
    """What became of a reminder; once handed over its message tells the rest."""

    PLANNED = "planned", "等待发送时间"
    HANDED = "handed", "已交短信通道"
    NO_PHONE = "no_phone", "没有手机号"
    DROPPED = "dropped", "不再需要"


class Reminder(models.Model):
    """One reminder of one person about one report.

    key: rule, person and occasion; the same occasion never gets a second row. `at` and `day` are of the business
    calendar. rule: a Rule's value, or BY_HAND; by: who pressed the button, "" for a rule. The text is what was sent.
    """

    BY_HAND: ClassVar[str] = "by_hand"

    key = models.CharField(max_length=120, unique=True)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="reminders")
    role = models.CharField(max_length=20)
    rule = models.CharField(max_length=20)
    note = models.TextField(blank=True)
    text = models.TextField(blank=True)
    by = models.CharField(max_length=20, blank=True)
    at = models.DateTimeField()
    day = models.DateField()
    state = models.CharField(max_length=10, choices=ReminderState.choices)
    message = models.OneToOneField(SmsMessage, null=True, blank=True, on_delete=models.PROTECT, related_name="reminder")

    class Meta:
        indexes = [
            models.Index(fields=["report", "day"], name="reminders_of_a_day"),
            models.Index(fields=["state", "day"], name="reminders_by_state"),
        ]

    def __str__(self) -> str:
        return self.key
