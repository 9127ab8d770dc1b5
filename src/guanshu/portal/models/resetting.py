"""短信重置: who asked for a code, kept as marks; the rows are the limits' memory and are swept after two days."""

import uuid

from django.db import models

from guanshu.portal.models.accounts import Account


class CodeState(models.TextChoices):
    """What became of a request for a code."""

    ASKED = "asked", "正在发送"
    SENT = "sent", "已发送"
    # The gateway did not answer in time: it may have gone out.
    UNSURE = "unsure", "不确定"
    FAILED = "failed", "未发出"
    # Nothing was to be sent: no such account, no number, or too soon. Nobody may notice.
    SILENT = "silent", "未发送"
    USED = "used", "已使用"
    REPLACED = "replaced", "已失效"


class ResetCode(models.Model):
    """One request for a code. Times are real ones; nothing here is a name, number, address or code in the clear.

    Requests for accounts that do not exist have their row too, with account None and a code that nobody can type.
    name, phone, address, session: keyed marks; counted: whether it counts towards the account's limit; tries: wrong
    codes typed after this request.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, null=True, blank=True, on_delete=models.CASCADE, related_name="reset_codes")
    name = models.CharField(max_length=64)
    phone = models.CharField(max_length=64, blank=True)
    address = models.CharField(max_length=64)
    session = models.CharField(max_length=64)
    code = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=CodeState.choices, default=CodeState.ASKED.value)
    counted = models.BooleanField(default=True)
    tries = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["name", "made_at"], name="codes_by_name"),
            models.Index(fields=["phone", "made_at"], name="codes_by_phone"),
            models.Index(fields=["address", "made_at"], name="codes_by_address"),
            models.Index(fields=["made_at"], name="codes_by_time"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class ResetGate(models.Model):
    """A row to lock while limits are counted and the request is written: those with the same mark wait for each other.

    There are some hundreds of them at most (a mark's first digits choose one). `noted`: the budget's last alarm.
    """

    name = models.CharField(max_length=10, primary_key=True)
    noted = models.CharField(max_length=20, blank=True)

    def __str__(self) -> str:
        return self.name
