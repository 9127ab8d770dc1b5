"""The register: provinces and museums. Ids never change; nothing is deleted, only closed with a date."""

from django.db import models


class Province(models.Model):
    """One of the 32 reporting units of 附件3; `code` is the six digits of its `A` account (兵团: 660000)."""

    code = models.CharField(max_length=6, unique=True)
    order = models.PositiveSmallIntegerField(unique=True)
    name = models.CharField(max_length=40)
    short_name = models.CharField(max_length=12)

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return self.name


class MuseumStatus(models.TextChoices):
    """Whether a museum reports at all."""

    OPEN = "open", "开放"
    CLOSED = "closed", "已关闭"


class MuseumLevel(models.TextChoices):
    """场馆级别, as the register holds it."""

    PROVINCE = "province", "省/部级"
    CITY = "city", "地/市级"
    COUNTY = "county", "县级"


class Museum(models.Model):
    """One science museum. `code` is the nine digits its two accounts share; the province is stored, never derived."""

    code = models.CharField(max_length=9, unique=True)
    name = models.CharField(max_length=100)
    province = models.ForeignKey(Province, on_delete=models.PROTECT, related_name="museums")
    city = models.CharField(max_length=40, blank=True)
    division = models.CharField(max_length=6, blank=True)
    level = models.CharField(max_length=10, choices=MuseumLevel.choices)
    status = models.CharField(max_length=10, choices=MuseumStatus.choices, default=MuseumStatus.OPEN.value)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["province__order", "code"]

    def __str__(self) -> str:
        return self.name


class FreeStatus(models.Model):
    """Whether a museum is in the free-opening programme of a year; no row means it is not."""

    museum = models.ForeignKey(Museum, on_delete=models.PROTECT, related_name="free_years")
    year = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["museum", "year"], name="one_free_status_a_year")]

    def __str__(self) -> str:
        return f"{self.museum.code} {self.year}"
