"""What the web tests are made of: times, passwords, museums with reports."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password
from django.test import Client

from guanshu.portal.domain.accounts import create_museum_accounts
from guanshu.portal.models import (
    Campaign,
    Museum,
    MuseumLevel,
    Province,
    Report,
    Role,
)
from guanshu.survey.workflow.states import State

NOW = datetime(2023, 2, 4, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
PASSWORD = "Correct-horse-22"
ENCODED = make_password(PASSWORD)
NATIONAL = {
    "national": Role.SYSTEM,
    "viewer": Role.NATIONAL_VIEWER,
    "free": Role.FREE_REVIEWER,
    "operations": Role.OPERATIONS,
    "auditor": Role.AUDITOR,
}

LogIn = Callable[[str], Client]


def make_museums(province: Province, campaigns: list[Campaign], number: int) -> list[Museum]:
    """Make `number` more museums in a province, with accounts and a report in each campaign."""
    first = Museum.objects.filter(province=province).count()
    made = [
        Museum.objects.create(
            code=f"{province.code[:2]}06{index:05d}",
            name=f"{province.short_name}第{index}科技馆（演示）",
            province=province,
            city="保定市" if index % 2 else "唐山市",
            level=MuseumLevel.CITY,
        )
        for index in range(first, first + number)
    ]
    for campaign in campaigns:
        Report.objects.bulk_create(
            Report(
                number=f"{campaign.year}-{museum.code}",
                museum=museum,
                campaign=campaign,
                questionnaire=campaign.questionnaire,
                state=(State.APPROVED if campaign.closed else State.FILLING).value,
                summary={
                    "tables": 30,
                    "complete": 12,
                    "findings": {"mandatory": 2, "quasi": 0, "verify": 3, "hint": 0, "open": 1},
                },
                saved_at=NOW,
            )
            for museum in made
        )
    create_museum_accounts(museums=made, actor="test", now=NOW, encoded=ENCODED, must_change=False)
    return made
