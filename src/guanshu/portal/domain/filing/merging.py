"""The nation takes the provinces' lists as one workbook; what is taken is recorded."""

import io
from datetime import datetime

from django.utils.timezone import localtime

from guanshu.portal import audit
from guanshu.portal.domain.exporting import Exported
from guanshu.portal.models import Account, Campaign, Role
from guanshu.portal.problems import NotYours, Unusable
from guanshu.portal.queries.filingitems import unit_name
from guanshu.portal.queries.forms import compiled
from guanshu.portal.queries.mergedlists import filed_lists
from guanshu.survey.documents.merged_lists import MergedContent, UnitLists, file_name, write_merged_lists

_NATIONAL = frozenset({Role.SYSTEM.value, Role.NATIONAL_VIEWER.value})


def merged_content(campaign: Campaign, *, by: str, now: datetime, unsubmitted: bool) -> MergedContent:
    """Return what the workbook of a campaign says. Raises Unusable for a year without filings."""
    if campaign.province_form_id is None:
        raise Unusable(f"{campaign.year} 年度没有省级报送材料。")
    return MergedContent(
        questionnaire=compiled(campaign.province_form_id).questionnaire,
        year=campaign.year,
        at=localtime(now),
        by=by,
        units=[
            UnitLists(
                unit=unit_name(each.filing),
                state=each.state.label,
                submitted=each.submitted,
                submitted_at=localtime(each.submitted_at) if each.submitted_at else None,
                included=each.submitted or unsubmitted,
                answers=each.answers,
            )
            for each in filed_lists(campaign)
        ],
        unsubmitted=unsubmitted,
    )


def export_merged_lists(*, campaign: Campaign, actor: Account, now: datetime, unsubmitted: bool = False) -> Exported:
    """Return the workbook, and record who took it. Raises NotYours for anybody but the nation, Unusable."""
    if actor.role not in _NATIONAL or not actor.is_active:
        raise NotYours
    content = merged_content(campaign, by=actor.username, now=now, unsubmitted=unsubmitted)
    buffer = io.BytesIO()
    write_merged_lists(content, buffer)
    included = sum(unit.included for unit in content.units)
    audit.record(
        stream="system",
        actor=actor.username,
        action="export_lists",
        object=str(campaign.year),
        details={"units": included, "unsubmitted": unsubmitted},
        now=now,
    )
    return Exported(file_name(content), buffer.getvalue(), included)
