"""Accounts that people with an account make for others: the nation's viewers and operations, a province's cities.

SYSTEM and AUDITOR come by command only (`create-admin`), and no account ever changes its role.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction

from guanshu.portal import audit
from guanshu.portal.domain.accounts import canonical_username, is_duty_name
from guanshu.portal.domain.passwords import random_password, set_initial_password
from guanshu.portal.domain.people import check_duties, set_person
from guanshu.portal.domain.sessions import BY_CHANGE, end_sessions
from guanshu.portal.domain.wording import LONGEST_NAME, typed_mobile, typed_text
from guanshu.portal.models import Account, Museum, Province, Role
from guanshu.portal.problems import Incomplete, NotYours, WrongState
from guanshu.portal.queries.people import Person

MADE_BY_SYSTEM = (Role.NATIONAL_VIEWER, Role.FREE_REVIEWER, Role.OPERATIONS)


def create_national_account(
    *, role: str, username: str, person: Mapping[str, str], actor: Account, now: datetime
) -> tuple[Account, str]:
    """Make a national account and return it with its initial password, shown once.

    Raises NotYours for anybody but a system administrator, Incomplete, OtherDuty.
    """
    if actor.role != Role.SYSTEM.value or not actor.is_active:
        raise NotYours("全国级账号只能由系统管理员建立，您的账号不能进行此操作。")
    if role not in {each.value for each in MADE_BY_SYSTEM}:
        raise Incomplete("请选择账号类型：国家级查看、免费开放审核或运维人员。")
    name = canonical_username(username)
    if not is_duty_name(name):
        raise Incomplete("账号名为 3 至 20 个字母、数字、点或横线，以字母开头，不能与省级或馆账号相像。")
    wanted = Account(username=name, role=role, must_change_password=True, password_at=now)
    return _create(wanted, _person(person), actor, now)


def create_city_account(*, city: str, person: Mapping[str, str], actor: Account, now: datetime) -> tuple[Account, str]:
    """Make a 市级查看 account for a city of the actor's province; return it with its initial password, shown once.

    Raises NotYours for anybody but a province's administrator, Incomplete for a city without museums.
    """
    province = _own_province(actor)
    if city not in cities_of(province):
        raise Incomplete("请在列表中选择地市；只有有科技馆的地市可以建立市级查看账号。")
    with transaction.atomic():
        # The province's row is the lock: two at once get two names.
        Province.objects.select_for_update(no_key=True).get(pk=province.pk)
        wanted = Account(
            username=_next_name(province),
            role=Role.CITY_VIEWER.value,
            province=province,
            city=city,
            must_change_password=True,
            password_at=now,
        )
        return _create(wanted, _person(person), actor, now)


def close_account(*, account: Account, actor: Account, now: datetime) -> None:
    """Close an account of one's own making, and end its sessions. Raises NotYours, WrongState."""
    if not may_manage(actor, account):
        raise NotYours
    with transaction.atomic():
        live = Account.objects.select_for_update(no_key=True, of=("self",)).get(pk=account.pk)
        if not live.is_active:
            raise WrongState("该账号已经停用，不必重复操作。")
        live.is_active = False
        live.save(update_fields=["is_active"])
        end_sessions(account=live, reason=BY_CHANGE)
        audit.record_account(live.username, actor.username, "account_closed", now)


def renew_password(*, account: Account, actor: Account, now: datetime) -> str:
    """Give an account of one's own making another initial password; return it. Raises NotYours, WrongState."""
    if not may_manage(actor, account):
        raise NotYours
    if not account.is_active:
        raise WrongState("该账号已经停用，不能再分配密码。")
    return set_initial_password(account=account, actor=actor.username, now=now)


def may_manage(actor: Account, account: Account) -> bool:
    """Return whether the account is one the actor may make, close and give a password."""
    if not actor.is_active:
        return False
    if actor.role == Role.SYSTEM.value:
        return account.role in {role.value for role in MADE_BY_SYSTEM}
    if actor.role == Role.PROVINCE.value:
        return account.role == Role.CITY_VIEWER.value and account.province_id == actor.province_id
    return False


def cities_of(province: Province) -> list[str]:
    """Return the cities in which the province has museums, in the order of the register."""
    found = Museum.objects.filter(province=province).exclude(city="").order_by("code")
    return list(dict.fromkeys(found.values_list("city", flat=True)))


def _create(wanted: Account, person: Person, actor: Account, now: datetime) -> tuple[Account, str]:
    password = random_password(wanted.role)
    wanted.set_password(password)
    check_duties(wanted, person.phone)
    with transaction.atomic():
        try:
            with transaction.atomic():
                wanted.save(force_insert=True)
        except IntegrityError:
            raise Incomplete(f"已有名为 {wanted.username} 的账号，请换一个账号名。") from None
        audit.record_account(wanted.username, actor.username, "account_created", now, role=wanted.role)
        set_person(account=wanted, person=person, actor=actor.username, source="account", now=now)
    return wanted, password


def _person(given: Mapping[str, str]) -> Person:
    name = typed_text(given.get("name", ""), "持有人姓名", limit=LONGEST_NAME)
    return Person(name, typed_mobile(given.get("phone", ""), "持有人手机号"))


def _next_name(province: Province) -> str:
    """Return the next name: D, the province's six digits, a serial of three."""
    before = f"D{province.code}"
    taken = Account.objects.filter(username__startswith=before).count()
    return f"{before}{taken + 1:03d}"


def _own_province(actor: Account) -> Province:
    if actor.role != Role.PROVINCE.value or not actor.is_active or actor.province is None:
        raise NotYours("市级查看账号只能由省级科协管理员建立，您的账号不能进行此操作。")
    return actor.province
