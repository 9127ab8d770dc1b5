"""The rules for passwords people choose: one list, which the pages print and Django's validation applies."""

import gzip
import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

import django.contrib.auth
from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError

from guanshu.portal.models import Account, Role, UsedPassword
from guanshu.portal.queries.people import person_of

MIN_LENGTH = 10
MIN_LENGTH_ADMINISTRATORS = 15
MAX_LENGTH = 256
# Under the 等保 profile: kinds of characters, and how many earlier passwords may not come back.
KINDS, REMEMBERED = 3, 5
DENGBAO = "dengbao"
_OFFICE_ROLES = frozenset({Role.FILLER.value, Role.REVIEWER.value, Role.CITY_VIEWER.value})
_DATA = Path(__file__).resolve().parents[1] / "data"
# Digits alone are a telephone number, a date, an identity number; beyond that they are as good as anything.
_LONGEST_NUMBER = 20
# How much of a password must be something else than names everybody can look up.
_OWN_PART = 8
_PRODUCT = ("guanshu", "kejiguan", "科技馆", "科协", "馆数")
_SUBSTITUTES = str.maketrans("@4013$57!|", "aaoiesstil")
_TOO_COMMON = (
    "这个密码（或只是改写了几个字符、加了数字）在常见密码表中，容易被猜到，请换一个。可以用几个不相干的词组成一句话。"
)


def min_length(role: str) -> int:
    """Return how long a password of this role must be: administrators open more than a museum's two people."""
    return MIN_LENGTH if role in _OFFICE_ROLES else MIN_LENGTH_ADMINISTRATORS


def strict_profile() -> bool:
    """Return whether the 等保 profile is on."""
    return bool(settings.GUANSHU_PASSWORD_PROFILE == DENGBAO)


def rules_for(account: Account | None) -> list[str]:
    """Return the rules as a page prints them: for this account, or for a museum's when there is none."""
    role = account.role if account else Role.FILLER.value
    rules = [
        f"{min_length(role)} 至 {MAX_LENGTH} 个字符，可以用任何文字、符号和空格，可以是一句话",
        "不能是常见密码或其简单变形，不能全是数字（20 位以内）",
        "不能包含账号或手机号，不能主要由馆名、省市名、姓名、“科技馆”等组成",
    ]
    if strict_profile():
        rules += [
            "大写字母、小写字母、数字、其他字符，至少有其中三种",
            f"每 {settings.GUANSHU_PASSWORD_DAYS} 天更换一次，不能与最近 {REMEMBERED} 次用过的密码相同",
        ]
    return rules


def is_overdue(account: Account, now: datetime) -> bool:
    """Return whether the 等保 profile asks for another password now."""
    if not strict_profile():
        return False
    changed = account.password_at
    return changed is None or now - changed >= timedelta(days=settings.GUANSHU_PASSWORD_DAYS)


class _Validator:
    """What Django asks of every validator besides `validate`; `rules_for` prints the rules."""

    def get_help_text(self) -> str:
        """Return nothing: all rules together are in `rules_for`."""
        return ""


class LengthValidator(_Validator):
    """At least 10 characters, 15 for administrators; counted as people see them (NFKC), stored as they were typed."""

    def validate(self, password: str, user: Account | None = None) -> None:
        """Raise ValidationError when the password is too short for the account's role, or longer than is taken."""
        least, length = min_length(user.role if user else Role.FILLER.value), len(_plain(password))
        if length < least:
            raise ValidationError(f"密码太短：至少需要 {least} 个字符，现在是 {length} 个。", code="too_short")
        if len(password) > MAX_LENGTH:
            raise ValidationError(f"密码太长：最多 {MAX_LENGTH} 个字符。", code="too_long")


class OwnNameValidator(_Validator):
    """What stands on slips, in 附件3 and in the register is known to all, so it must not be the password's core."""

    def validate(self, password: str, user: Account | None = None) -> None:
        """Raise ValidationError when it contains the account or a number of its own, or is made of known names."""
        plain = _plain(password)
        name = user.username.casefold() if user else ""
        digits = "".join(character for character in name if character.isdigit())
        if any(part and part in plain for part in (name, digits if len(digits) > 3 else "")):
            raise ValidationError("密码里不能包含账号，请换一个。", code="own_name")
        person = person_of(user) if user else None
        if person and person.phone and (person.phone in plain or person.phone[3:] in plain):
            raise ValidationError("密码里不能包含您的手机号，请换一个。", code="own_phone")
        names = sorted(_names(user, person.name if person else ""), key=len, reverse=True)
        if any(_mostly(spelling, names) for spelling in {plain, plain.translate(_SUBSTITUTES)}):
            raise ValidationError(
                "密码主要由馆名、省市名、姓名或“科技馆”等容易猜到的词组成，请换一个。", code="known_names"
            )


class CommonValidator(_Validator):
    """No password of the list, whatever its case, with @ for a or digits after it; no short piece repeated."""

    def validate(self, password: str, user: Account | None = None) -> None:  # noqa: ARG002 - Django's signature
        """Raise ValidationError when the password is among the first that are tried."""
        plain = _plain(password)
        if plain.isdigit() and len(plain) < _LONGEST_NUMBER:
            raise ValidationError("密码不能全是数字，请加入文字或字母。", code="number")
        if is_common(plain):
            raise ValidationError(_TOO_COMMON, code="common")


class KindsValidator(_Validator):
    """等保 profile: three of four kinds of characters."""

    def validate(self, password: str, user: Account | None = None) -> None:  # noqa: ARG002 - Django's signature
        """Raise ValidationError when the profile is on and fewer kinds are there."""
        if strict_profile() and len({_kind(character) for character in password}) < KINDS:
            raise ValidationError("密码至少要有大写字母、小写字母、数字、其他字符中的三种。", code="kinds")


class UsedValidator(_Validator):
    """等保 profile: none of the last five."""

    def validate(self, password: str, user: Account | None = None) -> None:
        """Raise ValidationError when the profile is on and the account had this password before."""
        if not strict_profile() or user is None or user.pk is None:
            return
        used = UsedPassword.objects.filter(account=user).order_by("-pk").values_list("hash", flat=True)[:REMEMBERED]
        if any(check_password(password, each) for each in (user.password, *used) if each):
            raise ValidationError(f"不能使用最近 {REMEMBERED} 次用过的密码，请换一个。", code="used")


@lru_cache(maxsize=1)
def blocklist() -> frozenset[str]:
    """Return the passwords of legal length that are refused (made by tools/make_password_blocklist.py)."""
    return frozenset(_words(_DATA / "common_passwords.txt.gz"))


@lru_cache(maxsize=1)
def _shorter() -> frozenset[str]:
    """Return common passwords of any length: with digits behind them they are no better."""
    path = Path(django.contrib.auth.__file__).parent / "common-passwords.txt.gz"
    return frozenset(word for word in _words(path) if len(word) > 3)


def _words(path: Path) -> list[str]:
    return gzip.decompress(path.read_bytes()).decode().split()


def is_common(plain: str) -> bool:
    """Return whether a password (NFKC, lower case) is on the list, as it is or after undoing the usual disguises."""
    for spelling in {plain, plain.translate(_SUBSTITUTES)}:
        core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", spelling)
        if spelling in blocklist() or core in blocklist() or core in _shorter() or _repeats(spelling):
            return True
        if core.translate(_SUBSTITUTES) in _shorter():
            return True
    return False


def _repeats(text: str) -> bool:
    """Return whether the text is a piece of fewer than six characters over and over."""
    return any(text == (text[:size] * len(text))[: len(text)] for size in range(1, min(6, len(text) // 2 + 1)))


def _plain(password: str) -> str:
    return unicodedata.normalize("NFKC", password).casefold()


def _mostly(text: str, names: Iterable[str]) -> bool:
    """Return whether known names are in the text and too little besides: digits and signs at the ends do not count."""
    rest = text
    for name in names:
        rest = rest.replace(name, " ")
    if rest == text:
        return False
    own = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", rest)
    # A Chinese character is chosen among thousands.
    return sum(2 if ord(character) > 0x2E80 else 1 for character in own if not character.isspace()) < _OWN_PART


def _names(account: Account | None, person: str) -> set[str]:
    found = {*_PRODUCT, person}
    museum = account.museum if account else None
    province = museum.province if museum else (account.province if account else None)
    if museum:
        found |= {museum.name, museum.city, museum.name.removesuffix("科技馆")}
    if account:
        found.add(account.city)
    if province:
        found |= {province.name, province.short_name, _pinyin().get(province.code, "")}
    plain = {_plain(each) for each in found}
    shorter = {name.rstrip("市县区省州盟旗") for name in plain}
    return {name for name in plain | shorter if len(name) >= 2}


@lru_cache(maxsize=1)
def _pinyin() -> dict[str, str]:
    lines = (_DATA / "province_pinyin.txt").read_text(encoding="utf-8").splitlines()
    return {line.split()[0]: line.split()[1] for line in lines}


def _kind(character: str) -> str:
    if character.isdigit():
        return "digit"
    if character.isupper():
        return "upper"
    return "lower" if character.islower() else "other"
