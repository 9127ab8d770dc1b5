"""From the spelling of a type in a questionnaire to the type itself."""

import re
from collections.abc import Mapping
from difflib import get_close_matches

from guanshu.survey.values.base import Option, ValueType
from guanshu.survey.values.choices import BoolType, ChoiceType, MultiType
from guanshu.survey.values.codes import DivisionType, PostcodeType, UsccType
from guanshu.survey.values.contacts import EmailType, MobileType, PhoneType, UrlType
from guanshu.survey.values.dates import DateType, MonthType
from guanshu.survey.values.numbers import NumberType
from guanshu.survey.values.texts import ONE_LINE, SEVERAL_LINES, FileType, TextType

_SIMPLE: Mapping[str, ValueType] = {
    "year": NumberType(grouped=False),
    "date": DateType(),
    "month": MonthType(),
    "bool": BoolType(),
    "mobile": MobileType(),
    "phone": PhoneType(),
    "email": EmailType(),
    "url": UrlType(),
    "postcode": PostcodeType(),
    "uscc": UsccType(),
    "division": DivisionType(),
    "file": FileType(),
}
_NUMBER = re.compile(r"(s?)(?:int|dec([1-6]))")
_SPEC = re.compile(r"(\w+)\s*(?:\(\s*([^()]*?)\s*\))?")
_WORDS = (*_SIMPLE, "int", "dec1", "dec2", "sdec2", "text", "long", "choice", "multi")
_LONGEST_TEXT = 20_000


def make_type(spec: str, choices: Mapping[str, tuple[Option, ...]]) -> ValueType:
    """Return the type written as `spec`, for example `dec2`, `text(30)` or `choice(level)`.

    Raises ValueError with a Chinese message when there is no such type or choice list.
    """
    match = _SPEC.fullmatch(spec.strip())
    if match is None:
        raise ValueError(f"类型「{spec}」的写法不对，应如 int、dec2、text(30)、choice(选项表名)")
    word, argument = match[1], match[2]
    number = _NUMBER.fullmatch(word)
    if argument is None and number:
        return NumberType(scale=int(number[2] or 0), signed=bool(number[1]))
    if argument is None and word in _SIMPLE:
        return _SIMPLE[word]
    if word in {"text", "long"}:
        return _make_text(word, argument)
    if word in {"choice", "multi"}:
        return _make_choice(word, argument or "", choices)
    near = get_close_matches(word, _WORDS, 1, 0.5)
    hint = f"，是否应为「{near[0]}」" if near and near[0] != word else ""
    raise ValueError(f"没有类型「{spec}」{hint}")


def _make_text(word: str, argument: str | None) -> ValueType:
    usual = SEVERAL_LINES if word == "long" else ONE_LINE
    if argument is not None and not re.fullmatch("[1-9][0-9]{0,4}", argument):
        raise ValueError(f"类型「{word}({argument})」括号里应为最多字数，例如 {word}({usual})")
    limit = usual if argument is None else int(argument)
    if limit > _LONGEST_TEXT:
        raise ValueError(f"类型「{word}({argument})」的字数超过 {_LONGEST_TEXT}")
    return TextType(limit=limit, lines=word == "long")


def _make_choice(word: str, name: str, choices: Mapping[str, tuple[Option, ...]]) -> ValueType:
    if not name:
        raise ValueError(f"类型「{word}」缺少选项表名，应如 {word}(level)")
    if name not in choices:
        near = get_close_matches(name, choices, 1, 0.5)
        hint = f"，是否应为「{near[0]}」" if near else "，请在 choices.csv 中加上"
        raise ValueError(f"没有选项表「{name}」{hint}")
    return (ChoiceType if word == "choice" else MultiType)(name, choices[name])
