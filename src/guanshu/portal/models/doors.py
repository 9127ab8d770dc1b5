"""What stands at the door: sessions, second factors, failed log-ins, passwords that were used before."""

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from guanshu.portal.models.accounts import Account


class AccountSession(AbstractBaseSession):
    """One session, anonymous or of an account. `session_key` is a hash of the key: a copy opens nothing.

    `ended` is why it is over while its row is kept for the one who comes back with it; "" while it lives.
    """

    account = models.ForeignKey(Account, null=True, blank=True, on_delete=models.CASCADE, related_name="sessions")
    made_at = models.DateTimeField()
    # The last request, at most a minute old.
    seen_at = models.DateTimeField()
    # Shortened: where it came from, and which browser.
    address = models.CharField(max_length=60, blank=True)
    agent = models.CharField(max_length=40, blank=True)
    ended = models.CharField(max_length=20, blank=True)

    class Meta:
        indexes = [models.Index(fields=["account", "made_at"], name="sessions_of_an_account")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.made_at}"


class SecondFactor(models.Model):
    """The secret of an account's authenticator (TOTP), encrypted for the account."""

    account = models.OneToOneField(Account, on_delete=models.CASCADE, related_name="second_factor")
    secret = models.JSONField()
    made_at = models.DateTimeField()
    # A code opens once: the newest step of thirty seconds whose code was taken.
    last_step = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.account_id}"


class RecoveryCode(models.Model):
    """A code on paper that opens once in place of the authenticator; kept as a keyed hash."""

    factor = models.ForeignKey(SecondFactor, on_delete=models.CASCADE, related_name="recovery_codes")
    mark = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.factor_id}"


class FailedLogin(models.Model):
    """A wrong password or code of the last day: keyed hashes of what was typed and where it came from, no more."""

    kind = models.CharField(max_length=10)
    account_mark = models.CharField(max_length=64)
    address_mark = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["account_mark", "at"], name="failures_of_an_account"),
            models.Index(fields=["address_mark", "at"], name="failures_of_an_address"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"


class UsedPassword(models.Model):
    """The hash of a password an account had before; kept only under the 等保 profile, which forbids the last five."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="used_passwords")
    hash = models.CharField(max_length=128)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.account_id} {self.at}"


class ReportRemark(models.Model):
    """What 免费开放审核 tells the province about a museum's report; the province decides what becomes of it."""

    report = models.ForeignKey("portal.Report", on_delete=models.PROTECT, related_name="remarks")
    address = models.CharField(max_length=120, blank=True)
    text = models.TextField()
    by = models.CharField(max_length=20)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.report_id} {self.address}"
