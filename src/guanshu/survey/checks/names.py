"""From names in a formula to cells: scopes, `form.`, `last.`, `param.`, `it`, matrix crossings."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from guanshu.survey.checks import tree
from guanshu.survey.checks.layout import Layout
from guanshu.survey.checks.place import Mistake
from guanshu.survey.checks.suggest import did_you_mean
from guanshu.survey.checks.typed import ParamRef, Place, Ref, Type
from guanshu.survey.checks.units import Units
from guanshu.survey.definition.model import Cell, Questionnaire, Table, TableKind
from guanshu.survey.values.base import Kind


@dataclass(frozen=True)
class Scope:
    """What short names mean: columns of a row, rows of a column, columns of a row of a rows table, or `it`.

    table and key: in a matrix `key` is the row's (or, with `by_column`, the column's) short name; in a rows table "".
    """

    table: Table | None = None
    key: str = ""
    by_column: bool = False
    item: Cell | None = None

    @property
    def in_rows(self) -> bool:
        """Return whether names are columns of the row of a rows table."""
        return self.table is not None and self.table.kind is TableKind.ROWS

    def local(self, word: str) -> Cell | None:
        """Return the cell a short name means here, if any. Raises nothing."""
        if self.table is None:
            return None
        if self.in_rows:
            return next((cell for cell in self.table.cells if cell.name == word), None)
        return self.table.at.get((word, self.key) if self.by_column else (self.key, word))

    def words(self) -> Iterator[str]:
        """Yield the short names that mean something in this scope. Raises nothing."""
        if self.table is None:
            return
        if self.in_rows:
            yield from (cell.name for cell in self.table.cells)
        else:
            lines = self.table.rows if self.by_column else self.table.columns
            yield from (line.name for line in lines)


FORM = Scope()


class Closed(Mistake):
    """A crossing that has no cell; a check for every row passes over such rows."""


@dataclass(frozen=True)
class Names:
    """Resolves names of one questionnaire to slots."""

    layout: Layout
    units: Units
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def questionnaire(self) -> Questionnaire:
        """Return the questionnaire whose cells are named."""
        return self.layout.questionnaire

    def type_of(self, cell: Cell) -> Type:
        """Return the static type of a cell. Raises nothing."""
        kind = Kind.DATE if cell.type.kind is Kind.MONTH else cell.type.kind
        unit = self.units.read(cell.unit) if kind is Kind.NUMBER else None
        return Type(kind, unit, choice_list(cell))

    def resolve(self, name: tree.Name, scope: Scope, inner: Table | None) -> Ref | ParamRef:
        """Return the cell or parameter a name means.

        `inner` is the rows table whose rows an aggregate goes through. This function will raise Mistake for
        unknown names, and Closed for a crossing of a matrix that has no cell.
        """
        path, offset = name.path, name.offset
        if path[0] == "param" and len(path) == 2 and name.crossing is None:
            return self._param(path[1], offset)
        last = path[0] == "last" and len(path) > 1
        path = path[1:] if last else path
        if name.crossing is not None:
            return self._ref(self._crossing(path, name.crossing, offset), last)
        if len(path) == 2 and path[0] == "form":
            return self._ref(self._form(path[1], FORM, offset), last)
        if len(path) == 2:
            return self._column(path, last, inner, offset)
        if len(path) != 1:
            raise Mistake(offset, f"看不懂名称“{'.'.join(name.path)}”", "写成 名称、last.名称 或 表名.栏名")
        return self._word(path[0], last, scope, offset)

    def star(self, name: tree.Name) -> list[Ref]:
        """Return the typed cells of `table[*, column]` or `table[row, *]`. Raises Mistake for unknown names."""
        last = name.path[0] == "last" and len(name.path) > 1
        table = self._matrix(name.path[1:] if last else name.path, name.offset)
        row, column = name.crossing or ("*", "*")
        self._line(table, row, column, name.offset)
        cells = [cell for cell in table.cells if row in {"*", cell.row} and column in {"*", cell.column} and cell.typed]
        if not cells:
            raise Mistake(name.offset, "这一行（栏）没有填报的单元格", "检查行名和栏名")
        return [self._ref(cell, last) for cell in cells]

    def rows_table(self, word: str, offset: int) -> Table:
        """Return the rows table of that name. Raises Mistake."""
        table = self.questionnaire.by_name.get(word)
        if table is None or table.kind is not TableKind.ROWS:
            known = [item.name for item in self.questionnaire.tables if item.kind is TableKind.ROWS]
            raise Mistake(offset, f"没有名为“{word}”的逐行填报的表", did_you_mean(word, known, otherwise="检查表名"))
        return table

    def _word(self, word: str, last: bool, scope: Scope, offset: int) -> Ref | ParamRef:
        if word == "it" and scope.item is not None:
            return self._ref(scope.item, last)
        if word == "report_year" and not last and word not in self.layout.form:
            return ParamRef(self.layout.year, None, Type(Kind.NUMBER, self.units.read("年")))
        cell = scope.local(word)
        if cell is None or scope.table is None:
            return self._ref(self._form(word, scope, offset), last)
        if not scope.in_rows:
            return self._ref(cell, last)
        if last:
            raise Mistake(offset, "逐行填报的表没有上年同一行", "与上年比较请用表下的合计指标")
        rows = self.layout.rows[scope.table.name]
        return self._checked(Ref(rows.at + rows.columns[word], cell, Place.ROW, self.type_of(cell)), offset)

    def _form(self, word: str, scope: Scope, offset: int) -> Cell:
        cell = self.questionnaire.cells.get(word)
        if cell is not None:
            return self._no_file(cell, offset)
        if scope.table is not None and not scope.in_rows and word in set(scope.words()):
            raise Closed(offset, f"这里没有“{word}”这个单元格（该交叉处不填）", "在方括号里列出适用的行（栏）")
        if word == "it":
            raise Mistake(offset, "it 只能用在“每项”的审核里", "写上指标的名称，或把范围改为 每项 [a, b]")
        raise Mistake(offset, f"没有名为“{word}”的指标", self._cure(word, scope))

    def _cure(self, word: str, scope: Scope) -> str:
        owners = [
            table.name
            for table in self.questionnaire.tables
            if table.kind is TableKind.ROWS and any(cell.name == word for cell in table.cells)
        ]
        if owners:
            return f"逐行填报的表的栏只能用在 sum({owners[0]}.{word}) 这类函数里"
        known = [*scope.words(), *self.questionnaire.cells]
        return did_you_mean(word, known, self.labels, "检查名称")

    def _column(self, path: tuple[str, ...], last: bool, inner: Table | None, offset: int) -> Ref:
        table = self.questionnaire.by_name.get(path[0])
        if table is None:
            known = ["form", "last", "param", *self.questionnaire.by_name]
            raise Mistake(offset, f"没有名为“{path[0]}”的表", did_you_mean(path[0], known, otherwise="检查表名"))
        if table.kind is not TableKind.ROWS:
            raise Mistake(offset, f"“{path[0]}”不是逐行填报的表", f"直接写指标名称 {path[1]}，或 表名[行名, 栏名]")
        if last:
            raise Mistake(offset, "逐行填报的表没有上年同一行", "与上年比较请用表下的合计指标")
        cell = next((cell for cell in table.cells if cell.name == path[1]), None)
        if cell is None:
            cure = did_you_mean(path[1], [item.name for item in table.cells], otherwise="检查栏名")
            raise Mistake(offset, f"表“{path[0]}”没有名为“{path[1]}”的栏", cure)
        if inner is not table:
            raise Mistake(offset, f"{path[0]}.{path[1]} 有很多行", f"放进函数里，例如 sum({path[0]}.{path[1]})")
        rows = self.layout.rows[table.name]
        ref = Ref(rows.inner + rows.columns[cell.name], cell, Place.ROW, self.type_of(cell), inner=True)
        return self._checked(ref, offset)

    def _crossing(self, path: tuple[str, ...], crossing: tuple[str, str], offset: int) -> Cell:
        table = self._matrix(path, offset)
        self._line(table, *crossing, offset)
        cell = table.at.get(crossing)
        if cell is None:
            raise Closed(offset, f"{path[0]}[{crossing[0]}, {crossing[1]}] 这一交叉处不填", "改用别的单元格")
        return cell

    def _matrix(self, path: tuple[str, ...], offset: int) -> Table:
        table = self.questionnaire.by_name.get(path[0])
        if len(path) != 1 or table is None or table.kind is not TableKind.MATRIX:
            known = [item.name for item in self.questionnaire.tables if item.kind is TableKind.MATRIX]
            cure = did_you_mean(path[0], known, otherwise="方括号只用于行列表：表名[行名, 栏名]")
            raise Mistake(offset, f"没有名为“{'.'.join(path)}”的行列表", cure)
        return table

    def _line(self, table: Table, row: str, column: str, offset: int) -> None:
        for word, lines, what in ((row, table.rows, "行"), (column, table.columns, "栏")):
            known = [line.name for line in lines]
            if word != "*" and word not in known:
                cure = did_you_mean(word, known, {line.label: line.name for line in lines}, f"检查{what}名")
                raise Mistake(offset, f"表“{table.name}”没有名为“{word}”的{what}", cure)

    def _param(self, word: str, offset: int) -> ParamRef:
        param = self.questionnaire.params.get(word)
        if param is None:
            cure = did_you_mean(word, self.questionnaire.params, otherwise="在 questionnaire.toml 里加上 [params.…]")
            raise Mistake(offset, f"没有名为“{word}”的参数", cure)
        if isinstance(param.default, bool):
            return ParamRef(self.layout.params[word], param, Type(Kind.BOOL))
        unit = self.units.read(param.unit) if param.unit else None
        return ParamRef(self.layout.params[word], param, Type(Kind.NUMBER, unit))

    def _ref(self, cell: Cell, last: bool) -> Ref:
        slot = self.layout.last_slot(cell) if last else self.layout.form[cell.name]
        return Ref(slot, cell, Place.LAST if last else Place.FORM, self.type_of(cell))

    def _checked(self, ref: Ref, offset: int) -> Ref:
        self._no_file(ref.cell, offset)
        return ref

    @staticmethod
    def _no_file(cell: Cell, offset: int) -> Cell:
        if cell.type.kind is Kind.FILE:
            raise Mistake(offset, f"“{cell.label}”是上传的文件，不能用在公式里", "去掉它")
        return cell


def choice_list(cell: Cell) -> str:
    """Return the name of the choice list of a choice or multi cell, "" for others. Raises nothing."""
    name = cell.type.name
    if cell.type.kind in {Kind.CHOICE, Kind.MULTI} and name.endswith(")"):
        return name[name.index("(") + 1 : -1].strip()
    return ""
