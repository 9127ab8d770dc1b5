"""Indicators: the lines of list tables, the columns of rows tables and the totals beneath them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from guanshu.survey.definition.model import Cell
from guanshu.survey.definition.source import Source
from guanshu.survey.loading.fields import (
    check_unique,
    read_condition,
    read_name,
    read_period,
    read_prefill,
    read_switch,
    read_whole,
    read_words,
    require_text,
)
from guanshu.survey.loading.problems import Problems
from guanshu.survey.loading.sheet import Record, read_sheet
from guanshu.survey.values.base import Kind, Option, ValueType
from guanshu.survey.values.texts import TextType
from guanshu.survey.values.types import make_type

CELL_COLUMNS = (
    "code", "name", "label", "unit", "period", "type", "required", "applies", "of", "calc", "prefill", "na", "personal",
    "tags", "formerly", "indent", "help",
)  # fmt: skip
# Stands in for a type that could not be read, so that the rest of the folder can still be checked.
PLACEHOLDER: ValueType = TextType()
MOST_INDENT = 3
_UNIT = re.compile(r"[^\s0-9]{1,20}")


@dataclass(frozen=True, slots=True)
class Link:
    """A name in a field that must be that of a cell: in the table numbered `table`, or ("") anywhere in the form."""

    at: Source
    name: str
    owner: str
    table: str = ""


@dataclass
class Draft:
    """What is known while a folder is being read."""

    out: Problems
    choices: Mapping[str, tuple[Option, ...]]
    # Names of cells with one value per report, with their places.
    names: dict[str, Source] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    # Cells whose line has a mistake: what others say about them is not to be trusted.
    broken: set[str] = field(default_factory=set)

    def read_type(self, at: Source) -> ValueType | None:
        """Return the type written in a field; None after noting why there is none."""
        if not at.text:
            self.out.add(at, "没有写明类型", "在 type 一列写明类型，例如 int、dec2、text、date、bool、choice(选项表名)")
            return None
        try:
            return make_type(at.text, self.choices)
        except ValueError as error:
            self.out.add(at, str(error), "改正 type 一列；可用的类型见问卷格式说明")
            return None

    def claim(self, name: str, at: Source) -> bool:
        """Take a form-wide name; return whether it was free, noting when it was not."""
        taken = self.names.get(name)
        if taken is not None:
            self.out.add(
                at, f"名称「{name}」重复，已用于 {taken.file} 第 {taken.line} 行", "全表名称不能重复，请改成另一个"
            )
            return False
        self.names[name] = at
        return True


def read_cells(draft: Draft, file: str, data: bytes, table: str, *, columns_of_rows: bool = False) -> tuple[Cell, ...]:
    """Return the indicators in one file of the table numbered `table`, as far as they can be read.

    `columns_of_rows` marks the columns of a rows table: their names are unique in the table only.
    """
    records = read_sheet(file, data, CELL_COLUMNS, ("name", "label", "type"), draft.out)
    if records is None:
        return ()
    check_codes(records, draft.out)
    if not records:
        draft.out.add(Source("", file, 1, 1), "表中没有任何指标", "至少写一行，或在 tables.csv 中删去这张表")
    return tuple(_read_all(draft, records, table, columns_of_rows=columns_of_rows))


def _read_all(draft: Draft, records: list[Record], table: str, *, columns_of_rows: bool) -> Iterator[Cell]:
    seen: set[str] = set()
    for record in records:
        at = record["name"]
        name = read_name(at, "指标", draft.out)
        if not name:
            draft.broken.add(at.text)
            continue
        if not check_unique(seen, at, "名称", draft.out):
            continue
        seen.add(name)
        if columns_of_rows or draft.claim(name, at):
            yield _read_cell(draft, record, name, table, columns_of_rows=columns_of_rows)


def _read_cell(draft: Draft, record: Record, name: str, table: str, *, columns_of_rows: bool) -> Cell:
    out = draft.out
    kind = draft.read_type(record["type"])
    if kind is None:
        draft.broken.add(name)
    calc = record["calc"] if record.text("calc") else None
    prefill = read_prefill(record["prefill"], out)
    if calc is not None and prefill is not None:
        out.add(record["prefill"], f"指标「{name}」由系统计算，不能预填", "清空 prefill 或 calc")
    check_unit(record["unit"], kind, out)
    of = read_words(record["of"])
    draft.links.extend(Link(record["of"], whole, name, table if columns_of_rows else "") for whole in of)
    return Cell(
        name=name,
        code=record.text("code"),
        label=require_text(record["label"], "指标名称（label）", out),
        type=kind or PLACEHOLDER,
        table=table,
        unit=record.text("unit"),
        period=read_period(record["period"], out),
        required=read_condition(record["required"], default=True, out=out),
        applies=read_condition(record["applies"], default=True, out=out),
        na=read_condition(record["na"], default=False, out=out),
        must_answer=record.text("na") == "no",
        of=of,
        calc=calc,
        prefill=prefill,
        personal=read_switch(record["personal"], default=False, out=out),
        tags=frozenset(read_words(record["tags"])),
        formerly=record.text("formerly"),
        help=record.text("help"),
        indent=read_whole(record["indent"], least=0, most=MOST_INDENT, what="缩进", out=out),
        source=record["name"],
    )


def check_unit(at: Source, kind: ValueType | None, out: Problems) -> None:
    """Note a unit that is none, or one on a cell that is no number; None says that the type is not known."""
    if at.text and not _UNIT.fullmatch(at.text):
        out.add(at, f"计量单位「{at.text[:20]}」不能用", "只写单位名称，例如 平方米、万元、人次/日，不带数字和空格")
    elif at.text and kind is not None and kind.kind is not Kind.NUMBER:
        out.add(at, f"「{at.text}」：只有数字才有计量单位", "清空 unit，或把 type 改为数字类型")


def check_codes(records: list[Record], out: Problems) -> None:
    """Note codes that a spreadsheet has stripped of their leading zeros: 1 among 10 and 11, or beside 02."""
    codes = [record["code"] for record in records if record.text("code").isdecimal()]
    width = max((len(code.text) for code in codes), default=0)
    for code in codes:
        if len(code.text) < width:
            whole = code.text.zfill(width)
            out.add(code, f"代码「{code.text}」丢了开头的 0", f"在电子表格中把这一列设为文本，改回「{whole}」")
