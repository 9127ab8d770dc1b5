"""A new password for whoever types the code: the end of 短信重置."""

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from guanshu.portal import crypto
from guanshu.portal.domain.accounts import canonical_username
from guanshu.portal.domain.passwords import change_password
from guanshu.portal.domain.resetting import ledger
from guanshu.portal.domain.resetting.limits import TRIES
from guanshu.portal.domain.throttling import lift
from guanshu.portal.models import Account, CodeState, ResetCode, Role
from guanshu.portal.problems import WrongCode
from guanshu.portal.queries.resetphones import reset_phone
from guanshu.portal.sms import send_sms

_NOTICE = "reset_done"
_FIRST = "请先点击「获取验证码」；验证码只能在获取它的浏览器里使用。"
_OVER = "验证码已输错 5 次，不能再用，请重新获取。"
_WRONG = "验证码不正确，或已过期（5 分钟内有效，只有最新的一条有效）。还可以再试 {left} 次。"


def check_password_shape(username: str, password: str) -> None:
    """Apply the rules that hold for every account, existing or not. Raises ValidationError."""
    validate_password(password, Account(username=canonical_username(username)[:20], role=Role.FILLER.value))


@sensitive_variables("code", "password")
def use_code(*, username: str, session: str, code: str, password: str, now: datetime) -> None:
    """Set a new password with the newest code that this session asked for.

    Every session of the account ends with the old password, its lock after wrong log-ins is lifted, and the phone is
    told. Raises WrongCode (a try is used up), ValidationError for a password that this account may not have (none is).
    """
    name = canonical_username(username)
    with transaction.atomic():
        wrong = _try(name, session, code, password, now)
    if wrong:
        raise WrongCode(wrong)


@sensitive_variables("code", "password")
def _try(name: str, session: str, code: str, password: str, now: datetime) -> str:
    """Do it all, or return what is wrong; the used try stays in either case."""
    rows = ResetCode.objects.filter(name=ledger.name_mark(name), session=ledger.session_mark(session))
    # The newest request counts the tries, whether or not anything was sent.
    newest = rows.select_for_update(no_key=True).order_by("-made_at").first()
    if newest is None:
        return _FIRST
    if newest.tries >= TRIES:
        return _OVER
    found = rows.filter(state__in=ledger.USABLE, expires_at__gt=now).order_by("-made_at").first()
    fits = crypto.same_code(code, (found or newest).code, row=str((found or newest).pk))
    account = _holder(found) if found is not None and fits else None
    if account is None:
        ResetCode.objects.filter(pk=newest.pk).update(tries=newest.tries + 1)
        left = TRIES - newest.tries - 1
        return _WRONG.format(left=left) if left else _OVER
    validate_password(password, account)
    _finish(account, password, now)
    return ""


def _holder(found: ResetCode) -> Account | None:
    """Return the account, locked, if it is still open and the code went to the number that is on record now."""
    account = Account.objects.select_for_update(no_key=True, of=("self",)).filter(reset_codes=found).first()
    if account is None or not account.is_active:
        return None
    return account if found.phone in crypto.lookups(reset_phone(account)) else None


@sensitive_variables("password")
def _finish(account: Account, password: str, now: datetime) -> None:
    change_password(account=account, password=password, now=now, action="password_reset")
    mine = ResetCode.objects.filter(account=account)
    mine.filter(state__in=ledger.USABLE).update(state=CodeState.USED.value)
    lift(username=account.username)
    send_sms(to=reset_phone(account), template=_NOTICE, variables={}, purpose="notice", now=now)
