"""How to reach people and institutions: mobile and fixed telephones, e-mail, web addresses."""

import re
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlsplit

from guanshu.survey.values.base import Kind, Scalar, Value, ValueProblem
from guanshu.survey.values.clean import narrow, require_printable, shorten
from guanshu.survey.values.common import CommonType, expect

_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_COUNTRY = re.compile(r"^(?:\+|00)86-?")
_DASHES = str.maketrans(dict.fromkeys("—–−‐‑―ー－", "-"))
_EXTENSION = re.compile(r"(?:-|转|轉|分机|ext\.?|x|#)+([0-9]{1,6})", re.IGNORECASE)
# 010 and 02x have three digits, all other area codes four.
_FIXED = re.compile(r"\(?(0(?:10|2[0-9]|[3-9][0-9]{2}))\)?-?([1-9][0-9]{6,7})")
_FREE = re.compile(r"([48]00)-?([0-9]{3})-?([0-9]{4})")
_SHORT = re.compile(r"1(?:[12][0-9]{1,3}|0[0-9]{3}|6[0-9]{3})|9[0-9]{4,5}")
_EMAIL = re.compile(r"[A-Za-z0-9.!#$&'*+/=?^_`{|}~%-]+@((?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,})")
_HOST = re.compile(r"(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_][\w-]*|[0-9]{1,3}(?:\.[0-9]{1,3}){3}")
_LONGEST_EMAIL = 100
_LONGEST_URL = 300


def _digits(text: str) -> str:
    """Return a telephone number without spaces, with one kind of dash and without China's country code."""
    return _COUNTRY.sub("", re.sub(r"\s+", "", narrow(text)).translate(_DASHES))


def mask_mobile(number: str) -> str:
    """Return a mobile number as everybody may see it: 138****1234; of anything else nothing but that it is there."""
    return f"{number[:3]}****{number[-4:]}" if _MOBILE.fullmatch(number) else "****"


def is_mobile(number: str) -> bool:
    """Return whether these are the 11 digits of a mobile number."""
    return _MOBILE.fullmatch(number) is not None


class _Contact(CommonType):
    """Base of contact types: the value is the normalised text."""

    __slots__ = ()
    kind: ClassVar[Kind] = Kind.TEXT

    def plain(self, value: Scalar) -> str:
        """Return the text itself."""
        return expect(value, str)


@dataclass(frozen=True, slots=True)
class MobileType(_Contact):
    """A Chinese mobile number: 11 digits."""

    @property
    def name(self) -> str:
        """Return `mobile`."""
        return "mobile"

    def read(self, text: str) -> Value:
        """Return the 11 digits. Raises ValueProblem."""
        number = _digits(text).replace("-", "")
        if _MOBILE.fullmatch(number):
            return number
        if re.fullmatch("[0-9]+", number) and len(number) != 11:
            raise ValueProblem("mobile", f"手机号码应为 11 位数字，现在是 {len(number)} 位，请核对。")
        raise ValueProblem("mobile", f"「{shorten(number)}」不是手机号码，应为 11 位数字，例如 13800138000。")


@dataclass(frozen=True, slots=True)
class PhoneType(_Contact):
    """A telephone number: fixed with area code and extension, 400 or 800, a short service number, or a mobile."""

    @property
    def name(self) -> str:
        """Return `phone`."""
        return "phone"

    def read(self, text: str) -> Value:
        """Return the number as 010-12345678转801, 400-123-4567, 12345 or a mobile's digits. Raises ValueProblem."""
        number = _digits(text)
        for length in range(len(number), 2, -1):
            tail = number[length:]
            extension = _EXTENSION.fullmatch(tail) if tail else None
            main = _main_number(number[:length]) if extension or not tail else ""
            if main:
                return f"{main}转{extension[1]}" if extension else main
        raise _why_no_phone(number)


def _main_number(number: str) -> str:
    """Return the number without extension in its usual form, "" when it is none."""
    free = _FREE.fullmatch(number)
    if free:
        return "-".join(free.groups())
    if _SHORT.fullmatch(number) or _MOBILE.fullmatch(number.replace("-", "")):
        return number.replace("-", "")
    fixed = _FIXED.fullmatch(number)
    return f"{fixed[1]}-{fixed[2]}" if fixed else ""


def _why_no_phone(number: str) -> ValueProblem:
    if re.fullmatch(r"[2-8][0-9]{6,7}(?:\D.*)?", number):
        return ValueProblem("phone", f"「{shorten(number)}」缺少区号，请写成 0312-1234567 或 0312-1234567转801。")
    if re.search(r"[/、,;]", number):
        return ValueProblem("phone", "这一格只能填一个电话号码，请只保留一个。")
    examples = "0312-1234567、0312-1234567转801、400-123-4567 或 11 位手机号码"
    return ValueProblem("phone", f"「{shorten(number)}」不是电话号码，请写成 {examples}。")


@dataclass(frozen=True, slots=True)
class EmailType(_Contact):
    """An e-mail address of at most 100 characters."""

    @property
    def name(self) -> str:
        """Return `email`."""
        return "email"

    def read(self, text: str) -> Value:
        """Return the address, its domain in lower case. Raises ValueProblem."""
        address = narrow(text)
        if len(address) > _LONGEST_EMAIL:
            raise ValueProblem("too_long", f"电子邮箱有 {len(address)} 个字符，最多 {_LONGEST_EMAIL} 个，请核对。")
        if not _EMAIL.fullmatch(address):
            raise ValueProblem("email", f"「{shorten(address)}」不是电子邮箱，请写成 name@example.cn，只填一个。")
        local, _, domain = address.rpartition("@")
        return f"{local}@{domain.lower()}"


@dataclass(frozen=True, slots=True)
class UrlType(_Contact):
    """An address in the web."""

    @property
    def name(self) -> str:
        """Return `url`."""
        return "url"

    def read(self, text: str) -> Value:
        """Return the address, with http:// in front when no scheme was given. Raises ValueProblem."""
        address = narrow(text)
        if not re.match(r"https?://", address, re.IGNORECASE):
            if "://" in address:
                raise ValueProblem("url", f"「{shorten(address)}」不是网址，网址应以 http:// 或 https:// 开头。")
            address = f"http://{address}"
        if len(address) > _LONGEST_URL:
            raise ValueProblem("too_long", f"网址有 {len(address)} 个字符，最多 {_LONGEST_URL} 个，请填首页的网址。")
        if re.search(r"[\s<>\"'\\^`{|}]", address) or not _has_host(address):
            raise ValueProblem("url", f"「{shorten(address)}」不是网址，请写成 https://www.example.cn，只填一个。")
        require_printable(address)
        scheme, _, rest = address.partition("://")
        return f"{scheme.lower()}://{rest}"


def _has_host(address: str) -> bool:
    """Return whether the address names a host people can open, with a valid port if any."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return False
    return "@" not in parts.netloc and _HOST.fullmatch(parts.hostname or "") is not None
