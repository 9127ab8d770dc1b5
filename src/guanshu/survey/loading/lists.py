"""choices.csv and tables.csv: the choice lists, and the tables with what is not yet their cells."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from guanshu.survey.definition.model import TableKind
from guanshu.survey.definition.source import Source
from guanshu.survey.loading.fields import (
    check_unique,
    read_condition,
    read_name,
    read_switch,
    read_whole,
    require_text,
)
from guanshu.survey.loading.problems import Problems, suggest, top_of
from guanshu.survey.loading.settings import HEADING_KEYS
from guanshu.survey.loading.sheet import Record, read_sheet, unspoil_number
from guanshu.survey.values.base import Option
from guanshu.survey.values.common import NA_TEXT

CHOICES = "choices.csv"
TABLES = "tables.csv"
_CHOICE_COLUMNS = ("list", "code", "label", "exclusive", "formerly")
_TABLE_COLUMNS = ("number", "name", "title", "group", "kind", "limit", "applies", "na", "note")
_NUMBER = re.compile(r"[0-9A-Za-z]+(?:-[0-9A-Za-z]+)*")
_MOST_ROWS = 5000


def read_choices(files: Mapping[str, bytes], out: Problems) -> dict[str, tuple[Option, ...]]:
    """Return the choice lists by name; a form without choices needs no such file."""
    if CHOICES not in files:
        return {}
    lists: dict[str, dict[str, Option]] = {}
    for record in read_sheet(CHOICES, files[CHOICES], _CHOICE_COLUMNS, ("list", "code", "label"), out) or ():
        name = record.text("list")
        if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
            out.add(record["list"], f"选项表名「{name[:40]}」不能用", "以小写字母开头，只用小写字母、数字和下划线")
            continue
        option = _read_option(record, lists.setdefault(name, {}), out)
        if option is not None:
            lists[name][option.code] = option
    return {name: tuple(options.values()) for name, options in lists.items()}


def _read_option(record: Record, earlier: Mapping[str, Option], out: Problems) -> Option | None:
    """Return the option of one line; None, after noting why, when it cannot be told from the earlier ones."""
    code, label = record["code"], record["label"]
    if not code.text or re.search(r"[|,，、\s]", code.text):
        out.add(code, f"选项代码「{code.text[:20]}」不能用", "填写代码，其中不能有空格、逗号、顿号和竖线")
        return None
    require_text(label, "选项名称", out)
    if "|" in label.text or NA_TEXT in {code.text, label.text}:
        out.add(label, f"选项名称「{label.text[:20]}」不能用", "不能含竖线；「不适用」不必列为选项，用 na 一列允许即可")
    taken = {text for option in earlier.values() for text in (option.code, option.label)}
    if not check_unique(taken, code, "选项代码", out):
        return None
    if label.text != code.text:
        check_unique(taken, label, "选项名称", out)
    exclusive = read_switch(record["exclusive"], default=False, out=out)
    return Option(code.text, label.text, exclusive, record.text("formerly"))


@dataclass(frozen=True, slots=True)
class TableHead:
    """One line of tables.csv; `at` is the place of its number."""

    at: Source
    number: str
    name: str
    title: str
    group: str
    kind: TableKind
    limit: int
    applies: bool | Source
    na: bool | Source
    note: str
    heading: Mapping[str, str]


def read_table_heads(files: Mapping[str, bytes], heading: Mapping[str, str], out: Problems) -> list[TableHead]:
    """Return the tables named in tables.csv that can be told apart; every mistake is noted."""
    if TABLES not in files:
        out.add(top_of(TABLES), "缺少文件 tables.csv", "加上此文件，每张表一行")
        return []
    heads: list[TableHead] = []
    columns = (*_TABLE_COLUMNS, *HEADING_KEYS)
    for record in read_sheet(TABLES, files[TABLES], columns, ("number", "name", "title", "kind"), out) or ():
        head = _read_head(files, record, heading, out)
        if head is None or not check_unique([one.number for one in heads], record["number"], "表号", out):
            continue
        if check_unique([one.name for one in heads], record["name"], "表名", out):
            heads.append(head)
    return heads


def _read_head(
    files: Mapping[str, bytes], record: Record, heading: Mapping[str, str], out: Problems
) -> TableHead | None:
    number = _read_number(record["number"], out)
    kind = _read_kind(record["kind"], out) or _guess_kind(number, files)
    # A table with a bad name is still read, so that its own mistakes are named in the same run.
    name = read_name(record["name"], "表", out) or f"t_{number}"
    title = require_text(record["title"], "表的标题", out)
    if not number:
        return None
    return TableHead(
        at=record["number"],
        number=number,
        name=name,
        title=title,
        group=record.text("group"),
        kind=kind,
        limit=_read_limit(record["limit"], kind, out),
        applies=read_condition(record["applies"], default=True, out=out),
        na=read_condition(record["na"], default=False, out=out),
        note=record.text("note"),
        heading={**heading, **{key: record.text(key) for key in HEADING_KEYS if record.text(key)}},
    )


def _read_kind(at: Source, out: Problems) -> TableKind | None:
    try:
        return TableKind(at.text)
    except ValueError:
        kinds = [kind.value for kind in TableKind]
        out.add(
            at,
            f"没有表的种类「{at.text[:20]}」",
            suggest(at.text, kinds, "写 list（一行一项）、matrix（行列固定）或 rows（逐行添加）"),
        )
        return None


def _guess_kind(number: str, files: Mapping[str, bytes]) -> TableKind:
    """Return the kind that a table's files look like."""
    if f"tables/{number}.rows.csv" in files:
        return TableKind.MATRIX
    return TableKind.ROWS if f"tables/{number}.totals.csv" in files else TableKind.LIST


def _read_number(at: Source, out: Problems) -> str:
    meant = unspoil_number(at.text)
    if meant:
        out.add(at, f"表号「{at.text}」被电子表格改成了日期", f"在电子表格中把这一列设为文本，改回「{meant}」")
        return meant
    if not _NUMBER.fullmatch(at.text):
        out.add(at, f"表号「{at.text[:20]}」不能用", "写成 2-1 的样子，只用数字、字母和连字符")
        return ""
    return at.text


def _read_limit(at: Source, kind: TableKind, out: Problems) -> int:
    if kind is not TableKind.ROWS:
        if at.text:
            out.add(at, "只有 rows 表有最多行数", "清空 limit，或把 kind 改为 rows")
        return 0
    if not at.text:
        out.add(at, "没有写明最多行数", "在 limit 一列写明这张表最多填多少行，例如 100")
    return read_whole(at, least=1, most=_MOST_ROWS, what="最多行数", out=out)
