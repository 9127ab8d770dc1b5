"""What people type into short forms, cleaned, or a sentence that says how to mend it."""

from datetime import date, timedelta

from guanshu.portal.problems import Incomplete
from guanshu.survey.values.base import ValueProblem
from guanshu.survey.values.contacts import MobileType
from guanshu.survey.values.missing import NA
from guanshu.survey.values.texts import TextType

LONGEST_NAME, LONGEST_REASON = 30, 200
_LONG_AGO = timedelta(days=366)


def typed_text(text: str, what: str, *, limit: int, required: bool = True) -> str:
    """Return what was written, without what cannot be kept. Raises Incomplete when it is no such text."""
    try:
        value = TextType(limit=limit).parse(text)
    except ValueProblem as problem:
        raise Incomplete(f"{what}：{problem.message}") from None
    # 不适用 is a word here, like any other.
    cleaned = value if isinstance(value, str) else text.strip() if value is NA else ""
    if required and not cleaned:
        raise Incomplete(f"请填写{what}。")
    return cleaned


def typed_mobile(text: str, what: str = "手机号码") -> str:
    """Return the eleven digits. Raises Incomplete."""
    try:
        value = MobileType().parse(text)
    except ValueProblem as problem:
        raise Incomplete(f"{what}：{problem.message}") from None
    if not isinstance(value, str):
        raise Incomplete(f"请填写{what}。")
    return value


def typed_day(text: str, what: str, *, today: date) -> date:
    """Return a day that has come, at most a year ago. Raises Incomplete."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise Incomplete(f"请填写{what}，例如 {today.isoformat()}。") from None
    if day > today:
        raise Incomplete(f"{what}不能晚于今天（{today.isoformat()}）。")
    if day < today - _LONG_AGO:
        raise Incomplete(f"{what}早于一年之前，请核对。")
    return day
