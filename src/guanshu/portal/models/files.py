"""Uploaded files. Bytes lie under the UUID; names people see are in the row."""

import uuid

from django.db import models
from django.db.models import Q

from guanshu.portal.models.campaign import Campaign
from guanshu.portal.models.filing import Filing
from guanshu.portal.models.report import Report
from guanshu.portal.models.requests import Application, Correction


def _one_owner(*names: str) -> Q:
    """Return the condition that exactly one of these is there."""
    whole = Q()
    for owner in names:
        whole |= Q(**{f"{name}__isnull": name != owner for name in names})
    return whole


class StoredFile(models.Model):
    """One uploaded file of a report, a filing, an application, a correction or a campaign; every version is kept.

    `purpose` is the file cell's name or one of the words below (those of reports begin with a dash; a filing's are
    named in domain/filing, a campaign's in queries/officialfiles). `official_name` is what downloads are called,
    `uploaded_name` what the person's file was called. `details` holds what the content check saw (archive
    members, notes to confirm).
    """

    STAMP = "-stamp"
    EXEMPTION = "-exemption"
    # What proves an application or a correction; each has one file.
    EVIDENCE = "-evidence"
    OWNERS = ("report", "filing", "application", "correction", "campaign")
    # What the owners are called by, in the same order.
    OWNER_NUMBERS = ("report__number", "filing__number", "application__number", "correction__number", "campaign__year")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report = models.ForeignKey(Report, null=True, blank=True, on_delete=models.PROTECT, related_name="files")
    filing = models.ForeignKey(Filing, null=True, blank=True, on_delete=models.PROTECT, related_name="files")
    application = models.ForeignKey(Application, null=True, blank=True, on_delete=models.PROTECT, related_name="files")
    correction = models.ForeignKey(Correction, null=True, blank=True, on_delete=models.PROTECT, related_name="files")
    campaign = models.ForeignKey(Campaign, null=True, blank=True, on_delete=models.PROTECT, related_name="files")
    purpose = models.CharField(max_length=80)
    serial = models.PositiveIntegerField()
    official_name = models.CharField(max_length=200)
    uploaded_name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    details = models.JSONField(default=dict)
    uploaded_by = models.CharField(max_length=20)
    uploaded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "purpose", "serial"], name="one_file_a_serial"),
            models.UniqueConstraint(fields=["filing", "purpose", "serial"], name="one_filing_file_a_serial"),
            models.CheckConstraint(
                condition=_one_owner("report", "filing", "application", "correction", "campaign"),
                name="file_belongs_to_one",
            ),
            models.UniqueConstraint(fields=["campaign", "purpose", "serial"], name="one_campaign_file_a_serial"),
            models.UniqueConstraint(fields=["application"], name="one_file_an_application"),
            models.UniqueConstraint(fields=["correction"], name="one_file_a_correction"),
        ]

    def __str__(self) -> str:
        return self.official_name

    @property
    def owner(self) -> str:
        """Return the number of what it belongs to; a campaign's is its year."""
        if self.campaign is not None:
            return str(self.campaign.year)
        owners = (self.report, self.filing, self.application, self.correction)
        return next((owner.number for owner in owners if owner is not None), "")
