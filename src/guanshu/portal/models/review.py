"""What reviewers and the levels above say about a report: comments, waivers, extensions, exemptions, looks."""

from django.db import models

from guanshu.portal.models.files import StoredFile
from guanshu.portal.models.register import Province
from guanshu.portal.models.report import Report


class ReturnNote(models.Model):
    """One return: who, why, and by when. Its cell comments are CellComments of the same round."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="returns")
    round = models.PositiveIntegerField()
    by = models.CharField(max_length=20)
    by_role = models.CharField(max_length=20)
    category = models.CharField(max_length=20, blank=True)
    reason = models.TextField(blank=True)
    at = models.DateTimeField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "round"], name="one_return_a_round")]

    def __str__(self) -> str:
        return f"{self.report_id} #{self.round}"


class CellComment(models.Model):
    """A question about one cell. It is settled by a reply or by a change of the cell; both are kept.

    `draft` comments are seen by their author's side only, until the report is returned (then they get its round).
    `value` is what the cell displayed when the comment was made.
    """

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="comments")
    address = models.CharField(max_length=120)
    text = models.TextField()
    value = models.TextField(blank=True)
    by = models.CharField(max_length=20)
    by_role = models.CharField(max_length=20)
    at = models.DateTimeField()
    round = models.PositiveIntegerField(null=True, blank=True)
    reply = models.TextField(blank=True)
    replied_by = models.CharField(max_length=20, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.report_id} {self.address}"

    @property
    def draft(self) -> bool:
        """Return whether the museum does not see it yet."""
        return self.round is None

    @property
    def settled(self) -> bool:
        """Return whether the museum has replied or changed the cell."""
        return self.replied_at is not None or self.changed_at is not None


class Waiver(models.Model):
    """The province allows one 准强制性 finding (its key) for one report."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="waivers")
    key = models.CharField(max_length=120)
    reason = models.TextField()
    by = models.CharField(max_length=20)
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.report_id} {self.key}"


class Extension(models.Model):
    """The level above lets one museum submit later than the campaign's deadline."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="extensions")
    until = models.DateField()
    reason = models.TextField()
    by = models.CharField(max_length=20)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.report_id} {self.until}"


class Exemption(models.Model):
    """免报: declared by the province with a category and a file, seen and possibly refused by the nation."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="exemptions")
    category = models.CharField(max_length=20)
    reason = models.TextField(blank=True)
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT)
    by = models.CharField(max_length=20)
    at = models.DateTimeField()
    ended_by = models.CharField(max_length=20, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_reason = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.report_id} {self.category}"


class ReportLook(models.Model):
    """A version that one side has looked at, by its own word (标为已阅) or by deciding on it.

    `side` is the role whose eyes they were: a province's successor goes on where the one before stopped. `saves` is
    how many saves the report had, so that a look at a report being mended tells what came after it.
    """

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="looks")
    side = models.CharField(max_length=20)
    version = models.PositiveIntegerField()
    saves = models.PositiveIntegerField()
    by = models.CharField(max_length=20)
    looked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "side", "version"], name="one_look_a_version")]

    def __str__(self) -> str:
        return f"{self.report_id} V{self.version} {self.side}"


class ReviewPhrase(models.Model):
    """A sentence a province often writes, offered beside the boxes of comments and reasons."""

    province = models.ForeignKey(Province, on_delete=models.PROTECT, related_name="phrases")
    text = models.CharField(max_length=200)
    order = models.PositiveIntegerField()

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.text
