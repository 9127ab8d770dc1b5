"""What is asked of the register: 科技馆账号申请 by provinces, 信息更正申请 by museums."""

from django.db import models
from django.db.models import Q

from guanshu.portal.models.campaign import Campaign
from guanshu.portal.models.register import Museum, MuseumLevel, Province
from guanshu.survey.workflow.requests import OPEN, RequestState

_STATES = [(state.value, state.label) for state in RequestState]


class Request(models.Model):
    """What both have: the number they are known by, who asked when, who decided when and why. Times are real ones."""

    number = models.CharField(max_length=24, unique=True)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="%(class)ss")
    province = models.ForeignKey(Province, on_delete=models.PROTECT, related_name="%(class)ss")
    state = models.CharField(max_length=12, choices=_STATES)
    asked_by = models.CharField(max_length=20)
    asked_at = models.DateTimeField()
    decided_by = models.CharField(max_length=20, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.TextField(blank=True)
    # When whoever asked said that the decision was read; until then their pages point to it.
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.number

    @property
    def standing(self) -> RequestState:
        """Return the state with its label."""
        return RequestState(self.state)


class Application(Request):
    """A province asks for the accounts of a museum that is not in the register (`2022-130000-S1`).

    people: {"filler": {"name", "phone"}, "reviewer": …} encrypted for this application alone; `phones` are their
    numbers as everybody may see them. lookalikes: what had a similar name when the province said (`distinct`) that it
    is another museum. museum: what approval made.
    """

    name = models.CharField(max_length=100)
    city = models.CharField(max_length=40, blank=True)
    division = models.CharField(max_length=6, blank=True)
    level = models.CharField(max_length=10, choices=MuseumLevel.choices)
    supervisor = models.CharField(max_length=100)
    opened_on = models.CharField(max_length=7)
    address = models.CharField(max_length=200, blank=True)
    free = models.BooleanField()
    people = models.JSONField(default=dict)
    phones = models.JSONField(default=dict)
    note = models.TextField(blank=True)
    lookalikes = models.JSONField(default=list)
    distinct = models.BooleanField(default=False)
    museum = models.OneToOneField(Museum, null=True, blank=True, on_delete=models.PROTECT, related_name="application")

    class Meta:
        ordering = ["-asked_at", "-pk"]


class RegisterField(models.TextChoices):
    """What of the register can be corrected."""

    NAME = "name", "馆名"
    LEVEL = "level", "场馆级别"
    PROVINCE = "province", "所属省级单位"
    CITY = "city", "所在地市"
    FREE = "free", "免费开放状态"


class Correction(Request):
    """A museum asks to have one entry of the register corrected (`2022-130600001-G1`).

    `old` and `new` are as the register keeps them (a level's word, a province's code, "1" or "" for free status). The
    province is the one that gave its opinion, whatever became of the museum afterwards.
    """

    museum = models.ForeignKey(Museum, on_delete=models.PROTECT, related_name="corrections")
    what = models.CharField(max_length=10, choices=RegisterField.choices)
    old = models.CharField(max_length=100, blank=True)
    new = models.CharField(max_length=100, blank=True)
    reason = models.TextField()
    opinion = models.TextField(blank=True)
    opinion_by = models.CharField(max_length=20, blank=True)
    opinion_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["museum", "what"],
                condition=Q(state__in=[state.value for state in OPEN]),
                name="one_open_correction_an_entry",
            )
        ]
