"""A year's campaign and the published form it uses."""

from django.db import models


class QuestionnaireVersion(models.Model):
    """A published questionnaire folder, byte for byte. Immutable: a corrected form is a new row."""

    name = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64, unique=True)
    archive = models.BinaryField()
    published_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.sha256[:8]}"


class Campaign(models.Model):
    """One year's collection. Deadlines are days, inclusive, Asia/Shanghai. `closed` years are history."""

    year = models.PositiveSmallIntegerField(unique=True)
    questionnaire = models.ForeignKey(QuestionnaireVersion, on_delete=models.PROTECT, related_name="campaigns")
    # The form of what provinces file (附件4–7 …); without one the year has no filings.
    province_form = models.ForeignKey(
        QuestionnaireVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="province_campaigns"
    )
    opens_on = models.DateField()
    contacts_due = models.DateField()
    museum_due = models.DateField()
    province_review_due = models.DateField()
    province_submit_due = models.DateField()
    params = models.JSONField(default=dict, blank=True)
    # {"off": ["2023-01-23", …], "worked": ["2023-01-28", …]}: what the weekend alone does not tell.
    holidays = models.JSONField(default=dict, blank=True)
    # Which pages of the stamped report must come back: survey.workflow.scanning.ScanPages.
    scan_pages = models.CharField(max_length=8, default="all")
    return_days = models.PositiveSmallIntegerField(default=3)
    # The rules for reminders that are switched off in this campaign.
    reminders_off = models.JSONField(default=list, blank=True)
    closed = models.BooleanField(default=False)

    class Meta:
        ordering = ["-year"]

    def __str__(self) -> str:
        return str(self.year)
