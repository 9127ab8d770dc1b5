"""Frozen versions of a report, the stamped scans bound to them, and the facts boards read."""

from django.db import models

from guanshu.portal.models.files import StoredFile
from guanshu.portal.models.register import Museum, Province
from guanshu.portal.models.report import Report


class ReportVersion(models.Model):
    """An immutable snapshot made by 馆内审核通过; `number` rises only when the content differs from the last one's.

    `snapshot` is the canonical content (survey.workflow.snapshot), personal cells encrypted; `content_hash` is SHA-256
    over the canonical plaintext.
    """

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=64)
    snapshot = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=20)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "number"], name="one_version_a_number")]

    def __str__(self) -> str:
        return f"{self.report.number}-V{self.number}"


class StampedScan(models.Model):
    """An uploaded scan of the stamped paper; belongs to one version. `pages` tells what was read from each page.

    pages: [{"page": 1, "code": "…" or "", "problem": "" or a sentence}]; `problems`: sentences about the whole scan.
    Superseded scans are kept.
    """

    version = models.ForeignKey(ReportVersion, on_delete=models.PROTECT, related_name="scans")
    file = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="scan")
    pages = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    confirmed_by = models.CharField(max_length=20, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.version}: {len(self.pages)} pages"


class ReportFact(models.Model):
    """What boards group by, for a report that is submitted or approved; written and removed with the state."""

    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="fact")
    year = models.PositiveSmallIntegerField()
    museum = models.ForeignKey(Museum, on_delete=models.PROTECT)
    province = models.ForeignKey(Province, on_delete=models.PROTECT)
    city = models.CharField(max_length=40, blank=True)
    level = models.CharField(max_length=10)
    size = models.CharField(max_length=40, blank=True)
    free = models.BooleanField()
    state = models.CharField(max_length=24)
    # What the queue says of the version (queries.signs); None: written before there was such a thing.
    signs = models.JSONField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.report_id)


class IndicatorFact(models.Model):
    """One number of a submitted report: `value` is scaled by 10**`scale` (SQLite would add decimals as doubles)."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="figures")
    year = models.PositiveSmallIntegerField()
    indicator = models.CharField(max_length=80)
    value = models.BigIntegerField()
    scale = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "indicator"], name="one_fact_an_indicator")]
        indexes = [models.Index(fields=["year", "indicator"])]

    def __str__(self) -> str:
        return f"{self.report_id} {self.indicator}"
