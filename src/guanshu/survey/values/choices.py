"""Yes or no, one of a list, several of a list."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from guanshu.survey.values.base import Json, Kind, Option, Scalar, Value, ValueProblem
from guanshu.survey.values.clean import narrow, shorten
from guanshu.survey.values.common import NA_TEXT, CommonType, expect
from guanshu.survey.values.missing import BLANK, NA

_YES = frozenset({"true", "yes", "1", "是"})
_NO = frozenset({"false", "no", "0", "否"})
_SEPARATORS = re.compile(r"([、，,;；])")
_LISTED = 12


@dataclass(frozen=True, slots=True)
class BoolType(CommonType):
    """Yes or no."""

    kind: ClassVar[Kind] = Kind.BOOL

    @property
    def name(self) -> str:
        """Return `bool`."""
        return "bool"

    def parse(self, raw: object) -> Value:
        """Return the truth value of text, or of a bool itself. Raises ValueProblem."""
        return raw if isinstance(raw, bool) else super(BoolType, self).parse(raw)

    def read(self, text: str) -> Value:
        """Return True for 是, yes, true, 1 and False for their opposites. Raises ValueProblem."""
        word = narrow(text).casefold()
        if word in _YES or word in _NO:
            return word in _YES
        raise ValueProblem("bool", f"「{shorten(text.strip())}」看不懂，这一格只能填「是」或「否」。")

    def plain(self, value: Scalar) -> str:
        """Return 是 or 否."""
        return "是" if expect(value, bool) else "否"

    def to_json(self, value: Scalar) -> Json:
        """Return the truth value itself."""
        return expect(value, bool)

    def from_json(self, stored: Json) -> Scalar:
        """Return the stored truth value. Raises ValueError."""
        if not isinstance(stored, bool):
            raise ValueError(f"bool: stored value {stored!r} is neither true nor false")  # noqa: TRY004 - bad data
        return stored


def _fold(text: str) -> str:
    """Return the text without the differences nobody means: width, case, spaces."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


def _match(options: Sequence[Option], text: str) -> Option | None:
    """Return the option whose code or label this is, codes and exact spellings first."""
    for key in ("code", "label"):
        for option in options:
            if getattr(option, key) == text:
                return option
    folded = _fold(text)
    return next((option for option in options if folded in {_fold(option.code), _fold(option.label)}), None)


def _unknown(options: Sequence[Option], text: str) -> ValueProblem:
    labels = "、".join(option.label for option in options[:_LISTED]) + ("…" if len(options) > _LISTED else "")
    return ValueProblem("option", f"「{shorten(text)}」不在选项中，请从以下选项中选择：{labels}。")


def _label(options: Sequence[Option], code: str) -> str:
    return next((option.label for option in options if option.code == code), code)


@dataclass(frozen=True, slots=True)
class ChoiceType(CommonType):
    """One option of a list; the value is the option's code."""

    list_name: str
    options: tuple[Option, ...]

    kind: ClassVar[Kind] = Kind.CHOICE

    @property
    def name(self) -> str:
        """Return `choice(LIST)`."""
        return f"choice({self.list_name})"

    def read(self, text: str) -> Value:
        """Return the code of the option named by code or label. Raises ValueProblem."""
        option = _match(self.options, text.strip())
        if option is None:
            raise _unknown(self.options, text.strip())
        return option.code

    def plain(self, value: Scalar) -> str:
        """Return the code."""
        return expect(value, str)

    def display(self, value: Scalar) -> str:
        """Return the label; a code that is no longer in the list is shown as it is."""
        return _label(self.options, expect(value, str))


@dataclass(frozen=True, slots=True)
class MultiType(CommonType):
    """Several options of a list; the value is their codes in the list's order."""

    list_name: str
    options: tuple[Option, ...]

    kind: ClassVar[Kind] = Kind.MULTI
    longest: ClassVar[int] = 10_000

    @property
    def name(self) -> str:
        """Return `multi(LIST)`."""
        return f"multi({self.list_name})"

    def parse(self, raw: object) -> Value:
        """Return the codes of the options in text or in a list of texts. Raises ValueProblem."""
        if not isinstance(raw, list | tuple):
            return super(MultiType, self).parse(raw)
        if not all(isinstance(item, str) for item in raw) or len(raw) > self.longest:
            raise ValueProblem("shape", "收到的选项不是文字，请重新勾选。")
        items = [item.strip() for item in raw if item.strip()]
        if items == [NA_TEXT]:
            return NA
        return self._chosen([self._one(item) for item in items])

    def read(self, text: str) -> Value:
        """Return the codes of options joined by |, 、 or a comma. Raises ValueProblem."""
        found: list[Option] = []
        for part in text.replace("｜", "|").split("|"):
            found.extend(self._split(part.strip()))
        return self._chosen(found)

    def _one(self, text: str) -> Option:
        option = _match(self.options, text)
        if option is None:
            raise _unknown(self.options, text)
        return option

    def _split(self, part: str) -> list[Option]:
        """Return the options in text without |; a label may itself hold a comma, so the longest match wins."""
        tokens = _SEPARATORS.split(part)
        if len(tokens) > 2 * self._most_tokens():
            return [self._one(part)]
        found: list[Option] = []
        start = 0
        while start < len(tokens):
            if not tokens[start].strip():
                start += 2
                continue
            ends = range(len(tokens), start, -2)
            end = next((end for end in ends if _match(self.options, "".join(tokens[start:end]).strip())), start + 1)
            found.append(self._one("".join(tokens[start:end]).strip()))
            start = end + 1
        return found

    def _most_tokens(self) -> int:
        """Return how many pieces a sensible answer can have; more is no answer and not worth the search."""
        return sum(len(_SEPARATORS.split(option.label)) + 1 for option in self.options)

    def _chosen(self, found: Sequence[Option]) -> Value:
        chosen = {option.code for option in found}
        lonely = next((option for option in found if option.exclusive), None)
        if lonely is not None and len(chosen) > 1:
            raise ValueProblem("exclusive", f"选了「{lonely.label}」就不能再选其他选项，请只保留一种。")
        return tuple(option.code for option in self.options if option.code in chosen) or BLANK

    def plain(self, value: Scalar) -> str:
        """Return the codes joined by |."""
        return "|".join(expect(value, tuple))

    def display(self, value: Scalar) -> str:
        """Return the labels joined by 、."""
        return "、".join(_label(self.options, code) for code in expect(value, tuple))

    def to_json(self, value: Scalar) -> Json:
        """Return the list of codes."""
        return list(expect(value, tuple))

    def from_json(self, stored: Json) -> Scalar:
        """Return the stored codes. Raises ValueError."""
        if not isinstance(stored, list):
            raise ValueError(f"{self.name}: stored value {stored!r} is no list")  # noqa: TRY004 - bad data
        return tuple(stored)
