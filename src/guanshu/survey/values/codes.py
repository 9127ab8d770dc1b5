"""Official codes: postcode, unified social credit code, administrative division."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from stdnum import numdb
from stdnum.cn import uscc as uscc_rules
from stdnum.exceptions import ValidationError

from guanshu.survey.values.base import Kind, Scalar, Value, ValueProblem
from guanshu.survey.values.clean import narrow, shorten
from guanshu.survey.values.common import CommonType, expect

# GB/T 2260, first two digits.
_PROVINCE = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12]")


def _code(text: str) -> str:
    return re.sub(r"\s+", "", narrow(text))


class _Code(CommonType):
    """Base of code types: the value is the normalised text."""

    __slots__ = ()
    kind: ClassVar[Kind] = Kind.TEXT

    def plain(self, value: Scalar) -> str:
        """Return the code."""
        return expect(value, str)


@dataclass(frozen=True, slots=True)
class PostcodeType(_Code):
    """A postcode of six digits."""

    @property
    def name(self) -> str:
        """Return `postcode`."""
        return "postcode"

    def read(self, text: str) -> Value:
        """Return the six digits. Raises ValueProblem."""
        code = _code(text)
        if re.fullmatch("[0-9]{6}", code):
            return code
        if re.fullmatch("[0-9]{5}", code):
            raise ValueProblem("postcode", f"「{code}」只有 5 位，邮政编码应为 6 位；可能丢了开头的 0，请核对。")
        raise ValueProblem("postcode", f"「{shorten(code)}」不是邮政编码，应为 6 位数字。")


@dataclass(frozen=True, slots=True)
class UsccType(_Code):
    """A unified social credit code (统一社会信用代码) with its check digit."""

    @property
    def name(self) -> str:
        """Return `uscc`."""
        return "uscc"

    def read(self, text: str) -> Value:
        """Return the 18 characters in capitals. Raises ValueProblem."""
        code = _code(text).replace("-", "").upper()
        if len(code) != 18:
            raise ValueProblem("uscc", f"统一社会信用代码应为 18 位，现在是 {len(code)} 位，请对照证书核对。")
        wrong = re.search("[^0-9A-HJ-NPQRTUWXY]", code)
        if wrong:
            raise ValueProblem(
                "uscc", f"统一社会信用代码中不会出现「{shorten(wrong[0])}」（不用字母 I、O、S、V、Z），请对照证书核对。"
            )
        try:
            return str(uscc_rules.validate(code))
        except ValidationError:
            raise ValueProblem("uscc", f"统一社会信用代码「{code}」的校验位不符，请对照证书逐位核对。") from None


@lru_cache(maxsize=512)
def has_counties(prefecture: str) -> bool:
    """Return whether the list of divisions has counties that still exist under these four digits."""
    divisions = numdb.get("cn/loc")
    for number in range(1, 100):
        found = divisions.info(f"{prefecture}{number:02d}")
        county = found[-1][1].get("county", "") if len(found) > 1 else ""
        # "[1983-2014]新市区,[2015-]竞秀区": a part without a last year still exists. 01 is often 市辖区, no county.
        if any(part and "市辖区" not in part and not re.match(r"\[\d*-\d+\]", part) for part in county.split(",")):
            return True
    return False


@dataclass(frozen=True, slots=True)
class DivisionType(_Code):
    """A county-level code of GB/T 2260, or a prefecture's where there are no counties (441900 东莞).

    Lists of divisions change every year; a code that the list does not know is accepted if its province exists.
    """

    @property
    def name(self) -> str:
        """Return `division`."""
        return "division"

    def read(self, text: str) -> Value:
        """Return the six digits. Raises ValueProblem."""
        code = _code(text)
        if not re.fullmatch("[0-9]{6}", code):
            raise ValueProblem("division", f"「{shorten(code)}」不是行政区划代码，应为 6 位数字，例如 110105。")
        if not _PROVINCE.fullmatch(code[:2]):
            raise ValueProblem("division", f"「{code}」开头的 {code[:2]} 不是省级代码，请核对所在地区的行政区划代码。")
        if code.endswith("0000") or (code.endswith("00") and has_counties(code[:4])):
            raise ValueProblem("division", f"「{code}」是省级或地市级代码，请填写所在县（市、区）的 6 位代码。")
        return code
