"""The audit trail of everything but cell changes (those are SaveRecords). Append-only by trigger."""

from django.db import models


class AuditStream(models.Model):
    """The head of one chain; locked while a record is appended."""

    name = models.CharField(max_length=60, unique=True)
    seq = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return self.name


class AuditRecord(models.Model):
    """One event: who did what to which object. No foreign keys out; no personal data in `details`."""

    stream = models.CharField(max_length=60)
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=20, blank=True)
    action = models.CharField(max_length=40)
    object = models.CharField(max_length=60, blank=True)
    details = models.JSONField(default=dict)
    prev = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stream", "seq"], name="one_record_a_seq")]
        # The auditor's page reads newest first, by nothing or by one of these.
        indexes = [
            models.Index(fields=["at", "id"], name="trail_by_time"),
            models.Index(fields=["actor", "at", "id"], name="trail_by_actor"),
            models.Index(fields=["action", "at", "id"], name="trail_by_action"),
            models.Index(fields=["object", "at", "id"], name="trail_by_object"),
        ]

    def __str__(self) -> str:
        return f"{self.stream}#{self.seq}"


class AuditSeal(models.Model):
    """What all chains looked like at one moment; a chain of its own. Append-only by trigger.

    `heads` is {"audit": {stream: [seq, hash, [ids]]}, "saves": {report: …}}: the last record of every chain that went
    on since it was last sealed, and the ids of its records since. `audit_id`, `save_id`: the highest ids looked at.
    """

    number = models.PositiveIntegerField(primary_key=True)
    at = models.DateTimeField()
    heads = models.JSONField()
    audit_id = models.PositiveBigIntegerField()
    save_id = models.PositiveBigIntegerField()
    prev = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"seal#{self.number}"


class FailureCount(models.Model):
    """Failed log-ins of one account that are counted, but not recorded yet; "" counts those of no account at all."""

    account = models.CharField(max_length=20, unique=True, blank=True)
    since = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.account or '–'}: {self.count}"
