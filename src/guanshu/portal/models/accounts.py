"""Accounts: they belong to an office (a museum, a province, the nation); the person is an attribute."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from guanshu.portal.models.register import Museum, Province


class Role(models.TextChoices):
    """What an account may be (product §1)."""

    SYSTEM = "system", "系统管理员"
    NATIONAL_VIEWER = "national_viewer", "国家级查看"
    FREE_REVIEWER = "free_reviewer", "免费开放审核"
    OPERATIONS = "operations", "运维人员"
    AUDITOR = "auditor", "安全审计员"
    PROVINCE = "province", "省级科协管理员"
    CITY_VIEWER = "city_viewer", "市级查看"
    FILLER = "filler", "填报人"
    REVIEWER = "reviewer", "审核人"

    @classmethod
    def label_of(cls, value: str) -> str:
        """Return a role as people call it, "" for what is none."""
        return str(cls(value).label) if value in cls.values else ""


MUSEUM_ROLES = (Role.FILLER.value, Role.REVIEWER.value)
# System, security, audit: nobody holds two of these duties (product §1).
DUTY_ROLES = (Role.SYSTEM.value, Role.OPERATIONS.value, Role.AUDITOR.value)
PROVINCE_ROLES = (Role.PROVINCE.value, Role.CITY_VIEWER.value)


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts by their natural key, upper or lower case."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        """Return the account; what people type in lower case is the same account."""
        return self.select_related("province", "museum__province").get(username=(username or "").strip())


class Account(AbstractBaseUser):
    """One login. `username` is 附件3's for provinces (A…), B…/C… for a museum's filler and reviewer."""

    username = models.CharField(max_length=20, unique=True)
    role = models.CharField(max_length=20, choices=Role.choices)
    province = models.ForeignKey(Province, null=True, blank=True, on_delete=models.PROTECT, related_name="accounts")
    museum = models.ForeignKey(Museum, null=True, blank=True, on_delete=models.PROTECT, related_name="accounts")
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=True)
    first_login_at = models.DateTimeField(null=True, blank=True)
    # Who holds it now, {"name", "phone"} encrypted for this account alone (queries.people reads it); "mark" finds a
    # number again without keeping it in the clear, "shown" is the number as everybody may see it.
    person = models.JSONField(default=dict, blank=True)
    phone_mark = models.CharField(max_length=64, blank=True, db_index=True)
    phone_shown = models.CharField(max_length=20, blank=True)
    # 市级查看 sees the museums of this city of its province.
    city = models.CharField(max_length=40, blank=True)
    # 账号通知单: when the office was given the account, and to whom it was handed.
    given_at = models.DateTimeField(null=True, blank=True)
    given_to = models.CharField(max_length=40, blank=True)
    # Real time of the last change of the password; an initial one runs out some days after it.
    password_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["museum", "role"], condition=Q(museum__isnull=False), name="one_account_a_museum_role"
            ),
            models.UniqueConstraint(
                fields=["province"], condition=Q(role=Role.PROVINCE.value), name="one_administrator_a_province"
            ),
            # A person is known by the keyed hash of the mobile number; a closed account is no duty any more.
            models.UniqueConstraint(
                fields=["phone_mark"],
                condition=Q(role__in=DUTY_ROLES, is_active=True) & ~Q(phone_mark=""),
                name="one_duty_a_person",
            ),
            models.CheckConstraint(
                condition=Q(role__in=MUSEUM_ROLES, museum__isnull=False, province__isnull=True)
                | Q(role__in=PROVINCE_ROLES, museum__isnull=True, province__isnull=False)
                | (~Q(role__in=[*MUSEUM_ROLES, *PROVINCE_ROLES]) & Q(museum__isnull=True, province__isnull=True)),
                name="account_belongs_to_its_office",
            ),
        ]

    def __str__(self) -> str:
        return self.username
