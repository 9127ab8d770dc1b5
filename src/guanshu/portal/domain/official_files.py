"""The nation puts its own file in place of a generated form or guide, and takes it away again."""

import uuid
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from guanshu.portal import audit
from guanshu.portal.domain import vault
from guanshu.portal.domain.keeping import keep_row, new_row, take_place
from guanshu.portal.domain.naming import safe_name, shown_name
from guanshu.portal.domain.publications import FORMATS, label_of
from guanshu.portal.models import Account, Campaign, Role, StoredFile
from guanshu.portal.problems import BadFile, NotYours, WrongState
from guanshu.portal.queries.connections import give_back_connection
from guanshu.portal.queries.officialfiles import purpose_of
from guanshu.survey.intake.officials import check_official
from guanshu.survey.intake.verdict import Refused


def put_official(
    *, campaign: Campaign, kind: str, suffix: str, upload: "UploadedFile[bytes]", actor: Account, now: datetime
) -> StoredFile:
    """Hand out this file from now on instead of the generated one; earlier ones are kept.

    Raises NotYours, KeyError for a publication there is not, BadFile, WrongState.
    """
    _check(actor, campaign)
    if suffix not in FORMATS[kind]:
        raise KeyError(suffix)
    what = label_of(campaign, kind, suffix)
    give_back_connection()
    with vault.arrived(upload) as path:
        name = shown_name(upload.name or "")
        try:
            seen = check_official(path, name, suffix)
        except Refused as refused:
            raise BadFile(refused.message, reason=refused.code) from refused
        official = safe_name(name.rpartition(".")[0] or name, "", seen.suffix)
        row = new_row(
            campaign,
            purpose_of(kind, suffix),
            path,
            official=official,
            uploaded=name,
            seen=seen,
            actor=actor,
            now=now,
            details={"what": what},
        )

        def write(new: StoredFile) -> StoredFile:
            with transaction.atomic():
                _check(actor, _hold(campaign))
                take_place(new, now)
                _record(new, "put_official_file", actor, now)
            return new

        return keep_row(path, row, write)


def remove_official(*, campaign: Campaign, file_id: uuid.UUID, actor: Account, now: datetime) -> StoredFile:
    """Hand out the generated file again; the official one is kept. Raises NotYours, WrongState."""
    _check(actor, campaign)
    with transaction.atomic():
        _check(actor, _hold(campaign))
        row = StoredFile.objects.filter(campaign=campaign, pk=file_id, superseded_at=None).first()
        if row is None:
            raise WrongState("这个官方文件已经撤下或被新的文件代替，请刷新页面查看。")
        row.superseded_at = now
        row.save(update_fields=["superseded_at"])
        _record(row, "remove_official_file", actor, now)
    return row


def _check(actor: Account, campaign: Campaign) -> None:
    if actor.role != Role.SYSTEM.value or not actor.is_active:
        raise NotYours
    if campaign.closed:
        raise WrongState(f"{campaign.year} 年度的数据采集已经结束，不能再更换文件。")


def _hold(campaign: Campaign) -> Campaign:
    return Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)


def _record(row: StoredFile, action: str, actor: Account, now: datetime) -> None:
    told = {"what": row.details["what"], "about": row.official_name, "sha256": row.sha256}
    audit.record(stream="system", actor=actor.username, action=action, object=row.owner, details=told, now=now)
