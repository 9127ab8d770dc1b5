"""Scans that were received and are still to be checked: kept from the moment the upload is answered."""

import uuid

from django.db import models

from guanshu.portal.models.jobs import Job
from guanshu.portal.models.report import Report
from guanshu.portal.models.versions import ReportVersion


class HeldState(models.TextChoices):
    """What became of a held scan."""

    CHECKING = "checking", "正在核对"
    ACCEPTED = "accepted", "已接收"
    REFUSED = "refused", "没有接收"
    REPLACED = "replaced", "已由后来的上传代替"


class HeldScan(models.Model):
    """An upload of a stamped scan on its way: who sent what for which version, and what the check said.

    Its `job` checks it; a job that failed leaves it CHECKING, with its files, so that it can be tried again.
    `message` is the sentence of a refusal. `replaces`: the upload whose check was given up for this one.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="held_scans")
    version = models.ForeignKey(ReportVersion, on_delete=models.PROTECT, related_name="+")
    job = models.OneToOneField(Job, on_delete=models.PROTECT, related_name="held_scan")
    replaces = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    uploaded_by = models.CharField(max_length=20)
    uploaded_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=HeldState.choices, default=HeldState.CHECKING.value)
    message = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report"], condition=models.Q(state="checking"), name="one_check_a_report"),
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.uploaded_at:%Y-%m-%d %H:%M}"


class HeldFile(models.Model):
    """One file of a held scan; its bytes lie under its UUID beside the kept files until the check has ended."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    held = models.ForeignKey(HeldScan, on_delete=models.PROTECT, related_name="files")
    place = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["held", "place"], name="one_held_file_a_place")]

    def __str__(self) -> str:
        return self.name
