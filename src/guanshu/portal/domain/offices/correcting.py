"""信息更正申请: a museum says where the register is wrong; its province gives an opinion, the nation decides."""

from collections.abc import Mapping
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from guanshu.portal.domain.offices.deciding import hold_register, note, reason_of, settle, take
from guanshu.portal.domain.offices.evidence import with_evidence
from guanshu.portal.domain.offices.reading import LONGEST_NOTE, Reader
from guanshu.portal.domain.offices.register import Change, apply_change, read_change
from guanshu.portal.models import Account, Campaign, Correction, Museum, RegisterField, Role
from guanshu.portal.problems import InvalidForm, NotYours, WrongState
from guanshu.portal.queries.registerchange import value_label, value_of
from guanshu.survey.values.texts import TextType
from guanshu.survey.workflow.requests import OPEN, RequestAction, RequestState

_REASON = TextType(limit=LONGEST_NOTE, lines=True)


def ask_correction(
    *,
    actor: Account,
    campaign: Campaign,
    typed: Mapping[str, str],
    upload: "UploadedFile[bytes] | None",
    now: datetime,
) -> Correction:
    """Ask for one entry of the register to be corrected, with evidence. Raises NotYours, WrongState, InvalidForm."""
    museum = actor.museum
    if actor.role != Role.FILLER.value or museum is None or not actor.is_active:
        raise NotYours("信息更正由本馆填报人申请。")
    change, reason = _read(museum, typed)
    _check_none_open(museum, change.what)

    def write() -> Correction:
        return _write(museum, campaign, change, reason, actor=actor, now=now)

    draft = Correction(museum=museum, campaign=campaign)
    label = RegisterField(change.what).label
    return with_evidence(draft, upload, f"{museum.name}更正{label}证明材料", write, actor=actor, now=now)


def _read(museum: Museum, typed: Mapping[str, str]) -> tuple[Change, str]:
    problems: dict[str, str] = {}
    what, change = typed.get("what", ""), None
    if what not in RegisterField.values:
        problems["what"] = "请选择要更正的内容。"
    else:
        try:
            # Each entry has a field of its own, so that the page works without a script.
            change = read_change(museum, what, {"new": typed.get(f"new_{what}", "")})
        except InvalidForm as invalid:
            problems[f"new_{what}"] = invalid.problems["new"]
    reader = Reader(typed, {"reason": "更正理由"}, problems)
    reason = reader.read("reason", _REASON)
    reader.finish()
    assert change is not None  # noqa: S101 (otherwise there was a problem)
    return change, reason


def _check_none_open(museum: Museum, what: str) -> None:
    waiting = Correction.objects.filter(museum=museum, what=what, state__in=[state.value for state in OPEN]).first()
    if waiting is not None:
        label, state = RegisterField(what).label, waiting.standing.label
        sentence = f"{label}的更正申请 {waiting.number} 还在办理（{state}），请等待结果，或先撤回后重新申请。"
        raise InvalidForm({"what": sentence})


def _write(
    museum: Museum, campaign: Campaign, change: Change, reason: str, *, actor: Account, now: datetime
) -> Correction:
    locked = hold_register(campaign.pk)
    if locked.closed:
        raise WrongState(f"{locked.year} 年度的数据采集已经结束，不能再提交更正申请。")
    _check_none_open(museum, change.what)
    live = Museum.objects.select_related("province").get(pk=museum.pk)
    serial = Correction.objects.filter(museum=museum, campaign=locked).count() + 1
    asked = Correction.objects.create(
        number=f"{locked.year}-{museum.code}-G{serial}",
        campaign=locked,
        province=live.province,
        state=RequestState.AT_PROVINCE.value,
        asked_by=actor.username,
        asked_at=now,
        museum=live,
        what=change.what,
        old=value_of(live, change.what),
        new=change.new,
        reason=reason,
    )
    note(asked, RequestAction.SUBMIT, actor=actor, before="", now=now)
    return asked


def withdraw_correction(*, correction: Correction, actor: Account, now: datetime) -> Correction:
    """Take a correction back while nobody has decided. Raises NotYours, WrongState."""
    with transaction.atomic():
        locked, move = take(correction, RequestAction.WITHDRAW, actor=actor)
        return settle(locked, move, RequestAction.WITHDRAW, actor=actor, reason="", now=now)


def give_opinion(
    *, correction: Correction, actor: Account, action: RequestAction, opinion: str, now: datetime
) -> Correction:
    """Forward a correction to the nation, or send it back to the museum with a reason.

    Raises NotYours, WrongState, Incomplete.
    """
    with transaction.atomic():
        locked, move = take(correction, action, actor=actor)
        locked.opinion = reason_of(move, opinion, "退回的原因")
        before, locked.state = locked.state, move.target.value
        locked.opinion_by, locked.opinion_at = actor.username, now
        locked.save(update_fields=["state", "opinion", "opinion_by", "opinion_at"])
        note(locked, action, actor=actor, before=before, now=now)
    return locked


def approve_correction(*, correction: Correction, actor: Account, now: datetime, reason: str = "") -> Correction:
    """Approve a correction and change the register with it. Raises NotYours, WrongState.

    When the register says something else by now than what was to be corrected, nothing is changed: the museum must
    look again.
    """
    with transaction.atomic():
        locked, move = take(correction, RequestAction.APPROVE, actor=actor)
        given = reason_of(move, reason, "说明")
        live = Museum.objects.select_related("province").get(pk=locked.museum_id)
        if value_of(live, locked.what) != locked.old:
            now_is = value_label(locked.what, value_of(live, locked.what))
            label = RegisterField(locked.what).label
            raise WrongState(
                f"名册中的{label}在申请之后已经变动，现为「{now_is}」，不能按原申请更正。请不同意，由科技馆核对后重新申请。"
            )
        campaign = None if locked.campaign.closed else locked.campaign
        change = Change(locked.what, locked.new)
        apply_change(live, change, campaign, actor=actor, now=now, correction=locked.number)
        return settle(locked, move, RequestAction.APPROVE, actor=actor, reason=given, now=now)


def refuse_correction(*, correction: Correction, actor: Account, reason: str, now: datetime) -> Correction:
    """Refuse a correction with a reason. Raises NotYours, WrongState, Incomplete."""
    with transaction.atomic():
        locked, move = take(correction, RequestAction.REFUSE, actor=actor)
        given = reason_of(move, reason, "不同意的理由")
        return settle(locked, move, RequestAction.REFUSE, actor=actor, reason=given, now=now)
