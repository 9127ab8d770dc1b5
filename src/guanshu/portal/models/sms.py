"""Text messages: one row each, from the moment somebody wants it sent until it is sent or given up."""

import uuid

from django.db import models


class SmsState(models.TextChoices):
    """Where a message stands; the last two are final."""

    WAITING = "waiting", "待发送"
    SENT = "sent", "已发送"
    FAILED = "failed", "发送失败"


class SmsMessage(models.Model):
    """One text message. Times are real ones.

    sealed: number and variables, encrypted for this row alone; mark: the keyed hash of the number, for limits; shown:
    the number as everybody may see it. A message that is not out by `expires_at` is given up: nobody is reminded at
    night because a gateway was down in the evening. once: a code, handed over at once by whoever made it and never
    again; no tick sends it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    template = models.CharField(max_length=40)
    purpose = models.CharField(max_length=20)
    sealed = models.JSONField()
    mark = models.CharField(max_length=64)
    shown = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=SmsState.choices, default=SmsState.WAITING.value)
    once = models.BooleanField(default=False)
    tries = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    next_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    backend = models.CharField(max_length=20, blank=True)
    # The gateway's number for it, or why it was given up: a word for programs.
    receipt = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "next_at"], name="sms_to_send"),
            models.Index(fields=["mark", "made_at"], name="sms_by_number"),
            models.Index(fields=["purpose", "made_at"], name="sms_by_purpose"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class SmsChannel(models.Model):
    """How a backend did of late: one row each, shared by all processes. Times are real ones.

    failing_at: since when it has failed, or failed again; None while it works. word: why. refused: it answers, but
    takes no codes (their text is not approved, say), of which other messages say nothing. took: what the last codes
    took to hand over, in milliseconds.
    """

    name = models.CharField(max_length=20, primary_key=True)
    failing_at = models.DateTimeField(null=True, blank=True)
    word = models.CharField(max_length=60, blank=True)
    refused = models.BooleanField(default=False)
    took = models.JSONField(default=list, blank=True)

    def __str__(self) -> str:
        return self.name
