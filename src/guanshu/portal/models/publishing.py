"""What the public home page shows besides the task itself: notices, contacts by subject, footer."""

from django.db import models

from guanshu.portal.models.campaign import Campaign


class Notice(models.Model):
    """A notice on the home page; withdrawn notices are kept."""

    title = models.CharField(max_length=100)
    body = models.TextField()
    published_on = models.DateField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.title


class Contact(models.Model):
    """Whom to ask about a subject in a campaign; empty in the product."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="contacts")
    order = models.PositiveSmallIntegerField(default=0)
    subject = models.CharField(max_length=60)
    unit = models.CharField(max_length=60, blank=True)
    name = models.CharField(max_length=40, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    qq_group = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.subject


class FooterSetting(models.Model):
    """One line of the footer (主办单位, 承办单位, ICP 备案, 公网安备), by key."""

    key = models.CharField(max_length=20, unique=True)
    value = models.CharField(max_length=100, blank=True)

    def __str__(self) -> str:
        return self.key
