"""A year's campaign: opening it and making its reports."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from guanshu.portal import audit
from guanshu.portal.models import Campaign, Filing, Museum, MuseumStatus, Province, QuestionnaireVersion, Report


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of a campaign, each inclusive (product §7)."""

    opens_on: date
    contacts_due: date
    museum_due: date
    province_review_due: date
    province_submit_due: date


def open_campaign(
    *,
    year: int,
    questionnaire: QuestionnaireVersion,
    calendar: Calendar,
    now: datetime,
    actor: str = "",
    params: Mapping[str, Any] | None = None,
    closed: bool = False,
    province_form: QuestionnaireVersion | None = None,
) -> Campaign:
    """Make the campaign of a year and a report for every open museum; a year that is open already is returned as it is.

    closed: a year of the past, opened only to hold imported reports; it gets no reports here.
    province_form: the form of what provinces file; with one, every province gets its filing (also of a closed year,
    whose lists this year's are compared with).
    """
    with transaction.atomic():
        campaign, made = Campaign.objects.get_or_create(
            year=year,
            defaults={
                "questionnaire": questionnaire,
                "params": dict(params or {}),
                "closed": closed,
                "province_form": province_form,
                **asdict(calendar),
            },
        )
        if made:
            details = {"questionnaire": questionnaire.sha256, "closed": closed}
            audit.record(
                stream="system", actor=actor, action="open_campaign", object=str(year), details=details, now=now
            )
        if not campaign.closed:
            create_reports(campaign=campaign)
        create_filings(campaign=campaign)
    return campaign


def create_reports(*, campaign: Campaign, only: Museum | None = None) -> int:
    """Make the reports that open museums (or one of them) still lack in a campaign; return how many were made."""
    museums = Museum.objects.filter(status=MuseumStatus.OPEN.value).exclude(reports__campaign=campaign)
    if only is not None:
        museums = museums.filter(pk=only.pk)
    # Somebody else may be at it too; whoever comes second makes nothing.
    made = Report.objects.bulk_create(
        [
            Report(
                number=report_number(campaign.year, museum),
                museum=museum,
                campaign=campaign,
                questionnaire_id=campaign.questionnaire_id,
            )
            for museum in museums
        ],
        ignore_conflicts=True,
        batch_size=500,
    )
    return len(made)


def create_filings(*, campaign: Campaign) -> int:
    """Make the filings that provinces still lack in a campaign, and return how many were made."""
    if campaign.province_form_id is None:
        return 0
    made = Filing.objects.bulk_create(
        [
            Filing(
                number=f"{campaign.year}-{province.code}",
                province=province,
                campaign=campaign,
                questionnaire_id=campaign.province_form_id,
            )
            for province in Province.objects.exclude(filings__campaign=campaign)
        ],
        ignore_conflicts=True,
    )
    return len(made)


def report_number(year: int, museum: Museum) -> str:
    """Return the number under which a report is known everywhere: `2022-130600001`."""
    return f"{year}-{museum.code}"
