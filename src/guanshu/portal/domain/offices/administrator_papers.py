"""附件1 as files: one unit's as Word in the notice's layout, all units' as a workbook. Each is recorded."""

import io
from dataclasses import astuple
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localtime

from guanshu.portal import audit
from guanshu.portal.domain.exporting import Exported
from guanshu.portal.domain.naming import safe_name
from guanshu.portal.domain.offices.administrators import note_export
from guanshu.portal.domain.outside import run_outside
from guanshu.portal.domain.templates import WordFile
from guanshu.portal.models import Account, AdministratorCard, Campaign, Contact, Role
from guanshu.portal.problems import NotYours
from guanshu.portal.queries.administrators import CardRow, card_rows, details_of
from guanshu.portal.queries.connections import give_back_connection
from guanshu.portal.queries.publishing import footer
from guanshu.survey.documents.administrators.summary import SummaryContent, SummaryLine, write_summary

# The contact who answers for the system itself, if the campaign names one so.
_ABOUT_SYSTEM = "数据采集系统"


def export_card(*, card: AdministratorCard, actor: Account, now: datetime) -> WordFile:
    """Return one unit's 附件1, and record who took it. Raises NotYours, OutsideFailed."""
    with transaction.atomic():
        note_export(card, actor, now)
    details, campaign = details_of(card), card.campaign
    given = {
        "unit": card.province.name,
        "values": list(astuple(details)),
        "due": campaign.contacts_due.isoformat(),
        "mail": footer().mail,
        "phone": _phone(campaign),
    }
    give_back_connection()
    data = run_outside("administrator_card", given)
    return WordFile(safe_name("", f"附件1省级科协管理员信息采集表（{card.province.short_name}）", ".docx"), data)


def _phone(campaign: Campaign) -> str:
    """Return the number to call, which the campaign's contacts name on the home page."""
    contact = Contact.objects.filter(campaign=campaign, subject__contains=_ABOUT_SYSTEM).first()
    return contact.phone if contact is not None else ""


def export_cards(*, campaign: Campaign, actor: Account, now: datetime) -> Exported:
    """Return the workbook of all units, and record who took it. Raises NotYours for anybody but the nation."""
    if actor.role != Role.SYSTEM.value or not actor.is_active:
        raise NotYours
    rows = card_rows(campaign)
    lines = [_line(row) for row in rows]
    content = SummaryContent(campaign.year, localtime(now), actor.username, lines)
    buffer = io.BytesIO()
    write_summary(content, buffer)
    audit.record(
        stream="system",
        actor=actor.username,
        action="export_administrators",
        object=str(campaign.year),
        details={"units": len(lines), "entered": sum(row.card is not None for row in rows)},
        now=now,
    )
    return Exported(f"{content.title}.xlsx", buffer.getvalue(), len(lines))


def _line(row: CardRow) -> SummaryLine:
    card = row.card
    filled, confirmed = (_moment(card.filled_at if card else None), _moment(card.confirmed_at if card else None))
    username = row.account.username if row.account else ""
    by = card.confirmed_by if card else ""
    texts = (row.province.name, username, str(row.state.label), *astuple(details_of(card)), filled, confirmed, by)
    return SummaryLine(texts)


def _moment(at: datetime | None) -> str:
    return f"{localtime(at):%Y-%m-%d %H:%M}" if at else ""
