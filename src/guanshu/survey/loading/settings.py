"""questionnaire.toml: who, which year, headings, roles, parameters, units."""

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from guanshu.survey.definition.model import Cell, Param, UnitRules
from guanshu.survey.definition.source import Source
from guanshu.survey.loading.decode import decode
from guanshu.survey.loading.fields import read_name
from guanshu.survey.loading.listroles import LISTS, RawList
from guanshu.survey.loading.problems import Problems, suggest, top_of
from guanshu.survey.values.base import Kind

FILE = "questionnaire.toml"
HEADING_KEYS = (
    "number_label", "issuer", "approval", "valid_until", "scope", "method",
    "none_label", "paper_head", "paper_title", "paper_note", "paper_opinion", "paper_sign",
)  # fmt: skip
_TEXTS = ("id", "title", "organisation")
_SECTIONS = ("heading", "roles", "lists", "params", "units")
_PARAM_KEYS = ("label", "default", "unit")

_ANY = frozenset(Kind)
_TEXT = frozenset({Kind.TEXT})
_NUMBER = frozenset({Kind.NUMBER})
_BOOL = frozenset({Kind.BOOL})
_PERSON = {
    f"{who}_{what}": _TEXT
    for who in ("filler", "reviewer")
    for what in ("name", "dept", "title", "phone", "mobile", "email")
}
# Which cells the system may need to know, and what kind of value each must have.
ROLES: Mapping[str, frozenset[Kind]] = {
    **_PERSON,
    **dict.fromkeys(("name", "division", "leader_name", "leader_title", "leader_phone", "supervisor"), _TEXT),
    **dict.fromkeys(("highlights", "cases", "problems", "next_plan", "no_free_reason", "document_number"), _TEXT),
    **dict.fromkeys(("level", "size"), frozenset({Kind.CHOICE, Kind.TEXT})),
    **dict.fromkeys(("free", "is_cast", "has_free"), _BOOL),
    **dict.fromkeys(("annual_summary", "free_report"), frozenset({Kind.FILE})),
    **dict.fromkeys(("subsidy_allocated", "subsidy_carryover", "subsidy_received", "subsidy_spent"), _NUMBER),
    **dict.fromkeys(("subsidy_returned", "subsidy_balance", "subsidy_rate"), _NUMBER),
    **dict.fromkeys(("building_area", "hall_area", "permanent_hall_area", "exhibits_asset"), _NUMBER),
    **dict.fromkeys(("exhibits_total", "exhibits_new", "exhibits_updated", "temporary_count"), _NUMBER),
    **dict.fromkeys(("visits", "free_visits", "open_days", "free_days", "income"), _NUMBER),
    **dict.fromkeys(("edu_sessions", "edu_people"), _NUMBER),
    "free_since": frozenset({Kind.NUMBER, Kind.DATE, Kind.MONTH}),
    "opened_month": frozenset({Kind.MONTH, Kind.DATE}),
}
_KIND_NAMES = {
    Kind.NUMBER: "数字", Kind.TEXT: "文字", Kind.DATE: "日期", Kind.MONTH: "年月", Kind.BOOL: "是/否",
    Kind.CHOICE: "单选", Kind.MULTI: "多选", Kind.FILE: "文件",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Settings:
    """What questionnaire.toml says. `roles` are names with the places they were read from, not yet looked up."""

    id: str = ""
    title: str = ""
    year: int = 2000
    organisation: str = ""
    heading: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, Source] = field(default_factory=dict)
    lists: Mapping[str, RawList] = field(default_factory=dict)
    params: Mapping[str, Param] = field(default_factory=dict)
    units: UnitRules = field(default_factory=lambda: UnitRules({}, frozenset()))


def read_settings(files: Mapping[str, bytes], out: Problems) -> Settings:
    """Return the settings of a folder, as far as they can be read; every mistake is noted."""
    if FILE not in files:
        out.add(top_of(FILE), "缺少文件 questionnaire.toml", "加上此文件，写明 id、title、year、organisation")
        return Settings()
    text = decode(FILE, files[FILE], out)
    if text is None:
        return Settings()
    try:
        data = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        _note_syntax(error, text, out)
        return Settings()
    return _Reader(text, data, out).read()


def _note_syntax(error: tomllib.TOMLDecodeError, text: str, out: Problems) -> None:
    place = re.search(r"line (\d+), column (\d+)", str(error))
    line, column = (int(place[1]), int(place[2])) if place else (text.count("\n") + 1, 1)
    cure = "检查这一行的引号、等号和方括号；文字要用英文双引号括起来，同一键只能写一次"
    out.add(Source("", FILE, line, column), "TOML 写法有误，无法读取", cure)


class _Reader:
    """Reads one parsed file; keeps its text to say on which line a key stands."""

    def __init__(self, text: str, data: Mapping[str, Any], out: Problems) -> None:
        self._lines = text.splitlines()
        self._data = data
        self._out = out

    def read(self) -> Settings:
        self._check_keys(self._data, (*_TEXTS, "year", *_SECTIONS), ())
        texts = {key: self._text(self._data, key, (), needed=True) for key in _TEXTS}
        if texts["id"] and not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", texts["id"]):
            self._out.add(
                self._at("id"), f"id「{texts['id'][:40]}」不能用", "只用小写字母、数字和单个连字符，与文件夹同名"
            )
        return Settings(
            **texts,
            year=self._year(),
            heading=self._heading(),
            roles=self._roles(),
            lists=self._lists(),
            params=self._params(),
            units=self._units(),
        )

    def _at(self, *path: str, text: str = "") -> Source:
        """Return the place of a key: the first line `key =` after its section's header, or the header itself."""
        *section, key = path
        line = 0
        if section:
            header = re.compile(rf"\s*\[\s*{re.escape('.'.join(section))}\s*\]")
            line = next((n for n, one in enumerate(self._lines) if header.match(one)), 0)
        wanted = re.compile(rf"\s*(?:\[\s*(?:{re.escape('.'.join(path))})\s*\]|[\"']?{re.escape(key)}[\"']?\s*[=.])")
        for number in range(line, len(self._lines)):
            if wanted.match(self._lines[number]):
                indent = len(self._lines[number]) - len(self._lines[number].lstrip())
                return Source(text, FILE, number + 1, indent + 1)
        return Source(text, FILE, line + 1, 1)

    def _check_keys(self, data: Mapping[str, Any], known: Collection[str], path: tuple[str, ...]) -> None:
        for key in data:
            if key not in known:
                cure = suggest(key, known, f"可用：{'、'.join(known)}")
                self._out.add(self._at(*path, key), f"没有设置项「{key}」", cure)

    def _text(self, data: Mapping[str, Any], key: str, path: tuple[str, ...], *, needed: bool = False) -> str:
        value = data.get(key, "")
        if not isinstance(value, str):
            self._out.add(self._at(*path, key), f"「{key}」应为文字", "用英文双引号括起来")
            return ""
        if needed and not value.strip():
            self._out.add(self._at(*path, key), f"没有写明 {key}", f'加上一行 {key} = "…"')
        return value.strip()

    def _year(self) -> int:
        year = self._data.get("year")
        if isinstance(year, int) and not isinstance(year, bool) and 1900 <= year <= 2199:
            return year
        self._out.add(self._at("year"), "没有写明 year，或者它不是年份", "写成 year = 2022，不加引号")
        return 2000

    def _section(self, name: str) -> Mapping[str, Any]:
        section = self._data.get(name, {})
        if isinstance(section, dict):
            return section
        self._out.add(self._at(name), f"「{name}」应为一节", f"写成 [{name}]，其下每行一项")
        return {}

    def _heading(self) -> dict[str, str]:
        section = self._section("heading")
        self._check_keys(section, HEADING_KEYS, ("heading",))
        return {key: self._text(section, key, ("heading",)) for key in section if key in HEADING_KEYS}

    def _roles(self) -> dict[str, Source]:
        section = self._section("roles")
        self._check_keys(section, ROLES, ("roles",))
        names = {role: self._text(section, role, ("roles",), needed=True) for role in section if role in ROLES}
        return {role: self._at("roles", role, text=name) for role, name in names.items() if name}

    def _lists(self) -> dict[str, RawList]:
        section = self._section("lists")
        self._check_keys(section, LISTS, ("lists",))
        found = {}
        for name in LISTS.keys() & section.keys():
            path, data = ("lists", name), section[name]
            if not isinstance(data, dict):
                self._out.add(self._at(*path), f"名单「{name}」应为一节", f"写成 [lists.{name}]，其下写 table 和各列")
                continue
            self._check_keys(data, ("table", *LISTS[name]), path)
            texts = {key: self._text(data, key, path, needed=True) for key in ("table", *LISTS[name]) if key in data}
            columns = {key: self._at(*path, key, text=text) for key, text in texts.items() if key != "table" and text}
            found[name] = RawList(self._at(*path, "table", text=texts.get("table", "")), columns)
        return found

    def _params(self) -> dict[str, Param]:
        params = {}
        for name, data in self._section("params").items():
            at = self._at("params", name, text=name)
            if not read_name(at, "参数", self._out):
                continue
            if not isinstance(data, dict):
                self._out.add(at, f"参数「{name}」应为一节", f"写成 [params.{name}]，其下写 label 和 default")
                continue
            self._check_keys(data, _PARAM_KEYS, ("params", name))
            params[name] = self._param(name, data)
        return params

    def _param(self, name: str, data: Mapping[str, Any]) -> Param:
        path = ("params", name)
        default = data.get("default")
        value: Decimal | bool = Decimal(0)
        if isinstance(default, bool):
            value = default
        elif isinstance(default, int | Decimal) and Decimal(default).is_finite():
            value = Decimal(default)
        else:
            self._out.add(
                self._at(*path, "default"),
                f"参数「{name}」没有默认值，或者默认值不对",
                "写 default = 数字，或 true、false",
            )
        return Param(name, self._text(data, "label", path, needed=True), value, self._text(data, "unit", path))

    def _units(self) -> UnitRules:
        section = self._section("units")
        self._check_keys(section, ("alias", "kin"), ("units",))
        alias, kin = section.get("alias", {}), section.get("kin", [])
        if not isinstance(alias, dict) or not all(isinstance(unit, str) for unit in alias.values()):
            self._out.add(self._at("units", "alias"), "alias 的写法不对", '写成 alias = { "日" = "天" }')
            alias = {}
        if not _is_pairs(kin):
            self._out.add(self._at("units", "kin"), "kin 的写法不对", '写成 kin = [["人", "人次"]]，每对两个单位')
            kin = []
        return UnitRules(alias, frozenset(frozenset(pair) for pair in kin))


def _is_pairs(value: object) -> bool:
    return isinstance(value, list) and all(
        isinstance(pair, list) and len(pair) == 2 and all(isinstance(unit, str) for unit in pair) for pair in value
    )


def resolve_roles(
    roles: Mapping[str, Source], cells: Mapping[str, Cell], broken: Collection[str], out: Problems
) -> dict[str, str]:
    """Return the roles whose cells exist and fit; others are noted, unless the cell itself is broken."""
    found = {}
    for role, at in roles.items():
        cell = cells.get(at.text)
        if cell is None:
            if at.text not in broken:
                out.add(
                    at, f"角色「{role}」指向的格「{at.text}」不存在", suggest(at.text, cells, "改为表中已有的指标名称")
                )
        elif at.text not in broken and cell.type.kind not in ROLES[role]:
            wanted = "或".join(_KIND_NAMES[kind] for kind in Kind if kind in ROLES[role])
            actual = _KIND_NAMES[cell.type.kind]
            out.add(
                at, f"角色「{role}」指向的格「{at.text}」是{actual}，应为{wanted}", "改指另一格，或改正那一格的类型"
            )
        else:
            found[role] = at.text
    return found
