"""附件1: entered by the nation from e-mail or paper, kept up by the province, confirmed by telephone."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from guanshu.portal import audit, crypto
from guanshu.portal.domain.accounts import create_province_accounts
from guanshu.portal.domain.handing_over import shut_out
from guanshu.portal.domain.offices.reading import NAME, Reader
from guanshu.portal.domain.passwords import set_initial_password
from guanshu.portal.domain.people import set_person, tell_numbers
from guanshu.portal.models import Account, AdministratorCard, Campaign, CardState, Province, Role
from guanshu.portal.problems import NotYours, WrongState
from guanshu.portal.queries.administrators import (
    FIELDS,
    GENDERS,
    Details,
    account_of,
    address_of,
    card_of,
    details_of,
    stream_of,
)
from guanshu.portal.queries.people import Person, person_of
from guanshu.survey.values.contacts import EmailType, MobileType, PhoneType, mask_mobile
from guanshu.survey.values.texts import TextType

SOURCE = "annex1"


def enter_card(
    *, province: Province, campaign: Campaign, actor: Account, typed: Mapping[str, str], now: datetime
) -> AdministratorCard:
    """Store what 附件1 says; whatever changes has to be confirmed by telephone again.

    Until it is, the number on record stays in force. Raises NotYours, WrongState for a closed year, InvalidForm.
    """
    _require_writer(actor, province)
    details = read_details(typed)
    with transaction.atomic():
        card = _locked(province, campaign)
        changed = details.differing(details_of(card))
        if not changed:
            return card
        card.unit, card.sealed = details.unit, details.sealed(address_of(card))
        card.phone_shown = mask_mobile(details.mobile)
        card.state = CardState.FILLED.value
        card.filled_by, card.filled_at = actor.username, now
        card.save()
        _note(card, "enter_card", actor, now, changed=changed)
    return card


def read_details(typed: Mapping[str, str]) -> Details:
    """Return what was typed. Raises InvalidForm with a sentence for every field that is wrong."""
    reader = Reader(typed, FIELDS)
    found = Details(
        unit=reader.read("unit", NAME),
        name=reader.read("name", TextType(limit=40)),
        gender=reader.choose("gender", GENDERS),
        title=reader.read("title", TextType(limit=60)),
        office_phone=reader.read("office_phone", PhoneType()),
        mobile=reader.read("mobile", MobileType()),
        email=reader.read("email", EmailType()),
    )
    reader.finish()
    return found


def confirm_card(
    *, province: Province, campaign: Campaign, actor: Account, seen: str, now: datetime
) -> AdministratorCard:
    """Record that the card was confirmed by telephone, which opens the province's account for this person.

    seen: when the card that was read out was filled in (ISO); another one by now is not confirmed unseen. The account
    is made when there is none yet, and active again when it was closed. Raises NotYours, WrongState.
    """
    _require_nation(actor)
    with transaction.atomic():
        card = _locked(province, campaign)
        if card.state != CardState.FILLED.value:
            state = CardState(card.state).label
            raise WrongState(f"{province.name}的信息采集表目前为「{state}」，不需要确认。请刷新页面查看。")
        if not _same_moment(seen, card.filled_at):
            raise WrongState("信息采集表在您打开页面之后又有修改，没有确认。请刷新页面，按新的内容电话确认。")
        details = details_of(card)
        mark = crypto.lookup(f"{details.name} {details.mobile}")
        card.slip_due = card.slip_due or card.confirmed_mark != mark
        card.state, card.confirmed_mark = CardState.CONFIRMED.value, mark
        card.confirmed_by, card.confirmed_at = actor.username, now
        card.save()
        opened = _open_account(province, Person(details.name, details.mobile), actor, now)
        _note(card, "confirm_card", actor, now, opened=opened)
    return card


def _same_moment(text: str, at: datetime | None) -> bool:
    try:
        return datetime.fromisoformat(text) == at
    except ValueError:
        return False


def _open_account(province: Province, person: Person, actor: Account, now: datetime) -> bool:
    """Put the person on record behind the province's account; return whether the account was made or opened again.

    Another person than before begins anew: the former one's password, sessions and authenticator end here.
    """
    account = account_of(province)
    made = account is None
    if account is None:
        create_province_accounts(actor=actor.username, now=now, only=province.code)
        account = Account.objects.get(role=Role.PROVINCE.value, province=province)
    closed = not account.is_active
    if closed:
        account.is_active = True
        account.save(update_fields=["is_active"])
        audit.record(
            stream=f"account:{account.username}",
            actor=actor.username,
            action="account_opened",
            object=account.username,
            details={"source": SOURCE},
            now=now,
        )
    before = person_of(account)
    set_person(account=account, person=person, actor=actor.username, source=SOURCE, now=now)
    if before.phone:
        tell_numbers(account=account, old=before.phone, new=person.phone, now=now)
    if before.name and before.name != person.name:
        shut_out(account, actor=actor.username, now=now)
    return made or closed


def give_password(*, province: Province, campaign: Campaign, actor: Account, now: datetime) -> tuple[Account, str]:
    """Give the person confirmed an initial password, once; return the account and the password, kept nowhere.

    Raises NotYours, WrongState when the card is not confirmed or the password was given out already.
    """
    _require_nation(actor)
    with transaction.atomic():
        card = _locked(province, campaign)
        if card.state != CardState.CONFIRMED.value:
            raise WrongState("信息采集表还没有电话确认，不能发放初始密码。")
        if not card.slip_due:
            raise WrongState("初始密码已经发放过，只显示一次。忘记密码的，请管理员在首页用「忘记密码？点此重置」重置。")
        account = Account.objects.get(role=Role.PROVINCE.value, province=province)
        password = set_initial_password(account=account, actor=actor.username, now=now)
        Account.objects.filter(pk=account.pk).update(given_at=now)
        card.slip_due = False
        card.save(update_fields=["slip_due"])
        _note(card, "give_password", actor, now)
    return account, password


def reveal_card(*, card: AdministratorCard, actor: Account, now: datetime) -> Details:
    """Return what a card says, and record who looked. Raises NotYours."""
    if actor.role != Role.SYSTEM.value:
        _require_writer(actor, card.province)
    with transaction.atomic():
        _note(card, "reveal_card", actor, now)
    return details_of(card)


def _require_nation(actor: Account) -> None:
    if actor.role != Role.SYSTEM.value or not actor.is_active:
        raise NotYours("信息采集表由全国系统管理员确认。")


def _require_writer(actor: Account, province: Province) -> None:
    own = actor.role == Role.PROVINCE.value and actor.province_id == province.pk
    if not actor.is_active or not (own or actor.role == Role.SYSTEM.value):
        raise NotYours


def _locked(province: Province, campaign: Campaign) -> AdministratorCard:
    """Return the card, its row held; made when there is none. Two who begin at once wait for each other."""
    if campaign.closed:
        raise WrongState(f"{campaign.year} 年度的数据采集已经结束，信息采集表不能再改动。")
    Province.objects.select_for_update(no_key=True).get(pk=province.pk)
    card = card_of(province, campaign)
    return card or AdministratorCard(province=province, campaign=campaign)


def _note(card: AdministratorCard, action: str, actor: Account, now: datetime, **details: object) -> None:
    audit.record(
        stream=stream_of(card),
        actor=actor.username,
        action=action,
        object=address_of(card),
        details={"role": actor.role, **details},
        now=now,
    )


def note_export(card: AdministratorCard, actor: Account, now: datetime) -> None:
    """Record that somebody takes a card out of the system as a file. Raises NotYours."""
    if actor.role != Role.SYSTEM.value:
        _require_writer(actor, card.province)
    _note(card, "export_card", actor, now)
