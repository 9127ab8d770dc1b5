"""附件1 《省级科协管理员信息采集表》: who administers a province in a campaign."""

from django.db import models

from guanshu.portal.models.campaign import Campaign
from guanshu.portal.models.register import Province


class CardState(models.TextChoices):
    """How far 附件1 of a province is; a card that was never entered has no row."""

    EMPTY = "empty", "未填报"
    FILLED = "filled", "已填报"
    CONFIRMED = "confirmed", "已确认"


class AdministratorCard(models.Model):
    """One province's 附件1. `sealed` holds name, gender, title, office phone, mobile, e-mail, encrypted for this card.

    `slip_due`: whether the initial password of the province's account may still be given out for the person confirmed
    last.
    """

    province = models.ForeignKey(Province, on_delete=models.PROTECT, related_name="cards")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="cards")
    state = models.CharField(max_length=10, choices=CardState.choices, default=CardState.EMPTY.value)
    unit = models.CharField(max_length=100, blank=True)
    sealed = models.JSONField(default=dict)
    phone_shown = models.CharField(max_length=20, blank=True)
    filled_by = models.CharField(max_length=20, blank=True)
    filled_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.CharField(max_length=20, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    slip_due = models.BooleanField(default=False)
    # Who it was that was confirmed last, as a keyed hash: another person gets a slip again.
    confirmed_mark = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["province", "campaign"], name="one_card_a_province_a_year")]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.province_id}"
