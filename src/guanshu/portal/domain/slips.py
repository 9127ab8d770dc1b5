"""账号通知单: a province gives accounts out. The passwords are in the file it gets once, and nowhere else.

The file is made first and the accounts are changed after that: a document that could not be made leaves every old
password as it was.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from guanshu.portal import audit
from guanshu.portal.audit import Entry
from guanshu.portal.domain.outside import run_outside
from guanshu.portal.domain.passwords import encode_initial
from guanshu.portal.domain.sessions import BY_CHANGE, end_sessions
from guanshu.portal.models import Account, Province, Role
from guanshu.portal.models.accounts import MUSEUM_ROLES
from guanshu.portal.problems import Incomplete, NotYours, TooLarge, WrongState
from guanshu.portal.queries.accountstate import Stage, stage_of, stamp_of
from guanshu.portal.queries.connections import give_back_connection
from guanshu.survey.documents.account_slips.content import Slip, SlipSheet
from guanshu.survey.workflow.calendar import SHANGHAI

PDF, XLSX = "pdf", "xlsx"
KINDS = (PDF, XLSX)
# A hash takes 30 ms; more accounts would keep a web process busy for too long.
MOST = 200
_TITLE = "科技馆体系数据采集系统账号通知单"
_NOTES = (
    "首次登录须修改密码；初始密码只在本单上出现一次，过期作废，可请省级科协重新发放。",
    "账号归本馆使用，不得转借他人；更换人员请在系统中办理「更换填报人/审核人」。",
    "忘记密码的，在登录框下方点击「忘记密码？点此重置」，用登记的手机号码重置。",
)
_CHANGED = "所选账号刚刚已经发放或改过密码，本次没有发放。请返回账号信息页面核对后再试。"


@dataclass(frozen=True, slots=True)
class SlipFile:
    """The one copy of the passwords."""

    name: str
    data: bytes = field(repr=False)


def give_slips(
    *,
    accounts: Sequence[Account],
    seen: Mapping[str, str],
    again: frozenset[str],
    to: str,
    kind: str,
    site: str,
    actor: Account,
    now: datetime,
) -> SlipFile:
    """Give museum accounts new initial passwords and return them on slips. `now` is real time.

    seen: `stamp_of` each account as the page showed it, so that two requests do not make two sets of passwords; again:
    accounts in use that are meant to get a new one (重新发放): their sessions end. Raises NotYours, TooLarge,
    Incomplete for one in use that is not in `again`, WrongState when an account changed meanwhile, OutsideFailed.
    """
    province = _own(actor, accounts)
    _check(accounts, seen, again)
    if kind not in KINDS:
        raise Incomplete("请选择文件格式：PDF 或 Excel。")
    made = {account.pk: encode_initial(account.role) for account in accounts}
    passwords = {pk: password for pk, (password, _) in made.items()}
    sheet = _sheet(_slips(accounts, passwords), province=province, to=to, site=site, now=now)
    give_back_connection()
    data = run_outside("account_slips", {"kind": kind, "sheet": {**asdict(sheet), "at": sheet.at.isoformat()}})
    with transaction.atomic():
        rows = Account.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=made).order_by("pk")
        locked = list(rows)
        _check(locked, seen, again)
        issued_again = {account.username for account in locked if stage_of(account) is Stage.ENTERED}
        for account in locked:
            account.password, account.must_change_password = made[account.pk][1], True
            account.password_at, account.given_at, account.given_to = now, now, to
        changed = ["password", "must_change_password", "password_at", "given_at", "given_to"]
        Account.objects.bulk_update(locked, changed, batch_size=100)
        for account in locked:
            end_sessions(account=account, reason=BY_CHANGE)
        _record(locked, issued_again, kind, actor, now)
    name = f"账号通知单_{province.short_name}_{now.astimezone(SHANGHAI):%Y%m%d%H%M}.{kind}"
    return SlipFile(name, data)


def _own(actor: Account, accounts: Sequence[Account]) -> Province:
    """Return the province of the actor. Raises NotYours unless all accounts are of its museums, Incomplete for none."""
    province = actor.province if actor.role == Role.PROVINCE.value else None
    if province is None:
        raise NotYours
    if not accounts:
        raise Incomplete("还没有选择账号，请返回账号信息页面勾选要发放的账号。")
    if len(accounts) > MOST:
        raise TooLarge(f"一次最多发放 {MOST} 个账号，现在选了 {len(accounts)} 个，请分几次发放。")
    for account in accounts:
        if account.role not in MUSEUM_ROLES or account.museum is None or account.museum.province_id != province.pk:
            raise NotYours
    return province


def _check(accounts: Sequence[Account], seen: Mapping[str, str], again: frozenset[str]) -> None:
    """Raise WrongState for accounts that are not as the page showed them, Incomplete for those in use."""
    if any(seen.get(account.username) != stamp_of(account) or not account.is_active for account in accounts):
        raise WrongState(_CHANGED)
    used = [a.username for a in accounts if stage_of(a) is Stage.ENTERED and a.username not in again]
    if used:
        raise Incomplete(f"{'、'.join(used[:5])} 已在使用。要重新发放请勾选确认：原密码作废，正在使用的人会被退出。")


def _slips(accounts: Sequence[Account], passwords: Mapping[int, str]) -> tuple[Slip, ...]:
    return tuple(
        Slip(
            office=account.museum.name if account.museum else "",
            role=str(account.get_role_display()),
            account=account.username,
            password=passwords[account.pk],
        )
        for account in accounts
    )


def _sheet(slips: tuple[Slip, ...], *, province: Province, to: str, site: str, now: datetime) -> SlipSheet:
    last = (now + timedelta(days=settings.GUANSHU_INITIAL_PASSWORD_DAYS)).astimezone(SHANGHAI)
    return SlipSheet(
        title=_TITLE,
        unit=province.name,
        to=to,
        site=site,
        until=f"{last:%Y-%m-%d %H:%M}",
        at=now.astimezone(SHANGHAI),
        notes=_NOTES,
        slips=slips,
    )


def _record(accounts: Sequence[Account], again: set[str], kind: str, actor: Account, now: datetime) -> None:
    """Put the handing out into each account's stream, and into the administrator's own."""
    entries = [
        Entry(
            stream=f"account:{account.username}",
            actor=actor.username,
            action="password_initial",
            object=account.username,
            details={"slip": kind, "again": account.username in again},
        )
        for account in accounts
    ]
    counts = {"accounts": len(accounts), "again": len(again), "slip": kind}
    own = Entry(f"account:{actor.username}", actor.username, "slips_given", actor.username, counts)
    audit.record_each([*entries, own], now=now)
