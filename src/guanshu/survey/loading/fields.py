"""Reading single fields: names, switches, conditions, whole numbers, periods, prefill."""

import re
from collections.abc import Collection

from guanshu.survey.definition.model import Period, Prefill
from guanshu.survey.definition.source import Source
from guanshu.survey.loading.problems import Problems, suggest

_NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_LONGEST_NAME = 60
# Words with a meaning of their own in formulas.
KEYWORDS = frozenset(
    {"and", "or", "not", "if", "then", "else", "true", "false", "yes", "no", "none", "na"}
    | {"last", "form", "param", "it", "report_year"}
)
_TRUTH = frozenset({"true", "false", "y", "n", "是", "否", "√", "×", "1", "0"})
_REGISTER = ("name", "level", "is_free")


def read_name(at: Source, what: str, out: Problems) -> str:
    """Return the name in a field; "", after noting why, when it is no usable name. `what` is said in the message."""
    name = at.text
    if not name:
        out.add(at, f"{what}没有名称", "填写 name，例如 land_area")
    elif not _NAME.fullmatch(name) or len(name) > _LONGEST_NAME:
        out.add(
            at,
            f"{what}的名称「{name[:40]}」不能用",
            "名称以小写字母开头，只用小写字母、数字和单个下划线，不超过 60 个字符",
        )
    elif name in KEYWORDS:
        out.add(at, f"{what}的名称「{name}」是公式中的保留字", f"换一个名称，例如 {name}_value")
    else:
        return name
    return ""


def read_switch(at: Source, *, default: bool, out: Problems) -> bool:
    """Return the value of a field that is yes, no or empty."""
    if at.text not in {"", "yes", "no"}:
        out.add(at, f"「{at.text[:20]}」应为 yes 或 no", "写 yes 或 no，或者留空")
    return default if at.text not in {"yes", "no"} else at.text == "yes"


def read_condition(at: Source, *, default: bool, out: Problems) -> bool | Source:
    """Return yes, no, or the condition written in a field."""
    if at.text in {"", "yes", "no"}:
        return default if not at.text else at.text == "yes"
    if at.text.casefold() in _TRUTH:
        out.add(at, f"「{at.text}」应为 yes、no 或条件", "写 yes 或 no；有条件时写条件，例如 is_free")
        return default
    return at


def read_whole(at: Source, *, least: int, most: int, what: str, out: Problems) -> int:
    """Return the whole number in a field, `least` when it is empty or, after noting so, no such number."""
    if not at.text:
        return least
    if re.fullmatch("[0-9]{1,6}", at.text) and least <= int(at.text) <= most:
        return int(at.text)
    out.add(at, f"{what}「{at.text[:20]}」不对", f"写 {least} 至 {most} 之间的整数")
    return least


def read_period(at: Source, out: Problems) -> Period | None:
    """Return the period in a field."""
    if not at.text:
        return None
    try:
        return Period(at.text)
    except ValueError:
        out.add(at, f"时期「{at.text[:20]}」不对", "写「年度」（全年累计）或「年末」（12 月 31 日），或者留空")
        return None


def read_prefill(at: Source, out: Problems) -> Prefill | None:
    """Return where a proposed value comes from."""
    if not at.text:
        return None
    source, _, field = at.text.partition(".")
    if at.text == "last" or (source == "register" and field in _REGISTER):
        return Prefill(source, field)
    known = ["last", *(f"register.{name}" for name in _REGISTER)]
    out.add(at, f"没有预填来源「{at.text[:40]}」", suggest(at.text, known, f"可用：{'、'.join(known)}"))
    return None


def read_words(at: Source) -> tuple[str, ...]:
    """Return the words in a field, separated by spaces."""
    return tuple(at.text.split())


def require_text(at: Source, what: str, out: Problems) -> str:
    """Return the text of a field that must not be empty, noting when it is."""
    if not at.text:
        out.add(at, f"{what}没有填写", f"填写{what}")
    return at.text


def check_unique(names: Collection[str], at: Source, what: str, out: Problems) -> bool:
    """Return whether a name is not taken yet, noting when it is."""
    if at.text in names:
        out.add(at, f"{what}「{at.text}」重复", "改成另一个，或删去重复的一行")
        return False
    return True
