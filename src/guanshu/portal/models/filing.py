"""信息上报: what one province files for one campaign: its lists, its documents, its packages."""

from django.db import models

from guanshu.portal.models.campaign import Campaign, QuestionnaireVersion
from guanshu.portal.models.register import Province
from guanshu.survey.workflow.filingstates import FilingState


class Filing(models.Model):
    """One province in one campaign (`2022-130000`). This row is the lock of everything below it.

    Its lists are answers to the campaign's form for provinces, kept and recorded like a museum's: `saves` counts the
    SaveRecords under its number and `head` is the hash of the last one. `version` is the newest FilingVersion.
    """

    number = models.CharField(max_length=20, unique=True)
    province = models.ForeignKey(Province, on_delete=models.PROTECT, related_name="filings")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="filings")
    questionnaire = models.ForeignKey(QuestionnaireVersion, on_delete=models.PROTECT, related_name="filings")
    state = models.CharField(
        max_length=24, choices=[(s.value, s.label) for s in FilingState], default=FilingState.PREPARING.value
    )
    version = models.PositiveIntegerField(default=0)
    saves = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64, blank=True)
    summary = models.JSONField(default=dict, blank=True)
    saved_at = models.DateTimeField(null=True, blank=True)
    state_since = models.DateTimeField(null=True, blank=True)
    first_submitted_at = models.DateTimeField(null=True, blank=True)
    # When the nation first opened what was submitted last; from then on the province cannot withdraw it.
    opened_at = models.DateTimeField(null=True, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    window_until = models.DateField(null=True, blank=True)
    # The nation lets this province submit later than the campaign's day.
    extended_until = models.DateField(null=True, blank=True)
    round = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["province", "campaign"], name="one_filing_a_province_a_year")]

    def __str__(self) -> str:
        return self.number


class FilingAnswers(models.Model):
    """The live answers of one table of a filing; same JSON as a museum's TableAnswers."""

    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="tables")
    table = models.CharField(max_length=12)
    data = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["filing", "table"], name="one_row_a_filing_table")]

    def __str__(self) -> str:
        return f"{self.filing_id} {self.table}"


class FilingVersion(models.Model):
    """An immutable snapshot of the lists, made when their papers are; a new number only for other content.

    `snapshot` is canonical plain content (survey.workflow.snapshot); `content_hash` is SHA-256 over it.
    """

    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    content_hash = models.CharField(max_length=64)
    snapshot = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=20)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["filing", "number"], name="one_filing_version_a_number")]

    def __str__(self) -> str:
        return f"{self.filing.number}-V{self.number}"


class Confirmation(models.Model):
    """确认信息无误: the province has looked at something made from the data (`what`: free_export …).

    `basis` is the digest of the data it was made from: when they change, the confirmation counts no longer.
    """

    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="confirmations")
    what = models.CharField(max_length=20)
    basis = models.CharField(max_length=64)
    by = models.CharField(max_length=20)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.filing_id} {self.what}"


class SelfEvaluation(models.Model):
    """A Word draft of the 自评报告 that was handed out, with the figures used in it."""

    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="evaluations")
    number = models.PositiveIntegerField()
    basis = models.CharField(max_length=64)
    figures = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=20)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["filing", "number"], name="one_evaluation_a_number")]

    def __str__(self) -> str:
        return f"{self.filing_id} #{self.number}"


class Fate(models.TextChoices):
    """What became of a museum of last year's lists."""

    FREE = "free", "已纳入免费开放"
    OPENED = "opened", "已建成开放"
    DELAYED = "delayed", "延期"
    DROPPED = "dropped", "取消"


class Continuity(models.Model):
    """The province's answer for one museum of last year's lists; `listed` is the role of that list (planned …)."""

    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="continuity")
    listed = models.CharField(max_length=20)
    row = models.CharField(max_length=40)
    name = models.CharField(max_length=100)
    fate = models.CharField(max_length=10, choices=Fate.choices)
    note = models.CharField(max_length=300, blank=True)
    by = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["filing", "listed", "row"], name="one_fate_a_row")]

    def __str__(self) -> str:
        return f"{self.name}: {self.fate}"


class FilingReturn(models.Model):
    """One return by the nation: who, why, and by when."""

    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="returns")
    round = models.PositiveIntegerField()
    by = models.CharField(max_length=20)
    reason = models.TextField()
    at = models.DateTimeField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["filing", "round"], name="one_filing_return_a_round")]

    def __str__(self) -> str:
        return f"{self.filing_id} #{self.round}"
