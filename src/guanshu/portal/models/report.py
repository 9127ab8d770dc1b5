"""A museum's report of one year: its live answers and the append-only record of every save."""

from django.db import models

from guanshu.portal.models.campaign import Campaign, QuestionnaireVersion
from guanshu.portal.models.register import Museum
from guanshu.survey.workflow.states import State


class Report(models.Model):
    """One museum in one campaign. This row is the lock of everything below it.

    `saves` counts SaveRecords and `head` is the hash of the last one (the chain's end is kept on the row that is locked
    anyway). `summary` is derived at each save for lists: tables, complete, findings by class, per table.
    """

    number = models.CharField(max_length=20, unique=True)
    museum = models.ForeignKey(Museum, on_delete=models.PROTECT, related_name="reports")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="reports")
    questionnaire = models.ForeignKey(QuestionnaireVersion, on_delete=models.PROTECT, related_name="reports")
    state = models.CharField(
        max_length=24, choices=[(s.value, s.label) for s in State], default=State.NOT_STARTED.value
    )
    version = models.PositiveIntegerField(default=0)
    saves = models.PositiveIntegerField(default=0)
    head = models.CharField(max_length=64, blank=True)
    summary = models.JSONField(default=dict, blank=True)
    saved_at = models.DateTimeField(null=True, blank=True)
    # When the report came into its state, and what the transition table must remember (survey.workflow.report).
    state_since = models.DateTimeField(null=True, blank=True)
    left_state = models.CharField(max_length=24, blank=True)
    first_submitted_at = models.DateTimeField(null=True, blank=True)
    review_started_at = models.DateTimeField(null=True, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    window_until = models.DateField(null=True, blank=True)
    # 逾期重报: by how many working days the last resubmission came after the window of its return.
    late_days = models.PositiveSmallIntegerField(default=0)
    overdue_reason = models.TextField(blank=True)
    round = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["museum", "campaign"], name="one_report_a_museum_a_year")]

    def __str__(self) -> str:
        return self.number


class TableAnswers(models.Model):
    """The live answers of one table (see docs/structure.md for the JSON); personal cells are encrypted."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="tables")
    table = models.CharField(max_length=12)
    data = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "table"], name="one_row_a_table")]

    def __str__(self) -> str:
        return f"{self.report_id} {self.table}"


class SaveRecord(models.Model):
    """One save: change history, idempotence log and cell audit in one. Append-only by trigger.

    No foreign keys out (audit outlives what it tells of): `report` is the report's number, `actor` a username.
    `changes` is [[address, old, new], …] as stored. `body_hash` is an HMAC of the request's body.
    """

    report = models.CharField(max_length=20)
    seq = models.PositiveIntegerField()
    actor = models.CharField(max_length=20)
    at = models.DateTimeField()
    request = models.CharField(max_length=64)
    body_hash = models.CharField(max_length=64)
    changes = models.JSONField()
    prev = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "seq"], name="one_save_a_seq"),
            models.UniqueConstraint(fields=["actor", "request"], name="one_save_a_request"),
        ]
        indexes = [
            models.Index(fields=["at", "id"], name="saves_by_time"),
            models.Index(fields=["actor", "at", "id"], name="saves_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.report}#{self.seq}"
