"""Changing the register: names, places, levels, free status, closing. Ids never change; every change is on record."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from guanshu.portal import audit
from guanshu.portal.domain.offices.deciding import hold_register
from guanshu.portal.domain.offices.reading import CITY, NAME, Reader
from guanshu.portal.domain.reporting.locking import required
from guanshu.portal.models import (
    Account,
    Campaign,
    FreeStatus,
    Museum,
    MuseumLevel,
    MuseumStatus,
    Province,
    RegisterField,
    ReportFact,
    Role,
)
from guanshu.portal.problems import Incomplete, NotYours, WrongState
from guanshu.portal.queries.campaigns import current_campaign
from guanshu.portal.queries.lookalikes import plain_name
from guanshu.portal.queries.registerchange import value_of

_LABELS: dict[str, str] = {str(field.value): str(field.label) for field in RegisterField}


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the register to be another value; values are as `Correction` keeps them."""

    what: str
    new: str


def read_change(museum: Museum, what: str, typed: Mapping[str, str]) -> Change:
    """Return the change that was typed in the field `new`. `what` is a known field. Raises InvalidForm."""
    reader = Reader({"new": typed.get("new", "")}, {"new": _LABELS[what]})
    match RegisterField(what):
        case RegisterField.NAME:
            new = reader.read("new", NAME)
        case RegisterField.CITY:
            new = reader.read("new", CITY)
        case RegisterField.LEVEL:
            new = reader.choose("new", dict(MuseumLevel.choices))
        case RegisterField.PROVINCE:
            new = reader.choose("new", dict(Province.objects.values_list("code", "name")))
        case RegisterField.FREE:
            new = {"1": "1", "0": ""}.get(reader.choose("new", {"1": "是", "0": "否"}), "")
    if not reader.problems and new == value_of(museum, what):
        reader.problems["new"] = f"{_LABELS[what]}与名册中现在的相同，不需要更正。"
    reader.finish()
    return Change(what, new)


def change_register(*, museum: Museum, change: Change, actor: Account, reason: str, now: datetime) -> Museum:
    """Change one entry by the nation's own decision. Raises NotYours, Incomplete, WrongState."""
    given = _nation(actor, reason)
    with transaction.atomic():
        campaign = _running()
        return apply_change(museum, change, campaign, actor=actor, now=now, reason=given)


def apply_change(
    museum: Museum, change: Change, campaign: Campaign | None, *, actor: Account, now: datetime, **details: str
) -> Museum:
    """Write a change and what follows from it; the caller holds the register. Raises WrongState.

    The facts of a campaign that is not closed follow: boards count the museum where it now is. Those of closed years
    stay with the province that reported them (decision 0020).
    """
    locked = Museum.objects.select_for_update(no_key=True, of=("self",)).select_related("province").get(pk=museum.pk)
    old = value_of(locked, change.what)
    if old == change.new:
        raise WrongState(f"{_LABELS[change.what]}已经是更正后的内容，没有再作改动。")
    _APPLY[RegisterField(change.what)](locked, change.new, campaign)
    audit.record(
        stream=f"museum:{locked.code}",
        actor=actor.username,
        action=f"change_{change.what}",
        object=locked.code,
        details={"role": actor.role, "old": old, "new": change.new, **details},
        now=now,
    )
    return locked


def _rename(museum: Museum, new: str, _campaign: Campaign | None) -> None:
    check_free_name(museum, new, museum.province)
    museum.name = new
    museum.save(update_fields=["name"])


def _move(museum: Museum, new: str, campaign: Campaign | None) -> None:
    province = Province.objects.filter(code=new).first()
    if province is None:
        raise WrongState("没有这个省级单位，未作改动。")
    check_free_name(museum, museum.name, province)
    museum.province = province
    museum.save(update_fields=["province"])
    _facts(museum, campaign, province=province)


def _level(museum: Museum, new: str, campaign: Campaign | None) -> None:
    museum.level = new
    museum.save(update_fields=["level"])
    _facts(museum, campaign, level=new)


def _city(museum: Museum, new: str, campaign: Campaign | None) -> None:
    museum.city = new
    museum.save(update_fields=["city"])
    _facts(museum, campaign, city=new)


def _free(museum: Museum, new: str, campaign: Campaign | None) -> None:
    if campaign is None:
        raise WrongState("没有正在进行的采集年度，不能更改免费开放状态。")
    if new:
        FreeStatus.objects.get_or_create(museum=museum, year=campaign.year)
    else:
        FreeStatus.objects.filter(museum=museum, year=campaign.year).delete()
    _facts(museum, campaign, free=bool(new))


_APPLY: Mapping[RegisterField, Callable[[Museum, str, Campaign | None], None]] = {
    RegisterField.NAME: _rename,
    RegisterField.PROVINCE: _move,
    RegisterField.LEVEL: _level,
    RegisterField.CITY: _city,
    RegisterField.FREE: _free,
}


def _facts(museum: Museum, campaign: Campaign | None, **values: object) -> None:
    if campaign is not None:
        ReportFact.objects.filter(museum=museum, year=campaign.year).update(**values)


def check_free_name(museum: Museum, name: str, province: Province) -> None:
    """Raise WrongState when another museum of the province has this very name."""
    others = Museum.objects.filter(province=province).exclude(pk=museum.pk).values_list("code", "name")
    taken = next((code for code, other in others if plain_name(other) == plain_name(name)), "")
    if taken:
        raise WrongState(f"{province.name}名册中已有同名科技馆（编号 {taken}），未作改动。")


def close_museum(*, museum: Museum, on: date, actor: Account, reason: str, now: datetime) -> Museum:
    """Close a museum from a day on: later campaigns make no report for it. Raises NotYours, Incomplete, WrongState."""
    given = _nation(actor, reason)
    with transaction.atomic():
        _running()
        locked = Museum.objects.select_for_update(no_key=True).get(pk=museum.pk)
        if locked.status != MuseumStatus.OPEN.value:
            raise WrongState("这座科技馆已经关闭，没有再作改动。")
        locked.status, locked.closed_on = MuseumStatus.CLOSED.value, on
        return _settle_status(locked, "close_museum", actor, now, on=on.isoformat(), reason=given)


def reopen_museum(*, museum: Museum, actor: Account, reason: str, now: datetime) -> Museum:
    """Open a closed museum again, under the number and accounts it had. Raises NotYours, Incomplete, WrongState."""
    given = _nation(actor, reason)
    with transaction.atomic():
        _running()
        locked = Museum.objects.select_for_update(no_key=True).get(pk=museum.pk)
        if locked.status != MuseumStatus.CLOSED.value:
            raise WrongState("这座科技馆没有关闭，没有再作改动。")
        before = locked.closed_on.isoformat() if locked.closed_on else ""
        locked.status, locked.closed_on = MuseumStatus.OPEN.value, None
        return _settle_status(locked, "reopen_museum", actor, now, on=before, reason=given)


def _settle_status(museum: Museum, action: str, actor: Account, now: datetime, **details: str) -> Museum:
    museum.save(update_fields=["status", "closed_on"])
    audit.record(
        stream=f"museum:{museum.code}",
        actor=actor.username,
        action=action,
        object=museum.code,
        details={"role": actor.role, **details},
        now=now,
    )
    return museum


def _nation(actor: Account, reason: str) -> str:
    if actor.role != Role.SYSTEM.value or not actor.is_active:
        raise NotYours("名册只能由全国系统管理员更改。")
    return required(reason, "更改的理由")


def _running() -> Campaign | None:
    """Hold the register and return the campaign that is running, if any."""
    campaign = current_campaign()
    if campaign is None:
        return None
    locked = hold_register(campaign.pk)
    return None if locked.closed else locked


def read_closing_day(text: str, today: date) -> date:
    """Return the day of closing that was typed. Raises Incomplete for none, and for one still to come."""
    try:
        on = date.fromisoformat(text)
    except ValueError:
        raise Incomplete("请填写关闭日期，如 2023-01-31。") from None
    if on > today:
        raise Incomplete("关闭日期不能晚于今天，请在关闭之后再办理。")
    return on
