"""What is typed into the forms of offices, read with the value types of the questionnaires: same checks, same words."""

import re
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import date

from guanshu.portal.models import MuseumLevel, Province
from guanshu.portal.problems import InvalidForm
from guanshu.survey.values.base import Value, ValueProblem
from guanshu.survey.values.clean import narrow
from guanshu.survey.values.codes import DivisionType
from guanshu.survey.values.common import CommonType
from guanshu.survey.values.contacts import MobileType
from guanshu.survey.values.missing import NA
from guanshu.survey.values.texts import TextType

# 兵团 is in no code list; its museums stand at places of the region around it.
CORPS, _CORPS_PREFIX = "660000", "65"
_MONTH = re.compile(r"(\d{4})\s*[-年./]\s*(\d{1,2})月?")
_FIRST_YEAR = 1900
LONGEST_NOTE = 500
NAME = TextType(limit=100)
CITY = TextType(limit=40)
NOTE = TextType(limit=LONGEST_NOTE, lines=True)
PEOPLE = {"filler": "填报人", "reviewer": "审核人"}
APPLICATION_FIELDS = {
    "name": "科技馆名称",
    "level": "场馆级别",
    "city": "所在地市",
    "division": "行政区划代码",
    "supervisor": "上级主管单位",
    "opened_on": "建成开放时间",
    "address": "地址",
    "free": "免费开放",
    **{
        f"{who}_{part}": f"{label}{word}"
        for who, label in PEOPLE.items()
        for part, word in (("name", "姓名"), ("phone", "手机"))
    },
    "note": "备注",
}


@dataclass
class Reader:
    """Reads one form; every field that cannot be taken gets its sentence, and all are told at once."""

    typed: Mapping[str, str]
    labels: Mapping[str, str]
    problems: MutableMapping[str, str] = field(default_factory=dict)

    def read(self, name: str, kind: CommonType, *, required: bool = True) -> str:
        """Return a field's value, "" when it is blank or wrong."""
        label = self.labels[name]
        try:
            value: Value = kind.parse(self.typed.get(name, ""))
        except ValueProblem as problem:
            self.problems[name] = f"{label}：{problem.message}"
            return ""
        if isinstance(value, str):
            return value
        if required:
            self.problems[name] = f"请填写{label}。" if value is not NA else f"{label}不能填「不适用」，请如实填写。"
        return ""

    def choose(self, name: str, known: Mapping[str, str]) -> str:
        """Return the choice made, "" when there is none."""
        chosen = self.typed.get(name, "")
        if chosen not in known:
            self.problems[name] = f"请选择{self.labels[name]}。"
            return ""
        return chosen

    def refuse(self, name: str, check: Callable[[str], str], value: str) -> None:
        """Note what a check says against a value that could be read."""
        sentence = check(value) if value and name not in self.problems else ""
        if sentence:
            self.problems[name] = sentence

    def finish(self) -> None:
        """Raise InvalidForm when anything was wrong."""
        if self.problems:
            raise InvalidForm(self.problems)


@dataclass(frozen=True, slots=True)
class Applied:
    """An application as it was typed, every field in order."""

    name: str
    level: str
    city: str
    division: str
    supervisor: str
    opened_on: str
    address: str
    free: bool
    note: str
    people: Mapping[str, Mapping[str, str]] = field(repr=False)


def read_application(typed: Mapping[str, str], province: Province, today: date) -> Applied:
    """Return what the province typed. Raises InvalidForm with a sentence for every field that is wrong."""
    reader = Reader(typed, APPLICATION_FIELDS)
    level = reader.choose("level", dict(MuseumLevel.choices))
    found = Applied(
        name=reader.read("name", NAME),
        level=level,
        city=reader.read("city", CITY, required=level not in {"", MuseumLevel.PROVINCE.value}),
        division=_division(reader, province, level),
        supervisor=reader.read("supervisor", NAME),
        opened_on=_month(reader, today),
        address=reader.read("address", TextType(limit=200), required=False),
        free=reader.choose("free", {"1": "是", "0": "否"}) == "1",
        note=reader.read("note", NOTE, required=False),
        people={
            who: {
                "name": reader.read(f"{who}_name", TextType(limit=40)),
                "phone": reader.read(f"{who}_phone", MobileType()),
            }
            for who in PEOPLE
        },
    )
    reader.finish()
    return found


def _division(reader: Reader, province: Province, level: str) -> str:
    """Return the code; the account's number is made of it, so only the provinces' own museums can do without."""
    text = narrow(reader.typed.get("division", "")).replace(" ", "")
    # A prefecture's own museum may name the prefecture; GB/T 2260's list is asked for counties only.
    if level == MuseumLevel.CITY.value and re.fullmatch(r"\d{4}00", text) and not text.endswith("0000"):
        code = text
    else:
        code = reader.read(
            "division", DivisionType(), required=level in {MuseumLevel.CITY.value, MuseumLevel.COUNTY.value}
        )
    prefix = _CORPS_PREFIX if province.code == CORPS else province.code[:2]

    def elsewhere(code: str) -> str:
        if code.startswith(prefix):
            return ""
        return f"行政区划代码「{code}」不在{province.short_name}（应以 {prefix} 开头），请核对。"

    reader.refuse("division", elsewhere, code)
    return code


def _month(reader: Reader, today: date) -> str:
    """Return the month of opening as 2022-05; only museums that are open are reported."""
    text = narrow(reader.typed.get("opened_on", ""))
    found = _MONTH.fullmatch(text)
    if found is None or not 1 <= int(found[2]) <= 12 or int(found[1]) < _FIRST_YEAR:
        reader.problems["opened_on"] = "请填写建成开放的年月，如 2022-05。"
        return ""
    if (int(found[1]), int(found[2])) > (today.year, today.month):
        reader.problems["opened_on"] = (
            "建成开放时间晚于今天；尚未开放的科技馆请填入在建（拟建）名单，开放后再申请账号。"
        )
    return f"{int(found[1]):04d}-{int(found[2]):02d}"
