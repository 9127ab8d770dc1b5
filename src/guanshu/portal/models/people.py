"""The people around accounts: who held one and when, numbers changed on request, whom the province spoke to."""

import uuid

from django.db import models
from django.db.models import Q

from guanshu.portal.models.accounts import Account
from guanshu.portal.models.register import Museum


class AccountHolder(models.Model):
    """One person as an account's holder, from one change to the next. Names and numbers are sealed for their row.

    since, until: real times; on: the day of a 更换, as told; about: the number of the report the change came with;
    moved: whether a number that was on record was given up for another one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="holders")
    sealed = models.JSONField()
    shown = models.CharField(max_length=20, blank=True)
    source = models.CharField(max_length=20)
    by = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    on = models.DateField(null=True, blank=True)
    about = models.CharField(max_length=20, blank=True, db_index=True)
    moved = models.BooleanField(default=False)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-since"]
        constraints = [
            models.UniqueConstraint(fields=["account"], condition=Q(until=None), name="one_holder_at_a_time")
        ]

    def __str__(self) -> str:
        return str(self.pk)


class PhoneChangeState(models.TextChoices):
    """Where a change of a number stands."""

    WAITING = "waiting", "待批准"
    DONE = "done", "已变更"
    REFUSED = "refused", "未批准"
    RECALLED = "recalled", "已撤回"


class PhoneChange(models.Model):
    """One change of an account's number by operations staff, on request. Times are real ones.

    sealed: {"old", "new"}, encrypted for this row; decided_by: the second person, "" where none was needed.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="phone_changes")
    state = models.CharField(max_length=10, choices=PhoneChangeState.choices)
    sealed = models.JSONField()
    old_shown = models.CharField(max_length=20, blank=True)
    new_shown = models.CharField(max_length=20)
    reason = models.CharField(max_length=200)
    asked_by = models.CharField(max_length=20)
    asked_at = models.DateTimeField()
    decided_by = models.CharField(max_length=20, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=200, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    recalled_by = models.CharField(max_length=20, blank=True)
    recalled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["account"], condition=Q(state=PhoneChangeState.WAITING.value), name="one_waiting_phone_change"
            ),
            models.CheckConstraint(condition=~Q(decided_by=models.F("asked_by")), name="nobody_decides_on_their_own"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ContactResult(models.TextChoices):
    """What came of a call."""

    REACHED = "reached", "已联系上"
    NO_ANSWER = "no_answer", "无人接听"
    WRONG_NUMBER = "wrong_number", "号码有误"
    LATER = "later", "约定再联系"


class ContactLog(models.Model):
    """One time the province got in touch with a museum. The province's own; who it was and the note are sealed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    museum = models.ForeignKey(Museum, on_delete=models.PROTECT, related_name="contact_log")
    on = models.DateField()
    result = models.CharField(max_length=20, choices=ContactResult.choices)
    sealed = models.JSONField()
    by = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-on", "-at"]

    def __str__(self) -> str:
        return str(self.pk)
