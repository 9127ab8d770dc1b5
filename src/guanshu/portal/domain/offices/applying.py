"""科技馆账号申请: a province asks for a museum that is not in the register yet."""

from collections.abc import Mapping
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from guanshu.portal import clock, crypto
from guanshu.portal.domain.offices.deciding import hold_register, note, reason_of, settle, take
from guanshu.portal.domain.offices.evidence import with_evidence
from guanshu.portal.domain.offices.reading import Applied, read_application
from guanshu.portal.domain.offices.telling import tell_province
from guanshu.portal.models import Account, Application, Campaign, Province, Role
from guanshu.portal.problems import InvalidForm, NotYours, WrongState
from guanshu.portal.queries.applications import PLACE
from guanshu.portal.queries.lookalikes import Lookalike, lookalikes
from guanshu.survey.values.contacts import mask_mobile
from guanshu.survey.workflow.requests import RequestAction, RequestState

# Provinces have no use for more; whoever posts in a loop does.
MOST_WAITING = 200


def submit_application(
    *,
    actor: Account,
    campaign: Campaign,
    typed: Mapping[str, str],
    distinct: bool,
    upload: "UploadedFile[bytes] | None",
    now: datetime,
) -> Application:
    """Hand an application to the nation, with its evidence.

    distinct: 「确认不是同一座馆」. Raises NotYours, WrongState for a closed year, InvalidForm with a sentence for each
    field; a name that the province's register has already, or a similar one without the tick, is such a field.
    """
    province = actor.province
    if actor.role != Role.PROVINCE.value or province is None or not actor.is_active:
        raise NotYours
    applied = read_application(typed, province, clock.today(now))
    # Looked at before the file is: it is done again under the lock.
    check_name(applied.name, province, distinct=distinct)

    def write() -> Application:
        return _write(applied, province, campaign, actor=actor, distinct=distinct, now=now)

    draft = Application(province=province, campaign=campaign)
    return with_evidence(draft, upload, f"{applied.name}账号申请证明材料", write, actor=actor, now=now)


def check_name(name: str, province: Province, *, distinct: bool, apart: int | None = None) -> list[Lookalike]:
    """Return what looks like a name. Raises InvalidForm for the very same name, and for similar ones nobody ticked."""
    found = lookalikes(name, province, apart=apart)
    same = next((each for each in found if each.same), None)
    if same is not None:
        raise InvalidForm({"name": duplicate_sentence(same)})
    if found and not distinct:
        sentence = (
            f"有 {len(found)} 座馆名相近的科技馆，请逐一核对；确实不是同一座馆的，请勾选「确认不是同一座馆」后再提交。"
        )
        raise InvalidForm({"distinct": sentence})
    return found


def duplicate_sentence(same: Lookalike) -> str:
    """Return why the very same name is refused, and what to do instead."""
    if same.standing.startswith("申请中"):
        return f"本省已为「{same.name}」申请账号（{same.number}，待全国审批），不能重复申请。"
    return (
        f"本省名册中已有「{same.name}」（编号 {same.number}，{same.standing}），不能重复申请。"
        "账号请在「本省已建成科技馆账号信息」查看；已关闭的科技馆重新开放，请联系全国系统管理员。"
    )


def _write(
    applied: Applied, province: Province, campaign: Campaign, *, actor: Account, distinct: bool, now: datetime
) -> Application:
    locked = hold_register(campaign.pk)
    if locked.closed:
        raise WrongState(f"{locked.year} 年度的数据采集已经结束，不能再提交申请。")
    found = check_name(applied.name, province, distinct=distinct)
    before = Application.objects.filter(province=province, campaign=locked)
    if before.filter(state=RequestState.AT_NATION.value).count() >= MOST_WAITING:
        raise WrongState(f"本省已有 {MOST_WAITING} 份申请等待审批，请等全国审批后再提交。")
    number = f"{locked.year}-{province.code}-S{before.count() + 1}"
    asked = Application.objects.create(
        number=number,
        campaign=locked,
        province=province,
        state=RequestState.AT_NATION.value,
        asked_by=actor.username,
        asked_at=now,
        name=applied.name,
        city=applied.city,
        division=applied.division,
        level=applied.level,
        supervisor=applied.supervisor,
        opened_on=applied.opened_on,
        address=applied.address,
        free=applied.free,
        note=applied.note,
        people={
            who: crypto.encrypt(dict(one), report=PLACE, address=f"{number} {who}")
            for who, one in applied.people.items()
        },
        phones={who: mask_mobile(one["phone"]) for who, one in applied.people.items()},
        lookalikes=[each.kept() for each in found],
        distinct=bool(found),
    )
    note(asked, RequestAction.SUBMIT, actor=actor, before="", now=now)
    return asked


def withdraw_application(*, application: Application, actor: Account, now: datetime) -> Application:
    """Take an application back before the nation has decided. Raises NotYours, WrongState."""
    with transaction.atomic():
        locked, move = take(application, RequestAction.WITHDRAW, actor=actor)
        return settle(locked, move, RequestAction.WITHDRAW, actor=actor, reason="", now=now)


def refuse_application(*, application: Application, actor: Account, reason: str, now: datetime) -> Application:
    """Refuse an application with a reason, and tell the province. Raises NotYours, WrongState, Incomplete."""
    with transaction.atomic():
        locked, move = take(application, RequestAction.REFUSE, actor=actor)
        given = reason_of(move, reason, "不同意的理由")
        settle(locked, move, RequestAction.REFUSE, actor=actor, reason=given, now=now)
        tell_province(locked, "application_refused", now)
    return locked


def mark_read(*, asked: Application, actor: Account, now: datetime) -> None:
    """Note that the province has read a decision; its pages point to it no longer. Raises NotYours."""
    if actor.role != Role.PROVINCE.value or actor.province_id != asked.province_id:
        raise NotYours
    Application.objects.filter(pk=asked.pk, read_at=None).exclude(decided_at=None).update(read_at=now)
