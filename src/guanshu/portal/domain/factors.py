"""The second factor: an authenticator (TOTP, RFC 6238) and ten recovery codes."""

import base64
import secrets
from datetime import datetime
from urllib.parse import quote

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from django.conf import settings
from django.db import transaction

from guanshu.portal import audit, crypto
from guanshu.portal.domain.passwords import ALPHABET
from guanshu.portal.domain.sessions import BY_CHANGE, end_sessions
from guanshu.portal.models import Account, RecoveryCode, Role, SecondFactor
from guanshu.portal.permissions import SECOND_FACTOR_ROLES

STEP, DIGITS, RECOVERY_CODES = 30, 6, 10
ISSUER = "科技馆数据采集"
_PLACE = "second factor"
# No 0 o 1 i l, like initial passwords.


def requires_factor(account: Account) -> bool:
    """Return whether a password alone does not let this account in."""
    if not settings.GUANSHU_SECOND_FACTOR:
        return False
    province = settings.GUANSHU_PROVINCE_SECOND_FACTOR and account.role == Role.PROVINCE.value
    return province or account.role in SECOND_FACTOR_ROLES


def has_factor(account: Account) -> bool:
    """Return whether the account has an authenticator."""
    return SecondFactor.objects.filter(account=account).exists()


def new_secret() -> str:
    """Return a secret as authenticators take it: 160 bits in base 32."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def address_of(secret: str, account: Account) -> str:
    """Return what the QR code holds."""
    # Short: what is usual for authenticators (six digits, thirty seconds) is left out, and the picture stays coarse.
    return f"otpauth://totp/{account.username}?secret={secret}&issuer={quote(ISSUER)}"


def fits(secret: str, code: str, now: datetime, *, after: int = 0) -> int:
    """Return the step of thirty seconds whose code this is, 0 for none; steps up to `after` are used up.

    A clock may be half a minute off, either way.
    """
    code = "".join(code.split())
    if len(code) != DIGITS or not (code.isascii() and code.isdigit()):
        return 0
    generator = TOTP(base64.b32decode(secret), DIGITS, SHA1(), STEP)  # noqa: S303 - what every authenticator speaks  # nosec B303
    current = int(now.timestamp()) // STEP
    for step in (current, current - 1, current + 1):
        if step > after and secrets.compare_digest(generator.generate(step * STEP).decode(), code):
            return step
    return 0


def set_factor(*, account: Account, secret: str, code: str, keep: str, now: datetime) -> list[str]:
    """Put an authenticator into force once its first code fits; return the recovery codes, shown this once.

    Replaces the one before. keep: the key of the session that goes on; all others end. Returns [] for a wrong code.
    """
    step = fits(secret, code, now)
    if not step:
        return []
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
    with transaction.atomic():
        Account.objects.select_for_update(no_key=True, of=("self",)).get(pk=account.pk)
        replaced, _ = SecondFactor.objects.filter(account=account).delete()
        factor = SecondFactor.objects.create(
            account=account,
            secret=crypto.encrypt(secret, report=_PLACE, address=account.username),
            made_at=now,
            last_step=step,
        )
        RecoveryCode.objects.bulk_create([RecoveryCode(factor=factor, mark=_mark(account, each)) for each in codes])
        end_sessions(account=account, reason=BY_CHANGE, keep=keep)
        audit.record_account(account.username, account.username, "factor_replaced" if replaced else "factor_set", now)
    return codes


def check_factor(*, account: Account, code: str, now: datetime) -> bool:
    """Return whether the code is one of the authenticator's that was not used before, or an unused recovery code."""
    with transaction.atomic():
        factor = SecondFactor.objects.select_for_update(no_key=True).filter(account=account).first()
        if factor is None:
            return False
        step = fits(_secret(factor, account), code, now, after=factor.last_step)
        if step:
            factor.last_step = step
            factor.save(update_fields=["last_step"])
            return True
        return _use_recovery_code(factor, account, code, now)


def codes_left(account: Account) -> int:
    """Return how many recovery codes are unused."""
    return RecoveryCode.objects.filter(factor__account=account, used_at=None).count()


def new_recovery_codes(*, account: Account, now: datetime) -> list[str]:
    """Give the account ten new recovery codes; the old ones open nothing any more. [] without an authenticator."""
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
    with transaction.atomic():
        factor = SecondFactor.objects.select_for_update(no_key=True).filter(account=account).first()
        if factor is None:
            return []
        RecoveryCode.objects.filter(factor=factor).delete()
        RecoveryCode.objects.bulk_create([RecoveryCode(factor=factor, mark=_mark(account, each)) for each in codes])
        audit.record_account(account.username, account.username, "recovery_codes_made", now)
    return codes


def remove_factor(*, account: Account, actor: str, keep: str = "", now: datetime) -> bool:
    """Take the authenticator away: by its owner, or by another who reset it; return whether there was one.

    actor: a username, "" for the command on the server. The account's other sessions end.
    """
    with transaction.atomic():
        removed, _ = SecondFactor.objects.filter(account=account).delete()
        if not removed:
            return False
        end_sessions(account=account, reason=BY_CHANGE, keep=keep)
        audit.record_account(
            account.username, actor, "factor_removed" if actor == account.username else "factor_reset", now
        )
    return True


def _use_recovery_code(factor: SecondFactor, account: Account, code: str, now: datetime) -> bool:
    plain = "".join(character for character in code.casefold() if character in ALPHABET)
    if not 6 <= len(plain) <= 40:
        return False
    unused = RecoveryCode.objects.filter(factor=factor, used_at=None, mark__in=_marks(account, plain))
    if not unused.update(used_at=now):
        return False
    audit.record_account(account.username, account.username, "recovery_code_used", now)
    return True


def _recovery_code() -> str:
    letters = "".join(secrets.choice(ALPHABET) for _ in range(12))
    return "-".join(letters[place : place + 4] for place in range(0, 12, 4))


def _mark(account: Account, code: str) -> str:
    return crypto.lookup(_named(account, code.replace("-", "")))


def _marks(account: Account, plain: str) -> list[str]:
    return crypto.lookups(_named(account, plain))


def _named(account: Account, plain: str) -> str:
    return f"recovery {account.pk} {plain}"


def _secret(factor: SecondFactor, account: Account) -> str:
    try:
        return str(crypto.decrypt(factor.secret, report=_PLACE, address=account.username))
    except crypto.Undecipherable:
        # Without its key it fits nothing; the recovery codes or a reset help.
        return new_secret()
