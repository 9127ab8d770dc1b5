"""Uploaded files. Bytes lie under the UUID; names people see are in the row."""

import uuid

from django.db import models

from guanshu.portal.models.report import Report


class StoredFile(models.Model):
    """One uploaded file; every version is kept.

    `purpose` is the file cell's name, or one of STAMP, EXEMPTION, OTHER below. `official_name` is what downloads are
    called, `uploaded_name` what the person's file was called. `details` holds what the content check saw (archive
    members, notes to confirm).
    """

    STAMP = "-stamp"
    EXEMPTION = "-exemption"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="files")
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
        ]

    def __str__(self) -> str:
        return self.official_name
