"""Work that goes on behind the pages, with its progress."""

import uuid

from django.db import models


class JobState(models.TextChoices):
    """Where a job stands."""

    WAITING = "waiting", "排队中"
    RUNNING = "running", "进行中"
    DONE = "done", "已完成"
    FAILED = "failed", "未完成"


class Job(models.Model):
    """One piece of work: what it is about (`key`: object and version), who asked for it, how far it is, what came out.

    There is one row per kind and key, so that work asked for twice is done once. `beat_at` is when the process that
    runs it last said so; a job whose process was killed is found by its silence.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=160)
    owner = models.CharField(max_length=20, blank=True)
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.WAITING.value)
    tries = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=200, blank=True)
    result = models.JSONField(default=dict)
    asked_at = models.DateTimeField()
    beat_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="one_job_a_key")]
        indexes = [models.Index(fields=["state", "beat_at"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
